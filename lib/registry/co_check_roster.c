/* Rosters: when people are on duty. */
#include "co_check.h"

static void check_spans(struct co_check *c, const char *field,
                        Callout__V1__RosterSpan *const *spans, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, field, i);
        if (spans[i]->from_us == 0)
            check_say(c, "from", "RFC 3339", "is needed");
        if (spans[i]->until_us <= spans[i]->from_us)
            check_say(c, "until", "a time after \"from\"", "it ends before it begins");
        if (i > 0 && spans[i]->from_us < spans[i - 1]->from_us)
            check_say(c, "from", "rising", "the one before begins later");
        else if (i > 0 && spans[i]->from_us < spans[i - 1]->until_us)
            check_say(c, "from", "not before the end of the one before, or one for both",
                      "it overlaps the one before");
        check_pop(c, mark);
    }
}

static void check_rule(struct co_check *c, const Callout__V1__ShiftRule *x)
{
    if (x->n_weekdays == 0 && !x->workdays)
        check_say(c, "weekdays", "1 (Monday) to 7 (Sunday), or workdays: true", "says on no day");
    for (size_t i = 0; i < x->n_weekdays; i++) {
        size_t mark = check_push_index(c, "weekdays", i);
        check_range(c, "", x->weekdays[i], 1, 7);
        check_pop(c, mark);
    }
    check_range(c, "from_min", x->from_min, 0, 1439);
    check_range(c, "until_min", x->until_min, 1, 2880);
    if (x->until_min <= x->from_min)
        check_say(c, "until_min", "after from_min; 1440 and more: past midnight",
                  "the shift ends before it begins");
    if (x->until_day != 0 && x->until_day < x->from_day)
        check_say(c, "until_day", "from_day or later, or left out: goes on",
                  "the rule ends before it begins");
}

void check_roster(struct co_check *c, const Callout__V1__Roster *x)
{
    check_ref(c, "key", CO_KIND_PERSON, x->key, true);
    check_ref(c, "calendar", CO_KIND_CALENDAR, x->calendar, true);
    for (size_t i = 0; i < x->n_rules; i++) {
        size_t mark = check_push_index(c, "rules", i);
        check_rule(c, x->rules[i]);
        check_pop(c, mark);
    }
    check_spans(c, "shifts", x->shifts, x->n_shifts);
    check_spans(c, "absences", x->absences, x->n_absences);
}
