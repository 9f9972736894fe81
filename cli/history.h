/* history.h - what the commands share that compute the whole stored history anew: callout audit,
 * simulate, report. */
#pragma once

#include "cli.h"
#include "co_history.h"
#include "history_versions.h"
#include "sla_case.h"

#define HISTORY_KIND(name) (UINT64_C(1) << CALLOUT__V1__EVENT__BODY_##name)

/* Entries that make the state of a case; what was announced is not among them. */
#define HISTORY_INPUTS                                                                             \
    (HISTORY_KIND(TICKET_SUBMITTED) | HISTORY_KIND(COMMAND_RECEIVED) | HISTORY_KIND(CASE_OPENED) | \
     HISTORY_KIND(CASE_HELD) | HISTORY_KIND(ACTED) | HISTORY_KIND(WITHDRAWN) |                     \
     HISTORY_KIND(CALENDAR_REBASED) | HISTORY_KIND(EXCLUDED) | HISTORY_KIND(COMMAND_APPLIED) |     \
     HISTORY_KIND(SITE_LOCATED))

/* Entries that say who was called about what, and who it was about: history_view(). */
#define HISTORY_CALLS                                                                              \
    (HISTORY_KIND(TICKET_SUBMITTED) | HISTORY_KIND(CASE_OPENED) | HISTORY_KIND(COMMAND_RECEIVED) | \
     HISTORY_KIND(COMMAND_APPLIED) | HISTORY_KIND(COMMAND_REFUSED) | HISTORY_KIND(OFFERED) |       \
     HISTORY_KIND(OFFER_ENDED) | HISTORY_KIND(ASSIGNED) | HISTORY_KIND(ORDER_ENDED) |              \
     HISTORY_KIND(WITHDRAWN))

/* These and all that the fold says, and the journal keeps. */
#define HISTORY_ALL                                                                                \
    (HISTORY_INPUTS | HISTORY_KIND(PROMISED) | HISTORY_KIND(WARNED) | HISTORY_KIND(BREACHED) |     \
     HISTORY_KIND(MET) | HISTORY_KIND(STOPPED) | HISTORY_KIND(SEVERITY_CHANGED) |                  \
     HISTORY_KIND(CASE_CLOSED) | HISTORY_KIND(ESCALATED) | HISTORY_KIND(NOT_SERVED) |              \
     HISTORY_KIND(ACT_MADE) | HISTORY_KIND(STEP_OPENED) | HISTORY_KIND(STEP_HANDED_OVER) |         \
     HISTORY_KIND(STEP_DONE) | HISTORY_KIND(CONSENT_CHANGED) | HISTORY_KIND(SESSION_CHANGED))

struct history {
    struct cli *cli;
    struct co_history *stored;
    struct history_versions *versions;
    const char *doing; /* for the progress: "folding" */
    struct cli_progress progress;
};

/* Rows of a command's option table. */
#define HISTORY_OPTIONS                                                                            \
    { "database-url", 0, "URL",                                                                    \
      "the database, of a role that may read it; better in CALLOUT_DATABASE_URL" },                \
    {                                                                                              \
        "jobs", 'j', "N", "connections to the database, a thread each [twice the cores]"           \
    }

/* Opens a snapshot. Returns the exit code; history_close() in any case. */
CO_MUST_CHECK int history_open(struct cli *cli, struct history *ret);
void history_close(struct history *h);

/* Reads everything, with a progress after two seconds. `options`: all but workers and progress.
 * Returns the exit code. */
CO_MUST_CHECK int history_run(struct history *h, const struct co_history_options *options);

/* The case as of `now_us`, from its entries; `opened` of its state is NULL where it is held or not
 * taken yet. Entries of SiteLocated behind `located_until` are left out. Errors as
 * sla_journal_state(). */
CO_MUST_CHECK enum co_err history_case(const struct co_history_case *c, int64_t now_us,
                                       uint64_t located_until, struct sla_case *ret);

/* Sets the versions of an open case; see history_versions_find(). CO_EINPUT also where it was
 * folded by another version of the engine. */
CO_MUST_CHECK enum co_err history_case_versions(struct history *h,
                                                const struct history_drafts *drafts,
                                                struct sla_case *c, bool *ret_touched);

/* What the entries at hand say of the case, as of the newest; see co_view_fold(). */
CO_MUST_CHECK enum co_err history_view(const struct co_history_case *c,
                                       Callout__V1__CaseView **ret);

/* What the contract said when the case was opened; it lives as long as the history. CO_EINPUT: that
 * text is not there; else as history_case_versions(). */
CO_MUST_CHECK enum co_err history_case_terms(struct history *h,
                                             const Callout__V1__CaseOpened *opened,
                                             const Callout__V1__Contract **ret);
