#include "compiled.h"

#include "check_main.h"

static struct co_calendar *make(void)
{
    static const struct co_span work = { 9 * 60, 18 * 60 };
    static const struct co_offset_change utc = { 0, 0 };
    struct co_calendar_spec spec = { .offsets = { &utc, 1 },
                                     .first_year = 2026,
                                     .last_year = 2026 };
    spec.week[CO_MONDAY] = (struct co_day_spans){ &work, 1 };
    char problem[CO_CALENDAR_PROBLEM];
    struct co_calendar *calendar = NULL;
    enum co_err err = co_calendar_compile(&spec, &calendar, problem);
    ck_assert_msg(err == CO_OK, "%s", problem);
    return calendar;
}

static void add(struct sla_compiled *c, const char *key, uint64_t since)
{
    ck_assert_int_eq(sla_compiled_add(c, key, since, make()), CO_OK);
}

START_TEST(a_calendar_is_found_by_key_and_version)
{
    struct sla_compiled *c = sla_compiled_new(4);
    sla_compiled_begin(c);
    add(c, "cn", 1);
    add(c, "cn", 7);
    ck_assert_ptr_nonnull(sla_compiled_find(c, "cn", 1));
    ck_assert_ptr_ne(sla_compiled_find(c, "cn", 1), sla_compiled_find(c, "cn", 7));
    ck_assert_ptr_null(sla_compiled_find(c, "cn", 2));
    ck_assert_ptr_null(sla_compiled_find(c, "de", 1));
    sla_compiled_free(c);
}
END_TEST

START_TEST(the_one_that_was_used_longest_ago_goes_first)
{
    struct sla_compiled *c = sla_compiled_new(2);
    sla_compiled_begin(c);
    add(c, "a", 1);
    add(c, "b", 1);
    sla_compiled_begin(c);
    ck_assert_ptr_nonnull(sla_compiled_find(c, "a", 1));
    sla_compiled_begin(c);
    add(c, "c", 1);
    ck_assert_ptr_null(sla_compiled_find(c, "b", 1));
    ck_assert_ptr_nonnull(sla_compiled_find(c, "a", 1));
    sla_compiled_free(c);
}
END_TEST

/* The calendar of the site is there, that of the contract is not: it must not drive the first one
 * out while both are in use. */
START_TEST(what_is_used_together_stays_together_however_many)
{
    struct sla_compiled *c = sla_compiled_new(2);
    sla_compiled_begin(c);
    add(c, "site", 1);
    add(c, "other", 1);
    sla_compiled_begin(c);
    const struct co_calendar *site = sla_compiled_find(c, "site", 1);
    add(c, "contract", 1);
    add(c, "desk", 1);
    ck_assert_ptr_eq(sla_compiled_find(c, "site", 1), site);
    ck_assert_ptr_nonnull(sla_compiled_find(c, "contract", 1));
    sla_compiled_begin(c);
    add(c, "next", 1); /* too many are given up again */
    ck_assert_ptr_null(sla_compiled_find(c, "desk", 1));
    ck_assert_ptr_null(sla_compiled_find(c, "site", 1));
    sla_compiled_free(c);
}
END_TEST

CHECK_MAIN("sla_compiled", a_calendar_is_found_by_key_and_version,
           the_one_that_was_used_longest_ago_goes_first,
           what_is_used_together_stays_together_however_many)
