#include "check_main.h"

#include <stdio.h>
#include <string.h>

#include "notify_key.h"
#include "notify_mime.h"
#include "notify_text.h"

static const struct notify_mail plain = {
    .from = "callout@example.com",
    .to = "wang@example.org",
    .to_name = "",
    .key = "C-180D.opened-g1-pm.0-a",
    .number = "C-180D",
    .subject = "C-180D opened",
    .body = "Hello\nworld\n",
    .html = "",
    .planned_us = INT64_C(1771291800000000),
};

static struct co_buf b;

static const char *write_mail(struct notify_mail mail)
{
    co_buf_done(&b);
    co_buf_init(&b, NOTIFY_MIME_BYTES);
    ck_assert_int_eq(notify_mime_write(&mail, &b), CO_OK);
    return co_buf_text(&b);
}

static void lines_are_short_ascii(const char *mail)
{
    for (const char *line = mail; *line != '\0';) {
        const char *end = strstr(line, "\r\n");
        ck_assert_ptr_nonnull(end);
        ck_assert_int_le(end - line, 400);
        for (const char *c = line; c < end; c++)
            ck_assert(*c >= ' ' && *c <= '~');
        line = end + 2;
    }
}

START_TEST(a_mail_has_the_headers_that_make_it_one_and_thread_it)
{
    const char *mail = write_mail(plain);
    lines_are_short_ascii(mail);
    static const char *const lines[] = {
        "From: Callout <callout@example.com>\r\n",
        "To: <wang@example.org>\r\n",
        "Subject: C-180D opened\r\n",
        "Date: Tue, 17 Feb 2026 01:30:00 +0000\r\n",
        "Message-ID: <C-180D.opened-g1-pm.0-a@example.com>\r\n",
        "References: <case.C-180D@example.com>\r\n",
        "\r\n\r\nSGVsbG8NCndvcmxkDQo=\r\n",
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        ck_assert_msg(strstr(mail, lines[i]) != NULL, "%s in %s", lines[i], mail);
}
END_TEST

START_TEST(the_same_notice_gives_the_same_bytes)
{
    char first[4096];
    ck_assert_uint_lt(strlen(write_mail(plain)), sizeof(first));
    snprintf(first, sizeof(first), "%s", co_buf_text(&b));
    ck_assert_str_eq(write_mail(plain), first);
}
END_TEST

START_TEST(chinese_subjects_and_names_become_encoded_words)
{
    struct notify_mail mail = plain;
    mail.to_name = "王伟";
    mail.subject = "案件 C-180D：到场时限已过，请立即处理，客户为中央数据中心扩容项目";
    const char *text = write_mail(mail);
    lines_are_short_ascii(text);
    ck_assert_ptr_nonnull(strstr(text, "To: =?UTF-8?B?546L5Lyf?=\r\n <wang@example.org>\r\n"));
    ck_assert_ptr_nonnull(strstr(text, "Subject: =?UTF-8?B?5qGI5Lu2IEMtMTgwR"));
}
END_TEST

START_TEST(a_line_break_cannot_get_into_a_header)
{
    struct notify_mail mail = plain;
    mail.subject = "x\r\nBcc: everybody@example.com";
    mail.to_name = "x\r\nBcc: everybody@example.com";
    const char *text = write_mail(mail);
    lines_are_short_ascii(text);
    ck_assert_ptr_null(strstr(text, "\nBcc"));
}
END_TEST

START_TEST(a_long_body_is_folded)
{
    static char body[8001];
    memset(body, 'x', 8000);
    struct notify_mail mail = plain;
    mail.body = body;
    lines_are_short_ascii(write_mail(mail));
    mail.body = "";
    ck_assert_ptr_nonnull(strstr(write_mail(mail), "base64\r\n\r\n"));
}
END_TEST

START_TEST(html_stands_beside_the_plain_text_and_behind_it)
{
    struct notify_mail mail = plain;
    mail.html = "<p>Hello</p>";
    const char *text = write_mail(mail);
    lines_are_short_ascii(text);
    static const char both[] = "MIME-Version: 1.0\r\n"
                               "Content-Type: multipart/alternative; boundary=\"=_callout\"\r\n\r\n"
                               "--=_callout\r\n"
                               "Content-Type: text/plain; charset=utf-8\r\n"
                               "Content-Transfer-Encoding: base64\r\n\r\n"
                               "SGVsbG8NCndvcmxkDQo=\r\n"
                               "--=_callout\r\n"
                               "Content-Type: text/html; charset=utf-8\r\n"
                               "Content-Transfer-Encoding: base64\r\n\r\n"
                               "PHA+SGVsbG88L3A+\r\n"
                               "--=_callout--\r\n";
    ck_assert_str_eq(strstr(text, "MIME-Version"), both);
}
END_TEST

START_TEST(the_longest_texts_have_room)
{
    static char body[2 * NOTIFY_BODY_BYTES], html[NOTIFY_HTML_BYTES + 6 * NOTIFY_VALUE_BYTES];
    memset(body, '\n', NOTIFY_BODY_BYTES + NOTIFY_VALUE_BYTES);
    memset(html, '\n', sizeof(html) - 1);
    struct notify_mail mail = plain;
    mail.body = body;
    mail.html = html;
    lines_are_short_ascii(write_mail(mail));
}
END_TEST

START_TEST(keys_tell_notices_apart)
{
    char key[NOTIFY_KEY_TEXT];
    struct notify_id id = { 1280, "breached/response/1", 1, "pm/0" };
    ck_assert_int_eq(notify_key_format(&id, 35, key), CO_OK);
    ck_assert_str_eq(key, "C-180D.breached.response.1-g1-pm.0-z");
    ck_assert_int_eq(notify_key_format(&id, 36, key), CO_OK);
    ck_assert_str_eq(key, "C-180D.breached.response.1-g1-pm.0-10");
}
END_TEST

START_TEST(a_key_never_carries_what_a_header_must_not)
{
    char key[NOTIFY_KEY_TEXT];
    static const char *const bad[] = { "", "a b", "a\r\n", "a.b", "A", "a>b", "\xc3\xa9" };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct notify_id id = { 1280, bad[i], 1, "pm/0" };
        ck_assert_int_eq(notify_key_format(&id, 1, key), CO_EINPUT);
        ck_assert_str_eq(key, "");
    }
    char big[400];
    memset(big, 'x', sizeof(big));
    big[sizeof(big) - 1] = '\0';
    struct notify_id id = { 1280, big, 1, "pm/0" };
    ck_assert_int_eq(notify_key_format(&id, 1, key), CO_EINPUT);
}
END_TEST

CHECK_MAIN("notify_mime", a_mail_has_the_headers_that_make_it_one_and_thread_it,
           the_same_notice_gives_the_same_bytes, chinese_subjects_and_names_become_encoded_words,
           a_line_break_cannot_get_into_a_header, a_long_body_is_folded,
           html_stands_beside_the_plain_text_and_behind_it, the_longest_texts_have_room,
           keys_tell_notices_apart, a_key_never_carries_what_a_header_must_not)
