/* co_registry_diff.h - what changes from one registry to another. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_registry.h"

enum co_change_how { CO_CHANGE_ADDED, CO_CHANGE_CHANGED, CO_CHANGE_REMOVED, CO_CHANGES };

struct co_change {
    enum co_change_how how;
    const struct co_object *object; /* of `to`; what is removed, of `from` */
};

struct co_registry_diff {
    uint32_t added;
    uint32_t changed;
    uint32_t removed;
    uint32_t unchanged;
    size_t row_count; /* written, at most `cap` */
};

/* "added", "changed", "removed". */
const char *co_change_name(enum co_change_how how);

/* Compares by kind and key, exactly (the `since` of an object does not count). With `is_pruned`
 * what `to` does not have is removed, else it stays and is not counted. Rows are in the order of
 * kinds and keys; those beyond `cap` are counted only. Linear. */
struct co_registry_diff co_registry_diff(const struct co_registry *from,
                                         const struct co_registry *to, bool is_pruned,
                                         struct co_change *ret_rows, size_t cap);
