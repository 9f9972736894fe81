/* What the registry says of the price of a contract, and of what is owed under it. */
#include "registry_check_help.h"

#define PRICE "price: {currency: CNY, cents: 100000}, "
#define RULE "{milestone: response, severities: [1, 2], per_hour_cents: 500}"

static const struct {
    const char *text;  /* of the contract */
    const char *where; /* path; NULL: there is no problem */
    const char *message;
} cases[] = {
    { PRICE, NULL, NULL },
    { PRICE "liability: {penalties: [" RULE "]}, ", NULL, NULL },
    { PRICE "liability: {penalties: [{per_case_cents: 1, per_hour_cents: 1, cap_cents: 9, grace: "
            "30m}], cap_cents: 50, excluded: [storm]}, ",
      NULL, NULL },
    { "price: {currency: CNY, cents: 0}, liability: {penalties: [" RULE "], cap_cents: 5}, ", NULL,
      NULL },
    { "price: {currency: cny, cents: 1}, ", "price.currency", "\"cny\" is no currency" },
    { "price: {currency: YUAN, cents: 1}, ", "price.currency", "\"YUAN\" is no currency" },
    { "price: {cents: 1}, ", "price.currency", "\"\" is no currency" },
    { "price: {currency: CNY, cents: -1}, ", "price.cents", "is out of range" },
    { "liability: {penalties: [" RULE "], cap_cents: 5}, ", "liability",
      "says in no currency what is owed" },
    { "price: {currency: CNY, cents: 0}, liability: {penalties: [" RULE "]}, ",
      "liability.cap_cents", "is needed: nothing else limits what is owed" },
    { PRICE "liability: {cap_cents: 5}, ", "liability.penalties", "at least one is needed" },
    { PRICE "liability: {penalties: [" RULE "], cap_cents: -5}, ", "liability.cap_cents",
      "is out of range" },
    { PRICE "liability: {penalties: [{milestone: respons}]}, ", "liability.penalties[0].milestone",
      "\"respons\" is not known; did you mean \"response\"?" },
    { PRICE "liability: {penalties: [{severities: [3], per_case_cents: 1}]}, ",
      "liability.penalties[0].severities[0]", "3 is out of range" },
    { PRICE "liability: {penalties: [{per_hour_cents: -1}]}, ",
      "liability.penalties[0].per_hour_cents", "is out of range" },
    { PRICE "liability: {penalties: [{per_case_cents: 1, grace: 400d}]}, ",
      "liability.penalties[0].grace", "is out of range" },
    { PRICE "liability: {penalties: [{cap_cents: 1}]}, ", "liability.penalties[0].cap_cents",
      "limits what costs nothing" },
    { PRICE "liability: {penalties: [" RULE "], excluded: [strom]}, ", "liability.excluded[0]",
      "\"strom\" is not known; did you mean \"storm\"?" },
    { PRICE "liability: {penalties: [" RULE "], excluded: ['']}, ", "liability.excluded[0]",
      "is needed" },
};

START_TEST(what_is_owed_is_looked_at_whole)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char contract[400], where[128];
        (void)snprintf(contract, sizeof(contract), "%sholders: {pm: p}", cases[i].text);
        (void)snprintf(where, sizeof(where), "contract c %s",
                       cases[i].where == NULL ? "" : cases[i].where);
        check_with("holders: {pm: p}", contract,
                   "  conditions:", "  excluded: {storm: Storm}\n  conditions:");
        bool is_fine = cases[i].where == NULL ? co_problems_count(problems) == 0
                                              : has_problem(where, cases[i].message);
        if (!is_fine) {
            say_all();
            ck_abort_msg("case %zu: %s", i, cases[i].text);
        }
        done();
    }
}
END_TEST

CHECK_MAIN("registry_check_liability", what_is_owed_is_looked_at_whole)
