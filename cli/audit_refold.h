/* audit_refold.h - one case, folded anew and compared with what was announced and what is stored.
 * Pure but for the versions. */
#pragma once

#include "callout/v1/audit.pb-c.h"
#include "history.h"

/* Columns of cli/sql/refold_rows.sql. */
enum refold_column { REFOLD_CASE_ID, REFOLD_SEVERITY, REFOLD_STATE, REFOLD_NEXT_AT, REFOLD_BODY };

/* What is compared, and what comes out. */
struct refold_case {
    struct history *history;
    const struct co_history_case *stored;
    int64_t now_us;
    uint64_t taken; /* entries up to here sla has taken in */

    /* Called for each difference; the message lives until it returns. */
    enum co_err (*differs)(void *arg, const Callout__V1__RefoldDifference *difference);
    void *arg;

    uint64_t outputs;
    bool is_compared;
    bool is_behind;
};

/* CO_ENOMEM, CO_EDOWN, or what `differs` returned. */
CO_MUST_CHECK enum co_err refold_case(struct refold_case *r);
