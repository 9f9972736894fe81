#include "sla_same.h"

#include <stddef.h>
#include <string.h>

#include "co_assert.h"

static size_t size_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_ENUM:
        return 4;
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
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
    default:
        return 0;
    }
}

static bool is_same_text(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static bool is_same_bytes(const ProtobufCBinaryData *a, const ProtobufCBinaryData *b)
{
    return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* Lists of texts and of messages. */
static bool is_same_list(const ProtobufCFieldDescriptor *field, const char *a, const char *b)
{
    size_t count = *(const size_t *)(const void *)(a + field->quantifier_offset);
    const void *const *x = *(const void *const *const *)(const void *)(a + field->offset);
    const void *const *y = *(const void *const *const *)(const void *)(b + field->offset);
    if (count != *(const size_t *)(const void *)(b + field->quantifier_offset))
        return false;
    bool is_text = field->type == PROTOBUF_C_TYPE_STRING;
    co_assert(is_text || field->type == PROTOBUF_C_TYPE_MESSAGE);
    for (size_t i = 0; i < count; i++)
        if (is_text ? !is_same_text(x[i], y[i]) : !sla_same(x[i], y[i]))
            return false;
    return true;
}

static bool is_same_field(const ProtobufCFieldDescriptor *field, const void *a, const void *b)
{
    if (field->type == PROTOBUF_C_TYPE_BYTES)
        return is_same_bytes(a, b);
    if (field->type == PROTOBUF_C_TYPE_STRING)
        return is_same_text(*(const char *const *)a, *(const char *const *)b);
    if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        return sla_same(*(const ProtobufCMessage *const *)a, *(const ProtobufCMessage *const *)b);
    return memcmp(a, b, size_of(field->type)) == 0;
}

bool sla_same(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    if (a == b || a == NULL || b == NULL)
        return a == b;
    const ProtobufCMessageDescriptor *type = a->descriptor;
    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        const char *x = (const char *)a;
        const char *y = (const char *)b;
        bool is_list = field->label == PROTOBUF_C_LABEL_REPEATED;
        if (is_list ? !is_same_list(field, x, y)
                    : !is_same_field(field, x + field->offset, y + field->offset))
            return false;
    }
    return true;
}
