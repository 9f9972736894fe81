/* cli_apply.h - changes the registry: shows the difference and what would move, asks, and applies
 * it all or not at all. */
#pragma once

#include "cli.h"

struct cli_change {
    const Callout__V1__Registry *put;  /* comes, or is changed; may be empty, not NULL */
    const Callout__V1__Registry *gone; /* goes: kinds and keys; NULL: nothing */
    bool is_pruned;                    /* what `put` does not have goes too */
};

/* The options that cli_apply() reads. */
#define CLI_APPLY_OPTIONS                                                                          \
    { "dry-run", 'n', NULL, "only show the difference" }, { "yes", 'y', NULL, "do not ask" },      \
        { "no-preview", 0, NULL, "do not look which due times of open cases move" },               \
    {                                                                                              \
        "change-id", 0, "ID", "name of this change; the same again gives the same answer [random]" \
    }

/* Returns the exit code. */
CO_MUST_CHECK int cli_apply(struct cli *cli, const struct cli_change *change);
