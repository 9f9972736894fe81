#include "co_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_offsets.h"

enum {
    LOCAL_CHARS = 16,
    DATES_MAX = 100 * 1000
}; /* "2026-12-01T09:00"; a rule is followed so far */

/* One walk. */
struct walk {
    const Callout__V1__Plan *plan;
    struct co_offsets offsets;
    int64_t from_us, to_us; /* that are asked for */
    int64_t end_us;         /* of the plan */
    co_plan_fn *each;
    void *arg;
};

static const Callout__V1__PlanDate *find_change(const Callout__V1__Plan *plan, int64_t rule_us)
{
    for (size_t i = 0; i < plan->n_dates; i++)
        if (plan->dates[i]->at_us == rule_us)
            return plan->dates[i];
    return NULL;
}

/* A date of the rule: its own local time, and when that is. In a gap of the clock several are at
 * one moment. */
struct rule_date {
    int64_t local_s, us;
};

static bool is_moved(const Callout__V1__PlanDate *change)
{
    return change != NULL && !change->skipped && change->moved_to_us != 0;
}

static struct co_plan_date date_of(const struct walk *w, const struct rule_date *rule,
                                   const Callout__V1__PlanDate *change)
{
    struct co_plan_date d = { .rule_us = rule->us,
                              .at_us = is_moved(change) ? change->moved_to_us : rule->us,
                              .change = change };
    char local[CO_TIME_TEXT];
    d.open_us = d.at_us - w->plan->lead_us;
    co_time_format_local(rule->local_s * CO_SECOND_US, 0, local);
    (void)snprintf(d.key, sizeof(d.key), "plan/%.64s/%.*s", w->plan->key, LOCAL_CHARS, local);
    return d;
}

static bool give(const struct walk *w, const struct rule_date *rule,
                 const Callout__V1__PlanDate *change)
{
    struct co_plan_date d = date_of(w, rule, change);
    return d.at_us < w->from_us || d.at_us >= w->to_us || w->each(w->arg, &d);
}

/* ---- dates of the rule ---- */

static int64_t local_s(const struct co_offsets *o, int64_t us)
{
    return us / CO_SECOND_US + co_offsets_at(o, us);
}

static int64_t us_of(const struct co_offsets *o, int64_t local_s)
{
    int64_t day = local_s / (24 * 3600);
    return co_offsets_us(o, day, (int32_t)(local_s % (24 * 3600) / 60));
}

typedef bool rule_fn(void *arg, const struct rule_date *date);

/* Those before `to_us` and the end of the plan, rising. */
static enum co_err follow(const struct walk *w, int64_t to_us, rule_fn *each, void *arg)
{
    char problem[CO_RECUR_PROBLEM];
    struct co_recur *recur = NULL;
    struct rule_date d = { local_s(&w->offsets, w->plan->from_us), w->plan->from_us };
    bool goes_on = true;
    if (w->plan->rrule[0] == '\0') {
        if (d.us < w->end_us && d.us < to_us)
            (void)each(arg, &d);
        return CO_OK;
    }
    enum co_err err = co_recur_new(w->plan->rrule, d.local_s, &recur, problem);
    if (err != CO_OK)
        return err;
    for (int i = 0; i < DATES_MAX && goes_on && co_recur_next(recur, &d.local_s); i++) {
        d.us = us_of(&w->offsets, d.local_s);
        if (d.us >= w->end_us || d.us >= to_us)
            break;
        goes_on = each(arg, &d);
    }
    co_recur_free(recur);
    return CO_OK;
}

/* Those that are moved come later, in their own place. */
static bool give_unmoved(void *arg, const struct rule_date *date)
{
    const struct walk *w = arg;
    const Callout__V1__PlanDate *change = find_change(w->plan, date->us);
    return is_moved(change) || give(w, date, change);
}

/* ---- dates that were moved ---- */

struct moved {
    const struct walk *walk;
    const Callout__V1__PlanDate *change;
};

static bool give_moved_one(void *arg, const struct rule_date *date)
{
    const struct moved *m = arg;
    if (date->us == m->change->at_us)
        (void)give(m->walk, date, m->change);
    return true;
}

/* Only at a jump of the clock the moment does not say which date of the rule it is. */
static enum co_err give_moved(const struct walk *w, const Callout__V1__PlanDate *change)
{
    int64_t us = change->at_us;
    struct moved m = { w, change };
    struct rule_date date = { local_s(&w->offsets, us), us };
    if (co_offsets_at(&w->offsets, us) > co_offsets_at(&w->offsets, us - 1))
        return follow(w, us + 1, give_moved_one, &m);
    if (us < w->end_us)
        (void)give(w, &date, change);
    return CO_OK;
}

static enum co_err give_all_moved(const struct walk *w)
{
    enum co_err err = CO_OK;
    for (size_t i = 0; err == CO_OK && i < w->plan->n_dates; i++)
        if (is_moved(w->plan->dates[i]))
            err = give_moved(w, w->plan->dates[i]);
    return err;
}

enum co_err co_plan_dates(const Callout__V1__Plan *plan, const Callout__V1__Calendar *calendar,
                          int64_t end_us, int64_t from_us, int64_t to_us, co_plan_fn *each,
                          void *arg)
{
    if (calendar->n_transitions == 0 || plan->from_us <= 0)
        return CO_EINPUT;
    struct co_offset_change *change = calloc(calendar->n_transitions, sizeof(*change));
    if (change == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < calendar->n_transitions; i++)
        change[i] = (struct co_offset_change){ calendar->transitions[i]->from_us,
                                               calendar->transitions[i]->offset_s };
    bool has_end = plan->until_us != 0 && plan->until_us < end_us;
    struct walk w = { .plan = plan,
                      .offsets = { change, (uint32_t)calendar->n_transitions },
                      .from_us = from_us,
                      .to_us = to_us,
                      .end_us = has_end ? plan->until_us : end_us,
                      .each = each,
                      .arg = arg };
    enum co_err err = follow(&w, to_us, give_unmoved, &w);
    if (err == CO_OK)
        err = give_all_moved(&w);
    free(change);
    return err;
}

bool co_plan_renewal(const Callout__V1__Contract *contract, struct co_plan_date *ret_date)
{
    if (contract->renewal == NULL)
        return false;
    int64_t lead_us = contract->renewal->lead_us;
    char until[CO_TIME_TEXT];
    struct co_plan_date d = { .rule_us = contract->until_us, .at_us = contract->until_us };
    d.open_us = d.at_us - (lead_us == 0 ? CO_RENEWAL_LEAD_US : lead_us);
    co_time_format(d.at_us, until);
    (void)snprintf(d.key, sizeof(d.key), "renewal/%.64s/%s", contract->key, until);
    *ret_date = d;
    return true;
}

void co_plan_advisory_key(const char *advisory, const char *contract,
                          char ret_key[static CO_PLAN_KEY])
{
    (void)snprintf(ret_key, CO_PLAN_KEY, "advisory/%.54s/%.64s", advisory, contract);
}

bool co_plan_advisory(const Callout__V1__Advisory *advisory, const Callout__V1__Contract *contract,
                      struct co_plan_date *ret_date)
{
    int64_t from_us =
        advisory->issued_us > contract->from_us ? advisory->issued_us : contract->from_us;
    struct co_plan_date d = { .rule_us = from_us, .at_us = from_us, .open_us = from_us };
    if (from_us >= contract->until_us)
        return false;
    co_plan_advisory_key(advisory->key, contract->key, d.key);
    *ret_date = d;
    return true;
}
