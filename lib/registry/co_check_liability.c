/* What a contract costs, and what is owed where a promise of it is broken. */
#include <string.h>

#include "co_check.h"
#include "co_offering.h"

#define CENTS_MAX INT64_C(10000000000000)
#define GRACE_MAX_US (INT64_C(366) * 24 * 3600 * 1000000)

enum { CURRENCY_LETTERS = 3 };

static void check_cents(struct co_check *c, const char *field, int64_t cents)
{
    if (cents < 0 || cents > CENTS_MAX)
        check_say(c, field, "0 to 10000000000000", "is out of range");
}

static void check_price(struct co_check *c, const Callout__V1__Money *price)
{
    size_t mark = check_push(c, "price");
    if (strlen(price->currency) != CURRENCY_LETTERS ||
        strspn(price->currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != CURRENCY_LETTERS)
        check_say(c, "currency", "three capitals of ISO 4217, for example CNY",
                  "\"%.16s\" is no currency", price->currency);
    check_cents(c, "cents", price->cents);
    check_pop(c, mark);
}

/* What some pack of the contract has. */
struct known {
    const char *name[CO_CHECK_NAMES]; /* of milestones */
    size_t count;
    size_t levels;
    bool is_whole; /* every pack is there */
};

static void add_names(struct known *k, const Callout__V1__PolicyPack *p)
{
    const char *names[CO_CHECK_NAMES];
    size_t n = check_milestone_names(p, names);
    for (size_t i = 0; i < n && k->count < CO_CHECK_NAMES; i++)
        k->name[k->count++] = names[i];
    if (p->n_severities > k->levels)
        k->levels = p->n_severities;
}

static struct known known_of(const struct co_check *c, const Callout__V1__Contract *x)
{
    struct known k = { .is_whole = true };
    const char *key = NULL;
    for (size_t i = 0; (key = co_offering_at(x, i)) != NULL; i++) {
        const Callout__V1__PolicyPack *p = co_registry_policy(c->registry, key);
        if (p != NULL)
            add_names(&k, p);
        else
            k.is_whole = false; /* said elsewhere */
    }
    return k;
}

static void check_penalty(struct co_check *c, const struct known *known,
                          const Callout__V1__Penalty *p)
{
    if (known->is_whole && p->milestone[0] != '\0')
        (void)check_word(c, "milestone", p->milestone, known->name, known->count);
    for (size_t i = 0; known->is_whole && i < p->n_severities; i++) {
        size_t mark = check_push_index(c, "severities", i);
        check_range(c, "", p->severities[i], 1, (double)known->levels);
        check_pop(c, mark);
    }
    check_cents(c, "per_case_cents", p->per_case_cents);
    check_cents(c, "per_hour_cents", p->per_hour_cents);
    check_cents(c, "cap_cents", p->cap_cents);
    if (p->per_case_cents == 0 && p->per_hour_cents == 0 && p->cap_cents != 0)
        check_say(c, "cap_cents", "per_case_cents or per_hour_cents beside it",
                  "limits what costs nothing");
    if (p->grace_us < 0 || p->grace_us > GRACE_MAX_US)
        check_say(c, "grace", "a length of at most 366d", "is out of range");
}

void check_contract_liability(struct co_check *c, const Callout__V1__Contract *x)
{
    const Callout__V1__Liability *l = x->liability;
    if (x->price != NULL)
        check_price(c, x->price);
    if (l == NULL)
        return;
    size_t mark = check_push(c, "liability");
    struct known known = known_of(c, x);
    if (x->price == NULL)
        check_say(c, "", "\"price\" beside it, {currency: CNY, cents: 0} where it is not stated",
                  "says in no currency what is owed");
    else if (x->price->cents == 0 && l->cap_cents == 0)
        check_say(c, "cap_cents", "an amount, or cents of the price",
                  "is needed: nothing else limits what is owed");
    check_cents(c, "cap_cents", l->cap_cents);
    if (l->n_penalties == 0)
        check_say(c, "penalties", "[{milestone: arrival, per_hour_cents: 50000}]",
                  "at least one is needed");
    for (size_t i = 0; i < l->n_penalties; i++) {
        size_t at = check_push_index(c, "penalties", i);
        check_penalty(c, &known, l->penalties[i]);
        check_pop(c, at);
    }
    for (size_t i = 0; i < l->n_excluded; i++) {
        size_t at = check_push_index(c, "excluded", i);
        check_cause(c, "", l->excluded[i]);
        check_pop(c, at);
    }
    check_pop(c, mark);
}
