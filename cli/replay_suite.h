/* replay_suite.h - a suite with the stepped clock, from the outside: moves its time, waits until
 * all of it has come to rest, reads what was announced.
 *
 * Joins the suite as a member that only publishes steps of the clock; everything is read from the
 * database, as the owner of the schema. Blocking, one thread. Functions that return an exit code
 * have said on `err` what went wrong; a lost connection is waited for, up to the time given at
 * open.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "cli.h"
#include "co_journal.h"

struct replay_suite;

struct replay_facts {
    double rate; /* 0: the stepped clock */
    int64_t now_us;
    int lanes;
    bool is_used; /* it took a request before */
};

struct replay_there {
    uint64_t ticket_receipts, command_receipts, ticket_entries, command_entries, verdicts, cases;
};

/* `give_up_us`: how long anything may take, in real time. */
CO_MUST_CHECK int replay_suite_open(struct cli *cli, int64_t give_up_us,
                                    struct replay_suite **ret_suite);
void replay_suite_close(struct replay_suite *s); /* NULL is allowed */

CO_MUST_CHECK int replay_suite_facts(struct replay_suite *s, struct replay_facts *ret_facts);
CO_MUST_CHECK int replay_suite_there(struct replay_suite *s, struct replay_there *ret_there);

/* Domain time is `now_us` from now on, and every daemon is told. */
CO_MUST_CHECK int replay_suite_step(struct replay_suite *s, int64_t now_us);

enum replay_rest {
    REPLAY_DECIDED, /* sla and dispatch have done what they can do at this moment */
    REPLAY_TOLD,    /* and everybody was told of it */
    REPLAY_RESTS
};

/* When something is due next; INT64_MAX: never. */
struct replay_due {
    int64_t sla_us, dispatch_us, notify_us;
};

/* Waits for that, then gives each entry of lane 0 that it has not given before, in order. `each`
 * must not ask the suite anything. */
CO_MUST_CHECK int replay_suite_rest(struct replay_suite *s, enum replay_rest which,
                                    int (*each)(void *arg, const struct co_entry_raw *entry),
                                    void *arg, struct replay_due *ret_due);
