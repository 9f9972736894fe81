#include "history_versions.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_io_sql.h"
#include "co_registry_calendar.h"
#include "co_row.h"

struct version {
    struct version *next;
    enum co_kind kind;
    uint64_t since;
    char *key;
    const struct co_object *object; /* NULL: it does not exist, or cannot be used */
    struct co_object *own;          /* the same, where it is ours */
    struct co_calendar *calendar;
};

struct history_versions {
    struct co_history *history;
    pthread_mutex_t mutex; /* for everything here */
    struct version *list;
    struct version *drafts; /* calendars of drafts; `since` does not count */
    struct co_arena *scratch;
};

struct history_versions *history_versions_new(struct co_history *h)
{
    struct history_versions *v = calloc(1, sizeof(*v));
    struct co_arena *scratch = co_arena_new(CO_OBJECT_UNPACKED_LIMIT_BYTES);
    if (v == NULL || scratch == NULL) {
        free(v);
        co_arena_free(scratch);
        return NULL;
    }
    v->history = h;
    v->scratch = scratch;
    (void)pthread_mutex_init(&v->mutex, NULL);
    return v;
}

static void free_list(struct version *list)
{
    while (list != NULL) {
        struct version *next = list->next;
        co_calendar_free(list->calendar);
        co_object_free(list->own);
        free(list->key);
        free(list);
        list = next;
    }
}

void history_versions_free(struct history_versions *v)
{
    if (v == NULL)
        return;
    free_list(v->list);
    free_list(v->drafts);
    co_arena_free(v->scratch);
    (void)pthread_mutex_destroy(&v->mutex);
    free(v);
}

/* -- one text */

static enum co_err read_text(struct history_versions *v, struct version *to)
{
    char kind[8], since[24];
    const char *values[] = { kind, to->key, since };
    struct co_why why = { "" };
    PGresult *res = NULL;
    (void)snprintf(kind, sizeof(kind), "%d", (int)to->kind);
    (void)snprintf(since, sizeof(since), "%llu", (unsigned long long)to->since);
    enum co_err err =
        co_history_query(v->history, &co_io_sql[co_io_sql_read_object], 3, values, &res, &why);
    if (err != CO_OK)
        return err == CO_EINPUT ? CO_EDOWN : err;
    if (PQntuples(res) == 1) {
        struct co_bytes body = co_row_bytes(res, 0, 0);
        err = co_object_new(v->scratch, body.data, body.len, to->since, &to->own);
    }
    PQclear(res);
    to->object = to->own;
    return err == CO_EINPUT ? CO_OK : err;
}

/* A calendar that cannot be compiled is no version. */
static enum co_err compile(struct version *to)
{
    char problem[CO_CALENDAR_PROBLEM];
    if (to->object == NULL || to->kind != CO_KIND_CALENDAR)
        return CO_OK;
    enum co_err err =
        co_registry_calendar_compile_all(to->object->message->calendar, &to->calendar, problem);
    if (err == CO_EINPUT)
        to->object = NULL;
    return err == CO_EINPUT ? CO_OK : err;
}

static enum co_err add(struct history_versions *v, struct version **list,
                       const struct version *like, const struct version **ret)
{
    struct version *made = calloc(1, sizeof(*made));
    char *key = strdup(like->key);
    if (made == NULL || key == NULL) {
        free(made);
        free(key);
        return CO_ENOMEM;
    }
    *made = *like;
    made->key = key;
    enum co_err err = made->object != NULL ? CO_OK : read_text(v, made);
    if (err == CO_OK)
        err = compile(made);
    if (err != CO_OK) {
        free_list(made);
        return err;
    }
    made->next = *list;
    *list = made;
    *ret = made;
    return CO_OK;
}

static const struct version *look(const struct version *list, const struct version *like)
{
    while (list != NULL && (list->since != like->since || list->kind != like->kind ||
                            strcmp(list->key, like->key) != 0))
        list = list->next;
    return list;
}

/* CO_EINPUT: no such version. */
static enum co_err find(struct history_versions *v, struct version **list,
                        const struct version *like, const struct version **ret)
{
    enum co_err err = CO_OK;
    (void)pthread_mutex_lock(&v->mutex);
    *ret = look(*list, like);
    if (*ret == NULL)
        err = add(v, list, like, ret);
    (void)pthread_mutex_unlock(&v->mutex);
    return err == CO_OK && (*ret)->object == NULL ? CO_EINPUT : err;
}

/* -- those of a case */

struct search {
    struct history_versions *versions;
    const struct history_drafts *drafts;
    bool is_touched;
};

static const struct co_object *draft_of(const struct search *s, enum co_kind kind, const char *key)
{
    for (size_t i = 0; s->drafts != NULL && i < s->drafts->count; i++)
        if (s->drafts->object[i]->kind == kind && strcmp(s->drafts->object[i]->key, key) == 0)
            return s->drafts->object[i];
    return NULL;
}

static enum co_err find_pin(struct search *s, enum co_kind kind, const Callout__V1__Pin *pin,
                            const struct version **ret)
{
    if (pin == NULL)
        return CO_EINPUT;
    struct version like = { .kind = kind, .key = pin->key, .object = draft_of(s, kind, pin->key) };
    if (like.object != NULL) {
        s->is_touched = true;
        return find(s->versions, &s->versions->drafts, &like, ret);
    }
    like.since = pin->since;
    return find(s->versions, &s->versions->list, &like, ret);
}

static enum co_err find_calendar(struct search *s, const Callout__V1__Pin *pin,
                                 struct sla_named_calendar *ret)
{
    const struct version *version = NULL;
    enum co_err err = find_pin(s, CO_KIND_CALENDAR, pin, &version);
    if (err == CO_OK)
        *ret = (struct sla_named_calendar){ version->key, version->calendar };
    return err;
}

/* The pins in force: a case that was rebased counts with the later ones. */
static Callout__V1__CalendarRebased pins_of(const Callout__V1__SlaState *state)
{
    Callout__V1__CalendarRebased pins = CALLOUT__V1__CALENDAR_REBASED__INIT;
    if (state->rebased != NULL)
        return *state->rebased;
    pins.calendar = state->opened->calendar;
    pins.contract_calendar = state->opened->contract_calendar;
    pins.calendars = state->opened->calendars;
    pins.n_calendars = state->opened->n_calendars;
    return pins;
}

static bool is_listed(const struct sla_calendars *c, const char *name)
{
    for (size_t i = 0; i < c->named_count; i++)
        if (strcmp(c->named[i].key, name) == 0)
            return true;
    return name[0] == '\0' || strcmp(name, "site") == 0 || strcmp(name, "contract") == 0;
}

/* A draft of a pack may name calendars that the case has no pin of: those in force. */
static enum co_err add_named(struct search *s, const Callout__V1__PolicyPack *policy,
                             struct sla_named_calendar *named, struct sla_calendars *c)
{
    enum co_err err = CO_OK;
    for (size_t i = 0; err == CO_OK && s->drafts != NULL && i < policy->n_milestones; i++) {
        const char *name = policy->milestones[i]->calendar;
        const struct co_object *object =
            is_listed(c, name) ? NULL
                               : co_registry_get(s->drafts->registry, CO_KIND_CALENDAR, name);
        if (object == NULL)
            continue;
        Callout__V1__Pin pin = CALLOUT__V1__PIN__INIT;
        pin.key = object->key;
        pin.since = object->since;
        err = find_calendar(s, &pin, &named[c->named_count]);
        c->named_count += err == CO_OK;
    }
    return err;
}

static enum co_err find_calendars(struct search *s, struct co_arena *arena,
                                  const Callout__V1__CalendarRebased *pins,
                                  const Callout__V1__PolicyPack *policy, struct sla_calendars *ret)
{
    struct sla_calendars c = { 0 };
    size_t most = pins->n_calendars + policy->n_milestones + 1;
    struct sla_named_calendar *named = co_arena_alloc(arena, most * sizeof(*named));
    enum co_err err = named == NULL ? CO_ENOMEM : find_calendar(s, pins->calendar, &c.site);
    c.named = named;
    if (err == CO_OK && pins->contract_calendar != NULL)
        err = find_calendar(s, pins->contract_calendar, &c.contract);
    for (; err == CO_OK && c.named_count < pins->n_calendars; c.named_count++)
        err = find_calendar(s, pins->calendars[c.named_count], &named[c.named_count]);
    if (err == CO_OK)
        err = add_named(s, policy, named, &c);
    *ret = c;
    return err;
}

enum co_err history_versions_find(struct history_versions *v, struct co_arena *arena,
                                  const Callout__V1__SlaState *state,
                                  const struct history_drafts *drafts,
                                  const Callout__V1__PolicyPack **ret_policy,
                                  struct sla_calendars *ret_calendars, bool *ret_touched)
{
    struct search s = { v, drafts, false };
    const struct version *policy = NULL;
    Callout__V1__CalendarRebased pins = pins_of(state);
    enum co_err err = find_pin(&s, CO_KIND_POLICY, state->opened->policy, &policy);
    if (err == CO_OK)
        err = find_calendars(&s, arena, &pins, policy->object->message->policy, ret_calendars);
    if (err != CO_OK)
        return err;
    *ret_policy = policy->object->message->policy;
    if (ret_touched != NULL)
        *ret_touched = s.is_touched;
    return CO_OK;
}

enum co_err history_versions_object(struct history_versions *v, enum co_kind kind,
                                    const Callout__V1__Pin *pin, const struct co_object **ret)
{
    struct search s = { v, NULL, false };
    const struct version *version = NULL;
    enum co_err err = find_pin(&s, kind, pin, &version);
    if (err == CO_OK)
        *ret = version->object;
    return err;
}
