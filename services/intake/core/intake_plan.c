#include "intake_plan.h"

#include <stdio.h>
#include <string.h>

#include "co_advisory.h"
#include "co_offering.h"
#include "co_renewal.h"
#include "co_text.h"
#include "intake_advisory.h"

enum { TITLE_BYTES = 600, HALF_BYTES = 95 }; /* 200 characters at most, whatever the language */

const char *intake_line_name(enum intake_line_kind kind)
{
    static const char *const names[INTAKE_LINE_KINDS] = { "plan", "renewal", "advisory" };
    return names[kind];
}

/* ---- lines ---- */

static bool is_renewed(const struct co_object *o)
{
    return o->message->contract->renewal != NULL;
}

static const Callout__V1__Advisory *advisory_of(const struct co_registry *r, const char *key)
{
    const struct co_object *o = co_registry_get(r, CO_KIND_ADVISORY, key);
    return o == NULL ? NULL : o->message->advisory;
}

struct lines {
    struct co_arena *arena;
    struct intake_line *line; /* NULL: out of memory */
    size_t count, cap;
};

static const char *keep(struct lines *l, const char *key)
{
    const char *copy = co_arena_strdup(l->arena, key);
    if (copy == NULL)
        l->line = NULL;
    return copy;
}

static void add_line(struct lines *l, struct intake_line line)
{
    if (l->line != NULL && l->count == l->cap) {
        struct intake_line *old = l->line;
        l->cap *= 2;
        l->line = co_arena_alloc(l->arena, l->cap * sizeof(l->line[0]));
        if (l->line != NULL)
            memcpy(l->line, old, l->count * sizeof(old[0]));
    }
    if (l->line != NULL)
        l->line[l->count++] = line;
}

/* Those that may be concerned: looked at one by one when they are due. */
static void add_advisory(struct lines *l, const struct co_registry *r, const Callout__V1__Advisory *a)
{
    struct co_plan_date date;
    size_t count = 0;
    const Callout__V1__Contract **contracts = co_advisory_contracts(r, a, l->arena, &count);
    const char *key = keep(l, a->key);
    if (contracts == NULL)
        l->line = NULL;
    for (size_t i = 0; l->line != NULL && i < count; i++)
        if (co_offering_is_of(contracts[i], a->policy) && co_plan_advisory(a, contracts[i], &date))
            add_line(l, (struct intake_line){ .kind = INTAKE_LINE_ADVISORY, .key = key, .contract = keep(l, contracts[i]->key) });
}

struct intake_line *intake_lines(const struct co_registry *r, struct co_arena *arena, size_t *ret_count)
{
    uint32_t plans = co_registry_count(r, CO_KIND_PLAN), contracts = co_registry_count(r, CO_KIND_CONTRACT);
    struct lines l = { .arena = arena, .cap = (size_t)plans + contracts + 1 };
    l.line = co_arena_alloc(arena, l.cap * sizeof(l.line[0]));
    for (uint32_t i = 0; i < plans; i++)
        add_line(&l, (struct intake_line){ .kind = INTAKE_LINE_PLAN, .key = keep(&l, co_registry_at(r, CO_KIND_PLAN, i)->key) });
    for (uint32_t i = 0; i < contracts; i++)
        if (is_renewed(co_registry_at(r, CO_KIND_CONTRACT, i)))
            add_line(&l, (struct intake_line){ .kind = INTAKE_LINE_RENEWAL, .key = keep(&l, co_registry_at(r, CO_KIND_CONTRACT, i)->key) });
    for (uint32_t i = 0; l.line != NULL && i < co_registry_count(r, CO_KIND_ADVISORY); i++)
        add_advisory(&l, r, co_registry_at(r, CO_KIND_ADVISORY, i)->message->advisory);
    *ret_count = l.count;
    return l.line;
}

/* ---- dates ---- */

static const Callout__V1__Plan *plan_of(const struct co_registry *r, const char *key)
{
    const struct co_object *o = co_registry_get(r, CO_KIND_PLAN, key);
    return o == NULL ? NULL : o->message->plan;
}

struct search {
    struct intake_line *line;
    int64_t now_us;
    intake_due_fn *each;
    void *arg;
    bool is_over;
};

/* Dates of the rule rise, and so do the times at which their cases are opened: the first one ahead ends the walk. */
static bool look_at(void *arg, const struct co_plan_date *date)
{
    struct search *s = arg;
    if (date->change != NULL && date->change->skipped)
        return true;
    if (date->open_us > s->now_us) {
        s->line->next_us = date->open_us < s->line->next_us ? date->open_us : s->line->next_us;
        return false;
    }
    s->is_over = s->is_over || !s->each(s->arg, s->line, date);
    return !s->is_over;
}

static enum co_err search_plan(const struct co_registry *r, struct search *s)
{
    const Callout__V1__Plan *plan = plan_of(r, s->line->key);
    const Callout__V1__Contract *contract = plan == NULL ? NULL : co_registry_contract(r, plan->contract);
    const Callout__V1__Calendar *calendar = plan == NULL ? NULL : co_registry_calendar(r, plan->calendar);
    if (contract == NULL || calendar == NULL)
        return CO_OK;
    enum co_err err = co_plan_dates(plan, calendar, contract->until_us, s->line->since_us, CO_TIME_MAX_US, look_at, s);
    return err == CO_EINPUT ? CO_OK : err;
}

static void search_renewal(const struct co_registry *r, struct search *s)
{
    const Callout__V1__Contract *contract = co_registry_contract(r, s->line->key);
    struct co_plan_date date;
    if (contract != NULL && co_plan_renewal(contract, &date) && date.at_us >= s->line->since_us && co_renewal_is_possible(r, contract))
        (void)look_at(s, &date);
}

/* Whether the advisory concerns the contract now, or when it is to be opened, if that is later. */
static bool is_reached(const struct co_registry *r, const Callout__V1__Advisory *a, const Callout__V1__Contract *c, int64_t now_us,
                       struct co_plan_date *ret_date)
{
    if (!co_plan_advisory(a, c, ret_date))
        return false;
    ret_date->at_us = ret_date->open_us > now_us ? ret_date->open_us : now_us;
    return co_advisory_look(r, a, c, ret_date->at_us).place.site != NULL;
}

static void search_advisory(const struct co_registry *r, struct search *s)
{
    const Callout__V1__Advisory *advisory = advisory_of(r, s->line->key);
    const Callout__V1__Contract *contract = co_registry_contract(r, s->line->contract);
    struct co_plan_date date;
    if (advisory != NULL && contract != NULL && is_reached(r, advisory, contract, s->now_us, &date))
        (void)look_at(s, &date);
}

enum co_err intake_plan_due(const struct co_registry *r, struct intake_line *line, int64_t now_us, intake_due_fn *each, void *arg)
{
    struct search s = { line, now_us, each, arg, false };
    line->next_us = INT64_MAX;
    if (line->kind == INTAKE_LINE_PLAN)
        return search_plan(r, &s);
    if (line->kind == INTAKE_LINE_RENEWAL)
        search_renewal(r, &s);
    else
        search_advisory(r, &s);
    return CO_OK;
}

/* ---- tickets ---- */

/* Both languages, where there are two. */
static char *say(struct co_arena *arena, const char *before_zh, const char *before_en, const Callout__V1__Text *t)
{
    char text[TITLE_BYTES];
    bool has_zh = t != NULL && t->zh[0] != '\0', has_en = t != NULL && t->en[0] != '\0';
    (void)snprintf(text, sizeof(text), "%s%.*s%s%s%.*s", has_zh ? before_zh : "",
                   has_zh ? (int)co_text_clip(t->zh, (size_t)3 * HALF_BYTES) : 0, has_zh ? t->zh : "", has_zh && has_en ? " / " : "",
                   has_en ? before_en : "", has_en ? (int)co_text_clip(t->en, HALF_BYTES) : 0, has_en ? t->en : "");
    return co_arena_strdup(arena, text);
}

struct filling {
    const struct co_registry *registry;
    const struct intake_line *line;
    const struct co_plan_date *date;
    struct co_arena *arena;
};

typedef bool fill(const struct filling *f, Callout__V1__SubmitTicket *t);

static bool fill_plan(const struct filling *f, Callout__V1__SubmitTicket *t)
{
    const Callout__V1__Plan *p = plan_of(f->registry, f->line->key);
    if (p == NULL)
        return false;
    t->customer = p->customer;
    t->contract = p->contract;
    t->site = p->site;
    t->product = p->product;
    t->offering = p->policy;
    t->conditions = p->conditions;
    t->n_conditions = p->n_conditions;
    t->stated_severity = p->severity;
    t->dated_us = f->date->at_us;
    t->dated_until_us = p->length_us == 0 ? 0 : f->date->at_us + p->length_us;
    t->title = say(f->arena, "", "", p->title);
    if (f->date->change != NULL)
        t->description = f->date->change->why;
    return t->title != NULL;
}

static bool fill_renewal(const struct filling *f, Callout__V1__SubmitTicket *t)
{
    const Callout__V1__Contract *c = co_registry_contract(f->registry, f->line->key);
    if (c == NULL || c->renewal == NULL)
        return false;
    t->customer = c->customer;
    t->contract = c->key;
    t->offering = c->renewal->policy;
    t->dated_us = f->date->at_us;
    t->title = say(f->arena, "合同到期：", "Contract ends: ", c->name);
    return t->title != NULL;
}

/* Of the site and the version, where there is one that is concerned; else of the contract as a whole. */
static bool fill_advisory(const struct filling *f, Callout__V1__SubmitTicket *t)
{
    const Callout__V1__Advisory *a = advisory_of(f->registry, f->line->key);
    const Callout__V1__Contract *c = co_registry_contract(f->registry, f->line->contract);
    if (a == NULL || c == NULL)
        return false;
    struct co_advisory_look look = co_advisory_look(f->registry, a, c, f->date->at_us);
    t->customer = c->customer;
    t->contract = c->key;
    t->product = a->product;
    t->offering = a->policy;
    t->stated_severity = a->severity;
    if (look.place.site != NULL && look.is_one_site)
        t->site = look.place.site->key;
    if (look.place.version != NULL && look.is_one_version)
        t->version = look.place.version->key;
    t->title = say(f->arena, "", "", a->title);
    t->description = intake_advisory_text(f->registry, a, c, f->date->at_us, f->arena);
    return t->title != NULL && t->description != NULL;
}

bool intake_plan_ticket(const struct co_registry *r, const struct intake_line *line, const struct co_plan_date *date,
                        struct co_arena *arena, Callout__V1__SubmitTicket *ret_ticket)
{
    static fill *const fills[INTAKE_LINE_KINDS] = { fill_plan, fill_renewal, fill_advisory };
    const struct filling f = { r, line, date, arena };
    Callout__V1__SubmitTicket t = CALLOUT__V1__SUBMIT_TICKET__INIT;
    t.key = co_arena_strdup(arena, date->key);
    if (t.key == NULL || !fills[line->kind](&f, &t))
        return false;
    *ret_ticket = t;
    return true;
}
