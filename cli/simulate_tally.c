#include "simulate_tally.h"

#include <stdlib.h>
#include <string.h>

#include "co_strmap.h"

enum { CONTRACTS_MAX = 1000000, MEMORY = 1024 * 1024 * 1024 };

enum outcome { OUTCOME_NONE, OUTCOME_OPEN, OUTCOME_MET, OUTCOME_MISSED, OUTCOMES };

struct row {
    Callout__V1__SimulateRow row;
    Callout__V1__Counts recorded, draft;
};

struct contract {
    char *key;
    struct row severity[SLA_LEVELS_MAX + 1];
};

struct simulate_tally {
    bool with_internal;
    struct co_arena *arena;
    struct co_strmap *contracts;
    struct row total;
};

static void row_init(struct row *r)
{
    callout__v1__simulate_row__init(&r->row);
    callout__v1__counts__init(&r->recorded);
    callout__v1__counts__init(&r->draft);
    r->row.recorded = &r->recorded;
    r->row.draft = &r->draft;
}

struct simulate_tally *simulate_tally_new(bool with_internal)
{
    struct simulate_tally *t = calloc(1, sizeof(*t));
    if (t == NULL)
        return NULL;
    t->with_internal = with_internal;
    t->arena = co_arena_new(MEMORY);
    t->contracts = co_strmap_new(CONTRACTS_MAX, 0);
    row_init(&t->total);
    if (t->arena != NULL && t->contracts != NULL)
        return t;
    simulate_tally_free(t);
    return NULL;
}

void simulate_tally_free(struct simulate_tally *t)
{
    if (t == NULL)
        return;
    co_strmap_free(t->contracts);
    co_arena_free(t->arena);
    free(t);
}

static struct contract *find(struct simulate_tally *t, const char *key)
{
    struct contract *c = co_strmap_get(t->contracts, key);
    if (c != NULL)
        return c;
    c = co_arena_alloc(t->arena, sizeof(*c));
    if (c == NULL || (c->key = co_arena_strdup(t->arena, key)) == NULL)
        return NULL;
    for (uint32_t i = 0; i <= SLA_LEVELS_MAX; i++) {
        row_init(&c->severity[i]);
        c->severity[i].row.contract = c->key;
        c->severity[i].row.severity = i;
    }
    return co_strmap_put(t->contracts, c->key, c) == CO_OK ? c : NULL;
}

/* -- one case */

static enum outcome outcome_of(const struct sla_clock *c)
{
    if (c->is_breached)
        return OUTCOME_MISSED;
    return c->state == SLA_CLOCK_MET    ? OUTCOME_MET
           : c->state == SLA_CLOCK_OPEN ? OUTCOME_OPEN
                                        : OUTCOME_NONE;
}

static size_t index_of(const Callout__V1__PolicyPack *p, const Callout__V1__Milestone *m)
{
    size_t i = 0;
    while (i < p->n_milestones && p->milestones[i] != m)
        i++;
    return i;
}

/* For each milestone of the pack. NULL: no memory. */
static enum outcome *outcomes_of(const struct simulate_tally *t, struct co_arena *scratch,
                                 struct simulate_side side)
{
    enum outcome *of = co_arena_alloc(scratch, (side.policy->n_milestones + 1) * sizeof(*of));
    if (of == NULL)
        return NULL;
    for (size_t i = 0; i <= side.policy->n_milestones; i++)
        of[i] = OUTCOME_NONE;
    for (size_t i = 0; i < side.fold->clock_count; i++) {
        const struct sla_clock *c = side.fold->clocks[i];
        enum outcome is = outcome_of(c);
        size_t at = index_of(side.policy, c->milestone);
        if ((t->with_internal || !c->milestone->internal) && is > of[at])
            of[at] = is;
    }
    return of;
}

static void count(struct simulate_side side, const enum outcome *of, Callout__V1__Counts *to)
{
    uint64_t n[OUTCOMES] = { 0 };
    for (size_t i = 0; i < side.policy->n_milestones; i++)
        n[of[i]]++;
    to->met += n[OUTCOME_MET];
    to->missed += n[OUTCOME_MISSED];
    to->open += n[OUTCOME_OPEN];
    for (size_t i = 0; i < side.fold->output_count; i++) {
        const Callout__V1__Event *e = side.fold->outputs[i];
        to->escalations += e->body_case == CALLOUT__V1__EVENT__BODY_SEVERITY_CHANGED &&
                           e->severity_changed->to < e->severity_changed->from;
    }
    to->arrivals += side.fold->acts >> CALLOUT__V1__ACT__ACT_ONSITE_REQUESTED & 1;
}

/* The outcome of the milestone of that name; packs are mostly alike, so its place is tried first.
 */
static enum outcome same_of(const Callout__V1__PolicyPack *p, const enum outcome *of,
                            const char *name, size_t hint)
{
    if (hint < p->n_milestones && strcmp(p->milestones[hint]->name, name) == 0)
        return of[hint];
    for (size_t i = 0; i < p->n_milestones; i++)
        if (strcmp(p->milestones[i]->name, name) == 0)
            return of[i];
    return OUTCOME_NONE;
}

/* Milestones of `a` that are missed there and not in `b`. */
static uint64_t missed_only(struct simulate_side a, const enum outcome *of_a,
                            struct simulate_side b, const enum outcome *of_b)
{
    uint64_t n = 0;
    for (size_t i = 0; i < a.policy->n_milestones; i++)
        n += of_a[i] == OUTCOME_MISSED &&
             same_of(b.policy, of_b, a.policy->milestones[i]->name, i) != OUTCOME_MISSED;
    return n;
}

enum co_err simulate_tally_add(struct simulate_tally *t, struct co_arena *scratch,
                               const Callout__V1__CaseOpened *opened, struct simulate_side recorded,
                               struct simulate_side draft)
{
    struct contract *contract = find(t, opened->contract);
    enum outcome *of_recorded = outcomes_of(t, scratch, recorded);
    enum outcome *of_draft = outcomes_of(t, scratch, draft);
    if (contract == NULL || of_recorded == NULL || of_draft == NULL)
        return CO_ENOMEM;
    struct row *r = &contract->severity[opened->severity <= SLA_LEVELS_MAX ? opened->severity : 0];
    r->row.cases++;
    count(recorded, of_recorded, &r->recorded);
    count(draft, of_draft, &r->draft);
    r->row.newly_missed += missed_only(draft, of_draft, recorded, of_recorded);
    r->row.newly_met += missed_only(recorded, of_recorded, draft, of_draft);
    return CO_OK;
}

/* -- sums */

static void add_counts(Callout__V1__Counts *to, const Callout__V1__Counts *from)
{
    to->met += from->met;
    to->missed += from->missed;
    to->open += from->open;
    to->escalations += from->escalations;
    to->arrivals += from->arrivals;
}

static void add_row(struct row *to, const struct row *from)
{
    to->row.cases += from->row.cases;
    to->row.newly_missed += from->row.newly_missed;
    to->row.newly_met += from->row.newly_met;
    add_counts(&to->recorded, &from->recorded);
    add_counts(&to->draft, &from->draft);
}

enum co_err simulate_tally_join(struct simulate_tally *t, const struct simulate_tally *from)
{
    uint32_t pos = 0;
    const char *key;
    void *value;
    while (co_strmap_next(from->contracts, &pos, &key, &value)) {
        const struct contract *c = value;
        struct contract *to = find(t, key);
        if (to == NULL)
            return CO_ENOMEM;
        for (size_t i = 0; i <= SLA_LEVELS_MAX; i++)
            add_row(&to->severity[i], &c->severity[i]);
    }
    return CO_OK;
}

static int by_contract(const void *a, const void *b)
{
    const struct contract *x = *(struct contract *const *)a, *y = *(struct contract *const *)b;
    return strcmp(x->key, y->key);
}

enum co_err simulate_tally_report(struct simulate_tally *t, Callout__V1__SimulateReport *ret)
{
    size_t n = co_strmap_len(t->contracts), k = 0;
    struct contract **list = co_arena_alloc(t->arena, (n + 1) * sizeof(list[0]));
    ret->rows = co_arena_alloc(t->arena, (n + 1) * (SLA_LEVELS_MAX + 1) * sizeof(ret->rows[0]));
    if (list == NULL || ret->rows == NULL)
        return CO_ENOMEM;
    uint32_t pos = 0;
    const char *key;
    void *value;
    while (co_strmap_next(t->contracts, &pos, &key, &value))
        list[k++] = value;
    if (n > 0)
        qsort(list, n, sizeof(list[0]), by_contract);
    ret->n_rows = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t s = 0; s <= SLA_LEVELS_MAX; s++) {
            struct row *r = &list[i]->severity[s];
            if (r->row.cases == 0)
                continue;
            ret->rows[ret->n_rows++] = &r->row;
            add_row(&t->total, r);
        }
    ret->total = &t->total.row;
    return CO_OK;
}
