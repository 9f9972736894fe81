/* Hours of a day: "20:00-08:00"; an end that is not after the begin is that of the next day. */
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

static bool read_hours(struct co_yaml_source *s, const yaml_node_t *n, uint32_t *ret_from_min,
                       uint32_t *ret_until_min)
{
    int from = 0, until = 0, len = 0;
    const char *text = co_yaml_scalar(s, n);
    if (text == NULL)
        return false;
    if (!read_clock(text, &from, &len) || text[len] != '-' ||
        !read_clock(text + len + 1, &until, &len) || text[2 * len + 1] != '\0' ||
        from == DAY_MINUTES) {
        co_yaml_complain(s, n, "08:00-18:00; over midnight 20:00-08:00", "\"%.64s\" are no hours",
                         text);
        return false;
    }
    *ret_from_min = (uint32_t)from;
    *ret_until_min = (uint32_t)(until > from ? until : until + DAY_MINUTES);
    return true;
}

/* NULL: they are longer than a day. */
static const char *write_hours(uint32_t from_min, uint32_t until_min, char *buf, size_t size)
{
    uint32_t until = until_min;
    if (until > DAY_MINUTES && until - DAY_MINUTES > from_min)
        return NULL;
    until = until > DAY_MINUTES ? until - DAY_MINUTES : until;
    (void)snprintf(buf, size, "%02u:%02u-%02u:%02u", from_min / 60, from_min % 60, until / 60,
                   until % 60);
    return buf;
}

bool co_yaml_read_hours(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                        ProtobufCMessage *m)
{
    Callout__V1__ShiftRule *x = (void *)m;
    return read_hours(s, pair->value, &x->from_min, &x->until_min);
}

const char *co_yaml_write_hours(const ProtobufCMessage *m, char *buf, size_t size)
{
    const Callout__V1__ShiftRule *x = (const void *)m;
    return write_hours(x->from_min, x->until_min, buf, size);
}

bool co_yaml_read_quiet(struct co_yaml_source *s, const yaml_node_t *n, const char *text,
                        ProtobufCMessage *m)
{
    (void)text;
    Callout__V1__QuietHours *x = (void *)m;
    return read_hours(s, n, &x->from_min, &x->until_min);
}

bool co_yaml_read_quiet_hours(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                              ProtobufCMessage *m)
{
    return co_yaml_read_quiet(s, pair->value, NULL, m);
}

const char *co_yaml_write_quiet_hours(const ProtobufCMessage *m, char *buf, size_t size)
{
    const Callout__V1__QuietHours *x = (const void *)m;
    return write_hours(x->from_min, x->until_min, buf, size);
}

const char *co_yaml_write_quiet(const ProtobufCMessage *m, char *buf, size_t size)
{
    const Callout__V1__QuietHours *x = (const void *)m;
    return x->but_severity == 0 ? co_yaml_write_quiet_hours(m, buf, size) : NULL;
}
