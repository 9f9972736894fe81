/* co_maintain.h - what the owner of the database does now and then. Blocking libpq calls: for
 * tools. */
#pragma once

#include <stdint.h>

#include "co_err.h"
#include "co_why.h"

struct co_maintain_partition {
    const char *name;
    int64_t low;   /* first number in it */
    int64_t high;  /* first number beyond it */
    int64_t moved; /* entries that had come before it was there */
};

/* Makes the partitions of the journal up to `ahead` numbers beyond the newest entry and tells each
 * one made. CO_EDOWN: the database cannot be reached, or a lock was not to be had in 5 s: again
 * later. CO_EINPUT: the server refuses (wrong role, schema not up to date). CO_ENOMEM. */
CO_MUST_CHECK enum co_err
co_maintain_partitions(const char *database_url, int64_t ahead,
                       void (*tell)(void *arg, const struct co_maintain_partition *p), void *arg,
                       struct co_why *why);
