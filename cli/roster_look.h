/* roster_look.h - which people callout roster show and gaps look at, and over which days. */
#pragma once

#include "cli_registry.h"
#include "co_rosters.h"

struct roster_look {
    struct cli *cli;
    int64_t from_us, until_us;
    uint32_t level;                                /* at least */
    const char *office, *person, *product, *skill; /* "": all */
    const struct co_registry *registry;
    struct co_rosters *rosters;
};

/* Options; `days` where none are given. Returns the exit code. */
CO_MUST_CHECK int roster_look_read(struct cli *cli, uint32_t days, struct roster_look *ret);

/* Are the keys of the options in the registry, and its rosters made ready? Returns the exit code;
 * `rosters` is the caller's then. */
CO_MUST_CHECK int roster_look_begin(struct roster_look *k, const struct co_registry *registry);

const Callout__V1__Engineer *roster_look_at(const struct roster_look *k, uint32_t i);

/* Is he among those that the options ask for, with the qualifications he has at `at_us`? */
bool roster_look_wants(const struct roster_look *k, const Callout__V1__Engineer *e, int64_t at_us);

/* Do the options ask for engineers only, by what they can or where they are? */
bool roster_look_is_of_engineers(const struct roster_look *k);
