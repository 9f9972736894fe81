#include "co_object.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "co_text.h"

static const char *const names[CO_KINDS] = {
    [CO_KIND_NONE] = "none",
    [CO_KIND_CUSTOMER] = "customer",
    [CO_KIND_SITE] = "site",
    [CO_KIND_PERSON] = "person",
    [CO_KIND_OFFICE] = "office",
    [CO_KIND_ENGINEER] = "engineer",
    [CO_KIND_PRODUCT] = "product",
    [CO_KIND_CONTRACT] = "contract",
    [CO_KIND_CALENDAR] = "calendar",
    [CO_KIND_POLICY] = "policy",
    [CO_KIND_CHANNEL] = "channel",
    [CO_KIND_CLIENT] = "client",
    [CO_KIND_DESK] = "desk",
    [CO_KIND_EXCLUSION] = "exclusion",
    [CO_KIND_ROSTER] = "roster",
    [CO_KIND_AREA] = "area",
    [CO_KIND_PLAN] = "plan",
    [CO_KIND_ADVISORY] = "advisory",
    [CO_KIND_COMPATIBILITY] = "compatibility",
    [CO_KIND_RESOURCE] = "resource",
};

_Static_assert((int)CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CUSTOMER == (int)CO_KIND_CUSTOMER &&
                   (int)CALLOUT__V1__REGISTRY_OBJECT__OBJECT_POLICY == (int)CO_KIND_POLICY &&
                   (int)CALLOUT__V1__REGISTRY_OBJECT__OBJECT_EXCLUSION == (int)CO_KIND_EXCLUSION &&
                   (int)CALLOUT__V1__REGISTRY_OBJECT__OBJECT_RESOURCE == (int)CO_KIND_RESOURCE,
               "kinds are the field numbers of RegistryObject");

const char *co_kind_name(enum co_kind kind)
{
    return kind > CO_KIND_NONE && kind < CO_KINDS ? names[kind] : names[CO_KIND_NONE];
}

enum co_kind co_kind_parse(const char *name)
{
    for (enum co_kind k = CO_KIND_CUSTOMER; k < CO_KINDS; k++)
        if (strcmp(names[k], name) == 0)
            return k;
    return CO_KIND_NONE;
}

const ProtobufCMessage *co_object_body(const Callout__V1__RegistryObject *message)
{
    if ((int)message->object_case <= CO_KIND_NONE || (int)message->object_case >= CO_KINDS)
        return NULL;
    if (message->customer == NULL)
        return NULL;
    return &message->customer->base; /* all members of the oneof are pointers to messages */
}

char *co_object_key_of(const Callout__V1__RegistryObject *message)
{
    const ProtobufCMessage *body = co_object_body(message);
    if (body == NULL)
        return NULL;
    /* the first field of every kind is its key */
    char *const *key = (const void *)((const char *)body + body->descriptor->fields[0].offset);
    return *key;
}

/* An allocator that cuts pieces off one block, rounded as the arena rounds them. */
struct block {
    uint8_t *at;
    size_t left;
};

static size_t rounded(size_t size)
{
    return (size + 15) & ~(size_t)15;
}

static void *block_alloc(void *arg, size_t size)
{
    struct block *b = arg;
    size = rounded(size == 0 ? 1 : size);
    if (size > b->left)
        return NULL;
    void *p = b->at;
    b->at += size;
    b->left -= size;
    return p;
}

static void *arena_alloc(void *arg, size_t size)
{
    return co_arena_alloc(arg, size);
}

static void free_nothing(void *arg, void *p)
{
    (void)arg;
    (void)p;
}

static bool tidy(ProtobufCMessage *m);

/* How many values the field has; *ret_values points at the first. */
static size_t values_of(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f, void **ret_values)
{
    void *member = (char *)m + f->offset;
    void *quantifier = (char *)m + f->quantifier_offset;
    if (f->label == PROTOBUF_C_LABEL_REPEATED) {
        *ret_values = *(void **)member;
        return *(size_t *)quantifier;
    }
    *ret_values = member;
    bool is_oneof = (f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    bool is_absent = is_oneof && *(uint32_t *)quantifier != f->id;
    return is_absent || *(void **)member == NULL ? 0 : 1;
}

static bool tidy_field(ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
    if (f->type != PROTOBUF_C_TYPE_STRING && f->type != PROTOBUF_C_TYPE_MESSAGE)
        return true;
    void *values = NULL;
    size_t n = values_of(m, f, &values);
    for (size_t i = 0; i < n; i++) {
        if (f->type == PROTOBUF_C_TYPE_MESSAGE && !tidy(((ProtobufCMessage **)values)[i]))
            return false;
        const char *text = f->type == PROTOBUF_C_TYPE_STRING ? ((char **)values)[i] : "";
        if (!co_text_is_valid(text, strlen(text)))
            return false;
    }
    return true;
}

/* Drops unknown fields; false when a string is not UTF-8. As deep as our messages, which do not
 * contain themselves. */
static bool tidy(ProtobufCMessage *m)
{
    m->n_unknown_fields = 0;
    m->unknown_fields = NULL;
    for (unsigned i = 0; i < m->descriptor->n_fields; i++)
        if (!tidy_field(m, &m->descriptor->fields[i]))
            return false;
    return true;
}

static enum co_err build(const uint8_t *bytes, size_t len, size_t unpacked_bytes, uint64_t since,
                         struct co_object **ret_object)
{
    size_t head = rounded(sizeof(struct co_object)) + rounded(len);
    struct co_object *o = malloc(head + unpacked_bytes);
    if (o == NULL)
        return CO_ENOMEM;
    uint8_t *copy = (uint8_t *)o + rounded(sizeof(*o));
    memcpy(copy, bytes, len);
    struct block block = { (uint8_t *)o + head, unpacked_bytes };
    ProtobufCAllocator allocator = { block_alloc, free_nothing, &block };
    Callout__V1__RegistryObject *m = callout__v1__registry_object__unpack(&allocator, len, copy);
    if (m == NULL) {
        free(o);
        return CO_EINPUT;
    }
    *o = (struct co_object){ (enum co_kind)m->object_case,
                             co_object_key_of(m),
                             since,
                             copy,
                             len,
                             head + unpacked_bytes,
                             m };
    *ret_object = o;
    return CO_OK;
}

enum co_err co_object_new(struct co_arena *scratch, const uint8_t *bytes, size_t len,
                          uint64_t since, struct co_object **ret_object)
{
    if (len > CO_OBJECT_LIMIT_BYTES)
        return CO_EINPUT;
    co_arena_reset(scratch);
    ProtobufCAllocator allocator = { arena_alloc, free_nothing, scratch };
    Callout__V1__RegistryObject *m = callout__v1__registry_object__unpack(&allocator, len, bytes);
    if (m == NULL || !tidy(&m->base) || co_object_body(m) == NULL)
        return CO_EINPUT;
    size_t unpacked_bytes = co_arena_used(scratch);
    size_t canonical_len = callout__v1__registry_object__get_packed_size(m);
    uint8_t *canonical = co_arena_alloc(scratch, canonical_len);
    if (canonical == NULL)
        return CO_EINPUT;
    callout__v1__registry_object__pack(m, canonical);
    return build(canonical, canonical_len, unpacked_bytes, since, ret_object);
}

enum co_err co_object_new_message(struct co_arena *scratch,
                                  const Callout__V1__RegistryObject *message, uint64_t since,
                                  struct co_object **ret_object)
{
    size_t len = callout__v1__registry_object__get_packed_size(message);
    if (len > CO_OBJECT_LIMIT_BYTES)
        return CO_EINPUT;
    uint8_t *bytes = malloc(len + 1);
    if (bytes == NULL)
        return CO_ENOMEM;
    callout__v1__registry_object__pack(message, bytes);
    enum co_err err = co_object_new(scratch, bytes, len, since, ret_object);
    free(bytes);
    return err;
}

void co_object_free(struct co_object *o)
{
    free(o);
}
