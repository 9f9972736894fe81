#include "notify_recall.h"

#include <stdio.h>
#include <string.h>

#include "co_text.h"
#include "notify_people.h"

#define STATE(name) CALLOUT__V1__NOTICE_STATE__NOTICE_##name
#define ON(name) CALLOUT__V1__NOTICE_ON__NOTICE_ON_##name
#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name

static bool is_unanswered(const char *obligation)
{
    return co_text_begins(obligation, NOTIFY_UNANSWERED);
}

static bool is_under(const char *obligation, const char *what)
{
    size_t len = strlen(what);
    if (is_unanswered(obligation))
        obligation += strlen(NOTIFY_UNANSWERED);
    return strncmp(obligation, what, len) == 0 &&
           (obligation[len] == '\0' || obligation[len] == '/');
}

bool notify_recall_is_out(const struct notify_notice *n)
{
    return n->life.state == STATE(SENDING) || n->life.state == STATE(UNKNOWN) ||
           n->life.state == STATE(ACCEPTED) || n->life.state == STATE(DELIVERED) ||
           n->life.state == STATE(GATHERED);
}

static bool is_same(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

static void take_back(struct notify_case *c, struct notify_notice *n, const char *why)
{
    struct notify_happening h = { .input = NOTIFY_RECALL };
    if (!n->life.recalled)
        (void)notify_case_happened(c, n, h, why);
}

bool notify_recall_is_corrected(struct notify_case *c, const struct notify_notice *n)
{
    const char *name = notify_case_text(c, "withdrawn/%s", n->obligation);
    return name == NULL || notify_case_find(c, name, n->generation, n->slot) != NULL;
}

/* The last that reached this person under `what`, among the first `count` notices. */
static bool is_latest(const struct notify_case *c, size_t at, size_t count, const char *what,
                      const char *except)
{
    for (size_t i = at + 1; i < count; i++) {
        const struct notify_notice *n = c->notices[i];
        if (notify_recall_is_out(n) && is_under(n->obligation, what) &&
            is_same(n->person, c->notices[at]->person) &&
            (except == NULL || !is_same(n->obligation, except)))
            return false;
    }
    return true;
}

/* ---- corrections ---- */

static void correct(struct notify_case *c, const Callout__V1__Event *e,
                    const struct notify_recall *r, const struct notify_notice *n)
{
    const Callout__V1__Person *person = co_registry_person(c->world->registry, n->person);
    struct notify_occasion o = { .event = e,
                                 .on = ON(WITHDRAWN),
                                 .milestone = r->milestone,
                                 .what = r->action,
                                 .generation = n->generation,
                                 .was_us = r->was_us,
                                 .due_us = r->due_us,
                                 .once = r->once,
                                 .told_by = n };
    o.obligation = notify_case_text(c, "withdrawn/%s", n->obligation);
    if (o.obligation == NULL)
        return;
    if (person == NULL) { /* gone from the registry since: whoever stands in is told */
        notify_tell_role(c, &o, ROLE(PM), NOTIFY_HOUSE_CORRECTED);
        return;
    }
    notify_tell_follow_up(c, &o, n, person,
                          r->is_overtaken ? NOTIFY_HOUSE_OVERTAKEN : NOTIFY_HOUSE_CORRECTED);
}

void notify_recall(struct notify_case *c, const Callout__V1__Event *e,
                   const struct notify_recall *r)
{
    size_t count = c->count; /* corrections are added behind */
    for (size_t i = 0; i < count; i++) {
        struct notify_notice *n = c->notices[i];
        if (is_under(n->obligation, r->what) &&
            (r->except == NULL || !is_same(n->obligation, r->except)))
            take_back(c, n, "no longer true");
    }
    for (size_t i = 0; r->is_corrected && i < count; i++) {
        const struct notify_notice *n = c->notices[i];
        bool is_meant = is_under(n->obligation, r->what) && notify_recall_is_out(n) &&
                        (r->except == NULL || !is_same(n->obligation, r->except)) &&
                        (r->only_slot == NULL || is_under(n->slot, r->only_slot));
        if (is_meant && is_latest(c, i, count, r->what, r->except) &&
            !notify_recall_is_corrected(c, n))
            correct(c, e, r, n);
    }
}

void notify_recall_unsent(struct notify_case *c, const char *what, const char *why)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->notices[i]->life.state == STATE(PLANNED) &&
            is_under(c->notices[i]->obligation, what))
            take_back(c, c->notices[i], why);
}

bool notify_recall_stands(const struct notify_case *c, const char *what)
{
    bool has_any = false;
    for (size_t i = 0; i < c->count; i++) {
        const struct notify_notice *n = c->notices[i];
        if (!is_under(n->obligation, what) || is_unanswered(n->obligation))
            continue; /* what says that nobody has answered is none of it */
        if (n->life.recalled)
            return false;
        has_any = true;
    }
    return has_any;
}

/* ---- telling those who were told before ---- */

static bool is_told(const struct notify_case *c, const char *obligation, const char *person)
{
    for (size_t i = 0; i < c->count; i++)
        if (is_same(c->notices[i]->obligation, obligation) &&
            is_same(c->notices[i]->person, person))
            return true;
    return false;
}

static bool is_slot_taken(const struct notify_case *c, const char *obligation, const char *slot)
{
    for (size_t i = 0; i < c->count; i++)
        if (is_same(c->notices[i]->obligation, obligation) && is_same(c->notices[i]->slot, slot))
            return true;
    return false;
}

/* The slot he had, or, where somebody else holds it now, the next one that is free. */
static const char *free_slot(struct notify_case *c, const char *obligation, const char *slot)
{
    int role_len = (int)strcspn(slot, "/");
    const char *free = slot;
    for (unsigned i = 1; free != NULL && is_slot_taken(c, obligation, free); i++)
        free = notify_case_text(c, "%.*s/%u", role_len, slot, i);
    return free;
}

void notify_recall_tell_rest(struct notify_case *c, const struct notify_occasion *o,
                             const char *what)
{
    size_t count = c->count;
    for (size_t i = 0; i < count; i++) {
        const struct notify_notice *n = c->notices[i];
        if (!notify_recall_is_out(n) || !is_under(n->obligation, what) ||
            is_same(n->obligation, o->obligation) || notify_recall_is_corrected(c, n) ||
            is_told(c, o->obligation, n->person))
            continue;
        const Callout__V1__Person *person = co_registry_person(c->world->registry, n->person);
        const char *slot = free_slot(c, o->obligation, n->slot);
        struct notify_occasion again = *o;
        again.told_by = n;
        if (person == NULL)
            notify_tell_role(c, &again, ROLE(PM), NOTIFY_HOUSE_MOVED);
        else if (slot != NULL)
            notify_tell_again(c, &again, slot, n, person, NOTIFY_HOUSE_MOVED);
    }
}

void notify_recall_ask(struct notify_case *c, const struct notify_occasion *o, const char *what)
{
    notify_tell_role(c, o, ROLE(PM), NOTIFY_HOUSE_ASK);
    char customer[NOTIFY_ROLE_TEXT];
    notify_people_role_name(ROLE(CUSTOMER), customer);
    size_t count = c->count;
    for (size_t i = 0; i < count; i++) {
        const struct notify_notice *n = c->notices[i];
        const Callout__V1__Person *person = co_registry_person(c->world->registry, n->person);
        if (!notify_recall_is_out(n) || !is_under(n->obligation, what) ||
            is_under(n->slot, customer) || person == NULL || is_told(c, o->obligation, n->person))
            continue;
        const char *slot = free_slot(c, o->obligation, n->slot);
        if (slot != NULL)
            notify_tell_again(c, o, slot, n, person, NOTIFY_HOUSE_ASK);
    }
}
