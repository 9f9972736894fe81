#include "co_renewal.h"

#include <stddef.h>

bool co_renewal_is_possible(const struct co_registry *r, const Callout__V1__Contract *contract)
{
    for (size_t i = 0; i < contract->n_products; i++) {
        const Callout__V1__Product *p = co_registry_product(r, contract->products[i]);
        if (p == NULL || p->until_us == 0 || p->until_us > contract->until_us)
            return true;
    }
    return contract->n_products == 0;
}
