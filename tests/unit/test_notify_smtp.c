#include "check_main.h"

#include <string.h>

#include "notify_smtp.h"

static struct notify_smtp s;
static struct co_buf out;

static void begin_on(enum notify_smtp_line line, const char *body)
{
    struct notify_smtp_mail mail = { "a@b", "c@d", body, strlen(body) };
    co_buf_done(&out);
    co_buf_init(&out, 4096);
    notify_smtp_begin(&s, &mail, line, &out);
}

static void begin(const char *body)
{
    begin_on(NOTIFY_SMTP_FRESH, body);
}

static const char *hears(const char *reply, bool is_all_out)
{
    co_buf_clear(&out);
    notify_smtp_take(&s, reply, strlen(reply), is_all_out, &out);
    return co_buf_text(&out);
}

START_TEST(a_mail_is_handed_over)
{
    begin("Subject: x\r\n\r\nHi\r\n");
    ck_assert_str_eq(co_buf_text(&out), "MAIL FROM:<a@b>\r\n");
    ck_assert_str_eq(hears("250 ok\r\n", true), "RCPT TO:<c@d>\r\n");
    ck_assert_str_eq(hears("250-well\r\n250 ok\r\n", true), "DATA\r\n");
    ck_assert_str_eq(hears("354 go on\r\n", true), "Subject: x\r\n\r\nHi\r\n.\r\n");
    ck_assert_str_eq(hears("25", true), "");
    ck_assert_int_eq(s.stage, NOTIFY_SMTP_BODY);
    ck_assert_str_eq(hears("0 2.0.0 queued\r\n", true), "");
    ck_assert_int_eq(s.stage, NOTIFY_SMTP_ENDED);
    ck_assert_int_eq(s.verdict, NOTIFY_TAKEN);
    ck_assert_str_eq(s.reply, "250 2.0.0 queued");
}
END_TEST

START_TEST(what_follows_the_verdict_does_not_change_it)
{
    begin("x\r\n");
    (void)hears("250 ok\r\n", true);
    (void)hears("250 ok\r\n", true);
    (void)hears("354 ok\r\n", true);
    (void)hears("250 taken\r\n421 closing\r\n", true);
    ck_assert_int_eq(s.verdict, NOTIFY_TAKEN);
    ck_assert_str_eq(s.reply, "250 taken");
    notify_smtp_lost(&s, true);
    ck_assert_int_eq(s.verdict, NOTIFY_TAKEN);
}
END_TEST

START_TEST(dots_at_the_start_of_lines_are_doubled)
{
    begin(".\r\n..x\r\ny.\r\nz");
    (void)hears("250 ok\r\n", true);
    (void)hears("250 ok\r\n", true);
    ck_assert_str_eq(hears("354 ok\r\n", true), "..\r\n...x\r\ny.\r\nz\r\n.\r\n");
}
END_TEST

/* What the server says at a stage, and what that makes of the mail. */
static const struct {
    unsigned good_replies;
    const char *reply; /* NULL: the connection is lost */
    bool is_all_out;
    enum notify_input verdict;
} ends[] = {
    { 0, "451 4.7.1 later\r\n", true, NOTIFY_LATER },
    { 0, "550 no\r\n", true, NOTIFY_REFUSED },
    { 0, "354 what\r\n", true, NOTIFY_LATER },
    { 0, "garbage\r\n", true, NOTIFY_LATER },
    { 0, "\r\n", true, NOTIFY_LATER },
    { 0, NULL, true, NOTIFY_LATER },
    { 0, "250 ok\r\n250 too early\r\n", true, NOTIFY_LATER },
    { 1, "550-no\r\n550 such user\r\n", true, NOTIFY_REFUSED },
    { 1, "452 full\r\n", true, NOTIFY_LATER },
    { 2, "250 no, that is wrong\r\n", true, NOTIFY_LATER },
    { 2, NULL, true, NOTIFY_LATER },
    { 3, "250 before we had said it all\r\n", false, NOTIFY_LATER },
    { 3, "552 too big\r\n", false, NOTIFY_REFUSED },
    { 3, NULL, false, NOTIFY_LATER },
    { 3, "garbage\r\n", true, NOTIFY_DOUBT },
    { 3, NULL, true, NOTIFY_DOUBT },
    { 3, "451 later\r\n", true, NOTIFY_LATER },
    { 3, "554 no\r\n", true, NOTIFY_REFUSED },
};

/* Hears the first so many of the replies that bring a mail to its text. */
static void reach(unsigned good_replies)
{
    static const char *const good[] = { "250 ok\r\n", "250 ok\r\n", "354 ok\r\n" };
    ck_assert_uint_le(good_replies, sizeof(good) / sizeof(good[0]));
    for (unsigned n = 0; n < good_replies; n++)
        (void)hears(good[n], true);
}

START_TEST(each_end_means_what_it_must)
{
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        begin("x\r\n");
        reach(ends[i].good_replies);
        if (ends[i].reply != NULL)
            (void)hears(ends[i].reply, ends[i].is_all_out);
        else
            notify_smtp_lost(&s, ends[i].is_all_out);
        ck_assert_msg(s.stage == NOTIFY_SMTP_ENDED && s.verdict == ends[i].verdict, "row %zu", i);
    }
}
END_TEST

START_TEST(what_is_said_of_one_recipient_is_told_from_the_servers_own_trouble)
{
    static const struct {
        unsigned good_replies;
        const char *reply;
        bool is_recipients;
    } rows[] = {
        { 0, "451 4.7.1 later\r\n", false },     { 1, "450 4.2.0 greylisted\r\n", true },
        { 1, "451 4.7.1 greylisted\r\n", true }, { 1, "421 closing\r\n", false },
        { 1, "452 no room\r\n", false },         { 2, "451 later\r\n", false },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin("x\r\n");
        reach(rows[i].good_replies);
        (void)hears(rows[i].reply, true);
        ck_assert_int_eq(s.verdict, NOTIFY_LATER);
        ck_assert_msg(s.is_recipients == rows[i].is_recipients, "row %zu", i);
    }
}
END_TEST

START_TEST(a_server_that_never_stops_talking_is_left)
{
    begin("x\r\n");
    for (int i = 0; i < 10000 && s.stage != NOTIFY_SMTP_ENDED; i++)
        (void)hears("250-and another thing\r\n", true);
    ck_assert_int_eq(s.stage, NOTIFY_SMTP_ENDED);
    ck_assert_int_eq(s.verdict, NOTIFY_LATER);
}
END_TEST

START_TEST(a_connection_that_was_kept_begins_with_the_sender)
{
    begin_on(NOTIFY_SMTP_KEPT, "x\r\n");
    ck_assert_str_eq(co_buf_text(&out), "MAIL FROM:<a@b>\r\n");
}
END_TEST

START_TEST(a_transaction_left_open_is_undone_first)
{
    begin_on(NOTIFY_SMTP_UNDONE, "x\r\n");
    ck_assert_str_eq(co_buf_text(&out), "RSET\r\n");
    ck_assert_str_eq(hears("250 flushed\r\n", true), "MAIL FROM:<a@b>\r\n");
    ck_assert_str_eq(hears("250 ok\r\n", true), "RCPT TO:<c@d>\r\n");
}
END_TEST

/* What the server says at a stage, and how that leaves the connection. */
START_TEST(only_a_connection_in_step_is_left_for_another_mail)
{
    static const struct {
        unsigned good_replies;
        const char *reply; /* NULL: the connection is lost */
        bool is_all_out;
        enum notify_smtp_line line;
    } rows[] = {
        { 0, "451 later\r\n", true, NOTIFY_SMTP_SPENT },
        { 0, "550 no\r\n", true, NOTIFY_SMTP_SPENT },
        { 0, "421 closing\r\n", true, NOTIFY_SMTP_ADRIFT },
        { 0, NULL, true, NOTIFY_SMTP_ADRIFT },
        { 1, "550 no\r\n", true, NOTIFY_SMTP_UNDONE },
        { 1, "450 greylisted\r\n", true, NOTIFY_SMTP_UNDONE },
        { 1, "421 closing\r\n", true, NOTIFY_SMTP_ADRIFT },
        { 1, "550 no\r\n550 no\r\n", true, NOTIFY_SMTP_ADRIFT },
        { 2, "554 no\r\n", true, NOTIFY_SMTP_UNDONE },
        { 2, "250 what\r\n", true, NOTIFY_SMTP_ADRIFT },
        { 3, "250 taken\r\n", true, NOTIFY_SMTP_KEPT },
        { 3, "554 no\r\n", true, NOTIFY_SMTP_KEPT },
        { 3, "451 later\r\n", true, NOTIFY_SMTP_KEPT },
        { 3, "421 closing\r\n", true, NOTIFY_SMTP_ADRIFT },
        { 3, "250 taken\r\n2", true, NOTIFY_SMTP_ADRIFT },
        { 3, "554 no\r\n421 closing\r\n", true, NOTIFY_SMTP_ADRIFT },
        { 3, "552 too big\r\n", false, NOTIFY_SMTP_ADRIFT },
        { 3, "250 too early\r\n", false, NOTIFY_SMTP_ADRIFT },
        { 3, "garbage\r\n", true, NOTIFY_SMTP_ADRIFT },
        { 3, NULL, true, NOTIFY_SMTP_ADRIFT },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        begin("x\r\n");
        reach(rows[i].good_replies);
        if (rows[i].reply != NULL)
            (void)hears(rows[i].reply, rows[i].is_all_out);
        else
            notify_smtp_lost(&s, rows[i].is_all_out);
        ck_assert_int_eq(s.stage, NOTIFY_SMTP_ENDED);
        ck_assert_msg(s.line == rows[i].line, "row %zu: %d", i, (int)s.line);
    }
}
END_TEST

START_TEST(a_kept_connection_may_fail_without_harm_until_the_text_is_handed_over)
{
    static const struct {
        unsigned good_replies;
        const char *reply; /* NULL: the connection is lost */
        bool is_stale;
    } rows[] = {
        { 0, NULL, true },
        { 0, "421 idle too long\r\n", true },
        { 0, "451 too many\r\n", true },
        { 0, "550 too many\r\n", true },
        { 0, "garbage\r\n", true },
        { 1, NULL, true },
        { 1, "421 closing\r\n", true },
        { 1, "450 greylisted\r\n", false },
        { 1, "550 no such user\r\n", false },
        { 2, NULL, true },
        { 2, "421 closing\r\n", true },
        { 2, "554 no\r\n", false },
        { 3, NULL, false },
        { 3, "421 closing\r\n", false },
        { 3, "250 taken\r\n", false },
    };
    for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
        bool is_fresh = i % 2 == 0;
        begin_on(is_fresh ? NOTIFY_SMTP_FRESH : NOTIFY_SMTP_KEPT, "x\r\n");
        reach(rows[i / 2].good_replies);
        if (rows[i / 2].reply != NULL)
            (void)hears(rows[i / 2].reply, true);
        else
            notify_smtp_lost(&s, true);
        ck_assert_int_eq(s.stage, NOTIFY_SMTP_ENDED);
        ck_assert_msg(s.is_stale == (!is_fresh && rows[i / 2].is_stale), "row %zu", i / 2);
    }
}
END_TEST

START_TEST(a_server_that_cannot_undo_makes_the_connection_stale)
{
    begin_on(NOTIFY_SMTP_UNDONE, "x\r\n");
    (void)hears("502 what\r\n", true);
    ck_assert(s.is_stale);
    begin_on(NOTIFY_SMTP_UNDONE, "x\r\n");
    notify_smtp_lost(&s, true);
    ck_assert(s.is_stale);
}
END_TEST

CHECK_MAIN("notify_smtp", a_mail_is_handed_over, what_follows_the_verdict_does_not_change_it,
           dots_at_the_start_of_lines_are_doubled, each_end_means_what_it_must,
           what_is_said_of_one_recipient_is_told_from_the_servers_own_trouble,
           a_server_that_never_stops_talking_is_left,
           a_connection_that_was_kept_begins_with_the_sender,
           a_transaction_left_open_is_undone_first,
           only_a_connection_in_step_is_left_for_another_mail,
           a_kept_connection_may_fail_without_harm_until_the_text_is_handed_over,
           a_server_that_cannot_undo_makes_the_connection_stale)
