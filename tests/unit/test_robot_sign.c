/* Signatures, secrets and texts of chat robots. The vectors are published ones. */
#include "check_main.h"

#include <sodium.h>
#include <string.h>

#include "robot_sign.h"

static struct co_buf to;

static void setup(void)
{
    ck_assert_int_ge(sodium_init(), 0);
    co_buf_init(&to, 4096);
}

static void teardown(void)
{
    co_buf_done(&to);
}

START_TEST(dingtalk_signs_as_published)
{
    ck_assert_int_eq(robot_sign_dingtalk("SECtest", INT64_C(1599360473000), &to), CO_OK);
    ck_assert_str_eq(co_buf_text(&to), "9uMBwWNha8Pcr4QQCL9YQitwL0E0g2JIxycWz23gAkE%3D");
}
END_TEST

START_TEST(feishu_signs_as_published)
{
    ck_assert_int_eq(robot_sign_feishu("SECtest", INT64_C(1599360473), &to), CO_OK);
    ck_assert_str_eq(co_buf_text(&to), "bMjxHlJJlXMW0yjKHZsmMvrFnAOfMlmWpRUsH3qMAek=");
}
END_TEST

START_TEST(a_secret_file_names_token_and_secret)
{
    struct robot_secret s;
    ck_assert_int_eq(robot_secret_read("token = abc-1_2.3~4\nsecret=SEC x/y+z=\n", &s), CO_OK);
    ck_assert_str_eq(s.token, "abc-1_2.3~4");
    ck_assert_str_eq(s.secret, "SEC x/y+z=");
    ck_assert_int_eq(robot_secret_read("\ntoken\t=  t \r\n", &s), CO_OK);
    ck_assert_str_eq(s.token, "t");
    ck_assert_str_eq(s.secret, "");
}
END_TEST

START_TEST(every_other_secret_file_is_refused)
{
    static const char *const wrong[] = { "",
                                         "secret = s\n",
                                         "token = \n",
                                         "token = a&b\n",
                                         "token = a/b\n",
                                         "token = a\ntoken = b\n",
                                         "token a\n",
                                         "tokens = a\n",
                                         "whsec_abc\n",
                                         "token = a\nurl = http://x\n" };
    struct robot_secret s;
    char text[2048] = "token = ";
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        ck_assert_msg(robot_secret_read(wrong[i], &s) == CO_EINPUT, "%s", wrong[i]);
    memset(text + 8, 'a', ROBOT_TOKEN_TEXT);
    ck_assert_int_eq(robot_secret_read(text, &s), CO_EINPUT);
    text[8 + ROBOT_TOKEN_TEXT - 1] = '\0';
    ck_assert_int_eq(robot_secret_read(text, &s), CO_OK);
}
END_TEST

START_TEST(a_text_is_cut_between_characters)
{
    static const struct {
        size_t limit;
        const char *text;
    } rows[] = {
        { 100, "ab\n\u6d4b\u8bd5" },
        { 9, "ab\n\u6d4b\u8bd5" },
        { 8, "ab\n..." },
        { 7, "ab\n..." },
        { 6, "ab\n..." },
        { 5, "ab..." },
        { 4, "a..." },
        { 3, "..." },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        co_buf_clear(&to);
        ck_assert_int_eq(robot_text("ab", "\u6d4b\u8bd5", rows[i].limit, &to), CO_OK);
        ck_assert_str_eq(co_buf_text(&to), rows[i].text);
        ck_assert_uint_le(to.len, rows[i].limit);
    }
}
END_TEST

START_TEST(what_would_mention_somebody_is_shown_and_mentions_nobody)
{
    ck_assert_int_eq(robot_text("<at user_id=\"all\">a</at>", "<@wang> 1 < 2 <b> <", 100, &to),
                     CO_OK);
    ck_assert_str_eq(co_buf_text(&to), "＜at user_id=\"all\">a＜/at>\n＜@wang> 1 < 2 <b> <");
    co_buf_clear(&to);
    ck_assert_int_eq(robot_text("<@<@<@", "<@", 1000, &to), CO_OK);
    ck_assert_str_eq(co_buf_text(&to), "＜@＜@＜@\n＜@");
}
END_TEST

CHECK_MAIN_WITH("robot_sign", setup, teardown, dingtalk_signs_as_published,
                feishu_signs_as_published, a_secret_file_names_token_and_secret,
                every_other_secret_file_is_refused, a_text_is_cut_between_characters,
                what_would_mention_somebody_is_shown_and_mentions_nobody)
