#include "wide.h"

#include <string.h>

#include "sla_events.h"

Callout__V1__Pin *sla_pin_of(const struct co_registry *r, struct co_arena *arena, enum co_kind kind, const char *key)
{
    Callout__V1__Pin *pin = sla_message_new(arena, &callout__v1__pin__descriptor);
    if (pin == NULL)
        return NULL;
    return co_registry_pin(r, kind, key, pin) && (pin->key = co_arena_strdup(arena, pin->key)) != NULL ? pin : NULL;
}

Callout__V1__CalendarRebased sla_wide_pins(const Callout__V1__SlaState *state, const Callout__V1__CaseOpened *opened)
{
    Callout__V1__CalendarRebased pins = CALLOUT__V1__CALENDAR_REBASED__INIT;
    if (state->rebased != NULL)
        return *state->rebased;
    pins.calendar = opened->calendar;
    pins.contract_calendar = opened->contract_calendar;
    pins.calendars = opened->calendars;
    pins.n_calendars = opened->n_calendars;
    return pins;
}

/* -- calendars */

/* The key of a calendar that is neither the site's nor the contract's; else NULL. */
static const char *own_calendar(const Callout__V1__Milestone *m)
{
    bool has_own = m->calendar[0] != '\0' && strcmp(m->calendar, "site") != 0 && strcmp(m->calendar, "contract") != 0;
    return has_own ? m->calendar : NULL;
}

static bool has_key(Callout__V1__Pin *const *pins, size_t n, const char *key)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(pins[i]->key, key) == 0)
            return true;
    return false;
}

static enum co_err open_calendars(const struct co_registry *r, struct co_arena *arena, const Callout__V1__PolicyPack *policy,
                                  const Callout__V1__Contract *contract, Callout__V1__CaseOpened *o)
{
    o->calendars = co_arena_alloc(arena, (policy->n_milestones + 1) * sizeof(Callout__V1__Pin *));
    if (o->calendars == NULL)
        return CO_ENOMEM;
    if (contract->calendar[0] != '\0' && strcmp(contract->calendar, o->calendar->key) != 0)
        o->contract_calendar = sla_pin_of(r, arena, CO_KIND_CALENDAR, contract->calendar);
    for (size_t i = 0; i < policy->n_milestones; i++) {
        const char *key = own_calendar(policy->milestones[i]);
        if (key == NULL || has_key(o->calendars, o->n_calendars, key))
            continue;
        Callout__V1__Pin *pin = sla_pin_of(r, arena, CO_KIND_CALENDAR, key);
        if (pin == NULL)
            return CO_EINPUT;
        o->calendars[o->n_calendars++] = pin;
    }
    return CO_OK;
}

/* The newest text of the calendar that a pin names; the pin itself where it is the newest, or the
 * calendar is gone. */
static Callout__V1__Pin *newest(const struct co_registry *r, struct co_arena *arena, Callout__V1__Pin *pin, bool *ret_ok)
{
    const struct co_object *now = pin == NULL ? NULL : co_registry_get(r, CO_KIND_CALENDAR, pin->key);
    if (now == NULL || now->since <= pin->since)
        return pin;
    Callout__V1__Pin *moved = sla_pin_of(r, arena, CO_KIND_CALENDAR, pin->key);
    *ret_ok = *ret_ok && moved != NULL;
    return moved;
}

static enum co_err calendars_now(const struct co_registry *r, struct co_arena *arena, const Callout__V1__SlaState *state,
                                 const Callout__V1__CalendarRebased **ret)
{
    Callout__V1__CalendarRebased *now = co_arena_alloc(arena, sizeof(*now));
    if (now == NULL)
        return CO_ENOMEM;
    *now = sla_wide_pins(state, state->opened);
    Callout__V1__Pin **named = co_arena_alloc(arena, (now->n_calendars + 1) * sizeof(*named));
    bool ok = named != NULL;
    now->calendar = newest(r, arena, now->calendar, &ok);
    now->contract_calendar = newest(r, arena, now->contract_calendar, &ok);
    for (size_t i = 0; ok && i < now->n_calendars; i++)
        named[i] = newest(r, arena, now->calendars[i], &ok);
    now->calendars = named;
    *ret = now;
    return ok ? CO_OK : CO_ENOMEM;
}

/* -- exclusions */

struct regions {
    char *const *name;
    size_t count;
};

static bool lies_in(struct regions regions, const char *name)
{
    for (size_t i = 0; i < regions.count; i++)
        if (strcmp(regions.name[i], name) == 0)
            return true;
    return false;
}

bool sla_wide_is_site_in(const struct co_registry *r, const char *key, const char *regions)
{
    const Callout__V1__Site *site = co_registry_site(r, key);
    bool is_in = regions == NULL || site == NULL;
    for (const char *at = regions; !is_in && *at != '\0';) {
        size_t len = strcspn(at, "\n");
        for (size_t i = 0; !is_in && i < site->n_regions; i++)
            is_in = strlen(site->regions[i]) == len && memcmp(site->regions[i], at, len) == 0;
        at += len + (at[len] == '\n');
    }
    return is_in;
}

static bool is_declared_for(const Callout__V1__Exclusion *x, struct regions regions)
{
    bool meets = x->n_regions == 0;
    for (size_t i = 0; !meets && i < x->n_regions; i++)
        meets = lies_in(regions, x->regions[i]);
    return meets;
}

static bool lists_cause(const Callout__V1__PolicyPack *policy, const char *cause)
{
    for (size_t i = 0; i < policy->n_excluded; i++)
        if (strcmp(policy->excluded[i]->key, cause) == 0)
            return true;
    return false;
}

/* The case that they are for; no policy: they are looked through later (sla_wide.h). */
struct excluded {
    const Callout__V1__PolicyPack *policy;
    int64_t reported_us;
};

static bool counts_for(const Callout__V1__Exclusion *x, struct excluded of)
{
    return of.policy == NULL || (lists_cause(of.policy, x->cause) && !sla_wide_is_over(x, of.reported_us));
}

/* Those of the regions that count for the case. */
static enum co_err find_exclusions(const struct co_registry *r, struct co_arena *arena, struct regions regions, struct excluded of,
                                   Callout__V1__Exclusion ***ret, size_t *ret_count)
{
    uint32_t n = co_registry_count(r, CO_KIND_EXCLUSION);
    *ret_count = 0;
    *ret = co_arena_alloc(arena, (n + 1) * sizeof(**ret));
    if (*ret == NULL)
        return CO_ENOMEM;
    for (uint32_t i = 0; i < n; i++) {
        Callout__V1__Exclusion *x = co_registry_at(r, CO_KIND_EXCLUSION, i)->message->exclusion;
        if (is_declared_for(x, regions) && counts_for(x, of))
            (*ret)[(*ret_count)++] = x;
    }
    return CO_OK;
}

/* -- one case */

enum co_err sla_wide_open(const struct co_registry *r, struct co_arena *arena, const Callout__V1__Contract *contract,
                          const Callout__V1__Site *site, Callout__V1__CaseOpened *opened)
{
    const Callout__V1__PolicyPack *policy = co_registry_policy(r, opened->policy->key);
    struct regions regions = { NULL, 0 };
    if (policy == NULL)
        return CO_EINPUT;
    opened->targets = contract->targets;
    opened->n_targets = contract->n_targets;
    if (site != NULL) {
        opened->conditions = site->conditions;
        opened->n_conditions = site->n_conditions;
        opened->regions = site->regions;
        opened->n_regions = site->n_regions;
        regions = (struct regions){ site->regions, site->n_regions };
    }
    struct excluded of = { policy, opened->reported_us };
    enum co_err err = open_calendars(r, arena, policy, contract, opened);
    return err != CO_OK ? err : find_exclusions(r, arena, regions, of, &opened->exclusions, &opened->n_exclusions);
}

bool sla_wide_has_news(const struct co_registry *r, const Callout__V1__SlaState *state)
{
    uint64_t version = co_registry_version(r);
    return state->opened != NULL && state->opened->registry_version < version && state->registry_seen < version;
}

enum co_err sla_wide_of(const struct co_registry *r, struct co_arena *arena, const Callout__V1__SlaState *state,
                        struct sla_wide *ret_wide)
{
    const Callout__V1__Site *site = co_registry_site(r, state->opened->site);
    struct regions regions = { state->opened->regions, state->opened->n_regions };
    Callout__V1__Exclusion **exclusions = NULL;
    if (site != NULL)
        regions = (struct regions){ site->regions, site->n_regions };
    *ret_wide = (struct sla_wide){ .registry_version = co_registry_version(r) };
    enum co_err err = calendars_now(r, arena, state, &ret_wide->calendars);
    if (err == CO_OK)
        err = find_exclusions(r, arena, regions, (struct excluded){ NULL, 0 }, &exclusions, &ret_wide->exclusion_count);
    ret_wide->exclusions = exclusions;
    return err;
}
