/* What of a case's journal stands announced: said, and not withdrawn since. */
#include "certificate_impl.h"

#include <string.h>

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

/* What names an output, beside milestone and generation (sla_diff.h). */
static const struct {
    Callout__V1__Event__BodyCase kind;
    const char *ordinal; /* NULL: it has none */
} outputs[] = {
    { BODY(PROMISED), NULL }, { BODY(WARNED), "threshold" }, { BODY(BREACHED), NULL },
    { BODY(MET), NULL },      { BODY(STOPPED), NULL },       { BODY(SEVERITY_CHANGED), "ordinal" },
    { BODY(ACTED), "index" }, { BODY(ESCALATED), "step" },   { BODY(CASE_CLOSED), NULL },
};

struct name {
    uint32_t kind;
    uint32_t generation;
    uint32_t ordinal;
    const char *milestone;
    const char *trigger;
};

static const ProtobufCMessage *body_of(const Callout__V1__Event *e)
{
    return &e->promised->base; /* every member of the union is a pointer to a message */
}

static const void *field(const ProtobufCMessage *m, const char *name)
{
    const ProtobufCFieldDescriptor *f =
        protobuf_c_message_descriptor_get_field_by_name(m->descriptor, name);
    return f != NULL ? (const char *)m + f->offset : NULL;
}

static uint32_t number(const ProtobufCMessage *m, const char *name)
{
    const void *at = name != NULL ? field(m, name) : NULL;
    return at != NULL ? *(const uint32_t *)at : 0;
}

static const char *text(const ProtobufCMessage *m, const char *name)
{
    const void *at = field(m, name);
    const char *value = "";
    if (at != NULL)
        memcpy((void *)&value, at, sizeof(value));
    return value;
}

/* False: it is no output. */
static bool name_of(const Callout__V1__Event *e, struct name *ret)
{
    for (size_t i = 0; i < sizeof(outputs) / sizeof(outputs[0]); i++) {
        if (outputs[i].kind != e->body_case)
            continue;
        const ProtobufCMessage *m = body_of(e);
        *ret = (struct name){ (uint32_t)e->body_case, number(m, "generation"),
                              number(m, outputs[i].ordinal), text(m, "milestone"),
                              text(m, "trigger") };
        return true;
    }
    return false;
}

static bool is_named(const Callout__V1__Event *e, const struct name *n)
{
    struct name m;
    return name_of(e, &m) && m.kind == n->kind && m.generation == n->generation &&
           m.ordinal == n->ordinal && strcmp(m.milestone, n->milestone) == 0 &&
           strcmp(m.trigger, n->trigger) == 0;
}

/* The place of the output of that name, or the end. What is named now was mostly said last. */
static size_t find(Callout__V1__Event *const *list, size_t n, const struct name *name)
{
    for (size_t i = n; i > 0; i--)
        if (is_named(list[i - 1], name))
            return i - 1;
    return n;
}

/* An action that stands although its reason is gone is still announced. */
static size_t take_back(Callout__V1__Event **list, size_t n, const Callout__V1__Withdrawn *w)
{
    struct name name = { w->kind, w->generation, w->ordinal, w->milestone, w->trigger };
    size_t at = w->stands ? n : find(list, n, &name);
    if (at == n)
        return n;
    memmove(&list[at], &list[at + 1], (n - at - 1) * sizeof(list[0]));
    return n - 1;
}

Callout__V1__Event **certificate_announced(const struct refold *r, size_t *ret_count)
{
    size_t n = 0;
    Callout__V1__Event **list = co_arena_alloc(r->arena, (r->entry_count + 1) * sizeof(list[0]));
    for (size_t i = 0; i < r->entry_count && list != NULL; i++) {
        Callout__V1__Event *e = r->entries[i].event;
        struct name name;
        if (e->body_case == BODY(WITHDRAWN)) {
            n = take_back(list, n, e->withdrawn);
        } else if (name_of(e, &name)) {
            size_t at = find(list, n, &name);
            list[at] = e;
            n += at == n;
        }
    }
    *ret_count = n;
    return list;
}
