#include "check_main.h"

#include <string.h>

#include "co_text.h"
#include "notify_text.h"

static struct co_buf b;
static const struct notify_field fields[] = {
    { .name = "number", .value = "C-180D" },
    { .name = "title", .value = "一\n行 {number}" },
    { .name = "gone" },
};

static const char *fill_with(const char *template, const struct notify_field *with, size_t count,
                             enum notify_escape escape, size_t limit)
{
    const struct notify_fill what = { with, count, escape };
    co_buf_done(&b);
    co_buf_init(&b, limit);
    enum co_err err = notify_text_fill(template, &what, &b);
    bool is_cut = b.len >= 3 && memcmp(b.data + b.len - 3, "\xe2\x80\xa6", 3) == 0;
    ck_assert_int_eq(err, is_cut ? CO_EFULL : CO_OK);
    ck_assert_int_eq(b.err, CO_OK);
    return co_buf_text(&b);
}

static const char *fill(const char *template, size_t limit)
{
    return fill_with(template, fields, 3, NOTIFY_ESCAPE_NOTHING, limit);
}

/* A template of nothing but the value. */
static const char *value(const char *text, enum notify_escape escape)
{
    const struct notify_field field = { .name = "value", .value = text };
    return fill_with("{value}", &field, 1, escape, 9000);
}

START_TEST(fields_are_filled_in_and_never_read_as_template)
{
    ck_assert_str_eq(fill("{number}: {title}.", 100), "C-180D: 一 行 {number}.");
    ck_assert_str_eq(fill("", 100), "");
}
END_TEST

START_TEST(what_is_not_known_shows)
{
    ck_assert_str_eq(fill("a {gone} b {nobody} c {}", 100), "a ? b ? c ?");
}
END_TEST

START_TEST(double_and_lonely_braces_are_braces)
{
    ck_assert_str_eq(fill("{{x}} } { y", 100), "{x} } { y");
    ck_assert_str_eq(fill("end {", 100), "end {");
}
END_TEST

START_TEST(too_long_a_text_is_cut_between_characters)
{
    ck_assert_str_eq(fill("{number}", 8), "C-180\xe2\x80\xa6");
    ck_assert_str_eq(fill("{number}", 9), "C-180D");
    ck_assert_str_eq(fill("一二三四", 10), "一二\xe2\x80\xa6");
    for (size_t limit = 3; limit < 60; limit++) {
        const char *text = fill("一{title}a{number}é{title}", limit);
        ck_assert(co_text_is_valid(text, strlen(text)));
        ck_assert_uint_le(strlen(text), limit);
    }
}
END_TEST

START_TEST(a_field_adds_no_more_than_its_limit)
{
    static char big[5000];
    memset(big, 'x', sizeof(big) - 1);
    ck_assert_uint_eq(strlen(value(big, NOTIFY_ESCAPE_NOTHING)), NOTIFY_VALUE_BYTES);
    memset(big, '<', sizeof(big) - 1);
    ck_assert_uint_eq(strlen(value(big, NOTIFY_ESCAPE_HTML)), 4 * NOTIFY_VALUE_BYTES);
}
END_TEST

START_TEST(a_value_is_one_line_and_cannot_turn_what_follows_it)
{
    ck_assert_str_eq(value("a\r\nb\tc\x7f"
                           "d\xc2\x85"
                           "e\xe2\x80\xa8"
                           "f\xe2\x80\xa9g",
                           NOTIFY_ESCAPE_NOTHING),
                     "a  b c d e f g");
    for (unsigned turn = 0; turn < 9; turn++) { /* U+202A to 202E, U+2066 to 2069 */
        char text[] = "a\xe2\x80\xaa"
                      "b";
        text[2] = (char)(turn < 5 ? 0x80 : 0x81);
        text[3] = (char)(turn < 5 ? 0xaa + turn : 0xa6 + turn - 5);
        ck_assert_str_eq(value(text, NOTIFY_ESCAPE_NOTHING), "ab");
    }
    ck_assert_str_eq(value("é — “x” \xe2\x81\xb0 \xc2\xa0", NOTIFY_ESCAPE_NOTHING),
                     "é — “x” \xe2\x81\xb0 \xc2\xa0");
}
END_TEST

START_TEST(a_value_in_html_is_nothing_but_text)
{
    ck_assert_str_eq(value("<script>x</script>", NOTIFY_ESCAPE_HTML),
                     "&lt;script&gt;x&lt;/script&gt;");
    ck_assert_str_eq(value("\"a\" & 'b' &lt;", NOTIFY_ESCAPE_HTML),
                     "&quot;a&quot; &amp; &#39;b&#39; &amp;lt;");
    const struct notify_field field = { .name = "x", .value = "<" };
    ck_assert_str_eq(fill_with("<b>{x}</b>{y}", &field, 1, NOTIFY_ESCAPE_HTML, 100),
                     "<b>&lt;</b>?");
}
END_TEST

START_TEST(a_value_in_markdown_makes_no_link_heading_mention_or_tag)
{
    static const struct {
        const char *value, *shown;
    } rows[] = {
        { "[x](http://evil)", "［x］(http://evil)" },
        { "![x](http://evil)", "！［x］(http://evil)" },
        { "<http://evil>", "＜http://evil＞" },
        { "<at id=all></at> <@wang> @all", "＜at id=all＞＜/at＞ ＜＠wang＞ ＠all" },
        { "# a", "＃ a" },
        { "> a", "＞ a" },
        { "**a** _b_ `c` ~d~ |e| \\[f]", "＊＊a＊＊ ＿b＿ ｀c｀ ～d～ ｜e｜ ＼［f］" },
        { "&#64;all", "＆＃64;all" },
        { "---", "－--" },
        { " === ", " ＝== " },
        { "+ a", "＋ a" },
        { "C-180D 2026-02-17 09:30 +08:00", "C-180D 2026-02-17 09:30 +08:00" },
        { "存储\n# 停了", "存储 ＃ 停了" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        ck_assert_str_eq(value(rows[i].value, NOTIFY_ESCAPE_MARKDOWN), rows[i].shown);
    const struct notify_field ours = { .name = "x", .value = "https://a_b/#c", .is_ours = true };
    ck_assert_str_eq(fill_with("[**{x}**](y)", &ours, 1, NOTIFY_ESCAPE_MARKDOWN, 100),
                     "[**https://a_b/#c**](y)");
}
END_TEST

START_TEST(the_other_language_is_better_than_nothing)
{
    Callout__V1__Text text = CALLOUT__V1__TEXT__INIT;
    ck_assert_str_eq(notify_text_pick(NULL, NOTIFY_EN), "");
    ck_assert_str_eq(notify_text_pick(&text, NOTIFY_EN), "");
    char zh[] = "二";
    text.zh = zh;
    ck_assert_str_eq(notify_text_pick(&text, NOTIFY_EN), "二");
    ck_assert_int_eq(notify_language_of("en"), NOTIFY_EN);
    ck_assert_int_eq(notify_language_of(""), NOTIFY_ZH);
    ck_assert_int_eq(notify_language_of("en+zh"), NOTIFY_EN);
    enum notify_language languages[NOTIFY_LANGUAGES];
    ck_assert_uint_eq(notify_languages_of("zh", languages), 1);
    ck_assert_uint_eq(notify_languages_of("zh+en", languages), 2);
    ck_assert_int_eq(languages[0], NOTIFY_ZH);
    ck_assert_int_eq(languages[1], NOTIFY_EN);
}
END_TEST

START_TEST(times_are_local_with_their_offset)
{
    char text[NOTIFY_TIME_TEXT];
    notify_text_time(INT64_C(1771291800000000), 8 * 3600, text);
    ck_assert_str_eq(text, "2026-02-17 09:30 +08:00");
    notify_text_time(INT64_C(1771291800000000), 0, text);
    ck_assert_str_eq(text, "2026-02-17 01:30 UTC");
    notify_text_time(INT64_C(1771291800123456), -12600, text);
    ck_assert_str_eq(text, "2026-02-16 22:00 -03:30");
}
END_TEST

START_TEST(lengths_are_told_in_the_reader_s_language)
{
    char text[NOTIFY_LENGTH_TEXT];
    notify_text_length(INT64_C(200) * 60000000, NOTIFY_EN, text);
    ck_assert_str_eq(text, "3 h 20 min");
    notify_text_length(INT64_C(120) * 60000000, NOTIFY_ZH, text);
    ck_assert_str_eq(text, "2 小时");
    notify_text_length(-5, NOTIFY_EN, text);
    ck_assert_str_eq(text, "less than 1 min");
    notify_text_length(INT64_C(2879) * 60000000, NOTIFY_EN, text);
    ck_assert_str_eq(text, "47 h 59 min");
    notify_text_length(INT64_C(4579) * 60000000, NOTIFY_EN, text);
    ck_assert_str_eq(text, "3 d 4 h");
    notify_text_length(INT64_C(2880) * 60000000, NOTIFY_ZH, text);
    ck_assert_str_eq(text, "2 天");
}
END_TEST

START_TEST(how_far_off_a_moment_is_is_told_in_words)
{
    static const struct {
        int64_t us;
        const char *zh, *en;
    } rows[] = {
        { INT64_C(200) * 60000000, "还有 3 小时 20 分钟", "in 3 h 20 min" },
        { 59999999, "还有不到 1 分钟", "in less than 1 min" },
        { -5, "刚刚", "just now" },
        { INT64_C(-20) * 60000000, "已过 20 分钟", "20 min ago" },
        { INT64_C(4560) * 60000000, "还有 3 天 4 小时", "in 3 d 4 h" },
        { -INT64_MAX, "已过 106751991 天 4 小时", "106751991 d 4 h ago" },
    };
    char text[NOTIFY_LENGTH_TEXT];
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        notify_text_until(rows[i].us, NOTIFY_ZH, text);
        ck_assert_str_eq(text, rows[i].zh);
        notify_text_until(rows[i].us, NOTIFY_EN, text);
        ck_assert_str_eq(text, rows[i].en);
    }
}
END_TEST

CHECK_MAIN("notify_text", fields_are_filled_in_and_never_read_as_template, what_is_not_known_shows,
           double_and_lonely_braces_are_braces, too_long_a_text_is_cut_between_characters,
           a_field_adds_no_more_than_its_limit, a_value_is_one_line_and_cannot_turn_what_follows_it,
           a_value_in_html_is_nothing_but_text,
           a_value_in_markdown_makes_no_link_heading_mention_or_tag,
           the_other_language_is_better_than_nothing, times_are_local_with_their_offset,
           lengths_are_told_in_the_reader_s_language, how_far_off_a_moment_is_is_told_in_words)
