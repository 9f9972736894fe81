/* co_history.h - the whole stored journal, case by case, as of one moment.
 *
 * For commands that compute everything anew while the daemons run: one snapshot of the database,
 * read over several connections, a thread each; lanes are handed out one after the other. Entries
 * are decoded on these threads and given to a function of the caller, a case at a time. Nothing is
 * ever written, and SELECT on the schemas that are read is all that is needed. Memory is bounded by
 * the largest case and one page of entries for each thread.
 */
#pragma once

#include <libpq-fe.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "co_arena.h"
#include "co_err.h"
#include "co_sql.h"
#include "co_why.h"

#define CO_HISTORY_WORKERS_MAX 32u
#define CO_HISTORY_CASE_LIMIT_BYTES ((size_t)256 * 1024 * 1024) /* decoded, and what `each` takes  \
                                                                 */

struct co_history;

struct co_history_entry {
    uint64_t seq;
    int64_t at_us; /* when the journal took it */
    Callout__V1__Event *event;
};

struct co_history_case {
    int64_t case_id;
    int lane;
    const struct co_history_entry *entries; /* of the kinds asked for, rising by seq */
    size_t count;
    const char *problem;  /* NULL; else why not all entries are here: a sentence */
    const PGresult *rows; /* of options.rows, binary; NULL: it has no row for this case */
    int row;
    struct co_arena *arena; /* of this call: entries and whatever the caller makes for the case */
};

/* Says what the database is: CO_EDOWN: cannot be reached, or what it holds is no journal; `why`
 * says so. The caller closes *ret_history. */
CO_MUST_CHECK enum co_err co_history_open(const char *url, struct co_history **ret_history,
                                          struct co_why *why);
void co_history_close(struct co_history *h); /* NULL is allowed */

int64_t co_history_now_us(const struct co_history *h); /* domain time of the snapshot */

/* Runs a statement in the snapshot: parameters are texts, the result is binary and the caller's.
 * From one thread at a time. Errors as co_history_open(); CO_EINPUT: the server refuses it. */
CO_MUST_CHECK enum co_err co_history_query(struct co_history *h, const struct co_sql *sql, int n,
                                           const char *const *values, PGresult **ret_result,
                                           struct co_why *why);

struct co_history_options {
    uint64_t kinds;   /* bit k: entries of kind k are wanted */
    int64_t case_id;  /* only this one; 0: all */
    unsigned workers; /* 0: as many as fit this machine */

    /* What else is known of the cases of a lane, or NULL. In: $1 int2 lane, $2 int8 case_id of the
     * row before, $3 int8 last case_id wanted, $4 int4 limit. Out: case_id int8 and more, rising.
     * A row without entries is a case without entries. */
    const struct co_sql *rows;

    /* Called on worker threads, for one case at a time on each. `worker` is <
     * CO_HISTORY_WORKERS_MAX. Anything but CO_OK ends the run with it. */
    enum co_err (*each)(void *arg, unsigned worker, const struct co_history_case *c);

    /* Called on the calling thread about five times a second: entries read so far, and how far it
     * is, in thousandths of the way through the numbers of all cases. May be NULL. */
    void (*progress)(void *arg, uint64_t entries, unsigned permille);
    void *arg;
};

/* Reads everything once. CO_EDOWN, CO_ENOMEM, or what `each` returned. */
CO_MUST_CHECK enum co_err
co_history_run(struct co_history *h, const struct co_history_options *options, struct co_why *why);
