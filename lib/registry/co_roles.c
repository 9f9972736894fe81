#include "co_roles.h"

#include <stdbool.h>
#include <string.h>

static size_t add(const Callout__V1__Person *p, const Callout__V1__Person **list, size_t count,
                  size_t cap)
{
    if (p == NULL || count == cap)
        return count;
    for (size_t i = 0; i < count; i++)
        if (list[i] == p)
            return count;
    list[count] = p;
    return count + 1;
}

static size_t add_holders(const struct co_registry *r, Callout__V1__RoleHolder *const *holders,
                          size_t n, Callout__V1__Role role, const Callout__V1__Person **list,
                          size_t count, size_t cap)
{
    for (size_t i = 0; i < n; i++)
        if (holders[i]->role == role)
            count = add(co_registry_person(r, holders[i]->person), list, count, cap);
    return count;
}

size_t co_roles_of_contract(const struct co_registry *r, const Callout__V1__Contract *contract,
                            Callout__V1__Role role, const Callout__V1__Person **ret_persons,
                            size_t cap)
{
    return add_holders(r, contract->holders, contract->n_holders, role, ret_persons, 0, cap);
}

static bool is_site_of(const Callout__V1__Contract *contract, const char *site)
{
    for (size_t i = 0; i < contract->n_sites; i++)
        if (strcmp(contract->sites[i], site) == 0)
            return true;
    return contract->n_sites == 0;
}

/* Of the sites that the contract covers. */
static size_t add_contacts(const struct co_registry *r, const Callout__V1__Contract *contract,
                           const Callout__V1__Person **list, size_t cap)
{
    const struct co_object *const *sites = NULL;
    uint32_t n = co_registry_sites_of(r, contract->customer, &sites);
    size_t count = 0;
    for (uint32_t i = 0; i < n; i++)
        if (is_site_of(contract, sites[i]->key))
            count = add(co_registry_person(r, sites[i]->message->site->contact), list, count, cap);
    return count;
}

size_t co_roles_find(const struct co_registry *r, const Callout__V1__Contract *contract,
                     const Callout__V1__Site *site, Callout__V1__Role role,
                     const Callout__V1__Person **ret_persons, size_t cap)
{
    size_t count = 0;
    if (role == CALLOUT__V1__ROLE__ROLE_CUSTOMER && site != NULL)
        count = add(co_registry_person(r, site->contact), ret_persons, 0, cap);
    if (count == 0 && contract != NULL)
        count = co_roles_of_contract(r, contract, role, ret_persons, cap);
    if (count == 0 && contract != NULL && site == NULL && role == CALLOUT__V1__ROLE__ROLE_CUSTOMER)
        count = add_contacts(r, contract, ret_persons, cap);
    bool is_named = count > 0;
    uint32_t desks = co_registry_count(r, CO_KIND_DESK);
    for (uint32_t i = 0; i < desks && !is_named; i++) {
        const Callout__V1__Desk *d = co_registry_at(r, CO_KIND_DESK, i)->message->desk;
        count = add_holders(r, d->holders, d->n_holders, role, ret_persons, count, cap);
    }
    return count;
}
