/* What people report of work, and decide about lots. */
#include <string.h>

#include "co_lot.h"
#include "dispatch_mandays.h"

static void apply(struct dispatch_order *o, const Callout__V1__CommandReceived *command)
{
    struct dispatch_cause cause = { .command = command };
    dispatch_order_apply(o, &cause);
    o->is_changed = true;
}

static void refuse(struct dispatch_order *o, const Callout__V1__CommandReceived *command,
                   const char *why)
{
    struct dispatch_cause cause = { .command = command, .refusal = why, .is_other = true };
    dispatch_order_refuse(o, &cause);
}

static const char *worked(struct dispatch_order *o, const Callout__V1__CommandReceived *command)
{
    Callout__V1__ManDays *d = o->state->man_days;
    int64_t minutes = d->worked_minutes + command->minutes;
    if (minutes < 0)
        return "not as much was reported as this takes back";
    if (minutes > DISPATCH_MANDAYS_WORKED)
        return "that is more than one case can take: 10,000 hours";
    d->worked_minutes = minutes;
    return NULL;
}

static const Callout__V1__Lot *find(const Callout__V1__Contract *contract, const char *kind,
                                    const char *key)
{
    for (size_t i = 0; contract != NULL && i < contract->n_lots; i++)
        if (strcmp(contract->lots[i]->key, key) == 0 && strcmp(contract->lots[i]->kind, kind) == 0)
            return contract->lots[i];
    return NULL;
}

static const char *why_not_from(const struct dispatch_order *o, const char *key, int64_t at_us)
{
    const Callout__V1__Lot *lot = find(o->contract, o->state->man_days->kind, key);
    int64_t from_us = 0, until_us = 0;
    if (lot == NULL)
        return "the contract has no lot of that key for cases like this one";
    co_lot_span(o->contract, lot, &from_us, &until_us);
    if (at_us < from_us)
        return "that lot is not good yet";
    return until_us != 0 && until_us <= at_us ? "that lot has ended" : NULL;
}

static const char *allow(struct dispatch_order *o, const Callout__V1__CommandReceived *command,
                         int64_t at_us)
{
    Callout__V1__ManDays *d = o->state->man_days;
    if (command->minutes <= 0)
        return "an overdraft has at least one minute";
    Callout__V1__LotOverdraft **grown =
        dispatch_order_alloc(o, (d->n_overdrafts + 1) * sizeof(grown[0]));
    Callout__V1__LotOverdraft *x = dispatch_order_alloc(o, sizeof(*x));
    if (grown == NULL || x == NULL)
        return "there is no memory";
    callout__v1__lot_overdraft__init(x);
    x->lot = dispatch_order_keep(o, command->name);
    x->person = dispatch_order_keep(o, command->person);
    x->minutes = command->minutes;
    if (d->n_overdrafts > 0)
        memcpy(grown, d->overdrafts, d->n_overdrafts * sizeof(grown[0]));
    grown[d->n_overdrafts++] = x;
    d->overdrafts = grown;
    d->retry_us = d->missing_minutes == 0 ? 0 : at_us;
    return NULL;
}

static const char *judge(struct dispatch_order *o, const Callout__V1__CommandReceived *command,
                         int64_t at_us)
{
    if (o->state->policy == NULL)
        return "the case is not taken on yet";
    if (o->state->man_days == NULL)
        return "cases of this policy take no man-days";
    if (command->act == CALLOUT__V1__ACT__ACT_WORKED)
        return worked(o, command);
    const char *why = why_not_from(o, command->name, at_us);
    if (why != NULL)
        return why;
    if (command->act == CALLOUT__V1__ACT__ACT_ALLOW_OVERDRAFT)
        return allow(o, command, at_us);
    o->state->man_days->lot = dispatch_order_keep(o, command->name);
    o->state->man_days->is_moving = true;
    return NULL;
}

bool dispatch_mandays_command(struct dispatch_order *o, const Callout__V1__CommandReceived *command,
                              int64_t at_us)
{
    switch ((int)command->act) {
    case CALLOUT__V1__ACT__ACT_WORKED:
    case CALLOUT__V1__ACT__ACT_DEDUCT_FROM:
    case CALLOUT__V1__ACT__ACT_ALLOW_OVERDRAFT:
        break;
    default:
        return false;
    }
    const char *why = judge(o, command, at_us);
    if (why != NULL)
        refuse(o, command, why);
    else
        apply(o, command);
    return true;
}
