#include "cli_registry.h"

#include <string.h>

#include "co_pbarena.h"

enum { PAGE = 1000, OBJECTS_MAX = 10 * 1000 * 1000 };

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
