/* co_pg_history.h - which history of the database a process has seen, so that it never goes back to an older one. Pure.
 *
 * A standby that is promoted begins a new timeline. Its old primary may come back, writable, on the old one: what is written there is
 * lost for everybody else. All connections of a process share one history: a server whose timeline is below the greatest one
 * seen, or that belongs to another database system, is not used any more in the life of this process. One thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { CO_PG_SYSTEM_TEXT = 24 };

struct co_pg_history {
    char system[CO_PG_SYSTEM_TEXT]; /* identifier of the database system; "": none seen */
    int64_t timeline;               /* greatest one seen */
    bool is_surveyed;               /* every place was looked at once */
    unsigned good_place;            /* place of the connection string that was the primary last */
    bool is_pooler_known;           /* no need to look again */
    struct co_pg *members;          /* the connections that share it */
};

enum co_pg_verdict {
    CO_PG_SAME,
    CO_PG_NEWER, /* and it is the history now: connections to an older one are to be left */
    CO_PG_OLDER, /* a primary of the past */
    CO_PG_OTHER, /* another database system */
};

/* Judges a server by its identifier and timeline, and takes a newer timeline in. */
enum co_pg_verdict co_pg_history_meet(struct co_pg_history *h, const char *system, int64_t timeline);

/* What others wrote, "SYSTEM.TIMELINE", 8 hexadecimal digits, as in read_era.sql. True: newer than what was seen here, and taken in;
 * of another system, or not of this form, it says nothing. */
bool co_pg_history_hear(struct co_pg_history *h, const char *era);
