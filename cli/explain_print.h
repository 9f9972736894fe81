/* explain_print.h - an explanation for people. */
#pragma once

#include "cli_refold.h"

/* The case, then each clock with its segments and what was announced of it. `view` may be held or
 * not yet taken: c->refold.explanation is NULL then. */
void explain_print(struct cli *cli, const struct cli_case *c, const Callout__V1__CaseView *view);

/* One clock by itself, without what was announced. */
void explain_print_clock(struct cli *cli, const Callout__V1__ClockAccount *c, int64_t now_us);

/* The one of the language. */
const char *explain_words(const struct cli *cli, const char *en, const char *zh)
    __attribute__((format_arg(2), format_arg(3)));
