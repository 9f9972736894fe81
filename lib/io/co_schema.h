/* co_schema.h - does the schema of the database fit this release? Pure.
 *
 * A release needs every migration that it was built with, and works with a schema that has more: a
 * migration adds, and what takes something away says from which release on daemons work with it
 * (journal.contract). So the schema is brought up to date first, and then the daemons are replaced
 * one by one, while those of the release before work on.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "co_why.h"

struct co_schema_room {
    const char *service; /* "journal", "registry", "intake" ... */
    int newest;          /* number of its last migration */
};

/* What this release was built with. */
extern const struct co_schema_room co_schema_rooms[];
extern const size_t co_schema_room_count;

/* `least_release`: daemons older than it do not work with this schema; "": all do. When false, `why`
 * says what is missing and which command helps. */
bool co_schema_fits(const struct co_schema_room *needed, size_t needed_count,
                    const struct co_schema_room *found, size_t found_count,
                    const char *least_release, const char *own_release, struct co_why *why);

/* Of releases "1.12.0": below 0 when `a` is older than `b`, 0 when it is the same, above 0 else. A part
 * that is missing or no number counts as 0. */
int co_schema_release_order(const char *a, const char *b);
