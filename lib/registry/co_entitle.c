#include "co_entitle.h"

#include <stdbool.h>
#include <string.h>

#include "co_roles.h"

static const char *const names[CO_ENTITLE_REASONS] = {
    [CO_ENTITLED] = "entitled",
    [CO_ENTITLE_UNKNOWN_CUSTOMER] = "unknown_customer",
    [CO_ENTITLE_UNKNOWN_CONTRACT] = "unknown_contract",
    [CO_ENTITLE_UNKNOWN_SITE] = "unknown_site",
    [CO_ENTITLE_UNKNOWN_PRODUCT] = "unknown_product",
    [CO_ENTITLE_EXPIRED] = "expired",
    [CO_ENTITLE_NOT_STARTED] = "not_started",
    [CO_ENTITLE_NOT_COVERED] = "not_covered",
    [CO_ENTITLE_NO_CONTRACT] = "no_contract",
};

const char *co_entitle_reason_name(enum co_entitle_reason reason)
{
    return reason < CO_ENTITLE_REASONS ? names[reason] : "";
}

static bool is_given(const char *key)
{
    return key != NULL && key[0] != '\0';
}

static bool is_listed(char *const *list, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], key) == 0)
            return true;
    return false;
}

/* What a contract says about the question. */
struct view {
    enum co_entitle_reason reason;
    const char *field;
    const char *value;
    int rank; /* how specific; with reason CO_ENTITLED */
};

static enum co_entitle_reason by_time(const Callout__V1__Contract *c, int64_t at_us)
{
    if (at_us < c->from_us)
        return CO_ENTITLE_NOT_STARTED;
    return c->until_us != 0 && at_us >= c->until_us ? CO_ENTITLE_EXPIRED : CO_ENTITLED;
}

static struct view view_of(const Callout__V1__Contract *c, const struct co_entitle_ask *ask)
{
    bool has_site = is_given(ask->site);
    bool has_product = is_given(ask->product);
    if (has_site && c->n_sites > 0 && !is_listed(c->sites, c->n_sites, ask->site))
        return (struct view){ CO_ENTITLE_NOT_COVERED, "site", ask->site, 0 };
    if (has_product && c->n_products > 0 && !is_listed(c->products, c->n_products, ask->product))
        return (struct view){ CO_ENTITLE_NOT_COVERED, "product", ask->product, 0 };
    int rank = c->n_sites == 0 ? 0 : (has_site ? 4 : -1);
    rank += c->n_products == 0 ? 0 : (has_product ? 2 : -1);
    return (struct view){ by_time(c, ask->at_us), "contract", c->key, rank };
}

/* How much a contract that does not hold explains: the higher the better. */
static int explains(enum co_entitle_reason reason)
{
    static const int order[CO_ENTITLE_REASONS] = {
        [CO_ENTITLED] = 3,
        [CO_ENTITLE_EXPIRED] = 2,
        [CO_ENTITLE_NOT_STARTED] = 1,
    };
    return order[reason];
}

static bool is_better(const struct view *a, const Callout__V1__Contract *x, const struct view *b,
                      const Callout__V1__Contract *y)
{
    if (explains(a->reason) != explains(b->reason))
        return explains(a->reason) > explains(b->reason);
    if (a->reason == CO_ENTITLE_NOT_STARTED)
        return x->from_us < y->from_us;
    if (a->reason == CO_ENTITLE_EXPIRED)
        return x->until_us > y->until_us;
    return a->rank != b->rank ? a->rank > b->rank : x->from_us > y->from_us;
}

/* Chooses among the contracts of a customer. */
static struct view choose(const struct co_registry *r, const char *customer,
                          const struct co_entitle_ask *ask, const struct co_object **ret_contract)
{
    const struct co_object *const *contract = NULL;
    uint32_t count = co_registry_contracts_of(r, customer, &contract);
    struct view best = { CO_ENTITLE_NO_CONTRACT, "customer", customer, 0 };
    for (uint32_t i = 0; i < count; i++) {
        const Callout__V1__Contract *c = contract[i]->message->contract;
        struct view v = view_of(c, ask);
        if (i > 0 && !is_better(&v, c, &best, (*ret_contract)->message->contract))
            continue;
        best = v;
        *ret_contract = contract[i];
    }
    return best;
}

static const char *customer_of(const struct co_entitle_ask *ask, const struct co_entitlement *e)
{
    if (is_given(ask->customer))
        return ask->customer;
    if (is_given(ask->contract) && e->contract != NULL)
        return e->contract->message->contract->customer;
    return e->site != NULL ? e->site->customer : "";
}

/* The first given reference that is not known. */
static struct view find_unknown(const struct co_entitle_ask *ask, const struct co_entitlement *e)
{
    if (is_given(ask->customer) && e->customer == NULL)
        return (struct view){ CO_ENTITLE_UNKNOWN_CUSTOMER, "customer", ask->customer, 0 };
    if (is_given(ask->contract) && e->contract == NULL)
        return (struct view){ CO_ENTITLE_UNKNOWN_CONTRACT, "contract", ask->contract, 0 };
    if (is_given(ask->site) && e->site == NULL)
        return (struct view){ CO_ENTITLE_UNKNOWN_SITE, "site", ask->site, 0 };
    if (is_given(ask->product) && e->product == NULL)
        return (struct view){ CO_ENTITLE_UNKNOWN_PRODUCT, "product", ask->product, 0 };
    return (struct view){ CO_ENTITLED, "", "", 0 };
}

/* References that belong to different customers. */
static struct view find_stranger(const struct co_entitle_ask *ask, const struct co_entitlement *e,
                                 const char *customer)
{
    if (e->contract != NULL && strcmp(e->contract->message->contract->customer, customer) != 0)
        return (struct view){ CO_ENTITLE_NOT_COVERED, "contract", ask->contract, 0 };
    if (e->site != NULL && strcmp(e->site->customer, customer) != 0)
        return (struct view){ CO_ENTITLE_NOT_COVERED, "site", ask->site, 0 };
    return (struct view){ CO_ENTITLED, "", "", 0 };
}

/* `ask` has been looked up in `e`; says what follows, and completes the contract in `e`. */
static struct view judge(const struct co_registry *r, const struct co_entitle_ask *ask,
                         struct co_entitlement *e)
{
    const char *customer = customer_of(ask, e);
    struct view unknown = find_unknown(ask, e);
    struct view stranger = find_stranger(ask, e, customer);
    struct co_entitle_ask known = *ask; /* without what is not known */
    known.site = e->site == NULL ? "" : ask->site;
    known.product = e->product == NULL ? "" : ask->product;
    struct view v = { CO_ENTITLE_NO_CONTRACT, "contract", "", 0 };
    if (e->contract != NULL)
        v = view_of(e->contract->message->contract, &known);
    else if (customer[0] != '\0')
        v = choose(r, customer, &known, &e->contract);
    if (unknown.reason != CO_ENTITLED)
        return unknown;
    return stranger.reason != CO_ENTITLED ? stranger : v;
}

struct co_entitlement co_entitle(const struct co_registry *r, const struct co_entitle_ask *ask)
{
    struct co_entitlement e = {
        .contract =
            is_given(ask->contract) ? co_registry_get(r, CO_KIND_CONTRACT, ask->contract) : NULL,
        .customer = co_registry_customer(r, ask->customer),
        .site = co_registry_site(r, ask->site),
        .product = co_registry_product(r, ask->product),
    };
    struct view v = judge(r, ask, &e);
    e.reason = v.reason;
    e.field = v.reason == CO_ENTITLED ? "" : v.field;
    e.value = v.reason == CO_ENTITLED ? "" : v.value;
    if (e.customer == NULL)
        e.customer = co_registry_customer(r, customer_of(ask, &e));
    if (v.reason == CO_ENTITLED)
        return e;
    const Callout__V1__Contract *c = e.contract == NULL ? NULL : e.contract->message->contract;
    const Callout__V1__Person *pm = NULL;
    bool has_pm = c != NULL && co_roles_of_contract(r, c, CALLOUT__V1__ROLE__ROLE_PM, &pm, 1) > 0;
    e.role = has_pm ? CALLOUT__V1__ROLE__ROLE_PM : CALLOUT__V1__ROLE__ROLE_DESK;
    return e;
}
