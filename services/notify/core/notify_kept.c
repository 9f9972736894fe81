#include "notify_kept.h"

#include <string.h>

#include "notify_people.h"

#define STATE(name) CALLOUT__V1__NOTICE_STATE__NOTICE_##name

typedef Callout__V1__NotifyKept kept_row;

static bool is_about(const kept_row *k, const struct notify_notice *n)
{
    return k->generation == n->generation && strcmp(k->obligation, n->obligation) == 0 &&
           k->role == notify_people_role_of(n->slot);
}

static kept_row *row_of(const struct notify_case *c, const struct notify_notice *n)
{
    for (size_t i = 0; i < c->state->n_kept; i++)
        if (is_about(c->state->kept[i], n))
            return c->state->kept[i];
    return NULL;
}

/* ---- rules by their place ---- */

static uint32_t place_of(const struct notify_case *c, const Callout__V1__NoticeRule *rule)
{
    for (size_t i = 0; rule != NULL && c->policy != NULL && i < c->policy->n_notices; i++)
        if (c->policy->notices[i] == rule)
            return (uint32_t)i + 1;
    return 0;
}

/* NULL: there is none at that place, or it is of something else. */
static const Callout__V1__NoticeRule *rule_at(const struct notify_case *c, uint32_t place)
{
    bool is_there = c->policy != NULL && place > 0 && place <= c->policy->n_notices;
    return is_there ? c->policy->notices[place - 1] : NULL;
}

/* ---- keeping ---- */

static char *or_empty(const char *text)
{
    return notify_case_lend(text == NULL ? "" : text);
}

static Callout__V1__NotifyAbout *keep_about(struct notify_case *c, const struct notify_occasion *o)
{
    Callout__V1__NotifyAbout *a = notify_case_alloc(c, sizeof(*a));
    if (a == NULL)
        return NULL;
    callout__v1__notify_about__init(a);
    a->on = o->on;
    a->milestone = or_empty(o->milestone);
    a->due_us = o->due_us;
    a->what = or_empty(o->what);
    a->step = o->step;
    a->reached_us = o->reached_us;
    a->was_us = o->was_us;
    a->told = or_empty(o->told);
    return a;
}

static Callout__V1__NoticeName *keep_name(struct notify_case *c, const struct notify_notice *n)
{
    Callout__V1__NoticeName *name = notify_case_alloc(c, sizeof(*name));
    if (name == NULL)
        return NULL;
    callout__v1__notice_name__init(name);
    name->obligation = notify_case_lend(n->obligation);
    name->generation = n->generation;
    name->slot = notify_case_lend(n->slot);
    return name;
}

static kept_row *new_row(struct notify_case *c, const struct notify_notice *n)
{
    Callout__V1__NotifyCase *s = c->state;
    kept_row **bigger = notify_case_alloc(c, (s->n_kept + 1) * sizeof(kept_row *));
    kept_row *k = notify_case_alloc(c, sizeof(*k));
    if (bigger == NULL || k == NULL)
        return NULL;
    if (s->n_kept > 0)
        memcpy(bigger, s->kept, s->n_kept * sizeof(kept_row *));
    callout__v1__notify_kept__init(k);
    k->obligation = notify_case_lend(n->obligation);
    k->generation = n->generation;
    k->role = notify_people_role_of(n->slot);
    bigger[s->n_kept] = k;
    s->kept = bigger;
    return k;
}

void notify_kept_note(struct notify_case *c, const struct notify_notice *n,
                      const struct notify_occasion *o, const struct notify_source *from)
{
    bool is_known = from->rule == NULL || place_of(c, from->rule) != 0;
    if (!is_known || row_of(c, n) != NULL)
        return;
    kept_row *k = new_row(c, n);
    if (k == NULL)
        return;
    union {
        const Callout__V1__Event *from;
        Callout__V1__Event *to;
    } event = { .from = o->event }; /* it is only read */
    k->event = event.to;
    k->rule = place_of(c, from->rule);
    k->house = from->house;
    k->about = keep_about(c, o);
    k->asked = o->asked == NULL ? NULL : keep_about(c, o->asked);
    k->asks = place_of(c, o->asks);
    k->told = o->told_by == NULL ? NULL : keep_name(c, o->told_by);
    c->state->n_kept++;
    c->is_state_changed = true;
}

/* ---- finding ---- */

static struct notify_occasion about_of(const Callout__V1__NotifyAbout *a,
                                       const Callout__V1__Event *e, const char *obligation)
{
    return (struct notify_occasion){ .event = e,
                                     .on = a->on,
                                     .obligation = obligation,
                                     .milestone = a->milestone,
                                     .due_us = a->due_us,
                                     .what = a->what,
                                     .step = a->step,
                                     .reached_us = a->reached_us,
                                     .was_us = a->was_us,
                                     .told = a->told };
}

/* False: its rule is none that could have told it. */
static bool find_source(const struct notify_case *c, const kept_row *k,
                        struct notify_source *ret_source)
{
    *ret_source = (struct notify_source){ .rule = rule_at(c, k->rule) };
    if (k->rule != 0)
        return ret_source->rule != NULL && ret_source->rule->on == k->about->on;
    ret_source->house = (enum notify_house)k->house;
    return k->house < NOTIFY_HOUSES;
}

static bool find_asked(const struct notify_case *c, const kept_row *k,
                       const struct notify_notice *n, struct notify_kept *kept)
{
    const Callout__V1__NoticeRule *asks = rule_at(c, k->asks);
    if (k->asked == NULL)
        return true;
    kept->asked = about_of(k->asked, kept->about.event, n->obligation);
    kept->asked.said_us = n->life.planned_us; /* as it was told */
    kept->about.asked = &kept->asked;
    kept->about.asks = asks;
    return asks != NULL && asks->on == k->asked->on;
}

bool notify_kept_find(struct notify_case *c, const struct notify_notice *n,
                      struct notify_kept *ret_kept)
{
    const kept_row *k = row_of(c, n);
    if (k == NULL || k->about == NULL || k->event == NULL || !find_source(c, k, &ret_kept->source))
        return false;
    ret_kept->about = about_of(k->about, k->event, n->obligation);
    if (k->told != NULL)
        ret_kept->about.told_by =
            notify_case_find(c, k->told->obligation, k->told->generation, k->told->slot);
    return find_asked(c, k, n, ret_kept);
}

/* ---- forgetting ---- */

/* What was cancelled may be planned anew until its time has come. */
static bool may_come(const struct notify_case *c, const struct notify_notice *n)
{
    bool is_cancelled = n->life.state == STATE(CANCELLED) && !n->life.recalled;
    bool is_ahead = n->life.since_us > c->world->now_us;
    return n->recheck_us != 0 && n->life.attempts == 0 &&
           (n->life.state == STATE(PLANNED) || (is_cancelled && is_ahead));
}

static bool is_waited_for(const struct notify_case *c, const kept_row *k)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct notify_notice *n = c->notices[i];
        if (may_come(c, n) && is_about(k, n))
            return true;
    }
    return false;
}

void notify_kept_forget(struct notify_case *c)
{
    Callout__V1__NotifyCase *s = c->state;
    size_t count = 0;
    for (size_t i = 0; i < s->n_kept; i++)
        if (is_waited_for(c, s->kept[i]))
            s->kept[count++] = s->kept[i];
    c->is_state_changed = c->is_state_changed || count != s->n_kept;
    s->n_kept = count;
}
