/* The figures of a contract: targets by milestone and level, as a mapping of mappings. */
#include <stdio.h>
#include <string.h>

#include "co_yaml_impl.h"

/* The message of one pair "severity: text" of the milestone. */
static ProtobufCMessage *read_figure(struct co_yaml_source *s, const struct co_yaml_pair *pair,
                                     char *milestone, bool *ok)
{
    ProtobufCMessage *m = co_yaml_new_message(s, &callout__v1__contract_target__descriptor);
    ProtobufCMessage *t = co_yaml_new_message(s, &callout__v1__target__descriptor);
    if (m == NULL || t == NULL)
        return NULL;
    Callout__V1__ContractTarget *figure = (void *)m;
    figure->milestone = milestone;
    figure->target = (void *)t;
    size_t mark = co_yaml_push(s, pair->key);
    *ok = co_yaml_read_target(s, pair, t) && *ok;
    co_yaml_pop(s, mark);
    return m;
}

static bool read_milestone(struct co_yaml_source *s, const struct co_yaml_pair *outer,
                           struct co_yaml_list *items)
{
    size_t count = 0;
    const struct co_yaml_pair *pairs = co_yaml_pairs(s, outer->value, &count);
    char *milestone = co_yaml_strdup(s->y, outer->key);
    bool ok = pairs != NULL && milestone != NULL;
    bool has_memory = ok;
    for (size_t i = 0; has_memory && i < count; i++) {
        ProtobufCMessage *m = read_figure(s, &pairs[i], milestone, &ok);
        has_memory = m != NULL && co_yaml_list_add(s->y, items, m);
    }
    return ok && has_memory;
}

bool co_yaml_read_figures(struct co_yaml_source *s, const yaml_node_t *n,
                          ProtobufCMessage ***ret_items, size_t *ret_count)
{
    return co_yaml_read_map(s, n, read_milestone, ret_items, ret_count);
}

/* Whether the milestone stands before place `i`, in another run of figures than that of `i`. */
static bool is_torn(ProtobufCMessage *const *items, size_t i)
{
    const Callout__V1__ContractTarget *f = (const void *)items[i];
    bool is_other = false;
    for (size_t j = i; j-- > 0;) {
        const Callout__V1__ContractTarget *before = (const void *)items[j];
        bool is_same = strcmp(before->milestone, f->milestone) == 0;
        if (is_same && is_other)
            return true;
        is_other = is_other || !is_same;
    }
    return false;
}

static bool is_first(ProtobufCMessage *const *items, size_t i)
{
    const Callout__V1__ContractTarget *f = (const void *)items[i];
    const Callout__V1__ContractTarget *before = i == 0 ? NULL : (const void *)items[i - 1];
    return before == NULL || strcmp(before->milestone, f->milestone) != 0;
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

static bool append(yaml_document_t *doc, int map, int key, int value)
{
    return key != 0 && value != 0 && yaml_document_append_mapping_pair(doc, map, key, value) != 0;
}

int co_yaml_write_figures(yaml_document_t *doc, ProtobufCMessage *const *items, size_t count)
{
    int root = yaml_document_add_mapping(doc, NULL, YAML_BLOCK_MAPPING_STYLE);
    int map = 0;
    for (size_t i = 0; root != 0 && i < count; i++) {
        const Callout__V1__ContractTarget *f = (const void *)items[i];
        char level[32];
        if (f->target == NULL || is_torn(items, i))
            return 0;
        if (is_first(items, i)) {
            map = yaml_document_add_mapping(doc, NULL, YAML_FLOW_MAPPING_STYLE);
            if (map == 0 || !append(doc, root, co_yaml_add_text(doc, f->milestone), map))
                return 0;
        }
        int value = co_yaml_write_target(doc, &f->target->base, level, sizeof(level));
        if (value == 0 || has_key(doc, map, level) ||
            !append(doc, map, co_yaml_add_plain(doc, level), value))
            return 0;
    }
    return root;
}
