#include "intake_plan.h"

#include <stdio.h>
#include <string.h>

#include "co_renewal.h"
#include "co_text.h"

enum { TITLE_BYTES = 600, HALF_BYTES = 95 }; /* 200 characters at most, whatever the language */

const char *intake_line_name(enum intake_line_kind kind)
{
    static const char *const names[INTAKE_LINE_KINDS] = { "plan", "renewal" };
    return names[kind];
}

/* ---- lines ---- */

static bool is_renewed(const struct co_object *o)
{
    return o->message->contract->renewal != NULL;
}

struct intake_line *intake_lines(const struct co_registry *r, struct co_arena *arena, size_t *ret_count)
{
    uint32_t plans = co_registry_count(r, CO_KIND_PLAN), contracts = co_registry_count(r, CO_KIND_CONTRACT);
    struct intake_line *lines = co_arena_alloc(arena, ((size_t)plans + contracts + 1) * sizeof(lines[0]));
    size_t n = 0;
    if (lines == NULL)
        return NULL;
    for (uint32_t i = 0; i < plans; i++)
        lines[n++] = (struct intake_line){ .kind = INTAKE_LINE_PLAN, .key = co_registry_at(r, CO_KIND_PLAN, i)->key };
    for (uint32_t i = 0; i < contracts; i++)
        if (is_renewed(co_registry_at(r, CO_KIND_CONTRACT, i)))
            lines[n++] = (struct intake_line){ .kind = INTAKE_LINE_RENEWAL, .key = co_registry_at(r, CO_KIND_CONTRACT, i)->key };
    for (size_t i = 0; i < n; i++)
        if ((lines[i].key = co_arena_strdup(arena, lines[i].key)) == NULL)
            return NULL;
    *ret_count = n;
    return lines;
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

enum co_err intake_plan_due(const struct co_registry *r, struct intake_line *line, int64_t now_us, intake_due_fn *each, void *arg)
{
    struct search s = { line, now_us, each, arg, false };
    line->next_us = INT64_MAX;
    if (line->kind == INTAKE_LINE_PLAN)
        return search_plan(r, &s);
    search_renewal(r, &s);
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

static bool fill_plan(const Callout__V1__Plan *p, const struct co_plan_date *date, struct co_arena *arena,
                      Callout__V1__SubmitTicket *t)
{
    t->customer = p->customer;
    t->contract = p->contract;
    t->site = p->site;
    t->product = p->product;
    t->offering = p->policy;
    t->conditions = p->conditions;
    t->n_conditions = p->n_conditions;
    t->stated_severity = p->severity;
    t->dated_until_us = p->length_us == 0 ? 0 : date->at_us + p->length_us;
    t->title = say(arena, "", "", p->title);
    if (date->change != NULL)
        t->description = date->change->why;
    return t->title != NULL;
}

static bool fill_renewal(const Callout__V1__Contract *c, struct co_arena *arena, Callout__V1__SubmitTicket *t)
{
    t->customer = c->customer;
    t->contract = c->key;
    t->offering = c->renewal->policy;
    t->title = say(arena, "合同到期：", "Contract ends: ", c->name);
    return t->title != NULL;
}

bool intake_plan_ticket(const struct co_registry *r, const struct intake_line *line, const struct co_plan_date *date,
                        struct co_arena *arena, Callout__V1__SubmitTicket *ret_ticket)
{
    const Callout__V1__Plan *plan = line->kind == INTAKE_LINE_PLAN ? plan_of(r, line->key) : NULL;
    const Callout__V1__Contract *contract = line->kind == INTAKE_LINE_RENEWAL ? co_registry_contract(r, line->key) : NULL;
    Callout__V1__SubmitTicket t = CALLOUT__V1__SUBMIT_TICKET__INIT;
    t.key = co_arena_strdup(arena, date->key);
    t.dated_us = date->at_us;
    bool is_filled = plan != NULL ? fill_plan(plan, date, arena, &t)
                                  : contract != NULL && contract->renewal != NULL && fill_renewal(contract, arena, &t);
    if (t.key == NULL || !is_filled)
        return false;
    *ret_ticket = t;
    return true;
}
