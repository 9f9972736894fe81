#include "co_name_claim.h"

#include "check_main.h"

enum { SECOND = 1000000 };
static struct co_name_claim claim;

static void begin(void)
{
    claim = (struct co_name_claim){ .looks = 0 };
}

START_TEST(a_row_that_nobody_renews_any_more_is_free_at_once)
{
    ck_assert_int_eq(co_name_claim_look(&claim, 7, 100, 4 * SECOND), CO_NAME_FREE);
}
END_TEST

START_TEST(a_row_that_is_renewed_while_we_look_is_taken)
{
    ck_assert_int_eq(co_name_claim_look(&claim, 7, 100, 0), CO_NAME_WAIT);
    ck_assert_int_eq(co_name_claim_look(&claim, 7, 101, 0), CO_NAME_TAKEN);
}
END_TEST

START_TEST(a_fresh_row_that_stands_still_is_free_after_some_looks)
{
    for (int i = 1; i < CO_NAME_LOOKS; i++)
        ck_assert_int_eq(co_name_claim_look(&claim, 7, 100, i), CO_NAME_WAIT);
    ck_assert_int_eq(co_name_claim_look(&claim, 7, 100, CO_NAME_LOOKS), CO_NAME_FREE);
}
END_TEST

START_TEST(whoever_takes_it_while_we_look_has_it)
{
    ck_assert_int_eq(co_name_claim_look(&claim, 7, 100, 0), CO_NAME_WAIT);
    ck_assert_int_eq(co_name_claim_look(&claim, 8, 100, 0), CO_NAME_TAKEN);
}
END_TEST

START_TEST(a_clock_of_the_database_that_was_set_back_does_not_make_it_older)
{
    ck_assert_int_eq(co_name_claim_look(&claim, 7, 100, -60 * SECOND), CO_NAME_WAIT);
}
END_TEST

CHECK_MAIN_WITH("co_name_claim", begin, NULL, a_row_that_nobody_renews_any_more_is_free_at_once, a_row_that_is_renewed_while_we_look_is_taken,
                a_fresh_row_that_stands_still_is_free_after_some_looks, whoever_takes_it_while_we_look_has_it,
                a_clock_of_the_database_that_was_set_back_does_not_make_it_older)
