#include "co_why.h"

#include <stdarg.h>
#include <stdio.h>

#include "co_text.h"

void co_why_set(struct co_why *why, const char *format, ...)
{
    if (why == NULL)
        return;
    char text[CO_WHY_TEXT + 8]; /* longer, so that a cut is seen and made between characters */
    va_list args;
    va_start(args, format);
    int len = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    co_text_copy(why->text, sizeof(why->text), len < 0 ? "the cause cannot be written" : text);
}
