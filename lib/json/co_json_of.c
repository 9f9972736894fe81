#include <stdio.h>
#include <string.h>

#include "co_buf.h"
#include "co_json_name.h"
#include "co_time.h"

static json_t *of_bytes(const ProtobufCBinaryData *data)
{
    static const char digits[] = "0123456789abcdef";
    struct co_buf b;
    co_buf_init(&b, data->len * 2);
    uint8_t *to = co_buf_reserve(&b, data->len * 2);
    for (size_t i = 0; to != NULL && i < data->len; i++) {
        to[2 * i] = (uint8_t)digits[data->data[i] >> 4];
        to[2 * i + 1] = (uint8_t)digits[data->data[i] & 15];
    }
    co_buf_added(&b, to == NULL ? 0 : data->len * 2);
    json_t *json = json_string(co_buf_text(&b));
    co_buf_done(&b);
    return json;
}

static json_t *of_enum(const ProtobufCFieldDescriptor *field, int value)
{
    char name[CO_JSON_NAME];
    co_json_enum_name(field->descriptor, value, name);
    return json_string(name);
}

static json_t *of_message(const void *member)
{
    const ProtobufCMessage *message;
    memcpy(&message, member, sizeof(message));
    return message == NULL ? json_null() : co_json_of_message(message);
}

static json_t *of_string(const void *member)
{
    const char *text;
    memcpy(&text, member, sizeof(text));
    return json_string(text == NULL ? "" : text);
}

static json_t *of_member(const ProtobufCFieldDescriptor *field, const void *member)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        return json_integer(*(const int32_t *)member);
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return json_integer(*(const uint32_t *)member);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return json_integer(*(const int64_t *)member);
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return json_integer((json_int_t) * (const uint64_t *)member);
    case PROTOBUF_C_TYPE_FLOAT:
        return json_real((double)*(const float *)member);
    case PROTOBUF_C_TYPE_DOUBLE:
        return json_real(*(const double *)member);
    case PROTOBUF_C_TYPE_BOOL:
        return json_boolean(*(const protobuf_c_boolean *)member);
    case PROTOBUF_C_TYPE_ENUM:
        return of_enum(field, *(const int *)member);
    case PROTOBUF_C_TYPE_STRING:
        return of_string(member);
    case PROTOBUF_C_TYPE_BYTES:
        return of_bytes(member);
    case PROTOBUF_C_TYPE_MESSAGE:
        return of_message(member);
    }
    return NULL;
}

static json_t *of_list(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    size_t n = *(const size_t *)(const void *)((const char *)message + field->quantifier_offset);
    json_t *list = json_array();
    for (size_t i = 0; list != NULL && i < n; i++) {
        if (json_array_append_new(list, of_member(field, co_json_member(message, field, i))) == 0)
            continue;
        json_decref(list);
        list = NULL;
    }
    return list;
}

static json_t *of_time(enum co_json_time kind, int64_t us)
{
    char text[CO_DURATION_TEXT > CO_TIME_TEXT ? CO_DURATION_TEXT : CO_TIME_TEXT];
    if (kind == CO_JSON_LENGTH) {
        co_duration_format(us, text);
        return json_string(text);
    }
    if (us == 0 || us < CO_TIME_MIN_US || us > CO_TIME_MAX_US)
        return json_null();
    co_time_format(us, text);
    return json_string(text);
}

static int add_field(json_t *object, const ProtobufCMessage *message,
                     const ProtobufCFieldDescriptor *field)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return json_object_set_new(object, field->name, of_list(message, field));
    const void *member = co_json_member(message, field, 0);
    size_t stem = 0;
    enum co_json_time kind = co_json_time_of(field, &stem);
    if (kind != CO_JSON_NO_TIME) {
        char name[CO_JSON_NAME];
        (void)snprintf(name, sizeof(name), "%.*s", (int)stem, field->name);
        if (json_object_set_new(object, name, of_time(kind, *(const int64_t *)member)) != 0)
            return -1;
    }
    return json_object_set_new(object, field->name, of_member(field, member));
}

/* A member of a oneof that is not the one that is set. */
static bool is_other_member(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
        return false;
    const char *set = (const char *)message + field->quantifier_offset;
    return *(const uint32_t *)(const void *)set != field->id;
}

json_t *co_json_of_message(const ProtobufCMessage *message)
{
    json_t *object = json_object();
    for (unsigned i = 0; object != NULL && i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (is_other_member(message, field) || add_field(object, message, field) == 0)
            continue;
        json_decref(object);
        object = NULL;
    }
    return object;
}
