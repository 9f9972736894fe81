/* Holders of roles: {ROLE: PERSON}, {ROLE: [PERSON, PERSON]}. */
#include <string.h>

#include "co_yaml_impl.h"

/* One message: the role of the pair, held by the person that `n` names. */
static bool add_holder(struct co_yaml_source *s, Callout__V1__Role role, const yaml_node_t *n,
                       struct co_yaml_list *items)
{
    ProtobufCMessage *m = co_yaml_new_message(s, &callout__v1__role_holder__descriptor);
    const char *person = co_yaml_scalar(s, n);
    Callout__V1__RoleHolder *h = (void *)m;
    if (h == NULL || person == NULL)
        return false;
    h->role = role;
    h->person = co_yaml_strdup(s->y, person);
    return h->person != NULL && co_yaml_list_add(s->y, items, m);
}

static bool read_role(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                      struct co_yaml_list *items)
{
    int role = 0;
    if (!co_yaml_read_enum(s, pair->key_node, &callout__v1__role__descriptor, &role))
        return false;
    if (pair->value->type != YAML_SEQUENCE_NODE)
        return add_holder(s, (Callout__V1__Role)role, pair->value, items);
    bool ok = true;
    size_t count = co_yaml_list_len(s, pair->value);
    for (size_t i = 0; i < count; i++) {
        size_t mark = co_yaml_push_index(s, i);
        ok = add_holder(s, (Callout__V1__Role)role, co_yaml_list_item(s, pair->value, i), items) &&
             ok;
        co_yaml_pop(s, mark);
    }
    return ok;
}

bool co_yaml_read_holders(struct co_yaml_source *s, const yaml_node_t *n,
                          ProtobufCMessage ***ret_items, size_t *ret_count)
{
    return co_yaml_read_map(s, n, read_role, ret_items, ret_count);
}

static const Callout__V1__RoleHolder *holder_at(ProtobufCMessage *const *items, size_t i)
{
    return (const void *)items[i];
}

/* Where the next other role begins. */
static size_t end_of(ProtobufCMessage *const *items, size_t count, size_t from)
{
    size_t end = from + 1;
    while (end < count && holder_at(items, end)->role == holder_at(items, from)->role)
        end++;
    return end;
}

static int write_persons(yaml_document_t *doc, ProtobufCMessage *const *items, size_t count)
{
    if (count == 1)
        return co_yaml_add_text(doc, holder_at(items, 0)->person);
    int list = yaml_document_add_sequence(doc, NULL, YAML_FLOW_SEQUENCE_STYLE);
    for (size_t i = 0; list != 0 && i < count; i++) {
        int item = co_yaml_add_text(doc, holder_at(items, i)->person);
        if (item == 0 || !yaml_document_append_sequence_item(doc, list, item))
            return 0;
    }
    return list;
}

/* A role that comes again after another cannot be said: the order of holders would be lost. */
static bool is_torn(ProtobufCMessage *const *items, size_t from)
{
    for (size_t i = 0; i < from; i++)
        if (holder_at(items, i)->role == holder_at(items, from)->role)
            return true;
    return false;
}

int co_yaml_write_holders(yaml_document_t *doc, ProtobufCMessage *const *items, size_t count)
{
    char name[CO_YAML_NAME];
    const ProtobufCEnumDescriptor *d = &callout__v1__role__descriptor;
    int map = yaml_document_add_mapping(doc, NULL, YAML_BLOCK_MAPPING_STYLE);
    for (size_t i = 0, end; map != 0 && i < count; i = end) {
        unsigned at = 0;
        end = end_of(items, count, i);
        while (at < d->n_values && d->values[at].value != (int)holder_at(items, i)->role)
            at++;
        if (at == d->n_values || is_torn(items, i))
            return 0;
        co_yaml_enum_name(d, at, name);
        int key = co_yaml_add_text(doc, name), value = write_persons(doc, items + i, end - i);
        if (key == 0 || value == 0 || !yaml_document_append_mapping_pair(doc, map, key, value))
            return 0;
    }
    return map;
}
