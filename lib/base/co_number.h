/* co_number.h - the number of a case, as people say it.
 *
 * Pure. A case id is n << 8 | lane: n from a sequence (gaps allowed), lane 0..255. Its text is
 * "C-", the id in Crockford's base 32 (0-9 A-Z without I, L, O, U), most significant digit first,
 * no padding, then one check character of the same alphabet:
 *
 *     check = sum of alpha^i * d_i over GF(2^5), polynomial x^5 + x^2 + 1, alpha = x,
 *
 * i counted from 1 at the last digit. Every exchange of one character for another and every swap
 * of neighbours, the check character included, is caught. Id 1280 (n = 5, lane 0) is "C-180D".
 */
#pragma once

#include <stdint.h>

#include "co_err.h"

#define CO_NUMBER_TEXT 17 /* "C-", 13 digits, the check character, NUL */
#define CO_NUMBER_MAX_N ((INT64_C(1) << 55) - 1)

/* n in 1..CO_NUMBER_MAX_N; the result is positive. */
int64_t co_number_id(int64_t n, uint8_t lane);

uint8_t co_number_lane(int64_t id);

/* Writes the text of `id` (> 0), NUL-terminated. */
void co_number_format(int64_t id, char text[static CO_NUMBER_TEXT]);

/* Reads what a person typed: upper or lower case, O for 0, I and L for 1, hyphens and blanks
 * anywhere between the characters. A leading "C" followed by a hyphen or a blank is the prefix and
 * may be missing. CO_EINPUT: another character, a wrong check, a leading zero, no digit, too long.
 */
CO_MUST_CHECK enum co_err co_number_parse(const char *text, int64_t *ret_id);

/* The order of two numbers as they are written, older cases first: < 0, 0, > 0. */
int co_number_order(const char *a, const char *b);
