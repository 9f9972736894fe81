#include "co_buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"

enum { FIRST_CAP = 64 };

void co_buf_init(struct co_buf *b, size_t limit_bytes)
{
    co_assert(limit_bytes < SIZE_MAX);
    *b = (struct co_buf){ .limit = limit_bytes };
}

void co_buf_done(struct co_buf *b)
{
    free(b->data);
    co_buf_init(b, b->limit);
}

void co_buf_clear(struct co_buf *b)
{
    b->len = 0;
    b->err = CO_OK;
    if (b->data != NULL)
        b->data[0] = '\0';
}

uint8_t *co_buf_take(struct co_buf *b, size_t *ret_len)
{
    uint8_t *data = b->data;
    *ret_len = b->len;
    co_buf_init(b, b->limit);
    return data;
}

static enum co_err fail(struct co_buf *b, enum co_err err)
{
    b->err = err;
    return err;
}

/* A capacity that holds `need` bytes (NUL included) and at least doubles, within the limit. */
static size_t next_cap(const struct co_buf *b, size_t need)
{
    size_t cap = FIRST_CAP;
    if (b->cap > 0)
        cap = b->cap > b->limit / 2 ? b->limit + 1 : b->cap * 2;
    return cap < need ? need : cap;
}

uint8_t *co_buf_reserve(struct co_buf *b, size_t size)
{
    if (b->err != CO_OK)
        return NULL;
    if (size > b->limit - b->len) {
        (void)fail(b, CO_EFULL);
        return NULL;
    }
    size_t need = b->len + size + 1;
    if (need > b->cap) {
        size_t cap = next_cap(b, need);
        uint8_t *data = realloc(b->data, cap);
        if (data == NULL) {
            (void)fail(b, CO_ENOMEM);
            return NULL;
        }
        b->data = data;
        b->cap = cap;
        b->data[b->len] = '\0';
    }
    return b->data + b->len;
}

void co_buf_added(struct co_buf *b, size_t size)
{
    co_assert(b->len + size < b->cap);
    b->len += size;
    b->data[b->len] = '\0';
}

enum co_err co_buf_append(struct co_buf *b, const void *p, size_t size)
{
    uint8_t *to = co_buf_reserve(b, size);
    if (to == NULL)
        return b->err;
    if (size > 0)
        memcpy(to, p, size);
    co_buf_added(b, size);
    return CO_OK;
}

enum co_err co_buf_append_text(struct co_buf *b, const char *s)
{
    return co_buf_append(b, s, strlen(s));
}

enum co_err co_buf_printf(struct co_buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (b->err != CO_OK)
        return b->err;
    if (size < 0)
        return fail(b, CO_EINPUT);

    uint8_t *to = co_buf_reserve(b, (size_t)size);
    if (to == NULL)
        return b->err;
    va_start(args, format);
    (void)vsnprintf((char *)to, (size_t)size + 1, format, args);
    va_end(args);
    co_buf_added(b, (size_t)size);
    return CO_OK;
}

static enum co_err append_be(struct co_buf *b, uint64_t x, int bytes)
{
    uint8_t *to = co_buf_reserve(b, (size_t)bytes);
    if (to == NULL)
        return b->err;
    for (int i = 0; i < bytes; i++)
        to[i] = (uint8_t)(x >> (8 * (bytes - 1 - i)));
    co_buf_added(b, (size_t)bytes);
    return CO_OK;
}

enum co_err co_buf_append_u8(struct co_buf *b, uint8_t x)
{
    return append_be(b, x, 1);
}

enum co_err co_buf_append_be16(struct co_buf *b, uint16_t x)
{
    return append_be(b, x, 2);
}

enum co_err co_buf_append_be32(struct co_buf *b, uint32_t x)
{
    return append_be(b, x, 4);
}

enum co_err co_buf_append_be64(struct co_buf *b, uint64_t x)
{
    return append_be(b, x, 8);
}

const char *co_buf_text(const struct co_buf *b)
{
    return b->data == NULL ? "" : (const char *)b->data;
}
