#include "certificate_impl.h"

#include <stdio.h>
#include <string.h>

#include "co_registry_check.h"
#include "refold_announced.h"
#include "sla_diff.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

/* -- the texts */

static bool put(struct certificate_checker *c, struct co_registry *registry,
                Callout__V1__RegistryObject__ObjectCase kind, void *text)
{
    Callout__V1__RegistryObject o = CALLOUT__V1__REGISTRY_OBJECT__INIT;
    o.object_case = kind;
    o.policy = text; /* every member of the union is a pointer to a message */
    enum co_err err = co_registry_put_message(registry, &o, 1);
    if (err == CO_ENOMEM)
        c->err = err;
    else if (err != CO_OK)
        certificate_found(c, "version", "", "a text of the certificate cannot be used");
    return err == CO_OK;
}

static bool fill(struct certificate_checker *c, struct co_registry *registry)
{
    const Callout__V1__Certificate *it = c->certificate;
    bool is_in = put(c, registry, CALLOUT__V1__REGISTRY_OBJECT__OBJECT_POLICY, it->policy_text);
    for (size_t i = 0; i < it->n_calendars && is_in; i++)
        is_in =
            put(c, registry, CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CALENDAR, it->calendars[i]->text);
    return is_in;
}

/* What the registry would refuse is not computed with. */
static bool is_sound(struct certificate_checker *c)
{
    struct co_registry *registry = co_registry_new(REFOLD_CALENDARS_MAX + 1);
    bool is_in = registry != NULL && fill(c, registry);
    struct co_problems *problems = is_in ? co_registry_check(registry) : NULL;
    if (registry == NULL || (is_in && problems == NULL))
        c->err = CO_ENOMEM;
    size_t n = problems != NULL ? co_problems_count(problems) : 0;
    for (size_t i = 0; i < n; i++) {
        const struct co_problem *p = co_problems_at(problems, i);
        certificate_found(c, "version", p->path, "%s %s: %s", co_kind_name(p->kind), p->key,
                          p->message);
    }
    co_problems_free(problems);
    co_registry_free(registry);
    return is_in && n == 0 && c->err == CO_OK;
}

static bool is_pin(const Callout__V1__Pin *a, const Callout__V1__Pin *b)
{
    return a != NULL && b != NULL && a->since == b->since && strcmp(a->key, b->key) == 0;
}

/* Every calendar that the case counts with, and no other. */
static bool take_calendars(struct certificate_checker *c, struct refold *r)
{
    const Callout__V1__Certificate *it = c->certificate;
    bool is_it = it->n_calendars == r->calendar_count;
    for (size_t i = 0; i < r->calendar_count && is_it; i++) {
        const Callout__V1__CertifiedCalendar *given = it->calendars[i];
        is_it = is_pin(given->pin, r->calendars[i].pin) && given->text != NULL &&
                strcmp(given->text->key, given->pin->key) == 0;
        if (is_it)
            r->calendars[i].text = given->text;
    }
    if (!is_it)
        certificate_found(c, "version", "calendars",
                          "these are not the calendars that the entries say the case counts with");
    return is_it;
}

static bool take_versions(struct certificate_checker *c, struct refold *r)
{
    const Callout__V1__Certificate *it = c->certificate;
    bool is_it = it->policy_text != NULL && is_pin(it->policy, r->state->opened->policy) &&
                 strcmp(it->policy_text->name, it->policy->key) == 0;
    if (!is_it)
        certificate_found(c, "version", "policy",
                          "this is not the policy pack that the entries say the case is under");
    if (!is_it || !take_calendars(c, r) || !is_sound(c))
        return false;
    r->policy = it->policy_text;
    return true;
}

/* -- the entries */

static bool take_entries(struct certificate_checker *c, struct refold *r)
{
    const Callout__V1__Certificate *it = c->certificate;
    struct sla_journal_entry *entries =
        co_arena_alloc(c->arena, (it->n_entries + 1) * sizeof(entries[0]));
    if (entries == NULL) {
        c->err = CO_ENOMEM;
        return false;
    }
    r->entries = entries;
    for (size_t i = 0; i < it->n_entries; i++) {
        const Callout__V1__CertifiedEntry *e = it->entries[i];
        bool is_next = e->event != NULL && (i == 0 || e->seq > it->entries[i - 1]->seq);
        if (!is_next) {
            char path[64];
            (void)snprintf(path, sizeof(path), "entries[%zu]", i);
            certificate_found(c, "format", path, "the entries of a journal rise, and each has one");
            return false;
        }
        entries[r->entry_count++] = (struct sla_journal_entry){ e->seq, e->event };
    }
    return true;
}

/* -- what was announced */

static enum co_err find_announced(struct refold *r, struct refold_announced *ret)
{
    struct co_history_case c = { .arena = r->arena, .count = r->entry_count };
    struct co_history_entry *entries = co_arena_alloc(r->arena, (c.count + 1) * sizeof(entries[0]));
    if (entries == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < c.count; i++)
        entries[i] =
            (struct co_history_entry){ .seq = r->entries[i].seq, .event = r->entries[i].event };
    c.entries = entries;
    return refold_announced(&c, ret);
}

static const char *name_of(unsigned kind)
{
    const ProtobufCFieldDescriptor *f =
        protobuf_c_message_descriptor_get_field(&callout__v1__event__descriptor, kind);
    return f != NULL ? f->name : "";
}

/* What sla would have to say for the one to become the other. */
static void compare_announced(struct certificate_checker *c, struct refold *r)
{
    struct sla_events said = { 0 };
    struct refold_announced a;
    Callout__V1__SlaState *s = r->state;
    c->err = find_announced(r, &a);
    if (c->err != CO_OK)
        return;
    s->announced = a.event;
    s->n_announced = a.count;
    s->withdrawn = a.withdrawn;
    s->n_withdrawn = a.withdrawn_count;
    c->err = sla_diff(s, r->fold.outputs, r->fold.output_count, c->arena, &said);
    for (size_t i = 0; i < said.count && c->err == CO_OK; i++) {
        const Callout__V1__Event *e = said.event[i];
        if (e->body_case == BODY(WITHDRAWN))
            certificate_found(c, "announced", name_of(e->withdrawn->kind),
                              "announced is one that is not computed so");
        else
            certificate_found(c, "announced", name_of(e->body_case),
                              "computed is one that is not announced so");
    }
    if (a.wrong != NULL)
        certificate_found(c, "announced", name_of(a.wrong->body_case),
                          "it was announced twice, or taken back without having been announced");
}

/* -- */

static void compare(struct certificate_checker *c, struct refold *r)
{
    Callout__V1__Explanation nothing = CALLOUT__V1__EXPLANATION__INIT;
    const Callout__V1__Explanation *stated =
        c->certificate->explanation != NULL ? c->certificate->explanation : &nothing;
    r->explanation->number = c->certificate->number;
    certificate_compare(c, &stated->base, &r->explanation->base, "explanation");
    compare_announced(c, r);
}

static bool is_our_engine(struct certificate_checker *c, const struct refold *r)
{
    uint32_t engine = r->state->opened->engine;
    if (c->certificate->engine == SLA_ENGINE_VERSION && engine == SLA_ENGINE_VERSION)
        return true;
    certificate_found(c, "release", "engine",
                      "it was computed by engine %u, this callout has engine %u: use one of that "
                      "release to compute it anew",
                      c->certificate->engine, SLA_ENGINE_VERSION);
    return false;
}

void certificate_refold(struct certificate_checker *c)
{
    struct refold r = { .arena = c->arena, .now_us = c->certificate->as_of_us };
    if (!take_entries(c, &r))
        return;
    enum co_err err = refold_read(&r);
    if (err == CO_OK && r.state->opened == NULL)
        certificate_found(c, "computed", "entries", "the case was never opened");
    else if (err == CO_OK && is_our_engine(c, &r) && take_versions(c, &r))
        err = refold_run(&r);
    if (err == CO_EINPUT)
        certificate_found(c, "computed", "", "it cannot be computed anew: %s", r.problem);
    else if (err != CO_OK)
        c->err = err;
    else if (r.explanation != NULL)
        compare(c, &r);
    refold_done(&r);
}
