#include "check_main.h"

#include <string.h>

#include "co_html.h"

START_TEST(written_text_with_tags_closed_in_order_is_fine)
{
    static const char *const fine[] = {
        "",
        "plain {title} & more, 3 > 2",
        "<p>A<br>b<BR/>c <b class='x' nowrap>d</b></p>",
        "<p>\n<a href=\"https://desk.example.com/cases/{number}?a={{1}}\">{number}</a>\n</P>",
        "<img src='https://example.com/logo.png' alt='&lt;logo&gt;' />",
        "<table width=\"100%\"><tr><td style = \"color: red\">{due}</td></tr></table>",
        "<a href='mailto:desk@example.com'>x</a> <a href='TEL:+861'>y</a>",
    };
    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
        struct co_html_fault fault;
        ck_assert_msg(co_html_check(fine[i], &fault), "%s: %s", fine[i], fault.what);
    }
}
END_TEST

static const struct {
    const char *html;
    unsigned line;
    const char *what;
} faults[] = {
    { "<p>\n<b>x</p>", 2, "</p> where <b> is open" },
    { "<p>\n\n<b>x</b>", 1, "<p> is not closed" },
    { "x</p>", 1, "</p> closes nothing" },
    { "<p>a</p", 1, "</p is not closed" },
    { "<p>a</>", 1, "</ without the name of an element" },
    { "<p>a\n<b", 2, "<b is not closed" },
    { "<p <b>", 1, "<p is not closed" },
    { "<div/>", 1, "<div/> does not close it" },
    { "1 < 2", 1, "a < that begins no tag" },
    { "a <", 1, "a < that begins no tag" },
    { "<!-- x -->", 1, "a < that begins no tag" },
    { "<{title}>", 1, "a < that begins no tag" },
    { "<script>x</script>", 1, "<script> is not taken in a mail" },
    { "<iframe src='https://x'></iframe>", 1, "<iframe> is not taken in a mail" },
    { "<form></form>", 1, "<form> is not taken in a mail" },
    { "<stong>x</stong>", 1, "<stong> is not taken in a mail; did you mean <strong>?" },
    { "<averyveryverylongnameofanelement1>", 1, "a < that begins no tag" },
    { "<p onclick='x'>y</p>", 1, "onclick: nothing is run in a mail" },
    { "<img\nOnError = 'x'>", 2, "onerror: nothing is run in a mail" },
    { "<p class=x>y</p>", 1, "the value of class is not in quotes" },
    { "<p class='x>y</p>", 1, "the value of class is not closed" },
    { "<p class=\"x>y", 1, "the value of class is not closed" },
    { "<p class=", 1, "the value of class is not in quotes" },
    { "<p {title}>y</p>", 1, "what stands in <p> is no attribute" },
    { "<p title='{title}'>y</p>", 1, "a field in the attribute title" },
    { "<p title='{number'>y</p>", 1, "a field in the attribute title" },
    { "<a href='{answer}'>y</a>", 1, "a field in the attribute href" },
    { "<a href='javascript:x'>y</a>", 1, "href is no address that may stand in a mail" },
    { "<a HREF=' https://x'>y</a>", 1, "href is no address that may stand in a mail" },
    { "<img src='data:image/png,x'>", 1, "src is no address that may stand in a mail" },
};

START_TEST(each_fault_is_told_with_its_line)
{
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct co_html_fault fault = { .line = 0 };
        ck_assert_msg(!co_html_check(faults[i].html, &fault), "taken: %s", faults[i].html);
        ck_assert_str_eq(fault.what, faults[i].what);
        ck_assert_msg(fault.line == faults[i].line, "%s: line %u", faults[i].html, fault.line);
        ck_assert_ptr_nonnull(fault.allowed);
    }
}
END_TEST

START_TEST(elements_stand_in_each_other_up_to_a_depth)
{
    char html[33 * 7 + 1] = "";
    struct co_html_fault fault;
    for (int i = 0; i < 32; i++)
        strcat(html, "<b>");
    for (int i = 0; i < 32; i++)
        strcat(html, "</b>");
    ck_assert(co_html_check(html, &fault));
    memmove(html + 3, html, strlen(html) + 1);
    ck_assert(!co_html_check(html, &fault));
    ck_assert_str_eq(fault.what, "elements stand too deep in each other");
}
END_TEST

CHECK_MAIN("html", written_text_with_tags_closed_in_order_is_fine, each_fault_is_told_with_its_line,
           elements_stand_in_each_other_up_to_a_depth)
