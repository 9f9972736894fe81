/* roster_roles.h - the roles of a registry and who holds them, as callout roster shows them. */
#pragma once

#include "cli.h"
#include "co_registry.h"
#include "co_roles.h"

enum { ROSTER_HOLDERS_MAX = 64 };

/* A role as contracts or desks give it. */
struct roster_role {
    Callout__V1__Role role;
    const char *of; /* key of the contract; "": of the desks, for contracts that name nobody */
    const Callout__V1__Person *holders[ROSTER_HOLDERS_MAX];
    size_t count;
};

/* Calls `each` for the roles that desks give, then for those of each contract that is served at
 * some time of [from_us, until_us); the same holders of a role once, with the first who names them.
 * CLI_FAILED: out of memory, said. */
CO_MUST_CHECK int roster_roles_each(struct cli *cli, const struct co_registry *registry,
                                    int64_t from_us, int64_t until_us,
                                    void (*each)(void *arg, const struct roster_role *role),
                                    void *arg);

/* "pm, director": what the person holds by any contract or desk; "": nothing. */
const char *roster_roles_of(struct cli *cli, const struct co_registry *registry,
                            const char *person);
