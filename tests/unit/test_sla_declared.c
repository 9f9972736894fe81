#include "wide.h"

#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "co_yaml.h"
#include "sla_case.h"
#include "sla_events.h"
#include "wide_changes.h"

/* Two sites, of which one has a calendar of its own; two packs, of which one lists a cause. */
static const char base[] =
    "customers: {bank: {name: Bank}}\n"
    "sites:\n"
    "  port: {customer: bank, name: Port, calendar: shifts, regions: [quay, coast], conditions: "
    "[near]}\n"
    "  hill: {customer: bank, name: Hill, regions: [inland]}\n"
    "contracts:\n"
    "  c: {customer: bank, name: C, policy: pack, calendar: office, from: 2026-01-01T00:00:00Z,\n"
    "      until: 2027-01-01T00:00:00Z}\n"
    "  strict: {customer: bank, name: C, policy: strict, calendar: office,\n"
    "           from: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z}\n"
    "exclusions:\n"
    "  everywhere: {title: War, cause: war, from: 2026-01-01T00:00:00Z}\n"
    "  flood: {title: Flood, cause: flood, regions: [coast], from: 2026-03-01T00:00:00Z,\n"
    "          until: 2026-03-02T00:00:00Z}\n"
    "  slide: {title: Slide, cause: flood, regions: [inland, alps], from: 2026-03-01T00:00:00Z}\n";

static const char pack[] =
    "policy:\n"
    "  name: pack\n"
    "  title: Pack\n"
    "  default_severity: 1\n"
    "  severities: [{level: 1, name: One}]\n"
    "  excluded: {flood: Flood}\n"
    "  milestones:\n"
    "    - {name: a, title: A, start: [entitled], targets: {1: working 1h}}\n"
    "    - {name: b, title: B, start: [entitled], targets: {1: working 1h}, calendar: contract}\n"
    "    - {name: c, title: C, start: [entitled], targets: {1: working 1h}, calendar: desk}\n"
    "    - {name: d, title: D, start: [entitled], targets: {1: working 1h}, calendar: desk}\n";

static const char strict[] =
    "policy:\n"
    "  name: strict\n"
    "  title: Strict\n"
    "  default_severity: 1\n"
    "  severities: [{level: 1, name: One}]\n"
    "  milestones: [{name: a, title: A, start: [entitled], targets: {1: working 1h}}]\n";

static struct co_registry *r;
static struct co_arena *arena;

static void put(const char *text, uint64_t version)
{
    const Callout__V1__Registry *all = NULL;
    struct co_yaml *y = co_yaml_new(NULL);
    co_yaml_load_text(y, "text", text, strlen(text));
    if (co_yaml_finish(y, &all) != CO_OK)
        ck_abort_msg("%s: %s", co_yaml_problem_at(y, 0)->key, co_yaml_problem_at(y, 0)->message);
    for (size_t i = 0; i < all->n_objects; i++)
        ck_assert_int_eq(co_registry_put_message(r, all->objects[i], version), CO_OK);
    co_registry_set_version(r, version);
    co_yaml_free(y);
}

static void put_calendar(const char *key, uint64_t version)
{
    char text[200];
    (void)snprintf(text, sizeof(text),
                   "calendar: %s\nzone: Asia/Shanghai\nutc_offset: \"+08:00\"\n"
                   "week: {mon: [\"09:00-18:00\"]}\n",
                   key);
    put(text, version);
}

static void setup(void)
{
    r = co_registry_new(100);
    arena = co_arena_new(16 << 20);
    put(base, 1);
    put(pack, 1);
    put(strict, 1);
    put_calendar("office", 2);
    put_calendar("shifts", 3);
    put_calendar("desk", 4);
}

static void teardown(void)
{
    co_registry_free(r);
    co_arena_free(arena);
}

/* A case of that contract and site, as versions.c begins it. */
static Callout__V1__CaseOpened *open_case(const char *contract, const char *site)
{
    const Callout__V1__Contract *c = co_registry_contract(r, contract);
    const Callout__V1__Site *s = co_registry_site(r, site);
    Callout__V1__CaseOpened *o = sla_message_new(arena, &callout__v1__case_opened__descriptor);
    o->site = co_arena_strdup(arena, site);
    o->registry_version = co_registry_version(r);
    o->calendar = sla_pin_of(r, arena, CO_KIND_CALENDAR,
                             s != NULL && s->calendar[0] != '\0' ? s->calendar : c->calendar);
    o->policy = sla_pin_of(r, arena, CO_KIND_POLICY, c->policy);
    ck_assert_int_eq(sla_wide_open(r, arena, c, s, o), CO_OK);
    return o;
}

static Callout__V1__SlaState *state_of(Callout__V1__CaseOpened *opened)
{
    Callout__V1__SlaState *state = NULL;
    ck_assert_int_eq(sla_state_new(arena, &state), CO_OK);
    state->opened = opened;
    return state;
}

START_TEST(a_case_opens_with_the_calendars_that_its_pack_and_contract_name)
{
    Callout__V1__CaseOpened *o = open_case("c", "port");
    ck_assert_str_eq(o->calendar->key, "shifts");
    ck_assert_str_eq(o->contract_calendar->key, "office");
    ck_assert_uint_eq(o->contract_calendar->since, 2);
    ck_assert_uint_eq(o->n_calendars, 1);
    ck_assert_str_eq(o->calendars[0]->key, "desk");
    ck_assert_uint_eq(o->calendars[0]->since, 4);
    ck_assert_ptr_null(open_case("c", "hill")->contract_calendar);
}
END_TEST

START_TEST(a_milestone_whose_calendar_is_gone_opens_no_case)
{
    Callout__V1__CaseOpened *o = sla_message_new(arena, &callout__v1__case_opened__descriptor);
    o->calendar = sla_pin_of(r, arena, CO_KIND_CALENDAR, "office");
    o->policy = sla_pin_of(r, arena, CO_KIND_POLICY, co_registry_contract(r, "c")->policy);
    ck_assert(co_registry_remove(r, CO_KIND_CALENDAR, "desk"));
    ck_assert_int_eq(sla_wide_open(r, arena, co_registry_contract(r, "c"), NULL, o), CO_EINPUT);
}
END_TEST

START_TEST(a_case_opens_with_what_its_site_is_in)
{
    Callout__V1__CaseOpened *o = open_case("c", "port");
    ck_assert_uint_eq(o->n_regions, 2);
    ck_assert_uint_eq(o->n_conditions, 1);
    ck_assert_str_eq(o->conditions[0], "near");
    ck_assert_uint_eq(o->n_exclusions, 1); /* of a cause that the pack lists, and of its region */
    ck_assert_str_eq(o->exclusions[0]->key, "flood");
    ck_assert_uint_eq(open_case("strict", "port")->n_exclusions, 0);
    ck_assert_str_eq(open_case("c", "hill")->exclusions[0]->key, "slide");
    ck_assert_uint_eq(open_case("c", "nowhere")->n_exclusions, 0);
}
END_TEST

START_TEST(there_is_news_only_in_a_newer_registry)
{
    Callout__V1__SlaState *state = state_of(open_case("c", "port"));
    ck_assert(!sla_wide_has_news(r, state));
    put_calendar("office", 5);
    ck_assert(sla_wide_has_news(r, state));
    state->registry_seen = 5;
    ck_assert(!sla_wide_has_news(r, state));
    co_registry_set_version(r, 4); /* a process that lags behind the one before */
    ck_assert(!sla_wide_has_news(r, state));
    state->opened = NULL;
    co_registry_set_version(r, 6);
    ck_assert(!sla_wide_has_news(r, state));
}
END_TEST

START_TEST(the_newest_text_of_each_calendar_counts_and_a_lost_one_stays)
{
    Callout__V1__SlaState *state = state_of(open_case("c", "port"));
    struct sla_wide wide;
    put_calendar("office", 5);
    put_calendar("desk", 6);
    ck_assert(co_registry_remove(r, CO_KIND_CALENDAR, "shifts"));
    ck_assert_int_eq(sla_wide_of(r, arena, state, &wide), CO_OK);
    ck_assert_uint_eq(wide.registry_version, 6);
    ck_assert_uint_eq(wide.calendars->contract_calendar->since, 5);
    ck_assert_uint_eq(wide.calendars->calendars[0]->since, 6);
    ck_assert_str_eq(wide.calendars->calendar->key, "shifts");
    ck_assert_uint_eq(wide.calendars->calendar->since, 3);
    ck_assert_uint_eq(state->opened->calendars[0]->since, 4); /* what it opened with stays */
}
END_TEST

static bool lists(const struct sla_wide *wide, const char *key)
{
    for (size_t i = 0; i < wide->exclusion_count; i++)
        if (strcmp(wide->exclusions[i]->key, key) == 0)
            return true;
    return false;
}

START_TEST(exclusions_are_those_of_where_the_site_lies_now_or_lay_last)
{
    Callout__V1__SlaState *state = state_of(open_case("c", "port"));
    struct sla_wide wide;
    ck_assert_int_eq(sla_wide_of(r, arena, state, &wide), CO_OK);
    ck_assert(lists(&wide, "flood") && lists(&wide, "everywhere") && !lists(&wide, "slide"));
    put("sites: {port: {customer: bank, name: Port, regions: [alps]}}\n", 5);
    ck_assert_int_eq(sla_wide_of(r, arena, state, &wide), CO_OK);
    ck_assert(!lists(&wide, "flood") && lists(&wide, "everywhere") && lists(&wide, "slide"));
    ck_assert(co_registry_remove(r, CO_KIND_SITE, "port"));
    state->opened->regions = (char *[]){ "coast" };
    state->opened->n_regions = 1;
    ck_assert_int_eq(sla_wide_of(r, arena, state, &wide), CO_OK);
    ck_assert(lists(&wide, "flood") && !lists(&wide, "slide"));
}
END_TEST

START_TEST(a_site_lies_in_one_of_several_regions_by_its_whole_name)
{
    ck_assert(sla_wide_is_site_in(r, "port", "alps\ncoast"));
    ck_assert(sla_wide_is_site_in(r, "port", "coast\nalps"));
    ck_assert(!sla_wide_is_site_in(r, "port", "coa\ncoastal\n"));
    ck_assert(!sla_wide_is_site_in(r, "port", ""));
    ck_assert(sla_wide_is_site_in(r, "port", NULL));
    ck_assert(sla_wide_is_site_in(r, "nowhere", "alps"));
}
END_TEST

START_TEST(changes_add_up_to_all_cases_when_they_are_too_many)
{
    struct sla_wide_changes c = { .regions = "a" };
    sla_wide_changes_add_span(&c, 10, 20);
    sla_wide_changes_add_span(&c, 15, INT64_MAX);
    sla_wide_changes_add_span(&c, 5, 6);
    ck_assert(c.has_span && c.from_us == 5 && c.until_us == INT64_MAX);
    ck_assert_int_eq(sla_wide_changes_add_regions(&c, arena, "b\nc"), CO_OK);
    ck_assert_str_eq(c.regions, "a\nb\nc");
    for (int i = 0; i < 3000; i++)
        ck_assert_int_eq(sla_wide_changes_add_regions(&c, arena, "d"), CO_OK);
    ck_assert_ptr_null(c.regions);
    ck_assert_int_eq(sla_wide_changes_add_regions(&c, arena, "d"), CO_OK);
    ck_assert_ptr_null(c.regions);
}
END_TEST

CHECK_MAIN_WITH("sla_declared", setup, teardown,
                a_case_opens_with_the_calendars_that_its_pack_and_contract_name,
                a_milestone_whose_calendar_is_gone_opens_no_case,
                a_case_opens_with_what_its_site_is_in, there_is_news_only_in_a_newer_registry,
                the_newest_text_of_each_calendar_counts_and_a_lost_one_stays,
                exclusions_are_those_of_where_the_site_lies_now_or_lay_last,
                a_site_lies_in_one_of_several_regions_by_its_whole_name,
                changes_add_up_to_all_cases_when_they_are_too_many)
