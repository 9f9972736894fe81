#include "lateness.h"

#include <string.h>

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

/* What has happened by itself. */
struct timer {
    const char *milestone;
    uint32_t generation;
    int64_t reached_us; /* 0: it has not */
    int64_t due_us;     /* of the clock */
};

static struct timer timer_of(const Callout__V1__Event *e)
{
    switch ((unsigned)e->body_case) {
    case BODY(WARNED):
        return (struct timer){ e->warned->milestone, e->warned->generation, e->warned->reached_us, e->warned->due_us };
    case BODY(BREACHED):
        return (struct timer){ e->breached->milestone, e->breached->generation, e->breached->due_us, e->breached->due_us };
    case BODY(ESCALATED):
        return (struct timer){ e->escalated->milestone, e->escalated->generation, e->escalated->reached_us, e->escalated->due_us };
    default:
        return (struct timer){ .reached_us = 0 };
    }
}

static bool is_of(const struct timer *t, const char *milestone, uint32_t generation)
{
    return t->generation == generation && strcmp(t->milestone, milestone) == 0;
}

/* It was to come before this turn already: the case was looked at before its time, and the clock ran, with this due time. */
static bool was_pending(const struct sla_lateness_case *c, const struct timer *t)
{
    bool is_promised = false;
    for (size_t i = 0; i < c->announced_count; i++) {
        const Callout__V1__Event *e = c->announced[i];
        if (e->body_case == BODY(PROMISED) && is_of(t, e->promised->milestone, e->promised->generation))
            is_promised = e->promised->due_us == t->due_us && !e->promised->is_paused;
        if ((e->body_case == BODY(MET) && is_of(t, e->met->milestone, e->met->generation)) ||
            (e->body_case == BODY(STOPPED) && is_of(t, e->stopped->milestone, e->stopped->generation)))
            return false;
    }
    return is_promised && t->reached_us > c->seen_us;
}

static bool grow(struct sla_lateness *l, struct co_arena *arena)
{
    size_t cap = l->cap == 0 ? 64 : l->cap * 2;
    int64_t *grown = co_arena_alloc(arena, cap * sizeof(*grown));
    if (grown == NULL)
        return false;
    if (l->count > 0)
        memcpy(grown, l->since_us, l->count * sizeof(*grown));
    l->since_us = grown;
    l->cap = cap;
    return true;
}

static int64_t moved_us(const Callout__V1__Event *e)
{
    if (e->body_case == BODY(SEVERITY_CHANGED))
        return e->severity_changed->changed_us;
    return e->body_case == BODY(ACTED) ? e->acted->acted_us : 0;
}

enum co_err sla_lateness_note(struct sla_lateness *l, struct co_arena *arena, struct sla_lateness_case *c,
                              const Callout__V1__Event *event)
{
    if (moved_us(event) > c->moved_us)
        c->moved_us = moved_us(event);
    int64_t news_us = c->input_us > c->moved_us ? c->input_us : c->moved_us;
    struct timer t = timer_of(event);
    if (t.reached_us == 0)
        return CO_OK;
    if (l->count == l->cap && !grow(l, arena))
        return CO_ENOMEM;
    l->since_us[l->count++] = news_us > t.reached_us && !was_pending(c, &t) ? news_us : t.reached_us;
    return CO_OK;
}

void sla_lateness_observe(struct sla_service *s, const struct sla_lateness *l, int64_t now_us)
{
    struct co_series *lateness = co_metric(s->metrics, SLA_M_LATENESS);
    for (size_t i = 0; i < l->count; i++)
        co_metric_observe(lateness, now_us > l->since_us[i] ? (double)(now_us - l->since_us[i]) / 1e6 : 0);
}
