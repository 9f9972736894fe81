/* Which cases intake opens by itself at a time, and what their tickets say. */
#include <string.h>

#include "check_main.h"
#include "intake_plan.h"

static struct co_registry *registry;
static struct co_arena *arena;
static struct intake_line *lines;
static size_t line_count;
static struct co_plan_date got[16];
static size_t count;

static char key[] = "weekly", contract_key[] = "first", cn[] = "cn", pack[] = "preventive",
            rule[] = "FREQ=WEEKLY", zh[] = "巡检", en[] = "Inspection", customer[] = "bank",
            product[] = "storage";
static char *products[] = { product };
static Callout__V1__Contract contract;
static Callout__V1__Renewal renewal;
static Callout__V1__Plan plan;
static Callout__V1__PlanDate moved;
static Callout__V1__PlanDate *dates[] = { &moved };

static int64_t at(const char *text)
{
    int64_t us = 0;
    ck_assert_int_eq(co_time_parse(text, &us, NULL), CO_OK);
    return us;
}

static void put(Callout__V1__RegistryObject__ObjectCase object, void *message)
{
    Callout__V1__RegistryObject o = CALLOUT__V1__REGISTRY_OBJECT__INIT;
    o.object_case = object;
    o.plan = message; /* every member of the union is a pointer to a message */
    ck_assert_int_eq(co_registry_put_message(registry, &o, 1), CO_OK);
}

static void set_up(void)
{
    static Callout__V1__Transition shanghai = CALLOUT__V1__TRANSITION__INIT;
    static Callout__V1__Transition *transitions[] = { &shanghai };
    static Callout__V1__Calendar calendar = CALLOUT__V1__CALENDAR__INIT;
    static Callout__V1__Text title = CALLOUT__V1__TEXT__INIT;
    shanghai.offset_s = 8 * 3600;
    calendar.key = cn;
    calendar.transitions = transitions;
    calendar.n_transitions = 1;
    title.zh = zh;
    title.en = en;
    renewal = (Callout__V1__Renewal)CALLOUT__V1__RENEWAL__INIT;
    contract = (Callout__V1__Contract)CALLOUT__V1__CONTRACT__INIT;
    contract.key = contract_key;
    contract.customer = customer;
    contract.name = &title;
    contract.until_us = at("2027-01-01T00:00:00+08:00");
    moved = (Callout__V1__PlanDate)CALLOUT__V1__PLAN_DATE__INIT;
    plan = (Callout__V1__Plan)CALLOUT__V1__PLAN__INIT;
    plan.key = key;
    plan.title = &title;
    plan.contract = contract_key;
    plan.policy = pack;
    plan.calendar = cn;
    plan.rrule = rule;
    plan.from_us = at("2026-11-02T09:00:00+08:00");
    plan.lead_us = 2 * CO_DAY_US;
    registry = co_registry_new(100);
    arena = co_arena_new(1 << 20);
    ck_assert(registry != NULL && arena != NULL);
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CALENDAR, &calendar);
}

static void tear_down(void)
{
    co_registry_free(registry);
    co_arena_free(arena);
}

static void use(void)
{
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CONTRACT, &contract);
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_PLAN, &plan);
    lines = intake_lines(registry, arena, &line_count);
    ck_assert_ptr_nonnull(lines);
}

static bool take(void *arg, const struct intake_line *line, const struct co_plan_date *date)
{
    (void)arg;
    (void)line;
    got[count++] = *date;
    return true;
}

static size_t due(struct intake_line *line, const char *since, const char *now)
{
    count = 0;
    line->since_us = at(since);
    ck_assert_int_eq(intake_plan_due(registry, line, at(now), take, NULL), CO_OK);
    return count;
}

START_TEST(a_date_is_due_when_its_lead_begins_and_says_when_the_next_one_is)
{
    use();
    ck_assert_uint_eq(due(lines, "2026-12-01T00:00:00+08:00", "2026-12-05T08:59:59+08:00"), 0);
    ck_assert_int_eq(lines->next_us, at("2026-12-05T09:00:00+08:00"));
    ck_assert_uint_eq(due(lines, "2026-12-01T00:00:00+08:00", "2026-12-05T09:00:00+08:00"), 1);
    ck_assert_str_eq(got[0].key, "plan/weekly/2026-12-07T09:00");
    ck_assert_int_eq(lines->next_us, at("2026-12-12T09:00:00+08:00"));
}
END_TEST

START_TEST(what_lies_before_the_plan_was_known_is_not_due_and_what_is_still_ahead_is)
{
    use();
    ck_assert_uint_eq(due(lines, "2026-12-06T12:00:00+08:00", "2026-12-06T12:00:00+08:00"), 1);
    ck_assert_uint_eq(due(lines, "2026-12-07T12:00:00+08:00", "2026-12-07T12:00:00+08:00"), 0);
    ck_assert_uint_eq(due(lines, "2026-11-20T00:00:00+08:00", "2026-12-07T12:00:00+08:00"), 3);
}
END_TEST

START_TEST(a_moved_date_wakes_at_its_new_time)
{
    moved.at_us = at("2026-12-28T09:00:00+08:00");
    moved.moved_to_us = at("2026-12-10T09:00:00+08:00");
    plan.dates = dates;
    plan.n_dates = 1;
    use();
    ck_assert_uint_eq(due(lines, "2026-12-07T12:00:00+08:00", "2026-12-07T12:00:00+08:00"), 0);
    ck_assert_int_eq(lines->next_us, at("2026-12-08T09:00:00+08:00"));
    ck_assert_uint_eq(due(lines, "2026-12-07T12:00:00+08:00", "2026-12-08T09:00:00+08:00"), 1);
    ck_assert_str_eq(got[0].key, "plan/weekly/2026-12-28T09:00");
}
END_TEST

START_TEST(a_plan_ends_with_its_contract)
{
    use();
    ck_assert_uint_eq(due(lines, "2026-12-30T00:00:00+08:00", "2026-12-30T00:00:00+08:00"), 0);
    ck_assert_int_eq(lines->next_us, INT64_MAX);
}
END_TEST

START_TEST(the_end_of_a_contract_is_due_where_something_lives_longer)
{
    static Callout__V1__Product storage = CALLOUT__V1__PRODUCT__INIT;
    contract.renewal = &renewal;
    contract.products = products;
    contract.n_products = 1;
    storage.key = product;
    storage.until_us = contract.until_us;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_PRODUCT, &storage);
    use();
    ck_assert_uint_eq(line_count, 2);
    ck_assert_str_eq(intake_line_name(lines[1].kind), "renewal");
    ck_assert_uint_eq(due(&lines[1], "2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z"), 0);
    storage.until_us = contract.until_us + 1;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_PRODUCT, &storage);
    ck_assert_uint_eq(due(&lines[1], "2026-01-01T00:00:00Z", "2026-12-01T00:00:00Z"), 1);
    ck_assert_str_eq(got[0].key, "renewal/first/2026-12-31T16:00:00Z");
}
END_TEST

START_TEST(the_ticket_says_what_is_planned_in_both_languages)
{
    Callout__V1__SubmitTicket t;
    plan.length_us = 8 * CO_HOUR_US;
    plan.severity = 2;
    use();
    ck_assert_uint_eq(due(lines, "2026-12-06T12:00:00+08:00", "2026-12-06T12:00:00+08:00"), 1);
    ck_assert(intake_plan_ticket(registry, lines, &got[0], arena, &t));
    ck_assert_str_eq(t.key, "plan/weekly/2026-12-07T09:00");
    ck_assert_str_eq(t.title, "巡检 / Inspection");
    ck_assert_str_eq(t.offering, "preventive");
    ck_assert_int_eq(t.dated_us, at("2026-12-07T09:00:00+08:00"));
    ck_assert_int_eq(t.dated_until_us - t.dated_us, 8 * CO_HOUR_US);
    ck_assert(co_registry_remove(registry, CO_KIND_PLAN, "weekly"));
    ck_assert(!intake_plan_ticket(registry, lines, &got[0], arena, &t));
    ck_assert_uint_eq(due(lines, "2026-12-06T12:00:00+08:00", "2026-12-06T12:00:00+08:00"), 0);
}
END_TEST

/* ---- advisories ---- */

static char leak[] = "leak", site_a[] = "a", site_b[] = "b", v1[] = "v1", fix_zh[] = "升级",
            fix_en[] = "Update", reference[] = "https://example.com/leak";

/* Version v1 is installed at site a, and at site b where that is wanted; the contract has the pack.
 */
static void concern(const char *from, const char *issued, bool at_both)
{
    static char *references[] = { reference };
    static Callout__V1__Text title = CALLOUT__V1__TEXT__INIT, fix = CALLOUT__V1__TEXT__INIT;
    Callout__V1__ProductVersion version = CALLOUT__V1__PRODUCT_VERSION__INIT,
                                *versions[] = { &version };
    Callout__V1__Customer bank = CALLOUT__V1__CUSTOMER__INIT;
    Callout__V1__PolicyPack policy = CALLOUT__V1__POLICY_PACK__INIT;
    Callout__V1__Product storage = CALLOUT__V1__PRODUCT__INIT;
    Callout__V1__Installed installed = CALLOUT__V1__INSTALLED__INIT, *list[] = { &installed };
    Callout__V1__Site site = CALLOUT__V1__SITE__INIT;
    Callout__V1__Advisory advisory = CALLOUT__V1__ADVISORY__INIT;
    bank.key = site.customer = customer;
    policy.name = contract.policy = advisory.policy = pack;
    version.key = installed.version = v1;
    storage.key = installed.product = advisory.product = product;
    storage.versions = versions;
    storage.n_versions = 1;
    site.installed = list;
    site.n_installed = 1;
    title.zh = zh;
    fix.zh = fix_zh;
    fix.en = fix_en;
    advisory.key = leak;
    advisory.title = &title;
    advisory.fix_plan = &fix;
    advisory.severity = 2;
    advisory.references = references;
    advisory.n_references = 1;
    advisory.issued_us = at(issued);
    contract.from_us = at(from);
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CUSTOMER, &bank);
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_POLICY, &policy);
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_PRODUCT, &storage);
    site.key = site_a;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_SITE, &site);
    site.key = site_b;
    site.n_installed = at_both;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_SITE, &site);
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_ADVISORY, &advisory);
    use();
}

#define JUNE "2026-06-01T00:00:00Z"
#define JULY "2026-07-01T00:00:00Z"

START_TEST(an_advisory_is_due_for_a_contract_it_concerns_once_issued_however_long_ago)
{
    concern("2026-01-01T00:00:00Z", JUNE, false);
    ck_assert_uint_eq(line_count, 2); /* and the plan */
    ck_assert_str_eq(intake_line_name(lines[1].kind), "advisory");
    ck_assert_uint_eq(due(&lines[1], "1970-01-02T00:00:00Z", "2026-05-31T23:59:59Z"), 0);
    ck_assert_int_eq(lines[1].next_us, at(JUNE));
    ck_assert_uint_eq(due(&lines[1], "1970-01-02T00:00:00Z", "2026-12-31T00:00:00Z"), 1);
    ck_assert_str_eq(got[0].key, "advisory/leak/first");
    ck_assert_int_eq(lines[1].next_us, INT64_MAX);
}
END_TEST

START_TEST(a_contract_that_begins_later_is_reached_then_and_one_that_is_over_is_not)
{
    concern(JULY, JUNE, false);
    ck_assert_uint_eq(due(&lines[1], JUNE, JUNE), 0);
    ck_assert_int_eq(lines[1].next_us, at(JULY));
    ck_assert_uint_eq(due(&lines[1], JUNE, JULY), 1);
    ck_assert_uint_eq(due(&lines[1], JUNE, "2027-01-01T00:00:00+08:00"), 0);
    ck_assert_int_eq(lines[1].next_us, INT64_MAX);
    ck_assert(co_registry_remove(registry, CO_KIND_ADVISORY, leak));
    ck_assert_uint_eq(due(&lines[1], JUNE, JULY), 0);
}
END_TEST

START_TEST(the_ticket_of_an_advisory_says_what_to_do_and_where)
{
    Callout__V1__SubmitTicket t;
    concern("2026-01-01T00:00:00Z", JUNE, false);
    ck_assert_uint_eq(due(&lines[1], JUNE, JUNE), 1);
    ck_assert(intake_plan_ticket(registry, &lines[1], &got[0], arena, &t));
    ck_assert_str_eq(t.key, "advisory/leak/first");
    ck_assert_str_eq(t.title, zh);
    ck_assert_str_eq(t.contract, contract_key);
    ck_assert_str_eq(t.site, site_a);
    ck_assert_str_eq(t.version, v1);
    ck_assert_str_eq(t.offering, pack);
    ck_assert_uint_eq(t.stated_severity, 2);
    ck_assert_int_eq(t.dated_us, 0);
    ck_assert_str_eq(t.description,
                     "修复方案：升级\n涉及：a v1\n\nFix plan: Update\nConcerns: a v1\n\n"
                     "https://example.com/leak");
}
END_TEST

START_TEST(a_contract_that_does_not_cover_the_product_is_not_reached)
{
    static char tape[] = "tape", *others[] = { tape };
    contract.products = others;
    contract.n_products = 1;
    concern("2026-01-01T00:00:00Z", JUNE, false);
    ck_assert_uint_eq(due(&lines[1], JUNE, JUNE), 0);
    ck_assert_int_eq(lines[1].next_us, INT64_MAX);
}
END_TEST

START_TEST(where_several_sites_are_concerned_the_case_is_of_the_contract)
{
    Callout__V1__SubmitTicket t;
    concern("2026-01-01T00:00:00Z", JUNE, true);
    ck_assert_uint_eq(line_count, 2);
    ck_assert_uint_eq(due(&lines[1], JUNE, JUNE), 1);
    ck_assert(intake_plan_ticket(registry, &lines[1], &got[0], arena, &t));
    ck_assert_str_eq(t.site, "");
    ck_assert_str_eq(t.version, v1);
    ck_assert(strstr(t.description, "Concerns: a v1; b v1\n") != NULL);
}
END_TEST

CHECK_MAIN_WITH("intake_plan", set_up, tear_down,
                a_date_is_due_when_its_lead_begins_and_says_when_the_next_one_is,
                what_lies_before_the_plan_was_known_is_not_due_and_what_is_still_ahead_is,
                a_moved_date_wakes_at_its_new_time, a_plan_ends_with_its_contract,
                the_end_of_a_contract_is_due_where_something_lives_longer,
                the_ticket_says_what_is_planned_in_both_languages,
                an_advisory_is_due_for_a_contract_it_concerns_once_issued_however_long_ago,
                a_contract_that_begins_later_is_reached_then_and_one_that_is_over_is_not,
                the_ticket_of_an_advisory_says_what_to_do_and_where,
                a_contract_that_does_not_cover_the_product_is_not_reached,
                where_several_sites_are_concerned_the_case_is_of_the_contract)
