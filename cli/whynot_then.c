/* Why others were not asked, as of a choice: what dispatch saw then, as it kept it. */
#include <stdlib.h>
#include <string.h>

#include "co_number.h"
#include "whynot.h"

static const char *held_by(struct cli *cli, uint64_t case_id)
{
    char number[CO_NUMBER_TEXT];
    if (case_id == 0)
        return "";
    co_number_format((int64_t)case_id, number);
    return cli_text(cli, number);
}

static struct dispatch_candidate *candidate_of(struct cli *cli, const Callout__V1__PassedOver *p)
{
    struct dispatch_candidate *c = co_arena_alloc(cli->arena, sizeof(*c));
    if (c != NULL)
        *c = (struct dispatch_candidate){
            .engineer = p->engineer,
            .office = p->office,
            .km = p->km,
            .travel_us = p->travel_us,
            .skill = p->skill,
            .per_day = p->per_day,
            .held_by = (int64_t)p->held_by,
            .free_from_us = p->free_from_us == 0 ? DISPATCH_NEVER_ON_DUTY : p->free_from_us,
        };
    return c;
}

/* An arrival that late would have made him the equal of whoever was asked: when he could be there.
 */
static int64_t there_us(const struct whynot *w, const struct dispatch_candidate *c)
{
    return w->choice->at_us + w->rule->offer_min_us + w->rule->preparation_us + c->travel_us;
}

static int add_kept(struct whynot *w)
{
    const Callout__V1__Choice *choice = w->choice;
    for (size_t i = 0; i < choice->n_others; i++) {
        const Callout__V1__PassedOver *p = choice->others[i];
        enum dispatch_why why = dispatch_why_of(p->why);
        struct dispatch_candidate *c = candidate_of(w->cli, p);
        if (c == NULL)
            return cli_fail(w->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
        if (why == DISPATCH_WHYS)
            return cli_fail(w->cli, CLI_FAILED,
                            "the choice has a reason '%s' that this version does not know", p->why);
        struct why_facts facts = { .candidate = c,
                                   .product = w->order.state->product,
                                   .held_by = held_by(w->cli, p->held_by),
                                   .min_skill = choice->min_skill,
                                   .there_us = there_us(w, c),
                                   .asked = choice->engineer };
        w->row[w->count++] =
            (struct why_row){ { c, why }, whynot_change(w->cli, why, &facts), false };
    }
    return CLI_OK;
}

bool whynot_has(const struct whynot *w, const char *engineer)
{
    for (size_t i = 0; i < w->count; i++)
        if (strcmp(w->row[i].miss.candidate->engineer, engineer) == 0)
            return true;
    return false;
}

/* Whoever lacks the level or the product, or has declined, was not even looked at. */
static void add_unable(struct whynot *w, const struct whynot *now)
{
    size_t kept = w->count;
    for (size_t i = 0; i < now->count; i++) {
        const struct why_row *r = &now->row[i];
        struct whynot then = { .row = w->row, .count = kept };
        if (strcmp(r->miss.candidate->engineer, w->choice->engineer) == 0 ||
            whynot_has(&then, r->miss.candidate->engineer))
            continue;
        if (dispatch_why_far(r->miss.why) >= 2)
            w->row[w->count++] = *r;
        else
            w->beyond++;
    }
}

int whynot_then(struct whynot *w, const struct co_registry *registry)
{
    struct whynot now = *w;
    now.choice = NULL;
    int code = whynot_now(&now, registry);
    if (code != CLI_OK)
        return code;
    size_t most = w->choice->n_others + now.count + 1;
    w->row = co_arena_alloc(w->cli->arena, most * sizeof(*w->row));
    if (w->row == NULL)
        return cli_fail(w->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    code = add_kept(w);
    if (code != CLI_OK)
        return code;
    add_unable(w, &now);
    for (size_t i = 0; i < w->choice->n_rest; i++)
        w->beyond -= w->beyond < w->choice->rest[i]->count ? w->beyond : w->choice->rest[i]->count;
    if (w->count > 0)
        qsort(w->row, w->count, sizeof(*w->row), whynot_by_miss);
    return CLI_OK;
}
