/* co_text.h - UTF-8 text: is it valid, how wide is it, where may it be cut, which name was meant.
 *
 * Pure. "Character" is a Unicode code point. Functions that take a string and meet a byte that is
 * not UTF-8 treat that byte as one character of one column, so they are safe on anything.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when the `len` bytes are UTF-8: no NUL, no overlong form, no surrogate, nothing above
 * U+10FFFF, no cut-off character. PostgreSQL refuses what this refuses. */
bool co_text_is_valid(const char *s, size_t len);

/* Does the text begin with that? */
bool co_text_begins(const char *text, const char *with);

/* Decodes the character at `s` (not the end of the string) and returns its length in bytes. */
size_t co_text_next(const char *s, uint32_t *ret_c);

/* The longest beginning of `s` that has at most `limit_bytes` bytes and ends between characters. */
size_t co_text_clip(const char *s, size_t limit_bytes);

/* Copies as much of `s` as fits with its NUL into `cap` (> 0) bytes, cut between characters.
 * Returns the bytes written without the NUL; that is strlen(s) when nothing was cut. */
size_t co_text_copy(char *to, size_t cap, const char *s);

/* Columns of a terminal: 0 for combining, control and format characters, 2 for East Asian wide. */
unsigned co_text_columns(uint32_t c);
size_t co_text_width(const char *s);

enum co_text_side {
    CO_TEXT_LEFT,  /* text at the left, blanks after it */
    CO_TEXT_RIGHT, /* blanks first */
};

/* Writes `s` into `cap` (> 0) bytes so that it fills `columns` columns exactly: cut between
 * characters when wider (a wide character that does not fit becomes a blank), filled with blanks
 * when narrower. Less when `cap` is too small. Returns the bytes written without the NUL. */
size_t co_text_pad(char *to, size_t cap, const char *s, size_t columns, enum co_text_side side);

#define CO_TEXT_DISTANCE_CHARS 64

/* How many insertions, deletions, exchanges and swaps of neighbours turn `a` into `b` (optimal
 * string alignment, characters, ASCII letters without regard to case). `limit` + 1 when it is more
 * than `limit`, or when one is longer than CO_TEXT_DISTANCE_CHARS characters. */
unsigned co_text_distance(const char *a, const char *b, unsigned limit);

/* The name in list[0..n) nearest to `name`, for "did you mean": at most one change per three
 * characters, at least one; the first among equals. NULL when none is near. Borrowed from list. */
const char *co_text_nearest(const char *name, const char *const *list, size_t n);
