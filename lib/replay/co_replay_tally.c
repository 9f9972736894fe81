#include "co_replay_tally_impl.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KIND(name) CALLOUT__V1__EVENT__BODY_##name
#define MEMORY_BYTES ((size_t)4 * 1024 * 1024 * 1024)
enum { THINGS_MAX = 100000000, KEY_MAX = 512 };

static const size_t sizes[GROUPS] = {
    [CLOCKS] = sizeof(struct clock),
    [OFFERS] = sizeof(struct offer),
    [NOTICES] = sizeof(struct notice),
    [HELD] = sizeof(struct held),
    [MILESTONES] = sizeof(struct co_replay_by_milestone),
    [ZONES] = sizeof(struct co_replay_by_zone),
    [PERSONS] = sizeof(struct person),
    [ENGINEERS] = sizeof(struct co_replay_engineer),
    [CHANNELS] = sizeof(struct co_replay_notices),
    [COMMANDS] = sizeof(struct co_replay_commands),
};

struct co_replay_tally *co_replay_tally_new(void)
{
    struct co_replay_tally *t = calloc(1, sizeof(*t));
    if (t == NULL)
        return NULL;
    bool ok = (t->arena = co_arena_new(MEMORY_BYTES)) != NULL;
    for (size_t i = 0; i < GROUPS; i++) {
        t->group[i].size = sizes[i];
        ok = (t->group[i].map = co_strmap_new(THINGS_MAX, 0)) != NULL && ok;
    }
    if (ok)
        return t;
    co_replay_tally_free(t);
    return NULL;
}

void co_replay_tally_free(struct co_replay_tally *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < GROUPS; i++) {
        co_strmap_free(t->group[i].map);
        free(t->group[i].item);
        free(t->group[i].key);
    }
    co_arena_free(t->arena);
    free(t);
}

static bool make_room(struct group *g)
{
    if (g->n < g->cap)
        return true;
    size_t cap = g->cap == 0 ? 256 : g->cap * 2;
    char *item = realloc(g->item, cap * g->size);
    if (item == NULL)
        return false;
    g->item = item;
    const char **key = realloc(g->key, cap * sizeof(*key));
    if (key == NULL)
        return false;
    g->key = key;
    g->cap = cap;
    return true;
}

void *tally_thing(struct co_replay_tally *t, enum groups which, const char *key)
{
    struct group *g = &t->group[which];
    uintptr_t known = (uintptr_t)co_strmap_get(g->map, key);
    if (known != 0)
        return g->item + (known - 1) * g->size;
    char *copy = make_room(g) ? co_arena_strdup(t->arena, key) : NULL;
    if (copy == NULL || co_strmap_put(g->map, copy, (void *)(uintptr_t)(g->n + 1)) != CO_OK)
        return NULL;
    g->key[g->n] = copy;
    return memset(g->item + g->n++ * g->size, 0, g->size);
}

void *tally_thing_of(struct co_replay_tally *t, enum groups which, const char *format, ...)
{
    char key[KEY_MAX];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(key, sizeof(key), format, args);
    va_end(args);
    return tally_thing(t, which, key);
}

static struct clock *clock_of(struct co_replay_tally *t, uint64_t case_id, const char *milestone,
                              uint32_t generation)
{
    return tally_thing_of(t, CLOCKS, "%llu/%s/%u", (unsigned long long)case_id, milestone, generation);
}

static enum co_err take_promised(struct co_replay_tally *t, uint64_t case_id,
                                 const Callout__V1__Promised *p)
{
    struct clock *c = clock_of(t, case_id, p->milestone, p->generation);
    if (c == NULL)
        return CO_ENOMEM;
    c->is_promised = true;
    c->severity = p->severity < CO_REPLAY_SEVERITIES ? p->severity : 0;
    c->km = p->basis == NULL ? 0 : p->basis->km;
    c->milestone = co_arena_strdup(t->arena, p->milestone);
    c->zone = co_arena_strdup(t->arena, p->basis == NULL ? "" : p->basis->zone);
    return c->milestone == NULL || c->zone == NULL ? CO_ENOMEM : CO_OK;
}

static enum co_err take_met(struct co_replay_tally *t, uint64_t case_id, const Callout__V1__Met *m)
{
    struct clock *c = clock_of(t, case_id, m->milestone, m->generation);
    if (c == NULL)
        return CO_ENOMEM;
    c->is_met = true;
    c->is_late = m->late_us > 0;
    return CO_OK;
}

static enum co_err take_withdrawn(struct co_replay_tally *t, uint64_t case_id,
                                  const Callout__V1__Withdrawn *w)
{
    t->cases.withdrawn++;
    if (w->kind != KIND(PROMISED) && w->kind != KIND(BREACHED) && w->kind != KIND(MET) &&
        w->kind != KIND(STOPPED))
        return CO_OK;
    struct clock *c = clock_of(t, case_id, w->milestone, w->generation);
    if (c == NULL)
        return CO_ENOMEM;
    c->is_promised = c->is_promised && w->kind != KIND(PROMISED);
    c->is_breached = c->is_breached && w->kind != KIND(BREACHED);
    c->is_met = c->is_met && w->kind != KIND(MET);
    c->is_stopped = c->is_stopped && w->kind != KIND(STOPPED);
    return CO_OK;
}

/* The engineer's count; NULL: out of memory. */
static struct person *person_of(struct co_replay_tally *t, const char *engineer)
{
    return tally_thing(t, PERSONS, engineer);
}

static struct offer *offer_of(struct co_replay_tally *t, uint64_t case_id, uint64_t generation)
{
    return tally_thing_of(t, OFFERS, "%llu/%llu", (unsigned long long)case_id,
                    (unsigned long long)generation);
}

static enum co_err take_offered(struct co_replay_tally *t, uint64_t case_id,
                                const Callout__V1__Offered *o)
{
    struct offer *offer = offer_of(t, case_id, o->generation);
    struct person *p = person_of(t, o->engineer);
    if (offer == NULL || p == NULL)
        return CO_ENOMEM;
    offer->metres = (int64_t)llround(o->km * 1000);
    p->said.offers++;
    return CO_OK;
}

static enum co_err take_offer_ended(struct co_replay_tally *t, uint64_t case_id,
                                    const Callout__V1__OfferEnded *o)
{
    struct person *p = person_of(t, o->engineer);
    const struct offer *offer = offer_of(t, case_id, o->generation);
    if (p == NULL || offer == NULL)
        return CO_ENOMEM;
    p->said.accepted += o->how == CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED;
    p->said.declined += o->how == CALLOUT__V1__OFFER_END__OFFER_END_DECLINED;
    p->said.silent += o->how == CALLOUT__V1__OFFER_END__OFFER_END_SILENT;
    p->said.withdrawn += o->how == CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN;
    p->said.overtaken += o->how == CALLOUT__V1__OFFER_END__OFFER_END_OVERTAKEN;
    p->metres += o->how == CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED ? offer->metres : 0;
    return CO_OK;
}

static enum co_err take_order_ended(struct co_replay_tally *t, const Callout__V1__OrderEnded *o)
{
    struct person *p = o->engineer[0] == '\0' ? NULL : person_of(t, o->engineer);
    if (p != NULL)
        p->said.visits++;
    return p == NULL && o->engineer[0] != '\0' ? CO_ENOMEM : CO_OK;
}

static struct notice *notice_of(struct co_replay_tally *t, uint64_t case_id, const char *obligation,
                                uint32_t generation, const char *slot)
{
    return tally_thing_of(t, NOTICES, "%llu/%s/%u/%s", (unsigned long long)case_id, obligation,
                    generation, slot);
}

static enum co_err take_notice_planned(struct co_replay_tally *t, uint64_t case_id,
                                       const Callout__V1__NoticePlanned *p)
{
    struct notice *n = notice_of(t, case_id, p->obligation, p->generation, p->slot);
    if (n == NULL || (n->channel = co_arena_strdup(t->arena, p->channel)) == NULL)
        return CO_ENOMEM;
    n->state = CALLOUT__V1__NOTICE_STATE__NOTICE_PLANNED;
    return CO_OK;
}

static enum co_err take_notice_settled(struct co_replay_tally *t, uint64_t case_id,
                                       const Callout__V1__NoticeSettled *s)
{
    struct notice *n = notice_of(t, case_id, s->obligation, s->generation, s->slot);
    if (n == NULL)
        return CO_ENOMEM;
    n->state = s->state;
    return CO_OK;
}

static enum co_err take_held(struct co_replay_tally *t, uint64_t case_id, bool is_held)
{
    struct held *h = tally_thing_of(t, HELD, "%llu", (unsigned long long)case_id);
    if (h == NULL)
        return CO_ENOMEM;
    t->cases.held += is_held && !h->is_held;
    t->cases.held_still += is_held && !h->is_held;
    t->cases.held_still -= !is_held && h->is_held;
    h->is_held = is_held;
    return CO_OK;
}

static enum co_err take_opened(struct co_replay_tally *t, uint64_t case_id,
                               const Callout__V1__CaseOpened *o)
{
    t->cases.opened++;
    t->opened_with[o->severity < CO_REPLAY_SEVERITIES ? o->severity : 0]++;
    return take_held(t, case_id, false);
}

static struct co_replay_commands *commands_of(struct co_replay_tally *t, Callout__V1__Act act)
{
    struct co_replay_commands *c = tally_thing_of(t, COMMANDS, "%d", (int)act);
    if (c != NULL)
        c->act = act;
    return c;
}

static enum co_err take_command(struct co_replay_tally *t, const Callout__V1__Event *e)
{
    bool is_received = e->body_case == KIND(COMMAND_RECEIVED);
    bool is_applied = e->body_case == KIND(COMMAND_APPLIED);
    struct co_replay_commands *c = commands_of(t, is_received  ? e->command_received->act
                                                  : is_applied ? e->command_applied->act
                                                               : e->command_refused->act);
    if (c == NULL)
        return CO_ENOMEM;
    c->received += is_received;
    c->applied += is_applied;
    c->refused += !is_received && !is_applied;
    return CO_OK;
}

static enum co_err mark(struct clock *c, bool is_breach)
{
    if (c == NULL)
        return CO_ENOMEM;
    c->is_breached = c->is_breached || is_breach;
    c->is_stopped = c->is_stopped || !is_breach;
    return CO_OK;
}

enum co_err co_replay_tally_take(struct co_replay_tally *t, uint64_t case_id,
                                 const Callout__V1__Event *e)
{
    switch ((int)e->body_case) {
    case KIND(TICKET_SUBMITTED):
        t->cases.tickets++;
        return CO_OK;
    case KIND(COMMAND_RECEIVED):
    case KIND(COMMAND_APPLIED):
    case KIND(COMMAND_REFUSED):
        return take_command(t, e);
    case KIND(CASE_OPENED):
        return take_opened(t, case_id, e->case_opened);
    case KIND(CASE_HELD):
        return take_held(t, case_id, true);
    case KIND(CASE_CLOSED):
        t->cases.closed++;
        return CO_OK;
    case KIND(PROMISED):
        return take_promised(t, case_id, e->promised);
    case KIND(BREACHED):
        return mark(clock_of(t, case_id, e->breached->milestone, e->breached->generation), true);
    case KIND(MET):
        return take_met(t, case_id, e->met);
    case KIND(STOPPED):
        return mark(clock_of(t, case_id, e->stopped->milestone, e->stopped->generation), false);
    case KIND(SEVERITY_CHANGED):
        t->cases.raised += e->severity_changed->to < e->severity_changed->from;
        t->cases.lowered += e->severity_changed->to > e->severity_changed->from;
        return CO_OK;
    case KIND(WITHDRAWN):
        return take_withdrawn(t, case_id, e->withdrawn);
    case KIND(OFFERED):
        return take_offered(t, case_id, e->offered);
    case KIND(OFFER_ENDED):
        return take_offer_ended(t, case_id, e->offer_ended);
    case KIND(NOBODY_LEFT):
        t->cases.nobody_left++;
        return CO_OK;
    case KIND(ORDER_ENDED):
        return take_order_ended(t, e->order_ended);
    case KIND(NOTICE_PLANNED):
        return take_notice_planned(t, case_id, e->notice_planned);
    case KIND(NOTICE_SETTLED):
        return take_notice_settled(t, case_id, e->notice_settled);
    default:
        return CO_OK;
    }
}
