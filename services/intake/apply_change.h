/* apply_change.h - one change of the registry: its objects, what it comes to, how it is stored. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "callout/v1/intake.pb-c.h"
#include "co_arena.h"
#include "co_batch.h"
#include "co_registry.h"
#include "co_registry_diff.h"
#include "intake_complaint.h"

#include <libpq-fe.h>

#define INTAKE_CHANGE_BYTES ((size_t)256 << 20) /* of objects, in memory */
#define INTAKE_CHANGE_OBJECTS 500000
#define INTAKE_CHANGE_ROWS 1000                 /* told in the answer */

struct intake_change {
    struct intake_change *next;
    char *client, *change_id;
    uint32_t parts; /* taken so far */
    int64_t touched_mono_us;
    struct co_registry *objects; /* only those of the change */
    struct co_registry *gone;    /* kinds and keys of those that it removes by name */
};

/* What it comes to, against a registry. Borrows from both; valid until one of them changes. */
struct intake_change_plan {
    struct co_registry_diff diff;
    struct co_change *rows; /* owned */
};

/* NULL: out of memory. */
struct intake_change *intake_change_new(const char *client, const char *change_id);
void intake_change_free(struct intake_change *c); /* NULL is allowed */

/* Takes the next part. False: an object is malformed, comes twice, or there are too many; the complaint says which. */
CO_MUST_CHECK bool intake_change_add(struct intake_change *c, const Callout__V1__Apply *apply, struct co_arena *arena,
                                     struct intake_complaint *ret_complaint);

/* Compares and checks. CO_EINPUT: the registry would not be whole, or what is to be removed is not there; the complaint names the
 * problems. CO_ENOMEM, CO_EFULL. Takes
 * 0.2 s for each 100,000 objects, in which nothing else is done. */
CO_MUST_CHECK enum co_err intake_change_plan(const struct intake_change *c, const struct co_registry *now, bool is_pruned,
                                             struct co_arena *arena, struct intake_change_plan *ret_plan,
                                             struct intake_complaint *ret_complaint);
void intake_change_plan_done(struct intake_change_plan *plan);

/* The answer; borrows from the plan. False: out of memory. */
CO_MUST_CHECK bool intake_change_result(const struct intake_change_plan *plan, struct co_arena *arena, uint64_t version,
                                        Callout__V1__ApplyResult *ret_result);

/* The rows of an answer from what was stored. As many as memory allows. */
void intake_change_rows(const PGresult *res, struct co_arena *arena, Callout__V1__ApplyResult *result);

/* Adds the statements that store it as `version`. */
void intake_change_write(const struct intake_change_plan *plan, const struct intake_change *c, uint64_t version,
                         struct co_batch *batch);
