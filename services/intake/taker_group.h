/* taker_group.h - one group of posts: put in order, turned into a statement, its result read. Nobody but taker.c includes it. */
#pragma once

#include <stdbool.h>

#include "co_arena.h"
#include "co_pg.h"
#include "post.h"

struct intake_group {
    int lane;
    struct intake_post **all; /* as in the journal: worst first, then by arrival */
    size_t count;
    struct intake_post **leaders; /* one of each key, as in the receipts */
    size_t leader_count;
    struct intake_post **losers; /* leaders whose key was there already, or whose case is not */
    size_t loser_count;
};

/* Puts `posts` (count > 0, the array is kept and sorted) in order; those with the same key hang on the first of them. False: out of memory. */
CO_MUST_CHECK bool intake_group_form(struct intake_group *g, struct co_arena *arena, int lane, struct intake_post **posts,
                                     size_t count);

/* Fills the batch with the statement that takes the group. */
void intake_group_write(const struct intake_group *g, struct co_arena *arena, struct co_batch *batch);

/* Reads its result: who won, and the journal entries of the winners with their numbers. False: out of memory. */
CO_MUST_CHECK bool intake_group_read(struct intake_group *g, struct co_arena *arena, const PGresult *res,
                                     struct co_entry_raw **ret_entries, size_t *ret_count);

/* Fills the batch with the look-up of the losers' receipts, and answers them with its result. */
void intake_group_write_losers(const struct intake_group *g, struct co_arena *arena, struct co_batch *batch);
void intake_group_answer_losers(struct intake_group *g, const PGresult *res);

/* Answers the winners, and those with the same keys. */
void intake_group_answer_winners(struct intake_group *g);
