/* co_roles.h - who is project manager, director, contact ... of a case. Pure. */
#pragma once

#include <stddef.h>

#include "co_registry.h"

enum { CO_DELEGATES_MAX = 4 }; /* delegates of delegates that are looked at for one person */

/* Whoever the contract names for the role and the registry knows, in the order of the contract,
 * each once. Writes at most `cap` persons, borrowed from the registry; returns how many. */
size_t co_roles_of_contract(const struct co_registry *r, const Callout__V1__Contract *contract,
                            Callout__V1__Role role, const Callout__V1__Person **ret_persons,
                            size_t cap);

/* Who holds the role: the site's contact for ROLE_CUSTOMER, else whom the contract names, else whom
 * the desks name, in the order of their keys. Without a site the contacts of all sites that the
 * contract covers stand for the customer before the desks, in the order of the sites' keys.
 * `contract` and `site` may be NULL: not known. The
 * engineer of a work order is not in the registry: ROLE_ENGINEER gives nobody unless a contract or
 * desk names one. Writes at most `cap` persons; returns how many. */
size_t co_roles_find(const struct co_registry *r, const Callout__V1__Contract *contract,
                     const Callout__V1__Site *site, Callout__V1__Role role,
                     const Callout__V1__Person **ret_persons, size_t cap);
