#include "trace_way.h"

#include <string.h>

#include "check_main.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name
#define TRACE_A "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-00f067aa0ba902b7-01"
#define TRACE_B "00-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb-00f067aa0ba902b7-01"

enum { MAX = 16 };
static Callout__V1__Event events[MAX];
static struct trace_step steps[MAX];
static size_t count;

static Callout__V1__Event *add(int64_t at_ms, Callout__V1__Event__BodyCase kind, const char *trace)
{
    Callout__V1__Event *e = &events[count];
    static char texts[MAX][CO_TRACE_TEXT];
    callout__v1__event__init(e);
    strcpy(texts[count], trace);
    e->body_case = kind;
    e->traceparent = texts[count];
    steps[count++] = (struct trace_step){ .at_us = at_ms * 1000, .event = e };
    return e;
}

START_TEST(each_entry_has_its_writer_and_its_times)
{
    count = 0;
    add(1000, BODY(TICKET_SUBMITTED), TRACE_A);
    add(1004, BODY(CASE_OPENED), TRACE_A);
    add(1006, BODY(SITE_LOCATED), TRACE_A);
    add(1009, BODY(PROMISED), TRACE_A);
    trace_way_find(steps, count);
    ck_assert_str_eq(steps[0].service, "intake");
    ck_assert_uint_eq(steps[0].cause, 0);
    ck_assert_str_eq(steps[1].service, "sla");
    ck_assert_int_eq(steps[1].lag_us, 4000);
    ck_assert_str_eq(steps[2].service, "dispatch");
    ck_assert_uint_eq(steps[2].cause, 1);
    ck_assert_int_eq(steps[2].since_first_us, 6000);
    ck_assert_str_eq(steps[3].kind, "promised");
    ck_assert_uint_eq(steps[3].cause, 2);
    ck_assert_int_eq(steps[3].lag_us, 3000);
    ck_assert_int_eq(steps[3].since_before_us, 3000);
    ck_assert_str_eq(steps[3].trace, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
}
END_TEST

START_TEST(a_case_is_opened_by_its_report_also_where_its_site_was_found_before)
{
    count = 0;
    add(1000, BODY(TICKET_SUBMITTED), TRACE_A);
    add(1002, BODY(SITE_LOCATED), TRACE_A);
    add(1004, BODY(CASE_OPENED), TRACE_A);
    trace_way_find(steps, count);
    ck_assert_uint_eq(steps[2].cause, 0);
    ck_assert_int_eq(steps[2].lag_us, 4000);
}
END_TEST

START_TEST(a_verdict_follows_from_its_command_and_a_settled_notice_from_its_plan)
{
    Callout__V1__CommandReceived received[2] = { CALLOUT__V1__COMMAND_RECEIVED__INIT, CALLOUT__V1__COMMAND_RECEIVED__INIT };
    Callout__V1__CommandApplied applied = CALLOUT__V1__COMMAND_APPLIED__INIT;
    Callout__V1__NoticePlanned planned[2] = { CALLOUT__V1__NOTICE_PLANNED__INIT, CALLOUT__V1__NOTICE_PLANNED__INIT };
    Callout__V1__NoticeSettled settled = CALLOUT__V1__NOTICE_SETTLED__INIT;
    static char one[] = "opened", other[] = "promised/arrival/1", slot[] = "pm/0";
    count = 0;
    received[0].command_id = applied.command_id = 7;
    received[1].command_id = 8;
    planned[0].obligation = settled.obligation = one;
    planned[1].obligation = other;
    planned[0].slot = planned[1].slot = settled.slot = slot;
    add(0, BODY(COMMAND_RECEIVED), "")->command_received = &received[0];
    add(10, BODY(COMMAND_RECEIVED), "")->command_received = &received[1];
    add(12, BODY(COMMAND_APPLIED), "")->command_applied = &applied;
    add(20, BODY(NOTICE_PLANNED), "")->notice_planned = &planned[0];
    add(21, BODY(NOTICE_PLANNED), "")->notice_planned = &planned[1];
    add(90, BODY(NOTICE_SETTLED), "")->notice_settled = &settled;
    trace_way_find(steps, count);
    ck_assert_uint_eq(steps[2].cause, 0);
    ck_assert_int_eq(steps[2].lag_us, 12000);
    ck_assert_uint_eq(steps[5].cause, 3);
    ck_assert_int_eq(steps[5].lag_us, 70000);
}
END_TEST

START_TEST(of_several_that_it_may_follow_from_it_is_the_one_of_its_trace)
{
    Callout__V1__CommandReceived received = CALLOUT__V1__COMMAND_RECEIVED__INIT;
    count = 0;
    add(0, BODY(TICKET_SUBMITTED), TRACE_A);
    add(5, BODY(COMMAND_RECEIVED), TRACE_B)->command_received = &received;
    add(9, BODY(PROMISED), TRACE_A);
    add(10, BODY(MET), TRACE_B);
    trace_way_find(steps, count);
    ck_assert_uint_eq(steps[2].cause, 0);
    ck_assert_uint_eq(steps[3].cause, 1);
}
END_TEST

START_TEST(what_happens_by_itself_is_late_by_its_own_time)
{
    Callout__V1__Breached breached = CALLOUT__V1__BREACHED__INIT;
    count = 0;
    add(0, BODY(TICKET_SUBMITTED), TRACE_A);
    breached.due_us = 60000000;
    add(60004, BODY(BREACHED), TRACE_A)->breached = &breached;
    trace_way_find(steps, count);
    ck_assert_uint_eq(steps[1].cause, 1);
    ck_assert_int_eq(steps[1].lag_us, 4000);
    ck_assert_int_eq(steps[1].due_us, 60000000);
}
END_TEST

CHECK_MAIN("trace_way", each_entry_has_its_writer_and_its_times, a_case_is_opened_by_its_report_also_where_its_site_was_found_before,
           a_verdict_follows_from_its_command_and_a_settled_notice_from_its_plan,
           of_several_that_it_may_follow_from_it_is_the_one_of_its_trace, what_happens_by_itself_is_late_by_its_own_time)
