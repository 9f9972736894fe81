/* Milestones whose warnings and breaches start each other round and round. Raises are no part of a
 * round: every one leaves fewer levels. */
#include "pc.h"

enum { MILESTONES_MAX = 256 };

struct graph {
    const Callout__V1__PolicyPack *pack;
    size_t from;
    uint64_t next[MILESTONES_MAX][MILESTONES_MAX / 64]; /* bit per milestone that it may start */
};

static void link_to(struct graph *g, size_t to)
{
    g->next[g->from][to / 64] |= UINT64_C(1) << (to % 64);
}

static bool is_linked(const struct graph *g, size_t from, size_t to)
{
    return (g->next[from][to / 64] >> (to % 64) & 1) != 0;
}

/* Does the act start it, and not end it in the same breath? */
static bool starts(const Callout__V1__Milestone *m, Callout__V1__Act act)
{
    bool is_end = pc_has_act(m->stop, m->n_stop, act) || pc_has_act(m->cancel, m->n_cancel, act);
    return !is_end && (pc_has_act(m->start, m->n_start, act) ||
                       pc_has_act(m->start_unless_cancelled, m->n_start_unless_cancelled, act) ||
                       pc_has_act(m->restart, m->n_restart, act));
}

static void add_edges(struct pc *p, const struct pc_action *a, void *arg)
{
    (void)p;
    struct graph *g = arg;
    for (size_t i = 0; i < g->pack->n_milestones; i++) {
        const Callout__V1__Milestone *m = g->pack->milestones[i];
        if (a->action->kind == ACTION(START) && strcmp(a->action->milestone, m->name) == 0)
            link_to(g, i);
        if (a->action->kind == ACTION(ACT) && starts(m, a->action->act))
            link_to(g, i);
    }
}

/* The shortest way from `start` back to it, over milestones that are not before it: each round is
 * found once, from its first. Returns its length, 0: there is none; path[] are its milestones. */
static size_t find_round(const struct graph *g, size_t start, size_t *path)
{
    size_t queue[MILESTONES_MAX], came_from[MILESTONES_MAX], head = 0, tail = 0;
    bool is_seen[MILESTONES_MAX] = { false };
    size_t n = g->pack->n_milestones, last = n;
    queue[tail++] = start;
    is_seen[start] = true;
    while (head < tail && last == n) {
        size_t at = queue[head++];
        if (is_linked(g, at, start))
            last = at;
        for (size_t to = start + 1; to < n; to++)
            if (is_linked(g, at, to) && !is_seen[to]) {
                is_seen[to] = true;
                came_from[to] = at;
                queue[tail++] = to;
            }
    }
    if (last == n)
        return 0;
    size_t len = 1;
    for (size_t at = last; at != start; at = came_from[at])
        len++;
    for (size_t i = len, at = last; i > 0; i--) {
        path[i - 1] = at;
        at = at == start ? start : came_from[at];
    }
    return len;
}

void pc_check_loops(struct pc *p, const Callout__V1__PolicyPack *pack)
{
    size_t path[MILESTONES_MAX];
    struct graph *g = pack->n_milestones > MILESTONES_MAX ? NULL : pc_alloc(p, sizeof(*g));
    if (g == NULL)
        return;
    memset(g, 0, sizeof(*g));
    g->pack = pack;
    for (g->from = 0; g->from < pack->n_milestones; g->from++)
        pc_actions(p, pack, g->from, add_edges, g);
    for (size_t i = 0; i < pack->n_milestones; i++) {
        size_t len = find_round(g, i, path);
        const char *names = "";
        for (size_t k = 0; k < len && names != NULL; k++)
            names = pc_text(p, "%s%.64s -> ", names, pack->milestones[path[k]]->name);
        if (len > 0 && names != NULL)
            pc_say(p, CO_FINDING_ERROR, pc_in_pack(p, pack, "milestones[%zu]", i),
                   "goes round: what follows a warning or a breach starts the next of %s%.64s",
                   names, pack->milestones[i]->name);
    }
}
