#include "sla_ledger.h"

#include <stdbool.h>
#include <string.h>

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

static const char *const names[SLA_HOLDERS] = {
    [SLA_HOLDER_HELD] = "held",         [SLA_HOLDER_QUEUE] = "queue",
    [SLA_HOLDER_REMOTE] = "remote",     [SLA_HOLDER_EXPERT] = "expert",
    [SLA_HOLDER_TRAVEL] = "travel",     [SLA_HOLDER_ONSITE] = "onsite",
    [SLA_HOLDER_CUSTOMER] = "customer", [SLA_HOLDER_VENDOR] = "vendor",
    [SLA_HOLDER_CLOSED] = "closed",     [SLA_HOLDER_EXCLUDED] = "excluded",
};

const char *sla_holder_name(enum sla_holder holder)
{
    return names[holder];
}

/* -- who works on it, and what is waited for */

#define FROM(holder) (1u << SLA_HOLDER_##holder)
#define FROM_ANY UINT32_MAX
#define KEEP SLA_HOLDERS

enum wait {
    WAIT_NONE,
    WAIT_CUSTOMER,
    WAIT_VENDOR,
    WAIT_HARDWARE,
    WAIT_SIGNATURE,
    WAIT_EXCLUSION,
    WAIT_CONSENT, /* as the fold has it */
    WAITS
};

#define ENDS(name) (1u << WAIT_##name)

/* One act: who works on it from then on, if one of `from` did before; what begins to be waited
 * for, and what does not have to be any more. */
struct rule {
    Callout__V1__Act act;
    uint32_t from;
    enum sla_holder to; /* KEEP: as before */
    enum wait begins;
    uint32_t ends;
};

/* Being asked to the site does not take a case out of the hands of whoever works on it; giving up
 * does. What is restored waits for nobody but who signs. */
static const struct rule rules[] = {
    { ACT(CASE_ACCEPTED), FROM(QUEUE), SLA_HOLDER_REMOTE, WAIT_NONE, 0 },
    { ACT(CONTACTED), FROM(QUEUE), SLA_HOLDER_REMOTE, WAIT_NONE, 0 },
    { ACT(PROCESS_STARTED), FROM(QUEUE), SLA_HOLDER_REMOTE, WAIT_NONE, 0 },
    { ACT(VENDOR_JOINED), FROM(QUEUE), SLA_HOLDER_REMOTE, WAIT_NONE, 0 },
    { ACT(EXPERT_JOINED), FROM(QUEUE) | FROM(REMOTE), SLA_HOLDER_EXPERT, WAIT_NONE, 0 },
    { ACT(REMOTE_GAVE_UP), FROM(REMOTE) | FROM(EXPERT), SLA_HOLDER_QUEUE, WAIT_NONE, 0 },
    { ACT(UNDERWAY), FROM_ANY, SLA_HOLDER_TRAVEL, WAIT_NONE, 0 },
    { ACT(ARRIVED), FROM_ANY, SLA_HOLDER_ONSITE, WAIT_NONE, 0 },
    { ACT(WAITING_CUSTOMER), 0, KEEP, WAIT_CUSTOMER, 0 },
    { ACT(CUSTOMER_ANSWERED), 0, KEEP, WAIT_NONE, ENDS(CUSTOMER) },
    { ACT(WAITING_VENDOR), 0, KEEP, WAIT_VENDOR, 0 },
    { ACT(VENDOR_ANSWERED), 0, KEEP, WAIT_NONE, ENDS(VENDOR) },
    { ACT(HARDWARE_FAULT), 0, KEEP, WAIT_HARDWARE, 0 },
    { ACT(HARDWARE_READY), 0, KEEP, WAIT_NONE, ENDS(HARDWARE) },
    { ACT(RESTORED), FROM_ANY, SLA_HOLDER_QUEUE, WAIT_SIGNATURE,
      ENDS(CUSTOMER) | ENDS(VENDOR) | ENDS(HARDWARE) },
    { ACT(RELAPSED), 0, KEEP, WAIT_NONE, ENDS(SIGNATURE) },
    { ACT(EXCLUDED), 0, KEEP, WAIT_EXCLUSION, 0 },
    { ACT(EXCLUSION_ENDED), 0, KEEP, WAIT_NONE, ENDS(EXCLUSION) },
};

/* What a wait, or a step, makes of the case, the first that is there counts. */
static const struct {
    enum wait wait;
    enum sla_holder holder;
    bool has_steps; /* steps of his count, too */
} waited[] = {
    { WAIT_EXCLUSION, SLA_HOLDER_EXCLUDED, false }, { WAIT_CUSTOMER, SLA_HOLDER_CUSTOMER, true },
    { WAIT_CONSENT, SLA_HOLDER_CUSTOMER, false },   { WAIT_SIGNATURE, SLA_HOLDER_CUSTOMER, false },
    { WAIT_VENDOR, SLA_HOLDER_VENDOR, true },       { WAIT_HARDWARE, SLA_HOLDER_VENDOR, false },
};

struct book {
    const struct sla_fold_input *in;
    const struct sla_fold *fold;
    struct co_arena *arena;
    struct sla_ledger *to;
    size_t cap;
    size_t next; /* input */
    size_t next_made;
    int64_t at_us;
    enum sla_holder works;
    uint32_t waits[WAITS]; /* how many of that kind are open: more than one only of exclusions */
    enum co_err err;
};

/* -- writing */

static bool extends_last(const struct book *b, enum sla_holder holder)
{
    return b->to->span_count > 0 && b->to->spans[b->to->span_count - 1].holder == holder;
}

static bool make_room(struct book *b)
{
    if (b->to->span_count < b->cap)
        return true;
    size_t cap = b->cap == 0 ? 32 : b->cap * 2;
    struct sla_ledger_span *spans = co_arena_alloc(b->arena, cap * sizeof(*spans));
    if (spans == NULL) {
        b->err = CO_ENOMEM;
        return false;
    }
    if (b->to->span_count > 0)
        memcpy(spans, b->to->spans, b->to->span_count * sizeof(*spans));
    b->to->spans = spans;
    b->cap = cap;
    return true;
}

/* From where the book is until then. */
static void put(struct book *b, int64_t until_us, enum sla_holder holder)
{
    if (until_us <= b->at_us)
        return;
    b->to->length_us[holder] += until_us - b->at_us;
    if (extends_last(b, holder))
        b->to->spans[b->to->span_count - 1].until_us = until_us;
    else if (make_room(b))
        b->to->spans[b->to->span_count++] = (struct sla_ledger_span){ b->at_us, until_us, holder };
    b->at_us = until_us;
}

/* -- steps */

/* KEEP: ours, or of both sides. */
static enum sla_holder holder_of(struct sla_turn turn)
{
    enum sla_holder holder = KEEP;
    for (size_t i = 0; i < turn.count; i++) {
        bool is_customer = turn.roles[i] == CALLOUT__V1__ROLE__ROLE_CUSTOMER;
        bool is_vendor = turn.roles[i] == CALLOUT__V1__ROLE__ROLE_VENDOR;
        enum sla_holder his = is_customer ? SLA_HOLDER_CUSTOMER : SLA_HOLDER_VENDOR;
        if ((!is_customer && !is_vendor) || (holder != KEEP && holder != his))
            return KEEP;
        holder = his;
    }
    return holder;
}

static bool is_turn_of(const struct book *b, size_t step, enum sla_holder holder)
{
    struct sla_turn turn = sla_step_turn(b->fold, b->in->policy, step, b->at_us);
    return turn.count > 0 && holder_of(turn) == holder;
}

static bool is_any_turn_of(const struct book *b, enum sla_holder holder)
{
    const Callout__V1__PolicyPack *p = b->in->policy;
    for (size_t i = 0; i < p->n_steps; i++)
        if (is_turn_of(b, i, holder))
            return true;
    return false;
}

/* Whether a clock stands because of a step that is his turn. */
static bool keeps_standing(const struct book *b, enum sla_holder holder)
{
    const Callout__V1__PolicyPack *p = b->in->policy;
    for (size_t i = 0; i < b->fold->clock_count; i++) {
        const struct sla_pauses *pauses = &b->fold->clocks[i]->pauses;
        for (size_t k = 0; k < pauses->count; k++) {
            const struct sla_pause *pause = &pauses->pause[k];
            if (pause->from_us > b->at_us || pause->until_us <= b->at_us ||
                strcmp(pause->reason.why, "step") != 0)
                continue;
            size_t step = sla_step_find(p, pause->reason.name);
            if (step < p->n_steps && is_turn_of(b, step, holder))
                return true;
        }
    }
    return false;
}

/* He holds the case whose turn it is: alone, or so that a clock stands. */
static bool holds_by_step(const struct book *b, enum sla_holder holder)
{
    return is_any_turn_of(b, holder) && (!is_any_turn_of(b, KEEP) || keeps_standing(b, holder));
}

/* -- what happened */

static bool is_excluded_by(const Callout__V1__PolicyPack *policy, const char *cause)
{
    for (size_t i = 0; i < policy->n_excluded; i++)
        if (strcmp(policy->excluded[i]->key, cause) == 0)
            return true;
    return false;
}

/* A signature of the customer ends the wait for it, whatever it was a signature of. */
static bool ends_signature(const Callout__V1__SlaInput *input)
{
    return input->act == ACT(SIGN) && input->role == CALLOUT__V1__ROLE__ROLE_CUSTOMER;
}

static void follow(struct book *b, const struct rule *r, const Callout__V1__SlaInput *input)
{
    bool is_exclusion = r->begins == WAIT_EXCLUSION || r->ends == ENDS(EXCLUSION);
    if (is_exclusion && !is_excluded_by(b->in->policy, input->cause))
        return;
    if (r->to != KEEP && (r->from >> b->works & 1) != 0)
        b->works = r->to;
    for (size_t i = 0; i < WAITS; i++)
        if ((r->ends >> i & 1) != 0 && b->waits[i] > 0)
            b->waits[i]--;
    if (r->begins == WAIT_EXCLUSION)
        b->waits[r->begins]++;
    else if (r->begins != WAIT_NONE)
        b->waits[r->begins] = 1;
}

static void take(struct book *b, const Callout__V1__SlaInput *input)
{
    if (ends_signature(input))
        b->waits[WAIT_SIGNATURE] = 0;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        if (rules[i].act == input->act)
            follow(b, &rules[i], input);
}

static int64_t next_input_us(const struct book *b)
{
    return b->next < b->in->input_count ? b->in->inputs[b->next]->occurred_us : INT64_MAX;
}

static int64_t next_made_us(const struct book *b)
{
    return b->next_made < b->fold->made_count ? b->fold->made[b->next_made]->at_us : INT64_MAX;
}

/* What the pack made of something happens after it. */
static void take_until_now(struct book *b)
{
    while (next_input_us(b) <= b->at_us || next_made_us(b) <= b->at_us) {
        if (next_input_us(b) <= next_made_us(b)) {
            take(b, b->in->inputs[b->next++]);
            continue;
        }
        Callout__V1__SlaInput made = CALLOUT__V1__SLA_INPUT__INIT;
        made.act = b->fold->made[b->next_made++]->act;
        take(b, &made);
    }
}

/* -- the promise that governs */

static bool is_running(const struct sla_clock *c, int64_t at_us)
{
    bool is_over = c->state != SLA_CLOCK_OPEN && c->ended_us <= at_us;
    return !is_over && c->start_us <= at_us && c->due_us != 0 && !c->milestone->internal;
}

/* NULL: none. */
static const struct sla_clock *governing(const struct book *b)
{
    const struct sla_clock *first = NULL;
    for (size_t i = 0; i < b->fold->clock_count; i++) {
        const struct sla_clock *c = b->fold->clocks[i];
        if (is_running(c, b->at_us) && (first == NULL || c->due_us < first->due_us))
            first = c;
    }
    return first;
}

static void earlier(int64_t *first_us, int64_t at_us, int64_t us)
{
    if (us > at_us && us < *first_us)
        *first_us = us;
}

/* When something may be different: the next input, or a clock that starts or ends. */
static int64_t next_change(const struct book *b)
{
    int64_t first_us = b->to->until_us;
    earlier(&first_us, b->at_us, next_input_us(b));
    earlier(&first_us, b->at_us, next_made_us(b));
    for (size_t i = 0; i < b->fold->wait_count; i++) {
        earlier(&first_us, b->at_us, b->fold->waits[i]->from_us);
        earlier(&first_us, b->at_us, b->fold->waits[i]->until_us);
    }
    for (size_t i = 0; i < b->fold->clock_count; i++) {
        const struct sla_clock *c = b->fold->clocks[i];
        earlier(&first_us, b->at_us, c->start_us);
        if (c->state != SLA_CLOCK_OPEN)
            earlier(&first_us, b->at_us, c->ended_us);
    }
    for (size_t i = 0; i < b->in->policy->n_steps; i++)
        for (size_t k = 0; k < b->fold->steps[i].turn_count; k++)
            earlier(&first_us, b->at_us, b->fold->steps[i].turns[k].from_us);
    return first_us;
}

/* -- the ledger */

/* Working time and what lies between; outside of what the calendar covers nobody knows better than
 * that it is worked. */
static void put_hours(struct book *b, int64_t until_us, const struct co_calendar *calendar)
{
    int64_t from_us, to_us, covered_from_us, covered_to_us;
    co_calendar_range(calendar, &covered_from_us, &covered_to_us);
    while (b->at_us < until_us && b->err == CO_OK) {
        bool is_covered = b->at_us >= covered_from_us &&
                          co_calendar_next_span(calendar, b->at_us, &from_us, &to_us);
        if (!is_covered) {
            put(b, until_us, b->works);
            return;
        }
        put(b, from_us < until_us ? from_us : until_us, SLA_HOLDER_CLOSED);
        put(b, to_us < until_us ? to_us : until_us, b->works);
    }
}

static void put_work(struct book *b, int64_t until_us)
{
    const struct sla_clock *c = governing(b);
    const struct co_calendar *calendar =
        c == NULL || c->goal.kind != CALLOUT__V1__TARGET_KIND__TARGET_WORKING
            ? NULL
            : sla_calendars_of(&b->in->calendars, c->milestone).calendar;
    if (calendar != NULL)
        put_hours(b, until_us, calendar);
    else
        put(b, until_us, b->works);
}

/* Whether the customer owes an answer to who may enter. */
static bool is_asked(const struct book *b)
{
    for (size_t i = 0; i < b->fold->wait_count; i++)
        if (b->fold->waits[i]->from_us <= b->at_us && b->at_us < b->fold->waits[i]->until_us)
            return true;
    return false;
}

static void put_next(struct book *b)
{
    int64_t until_us = next_change(b);
    b->waits[WAIT_CONSENT] = is_asked(b);
    for (size_t i = 0; i < sizeof(waited) / sizeof(waited[0]); i++)
        if (b->waits[waited[i].wait] > 0 ||
            (waited[i].has_steps && holds_by_step(b, waited[i].holder))) {
            put(b, until_us, waited[i].holder);
            return;
        }
    put_work(b, until_us);
}

static int64_t entitled_us(const struct sla_fold_input *in, int64_t otherwise_us)
{
    for (size_t i = 0; i < in->input_count; i++)
        if (in->inputs[i]->act == ACT(ENTITLED))
            return in->inputs[i]->occurred_us;
    return otherwise_us;
}

static int64_t latest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

enum co_err sla_ledger(const struct sla_fold_input *in, const struct sla_fold *fold,
                       struct co_arena *arena, struct sla_ledger *ret)
{
    int64_t from_us = in->opened->reported_us;
    int64_t until_us = latest(fold->is_closed ? fold->closed_us : in->now_us, from_us);
    int64_t taken_us = entitled_us(in, from_us);
    *ret = (struct sla_ledger){ .from_us = from_us, .until_us = until_us };
    struct book b = { .in = in,
                      .fold = fold,
                      .arena = arena,
                      .to = ret,
                      .at_us = from_us,
                      .works = SLA_HOLDER_QUEUE };
    put(&b, taken_us < until_us ? taken_us : until_us, SLA_HOLDER_HELD);
    while (b.at_us < until_us && b.err == CO_OK) {
        take_until_now(&b);
        put_next(&b);
    }
    return b.err;
}

enum co_err sla_ledger_held(int64_t reported_us, int64_t until_us, struct co_arena *arena,
                            struct sla_ledger *ret)
{
    *ret = (struct sla_ledger){ .from_us = reported_us, .until_us = latest(until_us, reported_us) };
    struct book b = { .arena = arena, .to = ret, .at_us = reported_us };
    put(&b, ret->until_us, SLA_HOLDER_HELD);
    return b.err;
}
