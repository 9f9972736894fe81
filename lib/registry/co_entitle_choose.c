/* What each contract of a customer says about a question, and which of them is the best. */
#include <string.h>

#include "co_entitle_impl.h"
#include "co_offering.h"
#include "co_product.h"

static bool is_listed(char *const *list, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], key) == 0)
            return true;
    return false;
}

/* NULL: the contract covers all versions of the product. */
static const Callout__V1__CoveredVersions *versions_of(const Callout__V1__Contract *c,
                                                       const char *product)
{
    for (size_t i = 0; i < c->n_versions; i++)
        if (strcmp(c->versions[i]->product, product) == 0)
            return c->versions[i];
    return NULL;
}

static bool covers(const Callout__V1__CoveredVersions *listed, const struct co_entitle_question *q)
{
    for (size_t i = 0; i < listed->n_versions; i++)
        if (co_product_is_within(q->product, q->version, listed->versions[i]))
            return true;
    return false;
}

static enum co_entitle_reason by_time(const Callout__V1__Contract *c, int64_t at_us)
{
    if (at_us < c->from_us)
        return CO_ENTITLE_NOT_STARTED;
    return c->until_us != 0 && at_us >= c->until_us ? CO_ENTITLE_EXPIRED : CO_ENTITLED;
}

static struct co_entitle_view view(const Callout__V1__Contract *c, enum co_entitle_reason reason,
                                   const char *field, const char *value)
{
    return (struct co_entitle_view){
        .reason = reason, .field = field, .value = value, .merit = { [CO_MERIT_BEGIN] = c->from_us }
    };
}

/* The first of the causes that is among the words of the ticket; NULL: none. */
static const Callout__V1__Condition *said_cause(Callout__V1__Condition *const *causes, size_t count,
                                                const struct co_entitle_ask *ask)
{
    for (size_t i = 0; i < count; i++)
        if (is_listed(ask->traits, ask->trait_count, causes[i]->key) ||
            is_listed(ask->conditions, ask->condition_count, causes[i]->key))
            return causes[i];
    return NULL;
}

/* That the pack, or the contract itself, does not cover. */
static const Callout__V1__Condition *excluded_cause(const Callout__V1__Contract *c,
                                                    const Callout__V1__PolicyPack *pack,
                                                    const struct co_entitle_ask *ask)
{
    const Callout__V1__Condition *of_pack =
        pack == NULL ? NULL : said_cause(pack->held_traits, pack->n_held_traits, ask);
    return of_pack != NULL ? of_pack : said_cause(c->excluded_causes, c->n_excluded_causes, ask);
}

/* What a contract that covers the references says of time, date and cause. */
static struct co_entitle_view covered_view(const Callout__V1__Contract *c,
                                           const struct co_entitle_question *q)
{
    enum co_entitle_reason reason = by_time(c, q->ask.at_us);
    const char *key = co_entitle_pack_of(c, &q->ask);
    const Callout__V1__PolicyPack *pack = co_registry_policy(q->registry, key);
    if (reason == CO_ENTITLED && pack != NULL && pack->dated && !q->ask.is_dated)
        return view(c, CO_ENTITLE_NOT_DATED, "dated_us", key);
    const Callout__V1__Condition *cause =
        reason == CO_ENTITLED ? excluded_cause(c, pack, &q->ask) : NULL;
    if (cause == NULL)
        return view(c, reason, "contract", c->key);
    struct co_entitle_view v = view(c, CO_ENTITLE_EXCLUDED_CAUSE, "trait", cause->key);
    v.title = cause->title;
    return v;
}

struct co_entitle_view co_entitle_view_of(const Callout__V1__Contract *c,
                                          const struct co_entitle_question *q)
{
    const struct co_entitle_ask *ask = &q->ask;
    const Callout__V1__CoveredVersions *versions =
        q->product == NULL ? NULL : versions_of(c, q->product->key);
    bool has_site = co_entitle_is_given(ask->site);
    if (has_site && c->n_sites > 0 && !is_listed(c->sites, c->n_sites, ask->site))
        return view(c, CO_ENTITLE_NOT_COVERED, "site", ask->site);
    if (q->product != NULL && c->n_products > 0 &&
        !is_listed(c->products, c->n_products, q->product->key))
        return view(c, CO_ENTITLE_NOT_COVERED, "product", ask->product);
    if (q->version != NULL && versions != NULL && !covers(versions, q))
        return view(c, CO_ENTITLE_VERSION_NOT_COVERED, "version", ask->version);
    if (co_entitle_is_given(ask->offering) && !ask->is_own && !co_offering_is_of(c, ask->offering))
        return view(c, CO_ENTITLE_NOT_OFFERED, "offering", ask->offering);

    struct co_entitle_view v = covered_view(c, q);
    v.merit[CO_MERIT_SITE] = c->n_sites > 0 && has_site;
    v.merit[CO_MERIT_PRODUCT] = c->n_products > 0 && q->product != NULL;
    v.merit[CO_MERIT_VERSION] = versions != NULL && q->version != NULL;
    v.merit[CO_MERIT_OPEN] -= c->n_sites > 0 && !has_site;
    v.merit[CO_MERIT_OPEN] -= c->n_products > 0 && q->product == NULL;
    v.merit[CO_MERIT_OPEN] -= versions != NULL && q->version == NULL;
    v.merit[CO_MERIT_LEVEL] = c->service_level;
    return v;
}

/* How much a contract that does not hold explains: the higher the better. */
static int explains(enum co_entitle_reason reason)
{
    static const int order[CO_ENTITLE_REASONS] = {
        [CO_ENTITLED] = 7,
        [CO_ENTITLE_EXCLUDED_CAUSE] = 6,
        [CO_ENTITLE_NOT_DATED] = 5,
        [CO_ENTITLE_EXPIRED] = 4,
        [CO_ENTITLE_NOT_STARTED] = 3,
        [CO_ENTITLE_NOT_OFFERED] = 2,
        [CO_ENTITLE_VERSION_NOT_COVERED] = 1,
    };
    return order[reason];
}

/* The first merit in which they differ; CO_MERITS: none, and the keys decide. */
static enum co_entitle_merit differ_in(const struct co_entitle_view *a,
                                       const struct co_entitle_view *b)
{
    size_t i = 0;
    while (i < CO_MERITS && a->merit[i] == b->merit[i])
        i++;
    return (enum co_entitle_merit)i;
}

struct candidate {
    struct co_entitle_view view;
    const struct co_object *contract;
};

static bool is_better(const struct candidate *a, const struct candidate *b)
{
    const Callout__V1__Contract *x = a->contract->message->contract;
    const Callout__V1__Contract *y = b->contract->message->contract;
    enum co_entitle_reason reason = a->view.reason;
    if (explains(reason) != explains(b->view.reason))
        return explains(reason) > explains(b->view.reason);
    if (reason == CO_ENTITLE_NOT_STARTED)
        return x->from_us < y->from_us;
    if (reason == CO_ENTITLE_EXPIRED)
        return x->until_us > y->until_us;
    enum co_entitle_merit m = differ_in(&a->view, &b->view);
    return m != CO_MERITS && a->view.merit[m] > b->view.merit[m];
}

/* The best ones, best first; of equal ones the one that came first. */
struct ranking {
    struct candidate best[1 + CO_ENTITLE_OTHERS];
    size_t count;
    uint32_t fitting;
};

static void rank(struct ranking *k, const struct candidate *x)
{
    size_t at = k->count;
    k->fitting += x->view.reason == CO_ENTITLED;
    for (; at > 0 && is_better(x, &k->best[at - 1]); at--)
        if (at <= CO_ENTITLE_OTHERS)
            k->best[at] = k->best[at - 1];
    if (at <= CO_ENTITLE_OTHERS)
        k->best[at] = *x;
    k->count += k->count <= CO_ENTITLE_OTHERS;
}

static enum co_entitle_why why_best(const struct ranking *k)
{
    static const enum co_entitle_why why[CO_MERITS + 1] = {
        [CO_MERIT_SITE] = CO_ENTITLE_LISTS_SITE,
        [CO_MERIT_PRODUCT] = CO_ENTITLE_LISTS_PRODUCT,
        [CO_MERIT_VERSION] = CO_ENTITLE_LISTS_VERSION,
        [CO_MERIT_OPEN] = CO_ENTITLE_LEAVES_LESS_OPEN,
        [CO_MERIT_LEVEL] = CO_ENTITLE_BETTER_LEVEL,
        [CO_MERIT_BEGIN] = CO_ENTITLE_BEGAN_LATER,
        [CO_MERITS] = CO_ENTITLE_FIRST_KEY,
    };
    return k->fitting == 1 ? CO_ENTITLE_ONLY_ONE
                           : why[differ_in(&k->best[0].view, &k->best[1].view)];
}

struct co_entitle_view co_entitle_choose(const struct co_entitle_question *q, const char *customer,
                                         struct co_entitlement *e)
{
    const struct co_object *const *contract = NULL;
    uint32_t count = co_registry_contracts_of(q->registry, customer, &contract);
    struct ranking k = { .count = 0 };
    for (uint32_t i = 0; i < count; i++) {
        struct candidate x = { co_entitle_view_of(contract[i]->message->contract, q), contract[i] };
        rank(&k, &x);
    }
    if (k.count == 0)
        return (struct co_entitle_view){ .reason = CO_ENTITLE_NO_CONTRACT,
                                         .field = "customer",
                                         .value = customer };
    e->contract = k.best[0].contract;
    if (k.fitting == 0)
        return k.best[0].view;
    e->why = why_best(&k);
    e->other_count = k.fitting - 1;
    for (size_t i = 1; i < k.count && k.best[i].view.reason == CO_ENTITLED; i++)
        e->others[e->others_kept++] = k.best[i].contract;
    return k.best[0].view;
}
