#include "co_replay_plan.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "co_hash.h"
#include "co_text.h"
#include "co_time.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

enum { RULES_MAX = 64 };

/* How far an incident has come. A bit of the masks is a rule. */
struct progress {
    uint64_t fits; /* at its last row */
    uint64_t done; /* rules that are for once, and had their row */
    bool is_reported;
    bool is_restored;
    bool is_over;
    uint32_t signatures;
};

struct planner {
    const Callout__V1__ReplayMapping *map;
    struct co_replay_plan *plan;
    struct progress *progress;
    size_t cap;
};

static bool holds(char *const *list, size_t n, const char *value)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], value) == 0)
            return true;
    return n == 0;
}

static bool fits(const Callout__V1__ReplayRule *rule, const struct progress *p,
                 const struct co_replay_row *row)
{
    if (rule->when == CALLOUT__V1__REPLAY_WHEN__REPLAY_WHEN_BROKEN && p->is_restored)
        return false;
    if (rule->when == CALLOUT__V1__REPLAY_WHEN__REPLAY_WHEN_RESTORED && !p->is_restored)
        return false;
    return holds(rule->status, rule->n_status, row->status) &&
           holds(rule->sub_status, rule->n_sub_status, row->sub_status) &&
           holds(rule->line, rule->n_line, row->support);
}

static enum co_err add(struct planner *planner, const struct co_replay_row *row,
                       Callout__V1__Act act, Callout__V1__Role role)
{
    struct co_replay_plan *plan = planner->plan;
    if (plan->steps == planner->cap) {
        size_t cap = planner->cap == 0 ? 4096 : planner->cap * 2;
        struct co_replay_step *more = realloc(plan->step, cap * sizeof(*more));
        if (more == NULL)
            return CO_ENOMEM;
        plan->step = more;
        planner->cap = cap;
    }
    plan->step[plan->steps++] = (struct co_replay_step){
        .at_us = row->at_us, .incident = row->incident, .act = act, .role = role
    };
    return CO_OK;
}

/* Restored twice is restored once; a system that never was restored cannot come back. */
static bool says_nothing_new(const struct progress *p, Callout__V1__Act act)
{
    return (act == ACT(RESTORED) && p->is_restored) || (act == ACT(RELAPSED) && !p->is_restored);
}

static enum co_err do_acts(struct planner *planner, const struct co_replay_row *row,
                           Callout__V1__ReplayAct *const *acts, size_t n)
{
    struct progress *p = &planner->progress[row->incident];
    enum co_err err = CO_OK;
    for (size_t i = 0; err == CO_OK && i < n; i++) {
        if (says_nothing_new(p, acts[i]->act))
            continue;
        err = add(planner, row, acts[i]->act, acts[i]->role);
        p->is_restored =
            acts[i]->act == ACT(RESTORED) || (p->is_restored && acts[i]->act != ACT(RELAPSED));
        p->is_over = p->is_over || acts[i]->act == ACT(CANCEL) || acts[i]->act == ACT(SIGN);
    }
    return err;
}

/* All rules are judged by how things stood before the row. */
static uint64_t mask_of(const struct planner *planner, const struct co_replay_row *row)
{
    const Callout__V1__ReplayMapping *map = planner->map;
    uint64_t mask = 0;
    for (size_t i = 0; i < map->n_rules; i++)
        if (fits(map->rules[i], &planner->progress[row->incident], row))
            mask |= UINT64_C(1) << i;
    return mask;
}

static enum co_err take_row(struct planner *planner, const struct co_replay_row *row)
{
    const Callout__V1__ReplayMapping *map = planner->map;
    struct progress *p = &planner->progress[row->incident];
    size_t before = planner->plan->steps;
    if (p->is_over) {
        planner->plan->rows_after_closing++;
        return CO_OK;
    }
    enum co_err err = p->is_reported ? CO_OK : add(planner, row, ACT(REPORTED), 0);
    p->is_reported = true;
    uint64_t now = mask_of(planner, row), was = p->fits;
    p->fits = now;
    for (size_t i = 0; err == CO_OK && i < map->n_rules; i++) {
        const Callout__V1__ReplayRule *rule = map->rules[i];
        if (was >> i & ~now >> i & 1)
            err = do_acts(planner, row, rule->leave, rule->n_leave);
    }
    for (size_t i = 0; err == CO_OK && i < map->n_rules; i++) {
        const Callout__V1__ReplayRule *rule = map->rules[i];
        if (!(now >> i & ~was >> i & ~p->done >> i & 1))
            continue;
        p->done |= rule->once ? UINT64_C(1) << i : 0;
        err = do_acts(planner, row, rule->enter, rule->n_enter);
    }
    planner->plan->rows_without_act += planner->plan->steps == before;
    return err;
}

enum co_err co_replay_plan_make(struct co_replay_plan *ret_plan,
                                const Callout__V1__ReplayMapping *map,
                                const struct co_replay_log *log)
{
    *ret_plan = (struct co_replay_plan){ 0 };
    struct planner planner = { .map = map, .plan = ret_plan };
    planner.progress = calloc(log->incidents + 1, sizeof(planner.progress[0]));
    enum co_err err = planner.progress == NULL ? CO_ENOMEM : CO_OK;
    for (size_t i = 0; err == CO_OK && i < log->rows; i++)
        err = take_row(&planner, &log->row[i]);
    free(planner.progress);
    return err;
}

void co_replay_plan_free(struct co_replay_plan *plan)
{
    free(plan->step);
    *plan = (struct co_replay_plan){ 0 };
}

uint64_t co_replay_draw(const Callout__V1__ReplayMapping *map,
                        const struct co_replay_incident *incident, const char *purpose,
                        uint64_t generation)
{
    uint64_t h = CO_FNV1A64_START ^ co_hash_fmix64(map->seed);
    h = co_hash_fnv1a64(h, incident->key, strlen(incident->key) + 1);
    h = co_hash_fnv1a64(h, purpose, strlen(purpose));
    return co_hash_fmix64(h ^ co_hash_fmix64(generation));
}

static bool names_country(const Callout__V1__ReplayPlace *place, const char *country)
{
    for (size_t i = 0; i < place->n_countries; i++)
        if (strcasecmp(place->countries[i], country) == 0)
            return true;
    return false;
}

static const Callout__V1__ReplayPlace *find_place(const Callout__V1__ReplayMapping *map,
                                                  const char *country)
{
    const Callout__V1__ReplayPlace *rest = NULL;
    for (size_t i = 0; i < map->n_places; i++) {
        if (names_country(map->places[i], country))
            return map->places[i];
        if (map->places[i]->n_countries == 0 && rest == NULL)
            rest = map->places[i];
    }
    return rest;
}

static uint32_t weight_of(const Callout__V1__ReplaySite *site)
{
    return site->weight == 0 ? 1 : site->weight;
}

const Callout__V1__ReplaySite *co_replay_site(const Callout__V1__ReplayMapping *map,
                                              const struct co_replay_incident *incident)
{
    const Callout__V1__ReplayPlace *place = find_place(map, incident->country);
    uint64_t all = 0;
    for (size_t i = 0; place != NULL && i < place->n_sites; i++)
        all += weight_of(place->sites[i]);
    if (all == 0)
        return NULL;
    uint64_t at = co_replay_draw(map, incident, "site", 0) % all;
    size_t i = 0;
    for (; at >= weight_of(place->sites[i]); i++)
        at -= weight_of(place->sites[i]);
    return place->sites[i];
}

uint32_t co_replay_severity(const Callout__V1__ReplayMapping *map,
                            const struct co_replay_incident *incident)
{
    for (size_t i = 0; i < map->n_impacts; i++)
        if (strcmp(map->impacts[i]->impact, incident->impact) == 0)
            return map->impacts[i]->severity;
    return 0;
}

/* The value of the word that begins at `p`, and its length with braces; NULL: none of ours. */
static const char *word_at(const char *p, const struct co_replay_incident *i, size_t *ret_len)
{
    const struct {
        const char *word;
        const char *value;
    } words[] = { { "{incident}", i->key },
                  { "{impact}", i->impact },
                  { "{product}", i->product },
                  { "{country}", i->country } };
    for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
        *ret_len = strlen(words[w].word);
        if (strncmp(p, words[w].word, *ret_len) == 0)
            return words[w].value;
    }
    return NULL;
}

void co_replay_title(const Callout__V1__ReplayMapping *map,
                     const struct co_replay_incident *incident, char *to, size_t cap)
{
    size_t len = 0;
    for (const char *p = map->title; *p != '\0' && len + 1 < cap;) {
        size_t skip = 1;
        const char *value = word_at(p, incident, &skip);
        if (value != NULL) {
            len += co_text_copy(to + len, cap - len, value);
            p += skip;
        } else {
            to[len++] = *p++;
        }
    }
    to[len] = '\0';
}

struct bound {
    int64_t min_us, max_us;
};

const char *co_replay_mapping_problem(const Callout__V1__ReplayMapping *map)
{
    const Callout__V1__ReplayEngineers *e = map->engineers;
    const Callout__V1__ReplayApprovals *a = map->approvals;
    static const Callout__V1__ReplayAgreements never = CALLOUT__V1__REPLAY_AGREEMENTS__INIT;
    const Callout__V1__ReplayAgreements *g = map->agreements != NULL ? map->agreements : &never;
    if (map->columns == NULL)
        return "columns: the names of the columns are missing";
    if (e == NULL || a == NULL)
        return "engineers, approvals: how the players play is missing";
    const struct bound bounds[] = {
        { e->answer_min_us, e->answer_max_us }, { e->prepare_min_us, e->prepare_max_us },
        { e->work_min_us, e->work_max_us },     { a->after_min_us, a->after_max_us },
        { g->after_min_us, g->after_max_us },   { g->ahead_min_us, g->ahead_max_us }
    };
    for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
        if (bounds[i].min_us < 0 || bounds[i].min_us > bounds[i].max_us)
            return "engineers, approvals, agreements: a least length is more than the greatest";
    if (e->decline_percent + e->silent_percent > 100 || a->percent > 100 ||
        e->delay_max_percent > 1000)
        return "engineers, approvals: a share is more than 100 percent";
    if (map->n_rules > RULES_MAX)
        return "rules: at most 64";
    if (map->grid_us < 0 || map->grid_us > 5 * CO_MINUTE_US)
        return "grid: at most 5m, as intake takes nothing that lies farther ahead";
    return NULL;
}
