#include "co_batch.h"

#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_buf.h"

enum oid { OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25,
           OID_FLOAT8 = 701, OID_TIMESTAMPTZ = 1184 };

struct param {
    size_t offset;
    int32_t len; /* -1: null */
};

struct stmt {
    const struct co_sql *sql;
    int count;
    struct param param[CO_BATCH_PARAMS];
};

struct co_batch {
    struct stmt *stmts;
    size_t count;
    size_t cap;
    struct co_buf bytes;
    enum co_err err;
};

struct co_batch *co_batch_new(size_t limit_bytes)
{
    struct co_batch *b = calloc(1, sizeof(*b));
    if (b != NULL)
        co_buf_init(&b->bytes, limit_bytes);
    return b;
}

void co_batch_free(struct co_batch *b)
{
    if (b == NULL)
        return;
    co_buf_done(&b->bytes);
    free(b->stmts);
    free(b);
}

void co_batch_clear(struct co_batch *b)
{
    co_buf_clear(&b->bytes);
    b->count = 0;
    b->err = CO_OK;
}

size_t co_batch_add(struct co_batch *b, const struct co_sql *sql)
{
    if (b->count == b->cap) {
        size_t cap = b->cap == 0 ? 8 : b->cap * 2;
        struct stmt *grown = realloc(b->stmts, cap * sizeof(*grown));
        if (grown == NULL) {
            b->err = CO_ENOMEM;
            return b->count;
        }
        b->stmts = grown;
        b->cap = cap;
    }
    b->stmts[b->count] = (struct stmt){ .sql = sql };
    return b->count++;
}

size_t co_batch_count(const struct co_batch *b)
{
    return b->count;
}

enum co_err co_batch_err(const struct co_batch *b)
{
    return b->err != CO_OK ? b->err : b->bytes.err;
}

void co_batch_fail(struct co_batch *b, enum co_err err)
{
    b->err = err;
}

/* Opens the next parameter of the last statement at the current end of the bytes. */
static struct param *open_param(struct co_batch *b)
{
    co_assert(b->count > 0);
    struct stmt *s = &b->stmts[b->count - 1];
    co_assert(s->count < CO_BATCH_PARAMS);
    struct param *p = &s->param[s->count++];
    *p = (struct param){ .offset = b->bytes.len, .len = -1 };
    return p;
}

static void close_param(struct co_batch *b, struct param *p)
{
    size_t len = b->bytes.len - p->offset;
    if (len > INT32_MAX)
        b->err = CO_EFULL;
    else
        p->len = (int32_t)len;
}

void co_batch_null(struct co_batch *b)
{
    (void)open_param(b);
}

static void scalar(struct co_batch *b, uint64_t v, int size)
{
    struct param *p = open_param(b);
    if (size == 1)
        (void)co_buf_append_u8(&b->bytes, (uint8_t)v);
    else if (size == 2)
        (void)co_buf_append_be16(&b->bytes, (uint16_t)v);
    else if (size == 4)
        (void)co_buf_append_be32(&b->bytes, (uint32_t)v);
    else
        (void)co_buf_append_be64(&b->bytes, v);
    close_param(b, p);
}

void co_batch_bool(struct co_batch *b, bool v)
{
    scalar(b, v, 1);
}

void co_batch_int2(struct co_batch *b, int v)
{
    co_assert(v >= INT16_MIN && v <= INT16_MAX);
    scalar(b, (uint64_t)v, 2);
}

void co_batch_int4(struct co_batch *b, int32_t v)
{
    scalar(b, (uint64_t)v, 4);
}

void co_batch_int8(struct co_batch *b, int64_t v)
{
    scalar(b, (uint64_t)v, 8);
}

void co_batch_text(struct co_batch *b, const char *s)
{
    if (s == NULL)
        co_batch_null(b);
    else
        co_batch_bytea(b, s, strlen(s));
}

void co_batch_bytea(struct co_batch *b, const void *bytes, size_t n)
{
    struct param *p = open_param(b);
    (void)co_buf_append(&b->bytes, bytes, n);
    close_param(b, p);
}

void co_batch_us(struct co_batch *b, int64_t us)
{
    if (us == INT64_MAX)
        co_batch_null(b);
    else
        co_batch_int8(b, us - CO_PG_EPOCH_US);
}

/* The array's header: dimensions, has nulls, element type, length, lower bound. */
static struct param *open_array(struct co_batch *b, enum oid oid, size_t n)
{
    struct param *p = open_param(b);
    (void)co_buf_append_be32(&b->bytes, n == 0 ? 0 : 1);
    (void)co_buf_append_be32(&b->bytes, 1);
    (void)co_buf_append_be32(&b->bytes, (uint32_t)oid);
    if (n > 0) {
        (void)co_buf_append_be32(&b->bytes, (uint32_t)n);
        (void)co_buf_append_be32(&b->bytes, 1);
    }
    return p;
}

static void null_element(struct co_batch *b)
{
    (void)co_buf_append_be32(&b->bytes, UINT32_MAX);
}

void co_batch_bools(struct co_batch *b, const bool *v, size_t n)
{
    struct param *p = open_array(b, OID_BOOL, n);
    for (size_t i = 0; i < n; i++) {
        (void)co_buf_append_be32(&b->bytes, 1);
        (void)co_buf_append_u8(&b->bytes, v[i]);
    }
    close_param(b, p);
}

void co_batch_int2s(struct co_batch *b, const int16_t *v, size_t n)
{
    struct param *p = open_array(b, OID_INT2, n);
    for (size_t i = 0; i < n; i++) {
        (void)co_buf_append_be32(&b->bytes, 2);
        (void)co_buf_append_be16(&b->bytes, (uint16_t)v[i]);
    }
    close_param(b, p);
}

void co_batch_int4s(struct co_batch *b, const int32_t *v, size_t n)
{
    struct param *p = open_array(b, OID_INT4, n);
    for (size_t i = 0; i < n; i++) {
        (void)co_buf_append_be32(&b->bytes, 4);
        (void)co_buf_append_be32(&b->bytes, (uint32_t)v[i]);
    }
    close_param(b, p);
}

static void element8(struct co_batch *b, uint64_t v)
{
    (void)co_buf_append_be32(&b->bytes, 8);
    (void)co_buf_append_be64(&b->bytes, v);
}

void co_batch_int8s(struct co_batch *b, const int64_t *v, size_t n)
{
    struct param *p = open_array(b, OID_INT8, n);
    for (size_t i = 0; i < n; i++)
        element8(b, (uint64_t)v[i]);
    close_param(b, p);
}

void co_batch_uss(struct co_batch *b, const int64_t *v, size_t n)
{
    struct param *p = open_array(b, OID_TIMESTAMPTZ, n);
    for (size_t i = 0; i < n; i++)
        if (v[i] == INT64_MAX)
            null_element(b);
        else
            element8(b, (uint64_t)(v[i] - CO_PG_EPOCH_US));
    close_param(b, p);
}

static void element_bytes(struct co_batch *b, const void *data, size_t len)
{
    if (len > INT32_MAX) {
        b->err = CO_EFULL;
        return;
    }
    (void)co_buf_append_be32(&b->bytes, (uint32_t)len);
    (void)co_buf_append(&b->bytes, data, len);
}

void co_batch_texts(struct co_batch *b, const char *const *v, size_t n)
{
    struct param *p = open_array(b, OID_TEXT, n);
    for (size_t i = 0; i < n; i++)
        if (v[i] == NULL)
            null_element(b);
        else
            element_bytes(b, v[i], strlen(v[i]));
    close_param(b, p);
}

void co_batch_byteas(struct co_batch *b, const struct co_bytes *v, size_t n)
{
    struct param *p = open_array(b, OID_BYTEA, n);
    for (size_t i = 0; i < n; i++)
        element_bytes(b, v[i].data, v[i].len);
    close_param(b, p);
}

void co_batch_get(const struct co_batch *b, size_t i, struct co_batch_view *ret_view)
{
    co_assert(i < b->count);
    const struct stmt *s = &b->stmts[i];
    ret_view->sql = s->sql;
    ret_view->count = s->count;
    for (int k = 0; k < s->count; k++) {
        const struct param *p = &s->param[k];
        const char *bytes = p->len > 0 ? (const char *)b->bytes.data + p->offset : "";
        ret_view->values[k] = p->len < 0 ? NULL : bytes;
        ret_view->lengths[k] = p->len < 0 ? 0 : p->len;
        ret_view->formats[k] = 1;
    }
}
