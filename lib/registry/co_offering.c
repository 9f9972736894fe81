#include "co_offering.h"

#include <string.h>

const char *co_offering_at(const Callout__V1__Contract *c, size_t i)
{
    if (i == 0)
        return c->policy;
    if (i <= c->n_offerings)
        return c->offerings[i - 1];
    return i == c->n_offerings + 1 && c->renewal != NULL ? c->renewal->policy : NULL;
}

bool co_offering_is_of(const Callout__V1__Contract *c, const char *policy)
{
    const char *key = NULL;
    for (size_t i = 0; (key = co_offering_at(c, i)) != NULL; i++)
        if (strcmp(key, policy) == 0)
            return true;
    return false;
}
