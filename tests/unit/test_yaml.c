#include "co_yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_main.h"
#include "co_registry.h"
#include "co_time.h"
#include "co_yaml_target.h"
#include "yaml_help.h"

static struct co_yaml *y;

static void load(const char *text)
{
    y = co_yaml_new(NULL);
    co_yaml_load_text(y, "file.yaml", text, strlen(text));
}

static const Callout__V1__Registry *finish(void)
{
    const Callout__V1__Registry *r = NULL;
    enum co_err err = co_yaml_finish(y, &r);
    for (size_t i = 0; i < co_yaml_problem_count(y); i++) {
        const struct co_yaml_problem *p = co_yaml_problem_at(y, i);
        printf("%s:%u: %s: %s (%s)\n", p->file, p->line, p->key, p->message, p->allowed);
    }
    ck_assert_int_eq(err, CO_OK);
    return r;
}

START_TEST(every_error_names_line_key_and_what_is_allowed)
{
    static const struct {
        const char *text;
        unsigned line;
        const char *key;
        const char *message; /* its beginning */
        const char *allowed; /* a part of it */
    } cases[] = {
        { "site:\n", 1, "site", "\"site\" is not known here; did you mean \"sites\"?",
          "customers" },
        { "sites:\n  a:\n    custmer: b\n", 3, "sites.a.custmer",
          "\"custmer\" is not known here; did you mean \"customer\"?", "position" },
        { "sites:\n  a: {key: b}\n", 2, "sites.a.key", "\"key\" is not known", "customer" },
        { "sites:\n  a:\n    position: {lat: x, lon: 2}\n", 3, "sites.a.position.lat",
          "\"x\" is not a number", "39.9" },
        { "sites:\n  a:\n    position: {lat: 1, lon: 2, datum: gps}\n", 3, "sites.a.position.datum",
          "\"gps\" is not known", "wgs84, gcj02, bd09" },
        { "sites:\n  a:\n    position: [1, 2]\n", 3, "sites.a.position", "a list stands here",
          "mapping" },
        { "sites:\n  a:\n    address: [b]\n", 3, "sites.a.address", "a list stands here",
          "single" },
        { "sites:\n  a: {address: b}\n  a: {address: c}\n", 3, "sites.a",
          "the same key stands in line 2", "once" },
        { "contracts:\n  a:\n    versions: {disk: v1}\n", 3, "contracts.a.versions.disk",
          "no list stands here", "[a, b]" },
        { "products:\n  a: {until: soon}\n", 2, "products.a.until", "\"soon\" is not a time",
          "RFC 3339" },
        { "engineers:\n  a: {skill: two}\n", 2, "engineers.a.skill", "\"two\" is not a number",
          "4294967295" },
        { "engineers:\n  a: {skill: -1}\n", 2, "engineers.a.skill", "\"-1\" is not", "" },
        { "engineers:\n  a: {products: disk}\n", 2, "engineers.a.products", "a single value stands",
          "list" },
        { "contracts:\n  a: {from: 2026-01-01}\n", 2, "contracts.a.from", "\"2026-01-01\" is not",
          "RFC 3339" },
        { "contracts:\n  a:\n    holders: {boss: b}\n", 3, "contracts.a.holders.boss",
          "\"boss\" is not known here", "director" },
        { "clients:\n  a: {strict: yes}\n", 2, "clients.a.strict", "\"yes\" is neither", "true" },
        { "clients:\n  a: {public_key_file: a.pub}\n", 2, "clients.a.public_key_file",
          "no key directory", "file" },
        { "clients:\n  a: {contracts: []}\n", 2, "clients.a.contracts",
          "is empty, which would not limit at all", "[KEY, KEY]; without this line" },
        { "clients:\n  a:\n    contracts:\n", 3, "clients.a.contracts", "is empty, which", "" },
        { "clients:\n  a: {contracts: [b], customers: ~}\n", 2, "clients.a.customers",
          "is empty, which", "" },
        { "clients:\n  a: {customers: []}\n", 2, "clients.a.customers", "is empty, which", "" },
        { "policy:\n  milestones:\n    - name: a\n      targets: {1: soon}\n", 4,
          "policy.milestones[0].targets.1", "\"soon\" is no target", "working day 2" },
        { "policy:\n  milestones:\n    - name: a\n      targets: {one: 1h}\n", 4,
          "policy.milestones[0].targets.one", "\"one\" is not a number", "" },
        { "policy:\n  milestones:\n    - name: a\n      start: [arived]\n", 4,
          "policy.milestones[0].start[0]",
          "\"arived\" is not known here; did you mean \"arrived\"?", "onsite_requested" },
        { "policy:\n  milestones:\n    - name: a\n      warnings: [soon]\n", 4,
          "policy.milestones[0].warnings[0]", "\"soon\" is no warning", "80%" },
        { "policy:\n  milestones:\n    - name: a\n      warnings: [{at: soon}]\n", 4,
          "policy.milestones[0].warnings[0].at", "\"soon\" is no warning", "80%" },
        { "policy:\n  milestones:\n    - name: a\n      targets: {1: contract or 1h}\n", 4,
          "policy.milestones[0].targets.1", "\"contract or 1h\" is no target",
          "contract else 30m" },
        { "policy:\n  milestones:\n    - name: a\n      targets: {1: contract else contract}\n", 4,
          "policy.milestones[0].targets.1", "\"contract else contract\" is no target", "" },
        { "policy:\n  milestones:\n    - name: a\n      ladder: [{in: 5m}]\n", 4,
          "policy.milestones[0].ladder[0].in", "\"in\" is not known", "after, roles" },
        { "policy:\n  extend: a\n", 2, "policy.extend",
          "\"extend\" is not known here; did you mean \"extends\"?", "milestones" },
        { "contracts:\n  a:\n    targets: {m: {1: soon}}\n", 3, "contracts.a.targets.m.1",
          "\"soon\" is no target", "working day 2" },
        { "contracts:\n  a:\n    targets: {m: 1h}\n", 3, "contracts.a.targets.m",
          "a single value stands here", "mapping" },
        { "exclusions:\n  a: {from: today}\n", 2, "exclusions.a.from", "\"today\" is not",
          "RFC 3339" },
        { "policy:\n  dispatch: {offer: 5}\n", 2, "policy.dispatch.offer", "\"5\" is none", "30m" },
        { "sites:\n  a: {address: \"b}\n", 3, "", "not YAML: ", "document" },
        { "sites:\n\ta: b\n", 2, "", "not YAML: ", "document" },
        { "a: b\n--- \nc: d\n", 3, "", "a second document", "one document" },
        { "sites:\n  ? [a]\n  : b\n", 2, "sites", "a list stands here", "single" },
        { "calendar: a\nutc_offset: 8\nweek: {}\n", 2, "utc_offset", "an offset", "+08:00" },
        { "calendar: a\nutc_offset: Z\nweek: {mo: []}\n", 3, "week.mo",
          "\"mo\" is not known here; did you mean \"mon\"?", "tue" },
        { "calendar: a\nutc_offset: Z\nweek: {}\nweeks: [{week: {}}]\n", 4, "weeks[0]",
          "a later week needs its first day", "2027-01-01" },
        { "calendar: a\nutc_offset: Z\nweek: {}\nweeks:\n  - {from: 2026-01-01}\n", 5,
          "weeks[0].week", "a calendar needs its week", "mon:" },
        { "calendar: a\nutc_offset: Z\nweek: {mon: [\"9-18\"]}\n", 3, "week.mon[0]",
          "\"9-18\" is none", "09:00-18:00" },
        { "holidays: a\ndays:\n  - {date: 2026-02-30, working: false}\n", 3, "days[0]",
          "a day needs its date", "" },
        { "holidays: a\ndays:\n  - {date: 2026-02-20}\n", 3, "days[0]",
          "a day needs to say whether", "working: true" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        load(cases[i].text);
        ck_assert_msg(co_yaml_problem_count(y) >= 1, "no problem in case %zu", i);
        const struct co_yaml_problem *p = co_yaml_problem_at(y, co_yaml_problem_count(y) - 1);
        ck_assert_str_eq(p->file, "file.yaml");
        ck_assert_uint_eq(p->line, cases[i].line);
        ck_assert_str_eq(p->key, cases[i].key);
        ck_assert_msg(strncmp(p->message, cases[i].message, strlen(cases[i].message)) == 0, "%s",
                      p->message);
        ck_assert_msg(strstr(p->allowed, cases[i].allowed) != NULL, "%s", p->allowed);
        const Callout__V1__Registry *r = NULL;
        ck_assert_int_eq(co_yaml_finish(y, &r), CO_EINPUT);
        co_yaml_free(y);
    }
}
END_TEST

START_TEST(all_errors_of_a_file_are_told_at_once)
{
    load("sites:\n  a: {addres: b}\n  c:\n    position: {lat: x}\nengineers:\n  d: {skill: e}\n");
    ck_assert_uint_eq(co_yaml_problem_count(y), 3);
    co_yaml_free(y);
}
END_TEST

START_TEST(an_object_in_two_files_is_told_with_both_places)
{
    load("customers:\n  a: {name: A}\n");
    const char *again = "\ncustomers:\n  a: {name: A}\n";
    ck_assert_int_eq(co_yaml_load_text(y, "other.yaml", again, strlen(again)), CO_OK);
    const Callout__V1__Registry *r = NULL;
    ck_assert_int_eq(co_yaml_finish(y, &r), CO_EINPUT);
    ck_assert_str_eq(co_yaml_problem_at(y, 0)->file, "other.yaml");
    ck_assert_uint_eq(co_yaml_problem_at(y, 0)->line, 3);
    ck_assert_str_eq(co_yaml_problem_at(y, 0)->message,
                     "this customer is already in file.yaml, line 2");
    co_yaml_free(y);
}
END_TEST

START_TEST(an_engineer_in_two_files_is_told_with_both_places)
{
    load("engineers:\n  li: {office: a, skill: 1}\n");
    const char *again = "engineers:\n  wu: {office: a, skill: 2}\n  li: {office: b, skill: 2}\n";
    ck_assert_int_eq(co_yaml_load_text(y, "south.yaml", again, strlen(again)), CO_OK);
    const Callout__V1__Registry *r = NULL;
    ck_assert_int_eq(co_yaml_finish(y, &r), CO_EINPUT);
    ck_assert_uint_eq(co_yaml_problem_count(y), 1);
    ck_assert_str_eq(co_yaml_problem_at(y, 0)->file, "south.yaml");
    ck_assert_uint_eq(co_yaml_problem_at(y, 0)->line, 3);
    ck_assert_str_eq(co_yaml_problem_at(y, 0)->message,
                     "this engineer is already in file.yaml, line 2");
    co_yaml_free(y);
}
END_TEST

START_TEST(a_path_that_is_not_there_is_told)
{
    y = co_yaml_new(NULL);
    ck_assert_int_eq(co_yaml_load(y, "/nowhere/at/all"), CO_EDOWN);
    ck_assert_str_eq(co_yaml_problem_at(y, 0)->file, "/nowhere/at/all");
    co_yaml_free(y);
}
END_TEST

START_TEST(aliases_cannot_make_a_small_file_large)
{
    struct co_buf text;
    co_buf_init(&text, 100000);
    co_buf_append_text(&text, "desks:\n  a: &x0 {holders: &h [{role: desk, person: p}]}\n");
    co_buf_append_text(&text, "customers: &c\n");
    for (int i = 0; i < 2000; i++)
        co_buf_printf(&text, "  k%d: {name: a}\n", i);
    for (int i = 0; i < 20; i++)
        co_buf_printf(&text, "s%d: *c\n", i);
    load(co_buf_text(&text));
    ck_assert_uint_eq(co_yaml_problem_count(y), 20);
    co_buf_done(&text);
    co_yaml_free(y);
    load("sites: &a\n  b: *a\n");
    ck_assert_uint_gt(co_yaml_problem_count(y), 0);
    co_yaml_free(y);
}
END_TEST

static void load_whole(void)
{
    load(calendar);
    ck_assert_int_eq(co_yaml_load_text(y, "whole.yaml", whole, sizeof(whole) - 1), CO_OK);
    ck_assert_int_eq(co_yaml_load_text(y, "days.yaml", holidays, sizeof(holidays) - 1), CO_OK);
}

static const Callout__V1__RegistryObject *find(const Callout__V1__Registry *r, enum co_kind kind,
                                               const char *key)
{
    for (size_t i = 0; i < r->n_objects; i++)
        if ((int)r->objects[i]->object_case == (int)kind &&
            strcmp(co_object_key_of(r->objects[i]), key) == 0)
            return r->objects[i];
    ck_abort_msg("no such object");
    return NULL;
}

START_TEST(what_people_write_becomes_what_the_protocol_says)
{
    load_whole();
    const Callout__V1__Registry *r = finish();
    const Callout__V1__Customer *bank = find(r, CO_KIND_CUSTOMER, "bank")->customer;
    ck_assert_str_eq(bank->name->zh, "河银行");
    ck_assert_str_eq(find(r, CO_KIND_CUSTOMER, "shop")->customer->name->en, "no");
    const Callout__V1__Site *site = find(r, CO_KIND_SITE, "bank-1")->site;
    ck_assert_int_eq(site->position->datum, CALLOUT__V1__DATUM__DATUM_BD09);
    ck_assert_double_eq(site->position->longitude, 116.39723);
    ck_assert_uint_eq(site->n_distances, 2);
    ck_assert_double_eq(site->distances[0]->km, 35.5);
    const Callout__V1__Contract *c = find(r, CO_KIND_CONTRACT, "c")->contract;
    int64_t from_us = 0;
    ck_assert_int_eq(co_time_parse("2025-12-31T16:00:00Z", &from_us, NULL), CO_OK);
    ck_assert_int_eq(c->from_us, from_us);
    ck_assert_int_eq(c->holders[1]->role, CALLOUT__V1__ROLE__ROLE_DIRECTOR);
    ck_assert_str_eq(c->holders[1]->person, "p");
    ck_assert_int_eq(c->holders[2]->role, CALLOUT__V1__ROLE__ROLE_DIRECTOR);
    ck_assert_str_eq(c->holders[2]->person, "q");
    const Callout__V1__PolicyPack *p = find(r, CO_KIND_POLICY, "pack")->policy;
    ck_assert_str_eq(p->severities[0]->traits[0]->key, "lost");
    ck_assert_str_eq(p->severities[0]->traits[1]->title->en, "Down");
    const Callout__V1__Milestone *m = p->milestones[0];
    ck_assert_int_eq(m->start[0], CALLOUT__V1__ACT__ACT_ENTITLED);
    ck_assert_uint_eq(m->warnings[0]->percent, 50);
    ck_assert_uint_eq(m->warnings[1]->percent, 80);
    ck_assert_int_eq(m->warnings[1]->actions[0]->roles[0], CALLOUT__V1__ROLE__ROLE_PM);
    ck_assert_str_eq(m->warnings[1]->actions[0]->what, "hurry");
    ck_assert_int_eq(m->warnings[2]->before_us, 15 * CO_MINUTE_US);
    ck_assert_int_eq(m->ladder[1]->after_us, CO_HOUR_US);
    ck_assert_int_eq(m->ladder[1]->roles[1], CALLOUT__V1__ROLE__ROLE_DESK);
    ck_assert_int_eq(m->ladder_repeat_us, 15 * CO_MINUTE_US);
    ck_assert_int_eq(m->agree[0], CALLOUT__V1__ACT__ACT_HARDWARE_EXPECTED);
    ck_assert_int_eq(m->on_breach[0]->on_withdrawn, CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_ASK);
    ck_assert_int_eq(m->on_breach[1]->act, CALLOUT__V1__ACT__ACT_ONSITE_REQUESTED);
    ck_assert_int_eq(p->dispatch->offer_us, 10 * CO_MINUTE_US);
    ck_assert_str_eq(m->on_breach[2]->milestone, "n");
    ck_assert_uint_eq(p->zones[0]->rings[0]->upto_km, 40);
    ck_assert_int_eq(p->zones[0]->regions[0]->targets[0]->amount, CO_DAY_US);
    ck_assert_uint_eq(p->zones[0]->regions[1]->n_targets, 0);
    ck_assert_uint_eq(p->zones[0]->edge_percent, 5);
    ck_assert_str_eq(p->excluded[1]->key, "strike");
    ck_assert_str_eq(site->regions[1], "china");
    const Callout__V1__Engineer *p3 = find(r, CO_KIND_ENGINEER, "p")->engineer;
    ck_assert_uint_eq(p3->skills[1]->level, 2);
    ck_assert_int_gt(p3->skills[0]->until_us, 0);
    const Callout__V1__Roster *roster = find(r, CO_KIND_ROSTER, "p")->roster;
    ck_assert_uint_eq(roster->rules[0]->from_min, 480);
    ck_assert_uint_eq(roster->rules[0]->until_min, 1050);
    ck_assert_int_eq(roster->rules[0]->from_day, 20513);
    ck_assert_uint_eq(roster->rules[1]->until_min, 1440 + 480);
    ck_assert_int_eq(roster->shifts[0]->until_us - roster->shifts[0]->from_us, 3 * CO_HOUR_US);
    ck_assert_double_eq(find(r, CO_KIND_AREA, "north")->area->south, 30.5);
    const Callout__V1__Exclusion *flood = find(r, CO_KIND_EXCLUSION, "flood")->exclusion;
    ck_assert_int_eq(flood->until_us - flood->from_us, 60 * CO_HOUR_US);
    co_yaml_free(y);
}
END_TEST

START_TEST(each_form_of_a_target_is_understood)
{
    static const struct {
        int kind;
        int64_t amount;
    } want[] = {
        { CALLOUT__V1__TARGET_KIND__TARGET_RUNNING, 30 * CO_MINUTE_US },
        { CALLOUT__V1__TARGET_KIND__TARGET_WORKING, 8 * CO_HOUR_US },
        { CALLOUT__V1__TARGET_KIND__TARGET_NTH_WORKING_DAY, 2 },
        { CALLOUT__V1__TARGET_KIND__TARGET_PERIOD_WORKING_DAYS, 5 },
        { CALLOUT__V1__TARGET_KIND__TARGET_PERIOD_DAYS, 2 },
        { CALLOUT__V1__TARGET_KIND__TARGET_NEXT_BUSINESS_DAY, 0 },
        { CALLOUT__V1__TARGET_KIND__TARGET_ZONE, 0 },
        { CALLOUT__V1__TARGET_KIND__TARGET_AGREED, 0 },
        { CALLOUT__V1__TARGET_KIND__TARGET_RUNNING, 48 * CO_HOUR_US },
    };
    load_whole();
    const Callout__V1__PolicyPack *p = find(finish(), CO_KIND_POLICY, "pack")->policy;
    ck_assert_uint_eq(p->milestones[0]->n_targets, 9);
    for (size_t i = 0; i < 9; i++) {
        const Callout__V1__Target *t = p->milestones[0]->targets[i];
        ck_assert_uint_eq(t->severity, i + 1);
        ck_assert_int_eq(t->kind, want[i].kind);
        ck_assert_int_eq(t->amount, want[i].amount);
        ck_assert_str_eq(t->table, i == 6 ? "z" : "");
    }
    co_yaml_free(y);
}
END_TEST

START_TEST(a_target_may_count_from_the_date_of_the_case)
{
    static const struct {
        const char *text;
        int kind;
        int64_t amount;
        const char *written;
    } forms[] = {
        { "at date", CALLOUT__V1__TARGET_KIND__TARGET_DATED, 0, "at date" },
        { "7 days before date", CALLOUT__V1__TARGET_KIND__TARGET_DATED, -7 * CO_DAY_US,
          "7d before date" },
        { "2h after end", CALLOUT__V1__TARGET_KIND__TARGET_DATED_END, 2 * CO_HOUR_US,
          "2h after end" },
        { "at end", CALLOUT__V1__TARGET_KIND__TARGET_DATED_END, 0, "at end" },
    };
    static const char *const wrong[] = { "before date",     "date",         "7 days date",
                                         "-1d before date", "7 days after", "at the date" };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        Callout__V1__Target t = CALLOUT__V1__TARGET__INIT;
        const char *name = NULL;
        char text[80];
        ck_assert_msg(co_yaml_target_parse(forms[i].text, &t, &name), "%s", forms[i].text);
        ck_assert_int_eq(t.kind, forms[i].kind);
        ck_assert_int_eq(t.amount, forms[i].amount);
        ck_assert(co_yaml_target_format(&t, text, sizeof(text)));
        ck_assert_str_eq(text, forms[i].written);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        Callout__V1__Target t = CALLOUT__V1__TARGET__INIT;
        const char *name = NULL;
        ck_assert_msg(!co_yaml_target_parse(wrong[i], &t, &name), "%s", wrong[i]);
    }
    Callout__V1__Threshold warning = CALLOUT__V1__THRESHOLD__INIT;
    ck_assert(co_yaml_threshold_parse("30 days before", &warning));
    ck_assert_int_eq(warning.before_us, 30 * CO_DAY_US);
}
END_TEST

START_TEST(a_target_may_be_left_to_the_contract_with_another_where_it_says_nothing)
{
    static const struct {
        int kind;
        int64_t amount;
        const char *table;
    } want[] = {
        { CALLOUT__V1__TARGET_KIND__TARGET_NONE, 0, "" },
        { CALLOUT__V1__TARGET_KIND__TARGET_RUNNING, 30 * CO_MINUTE_US, "" },
        { CALLOUT__V1__TARGET_KIND__TARGET_ZONE, 0, "z" },
        { CALLOUT__V1__TARGET_KIND__TARGET_NTH_WORKING_DAY, 2, "" },
    };
    load_whole();
    const Callout__V1__Milestone *m = find(finish(), CO_KIND_POLICY, "pack")->policy->milestones[1];
    for (size_t i = 0; i < 4; i++) {
        ck_assert(m->targets[i]->from_contract);
        ck_assert_int_eq(m->targets[i]->kind, want[i].kind);
        ck_assert_int_eq(m->targets[i]->amount, want[i].amount);
        ck_assert_str_eq(m->targets[i]->table, want[i].table);
    }
    co_yaml_free(y);
}
END_TEST

START_TEST(a_contract_states_its_figures_by_milestone_and_level)
{
    load_whole();
    const Callout__V1__Contract *c = find(finish(), CO_KIND_CONTRACT, "c")->contract;
    ck_assert_uint_eq(c->n_targets, 3);
    ck_assert_str_eq(c->targets[0]->milestone, "m");
    ck_assert_uint_eq(c->targets[1]->target->severity, 2);
    ck_assert_int_eq(c->targets[1]->target->kind,
                     CALLOUT__V1__TARGET_KIND__TARGET_NEXT_BUSINESS_DAY);
    ck_assert_str_eq(c->targets[2]->milestone, "n");
    ck_assert_int_eq(c->targets[2]->target->amount, 5);
    co_yaml_free(y);
}
END_TEST

START_TEST(what_has_a_short_form_is_exported_in_it)
{
    load_whole();
    const Callout__V1__Registry *r = finish();
    struct co_buf out;
    co_buf_init(&out, 100000);
    ck_assert_int_eq(co_yaml_write(r, CO_KIND_POLICY, "pack", &out), CO_OK);
    ck_assert_int_eq(co_yaml_write(r, CO_KIND_CONTRACT, NULL, &out), CO_OK);
    ck_assert_int_eq(co_yaml_write(r, CO_KIND_ROSTER, NULL, &out), CO_OK);
    static const char *const parts[] = {
        "warnings: ['50%', {at: '80%', actions: [{kind: tell, what: hurry, roles: [pm]}]}, '15m "
        "before']",
        "targets: {1: contract, 2: contract else 30m, 3: contract else zone z, "
        "4: contract else working day 2}",
        "ladder_repeat: 15m",
        "- hours: '08:00-17:30'\n      workdays: true\n      from_day: 2026-03-01\n",
        "- hours: '20:00-08:00'\n      weekdays: [6, 7]\n",
        "  versions:\n      d: [v1, v2]\n",
        "  targets:\n      m: {1: 20m, 2: next business day}\n      'n': {2: 5 working days}",
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        ck_assert_msg(strstr(co_buf_text(&out), parts[i]) != NULL, "no %s in\n%s", parts[i],
                      co_buf_text(&out));
    co_buf_done(&out);
    co_yaml_free(y);
}
END_TEST

START_TEST(a_calendar_takes_the_days_of_its_holidays_and_its_own_win)
{
    load_whole();
    const Callout__V1__Calendar *c = find(finish(), CO_KIND_CALENDAR, "cal")->calendar;
    ck_assert_uint_eq(c->n_week, 7);
    ck_assert_uint_eq(c->week[0]->n_spans, 2);
    ck_assert_uint_eq(c->week[0]->spans[1]->until_min, 1440);
    ck_assert_uint_eq(c->n_transitions, 2);
    ck_assert_int_eq(c->transitions[1]->offset_s, 7200);
    ck_assert_uint_eq(c->n_years, 1);
    ck_assert_uint_eq(c->n_exceptions, 3);
    ck_assert_str_eq(c->exceptions[0]->name, "a");
    ck_assert_str_eq(c->exceptions[1]->name, "ours");
    ck_assert_uint_eq(c->exceptions[1]->n_spans, 0);
    ck_assert_str_eq(c->exceptions[2]->name, "b");
    ck_assert_uint_eq(c->exceptions[2]->spans[0]->from_min, 600);
    co_yaml_free(y);
}
END_TEST

static const char later_weeks[] = "calendar: cal\n"
                                  "zone: Asia/Shanghai\n"
                                  "utc_offset: \"+08:00\"\n"
                                  "week: {mon: [\"09:00-18:00\"]}\n"
                                  "weeks:\n"
                                  "  - {from: 2026-02-01, week: {tue: [\"08:00-12:00\"]}}\n"
                                  "  - from: 2026-05-01\n"
                                  "    week: {wed: [\"08:00-12:00\", \"13:00-17:00\"]}\n"
                                  "    makeup: [\"08:00-12:00\"]\n"
                                  "makeup: [\"10:00-11:00\"]\n"
                                  "holidays: h\n";

static const char makeup_days[] = "holidays: h\n"
                                  "years: [2026]\n"
                                  "days:\n"
                                  "  - {date: 2026-01-04, name: a, working: true}\n"
                                  "  - {date: 2026-02-14, name: b, working: true}\n"
                                  "  - {date: 2026-05-09, name: c, working: true}\n";

START_TEST(a_calendar_has_other_weeks_from_a_day_on_and_other_hours_of_make_up_days)
{
    load(later_weeks);
    ck_assert_int_eq(co_yaml_load_text(y, "days", makeup_days, sizeof(makeup_days) - 1), CO_OK);
    const Callout__V1__Calendar *c = find(finish(), CO_KIND_CALENDAR, "cal")->calendar;
    ck_assert_uint_eq(c->n_weeks, 2);
    ck_assert_int_eq(c->weeks[0]->from_day, 20485);
    ck_assert_uint_eq(c->weeks[0]->n_week, 7);
    ck_assert_uint_eq(c->weeks[0]->week[1]->spans[0]->from_min, 480);
    ck_assert_uint_eq(c->weeks[1]->week[2]->n_spans, 2);
    ck_assert_uint_eq(c->exceptions[0]->spans[0]->from_min, 600);
    ck_assert_uint_eq(c->exceptions[1]->spans[0]->from_min, 600); /* as before */
    ck_assert_uint_eq(c->exceptions[2]->spans[0]->from_min, 480);
    co_yaml_free(y);
}
END_TEST

static void check_same(const Callout__V1__Registry *a, const Callout__V1__Registry *b)
{
    ck_assert_uint_eq(a->n_objects, b->n_objects);
    for (size_t i = 0; i < a->n_objects; i++) {
        static uint8_t x[200000];
        static uint8_t z[200000];
        size_t n = callout__v1__registry_object__pack(a->objects[i], x);
        ck_assert_uint_eq(callout__v1__registry_object__pack(b->objects[i], z), n);
        ck_assert_mem_eq(x, z, n);
    }
}

static void check_round_trip(const Callout__V1__Registry *r)
{
    char dir[] = "/tmp/callout-yaml-XXXXXX";
    char command[64];
    struct co_why why;
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(co_yaml_export(r, dir, &why), CO_OK);
    struct co_yaml *first = y;
    y = co_yaml_new(NULL);
    co_yaml_load(y, dir);
    check_same(r, finish());
    co_yaml_free(y);
    y = first;
    snprintf(command, sizeof(command), "rm -r %s", dir);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(an_export_is_loaded_as_the_same_registry)
{
    load_whole();
    check_round_trip(finish());
    co_yaml_free(y);
    load(later_weeks);
    ck_assert_int_eq(co_yaml_load_text(y, "days", makeup_days, sizeof(makeup_days) - 1), CO_OK);
    check_round_trip(finish());
    co_yaml_free(y);
}
END_TEST

START_TEST(an_export_reads_like_what_people_write)
{
    load("customers:\n  a: {name: {zh: 甲, en: A}}\n  b: {name: '12'}\n");
    struct co_buf out;
    co_buf_init(&out, 10000);
    ck_assert_int_eq(co_yaml_write(finish(), CO_KIND_CUSTOMER, NULL, &out), CO_OK);
    ck_assert_str_eq(co_buf_text(&out),
                     "customers:\n  a:\n    name: {zh: 甲, en: A}\n  b:\n    name: '12'\n");
    co_buf_done(&out);
    co_yaml_free(y);
}
END_TEST

START_TEST(an_object_knows_where_it_was_defined)
{
    load("# here\ncustomers:\n  a: {name: A}\n");
    const char *file = NULL;
    unsigned line = 0;
    ck_assert(co_yaml_where(y, CO_KIND_CUSTOMER, "a", &file, &line));
    ck_assert_str_eq(file, "file.yaml");
    ck_assert_uint_eq(line, 3);
    ck_assert(!co_yaml_where(y, CO_KIND_SITE, "a", &file, &line));
    co_yaml_free(y);
}
END_TEST

START_TEST(cut_off_files_never_do_harm)
{
    for (size_t len = 0; len < sizeof(whole) - 1; len += 7) {
        y = co_yaml_new(NULL);
        co_yaml_load_text(y, "cut", whole, len);
        co_yaml_load_text(y, "cut", calendar, len % sizeof(calendar));
        const Callout__V1__Registry *r = NULL;
        ck_assert_int_ne(co_yaml_finish(y, &r), CO_ENOMEM);
        co_yaml_free(y);
    }
}
END_TEST

CHECK_MAIN("yaml", every_error_names_line_key_and_what_is_allowed,
           all_errors_of_a_file_are_told_at_once, an_object_in_two_files_is_told_with_both_places,
           an_engineer_in_two_files_is_told_with_both_places, a_path_that_is_not_there_is_told,
           aliases_cannot_make_a_small_file_large, what_people_write_becomes_what_the_protocol_says,
           each_form_of_a_target_is_understood, a_target_may_count_from_the_date_of_the_case,
           a_target_may_be_left_to_the_contract_with_another_where_it_says_nothing,
           a_contract_states_its_figures_by_milestone_and_level,
           what_has_a_short_form_is_exported_in_it,
           a_calendar_takes_the_days_of_its_holidays_and_its_own_win,
           a_calendar_has_other_weeks_from_a_day_on_and_other_hours_of_make_up_days,
           an_export_is_loaded_as_the_same_registry, an_export_reads_like_what_people_write,
           an_object_knows_where_it_was_defined, cut_off_files_never_do_harm)
