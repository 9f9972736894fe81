/* co_registry_check.h - is a registry whole and sensible, before it is applied?
 *
 * Pure. Every object is looked at by itself and with what it refers to; every problem is told, not
 * only the first. A registry without problems can be served by the daemons: references exist,
 * packs are consistent, calendars compile, templates name fields that there are.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_registry.h"

#define CO_PROBLEMS_MAX 1000 /* kept; there may be more */

struct co_problem {
    enum co_kind kind;
    const char *key;     /* of the object */
    const char *path;    /* in it: "milestones[2].targets[0].severity"; "" for the whole */
    const char *message; /* a sentence without its full stop */
    const char *allowed; /* what would be taken, or "" */
    bool is_reference;   /* an object that is not in this registry, but may be in another */
};

struct co_problems;

/* Checks everything. The caller frees the result; NULL means out of memory. The problems borrow
 * keys from the registry. */
struct co_problems *co_registry_check(const struct co_registry *r);

/* NULL is allowed. */
void co_problems_free(struct co_problems *p);

/* In the order of kinds and keys. */
size_t co_problems_count(const struct co_problems *p);
const struct co_problem *co_problems_at(const struct co_problems *p, size_t i);

/* The i-th field that templates of notices may name; NULL: there are no more. */
const char *co_notice_field(size_t i);
