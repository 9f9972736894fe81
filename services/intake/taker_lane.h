/* taker_lane.h - the posts of one lane that wait for their group. Takes nothing from the world; times are given. Nobody but taker.c
 * includes it. */
#pragma once

#include "co_arena.h"
#include "post.h"

struct intake_redo; /* a part of a group that failed, to be tried by itself; before all others */

struct intake_lane { /* begins as zeros */
    struct intake_post *first, *last; /* by arrival */
    size_t count;
    struct intake_redo *redo;
    bool in_air;
    int64_t not_before_mono_us;
};

void intake_lane_append(struct intake_lane *l, struct intake_post *p);

/* Puts posts back before those that came later; the array is sorted. */
void intake_lane_put_back(struct intake_lane *l, struct intake_post **posts, size_t n);

/* False: out of memory, nothing changed. */
CO_MUST_CHECK bool intake_lane_add_redo(struct intake_lane *l, struct intake_post **posts, size_t n);

/* INT64_MAX: nobody waits. */
int64_t intake_lane_waits_since(const struct intake_lane *l);

/* Takes the next group out: at most `limit` posts and 4 MiB, or one. Where not all fit, those that wait for a second go first, then
 * the worst. The array is the arena's. NULL: out of memory, nothing is taken. */
struct intake_post **intake_lane_take_out(struct intake_lane *l, struct co_arena *arena, int64_t now_mono_us, size_t limit,
                                          size_t *ret_count);

typedef void intake_tell_fn(void *arg, struct intake_post *p);

/* Takes out whoever waits since before `limit_mono_us` and hands him to `tell`, which owns him then. */
void intake_lane_expire(struct intake_lane *l, int64_t limit_mono_us, intake_tell_fn *tell, void *arg);
