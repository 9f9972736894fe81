/* cli_refold.h - a case computed anew, from what intake answers: its journal and the versions it is
 * under. */
#pragma once

#include "cli.h"
#include "refold.h"

/* A case, and everything it was computed from; {0} at first, cli_case_done() in the end. */
struct cli_case {
    Callout__V1__EntryRow **row; /* its entries, in order; in the arena */
    size_t count;
    size_t cap;
    struct refold refold; /* explanation NULL: the case is held or not yet taken by sla */
};

/* Reads the case and computes it as of now. Returns the exit code. */
CO_MUST_CHECK int cli_case_read(struct cli *cli, const char *number, struct cli_case *ret);
void cli_case_done(struct cli_case *c);
