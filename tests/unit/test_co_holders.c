#include "co_holders.h"

#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "co_yaml.h"

/* Monday 2026-03-02, midnight in UTC, which is the local time of the calendar. */
#define T0 (INT64_C(20514) * CO_DAY_US)
#define AT(hour) (T0 + (hour)*CO_HOUR_US)

static const char people[] = "persons:\n"
                             "  a: {name: A, delegate: d}\n"
                             "  b: {name: B}\n"
                             "  c: {name: C, delegate: a}\n"
                             "  d: {name: D, delegate: e}\n"
                             "  e: {name: E}\n";
static const char calendar[] = "calendar: utc\nzone: UTC\nutc_offset: \"+00:00\"\n"
                               "week: {mon: [\"09:00-18:00\"]}\n";
#define ABSENCE(from, until)                                                                       \
    "absences: [{from: 2026-03-02T" from ":00Z, until: 2026-03-02T" until ":00Z}]"
#define RULE(hours) "rules: [{weekdays: [1, 2, 3, 4, 5, 6, 7], hours: '" hours "'}]"
#define SHIFT(key, hours) "  " key ": {calendar: utc, " RULE(hours) "}\n"
#define LEAVE(key, from, until) "  " key ": {calendar: utc, " ABSENCE(from, until) "}\n"
#define BOTH(key, hours, from, until)                                                              \
    "  " key ": {calendar: utc, " RULE(hours) ", " ABSENCE(from, until) "}\n"

static struct co_yaml *y;
static struct co_registry *r;
static struct co_rosters *rosters;

static void given(const char *text)
{
    const Callout__V1__Registry *all = NULL;
    y = co_yaml_new(NULL);
    co_yaml_load_text(y, "people", people, strlen(people));
    co_yaml_load_text(y, "rosters", text, strlen(text));
    co_yaml_load_text(y, "calendar", calendar, strlen(calendar));
    ck_assert_int_eq(co_yaml_finish(y, &all), CO_OK);
    r = co_registry_new(100);
    for (size_t i = 0; i < all->n_objects; i++)
        ck_assert_int_eq(co_registry_put_message(r, all->objects[i], 1), CO_OK);
    ck_assert_int_eq(co_rosters_new(r, &rosters), CO_OK);
}

static void done(void)
{
    co_rosters_free(rosters);
    co_registry_free(r);
    co_yaml_free(y);
}

/* `holders`: keys, a letter each. */
static struct co_holding held_by(const char *holders)
{
    static const Callout__V1__Person *list[8];
    struct co_holding h = { r, rosters, list, strlen(holders) };
    for (size_t i = 0; i < h.count; i++) {
        char key[2] = { holders[i], '\0' };
        list[i] = co_registry_person(r, key);
    }
    return h;
}

/* "d for a on leave, b": who answers at `us`. */
static void answers(const char *holders, int64_t us, const char *expected)
{
    char text[200] = "";
    struct co_holder who[8];
    struct co_holding h = held_by(holders);
    size_t count = co_holders_at(&h, us, who, 8);
    for (size_t i = 0; i < count; i++) {
        size_t len = strlen(text);
        (void)snprintf(text + len, sizeof(text) - len, "%s%s%s%s%s", len > 0 ? ", " : "",
                       who[i].person->key, who[i].stands_for != NULL ? " for " : "",
                       who[i].stands_for != NULL ? who[i].stands_for->key : "",
                       who[i].stands_for == NULL ? ""
                       : who[i].is_leave         ? " on leave"
                                                 : " off duty");
    }
    ck_assert_str_eq(text, expected);
}

START_TEST(without_rosters_all_holders_answer)
{
    given("rosters: {}\n");
    answers("abc", AT(0), "a, b, c");
    answers("", AT(0), "");
    done();
}
END_TEST

START_TEST(of_several_those_in_a_shift_answer)
{
    given("rosters:\n" SHIFT("a", "08:00-20:00") SHIFT("b", "20:00-06:00"));
    answers("ab", AT(9), "a");
    answers("ab", AT(23), "b");
    answers("ab", AT(7), "");
    answers("abe", AT(7), "e");
    done();
}
END_TEST

START_TEST(who_holds_it_alone_answers_at_any_hour_unless_a_delegate_is_on_duty)
{
    given("rosters:\n" SHIFT("a", "08:00-20:00") SHIFT("b", "08:00-20:00") SHIFT("d", "20:00-23:00")
              SHIFT("e", "20:00-24:00"));
    answers("b", AT(3), "b");
    answers("a", AT(3), "a");
    answers("a", AT(12), "a");
    answers("a", AT(21), "d for a off duty");
    answers("a", AT(23), "e for a off duty");
    done();
}
END_TEST

START_TEST(for_who_is_on_leave_the_first_delegate_answers_who_can)
{
    given("rosters:\n" LEAVE("a", "08:00", "20:00") LEAVE("b", "08:00", "20:00")
              LEAVE("d", "10:00", "12:00") SHIFT("e", "00:00-08:00"));
    answers("a", AT(7), "a");
    answers("a", AT(8), "d for a on leave");
    answers("a", AT(11), "e for a on leave"); /* out of his shifts, but there is nobody better */
    answers("c", AT(8), "c");
    answers("b", AT(8), "");
    answers("bc", AT(8), "c");
    answers("ab", AT(8), "d for a on leave");
    answers("ad", AT(9), "d"); /* once, and for himself */
    answers("da", AT(9), "d");
    done();
}
END_TEST

START_TEST(nobody_stands_in_for_who_is_away_out_of_his_shifts)
{
    given("rosters:\n" BOTH("a", "08:00-20:00", "06:00", "12:00") SHIFT("b", "20:00-08:00"));
    answers("ab", AT(7), "b");
    answers("ab", AT(9), "d for a on leave");
    done();
}
END_TEST

static void gap_is(const char *holders, int64_t from_us, int64_t until_us, int gap_from,
                   int gap_until)
{
    struct co_holding h = held_by(holders);
    struct co_roster_gap gap = { AT(-1), AT(-1) };
    ck_assert_int_eq(co_holders_gap(&h, from_us, until_us, &gap), gap_from >= 0);
    ck_assert_int_eq((gap.from_us - T0) / CO_HOUR_US, gap_from);
    ck_assert_int_eq((gap.until_us - T0) / CO_HOUR_US, gap_until);
}

START_TEST(the_first_span_without_anybody_is_found)
{
    given("rosters:\n" BOTH("a", "08:00-20:00", "10:00", "12:00") SHIFT("b", "20:00-06:00")
              LEAVE("d", "11:00", "13:00") LEAVE("e", "11:00", "12:00"));
    gap_is("ab", AT(0), AT(48), 6, 8);
    gap_is("ab", AT(8), AT(30), 11, 12);
    gap_is("ab", AT(12), AT(48), 30, 32);
    gap_is("ab", AT(7), AT(8), 7, 8);
    gap_is("a", AT(0), AT(48), 11, 12);
    gap_is("a", AT(12), AT(48), -1, -1);
    gap_is("", AT(0), AT(5), 0, 5);
    done();
}
END_TEST

CHECK_MAIN("co_holders", without_rosters_all_holders_answer, of_several_those_in_a_shift_answer,
           who_holds_it_alone_answers_at_any_hour_unless_a_delegate_is_on_duty,
           for_who_is_on_leave_the_first_delegate_answers_who_can,
           nobody_stands_in_for_who_is_away_out_of_his_shifts,
           the_first_span_without_anybody_is_found)
