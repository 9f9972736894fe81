#include "intake_scope.h"

#include "check_main.h"

static char bank_2026[] = "bank-2026", bank[] = "bank", portal[] = "portal";
static char *contracts[] = { bank_2026 };
static char *customers[] = { bank };
static Callout__V1__Client client;

static void set_up(void)
{
    callout__v1__client__init(&client);
    client.key = portal;
}

static void by_contract(void)
{
    client.contracts = contracts;
    client.n_contracts = 1;
}

static void by_customer(void)
{
    client.customers = customers;
    client.n_customers = 1;
}

static bool sees(const char *customer, const char *contract, const char *source)
{
    struct intake_scope_case c = { customer, contract, source };
    return intake_scope_has_case(&client, &c);
}

START_TEST(without_a_scope_every_case_is_seen)
{
    ck_assert(!intake_scope_is_limited(NULL));
    ck_assert(!intake_scope_is_limited(&client));
    ck_assert(sees("rail", "rail-2026", "monitoring"));
    ck_assert(sees("", NULL, NULL));
}
END_TEST

START_TEST(a_contract_is_seen_and_no_other_of_the_same_customer)
{
    by_contract();
    ck_assert(intake_scope_is_limited(&client));
    ck_assert(sees("bank", "bank-2026", "monitoring"));
    ck_assert(!sees("bank", "bank-2027", "monitoring"));
    ck_assert(!sees("bank", "bank-2027", "portal"));
}
END_TEST

START_TEST(a_customer_is_seen_with_every_contract_and_without_one)
{
    by_customer();
    ck_assert(sees("bank", "bank-2027", "monitoring"));
    ck_assert(sees("bank", "", "monitoring"));
    ck_assert(sees("bank", NULL, NULL));
    ck_assert(!sees("rail", "rail-2026", "monitoring"));
}
END_TEST

START_TEST(a_case_under_no_contract_is_its_reporters)
{
    by_contract();
    ck_assert(sees("", "", "portal"));
    ck_assert(!sees("", "", "monitoring"));
    ck_assert(!sees("bank", "", NULL));
}
END_TEST

START_TEST(what_an_earlier_release_stored_is_not_seen_by_contract)
{
    by_contract();
    ck_assert(!sees("bank", NULL, NULL));
}
END_TEST

CHECK_MAIN_WITH("intake_scope", set_up, NULL, without_a_scope_every_case_is_seen, a_contract_is_seen_and_no_other_of_the_same_customer,
                a_customer_is_seen_with_every_contract_and_without_one, a_case_under_no_contract_is_its_reporters,
                what_an_earlier_release_stored_is_not_seen_by_contract)
