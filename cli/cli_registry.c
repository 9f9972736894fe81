#include "cli_registry.h"

#include <string.h>

#include "co_time.h"

#include "co_pbarena.h"
#include "co_text.h"

enum {
    PAGE = 1000,
    OBJECTS_MAX = 10 * 1000 * 1000,
    CONTRACTS_MAX = 1000 /* of that are looked at */
};

struct objects {
    Callout__V1__RegistryObject **item;
    size_t n;
    size_t cap;
};

/* A copy in the command's arena: the page goes with the next call. NULL: no memory. */
static Callout__V1__RegistryObject *copy_object(struct cli *cli,
                                                const Callout__V1__RegistryObject *object)
{
    ProtobufCAllocator allocator = co_pbarena(cli->arena);
    size_t size = callout__v1__registry_object__get_packed_size(object);
    uint8_t *packed = co_arena_alloc(cli->arena, size);
    if (packed == NULL)
        return NULL;
    (void)callout__v1__registry_object__pack(object, packed);
    return callout__v1__registry_object__unpack(&allocator, size, packed);
}

static bool add_object(struct cli *cli, struct objects *o,
                       const Callout__V1__RegistryObject *object)
{
    if (o->n == o->cap) {
        size_t cap = o->cap == 0 ? PAGE : o->cap * 2;
        void *larger =
            cap > OBJECTS_MAX ? NULL : co_arena_alloc(cli->arena, cap * sizeof(o->item[0]));
        if (larger == NULL)
            return false;
        if (o->n > 0)
            memcpy(larger, o->item, o->n * sizeof(o->item[0]));
        o->item = larger;
        o->cap = cap;
    }
    o->item[o->n] = copy_object(cli, object);
    return o->item[o->n++] != NULL;
}

int cli_registry_fetch_kind(struct cli *cli, const char *kind, Callout__V1__Registry *ret_registry)
{
    struct objects o = { .n = 0 };
    struct cli_progress progress = { .start_ms = 0 };
    struct cli_cursor cursor = { .len = 0 };
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    query.what = CALLOUT__V1__WHAT__WHAT_REGISTRY;
    query.kind = cli_text(cli, kind);
    query.limit = PAGE;
    for (bool is_end = false; !is_end;) {
        Callout__V1__QueryResult *page = NULL;
        cli_progress(cli, &progress, "fetching: %zu objects", o.n);
        int code = cli_query(cli, &query, &page);
        if (code != CLI_OK)
            return code;
        for (size_t i = 0; i < page->n_objects; i++)
            if (!add_object(cli, &o, page->objects[i]))
                return cli_fail(cli, CLI_FAILED,
                                "the registry is larger than this command can hold");
        is_end = page->n_objects == 0 || !cli_cursor_move(&cursor, &query, page);
    }
    cli_progress_end(cli, &progress);
    callout__v1__registry__init(ret_registry);
    ret_registry->objects = o.item;
    ret_registry->n_objects = o.n;
    return CLI_OK;
}

int cli_registry_fetch(struct cli *cli, Callout__V1__Registry *ret_registry)
{
    return cli_registry_fetch_kind(cli, "", ret_registry);
}

const char *cli_keys_dir(struct cli *cli)
{
    char *dir = cli_text(cli, cli->key_file);
    char *slash = strrchr(dir, '/');
    if (slash == NULL)
        return ".";
    *slash = '\0';
    return dir;
}

int cli_registry_load(struct cli *cli, struct co_yaml *y, char *const *paths, size_t count,
                      const Callout__V1__Registry **ret_registry)
{
    bool is_there = true;
    for (size_t i = 0; i < count; i++)
        is_there = co_yaml_load(y, paths[i]) != CO_EDOWN && is_there;
    enum co_err err = co_yaml_finish(y, ret_registry);
    if (err == CO_OK)
        return CLI_OK;
    cli_yaml_problems(cli, y);
    return cli_fail(cli,
                    !is_there          ? CLI_NOT_FOUND
                    : err == CO_EINPUT ? CLI_REFUSED
                                       : CLI_FAILED,
                    "%zu problems in the files", co_yaml_problem_count(y));
}

struct co_registry *cli_registry_index(struct cli *cli, const Callout__V1__Registry *registry)
{
    struct co_registry *r = co_registry_new((uint32_t)(registry->n_objects + 1));
    enum co_err err = r == NULL ? CO_ENOMEM : CO_OK;
    for (size_t i = 0; i < registry->n_objects && err == CO_OK; i++)
        err = co_registry_put_message(r, registry->objects[i], 1);
    if (err == CO_OK)
        return r;
    (void)cli_fail(cli, CLI_FAILED, "the registry: %s", co_err_name(err));
    co_registry_free(r);
    return NULL;
}

/* What looks, and at what. */
struct looking {
    int (*look)(void *arg, const struct co_registry *registry, struct co_yaml *yaml);
    void *arg;
    struct co_yaml *yaml;
};

static int look_at(struct cli *cli, const struct looking *l, const Callout__V1__Registry *registry)
{
    struct co_registry *indexed = cli_registry_index(cli, registry);
    if (indexed == NULL)
        return CLI_FAILED;
    int code = l->look(l->arg, indexed, l->yaml);
    co_registry_free(indexed);
    return code;
}

static int look_at_files(struct cli *cli, char *const *paths, size_t count, struct looking *l)
{
    const Callout__V1__Registry *registry = NULL;
    l->yaml = co_yaml_new(cli_value_or(cli, "keys", cli_keys_dir(cli)));
    if (l->yaml == NULL)
        return cli_fail(cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    int code = cli_registry_load(cli, l->yaml, paths, count, &registry);
    if (code == CLI_OK)
        code = look_at(cli, l, registry);
    co_yaml_free(l->yaml);
    return code;
}

int cli_registry_look_at(struct cli *cli, char *const *paths, size_t count,
                         int (*look)(void *arg, const struct co_registry *registry,
                                     struct co_yaml *yaml),
                         void *arg)
{
    struct looking l = { .look = look, .arg = arg };
    Callout__V1__Registry registry = CALLOUT__V1__REGISTRY__INIT;
    if (count > 0)
        return look_at_files(cli, paths, count, &l);
    int code = cli_registry_fetch(cli, &registry);
    return code == CLI_OK ? look_at(cli, &l, &registry) : code;
}

int cli_registry_look(struct cli *cli, size_t first,
                      int (*look)(void *arg, const struct co_registry *registry,
                                  struct co_yaml *yaml),
                      void *arg)
{
    const struct cli_args *a = cli->args;
    char *paths[CLI_GIVEN_MAX] = { NULL };
    for (size_t i = first; i < a->words; i++)
        paths[i - first] = cli_text(cli, a->word[i]);
    return cli_registry_look_at(cli, paths, a->words > first ? a->words - first : 0, look, arg);
}

/* A day as its midnight here; other forms as everywhere. */
int cli_read_days(struct cli *cli, uint32_t days, uint32_t days_max, int64_t *ret_from_us,
                  int64_t *ret_until_us)
{
    int64_t day = 0;
    const char *from = cli_value_or(cli, "from", "now");
    const char *text =
        co_date_parse(from, &day) == CO_OK ? cli_format(cli, "%s 00:00", from) : from;
    if (cli_time_parse(text, cli_now_us(), ret_from_us) != CO_OK)
        return cli_usage(cli, "--from %s: a day is written 2026-10-01", from);
    if (!cli_read_count(cli, "days", days_max, &days))
        return CLI_USAGE;
    if (days == 0)
        return cli_usage(cli, "--days 0: at least one day");
    *ret_until_us = *ret_from_us + days * CO_DAY_US;
    return CLI_OK;
}

int cli_fail_contract(struct cli *cli, const struct co_registry *registry, const char *key)
{
    const char *names[CONTRACTS_MAX];
    uint32_t count = co_registry_count(registry, CO_KIND_CONTRACT);
    size_t n = 0;
    for (; n < count && n < CONTRACTS_MAX; n++)
        names[n] = co_registry_at(registry, CO_KIND_CONTRACT, (uint32_t)n)->key;
    const char *nearest = co_text_nearest(key, names, n);
    return cli_fail(cli, CLI_NOT_FOUND, "there is no contract '%s'%s%s%s", key,
                    nearest == NULL ? "" : "; did you mean '", nearest == NULL ? "" : nearest,
                    nearest == NULL ? "" : "'?");
}
