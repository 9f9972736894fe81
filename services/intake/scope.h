/* scope.h - looks at rows whether a client may see their case (core/intake_scope.h says which it may). */
#pragma once

#include "ask.h"

/* Does the client of this ask see only some cases? */
bool intake_ask_is_limited(const struct intake_ask *ask);

/* Adds the look at the case to the batch; its result has at most one row. */
void intake_scope_add(struct co_batch *batch, int64_t case_id);

/* The columns from `column` on are those of read_scope. Uses in->scratch. */
bool intake_scope_sees(struct intake *in, const struct intake_client *client, const PGresult *res, int row, int column);
