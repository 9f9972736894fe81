/* callout export: the registry in force, as the files that callout apply takes. */
#include "cli.h"

#include <string.h>

#include "co_pbarena.h"
#include "co_yaml.h"

const struct cli_option cmd_export_options[] = {
    { "kind", 0, "KIND",
      "print the objects of one kind: customer, site, person ..., calendar and policy with --key" },
    { "key", 0, "KEY", "only this object" },
    { NULL, 0, NULL, NULL },
};

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

static int fetch(struct cli *cli, struct objects *o)
{
    struct cli_progress progress = { .start_ms = 0 };
    struct cli_cursor cursor = { .len = 0 };
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    query.what = CALLOUT__V1__WHAT__WHAT_REGISTRY;
    query.limit = PAGE;
    for (bool is_end = false; !is_end;) {
        Callout__V1__QueryResult *page = NULL;
        cli_progress(cli, &progress, "fetching: %zu objects", o->n);
        int code = cli_query(cli, &query, &page);
        if (code != CLI_OK)
            return code;
        for (size_t i = 0; i < page->n_objects; i++)
            if (!add_object(cli, o, page->objects[i]))
                return cli_fail(cli, CLI_FAILED,
                                "the registry is larger than this command can hold");
        is_end = page->n_objects == 0 || !cli_cursor_move(&cursor, &query, page);
    }
    cli_progress_end(cli, &progress);
    return CLI_OK;
}

static int print_kind(struct cli *cli, const Callout__V1__Registry *registry, const char *name)
{
    struct co_buf out;
    enum co_kind kind = co_kind_parse(name);
    if (kind == CO_KIND_NONE)
        return cli_usage(
            cli,
            "--kind %s: allowed are customer, site, person, office, engineer, product, contract, "
            "calendar, policy, channel, client, desk",
            name);
    const char *key = cli_value(cli, "key");
    bool is_one_by_one = kind == CO_KIND_CALENDAR || kind == CO_KIND_POLICY;
    if (is_one_by_one != (key != NULL))
        return cli_usage(
            cli, is_one_by_one ? "--kind %s wants a --key too" : "--kind %s takes no --key", name);
    co_buf_init(&out, CO_YAML_FILE_LIMIT_BYTES);
    enum co_err err = co_yaml_write(registry, kind, key, &out);
    if (err == CO_OK)
        (void)fputs(co_buf_text(&out), cli->out);
    bool is_empty = out.len == 0;
    co_buf_done(&out);
    if (err != CO_OK)
        return cli_fail(cli, CLI_FAILED, "%s", co_err_name(err));
    return is_empty ? cli_fail(cli, CLI_NOT_FOUND, "there is no such %s", name) : CLI_OK;
}

int cmd_export(struct cli *cli)
{
    const char *dir = cli->args->words > 0 ? cli->args->word[0] : NULL;
    const char *kind = cli_value(cli, "kind");
    if (dir == NULL && kind == NULL && !cli->is_json)
        return cli_usage(cli, "where to: callout export DIR, or --kind KIND, or -o json");
    struct objects objects = { .n = 0 };
    int code = fetch(cli, &objects);
    if (code != CLI_OK)
        return code;
    Callout__V1__Registry registry = CALLOUT__V1__REGISTRY__INIT;
    registry.objects = objects.item;
    registry.n_objects = objects.n;
    if (cli->is_json)
        return cli_print_json(cli, &registry.base, false);
    if (kind != NULL)
        return print_kind(cli, &registry, kind);
    struct co_why why = { "" };
    if (co_yaml_export(&registry, dir, &why) != CO_OK)
        return cli_fail(cli, CLI_FAILED, "%s", why.text);
    (void)fprintf(cli->out, "%zu objects written to %s\n", objects.n, dir);
    if (objects.n == 0)
        cli_note(cli, "the registry is empty; fill it with: callout apply -f DIR");
    return CLI_OK;
}
