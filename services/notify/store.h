/* store.h - one function per statement of notify. */
#pragma once

#include "co_worker.h"
#include "notify_case.h"

/* Each adds a read to t->reads and returns the index of its result. */
size_t notify_store_read_cases(struct co_turn *t, const int64_t *case_ids, size_t n);
size_t notify_store_read_words(struct co_turn *t, const int64_t *case_ids, size_t n);
size_t notify_store_read_notices(struct co_turn *t, const int64_t *case_ids, const bool *all,
                                 size_t n);
/* Of cases after that one. */
size_t notify_store_read_sending(struct co_turn *t, int64_t after_case_id, int limit);

/* The row of that case in a result in the order of its first column, the case; -1: none. */
int notify_store_row_of(const PGresult *res, int64_t case_id);

/* A row of read_notices or read_sending; texts are the result's. Returns the case's id. */
int64_t notify_store_notice(const PGresult *res, int row, struct notify_notice *ret_notice);

/* Adds the writing of all that is new or changed in these cases to t->writes. CO_ENOMEM. */
CO_MUST_CHECK enum co_err notify_store_save(struct co_turn *t, struct notify_case *const *cases,
                                            size_t n);
