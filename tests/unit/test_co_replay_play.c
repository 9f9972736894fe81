#include "check_main.h"
#include "co_replay_play.h"
#include "replay_help.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name
#define KIND(name) CALLOUT__V1__EVENT__BODY_##name

static struct co_replay_players *players;
static const int64_t start_us = INT64_C(1746000000000000);

static void begin(void)
{
    load_mapping();
    ck_assert_int_eq(read_log(HEADER "a,2012-05-01T10:00:00Z,Accepted,x,L1,High,se,P\n"
                                     "b,2012-05-02T10:00:00Z,Accepted,x,L1,High,se,P\n",
                              everything),
                     CO_OK);
    players = co_replay_players_new(map, &incidents);
    ck_assert_ptr_nonnull(players);
}

static void end(void)
{
    co_replay_players_free(players);
    clean_up();
}

static void offer_to(const char *person, uint64_t generation, int64_t travel_us)
{
    Callout__V1__Offered o = CALLOUT__V1__OFFERED__INIT;
    Callout__V1__Event e = CALLOUT__V1__EVENT__INIT;
    char engineer[16];
    o.generation = generation;
    o.engineer = strcpy(engineer, person);
    o.offered_us = start_us;
    o.travel_us = travel_us;
    e.body_case = KIND(OFFERED);
    e.offered = &o;
    ck_assert_int_eq(co_replay_players_hear(players, 0, start_us, &e), CO_OK);
}

static void offer(uint64_t generation)
{
    offer_to("wang", generation, CO_HOUR_US);
}

static void assign(uint64_t generation)
{
    Callout__V1__Assigned a = CALLOUT__V1__ASSIGNED__INIT;
    Callout__V1__Event e = CALLOUT__V1__EVENT__INIT;
    a.generation = generation;
    a.assigned_us = start_us;
    e.body_case = KIND(ASSIGNED);
    e.assigned = &a;
    ck_assert_int_eq(co_replay_players_hear(players, 0, start_us, &e), CO_OK);
}

static void say(int kind, ProtobufCMessage *body)
{
    Callout__V1__Event e = CALLOUT__V1__EVENT__INIT;
    e.body_case = (Callout__V1__Event__BodyCase)kind;
    e.case_closed = (Callout__V1__CaseClosed *)(void *)body; /* one of the union is like another */
    ck_assert_int_eq(co_replay_players_hear(players, 0, start_us, &e), CO_OK);
}

START_TEST(offers_are_accepted_declined_or_left_by_the_shares_of_the_mapping)
{
    unsigned accepted = 0, declined = 0, silent = 0;
    for (uint64_t g = 1; g <= 1000; g++) {
        struct co_replay_step step;
        offer(g);
        if (!co_replay_players_take(players, INT64_MAX - 1, &step)) {
            silent++;
            continue;
        }
        ck_assert_uint_eq(step.generation, g);
        ck_assert_str_eq(step.person, "wang");
        ck_assert_int_ge(step.at_us, start_us + CO_MINUTE_US);
        ck_assert_int_le(step.at_us, start_us + 5 * CO_MINUTE_US);
        accepted += step.act == ACT(ACCEPT);
        declined += step.act == ACT(DECLINE);
    }
    ck_assert_uint_eq(accepted + declined + silent, 1000);
    ck_assert(declined > 150 && declined < 250);
    ck_assert(silent > 70 && silent < 130);
}
END_TEST

START_TEST(an_answer_is_dropped_when_the_offer_has_ended)
{
    Callout__V1__OfferEnded ended = CALLOUT__V1__OFFER_ENDED__INIT;
    struct co_replay_step step;
    for (uint64_t g = 1; g < 10; g++) {
        offer(g);
        ended.generation = g;
        say(KIND(OFFER_ENDED), &ended.base);
    }
    ck_assert(!co_replay_players_take(players, INT64_MAX - 1, &step));
    ck_assert_int_eq(co_replay_players_next_us(players), INT64_MAX);
}
END_TEST

START_TEST(who_goes_leaves_arrives_works_and_restores)
{
    static const Callout__V1__Act expected[] = { ACT(UNDERWAY), ACT(ARRIVED), ACT(INVESTIGATED),
                                                 ACT(RESTORED) };
    struct co_replay_step step[4];
    offer(1);
    while (co_replay_players_take(players, INT64_MAX - 1, &step[0]))
        ;
    assign(1);
    for (size_t i = 0; i < 4; i++) {
        ck_assert(co_replay_players_take(players, INT64_MAX - 1, &step[i]));
        ck_assert_int_eq(step[i].act, expected[i]);
    }
    int64_t prepared_us = step[0].at_us - start_us, travel_us = step[1].at_us - step[0].at_us;
    int64_t work_us = step[3].at_us - step[1].at_us;
    ck_assert(prepared_us >= 5 * CO_MINUTE_US && prepared_us <= 10 * CO_MINUTE_US);
    ck_assert(travel_us >= CO_HOUR_US && travel_us <= CO_HOUR_US * 3 / 2);
    ck_assert(work_us >= CO_HOUR_US && work_us <= 2 * CO_HOUR_US);
    ck_assert_int_le(llabs(step[2].at_us - step[1].at_us - work_us / 2), CO_SECOND_US);
}
END_TEST

START_TEST(of_several_who_are_asked_each_answers_for_himself_and_the_one_assigned_goes)
{
    Callout__V1__OfferEnded ended = CALLOUT__V1__OFFER_ENDED__INIT;
    struct co_replay_step step;
    unsigned answers = 0;
    for (uint64_t g = 1; g <= 50; g++) {
        offer_to("wang", 2 * g, CO_HOUR_US);
        offer_to("li", 2 * g + 1, 4 * CO_HOUR_US);
        for (; co_replay_players_take(players, INT64_MAX - 1, &step); answers++)
            ck_assert_str_eq(step.person, step.generation % 2 == 0 ? "wang" : "li");
    }
    ck_assert_uint_gt(answers, 70); /* most of a hundred */
    ended.generation = 101;
    say(KIND(OFFER_ENDED), &ended.base);
    assign(100);
    ck_assert(co_replay_players_take(players, INT64_MAX - 1, &step));
    int64_t left_us = step.at_us;
    ck_assert_str_eq(step.person, "wang");
    ck_assert(co_replay_players_take(players, INT64_MAX - 1, &step));
    ck_assert_int_le(step.at_us - left_us, CO_HOUR_US * 3 / 2);
}
END_TEST

START_TEST(a_visit_that_ended_is_not_played_on)
{
    Callout__V1__OrderEnded ended = CALLOUT__V1__ORDER_ENDED__INIT;
    struct co_replay_step step;
    assign(1);
    ck_assert(co_replay_players_take(players, INT64_MAX - 1, &step));
    say(KIND(ORDER_ENDED), &ended.base);
    ck_assert(!co_replay_players_take(players, INT64_MAX - 1, &step));
}
END_TEST

START_TEST(nothing_is_said_about_a_closed_case)
{
    Callout__V1__CaseClosed closed = CALLOUT__V1__CASE_CLOSED__INIT;
    struct co_replay_step step;
    assign(1);
    say(KIND(CASE_CLOSED), &closed.base);
    ck_assert(!co_replay_players_take(players, INT64_MAX - 1, &step));
}
END_TEST

START_TEST(a_held_case_is_approved_under_its_contract_once)
{
    Callout__V1__CaseHeld held = CALLOUT__V1__CASE_HELD__INIT;
    Callout__V1__CaseOpened opened = CALLOUT__V1__CASE_OPENED__INIT;
    struct co_replay_step step;
    char contract[] = "x-2026", none[] = "";
    held.contract = none;
    say(KIND(CASE_HELD), &held.base);
    ck_assert_int_eq(co_replay_players_next_us(players), INT64_MAX);
    held.contract = contract;
    held.role = CALLOUT__V1__ROLE__ROLE_PM;
    say(KIND(CASE_HELD), &held.base);
    ck_assert(co_replay_players_take(players, INT64_MAX - 1, &step));
    ck_assert_int_eq(step.act, ACT(APPROVE));
    ck_assert_int_eq(step.role, CALLOUT__V1__ROLE__ROLE_PM);
    ck_assert_str_eq(step.name, "x-2026");
    ck_assert_int_ge(step.at_us, start_us + 10 * CO_MINUTE_US);
    say(KIND(CASE_HELD), &held.base);
    say(KIND(CASE_OPENED), &opened.base);
    ck_assert(!co_replay_players_take(players, INT64_MAX - 1, &step));
}
END_TEST

static void promise(uint32_t revision, int64_t due_us)
{
    Callout__V1__Promised p = CALLOUT__V1__PROMISED__INIT;
    p.generation = 1;
    p.revision = revision;
    p.is_arrival = true;
    p.due_us = due_us;
    say(KIND(PROMISED), &p.base);
}

START_TEST(a_time_of_arrival_that_is_left_open_is_agreed_once)
{
    struct co_replay_step step;
    promise(1, 0);
    promise(2, 0);
    ck_assert(co_replay_players_take(players, INT64_MAX - 1, &step));
    ck_assert_int_eq(step.act, ACT(AGREE));
    ck_assert_int_ge(step.at_us, start_us + 10 * CO_MINUTE_US);
    ck_assert_int_ge(step.agreed_us, step.at_us + 6 * CO_HOUR_US);
    ck_assert_int_le(step.agreed_us, step.at_us + 8 * CO_HOUR_US);
    ck_assert(!co_replay_players_take(players, INT64_MAX - 1, &step));
}
END_TEST

START_TEST(a_time_of_arrival_that_is_stated_meanwhile_need_not_be_agreed)
{
    struct co_replay_step step;
    promise(1, 0);
    promise(2, start_us + CO_HOUR_US);
    ck_assert(!co_replay_players_take(players, INT64_MAX - 1, &step));
}
END_TEST

START_TEST(nothing_is_taken_before_its_time)
{
    struct co_replay_step step;
    assign(1);
    int64_t next_us = co_replay_players_next_us(players);
    ck_assert(!co_replay_players_take(players, next_us - 1, &step));
    ck_assert(co_replay_players_take(players, next_us, &step));
    ck_assert_int_eq(step.at_us, next_us);
}
END_TEST

CHECK_MAIN_WITH("co_replay_play", begin, end,
                offers_are_accepted_declined_or_left_by_the_shares_of_the_mapping,
                an_answer_is_dropped_when_the_offer_has_ended,
                who_goes_leaves_arrives_works_and_restores,
                of_several_who_are_asked_each_answers_for_himself_and_the_one_assigned_goes,
                a_visit_that_ended_is_not_played_on, nothing_is_said_about_a_closed_case,
                a_held_case_is_approved_under_its_contract_once,
                a_time_of_arrival_that_is_left_open_is_agreed_once,
                a_time_of_arrival_that_is_stated_meanwhile_need_not_be_agreed,
                nothing_is_taken_before_its_time)
