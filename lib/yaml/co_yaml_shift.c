/* ShiftRule: hours: "20:00-08:00"; an end that is not after the begin is that of the next day. */
#include <stdio.h>

#include "co_yaml_impl.h"

enum { DAY_MINUTES = 1440 };

static bool read_clock(const char *text, int *ret_minute, int *ret_len)
{
    int hour = 0, minute = 0, len = 0;
    if (sscanf(text, "%2d:%2d%n", &hour, &minute, &len) != 2 || len != 5 || hour < 0 ||
        minute < 0 || minute > 59 || hour * 60 + minute > DAY_MINUTES)
        return false;
    *ret_minute = hour * 60 + minute;
    *ret_len = len;
    return true;
}

bool co_yaml_read_hours(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                        ProtobufCMessage *m)
{
    Callout__V1__ShiftRule *x = (void *)m;
    int from = 0, until = 0, len = 0;
    const char *text = co_yaml_scalar(s, pair->value);
    if (text == NULL)
        return false;
    if (!read_clock(text, &from, &len) || text[len] != '-' ||
        !read_clock(text + len + 1, &until, &len) || text[2 * len + 1] != '\0' ||
        from == DAY_MINUTES) {
        co_yaml_complain(s, pair->value, "08:00-18:00; over midnight 20:00-08:00",
                         "\"%.64s\" are no hours", text);
        return false;
    }
    x->from_min = (uint32_t)from;
    x->until_min = (uint32_t)(until > from ? until : until + DAY_MINUTES);
    return true;
}

const char *co_yaml_write_hours(const ProtobufCMessage *m, char *buf, size_t size)
{
    const Callout__V1__ShiftRule *x = (const void *)m;
    uint32_t until = x->until_min;
    if (until > DAY_MINUTES && until - DAY_MINUTES > x->from_min)
        return NULL; /* longer than a day */
    until = until > DAY_MINUTES ? until - DAY_MINUTES : until;
    (void)snprintf(buf, size, "%02u:%02u-%02u:%02u", x->from_min / 60, x->from_min % 60, until / 60,
                   until % 60);
    return buf;
}
