/* intake_scope.h - which cases a client may see and touch. Pure.
 *
 * A client whose registry entry names contracts or customers has a scope: it sees cases under these contracts and of these
 * customers, and, as long as they are under no contract, those it reported itself. What is outside is as if it did not exist
 * (docs/security.md, decision 021). Texts are borrowed.
 */
#pragma once

#include <stdbool.h>

#include "callout/v1/event.pb-c.h"
#include "co_registry.h"
#include "intake_complaint.h"

/* Of a client; NULL where it was not given by the registry. */
bool intake_scope_is_limited(const Callout__V1__Client *client);

/* A case as far as it is known. */
struct intake_scope_case {
    const char *customer;
    const char *contract; /* "": none, it is held, or not opened yet; NULL: not known, it was stored by an earlier release */
    const char *source;   /* who reported it; NULL: not known */
};

bool intake_scope_has_case(const Callout__V1__Client *client, const struct intake_scope_case *c);

/* A contract that is named in the scope, or is of a customer that is. */
bool intake_scope_has_contract(const Callout__V1__Client *client, const struct co_registry *r, const char *contract);

/* May the object be read? The catalogue may, by everybody: products, packs, calendars, areas, the compatibility list. */
bool intake_scope_has_object(const Callout__V1__Client *client, const struct co_registry *r, const struct co_object *o);

/* May a client with a scope ask this at all, whatever its roles? CO_EINPUT: no, `c` says why. */
CO_MUST_CHECK enum co_err intake_scope_check(const Callout__V1__Client *client, const struct co_registry *r,
                                             const Callout__V1__Request *request, int64_t now_us, struct co_arena *arena,
                                             struct intake_complaint *c);
