/* report_service_look.h - one case of a service report while it is looked at; what its files share.
 * Nobody else includes it. */
#pragma once

#include "report_service.h"
#include "sla_penalty.h"

/* What is known of the case while it is looked at. */
struct report_look {
    struct report_service *r;
    struct report_service_found *found;
    const struct co_history_case *stored;
    struct co_arena *arena; /* of this case */
    struct sla_case c;
    struct sla_fold fold;
    struct sla_ledger ledger;
    const Callout__V1__Contract *terms; /* it is judged by */
    struct sla_declared declared;
    Callout__V1__ServiceCase *to; /* NULL: it was closed before the month */
    struct report_service_owed *owed;
    size_t *said; /* like owed: the promise; SIZE_MAX: none */
    size_t owed_count;
};

static inline int64_t look_later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static inline int64_t look_earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* report_service_promise.c; memory is that of the case, NULL and false: there is none left. */

/* Room for n pointers. */
void *look_list(struct report_look *k, size_t n);
Callout__V1__TimePart *look_part(struct report_look *k, enum sla_holder holder, int64_t length_us);
/* Adds who held the case how long, of that span. */
void look_lengths(const struct report_look *k, int64_t from_us, int64_t until_us,
                  int64_t ret[static SLA_HOLDERS]);

/* What became of its clocks, into `to`, and what is owed for them. */
CO_MUST_CHECK bool look_promises(struct report_look *k);
