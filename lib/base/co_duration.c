/* Lengths of time as text; the functions are declared in co_time.h. */
#include "co_time.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct unit {
    const char *name;  /* in durations */
    const char *human; /* NULL: not shown to people */
    int64_t us;
};

static const struct unit units[] = {
    { "d", "d", CO_DAY_US },    { "h", "h", CO_HOUR_US },          { "m", "min", CO_MINUTE_US },
    { "s", "s", CO_SECOND_US }, { "ms", NULL, CO_MILLISECOND_US }, { "us", NULL, 1 },
};
enum { UNITS = sizeof(units) / sizeof(units[0]) };

static const int64_t longest_us = 100000 * CO_DAY_US;

static bool take_count(const char **p, int64_t *ret_count)
{
    const char *start = *p;
    int64_t count = 0;
    for (; **p >= '0' && **p <= '9'; (*p)++) {
        if (count > longest_us)
            return false;
        count = count * 10 + (**p - '0');
    }
    *ret_count = count;
    return *p != start;
}

/* The unit at *p, which must come after units[last]; UNITS when it is none. */
static int take_unit(const char **p, int last)
{
    size_t len = strspn(*p, "dhmsu");
    for (int i = last + 1; i < UNITS; i++) {
        if (strlen(units[i].name) == len && strncmp(*p, units[i].name, len) == 0) {
            *p += len;
            return i;
        }
    }
    return UNITS;
}

enum co_err co_duration_parse(const char *text, int64_t *ret_us)
{
    int64_t sum_us = 0;
    if (strcmp(text, "0") != 0) {
        int last = -1;
        do {
            int64_t count = 0;
            if (!take_count(&text, &count) || (last = take_unit(&text, last)) == UNITS)
                return CO_EINPUT;
            if (count > (longest_us - sum_us) / units[last].us)
                return CO_EINPUT;
            sum_us += count * units[last].us;
        } while (*text != '\0');
    }
    *ret_us = sum_us;
    return CO_OK;
}

void co_duration_format(int64_t us, char text[static CO_DURATION_TEXT])
{
    uint64_t rest = us < 0 ? -(uint64_t)us : (uint64_t)us;
    size_t at = (size_t)snprintf(text, CO_DURATION_TEXT, "%s", us < 0 ? "-" : us == 0 ? "0s" : "");
    for (int i = 0; i < UNITS; i++) {
        uint64_t count = rest / (uint64_t)units[i].us;
        rest %= (uint64_t)units[i].us;
        if (count > 0)
            at += (size_t)snprintf(text + at, CO_DURATION_TEXT - at, "%llu%s",
                                   (unsigned long long)count, units[i].name);
    }
}

void co_time_left_format(int64_t left_us, char text[static CO_DURATION_TEXT])
{
    uint64_t rest = left_us < 0 ? -(uint64_t)left_us : (uint64_t)left_us;
    if (rest < (uint64_t)CO_SECOND_US) {
        (void)snprintf(text, CO_DURATION_TEXT, "now");
        return;
    }
    size_t at = (size_t)snprintf(text, CO_DURATION_TEXT, "%s", left_us < 0 ? "late by" : "in");
    int first = 0;
    while (rest < (uint64_t)units[first].us)
        first++;
    for (int i = first; i < first + 2 && units[i].human != NULL; i++) {
        uint64_t count = rest / (uint64_t)units[i].us;
        rest %= (uint64_t)units[i].us;
        if (count > 0)
            at += (size_t)snprintf(text + at, CO_DURATION_TEXT - at, " %llu %s",
                                   (unsigned long long)count, units[i].human);
    }
}
