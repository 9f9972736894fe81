#include "co_row.h"

#include <string.h>

#include "co_assert.h"

static uint64_t big_endian(const PGresult *res, int row, int col, int size)
{
    co_assert(PQfformat(res, col) == 1);
    co_assert(PQgetlength(res, row, col) == size);
    const char *bytes = PQgetvalue(res, row, col);
    uint64_t v = 0;
    for (int i = 0; i < size; i++)
        v = v << 8 | (uint8_t)bytes[i];
    return v;
}

bool co_row_is_null(const PGresult *res, int row, int col)
{
    return PQgetisnull(res, row, col) != 0;
}

bool co_row_bool(const PGresult *res, int row, int col)
{
    return big_endian(res, row, col, 1) != 0;
}

int co_row_int2(const PGresult *res, int row, int col)
{
    return (int16_t)big_endian(res, row, col, 2);
}

int32_t co_row_int4(const PGresult *res, int row, int col)
{
    return (int32_t)big_endian(res, row, col, 4);
}

int64_t co_row_int8(const PGresult *res, int row, int col)
{
    return (int64_t)big_endian(res, row, col, 8);
}

double co_row_float8(const PGresult *res, int row, int col)
{
    uint64_t bits = big_endian(res, row, col, 8);
    double v;
    memcpy(&v, &bits, sizeof(v));
    return v;
}

int64_t co_row_us(const PGresult *res, int row, int col)
{
    return co_row_is_null(res, row, col) ? INT64_MAX : co_row_int8(res, row, col) + CO_PG_EPOCH_US;
}

const char *co_row_text(const PGresult *res, int row, int col)
{
    return PQgetvalue(res, row, col); /* libpq ends every value with a NUL; "" where null */
}

struct co_bytes co_row_bytes(const PGresult *res, int row, int col)
{
    return (struct co_bytes){ PQgetvalue(res, row, col), (size_t)PQgetlength(res, row, col) };
}
