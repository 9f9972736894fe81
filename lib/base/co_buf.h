/* co_buf.h - a byte buffer that grows up to a limit.
 *
 * Pure. The caller holds the struct; its fields may be read, not written. Failures stick: after the
 * first one every append does nothing and returns the same error, so a row of appends is checked
 * once, at its end. What was appended before the failure is still there. A NUL always follows the
 * last byte, so `data` is a string when only text was appended.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "co_err.h"

struct co_buf {
    uint8_t *data; /* NULL as long as nothing was appended; co_buf_text() is never NULL */
    size_t len;
    size_t cap;
    size_t limit;    /* of len, in bytes */
    enum co_err err; /* CO_OK, CO_ENOMEM, CO_EFULL over the limit, CO_EINPUT from a printf format */
};

/* No memory is taken here. */
void co_buf_init(struct co_buf *b, size_t limit_bytes);

/* Frees the memory; the buffer is then as after co_buf_init() with the same limit. */
void co_buf_done(struct co_buf *b);

/* Empties the buffer and forgets the error; keeps the memory. */
void co_buf_clear(struct co_buf *b);

/* Moves the bytes out: the caller frees the result. NULL when nothing was appended. The buffer is
 * then empty. */
uint8_t *co_buf_take(struct co_buf *b, size_t *ret_len);

enum co_err co_buf_append(struct co_buf *b, const void *p, size_t size);
enum co_err co_buf_append_text(struct co_buf *b, const char *s);
enum co_err co_buf_printf(struct co_buf *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Big-endian integers. */
enum co_err co_buf_append_u8(struct co_buf *b, uint8_t x);
enum co_err co_buf_append_be16(struct co_buf *b, uint16_t x);
enum co_err co_buf_append_be32(struct co_buf *b, uint32_t x);
enum co_err co_buf_append_be64(struct co_buf *b, uint64_t x);

/* Makes room for `size` more bytes and returns where they go, for a writer that fills them itself
 * and then calls co_buf_added(). NULL on failure (see err). */
uint8_t *co_buf_reserve(struct co_buf *b, size_t size);
void co_buf_added(struct co_buf *b, size_t size);

/* The contents as a string; "" when empty. The buffer owns it, until the next append. */
const char *co_buf_text(const struct co_buf *b);
