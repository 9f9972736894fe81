/* Sums of ledgers, and shares that add up. */
#include "check_main.h"
#include "co_rand.h"
#include "report_sum.h"

static const int64_t one[SLA_HOLDERS] = { [SLA_HOLDER_QUEUE] = 1, [SLA_HOLDER_CUSTOMER] = 2 };

static void add(struct report_sum *s, const char *a, const char *b)
{
    ck_assert_int_eq(report_sum_add(s, (const char *const[]){ a, b }, 1, one), CO_OK);
}

START_TEST(cases_of_the_same_keys_are_one_row_and_rows_come_in_the_order_of_their_keys)
{
    static const char *const wanted[][2] = {
        { "", "" }, { "k1", "2" }, { "k1", "10" }, { "k2", "1" }
    };
    struct report_sum *s = report_sum_new(2), *other = report_sum_new(2);
    struct report_row **rows;
    size_t n;
    add(s, "k2", "1");
    add(s, "k1", "10");
    add(s, "k1", "2");
    add(other, "k1", "2");
    add(other, "", "");
    ck_assert_int_eq(report_sum_join(s, other), CO_OK);
    ck_assert_int_eq(report_sum_rows(s, &rows, &n), CO_OK);
    ck_assert_uint_eq(n, 4);
    for (size_t i = 0; i < n; i++) {
        ck_assert_str_eq(rows[i]->keys[0], wanted[i][0]);
        ck_assert_str_eq(rows[i]->keys[1], wanted[i][1]);
    }
    ck_assert_uint_eq(rows[1]->cases, 2);
    ck_assert_int_eq(rows[1]->value[SLA_HOLDER_CUSTOMER], 4);
    ck_assert_int_eq(report_row_elapsed_us(rows[1]), 6);
    report_sum_free(s);
    report_sum_free(other);
}
END_TEST

START_TEST(keys_that_run_into_one_another_are_not_the_same)
{
    struct report_sum *s = report_sum_new(2);
    struct report_row **rows;
    size_t n;
    add(s, "a", "bc");
    add(s, "ab", "c");
    ck_assert_int_eq(report_sum_rows(s, &rows, &n), CO_OK);
    ck_assert_uint_eq(n, 2);
    report_sum_free(s);
}
END_TEST

START_TEST(nothing_gives_no_rows)
{
    struct report_sum *s = report_sum_new(0);
    struct report_row **rows;
    size_t n;
    ck_assert_int_eq(report_sum_rows(s, &rows, &n), CO_OK);
    ck_assert_uint_eq(n, 0);
    report_sum_free(s);
}
END_TEST

static uint32_t sum_of(const uint32_t *thousandths)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < SLA_HOLDERS; i++)
        sum += thousandths[i];
    return sum;
}

START_TEST(shares_add_up_to_the_whole_and_are_rounded_by_less_than_one)
{
    struct co_rand rand;
    co_rand_init(&rand, 1);
    for (int round = 0; round < 2000; round++) {
        int64_t length_us[SLA_HOLDERS], whole = 0;
        uint32_t thousandths[SLA_HOLDERS];
        for (size_t i = 0; i < SLA_HOLDERS; i++) {
            length_us[i] = co_rand_between(&rand, 0, round < 1000 ? 3 : INT64_C(1) << 50);
            whole += length_us[i];
        }
        report_shares(length_us, thousandths);
        ck_assert_uint_eq(sum_of(thousandths), whole > 0 ? 1000 : 0);
        for (size_t i = 0; i < SLA_HOLDERS && whole > 0; i++) {
            double exact = (double)length_us[i] / (double)whole * 1000;
            ck_assert(thousandths[i] > exact - 1 && thousandths[i] < exact + 1);
        }
    }
}
END_TEST

START_TEST(thirds_give_the_rest_to_one_of_them)
{
    const int64_t length_us[SLA_HOLDERS] = { 5, 5, 5 };
    uint32_t thousandths[SLA_HOLDERS];
    report_shares(length_us, thousandths);
    ck_assert_uint_eq(thousandths[0], 334);
    ck_assert_uint_eq(thousandths[1], 333);
    ck_assert_uint_eq(thousandths[2], 333);
}
END_TEST

CHECK_MAIN("report_sum",
           cases_of_the_same_keys_are_one_row_and_rows_come_in_the_order_of_their_keys,
           keys_that_run_into_one_another_are_not_the_same, nothing_gives_no_rows,
           shares_add_up_to_the_whole_and_are_rounded_by_less_than_one,
           thirds_give_the_rest_to_one_of_them)
