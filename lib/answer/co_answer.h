/* co_answer.h - the codes in notices by which people answer: "C-180D-7KQ2M9XWTF".
 *
 * Pure but for libsodium's arithmetic. A code is the number of the case and 50 bits of a keyed hash
 * of case and act; the key is 16 random bytes that only this one notice has. So a code says nothing
 * of another one, and whoever reads the table of codes' hashes finds none: there is none. Case,
 * blanks and hyphens do not matter when it is read; O is 0, I and L are 1.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/common.pb-c.h"
#include "co_number.h"

#define CO_ANSWER_SECRET 16 /* bytes */
#define CO_ANSWER_MARK 10   /* characters after the number */
#define CO_ANSWER_TEXT (CO_NUMBER_TEXT + CO_ANSWER_MARK + 1)

/* What may be answered, in the order in which people read it. */
#define CO_ANSWERS 6
extern const Callout__V1__Act co_answer_acts[CO_ANSWERS];

/* Bits of acts, by their place in co_answer_acts. An act that is none has no bit. */
uint32_t co_answer_bit(Callout__V1__Act act);

void co_answer_code(const uint8_t secret[static CO_ANSWER_SECRET], int64_t case_id,
                    Callout__V1__Act act, char to[static CO_ANSWER_TEXT]);

/* A code as somebody typed it. False: it is none, whatever the secret. */
bool co_answer_read(const char *text, int64_t *ret_case, char ret_mark[static CO_ANSWER_MARK + 1]);

/* Whether it is that of the act, in a time that says nothing. */
bool co_answer_is(const uint8_t secret[static CO_ANSWER_SECRET], int64_t case_id,
                  Callout__V1__Act act, const char mark[static CO_ANSWER_MARK + 1]);
