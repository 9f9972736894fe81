#include "versions.h"

#include <stdlib.h>
#include <string.h>

#include "co_entitle.h"
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

static enum co_err open_under(struct sla_versions *v, struct co_arena *arena, const Callout__V1__TicketSubmitted *ticket,
                              const struct co_entitlement *e, const Callout__V1__Contract *contract,
                              struct sla_admission *ret_admission)
{
    const struct co_registry *r = co_registry_feed_get(v->feed);
    Callout__V1__CaseOpened *o = sla_message_new(arena, &callout__v1__case_opened__descriptor);
    if (o == NULL)
        return CO_ENOMEM;
    const char *customer = contract->customer;
    if (customer[0] == '\0' && e->customer != NULL)
        customer = e->customer->key;
    o->customer = co_arena_strdup(arena, customer);
    o->contract = co_arena_strdup(arena, contract->key);
    o->site = co_arena_strdup(arena, ticket->site);
    o->product = co_arena_strdup(arena, ticket->product);
    o->version = co_arena_strdup(arena, ticket->version);
    if (o->customer == NULL || o->contract == NULL || o->site == NULL || o->product == NULL || o->version == NULL)
        return CO_ENOMEM;
    o->is_version_open = ticket->version[0] == '\0' && e->product != NULL && e->product->n_versions > 0;
    bool has_own = e->site != NULL && e->site->calendar[0] != '\0';
    o->policy = sla_pin_of(r, arena, CO_KIND_POLICY, contract->policy);
    o->calendar = sla_pin_of(r, arena, CO_KIND_CALENDAR, has_own ? e->site->calendar : contract->calendar);
    o->terms = sla_pin_of(r, arena, CO_KIND_CONTRACT, contract->key);
    o->registry_version = co_registry_version(r);
    o->reported_us = ticket->occurred_us;
    if (o->policy == NULL || o->calendar == NULL || o->terms == NULL)
        return CO_EINPUT;
    ret_admission->opened = o;
    return sla_wide_open(r, arena, contract, e->site, o);
}

/* NULL: no memory. */
static Callout__V1__Text *copy_text(struct co_arena *arena, const Callout__V1__Text *text)
{
    Callout__V1__Text *copy = sla_message_new(arena, &callout__v1__text__descriptor);
    if (copy == NULL)
        return NULL;
    copy->zh = co_arena_strdup(arena, text->zh);
    copy->en = co_arena_strdup(arena, text->en);
    return copy->zh == NULL || copy->en == NULL ? NULL : copy;
}

static enum co_err hold(struct co_arena *arena, const struct co_entitlement *e, struct sla_admission *ret_admission)
{
    Callout__V1__CaseHeld *h = sla_message_new(arena, &callout__v1__case_held__descriptor);
    if (h == NULL)
        return CO_ENOMEM;
    h->reason = co_arena_strdup(arena, co_entitle_reason_name(e->reason));
    h->field = co_arena_strdup(arena, e->field);
    h->value = co_arena_strdup(arena, e->value == NULL ? "" : e->value);
    h->contract = co_arena_strdup(arena, e->contract == NULL ? "" : e->contract->key);
    h->role = e->role;
    h->title = e->title == NULL ? NULL : copy_text(arena, e->title);
    bool has_title = h->title != NULL || e->title == NULL;
    if (h->reason == NULL || h->field == NULL || h->value == NULL || h->contract == NULL || !has_title)
        return CO_ENOMEM;
    ret_admission->held = h;
    return CO_OK;
}

/* The contract that an approval names, or the one that the case would be under. */
static const Callout__V1__Contract *approved_contract(const struct co_registry *r, const Callout__V1__CommandReceived *approval,
                                                      const struct co_entitlement *e)
{
    if (approval->name[0] != '\0')
        return co_registry_contract(r, approval->name);
    return e->contract == NULL ? NULL : e->contract->message->contract;
}

enum co_err sla_versions_admit(struct sla_versions *v, struct co_arena *arena, const Callout__V1__TicketSubmitted *ticket,
                               const Callout__V1__CommandReceived *approval, struct sla_admission *ret_admission)
{
    const struct co_registry *r = co_registry_feed_get(v->feed);
    struct co_entitle_ask ask = { .customer = ticket->customer,
                                  .contract = ticket->contract,
                                  .site = ticket->site,
                                  .product = ticket->product,
                                  .at_us = ticket->occurred_us,
                                  .version = ticket->version,
                                  .traits = ticket->traits,
                                  .trait_count = ticket->n_traits,
                                  .conditions = ticket->conditions,
                                  .condition_count = ticket->n_conditions };
    struct co_entitlement e = co_entitle(r, &ask);
    *ret_admission = (struct sla_admission){ 0 };
    if (approval == NULL && e.reason != CO_ENTITLED)
        return hold(arena, &e, ret_admission);
    const Callout__V1__Contract *contract = approval == NULL ? e.contract->message->contract : approved_contract(r, approval, &e);
    if (contract == NULL) {
        ret_admission->refusal = approval == NULL || approval->name[0] == '\0' ? "say under which contract (name): the report names none that is known"
                                                           : "there is no contract of this name";
        return CO_OK;
    }
    return open_under(v, arena, ticket, &e, contract, ret_admission);
}
