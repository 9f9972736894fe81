#include "co_rosters.h"

#include <stdlib.h>

#include "co_registry_calendar.h"

struct co_rosters {
    const struct co_registry *registry;
    struct co_calendar **calendar; /* by place in the registry; NULL: no roster names it */
    uint32_t calendar_count;
    bool has_any;
};

/* The place of a calendar, by key; calendar_count: unknown. */
static uint32_t place_of(const struct co_rosters *s, const char *key)
{
    const Callout__V1__Calendar *wanted = co_registry_calendar(s->registry, key);
    uint32_t i = 0;
    while (i < s->calendar_count &&
           co_registry_at(s->registry, CO_KIND_CALENDAR, i)->message->calendar != wanted)
        i++;
    return i;
}

static enum co_err compile(struct co_rosters *s, const char *key)
{
    char problem[CO_CALENDAR_PROBLEM];
    uint32_t place = place_of(s, key);
    if (place == s->calendar_count || s->calendar[place] != NULL)
        return CO_OK;
    const Callout__V1__Calendar *c =
        co_registry_at(s->registry, CO_KIND_CALENDAR, place)->message->calendar;
    enum co_err err = co_registry_calendar_compile_all(c, &s->calendar[place], problem);
    return err == CO_EINPUT ? CO_OK : err;
}

enum co_err co_rosters_new(const struct co_registry *registry, struct co_rosters **ret_rosters)
{
    struct co_rosters *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return CO_ENOMEM;
    s->registry = registry;
    s->calendar_count = co_registry_count(registry, CO_KIND_CALENDAR);
    s->calendar = calloc((size_t)s->calendar_count + 1, sizeof(struct co_calendar *));
    enum co_err err = s->calendar != NULL ? CO_OK : CO_ENOMEM;
    uint32_t count = co_registry_count(registry, CO_KIND_ROSTER);
    s->has_any = count > 0;
    for (uint32_t i = 0; err == CO_OK && i < count; i++)
        err = compile(s, co_registry_at(registry, CO_KIND_ROSTER, i)->message->roster->calendar);
    if (err == CO_OK)
        *ret_rosters = s;
    else
        co_rosters_free(s);
    return err;
}

void co_rosters_free(struct co_rosters *s)
{
    if (s == NULL)
        return;
    for (uint32_t i = 0; s->calendar != NULL && i < s->calendar_count; i++)
        co_calendar_free(s->calendar[i]);
    free((void *)s->calendar);
    free(s);
}

bool co_rosters_of(const struct co_rosters *s, const char *person, struct co_roster *ret_roster)
{
    const struct co_object *object =
        s != NULL && s->has_any ? co_registry_get(s->registry, CO_KIND_ROSTER, person) : NULL;
    if (object == NULL)
        return false;
    uint32_t place = place_of(s, object->message->roster->calendar);
    if (place == s->calendar_count || s->calendar[place] == NULL)
        return false;
    *ret_roster = (struct co_roster){ object->message->roster, s->calendar[place] };
    return true;
}

int64_t co_rosters_from(const struct co_rosters *s, const char *person, int64_t us)
{
    struct co_roster roster;
    return co_rosters_of(s, person, &roster) ? co_roster_from(&roster, us) : us;
}
