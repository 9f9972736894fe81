/* From nodes to messages, by the descriptors that protobuf-c generates: no code per field. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "co_time.h"
#include "co_yaml_impl.h"

#define FIELDS_MAX 64

/* What a value is read into: a field of a message, at `at`. */
struct slot {
    const ProtobufCMessageDescriptor *type;
    const ProtobufCFieldDescriptor *field;
    void *at;
};

bool co_yaml_read_unsigned(struct co_yaml_source *s, const yaml_node_t *n, const char *text,
                           uint32_t *ret_value)
{
    char *end = NULL;
    errno = 0;
    unsigned long long x = strtoull(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || x > UINT32_MAX) {
        co_yaml_complain(s, n, "a whole number, 0 to 4294967295", "\"%.64s\" is not a number",
                         text);
        return false;
    }
    *ret_value = (uint32_t)x;
    return true;
}

bool co_yaml_read_double(struct co_yaml_source *s, const yaml_node_t *n, double *ret_value)
{
    const char *text = co_yaml_scalar(s, n);
    if (text == NULL)
        return false;
    char *end = NULL;
    double x = strtod(text, &end);
    bool is_number = strchr("+-.0123456789", text[0]) != NULL && text[0] != '\0';
    if (!is_number || *end != '\0' || !isfinite(x)) {
        co_yaml_complain(s, n, "a number, for example 39.9042", "\"%.64s\" is not a number", text);
        return false;
    }
    *ret_value = x;
    return true;
}

bool co_yaml_read_enum(struct co_yaml_source *s, const yaml_node_t *n,
                       const ProtobufCEnumDescriptor *d, int *ret_value)
{
    char name[FIELDS_MAX * 2][CO_YAML_NAME];
    const char *names[FIELDS_MAX * 2];
    const char *text = co_yaml_scalar(s, n);
    if (text == NULL)
        return false;
    size_t count = 0;
    for (unsigned i = 0; i < d->n_values && count < FIELDS_MAX * 2; i++) {
        co_yaml_enum_name(d, i, name[count]);
        if (strcmp(name[count], text) == 0) {
            *ret_value = d->values[i].value;
            return true;
        }
        names[count] = name[count];
        count += strcmp(name[count], "none") != 0;
    }
    co_yaml_unknown(s, n, text, names, count);
    return false;
}

static bool read_bool(struct co_yaml_source *s, const yaml_node_t *n, protobuf_c_boolean *ret_value)
{
    const char *text = co_yaml_scalar(s, n);
    if (text == NULL)
        return false;
    if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0) {
        co_yaml_complain(s, n, "true, false", "\"%.64s\" is neither", text);
        return false;
    }
    *ret_value = text[0] == 't';
    return true;
}

static bool read_int64(struct co_yaml_source *s, const yaml_node_t *n, struct slot slot)
{
    const char *text = co_yaml_scalar(s, n);
    if (text == NULL)
        return false;
    int64_t *at = slot.at;
    if (co_yaml_is_time(slot.type, slot.field)) {
        if (co_time_parse(text, at, NULL) == CO_OK)
            return true;
        co_yaml_complain(s, n, "RFC 3339, for example 2026-01-01T00:00:00+08:00",
                         "\"%.64s\" is not a time", text);
        return false;
    }
    if (co_yaml_is_duration(slot.type, slot.field)) {
        if (co_duration_parse(text, at) == CO_OK)
            return true;
        co_yaml_complain(s, n, "a length of time: 90s, 30m, 1h30m, 2d", "\"%.64s\" is none", text);
        return false;
    }
    char *end = NULL;
    errno = 0;
    long long x = strtoll(text, &end, 10);
    if (text[0] == '\0' || *end != '\0' || errno != 0) {
        co_yaml_complain(s, n, "a whole number", "\"%.64s\" is not a number", text);
        return false;
    }
    *at = x;
    return true;
}

/* The only numbers of this type are days. */
static bool read_day(struct co_yaml_source *s, const yaml_node_t *n, int32_t *ret_day)
{
    int64_t day = 0;
    const char *text = co_yaml_scalar(s, n);
    if (text == NULL)
        return false;
    if (co_date_parse(text, &day) != CO_OK) {
        co_yaml_complain(s, n, "a date: 2026-03-01", "\"%.64s\" is none", text);
        return false;
    }
    *ret_day = (int32_t)day;
    return true;
}

static bool read_string(struct co_yaml_source *s, const yaml_node_t *n, char **ret_text)
{
    const char *text = co_yaml_scalar(s, n);
    char *copy = text == NULL ? NULL : co_yaml_strdup(s->y, text);
    if (copy == NULL)
        return false;
    *ret_text = copy;
    return true;
}

ProtobufCMessage *co_yaml_new_message(struct co_yaml_source *s, const ProtobufCMessageDescriptor *d)
{
    ProtobufCMessage *m = co_yaml_alloc(s->y, d->sizeof_message);
    if (m != NULL)
        protobuf_c_message_init(d, m);
    return m;
}

static bool read_message_value(struct co_yaml_source *s, const yaml_node_t *n, struct slot slot)
{
    const ProtobufCMessageDescriptor *type = slot.field->descriptor;
    ProtobufCMessage *m = co_yaml_new_message(s, type);
    if (m == NULL)
        return false;
    const struct co_yaml_short *brief = co_yaml_short_of(type);
    bool ok = false;
    co_yaml_mark(s, m, NULL, n);
    if (n->type == YAML_SCALAR_NODE && brief != NULL && brief->read != NULL) {
        const char *text = co_yaml_scalar(s, n);
        ok = text != NULL && brief->read(s, n, text, m);
    } else {
        ok = co_yaml_read_message(s, n, m);
    }
    *(ProtobufCMessage **)slot.at = m;
    return ok;
}

static bool read_value(struct co_yaml_source *s, const yaml_node_t *n, struct slot slot)
{
    const char *text = NULL;
    switch ((int)slot.field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return read_string(s, n, slot.at);
    case PROTOBUF_C_TYPE_UINT32:
        text = co_yaml_scalar(s, n);
        return text != NULL && co_yaml_read_unsigned(s, n, text, slot.at);
    case PROTOBUF_C_TYPE_INT32:
        return read_day(s, n, slot.at);
    case PROTOBUF_C_TYPE_INT64:
        return read_int64(s, n, slot);
    case PROTOBUF_C_TYPE_DOUBLE:
        return co_yaml_read_double(s, n, slot.at);
    case PROTOBUF_C_TYPE_BOOL:
        return read_bool(s, n, slot.at);
    case PROTOBUF_C_TYPE_ENUM:
        return co_yaml_read_enum(s, n, slot.field->descriptor, slot.at);
    case PROTOBUF_C_TYPE_MESSAGE:
        return read_message_value(s, n, slot);
    default:
        co_yaml_complain(s, n, "", "this field cannot be written in YAML");
        return false;
    }
}

static size_t size_of(const ProtobufCFieldDescriptor *f)
{
    switch ((int)f->type) {
    case PROTOBUF_C_TYPE_UINT32:
        return sizeof(uint32_t);
    case PROTOBUF_C_TYPE_ENUM:
        return sizeof(int);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    default:
        return 8; /* int64, double, pointers */
    }
}

/* What a list is read into. */
struct array {
    struct slot slot;
    char *values;
    size_t count;
};

static bool read_items(struct co_yaml_source *s, const yaml_node_t *n, struct array *a)
{
    bool ok = true;
    size_t size = size_of(a->slot.field);
    const yaml_node_item_t *first = n->data.sequence.items.start;
    for (size_t i = 0; i < a->count; i++) {
        size_t mark = co_yaml_push_index(s, i);
        a->slot.at = a->values + i * size;
        ok = read_value(s, co_yaml_node(s, first[i]), a->slot) && ok;
        co_yaml_pop(s, mark);
    }
    return ok;
}

/* A list written as a mapping: each pair is one message. */
static bool read_mapped(struct co_yaml_source *s, const struct co_yaml_pair *pairs, struct array *a)
{
    const ProtobufCMessageDescriptor *type = a->slot.field->descriptor;
    const struct co_yaml_short *brief = co_yaml_short_of(type);
    ProtobufCMessage **values = (ProtobufCMessage **)(void *)a->values;
    bool ok = true;
    for (size_t i = 0; i < a->count; i++) {
        values[i] = co_yaml_new_message(s, type);
        if (values[i] == NULL)
            return false;
        size_t mark = co_yaml_push(s, pairs[i].key);
        co_yaml_mark(s, values[i], NULL, pairs[i].key_node);
        ok = brief->read_pair(s, &pairs[i], values[i]) && ok;
        co_yaml_pop(s, mark);
    }
    return ok;
}

static void set_array(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, void *values,
                      size_t count)
{
    *(void **)(void *)((char *)m + f->offset) = count == 0 ? NULL : values;
    *(size_t *)(void *)((char *)m + f->quantifier_offset) = count;
}

static bool new_array(struct co_yaml_source *s, ProtobufCMessage *m, struct array *a)
{
    a->values = co_yaml_alloc(s->y, (a->count + 1) * size_of(a->slot.field));
    if (a->values == NULL)
        return false;
    set_array(m, a->slot.field, a->values, a->count);
    return true;
}

/* Whoever empties a list that limits means to allow nothing, which without the list is everything.
 */
static bool is_empty_limit(const yaml_node_t *n, const ProtobufCFieldDescriptor *f,
                           const ProtobufCMessage *m)
{
    const struct co_yaml_short *brief = co_yaml_short_of(m->descriptor);
    unsigned index = (unsigned)(f - m->descriptor->fields);
    if (brief == NULL || (brief->limits >> index & 1U) == 0)
        return false;
    return co_yaml_is_empty(n) || (n->type == YAML_SEQUENCE_NODE &&
                                   n->data.sequence.items.top == n->data.sequence.items.start);
}

static bool read_list(struct co_yaml_source *s, const yaml_node_t *n,
                      const ProtobufCFieldDescriptor *f, ProtobufCMessage *m)
{
    struct array a = { .slot = { m->descriptor, f, NULL } };
    const struct co_yaml_short *brief =
        f->type == PROTOBUF_C_TYPE_MESSAGE ? co_yaml_short_of(f->descriptor) : NULL;
    if (is_empty_limit(n, f, m)) {
        co_yaml_complain(s, n, "[KEY, KEY]; without this line there is no limit",
                         "is empty, which would not limit at all");
        return false;
    }
    if (co_yaml_is_empty(n))
        return true;
    if (n->type == YAML_SEQUENCE_NODE) {
        a.count = (size_t)(n->data.sequence.items.top - n->data.sequence.items.start);
        return new_array(s, m, &a) && read_items(s, n, &a);
    }
    if (n->type == YAML_MAPPING_NODE && brief != NULL && brief->read_pair != NULL) {
        const struct co_yaml_pair *pairs = co_yaml_pairs(s, n, &a.count);
        return pairs != NULL && new_array(s, m, &a) && read_mapped(s, pairs, &a);
    }
    if (n->type == YAML_MAPPING_NODE && brief != NULL && brief->read_list != NULL) {
        ProtobufCMessage **items = NULL;
        bool ok = brief->read_list(s, n, &items, &a.count);
        set_array(m, f, items, a.count);
        return ok;
    }
    co_yaml_complain(s, n, "a list: [a, b], or lines that begin with \"- \"", "a %s stands here",
                     n->type == YAML_SCALAR_NODE ? "single value" : "mapping");
    return false;
}

static const ProtobufCFieldDescriptor *field_of(const ProtobufCMessageDescriptor *d,
                                                const char *name)
{
    char known[CO_YAML_NAME];
    for (unsigned i = 0; i < d->n_fields; i++) {
        co_yaml_field_name(d, &d->fields[i], known);
        if (strcmp(known, name) == 0)
            return &d->fields[i];
    }
    return NULL;
}

static void say_unknown_field(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                              const ProtobufCMessageDescriptor *d,
                              const ProtobufCFieldDescriptor *skip)
{
    char name[FIELDS_MAX][CO_YAML_NAME];
    const char *names[FIELDS_MAX + 1];
    size_t count = 0;
    for (unsigned i = 0; i < d->n_fields && count < FIELDS_MAX; i++) {
        if (&d->fields[i] == skip)
            continue;
        co_yaml_field_name(d, &d->fields[i], name[count]);
        names[count] = name[count];
        count++;
    }
    const struct co_yaml_short *brief = co_yaml_short_of(d);
    if (brief != NULL && brief->extra != NULL)
        names[count++] = brief->extra;
    co_yaml_unknown(s, pair->key_node, pair->key, names, count);
}

static bool read_pair(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                      const ProtobufCFieldDescriptor *skip, ProtobufCMessage *m)
{
    const struct co_yaml_short *brief = co_yaml_short_of(m->descriptor);
    if (brief != NULL && brief->extra != NULL && strcmp(brief->extra, pair->key) == 0)
        return brief->read_extra(s, pair, m);
    const ProtobufCFieldDescriptor *f = field_of(m->descriptor, pair->key);
    if (f == NULL || f == skip) {
        say_unknown_field(s, pair, m->descriptor, skip);
        return false;
    }
    co_yaml_mark(s, m, f, pair->key_node);
    if (f->label == PROTOBUF_C_LABEL_REPEATED)
        return read_list(s, pair->value, f, m);
    if (co_yaml_is_empty(pair->value))
        return true; /* as if it were not there */
    return read_value(s, pair->value, (struct slot){ m->descriptor, f, (char *)m + f->offset });
}

bool co_yaml_read_pairs(struct co_yaml_source *s, const struct co_yaml_pair *pairs, size_t count,
                        const ProtobufCFieldDescriptor *skip, ProtobufCMessage *m)
{
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        size_t mark = co_yaml_push(s, pairs[i].key);
        ok = read_pair(s, &pairs[i], skip, m) && ok;
        co_yaml_pop(s, mark);
    }
    return ok;
}

bool co_yaml_read_message(struct co_yaml_source *s, const yaml_node_t *n, ProtobufCMessage *m)
{
    size_t count = 0;
    const struct co_yaml_pair *pairs = co_yaml_pairs(s, n, &count);
    return pairs != NULL && co_yaml_read_pairs(s, pairs, count, NULL, m);
}
