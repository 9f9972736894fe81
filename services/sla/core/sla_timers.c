#include "sla_timers.h"

#include <string.h>

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

/* An announcement that was not taken back. */
struct said {
    struct sla_timer timer;
    int64_t at_us;
    int64_t known_us; /* when the journal took the input that this follows from */
    bool is_computed;
};

/* The latest promise of a generation: a timer that fires later was known since the input before it.
 */
struct known {
    const char *milestone;
    uint32_t generation;
    int64_t input_us;
    int64_t at_us; /* when the journal took it */
};

struct account {
    const struct sla_timer_case *in;
    const struct sla_timer_ear *ear;
    struct sla_timer_count *counts;
    struct said *said;
    size_t said_count;
    struct known *known;
    size_t known_count;
    int64_t input_us; /* of the last input read */
    int64_t moved_us; /* when the case last changed by itself: a raise, an action */
};

const char *sla_timer_name(enum sla_timer_kind kind)
{
    static const char *const names[SLA_TIMER_KINDS] = {
        [SLA_TIMER_WARNING] = "warning",
        [SLA_TIMER_DUE] = "due time",
        [SLA_TIMER_STEP] = "ladder step",
    };
    return names[kind];
}

/* False: the event is no timer. */
static bool timer_of(const Callout__V1__Event *e, struct sla_timer *ret)
{
    switch ((uint32_t)e->body_case) {
    case BODY(WARNED):
        *ret = (struct sla_timer){ SLA_TIMER_WARNING, e->warned->milestone, e->warned->generation,
                                   e->warned->threshold, e->warned->reached_us };
        return true;
    case BODY(BREACHED):
        *ret = (struct sla_timer){ SLA_TIMER_DUE, e->breached->milestone, e->breached->generation,
                                   0, e->breached->due_us };
        return true;
    case BODY(ESCALATED):
        *ret =
            (struct sla_timer){ SLA_TIMER_STEP, e->escalated->milestone, e->escalated->generation,
                                e->escalated->step, e->escalated->reached_us };
        return true;
    default:
        return false;
    }
}

static bool is_same(const struct sla_timer *a, const struct sla_timer *b)
{
    return a->kind == b->kind && a->generation == b->generation && a->ordinal == b->ordinal &&
           strcmp(a->milestone, b->milestone) == 0;
}

static struct said *find(const struct account *a, const struct sla_timer *timer)
{
    for (size_t i = 0; i < a->said_count; i++)
        if (is_same(&a->said[i].timer, timer))
            return &a->said[i];
    return NULL;
}

static void differ(const struct account *a, enum sla_timer_fault fault,
                   const struct sla_timer *timer, int64_t at_us)
{
    struct sla_timer_difference d = { fault, *timer, at_us, a->in->wake_us };
    a->ear->differs(a->ear->arg, &d);
}

/* -- what was announced */

static bool is_input(const Callout__V1__Event *e)
{
    switch ((uint32_t)e->body_case) {
    case BODY(TICKET_SUBMITTED):
    case BODY(COMMAND_RECEIVED):
    case BODY(SITE_LOCATED):
    case BODY(CALENDAR_REBASED):
    case BODY(EXCLUDED):
        return true;
    default:
        return false;
    }
}

static struct known *find_known(const struct account *a, const char *milestone, uint32_t generation)
{
    for (size_t i = 0; i < a->known_count; i++)
        if (a->known[i].generation == generation && strcmp(a->known[i].milestone, milestone) == 0)
            return &a->known[i];
    return NULL;
}

static void read_promise(struct account *a, const Callout__V1__Promised *p, int64_t at_us)
{
    struct known *k = find_known(a, p->milestone, p->generation);
    if (k == NULL)
        k = &a->known[a->known_count++];
    *k = (struct known){ p->milestone, p->generation, a->input_us, at_us };
}

/* A promise that moved in the same moment may have been moved by what the case did by itself. */
static int64_t known_since(const struct account *a, const struct sla_timer *timer, int64_t at_us)
{
    const struct known *k = find_known(a, timer->milestone, timer->generation);
    if (k == NULL)
        return 0;
    return k->at_us == at_us && a->moved_us > k->input_us ? a->moved_us : k->input_us;
}

static void read_timer(struct account *a, const struct sla_timer_entry *e,
                       const struct sla_timer *timer)
{
    if (find(a, timer) != NULL) {
        differ(a, SLA_TIMER_TWICE, timer, e->at_us);
        return;
    }
    if (e->at_us < timer->due_us)
        differ(a, SLA_TIMER_EARLY, timer, e->at_us);
    a->said[a->said_count++] =
        (struct said){ *timer, e->at_us, known_since(a, timer, e->at_us), false };
}

static void read_withdrawn(struct account *a, const Callout__V1__Withdrawn *w)
{
    static const uint32_t kinds[SLA_TIMER_KINDS] = { BODY(WARNED), BODY(BREACHED),
                                                     BODY(ESCALATED) };
    struct known *k = find_known(a, w->milestone, w->generation);
    if (k != NULL)
        k->input_us = a->input_us; /* what follows is known since then */
    for (enum sla_timer_kind kind = 0; kind < SLA_TIMER_KINDS; kind++) {
        struct sla_timer timer = { kind, w->milestone, w->generation, w->ordinal, 0 };
        struct said *s = kinds[kind] == w->kind ? find(a, &timer) : NULL;
        if (s == NULL)
            continue;
        a->counts[kind].taken_back++;
        *s = a->said[--a->said_count];
    }
}

static void read_entry(struct account *a, const struct sla_timer_entry *e)
{
    struct sla_timer timer;
    if (is_input(e->event))
        a->input_us = e->at_us;
    else if (e->event->body_case == BODY(PROMISED))
        read_promise(a, e->event->promised, e->at_us);
    else if (e->event->body_case == BODY(SEVERITY_CHANGED))
        a->moved_us = e->event->severity_changed->changed_us;
    else if (e->event->body_case == BODY(ACTED))
        a->moved_us = e->event->acted->acted_us;
    else if (e->event->body_case == BODY(WITHDRAWN))
        read_withdrawn(a, e->event->withdrawn);
    else if (timer_of(e->event, &timer))
        read_timer(a, e, &timer);
}

/* -- what is computed */

static void wait_for(struct account *a, const struct sla_timer *timer)
{
    a->counts[timer->kind].armed++;
    if (timer->due_us < a->in->wake_us)
        differ(a, SLA_TIMER_LOST, timer, 0);
    else
        a->counts[timer->kind].pending++;
}

/* A clock that stands: its timers need nobody to wake up for them. */
static void stand(struct account *a, enum sla_timer_kind kind)
{
    a->counts[kind].armed++;
    a->counts[kind].pending++;
}

static void cancel(struct account *a, enum sla_timer_kind kind)
{
    a->counts[kind].armed++;
    a->counts[kind].cancelled++;
}

static void fire(struct account *a, const struct sla_timer *timer)
{
    struct said *s = find(a, timer);
    if (s == NULL && timer->due_us > a->in->now_us - a->in->grace_us) {
        wait_for(a, timer);
        return;
    }
    a->counts[timer->kind].armed++;
    if (s == NULL) {
        differ(a, SLA_TIMER_MISSING, timer, 0);
        return;
    }
    s->is_computed = s->timer.due_us == timer->due_us;
    if (!s->is_computed)
        return;
    int64_t since_us = s->at_us > timer->due_us ? s->at_us - timer->due_us : 0;
    int64_t known_us = s->at_us > s->known_us ? s->at_us - s->known_us : 0;
    a->counts[timer->kind].fired++;
    a->ear->fired(a->ear->arg, timer, since_us < known_us ? since_us : known_us, since_us);
}

static void account_unfired(struct account *a, const struct sla_clock *c, struct sla_timer timer)
{
    bool is_over = c->state != SLA_CLOCK_OPEN || c->is_breached;
    if (is_over)
        cancel(a, timer.kind);
    else if (c->is_paused)
        stand(a, timer.kind);
    else
        wait_for(a, &timer);
}

/* What of a clock has not fired. */
static void account_clock(struct account *a, const struct sla_clock *c)
{
    struct sla_timer timer = { .milestone = c->milestone->name, .generation = c->generation };
    size_t count = c->milestone->n_warnings < 64 ? c->milestone->n_warnings : 64;
    for (size_t i = 0; i < count; i++) {
        timer.kind = SLA_TIMER_WARNING;
        timer.ordinal = (uint32_t)i;
        timer.due_us = c->warn_us[i];
        if ((c->warned >> i & 1) == 0 && timer.due_us != INT64_MAX)
            account_unfired(a, c, timer);
    }
    timer.kind = SLA_TIMER_DUE;
    timer.ordinal = 0;
    timer.due_us = c->due_us;
    if (c->due_us != 0 && !c->is_breached)
        account_unfired(a, c, timer);
}

/* Of a ladder only the next step is armed, from the breach on. */
static void account_ladder(struct account *a, const struct sla_clock *c)
{
    struct sla_timer timer = { SLA_TIMER_STEP, c->milestone->name, c->generation, c->step,
                               c->next_us };
    if (!c->is_breached || sla_ladder_after(c->milestone, c->step) == INT64_MAX)
        return;
    if (c->state == SLA_CLOCK_OPEN && c->next_us != INT64_MAX)
        wait_for(a, &timer);
    else
        cancel(a, SLA_TIMER_STEP);
}

static void account_fold(struct account *a)
{
    const struct sla_fold *fold = a->in->fold;
    struct sla_timer timer;
    for (size_t i = 0; i < fold->output_count; i++)
        if (timer_of(fold->outputs[i], &timer))
            fire(a, &timer);
    for (size_t i = 0; i < fold->clock_count; i++) {
        account_clock(a, fold->clocks[i]);
        account_ladder(a, fold->clocks[i]);
    }
    for (size_t i = 0; i < a->said_count; i++)
        if (!a->said[i].is_computed)
            differ(a, SLA_TIMER_STRANGE, &a->said[i].timer, a->said[i].at_us);
}

enum co_err sla_timers_account(const struct sla_timer_case *in, struct co_arena *arena,
                               const struct sla_timer_ear *ear,
                               struct sla_timer_count counts[SLA_TIMER_KINDS])
{
    struct account a = { .in = in, .ear = ear, .counts = counts };
    a.said = co_arena_alloc(arena, (in->count + 1) * sizeof(a.said[0]));
    a.known = co_arena_alloc(arena, (in->count + 1) * sizeof(a.known[0]));
    if (a.said == NULL || a.known == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < in->count; i++)
        read_entry(&a, &in->entries[i]);
    account_fold(&a);
    return CO_OK;
}
