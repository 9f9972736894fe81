/* What a broken promise costs: tables of clocks under one liability. */
#include "check_main.h"
#include "sla_penalty.h"
#include "sla_world.h"

enum { EXCLUSIONS_MAX = 3, CAP = 700 };

static uint32_t first[] = { 1 };
static char storm[] = "storm", war[] = "war", strike[] = "strike";
static char response[] = "response", arrival[] = "arrival", nothing[] = "";
static char *causes[] = { storm, war };
static Callout__V1__Penalty fast, any;
static Callout__V1__Penalty *rules[] = { &fast, &any };
static Callout__V1__Liability liability;

/* Of the response at level 1: 30 minutes of grace, 100 an hour, 700 at most. Of anything else: 50,
 * and 10 an hour. */
static void make(void)
{
    callout__v1__penalty__init(&fast);
    callout__v1__penalty__init(&any);
    callout__v1__liability__init(&liability);
    fast.milestone = response;
    fast.severities = first;
    fast.n_severities = 1;
    fast.per_hour_cents = 100;
    fast.grace_us = 30 * MINUTE;
    fast.cap_cents = CAP;
    any.milestone = nothing;
    any.per_case_cents = 50;
    any.per_hour_cents = 10;
    liability.penalties = rules;
    liability.n_penalties = 2;
    liability.excluded = causes;
    liability.n_excluded = 2;
}

struct span {
    char *cause; /* NULL: none */
    int64_t from, until;
};

/* Minutes after the due time, at T0; the clock is looked at 1000 minutes after it. */
static const struct {
    const char *what;
    char *milestone;
    uint32_t severity;
    enum sla_clock_state state;
    int64_t ended;
    struct span excluded[EXCLUSIONS_MAX];
    int64_t late, cents; /* -1: nothing applies */
} cases[] = {
    { "a minute is an hour begun", arrival, 1, SLA_CLOCK_MET, 1, { { 0 } }, 1, 60 },
    { "an hour is one hour", arrival, 1, SLA_CLOCK_MET, 60, { { 0 } }, 60, 60 },
    { "a minute more is two", arrival, 1, SLA_CLOCK_MET, 61, { { 0 } }, 61, 70 },
    { "stopped late costs the same", arrival, 1, SLA_CLOCK_STOPPED, 61, { { 0 } }, 61, 70 },
    { "one that goes on: so far", arrival, 1, SLA_CLOCK_OPEN, 0, { { 0 } }, 1000, 220 },
    { "another level: the next rule", response, 2, SLA_CLOCK_MET, 61, { { 0 } }, 61, 70 },
    { "within the grace nothing", response, 1, SLA_CLOCK_MET, 30, { { 0 } }, 0, 0 },
    { "after the grace hours", response, 1, SLA_CLOCK_MET, 91, { { 0 } }, 61, 200 },
    { "at most the rule's own cap", response, 1, SLA_CLOCK_OPEN, 0, { { 0 } }, 970, CAP },
    { "an exclusion takes time out",
      arrival,
      1,
      SLA_CLOCK_MET,
      121,
      { { storm, 30, 90 } },
      61,
      70 },
    { "another cause does not", arrival, 1, SLA_CLOCK_MET, 121, { { strike, 30, 90 } }, 121, 80 },
    { "what lies before the due time does not count",
      arrival,
      1,
      SLA_CLOCK_MET,
      60,
      { { storm, -500, 20 } },
      40,
      60 },
    { "those that overlap count once",
      arrival,
      1,
      SLA_CLOCK_MET,
      121,
      { { storm, 10, 60 }, { war, 30, 70 }, { war, 65, 71 } },
      60,
      60 },
    { "two apart from one another",
      arrival,
      1,
      SLA_CLOCK_MET,
      180,
      { { war, 100, 120 }, { storm, 10, 50 } },
      120,
      70 },
    { "one that is not over lasts", arrival, 1, SLA_CLOCK_OPEN, 0, { { storm, 10, 0 } }, 10, 60 },
    { "all of it is excluded", arrival, 1, SLA_CLOCK_MET, 300, { { storm, -10, 0 } }, 0, 0 },
    { "one that never was", arrival, 1, SLA_CLOCK_MET, 60, { { storm, 20, 10 } }, 60, 60 },
};

static int64_t at(int64_t minute)
{
    return T0 + minute * MINUTE;
}

START_TEST(lateness_without_grace_and_exclusions_is_priced_by_the_first_rule_that_fits)
{
    make();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        Callout__V1__Milestone m = CALLOUT__V1__MILESTONE__INIT;
        Callout__V1__Exclusion x[EXCLUSIONS_MAX], *list[EXCLUSIONS_MAX];
        struct sla_declared declared = { list, 0 };
        struct sla_clock clock = { .milestone = &m,
                                   .state = cases[i].state,
                                   .is_breached = true,
                                   .due_us = T0,
                                   .ended_us = at(cases[i].ended),
                                   .goal = { .severity = cases[i].severity } };
        struct sla_penalty p;
        m.name = cases[i].milestone;
        for (size_t k = 0; k < EXCLUSIONS_MAX && cases[i].excluded[k].cause != NULL; k++) {
            const struct span *span = &cases[i].excluded[k];
            callout__v1__exclusion__init(&x[k]);
            x[k].cause = span->cause;
            x[k].from_us = at(span->from);
            x[k].until_us = span->until == 0 ? 0 : at(span->until);
            list[declared.count++] = &x[k];
        }
        ck_assert_msg(sla_penalty_of(&liability, &clock, declared, at(1000), &p), "%s",
                      cases[i].what);
        ck_assert_msg(p.late_us == cases[i].late * MINUTE && p.cents == cases[i].cents,
                      "%s: late by %lld min, %lld", cases[i].what, (long long)(p.late_us / MINUTE),
                      (long long)p.cents);
        ck_assert(p.goes_on == (cases[i].state == SLA_CLOCK_OPEN));
    }
}
END_TEST

START_TEST(what_is_in_time_internal_or_under_no_rule_costs_nothing)
{
    make();
    Callout__V1__Milestone m = CALLOUT__V1__MILESTONE__INIT;
    struct sla_declared none = { NULL, 0 };
    struct sla_clock clock = {
        .milestone = &m, .state = SLA_CLOCK_MET, .due_us = T0, .ended_us = at(10)
    };
    struct sla_penalty p;
    m.name = response;
    ck_assert(!sla_penalty_of(&liability, &clock, none, at(20), &p));
    clock.is_breached = true;
    ck_assert(sla_penalty_of(&liability, &clock, none, at(20), &p));
    m.internal = true;
    ck_assert(!sla_penalty_of(&liability, &clock, none, at(20), &p));
    m.internal = false;
    liability.n_penalties = 1;
    ck_assert(!sla_penalty_of(&liability, &clock, none, at(20), &p));
}
END_TEST

START_TEST(the_cap_is_what_the_liability_says_or_the_price)
{
    make();
    Callout__V1__Contract c = CALLOUT__V1__CONTRACT__INIT;
    Callout__V1__Money price = CALLOUT__V1__MONEY__INIT;
    ck_assert_int_eq(sla_penalty_cap(&c), 0);
    price.cents = 900;
    c.price = &price;
    c.liability = &liability;
    ck_assert_int_eq(sla_penalty_cap(&c), 900);
    liability.cap_cents = 300;
    ck_assert_int_eq(sla_penalty_cap(&c), 300);
}
END_TEST

CHECK_MAIN("sla_penalty",
           lateness_without_grace_and_exclusions_is_priced_by_the_first_rule_that_fits,
           what_is_in_time_internal_or_under_no_rule_costs_nothing,
           the_cap_is_what_the_liability_says_or_the_price)
