/* callout apply: brings the registry to what files say. The difference first, then the question,
 * then all or nothing. */
#include "cli_apply.h"
#include "cli_registry.h"
#include "co_assert.h"

const struct cli_option cmd_apply_options[] = {
    { "file", 'f', "PATH", "a YAML file, or a directory of them; may be repeated" },
    { "prune", 0, NULL, "remove what the files do not contain" },
    { "keys", 0, "DIR", "where public_key_file of clients is looked for [where our own key is]" },
    CLI_APPLY_OPTIONS,
    { NULL, 0, NULL, NULL },
};

static int load(struct cli *cli, struct co_yaml *y, const Callout__V1__Registry **ret_registry)
{
    size_t n = 0;
    char **paths = cli_values(cli, "file", &n);
    bool is_there = true;
    if (n == 0)
        return cli_usage(cli, "which files: callout apply -f DIR");
    for (size_t i = 0; i < n; i++)
        is_there = co_yaml_load(y, paths[i]) != CO_EDOWN && is_there;
    enum co_err err = co_yaml_finish(y, ret_registry);
    size_t in_packs = err == CO_OK ? cli_pack_problems(cli, y, *ret_registry) : 0;
    if (in_packs > 0)
        return cli_fail(cli, CLI_REFUSED, "nothing was sent: %zu problem%s in policy packs",
                        in_packs, in_packs == 1 ? "" : "s");
    if (err == CO_OK)
        return CLI_OK;
    cli_yaml_problems(cli, y);
    return cli_fail(cli,
                    !is_there          ? CLI_NOT_FOUND
                    : err == CO_EINPUT ? CLI_REFUSED
                                       : CLI_FAILED,
                    "nothing was sent: %zu problems in the files", co_yaml_problem_count(y));
}

static int apply_loaded(struct cli *cli, const Callout__V1__Registry *registry)
{
    co_assert(registry != NULL);
    if (registry->n_objects == 0)
        return cli_fail(cli, CLI_REFUSED, "there is nothing in the files");
    return cli_apply(cli,
                     &(struct cli_change){ .put = registry, .is_pruned = cli_has(cli, "prune") });
}

int cmd_apply(struct cli *cli)
{
    struct co_yaml *y = co_yaml_new(cli_value_or(cli, "keys", cli_keys_dir(cli)));
    const Callout__V1__Registry *registry = NULL;
    if (y == NULL)
        return CLI_FAILED;
    int code = load(cli, y, &registry);
    cli->files = y;
    if (code == CLI_OK)
        code = apply_loaded(cli, registry);
    cli->files = NULL;
    co_yaml_free(y);
    return code;
}
