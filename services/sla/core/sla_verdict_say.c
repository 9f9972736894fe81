#include <stdarg.h>
#include <stdio.h>

#include "sla_verdict_impl.h"

enum { SENTENCE = 600 };

const char *sla_say(const struct judged *j, const char *format, ...)
{
    char text[SENTENCE];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    const char *kept = co_arena_strdup(j->c->arena, text);
    return kept != NULL ? kept : "It is not possible now.";
}

struct sla_when sla_when(const struct judged *j, int64_t us)
{
    struct sla_when w;
    const struct co_calendar *calendar = j->c->calendars.site.calendar;
    int32_t offset_s = calendar != NULL ? co_calendar_offset_s(calendar, us) / 60 * 60 : 0;
    co_time_format_local(us, offset_s, w.text);
    return w;
}
