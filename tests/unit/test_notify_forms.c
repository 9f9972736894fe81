/* The forms of a notice beside its body. */
#include "check_main.h"

#include "notify_forms.h"
#include "notify_world.h"

#define EVIL "<script>alert(1)</script> [x](http://evil) @all\nBcc: all"

/* A rule that tells the project manager of a breach in every form. */
static Callout__V1__NoticeRule *add_full_rule(void)
{
    Callout__V1__NoticeRule *rule = add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    rule->subject = text_of("{title}迟了", "{title} is late");
    rule->body = text_of("{title} 迟了\n", "{title} is late\n");
    rule->html = text_of("<p><b>{title}</b> 迟了</p>", "<p><b>{title}</b> is late</p>");
    rule->markdown = text_of("**{number}** {title}", "**{number}** is late: {title}");
    rule->brief = text_of("{number}\n{title}\n", "{number} late: {title}\n");
    return rule;
}

static const struct notify_notice *breach(void)
{
    is_opened();
    is_breached();
    ck_assert_uint_eq(c->count, 1);
    return c->notices[0];
}

START_TEST(a_customer_s_title_is_harmless_in_each_form)
{
    c->title = EVIL;
    add_full_rule();
    const struct notify_notice *n = breach();
    ck_assert_str_eq(n->subject, "<script>alert(1)</script> [x](http://evil) @all Bcc: all迟了");
    ck_assert_str_eq(n->body, "<script>alert(1)</script> [x](http://evil) @all Bcc: all 迟了\n");
    ck_assert_str_eq(n->html, "<p><b>&lt;script&gt;alert(1)&lt;/script&gt; [x](http://evil) @all "
                              "Bcc: all</b> 迟了</p>");
    ck_assert_str_eq(n->markdown,
                     "**C-180D** ＜script＞alert(1)＜/script＞ ［x］(http://evil) ＠all "
                     "Bcc: all");
    ck_assert_str_eq(n->brief, "C-180D <script>alert(1)</script> [x](http://evil) @all Bcc: all");
}
END_TEST

START_TEST(a_rule_without_them_has_no_other_forms)
{
    add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    const struct notify_notice *n = breach();
    ck_assert_ptr_null(n->html);
    ck_assert_ptr_null(n->markdown);
    ck_assert_ptr_null(n->brief);
}
END_TEST

START_TEST(words_of_the_house_are_plain)
{
    add_full_rule();
    (void)breach();
    everything_is_sent();
    is_withdrawn(false, false);
    const struct notify_notice *correction = c->notices[1];
    ck_assert_str_eq(correction->obligation, "withdrawn/breached/response/1");
    ck_assert_ptr_null(correction->html);
}
END_TEST

START_TEST(how_it_is_answered_stands_in_each_form)
{
    Callout__V1__NoticeRule *rule = add_full_rule();
    Callout__V1__Act act = CALLOUT__V1__ACT__ACT_CALL_ME_BACK;
    rule->answers = &act;
    rule->n_answers = 1;
    world.answer_url = "https://desk.example.com/a?x_y=1&code=";
    const struct notify_notice *n = breach();
    world.answer_url = NULL;
    static const char url[] = "https://desk.example.com/a?x_y=1&code=C-180D-";
    const char *said = strstr(n->body, "\n答复：请回电 ");
    ck_assert_ptr_nonnull(said);
    ck_assert_ptr_nonnull(strstr(said, url));
    ck_assert_ptr_nonnull(strstr(strstr(n->markdown, "\n\n答复：请回电 "), url));
    ck_assert_ptr_nonnull(strstr(strstr(n->brief, " 答复：请回电 "), url));
    said = strstr(n->html, "\n<p>答复：请回电 https://desk.example.com/a?x_y=1&amp;code=C-180D-");
    ck_assert_ptr_nonnull(said);
    ck_assert_str_eq(said + strlen(said) - 4, "</p>");
}
END_TEST

START_TEST(html_that_would_be_cut_is_left_out)
{
    static char html[NOTIFY_HTML_BYTES + 1];
    memset(html, 'x', sizeof(html) - 1);
    Callout__V1__NoticeRule *rule = add_full_rule();
    rule->html = text_of(html, "");
    const struct notify_notice *n = breach();
    ck_assert_ptr_null(n->html);
    ck_assert_ptr_nonnull(n->markdown);
}
END_TEST

START_TEST(whoever_reads_two_languages_gets_both_one_after_the_other)
{
    c->title = "down";
    put_person("pm", "zh+en", "pm@example.com", "");
    Callout__V1__NoticeRule *rule = add_full_rule();
    rule->markdown = text_of("{due}", "{due}");
    const struct notify_notice *n = breach();
    ck_assert_str_eq(n->subject, "down迟了 / down is late");
    ck_assert_str_eq(n->body, "down 迟了\n\n\ndown is late\n");
    ck_assert_str_eq(n->html, "<p><b>down</b> 迟了</p>\n<hr>\n<p><b>down</b> is late</p>");
    ck_assert_str_eq(n->brief, "C-180D down");
    ck_assert_str_eq(n->markdown, "2026-02-17 02:30 UTC"); /* the same words are said once */
}
END_TEST

START_TEST(the_language_that_a_reader_names_first_comes_first)
{
    put_person("pm", "en+zh", "pm@example.com", "");
    add_full_rule();
    const struct notify_notice *n = breach();
    ck_assert_str_eq(n->subject, "down is late / down迟了");
    ck_assert_str_eq(n->brief, "C-180D late: down");
}
END_TEST

START_TEST(two_languages_share_the_room_of_one)
{
    static char zh[NOTIFY_BODY_BYTES + 1], en[NOTIFY_BODY_BYTES + 1];
    memset(zh, 'z', sizeof(zh) - 1);
    memset(en, 'e', sizeof(en) - 1);
    put_person("pm", "zh+en", "pm@example.com", "");
    Callout__V1__NoticeRule *rule = add_full_rule();
    rule->body = text_of(zh, en);
    const struct notify_notice *n = breach();
    ck_assert_uint_le(strlen(n->body), NOTIFY_BODY_BYTES);
    ck_assert_ptr_nonnull(strstr(n->body, "z\xe2\x80\xa6\n\ne"));
}
END_TEST

START_TEST(a_message_that_tells_of_several_is_plain)
{
    add_full_rule();
    is_opened();
    HAPPENS(BREACHED, breached, Breached, x->milestone = own("response"), x->generation = 1);
    HAPPENS(BREACHED, breached, Breached, x->milestone = own("response"), x->generation = 2);
    room = 1;
    start_due();
    const struct notify_notice *digest = c->notices[c->count - 1];
    ck_assert_int_eq(strncmp(digest->obligation, "digest/", 7), 0);
    ck_assert_ptr_null(digest->html);
    ck_assert_ptr_null(digest->markdown);
    ck_assert_ptr_null(digest->brief);
}
END_TEST

CHECK_MAIN_WITH("notify_forms", set_up, tear_down, a_customer_s_title_is_harmless_in_each_form,
                a_rule_without_them_has_no_other_forms, words_of_the_house_are_plain,
                how_it_is_answered_stands_in_each_form, html_that_would_be_cut_is_left_out,
                whoever_reads_two_languages_gets_both_one_after_the_other,
                the_language_that_a_reader_names_first_comes_first,
                two_languages_share_the_room_of_one, a_message_that_tells_of_several_is_plain)
