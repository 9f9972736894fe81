/* A sound installation, of which the tests of policy checks change one line, and what is found
 * then. */
#pragma once

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
