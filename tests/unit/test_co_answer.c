#include "co_answer.h"

#include "check_main.h"

#include <ctype.h>
#include <sodium.h>
#include <string.h>

static const uint8_t secret[CO_ANSWER_SECRET] = "0123456789abcde";
static const uint8_t other[CO_ANSWER_SECRET] = "0123456789abcdf";

static void setup(void)
{
    ck_assert_int_ge(sodium_init(), 0);
}

START_TEST(a_code_names_its_case_and_is_good_for_its_act_alone)
{
    char code[CO_ANSWER_TEXT], mark[CO_ANSWER_MARK + 1];
    int64_t case_id = 0;
    for (size_t i = 0; i < CO_ANSWERS; i++) {
        co_answer_code(secret, 1280, co_answer_acts[i], code);
        ck_assert_int_eq(strncmp(code, "C-180D-", 7), 0);
        ck_assert_uint_eq(strlen(code), 7 + CO_ANSWER_MARK);
        ck_assert(co_answer_read(code, &case_id, mark));
        ck_assert_int_eq(case_id, 1280);
        for (size_t k = 0; k < CO_ANSWERS; k++)
            ck_assert_int_eq(co_answer_is(secret, 1280, co_answer_acts[k], mark), k == i);
        ck_assert(!co_answer_is(other, 1280, co_answer_acts[i], mark));
        ck_assert(!co_answer_is(secret, 1281, co_answer_acts[i], mark));
    }
}
END_TEST

START_TEST(a_code_is_read_as_people_write_it)
{
    char code[CO_ANSWER_TEXT], mark[CO_ANSWER_MARK + 1], again[CO_ANSWER_MARK + 1], typed[100] = "";
    int64_t case_id = 0;
    co_answer_code(secret, 1280, CALLOUT__V1__ACT__ACT_ACCEPT, code);
    ck_assert(co_answer_read(code, &case_id, mark));
    for (size_t i = 0, n = 0; code[i] != '\0'; i++) {
        char c = (char)tolower((unsigned char)code[i]);
        typed[n++] = c == '0' ? 'o' : c == '1' ? 'l' : c;
        if (i > 8 && i % 3 == 0)
            typed[n++] = i % 2 == 0 ? ' ' : '-';
    }
    ck_assert(co_answer_read(typed, &case_id, again));
    ck_assert_int_eq(case_id, 1280);
    ck_assert_str_eq(again, mark);
}
END_TEST

START_TEST(what_is_no_code_is_told_from_one)
{
    static const char *const wrong[] = {
        "",
        "C-180D",
        "accept",
        "C-180D-123456789", /* one short: the number lacks its end */
        "C-180D-12345_7890",
        "C-180E-1234567890",  /* the number has another check */
        "C-180D-12345678901", /* one long */
        "-1234567890",
        ("----------------------------------------------------------------"
         "---------------------------C-180D-1234567890")
    };
    char mark[CO_ANSWER_MARK + 1];
    int64_t case_id;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        ck_assert_msg(!co_answer_read(wrong[i], &case_id, mark), "%s", wrong[i]);
}
END_TEST

START_TEST(each_act_has_a_bit_of_its_own)
{
    uint32_t seen = 0;
    for (size_t i = 0; i < CO_ANSWERS; i++) {
        ck_assert_uint_ne(co_answer_bit(co_answer_acts[i]), 0);
        ck_assert_uint_eq(seen & co_answer_bit(co_answer_acts[i]), 0);
        seen |= co_answer_bit(co_answer_acts[i]);
    }
    ck_assert_uint_eq(co_answer_bit(CALLOUT__V1__ACT__ACT_CANCEL), 0);
}
END_TEST

CHECK_MAIN_WITH("co_answer", setup, NULL, a_code_names_its_case_and_is_good_for_its_act_alone,
                a_code_is_read_as_people_write_it, what_is_no_code_is_told_from_one,
                each_act_has_a_bit_of_its_own)
