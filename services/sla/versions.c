#include "versions.h"

#include <stdlib.h>
#include <string.h>

#include "co_registry_calendar.h"
#include "compiled.h"
#include "wide.h"

enum { CALENDARS_MAX = 256 }; /* about 1 MB each */

struct sla_versions {
    struct co_registry_feed *feed;
    struct sla_compiled *calendars;
};

struct sla_versions *sla_versions_new(struct co_registry_feed *feed)
{
    struct sla_versions *v = calloc(1, sizeof(*v));
    struct sla_compiled *calendars = sla_compiled_new(CALENDARS_MAX);
    if (v == NULL || calendars == NULL) {
        sla_compiled_free(calendars);
        free(v);
        return NULL;
    }
    *v = (struct sla_versions){ feed, calendars };
    return v;
}

void sla_versions_free(struct sla_versions *v)
{
    if (v != NULL)
        sla_compiled_free(v->calendars);
    free(v);
}

static enum co_err find_object(struct sla_versions *v, enum co_kind kind, const Callout__V1__Pin *pin,
                               const struct co_object **ret_object)
{
    bool is_missing = pin == NULL;
    *ret_object = is_missing ? NULL : co_registry_feed_pin(v->feed, kind, pin->key, pin->since, &is_missing);
    return *ret_object != NULL ? CO_OK : is_missing ? CO_EINPUT : CO_EAGAIN;
}

static enum co_err compile(struct sla_versions *v, const Callout__V1__Pin *pin, const Callout__V1__Calendar *text,
                           const struct co_calendar **ret_calendar)
{
    char problem[CO_CALENDAR_PROBLEM];
    struct co_calendar *calendar;
    enum co_err err = co_registry_calendar_compile_all(text, &calendar, problem);
    if (err == CO_OK)
        err = sla_compiled_add(v->calendars, pin->key, pin->since, calendar);
    if (err == CO_OK)
        *ret_calendar = calendar;
    return err;
}

static enum co_err find_calendar(struct sla_versions *v, const Callout__V1__Pin *pin, const struct co_calendar **ret_calendar)
{
    *ret_calendar = pin == NULL ? NULL : sla_compiled_find(v->calendars, pin->key, pin->since);
    if (*ret_calendar != NULL)
        return CO_OK;
    const struct co_object *object;
    enum co_err err = find_object(v, CO_KIND_CALENDAR, pin, &object);
    return err != CO_OK ? err : compile(v, pin, object->message->calendar, ret_calendar);
}

static enum co_err find_named(struct sla_versions *v, const Callout__V1__Pin *pin, struct sla_named_calendar *ret)
{
    ret->key = pin != NULL ? pin->key : "";
    return find_calendar(v, pin, &ret->calendar);
}

static enum co_err find_calendars(struct sla_versions *v, struct co_arena *arena, const Callout__V1__CalendarRebased *pins,
                                  struct sla_calendars *ret)
{
    struct sla_calendars c = { 0 };
    struct sla_named_calendar *named = co_arena_alloc(arena, (pins->n_calendars + 1) * sizeof(*named));
    sla_compiled_begin(v->calendars);
    enum co_err err = named == NULL ? CO_ENOMEM : find_named(v, pins->calendar, &c.site);
    if (err == CO_OK && pins->contract_calendar != NULL)
        err = find_named(v, pins->contract_calendar, &c.contract);
    for (; err == CO_OK && c.named_count < pins->n_calendars; c.named_count++)
        err = find_named(v, pins->calendars[c.named_count], &named[c.named_count]);
    c.named = named;
    *ret = c;
    return err;
}

enum co_err sla_versions_find(struct sla_versions *v, struct co_arena *arena, const Callout__V1__SlaState *state,
                              const Callout__V1__CaseOpened *opened, const Callout__V1__PolicyPack **ret_policy,
                              struct sla_calendars *ret_calendars)
{
    const struct co_object *policy;
    Callout__V1__CalendarRebased pins = sla_wide_pins(state, opened);
    enum co_err err = find_object(v, CO_KIND_POLICY, opened->policy, &policy);
    if (err == CO_OK)
        err = find_calendars(v, arena, &pins, ret_calendars);
    if (err == CO_OK)
        *ret_policy = policy->message->policy;
    return err;
}

enum co_err sla_versions_wide(struct sla_versions *v, struct co_arena *arena, const Callout__V1__SlaState *state,
                              bool *ret_has_news, struct sla_wide *ret_wide)
{
    const struct co_registry *r = co_registry_feed_get(v->feed);
    *ret_has_news = sla_wide_has_news(r, state);
    return *ret_has_news ? sla_wide_of(r, arena, state, ret_wide) : CO_OK;
}

enum co_err sla_versions_wide_now(struct sla_versions *v, struct co_arena *arena, const Callout__V1__SlaState *state,
                                  struct sla_wide *ret_wide)
{
    const struct co_registry *r = co_registry_feed_get(v->feed);
    uint64_t seen = state->registry_seen > state->opened->registry_version ? state->registry_seen : state->opened->registry_version;
    if (seen > co_registry_version(r)) {
        co_registry_feed_want(v->feed, seen);
        return CO_EAGAIN;
    }
    return sla_wide_of(r, arena, state, ret_wide);
}

const struct co_registry *sla_versions_now(const struct sla_versions *v)
{
    return co_registry_feed_get(v->feed);
}

uint64_t sla_versions_registry(const struct sla_versions *v)
{
    return co_registry_version(co_registry_feed_get(v->feed));
}
