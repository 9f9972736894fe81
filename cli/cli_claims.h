/* cli_claims.h - what engineers hold now. */
#pragma once

#include "cli.h"

struct cli_claims {
    Callout__V1__ClaimRow **row; /* by engineer */
    size_t count, cap;
};

/* Asks for all of them; they live in the command's arena. Returns the exit code. */
CO_MUST_CHECK int cli_claims_fetch(struct cli *cli, struct cli_claims *ret_claims);

/* What he holds: *ret_first[0..count). */
size_t cli_claims_of(const struct cli_claims *claims, const char *engineer,
                     Callout__V1__ClaimRow *const **ret_first);
