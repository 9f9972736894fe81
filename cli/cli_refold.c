#include "cli_refold.h"

#include <string.h>

#include "co_assert.h"
#include "co_pbarena.h"
#include "co_registry_calendar.h"
#include "sla_explain.h"
#include "sla_fold.h"
#include "sla_journal.h"

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
static void keep(struct cli *cli, const Callout__V1__EntryRow *row, void *arg)
{
    struct cli_journal *j = arg;
    if (j->count == j->cap) {
        size_t cap = j->cap == 0 ? 64 : j->cap * 2;
        Callout__V1__EntryRow **grown = co_arena_alloc(cli->arena, cap * sizeof(grown[0]));
        if (grown != NULL && j->count > 0)
            memcpy(grown, j->row, j->count * sizeof(grown[0]));
        j->row = grown;
        j->cap = cap;
    }
    if (j->row != NULL && (j->row[j->count] = copy(cli, &row->base)) != NULL)
        j->count++;
    else
        j->row = NULL;
}

static int too_large(struct cli *cli)
{
    return cli_fail(cli, CLI_FAILED, "the case is too large for the memory of this command");
}

int cli_journal_read(struct cli *cli, const char *number, struct cli_journal *ret)
{
    *ret = (struct cli_journal){ 0 };
    int code = cli_entries(cli, number, keep, ret);
    if (code == CLI_OK && ret->row == NULL && ret->cap > 0)
        return too_large(cli);
    return code;
}

/* -- the versions */

static int read_object(struct cli *cli, const char *kind, const Callout__V1__Pin *pin,
                       Callout__V1__RegistryObject **ret)
{
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    Callout__V1__QueryResult *result = NULL;
    query.what = CALLOUT__V1__WHAT__WHAT_OBJECT;
    query.kind = cli_text(cli, kind);
    query.key = pin->key;
    query.since = pin->since;
    int code = cli_query(cli, &query, &result);
    if (code != CLI_OK)
        return code;
    if (result->n_objects != 1)
        return cli_fail(cli, CLI_FAILED, "%s answers without the %s %s", cli->endpoint, kind,
                        pin->key);
    *ret = copy(cli, &result->objects[0]->base);
    return *ret != NULL ? CLI_OK : too_large(cli);
}

struct versions {
    const Callout__V1__PolicyPack *policy;
    const Callout__V1__Calendar *text;
    struct co_calendar *calendar; /* owned */
};

static int read_versions(struct cli *cli, const Callout__V1__CaseOpened *opened,
                         struct versions *ret)
{
    Callout__V1__RegistryObject *policy = NULL, *calendar = NULL;
    if (opened->policy == NULL || opened->calendar == NULL)
        return cli_fail(cli, CLI_FAILED, "the case does not say under which versions it is");
    int code = read_object(cli, "policy", opened->policy, &policy);
    if (code == CLI_OK)
        code = read_object(cli, "calendar", opened->calendar, &calendar);
    if (code != CLI_OK)
        return code;
    co_assert(policy != NULL && calendar != NULL);
    char problem[CO_CALENDAR_PROBLEM];
    bool is_whole = policy->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_POLICY &&
                    calendar->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CALENDAR;
    if (!is_whole ||
        co_registry_calendar_compile_all(calendar->calendar, &ret->calendar, problem) != CO_OK)
        return cli_fail(cli, CLI_FAILED, "the versions of the case cannot be used");
    ret->policy = policy->policy;
    ret->text = calendar->calendar;
    return CLI_OK;
}

/* Domain time. */
static int read_now(struct cli *cli, int64_t *ret_us)
{
    Callout__V1__Ping ping = CALLOUT__V1__PING__INIT;
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    Callout__V1__Reply *reply = NULL;
    request.body_case = CALLOUT__V1__REQUEST__BODY_PING;
    request.ping = &ping;
    int code = cli_call(cli, &request, 0, &reply);
    if (code != CLI_OK)
        return code;
    if (reply->body_case != CALLOUT__V1__REPLY__BODY_PONG)
        return cli_fail(cli, CLI_FAILED, "%s answers a ping with something else", cli->endpoint);
    *ret_us = reply->pong->now_us;
    return CLI_OK;
}

/* -- names of days */

/* The days of a segment have one name each; days in a row mostly share it. */
static void name_segment(const Callout__V1__Calendar *calendar, Callout__V1__Segment *s)
{
    int64_t first, last;
    co_assert(calendar != NULL);
    if (co_date_parse(s->first_day, &first) != CO_OK || co_date_parse(s->last_day, &last) != CO_OK)
        return;
    for (size_t i = 0; i < calendar->n_exceptions && s->name[0] == '\0'; i++) {
        const Callout__V1__DayException *e = calendar->exceptions[i];
        if (e->day >= first && e->day <= last)
            s->name = e->name;
    }
}

static void name_days(const Callout__V1__Calendar *calendar, Callout__V1__Explanation *e)
{
    static const char *const named[] = { "holiday", "makeup", "makeup_day" };
    for (size_t c = 0; c < e->n_clocks; c++)
        for (size_t i = 0; i < e->clocks[c]->n_segments; i++)
            for (size_t k = 0; k < sizeof(named) / sizeof(named[0]); k++)
                if (strcmp(e->clocks[c]->segments[i]->why, named[k]) == 0)
                    name_segment(calendar, e->clocks[c]->segments[i]);
}

/* -- the fold */

static int fold(struct cli *cli, const Callout__V1__SlaState *state, const struct versions *v,
                Callout__V1__Explanation **ret)
{
    struct sla_fold_input in = { .policy = v->policy,
                                 .calendars = { .site = { state->opened->calendar->key, v->calendar } },
                                 .opened = state->opened,
                                 .inputs = state->inputs,
                                 .input_count = state->n_inputs,
                                 .standing = state->standing,
                                 .standing_count = state->n_standing };
    struct sla_fold result;
    int code = read_now(cli, &in.now_us);
    if (code != CLI_OK)
        return code;
    if (sla_fold(&in, cli->arena, &result) != CO_OK ||
        sla_explain_case(&in, &result, cli->arena, ret) != CO_OK)
        return cli_fail(cli, CLI_FAILED, "the case cannot be computed");
    name_days(v->text, *ret);
    return CLI_OK;
}

int cli_refold(struct cli *cli, const struct cli_journal *journal, Callout__V1__Explanation **ret)
{
    struct sla_journal_entry *entries =
        co_arena_alloc(cli->arena, (journal->count + 1) * sizeof(entries[0]));
    size_t n = 0;
    if (entries == NULL)
        return too_large(cli);
    for (size_t i = 0; i < journal->count; i++)
        if (journal->row[i]->event != NULL)
            entries[n++] =
                (struct sla_journal_entry){ journal->row[i]->seq, journal->row[i]->event };
    Callout__V1__SlaState *state = NULL;
    *ret = NULL;
    if (sla_journal_state(cli->arena, entries, n, &state) != CO_OK)
        return cli_fail(cli, CLI_FAILED, "the journal of the case cannot be understood");
    if (state->opened == NULL)
        return CLI_OK;
    if (state->opened->engine != SLA_ENGINE_VERSION)
        return cli_fail(cli, CLI_FAILED,
                        "the case is computed by engine %u, this callout has engine %u: use one "
                        "of the same release as the daemons",
                        state->opened->engine, SLA_ENGINE_VERSION);
    struct versions v = { 0 };
    int code = read_versions(cli, state->opened, &v);
    if (code == CLI_OK)
        code = fold(cli, state, &v, ret);
    co_calendar_free(v.calendar);
    return code;
}
