/* co_entitle.h - under which contract a report is served, or why it has to be decided.
 *
 * Pure. Times are microseconds since the Unix epoch, UTC. What is returned is borrowed from the
 * registry and from the question.
 */
#pragma once

#include <stdbool.h>
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
    const char *offering; /* key of the policy pack that is asked for; "" or NULL: none by name */
    bool is_dated;        /* it says when what it is about takes place */
    bool is_own;          /* Callout opens it itself: any pack will do that there is */
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
    CO_ENTITLE_UNKNOWN_OFFERING,    /* there is no policy pack of that name */
    CO_ENTITLE_NOT_OFFERED,         /* the contract does not have that pack */
    CO_ENTITLE_NOT_DATED,           /* the pack wants to know when it takes place */
    CO_ENTITLE_REASONS
};

/* Why a contract is the one: in what it comes before the next best one that fits. */
enum co_entitle_why {
    CO_ENTITLE_NOT_SERVED,
    CO_ENTITLE_NAMED,    /* in the question */
    CO_ENTITLE_ONLY_ONE, /* that fits */
    CO_ENTITLE_LISTS_SITE,
    CO_ENTITLE_LISTS_PRODUCT,
    CO_ENTITLE_LISTS_VERSION,
    CO_ENTITLE_LEAVES_LESS_OPEN, /* lists less that the question does not say */
    CO_ENTITLE_BETTER_LEVEL,
    CO_ENTITLE_BEGAN_LATER,
    CO_ENTITLE_FIRST_KEY,
    CO_ENTITLE_APPROVED, /* no answer of co_entitle(): somebody took on a held case */
    CO_ENTITLE_WHYS
};

#define CO_ENTITLE_OTHERS 3

struct co_entitlement {
    enum co_entitle_reason reason;
    const char *field;              /* what it is about: "contract", "site" ...; "" if entitled */
    const char *value;              /* what was given there, or the key of the contract */
    const Callout__V1__Text *title; /* of an excluded cause, from the pack; else NULL */
    Callout__V1__Role role;         /* who decides: the project manager where one is known, else the
                                       desk; ROLE_NONE if entitled */
    const char *policy; /* key of the pack it is served under, or would be; "": none known */
    const struct co_object
        *contract; /* the one it is served under, or would be; NULL: none known */
    const Callout__V1__Customer
        *customer;                 /* NULL: not known; also found through contract or site */
    const Callout__V1__Site *site; /* NULL: not given or not known */
    const Callout__V1__Product *product;
    const Callout__V1__ProductVersion *version;
    enum co_entitle_why why; /* CO_ENTITLE_NOT_SERVED if not entitled, and then no others */
    const struct co_object *others[CO_ENTITLE_OTHERS]; /* that fitted too, best first */
    size_t others_kept;
    uint32_t other_count; /* all that fitted besides */
};

/* "entitled", "unknown_customer", ... "excluded_cause": the reasons of CaseHeld. */
const char *co_entitle_reason_name(enum co_entitle_reason reason);

/* "named", "only_one", ... "approved": Entitled.why; "" for CO_ENTITLE_NOT_SERVED. */
const char *co_entitle_why_name(enum co_entitle_why why);

/* Answers. A contract that is named is the one, whatever else the customer has. Else the customer's
 * contracts are looked at that have the pack that is asked for, cover site, product, version and
 * cause and hold at the time. Where none is asked for it is the first one of each contract. The
 * most specific one is taken: one that lists this site, then one that lists this product, then one
 * that lists this version, then the one that lists least of what the question leaves open, which is
 * taken to be covered. Then the best for the customer, by service_level; then the one that began
 * later; then the first by key. */
struct co_entitlement co_entitle(const struct co_registry *r, const struct co_entitle_ask *ask);

#define CO_UNKNOWN_NEAREST 3
#define CO_UNKNOWN_FIELDS 6
#define CO_UNKNOWN_SCAN                                                                            \
    1000 /* names looked at for each reference, those next to it in key order                      \
          */

struct co_unknown {
    const char *field; /* "customer", "contract", "site", "product", "version", "offering" */
    const char *value;
    const char *nearest[CO_UNKNOWN_NEAREST]; /* names that look alike, best first */
    size_t nearest_count;
};

/* The references that the registry does not have; returns how many. Contracts and sites of the
 * customer come first where the customer is known. At worst 1 ms for each unknown reference. */
size_t co_entitle_unknown(const struct co_registry *r, const struct co_entitle_ask *ask,
                          struct co_unknown ret_unknown[static CO_UNKNOWN_FIELDS]);
