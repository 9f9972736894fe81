/* co_policycheck.h - what will go wrong under the packs of a registry, before it does.
 *
 * Pure: no clock, no I/O. co_registry_check() refuses what cannot be computed; here every pack is
 * good to compute, and is looked at for what people will not have meant: steps that are never
 * reached, warnings that come too late, levels of which nobody hears, actions that go round,
 * times at which nobody holds a role, years whose holidays are not known. Packs are looked at with
 * the contracts, people and calendars of the same registry, over a span of time.
 *
 * Times are microseconds since the Unix epoch, UTC.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_registry.h"

enum co_finding_level {
    CO_FINDING_WARNING, /* may be meant */
    CO_FINDING_ERROR,   /* cannot be meant */
};

struct co_finding {
    enum co_finding_level level;
    const char *check; /* name of the check: "unreachable", "late_warning" ... */
    enum co_kind kind; /* of the object it is about */
    const char *key;
    const char *path;    /* in it: "milestones[2].on_breach[0]"; "" for the whole */
    const char *message; /* a sentence without its full stop */
    int64_t example_us;  /* a time at which it shows */
};

/* Who is on duty when. Without rosters whoever a contract or a desk names always is. */
struct co_coverage {
    /* The first time in [from_us, until_us) at which nobody holds the role; false: there is none.
     * `site` NULL: at any. */
    bool (*gap)(void *arg, const Callout__V1__Contract *contract, const Callout__V1__Site *site,
                Callout__V1__Role role, int64_t from_us, int64_t until_us, int64_t *ret_gap_us);
    void *arg;
};

struct co_policycheck_ask {
    const struct co_registry *registry; /* without problems of co_registry_check() */
    int64_t from_us;
    int64_t until_us;                   /* exclusive, later than from_us */
    const char *policy;                 /* only this pack and its contracts; NULL: all */
    const struct co_coverage *coverage; /* NULL: whom the registry names is always on duty */
};

struct co_findings;

/* Looks. The caller frees the result, which borrows keys from the registry; NULL: out of memory. */
struct co_findings *co_policycheck(const struct co_policycheck_ask *ask);

/* NULL is allowed. */
void co_findings_free(struct co_findings *f);

/* By kind, key, and place in the object. */
size_t co_findings_count(const struct co_findings *f);
const struct co_finding *co_findings_at(const struct co_findings *f, size_t i);
size_t co_findings_errors(const struct co_findings *f);
