/* report_sum.h - sums by keys: contract, severity, month ... of ledgers, or of what customers said.
 * Pure. */
#pragma once

#include <stdbool.h>

#include "callout/v1/audit.pb-c.h"
#include "co_arena.h"
#include "co_err.h"
#include "sla_ledger.h"

enum { REPORT_BY_MAX = 5, REPORT_VALUES = SLA_HOLDERS };

/* A row of sums; `keys` like what the report is made by. */
struct report_row {
    char *keys[REPORT_BY_MAX];
    uint64_t cases;
    int64_t value[REPORT_VALUES]; /* lengths by holder, or whatever else is summed up */
};

struct report_sum;

/* `by`: how many keys a row has, 0..REPORT_BY_MAX. NULL: out of memory. */
struct report_sum *report_sum_new(size_t by);
void report_sum_free(struct report_sum *s); /* NULL is allowed */

/* Adds to the row of these keys. CO_ENOMEM. */
CO_MUST_CHECK enum co_err report_sum_add(struct report_sum *s, const char *const *keys,
                                         uint64_t cases, const int64_t value[static REPORT_VALUES]);

/* Adds all rows of `from`. CO_ENOMEM. */
CO_MUST_CHECK enum co_err report_sum_join(struct report_sum *s, const struct report_sum *from);

/* The rows in the order of their keys, numbers by value; they live as long as the sums. CO_ENOMEM.
 */
CO_MUST_CHECK enum co_err report_sum_rows(struct report_sum *s, struct report_row ***ret_rows,
                                          size_t *ret_count);

int64_t report_row_elapsed_us(const struct report_row *row);

/* What share of the whole each part is, in thousandths that add up to 1000: the largest rests are
 * rounded up. All 0 where the whole is 0. */
void report_shares(const int64_t length_us[static SLA_HOLDERS],
                   uint32_t ret_thousandths[static SLA_HOLDERS]);
