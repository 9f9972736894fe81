/* What a choice saw, as it is kept with the case. */
#include "dispatch_fixture.h"

#include <stdio.h>

#include "dispatch_seen.h"

static struct dispatch_candidate many[100];
static enum dispatch_why whys[100];
static struct dispatch_pool pool;
static struct dispatch_seen seen;

static void see(size_t count)
{
    for (size_t i = 0; i < count; i++)
        whys[i] = DISPATCH_WHYS;
    pool = (struct dispatch_pool){ .candidates = count > 8 ? many : people, .count = count };
    seen = (struct dispatch_seen){
        .need = { .now_us = T0, .deadline_us = T0 + HOUR, .min_skill = 2, .rule = &rule },
        .pool = &pool,
        .whys = whys,
        .registry_version = 7,
    };
}

static void announce_offer(const char *engineer, uint64_t generation)
{
    Callout__V1__Offered *offered = dispatch_order_alloc(&o, sizeof(*offered));
    callout__v1__offered__init(offered);
    offered->engineer = dispatch_order_keep(&o, engineer);
    offered->generation = generation;
    Callout__V1__Event *e = dispatch_order_announce(&o);
    e->body_case = CALLOUT__V1__EVENT__BODY_OFFERED;
    e->offered = offered;
}

static void announce_nobody(const char *missing)
{
    Callout__V1__NobodyLeft *left = dispatch_order_alloc(&o, sizeof(*left));
    callout__v1__nobody_left__init(left);
    left->missing = dispatch_order_keep(&o, missing);
    Callout__V1__Event *e = dispatch_order_announce(&o);
    e->body_case = CALLOUT__V1__EVENT__BODY_NOBODY_LEFT;
    e->nobody_left = left;
}

START_TEST(an_offer_keeps_whom_it_passed_over_nearest_first_and_why)
{
    see(5);
    people[1].claims = 1;
    people[1].held_by = 4711;
    people[2].free_from_us = T0 + HOUR;
    people[3].skill = 1;
    people[4].per_day = people[4].today = 2;
    struct dispatch_choice choice = dispatch_choose(&seen.need, people, 5, whys);
    ck_assert_uint_eq(choice.pick, 0);
    announce_offer("a", 3);
    const Callout__V1__Choice *c = dispatch_seen_make(&o, &seen);
    ck_assert_str_eq(c->engineer, "a");
    ck_assert_uint_eq(c->generation, 3);
    ck_assert_int_eq(c->at_us, T0);
    ck_assert_int_eq(c->deadline_us, T0 + HOUR);
    ck_assert_uint_eq(c->registry_version, 7);
    ck_assert_uint_eq(c->n_others, 4);
    ck_assert_uint_eq(c->n_rest, 0);
    static const char *const order[][2] = {
        { "b", "busy" }, { "c", "off_duty" }, { "e", "day_full" }, { "d", "level" }
    };
    for (size_t i = 0; i < 4; i++) {
        ck_assert_str_eq(c->others[i]->engineer, order[i][0]);
        ck_assert_str_eq(c->others[i]->why, order[i][1]);
    }
    ck_assert_uint_eq(c->others[0]->held_by, 4711);
    ck_assert_int_eq(c->others[1]->free_from_us, T0 + HOUR);
    ck_assert_uint_eq(c->others[2]->per_day, 2);
    ck_assert_uint_eq(c->others[3]->skill, 1);
}
END_TEST

START_TEST(of_many_the_nearest_are_kept_and_the_others_counted)
{
    for (size_t i = 0; i < 100; i++) {
        char key[8];
        (void)snprintf(key, sizeof(key), "e%02zu", i);
        many[i] = people[0];
        many[i].engineer = dispatch_order_keep(&o, key);
        many[i].travel_us = (int64_t)i * MIN;
        many[i].claims = i % 2;
    }
    see(100);
    (void)dispatch_choose(&seen.need, many, 100, whys);
    announce_offer("e00", 1);
    const Callout__V1__Choice *c = dispatch_seen_make(&o, &seen);
    ck_assert_uint_eq(c->n_others, DISPATCH_SEEN_OTHERS);
    ck_assert_str_eq(c->others[0]->engineer, "e02");
    uint64_t rest = 0;
    for (size_t i = 0; i < c->n_rest; i++)
        rest += c->rest[i]->count;
    ck_assert_uint_eq(rest, 99 - DISPATCH_SEEN_OTHERS);
    ck_assert_uint_lt(callout__v1__choice__get_packed_size(c), 1000); /* bounded */
}
END_TEST

START_TEST(that_nobody_could_be_asked_is_kept_with_what_was_missing)
{
    see(1);
    people[0].claims = 1;
    (void)dispatch_choose(&seen.need, people, 1, whys);
    announce_nobody("free_engineer");
    const Callout__V1__Choice *c = dispatch_seen_make(&o, &seen);
    ck_assert_str_eq(c->engineer, "");
    ck_assert_str_eq(c->missing, "free_engineer");
    ck_assert_uint_eq(c->n_others, 1);
    see(0);
    ck_assert_uint_eq(dispatch_seen_make(&o, &seen)->n_others, 0); /* there is nobody at all */
}
END_TEST

START_TEST(where_nothing_came_of_it_nothing_is_kept)
{
    see(3);
    (void)dispatch_choose(&seen.need, people, 3, whys);
    ck_assert_ptr_null(dispatch_seen_make(&o, &seen)); /* the claim was lost, or it looks farther */
    see(3);
    announce_nobody("agreed_time");
    ck_assert_ptr_null(dispatch_seen_make(&o, &seen)); /* it did not come to a choice */
}
END_TEST

START_TEST(every_reason_has_a_word_that_is_understood)
{
    for (enum dispatch_why why = 0; why < DISPATCH_WHYS; why++) {
        ck_assert_int_eq(dispatch_why_of(dispatch_why_name(why)), why);
        ck_assert_uint_gt(strlen(dispatch_why_text(why)), 5);
        ck_assert_uint_le(dispatch_why_far(why), 3);
    }
    ck_assert_int_eq(dispatch_why_of("no such reason"), DISPATCH_WHYS);
}
END_TEST

CHECK_MAIN_WITH("dispatch_seen", setup, teardown,
                an_offer_keeps_whom_it_passed_over_nearest_first_and_why,
                of_many_the_nearest_are_kept_and_the_others_counted,
                that_nobody_could_be_asked_is_kept_with_what_was_missing,
                where_nothing_came_of_it_nothing_is_kept,
                every_reason_has_a_word_that_is_understood)
