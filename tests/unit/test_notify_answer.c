#include "check_main.h"

#include <string.h>

#include "notify_answer.h"

static int64_t error_of(const char *body)
{
    const char *name = "";
    int64_t code = notify_answer_error(body, strlen(body), &name);
    ck_assert_int_eq(code != 0, *name != '\0');
    return code;
}

START_TEST(what_robots_answer_to_what_they_did_not_take_is_an_error)
{
    const char *name = "";
    const char body[] = "{\"errcode\":310000,\"errmsg\":\"sign not match\"}";
    ck_assert_int_eq(notify_answer_error(body, strlen(body), &name), 310000);
    ck_assert_str_eq(name, "errcode");
    ck_assert_int_eq(error_of("{\"errcode\":-1,\"errmsg\":\"system busy\"}"), -1);
    ck_assert_int_eq(error_of("{\"code\":19001,\"data\":{},\"msg\":\"param invalid\"}"), 19001);
    ck_assert_int_eq(error_of("{\"StatusCode\":9499,\"StatusMessage\":\"Bad Request\"}"), 9499);
}
END_TEST

START_TEST(what_says_that_it_was_taken_or_nothing_is_none)
{
    static const char *const good[] = {
        "",
        "ok",
        "{}",
        "[]",
        "null",
        "{\"errcode\":0,\"errmsg\":\"ok\"}",
        "{\"StatusCode\":0,\"code\":0,\"data\":{},\"msg\":\"success\"}",
        "{\"code\":200,\"message\":\"accepted\"}",
        "{\"code\":1}",
        "{\"errcode\":\"310000\"}",
        "{\"data\":{\"errcode\":1}}",
        "{\"errcode\":310000",
        "{\"errcode\":99999999999999999999999}",
        "\xff\xfe{",
        "[[[[[[[[[[[[[[[[[[[[[[[[",
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        ck_assert_msg(error_of(good[i]) == 0, "%s", good[i]);
}
END_TEST

START_TEST(the_length_ends_the_body)
{
    const char body[] = "{\"errcode\":1}";
    const char *name = "";
    ck_assert_int_eq(notify_answer_error(body, sizeof(body) - 2, &name), 0);
    ck_assert_int_eq(notify_answer_error(body, 0, &name), 0);
}
END_TEST

CHECK_MAIN("notify_answer", what_robots_answer_to_what_they_did_not_take_is_an_error,
           what_says_that_it_was_taken_or_nothing_is_none, the_length_ends_the_body)
