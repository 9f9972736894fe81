#include "refold_impl.h"

#include <stdio.h>
#include <string.h>

#include "co_registry_calendar.h"
#include "sla_events.h"
#include "sla_explain.h"

static enum co_err fail(struct refold *r, enum co_err err, const char *problem)
{
    (void)snprintf(r->problem, sizeof(r->problem), "%s",
                   err == CO_ENOMEM ? "the case is too large for the memory of this command"
                                    : problem);
    return err;
}

/* -- the calendars in force: those of the opening, or of the latest rebasing */

struct uses {
    Callout__V1__Pin *site;
    Callout__V1__Pin *contract; /* NULL: the site's */
    Callout__V1__Pin *const *named;
    size_t named_count;
};

static struct uses uses_of(const Callout__V1__SlaState *s)
{
    const Callout__V1__CalendarRebased *b = s->rebased;
    if (b != NULL)
        return (struct uses){ b->calendar, b->contract_calendar, b->calendars, b->n_calendars };
    const Callout__V1__CaseOpened *o = s->opened;
    return (struct uses){ o->calendar, o->contract_calendar, o->calendars, o->n_calendars };
}

static struct refold_calendar *find(struct refold *r, const Callout__V1__Pin *pin)
{
    for (size_t i = 0; i < r->calendar_count; i++)
        if (r->calendars[i].pin->since == pin->since &&
            strcmp(r->calendars[i].pin->key, pin->key) == 0)
            return &r->calendars[i];
    return NULL;
}

static bool need(struct refold *r, Callout__V1__Pin *pin)
{
    if (pin == NULL || find(r, pin) != NULL)
        return true;
    if (r->calendar_count == REFOLD_CALENDARS_MAX)
        return false;
    r->calendars[r->calendar_count++] = (struct refold_calendar){ .pin = pin };
    return true;
}

static enum co_err need_versions(struct refold *r)
{
    struct uses u = uses_of(r->state);
    if (r->state->opened->policy == NULL || u.site == NULL)
        return fail(r, CO_EINPUT, "the case does not say under which versions it is");
    bool fits = need(r, u.site) && need(r, u.contract);
    for (size_t i = 0; i < u.named_count && fits; i++)
        fits = need(r, u.named[i]);
    return fits ? CO_OK : fail(r, CO_EINPUT, "the case has too many calendars");
}

enum co_err refold_read(struct refold *r)
{
    enum co_err err = sla_journal_state(r->arena, r->entries, r->entry_count, &r->state);
    if (err != CO_OK)
        return fail(r, err, "the journal of the case cannot be understood");
    return r->state->opened == NULL ? CO_OK : need_versions(r);
}

static enum co_err compile(struct refold *r)
{
    for (size_t i = 0; i < r->calendar_count; i++) {
        struct refold_calendar *c = &r->calendars[i];
        char problem[CO_CALENDAR_PROBLEM] = "its text is missing";
        enum co_err err = c->text == NULL
                              ? CO_EINPUT
                              : co_registry_calendar_compile_all(c->text, &c->compiled, problem);
        if (err == CO_OK)
            continue;
        (void)fail(r, err, "");
        if (err == CO_EINPUT)
            (void)snprintf(r->problem, sizeof(r->problem), "the calendar %s cannot be used: %s",
                           c->pin->key, problem);
        return err;
    }
    return CO_OK;
}

static struct sla_named_calendar named(struct refold *r, const Callout__V1__Pin *pin)
{
    struct refold_calendar *c = pin != NULL ? find(r, pin) : NULL;
    if (c == NULL)
        return (struct sla_named_calendar){ .key = NULL };
    return (struct sla_named_calendar){ c->pin->key, c->compiled };
}

static enum co_err collect(struct refold *r, struct sla_calendars *ret)
{
    struct uses u = uses_of(r->state);
    struct sla_named_calendar *list =
        co_arena_alloc(r->arena, (u.named_count + 1) * sizeof(list[0]));
    if (list == NULL)
        return fail(r, CO_ENOMEM, "");
    for (size_t i = 0; i < u.named_count; i++)
        list[i] = named(r, u.named[i]);
    *ret = (struct sla_calendars){ .site = named(r, u.site),
                                   .contract = named(r, u.contract),
                                   .named = list,
                                   .named_count = u.named_count };
    return CO_OK;
}

/* -- what the explanation says of them */

static enum co_err put_use(struct refold *r, const char *use, Callout__V1__Pin *pin)
{
    Callout__V1__Explanation *e = r->explanation;
    if (pin == NULL)
        return CO_OK;
    const Callout__V1__Calendar *text = find(r, pin)->text;
    Callout__V1__CalendarUse *u = sla_message_new(r->arena, &callout__v1__calendar_use__descriptor);
    char *copy = co_arena_strdup(r->arena, use);
    if (u == NULL || copy == NULL)
        return fail(r, CO_ENOMEM, "");
    u->use = copy;
    u->pin = pin;
    u->years = text->years;
    u->n_years = text->n_years;
    e->calendars[e->n_calendars++] = u;
    return CO_OK;
}

static enum co_err put_uses(struct refold *r)
{
    struct uses u = uses_of(r->state);
    Callout__V1__Explanation *e = r->explanation;
    e->calendars = co_arena_alloc(r->arena, (u.named_count + 2) * sizeof(e->calendars[0]));
    if (e->calendars == NULL)
        return fail(r, CO_ENOMEM, "");
    enum co_err err = put_use(r, "site", u.site);
    if (err == CO_OK)
        err = put_use(r, "contract", u.contract);
    for (size_t i = 0; i < u.named_count && err == CO_OK; i++)
        err = put_use(r, "milestone", u.named[i]);
    e->calendar = u.site;
    if (r->state->rebased != NULL)
        e->rebased_version = r->state->rebased->registry_version;
    return err;
}

/* -- */

static enum co_err explain(struct refold *r)
{
    enum co_err err = sla_fold(&r->in, r->arena, &r->fold);
    if (err == CO_OK)
        err = sla_explain_case(&r->in, &r->fold, r->arena, &r->explanation);
    if (err == CO_OK)
        err = put_uses(r);
    if (err == CO_OK)
        err = refold_name_days(r);
    if (err == CO_OK)
        err = refold_compare(r);
    if (err != CO_OK)
        return fail(r, err, "the case makes more than can be computed");
    refold_name_causes(r);
    return CO_OK;
}

enum co_err refold_run(struct refold *r)
{
    const Callout__V1__SlaState *s = r->state;
    r->in = (struct sla_fold_input){ .policy = r->policy,
                                     .opened = s->opened,
                                     .inputs = s->inputs,
                                     .input_count = s->n_inputs,
                                     .standing = s->standing,
                                     .standing_count = s->n_standing,
                                     .now_us = r->now_us };
    enum co_err err = compile(r);
    if (err == CO_OK)
        err = collect(r, &r->in.calendars);
    return err == CO_OK ? explain(r) : err;
}

void refold_done(struct refold *r)
{
    for (size_t i = 0; i < r->calendar_count; i++) {
        co_calendar_free(r->calendars[i].compiled);
        r->calendars[i].compiled = NULL;
    }
}
