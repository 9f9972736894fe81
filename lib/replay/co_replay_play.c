#include "co_replay_play.h"

#include <stdlib.h>
#include <string.h>

#include "co_arena.h"
#include "co_heap.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name
#define KIND(name) CALLOUT__V1__EVENT__BODY_##name

#define MEMORY_BYTES ((size_t)1024 * 1024 * 1024)
enum { PLANS_MAX = 50000000 };

/* Somebody was asked. */
struct asked {
    uint64_t generation;
    int64_t travel_us;
    const char *engineer;
    bool is_over;
    struct asked *before;
};

/* How the case of an incident stands, as far as the players know. */
struct standing {
    struct asked *asked; /* the newest offer; NULL: none was made */
    uint64_t assigned;   /* who goes; 0: nobody */
    bool is_held;
    bool is_to_agree; /* when somebody comes */
    bool is_closed;
};

struct co_replay_players {
    const Callout__V1__ReplayMapping *map;
    const struct co_replay_log *log;
    struct co_arena *arena;
    struct standing *standing;   /* per incident */
    struct co_heap *due;         /* id: index into plan */
    struct co_replay_step *plan; /* all that was ever meant */
    size_t plans, cap;
};

struct co_replay_players *co_replay_players_new(const Callout__V1__ReplayMapping *map,
                                                const struct co_replay_log *log)
{
    struct co_replay_players *p = calloc(1, sizeof(*p));
    if (p == NULL)
        return NULL;
    p->map = map;
    p->log = log;
    p->arena = co_arena_new(MEMORY_BYTES);
    p->standing = calloc(log->incidents + 1, sizeof(p->standing[0]));
    p->due = co_heap_new(PLANS_MAX);
    if (p->arena != NULL && p->standing != NULL && p->due != NULL)
        return p;
    co_replay_players_free(p);
    return NULL;
}

void co_replay_players_free(struct co_replay_players *p)
{
    if (p == NULL)
        return;
    co_arena_free(p->arena);
    co_heap_free(p->due);
    free(p->standing);
    free(p->plan);
    free(p);
}

static enum co_err mean(struct co_replay_players *p, struct co_replay_step step)
{
    if (p->plans == p->cap) {
        size_t cap = p->cap == 0 ? 1024 : p->cap * 2;
        struct co_replay_step *more = realloc(p->plan, cap * sizeof(*more));
        if (more == NULL)
            return CO_ENOMEM;
        p->plan = more;
        p->cap = cap;
    }
    p->plan[p->plans] = step;
    return co_heap_push(p->due, (struct co_due){ step.at_us, (int64_t)p->plans++ });
}

static uint64_t draw(const struct co_replay_players *p, uint32_t incident, const char *purpose,
                     uint64_t generation)
{
    return co_replay_draw(p->map, &p->log->incident[incident], purpose, generation);
}

/* One of min .. max, in whole seconds. */
static int64_t draw_us(const struct co_replay_players *p, uint32_t incident, const char *purpose,
                       uint64_t generation, int64_t min_us, int64_t max_us)
{
    uint64_t seconds = (uint64_t)(max_us - min_us) / 1000000 + 1;
    return min_us + (int64_t)(draw(p, incident, purpose, generation) % seconds) * 1000000;
}

/* The offer of that generation; NULL: there is none. */
static struct asked *asked_as(const struct standing *s, uint64_t generation)
{
    struct asked *a = s->asked;
    while (a != NULL && a->generation != generation)
        a = a->before;
    return a;
}

static enum co_err ask(struct co_replay_players *p, struct standing *s,
                       const Callout__V1__Offered *o)
{
    struct asked *a = co_arena_alloc(p->arena, sizeof(*a));
    if (a == NULL)
        return CO_ENOMEM;
    *a = (struct asked){ .generation = o->generation,
                         .travel_us = o->travel_us,
                         .engineer = co_arena_strdup(p->arena, o->engineer),
                         .before = s->asked };
    s->asked = a;
    return a->engineer != NULL ? CO_OK : CO_ENOMEM;
}

static enum co_err hear_offered(struct co_replay_players *p, uint32_t incident,
                                const Callout__V1__Offered *o)
{
    const Callout__V1__ReplayEngineers *e = p->map->engineers;
    struct standing *s = &p->standing[incident];
    enum co_err err = ask(p, s, o);
    if (err != CO_OK)
        return err;
    uint64_t mood = draw(p, incident, "answer", o->generation) % 100;
    if (mood < e->silent_percent)
        return CO_OK;
    bool declines = mood < (uint64_t)e->silent_percent + e->decline_percent;
    int64_t after_us =
        draw_us(p, incident, "answer after", o->generation, e->answer_min_us, e->answer_max_us);
    return mean(p, (struct co_replay_step){ .at_us = o->offered_us + after_us,
                                            .incident = incident,
                                            .act = declines ? ACT(DECLINE) : ACT(ACCEPT),
                                            .role = CALLOUT__V1__ROLE__ROLE_ENGINEER,
                                            .generation = o->generation,
                                            .person = s->asked->engineer });
}

static void hear_offer_ended(struct co_replay_players *p, uint32_t incident,
                             const Callout__V1__OfferEnded *o)
{
    struct asked *a = asked_as(&p->standing[incident], o->generation);
    if (a != NULL)
        a->is_over = true;
}

/* The whole visit is meant at once; what happens meanwhile may cut it short. */
static enum co_err hear_assigned(struct co_replay_players *p, uint32_t incident,
                                 const Callout__V1__Assigned *a)
{
    const Callout__V1__ReplayEngineers *e = p->map->engineers;
    struct standing *s = &p->standing[incident];
    const struct asked *asked = asked_as(s, a->generation);
    int64_t travel_us = asked != NULL ? asked->travel_us : 0;
    const char *person = asked != NULL ? asked->engineer : co_arena_strdup(p->arena, a->engineer);
    if (person == NULL)
        return CO_ENOMEM;
    s->assigned = a->generation;
    struct co_replay_step step = { .incident = incident,
                                   .act = ACT(UNDERWAY),
                                   .role = CALLOUT__V1__ROLE__ROLE_ENGINEER,
                                   .generation = a->generation,
                                   .person = person };
    step.at_us = a->assigned_us + draw_us(p, incident, "prepare", a->generation, e->prepare_min_us,
                                          e->prepare_max_us);
    enum co_err err = mean(p, step);
    uint64_t late = draw(p, incident, "journey", a->generation) % (e->delay_max_percent + 1);
    step.at_us += travel_us + travel_us / 100 * (int64_t)late;
    step.act = ACT(ARRIVED);
    if (err == CO_OK)
        err = mean(p, step);
    int64_t arrived_us = step.at_us;
    int64_t work_us = draw_us(p, incident, "work", a->generation, e->work_min_us, e->work_max_us);
    for (size_t i = 0; err == CO_OK && i < e->n_on_site; i++) {
        step.at_us = arrived_us + work_us / 100 * (int64_t)e->on_site[i]->percent;
        step.act = e->on_site[i]->act;
        err = mean(p, step);
    }
    return err;
}

static enum co_err hear_held(struct co_replay_players *p, uint32_t incident, int64_t at_us,
                             const Callout__V1__CaseHeld *h)
{
    const Callout__V1__ReplayApprovals *a = p->map->approvals;
    p->standing[incident].is_held = true;
    if (h->contract[0] == '\0' || draw(p, incident, "approve", 0) % 100 >= a->percent)
        return CO_OK;
    const char *contract = co_arena_strdup(p->arena, h->contract);
    if (contract == NULL)
        return CO_ENOMEM;
    int64_t after_us = draw_us(p, incident, "approve after", 0, a->after_min_us, a->after_max_us);
    return mean(p, (struct co_replay_step){ .at_us = at_us + after_us,
                                            .incident = incident,
                                            .act = ACT(APPROVE),
                                            .role = h->role,
                                            .name = contract });
}

static enum co_err hear_promised(struct co_replay_players *p, uint32_t incident, int64_t at_us,
                                 const Callout__V1__Promised *promised)
{
    const Callout__V1__ReplayAgreements *a = p->map->agreements;
    if (!promised->is_arrival || a == NULL)
        return CO_OK;
    bool was_to_agree = p->standing[incident].is_to_agree;
    p->standing[incident].is_to_agree = promised->due_us == 0;
    if (promised->due_us != 0 || was_to_agree)
        return CO_OK;
    uint32_t generation = promised->generation;
    int64_t after_us =
        draw_us(p, incident, "agree after", generation, a->after_min_us, a->after_max_us);
    int64_t ahead_us =
        draw_us(p, incident, "agree ahead", generation, a->ahead_min_us, a->ahead_max_us);
    return mean(p, (struct co_replay_step){ .at_us = at_us + after_us,
                                            .incident = incident,
                                            .act = ACT(AGREE),
                                            .role = CALLOUT__V1__ROLE__ROLE_PM,
                                            .agreed_us = at_us + after_us + ahead_us });
}

enum co_err co_replay_players_hear(struct co_replay_players *p, uint32_t incident, int64_t at_us,
                                   const Callout__V1__Event *event)
{
    struct standing *s = &p->standing[incident];
    switch ((int)event->body_case) {
    case KIND(CASE_OPENED):
        s->is_held = false;
        return CO_OK;
    case KIND(CASE_HELD):
        return hear_held(p, incident, at_us, event->case_held);
    case KIND(CASE_CLOSED):
        s->is_closed = true;
        return CO_OK;
    case KIND(PROMISED):
        return hear_promised(p, incident, at_us, event->promised);
    case KIND(OFFERED):
        return hear_offered(p, incident, event->offered);
    case KIND(OFFER_ENDED):
        hear_offer_ended(p, incident, event->offer_ended);
        return CO_OK;
    case KIND(ASSIGNED):
        return hear_assigned(p, incident, event->assigned);
    case KIND(ORDER_ENDED):
        s->assigned = 0;
        return CO_OK;
    default:
        return CO_OK;
    }
}

static bool is_open(const struct asked *a)
{
    return a != NULL && !a->is_over;
}

static bool makes_sense(const struct co_replay_players *p, const struct co_replay_step *step)
{
    const struct standing *s = &p->standing[step->incident];
    if (s->is_closed)
        return false;
    if (step->act == ACT(ACCEPT) || step->act == ACT(DECLINE))
        return is_open(asked_as(s, step->generation));
    if (step->act == ACT(APPROVE))
        return s->is_held;
    if (step->act == ACT(AGREE))
        return s->is_to_agree;
    return s->assigned == step->generation;
}

int64_t co_replay_players_next_us(const struct co_replay_players *p)
{
    struct co_due due;
    return co_heap_peek(p->due, &due) ? due.due_us : INT64_MAX;
}

bool co_replay_players_take(struct co_replay_players *p, int64_t until_us,
                            struct co_replay_step *ret_step)
{
    struct co_due due;
    while (co_heap_peek(p->due, &due) && due.due_us <= until_us) {
        if (!co_heap_pop(p->due, &due) || !makes_sense(p, &p->plan[due.id]))
            continue;
        *ret_step = p->plan[due.id];
        return true;
    }
    return false;
}
