#include "co_recur.h"

#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "co_time.h"

enum { DAY_S = 24 * 3600 };

struct co_recur {
    icalrecur_iterator *iterator;
};

static struct icaltimetype time_of(int64_t local_s)
{
    struct icaltimetype t = icaltime_null_time();
    int64_t days = local_s / DAY_S - (local_s % DAY_S < 0 ? 1 : 0);
    int64_t second = local_s - days * DAY_S;
    struct co_date date = co_date_of_days(days);
    t.year = date.year;
    t.month = date.month;
    t.day = date.day;
    t.hour = (int)(second / 3600);
    t.minute = (int)(second / 60 % 60);
    t.second = (int)(second % 60);
    return t;
}

static int64_t seconds_of(struct icaltimetype t)
{
    return co_date_days((struct co_date){ t.year, t.month, t.day }) * DAY_S + t.hour * 3600 +
           t.minute * 60 + t.second;
}

/* Of the numbers in a part that begins here. */
static size_t digits_max(const char *part)
{
    static const struct {
        const char *begins;
        size_t digits;
    } others[] = { { "COUNT=", 5 }, { "BYDAY=", 2 } };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (strncasecmp(part, others[i].begins, strlen(others[i].begins)) == 0)
            return others[i].digits;
    return 3;
}

/* libical keeps numbers in 8, 16 or 32 bits: one that does not fit comes out as another. */
static bool has_large_number(const char *text)
{
    size_t digits = 0, most = 0;
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (i == 0 || text[i - 1] == ';')
            most = digits_max(text + i);
        digits = text[i] >= '0' && text[i] <= '9' ? digits + 1 : 0;
        if (digits > most)
            return true;
    }
    return false;
}

/* NULL: it is taken. */
static const char *refusal(const char *text, const struct icalrecurrencetype *rule)
{
    if (rule->freq == ICAL_NO_RECURRENCE)
        return "is no rule of RFC 5545";
    if (rule->freq == ICAL_SECONDLY_RECURRENCE || rule->freq == ICAL_MINUTELY_RECURRENCE ||
        rule->freq == ICAL_HOURLY_RECURRENCE)
        return "comes more often than daily";
    if (rule->by_second[0] != ICAL_RECURRENCE_ARRAY_MAX ||
        rule->by_minute[0] != ICAL_RECURRENCE_ARRAY_MAX)
        return "has times within the hour";
    if (!icaltime_is_null_time(rule->until))
        return "has an end of its own (UNTIL): that is \"until\" of the plan";
    if (has_large_number(text))
        return "has a number that is too large: COUNT to 99999, BYDAY to 99, others to 999";
    return NULL;
}

enum co_err co_recur_new(const char *rule, int64_t start_s, struct co_recur **ret_recur,
                         char problem[static CO_RECUR_PROBLEM])
{
    icalerror_set_errors_are_fatal(0);
    struct icalrecurrencetype parsed = icalrecurrencetype_from_string(rule);
    const char *why = refusal(rule, &parsed);
    struct co_recur *r = why == NULL ? calloc(1, sizeof(*r)) : NULL;
    problem[0] = '\0';
    if (why == NULL && r == NULL)
        return CO_ENOMEM;
    if (why == NULL && (r->iterator = icalrecur_iterator_new(parsed, time_of(start_s))) == NULL)
        why = "cannot be followed";
    if (why == NULL) {
        *ret_recur = r;
        return CO_OK;
    }
    (void)snprintf(problem, CO_RECUR_PROBLEM, "\"%.64s\" %s", rule, why);
    co_recur_free(r);
    return CO_EINPUT;
}

void co_recur_free(struct co_recur *r)
{
    if (r == NULL)
        return;
    if (r->iterator != NULL)
        icalrecur_iterator_free(r->iterator);
    free(r);
}

bool co_recur_next(struct co_recur *r, int64_t *ret_local_s)
{
    struct icaltimetype t = icalrecur_iterator_next(r->iterator);
    if (icaltime_is_null_time(t))
        return false;
    *ret_local_s = seconds_of(t);
    return true;
}
