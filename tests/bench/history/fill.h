/* fill.h - fills a database with a plausible history: what the files of tests/bench/history share.
 *
 * The cases go through the core of sla, entry by entry and timer by timer in the order of time, as
 * they would in a daemon; journal and rows are what it would have written.
 */
#pragma once

#include <libpq-fe.h>
#include <stdint.h>

#include "co_rand.h"
#include "co_registry.h"
#include "sla_case.h"

/* What happens to a case, beside its report. */
struct fill_step {
    int64_t known_us;    /* when the journal takes it */
    int64_t occurred_us; /* never later */
    Callout__V1__Act act;
    Callout__V1__Role role;
    const char *name;
    uint32_t severity;
};

enum { FILL_STEPS_MAX = 32 };

struct fill_plan {
    int64_t reported_us;
    const Callout__V1__Site *site;
    uint32_t severity;
    double km;
    struct fill_step step[FILL_STEPS_MAX]; /* in the order of known_us */
    size_t count;
};

/* A case reported at `reported_us`: most go well, some late, some on site, some with what was said
 * late or wrong. */
void fill_plan(struct co_rand *rand, const struct co_registry *registry, int64_t reported_us,
               struct fill_plan *ret);

/* The versions that all cases are under: those of version 1 of the registry. */
struct fill_versions;
struct fill_versions *fill_versions_new(const struct co_registry *registry);
void fill_versions_free(struct fill_versions *v);

/* Opens the case under the contract that serves it; false: none does. */
bool fill_versions_open(const struct fill_versions *v, struct sla_case *c,
                        const Callout__V1__TicketSubmitted *ticket, struct sla_admission *ret);
void fill_versions_set(const struct fill_versions *v, struct sla_case *c);

struct fill_lane {
    const char *url;
    const struct co_registry *registry;
    int lane;
    uint32_t cases;
    int64_t from_us, until_us;
    uint64_t seed;
    uint64_t entries; /* written */
};

/* Writes one lane; ends the process when it cannot. Lanes may be written at the same time. */
void fill_lane(struct fill_lane *l);
PGconn *fill_connect(const char *url);
void fill_run(PGconn *conn, const char *sql);
