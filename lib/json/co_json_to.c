#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "co_json_name.h"
#include "co_text.h"
#include "co_time.h"

enum { NAMES_MAX = 128 };

struct reader {
    struct co_arena *arena;
    struct co_json_fault *fault;
    char path[sizeof(((struct co_json_fault *)0)->field)];
};

__attribute__((format(printf, 2, 3))) static enum co_err fail(struct reader *r, const char *format,
                                                              ...)
{
    (void)snprintf(r->fault->field, sizeof(r->fault->field), "%s", r->path);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(r->fault->text, sizeof(r->fault->text), format, args);
    va_end(args);
    return CO_EINPUT;
}

static const ProtobufCFieldDescriptor *find_field(const ProtobufCMessageDescriptor *type,
                                                  const char *name, bool *ret_is_text)
{
    *ret_is_text = false;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        if (strcmp(field->name, name) == 0)
            return field;
        size_t stem = 0;
        if (co_json_time_of(field, &stem) != CO_JSON_NO_TIME && strlen(name) == stem &&
            strncmp(field->name, name, stem) == 0) {
            *ret_is_text = true;
            return field;
        }
    }
    return NULL;
}

static enum co_err fail_unknown(struct reader *r, const ProtobufCMessageDescriptor *type,
                                const char *name)
{
    const char *names[NAMES_MAX];
    size_t n = 0;
    for (unsigned i = 0; i < type->n_fields && n < NAMES_MAX; i++)
        names[n++] = type->fields[i].name;
    const char *nearest = co_text_nearest(name, names, n);
    if (nearest != NULL)
        return fail(r, "there is no '%s' here; did you mean '%s'?", name, nearest);
    return fail(r, "there is no '%s' here", name);
}

static enum co_err read_time(struct reader *r, enum co_json_time kind, const json_t *json,
                             int64_t *to)
{
    if (json_is_null(json))
        return CO_OK;
    const char *text = json_string_value(json);
    if (text == NULL)
        return fail(r, "a text is wanted");
    enum co_err err =
        kind == CO_JSON_LENGTH ? co_duration_parse(text, to) : co_time_parse(text, to, NULL);
    if (err == CO_OK)
        return CO_OK;
    return fail(r, "'%s' is not a %s", text,
                kind == CO_JSON_LENGTH ? "length of time, for example 1h30m"
                                       : "time, for example 2026-02-17T09:30:00+08:00");
}

static enum co_err read_integer(struct reader *r, const json_t *json, int64_t min, int64_t max,
                                int64_t *ret)
{
    if (!json_is_integer(json))
        return fail(r, "a whole number is wanted");
    *ret = json_integer_value(json);
    if (*ret < min || *ret > max)
        return fail(r, "%lld is out of range", (long long)*ret);
    return CO_OK;
}

static enum co_err read_enum(struct reader *r, const ProtobufCEnumDescriptor *type,
                             const json_t *json, void *to)
{
    const char *text = json_string_value(json);
    int value = 0;
    if (text == NULL || co_json_enum_value(type, text, &value) != CO_OK)
        return fail(r, "'%s' is not known here", text == NULL ? "" : text);
    memcpy(to, &value, sizeof(value));
    return CO_OK;
}

static enum co_err read_text(struct reader *r, const json_t *json, void *to)
{
    const char *text = json_string_value(json);
    if (text == NULL)
        return fail(r, "a text is wanted");
    char *copy = co_arena_strdup(r->arena, text);
    if (copy == NULL)
        return CO_ENOMEM;
    memcpy(to, &copy, sizeof(copy));
    return CO_OK;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static enum co_err read_bytes(struct reader *r, const json_t *json, ProtobufCBinaryData *to)
{
    const char *text = json_string_value(json);
    size_t len = text == NULL ? 1 : strlen(text);
    if (len % 2 != 0)
        return fail(r, "an even number of hex digits is wanted");
    uint8_t *bytes = co_arena_alloc(r->arena, len / 2);
    if (bytes == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < len; i += 2) {
        int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);
        if (high < 0 || low < 0)
            return fail(r, "hex digits are wanted");
        bytes[i / 2] = (uint8_t)(high * 16 + low);
    }
    *to = (ProtobufCBinaryData){ .len = len / 2, .data = bytes };
    return CO_OK;
}

static enum co_err read_object(struct reader *r, const json_t *json, ProtobufCMessage *message);

static enum co_err read_message(struct reader *r, const ProtobufCMessageDescriptor *type,
                                const json_t *json, void *to)
{
    if (json_is_null(json))
        return CO_OK;
    ProtobufCMessage *message = co_arena_alloc(r->arena, type->sizeof_message);
    if (message == NULL)
        return CO_ENOMEM;
    type->message_init(message);
    memcpy(to, &message, sizeof(message));
    return read_object(r, json, message);
}

static enum co_err read_number(struct reader *r, const ProtobufCFieldDescriptor *field,
                               const json_t *json, void *to)
{
    int64_t x = 0;
    bool is_wide = co_json_element_size(field) == 8;
    bool is_unsigned =
        field->type == PROTOBUF_C_TYPE_UINT32 || field->type == PROTOBUF_C_TYPE_UINT64;
    int64_t max = is_wide ? INT64_MAX : is_unsigned ? (int64_t)UINT32_MAX : (int64_t)INT32_MAX;
    enum co_err err = read_integer(r, json,
                                   is_unsigned ? 0
                                   : is_wide   ? INT64_MIN
                                               : INT32_MIN,
                                   max, &x);
    if (err != CO_OK)
        return err;
    uint32_t narrow = (uint32_t)x;
    memcpy(to, is_wide ? (const void *)&x : (const void *)&narrow,
           is_wide ? sizeof(x) : sizeof(narrow));
    return CO_OK;
}

static enum co_err read_member(struct reader *r, const ProtobufCFieldDescriptor *field,
                               const json_t *json, void *to)
{
    switch ((int)field->type) {
    case PROTOBUF_C_TYPE_DOUBLE:
        if (!json_is_number(json))
            return fail(r, "a number is wanted");
        *(double *)to = json_number_value(json);
        return CO_OK;
    case PROTOBUF_C_TYPE_BOOL:
        if (!json_is_boolean(json))
            return fail(r, "true or false is wanted");
        *(protobuf_c_boolean *)to = json_is_true(json);
        return CO_OK;
    case PROTOBUF_C_TYPE_ENUM:
        return read_enum(r, field->descriptor, json, to);
    case PROTOBUF_C_TYPE_STRING:
        return read_text(r, json, to);
    case PROTOBUF_C_TYPE_BYTES:
        return read_bytes(r, json, to);
    case PROTOBUF_C_TYPE_MESSAGE:
        return read_message(r, field->descriptor, json, to);
    default:
        return read_number(r, field, json, to);
    }
}

static enum co_err read_list(struct reader *r, const ProtobufCFieldDescriptor *field,
                             const json_t *json, ProtobufCMessage *message)
{
    if (!json_is_array(json))
        return fail(r, "a list is wanted");
    size_t n = json_array_size(json);
    size_t size = co_json_element_size(field);
    char *list = co_arena_alloc(r->arena, n * size);
    if (list == NULL)
        return CO_ENOMEM;
    memset(list, 0, n * size);
    for (size_t i = 0; i < n; i++) {
        enum co_err err = read_member(r, field, json_array_get(json, i), list + i * size);
        if (err != CO_OK)
            return err;
    }
    memcpy((char *)message + field->quantifier_offset, &n, sizeof(n));
    memcpy((char *)message + field->offset, &list, sizeof(list));
    return CO_OK;
}

static enum co_err read_field(struct reader *r, const char *name, const json_t *json,
                              ProtobufCMessage *message)
{
    bool is_text = false;
    const ProtobufCFieldDescriptor *field = find_field(message->descriptor, name, &is_text);
    if (field == NULL)
        return fail_unknown(r, message->descriptor, name);
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return read_list(r, field, json, message);
    char *to = (char *)message + field->offset;
    size_t stem = 0;
    if (is_text)
        return read_time(r, co_json_time_of(field, &stem), json, (int64_t *)(void *)to);
    return read_member(r, field, json, to);
}

static enum co_err read_object(struct reader *r, const json_t *json, ProtobufCMessage *message)
{
    if (!json_is_object(json))
        return fail(r, "an object is wanted");
    size_t len = strlen(r->path);
    enum co_err err = CO_OK;
    void *at = json_object_iter((json_t *)(uintptr_t)json);
    for (; at != NULL && err == CO_OK; at = json_object_iter_next((json_t *)(uintptr_t)json, at)) {
        (void)snprintf(r->path + len, sizeof(r->path) - len, "%s%s", len > 0 ? "." : "",
                       json_object_iter_key(at));
        err = read_field(r, json_object_iter_key(at), json_object_iter_value(at), message);
        r->path[len] = '\0';
    }
    return err;
}

enum co_err co_json_to_message(const json_t *json, struct co_arena *arena,
                               ProtobufCMessage *message, struct co_json_fault *fault)
{
    struct reader r = { .arena = arena, .fault = fault };
    return read_object(&r, json, message);
}
