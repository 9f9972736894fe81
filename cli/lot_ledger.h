/* lot_ledger.h - the lots of contracts, by the registry and by the ledger of dispatch. */
#pragma once

#include "cli.h"
#include "co_registry.h"

struct lot_line {
    const Callout__V1__Lot *terms; /* NULL: only the ledger knows it */
    int64_t from_us, until_us;     /* good from then until then, rolled over or not */
    uint32_t day_minutes;          /* a day, as the contract counts */
    bool is_rolled;                /* its own end is past, and what was left is still good */
    Callout__V1__LotRow row;       /* as it stands now, whether that is posted yet or not */
};

struct lot_ledger {
    struct cli *cli;
    const struct co_registry *registry;
    char *contract; /* only its lots; NULL: those of all that were added */
    int64_t now_us;
    int64_t from_us, until_us; /* of postings; 0: all */
    struct lot_line *line;
    size_t count, cap;
    Callout__V1__PostingRow **posting; /* by lot and number */
    size_t posting_count, posting_cap;
};

/* The lots of a contract. Returns the exit code, as all of these. */
CO_MUST_CHECK int lot_ledger_add(struct lot_ledger *ledger, const Callout__V1__Contract *contract);

/* How they stand. What is posted only when somebody takes from a lot (bought, expired) counts. */
CO_MUST_CHECK int lot_ledger_ask(struct lot_ledger *ledger);

/* What was posted to the lots of that contract. */
CO_MUST_CHECK int lot_ledger_postings(struct lot_ledger *ledger, const char *contract);
