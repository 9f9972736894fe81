/* Man-days of a contract. */
#include "co_check.h"

#include <string.h>

enum { DAY_MINUTES_MIN = 60, DAY_MINUTES_MAX = 1440, UNIT_MAX = 1440, LOW_MAX = 6000000 };
#define MINUTES_MAX INT64_C(6000000)

static void check_times(struct co_check *c, const Callout__V1__Contract *x,
                        const Callout__V1__Lot *lot)
{
    int64_t from_us = lot->from_us != 0 ? lot->from_us : x->from_us;
    int64_t until_us = lot->until_us != 0 ? lot->until_us : x->until_us;
    if (until_us <= from_us)
        check_say(c, "until", "a time after \"from\"", "the lot ends before it begins");
    if (lot->roll_until_us != 0 && lot->roll_until_us <= until_us)
        check_say(c, "roll_until", "a time after the end of the lot",
                  "it does not make the lot last longer");
}

static void check_overdraft(struct co_check *c, const Callout__V1__Lot *lot)
{
    if (lot->overdraft_minutes < 0 || lot->overdraft_minutes > MINUTES_MAX)
        check_say(c, "overdraft_minutes", "0 to 6000000", "is out of range");
    if (lot->overdraft_minutes > 0)
        check_ref(c, "overdraft_by", CO_KIND_PERSON, lot->overdraft_by, true);
    else if (lot->overdraft_by[0] != '\0')
        check_say(c, "overdraft_minutes", "1 to 6000000", "is needed beside \"overdraft_by\"");
}

static void check_lot(struct co_check *c, const Callout__V1__Contract *x, size_t i)
{
    const Callout__V1__Lot *lot = x->lots[i];
    check_key(c, "key", lot->key);
    for (size_t k = 0; k < i; k++)
        if (strcmp(x->lots[k]->key, lot->key) == 0)
            check_say(c, "key", "another one", "\"%.64s\" is a lot of this contract already",
                      lot->key);
    check_key(c, "kind", lot->kind);
    if (lot->minutes <= 0 || lot->minutes > MINUTES_MAX)
        check_say(c, "minutes", "1 to 6000000", "a lot has minutes");
    check_times(c, x, lot);
    check_overdraft(c, lot);
}

void check_contract_lots(struct co_check *c, const Callout__V1__Contract *x)
{
    const Callout__V1__ManDayRule *rule = x->man_days;
    for (size_t i = 0; i < x->n_lots; i++) {
        size_t mark = check_push_index(c, "lots", i);
        check_lot(c, x, i);
        check_pop(c, mark);
    }
    if (rule == NULL)
        return;
    size_t mark = check_push(c, "man_days");
    if (rule->day_minutes != 0)
        check_range(c, "day_minutes", rule->day_minutes, DAY_MINUTES_MIN, DAY_MINUTES_MAX);
    check_range(c, "unit_minutes", rule->unit_minutes, 0, UNIT_MAX);
    check_range(c, "visit_minutes", rule->visit_minutes, 0, DAY_MINUTES_MAX);
    check_range(c, "low_minutes", rule->low_minutes, 0, LOW_MAX);
    check_pop(c, mark);
}
