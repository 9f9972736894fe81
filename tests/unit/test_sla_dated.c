/* Targets that count from the date of a case, and what moves it. */
#include "sla_case_help.h"

static Callout__V1__Milestone *prepared(int64_t amount)
{
    begin();
    Callout__V1__Milestone *m =
        world_milestone(&w, "prepared", ACT(REPORTED), ACT(PROCESS_STARTED));
    world_target(&w, m, 2, TARGET(DATED), amount);
    return m;
}

static void dated(int64_t from, int64_t until)
{
    w.opened->dated_us = T0 + from * MINUTE;
    w.opened->dated_until_us = until == 0 ? 0 : T0 + until * MINUTE;
}

static Callout__V1__CommandReceived *reschedule(int64_t minute, int64_t from, int64_t until)
{
    Callout__V1__CommandReceived *m = command(minute, ACT(RESCHEDULE));
    m->from_us = T0 + from * MINUTE;
    m->until_us = until == 0 ? 0 : T0 + until * MINUTE;
    return m;
}

START_TEST(a_target_counts_from_the_date_either_way)
{
    prepared(-60 * MINUTE);
    world_target(&w, world_milestone(&w, "begun", ACT(REPORTED), ACT(ARRIVED)), 2, TARGET(DATED),
                 0);
    world_target(&w, world_milestone(&w, "written", ACT(REPORTED), ACT(RESTORED)), 2,
                 TARGET(DATED_END), 120 * MINUTE);
    dated(600, 900);
    submit();
    ck_assert_str_eq(advance(1), "promised prepared/1 level 2 from 0 due 540\n"
                                 "promised begun/1 level 2 from 0 due 600\n"
                                 "promised written/1 level 2 from 0 due 1020\n");
    ck_assert_str_eq(fold.clocks[0]->promise->basis->kind, "dated");
    ck_assert_int_eq(fold.clocks[0]->promise->basis->amount, -60 * MINUTE);
    end();
}
END_TEST

START_TEST(a_point_in_time_ends_when_it_begins)
{
    begin();
    world_target(&w, world_milestone(&w, "written", ACT(REPORTED), ACT(RESTORED)), 2,
                 TARGET(DATED_END), 120 * MINUTE);
    dated(600, 0);
    submit();
    ck_assert_str_eq(advance(1), "promised written/1 level 2 from 0 due 720\n");
    end();
}
END_TEST

START_TEST(long_warnings_come_so_long_before_and_those_that_are_over_do_not)
{
    Callout__V1__Milestone *m = prepared(0);
    const int64_t day = 24 * 60;
    world_warn(&w, m, 0, 90 * day * MINUTE);
    world_warn(&w, m, 0, 60 * day * MINUTE);
    world_warn(&w, m, 0, 7 * day * MINUTE);
    dated(90 * day, 0);
    submit();
    advance(1);
    ck_assert_str_eq(advance(30 * day - 1), "");
    ck_assert_str_eq(advance(30 * day), "warned prepared/1 #1 at 43200\n");
    ck_assert_str_eq(advance(83 * day), "warned prepared/1 #2 at 119520\n");
    ck_assert_str_eq(advance(90 * day), "breached prepared/1 level 2 due 129600\n");
    end();
}
END_TEST

START_TEST(another_date_moves_the_clocks_that_run_and_is_said_anew)
{
    prepared(-60 * MINUTE);
    dated(600, 0);
    submit();
    advance(1);
    apply(reschedule(10, 900, 1000));
    ck_assert_str_eq(advance(20), "promised prepared/1 level 2 from 0 due 840 revision 2\n");
    ck_assert_int_eq(fold.date.until_us, T0 + 1000 * MINUTE);
    apply(reschedule(5, 700, 0)); /* said before, known later */
    ck_assert_str_eq(advance(25), "");
    end();
}
END_TEST

START_TEST(what_was_late_stays_late_whatever_the_date)
{
    prepared(-60 * MINUTE);
    dated(600, 0);
    submit();
    advance(600);
    apply(reschedule(600, 900, 0));
    ck_assert_str_eq(advance(610), "");
    ck_assert(fold.clocks[0]->is_breached);
    end();
}
END_TEST

START_TEST(a_date_lies_ahead_or_goes_on)
{
    prepared(0);
    dated(600, 0);
    submit();
    advance(1);
    ck_assert_ptr_nonnull(strstr(refuse(reschedule(50, 40, 0))->reason, "must lie after the time"));
    ck_assert_ptr_nonnull(strstr(refuse(reschedule(50, 90, 80))->reason, "after its begin"));
    apply(reschedule(50, 40, 80)); /* it began and lasts longer */
    end();
}
END_TEST

START_TEST(where_nothing_has_a_date_none_is_moved)
{
    begin();
    response();
    submit();
    advance(1);
    ck_assert_ptr_nonnull(strstr(refuse(reschedule(5, 90, 0))->reason, "has a date"));
    end();
}
END_TEST

START_TEST(a_held_report_without_a_date_is_given_one_before_it_is_taken_on)
{
    prepared(-60 * MINUTE);
    w.pack->dated = true;
    hold();
    struct sla_admission opens = { .opened = w.opened };
    struct sla_events events = { 0 };
    c.policy = w.pack;
    ck_assert_int_eq(sla_case_command(&c, ++seq, command(10, ACT(APPROVE)), opens, &events), CO_OK);
    ck_assert_int_eq(events.event[0]->body_case, BODY(COMMAND_REFUSED));
    ck_assert_ptr_nonnull(strstr(events.event[0]->command_refused->reason, "say it first"));
    c.policy = NULL;
    apply(reschedule(20, 600, 0));
    events = (struct sla_events){ 0 };
    c.policy = w.pack;
    ck_assert_int_eq(sla_case_command(&c, ++seq, command(30, ACT(APPROVE)), opens, &events), CO_OK);
    ck_assert_int_eq(events.event[0]->body_case, BODY(CASE_OPENED));
    ck_assert_str_eq(advance(31), "promised prepared/1 level 2 from 30 due 540\n");
    end();
}
END_TEST

CHECK_MAIN("sla_dated", a_target_counts_from_the_date_either_way,
           a_point_in_time_ends_when_it_begins,
           long_warnings_come_so_long_before_and_those_that_are_over_do_not,
           another_date_moves_the_clocks_that_run_and_is_said_anew,
           what_was_late_stays_late_whatever_the_date, a_date_lies_ahead_or_goes_on,
           where_nothing_has_a_date_none_is_moved,
           a_held_report_without_a_date_is_given_one_before_it_is_taken_on)
