/* At every moment of any history the timers of a case add up, and one that is taken away is missed.
 */
#include "sla_timers.h"

#include <string.h>

#include "check_main.h"
#include "sla_events.h"
#include "sla_random.h"

enum { HISTORIES = 300, ENTRIES_MAX = 6000 };

static struct world w;
static struct co_arena *arena, *scratch, *aside;
static struct sla_timer_entry entries[ENTRIES_MAX];
static size_t count, fired, differences;
static struct sla_timer_difference first;
static struct random_known known;
static struct sla_fold fold;

static void note(int64_t at_us, const Callout__V1__Event *event)
{
    ck_assert_uint_lt(count, ENTRIES_MAX);
    entries[count++] = (struct sla_timer_entry){ at_us, event };
}

static void note_body(int64_t at_us, Callout__V1__Event__BodyCase kind, void *body)
{
    Callout__V1__Event *e = sla_message_new(arena, &callout__v1__event__descriptor);
    e->body_case = kind;
    e->promised = body;
    note(at_us, e);
}

static void note_all(int64_t at_us, const struct sla_events *events)
{
    for (size_t i = 0; i < events->count; i++)
        note(at_us, events->event[i]);
}

static void on_fired(void *arg, const struct sla_timer *timer, int64_t late_us, int64_t since_us)
{
    (void)arg;
    (void)timer;
    ck_assert_int_ge(late_us, 0);
    ck_assert_int_le(late_us, since_us);
    fired++;
}

static void on_difference(void *arg, const struct sla_timer_difference *d)
{
    (void)arg;
    first = differences++ == 0 ? *d : first;
}

/* Whether the sums add up. */
static bool account(const struct sla_fold *f, int64_t wake_us, int64_t now_us)
{
    struct sla_timer_count counts[SLA_TIMER_KINDS] = { { 0 } };
    struct sla_timer_ear ear = { on_fired, on_difference, NULL };
    struct sla_timer_case in = { f, entries, count, wake_us, now_us, 0 };
    bool adds_up = true;
    fired = differences = 0;
    ck_assert_int_eq(sla_timers_account(&in, aside, &ear, counts), CO_OK);
    for (size_t i = 0; i < SLA_TIMER_KINDS; i++)
        adds_up =
            adds_up && counts[i].armed == counts[i].fired + counts[i].cancelled + counts[i].pending;
    return adds_up;
}

static void look(struct sla_case *c, uint64_t seed)
{
    struct sla_events events = { 0 };
    random_catch_up(c, &w, &known, &events);
    ck_assert_int_eq(sla_case_advance(c, &events, &fold), CO_OK);
    note_all(c->now_us, &events);
    bool adds_up = account(&fold, fold.next_us, c->now_us);
    ck_assert_msg(adds_up && differences == 0, "seed %llu: %zu differences, %s of %s/%u fault %d",
                  (unsigned long long)seed, differences, sla_timer_name(first.timer.kind),
                  first.timer.milestone, first.timer.generation, (int)first.fault);
    co_arena_reset(aside);
}

static void take(struct sla_case *c, const Callout__V1__SlaInput *input)
{
    struct sla_events events = { 0 };
    struct sla_admission none = { 0 };
    if (input->act == ACT(LOCATED)) {
        Callout__V1__SiteLocated *l =
            sla_message_new(arena, &callout__v1__site_located__descriptor);
        l->located_us = input->occurred_us;
        l->km = input->km;
        note_body(c->now_us, BODY(SITE_LOCATED), l);
        ck_assert_int_eq(sla_case_located(c, count, l), CO_OK);
        return;
    }
    Callout__V1__CommandReceived *m =
        sla_message_new(arena, &callout__v1__command_received__descriptor);
    m->command_id = count + 1000;
    m->act = input->act;
    m->occurred_us = input->occurred_us;
    m->role = input->role;
    m->name = input->name;
    m->severity = input->severity;
    m->agreed_us = input->agreed_us;
    m->from_us = input->from_us;
    m->until_us = input->until_us;
    note_body(c->now_us, BODY(COMMAND_RECEIVED), m);
    ck_assert_int_eq(sla_case_command(c, count, m, none, &events), CO_OK);
    note_all(c->now_us, &events);
}

/* Timers fire at their time, or a while later, until then. */
static void pass_time(struct sla_case *c, struct random_history *h, int64_t until_us)
{
    while (fold.next_us <= until_us) {
        int64_t late_us = (int64_t)random_pick(h, 3) * 7 * MINUTE;
        int64_t at_us = fold.next_us + late_us < until_us ? fold.next_us + late_us : until_us;
        c->now_us = at_us > c->now_us ? at_us : c->now_us;
        look(c, h->seed);
    }
    c->now_us = until_us > c->now_us ? until_us : c->now_us;
}

static struct sla_case live(struct random_history *h)
{
    struct sla_events said = { 0 };
    count = 0;
    known = (struct random_known){ .count = 0 };
    struct sla_case c = random_case(&w, h, arena, scratch, &said);
    c.now_us = h->approved_us > T0 ? h->approved_us : T0;
    note_body(T0, BODY(TICKET_SUBMITTED), random_ticket(h, arena));
    if (h->approved_us != 0)
        note_body(h->approved_us, BODY(COMMAND_RECEIVED), random_approval(h, arena));
    note_all(c.now_us, &said);
    look(&c, h->seed);
    for (size_t i = 0; i < h->count || i < h->wide_count; i++) {
        if (i < h->count) {
            pass_time(&c, h, h->arrives_us[i]);
            take(&c, &h->inputs[i]);
        }
        if (i < h->wide_count)
            random_learn(&known, &h->wides[i]);
        look(&c, h->seed);
    }
    pass_time(&c, h, T0 + RANDOM_END * MINUTE);
    return c;
}

/* Every announcement that stands is missed when it is not there. */
static void take_each_away(const struct sla_case *c)
{
    size_t stands = fired;
    size_t missed = 0;
    for (size_t i = 0; i < count; i++) {
        struct sla_timer_entry kept = entries[i];
        unsigned kind = (unsigned)kept.event->body_case;
        if (kind != BODY(WARNED) && kind != BODY(BREACHED) && kind != BODY(ESCALATED))
            continue;
        entries[i].event = entries[0].event; /* another report says nothing */
        bool adds_up = account(&fold, fold.next_us, c->now_us);
        missed += !adds_up && differences == 1 && first.fault == SLA_TIMER_MISSING;
        entries[i] = kept;
        co_arena_reset(aside);
    }
    ck_assert_uint_ge(missed, stands);
}

START_TEST(at_every_moment_of_any_history_the_timers_add_up)
{
    static struct random_history h;
    random_pack(&w, CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_UNDO);
    arena = co_arena_new((size_t)64 << 20);
    scratch = co_arena_new((size_t)64 << 20);
    aside = co_arena_new((size_t)64 << 20);
    size_t all = 0;
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        co_arena_reset(arena);
        co_arena_reset(scratch);
        random_history(&h, seed);
        struct sla_case c = live(&h);
        look(&c, seed);
        all += fired;
        if (seed % 10 == 0)
            take_each_away(&c);
    }
    ck_assert_uint_gt(all, HISTORIES);
    co_arena_free(arena);
    co_arena_free(scratch);
    co_arena_free(aside);
    world_done(&w);
}
END_TEST

CHECK_MAIN("sla_timers_history", at_every_moment_of_any_history_the_timers_add_up)
