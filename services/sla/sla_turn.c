/* A turn of sla: the cases that entries or time have touched are folded anew and what moved is announced. */
#include <stdlib.h>
#include <string.h>

#include "admit.h"
#include "lateness.h"
#include "sla.h"
#include "sla_case.h"
#include "sla_sql.h"
#include "sla_verdict.h"
#include "store.h"
#include "sweep.h"
#include "who.h"

/* The cases of one turn, in the order of their ids, each with its place in the entries. */
struct turn_cases {
    int64_t *id;
    int64_t *next_us; /* after the turn */
    size_t count;
    struct sla_lateness lateness;
    size_t moved; /* how many of them had something to catch up with */
    struct sla_sweep_turn sweep;
};

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static bool concerns_a_case(const struct co_entry *e)
{
    return e->kind != CALLOUT__V1__EVENT__BODY_REGISTRY_APPLIED;
}

static struct turn_cases *collect(struct co_turn *t)
{
    struct turn_cases *c = co_arena_alloc(t->arena, sizeof(*c));
    size_t most = t->entry_count + t->due_count;
    if (c == NULL || (c->id = co_arena_alloc(t->arena, 2 * most * sizeof(int64_t))) == NULL)
        return NULL;
    c->next_us = c->id + most;
    size_t n = 0;
    for (size_t i = 0; i < t->entry_count; i++)
        if (concerns_a_case(&t->entries[i]))
            c->id[n++] = t->entries[i].case_id;
    for (size_t i = 0; i < t->due_count; i++)
        if (t->due[i] != SLA_SWEEP_CASE)
            c->id[n++] = t->due[i];
    qsort(c->id, n, sizeof(*c->id), by_value);
    c->count = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || c->id[i] != c->id[i - 1])
            c->id[c->count++] = c->id[i];
    return c;
}

static enum co_err load(void *service, struct co_turn *t)
{
    struct turn_cases *c = collect(t);
    if (c == NULL)
        return CO_ENOMEM;
    t->scratch = c;
    if (c->count > 0)
        sla_store_read(t, c->id, c->count);
    sla_sweep_load(service, t, &c->sweep);
    return CO_OK;
}

/* The versions that the case is under; none while it is held or unknown. */
static enum co_err find_versions(struct sla_service *s, struct sla_case *c)
{
    return c->state->opened == NULL ? CO_OK : sla_versions_find(s->versions, c->arena, c->state, c->state->opened, &c->policy, &c->calendars);
}

static enum co_err open_case(struct sla_service *s, struct co_turn *t, int64_t case_id, struct sla_case *ret_case)
{
    struct co_bytes body = sla_store_found(t, case_id);
    *ret_case = (struct sla_case){ .arena = t->arena, .scratch = s->scratch, .now_us = t->now_us };
    enum co_err err = body.data == NULL ? sla_state_new(t->arena, &ret_case->state)
                                        : sla_state_unpack(t->arena, body.data, body.len, &ret_case->state);
    return err != CO_OK ? err : find_versions(s, ret_case);
}

/* Asks the registry about a ticket or an approval, and sets the versions that follow. */
static enum co_err admit(struct sla_service *s, struct sla_case *c, const Callout__V1__TicketSubmitted *ticket,
                         const Callout__V1__CommandReceived *approval, struct sla_admission *ret_admission)
{
    enum co_err err = sla_admit(sla_versions_now(s->versions), c->arena, ticket, approval, ret_admission);
    if (err == CO_OK && ret_admission->opened != NULL)
        err = sla_versions_find(s->versions, c->arena, c->state, ret_admission->opened, &c->policy, &c->calendars);
    return err;
}

static enum co_err take_ticket(struct sla_service *s, struct sla_case *c, const struct co_entry *e, struct sla_events *events)
{
    struct sla_admission admission = { 0 };
    enum co_err err = sla_case_is_known(c) ? CO_OK : admit(s, c, e->event->ticket_submitted, NULL, &admission);
    return err != CO_OK ? err : sla_case_submitted(c, (uint64_t)e->seq, e->event->ticket_submitted, admission, events);
}

static enum co_err take_command(struct sla_service *s, struct sla_case *c, const struct co_entry *e, struct sla_events *events)
{
    const Callout__V1__CommandReceived *command = e->event->command_received;
    struct sla_admission admission = { 0 };
    enum co_err err = CO_OK;
    if (command->act == CALLOUT__V1__ACT__ACT_APPROVE && sla_case_is_held(c))
        err = admit(s, c, c->state->ticket, command, &admission);
    else if (sla_verdict_asks_who(command->act) && !sla_case_is_held(c))
        err = sla_who(sla_versions_now(s->versions), c->arena, c->state->opened, command->person, &admission.who);
    return err != CO_OK ? err : sla_case_command(c, (uint64_t)e->seq, command, admission, events);
}

static enum co_err take_entry(struct sla_service *s, struct sla_case *c, const struct co_entry *e, struct sla_events *events)
{
    switch (e->kind) {
    case CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED:
        return take_ticket(s, c, e, events);
    case CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED:
        return take_command(s, c, e, events);
    case CALLOUT__V1__EVENT__BODY_SITE_LOCATED:
        return sla_case_located(c, (uint64_t)e->seq, e->event->site_located);
    default:
        return CO_OK;
    }
}

static enum co_err take_in(struct sla_service *s, struct sla_case *c, const struct sla_wide *wide, struct sla_events *events)
{
    size_t before = events->count;
    enum co_err err = sla_case_catch_up(c, wide, events);
    return err != CO_OK || events->count == before ? err : find_versions(s, c);
}

/* Before anything else happens to it, a case takes in what was declared since it was looked at last. */
static enum co_err catch_up(struct sla_service *s, struct sla_case *c, struct sla_events *events)
{
    struct sla_wide wide;
    bool has_news = false;
    enum co_err err = sla_versions_wide(s->versions, c->arena, c->state, &has_news, &wide);
    return err != CO_OK || !has_news ? err : take_in(s, c, &wide, events);
}

/* What the case was told may have undone its end, or moved it: then it takes in what passed it by since. */
static enum co_err catch_up_ended(struct sla_service *s, struct sla_case *c, struct sla_events *events)
{
    struct sla_wide wide;
    if (c->state->opened == NULL || !sla_case_has_ended(c))
        return CO_OK;
    enum co_err err = sla_versions_wide_now(s->versions, c->arena, c->state, &wide);
    return err != CO_OK ? err : take_in(s, c, &wide, events);
}

static enum co_err pack_state(struct co_arena *arena, const Callout__V1__SlaState *state, struct co_bytes *ret_body)
{
    size_t len = callout__v1__sla_state__get_packed_size(state);
    uint8_t *body = co_arena_alloc(arena, len);
    if (body == NULL)
        return CO_ENOMEM;
    *ret_body = (struct co_bytes){ body, callout__v1__sla_state__pack(state, body) };
    return CO_OK;
}

/* A held case has nothing to catch up with: it is opened under what holds then. */
static uint64_t registry_seen(const struct sla_service *s, const Callout__V1__SlaState *state)
{
    if (state->opened == NULL)
        return sla_versions_registry(s->versions);
    return state->registry_seen > state->opened->registry_version ? state->registry_seen : state->opened->registry_version;
}

static enum co_err make_row(const struct sla_service *s, const struct sla_case *c, int64_t case_id, const struct sla_fold *fold,
                            struct sla_row *ret_row)
{
    const Callout__V1__CaseOpened *opened = c->state->opened;
    const Callout__V1__TicketSubmitted *ticket = c->state->ticket;
    const struct sla_clock *next = fold->next_promise;
    *ret_row = (struct sla_row){
        .case_id = case_id,
        .customer = opened != NULL ? opened->customer : ticket->customer,
        .contract = opened != NULL ? opened->contract : "",
        .source = ticket != NULL ? ticket->source : "",
        .site = opened != NULL ? opened->site : ticket->site,
        .severity = (int)fold->severity,
        .state = fold->is_closed ? "closed" : opened != NULL ? "open" : "held",
        .opened_us = opened != NULL ? opened->reported_us : ticket->occurred_us,
        .next_due_us = next != NULL && next->due_us > 0 ? next->due_us : INT64_MAX,
        .next_milestone = next != NULL ? next->milestone->name : "",
        .next_us = fold->next_us,
        .closed_us = fold->is_closed ? fold->closed_us : INT64_MAX,
        .registry_seen = registry_seen(s, c->state),
    };
    return pack_state(c->arena, c->state, &ret_row->body);
}

/* What one case says in this turn. */
struct said {
    struct sla_events events;
    size_t emitted;
    struct sla_lateness_case before;
    char *trace; /* of the request that caused what is not yet emitted; for what happens by itself, of the report */
};

static enum co_err emit_new(struct sla_service *s, struct co_turn *t, int64_t case_id, struct said *said)
{
    struct turn_cases *cases = t->scratch;
    for (; said->emitted < said->events.count; said->emitted++) {
        Callout__V1__Event event = *said->events.event[said->emitted]; /* the state keeps the other, without trace */
        event.traceparent = said->trace;
        if (!co_turn_emit(t, case_id, &event))
            return CO_ENOMEM;
        enum co_err err = sla_lateness_note(&cases->lateness, t->arena, &said->before, &event);
        if (err != CO_OK)
            return err;
        co_metric_add(co_metric(s->metrics, SLA_M_OUTPUTS), 1);
    }
    return CO_OK;
}

static enum co_err take_entries(struct sla_service *s, struct co_turn *t, int64_t case_id, struct sla_case *c, struct said *said)
{
    enum co_err err = CO_OK;
    for (size_t i = 0; err == CO_OK && i < t->entry_count; i++) {
        const struct co_entry *e = &t->entries[i];
        if (e->case_id != case_id)
            continue;
        if (said->before.input_us == 0)
            said->before.input_us = e->at_us;
        err = take_entry(s, c, e, &said->events);
        if (e->kind == CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED && c->state->traceparent[0] == '\0')
            c->state->traceparent = e->event->traceparent;
        said->trace = e->event->traceparent[0] != '\0' ? e->event->traceparent : c->state->traceparent;
        if (err == CO_OK)
            err = emit_new(s, t, case_id, said);
    }
    return err;
}

/* One case: its entries in order, then the fold. A case nobody reported (a stale wake-up) has no row. */
static enum co_err decide_case(struct sla_service *s, struct co_turn *t, size_t index, struct sla_row *ret_row, bool *ret_has_row)
{
    struct turn_cases *cases = t->scratch;
    int64_t case_id = cases->id[index];
    static char untraced[] = "";
    struct said said = { .trace = untraced };
    struct sla_fold fold = { .next_us = INT64_MAX };
    struct sla_case c;
    enum co_err err = open_case(s, t, case_id, &c);
    if (err == CO_OK) {
        said.trace = c.state->traceparent;
        said.before.announced = c.state->announced;
        said.before.announced_count = c.state->n_announced;
        said.before.seen_us = c.state->seen_us;
    }
    if (err == CO_OK)
        err = catch_up(s, &c, &said.events);
    bool has_moved = said.events.count > 0;
    if (has_moved)
        said.before.input_us = t->now_us;
    if (err == CO_OK)
        err = emit_new(s, t, case_id, &said);
    if (err == CO_OK)
        err = take_entries(s, t, case_id, &c, &said);
    size_t count = said.events.count;
    if (err == CO_OK && said.before.input_us != 0)
        err = catch_up_ended(s, &c, &said.events);
    has_moved = has_moved || said.events.count > count;
    *ret_has_row = err == CO_OK && sla_case_is_known(&c);
    if (*ret_has_row)
        err = sla_case_advance(&c, &said.events, &fold);
    if (err == CO_OK && *ret_has_row)
        err = make_row(s, &c, case_id, &fold, ret_row);
    if (err == CO_OK)
        err = emit_new(s, t, case_id, &said);
    cases->next_us[index] = fold.next_us;
    cases->moved += has_moved;
    return err;
}

static enum co_err decide(void *service, struct co_turn *t)
{
    struct sla_service *s = service;
    struct turn_cases *cases = t->scratch;
    struct sla_row *rows = co_arena_alloc(t->arena, (cases->count + 1) * sizeof(*rows));
    enum co_err err = rows == NULL ? CO_ENOMEM : sla_sweep_check(s, t, &cases->sweep);
    size_t n = 0;
    cases->lateness = (struct sla_lateness){ 0 };
    cases->moved = 0;
    for (size_t i = 0; err == CO_OK && i < cases->count; i++) {
        bool has_row = false;
        err = decide_case(s, t, i, &rows[n], &has_row);
        n += has_row;
    }
    if (err == CO_OK)
        err = sla_store_save(t, rows, n);
    co_metric_add(co_metric(s->metrics, SLA_M_CASES), (double)cases->count);
    co_metric_add(co_metric(s->metrics, SLA_M_MOVED), (double)cases->moved);
    return err == CO_OK ? sla_sweep_decide(s, t, &cases->sweep, cases->id, cases->count, cases->moved) : err;
}

static void committed(void *service, struct co_turn *t)
{
    struct sla_service *s = service;
    const struct turn_cases *cases = t->scratch;
    for (size_t i = 0; i < cases->count; i++)
        co_worker_due(co_daemon_worker(s->daemon), t->lane, cases->id[i], cases->next_us[i]);
    sla_lateness_observe(s, &cases->lateness, co_node_now_us(co_daemon_node(s->daemon)));
    sla_sweep_committed(s, t, &cases->sweep);
}

static void forget_lane(void *service, int lane)
{
    sla_sweep_forget(service, lane);
}

#define KIND(kind) (UINT64_C(1) << CALLOUT__V1__EVENT__BODY_##kind)

const struct co_worker_ops sla_ops = {
    .kinds = KIND(TICKET_SUBMITTED) | KIND(COMMAND_RECEIVED) | KIND(SITE_LOCATED) | KIND(REGISTRY_APPLIED),
    .due = &sla_sql[sla_sql_due_cases],
    .load = load,
    .decide = decide,
    .committed = committed,
    .lane_taken = forget_lane,
    .lane_lost = forget_lane,
};
