/* From messages to nodes, the way back of co_yaml_read.c. A node index of 0 means: no memory. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_time.h"
#include "co_yaml_impl.h"

/* Words that other YAML readers take for something else than text. */
static bool looks_typed(const char *text)
{
    static const char *const words[] = { "",      "~",   "null", "true", "false", "yes",  "no",
                                         "on",    "off", "Null", "NULL", "True",  "TRUE", "False",
                                         "FALSE", "Yes", "YES",  "No",   "NO",    "On",   "ON",
                                         "Off",   "OFF", "y",    "n",    "Y",     "N" };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i], text) == 0)
            return true;
    return strchr("0123456789+-.=<", text[0]) != NULL;
}

static int add_scalar(yaml_document_t *doc, const char *text, yaml_scalar_style_t style)
{
    /* libyaml copies the text; its parameter only lacks a const */
    union {
        const char *text;
        yaml_char_t *chars;
    } value = { text };
    return yaml_document_add_scalar(doc, NULL, value.chars, (int)strlen(text), style);
}

int co_yaml_add_plain(yaml_document_t *doc, const char *text)
{
    return add_scalar(doc, text, YAML_PLAIN_SCALAR_STYLE);
}

int co_yaml_add_text(yaml_document_t *doc, const char *text)
{
    if (strchr(text, '\n') != NULL)
        return add_scalar(doc, text, YAML_DOUBLE_QUOTED_SCALAR_STYLE);
    return add_scalar(
        doc, text, looks_typed(text) ? YAML_SINGLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE);
}

static int write_int64(yaml_document_t *doc, const ProtobufCMessageDescriptor *d,
                       const ProtobufCFieldDescriptor *f, int64_t x)
{
    char text[CO_DURATION_TEXT + CO_TIME_TEXT];
    if (co_yaml_is_time(d, f))
        co_time_format(x, text);
    else if (co_yaml_is_duration(d, f))
        co_duration_format(x, text);
    else
        snprintf(text, sizeof(text), "%" PRId64, x);
    return co_yaml_add_plain(doc, text);
}

/* The shortest text that is read back as the same number. */
static int write_double(yaml_document_t *doc, double x)
{
    char text[64];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof(text), "%.*g", digits, x);
        if (!(strtod(text, NULL) < x) && !(strtod(text, NULL) > x))
            break;
    }
    return co_yaml_add_plain(doc, text);
}

static int write_enum(yaml_document_t *doc, const ProtobufCEnumDescriptor *d, int value)
{
    char name[CO_YAML_NAME];
    for (unsigned i = 0; i < d->n_values; i++)
        if (d->values[i].value == value) {
            co_yaml_enum_name(d, i, name);
            return co_yaml_add_plain(doc, name);
        }
    snprintf(name, sizeof(name), "%d", value);
    return co_yaml_add_plain(doc, name);
}

static int write_value(yaml_document_t *doc, const ProtobufCMessageDescriptor *d,
                       const ProtobufCFieldDescriptor *f, const void *at)
{
    char text[512];
    switch ((int)f->type) {
    case PROTOBUF_C_TYPE_STRING:
        return co_yaml_add_text(doc, *(char *const *)at);
    case PROTOBUF_C_TYPE_UINT32:
        snprintf(text, sizeof(text), "%" PRIu32, *(const uint32_t *)at);
        return co_yaml_add_plain(doc, text);
    case PROTOBUF_C_TYPE_INT32:
        co_date_format(*(const int32_t *)at, text); /* the only numbers of this type are days */
        return co_yaml_add_plain(doc, text);
    case PROTOBUF_C_TYPE_INT64:
        return write_int64(doc, d, f, *(const int64_t *)at);
    case PROTOBUF_C_TYPE_DOUBLE:
        return write_double(doc, *(const double *)at);
    case PROTOBUF_C_TYPE_BOOL:
        return co_yaml_add_plain(doc, *(const protobuf_c_boolean *)at ? "true" : "false");
    case PROTOBUF_C_TYPE_ENUM:
        return write_enum(doc, f->descriptor, *(const int *)at);
    case PROTOBUF_C_TYPE_MESSAGE: {
        const ProtobufCMessage *m = *(ProtobufCMessage *const *)at;
        const struct co_yaml_short *brief = co_yaml_short_of(m->descriptor);
        const char *whole =
            brief == NULL || brief->write == NULL ? NULL : brief->write(m, text, sizeof(text));
        return whole != NULL ? co_yaml_add_text(doc, whole) : co_yaml_write_message(doc, m, NULL);
    }
    default:
        return 0;
    }
}

/* Fields that say nothing are left out; a position always has both numbers. */
static bool is_said(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
    const char *at = (const char *)m + f->offset;
    const void *p = at;
    switch ((int)f->type) {
    case PROTOBUF_C_TYPE_STRING:
        return **(char *const *)p != '\0';
    case PROTOBUF_C_TYPE_MESSAGE:
        return *(void *const *)p != NULL;
    case PROTOBUF_C_TYPE_INT64:
        return *(const int64_t *)p != 0;
    case PROTOBUF_C_TYPE_DOUBLE:
        return m->descriptor == &callout__v1__position__descriptor || *(const double *)p < 0 ||
               *(const double *)p > 0;
    default:
        return *(const uint32_t *)p != 0; /* uint32, int32, bool, enum */
    }
}

static size_t size_of(const ProtobufCFieldDescriptor *f)
{
    bool is_small = f->type == PROTOBUF_C_TYPE_UINT32 || f->type == PROTOBUF_C_TYPE_ENUM ||
                    f->type == PROTOBUF_C_TYPE_BOOL || f->type == PROTOBUF_C_TYPE_INT32;
    return is_small ? 4 : 8;
}

static bool is_scalar(const ProtobufCFieldDescriptor *f)
{
    return f->type != PROTOBUF_C_TYPE_MESSAGE;
}

static bool append(yaml_document_t *doc, int map, const char *key, int value)
{
    int name = co_yaml_add_text(doc, key);
    return value != 0 && name != 0 && yaml_document_append_mapping_pair(doc, map, name, value) != 0;
}

static bool has_key(yaml_document_t *doc, int map, const char *key)
{
    const yaml_node_t *n = yaml_document_get_node(doc, map);
    for (const yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top;
         p++)
        if (strcmp((const char *)yaml_document_get_node(doc, p->key)->data.scalar.value, key) == 0)
            return true;
    return false;
}

/* Each message as one pair; 0 when the short form cannot say it (two of one key, more fields).
 * Nodes that are then not used do no harm: only what hangs at the root is written. */
static int write_mapped(yaml_document_t *doc, const struct co_yaml_short *brief,
                        ProtobufCMessage *const *m, size_t count)
{
    char key[256];
    int map = yaml_document_add_mapping(
        doc, NULL, brief->is_flow ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE);
    for (size_t i = 0; map != 0 && i < count; i++) {
        int value = brief->write_pair(doc, m[i], key, sizeof(key));
        if (value == 0 || has_key(doc, map, key))
            return 0;
        int name = brief->is_flow ? co_yaml_add_plain(doc, key) : co_yaml_add_text(doc, key);
        if (name == 0 || !yaml_document_append_mapping_pair(doc, map, name, value))
            return 0;
    }
    return map;
}

static int write_list(yaml_document_t *doc, const ProtobufCMessage *m,
                      const ProtobufCFieldDescriptor *f)
{
    const void *offset = (const char *)m + f->quantifier_offset;
    const void *member = (const char *)m + f->offset;
    size_t count = *(const size_t *)offset;
    const char *values = *(char *const *)member;
    const struct co_yaml_short *brief = is_scalar(f) ? NULL : co_yaml_short_of(f->descriptor);
    if (brief != NULL && brief->write_pair != NULL) {
        const void *messages = values;
        int map = write_mapped(doc, brief, messages, count);
        if (map != 0)
            return map;
    }
    if (brief != NULL && brief->write_list != NULL) {
        const void *messages = values;
        int map = brief->write_list(doc, messages, count);
        if (map != 0)
            return map;
    }
    bool is_flow = is_scalar(f) || (brief != NULL && brief->write != NULL);
    int list = yaml_document_add_sequence(
        doc, NULL, is_flow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE);
    for (size_t i = 0; list != 0 && i < count; i++) {
        int item = write_value(doc, m->descriptor, f, values + i * size_of(f));
        if (item == 0 || !yaml_document_append_sequence_item(doc, list, item))
            return 0;
    }
    return list;
}

int co_yaml_write_message(yaml_document_t *doc, const ProtobufCMessage *m,
                          const ProtobufCFieldDescriptor *skip)
{
    const ProtobufCMessageDescriptor *d = m->descriptor;
    bool is_leaf = d == &callout__v1__position__descriptor || d == &callout__v1__text__descriptor;
    int map = yaml_document_add_mapping(
        doc, NULL, is_leaf ? YAML_FLOW_MAPPING_STYLE : YAML_BLOCK_MAPPING_STYLE);
    const struct co_yaml_short *brief = co_yaml_short_of(d);
    char text[512];
    const char *extra = brief == NULL || brief->write_extra == NULL
                            ? NULL
                            : brief->write_extra(m, text, sizeof(text));
    if (map != 0 && extra != NULL && !append(doc, map, brief->extra, co_yaml_add_text(doc, extra)))
        return 0;
    for (unsigned i = 0; map != 0 && i < d->n_fields; i++) {
        const ProtobufCFieldDescriptor *f = &d->fields[i];
        if (extra != NULL && (brief->extra_fields & 1U << i) != 0)
            continue;
        const void *count = (const char *)m + f->quantifier_offset;
        char name[CO_YAML_NAME];
        bool is_list = f->label == PROTOBUF_C_LABEL_REPEATED;
        if (f == skip || (is_list ? *(const size_t *)count == 0 : !is_said(m, f)))
            continue;
        co_yaml_field_name(d, f, name);
        const void *at = (const char *)m + f->offset;
        if (!append(doc, map, name, is_list ? write_list(doc, m, f) : write_value(doc, d, f, at)))
            return 0;
    }
    return map;
}
