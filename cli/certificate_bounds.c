/* Values that nothing of ours has, and that would lead arithmetic astray: times outside of what a
 * calendar can hold, numbers that are none, texts that are no UTF-8. By the descriptors, so that
 * no field is forgotten. */
#include "certificate_impl.h"

#include <math.h>
#include <string.h>

#include "co_text.h"
#include "co_time.h"

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), n = strlen(end);
    return len >= n && strcmp(text + len - n, end) == 0;
}

static bool is_fine_number(const ProtobufCFieldDescriptor *field, const void *at)
{
    if (field->type == PROTOBUF_C_TYPE_DOUBLE)
        return isfinite(*(const double *)at);
    if (field->type != PROTOBUF_C_TYPE_INT64)
        return true;
    int64_t x = *(const int64_t *)at;
    return !ends_with(field->name, "_us") || (x >= CO_TIME_MIN_US && x <= CO_TIME_MAX_US);
}

static bool is_fine_text(const void *at)
{
    const char *text;
    memcpy(&text, at, sizeof(text));
    return text == NULL || co_text_is_valid(text, strlen(text));
}

static bool is_fine(struct certificate_checker *c, const ProtobufCFieldDescriptor *field,
                    const void *at)
{
    if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
        const ProtobufCMessage *message;
        memcpy(&message, at, sizeof(message));
        return message == NULL || certificate_is_bounded(c, message);
    }
    bool is_it =
        field->type == PROTOBUF_C_TYPE_STRING ? is_fine_text(at) : is_fine_number(field, at);
    if (!is_it)
        certificate_found(c, "format", field->name, "a value is out of range or no text");
    return is_it;
}

static size_t size_of(const ProtobufCFieldDescriptor *field)
{
    switch ((int)field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
    case PROTOBUF_C_TYPE_STRING:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_DOUBLE:
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        return 8;
    default: /* nothing to look at in the others */
        return 0;
    }
}

static bool is_fine_field(struct certificate_checker *c, const ProtobufCMessage *message,
                          const ProtobufCFieldDescriptor *field)
{
    const char *at = (const char *)message + field->offset;
    size_t size = size_of(field);
    if (size == 0)
        return true;
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
        *(const uint32_t *)(const void *)((const char *)message + field->quantifier_offset) !=
            field->id)
        return true;
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return is_fine(c, field, at);
    const char *list;
    memcpy(&list, at, sizeof(list));
    size_t n = *(const size_t *)(const void *)((const char *)message + field->quantifier_offset);
    for (size_t i = 0; i < n; i++)
        if (!is_fine(c, field, list + i * size))
            return false;
    return true;
}

bool certificate_is_bounded(struct certificate_checker *c, const ProtobufCMessage *message)
{
    if (message->n_unknown_fields > 0) {
        certificate_found(c, "release", message->descriptor->short_name,
                          "there is more in the content than this callout knows: use a newer one");
        return false;
    }
    for (unsigned i = 0; i < message->descriptor->n_fields; i++)
        if (!is_fine_field(c, message, &message->descriptor->fields[i]))
            return false;
    return true;
}
