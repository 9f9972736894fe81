/* A service report out of its cases: sums, and the cap of penalties. */
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_number.h"
#include "report_calls.h"
#include "report_service.h"
#include "sla_events.h"
#include "sla_penalty.h"

static void *make(struct report_service *r, const ProtobufCMessageDescriptor *type)
{
    void *message = sla_message_new(r->history.cli->arena, type);
    co_assert(message != NULL); /* rows are few: milestones, lots */
    return message;
}

static void *list(struct report_service *r, size_t n, size_t size)
{
    void *items = co_arena_alloc(r->history.cli->arena, (n + 1) * size);
    co_assert(items != NULL);
    return items;
}

/* -- cases */

static int by_number(const void *a, const void *b)
{
    const Callout__V1__ServiceCase *x = *(Callout__V1__ServiceCase *const *)a;
    const Callout__V1__ServiceCase *y = *(Callout__V1__ServiceCase *const *)b;
    return co_number_order(x->number, y->number);
}

static void join_cases(struct report_service *r, Callout__V1__ServiceReport *to)
{
    size_t n = 0;
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++)
        n += r->found[i].case_count;
    to->cases = list(r, n, sizeof(to->cases[0]));
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++) {
        for (size_t k = 0; k < r->found[i].case_count; k++)
            to->cases[to->n_cases++] = r->found[i].cases[k];
        to->unreadable += r->found[i].unreadable;
    }
    if (n > 0)
        qsort(to->cases, n, sizeof(to->cases[0]), by_number);
}

/* -- promises, and whose the time was */

static Callout__V1__ServicePromises *row_of(struct report_service *r,
                                            Callout__V1__ServiceReport *to,
                                            const Callout__V1__ServicePromise *p)
{
    for (size_t i = 0; i < to->n_promises; i++)
        if (strcmp(to->promises[i]->milestone, p->milestone) == 0)
            return to->promises[i];
    Callout__V1__ServicePromises *row = make(r, &callout__v1__service_promises__descriptor);
    row->milestone = p->milestone;
    row->title = p->title;
    return to->promises[to->n_promises++] = row;
}

static int by_milestone(const void *a, const void *b)
{
    const Callout__V1__ServicePromises *x = *(Callout__V1__ServicePromises *const *)a;
    const Callout__V1__ServicePromises *y = *(Callout__V1__ServicePromises *const *)b;
    return strcmp(x->milestone, y->milestone);
}

static void sum_promises(struct report_service *r, Callout__V1__ServiceReport *to)
{
    size_t n = 0;
    for (size_t i = 0; i < to->n_cases; i++)
        n += to->cases[i]->n_promises;
    to->promises = list(r, n, sizeof(to->promises[0]));
    for (size_t i = 0; i < to->n_cases; i++)
        for (size_t k = 0; k < to->cases[i]->n_promises; k++) {
            const Callout__V1__ServicePromise *p = to->cases[i]->promises[k];
            Callout__V1__ServicePromises *row = row_of(r, to, p);
            row->met += strcmp(p->state, "met") == 0;
            row->missed += strcmp(p->state, "missed") == 0;
            row->overdue += strcmp(p->state, "overdue") == 0;
            row->running += strcmp(p->state, "running") == 0;
        }
    if (to->n_promises > 0)
        qsort(to->promises, to->n_promises, sizeof(to->promises[0]), by_milestone);
}

static void sum_time(struct report_service *r, Callout__V1__ServiceReport *to)
{
    to->parts = list(r, SLA_HOLDERS, sizeof(to->parts[0]));
    for (; to->n_parts < SLA_HOLDERS; to->n_parts++) {
        Callout__V1__TimePart *part = make(r, &callout__v1__time_part__descriptor);
        part->holder = cli_text(r->history.cli, sla_holder_name((enum sla_holder)to->n_parts));
        for (size_t i = 0; i < to->n_cases; i++)
            if (to->n_parts < to->cases[i]->n_parts)
                part->length_us += to->cases[i]->parts[to->n_parts]->length_us;
        to->elapsed_us += part->length_us;
        to->parts[to->n_parts] = part;
    }
}

/* -- man-days and calls */

static Callout__V1__ServiceLot *lot_of(struct report_service *r, const char *key)
{
    Callout__V1__ServiceLot *lot = make(r, &callout__v1__service_lot__descriptor);
    lot->key = cli_text(r->history.cli, key);
    return lot;
}

static void add_posted(struct report_service *r, Callout__V1__ServiceReport *to,
                       const struct report_row *row)
{
    size_t i = 0;
    while (i < to->n_lots && strcmp(to->lots[i]->key, row->keys[0]) != 0)
        i++;
    if (i == to->n_lots)
        to->lots[to->n_lots++] = lot_of(r, row->keys[0]);
    to->lots[i]->reserved_minutes = row->value[LOT_RESERVED];
    to->lots[i]->used_minutes = row->value[LOT_USED];
}

static enum co_err sum_lots(struct report_service *r, Callout__V1__ServiceReport *to)
{
    struct report_row **rows = NULL;
    size_t n = 0;
    enum co_err err = report_sum_rows(r->found[0].lots, &rows, &n);
    if (err != CO_OK)
        return err;
    to->lots = list(r, r->contract->n_lots + n, sizeof(to->lots[0]));
    for (size_t i = 0; i < r->contract->n_lots; i++) {
        const Callout__V1__Lot *l = r->contract->lots[i];
        Callout__V1__ServiceLot *lot = to->lots[to->n_lots++] = lot_of(r, l->key);
        lot->title = l->title;
        lot->kind = l->kind;
        lot->bought_minutes = l->minutes;
    }
    for (size_t i = 0; i < n; i++)
        add_posted(r, to, rows[i]);
    return CO_OK;
}

static enum co_err sum_calls(struct report_service *r, Callout__V1__ServiceReport *to)
{
    static const struct report_row none = { .cases = 0 };
    struct report_row **rows = NULL;
    size_t n = 0;
    enum co_err err = report_sum_rows(r->found[0].calls, &rows, &n);
    if (err == CO_OK)
        to->satisfaction = report_call_row(r->history.cli, n > 0 ? rows[0] : &none);
    return err;
}

static enum co_err join_sums(struct report_service *r)
{
    enum co_err err = CO_OK;
    for (size_t i = 1; err == CO_OK && i < CO_HISTORY_WORKERS_MAX; i++) {
        err = report_sum_join(r->found[0].lots, r->found[i].lots);
        if (err == CO_OK)
            err = report_sum_join(r->found[0].calls, r->found[i].calls);
    }
    return err;
}

/* -- penalties */

static int order(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* By service period, in the order in which the clocks ended; what goes on comes last. */
static int by_end(const void *a, const void *b)
{
    const struct report_service_owed *x = a, *y = b;
    int differs = order(x->period_us, y->period_us);
    if (differs == 0)
        differs = order(x->goes_on, y->goes_on);
    if (differs == 0)
        differs = order(x->ended_us, y->ended_us);
    if (differs == 0)
        differs = order(x->case_id, y->case_id);
    return differs != 0 ? differs : order(x->ordinal, y->ordinal);
}

static struct report_service_owed *join_owed(struct report_service *r, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++)
        n += r->found[i].owed_count;
    struct report_service_owed *all = co_arena_alloc(r->history.cli->arena, (n + 1) * sizeof(*all));
    *ret_n = 0;
    for (size_t i = 0; all != NULL && i < CO_HISTORY_WORKERS_MAX; i++) {
        if (r->found[i].owed_count > 0)
            memcpy(&all[*ret_n], r->found[i].owed, r->found[i].owed_count * sizeof(*all));
        *ret_n += r->found[i].owed_count;
    }
    if (all != NULL && n > 0)
        qsort(all, n, sizeof(*all), by_end);
    return all;
}

/* What the cap leaves of it, after `spent`. */
static int64_t within_cap(const struct report_service_owed *o, int64_t spent)
{
    int64_t room = o->cap_cents > spent ? o->cap_cents - spent : 0;
    return o->cents < room ? o->cents : room;
}

static enum co_err sum_penalties(struct report_service *r, Callout__V1__ServiceReport *to)
{
    size_t n = 0;
    struct report_service_owed *all = join_owed(r, &n);
    int64_t spent = 0, owed_in_force = 0;
    if (all == NULL)
        return CO_ENOMEM;
    if (n == 0 && r->contract->liability == NULL)
        return CO_OK;
    Callout__V1__ServicePenalties *sum = make(r, &callout__v1__service_penalties__descriptor);
    for (size_t i = 0; i < n; i++) {
        struct report_service_owed *o = &all[i];
        if (i == 0 || o->period_us != all[i - 1].period_us)
            spent = 0;
        int64_t cents = within_cap(o, spent);
        spent += cents;
        if (o->said != NULL)
            o->said->owed_cents = cents;
        if (o->goes_on)
            sum->so_far_cents += cents;
        else if (o->said != NULL)
            sum->owed_cents += cents;
        else if (o->period_us == r->contract->from_us)
            sum->before_cents += cents;
        if (!o->goes_on && o->period_us == r->contract->from_us)
            owed_in_force += cents;
    }
    sum->cap_cents = sla_penalty_cap(r->contract);
    sum->left_cents = sum->cap_cents > owed_in_force ? sum->cap_cents - owed_in_force : 0;
    to->penalties = sum;
    return CO_OK;
}

/* -- */

static void put_head(struct report_service *r, Callout__V1__ServiceReport *to)
{
    const Callout__V1__Contract *x = r->contract;
    const Callout__V1__Customer *customer = co_registry_customer(r->registry, x->customer);
    to->contract = x->key;
    to->name = x->name;
    to->customer = x->customer;
    to->customer_name = customer == NULL ? NULL : customer->name;
    to->month = r->month;
    to->zone = co_registry_calendar(r->registry, x->calendar)->zone;
    to->from_us = r->from_us;
    to->until_us = r->until_us;
    to->end_us = r->end_us;
    to->service_from_us = x->from_us;
    to->service_until_us = x->until_us;
    to->price = x->price;
}

enum co_err report_service_sum(struct report_service *r, Callout__V1__ServiceReport *ret)
{
    callout__v1__service_report__init(ret);
    put_head(r, ret);
    join_cases(r, ret);
    sum_promises(r, ret);
    sum_time(r, ret);
    enum co_err err = join_sums(r);
    if (err == CO_OK)
        err = sum_lots(r, ret);
    if (err == CO_OK)
        err = sum_calls(r, ret);
    return err == CO_OK ? sum_penalties(r, ret) : err;
}
