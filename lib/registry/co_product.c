#include "co_product.h"

#include <string.h>

const Callout__V1__ProductVersion *co_product_version(const Callout__V1__Product *p,
                                                      const char *key)
{
    for (size_t i = 0; key != NULL && key[0] != '\0' && i < p->n_versions; i++)
        if (strcmp(p->versions[i]->key, key) == 0)
            return p->versions[i];
    return NULL;
}

bool co_product_is_within(const Callout__V1__Product *p, const Callout__V1__ProductVersion *v,
                          const char *base)
{
    /* No way is longer than there are versions: a ring, which no check lets in, ends there. */
    for (size_t step = 0; v != NULL && step < p->n_versions; step++) {
        if (strcmp(v->key, base) == 0)
            return true;
        v = co_product_version(p, v->of);
    }
    return false;
}

int64_t co_product_until_us(const Callout__V1__Product *p, const Callout__V1__ProductVersion *v)
{
    for (size_t step = 0; v != NULL && v->until_us == 0 && step < p->n_versions; step++)
        v = co_product_version(p, v->of);
    int64_t until_us = v == NULL ? 0 : v->until_us;
    bool is_bounded = p->until_us != 0 && (until_us == 0 || p->until_us < until_us);
    return is_bounded ? p->until_us : until_us;
}

int64_t co_product_community_until_us(const Callout__V1__Product *p,
                                      const Callout__V1__ProductVersion *v)
{
    for (size_t step = 0; v != NULL && v->community_until_us == 0 && step < p->n_versions; step++)
        v = co_product_version(p, v->of);
    return v == NULL ? 0 : v->community_until_us;
}
