/* Plans in the registry: what is refused. */
#include "registry_check_help.h"

#define PLAN(rule, dates)                                                                          \
    "plans:\n  w: {title: Weekly, contract: c, policy: pack, calendar: cal, rrule: " rule          \
    ", from: 2026-01-05T09:00:00+08:00, dates: [" dates "]}\ncustomers:\n"

static const struct {
    const char *plan;
    const char *where;   /* kind, key, path; NULL: there is no problem */
    const char *message; /* its beginning */
} cases[] = {
    { PLAN("FREQ=WEEKLY", "{at: 2026-01-12T09:00:00+08:00, skipped: true}"), NULL, NULL },
    { PLAN("FREQ=WEEKLY", "{at: 2026-01-13T09:00:00+08:00, skipped: true}"), "plan w dates[0].at",
      "is none of its dates; the nearest is 2026-01-12T01:00:00Z" },
    { PLAN("FREQ=WEEKLY", "{at: 2026-01-12T09:00:00+08:00}"), "plan w dates[0].skipped",
      "nothing is different" },
    { PLAN("FREQ=WEEKLY", "{at: 2026-02-02T09:00:00+08:00, moved_to: 2027-02-03T09:00:00+08:00}"),
      NULL, NULL },
    { PLAN("FREQ=WEEKLY", "{at: 2026-02-02T09:00:00+08:00, moved_to: 2027-02-03T09:01:00+08:00}"),
      "plan w dates[0].moved_to", "is too far away" },
    { PLAN("FREQ=WEEKLY", "{at: 2026-02-02T09:00:00+08:00, moved_to: 2025-01-31T09:00:00+08:00}"),
      "plan w dates[0].moved_to", "is too far away" },
    { PLAN("FREQ=DAILY;interval=65537", ""), "plan w rrule",
      "\"FREQ=DAILY;interval=65537\" has a number that is too large" },
    { PLAN("'FREQ=DAILY;byminute=0,30'", ""), "plan w rrule",
      "\"FREQ=DAILY;byminute=0,30\" has times within the hour" },
};

START_TEST(each_mistake_about_plans_is_told_with_its_place)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check(changed("customers:\n", cases[i].plan), calendar);
        bool is_told = cases[i].where == NULL ? co_problems_count(problems) == 0
                                              : has_problem(cases[i].where, cases[i].message);
        if (!is_told)
            say_all();
        ck_assert_msg(is_told, "case %zu", i);
        done();
    }
}
END_TEST

CHECK_MAIN("registry_plans", each_mistake_about_plans_is_told_with_its_place)
