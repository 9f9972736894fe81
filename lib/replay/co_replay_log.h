/* co_replay_log.h - a log of real incidents: what they were, and each change of their status.
 *
 * Pure. Dates are moved by the mapping's weeks already; all times are Unix microseconds.
 * Incidents are in the order of their first row, then of their key; rows in the order of time, then
 * of incidents, then as in the file: the same file always gives the same log.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "callout/v1/replay.pb-c.h"
#include "co_err.h"

#define CO_REPLAY_INCIDENTS_MAX 1000000

struct co_replay_incident {
    const char *key;
    const char *impact;
    const char *country;
    const char *product;
    int64_t opened_us;
};

struct co_replay_row {
    int64_t at_us;
    uint32_t incident;
    uint32_t line; /* in the file, from 1 */
    const char *status;
    const char *sub_status;
    const char *support; /* its line */
};

struct co_replay_log {
    struct co_replay_incident *incident;
    size_t incidents;
    struct co_replay_row *row;
    size_t rows;
    char *text;
};

/* Dates of the file, before they are moved. */
struct co_replay_window {
    int64_t from_us;  /* incidents that began before are left out */
    int64_t until_us; /* exclusive: rows from here on are left out, and incidents that begin then */
    uint32_t limit;   /* at most so many incidents, the earliest; 0: all */
};

struct co_replay_problem {
    unsigned line; /* 0: the file as a whole */
    const char *what;
    const char *name; /* the column or the value, or "" */
};

/* Reads the file. Takes the text (`len` bytes and a NUL, from malloc) over, in any case.
 * CO_EINPUT: *ret_problem says what, its texts live as long as the mapping and the log; CO_EFULL:
 * too many incidents; CO_ENOMEM. The log is to be freed also after a failure. */
CO_MUST_CHECK enum co_err co_replay_log_read(struct co_replay_log *ret_log,
                                             const Callout__V1__ReplayMapping *map,
                                             struct co_replay_window window, char *text, size_t len,
                                             struct co_replay_problem *ret_problem);
void co_replay_log_free(struct co_replay_log *log);
