/* opened.h - which cases Callout opened by itself. */
#pragma once

#include "cli.h"

/* The numbers of the cases of `count` keys ("plan/KEY/...", "advisory/KEY/CONTRACT"), "" where
 * there is none: an array in the arena. Returns the exit code. */
CO_MUST_CHECK int opened_ask(struct cli *cli, char *const *keys, size_t count,
                             const char ***ret_numbers);
