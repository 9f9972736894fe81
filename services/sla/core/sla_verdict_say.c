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
