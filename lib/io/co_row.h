/* co_row.h - reads binary results of PostgreSQL, by row and column from 0.
 *
 * The column must have the type the name says and not be null, unless the function says otherwise;
 * both are facts of our own statements, tested against the schema, so a mismatch is our bug. */
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_batch.h"

bool co_row_is_null(const PGresult *res, int row, int col);
bool co_row_bool(const PGresult *res, int row, int col);
int co_row_int2(const PGresult *res, int row, int col);
int32_t co_row_int4(const PGresult *res, int row, int col);
int64_t co_row_int8(const PGresult *res, int row, int col);
double co_row_float8(const PGresult *res, int row, int col);

/* timestamptz as Unix microseconds; INT64_MAX where null. */
int64_t co_row_us(const PGresult *res, int row, int col);

/* text as a string, "" where null; the result owns it. */
const char *co_row_text(const PGresult *res, int row, int col);

/* bytea, empty where null; the result owns it. */
struct co_bytes co_row_bytes(const PGresult *res, int row, int col);
