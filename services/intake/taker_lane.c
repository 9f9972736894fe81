#include "taker_lane.h"

#include <stdlib.h>
#include <string.h>

enum { GROUP_BYTES = 4 << 20, OVERDUE_US = 1000000 };

struct intake_redo {
    struct intake_redo *next;
    size_t count;
    struct intake_post *post[];
};

void intake_lane_append(struct intake_lane *l, struct intake_post *p)
{
    p->next = NULL;
    *(l->last == NULL ? &l->first : &l->last->next) = p;
    l->last = p;
    l->count++;
}

static int by_order(const void *a, const void *b)
{
    const struct intake_post *x = *(struct intake_post *const *)a, *y = *(struct intake_post *const *)b;
    return x->order < y->order ? -1 : x->order > y->order;
}

void intake_lane_put_back(struct intake_lane *l, struct intake_post **posts, size_t n)
{
    struct intake_post *rest = l->first;
    qsort(posts, n, sizeof(posts[0]), by_order);
    *l = (struct intake_lane){ .redo = l->redo, .in_air = l->in_air, .not_before_mono_us = l->not_before_mono_us };
    for (size_t i = 0; i < n; i++)
        intake_lane_append(l, posts[i]);
    for (struct intake_post *next; rest != NULL; rest = next) {
        next = rest->next;
        intake_lane_append(l, rest);
    }
}

int64_t intake_lane_waits_since(const struct intake_lane *l)
{
    return l->redo != NULL ? l->redo->post[0]->since_mono_us : l->first != NULL ? l->first->since_mono_us : INT64_MAX;
}

/* More wait than fit: whoever has waited long goes first, then the worst severity. */
static int by_urgency(const void *a, const void *b)
{
    const struct intake_post *x = *(struct intake_post *const *)a, *y = *(struct intake_post *const *)b;
    if (x->is_overdue != y->is_overdue)
        return x->is_overdue ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* How many of the posts go into one transaction. */
static size_t group_len(struct intake_post *const *posts, size_t n, size_t limit)
{
    size_t len = 0, bytes = 0;
    while (len < n && len < limit && (len == 0 || bytes + posts[len]->size <= GROUP_BYTES))
        bytes += posts[len++]->size;
    return len;
}

struct intake_post **intake_lane_take_out(struct intake_lane *l, struct co_arena *arena, int64_t now_mono_us, size_t limit,
                                          size_t *ret_count)
{
    size_t n = l->redo != NULL ? l->redo->count : l->count;
    struct intake_post **posts = co_arena_alloc(arena, n * sizeof(posts[0]));
    if (posts == NULL)
        return NULL;
    *ret_count = n;
    if (l->redo != NULL) {
        struct intake_redo *redo = l->redo;
        l->redo = redo->next;
        memcpy(posts, redo->post, n * sizeof(posts[0]));
        free(redo);
        return posts;
    }
    size_t i = 0;
    for (struct intake_post *p = l->first; p != NULL; p = p->next) {
        p->is_overdue = now_mono_us - p->since_mono_us > OVERDUE_US;
        posts[i++] = p;
    }
    l->first = l->last = NULL;
    l->count = 0;
    *ret_count = group_len(posts, n, limit);
    if (*ret_count < n) {
        qsort(posts, n, sizeof(posts[0]), by_urgency);
        *ret_count = group_len(posts, n, limit);
        intake_lane_put_back(l, posts + *ret_count, n - *ret_count);
    }
    return posts;
}

bool intake_lane_add_redo(struct intake_lane *l, struct intake_post **posts, size_t n)
{
    struct intake_redo *redo = malloc(sizeof(*redo) + n * sizeof(posts[0]));
    if (redo == NULL)
        return false;
    redo->count = n;
    memcpy(redo->post, posts, n * sizeof(posts[0]));
    redo->next = l->redo;
    l->redo = redo;
    return true;
}

static void expire_waiting(struct intake_lane *l, int64_t limit_mono_us, intake_tell_fn *tell, void *arg)
{
    struct intake_post *p = l->first;
    l->first = l->last = NULL;
    l->count = 0;
    for (struct intake_post *next; p != NULL; p = next) {
        next = p->next;
        if (p->since_mono_us > limit_mono_us) {
            intake_lane_append(l, p);
            continue;
        }
        tell(arg, p);
    }
}

/* The same of what a group was halved into. */
static void expire_redo(struct intake_lane *l, int64_t limit_mono_us, intake_tell_fn *tell, void *arg)
{
    struct intake_redo **at = &l->redo;
    while (*at != NULL) {
        struct intake_redo *redo = *at;
        size_t kept = 0;
        for (size_t i = 0; i < redo->count; i++) {
            struct intake_post *p = redo->post[i];
            if (p->since_mono_us > limit_mono_us) {
                redo->post[kept++] = p;
                continue;
            }
            tell(arg, p);
        }
        redo->count = kept;
        if (kept > 0) {
            at = &redo->next;
            continue;
        }
        *at = redo->next;
        free(redo);
    }
}

void intake_lane_expire(struct intake_lane *l, int64_t limit_mono_us, intake_tell_fn *tell, void *arg)
{
    if (l->first != NULL && l->first->since_mono_us <= limit_mono_us)
        expire_waiting(l, limit_mono_us, tell, arg);
    expire_redo(l, limit_mono_us, tell, arg);
}
