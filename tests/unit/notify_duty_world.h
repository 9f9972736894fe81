/* notify_duty_world.h - rosters, delegates, quiet hours and desks in the small world of notices. */
#pragma once

#include "notify_world.h"

static struct co_rosters *rosters;

static inline void put_calendar(void)
{
    static Callout__V1__WorkDay days[7], *week[7];
    static Callout__V1__Transition at, *transitions[1] = { &at };
    callout__v1__transition__init(&at);
    at.offset_s = 8 * 3600;
    for (size_t i = 0; i < 7; i++) {
        callout__v1__work_day__init(&days[i]);
        week[i] = &days[i];
    }
    PUT(Calendar, calendar, x.key = own("cal"), x.zone = own("Asia/Shanghai"), x.n_transitions = 1,
        x.transitions = transitions, x.n_week = 7, x.week = week);
}

static inline void read_rosters(void)
{
    co_rosters_free(rosters);
    rosters = NULL;
    ck_assert_int_eq(co_rosters_new(registry, &rosters), CO_OK);
    world.rosters = rosters;
}

/* Away for an hour around now. */
static inline void is_on_leave(const char *key)
{
    Callout__V1__RosterSpan away = CALLOUT__V1__ROSTER_SPAN__INIT, *absences[] = { &away };
    away.from_us = world.now_us - 30 * MINUTE;
    away.until_us = world.now_us + 30 * MINUTE;
    PUT(Roster, roster, x.key = own(key), x.calendar = own("cal"), x.n_absences = 1,
        x.absences = absences);
    read_rosters();
}

/* On duty every day at these hours, in Beijing. */
static inline void has_shift(const char *key, uint32_t from_hour, uint32_t until_hour)
{
    static uint32_t weekdays[] = { 1, 2, 3, 4, 5, 6, 7 };
    Callout__V1__ShiftRule rule = CALLOUT__V1__SHIFT_RULE__INIT, *rules[] = { &rule };
    rule.n_weekdays = 7;
    rule.weekdays = weekdays;
    rule.from_min = from_hour * 60;
    rule.until_min = until_hour * 60;
    PUT(Roster, roster, x.key = own(key), x.calendar = own("cal"), x.n_rules = 1, x.rules = rules);
    read_rosters();
}

static inline void has_delegate(const char *key, const char *language, const char *delegate)
{
    PUT(Person, person, x.key = own(key), x.name = own(key), x.language = own(language),
        x.email = own("somebody@example.com"), x.delegate = own(delegate));
}

/* In Beijing; `until_hour` beyond 24: past midnight. */
static inline void has_quiet_hours_in(const char *key, const char *language, uint32_t from_hour,
                                      uint32_t until_hour, uint32_t but_severity)
{
    Callout__V1__QuietHours quiet = CALLOUT__V1__QUIET_HOURS__INIT;
    quiet.from_min = from_hour * 60;
    quiet.until_min = until_hour * 60;
    quiet.but_severity = but_severity;
    PUT(Person, person, x.key = own(key), x.name = own(key), x.language = own(language),
        x.email = own("somebody@example.com"), x.calendar = own("cal"), x.quiet = &quiet);
}

static inline void has_quiet_hours(const char *key, uint32_t from_hour, uint32_t until_hour,
                                   uint32_t but_severity)
{
    has_quiet_hours_in(key, "en", from_hour, until_hour, but_severity);
}

static inline void put_desk(const char *first, const char *second)
{
    Callout__V1__RoleHolder a = CALLOUT__V1__ROLE_HOLDER__INIT, b = a, *holders[] = { &a, &b };
    a.role = b.role = ROLE(DESK);
    a.person = own(first);
    b.person = own(second);
    PUT(Desk, desk, x.key = own("house"), x.n_holders = second[0] == '\0' ? 1 : 2,
        x.holders = holders);
}

static inline void set_up_people(void)
{
    set_up();
    put_calendar();
    read_rosters();
    is_opened();
}

static inline void tear_down_people(void)
{
    co_rosters_free(rosters);
    rosters = NULL;
    world.rosters = NULL;
    tear_down();
}

static inline const struct notify_notice *the(const char *obligation, const char *slot)
{
    const struct notify_notice *n = notify_case_find(c, obligation, 1, slot);
    ck_assert_msg(n != NULL, "no %s %s in:\n%s", obligation, slot, journal);
    return n;
}
