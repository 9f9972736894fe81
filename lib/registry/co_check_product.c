/* Products with their versions, and which of them contracts cover. */
#include <string.h>

#include "co_check.h"
#include "co_product.h"

size_t check_version_keys(const Callout__V1__Product *p, const char *keys[static CO_CHECK_NAMES])
{
    size_t n = 0;
    for (; n < p->n_versions && n < CO_CHECK_NAMES; n++)
        keys[n] = p->versions[n]->key;
    return n;
}

static bool stands_before(const Callout__V1__Product *p, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(p->versions[j]->key, p->versions[i]->key) == 0)
            return true;
    return false;
}

static void check_service_pack(struct co_check *c, const Callout__V1__Product *p,
                               const Callout__V1__ProductVersion *v)
{
    const char *keys[CO_CHECK_NAMES];
    const Callout__V1__ProductVersion *base = co_product_version(p, v->of);
    if (base == NULL)
        (void)check_word(c, "of", v->of, keys, check_version_keys(p, keys));
    else if (co_product_is_within(p, base, v->key))
        check_say(c, "of", "a version that is no service pack of this one",
                  "\"%.64s\" is a service pack of itself", v->key);
}

static void check_version(struct co_check *c, const Callout__V1__Product *p, size_t i)
{
    const Callout__V1__ProductVersion *v = p->versions[i];
    size_t mark = check_push_index(c, "versions", i);
    check_key(c, "key", v->key);
    check_text(c, "name", v->name);
    if (stands_before(p, i))
        check_say(c, "key", "each version once", "\"%.64s\" stands before", v->key);
    if (v->of[0] != '\0')
        check_service_pack(c, p, v);
    if (p->until_us != 0 && v->until_us > p->until_us)
        check_say(c, "until", "up to \"until\" of the product", "the version outlives its product");
    check_pop(c, mark);
}

void check_product(struct co_check *c, const Callout__V1__Product *x)
{
    check_text(c, "name", x->name);
    if (x->n_versions > CO_CHECK_NAMES)
        check_say(c, "versions", "at most 256", "there are too many");
    for (size_t i = 0; i < x->n_versions && i < CO_CHECK_NAMES; i++)
        check_version(c, x, i);
}

void check_version_list(struct co_check *c, const Callout__V1__Product *p, char *const *versions,
                        size_t n)
{
    const char *keys[CO_CHECK_NAMES];
    size_t count = check_version_keys(p, keys);
    for (size_t i = 0; i < n; i++) {
        size_t mark = check_push_index(c, "versions", i);
        bool is_known = check_word(c, "", versions[i], keys, count);
        for (size_t j = 0; is_known && j < i; j++)
            if (strcmp(versions[j], versions[i]) == 0)
                check_say(c, "", "each version once", "\"%.64s\" stands before", versions[i]);
        check_pop(c, mark);
    }
}

/* -- of contracts */

static bool is_covered_product(const Callout__V1__Contract *x, const char *product)
{
    for (size_t i = 0; i < x->n_products; i++)
        if (strcmp(x->products[i], product) == 0)
            return true;
    return x->n_products == 0;
}

void check_contract_versions(struct co_check *c, const Callout__V1__Contract *x)
{
    for (size_t i = 0; i < x->n_versions; i++) {
        const Callout__V1__CoveredVersions *v = x->versions[i];
        const Callout__V1__Product *p = co_registry_product(c->registry, v->product);
        size_t mark = check_push_index(c, "versions", i);
        check_ref(c, "product", CO_KIND_PRODUCT, v->product, true);
        if (p != NULL && !is_covered_product(x, v->product))
            check_say(c, "product", "one of \"products\" of the contract",
                      "the contract does not cover \"%.64s\"", v->product);
        for (size_t j = 0; j < i; j++)
            if (strcmp(x->versions[j]->product, v->product) == 0)
                check_say(c, "product", "each product once", "\"%.64s\" stands before", v->product);
        if (v->n_versions == 0)
            check_say(c, "versions", "some of the versions; all: leave the product out",
                      "at least one is needed");
        if (p != NULL)
            check_version_list(c, p, v->versions, v->n_versions);
        check_pop(c, mark);
    }
}
