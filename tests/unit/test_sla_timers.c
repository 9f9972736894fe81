/* Every timer of a case is accounted for: armed = fired + cancelled + pending, and what is missing
 * is named. */
#include "sla_timers.h"

#include <string.h>

#include "sla_case_help.h"

enum { ENTRIES_MAX = 200 };

static struct sla_timer_entry entries[ENTRIES_MAX];
static size_t count;
static struct sla_timer_count counts[SLA_TIMER_KINDS];
static struct sla_timer_difference differences[20];
static size_t difference_count;
static int64_t latest_us, longest_us; /* of what fired */
static size_t fired_count;

static void on_fired(void *arg, const struct sla_timer *timer, int64_t late_us, int64_t since_us)
{
    (void)arg;
    (void)timer;
    fired_count++;
    latest_us = late_us > latest_us ? late_us : latest_us;
    longest_us = since_us > longest_us ? since_us : longest_us;
}

static void on_difference(void *arg, const struct sla_timer_difference *d)
{
    (void)arg;
    ck_assert_uint_lt(difference_count, 20);
    differences[difference_count++] = *d;
}

static void note_at(int64_t at_us, const Callout__V1__Event *event)
{
    ck_assert_uint_lt(count, ENTRIES_MAX);
    entries[count++] = (struct sla_timer_entry){ at_us, event };
}

/* A look at the case at that minute, its outputs announced `late_us` later. */
static void look_late(int64_t minute, int64_t late_us)
{
    struct sla_events events = { 0 };
    c.now_us = T0 + minute * MINUTE + late_us;
    ck_assert_int_eq(sla_case_advance(&c, &events, &fold), CO_OK);
    for (size_t i = 0; i < events.count; i++)
        note_at(c.now_us, events.event[i]);
}

static void look(int64_t minute)
{
    look_late(minute, 0);
}

static void take(int64_t minute, Callout__V1__CommandReceived *m)
{
    Callout__V1__Event *e = world_message(&w, &callout__v1__event__descriptor);
    e->body_case = BODY(COMMAND_RECEIVED);
    e->command_received = m;
    note_at(T0 + minute * MINUTE, e);
    c.now_us = T0 + minute * MINUTE;
    (void)apply(m);
    look(minute);
}

/* "response" with a warning at 20 of 30 minutes, "report" with two warnings and a pause. */
static void start(void)
{
    begin();
    count = difference_count = 0;
    memset(counts, 0, sizeof(counts));
    latest_us = longest_us = 0;
    fired_count = 0;
    world_warn(&w, response(), 0, 10 * MINUTE);
    Callout__V1__Milestone *m = world_milestone(&w, "report", ACT(REPORTED), ACT(INVESTIGATED));
    world_minutes(&w, m, 120, 120, 120, 120);
    world_warn(&w, m, 50, 0);
    world_warn(&w, m, 75, 0);
    world_pause(&w, m, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    Callout__V1__Event *e = world_message(&w, &callout__v1__event__descriptor);
    e->body_case = BODY(TICKET_SUBMITTED);
    e->ticket_submitted = ticket;
    note_at(T0, e);
    submit();
    look(0);
}

static void account(int64_t wake_us, int64_t now_us)
{
    struct sla_timer_ear ear = { on_fired, on_difference, NULL };
    struct sla_fold now;
    memset(counts, 0, sizeof(counts));
    difference_count = fired_count = 0;
    ck_assert_int_eq(sla_case_fold(&c, w.arena, now_us, &now), CO_OK);
    struct sla_timer_case in = { &now, entries, count, wake_us, now_us, MINUTE };
    ck_assert_int_eq(sla_timers_account(&in, w.arena, &ear, counts), CO_OK);
}

/* As the row has it. */
static void account_at(int64_t minute)
{
    account(fold.next_us, T0 + minute * MINUTE);
}

static void adds_up(uint64_t armed, uint64_t fired, uint64_t cancelled, uint64_t pending)
{
    struct sla_timer_count sum = { 0 };
    for (size_t i = 0; i < SLA_TIMER_KINDS; i++) {
        sum.armed += counts[i].armed;
        sum.fired += counts[i].fired;
        sum.cancelled += counts[i].cancelled;
        sum.pending += counts[i].pending;
        ck_assert_uint_eq(counts[i].armed,
                          counts[i].fired + counts[i].cancelled + counts[i].pending);
    }
    ck_assert_uint_eq(difference_count, 0);
    ck_assert_uint_eq(sum.armed, armed);
    ck_assert_uint_eq(sum.fired, fired);
    ck_assert_uint_eq(sum.cancelled, cancelled);
    ck_assert_uint_eq(sum.pending, pending);
    ck_assert_uint_eq(fired_count, fired);
}

static const struct sla_timer_difference *only(enum sla_timer_fault fault)
{
    ck_assert_uint_eq(difference_count, 1);
    ck_assert_int_eq(differences[0].fault, fault);
    return &differences[0];
}

static size_t find_entry(Callout__V1__Event__BodyCase kind)
{
    size_t i = 0;
    while (i < count && entries[i].event->body_case != kind)
        i++;
    ck_assert_uint_lt(i, count);
    return i;
}

static void forget(size_t i)
{
    memmove(&entries[i], &entries[i + 1], (count - i - 1) * sizeof(entries[0]));
    count--;
}

START_TEST(all_timers_of_a_new_case_are_pending)
{
    start();
    account_at(0);
    adds_up(5, 0, 0, 5);
    end();
}
END_TEST

START_TEST(what_fired_was_announced_and_what_was_met_is_cancelled)
{
    start();
    look(20);
    take(25, command(25, ACT(CONTACTED)));
    look(60);
    account_at(61);
    adds_up(5, 2, 1, 2);
    end();
}
END_TEST

START_TEST(a_breach_cancels_the_warnings_it_swallows)
{
    start();
    look(20);
    look(30);
    look(120);
    account_at(120);
    adds_up(5, 5, 0, 0);
    end();
}
END_TEST

START_TEST(timers_of_a_standing_clock_wait_without_a_wake_up)
{
    start();
    take(1, command(1, ACT(CONTACTED)));
    take(5, command(5, ACT(WAITING_CUSTOMER)));
    ck_assert_int_eq(fold.next_us, INT64_MAX);
    account_at(200);
    adds_up(5, 0, 2, 3);
    end();
}
END_TEST

START_TEST(a_timer_that_was_never_announced_is_missing)
{
    start();
    look(20);
    look(30);
    forget(find_entry(BODY(BREACHED)));
    account_at(40);
    const struct sla_timer_difference *d = only(SLA_TIMER_MISSING);
    ck_assert_str_eq(d->timer.milestone, "response");
    ck_assert_int_eq(d->timer.kind, SLA_TIMER_DUE);
    ck_assert_int_eq(d->timer.due_us, T0 + 30 * MINUTE);
    ck_assert_uint_eq(counts[SLA_TIMER_DUE].armed, counts[SLA_TIMER_DUE].fired +
                                                       counts[SLA_TIMER_DUE].cancelled +
                                                       counts[SLA_TIMER_DUE].pending + 1);
    end();
}
END_TEST

START_TEST(what_became_due_just_now_may_be_on_its_way)
{
    start();
    account(fold.next_us, T0 + 20 * MINUTE + MINUTE / 2);
    adds_up(5, 0, 0, 5);
    account(fold.next_us, T0 + 22 * MINUTE);
    (void)only(SLA_TIMER_MISSING);
    end();
}
END_TEST

START_TEST(a_row_that_wakes_up_too_late_loses_its_next_timer)
{
    start();
    account(fold.next_us + 1, T0);
    const struct sla_timer_difference *d = only(SLA_TIMER_LOST);
    ck_assert_int_eq(d->timer.kind, SLA_TIMER_WARNING);
    ck_assert_int_eq(d->timer.due_us, T0 + 20 * MINUTE);
    ck_assert_int_eq(d->wake_us, T0 + 20 * MINUTE + 1);
    end();
}
END_TEST

START_TEST(without_a_row_everything_pending_is_lost)
{
    start();
    account(INT64_MAX, T0);
    ck_assert_uint_eq(difference_count, 5);
    for (size_t i = 0; i < difference_count; i++)
        ck_assert_int_eq(differences[i].fault, SLA_TIMER_LOST);
    end();
}
END_TEST

START_TEST(an_announcement_made_twice_is_named)
{
    start();
    look(20);
    note_at(T0 + 21 * MINUTE, entries[find_entry(BODY(WARNED))].event);
    account_at(22);
    ck_assert_int_eq(only(SLA_TIMER_TWICE)->at_us, T0 + 21 * MINUTE);
    end();
}
END_TEST

START_TEST(an_announcement_before_its_time_is_early)
{
    start();
    look(20);
    entries[find_entry(BODY(WARNED))].at_us = T0 + 20 * MINUTE - 1;
    account_at(21);
    (void)only(SLA_TIMER_EARLY);
    end();
}
END_TEST

START_TEST(an_announcement_that_the_inputs_do_not_give_is_strange)
{
    start();
    look(20);
    take(21, command(21, ACT(CONTACTED)));
    Callout__V1__Breached *b = world_message(&w, &callout__v1__breached__descriptor);
    Callout__V1__Event *e = world_message(&w, &callout__v1__event__descriptor);
    b->milestone = world_text(&w, "response");
    b->generation = 1;
    b->due_us = T0 + 30 * MINUTE;
    e->body_case = BODY(BREACHED);
    e->breached = b;
    note_at(T0 + 30 * MINUTE, e);
    account_at(31);
    (void)only(SLA_TIMER_STRANGE);
    end();
}
END_TEST

START_TEST(what_a_late_fact_takes_back_does_not_count_as_fired)
{
    start();
    look(20);
    look(30);
    take(40, command(10, ACT(CONTACTED)));
    account_at(41);
    adds_up(5, 0, 2, 3);
    ck_assert_uint_eq(counts[SLA_TIMER_WARNING].taken_back, 1);
    ck_assert_uint_eq(counts[SLA_TIMER_DUE].taken_back, 1);
    end();
}
END_TEST

START_TEST(lateness_counts_from_the_due_time)
{
    start();
    look(20);
    look_late(30, 3 * MINUTE);
    account_at(34);
    ck_assert_int_eq(latest_us, 3 * MINUTE);
    ck_assert_int_eq(longest_us, 3 * MINUTE);
    end();
}
END_TEST

START_TEST(what_follows_from_a_late_fact_is_late_from_when_the_fact_came)
{
    start();
    look(20);
    take(21, command(21, ACT(CONTACTED)));
    take(22, command(10, ACT(WAITING_CUSTOMER)));
    take(100, command(12, ACT(CUSTOMER_ANSWERED))); /* so half the time was over at minute 62 */
    account_at(101);
    adds_up(5, 3, 1, 1);
    ck_assert_int_eq(latest_us, 0);
    ck_assert_int_eq(longest_us, 38 * MINUTE);
    end();
}
END_TEST

START_TEST(only_the_next_step_of_a_ladder_is_armed_and_an_acknowledgement_cancels_it)
{
    start();
    world_ladder(&w, w.pack->milestones[0], 10 * MINUTE);
    world_ladder(&w, w.pack->milestones[0], 20 * MINUTE);
    look(20);
    account_at(21);
    ck_assert_uint_eq(counts[SLA_TIMER_STEP].armed, 0);
    look(30);
    account_at(31);
    adds_up(6, 2, 0, 4);
    look(40);
    account_at(41);
    adds_up(7, 3, 0, 4);
    take(42, command(42, ACT(ACKNOWLEDGED)));
    account_at(43);
    adds_up(7, 3, 1, 3);
    ck_assert_uint_eq(counts[SLA_TIMER_STEP].fired, 1);
    ck_assert_uint_eq(counts[SLA_TIMER_STEP].cancelled, 1);
    end();
}
END_TEST

START_TEST(what_a_raise_makes_due_is_late_from_the_raise_on)
{
    start();
    Callout__V1__Milestone *m = world_milestone(&w, "visit", ACT(REPORTED), ACT(ARRIVED));
    world_minutes(&w, m, 60, 300, 300, 300);
    world_on_breach(&w, w.pack->milestones[1], ACTION(RAISE)); /* at minute 120 to level 1 */
    look(20);
    look(30);
    look(60);
    look(90);
    look(120);
    account_at(121);
    ck_assert_uint_eq(difference_count, 0);
    ck_assert_int_eq(latest_us, 0);
    ck_assert_int_eq(longest_us, 60 * MINUTE);
    end();
}
END_TEST

CHECK_MAIN("sla_timers", all_timers_of_a_new_case_are_pending,
           what_fired_was_announced_and_what_was_met_is_cancelled,
           a_breach_cancels_the_warnings_it_swallows,
           timers_of_a_standing_clock_wait_without_a_wake_up,
           a_timer_that_was_never_announced_is_missing, what_became_due_just_now_may_be_on_its_way,
           a_row_that_wakes_up_too_late_loses_its_next_timer,
           without_a_row_everything_pending_is_lost, an_announcement_made_twice_is_named,
           an_announcement_before_its_time_is_early,
           an_announcement_that_the_inputs_do_not_give_is_strange,
           what_a_late_fact_takes_back_does_not_count_as_fired, lateness_counts_from_the_due_time,
           what_follows_from_a_late_fact_is_late_from_when_the_fact_came,
           only_the_next_step_of_a_ladder_is_armed_and_an_acknowledgement_cancels_it,
           what_a_raise_makes_due_is_late_from_the_raise_on)
