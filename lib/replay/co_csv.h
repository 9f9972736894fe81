/* co_csv.h - comma-separated values, RFC 4180, read in place.
 *
 * Pure. Lines end with LF or CRLF; fields may be quoted, with "" for a quotation mark; a byte order
 * mark at the beginning is passed over; lines without any character are skipped.
 */
#pragma once

#include <stddef.h>

#include "co_err.h"

struct co_csv {
    char *at;
    char *end;
    unsigned line; /* of the record read last, from 1 */
    unsigned next_line;
};

/* `text` has `len` bytes and one more, which is a NUL; it is overwritten while it is read. */
void co_csv_init(struct co_csv *c, char *text, size_t len);

/* The fields of the next record, as strings inside the text; *ret_n is 0 at the end.
 * CO_EINPUT: a quotation mark is not closed, or something follows it.
 * CO_EFULL: more than `max` fields. */
CO_MUST_CHECK enum co_err co_csv_next(struct co_csv *c, char **fields, size_t max, size_t *ret_n);
