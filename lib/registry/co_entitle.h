/* co_entitle.h - under which contract a report is served, or why it has to be decided.
 *
 * Pure. Times are microseconds since the Unix epoch, UTC. What is returned is borrowed from the
 * registry and from the question.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "co_registry.h"

/* References as the sender gave them; "" or NULL where not given. */
struct co_entitle_ask {
    const char *customer;
    const char *contract;
    const char *site;
    const char *product;
    int64_t at_us;       /* when it was reported */
    const char *version; /* of the product */
    char *const *traits; /* what the ticket says of the fault */
    size_t trait_count;
    char *const *conditions;
    size_t condition_count;
};

enum co_entitle_reason {
    CO_ENTITLED,
    CO_ENTITLE_UNKNOWN_CUSTOMER,
    CO_ENTITLE_UNKNOWN_CONTRACT,
    CO_ENTITLE_UNKNOWN_SITE,
    CO_ENTITLE_UNKNOWN_PRODUCT,
    CO_ENTITLE_EXPIRED,
    CO_ENTITLE_NOT_STARTED,
    CO_ENTITLE_NOT_COVERED, /* another customer's, or a site or product that the contract leaves out
                             */
    CO_ENTITLE_NO_CONTRACT, /* the customer has none, or nothing says who the customer is */
    CO_ENTITLE_UNKNOWN_VERSION,     /* the product is told apart by versions, and has no such */
    CO_ENTITLE_VERSION_NOT_COVERED, /* the contract lists other versions of the product */
    CO_ENTITLE_OUT_OF_LIFE,         /* the support life of product or version is over */
    CO_ENTITLE_EXCLUDED_CAUSE,      /* the policy does not cover faults with this cause */
    CO_ENTITLE_REASONS
};

struct co_entitlement {
    enum co_entitle_reason reason;
    const char *field;              /* what it is about: "contract", "site" ...; "" if entitled */
    const char *value;              /* what was given there, or the key of the contract */
    const Callout__V1__Text *title; /* of an excluded cause, from the pack; else NULL */
    Callout__V1__Role role;         /* who decides: the project manager where one is known, else the
                                       desk; ROLE_NONE if entitled */
    const struct co_object
        *contract; /* the one it is served under, or would be; NULL: none known */
    const Callout__V1__Customer
        *customer;                 /* NULL: not known; also found through contract or site */
    const Callout__V1__Site *site; /* NULL: not given or not known */
    const Callout__V1__Product *product;
    const Callout__V1__ProductVersion *version;
};

/* "entitled", "unknown_customer", ... "excluded_cause": the reasons of CaseHeld. */
const char *co_entitle_reason_name(enum co_entitle_reason reason);

/* Answers. A contract that is named is the one, whatever else the customer has. Else the customer's
 * contracts are looked at that cover site and product and hold at the time; one that lists this
 * site wins over one that does not, then one that lists this product, then one that lists this
 * version, then the one that began later, then the first by key. A reference that was not given is
 * taken to be covered, but a contract that lists some comes after one that does not. */
struct co_entitlement co_entitle(const struct co_registry *r, const struct co_entitle_ask *ask);

#define CO_UNKNOWN_NEAREST 3
#define CO_UNKNOWN_FIELDS 5
#define CO_UNKNOWN_SCAN                                                                            \
    1000 /* names looked at for each reference, those next to it in key order                      \
          */

struct co_unknown {
    const char *field; /* "customer", "contract", "site", "product", "version" */
    const char *value;
    const char *nearest[CO_UNKNOWN_NEAREST]; /* names that look alike, best first */
    size_t nearest_count;
};

/* The references that the registry does not have; returns how many. Contracts and sites of the
 * customer come first where the customer is known. At worst 1 ms for each unknown reference. */
size_t co_entitle_unknown(const struct co_registry *r, const struct co_entitle_ask *ask,
                          struct co_unknown ret_unknown[static CO_UNKNOWN_FIELDS]);
