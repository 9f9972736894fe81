#include "notify_case.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "co_hash.h"
#include "notify_route.h"

#define STATE(name) CALLOUT__V1__NOTICE_STATE__NOTICE_##name

void *notify_case_alloc(struct notify_case *c, size_t size)
{
    void *p = co_arena_alloc(c->world->arena, size);
    if (p == NULL)
        c->err = CO_ENOMEM;
    return p;
}

char *notify_case_lend(const char *text)
{
    union {
        const char *from;
        char *to;
    } text_of = { .from = text };
    return text_of.to;
}

char *notify_case_text(struct notify_case *c, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = len < 0 ? NULL : notify_case_alloc(c, (size_t)len + 1);
    if (text == NULL)
        return NULL;
    va_start(args, format);
    (void)vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return text;
}

const char *notify_case_keep(struct notify_case *c, const char *text)
{
    const char *copy = co_arena_strdup(c->world->arena, text);
    if (copy == NULL)
        c->err = CO_ENOMEM;
    return copy != NULL ? copy : "";
}

struct notify_case *notify_case_new(const struct notify_world *world, int64_t case_id,
                                    Callout__V1__NotifyCase *state)
{
    struct notify_case *c = co_arena_alloc(world->arena, sizeof(*c));
    if (c == NULL)
        return NULL;
    *c = (struct notify_case){ .world = world, .case_id = case_id, .state = state, .title = "" };
    c->trace = state != NULL ? state->traceparent : "";
    if (state != NULL)
        return c;
    c->state = co_arena_alloc(world->arena, sizeof(*c->state));
    if (c->state == NULL)
        return NULL;
    callout__v1__notify_case__init(c->state);
    return c;
}

struct notify_notice *notify_case_add(struct notify_case *c, const struct notify_notice *row)
{
    if (c->count == c->cap) {
        size_t cap = c->cap == 0 ? 8 : 2 * c->cap;
        struct notify_notice **bigger = notify_case_alloc(c, cap * sizeof(*bigger));
        if (bigger == NULL)
            return NULL;
        if (c->count > 0)
            memcpy(bigger, c->notices, c->count * sizeof(*bigger));
        c->notices = bigger;
        c->cap = cap;
    }
    struct notify_notice *n = notify_case_alloc(c, sizeof(*n));
    if (n == NULL)
        return NULL;
    *n = *row;
    return c->notices[c->count++] = n;
}

struct notify_notice *notify_case_find(const struct notify_case *c, const char *obligation,
                                       uint32_t generation, const char *slot)
{
    for (size_t i = 0; i < c->count; i++) {
        struct notify_notice *n = c->notices[i];
        if (n->generation == generation && strcmp(n->obligation, obligation) == 0 &&
            strcmp(n->slot, slot) == 0)
            return n;
    }
    return NULL;
}

void notify_case_follow(struct notify_case *c, const Callout__V1__Event *e)
{
    if (c->state->traceparent[0] == '\0' && e->traceparent[0] != '\0') {
        c->state->traceparent = e->traceparent;
        c->is_state_changed = true;
    }
    c->trace = e->traceparent[0] != '\0' ? e->traceparent : c->state->traceparent;
}

/* ---- journal ---- */

void notify_case_emit(struct notify_case *c, const Callout__V1__Event *event)
{
    Callout__V1__Event emitted = *event;
    if (emitted.traceparent[0] == '\0')
        emitted.traceparent = notify_case_lend(c->trace);
    if (!c->world->emit(c->world->arg, c->case_id, &emitted))
        c->err = CO_ENOMEM;
}

static void emit_planned(struct notify_case *c, const struct notify_notice *n)
{
    Callout__V1__NoticePlanned planned = CALLOUT__V1__NOTICE_PLANNED__INIT;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    planned.obligation = notify_case_lend(n->obligation);
    planned.generation = n->generation;
    planned.slot = notify_case_lend(n->slot);
    planned.person = notify_case_lend(n->person);
    planned.channel = notify_case_lend(n->channel);
    planned.planned_us = n->life.planned_us;
    planned.not_before_us = n->not_before_us;
    planned.stands_for = notify_case_lend(n->stands_for);
    planned.why_him = notify_case_lend(n->why_him);
    event.traceparent = notify_case_lend(n->trace == NULL ? c->trace : n->trace);
    event.body_case = CALLOUT__V1__EVENT__BODY_NOTICE_PLANNED;
    event.notice_planned = &planned;
    notify_case_emit(c, &event);
}

static void settle(struct notify_case *c, struct notify_notice *n)
{
    Callout__V1__NoticeSettled settled = CALLOUT__V1__NOTICE_SETTLED__INIT;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    n->settled_us = c->world->now_us;
    settled.obligation = notify_case_lend(n->obligation);
    settled.generation = n->generation;
    settled.slot = notify_case_lend(n->slot);
    settled.state = n->life.state;
    settled.attempts = n->life.attempts;
    settled.detail = notify_case_lend(n->detail);
    settled.settled_us = n->settled_us;
    event.traceparent = notify_case_lend(n->trace == NULL ? c->trace : n->trace);
    event.body_case = CALLOUT__V1__EVENT__BODY_NOTICE_SETTLED;
    event.notice_settled = &settled;
    notify_case_emit(c, &event);
}

/* ---- the life of notices ---- */

struct notify_notice *notify_case_plan(struct notify_case *c, const struct notify_notice *n,
                                       const char *failure, bool is_double)
{
    struct notify_notice *added = notify_case_add(c, n);
    if (added == NULL)
        return NULL;
    int64_t now_us = c->world->now_us;
    int64_t due_us = n->not_before_us > now_us ? n->not_before_us : now_us;
    added->life = (struct notify_life){ .state = STATE(PLANNED),
                                        .planned_us = now_us,
                                        .since_us = due_us,
                                        .way_us = due_us,
                                        .next_us = failure == NULL ? due_us : INT64_MAX };
    notify_route_begin(c, added);
    added->stands_for = n->stands_for == NULL ? "" : n->stands_for;
    added->why_him = n->why_him == NULL ? "" : n->why_him;
    added->tried = "";
    added->trace = n->trace == NULL ? c->trace : n->trace;
    added->detail = failure == NULL ? "" : failure;
    added->settled_us = INT64_MAX;
    added->is_new = true;
    emit_planned(c, added);
    if (failure != NULL) {
        added->life.state = is_double ? STATE(CANCELLED) : STATE(FAILED);
        settle(c, added);
    }
    return added;
}

/* Jitter that a replay repeats: from the notice and the attempt alone. */
static uint64_t jitter(const struct notify_case *c, const struct notify_notice *n)
{
    uint64_t hash = co_hash_fnv1a64(CO_FNV1A64_START, n->obligation, strlen(n->obligation));
    hash = co_hash_fnv1a64(hash, n->slot, strlen(n->slot));
    hash ^= (uint64_t)c->case_id * 31 + n->life.attempts + n->generation * 1000003u;
    return co_hash_fmix64(hash);
}

unsigned notify_case_happened(struct notify_case *c, struct notify_notice *n,
                              struct notify_happening h, const char *detail)
{
    h.now_us = c->world->now_us;
    h.random = jitter(c, n);
    struct notify_patience patience = notify_route_patience(c, n);
    struct notify_way next;
    h.has_next = notify_route_next(c, n, &next);
    struct notify_step step = notify_state_step(n->life, &patience, &h);
    if ((step.effects & NOTIFY_UNCHANGED) != 0)
        return step.effects;
    n->life = step.life;
    if ((step.effects & NOTIFY_RETRY) != 0)
        n->settled_us = INT64_MAX;
    if ((step.effects & NOTIFY_REROUTE) != 0)
        notify_route_turn(c, n, &next, detail != NULL ? detail : step.why);
    n->is_changed = true;
    n->is_to_send = (step.effects & NOTIFY_SEND) != 0;
    if (detail != NULL)
        n->detail = notify_case_keep(c, detail);
    if ((step.effects & NOTIFY_SETTLE) != 0)
        settle(c, n);
    return step.effects;
}
