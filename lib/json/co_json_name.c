#include "co_json_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Fields *_us that are lengths; all others are points in time. */
static const char *const lengths[] = {
    "late_us",        "travel_us",       "before_us",  "offer_us",  "offer_min_us",
    "preparation_us", "travel_fixed_us", "grace_us",   "p50_us",    "p99_us",
    "most_us",        "upto_us",         "elapsed_us", "length_us",
};

enum co_json_time co_json_time_of(const ProtobufCFieldDescriptor *field, size_t *ret_stem)
{
    size_t len = strlen(field->name);
    if (field->type != PROTOBUF_C_TYPE_INT64 || len < 4 ||
        strcmp(field->name + len - 3, "_us") != 0)
        return CO_JSON_NO_TIME;
    *ret_stem = len - 3;
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
        if (strcmp(field->name, lengths[i]) == 0)
            return CO_JSON_LENGTH;
    return CO_JSON_POINT;
}

size_t co_json_element_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_ENUM:
        return 4;
    }
    return 4;
}

const void *co_json_member(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                           size_t i)
{
    const char *p = (const char *)message + field->offset;
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return p;
    const char *list;
    memcpy(&list, p, sizeof(list));
    return list + i * co_json_element_size(field);
}

/* How many characters all members' names share, up to and with the last '_'. */
static size_t prefix_of(const ProtobufCEnumDescriptor *type)
{
    if (type->n_values < 2)
        return 0;
    const char *first = type->values[0].name;
    size_t len = strlen(first);
    for (unsigned i = 1; i < type->n_values; i++) {
        size_t same = 0;
        while (same < len && type->values[i].name[same] == first[same])
            same++;
        len = same;
    }
    while (len > 0 && first[len - 1] != '_')
        len--;
    return len;
}

void co_json_enum_name(const ProtobufCEnumDescriptor *type, int value,
                       char name[static CO_JSON_NAME])
{
    const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(type, value);
    if (v == NULL) {
        (void)snprintf(name, CO_JSON_NAME, "unknown_%d", value);
        return;
    }
    (void)snprintf(name, CO_JSON_NAME, "%s", v->name + prefix_of(type));
    for (char *c = name; *c != '\0'; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
}

enum co_err co_json_enum_value(const ProtobufCEnumDescriptor *type, const char *name,
                               int *ret_value)
{
    char wanted[CO_JSON_NAME];
    (void)snprintf(wanted, sizeof(wanted), "%s", name);
    for (char *c = wanted; *c != '\0'; c++)
        if (*c == '-')
            *c = '_';
    for (unsigned i = 0; i < type->n_values; i++) {
        char have[CO_JSON_NAME];
        co_json_enum_name(type, type->values[i].value, have);
        if (strcasecmp(have, wanted) != 0)
            continue;
        *ret_value = type->values[i].value;
        return CO_OK;
    }
    return CO_EINPUT;
}
