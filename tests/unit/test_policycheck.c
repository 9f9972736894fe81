/* Each check of policy packs: a sound installation of which one line is changed. */
#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "co_duty.h"
#include "co_policycheck.h"
#include "co_registry_check.h"
#include "co_time.h"
#include "co_yaml.h"

/* Noon of 2026-03-02, a Monday, in UTC; 300 days of it. */
#define FROM (INT64_C(1772452800) * CO_SECOND_US)
#define DAYS 300

static const char pack[] =
    "policy:\n"
    "  name: p\n"
    "  title: P\n"
    "  source: a document\n"
    "  default_severity: 2\n"
    "  severities:\n"
    "    - {level: 1, name: One, traits: {lost: Lost}}\n"
    "    - {level: 2, name: Two}\n"
    "  conditions: {a: A, b: B}\n"
    "  excluded: {flood: Flood}\n"
    "  milestones:\n"
    "    - name: response\n"
    "      title: Response\n"
    "      start: [entitled]\n"
    "      stop: [contacted]\n"
    "      targets: {1: 30m, 2: 1h}\n"
    "      warnings: [50%]\n"
    "      ladder: [{after: 10m, roles: [director]}]\n"
    "    - name: arrival\n"
    "      title: Arrival\n"
    "      start: [onsite_requested]\n"
    "      stop: [arrived]\n"
    "      targets: {1: zone z, 2: working day 2}\n"
    "      warnings: [20m before]\n"
    "    - name: restore\n"
    "      title: Restore\n"
    "      start: [arrived]\n"
    "      stop: [restored]\n"
    "      targets: {1: 3h, 2: contract else 4h}\n"
    "      warnings: [30m before]\n"
    "      on_breach:\n"
    "        - {kind: propose, what: spare, severities: [1]}\n"
    "        - {kind: raise, severities: [2]}\n"
    "  zones:\n"
    "    - name: z\n"
    "      rings:\n"
    "        - {name: near, upto_km: 10, targets: {1: 1h}}\n"
    "        - {name: far, targets: {1: 2h}}\n"
    "  notices:\n"
    "    - {on: breached, roles: [pm], subject: s, body: b}\n"
    "    - {on: proposed, what: spare, roles: [pm], subject: s, body: b}\n"
    "    - {on: escalated, roles: [director], subject: s, body: b}\n"
    "    - {on: opened, severities: [1], roles: [customer], subject: s, body: b}\n"
    "    - {on: opened, roles: [customer, pm], subject: s, body: b}\n"
    "  signers: [customer]\n";

static const char world[] =
    "customers: {c: {name: C}, d: {name: D}}\n"
    "persons: {pm: {name: Pm, email: pm@example.com}, dir: {name: Dir, email: d@example.com}}\n"
    "sites: {s: {customer: c, name: S, contact: pm}, t: {customer: c, name: T, contact: pm}}\n"
    "contracts:\n"
    "  k: {customer: c, name: K, policy: p, calendar: cal, from: 2026-01-01T00:00:00Z, "
    "until: 2027-06-01T00:00:00Z, holders: {pm: pm, director: dir}, "
    "targets: {restore: {2: 90m}}}\n"
    "  over: {customer: d, name: O, policy: p, calendar: cal, from: 2020-01-01T00:00:00Z, "
    "until: 2021-01-01T00:00:00Z, holders: {pm: pm, director: dir}}\n";

static const char calendar[] =
    "calendar: cal\n"
    "zone: UTC\n"
    "utc_offset: '+00:00'\n"
    "week: {mon: ['09:00-17:00'], tue: ['09:00-17:00'], wed: ['09:00-17:00'], thu: "
    "['09:00-17:00'], fri: ['09:00-17:00'], sat: [], sun: []}\n"
    "holidays: h\n";

static const char holidays[] = "holidays: h\n"
                               "years: [2026]\n"
                               "days:\n"
                               "  - {date: '2026-05-01', name: May, working: false}\n";

static struct co_coverage *coverage;
static int days = DAYS;

static void change(const char *text, const char *find, const char *put, char *to, size_t size)
{
    const char *at = find == NULL ? NULL : strstr(text, find);
    if (at == NULL)
        (void)snprintf(to, size, "%s", text);
    else
        (void)snprintf(to, size, "%.*s%s%s", (int)(at - text), text, put, at + strlen(find));
}

/* "error unreachable milestones[0]: ..." a line each. */
static void found(const struct co_registry *r, char *to, size_t size)
{
    struct co_duty duty = { .registry = r };
    struct co_rosters *rosters = NULL;
    ck_assert_int_eq(co_rosters_new(r, &rosters), CO_OK);
    duty.rosters = rosters;
    struct co_coverage by_rosters = co_duty_coverage(&duty);
    struct co_policycheck_ask ask = {
        .registry = r,
        .from_us = FROM,
        .until_us = FROM + days * CO_DAY_US,
        .coverage = coverage != NULL ? coverage : &by_rosters,
    };
    struct co_findings *f = co_policycheck(&ask);
    co_rosters_free(rosters);
    ck_assert_ptr_nonnull(f);
    to[0] = '\0';
    for (size_t i = 0; i < co_findings_count(f); i++) {
        const struct co_finding *x = co_findings_at(f, i);
        char when[CO_TIME_TEXT];
        co_time_format(x->example_us, when);
        size_t len = strlen(to);
        (void)snprintf(to + len, size - len, "%s %s %s %s, %.16s: %s\n",
                       x->level == CO_FINDING_ERROR ? "error" : "warning", x->check, x->key,
                       x->path, when, x->message);
    }
    co_findings_free(f);
}

/* The one change, in whichever file has the text; what is found then. */
static void finds_in(const char *registry, const char *find, const char *put, const char *expected)
{
    static char text[4][8192], got[8192];
    const char *const files[] = { pack, registry, calendar, holidays };
    const Callout__V1__Registry *all = NULL;
    struct co_yaml *y = co_yaml_new(NULL);
    bool is_changed = find == NULL;
    for (int i = 0; i < 4; i++) {
        change(files[i], find, put, text[i], sizeof(text[i]));
        is_changed = is_changed || strcmp(text[i], files[i]) != 0;
        (void)co_yaml_load_text(y, "test.yaml", text[i], strlen(text[i]));
    }
    ck_assert_msg(is_changed, "nothing reads \"%s\"", find);
    enum co_err err = co_yaml_finish(y, &all);
    for (size_t i = 0; i < co_yaml_problem_count(y); i++)
        ck_abort_msg("%s: %s", co_yaml_problem_at(y, i)->key, co_yaml_problem_at(y, i)->message);
    ck_assert_int_eq(err, CO_OK);
    struct co_registry *r = co_registry_new(100);
    for (size_t i = 0; i < all->n_objects; i++)
        ck_assert_int_eq(co_registry_put_message(r, all->objects[i], 1), CO_OK);
    found(r, got, sizeof(got));
    ck_assert_str_eq(got, expected);
    co_registry_free(r);
    co_yaml_free(y);
}

static void finds(const char *find, const char *put, const char *expected)
{
    finds_in(world, find, put, expected);
}

START_TEST(a_sound_installation_has_nothing_to_find)
{
    finds(NULL, NULL, "");
}
END_TEST

/* ---- steps */

START_TEST(a_milestone_that_nothing_starts_is_found)
{
    finds("      start: [arrived]\n",
          "      start_unless_cancelled: [arrived]\n      cancel: [arrived]\n",
          "error unreachable p milestones[2], 2026-03-02T12:00: restore is never reached: each act "
          "of start_unless_cancelled cancels it too\n");
    finds("      start: [arrived]\n", "      start_conditions: [a]\n      unless_conditions: [a]\n",
          "error unreachable p milestones[2], 2026-03-02T12:00: restore is never reached: each of "
          "its start_conditions is among its unless_conditions\n");
}
END_TEST

START_TEST(a_milestone_that_an_action_starts_is_not_found)
{
    finds("      warnings: [20m before]\n    - name: restore\n      title: Restore\n      start: "
          "[arrived]\n",
          "      warnings: [20m before]\n      on_breach: [{kind: start, milestone: restore}]\n"
          "    - name: restore\n      title: Restore\n      start_conditions: [a]\n      "
          "unless_conditions: [a]\n",
          "");
}
END_TEST

START_TEST(a_guard_that_contradicts_itself_is_found)
{
    finds("      start: [arrived]\n",
          "      start: [arrived]\n      only_conditions: [b, a]\n      unless_conditions: [a]\n",
          "error unreachable p milestones[2].only_conditions[1], 2026-03-02T12:00: restore is "
          "never promised: it is only while a holds, and not while it holds\n");
}
END_TEST

START_TEST(a_ladder_of_a_clock_that_a_raise_starts_anew_is_found)
{
    finds("      targets: {1: 3h, 2: contract else 4h}\n",
          "      targets: {2: contract else 4h}\n      ladder: [{after: 10m, roles: [director]}]\n",
          "error unreachable p milestones[2].ladder, 2026-03-02T12:00: no step is ever reached: a "
          "breach raises the level at once, and that starts restore anew\n"
          "error unwanted_action p milestones[2].on_breach[0], 2026-03-02T12:00: is never wanted: "
          "restore is not promised at any of its severities\n");
}
END_TEST

START_TEST(a_step_later_than_any_case_is_found)
{
    finds("{after: 10m, roles: [director]}", "{after: 300d, roles: [director]}",
          "warning unreachable p milestones[0].ladder[0], 2026-03-02T12:00: comes 300 days after "
          "the breach of response: no case is open so long\n");
}
END_TEST

START_TEST(a_level_that_only_people_reach_is_found)
{
    finds("{level: 2, name: Two}", "{level: 2, name: Two}\n    - {level: 3, name: Three}",
          "warning unreachable p severities[2], 2026-03-02T12:00: neither trait, default nor raise "
          "leads to level 3: only who states or sets it\n"
          "error severity p severities[2], 2026-03-02T12:00: nothing is promised at level 3: "
          "neither a milestone nor a contract has a figure\n");
    finds(", traits: {lost: Lost}", "", "");
}
END_TEST

/* ---- actions */

START_TEST(an_action_for_levels_without_a_promise_is_found)
{
    finds("targets: {1: 3h, 2: contract else 4h}", "targets: {2: contract else 4h}",
          "error unwanted_action p milestones[2].on_breach[0], 2026-03-02T12:00: is never wanted: "
          "restore is not promised at any of its severities\n");
}
END_TEST

START_TEST(a_raise_of_the_worst_level_is_found)
{
    finds("{kind: raise, severities: [2]}", "{kind: raise, severities: [1]}",
          "error unwanted_action p milestones[2].on_breach[1], 2026-03-02T12:00: is never wanted: "
          "restore is promised at no level that this would raise\n");
    finds("{kind: raise, severities: [2]}", "{kind: raise_to, level: 2}",
          "error unwanted_action p milestones[2].on_breach[1], 2026-03-02T12:00: is never wanted: "
          "restore is promised at no level that this would raise\n");
}
END_TEST

START_TEST(an_action_whose_exception_always_holds_is_found)
{
    finds("      on_breach:\n        - {kind: propose, what: spare, severities: [1]}",
          "      only_conditions: [a]\n      on_breach:\n"
          "        - {kind: propose, what: spare, severities: [1], unless_condition: a}",
          "error unwanted_action p milestones[2].on_breach[0], 2026-03-02T12:00: is never wanted: "
          "a always holds while restore is promised\n");
}
END_TEST

START_TEST(actions_of_warnings_that_there_are_not_are_found)
{
    finds("      warnings: [30m before]\n", "      on_warning: [{kind: act, act: arrived}]\n",
          "error loop p milestones[2], 2026-03-02T12:00: goes round: what follows a warning or a "
          "breach starts the next of restore -> restore\n"
          "error unwanted_action p milestones[2].on_warning[0], 2026-03-02T12:00: is never wanted: "
          "restore has no warnings\n");
}
END_TEST

/* ---- notices */

START_TEST(a_rule_behind_another_is_found)
{
    finds("    - {on: opened, severities: [1], roles: [customer], subject: s, body: b}\n",
          "    - {on: opened, roles: [pm, customer], subject: s, body: b}\n",
          "error shadowed_notice p notices[4], 2026-03-02T12:00: is never used: notices[3] fits "
          "whenever it does and names its roles\n");
    finds("    - {on: opened, severities: [1], roles: [customer], subject: s, body: b}\n",
          "    - {on: opened, roles: [customer], subject: s, body: b}\n",
          "warning shadowed_notice p notices[4].roles[0], 2026-03-02T12:00: customer is never told "
          "by it: notices[3] fits whenever it does\n");
    finds("    - {on: opened, severities: [1], roles: [customer], subject: s, body: b}\n",
          "    - {on: opened, severities: [1, 2], roles: [customer], subject: s, body: b}\n", "");
}
END_TEST

START_TEST(rules_about_what_never_happens_are_found)
{
    finds(
        "  signers:", "    - {on: told, what: help, roles: [pm], subject: s, body: b}\n  signers:",
        "error shadowed_notice p notices[5], 2026-03-02T12:00: is never used: no action there "
        "tells that to one of its roles\n");
    finds("  signers:", "    - {on: escalated, roles: [pm], subject: s, body: b}\n  signers:",
          "error shadowed_notice p notices[5], 2026-03-02T12:00: is never used: no ladder there "
          "tells one of its roles\n");
    finds("  signers:",
          "    - {on: escalated, milestone: restore, roles: [director], subject: s, body: b}\n  "
          "signers:",
          "error shadowed_notice p notices[5], 2026-03-02T12:00: is never used: no ladder there "
          "tells one of its roles\n"
          "error shadowed_notice p notices[5], 2026-03-02T12:00: is never used: notices[2] fits "
          "whenever it does and names its roles\n");
    finds(
        "  signers:",
        "    - {on: warned, milestone: restore, roles: [pm], subject: s, body: b}\n  signers:", "");
    finds("  signers:",
          "    - {on: proposed, milestone: response, roles: [director], subject: s, body: b}\n  "
          "signers:",
          "error shadowed_notice p notices[5], 2026-03-02T12:00: is never used: no action there "
          "proposes that\n");
}
END_TEST

/* ---- warnings */

START_TEST(a_warning_longer_than_the_shortest_figure_is_found)
{
    finds("warnings: [30m before]", "warnings: [89m before]", "");
    finds("warnings: [30m before]", "warnings: [90m before]",
          "error late_warning p milestones[2].warnings[0], 2026-03-02T12:00: 1h30m before the end "
          "of restore is not after its start: at level 2 by contract k there is 1h30m\n");
    finds("{restore: {2: 90m}}", "{restore: {2: 5h}}", "");
    finds("warnings: [20m before]", "warnings: [60m before]",
          "error late_warning p milestones[1].warnings[0], 2026-03-02T12:00: 1h before the end of "
          "arrival is not after its start: at level 1 in near there is 1h\n");
    finds("{1: 30m, 2: 1h}\n      warnings: [50%]", "{1: 30m, 2: 1h}\n      warnings: [30m before]",
          "error late_warning p milestones[0].warnings[0], 2026-03-02T12:00: 30m before the end of "
          "response is not after its start: at level 1 there is 30m\n");
}
END_TEST

START_TEST(a_warning_longer_than_what_is_left_of_some_days_is_found)
{
    finds("2: working day 2}\n      warnings: [20m before]",
          "2: working day 1}\n      warnings: [20m before]",
          "warning late_warning p milestones[1].warnings[0], 2026-03-02T23:59: 20m before the end "
          "of arrival is not after its start: at level 2 there is 0s when it starts at the time of "
          "the example\n");
    finds("2: working day 2}\n", "2: working day 1}\n      from_next_day: true\n", "");
    finds("2: working day 2}\n", "2: working day 1}\n      cutoff_minute: 960\n", "");
    finds("2: working day 2}\n", "2: working day 1}\n      cutoff_minute: 1015\n",
          "warning late_warning p milestones[1].warnings[0], 2026-03-02T16:54: 20m before the end "
          "of arrival is not after its start: at level 2 there is 6m when it starts at the time of "
          "the example\n");
    finds("{1: 30m, 2: 1h}\n      warnings: [50%]",
          "{1: 30m, 2: 1h}\n      same_day: true\n      warnings: [10m before]",
          "warning late_warning p milestones[0].warnings[0], 2026-03-02T23:59: 10m before the end "
          "of response is not after its start: at level 1 there is 1m when it starts at the time "
          "of the example\n");
    finds("{1: zone z, 2: working day 2}\n      warnings: [20m before]",
          "{1: zone z, 2: next business day}\n      warnings: [55m before]", "");
    finds("{1: zone z, 2: working day 2}\n      warnings: [20m before]",
          "{1: agreed, 2: next business day}\n      warnings: [17h before]", "");
    finds("{1: zone z, 2: working day 2}\n      warnings: [20m before]",
          "{1: agreed, 2: next business day}\n      warnings: [18h before]",
          "warning late_warning p milestones[1].warnings[0], 2026-03-02T23:59: 18h before the end "
          "of arrival is not after its start: at level 2 there is 17h1m when it starts at the time "
          "of the example\n");
}
END_TEST

/* ---- levels */

START_TEST(a_breach_of_which_nobody_hears_is_found)
{
    finds("{on: breached, roles: [pm]", "{on: breached, severities: [1], roles: [pm]",
          "warning severity p milestones[1], 2026-03-02T12:00: nobody hears that arrival was "
          "missed at level 2: no ladder, no notice of a breach, no action tells\n"
          "warning severity p milestones[2], 2026-03-02T12:00: nobody hears that restore was "
          "missed at level 2: no ladder, no notice of a breach, no action tells\n");
    finds("{on: breached, roles: [pm]", "{on: breached, milestone: arrival, roles: [pm]",
          "warning severity p milestones[2], 2026-03-02T12:00: nobody hears that restore was "
          "missed at level 2: no ladder, no notice of a breach, no action tells\n");
}
END_TEST

START_TEST(a_level_without_promise_or_ladder_is_found)
{
    finds("    - {level: 2, name: Two}\n",
          "    - {level: 2, name: Two}\n    - {level: 3, name: Three, traits: {odd: Odd}}\n",
          "error severity p severities[2], 2026-03-02T12:00: nothing is promised at level 3: "
          "neither a milestone nor a contract has a figure\n");
    finds("targets: {1: 30m, 2: 1h}", "targets: {1: 30m}",
          "warning severity p severities[1], 2026-03-02T12:00: no milestone has a ladder at level "
          "2: when a breach is told and nobody acts, nobody hears of it again\n");
    finds("      ladder: [{after: 10m, roles: [director]}]\n", "",
          "error shadowed_notice p notices[2], 2026-03-02T12:00: is never used: no ladder there "
          "tells one of its roles\n"
          "warning severity p severities[0], 2026-03-02T12:00: no milestone has a ladder at level "
          "1: when a breach is told and nobody acts, nobody hears of it again\n"
          "warning severity p severities[1], 2026-03-02T12:00: no milestone has a ladder at level "
          "2: when a breach is told and nobody acts, nobody hears of it again\n");
}
END_TEST

/* ---- rounds */

START_TEST(milestones_that_start_each_other_are_found)
{
    finds("      warnings: [50%]\n",
          "      warnings: [50%]\n      on_breach: [{kind: start, milestone: restore}]\n", "");
    finds(
        "        - {kind: raise, severities: [2]}\n",
        "        - {kind: raise, severities: [2]}\n        - {kind: act, act: onsite_requested}\n",
        "");
}
END_TEST

START_TEST(a_round_over_three_is_found_once_from_its_first)
{
    finds("      warnings: [20m before]\n    - name: restore\n      title: Restore\n",
          "      warnings: [20m before]\n      on_breach: [{kind: act, act: arrived}, {kind: "
          "start, milestone: restore}]\n"
          "    - name: restore\n      title: Restore\n      on_warning: [{kind: act, act: "
          "onsite_requested}]\n",
          "error loop p milestones[1], 2026-03-02T12:00: goes round: what follows a warning or a "
          "breach starts the next of arrival -> restore -> arrival\n");
    finds("        - {kind: raise, severities: [2]}\n", "        - {kind: act, act: arrived}\n",
          "error loop p milestones[2], 2026-03-02T12:00: goes round: what follows a warning or a "
          "breach starts the next of restore -> restore\n");
}
END_TEST

/* ---- people */

START_TEST(a_role_that_nobody_holds_is_found_with_who_is_told_instead)
{
    finds("director: dir}, targets", "support: dir}, targets",
          "warning role k holders, 2026-03-02T12:00: nobody is director, who is told by a ladder "
          "(milestones[0].ladder[0] of p); the project manager is told instead\n");
    finds("holders: {pm: pm, director: dir}, targets", "holders: {director: dir}, targets",
          "error role k holders, 2026-03-02T12:00: nobody is pm, who is told by a notice "
          "(notices[0] of p); there is neither project manager nor desk instead\n");
    finds("holders: {pm: pm, director: dir}, targets",
          "holders: {desk: pm, director: dir}, targets",
          "warning role k holders, 2026-03-02T12:00: nobody is pm, who is told by a notice "
          "(notices[0] of p); the desk is told instead\n");
    finds("signers: [customer]", "signers: [customer, vendor]",
          "warning role k holders, 2026-03-02T12:00: nobody is vendor, who must sign (signers of "
          "p)\n");
}
END_TEST

START_TEST(sites_without_a_contact_are_found_together)
{
    finds("t: {customer: c, name: T, contact: pm}",
          "t: {customer: c, name: T}, u: {customer: c, name: U}, v: {customer: c, name: V}, w: "
          "{customer: c, name: W}, z: {customer: d, name: Z}",
          "warning role k sites, 2026-03-02T12:00: nobody is the customer, who must sign (signers "
          "of p), at 4 of its sites: t, u, v and others have no contact\n");
}
END_TEST

static bool away_in_may(void *arg, const Callout__V1__Contract *contract,
                        const Callout__V1__Site *site, Callout__V1__Role role, int64_t from_us,
                        int64_t until_us, int64_t *ret_gap_us)
{
    (void)arg;
    (void)site;
    ck_assert_str_eq(contract->key, "k");
    ck_assert_int_eq(from_us, FROM);
    ck_assert_int_eq(until_us, FROM + DAYS * CO_DAY_US);
    if (role == CALLOUT__V1__ROLE__ROLE_DIRECTOR)
        *ret_gap_us = INT64_C(1777593600) * CO_SECOND_US;
    return role == CALLOUT__V1__ROLE__ROLE_DIRECTOR;
}

START_TEST(a_role_that_nobody_holds_for_a_while_is_found_at_its_time)
{
    struct co_coverage roster = { .gap = away_in_may };
    coverage = &roster;
    finds(NULL, NULL,
          "warning role k holders, 2026-05-01T00:00: nobody on duty is director, who is told by a "
          "ladder "
          "(milestones[0].ladder[0] of p); the project manager is told instead\n");
    coverage = NULL;
}
END_TEST

#define ROSTERS(rosters)                                                                           \
    "offices: {o: {name: O, position: {lat: 40, lon: 116}}}\n"                                     \
    "engineers: {dir: {office: o, skill: 3}, pm: {office: o, skill: 1}}\n"                         \
    "rosters:\n" rosters "customers: {c: {name: C}"

START_TEST(an_engineer_holds_a_role_only_while_his_roster_has_him_on_duty)
{
    finds("customers: {c: {name: C}",
          ROSTERS("  dir: {calendar: cal, rules: [{workdays: true, hours: '08:00-18:00'}]}\n"),
          "warning role k holders, 2026-03-02T18:00: nobody on duty is director, who is told by a "
          "ladder (milestones[0].ladder[0] of p); the project manager is told instead\n");
    finds("customers: {c: {name: C}",
          ROSTERS("  dir: {calendar: cal, rules: [{weekdays: [1, 2, 3, 4, 5, 6, 7], "
                  "hours: '08:00-08:00'}]}\n"),
          "");
}
END_TEST

START_TEST(nobody_at_all_on_duty_is_an_error_at_the_first_such_time)
{
    finds("customers: {c: {name: C}",
          ROSTERS("  pm: {calendar: cal, rules: [{weekdays: [1, 2, 3, 4, 5, 6, 7], "
                  "hours: '00:00-24:00'}],\n"
                  "    absences: [{from: 2026-04-03T08:00:00Z, until: 2026-04-03T10:00:00Z}]}\n"),
          "error role k holders, 2026-04-03T08:00: nobody on duty is pm, who is told by a notice "
          "(notices[0] of p); there is neither project manager nor desk instead\n"
          "warning role k sites, 2026-04-03T08:00: nobody is the customer, who must sign (signers "
          "of p), at 2 of its sites: s, t have no contact on duty\n");
}
END_TEST

/* ---- time */

START_TEST(times_between_contracts_are_found)
{
    finds("until: 2027-06-01T00:00:00Z", "until: 2026-06-01T00:00:00Z",
          "warning contract_gap k until, 2026-06-01T00:00: c has no contract after this one: from "
          "its end reports are held for a decision\n");
    finds("until: 2021-01-01T00:00:00Z, holders: {pm: pm, director: dir}}\n",
          "until: 2026-06-01T00:00:00Z, holders: {pm: pm, director: dir}}\n"
          "  next: {customer: d, name: O, policy: p, calendar: cal, from: 2026-06-03T12:00:00Z, "
          "holders: {pm: pm, director: dir}}\n",
          "warning contract_gap over until, 2026-06-01T00:00: d has no contract for 3 days after "
          "this one: reports are held for a decision until the next begins\n");
    finds("until: 2021-01-01T00:00:00Z, holders: {pm: pm, director: dir}}\n",
          "until: 2026-06-01T00:00:00Z, holders: {pm: pm, director: dir}}\n"
          "  next: {customer: d, name: O, policy: p, calendar: cal, from: 2026-06-01T00:00:00Z, "
          "holders: {pm: pm, director: dir}}\n",
          "");
}
END_TEST

START_TEST(a_year_without_holidays_is_found_where_days_are_counted)
{
    days = 400;
    finds(NULL, NULL,
          "warning holidays cal years, 2027-01-01T00:00: the public holidays of 2027 are not "
          "known: what is due in that year may move (arrival of p)\n");
    finds("{1: zone z, 2: working day 2}", "{1: zone z, 2: 20h}", "");
    days = DAYS;
}
END_TEST

/* ---- exclusions */

START_TEST(a_region_of_an_exclusion_in_which_no_site_lies_is_found)
{
    static const char sites[] = "t: {customer: c, name: T, contact: pm}}\n";
    finds(sites,
          "t: {customer: c, name: T, contact: pm, regions: [jiangsu, east]}}\n"
          "exclusions: {x: {title: X, cause: flood, regions: [jiangsuu, east, moon], from: "
          "2026-05-01T00:00:00Z}}\n",
          "warning region x regions[0], 2026-05-01T00:00: no site lies in the region "
          "\"jiangsuu\": no clock stands by it; did you mean \"jiangsu\"?\n"
          "warning region x regions[2], 2026-05-01T00:00: no site lies in the region "
          "\"moon\": no clock stands by it\n");
    finds(sites,
          "t: {customer: c, name: T, contact: pm}}\n"
          "exclusions: {x: {title: X, cause: flood, regions: [moon], from: 2026-01-01T00:00:00Z, "
          "until: 2026-03-02T00:00:00Z}}\n",
          "");
}
END_TEST

/* ---- rows of zone tables for regions */

START_TEST(a_row_for_a_region_in_which_no_site_lies_or_that_others_hide_is_found)
{
    static const char rings[] = "      rings:\n";
    finds(rings, "      regions: [{region: jiangsuu, targets: {1: 3h}}]\n      rings:\n",
          "warning region p zones[0].regions[0], 2026-03-02T12:00: no site lies in the region "
          "\"jiangsuu\": the row holds for nobody\n");
    static char more[sizeof(world) + 200];
    change(world, "name: T, contact: pm}", "name: T, contact: pm, regions: [wuxi, jiangsu]}", more,
           sizeof(more));
    finds_in(more, rings,
             "      regions: [{region: jiangsu, targets: {1: 3h}}, {region: wuxi}, {region: "
             "jiangsuu}]\n      rings:\n",
             "warning region p zones[0].regions[1], 2026-03-02T12:00: is never used: each site in "
             "\"wuxi\" lies in \"jiangsu\" too, which stands before\n"
             "warning region p zones[0].regions[2], 2026-03-02T12:00: no site lies in the region "
             "\"jiangsuu\": the row holds for nobody; did you mean \"jiangsu\"?\n");
}
END_TEST

/* ---- places */

START_TEST(a_site_far_from_every_office_is_found)
{
    static const char sites[] = "t: {customer: c, name: T, contact: pm}}\n";
    static const char offices[] = "offices: {bj: {name: B, position: {lat: 39.9, lon: 116.4}}, "
                                  "gz: {name: G, position: {lat: 23.1, lon: 113.3}}}\n";
    static const struct {
        const char *position, *found;
    } cases[] = {
        { "{lat: 43.8, lon: 87.6}", "" },
        { "{lat: 50.8, lon: 4.4}",
          "warning far_site t position, 2026-03-02T12:00: 7963 km from the nearest office, "
          "\"bj\": is the position right?\n" },
        { "{lat: 87.6, lon: 43.8}",
          "warning far_site t position, 2026-03-02T12:00: 5495 km from the nearest office, "
          "\"bj\": is the position right? latitude and longitude look swapped\n" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char to[512];
        snprintf(to, sizeof(to), "t: {customer: c, name: T, contact: pm, position: %s}}\n%s",
                 cases[i].position, offices);
        finds(sites, to, cases[i].found);
    }
}
END_TEST

CHECK_MAIN(
    "policycheck", a_sound_installation_has_nothing_to_find,
    a_milestone_that_nothing_starts_is_found, a_milestone_that_an_action_starts_is_not_found,
    a_guard_that_contradicts_itself_is_found, a_ladder_of_a_clock_that_a_raise_starts_anew_is_found,
    a_step_later_than_any_case_is_found, a_level_that_only_people_reach_is_found,
    an_action_for_levels_without_a_promise_is_found, a_raise_of_the_worst_level_is_found,
    an_action_whose_exception_always_holds_is_found,
    actions_of_warnings_that_there_are_not_are_found, a_rule_behind_another_is_found,
    rules_about_what_never_happens_are_found, a_warning_longer_than_the_shortest_figure_is_found,
    a_warning_longer_than_what_is_left_of_some_days_is_found,
    a_breach_of_which_nobody_hears_is_found, a_level_without_promise_or_ladder_is_found,
    milestones_that_start_each_other_are_found, a_round_over_three_is_found_once_from_its_first,
    a_role_that_nobody_holds_is_found_with_who_is_told_instead,
    sites_without_a_contact_are_found_together,
    a_role_that_nobody_holds_for_a_while_is_found_at_its_time,
    an_engineer_holds_a_role_only_while_his_roster_has_him_on_duty,
    nobody_at_all_on_duty_is_an_error_at_the_first_such_time, times_between_contracts_are_found,
    a_year_without_holidays_is_found_where_days_are_counted,
    a_region_of_an_exclusion_in_which_no_site_lies_is_found,
    a_row_for_a_region_in_which_no_site_lies_or_that_others_hide_is_found,
    a_site_far_from_every_office_is_found)
