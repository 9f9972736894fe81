/* Policy packs that are made from others. */
#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "co_time.h"
#include "co_yaml.h"

static struct co_yaml *y;

static const char base[] = "policy:\n"
                           "  name: base\n"
                           "  title: Base\n"
                           "  source: a document\n"
                           "  default_severity: 2\n"
                           "  severities:\n"
                           "    - {level: 1, name: One}\n"
                           "    - {level: 2, name: Two}\n"
                           "  conditions: {a: A, b: B}\n"
                           "  milestones:\n"
                           "    - {name: response, targets: {1: 30m, 2: 1h}}\n"
                           "    - {name: restore, targets: {1: 3h}}\n"
                           "  bars:\n"
                           "    - {from: 2, to: 1, conditions: [a], title: first}\n"
                           "    - {from: 2, to: 1, conditions: [b], title: second}\n"
                           "  notices:\n"
                           "    - {on: breached, roles: [pm], subject: base, body: base}\n"
                           "  waivers: [customer, director]\n"
                           "  signers: [customer]\n"
                           "  dispatch: {offer: 10m, speed_kmh: 60}\n"
                           "  reminders: [{after: 30m}, {after: 1h, roles: [pm]}]\n"
                           "  held_traits: {misuse: Misuse, flood: Flood}\n";

static const char own[] = "policy:\n"
                          "  name: own\n"
                          "  extends: base\n"
                          "  title: Own\n"
                          "  severities:\n"
                          "    - {level: 3, name: Three}\n"
                          "    - {level: 1, name: Worst}\n"
                          "  conditions: {c: C}\n"
                          "  milestones:\n"
                          "    - {name: visit, targets: {1: 24h}}\n"
                          "    - name: response\n"
                          "      targets:\n"
                          "        1: 15m\n"
                          "  bars:\n"
                          "    - {from: 2, to: 1, conditions: [c], title: own}\n"
                          "  notices:\n"
                          "    - {on: breached, roles: [desk], subject: own, body: own}\n"
                          "  waivers: [pm]\n"
                          "  reminders: [{after: 10m}, {after: 2h, roles: [director]}]\n"
                          "  held_traits: {flood: High water, theft: Theft}\n";

static void load(const char *name, const char *text)
{
    co_yaml_load_text(y, name, text, strlen(text));
}

static const Callout__V1__Registry *finish(void)
{
    const Callout__V1__Registry *r = NULL;
    enum co_err err = co_yaml_finish(y, &r);
    for (size_t i = 0; i < co_yaml_problem_count(y); i++)
        printf("%s: %s\n", co_yaml_problem_at(y, i)->key, co_yaml_problem_at(y, i)->message);
    ck_assert_int_eq(err, CO_OK);
    return r;
}

static const Callout__V1__PolicyPack *find(const Callout__V1__Registry *r, const char *name)
{
    for (size_t i = 0; i < r->n_objects; i++)
        if (strcmp(r->objects[i]->policy->name, name) == 0)
            return r->objects[i]->policy;
    ck_abort_msg("no pack %s", name);
    return NULL;
}

START_TEST(a_pack_is_what_its_base_says_with_its_own_in_place_of_what_has_the_same_name)
{
    for (int is_base_first = 0; is_base_first < 2; is_base_first++) {
        y = co_yaml_new(NULL);
        load("1", is_base_first ? base : own);
        load("2", is_base_first ? own : base);
        const Callout__V1__PolicyPack *p = find(finish(), "own");
        ck_assert_str_eq(p->title->en, "Own");
        ck_assert_str_eq(p->source, "a document");
        ck_assert_uint_eq(p->default_severity, 2);
        ck_assert_uint_eq(p->n_severities, 3);
        ck_assert_str_eq(p->severities[0]->name->en, "Worst");
        ck_assert_str_eq(p->severities[1]->name->en, "Two");
        ck_assert_str_eq(p->severities[2]->name->en, "Three");
        ck_assert_uint_eq(p->n_conditions, 3);
        ck_assert_uint_eq(p->n_held_traits, 3);
        ck_assert_str_eq(p->held_traits[1]->title->en, "High water");
        ck_assert_uint_eq(p->n_milestones, 3);
        ck_assert_str_eq(p->milestones[0]->name, "response");
        ck_assert_uint_eq(p->milestones[0]->n_targets, 1);
        ck_assert_int_eq(p->milestones[0]->targets[0]->amount, 15 * CO_MINUTE_US);
        ck_assert_str_eq(p->milestones[1]->name, "restore");
        ck_assert_str_eq(p->milestones[2]->name, "visit");
        ck_assert_uint_eq(p->n_bars, 1);
        ck_assert_str_eq(p->bars[0]->title->en, "own");
        ck_assert_uint_eq(p->n_notices, 2);
        ck_assert_str_eq(p->notices[0]->subject->en, "own");
        ck_assert_str_eq(p->notices[1]->subject->en, "base");
        ck_assert_uint_eq(p->n_reminders, 2);
        ck_assert_int_eq(p->reminders[0]->after_us, 10 * CO_MINUTE_US);
        ck_assert_int_eq(p->reminders[1]->after_us, 120 * CO_MINUTE_US);
        ck_assert_uint_eq(p->n_waivers, 1);
        ck_assert_uint_eq(p->n_signers, 1);
        ck_assert_int_eq(p->dispatch->offer_us, 10 * CO_MINUTE_US);
        co_yaml_free(y);
    }
}
END_TEST

START_TEST(the_base_stays_as_it_was)
{
    y = co_yaml_new(NULL);
    load("1", own);
    load("2", base);
    const Callout__V1__PolicyPack *p = find(finish(), "base");
    ck_assert_uint_eq(p->n_milestones, 2);
    ck_assert_uint_eq(p->milestones[0]->n_targets, 2);
    ck_assert_uint_eq(p->n_notices, 1);
    ck_assert_uint_eq(p->n_bars, 2);
    co_yaml_free(y);
}
END_TEST

START_TEST(a_base_may_have_a_base_itself)
{
    static const char top[] = "policy: {name: atop, extends: own, title: Top,\n"
                              "         milestones: [{name: restore, targets: {1: 1h}}]}\n";
    y = co_yaml_new(NULL);
    load("1", top);
    load("2", own);
    load("3", base);
    const Callout__V1__PolicyPack *p = find(finish(), "atop");
    ck_assert_uint_eq(p->n_milestones, 3);
    ck_assert_int_eq(p->milestones[0]->targets[0]->amount, 15 * CO_MINUTE_US);
    ck_assert_int_eq(p->milestones[1]->targets[0]->amount, CO_HOUR_US);
    ck_assert_str_eq(p->notices[0]->subject->en, "own");
    co_yaml_free(y);
}
END_TEST

static const struct {
    const char *extends; /* of packs a, b and c */
    const char *key_file;
    const char *message;
    const char *allowed;
} wrong[] = {
    { "bass", "a", "no pack \"bass\" in these files; did you mean \"base\"?", "base" },
    { "a", "a", "this goes round in a circle: a, a", "without \"extends\"" },
    { "b", "a", "this goes round in a circle: a, b, a", "without \"extends\"" },
};

START_TEST(a_base_that_is_not_there_or_leads_back_is_told_with_its_place)
{
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        char text[128];
        const Callout__V1__Registry *r = NULL;
        y = co_yaml_new(NULL);
        load("base", base);
        snprintf(text, sizeof(text), "policy:\n  name: a\n  extends: %s\n", wrong[i].extends);
        load("a", text);
        load("b", "policy: {name: b, extends: a}\n");
        ck_assert_int_eq(co_yaml_finish(y, &r), CO_EINPUT);
        ck_assert_uint_eq(co_yaml_problem_count(y), 1);
        const struct co_yaml_problem *p = co_yaml_problem_at(y, 0);
        ck_assert_str_eq(p->file, wrong[i].key_file);
        ck_assert_uint_eq(p->line, 3);
        ck_assert_str_eq(p->key, "policy.extends");
        ck_assert_str_eq(p->message, wrong[i].message);
        ck_assert_msg(strstr(p->allowed, wrong[i].allowed) != NULL, "%s", p->allowed);
        co_yaml_free(y);
    }
}
END_TEST

START_TEST(a_chain_of_bases_has_an_end)
{
    const Callout__V1__Registry *r = NULL;
    y = co_yaml_new(NULL);
    load("base", base);
    for (int i = 0; i < 40; i++) {
        char text[128];
        snprintf(text, sizeof(text), "policy: {name: p%02d, extends: p%02d}\n", i, i + 1);
        load("file", text);
    }
    load("file", "policy: {name: p40, extends: base}\n");
    ck_assert_int_eq(co_yaml_finish(y, &r), CO_EINPUT);
    ck_assert_str_eq(co_yaml_problem_at(y, 0)->message, "too many packs stand behind this one");
    co_yaml_free(y);
}
END_TEST

START_TEST(each_part_of_a_pack_knows_the_line_and_file_it_stands_in)
{
    static const struct {
        const char *pack;
        const char *path;
        const char *file;
        unsigned line;
    } want[] = {
        { "base", "", "base.yaml", 1 },
        { "base", "title", "base.yaml", 3 },
        { "base", "milestones[1].targets[0].amount", "base.yaml", 12 },
        { "base", "nothing.of.it", "base.yaml", 1 },
        { "own", "milestones[0].targets[0].kind", "own.yaml", 13 },
        { "own", "milestones[0].targets", "own.yaml", 12 },
        { "own", "milestones[1].targets[0]", "base.yaml", 12 },
        { "own", "milestones[9]", "own.yaml", 9 },
        { "own", "dispatch.speed_kmh", "base.yaml", 20 },
        { "own", "conditions[1].key", "base.yaml", 9 },
        { "own", "conditions[2].title", "own.yaml", 8 },
    };
    const char *file = NULL;
    unsigned line = 0;
    y = co_yaml_new(NULL);
    load("base.yaml", base);
    load("own.yaml", own);
    (void)finish();
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        ck_assert(co_yaml_where_in_policy(y, want[i].pack, want[i].path, &file, &line));
        ck_assert_msg(line == want[i].line, "%s: line %u", want[i].path, line);
        ck_assert_str_eq(file, want[i].file);
    }
    ck_assert(!co_yaml_where_in_policy(y, "other", "", &file, &line));
    co_yaml_free(y);
}
END_TEST

CHECK_MAIN("yaml_extends",
           a_pack_is_what_its_base_says_with_its_own_in_place_of_what_has_the_same_name,
           the_base_stays_as_it_was, a_base_may_have_a_base_itself,
           a_base_that_is_not_there_or_leads_back_is_told_with_its_place,
           a_chain_of_bases_has_an_end, each_part_of_a_pack_knows_the_line_and_file_it_stands_in)
