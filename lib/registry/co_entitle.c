#include "co_entitle.h"

#include <string.h>

#include "co_entitle_impl.h"
#include "co_product.h"
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
    [CO_ENTITLE_UNKNOWN_VERSION] = "unknown_version",
    [CO_ENTITLE_VERSION_NOT_COVERED] = "version_not_covered",
    [CO_ENTITLE_OUT_OF_LIFE] = "out_of_life",
    [CO_ENTITLE_EXCLUDED_CAUSE] = "excluded_cause",
    [CO_ENTITLE_UNKNOWN_OFFERING] = "unknown_offering",
    [CO_ENTITLE_NOT_OFFERED] = "not_offered",
    [CO_ENTITLE_NOT_DATED] = "not_dated",
};

const char *co_entitle_reason_name(enum co_entitle_reason reason)
{
    return reason < CO_ENTITLE_REASONS ? names[reason] : "";
}

static const char *const whys[CO_ENTITLE_WHYS] = {
    [CO_ENTITLE_NOT_SERVED] = "",
    [CO_ENTITLE_NAMED] = "named",
    [CO_ENTITLE_ONLY_ONE] = "only_one",
    [CO_ENTITLE_LISTS_SITE] = "lists_site",
    [CO_ENTITLE_LISTS_PRODUCT] = "lists_product",
    [CO_ENTITLE_LISTS_VERSION] = "lists_version",
    [CO_ENTITLE_LEAVES_LESS_OPEN] = "leaves_less_open",
    [CO_ENTITLE_BETTER_LEVEL] = "better_level",
    [CO_ENTITLE_BEGAN_LATER] = "began_later",
    [CO_ENTITLE_FIRST_KEY] = "first_key",
    [CO_ENTITLE_APPROVED] = "approved",
};

const char *co_entitle_why_name(enum co_entitle_why why)
{
    return why < CO_ENTITLE_WHYS ? whys[why] : "";
}

static const char *customer_of(const struct co_entitle_ask *ask, const struct co_entitlement *e)
{
    if (co_entitle_is_given(ask->customer))
        return ask->customer;
    if (co_entitle_is_given(ask->contract) && e->contract != NULL)
        return e->contract->message->contract->customer;
    return e->site != NULL ? e->site->customer : "";
}

static struct co_entitle_view says(enum co_entitle_reason reason, const char *field,
                                   const char *value)
{
    return (struct co_entitle_view){ .reason = reason, .field = field, .value = value };
}

/* The first given reference that is not known. Versions are asked for only of products that are
 * told apart by them. */
static struct co_entitle_view find_unknown(const struct co_registry *r,
                                           const struct co_entitle_ask *ask,
                                           const struct co_entitlement *e)
{
    if (co_entitle_is_given(ask->customer) && e->customer == NULL)
        return says(CO_ENTITLE_UNKNOWN_CUSTOMER, "customer", ask->customer);
    if (co_entitle_is_given(ask->contract) && e->contract == NULL)
        return says(CO_ENTITLE_UNKNOWN_CONTRACT, "contract", ask->contract);
    if (co_entitle_is_given(ask->site) && e->site == NULL)
        return says(CO_ENTITLE_UNKNOWN_SITE, "site", ask->site);
    if (co_entitle_is_given(ask->product) && e->product == NULL)
        return says(CO_ENTITLE_UNKNOWN_PRODUCT, "product", ask->product);
    bool has_versions = e->product != NULL && e->product->n_versions > 0;
    if (co_entitle_is_given(ask->version) && has_versions && e->version == NULL)
        return says(CO_ENTITLE_UNKNOWN_VERSION, "version", ask->version);
    if (co_entitle_is_given(ask->offering) && co_registry_policy(r, ask->offering) == NULL)
        return says(CO_ENTITLE_UNKNOWN_OFFERING, "offering", ask->offering);
    return says(CO_ENTITLED, "", "");
}

/* References that belong to different customers. */
static struct co_entitle_view find_stranger(const struct co_entitle_ask *ask,
                                            const struct co_entitlement *e, const char *customer)
{
    if (e->contract != NULL && strcmp(e->contract->message->contract->customer, customer) != 0)
        return says(CO_ENTITLE_NOT_COVERED, "contract", ask->contract);
    if (e->site != NULL && strcmp(e->site->customer, customer) != 0)
        return says(CO_ENTITLE_NOT_COVERED, "site", ask->site);
    return says(CO_ENTITLED, "", "");
}

/* Whether product and version are supported at the time, whatever the contract says. */
static struct co_entitle_view find_end_of_life(const struct co_entitle_ask *ask,
                                               const struct co_entitlement *e)
{
    int64_t product_us = e->product == NULL ? 0 : e->product->until_us;
    if (product_us != 0 && ask->at_us >= product_us)
        return says(CO_ENTITLE_OUT_OF_LIFE, "product", ask->product);
    int64_t version_us = e->version == NULL ? 0 : co_product_until_us(e->product, e->version);
    if (version_us != 0 && ask->at_us >= version_us)
        return says(CO_ENTITLE_OUT_OF_LIFE, "version", ask->version);
    return says(CO_ENTITLED, "", "");
}

/* `ask` has been looked up in `e`; says what follows, and completes in `e` the contract and
 * why it is the one. */
static struct co_entitle_view judge(const struct co_registry *r, const struct co_entitle_ask *ask,
                                    struct co_entitlement *e)
{
    const char *customer = customer_of(ask, e);
    struct co_entitle_view unknown = find_unknown(r, ask, e);
    struct co_entitle_view stranger = find_stranger(ask, e, customer);
    struct co_entitle_question q = { r, *ask, e->product, e->version };
    q.ask.site = e->site == NULL ? "" : ask->site;
    struct co_entitle_view v = says(CO_ENTITLE_NO_CONTRACT, "contract", "");
    e->why = CO_ENTITLE_NAMED;
    if (e->contract != NULL)
        v = co_entitle_view_of(e->contract->message->contract, &q);
    else if (customer[0] != '\0')
        v = co_entitle_choose(&q, customer, e);
    if (unknown.reason != CO_ENTITLED)
        return unknown;
    if (stranger.reason != CO_ENTITLED)
        return stranger;
    return v.reason != CO_ENTITLED ? v : find_end_of_life(ask, e);
}

struct co_entitlement co_entitle(const struct co_registry *r, const struct co_entitle_ask *ask)
{
    struct co_entitlement e = {
        .contract = co_entitle_is_given(ask->contract)
                        ? co_registry_get(r, CO_KIND_CONTRACT, ask->contract)
                        : NULL,
        .customer = co_registry_customer(r, ask->customer),
        .site = co_registry_site(r, ask->site),
        .product = co_registry_product(r, ask->product),
    };
    e.version = e.product == NULL ? NULL : co_product_version(e.product, ask->version);
    struct co_entitle_view v = judge(r, ask, &e);
    e.reason = v.reason;
    e.title = v.title;
    e.field = v.reason == CO_ENTITLED ? "" : v.field;
    e.value = v.reason == CO_ENTITLED ? "" : v.value;
    e.policy = co_entitle_pack_of(e.contract == NULL ? NULL : e.contract->message->contract, ask);
    if (e.customer == NULL)
        e.customer = co_registry_customer(r, customer_of(ask, &e));
    if (v.reason == CO_ENTITLED)
        return e;
    e.why = CO_ENTITLE_NOT_SERVED;
    e.others_kept = e.other_count = 0;
    const Callout__V1__Contract *c = e.contract == NULL ? NULL : e.contract->message->contract;
    const Callout__V1__Person *pm = NULL;
    bool has_pm = c != NULL && co_roles_of_contract(r, c, CALLOUT__V1__ROLE__ROLE_PM, &pm, 1) > 0;
    e.role = has_pm ? CALLOUT__V1__ROLE__ROLE_PM : CALLOUT__V1__ROLE__ROLE_DESK;
    return e;
}
