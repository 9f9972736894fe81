#include "notify_who.h"

#include "co_roles.h"
#include "notify_people.h"

#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name

struct held {
    const Callout__V1__Person *holders[NOTIFY_PERSONS_MAX];
    size_t count;
};

static struct held holders_of(const struct notify_case *c, Callout__V1__Role role)
{
    const struct co_registry *r = c->world->registry;
    struct held held = { .count = 0 };
    held.count =
        co_roles_find(r, co_registry_contract(r, c->state->contract),
                      co_registry_site(r, c->state->site), role, held.holders, NOTIFY_PERSONS_MAX);
    return held;
}

static size_t answering(const struct notify_case *c, const struct held *held,
                        struct co_holder ret_who[static NOTIFY_PERSONS_MAX])
{
    struct co_holding h = { c->world->registry, c->world->rosters, held->holders, held->count };
    return co_holders_at(&h, c->world->now_us, ret_who, NOTIFY_PERSONS_MAX);
}

/* The holders themselves, whatever their rosters say. */
static struct notify_who all_of(const struct held *held, Callout__V1__Role of)
{
    struct notify_who found = { .count = held->count, .of = of };
    for (size_t i = 0; i < held->count; i++)
        found.who[i] = (struct co_holder){ .person = held->holders[i] };
    return found;
}

/* Who goes; else, as of the lecturer of a course, who was taken last for the span of the case. */
static struct notify_who engineer_of(const struct notify_case *c, Callout__V1__Role role)
{
    struct held held = { .count = 0 };
    const char *key = role == ROLE(ENGINEER) ? c->state->engineer : "";
    if (*key == '\0')
        key = notify_people_booked(c);
    held.holders[0] = co_registry_person(c->world->registry, key);
    held.count = held.holders[0] != NULL ? 1 : 0;
    return all_of(&held, role);
}

struct notify_who notify_who_find(const struct notify_case *c, Callout__V1__Role role)
{
    const Callout__V1__Role ladder[] = { role, ROLE(PM), ROLE(DESK) };
    enum { RUNGS = sizeof(ladder) / sizeof(ladder[0]) };
    struct notify_who found = { .count = 0, .of = role }, anyway = found;
    if (role == ROLE(ENGINEER) || role == ROLE(LECTURER))
        anyway = engineer_of(c, role);
    if (anyway.count > 0) {
        anyway.is_held = true;
        return anyway;
    }
    for (size_t i = 0; i < RUNGS; i++) {
        if (ladder[i] == ROLE(ENGINEER))
            continue;
        struct held held = holders_of(c, ladder[i]);
        found.of = ladder[i];
        found.is_held = found.is_held || (i == 0 && held.count > 0);
        found.count = answering(c, &held, found.who);
        if (found.count > 0)
            return found;
        if (anyway.count == 0)
            anyway = all_of(&held, ladder[i]);
    }
    anyway.is_held = found.is_held;
    anyway.is_off_duty = anyway.count > 0;
    return anyway;
}

struct notify_who notify_who_administers(const struct notify_case *c)
{
    struct held held = holders_of(c, ROLE(DESK));
    struct notify_who found = { .of = ROLE(DESK), .is_held = held.count > 0 };
    found.count = answering(c, &held, found.who);
    if (found.count > 0 || held.count == 0)
        return found;
    found = all_of(&held, ROLE(DESK));
    found.is_held = found.is_off_duty = true;
    return found;
}

bool notify_who_is_missing(const struct notify_who *found, Callout__V1__Role role)
{
    return found->of != role || found->is_off_duty || found->count == 0;
}

const char *notify_who_why(struct notify_case *c, const struct notify_who *found,
                           Callout__V1__Role role, const struct co_holder *one)
{
    char name[NOTIFY_ROLE_TEXT];
    notify_people_role_name(role, name);
    const char *instead = "", *between = "";
    if (found->of != role)
        instead = notify_case_text(
            c, found->is_held ? "nobody on duty is %s" : "nobody holds the role %s", name);
    if (found->is_off_duty)
        return notify_case_text(c, "%s%stold off duty: nobody is on duty who could be told",
                                instead == NULL ? "" : instead, found->of != role ? "; " : "");
    if (one->stands_for == NULL)
        return instead;
    between = found->of != role ? "; " : "";
    return notify_case_text(c, "%s%sfor %s, who is %s", instead == NULL ? "" : instead, between,
                            one->stands_for->key, one->is_leave ? "on leave" : "off duty");
}
