/* What the cases are under. */
#include "fill.h"

#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_entitle.h"
#include "co_registry_calendar.h"

enum { CALENDARS_MAX = 64 };

struct fill_versions {
    const struct co_registry *registry;
    struct co_calendar *calendar[CALENDARS_MAX]; /* like the calendars of the registry */
    uint32_t count;
};

struct fill_versions *fill_versions_new(const struct co_registry *registry)
{
    struct fill_versions *v = calloc(1, sizeof(*v));
    co_assert(v != NULL);
    v->registry = registry;
    v->count = co_registry_count(registry, CO_KIND_CALENDAR);
    co_assert(v->count <= CALENDARS_MAX);
    for (uint32_t i = 0; i < v->count; i++) {
        char problem[CO_CALENDAR_PROBLEM];
        const struct co_object *o = co_registry_at(registry, CO_KIND_CALENDAR, i);
        enum co_err err =
            co_registry_calendar_compile_all(o->message->calendar, &v->calendar[i], problem);
        co_assert(err == CO_OK);
    }
    return v;
}

void fill_versions_free(struct fill_versions *v)
{
    for (uint32_t i = 0; i < v->count; i++)
        co_calendar_free(v->calendar[i]);
    free(v);
}

static struct sla_named_calendar calendar_of(const struct fill_versions *v, const char *key)
{
    for (uint32_t i = 0; i < v->count; i++) {
        const struct co_object *o = co_registry_at(v->registry, CO_KIND_CALENDAR, i);
        if (strcmp(o->key, key) == 0)
            return (struct sla_named_calendar){ o->key, v->calendar[i] };
    }
    return (struct sla_named_calendar){ key, NULL };
}

void fill_versions_set(const struct fill_versions *v, struct sla_case *c)
{
    const Callout__V1__CaseOpened *o = c->state->opened;
    if (o == NULL)
        return;
    c->policy = co_registry_policy(v->registry, o->policy->key);
    c->calendars = (struct sla_calendars){ .site = calendar_of(v, o->calendar->key) };
}

static Callout__V1__Pin *pin(const struct fill_versions *v, struct co_arena *arena,
                             enum co_kind kind, const char *key)
{
    Callout__V1__Pin *p = sla_message_new(arena, &callout__v1__pin__descriptor);
    co_assert(p != NULL);
    bool is_there = co_registry_pin(v->registry, kind, key, p);
    co_assert(is_there);
    return p;
}

bool fill_versions_open(const struct fill_versions *v, struct sla_case *c,
                        const Callout__V1__TicketSubmitted *ticket, struct sla_admission *ret)
{
    struct co_entitle_ask ask = { .customer = ticket->customer,
                                  .contract = ticket->contract,
                                  .site = ticket->site,
                                  .product = ticket->product,
                                  .at_us = ticket->occurred_us };
    struct co_entitlement e = co_entitle(v->registry, &ask);
    if (e.reason != CO_ENTITLED)
        return false;
    const Callout__V1__Contract *contract = e.contract->message->contract;
    Callout__V1__CaseOpened *o = sla_message_new(c->arena, &callout__v1__case_opened__descriptor);
    co_assert(o != NULL);
    o->customer = ticket->customer;
    o->contract = contract->key;
    o->site = ticket->site;
    o->product = ticket->product;
    o->policy = pin(v, c->arena, CO_KIND_POLICY, contract->policy);
    o->calendar = pin(v, c->arena, CO_KIND_CALENDAR,
                      e.site->calendar[0] != '\0' ? e.site->calendar : contract->calendar);
    o->terms = pin(v, c->arena, CO_KIND_CONTRACT, contract->key);
    o->registry_version = 1;
    *ret = (struct sla_admission){ .opened = o };
    c->policy = co_registry_policy(v->registry, contract->policy);
    c->calendars = (struct sla_calendars){ .site = calendar_of(v, o->calendar->key) };
    return true;
}
