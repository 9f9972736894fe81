/* report_service.h - callout report service: what a customer is told of a month under a contract.
 *
 * The cases are folded from the journal as of the end of the month, or now, by all that is known:
 *   report_service_case.c   one case, on a worker's thread
 *   report_service_promise.c its promises
 *   report_service_sum.c    all of them: sums, and the cap of penalties
 *   report_service_say.c    the report as tables, for people
 *   report_service_print.c  these tables on the terminal, or the whole as CSV
 *   report_service_html.c   these tables as a page
 */
#pragma once

#include "callout/v1/service_report.pb-c.h"
#include "cli_table.h"
#include "history.h"
#include "report_sum.h"

/* What a clock that was late costs. */
struct report_service_owed {
    int64_t ended_us; /* or until when it is late so far */
    bool goes_on;
    int64_t case_id;
    uint32_t ordinal; /* of the clock in its case */
    int64_t cents;
    int64_t cap_cents;                 /* of the terms that the case is under */
    int64_t period_us;                 /* when their service period begins: a cap holds over one */
    Callout__V1__ServicePenalty *said; /* NULL: it ended before the month */
};

/* What is summed up of lots. */
enum report_service_lot { LOT_RESERVED, LOT_USED };

/* What one thread has found. */
struct report_service_found {
    struct co_arena *arena;
    Callout__V1__ServiceCase **cases;
    size_t case_count, case_cap;
    struct report_service_owed *owed;
    size_t owed_count, owed_cap;
    struct report_sum *lots;  /* by key of the lot */
    struct report_sum *calls; /* one row */
    uint64_t unreadable;
};

struct report_service {
    struct history history;
    const struct co_registry *registry;    /* in force */
    const Callout__V1__Contract *contract; /* in force */
    struct co_calendar *calendar;          /* of the contract */
    char month[16];
    int64_t from_us, until_us, end_us; /* the month; its end, or now */
    struct report_service_found found[CO_HISTORY_WORKERS_MAX];
};

/* The command, with the words behind `service`. Returns the exit code. */
int report_service(struct cli *cli);

/* For co_history_options.each; arg: struct report_service. */
enum co_err report_service_case(void *arg, unsigned worker, const struct co_history_case *stored);

/* What was found, in one message; it lives as long as `r` and the command's arena. CO_ENOMEM. */
CO_MUST_CHECK enum co_err report_service_sum(struct report_service *r,
                                             Callout__V1__ServiceReport *ret);

/* A part of the report for people. */
struct report_section {
    const char *title;
    const char *note; /* NULL: none; said below the table, or instead of it */
    struct cli_table table;
};

enum { REPORT_SECTIONS_MAX = 12 };

/* Fills the sections, in the language of the command; times are those of the zone of the contract.
 * Returns how many. */
size_t report_service_say(struct report_service *r, const Callout__V1__ServiceReport *report,
                          struct report_section ret[static REPORT_SECTIONS_MAX]);

int report_service_print(struct report_service *r, const Callout__V1__ServiceReport *report);
int report_service_print_csv(struct cli *cli, const Callout__V1__ServiceReport *report);
/* Writes the whole page to `path`, or nothing. */
int report_service_html(struct report_service *r, const Callout__V1__ServiceReport *report,
                        const char *path);
