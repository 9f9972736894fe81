/* Every second of every clock of random cases is accounted for: with each kind of target, pause,
 * exclusion, guard, ladder, raise and change of the calendar. */
#include <string.h>

#include "check_main.h"
#include "sla_explain.h"
#include "sla_input.h"
#include "sla_random.h"

enum { HISTORIES = 400, LOOKS = 6 };

static struct world w;
static struct co_arena *arena, *scratch;
static size_t days, times, late, stood, moved;

static void take(struct sla_case *c, const Callout__V1__SlaInput *input, uint64_t seq)
{
    struct sla_events events = { 0 };
    struct sla_admission none = { 0 };
    if (input->act == ACT(LOCATED)) {
        Callout__V1__SiteLocated located = CALLOUT__V1__SITE_LOCATED__INIT;
        located.located_us = input->occurred_us;
        located.km = input->km;
        ck_assert_int_eq(sla_case_located(c, seq, &located), CO_OK);
        return;
    }
    Callout__V1__CommandReceived *m =
        sla_message_new(arena, &callout__v1__command_received__descriptor);
    m->command_id = seq;
    m->act = input->act;
    m->occurred_us = input->occurred_us;
    m->role = input->role;
    m->name = input->name;
    m->severity = input->severity;
    m->agreed_us = input->agreed_us;
    m->from_us = input->from_us;
    m->until_us = input->until_us;
    ck_assert_int_eq(sla_case_command(c, seq, m, none, &events), CO_OK);
}

/* All that happens is known, in whatever order it came. */
static struct sla_case know_all(struct random_history *h)
{
    struct sla_events said = { 0 };
    struct random_known known = { .count = 0 };
    struct sla_case c = random_case(&w, h, arena, scratch, &said);
    for (size_t i = 0; i < h->wide_count; i++)
        random_learn(&known, &h->wides[i]);
    random_catch_up(&c, &w, &known, &said);
    c.now_us = T0 + RANDOM_END * MINUTE;
    for (size_t i = 0; i < h->count; i++)
        take(&c, &h->inputs[i], 100 + i);
    return c;
}

static void check_segments(const Callout__V1__ClockAccount *a, int64_t now_us)
{
    int64_t at_us = a->start_us, counted = 0;
    bool is_late = false;
    for (size_t i = 0; i < a->n_segments; i++) {
        const Callout__V1__Segment *s = a->segments[i];
        ck_assert_int_eq(s->from_us, at_us);
        ck_assert_int_gt(s->until_us, s->from_us);
        at_us = s->until_us;
        counted += !s->counts ? 0 : a->is_days ? 1 : s->until_us - s->from_us;
        is_late = strcmp(s->why, "late") == 0;
        bool is_paused = strncmp(s->why, "paused", 6) == 0;
        ck_assert_int_eq(is_paused, s->by != NULL);
        ck_assert(!is_paused || s->by->kind[0] != '\0');
        ck_assert(!is_paused || strcmp(s->by->kind, "act") != 0 || s->by->act != ACT(NONE));
        ck_assert(!is_paused || strcmp(s->by->kind, "act") == 0 || s->by->key[0] != '\0');
        stood += is_paused;
    }
    ck_assert_int_eq(counted, a->counted);
    int64_t end_us = a->end_us != 0 ? a->end_us : now_us;
    /* a date that had passed when the clock started: late at once */
    bool goes_on = a->due_us == 0 || is_late || a->due_us < a->start_us;
    ck_assert_int_eq(at_us, goes_on ? end_us : a->due_us);
    late += is_late;
}

static void check_clock(const struct sla_clock *c, const Callout__V1__ClockAccount *a,
                        int64_t now_us)
{
    check_segments(a, now_us);
    if (c->is_breached)
        ck_assert_int_eq(a->due_us, c->due_us);
    if (a->due_us == 0 || a->target == 0)
        return;
    if (a->same_day)
        ck_assert_int_le(a->counted, a->target);
    else
        ck_assert_int_eq(a->counted, a->target);
    size_t *of_kind = a->is_days ? &days : &times;
    *of_kind += 1;
    moved += a->n_changes;
}

static void check_case(const struct sla_case *c, int64_t now_us)
{
    struct sla_fold fold;
    Callout__V1__Explanation *e = NULL;
    struct sla_fold_input in = { .policy = c->policy,
                                 .calendars = c->calendars,
                                 .opened = c->state->opened,
                                 .inputs = c->state->inputs,
                                 .input_count = c->state->n_inputs,
                                 .now_us = now_us };
    ck_assert_int_eq(sla_fold(&in, arena, &fold), CO_OK);
    ck_assert_int_eq(sla_explain_case(&in, &fold, arena, &e), CO_OK);
    ck_assert_uint_eq(e->n_clocks, fold.clock_count);
    for (size_t i = 0; i < fold.clock_count; i++)
        check_clock(fold.clocks[i], e->clocks[i], now_us);
}

START_TEST(every_second_of_every_clock_is_accounted_for_whatever_happens)
{
    static struct random_history h;
    random_pack(&w, CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_UNDO);
    arena = co_arena_new((size_t)64 << 20);
    scratch = co_arena_new((size_t)64 << 20);
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        co_arena_reset(arena);
        co_arena_reset(scratch);
        random_history(&h, seed);
        struct sla_case c = know_all(&h);
        for (int i = 0; i < LOOKS && c.state->opened != NULL; i++)
            check_case(&c, T0 + co_rand_between(&h.rand, 0, RANDOM_END) * MINUTE);
    }
    ck_assert_uint_gt(days, 100);
    ck_assert_uint_gt(times, 1000);
    ck_assert_uint_gt(late, 1000);
    ck_assert_uint_gt(stood, 1000);
    ck_assert_uint_gt(moved, 100);
    co_arena_free(arena);
    co_arena_free(scratch);
    world_done(&w);
}
END_TEST

CHECK_MAIN("sla_account", every_second_of_every_clock_is_accounted_for_whatever_happens)
