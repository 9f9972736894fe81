#include "certificate_impl.h"

#include <stdio.h>
#include <string.h>

#include "co_json.h"

enum { PATH = 256, SHOWN = 80 };

/* -- the readable part */

/* A value in a sentence: short, in the arena. */
static const char *shown(struct certificate_checker *c, const json_t *json)
{
    char text[SHOWN];
    size_t len = json == NULL ? 0
                              : json_dumpb(json, text, sizeof(text),
                                           JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);
    if (json == NULL || json_is_object(json) || json_is_array(json) || len >= sizeof(text))
        return json == NULL ? "nothing" : "something else";
    text[len] = '\0';
    const char *copy = co_arena_strdup(c->arena, text);
    return copy != NULL ? copy : "";
}

static void compare(struct certificate_checker *c, const json_t *read, const json_t *meant,
                    const char *path);

static void compare_objects(struct certificate_checker *c, const json_t *read, const json_t *meant,
                            const char *path)
{
    char below[PATH];
    void *at = json_object_iter((json_t *)(uintptr_t)meant);
    for (; at != NULL; at = json_object_iter_next((json_t *)(uintptr_t)meant, at)) {
        const char *key = json_object_iter_key(at);
        (void)snprintf(below, sizeof(below), "%s%s%s", path, path[0] == '\0' ? "" : ".", key);
        compare(c, json_object_get(read, key), json_object_iter_value(at), below);
    }
    at = json_object_iter((json_t *)(uintptr_t)read);
    for (; at != NULL; at = json_object_iter_next((json_t *)(uintptr_t)read, at)) {
        if (json_object_get(meant, json_object_iter_key(at)) != NULL)
            continue;
        (void)snprintf(below, sizeof(below), "%s%s%.64s", path, path[0] == '\0' ? "" : ".",
                       json_object_iter_key(at));
        certificate_found(c, "readable", below, "this was not signed");
    }
}

static void compare_lists(struct certificate_checker *c, const json_t *read, const json_t *meant,
                          const char *path)
{
    char below[PATH];
    size_t n = json_array_size(meant);
    if (json_array_size(read) != n) {
        certificate_found(c, "readable", path, "it has %zu, signed are %zu", json_array_size(read),
                          n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(below, sizeof(below), "%.200s[%zu]", path, i);
        compare(c, json_array_get(read, i), json_array_get(meant, i), below);
    }
}

/* As deep as our messages, which is as deep as `meant`. */
static void compare(struct certificate_checker *c, const json_t *read, const json_t *meant,
                    const char *path)
{
    if (json_is_object(meant) && json_is_object(read))
        compare_objects(c, read, meant, path);
    else if (json_is_array(meant) && json_is_array(read))
        compare_lists(c, read, meant, path);
    else if (json_equal(read, meant) == 0)
        certificate_found(c, "readable", path, "it says %s, signed is %s", shown(c, read),
                          shown(c, meant));
}

void certificate_compare_json(struct certificate_checker *c, const json_t *read,
                              const json_t *meant)
{
    compare(c, read, meant, "");
}

/* -- what was computed */

static bool is_empty(const ProtobufCMessage *m)
{
    return m == NULL;
}

static const void *member(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
    return (const char *)m + f->offset;
}

static const ProtobufCMessage *message_at(const void *at)
{
    const ProtobufCMessage *m;
    memcpy(&m, at, sizeof(m));
    return m;
}

static size_t count(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
    return *(const size_t *)(const void *)((const char *)m + f->quantifier_offset);
}

static bool is_same_text(const void *a, const void *b)
{
    const char *x, *y;
    memcpy((void *)&x, a, sizeof(x));
    memcpy((void *)&y, b, sizeof(y));
    return strcmp(x != NULL ? x : "", y != NULL ? y : "") == 0;
}

static bool is_same_bytes(const void *a, const void *b)
{
    const ProtobufCBinaryData *x = a, *y = b;
    return x->len == y->len && (x->len == 0 || memcmp(x->data, y->data, x->len) == 0);
}

static size_t size_of(const ProtobufCFieldDescriptor *f)
{
    switch ((int)f->type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    default: /* the house's messages have 32-bit numbers and enums besides */
        return 4;
    }
}

static bool is_same_value(const ProtobufCFieldDescriptor *f, const void *a, const void *b)
{
    if (f->type == PROTOBUF_C_TYPE_STRING)
        return is_same_text(a, b);
    if (f->type == PROTOBUF_C_TYPE_BYTES)
        return is_same_bytes(a, b);
    return memcmp(a, b, size_of(f)) == 0;
}

/* The field's value as the readable part writes it; a time as text. NULL: no memory. */
static const char *said(struct certificate_checker *c, const ProtobufCMessage *m,
                        const ProtobufCFieldDescriptor *f)
{
    json_t *json = co_json_of_message(m);
    char stem[CO_JSON_NAME];
    size_t len = strlen(f->name);
    (void)snprintf(stem, sizeof(stem), "%.*s", len > 3 ? (int)len - 3 : 0, f->name);
    const json_t *value = json_object_get(json, stem);
    if (value == NULL || strcmp(f->name + (len > 3 ? len - 3 : 0), "_us") != 0)
        value = json_object_get(json, f->name);
    const char *text = shown(c, value);
    json_decref(json);
    return text;
}

static void compare_values(struct certificate_checker *c, const ProtobufCMessage *stated,
                           const ProtobufCMessage *computed, const ProtobufCFieldDescriptor *f,
                           const char *path)
{
    const void *a = member(stated, f), *b = member(computed, f);
    if (f->type == PROTOBUF_C_TYPE_MESSAGE) {
        const ProtobufCMessage *x = message_at(a), *y = message_at(b);
        if (is_empty(x) != is_empty(y))
            certificate_found(c, "computed", path,
                              is_empty(x) ? "computed is one, stated is none"
                                          : "stated is one, computed is none");
        else if (!is_empty(x))
            certificate_compare(c, x, y, path);
    } else if (!is_same_value(f, a, b)) {
        certificate_found(c, "computed", path, "stated is %s, computed is %s", said(c, stated, f),
                          said(c, computed, f));
    }
}

static void compare_elements(struct certificate_checker *c, const ProtobufCMessage *stated,
                             const ProtobufCMessage *computed, const ProtobufCFieldDescriptor *f,
                             const char *path)
{
    size_t n = count(stated, f), m = count(computed, f);
    const char *a, *b;
    if (n != m) {
        certificate_found(c, "computed", path, "stated are %zu, computed are %zu", n, m);
        return;
    }
    memcpy((void *)&a, member(stated, f), sizeof(a));
    memcpy((void *)&b, member(computed, f), sizeof(b));
    for (size_t i = 0; i < n; i++) {
        char below[PATH];
        const void *x = a + i * size_of(f), *y = b + i * size_of(f);
        (void)snprintf(below, sizeof(below), "%.200s[%zu]", path, i);
        if (f->type == PROTOBUF_C_TYPE_MESSAGE)
            certificate_compare(c, message_at(x), message_at(y), below);
        else if (!is_same_value(f, x, y))
            certificate_found(c, "computed", below, "stated and computed are not the same");
    }
}

void certificate_compare(struct certificate_checker *c, const ProtobufCMessage *stated,
                         const ProtobufCMessage *computed, const char *path)
{
    for (unsigned i = 0; i < stated->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *f = &stated->descriptor->fields[i];
        char below[PATH];
        (void)snprintf(below, sizeof(below), "%s.%s", path, f->name);
        if (f->label == PROTOBUF_C_LABEL_REPEATED)
            compare_elements(c, stated, computed, f, below);
        else
            compare_values(c, stated, computed, f, below);
    }
}
