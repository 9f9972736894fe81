#include "intake_complaint.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 512 };

static char nothing[] = "";

static char *keep(struct co_arena *arena, const char *text)
{
    char *copy = co_arena_strdup(arena, text);
    return copy == NULL ? nothing : copy;
}

static char *say(struct co_arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static char *say(struct co_arena *arena, const char *format, va_list args)
{
    char text[TEXT_MAX];
    (void)vsnprintf(text, sizeof(text), format, args);
    return keep(arena, text);
}

void intake_complain(struct intake_complaint *c, struct co_arena *arena, Callout__V1__Code code,
                     const char *field, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    c->arena = arena;
    c->code = code;
    c->field = keep(arena, field);
    c->message = say(arena, format, args);
    c->allowed_count = 0;
    va_end(args);
}

void intake_allow(struct intake_complaint *c, const char *format, ...)
{
    if (c->allowed_count == INTAKE_ALLOWED_MAX)
        return;
    va_list args;
    va_start(args, format);
    c->allowed[c->allowed_count++] = say(c->arena, format, args);
    va_end(args);
}

void intake_complaint_error(struct intake_complaint *c, Callout__V1__Error *ret_error)
{
    callout__v1__error__init(ret_error);
    ret_error->field = c->field;
    ret_error->message = c->message;
    ret_error->allowed = c->allowed;
    ret_error->n_allowed = c->allowed_count;
}

/* Values of our enums begin with the enum's name, in capitals with underscores, and one more underscore. */
static size_t prefix_len(const ProtobufCEnumDescriptor *desc)
{
    size_t len = 1;
    for (const char *c = desc->short_name; *c != '\0'; c++)
        len += isupper((unsigned char)*c) != 0 && c != desc->short_name ? 2 : 1;
    return len;
}

char *intake_enum_name(struct co_arena *arena, const ProtobufCEnumDescriptor *desc, int value)
{
    char text[TEXT_MAX];
    const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(desc, value);
    (void)snprintf(text, sizeof(text), "%d", value);
    if (v != NULL)
        (void)snprintf(text, sizeof(text), "%s", v->name + prefix_len(desc));
    for (char *c = text; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return keep(arena, text);
}
