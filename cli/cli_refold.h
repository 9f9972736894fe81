/* cli_refold.h - a case computed anew, from what intake answers: its journal and the versions it is
 * under. */
#pragma once

#include "cli.h"
#include "co_object.h"
#include "refold.h"

/* A case, and everything it was computed from; {0} at first, cli_case_done() in the end. */
struct cli_case {
    Callout__V1__EntryRow **row; /* its entries, in order; in the arena */
    size_t count;
    size_t cap;
    struct refold refold; /* explanation NULL: the case is held or not yet taken by sla */
};

/* Where a case comes from. Both return exit codes and say what is wrong. */
struct cli_case_source {
    /* Keeps all entries of the case, in order (cli_case_keep()). */
    int (*entries)(struct cli *cli, void *arg, const char *number, struct cli_case *c);
    /* The text that a pin names, in the arena. */
    int (*object)(struct cli *cli, void *arg, enum co_kind kind, const Callout__V1__Pin *pin,
                  Callout__V1__RegistryObject **ret);
    void *arg;
};
void cli_case_keep(struct cli *cli, const Callout__V1__EntryRow *row, void *arg);

/* Computes the case as of c->refold.now_us. */
typedef int cli_case_fold(struct cli *cli, const char *number, const struct cli_case_source *from,
                          struct cli_case *ret);

/* Reads the case and computes it as of now; with --archive from files. Returns the exit code. */
CO_MUST_CHECK int cli_case_read(struct cli *cli, const char *number, struct cli_case *ret);
void cli_case_done(struct cli_case *c);
