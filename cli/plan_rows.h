/* plan_rows.h - the dates of plans and the ends of contracts, with what became of them. */
#pragma once

#include "cli.h"
#include "co_plan.h"
#include "co_registry.h"

struct plan_row {
    const char *kind;  /* "plan", "renewal" */
    const char *key;   /* of the plan, the contract */
    const char *title; /* for people */
    struct co_plan_date date;
    const Callout__V1__Calendar *calendar; /* whose local time it is in; NULL: not known */
    const char *number;                    /* of its case; "": none */
    const char *state; /* "opened", "ahead", "skipped", "passed", "out_of_life" */
};

struct plan_rows {
    struct cli *cli;
    const struct co_registry *registry;
    int64_t now_us;
    struct plan_row *row;
    size_t count;
    size_t cap;
};

/* Adds what takes place in [from_us, until_us). Returns the exit code. */
CO_MUST_CHECK int plan_rows_add(struct plan_rows *rows, const Callout__V1__Plan *plan,
                                int64_t from_us, int64_t until_us);
void plan_rows_add_renewal(struct plan_rows *rows, const Callout__V1__Contract *contract,
                           int64_t from_us, int64_t until_us);

/* Asks which of them have a case, sorts them by time and says their state. Returns the exit code.
 */
CO_MUST_CHECK int plan_rows_finish(struct plan_rows *rows);

/* As a table, or with -o json as a list. */
int plan_rows_print(struct plan_rows *rows, const char *empty);
