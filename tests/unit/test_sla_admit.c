/* Whether a ticket is served when it comes: what Callout opens itself, and packs that are not
 * there. */
#include "admit.h"

#include <string.h>

#include "check_main.h"
#include "co_time.h"
#include "co_yaml.h"

static const char base[] = "customers: {bank: {name: Bank}}\n"
                           "contracts:\n"
                           "  next: {customer: bank, name: Next, policy: pack, calendar: office,\n"
                           "         from: 2027-01-01T00:00:00Z, until: 2027-02-01T00:00:00Z,\n"
                           "         renewal: {policy: pack, lead: 120d}}\n";

static const char pack[] =
    "policy:\n"
    "  name: pack\n"
    "  title: Pack\n"
    "  default_severity: 1\n"
    "  severities: [{level: 1, name: One}]\n"
    "  milestones: [{name: a, title: A, start: [entitled], targets: {1: working 1h}}]\n";

static const char office[] = "calendar: office\n"
                             "zone: Asia/Shanghai\n"
                             "utc_offset: \"+08:00\"\n"
                             "week: {mon: [\"09:00-18:00\"]}\n";

static struct co_registry *r;
static struct co_arena *arena;
static struct sla_admission got;
static char bank[] = "bank", next[] = "next", pack_key[] = "pack";
static Callout__V1__Origin origin;
static Callout__V1__TicketSubmitted ticket;

static void put(const char *text)
{
    const Callout__V1__Registry *all = NULL;
    struct co_yaml *y = co_yaml_new(NULL);
    co_yaml_load_text(y, "text", text, strlen(text));
    if (co_yaml_finish(y, &all) != CO_OK)
        ck_abort_msg("%s: %s", co_yaml_problem_at(y, 0)->key, co_yaml_problem_at(y, 0)->message);
    for (size_t i = 0; i < all->n_objects; i++)
        ck_assert_int_eq(co_registry_put_message(r, all->objects[i], 1), CO_OK);
    co_registry_set_version(r, 1);
    co_yaml_free(y);
}

static void setup(void)
{
    r = co_registry_new(100);
    arena = co_arena_new(1 << 20);
    put(base);
    put(pack);
    put(office);
    origin = (Callout__V1__Origin)CALLOUT__V1__ORIGIN__INIT;
    ticket = (Callout__V1__TicketSubmitted)CALLOUT__V1__TICKET_SUBMITTED__INIT;
    ticket.customer = bank;
    ticket.contract = next;
}

static void teardown(void)
{
    co_registry_free(r);
    co_arena_free(arena);
}

static int64_t at(const char *text)
{
    int64_t us = 0;
    ck_assert_int_eq(co_time_parse(text, &us, NULL), CO_OK);
    return us;
}

/* As it comes at that time; `own`: what Callout opens it for, NULL: somebody reports it. */
static enum co_err admit(char *own, const char *now, const char *date)
{
    ticket.occurred_us = at(now);
    ticket.dated_us = date == NULL ? 0 : at(date);
    ticket.offering = own == NULL ? ticket.offering : pack_key;
    origin.kind = own;
    origin.key = next;
    ticket.origin = own == NULL ? NULL : &origin;
    return sla_admit(r, arena, &ticket, NULL, &got);
}

static void is_opened(char *own, const char *now, const char *date)
{
    ck_assert_int_eq(admit(own, now, date), CO_OK);
    ck_assert_ptr_nonnull(got.opened);
    ck_assert_ptr_null(got.held);
}

static void is_held(char *own, const char *now, const char *date, const char *reason)
{
    ck_assert_int_eq(admit(own, now, date), CO_OK);
    ck_assert_ptr_null(got.opened);
    ck_assert_ptr_nonnull(got.held);
    ck_assert_str_eq(got.held->reason, reason);
}

START_TEST(a_report_is_judged_by_when_it_comes)
{
    is_held(NULL, "2026-12-31T23:59:59Z", NULL, "not_started");
    is_opened(NULL, "2027-01-01T00:00:00Z", NULL);
    is_held(NULL, "2027-02-01T00:00:00Z", NULL, "expired");
}
END_TEST

START_TEST(planned_work_is_judged_by_its_date)
{
    static char plan[] = "plan";
    is_opened(plan, "2026-12-20T00:00:00Z", "2027-01-10T01:00:00Z");
    is_held(plan, "2026-12-20T00:00:00Z", "2026-12-24T01:00:00Z", "not_started");
}
END_TEST

START_TEST(the_end_of_a_contract_is_judged_under_it_before_it_begins_and_after_it_is_over)
{
    static char renewal[] = "renewal";
    static const char end[] = "2027-02-01T00:00:00Z";
    is_opened(renewal, "2026-10-04T00:00:00Z", end); /* its lead is longer than it is */
    is_opened(renewal, "2027-01-15T00:00:00Z", end);
    is_opened(renewal, "2027-02-01T00:00:00Z", end); /* after a standstill */
    ck_assert_str_eq(got.opened->contract, "next");
}
END_TEST

START_TEST(an_advisory_is_judged_by_when_it_comes)
{
    static char advisory[] = "advisory";
    is_opened(advisory, "2027-01-15T00:00:00Z", NULL);
    is_held(advisory, "2027-02-01T00:00:00Z", NULL, "expired");
}
END_TEST

START_TEST(a_contract_whose_pack_is_not_there_is_an_error_of_its_ticket_alone)
{
    ck_assert(co_registry_remove(r, CO_KIND_POLICY, "pack"));
    ck_assert_int_eq(admit(NULL, "2027-01-15T00:00:00Z", NULL), CO_EINPUT);
    ck_assert_ptr_null(got.opened);
    ck_assert_ptr_null(got.held);
}
END_TEST

START_TEST(an_approval_under_a_contract_whose_pack_is_not_there_is_refused_with_words)
{
    Callout__V1__CommandReceived approval = CALLOUT__V1__COMMAND_RECEIVED__INIT;
    ck_assert(co_registry_remove(r, CO_KIND_POLICY, "pack"));
    ticket.occurred_us = at("2026-12-01T00:00:00Z");
    ck_assert_int_eq(sla_admit(r, arena, &ticket, &approval, &got), CO_OK);
    ck_assert_ptr_nonnull(got.refusal);
}
END_TEST

CHECK_MAIN_WITH("sla_admit", setup, teardown, a_report_is_judged_by_when_it_comes,
                planned_work_is_judged_by_its_date,
                the_end_of_a_contract_is_judged_under_it_before_it_begins_and_after_it_is_over,
                an_advisory_is_judged_by_when_it_comes,
                a_contract_whose_pack_is_not_there_is_an_error_of_its_ticket_alone,
                an_approval_under_a_contract_whose_pack_is_not_there_is_refused_with_words)
