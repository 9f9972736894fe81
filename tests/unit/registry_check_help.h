/* registry_check_help.h - a registry without problems, to be changed line by line, and what is
 * found in it. */
#pragma once

#include "co_registry_check.h"

#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "co_yaml.h"

/* A registry without problems; cases add to it or replace lines of it. */
static const char base[] =
    "customers:\n"
    "  bank: {name: Bank}\n"
    "sites:\n"
    "  bank-1: {customer: bank, name: Site, contact: p, position: {lat: 39.9, lon: 116.4}}\n"
    "persons:\n"
    "  p: {name: P, email: p@example.com}\n"
    "  q: {name: Q}\n"
    "offices:\n"
    "  beijing: {name: Beijing, position: {lat: 39.9, lon: 116.4}}\n"
    "engineers:\n"
    "  p: {office: beijing, skill: 2, products: [disk]}\n"
    "products:\n"
    "  disk: {name: Disk}\n"
    "contracts:\n"
    "  c: {customer: bank, name: C, policy: pack, calendar: cal, from: 2026-01-01T00:00:00Z,\n"
    "      until: 2027-01-01T00:00:00Z, sites: [bank-1], products: [disk], holders: {pm: p}}\n"
    "channels:\n"
    "  mail: {kind: smtp, url: 'smtp://h:25', from: a@example.com}\n"
    "clients:\n"
    "  x: {public_key: 'rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7', roles: [submit]}\n"
    "desks:\n"
    "  d: {holders: {desk: p}}\n"
    "policy:\n"
    "  name: pack\n"
    "  title: Pack\n"
    "  default_severity: 2\n"
    "  severities:\n"
    "    - {level: 1, name: One, traits: {lost: Lost}}\n"
    "    - {level: 2, name: Two, traits: {slow: Slow}}\n"
    "  conditions: {workaround: A way round}\n"
    "  milestones:\n"
    "    - name: response\n"
    "      title: Response\n"
    "      start: [entitled]\n"
    "      stop: [contacted]\n"
    "      targets: {1: 30m, 2: 1h}\n"
    "      warnings: [50%, 80%]\n"
    "      on_breach: [{kind: raise}]\n"
    "    - name: arrival\n"
    "      title: Arrival\n"
    "      start: [onsite_requested]\n"
    "      stop: [arrived]\n"
    "      targets: {1: zone journey, 2: zone journey}\n"
    "      is_arrival: true\n"
    "  zones:\n"
    "    - {name: journey, rings: [{name: near, upto_km: 40, targets: {1: 2h, 2: 3h}},\n"
    "                              {name: far, targets: {1: agreed, 2: none}}]}\n"
    "  bars: [{from: 2, to: 1, conditions: [workaround], title: Way round}]\n"
    "  notices: [{on: breached, milestone: response, roles: [pm], subject: 'Late {number}', body: "
    "'B'}]\n"
    "  dispatch: {offer: 10m, offer_min: 2m, speed_kmh: 60, offers: 3, min_skill: [2]}\n"
    "  waivers: [customer, director]\n";

static const char calendar[] = "calendar: cal\nzone: Asia/Shanghai\nutc_offset: \"+08:00\"\n"
                               "week: {mon: [\"09:00-18:00\"]}\n";

static struct co_yaml *y;
static struct co_registry *r;
static struct co_problems *problems;

static void check(const char *text, const char *cal)
{
    const Callout__V1__Registry *all = NULL;
    y = co_yaml_new(NULL);
    co_yaml_load_text(y, "base", text, strlen(text));
    co_yaml_load_text(y, "calendar", cal, strlen(cal));
    enum co_err err = co_yaml_finish(y, &all);
    if (err != CO_OK)
        ck_abort_msg("%s: %s", co_yaml_problem_at(y, 0)->key, co_yaml_problem_at(y, 0)->message);
    r = co_registry_new(100);
    for (size_t i = 0; i < all->n_objects; i++)
        ck_assert_int_eq(co_registry_put_message(r, all->objects[i], 1), CO_OK);
    problems = co_registry_check(r);
    ck_assert_ptr_nonnull(problems);
}

static void done(void)
{
    co_problems_free(problems);
    co_registry_free(r);
    co_yaml_free(y);
}

static inline const char *changed(const char *from, const char *to)
{
    static char text[sizeof(base) + 512];
    const char *at = strstr(base, from);
    ck_assert_msg(at != NULL, "not in the base: %s", from);
    snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - base), base, to, at + strlen(from));
    return text;
}

static bool has_problem(const char *where, const char *message)
{
    for (size_t i = 0; i < co_problems_count(problems); i++) {
        const struct co_problem *p = co_problems_at(problems, i);
        char at[512];
        snprintf(at, sizeof(at), "%s %s %s", co_kind_name(p->kind), p->key, p->path);
        if (strcmp(at, where) == 0 && strncmp(p->message, message, strlen(message)) == 0)
            return true;
    }
    return false;
}

static void say_all(void)
{
    for (size_t i = 0; i < co_problems_count(problems); i++) {
        const struct co_problem *p = co_problems_at(problems, i);
        printf("  %s %s %s: %s (%s)\n", co_kind_name(p->kind), p->key, p->path, p->message,
               p->allowed);
    }
}

static inline void check_with(const char *from, const char *to, const char *from2, const char *to2)
{
    static char text[sizeof(base) + 1024];
    const char *once = changed(from, to);
    const char *at = strstr(once, from2);
    ck_assert_msg(at != NULL, "not in the base: %s", from2);
    snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - once), once, to2, at + strlen(from2));
    check(text, calendar);
}
