#include "co_csv.h"

#include <string.h>

#include "check_main.h"

enum { MAX = 4 };

static char text[256];
static struct co_csv csv;
static char *field[MAX];
static size_t n;

static void read_text(const char *from)
{
    strcpy(text, from);
    co_csv_init(&csv, text, strlen(text));
}

static void expect_next(size_t count, const char *first, const char *last)
{
    ck_assert_int_eq(co_csv_next(&csv, field, MAX, &n), CO_OK);
    ck_assert_uint_eq(n, count);
    if (count > 0) {
        ck_assert_str_eq(field[0], first);
        ck_assert_str_eq(field[n - 1], last);
    }
}

START_TEST(records_come_one_after_the_other_until_the_end)
{
    read_text("a,b\nc,d\n");
    expect_next(2, "a", "b");
    ck_assert_uint_eq(csv.line, 1);
    expect_next(2, "c", "d");
    ck_assert_uint_eq(csv.line, 2);
    expect_next(0, "", "");
    expect_next(0, "", "");
}
END_TEST

START_TEST(a_byte_order_mark_carriage_returns_and_empty_lines_do_not_count)
{
    read_text("\xEF\xBB\xBF" "a,b\r\n\r\n\nc,d");
    expect_next(2, "a", "b");
    expect_next(2, "c", "d");
    ck_assert_uint_eq(csv.line, 4);
    expect_next(0, "", "");
}
END_TEST

START_TEST(empty_fields_are_fields)
{
    read_text(",x,\n,\n");
    expect_next(3, "", "");
    ck_assert_str_eq(field[1], "x");
    expect_next(2, "", "");
}
END_TEST

START_TEST(quoted_fields_hold_commas_quotation_marks_and_line_breaks)
{
    read_text("\"a,b\",\"say \"\"hi\"\"\"\n\"two\nlines\",\"\"\nz\n");
    expect_next(2, "a,b", "say \"hi\"");
    expect_next(2, "two\nlines", "");
    expect_next(1, "z", "z");
    ck_assert_uint_eq(csv.line, 4);
}
END_TEST

START_TEST(an_open_quotation_mark_is_an_error)
{
    static const char *const wrong[] = { "\"a,b\n", "\"", "\"a\"b,c\n", "\"a\"\"" };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        read_text(wrong[i]);
        ck_assert_int_eq(co_csv_next(&csv, field, MAX, &n), CO_EINPUT);
    }
}
END_TEST

START_TEST(more_fields_than_there_is_room_for_are_refused)
{
    read_text("1,2,3,4\n1,2,3,4,5\n");
    expect_next(4, "1", "4");
    ck_assert_int_eq(co_csv_next(&csv, field, MAX, &n), CO_EFULL);
}
END_TEST

CHECK_MAIN("co_csv", records_come_one_after_the_other_until_the_end,
           a_byte_order_mark_carriage_returns_and_empty_lines_do_not_count,
           empty_fields_are_fields, quoted_fields_hold_commas_quotation_marks_and_line_breaks,
           an_open_quotation_mark_is_an_error, more_fields_than_there_is_room_for_are_refused)
