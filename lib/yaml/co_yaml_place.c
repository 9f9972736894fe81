/* Where the parts of policy packs stand in their files. */
#include <stdlib.h>
#include <string.h>

#include "co_yaml_impl.h"

void co_yaml_mark(struct co_yaml_source *s, const ProtobufCMessage *m,
                  const ProtobufCFieldDescriptor *f, const yaml_node_t *n)
{
    if (!s->has_places)
        return;
    struct co_yaml_place *p = co_yaml_alloc(s->y, sizeof(*p));
    if (p == NULL)
        return;
    *p = (struct co_yaml_place){ m, f, s->file, co_yaml_line(n) };
    (void)co_yaml_list_add(s->y, &s->y->places, p);
}

/* The step of a path at *at: its name, and the index in brackets behind it, if there is one. */
struct step {
    char name[CO_YAML_NAME];
    bool has_index;
    size_t index;
};

static bool next_step(const char **at, struct step *ret)
{
    size_t len = strcspn(*at, ".[");
    *ret = (struct step){ .has_index = false };
    if (len == 0 || len >= sizeof(ret->name))
        return false;
    memcpy(ret->name, *at, len);
    *at += len;
    if (**at == '[') {
        char *end = NULL;
        ret->index = strtoul(*at + 1, &end, 10);
        ret->has_index = *end == ']';
        *at = *end == ']' ? end + 1 : end;
    }
    *at += **at == '.';
    return true;
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

/* The message that the step leads to; NULL: none. */
static const ProtobufCMessage *below(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f,
                                     const struct step *step)
{
    const void *member = (const char *)m + f->offset;
    const void *quantifier = (const char *)m + f->quantifier_offset;
    if (f->type != PROTOBUF_C_TYPE_MESSAGE)
        return NULL;
    if (f->label != PROTOBUF_C_LABEL_REPEATED)
        return *(ProtobufCMessage *const *)member;
    bool is_there = step->has_index && step->index < *(const size_t *)quantifier;
    return is_there ? (*(ProtobufCMessage * *const *)member)[step->index] : NULL;
}

static void look(const struct co_yaml *y, const ProtobufCMessage *m,
                 const ProtobufCFieldDescriptor *f, const char **file, unsigned *line)
{
    for (size_t i = 0; i < y->places.len; i++) {
        const struct co_yaml_place *p = y->places.item[i];
        if (p->message != m || p->field != f)
            continue;
        *file = p->file;
        *line = p->line;
    }
}

bool co_yaml_where_in_policy(const struct co_yaml *y, const char *name, const char *path,
                             const char **ret_file, unsigned *ret_line)
{
    const ProtobufCMessage *m = NULL;
    struct step step;
    if (!co_yaml_where(y, CO_KIND_POLICY, name, ret_file, ret_line))
        return false;
    for (size_t i = 0; i < y->objects.len && m == NULL; i++) {
        const struct co_yaml_object *o = y->objects.item[i];
        if ((int)o->message->object_case == CO_KIND_POLICY &&
            strcmp(o->message->policy->name, name) == 0)
            m = &o->message->policy->base;
    }
    while (m != NULL && next_step(&path, &step)) {
        const ProtobufCFieldDescriptor *f = field_of(m->descriptor, step.name);
        if (f == NULL)
            break;
        look(y, m, f, ret_file, ret_line);
        m = below(m, f, &step);
        if (m != NULL)
            look(y, m, NULL, ret_file, ret_line);
    }
    return true;
}
