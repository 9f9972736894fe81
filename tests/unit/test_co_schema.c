#include <check.h>
#include <string.h>

#include "check_main.h"
#include "co_schema.h"

static const struct co_schema_room needed[] = { { "journal", 5 }, { "sla", 3 } };
static struct co_why why;

static bool fits(const struct co_schema_room *found, size_t count, const char *least)
{
    why.text[0] = '\0';
    return co_schema_fits(needed, 2, found, count, least, "1.2.0", &why);
}

START_TEST(a_schema_with_all_that_is_needed_or_more_fits)
{
    static const struct co_schema_room same[] = { { "sla", 3 }, { "journal", 5 } };
    static const struct co_schema_room more[] = { { "journal", 9 }, { "sla", 4 }, { "other", 1 } };
    ck_assert(fits(same, 2, ""));
    ck_assert(fits(more, 3, ""));
    ck_assert(fits(more, 3, "1.2.0"));
    ck_assert(fits(more, 3, "1.1.9"));
    ck_assert_str_eq(why.text, "");
}
END_TEST

START_TEST(what_is_missing_is_named_with_the_command_that_helps)
{
    static const struct co_schema_room old[] = { { "journal", 4 }, { "sla", 3 } };
    ck_assert(!fits(old, 2, ""));
    ck_assert_ptr_nonnull(strstr(why.text, "journal up to 0004, and 0005 is needed"));
    ck_assert_ptr_nonnull(strstr(why.text, "callout migrate"));
    ck_assert(!fits(old, 1, ""));
    ck_assert(!fits(NULL, 0, ""));
    ck_assert_ptr_nonnull(strstr(why.text, "journal up to 0000"));
}
END_TEST

START_TEST(a_release_that_the_schema_has_left_behind_is_told_to_be_upgraded)
{
    static const struct co_schema_room more[] = { { "journal", 9 }, { "sla", 4 } };
    ck_assert(!fits(more, 2, "1.10.0"));
    ck_assert_ptr_nonnull(strstr(why.text, "1.10.0 or newer"));
    ck_assert_ptr_nonnull(strstr(why.text, "upgrade"));
}
END_TEST

START_TEST(releases_are_ordered_by_their_numbers)
{
    static const char *const ascending[] = { "", "0.1.0", "0.2", "0.2.1", "0.10.0", "1.0.0", "1.0.9", "10.0.0" };
    enum { N = sizeof(ascending) / sizeof(ascending[0]) };
    for (int a = 0; a < N; a++)
        for (int b = 0; b < N; b++) {
            int order = co_schema_release_order(ascending[a], ascending[b]);
            ck_assert_int_eq((order > 0) - (order < 0), (a > b) - (a < b));
        }
    ck_assert_int_eq(co_schema_release_order("0.2", "0.2.0"), 0);
    ck_assert_int_eq(co_schema_release_order("x.y", "0.0.0"), 0);
}
END_TEST

START_TEST(this_release_knows_its_own_schema)
{
    ck_assert_uint_gt(co_schema_room_count, 5);
    ck_assert_str_eq(co_schema_rooms[0].service, "journal");
    ck_assert(co_schema_fits(co_schema_rooms, co_schema_room_count, co_schema_rooms,
                             co_schema_room_count, "", "0.0.1", &why));
}
END_TEST

CHECK_MAIN("co_schema", a_schema_with_all_that_is_needed_or_more_fits,
           what_is_missing_is_named_with_the_command_that_helps,
           a_release_that_the_schema_has_left_behind_is_told_to_be_upgraded,
           releases_are_ordered_by_their_numbers, this_release_knows_its_own_schema)
