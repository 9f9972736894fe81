#include "notify_again.h"

#include <string.h>

#include "notify_instead.h"
#include "notify_kept.h"
#include "notify_people.h"
#include "notify_quiet.h"
#include "notify_route.h"
#include "notify_who.h"

#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name

bool notify_again_waits(const struct notify_case *c, const struct notify_notice *n)
{
    return n->recheck_us != 0 && n->recheck_us == n->life.since_us && notify_quiet_has_waited(n) &&
           n->life.next_us <= c->world->now_us && n->address != NULL && n->subject != NULL;
}

/* How the person was told the same, under another slot; NULL: not yet. */
static const struct notify_notice *told_as(const struct notify_case *c,
                                           const struct notify_notice *n, const char *person)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct notify_notice *other = c->notices[i];
        if (other != n && other->generation == n->generation && !other->life.recalled &&
            strcmp(other->person, person) == 0 && strcmp(other->obligation, n->obligation) == 0)
            return other;
    }
    return NULL;
}

static bool is_among(const struct notify_who *found, const char *person)
{
    for (size_t i = 0; i < found->count; i++)
        if (strcmp(found->who[i].person->key, person) == 0)
            return true;
    return false;
}

static void give(struct notify_case *c, struct notify_notice *n, const struct co_holder *to,
                 const struct notify_way *way, const char *why_him)
{
    n->why_him = why_him;
    n->stands_for = to->stands_for == NULL ? "" : notify_case_keep(c, to->stands_for->key);
    (void)notify_tell_anew(c, n, to->person);
    if (to->stands_for != NULL)
        notify_instead_mark(c, n, to->stands_for, notify_language_of(to->person->language));
    notify_route_give(c, n, to->person->key, way);
}

/* Who was meant does not answer for the role any more. */
static void pass_on(struct notify_case *c, struct notify_notice *n, Callout__V1__Role role,
                    const struct notify_who *found)
{
    struct notify_happening cancel = { .input = NOTIFY_RECALL };
    const struct notify_notice *told = NULL;
    for (size_t i = 0; i < found->count; i++) {
        struct notify_way ways[NOTIFY_WAYS_MAX];
        const struct co_holder *to = &found->who[i];
        const struct notify_notice *same = told_as(c, n, to->person->key);
        told = same != NULL ? same : told;
        if (same != NULL || notify_people_ways(c->world->registry, to->person, ways) == 0)
            continue;
        const char *why_him = notify_who_why(c, found, role, to);
        if (why_him != NULL)
            give(c, n, to, &ways[0], why_him);
        return;
    }
    if (told != NULL)
        (void)notify_case_happened(c, n, cancel, notify_case_text(c, "told as %s", told->slot));
}

void notify_again_look(struct notify_case *c)
{
    size_t count = c->count;
    for (size_t i = 0; i < count; i++) {
        struct notify_notice *n = c->notices[i];
        Callout__V1__Role role = notify_people_role_of(n->slot);
        if (!notify_again_waits(c, n) || role == ROLE(NONE) || role == ROLE(ENGINEER))
            continue;
        struct notify_who found = notify_who_find(c, role);
        if (found.count > 0 && !is_among(&found, n->person))
            pass_on(c, n, role, &found);
    }
}

bool notify_again_is_due(const struct notify_case *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (notify_again_waits(c, c->notices[i]))
            return true;
    return false;
}
