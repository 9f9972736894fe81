#include "co_registry_diff.h"

#include <string.h>

const char *co_change_name(enum co_change_how how)
{
    static const char *const names[CO_CHANGES] = { "added", "changed", "removed" };
    return how < CO_CHANGES ? names[how] : "";
}

struct rows {
    struct co_change *row;
    size_t cap;
    struct co_registry_diff diff;
};

static void note(struct rows *rows, enum co_change_how how, const struct co_object *object)
{
    uint32_t *const count[CO_CHANGES] = { &rows->diff.added, &rows->diff.changed,
                                          &rows->diff.removed };
    ++*count[how];
    if (rows->diff.row_count < rows->cap)
        rows->row[rows->diff.row_count++] = (struct co_change){ how, object };
}

static void compare_same(struct rows *rows, const struct co_object *from,
                         const struct co_object *to)
{
    if (from->len == to->len && memcmp(from->bytes, to->bytes, to->len) == 0)
        rows->diff.unchanged++;
    else
        note(rows, CO_CHANGE_CHANGED, to);
}

static const struct co_object *at(const struct co_registry *r, enum co_kind kind, uint32_t i)
{
    return i < co_registry_count(r, kind) ? co_registry_at(r, kind, i) : NULL;
}

static void compare_kind(struct rows *rows, const struct co_registry *from,
                         const struct co_registry *to, enum co_kind kind, bool is_pruned)
{
    uint32_t i = 0;
    uint32_t j = 0;
    for (;;) {
        const struct co_object *old = at(from, kind, i);
        const struct co_object *now = at(to, kind, j);
        if (old == NULL && now == NULL)
            return;
        int order = old == NULL ? 1 : (now == NULL ? -1 : strcmp(old->key, now->key));
        if (order == 0)
            compare_same(rows, old, now);
        else if (order > 0)
            note(rows, CO_CHANGE_ADDED, now);
        else if (is_pruned)
            note(rows, CO_CHANGE_REMOVED, old);
        i += order <= 0;
        j += order >= 0;
    }
}

struct co_registry_diff co_registry_diff(const struct co_registry *from,
                                         const struct co_registry *to, bool is_pruned,
                                         struct co_change *ret_rows, size_t cap)
{
    struct rows rows = { .row = ret_rows, .cap = cap };
    for (enum co_kind k = CO_KIND_CUSTOMER; k < CO_KINDS; k++)
        compare_kind(&rows, from, to, k, is_pruned);
    return rows.diff;
}
