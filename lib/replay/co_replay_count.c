/* The end of a tally: what was announced one by one becomes sums. */
#include <stdlib.h>
#include <string.h>

#include "co_replay_tally_impl.h"

static void count_clock(struct co_replay_clocks *to, const struct clock *c)
{
    bool is_missed = c->is_breached || (c->is_met && c->is_late);
    to->promised++;
    to->missed += is_missed;
    to->met += !is_missed && c->is_met;
    to->stopped += !is_missed && !c->is_met && c->is_stopped;
    to->open += !is_missed && !c->is_met && !c->is_stopped;
}

static enum co_err count_clocks(struct co_replay_tally *t)
{
    for (size_t i = 0; i < t->group[CLOCKS].n; i++) {
        const struct clock *c = (const struct clock *)(void *)t->group[CLOCKS].item + i;
        if (!c->is_promised)
            continue;
        struct co_replay_by_milestone *m =
            tally_thing_of(t, MILESTONES, "%u %s", c->severity, c->milestone);
        if (m == NULL)
            return CO_ENOMEM;
        m->milestone = c->milestone;
        m->severity = c->severity;
        count_clock(&m->clocks, c);
        if (c->zone[0] == '\0')
            continue;
        struct co_replay_by_zone *z = tally_thing_of(t, ZONES, "%s %u", c->zone, c->severity);
        if (z == NULL)
            return CO_ENOMEM;
        z->zone = c->zone;
        z->severity = c->severity;
        z->km_max = c->km > z->km_max ? c->km : z->km_max;
        count_clock(&z->clocks, c);
    }
    return CO_OK;
}

static enum co_err count_notices(struct co_replay_tally *t)
{
    for (size_t i = 0; i < t->group[NOTICES].n; i++) {
        const struct notice *n = (const struct notice *)(void *)t->group[NOTICES].item + i;
        const char *channel = n->channel == NULL ? "" : n->channel;
        struct co_replay_notices *c = tally_thing(t, CHANNELS, channel);
        if (c == NULL)
            return CO_ENOMEM;
        c->channel = channel;
        if ((size_t)n->state < sizeof(c->state) / sizeof(c->state[0]))
            c->state[n->state]++;
    }
    return CO_OK;
}

static enum co_err count_engineers(struct co_replay_tally *t)
{
    for (size_t i = 0; i < t->group[PERSONS].n; i++) {
        const struct person *p = (const struct person *)(void *)t->group[PERSONS].item + i;
        struct co_replay_engineer *e = tally_thing(t, ENGINEERS, t->group[PERSONS].key[i]);
        if (e == NULL)
            return CO_ENOMEM;
        *e = p->said;
        e->key = t->group[PERSONS].key[i];
        e->km = (double)p->metres / 1000;
    }
    return CO_OK;
}

/* Things begin with the text they are known by, and, where they have one, their severity. */
static int by_first_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_severity(const void *a, const void *b)
{
    const struct co_replay_by_milestone *x = a, *y = b;
    if (x->severity != y->severity)
        return x->severity < y->severity ? -1 : 1;
    return strcmp(x->milestone, y->milestone);
}

static int by_act(const void *a, const void *b)
{
    const struct co_replay_commands *x = a, *y = b;
    return (x->act > y->act) - (x->act < y->act);
}

static int by_zone(const void *a, const void *b)
{
    const struct co_replay_by_zone *x = a, *y = b;
    int order = strcmp(x->zone, y->zone);
    return order != 0 ? order : (x->severity > y->severity) - (x->severity < y->severity);
}

static void sort(struct group *g, int (*compare)(const void *a, const void *b))
{
    if (g->n > 0)
        qsort(g->item, g->n, g->size, compare);
}

enum co_err co_replay_tally_finish(struct co_replay_tally *t)
{
    enum co_err err = count_clocks(t);
    if (err == CO_OK)
        err = count_notices(t);
    if (err == CO_OK)
        err = count_engineers(t);
    sort(&t->group[MILESTONES], by_severity);
    sort(&t->group[ZONES], by_zone);
    sort(&t->group[ENGINEERS], by_first_text);
    sort(&t->group[CHANNELS], by_first_text);
    sort(&t->group[COMMANDS], by_act);
    return err;
}

const struct co_replay_cases *co_replay_tally_cases(const struct co_replay_tally *t)
{
    return &t->cases;
}

const uint64_t *co_replay_tally_severities(const struct co_replay_tally *t)
{
    return t->opened_with;
}

static const void *list(const struct co_replay_tally *t, enum groups which, size_t *ret_n)
{
    *ret_n = t->group[which].n;
    return t->group[which].item;
}

const struct co_replay_by_milestone *co_replay_tally_milestones(const struct co_replay_tally *t,
                                                                size_t *ret_n)
{
    return list(t, MILESTONES, ret_n);
}

const struct co_replay_by_zone *co_replay_tally_zones(const struct co_replay_tally *t,
                                                      size_t *ret_n)
{
    return list(t, ZONES, ret_n);
}

const struct co_replay_engineer *co_replay_tally_engineers(const struct co_replay_tally *t,
                                                           size_t *ret_n)
{
    return list(t, ENGINEERS, ret_n);
}

const struct co_replay_notices *co_replay_tally_notices(const struct co_replay_tally *t,
                                                        size_t *ret_n)
{
    return list(t, CHANNELS, ret_n);
}

const struct co_replay_commands *co_replay_tally_commands(const struct co_replay_tally *t,
                                                          size_t *ret_n)
{
    return list(t, COMMANDS, ret_n);
}
