/* Policy packs that extend another: the whole pack is made here, before anybody else sees it. */
#include <string.h>

#include "co_text.h"
#include "co_yaml_impl.h"

#define NAMES_MAX 64
#define CHAIN_MAX 16

/* -- what is the same thing in both packs, by the name of the list */
static bool is_same_level(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const Callout__V1__SeverityLevel *x = (const void *)a;
    const Callout__V1__SeverityLevel *z = (const void *)b;
    return x->level == z->level;
}

static bool is_same_condition(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const Callout__V1__Condition *x = (const void *)a;
    const Callout__V1__Condition *z = (const void *)b;
    return strcmp(x->key, z->key) == 0;
}

static bool is_same_milestone(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const Callout__V1__Milestone *x = (const void *)a;
    const Callout__V1__Milestone *z = (const void *)b;
    return strcmp(x->name, z->name) == 0;
}

static bool is_same_step(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const Callout__V1__Step *x = (const void *)a;
    const Callout__V1__Step *z = (const void *)b;
    return strcmp(x->key, z->key) == 0;
}

static bool is_same_table(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const Callout__V1__ZoneTable *x = (const void *)a;
    const Callout__V1__ZoneTable *z = (const void *)b;
    return strcmp(x->name, z->name) == 0;
}

static bool is_same_bar(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const Callout__V1__Bar *x = (const void *)a;
    const Callout__V1__Bar *z = (const void *)b;
    return x->from == z->from && x->to == z->to;
}

static bool is_same_patience(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    const Callout__V1__NoticePatience *x = (const void *)a;
    const Callout__V1__NoticePatience *z = (const void *)b;
    return x->severity == z->severity;
}

/* The list is one thing: an own one stands for that of the base. */
static bool is_any(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
    (void)a;
    (void)b;
    return true;
}

typedef bool same_fn(const ProtobufCMessage *a, const ProtobufCMessage *b);

static const struct {
    const char *field;
    same_fn *is_same; /* NULL: own ones stand before those of the base */
} lists[] = {
    { "severities", is_same_level },
    { "conditions", is_same_condition },
    { "steps", is_same_step },
    { "milestones", is_same_milestone },
    { "zones", is_same_table },
    { "bars", is_same_bar },
    { "excluded", is_same_condition },
    { "held_traits", is_same_condition },
    { "patience", is_same_patience },
    { "reminders", is_any },
    { "notices", NULL },
};

/* A list of messages of a pack. */
struct items {
    ProtobufCMessage **item;
    size_t count;
};

static struct items items_of(const ProtobufCMessage *m, const ProtobufCFieldDescriptor *f)
{
    const void *member = (const char *)m + f->offset;
    const void *quantifier = (const char *)m + f->quantifier_offset;
    return (struct items){ *(ProtobufCMessage * *const *)member, *(const size_t *)quantifier };
}

static bool is_among(struct items list, const ProtobufCMessage *m, same_fn *is_same)
{
    for (size_t i = 0; i < list.count; i++)
        if (is_same(list.item[i], m))
            return true;
    return false;
}

/* Adds the own ones that are the same as `like`. */
static void add_same(struct items *to, struct items own, const ProtobufCMessage *like,
                     same_fn *is_same)
{
    for (size_t i = 0; i < own.count; i++)
        if (is_same(own.item[i], like))
            to->item[to->count++] = own.item[i];
}

static void add(struct items *to, ProtobufCMessage *m)
{
    to->item[to->count++] = m;
}

/* What the base has, with own ones in the place of their like; then the other own ones. */
static void join_items(struct items *to, struct items base, struct items own, same_fn *is_same)
{
    for (size_t i = 0; i < base.count; i++) {
        struct items before = { base.item, i };
        if (!is_among(own, base.item[i], is_same))
            add(to, base.item[i]);
        else if (!is_among(before, base.item[i], is_same))
            add_same(to, own, base.item[i], is_same);
    }
    for (size_t i = 0; i < own.count; i++)
        if (!is_among(base, own.item[i], is_same))
            add(to, own.item[i]);
}

static same_fn *sameness_of(const char *field)
{
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        if (strcmp(lists[i].field, field) == 0)
            return lists[i].is_same;
    return NULL;
}

static void join_messages(struct co_yaml *y, const ProtobufCFieldDescriptor *f,
                          const ProtobufCMessage *base, ProtobufCMessage *own)
{
    struct items theirs = items_of(base, f);
    struct items ours = items_of(own, f);
    struct items all = { .count = 0 };
    same_fn *is_same = sameness_of(f->name);
    all.item = co_yaml_alloc(y, (theirs.count + ours.count + 1) * sizeof(ProtobufCMessage *));
    if (all.item == NULL)
        return;
    for (size_t i = 0; is_same == NULL && i < ours.count; i++)
        add(&all, ours.item[i]);
    if (is_same == NULL)
        for (size_t i = 0; i < theirs.count; i++)
            add(&all, theirs.item[i]);
    else
        join_items(&all, theirs, ours, is_same);
    *(ProtobufCMessage ***)(void *)((char *)own + f->offset) = all.count == 0 ? NULL : all.item;
    *(size_t *)(void *)((char *)own + f->quantifier_offset) = all.count;
}

/* Taken from the base where the own pack says nothing. */
static void join_scalar(const ProtobufCFieldDescriptor *f, const ProtobufCMessage *base,
                        ProtobufCMessage *own)
{
    const void *from = (const char *)base + f->offset;
    void *to = (char *)own + f->offset;
    if (f->type == PROTOBUF_C_TYPE_STRING && **(char **)to == '\0')
        *(char **)to = *(char *const *)from;
    else if (f->type == PROTOBUF_C_TYPE_MESSAGE && *(void **)to == NULL)
        *(void **)to = *(void *const *)from;
    else if (f->type == PROTOBUF_C_TYPE_UINT32 && *(uint32_t *)to == 0)
        *(uint32_t *)to = *(const uint32_t *)from;
}

/* Roles: the own list, or that of the base. */
static void join_roles(const ProtobufCFieldDescriptor *f, const ProtobufCMessage *base,
                       ProtobufCMessage *own)
{
    struct items theirs = items_of(base, f);
    if (items_of(own, f).count > 0)
        return;
    *(ProtobufCMessage ***)(void *)((char *)own + f->offset) = theirs.item;
    *(size_t *)(void *)((char *)own + f->quantifier_offset) = theirs.count;
}

static void join(struct co_yaml *y, const ProtobufCMessage *base, ProtobufCMessage *own)
{
    const ProtobufCMessageDescriptor *d = own->descriptor;
    for (unsigned i = 1; i < d->n_fields; i++) { /* 0 is the name */
        const ProtobufCFieldDescriptor *f = &d->fields[i];
        if (f->label != PROTOBUF_C_LABEL_REPEATED)
            join_scalar(f, base, own);
        else if (f->type == PROTOBUF_C_TYPE_MESSAGE)
            join_messages(y, f, base, own);
        else
            join_roles(f, base, own);
    }
}

static struct co_yaml_object *find(const struct co_yaml *y, const char *name)
{
    for (size_t i = 0; i < y->objects.len; i++) {
        struct co_yaml_object *o = y->objects.item[i];
        if ((int)o->message->object_case == CO_KIND_POLICY &&
            strcmp(o->message->policy->name, name) == 0)
            return o;
    }
    return NULL;
}

static void say_unknown(struct co_yaml *y, const struct co_yaml_object *o)
{
    struct co_buf allowed;
    const char *names[NAMES_MAX];
    size_t count = 0;
    co_buf_init(&allowed, 4096);
    for (size_t i = 0; i < y->objects.len && count < NAMES_MAX; i++) {
        const struct co_yaml_object *other = y->objects.item[i];
        if ((int)other->message->object_case != CO_KIND_POLICY || other == o)
            continue;
        names[count] = other->message->policy->name;
        co_buf_printf(&allowed, "%s%s", count == 0 ? "" : ", ", names[count]);
        count++;
    }
    const char *nearest = co_text_nearest(o->extends, names, count);
    const char *all =
        count == 0 ? "a pack in the files given together with this one" : co_buf_text(&allowed);
    if (nearest != NULL)
        co_yaml_complain_at(y, o->file, o->extends_line, "policy.extends", all,
                            "no pack \"%.64s\" in these files; did you mean \"%s\"?", o->extends,
                            nearest);
    else
        co_yaml_complain_at(y, o->file, o->extends_line, "policy.extends", all,
                            "no pack \"%.64s\" in these files", o->extends);
    co_buf_done(&allowed);
}

static void say_loop(struct co_yaml *y, struct co_yaml_object *const *chain, size_t count,
                     const struct co_yaml_object *again)
{
    struct co_buf names;
    co_buf_init(&names, 4096);
    for (size_t i = 0; i < count; i++)
        co_buf_printf(&names, "%s, ", chain[i]->message->policy->name);
    co_yaml_complain_at(y, chain[0]->file, chain[0]->extends_line, "policy.extends",
                        "packs that end at one without \"extends\"",
                        "this goes round in a circle: %s%s", co_buf_text(&names),
                        again->message->policy->name);
    co_buf_done(&names);
}

static bool is_in(struct co_yaml_object *const *chain, size_t count, const struct co_yaml_object *o)
{
    for (size_t i = 0; i < count; i++)
        if (chain[i] == o)
            return true;
    return false;
}

/* From the pack to the last one that still has to be joined with a base. False: said what is
 * wrong. */
static bool follow(struct co_yaml *y, struct co_yaml_object *policy,
                   struct co_yaml_object *chain[static CHAIN_MAX], size_t *ret_count)
{
    struct co_yaml_object *o = policy;
    *ret_count = 0;
    while (o->extends != NULL && !o->is_joined) {
        if (is_in(chain, *ret_count, o)) {
            say_loop(y, chain, *ret_count, o);
            return false;
        }
        if (*ret_count == CHAIN_MAX) {
            co_yaml_complain_at(y, policy->file, policy->extends_line, "policy.extends",
                                "at most 16 packs", "too many packs stand behind this one");
            return false;
        }
        chain[(*ret_count)++] = o;
        struct co_yaml_object *base = find(y, o->extends);
        if (base == NULL) {
            say_unknown(y, o);
            return false;
        }
        o = base;
    }
    return true;
}

void co_yaml_join_policy(struct co_yaml *y, struct co_yaml_object *policy)
{
    struct co_yaml_object *chain[CHAIN_MAX];
    size_t count = 0;
    bool ok = follow(y, policy, chain, &count);
    for (size_t i = count; i-- > 0;) {
        chain[i]->is_joined = true; /* what is wrong is said once */
        const struct co_yaml_object *base = ok ? find(y, chain[i]->extends) : NULL;
        if (base != NULL)
            join(y, &base->message->policy->base, &chain[i]->message->policy->base);
    }
}
