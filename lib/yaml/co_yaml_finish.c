/* Joins what was loaded into one Registry. */
#include <stdlib.h>
#include <string.h>

#include "co_yaml_impl.h"

static int by_kind_and_key(const void *a, const void *b)
{
    const struct co_yaml_object *const *x = a;
    const struct co_yaml_object *const *y = b;
    int kind = (int)(*x)->message->object_case - (int)(*y)->message->object_case;
    if (kind != 0)
        return kind;
    int key = strcmp(co_object_key_of((*x)->message), co_object_key_of((*y)->message));
    if (key != 0)
        return key;
    int file = strcmp((*x)->file, (*y)->file);
    return file != 0 ? file : (int)(*x)->line - (int)(*y)->line;
}

static bool is_same(const struct co_yaml_object *a, const struct co_yaml_object *b)
{
    return a->message->object_case == b->message->object_case &&
           strcmp(co_object_key_of(a->message), co_object_key_of(b->message)) == 0;
}

static void say_double(struct co_yaml *y, const struct co_yaml_object *first,
                       const struct co_yaml_object *again)
{
    const char *kind = co_kind_name((enum co_kind)again->message->object_case);
    co_yaml_complain_at(y, again->file, again->line, co_object_key_of(again->message),
                        "each key once per kind", "this %s is already in %s, line %u", kind,
                        first->file, first->line);
}

enum co_err co_yaml_finish(struct co_yaml *y, const Callout__V1__Registry **ret_registry)
{
    struct co_yaml_object **o = (struct co_yaml_object **)(void *)y->objects.item;
    size_t count = y->objects.len;
    if (count > 0)
        qsort(o, count, sizeof(struct co_yaml_object *), by_kind_and_key);
    Callout__V1__RegistryObject **list = co_yaml_alloc(y, (count + 1) * sizeof(*list));
    for (size_t i = 0; list != NULL && i < count; i++) {
        if (i > 0 && is_same(o[i - 1], o[i]))
            say_double(y, o[i - 1], o[i]);
        if (o[i]->holidays != NULL)
            co_yaml_join_holidays(y, o[i]);
        if (o[i]->extends != NULL)
            co_yaml_join_policy(y, o[i]);
        list[i] = o[i]->message;
    }
    if (y->is_out_of_memory)
        return CO_ENOMEM;
    if (y->problem_count > 0)
        return CO_EINPUT;
    callout__v1__registry__init(&y->registry);
    y->registry.objects = list;
    y->registry.n_objects = count;
    *ret_registry = &y->registry;
    return CO_OK;
}

bool co_yaml_where(const struct co_yaml *y, enum co_kind kind, const char *key,
                   const char **ret_file, unsigned *ret_line)
{
    for (size_t i = 0; i < y->objects.len; i++) {
        const struct co_yaml_object *o = y->objects.item[i];
        if ((int)o->message->object_case != (int)kind ||
            strcmp(co_object_key_of(o->message), key) != 0)
            continue;
        *ret_file = o->file;
        *ret_line = o->line;
        return true;
    }
    return false;
}
