/* Words that must be one of some: names of the pack, values of enums, roles. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "co_buf.h"
#include "co_check.h"
#include "co_text.h"

bool check_word(struct co_check *c, const char *field, const char *word, const char *const *names,
                size_t count)
{
    struct co_buf allowed;
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], word) == 0)
            return true;
    co_buf_init(&allowed, 4096);
    if (count == 0)
        co_buf_append_text(&allowed, "nothing here: none is defined");
    for (size_t i = 0; i < count; i++)
        co_buf_printf(&allowed, "%s%s", i == 0 ? "" : ", ", names[i]);
    const char *nearest = co_text_nearest(word, names, count);
    if (nearest != NULL)
        check_say(c, field, co_buf_text(&allowed), "\"%.64s\" is not known; did you mean \"%s\"?",
                  word, nearest);
    else
        check_say(c, field, co_buf_text(&allowed), "\"%.64s\" is not known", word);
    co_buf_done(&allowed);
    return false;
}

/* Length of the words that the names of all values begin with, the last underscore included. */
static size_t prefix_of(const ProtobufCEnumDescriptor *d)
{
    size_t len = strlen(d->values[0].name);
    for (unsigned i = 1; i < d->n_values; i++) {
        size_t same = 0;
        while (same < len && d->values[i].name[same] == d->values[0].name[same])
            same++;
        len = same;
    }
    while (len > 0 && d->values[0].name[len - 1] != '_')
        len--;
    return len;
}

void check_enum_name(const ProtobufCEnumDescriptor *d, int value,
                     char name[static CO_CHECK_ENUM_NAME])
{
    const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(d, value);
    snprintf(name, CO_CHECK_ENUM_NAME, "%s", v == NULL ? "?" : v->name + prefix_of(d));
    for (char *c = name; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
}

/* All names but that of 0, which stands for "not given". */
static void add_enum_names(struct co_buf *b, const ProtobufCEnumDescriptor *d)
{
    char name[CO_CHECK_ENUM_NAME];
    for (unsigned i = 0; i < d->n_values; i++) {
        if (d->values[i].value == 0)
            continue;
        check_enum_name(d, d->values[i].value, name);
        co_buf_printf(b, "%s%s", b->len == 0 ? "" : ", ", name);
    }
}

void check_enum(struct co_check *c, const char *field, const ProtobufCEnumDescriptor *d, int value)
{
    struct co_buf allowed;
    if (value != 0 && protobuf_c_enum_descriptor_get_value(d, value) != NULL)
        return;
    co_buf_init(&allowed, 4096);
    add_enum_names(&allowed, d);
    if (value == 0)
        check_say(c, field, co_buf_text(&allowed), "is needed");
    else
        check_say(c, field, co_buf_text(&allowed), "%d has no meaning here", value);
    co_buf_done(&allowed);
}

void check_some_roles(struct co_check *c, const Callout__V1__Role *roles, size_t count)
{
    struct co_buf allowed;
    if (count == 0) {
        co_buf_init(&allowed, 4096);
        add_enum_names(&allowed, &callout__v1__role__descriptor);
        check_say(c, "roles", co_buf_text(&allowed), "at least one is needed");
        co_buf_done(&allowed);
    }
    check_roles(c, "roles", roles, count);
}

void check_roles(struct co_check *c, const char *field, const Callout__V1__Role *roles,
                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t mark = check_push_index(c, field, i);
        check_enum(c, "", &callout__v1__role__descriptor, (int)roles[i]);
        check_pop(c, mark);
    }
}
