#include "co_text.h"

#include <string.h>

#include "check_main.h"

static bool is_valid(const char *s)
{
    return co_text_is_valid(s, strlen(s));
}

START_TEST(well_formed_text_of_every_length_is_valid)
{
    ck_assert(is_valid(""));
    ck_assert(is_valid("plain"));
    ck_assert(is_valid("\x7f\xc2\x80\xdf\xbf"));
    ck_assert(is_valid("\xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf"));
    ck_assert(is_valid("\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf"));
    ck_assert(is_valid("存储扩容故障 ☎ 🙂"));
}
END_TEST

START_TEST(what_postgresql_refuses_is_invalid)
{
    static const char *const bad[] = {
        "\x80",
        "\xbf",
        "\xc0\x80",
        "\xc1\xbf",
        "\xe0\x80\x80",
        "\xe0\x9f\xbf",
        "\xed\xa0\x80",
        "\xed\xbf\xbf",
        "\xf0\x80\x80\x80",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xff",
        "\xfe",
        "ok\xc3",
        "\xe4\xb8",
        "\xe4\xb8z",
        "\xc3\x28",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(!is_valid(bad[i]), "case %zu", i);
    ck_assert(!co_text_is_valid("a\0b", 3));
    ck_assert(co_text_is_valid("a\0b", 1));
}
END_TEST

START_TEST(one_wrong_byte_is_found_wherever_it_stands_in_a_long_text)
{
    char text[41];
    for (size_t len = 1; len <= 40; len++)
        for (size_t at = 0; at < len; at++)
            for (unsigned byte = 0; byte < 256; byte++) {
                memset(text, 'x', len);
                text[at] = (char)byte;
                ck_assert_msg(co_text_is_valid(text, len) == (byte > 0 && byte < 0x80),
                              "byte %u at %zu of %zu", byte, at, len);
            }
}
END_TEST

START_TEST(a_length_that_cuts_a_character_is_invalid)
{
    ck_assert(co_text_is_valid("故障", 6));
    ck_assert(!co_text_is_valid("故障", 5));
    ck_assert(!co_text_is_valid("故障", 4));
    ck_assert(co_text_is_valid("故障", 3));
}
END_TEST

START_TEST(a_copy_is_cut_between_characters)
{
    char to[8];
    ck_assert_uint_eq(co_text_copy(to, sizeof(to), "故障单"), 6);
    ck_assert_str_eq(to, "故障");
    ck_assert_uint_eq(co_text_copy(to, sizeof(to), "abc"), 3);
    ck_assert_str_eq(to, "abc");
    ck_assert_uint_eq(co_text_copy(to, 1, "abc"), 0);
    ck_assert_str_eq(to, "");
    ck_assert_uint_eq(co_text_clip("a故b", 3), 1);
    ck_assert_uint_eq(co_text_clip("a故b", 4), 4);
}
END_TEST

START_TEST(chinese_takes_two_columns_and_accents_none)
{
    ck_assert_uint_eq(co_text_width("disk"), 4);
    ck_assert_uint_eq(co_text_width("重大"), 4);
    ck_assert_uint_eq(co_text_width("（1）"), 5);
    ck_assert_uint_eq(co_text_width("e\xcc\x81"), 1);
    ck_assert_uint_eq(co_text_width("é"), 1);
    ck_assert_uint_eq(co_text_width("한글"), 4);
    ck_assert_uint_eq(co_text_width("🙂"), 2);
    ck_assert_uint_eq(co_text_width("a\tb\x1b"), 2);
    ck_assert_uint_eq(co_text_width("\xff\xfe"), 2);
    ck_assert_uint_eq(co_text_columns(0x200b), 0);
    ck_assert_uint_eq(co_text_columns(0x2028f), 2);
    ck_assert_uint_eq(co_text_columns(0x00ad), 1);
}
END_TEST

static const char *padded(const char *s, size_t columns, enum co_text_side side)
{
    static char to[64];
    size_t len = co_text_pad(to, sizeof(to), s, columns, side);
    ck_assert_uint_eq(len, strlen(to));
    return to;
}

START_TEST(padding_fills_the_columns_exactly)
{
    ck_assert_str_eq(padded("ab", 4, CO_TEXT_LEFT), "ab  ");
    ck_assert_str_eq(padded("ab", 4, CO_TEXT_RIGHT), "  ab");
    ck_assert_str_eq(padded("重大", 6, CO_TEXT_LEFT), "重大  ");
    ck_assert_str_eq(padded("重大", 3, CO_TEXT_LEFT), "重 ");
    ck_assert_str_eq(padded("重大", 3, CO_TEXT_RIGHT), " 重");
    ck_assert_str_eq(padded("e\xcc\x81x", 1, CO_TEXT_LEFT), "e\xcc\x81");
    ck_assert_str_eq(padded("", 2, CO_TEXT_LEFT), "  ");
    ck_assert_str_eq(padded("abc", 0, CO_TEXT_LEFT), "");
    char small[4];
    ck_assert_uint_eq(co_text_pad(small, sizeof(small), "重大", 6, CO_TEXT_LEFT), 3);
    ck_assert_str_eq(small, "重");
    ck_assert_uint_eq(co_text_pad(small, sizeof(small), "a", 9, CO_TEXT_RIGHT), 3);
}
END_TEST

START_TEST(distance_counts_insertions_deletions_exchanges_and_swaps)
{
    ck_assert_uint_eq(co_text_distance("", "", 9), 0);
    ck_assert_uint_eq(co_text_distance("", "abc", 9), 3);
    ck_assert_uint_eq(co_text_distance("kitten", "sitting", 9), 3);
    ck_assert_uint_eq(co_text_distance("port", "prot", 9), 1);
    ck_assert_uint_eq(co_text_distance("ca", "abc", 9), 3);
    ck_assert_uint_eq(co_text_distance("Bind", "bind", 9), 0);
    ck_assert_uint_eq(co_text_distance("上海", "上每", 9), 1);
    ck_assert_uint_eq(co_text_distance("kitten", "sitting", 2), 3);
    ck_assert_uint_eq(co_text_distance("kitten", "sitting", 0), 1);
    char longer[CO_TEXT_DISTANCE_CHARS + 2];
    memset(longer, 'a', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    ck_assert_uint_eq(co_text_distance(longer, longer, 5), 6);
    ck_assert_uint_eq(co_text_distance(longer + 1, longer + 1, 5), 0);
}
END_TEST

START_TEST(the_nearest_name_is_suggested_and_a_far_one_is_not)
{
    static const char *const names[] = { "listen", "lanes", "database", "lane" };
    ck_assert_str_eq(co_text_nearest("databse", names, 4), "database");
    ck_assert_str_eq(co_text_nearest("lnae", names, 4), "lane");
    ck_assert_str_eq(co_text_nearest("lane", names, 4), "lane");
    ck_assert_str_eq(co_text_nearest("laned", names, 4), "lanes");
    ck_assert_ptr_null(co_text_nearest("metrics", names, 4));
    ck_assert_ptr_null(co_text_nearest("x", names, 4));
    ck_assert_ptr_null(co_text_nearest("lane", names, 0));
}
END_TEST

START_TEST(a_text_begins_with_itself_and_with_nothing_and_not_with_more)
{
    ck_assert(co_text_begins("digest/opened", "digest/"));
    ck_assert(co_text_begins("digest", "digest"));
    ck_assert(co_text_begins("digest", ""));
    ck_assert(!co_text_begins("digest", "digest/"));
    ck_assert(!co_text_begins("", "d"));
}
END_TEST

CHECK_MAIN("co_text", a_text_begins_with_itself_and_with_nothing_and_not_with_more,
           well_formed_text_of_every_length_is_valid, what_postgresql_refuses_is_invalid,
           one_wrong_byte_is_found_wherever_it_stands_in_a_long_text,
           a_length_that_cuts_a_character_is_invalid, a_copy_is_cut_between_characters,
           chinese_takes_two_columns_and_accents_none, padding_fills_the_columns_exactly,
           distance_counts_insertions_deletions_exchanges_and_swaps,
           the_nearest_name_is_suggested_and_a_far_one_is_not)
