/* sla_cases.h - open cases for benches of the sla service, made by its core from a pack and a
 * calendar in files. */
#pragma once

#include "co_arena.h"
#include "co_yaml.h"
#include "co_batch.h"
#include "sla_case.h"
#include "sla_events.h"

struct sla_cases {
    struct co_yaml *yaml;
    struct co_calendar *calendar;
    const Callout__V1__PolicyPack *policy;
    const char *calendar_key;
    struct co_arena *arena; /* of the case made last */
    struct co_arena *scratch;
};

/* One case: its state as a row has it, and what it says when its first timer fires. */
struct sla_made {
    Callout__V1__SlaState *state; /* after its opening */
    size_t running;               /* milestones */
    int64_t next_us;
    int64_t due_us; /* of the promise due first */
    const char *next_milestone;
};

/* Ends the process with a sentence where a file cannot be used. */
void sla_cases_open(struct sla_cases *c, const char *const *files, size_t count);
void sla_cases_close(struct sla_cases *c);

/* A case reported then, opened and looked at at that moment; good until the next one is made. */
struct sla_made sla_cases_make(struct sla_cases *c, int64_t reported_us);

/* The same case later: what it says then. */
struct sla_events sla_cases_fire(struct sla_cases *c, struct sla_made *made, int64_t now_us);

struct co_bytes sla_cases_pack(struct co_arena *arena, const ProtobufCMessage *message);
