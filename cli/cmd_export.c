/* callout export: the registry in force, as the files that callout apply takes. */
#include "cli_registry.h"

#include <string.h>

const struct cli_option cmd_export_options[] = {
    { "kind", 0, "KIND",
      "print the objects of one kind: customer, site, person ..., calendar and policy with --key" },
    { "key", 0, "KEY", "only this object" },
    { NULL, 0, NULL, NULL },
};

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
    Callout__V1__Registry registry = CALLOUT__V1__REGISTRY__INIT;
    int code = cli_registry_fetch(cli, &registry);
    if (code != CLI_OK)
        return code;
    if (cli->is_json)
        return cli_print_json(cli, &registry.base, false);
    if (kind != NULL)
        return print_kind(cli, &registry, kind);
    struct co_why why = { "" };
    if (co_yaml_export(&registry, dir, &why) != CO_OK)
        return cli_fail(cli, CLI_FAILED, "%s", why.text);
    (void)fprintf(cli->out, "%zu objects written to %s\n", registry.n_objects, dir);
    if (registry.n_objects == 0)
        cli_note(cli, "the registry is empty; fill it with: callout apply -f DIR");
    return CLI_OK;
}
