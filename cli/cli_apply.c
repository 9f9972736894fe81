#include "cli_apply.h"

#include <string.h>
#include <unistd.h>

#include "cli_table.h"
#include "co_assert.h"
#include "co_pbarena.h"
#include "preview.h"

enum { PART_BYTES = 512 * 1024, CHANGES_SHOWN = 40, ID_MAX = 64 };

/* How many objects from `from` on fit into one part; at least one. */
static size_t part_len(const Callout__V1__Registry *r, size_t from)
{
    size_t bytes = 0, i = from;
    for (; i < r->n_objects; i++) {
        bytes += callout__v1__registry_object__get_packed_size(r->objects[i]) + 8;
        if (bytes > PART_BYTES && i > from)
            break;
    }
    return i - from;
}

static int send_part(struct cli *cli, Callout__V1__Apply *apply,
                     const Callout__V1__ApplyResult **ret_result)
{
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    request.body_case = CALLOUT__V1__REQUEST__BODY_APPLY;
    request.apply = apply;
    Callout__V1__Reply *reply = NULL;
    enum { PATIENCE_MS = 60000 }; /* the last part is where the work is */
    int code = cli_call(cli, &request, apply->last ? PATIENCE_MS : 0, &reply);
    if (code != CLI_OK)
        return code;
    if (reply->body_case != CALLOUT__V1__REPLY__BODY_APPLIED)
        return cli_fail(cli, CLI_FAILED, "%s answers with something else", cli->endpoint);
    *ret_result = reply->applied;
    return CLI_OK;
}

static int send_all(struct cli *cli, const struct cli_change *change, bool is_dry,
                    const char *change_id, const Callout__V1__ApplyResult **ret_result)
{
    const Callout__V1__Registry *r = change->put;
    struct cli_progress progress = { .start_ms = 0 };
    Callout__V1__Apply apply = CALLOUT__V1__APPLY__INIT;
    apply.change_id = cli_text(cli, cli_format(cli, "%s%s", change_id, is_dry ? "-dry" : ""));
    apply.dry_run = is_dry;
    apply.prune = change->is_pruned;
    size_t at = 0;
    do {
        size_t n = part_len(r, at);
        apply.part++;
        apply.objects = r->objects + at;
        apply.n_objects = n;
        at += n;
        apply.last = at == r->n_objects;
        if (apply.last && change->gone != NULL) {
            apply.remove = change->gone->objects;
            apply.n_remove = change->gone->n_objects;
        }
        cli_progress_bar(cli, &progress, at, r->n_objects, "%s: %zu of %zu objects",
                         is_dry ? "comparing" : "applying", at, r->n_objects);
        int code = send_part(cli, &apply, ret_result);
        if (code != CLI_OK) {
            cli_progress_end(cli, &progress);
            return code;
        }
    } while (!apply.last);
    cli_progress_end(cli, &progress);
    return CLI_OK;
}

static void show_changes(struct cli *cli, const Callout__V1__ApplyResult *r)
{
    co_assert(r != NULL);
    size_t n = r->n_changes < CHANGES_SHOWN ? r->n_changes : CHANGES_SHOWN;
    struct cli_table t;
    cli_table_init(&t, cli, "how|kind|key");
    for (size_t i = 0; i < n; i++)
        CLI_TABLE_ADD(&t, r->changes[i]->how, r->changes[i]->kind, r->changes[i]->key);
    cli_table_print(&t, 0);
    uint64_t all = (uint64_t)r->added + r->changed + r->removed;
    if (all > n)
        (void)fprintf(cli->out, "... and %llu more\n", (unsigned long long)(all - n));
    (void)fprintf(cli->out, "%u added, %u changed, %u removed, %u unchanged\n", r->added,
                  r->changed, r->removed, r->unchanged);
}

/* CLI_OK: go on. */
static int ask(struct cli *cli)
{
    if (cli_has(cli, "yes"))
        return CLI_OK;
    if (isatty(STDIN_FILENO) != 1)
        return cli_usage(cli, "nothing was changed: nobody can be asked here, so --yes is needed");
    char answer[16] = "";
    (void)fprintf(cli->out, "Apply this? [y/N] ");
    (void)fflush(cli->out);
    if (fgets(answer, sizeof(answer), stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y'))
        return CLI_OK;
    return cli_fail(cli, CLI_FAILED, "nothing was changed");
}

/* Which due times of open cases the change would move. */
static int preview(struct cli *cli, const struct cli_change *change, struct preview *ret)
{
    *ret = (struct preview){ .count = 0 };
    if (cli_has(cli, "no-preview"))
        return CLI_OK;
    int code = preview_run(cli, change, ret);
    if (code == CLI_OK && !cli->is_json)
        preview_show(cli, ret);
    return code;
}

/* A copy in the arena: the reply goes with the next call. */
static const Callout__V1__ApplyResult *copy_result(struct cli *cli,
                                                   const Callout__V1__ApplyResult *result)
{
    ProtobufCAllocator allocator = co_pbarena(cli->arena);
    size_t size = callout__v1__apply_result__get_packed_size(result);
    uint8_t *bytes = co_arena_alloc(cli->arena, size + 1);
    co_assert(bytes != NULL); /* 1,000 changes at most */
    (void)callout__v1__apply_result__pack(result, bytes);
    const Callout__V1__ApplyResult *copy =
        callout__v1__apply_result__unpack(&allocator, size, bytes);
    co_assert(copy != NULL);
    return copy;
}

static int print_result(struct cli *cli, const Callout__V1__ApplyResult *result,
                        const struct preview *moved)
{
    Callout__V1__ApplyResult whole = *result;
    whole.moved = moved->moved;
    whole.n_moved = moved->count;
    return cli_print_json(cli, &whole.base, false);
}

static bool is_change(const Callout__V1__ApplyResult *r)
{
    return r->added + r->changed + r->removed > 0;
}

/* The difference, and what would move; the result outlives the next calls. */
static int compare(struct cli *cli, const struct cli_change *change, const char *change_id,
                   const Callout__V1__ApplyResult **ret_result, struct preview *ret_moved)
{
    const Callout__V1__ApplyResult *result = NULL;
    *ret_moved = (struct preview){ .count = 0 };
    int code = send_all(cli, change, true, change_id, &result);
    if (code != CLI_OK)
        return code;
    co_assert(result != NULL);
    if (!cli->is_json)
        show_changes(cli, result);
    *ret_result = copy_result(cli, result);
    return is_change(result) ? preview(cli, change, ret_moved) : CLI_OK;
}

/* After the question. */
static int apply_compared(struct cli *cli, const struct cli_change *change, const char *change_id,
                          const struct preview *moved)
{
    const Callout__V1__ApplyResult *result = NULL;
    int code = ask(cli);
    if (code == CLI_OK)
        code = send_all(cli, change, false, change_id, &result);
    if (code == CLI_UNAVAILABLE)
        cli_note(
            cli,
            "  whether it took effect is not known; the same again with --change-id %s is safe",
            change_id);
    if (code != CLI_OK)
        return code;
    co_assert(result != NULL);
    if (cli->is_json)
        return print_result(cli, result, moved);
    (void)fprintf(cli->out, "applied: registry version %llu\n",
                  (unsigned long long)result->version);
    return CLI_OK;
}

int cli_apply(struct cli *cli, const struct cli_change *change)
{
    const char *change_id = cli_value_or(cli, "change-id", cli_new_key(cli));
    const Callout__V1__ApplyResult *result = NULL;
    struct preview moved;
    if (strlen(change_id) + strlen("-dry") > ID_MAX)
        return cli_usage(cli, "--change-id: at most %zu characters", ID_MAX - strlen("-dry"));
    int code = compare(cli, change, change_id, &result, &moved);
    if (code != CLI_OK)
        return code;
    co_assert(result != NULL);
    if (is_change(result) && !cli_has(cli, "dry-run"))
        return apply_compared(cli, change, change_id, &moved);
    if (cli->is_json)
        return print_result(cli, result, &moved);
    if (!is_change(result) && !cli_has(cli, "dry-run"))
        (void)fprintf(cli->out, "nothing to do; version %llu is in force\n",
                      (unsigned long long)result->version);
    return CLI_OK;
}
