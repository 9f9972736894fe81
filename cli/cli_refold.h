/* cli_refold.h - a case computed anew, from its journal entries and the versions it is under. */
#pragma once

#include "callout/v1/explain.pb-c.h"
#include "cli.h"

/* Entries of a case, in order, that outlive the replies they came in. */
struct cli_journal {
    Callout__V1__EntryRow **row;
    size_t count;
    size_t cap;
};

/* Reads them all. Returns the exit code. */
CO_MUST_CHECK int cli_journal_read(struct cli *cli, const char *number, struct cli_journal *ret);

/* Folds the case as of now and accounts for each clock; *ret is NULL where it is held or not yet
 * taken by sla. The result is the arena's and borrows from `journal`. Returns the exit code. */
CO_MUST_CHECK int cli_refold(struct cli *cli, const struct cli_journal *journal,
                             Callout__V1__Explanation **ret);
