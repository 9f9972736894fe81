/* calendar_help.h - what the tests of lib/calendar share. */
#pragma once

#include "check_main.h"
#include "co_calendar.h"

static char problem[CO_CALENDAR_PROBLEM];

static int64_t at(const char *text)
{
    int64_t us = 0;
    ck_assert_msg(co_time_parse(text, &us, NULL) == CO_OK, "%s", text);
    return us;
}

static int64_t day(const char *text)
{
    int64_t days = 0;
    ck_assert_msg(co_date_parse(text, &days) == CO_OK, "%s", text);
    return days;
}

static struct co_calendar *compile(const struct co_calendar_spec *spec)
{
    struct co_calendar *c = NULL;
    ck_assert_msg(co_calendar_compile(spec, &c, problem) == CO_OK, "%s", problem);
    ck_assert_str_eq(problem, "");
    return c;
}
