#include "apply_change.h"

#include <stdlib.h>
#include <string.h>

#include "co_registry_check.h"
#include "co_row.h"
#include "intake_sql.h"

struct intake_change *intake_change_new(const char *client, const char *change_id)
{
    struct intake_change *c = calloc(1, sizeof(*c));
    if (c == NULL)
        return NULL;
    c->client = strdup(client);
    c->change_id = strdup(change_id);
    c->objects = co_registry_new(INTAKE_CHANGE_OBJECTS);
    c->gone = co_registry_new(INTAKE_CHANGE_OBJECTS);
    if (c->client != NULL && c->change_id != NULL && c->objects != NULL && c->gone != NULL)
        return c;
    intake_change_free(c);
    return NULL;
}

void intake_change_free(struct intake_change *c)
{
    if (c == NULL)
        return;
    free(c->client);
    free(c->change_id);
    co_registry_free(c->objects);
    co_registry_free(c->gone);
    free(c);
}

static bool refuse(struct co_arena *arena, struct intake_complaint *c, const char *list, size_t index,
                   const Callout__V1__RegistryObject *o, const char *why)
{
    char field[64];
    const char *key = co_object_body(o) == NULL ? "" : co_object_key_of(o);
    (void)snprintf(field, sizeof(field), "apply.%s[%zu]", list, index);
    intake_complain(c, arena, CALLOUT__V1__CODE__CODE_INVALID, field, "%s %s: %s", co_kind_name((enum co_kind)o->object_case), key, why);
    return false;
}

/* One of the two lists of a change. */
struct list {
    const char *name;
    Callout__V1__RegistryObject *const *objects;
    size_t count;
    struct co_registry *to;
};

static bool is_in(const struct co_registry *r, const Callout__V1__RegistryObject *o)
{
    return co_registry_get(r, (enum co_kind)o->object_case, co_object_key_of(o)) != NULL;
}

static bool add_list(struct intake_change *c, const struct list *l, struct co_arena *arena, struct intake_complaint *ret_complaint)
{
    for (size_t i = 0; i < l->count; i++) {
        const Callout__V1__RegistryObject *o = l->objects[i];
        if (co_object_body(o) == NULL)
            return refuse(arena, ret_complaint, l->name, i, o, "no kind of object that is known here");
        if (is_in(c->objects, o) || is_in(c->gone, o))
            return refuse(arena, ret_complaint, l->name, i, o, "it is in this change twice");
        if (co_registry_bytes(c->objects) + co_registry_bytes(c->gone) > INTAKE_CHANGE_BYTES)
            return refuse(arena, ret_complaint, l->name, i, o, "the change is too large");
        enum co_err err = co_registry_put_message(l->to, o, 0);
        if (err != CO_OK)
            return refuse(arena, ret_complaint, l->name, i, o,
                          err == CO_EINPUT ? "it is too long, or not whole" : "the change is too large");
    }
    return true;
}

bool intake_change_add(struct intake_change *c, const Callout__V1__Apply *apply, struct co_arena *arena,
                       struct intake_complaint *ret_complaint)
{
    const struct list lists[] = { { "objects", apply->objects, apply->n_objects, c->objects },
                                  { "remove", apply->remove, apply->n_remove, c->gone } };
    for (size_t i = 0; i < 2; i++)
        if (!add_list(c, &lists[i], arena, ret_complaint))
            return false;
    c->parts++;
    return true;
}

/* The registry as it would be. NULL: out of memory. */
static struct co_registry *merge(const struct co_registry *now, const struct intake_change *change)
{
    struct co_registry *r = co_registry_new(INTAKE_CHANGE_OBJECTS * 2);
    const struct co_registry *from[] = { now, change->objects };
    bool is_whole = r != NULL;
    for (size_t i = 0; i < 2; i++)
        for (enum co_kind k = CO_KIND_CUSTOMER; is_whole && k < CO_KINDS; k++)
            for (uint32_t n = 0; is_whole && n < co_registry_count(from[i], k); n++)
                is_whole = co_registry_put_object(r, co_registry_at(from[i], k, n)) == CO_OK;
    for (enum co_kind k = CO_KIND_CUSTOMER; is_whole && k < CO_KINDS; k++)
        for (uint32_t n = 0; n < co_registry_count(change->gone, k); n++)
            (void)co_registry_remove(r, k, co_registry_at(change->gone, k, n)->key);
    if (is_whole)
        return r;
    co_registry_free(r);
    return NULL;
}

/* What is to be removed by its name must be there. */
static enum co_err check_gone(const struct intake_change *c, const struct co_registry *now, struct co_arena *arena,
                              struct intake_complaint *ret_complaint)
{
    for (enum co_kind k = CO_KIND_CUSTOMER; k < CO_KINDS; k++)
        for (uint32_t n = 0; n < co_registry_count(c->gone, k); n++) {
            const char *key = co_registry_at(c->gone, k, n)->key;
            if (co_registry_get(now, k, key) != NULL)
                continue;
            intake_complain(ret_complaint, arena, CALLOUT__V1__CODE__CODE_NOT_FOUND, "apply.remove",
                            "nothing was changed: there is no %s %s to be removed", co_kind_name(k), key);
            return CO_EINPUT;
        }
    return CO_OK;
}

/* With `prune` they are among what the change does not contain. */
static void add_gone(const struct intake_change *c, const struct co_registry *now, struct intake_change_plan *plan)
{
    for (enum co_kind k = CO_KIND_CUSTOMER; k < CO_KINDS; k++)
        for (uint32_t n = 0; n < co_registry_count(c->gone, k); n++) {
            const struct co_object *o = co_registry_get(now, k, co_registry_at(c->gone, k, n)->key);
            plan->rows[plan->diff.row_count++] = (struct co_change){ CO_CHANGE_REMOVED, o };
            plan->diff.removed++;
        }
}

static enum co_err check(const struct co_registry *r, struct co_arena *arena, struct intake_complaint *c)
{
    struct co_problems *problems = co_registry_check(r);
    if (problems == NULL)
        return CO_ENOMEM;
    size_t n = co_problems_count(problems);
    if (n > 0) {
        intake_complain(c, arena, CALLOUT__V1__CODE__CODE_INVALID, "apply.objects",
                        "nothing was changed: the registry would have %zu problem%s, listed here", n, n == 1 ? "" : "s");
        for (size_t i = 0; i < n; i++) {
            const struct co_problem *p = co_problems_at(problems, i);
            intake_allow(c, "%s %s%s%s: %s%s%s", co_kind_name(p->kind), p->key, p->path[0] == '\0' ? "" : ", ", p->path,
                         p->message, p->allowed[0] == '\0' ? "" : "; allowed: ", p->allowed);
        }
    }
    co_problems_free(problems);
    return n == 0 ? CO_OK : CO_EINPUT;
}

enum co_err intake_change_plan(const struct intake_change *c, const struct co_registry *now, bool is_pruned,
                               struct co_arena *arena, struct intake_change_plan *ret_plan,
                               struct intake_complaint *ret_complaint)
{
    enum co_err err = check_gone(c, now, arena, ret_complaint);
    if (err != CO_OK)
        return err;
    struct co_registry *merged = is_pruned ? NULL : merge(now, c);
    if (!is_pruned && merged == NULL)
        return CO_ENOMEM;
    err = check(is_pruned ? c->objects : merged, arena, ret_complaint);
    co_registry_free(merged);
    if (err != CO_OK)
        return err;
    size_t cap = 1;
    for (enum co_kind k = CO_KIND_CUSTOMER; k < CO_KINDS; k++)
        cap += co_registry_count(c->objects, k) + co_registry_count(c->gone, k) + (is_pruned ? co_registry_count(now, k) : 0);
    ret_plan->rows = malloc(cap * sizeof(ret_plan->rows[0]));
    if (ret_plan->rows == NULL)
        return CO_ENOMEM;
    ret_plan->diff = co_registry_diff(now, c->objects, is_pruned, ret_plan->rows, cap);
    if (!is_pruned)
        add_gone(c, now, ret_plan);
    return CO_OK;
}

void intake_change_plan_done(struct intake_change_plan *plan)
{
    free(plan->rows);
    *plan = (struct intake_change_plan){ .rows = NULL };
}

/* NULL: out of memory. */
static Callout__V1__Change *row(struct co_arena *arena, enum co_kind kind, const char *key, enum co_change_how how)
{
    Callout__V1__Change *r = co_arena_alloc(arena, sizeof(*r));
    if (r == NULL)
        return NULL;
    callout__v1__change__init(r);
    r->kind = co_arena_strdup(arena, co_kind_name(kind));
    r->key = co_arena_strdup(arena, key);
    r->how = co_arena_strdup(arena, co_change_name(how));
    return r->kind == NULL || r->key == NULL || r->how == NULL ? NULL : r;
}

bool intake_change_result(const struct intake_change_plan *plan, struct co_arena *arena, uint64_t version,
                          Callout__V1__ApplyResult *ret_result)
{
    size_t n = plan->diff.row_count < INTAKE_CHANGE_ROWS ? plan->diff.row_count : INTAKE_CHANGE_ROWS;
    callout__v1__apply_result__init(ret_result);
    ret_result->version = version;
    ret_result->added = plan->diff.added;
    ret_result->changed = plan->diff.changed;
    ret_result->removed = plan->diff.removed;
    ret_result->unchanged = plan->diff.unchanged;
    ret_result->changes = co_arena_alloc(arena, n * sizeof(ret_result->changes[0]));
    for (size_t i = 0; ret_result->changes != NULL && i < n; i++) {
        const struct co_change *c = &plan->rows[i];
        ret_result->changes[i] = row(arena, c->object->kind, c->object->key, c->how);
        if (ret_result->changes[i] == NULL)
            return false;
        ret_result->n_changes = i + 1;
    }
    return ret_result->changes != NULL;
}

void intake_change_rows(const PGresult *res, struct co_arena *arena, Callout__V1__ApplyResult *result)
{
    size_t n = (size_t)PQntuples(res);
    result->changes = co_arena_alloc(arena, n * sizeof(result->changes[0]));
    for (size_t i = 0; result->changes != NULL && i < n; i++) {
        bool came = co_row_bool(res, (int)i, 2), went = co_row_bool(res, (int)i, 3);
        enum co_change_how how = !went ? CO_CHANGE_ADDED : came ? CO_CHANGE_CHANGED : CO_CHANGE_REMOVED;
        result->changes[i] = row(arena, (enum co_kind)co_row_int2(res, (int)i, 0), co_row_text(res, (int)i, 1), how);
        if (result->changes[i] == NULL)
            return;
        result->n_changes = i + 1;
    }
}

/* The objects of the rows that match, as columns. */
struct columns {
    int16_t *kind;
    const char **key;
    struct co_bytes *body;
    size_t n;
};

static void collect(const struct intake_change_plan *plan, bool is_ended, struct columns *c)
{
    c->n = 0;
    for (size_t i = 0; i < plan->diff.row_count; i++) {
        const struct co_change *change = &plan->rows[i];
        if (change->how == (is_ended ? CO_CHANGE_ADDED : CO_CHANGE_REMOVED))
            continue;
        c->kind[c->n] = (int16_t)change->object->kind;
        c->key[c->n] = change->object->key;
        c->body[c->n++] = (struct co_bytes){ change->object->bytes, change->object->len };
    }
}

void intake_change_write(const struct intake_change_plan *plan, const struct intake_change *c, uint64_t version,
                         struct co_batch *batch)
{
    size_t n = plan->diff.row_count;
    struct columns cols = { malloc(n * sizeof(*cols.kind)), malloc(n * sizeof(*cols.key)), malloc(n * sizeof(*cols.body)), 0 };
    (void)co_batch_add(batch, &intake_sql[intake_sql_add_version]);
    co_batch_int8(batch, (int64_t)version);
    co_batch_text(batch, c->change_id);
    co_batch_text(batch, c->client);
    co_batch_int4(batch, (int32_t)plan->diff.added);
    co_batch_int4(batch, (int32_t)plan->diff.changed);
    co_batch_int4(batch, (int32_t)plan->diff.removed);
    co_batch_int4(batch, (int32_t)plan->diff.unchanged);
    if (cols.kind == NULL || cols.key == NULL || cols.body == NULL) {
        co_batch_fail(batch, CO_ENOMEM);
    } else {
        collect(plan, true, &cols);
        (void)co_batch_add(batch, &intake_sql[intake_sql_end_objects]);
        co_batch_int8(batch, (int64_t)version);
        co_batch_int2s(batch, cols.kind, cols.n);
        co_batch_texts(batch, cols.key, cols.n);
        collect(plan, false, &cols);
        (void)co_batch_add(batch, &intake_sql[intake_sql_add_objects]);
        co_batch_int8(batch, (int64_t)version);
        co_batch_int2s(batch, cols.kind, cols.n);
        co_batch_texts(batch, cols.key, cols.n);
        co_batch_byteas(batch, cols.body, cols.n);
    }
    free(cols.kind);
    free(cols.key);
    free(cols.body);
}
