#include "co_replay_tally.h"

#include <string.h>

#include "check_main.h"

#define KIND(name) CALLOUT__V1__EVENT__BODY_##name

static struct co_replay_tally *tally;
static char response[] = "response", arrival[] = "arrival", wang[] = "wang", mail[] = "mail";
static char zone_1[] = "zone 1", opened[] = "opened", slot[] = "pm/0", empty[] = "";

static void begin(void)
{
    tally = co_replay_tally_new();
    ck_assert_ptr_nonnull(tally);
}

static void end(void)
{
    co_replay_tally_free(tally);
}

static void take(uint64_t case_id, int kind, ProtobufCMessage *body)
{
    Callout__V1__Event e = CALLOUT__V1__EVENT__INIT;
    e.body_case = (Callout__V1__Event__BodyCase)kind;
    e.case_closed = (Callout__V1__CaseClosed *)(void *)body; /* one of the union is like another */
    ck_assert_int_eq(co_replay_tally_take(tally, case_id, &e), CO_OK);
}

static void promise(uint64_t case_id, char *milestone, uint32_t severity, char *zone, double km)
{
    Callout__V1__TargetBasis basis = CALLOUT__V1__TARGET_BASIS__INIT;
    Callout__V1__Promised p = CALLOUT__V1__PROMISED__INIT;
    basis.zone = zone;
    basis.km = km;
    p.milestone = milestone;
    p.generation = 1;
    p.severity = severity;
    p.basis = &basis;
    take(case_id, KIND(PROMISED), &p.base);
}

static void meet(uint64_t case_id, char *milestone, int64_t late_us)
{
    Callout__V1__Met m = CALLOUT__V1__MET__INIT;
    m.milestone = milestone;
    m.generation = 1;
    m.late_us = late_us;
    take(case_id, KIND(MET), &m.base);
}

static void breach(uint64_t case_id, char *milestone)
{
    Callout__V1__Breached b = CALLOUT__V1__BREACHED__INIT;
    b.milestone = milestone;
    b.generation = 1;
    take(case_id, KIND(BREACHED), &b.base);
}

static void stop(uint64_t case_id, char *milestone)
{
    Callout__V1__Stopped s = CALLOUT__V1__STOPPED__INIT;
    s.milestone = milestone;
    s.generation = 1;
    take(case_id, KIND(STOPPED), &s.base);
}

static void withdraw(uint64_t case_id, int kind, char *milestone)
{
    Callout__V1__Withdrawn w = CALLOUT__V1__WITHDRAWN__INIT;
    w.kind = (uint32_t)kind;
    w.milestone = milestone;
    w.generation = 1;
    take(case_id, KIND(WITHDRAWN), &w.base);
}

static const struct co_replay_by_milestone *milestones(size_t expected)
{
    size_t n = 0;
    ck_assert_int_eq(co_replay_tally_finish(tally), CO_OK);
    const struct co_replay_by_milestone *m = co_replay_tally_milestones(tally, &n);
    ck_assert_uint_eq(n, expected);
    return m;
}

START_TEST(each_promise_ends_in_one_place)
{
    for (uint64_t i = 1; i <= 6; i++)
        promise(i, response, 2, empty, 0);
    meet(1, response, 0);
    meet(2, response, 5);
    breach(3, response);
    breach(4, response);
    meet(4, response, 7);
    stop(5, response);
    const struct co_replay_by_milestone *m = milestones(1);
    ck_assert_uint_eq(m->clocks.promised, 6);
    ck_assert_uint_eq(m->clocks.met, 1);
    ck_assert_uint_eq(m->clocks.missed, 3);
    ck_assert_uint_eq(m->clocks.stopped, 1);
    ck_assert_uint_eq(m->clocks.open, 1);
}
END_TEST

START_TEST(a_promise_said_again_is_one_promise_of_the_last_severity)
{
    promise(1, response, 3, empty, 0);
    promise(1, response, 2, empty, 0);
    const struct co_replay_by_milestone *m = milestones(1);
    ck_assert_uint_eq(m->severity, 2);
    ck_assert_uint_eq(m->clocks.promised, 1);
}
END_TEST

START_TEST(what_was_withdrawn_does_not_count)
{
    promise(1, response, 2, empty, 0);
    breach(1, response);
    withdraw(1, KIND(BREACHED), response);
    meet(1, response, 0);
    promise(2, arrival, 2, empty, 0);
    withdraw(2, KIND(PROMISED), arrival);
    const struct co_replay_by_milestone *m = milestones(1);
    ck_assert_uint_eq(m->clocks.met, 1);
    ck_assert_uint_eq(m->clocks.missed, 0);
    ck_assert_uint_eq(co_replay_tally_cases(tally)->withdrawn, 2);
}
END_TEST

START_TEST(promises_by_distance_are_counted_by_zone)
{
    size_t n = 0;
    promise(1, arrival, 2, zone_1, 12);
    promise(2, arrival, 2, zone_1, 38);
    promise(3, response, 2, empty, 0);
    meet(1, arrival, 0);
    ck_assert_int_eq(co_replay_tally_finish(tally), CO_OK);
    const struct co_replay_by_zone *z = co_replay_tally_zones(tally, &n);
    ck_assert_uint_eq(n, 1);
    ck_assert_str_eq(z->zone, "zone 1");
    ck_assert_uint_eq(z->clocks.promised, 2);
    ck_assert_uint_eq(z->clocks.met, 1);
    ck_assert_double_eq(z->km_max, 38);
}
END_TEST

START_TEST(kilometres_are_those_of_accepted_offers)
{
    Callout__V1__Offered o = CALLOUT__V1__OFFERED__INIT;
    Callout__V1__OfferEnded e = CALLOUT__V1__OFFER_ENDED__INIT;
    Callout__V1__OrderEnded v = CALLOUT__V1__ORDER_ENDED__INIT;
    o.engineer = e.engineer = v.engineer = wang;
    o.generation = e.generation = 1;
    o.km = 12.5;
    take(1, KIND(OFFERED), &o.base);
    e.how = CALLOUT__V1__OFFER_END__OFFER_END_DECLINED;
    take(1, KIND(OFFER_ENDED), &e.base);
    o.generation = e.generation = 2;
    o.km = 30;
    take(1, KIND(OFFERED), &o.base);
    e.how = CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED;
    take(1, KIND(OFFER_ENDED), &e.base);
    take(1, KIND(ORDER_ENDED), &v.base);
    o.generation = e.generation = 3;
    take(1, KIND(OFFERED), &o.base);
    e.how = CALLOUT__V1__OFFER_END__OFFER_END_OVERTAKEN;
    take(1, KIND(OFFER_ENDED), &e.base);
    ck_assert_int_eq(co_replay_tally_finish(tally), CO_OK);
    size_t n = 0;
    const struct co_replay_engineer *x = co_replay_tally_engineers(tally, &n);
    ck_assert_uint_eq(n, 1);
    ck_assert_str_eq(x->key, "wang");
    ck_assert_uint_eq(x->offers, 3);
    ck_assert_uint_eq(x->declined, 1);
    ck_assert_uint_eq(x->overtaken, 1);
    ck_assert_uint_eq(x->accepted, 1);
    ck_assert_uint_eq(x->visits, 1);
    ck_assert_double_eq(x->km, 30);
}
END_TEST

START_TEST(a_held_case_that_is_opened_is_held_no_more)
{
    Callout__V1__CaseHeld h = CALLOUT__V1__CASE_HELD__INIT;
    Callout__V1__CaseOpened o = CALLOUT__V1__CASE_OPENED__INIT;
    o.severity = 3;
    take(1, KIND(CASE_HELD), &h.base);
    take(2, KIND(CASE_HELD), &h.base);
    take(2, KIND(CASE_HELD), &h.base);
    take(1, KIND(CASE_OPENED), &o.base);
    ck_assert_uint_eq(co_replay_tally_cases(tally)->held, 2);
    ck_assert_uint_eq(co_replay_tally_cases(tally)->held_still, 1);
    ck_assert_uint_eq(co_replay_tally_severities(tally)[3], 1);
}
END_TEST

START_TEST(a_notice_counts_in_its_last_state)
{
    Callout__V1__NoticePlanned p = CALLOUT__V1__NOTICE_PLANNED__INIT;
    Callout__V1__NoticeSettled s = CALLOUT__V1__NOTICE_SETTLED__INIT;
    p.obligation = s.obligation = opened;
    p.slot = s.slot = slot;
    p.channel = mail;
    take(1, KIND(NOTICE_PLANNED), &p.base);
    take(2, KIND(NOTICE_PLANNED), &p.base);
    s.state = CALLOUT__V1__NOTICE_STATE__NOTICE_ACCEPTED;
    take(1, KIND(NOTICE_SETTLED), &s.base);
    ck_assert_int_eq(co_replay_tally_finish(tally), CO_OK);
    size_t n = 0;
    const struct co_replay_notices *x = co_replay_tally_notices(tally, &n);
    ck_assert_uint_eq(n, 1);
    ck_assert_uint_eq(x->state[CALLOUT__V1__NOTICE_STATE__NOTICE_PLANNED], 1);
    ck_assert_uint_eq(x->state[CALLOUT__V1__NOTICE_STATE__NOTICE_ACCEPTED], 1);
}
END_TEST

START_TEST(commands_are_counted_with_their_verdicts)
{
    Callout__V1__CommandReceived r = CALLOUT__V1__COMMAND_RECEIVED__INIT;
    Callout__V1__CommandApplied a = CALLOUT__V1__COMMAND_APPLIED__INIT;
    Callout__V1__CommandRefused f = CALLOUT__V1__COMMAND_REFUSED__INIT;
    r.act = a.act = f.act = CALLOUT__V1__ACT__ACT_SIGN;
    take(1, KIND(COMMAND_RECEIVED), &r.base);
    take(1, KIND(COMMAND_APPLIED), &a.base);
    take(1, KIND(COMMAND_RECEIVED), &r.base);
    take(1, KIND(COMMAND_REFUSED), &f.base);
    size_t n = 0;
    const struct co_replay_commands *c = co_replay_tally_commands(tally, &n);
    ck_assert_uint_eq(n, 1);
    ck_assert_int_eq(c->act, CALLOUT__V1__ACT__ACT_SIGN);
    ck_assert_uint_eq(c->received, 2);
    ck_assert_uint_eq(c->applied, 1);
    ck_assert_uint_eq(c->refused, 1);
}
END_TEST

CHECK_MAIN_WITH("co_replay_tally", begin, end, each_promise_ends_in_one_place,
                a_promise_said_again_is_one_promise_of_the_last_severity,
                what_was_withdrawn_does_not_count, promises_by_distance_are_counted_by_zone,
                kilometres_are_those_of_accepted_offers,
                a_held_case_that_is_opened_is_held_no_more, a_notice_counts_in_its_last_state,
                commands_are_counted_with_their_verdicts)
