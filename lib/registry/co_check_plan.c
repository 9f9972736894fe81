/* Plans, and the renewal of contracts: what Callout opens cases for by itself. */
#include "co_check.h"
#include "co_plan.h"

#include <stdlib.h>
#include <string.h>

enum { TITLE_CHARS = 95 }; /* of each language: both stand in the title of a case */

/* Of the pack of the cases: conditions and severity are its own. */
static void check_pack(struct co_check *c, const Callout__V1__Plan *x)
{
    const Callout__V1__PolicyPack *p = co_registry_policy(c->registry, x->policy);
    check_ref(c, "policy", CO_KIND_POLICY, x->policy, true);
    if (p == NULL)
        return;
    check_conditions(c, "conditions", p, x->conditions, x->n_conditions);
    if (x->severity != 0)
        check_range(c, "severity", x->severity, 1, (double)p->n_severities);
}

static bool is_among(char *const *keys, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return count == 0;
}

/* Who it is for: everything belongs to the contract. */
static void check_parties(struct co_check *c, const Callout__V1__Plan *x)
{
    const Callout__V1__Contract *k = co_registry_contract(c->registry, x->contract);
    const Callout__V1__Site *site = co_registry_site(c->registry, x->site);
    check_ref(c, "contract", CO_KIND_CONTRACT, x->contract, true);
    check_ref(c, "customer", CO_KIND_CUSTOMER, x->customer, false);
    check_ref(c, "site", CO_KIND_SITE, x->site, false);
    check_ref(c, "product", CO_KIND_PRODUCT, x->product, false);
    check_ref(c, "calendar", CO_KIND_CALENDAR, x->calendar, true);
    if (k == NULL)
        return;
    if (x->customer[0] != '\0' && strcmp(x->customer, k->customer) != 0)
        check_say(c, "customer", "the customer of the contract, or left out",
                  "the contract is one of \"%.64s\"", k->customer);
    if (site != NULL &&
        (strcmp(site->customer, k->customer) != 0 || !is_among(k->sites, k->n_sites, x->site)))
        check_say(c, "site", "a site that the contract covers", "\"%.64s\" is none of its sites",
                  x->site);
    if (x->product[0] != '\0' && !is_among(k->products, k->n_products, x->product))
        check_say(c, "product", "a product that the contract covers",
                  "\"%.64s\" is none of its products", x->product);
}

/* Which of the plan's dates is looked for, and which is nearest. */
struct look {
    int64_t us;
    int64_t nearest_us;
    bool is_found;
};

static bool look_at(void *arg, const struct co_plan_date *date)
{
    struct look *look = arg;
    int64_t before_us = look->us - look->nearest_us;
    int64_t away_us = date->rule_us - look->us;
    look->is_found = look->is_found || date->rule_us == look->us;
    if (look->nearest_us == 0 || llabs(away_us) < llabs(before_us))
        look->nearest_us = date->rule_us;
    return !look->is_found;
}

/* Whether it is a date of the rule itself, whatever is skipped and moved. */
static void check_is_date(struct co_check *c, const char *field, const Callout__V1__Plan *x,
                          const Callout__V1__Calendar *calendar, int64_t us)
{
    Callout__V1__Plan rule = *x;
    struct look look = { .us = us };
    char nearest[CO_TIME_TEXT] = "another time";
    rule.n_dates = 0;
    if (co_plan_dates(&rule, calendar, CO_TIME_MAX_US, 0, us + 2 * CO_PLAN_LEAD_MAX_US, look_at,
                      &look) == CO_ENOMEM)
        c->is_out_of_memory = true;
    if (look.is_found)
        return;
    if (look.nearest_us != 0)
        co_time_format(look.nearest_us, nearest);
    check_say(c, field, "a date of the rule", "is none of its dates; the nearest is %s", nearest);
}

static void check_dates(struct co_check *c, const Callout__V1__Plan *x,
                        const Callout__V1__Calendar *calendar)
{
    for (size_t i = 0; i < x->n_dates; i++) {
        const Callout__V1__PlanDate *d = x->dates[i];
        size_t mark = check_push_index(c, "dates", i);
        if (d->skipped == (d->moved_to_us != 0))
            check_say(c, d->skipped ? "moved_to" : "skipped", "skipped: true, or moved_to: a time",
                      d->skipped ? "what is skipped cannot be moved" : "nothing is different");
        if (d->moved_to_us != 0 && llabs(d->moved_to_us - d->at_us) > CO_PLAN_LEAD_MAX_US)
            check_say(c, "moved_to", "at most 366d before or after its date", "is too far away");
        for (size_t k = 0; k < i; k++)
            if (x->dates[k]->at_us == d->at_us)
                check_say(c, "at", "each date once", "stands before");
        check_is_date(c, "at", x, calendar, d->at_us);
        check_pop(c, mark);
    }
}

/* When it is: the rule, its dates. */
static void check_course(struct co_check *c, const Callout__V1__Plan *x)
{
    const Callout__V1__Calendar *calendar = co_registry_calendar(c->registry, x->calendar);
    char problem[CO_RECUR_PROBLEM] = "";
    struct co_recur *recur = NULL;
    if (x->from_us <= 0 || x->from_us % CO_MINUTE_US != 0) {
        check_say(c, "from", "RFC 3339, whole minutes: the first date", "%s",
                  x->from_us <= 0 ? "is needed" : "has seconds");
        return;
    }
    if (x->until_us != 0 && x->until_us <= x->from_us)
        check_say(c, "until", "a time after \"from\", or left out: the end of the contract",
                  "the plan ends before its first date");
    if (x->rrule[0] != '\0') {
        enum co_err err = co_recur_new(x->rrule, 0, &recur, problem);
        co_recur_free(recur);
        if (err == CO_ENOMEM)
            c->is_out_of_memory = true;
        if (err == CO_EINPUT)
            check_say(c, "rrule", CO_RECUR_ALLOWED, "%s", problem);
        if (err != CO_OK)
            return;
    }
    if (calendar == NULL || calendar->n_transitions == 0)
        return;
    check_is_date(c, "from", x, calendar, x->from_us);
    check_dates(c, x, calendar);
}

static void check_title(struct co_check *c, const Callout__V1__Text *title)
{
    check_text(c, "title", title);
    if (title != NULL && (strlen(title->en) > TITLE_CHARS || strlen(title->zh) > 3 * TITLE_CHARS))
        check_say(c, "title", "at most 95 characters in each language", "is too long");
}

static void check_lead(struct co_check *c, const char *field, int64_t lead_us)
{
    if (lead_us < 0 || lead_us > CO_PLAN_LEAD_MAX_US)
        check_say(c, field, "0s to 366d before the date", "is no such length of time");
}

void check_plan(struct co_check *c, const Callout__V1__Plan *x)
{
    check_title(c, x->title);
    check_parties(c, x);
    check_pack(c, x);
    check_course(c, x);
    check_lead(c, "lead", x->lead_us);
    if (x->length_us < 0 || x->length_us > CO_PLAN_LEAD_MAX_US)
        check_say(c, "length", "0s to 366d", "is no such length of time");
}

void check_contract_renewal(struct co_check *c, const Callout__V1__Contract *x)
{
    if (x->renewal == NULL)
        return;
    size_t mark = check_push(c, "renewal");
    check_ref(c, "policy", CO_KIND_POLICY, x->renewal->policy, true);
    check_lead(c, "lead", x->renewal->lead_us);
    check_pop(c, mark);
}
