/* What cases take of lots of man-days, and that the books always balance. */
#include "check_main.h"

#include <stdio.h>
#include <string.h>

#include "co_lot.h"
#include "co_rand.h"
#include "co_time.h"
#include "dispatch_mandays.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name
#define T0 (1000 * CO_HOUR_US)
#define HOUR CO_HOUR_US

enum { LOTS = 3, CASES = 4, HISTORIES = 300, STEPS = 60 };

static struct co_arena *arena;
static Callout__V1__Contract contract;
static Callout__V1__Lot lot[LOTS];
static Callout__V1__Lot *lot_list[LOTS];
static Callout__V1__ManDayRule rule;
static struct dispatch_lot row[LOTS];
static struct dispatch_ledger ledger;
static struct dispatch_order order[CASES];

static void open_case(size_t i)
{
    Callout__V1__CaseOpened body = CALLOUT__V1__CASE_OPENED__INIT;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    Callout__V1__Pin pin = CALLOUT__V1__PIN__INIT;
    char work[] = "work", key[] = "k", pack[] = "pack";
    pin.key = pack;
    body.contract = key;
    body.man_days = work;
    body.policy = &pin;
    event.body_case = CALLOUT__V1__EVENT__BODY_CASE_OPENED;
    event.case_opened = &body;
    dispatch_order_init(&order[i], arena, NULL);
    order[i].contract = &contract;
    dispatch_order_entry(&order[i], &event, T0, (struct dispatch_reporter){ 0 });
}

/* Two lots for work, the first ends first, and one for duty at events. */
static void setup(void)
{
    static char work[] = "work", duty[] = "event_duty", key[] = "k";
    static char keys[LOTS][4] = { "a", "b", "c" };
    arena = co_arena_new(1 << 26);
    contract = (Callout__V1__Contract)CALLOUT__V1__CONTRACT__INIT;
    rule = (Callout__V1__ManDayRule)CALLOUT__V1__MAN_DAY_RULE__INIT;
    contract.key = key;
    contract.until_us = T0 + 1000 * HOUR;
    contract.lots = lot_list;
    contract.n_lots = LOTS;
    contract.man_days = &rule;
    ledger = (struct dispatch_ledger){ .arena = arena, .lot = row, .count = LOTS };
    for (size_t i = 0; i < LOTS; i++) {
        lot[i] = (Callout__V1__Lot)CALLOUT__V1__LOT__INIT;
        lot[i].key = keys[i];
        lot[i].kind = i == 2 ? duty : work;
        lot[i].minutes = 480;
        lot_list[i] = &lot[i];
        row[i] = (struct dispatch_lot){ .contract = key, .key = keys[i], .terms = &lot[i] };
    }
    lot[0].until_us = T0 + 100 * HOUR;
    for (size_t i = 0; i < CASES; i++)
        open_case(i);
}

static void teardown(void)
{
    co_arena_free(arena);
}

static void settle(size_t i, int64_t now_us)
{
    for (size_t k = 0; k < LOTS; k++)
        co_lot_span(&contract, &lot[k], &row[k].from_us, &row[k].until_us);
    dispatch_ledger_refresh(&ledger, now_us);
    dispatch_mandays_settle(&ledger, &order[i], (int64_t)i + 1, now_us);
    dispatch_ledger_refresh(&ledger, now_us);
}

static void says(size_t i, Callout__V1__Act act, int32_t minutes, const char *name, int64_t at_us)
{
    Callout__V1__CommandReceived body = CALLOUT__V1__COMMAND_RECEIVED__INIT;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    char who[] = "boss", what[8];
    body.name = strcpy(what, name);
    body.person = who;
    body.act = act;
    body.minutes = minutes;
    event.body_case = CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED;
    event.command_received = &body;
    dispatch_order_entry(&order[i], &event, at_us, (struct dispatch_reporter){ 0 });
}

static void visits(size_t i, Callout__V1__OrderState state)
{
    order[i].state->order = state;
    order[i].state->generation += state == CALLOUT__V1__ORDER_STATE__ORDER_ASSIGNED;
    dispatch_mandays_note_visit(&order[i]);
}

static void closes(size_t i, bool is_closed)
{
    order[i].state->is_closed = is_closed;
    if (is_closed)
        visits(i, CALLOUT__V1__ORDER_STATE__ORDER_ENDED);
}

static void check_lot(size_t i, int64_t free, int64_t reserved, int64_t used, int64_t expired)
{
    ck_assert_int_eq(row[i].minutes[DISPATCH_ACCOUNT_FREE], free);
    ck_assert_int_eq(row[i].minutes[DISPATCH_ACCOUNT_RESERVED], reserved);
    ck_assert_int_eq(row[i].minutes[DISPATCH_ACCOUNT_USED], used);
    ck_assert_int_eq(row[i].minutes[DISPATCH_ACCOUNT_EXPIRED], expired);
}

static const char *refused(size_t i)
{
    const struct dispatch_order *o = &order[i];
    const Callout__V1__Event *last = o->event_count == 0 ? NULL : o->events[o->event_count - 1];
    return last == NULL || last->body_case != CALLOUT__V1__EVENT__BODY_COMMAND_REFUSED
               ? ""
               : last->command_refused->reason;
}

static const Callout__V1__LotLow *low_of(size_t i)
{
    for (size_t k = order[i].event_count; k > 0; k--)
        if (order[i].events[k - 1]->body_case == CALLOUT__V1__EVENT__BODY_LOT_LOW)
            return order[i].events[k - 1]->lot_low;
    return NULL;
}

START_TEST(a_visit_reserves_and_what_was_worked_is_used_when_the_case_is_closed)
{
    visits(0, CALLOUT__V1__ORDER_STATE__ORDER_ASSIGNED);
    settle(0, T0);
    check_lot(0, 240, 240, 0, 0);
    says(0, ACT(WORKED), 100, "", T0 + HOUR);
    settle(0, T0 + HOUR);
    check_lot(0, 240, 240, 0, 0); /* within the visit */
    visits(0, CALLOUT__V1__ORDER_STATE__ORDER_ENDED);
    settle(0, T0 + 2 * HOUR);
    check_lot(0, 360, 120, 0, 0); /* rounded up to half an hour */
    closes(0, true);
    settle(0, T0 + 3 * HOUR);
    check_lot(0, 360, 0, 120, 0);
    check_lot(1, 480, 0, 0, 0);
    check_lot(2, 480, 0, 0, 0);
    ck_assert(!dispatch_mandays_wanted(&order[0], true, T0 + 3 * HOUR));
}
END_TEST

START_TEST(a_second_visit_reserves_besides_what_was_worked)
{
    says(0, ACT(WORKED), 60, "", T0);
    visits(0, CALLOUT__V1__ORDER_STATE__ORDER_ASSIGNED);
    settle(0, T0);
    check_lot(0, 180, 300, 0, 0);
    says(0, ACT(WORKED), 90, "", T0 + HOUR);
    settle(0, T0 + HOUR);
    check_lot(0, 180, 300, 0, 0);
    says(0, ACT(WORKED), 300, "", T0 + HOUR);
    settle(0, T0 + HOUR);
    check_lot(0, 30, 450, 0, 0);
}
END_TEST

START_TEST(half_days_are_deducted_where_the_contract_says_so)
{
    rule.unit_minutes = 240;
    says(0, ACT(WORKED), 241, "", T0);
    closes(0, true);
    settle(0, T0);
    check_lot(0, 0, 0, 480, 0);
}
END_TEST

START_TEST(the_lot_that_ends_first_is_taken_first_and_then_the_next)
{
    says(0, ACT(WORKED), 600, "", T0);
    settle(0, T0);
    check_lot(0, 0, 480, 0, 0);
    check_lot(1, 360, 120, 0, 0);
    says(0, ACT(WORKED), -300, "", T0);
    settle(0, T0);
    check_lot(0, 180, 300, 0, 0); /* what was taken last is given back first */
    check_lot(1, 480, 0, 0, 0);
}
END_TEST

START_TEST(what_is_left_expires_and_what_is_reserved_stays_good)
{
    says(0, ACT(WORKED), 120, "", T0);
    settle(0, T0);
    closes(0, true);
    settle(0, T0 + 101 * HOUR);
    check_lot(0, 0, 0, 120, 360);
    says(1, ACT(WORKED), 60, "", T0 + 101 * HOUR);
    settle(1, T0 + 101 * HOUR);
    check_lot(1, 420, 60, 0, 0);
}
END_TEST

START_TEST(a_lot_that_is_rolled_over_lasts_longer_and_one_extended_late_is_good_again)
{
    lot[0].roll_until_us = T0 + 200 * HOUR;
    says(0, ACT(WORKED), 60, "", T0 + 150 * HOUR);
    settle(0, T0 + 150 * HOUR);
    check_lot(0, 420, 60, 0, 0);
    settle(0, T0 + 201 * HOUR);
    check_lot(0, 0, 60, 0, 420);
    lot[0].roll_until_us = T0 + 300 * HOUR;
    settle(0, T0 + 202 * HOUR);
    check_lot(0, 420, 60, 0, 0);
}
END_TEST

START_TEST(no_lot_goes_below_zero_and_what_is_missing_is_said_and_covered_by_a_top_up)
{
    says(0, ACT(WORKED), 1000, "", T0);
    settle(0, T0);
    check_lot(0, 0, 480, 0, 0);
    check_lot(1, 0, 480, 0, 0);
    ck_assert_int_eq(order[0].state->man_days->missing_minutes, 1020 - 960);
    ck_assert_int_eq(low_of(0)->missing_minutes, 60);
    ck_assert(!dispatch_mandays_wanted(&order[0], false, T0 + 1));
    ck_assert(dispatch_mandays_wanted(&order[0], true, T0 + 1));
    ck_assert(dispatch_mandays_wanted(&order[0], false, T0 + DISPATCH_MANDAYS_RETRY_US));
    closes(0, true);
    settle(0, T0 + 1);
    check_lot(1, 0, 0, 480, 0);
    lot[1].minutes = 600;
    settle(0, T0 + 2);
    check_lot(1, 60, 0, 540, 0);
    ck_assert_int_eq(order[0].state->man_days->missing_minutes, 0);
    const Callout__V1__Event *last = order[0].events[order[0].event_count - 1];
    ck_assert_str_eq(last->lot_posted->kind, "settle");
    ck_assert_str_eq(order[0].events[order[0].event_count - 2]->lot_posted->why, "covered");
}
END_TEST

START_TEST(below_zero_only_by_an_overdraft_that_somebody_allowed)
{
    says(0, ACT(WORKED), 1000, "", T0);
    settle(0, T0);
    says(0, ACT(ALLOW_OVERDRAFT), 30, "b", T0);
    ck_assert(dispatch_mandays_wanted(&order[0], false, T0));
    settle(0, T0);
    check_lot(1, -30, 510, 0, 0);
    ck_assert_int_eq(order[0].state->man_days->missing_minutes, 30);
    says(1, ACT(WORKED), 30, "", T0); /* another case has no part in it */
    settle(1, T0);
    ck_assert_int_eq(order[1].state->man_days->missing_minutes, 30);
    lot[1].overdraft_minutes = 60; /* the contract lets every case */
    settle(1, T0 + 1);
    ck_assert_int_eq(order[1].state->man_days->missing_minutes, 0);
    check_lot(1, -60, 540, 0, 0);
}
END_TEST

START_TEST(what_a_case_took_is_moved_to_the_lot_that_somebody_names)
{
    says(0, ACT(WORKED), 120, "", T0);
    closes(0, true);
    settle(0, T0);
    check_lot(0, 360, 0, 120, 0);
    says(0, ACT(DEDUCT_FROM), 0, "b", T0);
    settle(0, T0);
    check_lot(0, 480, 0, 0, 0);
    check_lot(1, 360, 0, 120, 0);
    ck_assert(!dispatch_mandays_wanted(&order[0], true, T0));
    says(0, ACT(DEDUCT_FROM), 0, "c", T0);
    ck_assert_str_eq(refused(0), "the contract has no lot of that key for cases like this one");
    says(0, ACT(DEDUCT_FROM), 0, "a", T0 + 100 * HOUR);
    ck_assert_str_eq(refused(0), "that lot has ended");
}
END_TEST

START_TEST(a_case_that_is_opened_again_holds_as_reserved_what_it_had_used)
{
    says(0, ACT(WORKED), 120, "", T0);
    closes(0, true);
    settle(0, T0);
    closes(0, false);
    ck_assert(dispatch_mandays_wanted(&order[0], false, T0));
    settle(0, T0);
    check_lot(0, 360, 120, 0, 0);
}
END_TEST

START_TEST(what_cannot_be_is_refused_with_its_reason)
{
    says(0, ACT(WORKED), -1, "", T0);
    ck_assert_str_eq(refused(0), "not as much was reported as this takes back");
    says(0, ACT(WORKED), 60000, "", T0);
    for (int i = 0; i < 10; i++)
        says(0, ACT(WORKED), 60000, "", T0);
    ck_assert_str_eq(refused(0), "that is more than one case can take: 10,000 hours");
    struct dispatch_order other;
    dispatch_order_init(&other, arena, NULL);
    order[1] = other;
    says(1, ACT(WORKED), 30, "", T0);
    ck_assert_str_eq(refused(1), "the case is not taken on yet");
}
END_TEST

START_TEST(low_is_told_once_when_it_becomes_so)
{
    rule.low_minutes = 600;
    says(0, ACT(WORKED), 300, "", T0);
    settle(0, T0);
    ck_assert_ptr_null(low_of(0));
    says(0, ACT(WORKED), 90, "", T0);
    settle(0, T0);
    ck_assert_int_eq(low_of(0)->left_minutes, 570);
    says(1, ACT(WORKED), 60, "", T0);
    settle(1, T0);
    ck_assert_ptr_null(low_of(1));
}
END_TEST

/* -- any history */

static void check_books(void)
{
    int64_t sum[LOTS][DISPATCH_ACCOUNTS] = { { 0 } };
    int64_t number[LOTS] = { 0 };
    for (size_t i = 0; i < ledger.posting_count; i++) {
        const struct dispatch_posting *p = &ledger.posting[i];
        size_t k = (size_t)(p->lot - row);
        ck_assert_int_gt(p->minutes, 0);
        ck_assert_int_eq(p->number, ++number[k]);
        sum[k][p->from] -= p->minutes;
        sum[k][p->to] += p->minutes;
    }
    for (size_t k = 0; k < LOTS; k++) {
        int64_t held = 0, used = 0, all = 0;
        for (size_t i = 0; i < CASES; i++)
            for (size_t h = 0; h < order[i].state->man_days->n_held; h++) {
                const Callout__V1__LotHeld *x = order[i].state->man_days->held[h];
                if (strcmp(x->lot, row[k].key) != 0)
                    continue;
                ck_assert(x->reserved_minutes >= 0 && x->used_minutes >= 0);
                held += x->reserved_minutes;
                used += x->used_minutes;
            }
        for (int a = DISPATCH_ACCOUNT_FREE; a < DISPATCH_ACCOUNTS; a++) {
            ck_assert_int_eq(row[k].minutes[a], sum[k][a]);
            all += row[k].minutes[a];
        }
        ck_assert_int_eq(row[k].minutes[DISPATCH_ACCOUNT_BOUGHT], all);
        ck_assert_int_eq(row[k].minutes[DISPATCH_ACCOUNT_RESERVED], held);
        ck_assert_int_eq(row[k].minutes[DISPATCH_ACCOUNT_USED], used);
        ck_assert_int_ge(row[k].minutes[DISPATCH_ACCOUNT_FREE], -row[k].allowed);
        ck_assert_int_ge(row[k].minutes[DISPATCH_ACCOUNT_EXPIRED], 0);
    }
}

static void do_something(struct co_rand *r, size_t i, int64_t now_us)
{
    static const char *const names[] = { "a", "b" };
    switch (co_rand_below(r, 9)) {
    case 0:
    case 1:
        says(i, ACT(WORKED), (int32_t)co_rand_between(r, -200, 400), "", now_us);
        break;
    case 2:
        visits(i, order[i].state->is_closed ? CALLOUT__V1__ORDER_STATE__ORDER_ENDED
                                            : CALLOUT__V1__ORDER_STATE__ORDER_ASSIGNED);
        break;
    case 3:
        visits(i, CALLOUT__V1__ORDER_STATE__ORDER_ENDED);
        break;
    case 4:
        closes(i, co_rand_below(r, 2) == 0);
        break;
    case 5:
        says(i, ACT(DEDUCT_FROM), 0, names[co_rand_below(r, 2)], now_us);
        break;
    case 6:
        says(i, ACT(ALLOW_OVERDRAFT), (int32_t)co_rand_between(r, 1, 100),
             names[co_rand_below(r, 2)], now_us);
        break;
    case 7:
        lot[co_rand_below(r, LOTS)].minutes = co_rand_between(r, 1, 1200);
        break;
    default:
        lot[0].roll_until_us = now_us + co_rand_between(r, -50, 50) * HOUR;
        break;
    }
}

START_TEST(whatever_happens_the_books_balance_and_the_same_again_posts_nothing)
{
    for (uint64_t seed = 1; seed <= HISTORIES; seed++) {
        struct co_rand r;
        co_rand_init(&r, seed);
        int64_t now_us = T0;
        for (int step = 0; step < STEPS; step++) {
            size_t i = co_rand_below(&r, CASES);
            now_us += co_rand_between(&r, 0, 5) * HOUR;
            do_something(&r, i, now_us);
            settle(i, now_us);
            size_t posted = ledger.posting_count, said = order[i].event_count;
            settle(i, now_us);
            ck_assert_msg(ledger.posting_count == posted && order[i].event_count == said,
                          "seed %llu, step %d", (unsigned long long)seed, step);
            check_books();
        }
        teardown();
        setup();
    }
}
END_TEST

CHECK_MAIN_WITH("dispatch_mandays", setup, teardown,
                a_visit_reserves_and_what_was_worked_is_used_when_the_case_is_closed,
                a_second_visit_reserves_besides_what_was_worked,
                half_days_are_deducted_where_the_contract_says_so,
                the_lot_that_ends_first_is_taken_first_and_then_the_next,
                what_is_left_expires_and_what_is_reserved_stays_good,
                a_lot_that_is_rolled_over_lasts_longer_and_one_extended_late_is_good_again,
                no_lot_goes_below_zero_and_what_is_missing_is_said_and_covered_by_a_top_up,
                below_zero_only_by_an_overdraft_that_somebody_allowed,
                what_a_case_took_is_moved_to_the_lot_that_somebody_names,
                a_case_that_is_opened_again_holds_as_reserved_what_it_had_used,
                what_cannot_be_is_refused_with_its_reason, low_is_told_once_when_it_becomes_so,
                whatever_happens_the_books_balance_and_the_same_again_posts_nothing)
