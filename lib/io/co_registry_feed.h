/* co_registry_feed.h - keeps this process's copy of the registry up to date from the database.
 *
 * The newest version is loaded after the connection is up; newer ones when somebody asks for them (an entry of the
 * journal names them). Old texts of single objects are fetched by pin, and kept as long as they are used: of more than
 * CO_REGISTRY_FEED_PINS the one that nobody has asked for longest is forgotten. One thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "callout/v1/registry.pb-c.h"
#include "co_err.h"
#include "co_log.h"
#include "co_pg.h"
#include "co_registry.h"

enum { CO_REGISTRY_FEED_PINS = 4096 }; /* more than any one turn asks for: two for each of its cases */

struct co_registry_feed;

struct co_registry_feed_options {
    uv_loop_t *loop;
    struct co_pg *pg; /* control connection; shared, borrowed */
    struct co_log *log;
    /* Another version, or a pinned object, is there, or a fetch that failed may be tried again: ask again. */
    void (*on_change)(void *arg);
    void *arg;
};

/* NULL: out of memory. */
struct co_registry_feed *co_registry_feed_open(const struct co_registry_feed_options *options);

/* The connection must be closed before. Frees when the loop has run again; *feed_p is NULL afterwards. NULL is allowed. */
void co_registry_feed_close(struct co_registry_feed **feed_p);

/* Loads what is missing up to at least `version` (0: whatever is newest), if that is not under way. */
void co_registry_feed_want(struct co_registry_feed *feed, uint64_t version);

/* A mark of now: once co_registry_feed_has_passed() is true of it, all is loaded that was applied before. Asks for what is newest;
 * on_change tells when there is more to know. Who takes over the work of another process may not be told of a version by it. */
uint64_t co_registry_feed_mark(struct co_registry_feed *feed);
bool co_registry_feed_has_passed(const struct co_registry_feed *feed, uint64_t mark);

/* Version loaded; 0: nothing applied yet, or not loaded. */
uint64_t co_registry_feed_version(const struct co_registry_feed *feed);
bool co_registry_feed_is_loaded(const struct co_registry_feed *feed);

/* The registry in force; never NULL; empty before anything was applied. Valid until the loop turns. */
const struct co_registry *co_registry_feed_get(const struct co_registry_feed *feed);

/* The text of an object as pinned: the current one or an older one. NULL: being fetched (ask again after on_change), or, with
 * *ret_missing set, it does not exist. A fetch that failed is tried again when it is asked for, at a growing pace. Valid until
 * the loop turns: what is kept longer is a copy. */
const struct co_object *co_registry_feed_pin(struct co_registry_feed *feed, enum co_kind kind, const char *key,
                                              uint64_t since, bool *ret_missing);
