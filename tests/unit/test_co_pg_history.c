#include "co_pg_history.h"

#include "check_main.h"

static struct co_pg_history history;

static void begin(void)
{
    history = (struct co_pg_history){ .timeline = 0 };
    ck_assert_int_eq(co_pg_history_meet(&history, "71", 3), CO_PG_NEWER);
}

START_TEST(the_same_timeline_is_the_same_history)
{
    ck_assert_int_eq(co_pg_history_meet(&history, "71", 3), CO_PG_SAME);
}
END_TEST

START_TEST(after_a_promotion_the_old_primary_is_of_the_past)
{
    ck_assert_int_eq(co_pg_history_meet(&history, "71", 4), CO_PG_NEWER);
    ck_assert_int_eq(co_pg_history_meet(&history, "71", 3), CO_PG_OLDER);
    ck_assert_int_eq(co_pg_history_meet(&history, "71", 4), CO_PG_SAME);
}
END_TEST

START_TEST(another_database_system_changes_nothing)
{
    ck_assert_int_eq(co_pg_history_meet(&history, "72", 9), CO_PG_OTHER);
    ck_assert_int_eq(co_pg_history_meet(&history, "71", 3), CO_PG_SAME);
}
END_TEST

START_TEST(what_another_process_says_of_a_newer_timeline_is_believed)
{
    ck_assert(co_pg_history_hear(&history, "71.0000000A"));
    ck_assert_int_eq(history.timeline, 10);
    ck_assert(!co_pg_history_hear(&history, "71.0000000A"));
    ck_assert_int_eq(co_pg_history_meet(&history, "71", 3), CO_PG_OLDER);
}
END_TEST

START_TEST(what_is_older_of_another_system_or_no_era_says_nothing)
{
    static const char *const said[] = { "71.00000002", "72.0000000A", "", "71", "71.", "71.000A", "71.0000000G", "71.0000000A0", "710000000A" };
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        ck_assert_msg(!co_pg_history_hear(&history, said[i]), "%s", said[i]);
    ck_assert_int_eq(history.timeline, 3);
}
END_TEST

START_TEST(who_has_seen_nothing_believes_nobody)
{
    history = (struct co_pg_history){ .timeline = 0 };
    ck_assert(!co_pg_history_hear(&history, ".0000000A"));
}
END_TEST

CHECK_MAIN_WITH("co_pg_history", begin, NULL, the_same_timeline_is_the_same_history, after_a_promotion_the_old_primary_is_of_the_past,
                another_database_system_changes_nothing, what_another_process_says_of_a_newer_timeline_is_believed,
                what_is_older_of_another_system_or_no_era_says_nothing, who_has_seen_nothing_believes_nobody)
