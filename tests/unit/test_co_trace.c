#include "co_trace.h"

#include <string.h>

#include "check_main.h"

#define PARENT "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

START_TEST(a_context_of_the_recommendation_is_valid)
{
    ck_assert(co_trace_is_valid(PARENT));
    ck_assert(co_trace_is_valid("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00"));
}
END_TEST

START_TEST(what_cannot_be_parsed_is_not_valid)
{
    static const char *const wrong[] = {
        "",
        "00",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",   /* version */
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",   /* upper case */
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",   /* no trace */
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",   /* no span */
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x", /* 00 has no more */
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x", /* a later version goes on behind a dash */
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        ck_assert_msg(!co_trace_is_valid(wrong[i]), "%s", wrong[i]);
}
END_TEST

START_TEST(a_later_version_is_followed_as_version_00)
{
    char child[CO_TRACE_TEXT];
    ck_assert(co_trace_child("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-the-future-will-be", "sla", 1, 2, child));
    ck_assert_int_eq(strncmp(child, "00-4bf92f3577b34da6a3ce929d0e0e4736-", 36), 0);
    ck_assert(co_trace_is_valid(child));
}
END_TEST

START_TEST(a_child_has_the_trace_and_flags_and_a_span_of_its_own)
{
    char child[CO_TRACE_TEXT];
    ck_assert(co_trace_child(PARENT, "sla", 1, 2, child));
    ck_assert(co_trace_is_valid(child));
    ck_assert_int_eq(strncmp(child, PARENT, 36), 0);
    ck_assert_int_ne(strncmp(child + 36, &PARENT[36], 16), 0);
    ck_assert_str_eq(child + 52, "-01");
}
END_TEST

START_TEST(the_span_follows_from_what_it_is_of)
{
    char one[CO_TRACE_TEXT], other[CO_TRACE_TEXT];
    ck_assert(co_trace_child(PARENT, "sla", 1, 2, one) && co_trace_child(PARENT, "sla", 1, 2, other));
    ck_assert_str_eq(one, other);
    ck_assert(co_trace_child(PARENT, "notify", 1, 2, other));
    ck_assert_str_ne(one, other);
    ck_assert(co_trace_child(PARENT, "sla", 1, 3, other));
    ck_assert_str_ne(one, other);
    ck_assert(co_trace_child(PARENT, "sla", 4, 2, other));
    ck_assert_str_ne(one, other);
}
END_TEST

START_TEST(nothing_continues_what_is_not_valid)
{
    char child[CO_TRACE_TEXT] = "x", id[CO_TRACE_ID_TEXT] = "x";
    ck_assert(!co_trace_child("", "sla", 1, 2, child));
    ck_assert_str_eq(child, "");
    co_trace_id("00-1", id);
    ck_assert_str_eq(id, "");
    co_trace_id(PARENT, id);
    ck_assert_str_eq(id, "4bf92f3577b34da6a3ce929d0e0e4736");
}
END_TEST

CHECK_MAIN("co_trace", a_context_of_the_recommendation_is_valid, what_cannot_be_parsed_is_not_valid,
           a_later_version_is_followed_as_version_00, a_child_has_the_trace_and_flags_and_a_span_of_its_own,
           the_span_follows_from_what_it_is_of, nothing_continues_what_is_not_valid)
