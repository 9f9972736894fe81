#include "co_pg_places.h"

#include <arpa/inet.h>
#include <string.h>

static const char NO_INFO[] = "what is given is no connection string; in a URI write %25 %40 %3A %2F for % @ : / of a password";

/* "@..." is a socket without a file, "/..." the directory of one. */
static bool has_password_in_host(const char *list)
{
    for (; list != NULL; list = strchr(list, ',')) {
        list += *list == ',';
        size_t len = strcspn(list, ",");
        if (len > 0 && *list != '/' && memchr(list + 1, '@', len - 1) != NULL)
            return true;
    }
    return false;
}

static bool is_where_plain(const PQconninfoOption *info)
{
    const char *ports = co_pg_option(info, "port");
    return !has_password_in_host(co_pg_option(info, "host")) && (ports == NULL || strspn(ports, "0123456789,") == strlen(ports));
}

PQconninfoOption *co_pg_info(const char *text, const char **ret_why)
{
    char *wrong = NULL;
    PQconninfoOption *info = PQconninfoParse(text, &wrong);
    bool is_fine = info != NULL && is_where_plain(info);
    *ret_why = is_fine || (info == NULL && wrong == NULL) ? NULL : NO_INFO;
    PQfreemem(wrong);
    if (is_fine)
        return info;
    PQconninfoFree(info);
    return NULL;
}

const char *co_pg_option(const PQconninfoOption *info, const char *keyword)
{
    for (; info->keyword != NULL; info++)
        if (strcmp(info->keyword, keyword) == 0)
            return info->val != NULL && info->val[0] != '\0' ? info->val : NULL;
    return NULL;
}

static size_t count_items(const char *list)
{
    size_t n = list != NULL;
    for (; list != NULL && *list != '\0'; list++)
        n += *list == ',';
    return n;
}

/* Item number i of a list with commas between. False: it does not fit. */
static bool copy_item(const char *list, size_t i, char *ret_text, size_t size)
{
    for (; i > 0; i--)
        list = strchr(list, ',') + 1;
    size_t len = strcspn(list, ",");
    if (len >= size)
        return false;
    memcpy(ret_text, list, len);
    ret_text[len] = '\0';
    return true;
}

size_t co_pg_places(const PQconninfoOption *info, struct co_pg_place ret_places[static CO_PG_PLACES])
{
    const char *hosts = co_pg_option(info, "host"), *addresses = co_pg_option(info, "hostaddr"), *ports = co_pg_option(info, "port");
    size_t n = count_items(addresses != NULL ? addresses : hosts), port_count = count_items(ports);
    bool fits = n <= CO_PG_PLACES && (hosts == NULL || count_items(hosts) == n) && (port_count <= 1 || port_count == n);
    for (size_t i = 0; fits && i < n; i++) {
        struct co_pg_place *p = &ret_places[i];
        *p = (struct co_pg_place){ .host = "" };
        fits = (hosts == NULL || copy_item(hosts, i, p->host, sizeof(p->host))) &&
               (addresses == NULL || copy_item(addresses, i, p->address, sizeof(p->address))) &&
               (ports == NULL || copy_item(ports, port_count == 1 ? 0 : i, p->port, sizeof(p->port)));
    }
    return fits ? n : 0;
}

bool co_pg_place_is_name(const struct co_pg_place *place)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    return place->address[0] == '\0' && place->host[0] != '\0' && place->host[0] != '/' && place->host[0] != '@' &&
           inet_pton(AF_INET, place->host, bytes) != 1 && inet_pton(AF_INET6, place->host, bytes) != 1;
}

void co_pg_params_init(struct co_pg_params *params, const PQconninfoOption *info)
{
    static const char *const where[] = { "host", "hostaddr", "port" };
    *params = (struct co_pg_params){ .count = 0 };
    for (; info->keyword != NULL; info++) {
        bool is_where = false;
        for (size_t i = 0; i < sizeof(where) / sizeof(where[0]); i++)
            is_where = is_where || strcmp(info->keyword, where[i]) == 0;
        if (!is_where)
            co_pg_params_set(params, info->keyword, info->val);
    }
}

static size_t find(const struct co_pg_params *params, const char *keyword)
{
    size_t i = 0;
    while (i < params->count && strcmp(params->keyword[i], keyword) != 0)
        i++;
    return i;
}

void co_pg_params_set(struct co_pg_params *params, const char *keyword, const char *value)
{
    size_t i = find(params, keyword);
    if (value == NULL || value[0] == '\0' || i == CO_PG_PARAMS)
        return;
    params->keyword[i] = keyword;
    params->value[i] = value;
    params->count += i == params->count;
}

void co_pg_params_default(struct co_pg_params *params, const char *keyword, const char *value)
{
    if (find(params, keyword) == params->count)
        co_pg_params_set(params, keyword, value);
}
