/* sla_pack.h - the small world (sla_world.h) under packs and calendars as they stand in files.
 *
 * One pack_begin() before and one pack_end() after each case; both end the test on failure. Times
 * are minutes after T0, Monday 2026-03-02 09:00 in Beijing.
 */
#pragma once

#include "co_registry.h"
#include "co_yaml.h"
#include "sla_world.h"

struct pack_files {
    struct co_yaml *yaml;
    struct co_registry *registry;
    struct co_calendar *compiled[16];
    struct sla_named_calendar named[16];
    size_t calendar_count;
};

/* Loads calendars/, policies/ and, unless NULL, `more` (a path in the source tree); opens a case at
 * minute 0 under that pack, at a site with that calendar. */
void pack_begin(struct world *w, struct pack_files *f, const char *more, const char *pack,
                const char *calendar, uint32_t severity);
void pack_end(struct world *w, struct pack_files *f);

/* The figures and the site's conditions of a contract of the files, as of minute 0. */
void pack_contract(struct world *w, const struct pack_files *f, const char *contract,
                   const char *site);

/* The promise last made for that generation; NULL: none. */
const Callout__V1__Promised *pack_promise(const struct world *w, const char *milestone,
                                          uint32_t generation);
/* Minute at which it is due; -1: to be agreed. No promise ends the test. */
int64_t pack_due(const struct world *w, const char *milestone, uint32_t generation);
/* How often the fold says that the milestone is breached, met, or stopped. */
size_t pack_count(const struct world *w, Callout__V1__Event__BodyCase body, const char *milestone);
/* Minute at which something of that name was proposed or told; -1: never. */
int64_t pack_acted(const struct world *w, const char *what);
