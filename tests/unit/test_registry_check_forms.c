/* What the rules of a pack say in HTML, in markdown, in a line. */
#include "registry_check_help.h"

START_TEST(a_rule_may_say_it_in_each_form)
{
    check(changed("body: 'B'}", "body: {zh: B, en: B}, html: {zh: '<p>{title}</p>', en: '<p>B'"
                                "'</p>'}, markdown: {zh: '**{number}**', en: B}, "
                                "brief: {zh: '{title}', en: B}}"),
          calendar);
    say_all();
    ck_assert_uint_eq(co_problems_count(problems), 0);
    done();
}
END_TEST

static const struct {
    const char *more;    /* behind the body, which is English */
    const char *where;   /* in the rule */
    const char *message; /* its beginning */
} cases[] = {
    { "html: '<p>{titel}</p>'", "html.en", "\"titel\" is not known; did you mean \"title\"?" },
    { "html: '<p>{accept_by}</p>'", "html.en", "{accept_by} is never known with \"on: breached\"" },
    { "markdown: '{by}'", "markdown.en", "{by} is never known" },
    { "brief: '{by}'", "brief.en", "{by} is never known" },
    { "markdown: '{'", "markdown.en", "a brace stands alone" },
    { "html: \"<p>\\n<b>x</p>\"", "html.en", "line 2 of it: </p> where <b> is open" },
    { "html: '<script>x</script>'", "html.en", "line 1 of it: <script> is not taken" },
    { "html: {zh: '<p>x</p>'}", "html.zh", "\"body\" does not have it" },
    { "html: {zh: '<p>x</p>'}", "html.en", "is needed, as \"body\" has it" },
    { "brief: {zh: x, en: y}", "brief.zh", "\"body\" does not have it" },
};

START_TEST(a_form_that_cannot_be_sent_is_told_with_its_place)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char to[512], where[128];
        snprintf(to, sizeof(to), "body: 'B', %s}", cases[i].more);
        snprintf(where, sizeof(where), "policy pack notices[0].%s", cases[i].where);
        check(changed("body: 'B'}", to), calendar);
        bool is_told = has_problem(where, cases[i].message);
        if (!is_told)
            say_all();
        ck_assert_msg(is_told, "case %zu", i);
        done();
    }
}
END_TEST

START_TEST(a_form_that_cannot_be_sent_is_told_with_file_and_line)
{
    const char *file;
    unsigned line;
    check(changed("body: 'B'}", "body: 'B',\n    brief: x,\n    html: '<b>x'}"), calendar);
    ck_assert(has_problem("policy pack notices[0].html.en", "line 1 of it: <b> is not closed"));
    ck_assert(co_yaml_where_in_policy(y, "pack", "notices[0].brief.en", &file, &line));
    unsigned before = line;
    ck_assert(co_yaml_where_in_policy(y, "pack", "notices[0].html.en", &file, &line));
    ck_assert_str_eq(file, "base");
    ck_assert_uint_eq(line, before + 1);
    done();
}
END_TEST

/* Checks a rule whose `field` is so many characters long. */
static bool is_refused(const char *field, size_t count, const char *character, const char *more,
                       const char *message)
{
    static char text[sizeof(base) + 50000], where[64];
    const char *at = strstr(base, "body: 'B'}");
    int len =
        snprintf(text, sizeof(text), "%.*sbody: B, %s: '%s", (int)(at - base), base, field, more);
    for (size_t i = 0; i < count; i++)
        len += snprintf(text + len, sizeof(text) - (size_t)len, "%s", character);
    snprintf(text + len, sizeof(text) - (size_t)len, "'%s", at + strlen("body: 'B'"));
    snprintf(where, sizeof(where), "policy pack notices[0].%s.en", field);
    check(text, calendar);
    bool is_told = has_problem(where, message);
    ck_assert_uint_eq(co_problems_count(problems), is_told ? 1 : 0);
    done();
    return is_told;
}

START_TEST(a_line_has_300_characters_beside_its_fields)
{
    ck_assert(!is_refused("brief", 300, "号", "{number}{title}", ""));
    ck_assert(is_refused("brief", 301, "号", "{number}", "301 characters without fields"));
    ck_assert(is_refused("brief", 300, "x", "{{", "301 characters without fields"));
}
END_TEST

START_TEST(html_has_10000_bytes)
{
    ck_assert(!is_refused("html", 10000, "x", "", ""));
    ck_assert(is_refused("html", 10001, "x", "", "10001 bytes are too many"));
}
END_TEST

CHECK_MAIN("registry_check_forms", a_rule_may_say_it_in_each_form,
           a_form_that_cannot_be_sent_is_told_with_its_place,
           a_form_that_cannot_be_sent_is_told_with_file_and_line,
           a_line_has_300_characters_beside_its_fields, html_has_10000_bytes)
