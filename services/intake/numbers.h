/* numbers.h - numbers for cases and commands, taken from the database in blocks before they are needed. */
#pragma once

#include <stdint.h>

#include "co_err.h"
#include "intake.h"

/* NULL: out of memory. */
struct intake_numbers *intake_numbers_new(struct intake *in);
void intake_numbers_free(struct intake_numbers *n); /* the connection must be closed before */

/* Fetches if the stock is low: at the start, on every beat, and by itself when numbers are taken. */
void intake_numbers_fill(struct intake_numbers *n);

/* The next number. CO_EAGAIN: none in stock, more are on their way. */
CO_MUST_CHECK enum co_err intake_numbers_take(struct intake_numbers *n, int64_t *ret_number);
