#include "check_main.h"

#include <stdbool.h>

#include "co_rand.h"
#include "co_time.h"
#include "dispatch_choice.h"

#define MIN CO_MINUTE_US
#define HOUR CO_HOUR_US
#define NOW (1000 * HOUR)

static uint32_t levels[] = { 2, 2, 2, 1 };

/* Ten minutes to think, three when time is short, 15 to prepare, 60 km/h and 10 minutes. */
static Callout__V1__DispatchRule rule(void)
{
    Callout__V1__DispatchRule r = CALLOUT__V1__DISPATCH_RULE__INIT;
    r.offer_us = 10 * MIN;
    r.offer_min_us = 3 * MIN;
    r.preparation_us = 15 * MIN;
    r.speed_kmh = 60;
    r.travel_fixed_us = 10 * MIN;
    r.offers = 3;
    r.n_min_skill = 4;
    r.min_skill = levels;
    return r;
}

static struct dispatch_candidate somebody(const char *key, int64_t travel_us)
{
    return (struct dispatch_candidate){
        .engineer = key,
        .office = "o",
        .travel_us = travel_us,
        .skill = 2,
        .capacity = 1,
        .has_product = true,
    };
}

static struct dispatch_need need_by(const Callout__V1__DispatchRule *r, int64_t deadline_us)
{
    return (struct dispatch_need){
        .now_us = NOW, .deadline_us = deadline_us, .min_skill = 2, .rule = r
    };
}

START_TEST(a_journey_has_a_fixed_part_and_one_by_distance)
{
    Callout__V1__DispatchRule r = rule();
    ck_assert_int_eq(dispatch_travel_us(&r, 0), 10 * MIN);
    ck_assert_int_eq(dispatch_travel_us(&r, 40.5), 10 * MIN + 81 * MIN / 2);
    r.speed_kmh = 0;
    ck_assert_int_eq(dispatch_travel_us(&r, 40.5), 10 * MIN);
    r.speed_kmh = 1e-9;
    ck_assert_int_eq(dispatch_travel_us(&r, 20000), 365 * CO_DAY_US);
}
END_TEST

START_TEST(the_least_level_goes_by_severity)
{
    Callout__V1__DispatchRule r = rule();
    ck_assert_uint_eq(dispatch_min_skill(&r, 0), 0);
    ck_assert_uint_eq(dispatch_min_skill(&r, 1), 2);
    ck_assert_uint_eq(dispatch_min_skill(&r, 4), 1);
    ck_assert_uint_eq(dispatch_min_skill(&r, 5), 0);
}
END_TEST

START_TEST(who_cannot_be_asked_is_told_the_first_reason)
{
    Callout__V1__DispatchRule r = rule();
    struct dispatch_need need = need_by(&r, 0);
    struct dispatch_candidate c[] = { somebody("a", 0), somebody("b", 0), somebody("c", 0),
                                      somebody("d", 0), somebody("e", 0), somebody("f", 0),
                                      somebody("g", 0), somebody("h", 0) };
    c[5].is_unqualified = true;
    c[6].free_from_us = NOW + 1;
    c[7].per_day = c[7].today = 2;
    c[0].has_product = false;
    c[1].skill = 1;
    c[2].asked = CALLOUT__V1__OFFER_END__OFFER_END_DECLINED;
    c[3].asked = CALLOUT__V1__OFFER_END__OFFER_END_SILENT;
    c[4].claims = 1;
    enum dispatch_why whys[8];
    struct dispatch_choice choice = dispatch_choose(&need, c, 8, whys);
    ck_assert_uint_eq(choice.pick, DISPATCH_NO_PICK);
    ck_assert_uint_eq(choice.free, 0);
    ck_assert(choice.is_any_busy);
    ck_assert_int_eq(choice.duty_us, NOW + 1);
    ck_assert_int_eq(choice.there_us, NOW + 1 + 18 * MIN);
    const enum dispatch_why expected[] = { DISPATCH_PRODUCT,  DISPATCH_SKILL,
                                           DISPATCH_DECLINED, DISPATCH_SILENT,
                                           DISPATCH_BUSY,     DISPATCH_UNQUALIFIED,
                                           DISPATCH_OFF_DUTY, DISPATCH_DAY_FULL };
    for (size_t i = 0; i < 8; i++)
        ck_assert_int_eq(whys[i], expected[i]);
}
END_TEST

/* The first of two wins; the other hears `why`. */
static void check_better(const struct dispatch_need *need, struct dispatch_candidate better,
                         struct dispatch_candidate worse, enum dispatch_why why)
{
    for (size_t first = 0; first < 2; first++) {
        struct dispatch_candidate c[2];
        c[first] = better;
        c[1 - first] = worse;
        enum dispatch_why whys[2];
        ck_assert_uint_eq(dispatch_choose(need, c, 2, whys).pick, first);
        ck_assert_int_eq(whys[first], DISPATCH_PICKED);
        ck_assert_int_eq(whys[1 - first], why);
    }
}

START_TEST(who_is_there_in_time_comes_before_who_fits_better)
{
    Callout__V1__DispatchRule r = rule();
    struct dispatch_need need = need_by(&r, NOW + HOUR);
    struct dispatch_candidate expert = somebody("z", 30 * MIN), far = somebody("a", 2 * HOUR);
    expert.skill = 3;
    check_better(&need, expert, far, DISPATCH_LATER);
}
END_TEST

START_TEST(among_those_who_are_late_the_least_late_goes)
{
    Callout__V1__DispatchRule r = rule();
    struct dispatch_need need = need_by(&r, NOW + MIN);
    struct dispatch_candidate expert = somebody("z", 30 * MIN), far = somebody("a", 31 * MIN);
    expert.skill = 3;
    check_better(&need, expert, far, DISPATCH_LATER);
}
END_TEST

START_TEST(nobody_is_late_for_a_time_that_is_still_to_be_agreed)
{
    Callout__V1__DispatchRule r = rule();
    struct dispatch_need need = need_by(&r, 0);
    struct dispatch_candidate expert = somebody("a", MIN), far = somebody("z", 99 * HOUR);
    expert.skill = 3;
    check_better(&need, far, expert, DISPATCH_FIT);
}
END_TEST

START_TEST(then_travel_then_load_then_key_decide)
{
    Callout__V1__DispatchRule r = rule();
    struct dispatch_need need = need_by(&r, NOW + 9 * HOUR);
    check_better(&need, somebody("z", MIN), somebody("a", MIN + 1), DISPATCH_FARTHER);
    struct dispatch_candidate loaded = somebody("a", MIN);
    loaded.capacity = 3;
    loaded.claims = 1;
    check_better(&need, somebody("z", MIN), loaded, DISPATCH_LOADED);
    check_better(&need, somebody("a", MIN), somebody("b", MIN), DISPATCH_TIE);
}
END_TEST

START_TEST(a_higher_level_is_a_wish_that_gives_way_where_nobody_has_it)
{
    Callout__V1__DispatchRule r = rule();
    struct dispatch_need need = need_by(&r, 0);
    need.wanted_skill = 3;
    struct dispatch_candidate expert = somebody("z", 9 * HOUR), senior = somebody("a", MIN);
    expert.skill = 3;
    check_better(&need, expert, senior, DISPATCH_FIT);
    enum dispatch_why why;
    ck_assert_uint_eq(dispatch_choose(&need, &senior, 1, &why).pick, 0);
}
END_TEST

START_TEST(the_order_of_the_candidates_does_not_matter)
{
    Callout__V1__DispatchRule r = rule();
    struct dispatch_need need = need_by(&r, NOW + HOUR);
    struct co_rand rand;
    co_rand_init(&rand, 7);
    const char *keys[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
    for (int round = 0; round < 1000; round++) {
        struct dispatch_candidate c[8];
        for (size_t i = 0; i < 8; i++) {
            c[i] = somebody(keys[i], (int64_t)co_rand_below(&rand, 4) * 20 * MIN);
            c[i].skill = (uint32_t)co_rand_below(&rand, 4);
            c[i].capacity = 2;
            c[i].claims = (uint32_t)co_rand_below(&rand, 3);
        }
        enum dispatch_why whys[8];
        struct dispatch_choice choice = dispatch_choose(&need, c, 8, whys);
        const char *picked = choice.pick == DISPATCH_NO_PICK ? "" : c[choice.pick].engineer;
        for (size_t i = 7; i > 0; i--) {
            size_t j = (size_t)co_rand_below(&rand, i + 1);
            struct dispatch_candidate swap = c[i];
            c[i] = c[j];
            c[j] = swap;
        }
        struct dispatch_choice again = dispatch_choose(&need, c, 8, whys);
        ck_assert_str_eq(picked, again.pick == DISPATCH_NO_PICK ? "" : c[again.pick].engineer);
        ck_assert_int_eq(again.accept_by_us, choice.accept_by_us);
    }
}
END_TEST

static int64_t accept_by(int64_t deadline_us, uint32_t asked, size_t others, int64_t travel_us)
{
    Callout__V1__DispatchRule r = rule();
    struct dispatch_need need = need_by(&r, deadline_us);
    need.asked = asked;
    struct dispatch_candidate c[4] = { somebody("a", 30 * MIN), somebody("b", travel_us),
                                       somebody("c", travel_us), somebody("d", travel_us) };
    enum dispatch_why whys[4];
    return dispatch_choose(&need, c, others + 1, whys).accept_by_us - NOW;
}

START_TEST(with_much_time_an_offer_stands_as_long_as_the_rule_allows)
{
    ck_assert_int_eq(accept_by(0, 0, 3, 40 * MIN), 10 * MIN);
    ck_assert_int_eq(accept_by(NOW + 9 * HOUR, 0, 3, 40 * MIN), 10 * MIN);
}
END_TEST

START_TEST(an_offer_leaves_time_to_prepare_and_to_travel)
{
    /* 52 = 7 + 15 preparation + 30 travel, nobody else to ask */
    ck_assert_int_eq(accept_by(NOW + 52 * MIN, 0, 0, 0), 7 * MIN);
}
END_TEST

START_TEST(an_offer_leaves_time_to_ask_the_next_ones_who_travel_longer)
{
    /* two more by the rule: 2 * 3, 15, 40 of the second */
    ck_assert_int_eq(accept_by(NOW + 70 * MIN, 0, 3, 40 * MIN), 9 * MIN);
    /* the second of three: one more */
    ck_assert_int_eq(accept_by(NOW + 65 * MIN, 1, 3, 40 * MIN), 7 * MIN);
    /* the last: nobody after him counts */
    ck_assert_int_eq(accept_by(NOW + 52 * MIN, 2, 3, 40 * MIN), 7 * MIN);
    /* by who is there: one other */
    ck_assert_int_eq(accept_by(NOW + 65 * MIN, 0, 1, 40 * MIN), 7 * MIN);
}
END_TEST

START_TEST(with_several_asked_at_once_fewer_rounds_have_to_fit_before_the_deadline)
{
    static const struct {
        uint32_t at_once, asked, open, offers;
        int64_t minutes; /* to accept, of the 67 that are left: 15 to prepare, 40 or 30 to travel */
    } rows[] = {
        { 1, 0, 0, 4, 3 },  /* three more */
        { 2, 0, 0, 4, 9 },  /* one at the same time, two after them, together */
        { 2, 0, 1, 4, 9 },  /* the one at the same time */
        { 2, 1, 0, 4, 9 },  /* one at the same time, one after them */
        { 2, 2, 0, 4, 10 }, /* one at the same time */
        { 3, 0, 0, 4, 9 },  /* two at the same time, one after them */
        { 4, 0, 0, 4, 10 }, /* all of them */
        { 8, 0, 0, 2, 10 }, /* more than there may be */
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        Callout__V1__DispatchRule r = rule();
        r.offers = rows[i].offers;
        struct dispatch_need need = need_by(&r, NOW + 67 * MIN);
        need.at_once = rows[i].at_once;
        need.asked = rows[i].asked;
        need.open = rows[i].open;
        struct dispatch_candidate c[4] = { somebody("a", 30 * MIN), somebody("b", 40 * MIN),
                                           somebody("c", 40 * MIN), somebody("d", 40 * MIN) };
        enum dispatch_why whys[4];
        int64_t by_us = dispatch_choose(&need, c, 4 - rows[i].open, whys).accept_by_us;
        ck_assert_msg(by_us == NOW + rows[i].minutes * MIN, "row %zu: %lld minutes", i,
                      (long long)((by_us - NOW) / MIN));
    }
}
END_TEST

START_TEST(an_offer_leaves_time_for_the_journey_of_who_is_asked_after_those_asked_together)
{
    Callout__V1__DispatchRule r = rule();
    r.offers = 5;
    struct dispatch_need need = need_by(&r, NOW + 85 * MIN);
    struct dispatch_candidate c[3] = { somebody("a", 30 * MIN), somebody("b", 40 * MIN),
                                       somebody("c", 60 * MIN) };
    enum dispatch_why whys[3];
    need.at_once = 2; /* 15 to prepare, 60 of "c", 3 of his to think */
    struct dispatch_choice choice = dispatch_choose(&need, c, 3, whys);
    ck_assert_int_eq(choice.accept_by_us, NOW + 7 * MIN);
    ck_assert_int_eq(whys[1], DISPATCH_FARTHER);
    ck_assert_int_eq(whys[2], DISPATCH_FARTHER);
    need.at_once = 3; /* nobody after "c" */
    ck_assert_int_eq(dispatch_choose(&need, c, 3, whys).accept_by_us, NOW + 10 * MIN);
}
END_TEST

START_TEST(no_time_is_left_for_asking_who_would_be_late_in_any_case)
{
    Callout__V1__DispatchRule r = rule();
    r.offers = 5;
    struct dispatch_need need = need_by(&r, NOW + 60 * MIN);
    struct dispatch_candidate c[3] = { somebody("a", 20 * MIN), somebody("b", 300 * MIN),
                                       somebody("c", 301 * MIN) };
    enum dispatch_why whys[3]; /* 15 to prepare, 20 on the road: 25 to think, but 10 at most */
    ck_assert_int_eq(dispatch_choose(&need, c, 3, whys).accept_by_us, NOW + 10 * MIN);
    c[1] = somebody("b", 30 * MIN);
    need.deadline_us = NOW + 52 * MIN; /* 15, 30 and 3 of his to think */
    ck_assert_int_eq(dispatch_choose(&need, c, 3, whys).accept_by_us, NOW + 4 * MIN);
}
END_TEST

START_TEST(so_many_are_asked_at_once_as_the_rule_says_for_the_level)
{
    Callout__V1__DispatchRule r = rule();
    ck_assert_uint_eq(dispatch_at_once(&r, 1), 1);
    uint32_t at_once[] = { 3, 0, 99 };
    r.at_once = at_once;
    r.n_at_once = 3;
    ck_assert_uint_eq(dispatch_at_once(&r, 0), 1);
    ck_assert_uint_eq(dispatch_at_once(&r, 1), 3);
    ck_assert_uint_eq(dispatch_at_once(&r, 2), 1);
    ck_assert_uint_eq(dispatch_at_once(&r, 3), DISPATCH_AT_ONCE_MAX);
    ck_assert_uint_eq(dispatch_at_once(&r, 4), 1);
}
END_TEST

START_TEST(nobody_has_less_than_the_shortest_time_to_think)
{
    ck_assert_int_eq(accept_by(NOW + 30 * MIN, 0, 3, 40 * MIN), 3 * MIN);
    ck_assert_int_eq(accept_by(NOW - 9 * HOUR, 0, 3, 40 * MIN), 3 * MIN);
}
END_TEST

START_TEST(weights_of_the_rule_weigh_level_load_and_fairness_against_the_journey)
{
    Callout__V1__DispatchRule r = rule();
    struct dispatch_need need = need_by(&r, NOW + 9 * HOUR);
    struct dispatch_candidate expert = somebody("a", MIN);
    expert.skill = 3;
    check_better(&need, somebody("z", 40 * MIN), expert, DISPATCH_FIT);
    r.fit_us = 30 * MIN;
    check_better(&need, expert, somebody("z", 40 * MIN), DISPATCH_FARTHER);
    check_better(&need, somebody("z", 20 * MIN), expert, DISPATCH_FIT);
    struct dispatch_candidate loaded = somebody("a", MIN);
    loaded.capacity = 3;
    loaded.claims = 2;
    r.load_us = 10 * MIN;
    check_better(&need, somebody("z", 20 * MIN), loaded, DISPATCH_LOADED);
    check_better(&need, loaded, somebody("z", 22 * MIN), DISPATCH_FARTHER);
    struct dispatch_candidate tired = somebody("a", MIN);
    tired.recent = 6;
    check_better(&need, somebody("z", MIN), tired, DISPATCH_UNFAIR);
    check_better(&need, tired, somebody("z", 2 * MIN), DISPATCH_FARTHER);
    r.fairness_us = MIN;
    check_better(&need, somebody("z", 6 * MIN), tired, DISPATCH_UNFAIR);
}
END_TEST

START_TEST(a_skill_counts_until_its_certificate_ends)
{
    Callout__V1__Engineer engineer = CALLOUT__V1__ENGINEER__INIT;
    Callout__V1__Skill skill = CALLOUT__V1__SKILL__INIT, *skills[] = { &skill };
    char disk[] = "disk", tape[] = "tape", *products[] = { tape };
    uint32_t level = 0;
    engineer.skill = 1;
    engineer.products = products;
    engineer.n_products = 1;
    engineer.skills = skills;
    engineer.n_skills = 1;
    skill.key = disk;
    skill.level = 3;
    skill.until_us = NOW;
    ck_assert(dispatch_level_of(&engineer, "disk", NOW - 1, &level));
    ck_assert_uint_eq(level, 3);
    ck_assert(!dispatch_level_of(&engineer, "disk", NOW, &level));
    ck_assert(dispatch_level_of(&engineer, "tape", NOW, &level));
    ck_assert_uint_eq(level, 1);
    ck_assert(dispatch_level_of(&engineer, "", NOW, &level));

    Callout__V1__DispatchRule r = rule();
    Callout__V1__SkillNeed wanted = CALLOUT__V1__SKILL_NEED__INIT, *needs[] = { &wanted };
    uint32_t worst[] = { 1 };
    r.skills = needs;
    r.n_skills = 1;
    wanted.skill = disk;
    wanted.level = 3;
    wanted.severities = worst;
    wanted.n_severities = 1;
    ck_assert(dispatch_is_qualified(&r, 1, &engineer, NOW - 1));
    ck_assert(!dispatch_is_qualified(&r, 1, &engineer, NOW));
    ck_assert(dispatch_is_qualified(&r, 2, &engineer, NOW));
}
END_TEST

START_TEST(every_reason_has_a_sentence)
{
    for (enum dispatch_why why = 0; why < DISPATCH_WHYS; why++)
        ck_assert_ptr_nonnull(dispatch_why_text(why));
}
END_TEST

START_TEST(who_is_booked_for_something_else_is_not_asked)
{
    Callout__V1__DispatchRule r = rule();
    struct dispatch_need need = need_by(&r, NOW + 3 * HOUR);
    struct dispatch_candidate c[] = { somebody("a", MIN), somebody("b", HOUR) };
    enum dispatch_why whys[2];
    c[0].booked_by = 4711;
    ck_assert_uint_eq(dispatch_choose(&need, c, 2, whys).pick, 1);
    ck_assert_int_eq(whys[0], DISPATCH_BOOKED);
    ck_assert_int_eq(dispatch_cost(&need, &c[0]), -1);
    c[1].booked_by = 4711;
    struct dispatch_choice nobody = dispatch_choose(&need, c, 2, whys);
    ck_assert_uint_eq(nobody.pick, DISPATCH_NO_PICK);
    ck_assert(nobody.is_any_busy);
}
END_TEST

START_TEST(who_is_on_event_duty_at_the_site_comes_before_everybody_who_is_nearer)
{
    Callout__V1__DispatchRule r = rule();
    struct dispatch_need need = need_by(&r, NOW + 2 * HOUR);
    struct dispatch_candidate duty = somebody("z", 3 * HOUR); /* and would be late */
    duty.is_on_event = true;
    duty.skill = 3;
    check_better(&need, duty, somebody("a", MIN), DISPATCH_EVENT);
    ck_assert_int_eq(dispatch_cost(&need, &duty), 0);
    duty.claims = 1; /* but not before he is free */
    struct dispatch_candidate c[] = { duty, somebody("a", MIN) };
    enum dispatch_why whys[2];
    ck_assert_uint_eq(dispatch_choose(&need, c, 2, whys).pick, 1);
    ck_assert_int_eq(whys[0], DISPATCH_BUSY);
}
END_TEST

CHECK_MAIN("dispatch_choice", a_journey_has_a_fixed_part_and_one_by_distance,
           the_least_level_goes_by_severity, who_cannot_be_asked_is_told_the_first_reason,
           who_is_there_in_time_comes_before_who_fits_better,
           among_those_who_are_late_the_least_late_goes,
           nobody_is_late_for_a_time_that_is_still_to_be_agreed,
           then_travel_then_load_then_key_decide,
           a_higher_level_is_a_wish_that_gives_way_where_nobody_has_it,
           the_order_of_the_candidates_does_not_matter,
           with_much_time_an_offer_stands_as_long_as_the_rule_allows,
           an_offer_leaves_time_to_prepare_and_to_travel,
           an_offer_leaves_time_to_ask_the_next_ones_who_travel_longer,
           with_several_asked_at_once_fewer_rounds_have_to_fit_before_the_deadline,
           an_offer_leaves_time_for_the_journey_of_who_is_asked_after_those_asked_together,
           no_time_is_left_for_asking_who_would_be_late_in_any_case,
           so_many_are_asked_at_once_as_the_rule_says_for_the_level,
           nobody_has_less_than_the_shortest_time_to_think,
           weights_of_the_rule_weigh_level_load_and_fairness_against_the_journey,
           a_skill_counts_until_its_certificate_ends, every_reason_has_a_sentence,
           who_is_booked_for_something_else_is_not_asked,
           who_is_on_event_duty_at_the_site_comes_before_everybody_who_is_nearer)
