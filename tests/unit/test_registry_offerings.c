#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "co_entitle.h"
#include "co_offering.h"
#include "registry_help.h"

enum { FROM = 1000, UNTIL = 2000, NOW = 1500 };

static struct co_registry *r;

static void put_pack(char *name, bool is_dated)
{
    Callout__V1__PolicyPack p = CALLOUT__V1__POLICY_PACK__INIT;
    p.name = name;
    p.dated = is_dated;
    PUT(r, POLICY, policy, &p);
}

static void put_contract(char *key, char *policy, char *offering)
{
    Callout__V1__Contract c = CALLOUT__V1__CONTRACT__INIT;
    c.key = key;
    c.customer = "bank";
    c.policy = policy;
    c.offerings = &offering;
    c.n_offerings = offering != NULL;
    c.from_us = FROM;
    c.until_us = UNTIL;
    PUT(r, CONTRACT, contract, &c);
}

static void make(void)
{
    r = co_registry_new(100);
    put_customer(r, "bank");
    put_pack("faults", false);
    put_pack("training", true);
    put_pack("renewal", true);
    put_pack("expert", false);
    put_contract("main", "faults", "training");
    put_contract("school", "training", NULL);
}

/* "contract pack reason field" */
static const char *answer(struct co_entitle_ask ask)
{
    static char text[256];
    ask.customer = "bank";
    ask.at_us = NOW;
    struct co_entitlement e = co_entitle(r, &ask);
    (void)snprintf(text, sizeof(text), "%s %s %s %s", e.contract == NULL ? "-" : e.contract->key,
                   e.policy, co_entitle_reason_name(e.reason), e.field);
    return text;
}
#define ANSWER(...) answer((struct co_entitle_ask){ __VA_ARGS__ })

START_TEST(a_report_that_asks_for_nothing_by_name_gets_the_first_pack_of_a_contract)
{
    make();
    ck_assert_str_eq(ANSWER(.traits = NULL), "main faults entitled ");
    ck_assert_str_eq(ANSWER(.contract = "main"), "main faults entitled ");
    co_registry_free(r);
}
END_TEST

START_TEST(a_report_gets_the_pack_that_it_asks_for_under_a_contract_that_has_it)
{
    make();
    ck_assert_str_eq(ANSWER(.offering = "faults"), "main faults entitled ");
    ck_assert_str_eq(ANSWER(.offering = "training", .contract = "main", .is_dated = true),
                     "main training entitled ");
    co_registry_free(r);
}
END_TEST

START_TEST(what_no_contract_has_or_nobody_knows_is_held_with_a_reason_of_its_own)
{
    make();
    ck_assert_str_eq(ANSWER(.offering = "expert"), "main expert not_offered offering");
    ck_assert_str_eq(ANSWER(.offering = "exprt"), "main exprt unknown_offering offering");
    co_registry_free(r);
}
END_TEST

START_TEST(a_dated_pack_wants_to_know_when_it_takes_place)
{
    make();
    ck_assert_str_eq(ANSWER(.offering = "training", .contract = "main"),
                     "main training not_dated dated_us");
    ck_assert_str_eq(ANSWER(.contract = "school"), "school training not_dated dated_us");
    ck_assert_str_eq(ANSWER(.contract = "school", .is_dated = true), "school training entitled ");
    co_registry_free(r);
}
END_TEST

START_TEST(what_callout_opens_itself_may_be_of_any_pack_that_there_is)
{
    make();
    ck_assert_str_eq(ANSWER(.offering = "expert", .contract = "main", .is_own = true),
                     "main expert entitled ");
    ck_assert_str_eq(ANSWER(.offering = "exprt", .contract = "main", .is_own = true),
                     "main exprt unknown_offering offering");
    co_registry_free(r);
}
END_TEST

START_TEST(an_unknown_offering_comes_with_packs_that_look_alike)
{
    make();
    struct co_unknown u[CO_UNKNOWN_FIELDS];
    struct co_entitle_ask ask = { .customer = "bank", .offering = "trainings", .at_us = NOW };
    ck_assert_uint_eq(co_entitle_unknown(r, &ask, u), 1);
    ck_assert_str_eq(u[0].field, "offering");
    ck_assert_str_eq(u[0].nearest[0], "training");
    co_registry_free(r);
}
END_TEST

START_TEST(the_packs_of_a_contract_are_its_policy_its_offerings_and_that_of_its_renewal)
{
    Callout__V1__Contract c = CALLOUT__V1__CONTRACT__INIT;
    Callout__V1__Renewal renewal = CALLOUT__V1__RENEWAL__INIT;
    c.policy = "faults";
    ck_assert_str_eq(co_offering_at(&c, 0), "faults");
    ck_assert_ptr_null(co_offering_at(&c, 1));
    renewal.policy = "renewal";
    c.renewal = &renewal;
    c.offerings = STRINGS("training", "expert");
    c.n_offerings = 2;
    ck_assert_str_eq(co_offering_at(&c, 2), "expert");
    ck_assert_str_eq(co_offering_at(&c, 3), "renewal");
    ck_assert_ptr_null(co_offering_at(&c, 4));
    ck_assert(co_offering_is_of(&c, "training"));
    ck_assert(!co_offering_is_of(&c, "other"));
}
END_TEST

CHECK_MAIN("registry_offerings",
           a_report_that_asks_for_nothing_by_name_gets_the_first_pack_of_a_contract,
           a_report_gets_the_pack_that_it_asks_for_under_a_contract_that_has_it,
           what_no_contract_has_or_nobody_knows_is_held_with_a_reason_of_its_own,
           a_dated_pack_wants_to_know_when_it_takes_place,
           what_callout_opens_itself_may_be_of_any_pack_that_there_is,
           an_unknown_offering_comes_with_packs_that_look_alike,
           the_packs_of_a_contract_are_its_policy_its_offerings_and_that_of_its_renewal)
