#include "cli_refold.h"
#include "archive_case.h"

#include <string.h>

#include "co_assert.h"
#include "co_pbarena.h"

/* -- the journal */

/* A copy in the arena; NULL: no memory. */
static void *copy(struct cli *cli, const ProtobufCMessage *message)
{
    size_t len = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = co_arena_alloc(cli->arena, len + 1);
    if (bytes == NULL)
        return NULL;
    ProtobufCAllocator allocator = co_pbarena(cli->arena);
    (void)protobuf_c_message_pack(message, bytes);
    return protobuf_c_message_unpack(message->descriptor, &allocator, len, bytes);
}

/* A row that does not fit leaves `row` NULL, which is looked at in the end. */
void cli_case_keep(struct cli *cli, const Callout__V1__EntryRow *row, void *arg)
{
    struct cli_case *c = arg;
    if (c->count == c->cap) {
        size_t cap = c->cap == 0 ? 64 : c->cap * 2;
        Callout__V1__EntryRow **grown = co_arena_alloc(cli->arena, cap * sizeof(grown[0]));
        if (grown != NULL && c->count > 0)
            memcpy(grown, c->row, c->count * sizeof(grown[0]));
        c->row = grown;
        c->cap = cap;
    }
    if (c->row != NULL && (c->row[c->count] = copy(cli, &row->base)) != NULL)
        c->count++;
    else
        c->row = NULL;
}

static int too_large(struct cli *cli)
{
    return cli_fail(cli, CLI_FAILED, "the case is too large for the memory of this command");
}

static int read_entries(struct cli *cli, void *arg, const char *number, struct cli_case *c)
{
    (void)arg;
    return cli_entries(cli, number, cli_case_keep, c);
}

/* The entries as the fold wants them. */
static int make_entries(struct cli *cli, struct cli_case *c)
{
    struct sla_journal_entry *entries =
        co_arena_alloc(cli->arena, (c->count + 1) * sizeof(entries[0]));
    int64_t *taken_us = co_arena_alloc(cli->arena, (c->count + 1) * sizeof(taken_us[0]));
    if ((c->row == NULL && c->cap > 0) || entries == NULL || taken_us == NULL)
        return too_large(cli);
    co_assert(c->row != NULL || c->count == 0);
    struct refold *r = &c->refold;
    r->entries = entries;
    r->taken_us = taken_us;
    for (size_t i = 0; i < c->count; i++) {
        if (c->row[i]->event == NULL)
            continue;
        taken_us[r->entry_count] = c->row[i]->at_us;
        entries[r->entry_count++] = (struct sla_journal_entry){ c->row[i]->seq, c->row[i]->event };
        r->now_us = c->row[i]->at_us > r->now_us ? c->row[i]->at_us : r->now_us;
    }
    return CLI_OK;
}

/* -- the versions */

static int read_object(struct cli *cli, void *arg, enum co_kind kind, const Callout__V1__Pin *pin,
                       Callout__V1__RegistryObject **ret)
{
    (void)arg;
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    Callout__V1__QueryResult *result = NULL;
    query.what = CALLOUT__V1__WHAT__WHAT_OBJECT;
    query.kind = cli_text(cli, co_kind_name(kind));
    query.key = pin->key;
    query.since = pin->since;
    int code = cli_query(cli, &query, &result);
    if (code != CLI_OK)
        return code;
    if (result->n_objects != 1)
        return cli_fail(cli, CLI_FAILED, "%s answers without the %s %s", cli->endpoint, query.kind,
                        pin->key);
    *ret = copy(cli, &result->objects[0]->base);
    return *ret != NULL ? CLI_OK : too_large(cli);
}

static int read_versions(struct cli *cli, struct refold *r, const struct cli_case_source *from)
{
    Callout__V1__RegistryObject *policy = NULL;
    int code = from->object(cli, from->arg, CO_KIND_POLICY, r->state->opened->policy, &policy);
    if (code != CLI_OK)
        return code;
    co_assert(policy != NULL);
    if (policy->object_case != CALLOUT__V1__REGISTRY_OBJECT__OBJECT_POLICY)
        return cli_fail(cli, CLI_FAILED, "the versions of the case cannot be used");
    r->policy = policy->policy;
    for (size_t i = 0; i < r->calendar_count; i++) {
        Callout__V1__RegistryObject *calendar = NULL;
        code = from->object(cli, from->arg, CO_KIND_CALENDAR, r->calendars[i].pin, &calendar);
        if (code != CLI_OK)
            return code;
        co_assert(calendar != NULL);
        if (calendar->object_case != CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CALENDAR)
            return cli_fail(cli, CLI_FAILED, "the versions of the case cannot be used");
        r->calendars[i].text = calendar->calendar;
    }
    return CLI_OK;
}

static int check_engine(struct cli *cli, const struct refold *r)
{
    uint32_t engine = r->state->opened->engine;
    if (engine == SLA_ENGINE_VERSION)
        return CLI_OK;
    return cli_fail(cli, CLI_FAILED,
                    "the case is computed by engine %u, this callout has engine %u: use one of "
                    "the same release as the daemons",
                    engine, SLA_ENGINE_VERSION);
}

static int fold(struct cli *cli, const char *number, const struct cli_case_source *from,
                struct cli_case *ret)
{
    struct refold *r = &ret->refold;
    int code = from->entries(cli, from->arg, number, ret);
    if (code == CLI_OK)
        code = make_entries(cli, ret);
    if (code != CLI_OK)
        return code;
    if (refold_read(r) != CO_OK)
        return cli_fail(cli, CLI_FAILED, "%s", r->problem);
    if (r->state->opened == NULL)
        return CLI_OK;
    code = check_engine(cli, r);
    if (code == CLI_OK)
        code = read_versions(cli, r, from);
    if (code != CLI_OK)
        return code;
    if (refold_run(r) != CO_OK)
        return cli_fail(cli, CLI_FAILED, "%s", r->problem);
    bool is_named = ret->count > 0 && ret->row[0]->number[0] != '\0';
    r->explanation->number = is_named ? ret->row[0]->number : cli_text(cli, number);
    return CLI_OK;
}

/* The time is asked for first: what was due until then is in the journal. */
int cli_case_read(struct cli *cli, const char *number, struct cli_case *ret)
{
    static const struct cli_case_source intake = { read_entries, read_object, NULL };
    ret->refold.arena = cli->arena;
    if (cli_has(cli, "archive"))
        return archive_case_read(cli, number, fold, ret);
    int code = cli_domain_now(cli, &ret->refold.now_us);
    return code == CLI_OK ? fold(cli, number, &intake, ret) : code;
}

void cli_case_done(struct cli_case *c)
{
    refold_done(&c->refold);
}
