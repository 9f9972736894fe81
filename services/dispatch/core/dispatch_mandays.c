#include "dispatch_mandays.h"

#include <stdlib.h>
#include <string.h>

#define STATE(name) CALLOUT__V1__ORDER_STATE__ORDER_##name

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t positive(int64_t minutes)
{
    return minutes > 0 ? minutes : 0;
}

static const Callout__V1__ManDays *days_of(const struct dispatch_order *o)
{
    const Callout__V1__ManDays *d = o->state->man_days;
    return d != NULL && d->kind[0] != '\0' ? d : NULL;
}

static bool is_visit_planned(const struct dispatch_order *o)
{
    switch ((int)o->state->order) {
    case STATE(ASSIGNED):
    case STATE(UNDERWAY):
    case STATE(ARRIVED):
        return !o->state->is_closed;
    default:
        return false;
    }
}

static const Callout__V1__ManDayRule *rule_of(const struct dispatch_order *o)
{
    return o->contract == NULL ? NULL : o->contract->man_days;
}

static int64_t charge(const struct dispatch_order *o, int64_t worked)
{
    const Callout__V1__ManDayRule *rule = rule_of(o);
    int64_t unit =
        rule == NULL || rule->unit_minutes == 0 ? DISPATCH_MANDAYS_UNIT : rule->unit_minutes;
    return (worked + unit - 1) / unit * unit;
}

static int64_t for_visit(const struct dispatch_order *o)
{
    const Callout__V1__ManDayRule *rule = rule_of(o);
    return rule == NULL || rule->visit_minutes == 0 ? DISPATCH_MANDAYS_VISIT : rule->visit_minutes;
}

static int64_t for_work(const struct dispatch_order *o)
{
    return charge(o, days_of(o)->worked_minutes);
}

/* What was worked before the visit, and the visit. */
static int64_t with_visit(const struct dispatch_order *o)
{
    const Callout__V1__ManDays *d = days_of(o);
    return d->visit == 0 ? 0 : charge(o, d->worked_before_minutes) + for_visit(o);
}

static int64_t desired(const struct dispatch_order *o)
{
    int64_t worked = for_work(o), planned = with_visit(o);
    return worked > planned ? worked : planned;
}

struct sums {
    int64_t reserved, used;
};

static struct sums sums_of(const Callout__V1__ManDays *d)
{
    struct sums s = { 0, 0 };
    for (size_t i = 0; i < d->n_held; i++) {
        s.reserved += d->held[i]->reserved_minutes;
        s.used += d->held[i]->used_minutes;
    }
    return s;
}

/* Or it is not sold by man-days: nothing is missing. */
static bool has_lots(const struct dispatch_order *o)
{
    const Callout__V1__ManDays *d = days_of(o);
    for (size_t i = 0; o->contract != NULL && i < o->contract->n_lots; i++)
        if (strcmp(o->contract->lots[i]->kind, d->kind) == 0)
            return true;
    return d->n_held > 0;
}

bool dispatch_mandays_wanted(const struct dispatch_order *o, bool is_another, int64_t now_us)
{
    const Callout__V1__ManDays *d = days_of(o);
    if (d == NULL || !has_lots(o))
        return false;
    struct sums held = sums_of(d);
    bool is_placed = o->state->is_closed ? held.reserved == 0 : held.used == 0;
    int64_t rest = desired(o) - held.reserved - held.used;
    if (!is_placed || d->is_moving || rest != d->missing_minutes)
        return true;
    return rest != 0 && (is_another || d->retry_us <= now_us);
}

/* -- the way there */

struct work {
    struct dispatch_ledger *ledger;
    struct dispatch_order *order;
    Callout__V1__ManDays *days;
    int64_t case_id;
    int64_t now_us;
};

static struct dispatch_lot *lot_of(const struct work *w, const char *key)
{
    for (size_t i = 0; i < w->ledger->count; i++)
        if (strcmp(w->ledger->lot[i].contract, w->order->state->contract) == 0 &&
            strcmp(w->ledger->lot[i].key, key) == 0)
            return &w->ledger->lot[i];
    return NULL;
}

/* NULL: no memory. */
static Callout__V1__LotHeld *held_of(struct work *w, const char *key)
{
    Callout__V1__ManDays *d = w->days;
    for (size_t i = 0; i < d->n_held; i++)
        if (strcmp(d->held[i]->lot, key) == 0)
            return d->held[i];
    Callout__V1__LotHeld **grown =
        dispatch_order_alloc(w->order, (d->n_held + 1) * sizeof(grown[0]));
    Callout__V1__LotHeld *held = dispatch_order_alloc(w->order, sizeof(*held));
    if (grown == NULL || held == NULL)
        return NULL;
    callout__v1__lot_held__init(held);
    held->lot = dispatch_order_keep(w->order, key);
    if (d->n_held > 0)
        memcpy(grown, d->held, d->n_held * sizeof(grown[0]));
    grown[d->n_held++] = held;
    d->held = grown;
    return held;
}

static void say(struct work *w, const struct dispatch_lot *lot, const char *kind, int64_t minutes,
                const char *why)
{
    Callout__V1__LotPosted *p = dispatch_order_alloc(w->order, sizeof(*p));
    Callout__V1__Event *event = dispatch_order_announce(w->order);
    if (p == NULL || event == NULL)
        return;
    callout__v1__lot_posted__init(p);
    p->contract = dispatch_order_keep(w->order, lot->contract);
    p->lot = dispatch_order_keep(w->order, lot->key);
    p->kind = dispatch_order_keep(w->order, kind);
    p->minutes = minutes;
    p->left_minutes = lot->minutes[DISPATCH_ACCOUNT_FREE];
    p->posting = (uint64_t)lot->postings;
    p->posted_us = w->now_us;
    p->why = dispatch_order_keep(w->order, why);
    event->body_case = CALLOUT__V1__EVENT__BODY_LOT_POSTED;
    event->lot_posted = p;
}

/* The four movements of a case. */
static const struct movement {
    const char *kind;
    enum dispatch_account from, to;
    int reserved, used; /* what it does to what the case holds */
} reserve = { "reserve", DISPATCH_ACCOUNT_FREE, DISPATCH_ACCOUNT_RESERVED, 1, 0 },
  release = { "release", DISPATCH_ACCOUNT_RESERVED, DISPATCH_ACCOUNT_FREE, -1, 0 },
  settle = { "settle", DISPATCH_ACCOUNT_RESERVED, DISPATCH_ACCOUNT_USED, -1, 1 },
  restore = { "restore", DISPATCH_ACCOUNT_USED, DISPATCH_ACCOUNT_RESERVED, 1, -1 };

static void move(struct work *w, const struct movement *m, struct dispatch_lot *lot,
                 int64_t minutes, const char *why)
{
    Callout__V1__LotHeld *held = minutes <= 0 ? NULL : held_of(w, lot->key);
    if (held == NULL)
        return;
    held->reserved_minutes += m->reserved * minutes;
    held->used_minutes += m->used * minutes;
    dispatch_ledger_post(w->ledger, lot, m->kind, m->from, m->to, minutes, w->case_id, why);
    say(w, lot, m->kind, minutes, why);
    w->order->is_changed = true;
}

/* What people allowed for this case, and what the lot may in any case. */
static int64_t allowance(const struct work *w, struct dispatch_lot *lot)
{
    int64_t own = 0;
    for (size_t i = 0; i < w->days->n_overdrafts; i++)
        if (strcmp(w->days->overdrafts[i]->lot, lot->key) == 0)
            own += w->days->overdrafts[i]->minutes;
    int64_t all = lot->terms == NULL ? 0 : lot->terms->overdraft_minutes;
    return all + own;
}

static int64_t available(const struct work *w, struct dispatch_lot *lot, bool with_overdraft)
{
    int64_t free = lot->minutes[DISPATCH_ACCOUNT_FREE];
    return positive(with_overdraft ? free + allowance(w, lot) : free);
}

static void take(struct work *w, struct dispatch_lot *lot, int64_t minutes, const char *why)
{
    if (lot->minutes[DISPATCH_ACCOUNT_FREE] - minutes < -lot->allowed)
        lot->allowed = minutes - lot->minutes[DISPATCH_ACCOUNT_FREE];
    move(w, &reserve, lot, minutes, why);
}

/* The earliest end first; what never ends last. */
static int by_end(const void *a, const void *b)
{
    const struct dispatch_lot *x = *(struct dispatch_lot *const *)a;
    const struct dispatch_lot *y = *(struct dispatch_lot *const *)b;
    int64_t x_us = x->until_us == 0 ? INT64_MAX : x->until_us;
    int64_t y_us = y->until_us == 0 ? INT64_MAX : y->until_us;
    return x_us != y_us ? (x_us < y_us ? -1 : 1) : strcmp(x->key, y->key);
}

/* Those of the kind that are good now, in the order in which they are taken. NULL: no memory. */
static struct dispatch_lot **choose(struct work *w, size_t *ret_count)
{
    struct dispatch_ledger *lots = w->ledger;
    struct dispatch_lot **list =
        dispatch_order_alloc(w->order, (lots->count + 1) * sizeof(list[0]));
    *ret_count = 0;
    for (size_t i = 0; list != NULL && i < lots->count; i++) {
        struct dispatch_lot *lot = &lots->lot[i];
        if (strcmp(lot->contract, w->order->state->contract) == 0 &&
            dispatch_lot_is_good(lot, w->now_us) && strcmp(lot->terms->kind, w->days->kind) == 0)
            list[(*ret_count)++] = lot;
    }
    if (list != NULL && *ret_count > 1)
        qsort(list, *ret_count, sizeof(list[0]), by_end);
    return list;
}

static int64_t left(struct dispatch_lot *const *list, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += list[i]->minutes[DISPATCH_ACCOUNT_FREE];
    return sum;
}

static void reopen(struct work *w)
{
    for (size_t i = 0; i < w->days->n_held; i++) {
        struct dispatch_lot *lot = lot_of(w, w->days->held[i]->lot);
        if (lot != NULL)
            move(w, &restore, lot, w->days->held[i]->used_minutes, "reopened");
    }
}

/* Up to so many minutes; used ones are reserved first: every movement is one of the four. */
static int64_t free_up(struct work *w, const Callout__V1__LotHeld *held, int64_t minutes,
                       const char *why)
{
    struct dispatch_lot *lot = lot_of(w, held->lot);
    int64_t part = lot == NULL ? 0 : least(minutes, held->reserved_minutes + held->used_minutes);
    if (part <= 0)
        return 0;
    move(w, &restore, lot, part - held->reserved_minutes, why);
    move(w, &release, lot, part, why);
    return part;
}

/* As much as the lot that a person wants has. */
static void move_to_wanted(struct work *w)
{
    struct dispatch_lot *to = w->days->is_moving ? lot_of(w, w->days->lot) : NULL;
    w->days->is_moving = false;
    for (size_t i = 0; to != NULL && dispatch_lot_is_good(to, w->now_us) && i < w->days->n_held;
         i++)
        if (strcmp(w->days->held[i]->lot, to->key) != 0)
            take(w, to, free_up(w, w->days->held[i], available(w, to, true), "moved"), "moved");
}

/* What was taken last goes first. */
static void give_back(struct work *w, int64_t minutes, const char *why)
{
    for (size_t i = w->days->n_held; minutes > 0 && i > 0; i--)
        minutes -= free_up(w, w->days->held[i - 1], minutes, why);
}

/* First what is free, the wanted lot before the others; then overdrafts. Returns what is missing.
 */
static int64_t get(struct work *w, struct dispatch_lot *const *list, size_t count, int64_t minutes,
                   const char *why)
{
    struct dispatch_lot *wanted = w->days->lot[0] == '\0' ? NULL : lot_of(w, w->days->lot);
    for (int with_overdraft = 0; with_overdraft < 2; with_overdraft++) {
        if (wanted != NULL && dispatch_lot_is_good(wanted, w->now_us)) {
            int64_t part = least(minutes, available(w, wanted, with_overdraft != 0));
            take(w, wanted, part, why);
            minutes -= part;
        }
        for (size_t i = 0; i < count && minutes > 0; i++) {
            int64_t part = least(minutes, available(w, list[i], with_overdraft != 0));
            take(w, list[i], part, why);
            minutes -= part;
        }
    }
    return minutes;
}

static void settle_all(struct work *w)
{
    for (size_t i = 0; i < w->days->n_held; i++) {
        struct dispatch_lot *lot = lot_of(w, w->days->held[i]->lot);
        if (lot != NULL)
            move(w, &settle, lot, w->days->held[i]->reserved_minutes, "closed");
    }
}

static int64_t low_minutes(const struct work *w)
{
    const Callout__V1__ManDayRule *rule = rule_of(w->order);
    return rule == NULL ? 0 : rule->low_minutes;
}

static void tell_low(struct work *w, int64_t left_minutes)
{
    Callout__V1__LotLow *low = dispatch_order_alloc(w->order, sizeof(*low));
    Callout__V1__Event *event = dispatch_order_announce(w->order);
    if (low == NULL || event == NULL)
        return;
    callout__v1__lot_low__init(low);
    low->contract = dispatch_order_keep(w->order, w->order->state->contract);
    low->kind = w->days->kind;
    low->left_minutes = left_minutes;
    low->low_minutes = low_minutes(w);
    low->missing_minutes = w->days->missing_minutes;
    low->ordinal = ++w->days->lows;
    low->at_us = w->now_us;
    event->body_case = CALLOUT__V1__EVENT__BODY_LOT_LOW;
    event->lot_low = low;
}

/* Low is said once, when it becomes so; missing whenever it is more than before. */
static void note_missing(struct work *w, int64_t missing, int64_t before, int64_t after)
{
    bool is_more = missing > w->days->missing_minutes;
    w->days->missing_minutes = missing;
    w->days->retry_us = missing == 0 ? 0 : w->now_us + DISPATCH_MANDAYS_RETRY_US;
    w->order->is_changed = true;
    if (is_more || (before >= low_minutes(w) && after < low_minutes(w)))
        tell_low(w, after);
}

static const char *why_taken(const struct work *w)
{
    if (w->days->missing_minutes > 0)
        return "covered";
    return with_visit(w->order) >= for_work(w->order) && w->days->visit != 0 ? "visit" : "worked";
}

void dispatch_mandays_settle(struct dispatch_ledger *ledger, struct dispatch_order *o,
                             int64_t case_id, int64_t now_us)
{
    struct work w = { ledger, o, o->state->man_days, case_id, now_us };
    size_t count = 0;
    struct dispatch_lot **list = choose(&w, &count);
    if (list == NULL)
        return;
    int64_t before = left(list, count);
    if (!o->state->is_closed)
        reopen(&w);
    move_to_wanted(&w);
    struct sums held = sums_of(w.days);
    int64_t rest = desired(o) - held.reserved - held.used;
    give_back(&w, -rest, o->state->is_closed ? "not_needed" : "corrected");
    rest = rest > 0 ? get(&w, list, count, rest, why_taken(&w)) : 0;
    if (o->state->is_closed)
        settle_all(&w);
    note_missing(&w, rest, before, left(list, count));
}

void dispatch_mandays_note_visit(struct dispatch_order *o)
{
    Callout__V1__ManDays *d = o->state->man_days;
    if (d == NULL)
        return;
    uint64_t visit = is_visit_planned(o) ? o->state->generation : 0;
    if (d->visit == visit)
        return;
    d->visit = visit;
    d->worked_before_minutes = d->worked_minutes;
    o->is_changed = true;
}
