/* Makes the connection, without ever blocking the loop, and makes it again after it was lost. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_buf.h"
#include "co_pg_internal.h"

enum { CONNECT_MS = 10000, CONNECT_NEXT_MS = 4000, PAUSE_FIRST_MS = 50, PAUSE_LAST_MS = 2000, LIST_BYTES = 1024 };

/* Lists with commas between, as libpq takes them; "": as the connection string says. */
struct places {
    char host[LIST_BYTES], hostaddr[LIST_BYTES], port[LIST_BYTES];
    bool are_several;
};

static void on_poll_closed(uv_handle_t *handle)
{
    free(handle);
}

void co_pg_poll_close(struct co_pg *pg)
{
    if (pg->poll == NULL)
        return;
    uv_close((uv_handle_t *)pg->poll, on_poll_closed);
    pg->poll = NULL;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct co_pg *pg = poll->data;
    if (pg->poll != poll)
        return;
    if (status < 0)
        events = UV_READABLE; /* libpq finds out what is wrong */
    if (pg->state == CO_PG_CONNECTING)
        co_pg_connect_ready(pg);
    else if (pg->state == CO_PG_UP)
        co_pg_exec_ready(pg, events);
}

bool co_pg_poll(struct co_pg *pg, int events)
{
    if (pg->poll == NULL) {
        uv_poll_t *poll = calloc(1, sizeof(*poll));
        if (poll == NULL)
            return false;
        if (uv_poll_init(pg->options.loop, poll, PQsocket(pg->conn)) != 0) {
            free(poll);
            return false;
        }
        poll->data = pg;
        pg->poll = poll;
    }
    return uv_poll_start(pg->poll, events, on_poll) == 0;
}

static void on_pause_over(uv_timer_t *timer)
{
    co_pg_connect_start(timer->data);
}

static void on_connect_late(uv_timer_t *timer)
{
    co_pg_drop(timer->data, "no answer while connecting");
}

static void pause_then_connect(struct co_pg *pg)
{
    uint64_t pause_ms = PAUSE_FIRST_MS;
    for (unsigned i = 1; i < pg->failures && pause_ms < PAUSE_LAST_MS; i++)
        pause_ms *= 2;
    pg->state = CO_PG_WAITING;
    (void)uv_timer_start(&pg->timer, on_pause_over, pause_ms < PAUSE_LAST_MS ? pause_ms : PAUSE_LAST_MS, 0);
}

/* libpq's messages end in a newline, and have a line for each address that was tried. */
static void in_one_line(const char *why, char *ret_text, size_t size)
{
    size_t len = 0;
    for (; *why != '\0' && len + 3 < size; why++) {
        bool is_break = *why == '\n';
        if (is_break && why[1] != '\0')
            ret_text[len++] = ';';
        if (!is_break || why[1] != '\0')
            ret_text[len++] = is_break || *why == '\t' ? ' ' : *why;
    }
    ret_text[len] = '\0';
}

/* What libpq leaves open. */
static const char *hint_of(const char *text)
{
    return strstr(text, "certificate verify failed") == NULL ? "" : "its certificate is expired, or of another CA than sslrootcert";
}

void co_pg_drop(struct co_pg *pg, const char *why)
{
    bool was_up = pg->state == CO_PG_UP;
    bool closing = pg->state == CO_PG_CLOSING;
    if (!closing && (was_up || pg->failures == 0)) {
        char text[400];
        in_one_line(why, text, sizeof(text));
        co_log_line(pg->options.log, CO_LOG_WARN, "database_lost", CO_S("why", text), CO_S("hint", hint_of(text)),
                    CO_S("as", pg->options.application));
    }
    if (was_up && pg->options.watch != NULL)
        pg->options.watch->linked(pg->options.watch->ctx, false);
    pg->failures++;
    if (!closing)
        pg->state = CO_PG_WAITING;
    co_pg_poll_close(pg);
    (void)uv_timer_stop(&pg->timer);
    PGconn *conn = pg->conn;
    pg->conn = NULL;
    co_pg_exec_forget(pg);
    co_pg_exec_abandon(pg, CO_EDOWN);
    PQfinish(conn);
    if (closing || pg->state == CO_PG_CLOSING) /* already, or by whom it was reported to */
        return;
    pause_then_connect(pg);
    if (was_up && pg->options.on_down != NULL)
        pg->options.on_down(pg->options.arg);
}

/* Our settings of the session, added to whatever `options` the connection string has. Compiling a statement takes longer
 * than our statements do. A plan that is made once, while a table is small, must not read all of it for ever. */
static void session_options(const struct co_pg *pg, const char *given, char *ret_text, size_t size)
{
    const struct co_pg_options *o = &pg->options;
    (void)snprintf(ret_text, size,
                   "%s -c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=2000"
                   " -c timezone=UTC -c jit=off%s%s%s",
                   given == NULL ? "" : given,
                   o->statement_timeout_ms == 0 ? 30000 : o->statement_timeout_ms,
                   o->lock_timeout_ms == 0 ? 10000 : o->lock_timeout_ms,
                   o->plans_once ? " -c plan_cache_mode=force_generic_plan -c enable_seqscan=off" : "", o->role == NULL ? "" : " -c role=",
                   o->role == NULL ? "" : o->role);
}

static const char *option_value(const PQconninfoOption *info, const char *keyword)
{
    for (; info->keyword != NULL; info++)
        if (strcmp(info->keyword, keyword) == 0)
            return info->val;
    return NULL;
}

static size_t count_items(const char *list)
{
    size_t n = 1;
    for (; *list != '\0'; list++)
        n += *list == ',';
    return n;
}

/* The list beginning with its item number `first`; as it is where it does not fit. */
static void rotate(const char *list, unsigned first, char *ret_list)
{
    ret_list[0] = '\0';
    if (list == NULL || strlen(list) >= LIST_BYTES)
        return;
    const char *at = list;
    for (unsigned i = first % (unsigned)count_items(list); i > 0; i--)
        at = strchr(at, ',') + 1;
    if (at == list)
        (void)snprintf(ret_list, LIST_BYTES, "%s", list);
    else
        (void)snprintf(ret_list, LIST_BYTES, "%s,%.*s", at, (int)(at - list - 1), list);
}

/* libpq tries hosts in order and has no time limit for each when it must not block: one that does not answer would keep us from
 * the others for ever. So each try begins with another. */
static void find_places(const struct co_pg *pg, const PQconninfoOption *info, struct places *ret)
{
    const char *host = option_value(info, "host");
    const char *addr = ret->hostaddr[0] != '\0' ? ret->hostaddr : option_value(info, "hostaddr");
    char addrs[LIST_BYTES];
    (void)snprintf(addrs, sizeof(addrs), "%s", addr == NULL ? "" : addr);
    if (ret->host[0] == '\0') /* else the same name for every address */
        rotate(host, pg->failures, ret->host);
    rotate(addrs, pg->failures, ret->hostaddr);
    rotate(option_value(info, "port"), pg->failures, ret->port);
    ret->are_several = count_items(ret->host) > 1 || count_items(ret->hostaddr) > 1;
}

/* `resolved` NULL: what the connection string says. */
static void connect_to(struct co_pg *pg, const PQconninfoOption *info, const struct places *resolved)
{
    char options[512];
    session_options(pg, option_value(info, "options"), options, sizeof(options));
    struct places at = { .host = "" };
    if (resolved != NULL)
        at = *resolved;
    find_places(pg, info, &at);
    const char *attrs = option_value(info, "target_session_attrs");
    const char *keywords[] = { "dbname", "options", "application_name", "target_session_attrs",
                               "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
                               "host", "hostaddr", "port", NULL };
    const char *values[] = { pg->url, options, pg->options.application,
                             attrs == NULL || strcmp(attrs, "any") == 0 ? "read-write" : attrs, "10", "5",
                             "3", "10000", at.host, at.hostaddr, at.port, NULL };
    pg->conn = PQconnectStartParams(keywords, values, 1);
    if (pg->conn == NULL || PQstatus(pg->conn) == CONNECTION_BAD) {
        co_pg_drop(pg, pg->conn == NULL ? "out of memory" : PQerrorMessage(pg->conn));
        return;
    }
    (void)PQsetNoticeReceiver(pg->conn, co_pg_exec_notice, pg);
    pg->state = CO_PG_CONNECTING;
    (void)uv_timer_start(&pg->timer, on_connect_late, at.are_several ? CONNECT_NEXT_MS : CONNECT_MS, 0);
    if (!co_pg_poll(pg, UV_WRITABLE))
        co_pg_drop(pg, "cannot poll");
}

static bool is_address(const char *host)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    return host[0] == '/' || host[0] == '@' || inet_pton(AF_INET, host, bytes) == 1 ||
           inet_pton(AF_INET6, host, bytes) == 1;
}

/* The host to look up: a single name. Lists of hosts must be addresses or are resolved by libpq. */
static const char *name_to_resolve(const PQconninfoOption *info)
{
    const char *host = option_value(info, "host");
    const char *addr = option_value(info, "hostaddr");
    bool has_addr = addr != NULL && addr[0] != '\0';
    if (host == NULL || host[0] == '\0' || has_addr || strchr(host, ',') != NULL || is_address(host))
        return NULL;
    return host;
}

/* All addresses of the name, and the name once for each: a server may listen at one of them only. */
static void list_addresses(const char *name, const struct addrinfo *found, struct places *ret)
{
    for (; found != NULL; found = found->ai_next) {
        char addr[INET6_ADDRSTRLEN];
        size_t host_len = strlen(ret->host), addr_len = strlen(ret->hostaddr);
        if (getnameinfo(found->ai_addr, found->ai_addrlen, addr, sizeof(addr), NULL, 0, NI_NUMERICHOST) != 0 ||
            host_len + strlen(name) + 2 > LIST_BYTES || addr_len + strlen(addr) + 2 > LIST_BYTES)
            continue;
        const char *comma = addr_len == 0 ? "" : ",";
        (void)snprintf(ret->host + host_len, LIST_BYTES - host_len, "%s%s", comma, name);
        (void)snprintf(ret->hostaddr + addr_len, LIST_BYTES - addr_len, "%s%s", comma, addr);
    }
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *found)
{
    struct co_pg *pg = request->data;
    pg->is_resolving = false;
    if (pg->state == CO_PG_CLOSING) {
        uv_freeaddrinfo(found);
        co_pg_unref(pg);
        return;
    }
    pg->open_handles--; /* not the last: pg is not closed */
    PQconninfoOption *info = PQconninfoParse(pg->url, NULL);
    struct places at = { .host = "" };
    if (status == 0 && info != NULL)
        list_addresses(option_value(info, "host"), found, &at);
    uv_freeaddrinfo(found);
    if (at.hostaddr[0] == '\0')
        co_pg_drop(pg, status == 0 ? "host has no address" : uv_strerror(status));
    else
        connect_to(pg, info, &at);
    PQconninfoFree(info);
}

void co_pg_connect_start(struct co_pg *pg)
{
    char *why = NULL;
    PQconninfoOption *info = PQconninfoParse(pg->url, &why);
    if (info == NULL) {
        co_pg_drop(pg, why == NULL ? "out of memory" : why);
        PQfreemem(why);
        return;
    }
    const char *name = name_to_resolve(info);
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    if (name == NULL) {
        connect_to(pg, info, NULL);
    } else {
        pg->state = CO_PG_RESOLVING;
        pg->resolve.data = pg;
        int err = uv_getaddrinfo(pg->options.loop, &pg->resolve, on_resolved, name, NULL, &hints);
        pg->is_resolving = err == 0;
        pg->open_handles += pg->is_resolving;
        if (err != 0)
            co_pg_drop(pg, uv_strerror(err));
    }
    PQconninfoFree(info);
}

static void on_connected(struct co_pg *pg)
{
    (void)uv_timer_stop(&pg->timer);
    if (PQsetnonblocking(pg->conn, 1) != 0 || PQenterPipelineMode(pg->conn) != 1 || !co_pg_poll(pg, UV_READABLE)) {
        co_pg_drop(pg, PQerrorMessage(pg->conn));
        return;
    }
    pg->failures = 0;
    pg->state = CO_PG_UP;
    co_log_line(pg->options.log, CO_LOG_DEBUG, "database_up", CO_S("as", pg->options.application));
    if (pg->options.watch != NULL)
        pg->options.watch->linked(pg->options.watch->ctx, true);
    if (pg->options.on_up != NULL)
        pg->options.on_up(pg->options.arg);
    co_pg_exec_next(pg);
}

void co_pg_connect_ready(struct co_pg *pg)
{
    PostgresPollingStatusType status = PQconnectPoll(pg->conn);
    co_pg_poll_close(pg); /* the socket may be another one now */
    if (status == PGRES_POLLING_OK)
        on_connected(pg);
    else if (status == PGRES_POLLING_FAILED)
        co_pg_drop(pg, PQerrorMessage(pg->conn));
    else if (!co_pg_poll(pg, status == PGRES_POLLING_READING ? UV_READABLE : UV_WRITABLE))
        co_pg_drop(pg, "cannot poll");
}
