/* zone_test.h - what the files of callout zone test share. */
#pragma once

#include "callout/v1/event.pb-c.h"
#include "cmd_zone.h"
#include "co_geo.h"
#include "dispatch_road.h"
#include "sla_target.h"

/* The place that was asked for. */
struct zone_place {
    const Callout__V1__Site *site;   /* NULL: only a position */
    Callout__V1__Position *position; /* that was given; NULL: the site's holds */
    struct co_point at;              /* in WGS-84 */
    bool has_point;
};

/* How far an office is; NAN: not known. */
struct zone_office {
    const Callout__V1__Office *office;
    struct co_road_estimate road;
    double straight_km, estimate_km, road_km, stated_km;
    double km;          /* the one that counts */
    const char *source; /* "contract", "road", "estimate" */
};

struct zone_test {
    struct cli *cli;
    const struct co_registry *registry;
    struct zone_place place;
    const Callout__V1__PolicyPack *pack;
    const Callout__V1__Contract *contract; /* NULL: none */
    Callout__V1__CaseOpened opened;        /* has the contract's figures */
    uint32_t severity;                     /* only this level; 0: all of the pack */
    const char *router;                    /* "not asked", "answered", or why it did not */
    struct zone_office *office;            /* the base first, then by distance */
    size_t offices;                        /* 0: nobody knows how far it is */
};

/* A position (LAT,LON), the key of a site, or a part of the address or name of one. Returns the
 * exit code after saying what is wrong. */
CO_MUST_CHECK int zone_place_find(struct cli *cli, const struct co_registry *registry,
                                  const char *text, struct zone_place *ret_place);

/* Asks the router at `url` for the ways in `question` and adds what it says to `state`, where
 * `*ret_router` is "answered"; else that says why not. Returns the exit code. */
CO_MUST_CHECK int zone_road_ask(struct cli *cli, const char *url,
                                const struct dispatch_road_question *question,
                                Callout__V1__DispatchState *state, const char **ret_router);

/* What a table says of a place that is so far from an office (NULL: not known). */
bool zone_test_zone(const struct zone_test *t, const Callout__V1__ZoneTable *table,
                    const struct zone_office *o, struct sla_zone *ret_zone);

/* The offices, at most `shown`, and what is promised. Returns the exit code. */
CO_MUST_CHECK int zone_test_print(const struct zone_test *t, size_t shown);
CO_MUST_CHECK int zone_test_print_json(const struct zone_test *t, size_t shown);

/* What one milestone promises by one table, at the levels that look there. */
struct zone_promise {
    const Callout__V1__Milestone *milestone;
    const Callout__V1__ZoneTable *table; /* NULL: levels that do not go by distance */
    struct sla_zone zone;                /* name NULL: not known */
    uint32_t *level;
    const char **text; /* "4h", "agreed", "none" ... per level */
    size_t levels;
};

/* Calls `each` for what is promised there from an office (NULL: distance not known); only
 * milestones that go by distance at some level. */
void zone_test_promises(const struct zone_test *t, const struct zone_office *o,
                        void (*each)(const struct zone_promise *p, void *arg), void *arg);
