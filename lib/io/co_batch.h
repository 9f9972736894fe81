/* co_batch.h - statements with their parameters, to be sent to PostgreSQL in one flush.
 *
 * A batch is filled statement by statement: co_batch_add(), then one call for each $n in order. All
 * parameters are sent in binary form, so the statement's text must cast each one: $1::int2,
 * $2::text, $3::timestamptz, $4::bytea[] ... Nothing is ever pasted into SQL text.
 *
 * Errors stick (out of memory, over the limit, or over CO_BATCH_PARAMS for a statement): adding goes
 * on without effect and co_batch_err() tells; co_pg_run() refuses such a batch with that error.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_err.h"
#include "co_sql.h"

enum { CO_BATCH_PARAMS = 32 }; /* most parameters of one statement */

/* 2000-01-01, from which PostgreSQL counts its times, in Unix microseconds. */
#define CO_PG_EPOCH_US INT64_C(946684800000000)

struct co_batch;

/* A counted byte string, borrowed. */
struct co_bytes {
    const void *data;
    size_t len;
};

/* An empty batch that holds at most `limit_bytes` of parameters. NULL: out of memory. */
struct co_batch *co_batch_new(size_t limit_bytes);
void co_batch_free(struct co_batch *b); /* NULL is allowed */
void co_batch_clear(struct co_batch *b);

/* Adds a statement and returns its index, which is also the index of its result. */
size_t co_batch_add(struct co_batch *b, const struct co_sql *sql);

size_t co_batch_count(const struct co_batch *b);
enum co_err co_batch_err(const struct co_batch *b);

/* Makes the batch fail with err (not CO_OK), for a caller who could not build a parameter. */
void co_batch_fail(struct co_batch *b, enum co_err err);

void co_batch_null(struct co_batch *b);
void co_batch_bool(struct co_batch *b, bool v);
void co_batch_int2(struct co_batch *b, int v); /* -32768 .. 32767 */
void co_batch_int4(struct co_batch *b, int32_t v);
void co_batch_int8(struct co_batch *b, int64_t v);
void co_batch_text(struct co_batch *b, const char *s); /* NULL: SQL null */
void co_batch_bytea(struct co_batch *b, const void *p, size_t n);
/* timestamptz of Unix microseconds; INT64_MAX: SQL null. */
void co_batch_us(struct co_batch *b, int64_t us);

/* One-dimensional arrays; n may be 0. A NULL text, or a time of INT64_MAX, is a null element. */
void co_batch_bools(struct co_batch *b, const bool *v, size_t n);
void co_batch_int2s(struct co_batch *b, const int16_t *v, size_t n);
void co_batch_int4s(struct co_batch *b, const int32_t *v, size_t n);
void co_batch_int8s(struct co_batch *b, const int64_t *v, size_t n);
void co_batch_texts(struct co_batch *b, const char *const *v, size_t n);
void co_batch_byteas(struct co_batch *b, const struct co_bytes *v, size_t n);
void co_batch_uss(struct co_batch *b, const int64_t *v, size_t n);

/* For the connection: statement i as libpq wants it. Pointers stay valid until the batch changes. */
struct co_batch_view {
    const struct co_sql *sql;
    int count;
    const char *values[CO_BATCH_PARAMS];
    int lengths[CO_BATCH_PARAMS];
    int formats[CO_BATCH_PARAMS];
};
void co_batch_get(const struct co_batch *b, size_t i, struct co_batch_view *ret_view);
