/* The rosters of all who are named. What the files say nothing of stays as the registry has it:
 * shifts where they only have absences, or times taken over from others; absences where they only
 * have shifts. */
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_object.h"
#include "co_roster.h"
#include "co_time.h"
#include "shifts.h"

enum { DAY_MIN = 1440, WEEK = 7 };

static int by_begin(const void *a, const void *b)
{
    const Callout__V1__RosterSpan *x = *(Callout__V1__RosterSpan *const *)a;
    const Callout__V1__RosterSpan *y = *(Callout__V1__RosterSpan *const *)b;
    if (x->from_us != y->from_us)
        return x->from_us < y->from_us ? -1 : 1;
    if (x->until_us != y->until_us)
        return x->until_us < y->until_us ? -1 : 1;
    return strcmp(x->why, y->why);
}

/* Into order; those that overlap become one, with both reasons. */
static void put_in_order(struct shifts *k, struct shift_spans *s)
{
    size_t kept = 0;
    if (s->n > 0)
        qsort((void *)s->item, s->n, sizeof(s->item[0]), by_begin);
    for (size_t i = 0; i < s->n; i++) {
        Callout__V1__RosterSpan *last = kept > 0 ? s->item[kept - 1] : NULL, *x = s->item[i];
        if (last == NULL || x->from_us >= last->until_us) {
            s->item[kept++] = x;
            continue;
        }
        last->until_us = x->until_us > last->until_us ? x->until_us : last->until_us;
        if (last->why[0] == '\0')
            last->why = x->why;
        else if (strstr(last->why, x->why) == NULL)
            last->why = cli_text(k->cli, cli_format(k->cli, "%s; %s", last->why, x->why));
    }
    s->n = kept;
}

static void add_all(struct shifts *k, struct shift_spans *to, Callout__V1__RosterSpan *const *spans,
                    size_t n)
{
    for (size_t i = 0; i < n; i++)
        shifts_add_span(k, to, spans[i]->from_us, spans[i]->until_us, spans[i]->why);
}

/* He can be sent at any time but for his absences. */
static void always(struct shifts *k, Callout__V1__Roster *x)
{
    Callout__V1__ShiftRule *rule = co_arena_alloc(k->cli->arena, sizeof(*rule));
    Callout__V1__ShiftRule **rules = co_arena_alloc(k->cli->arena, sizeof(rules[0]));
    uint32_t *weekdays = co_arena_alloc(k->cli->arena, WEEK * sizeof(*weekdays));
    co_assert(rule != NULL && rules != NULL && weekdays != NULL);
    callout__v1__shift_rule__init(rule);
    rule->n_weekdays = WEEK;
    rule->weekdays = weekdays;
    for (uint32_t i = 0; i < WEEK; i++)
        weekdays[i] = i + 1;
    rule->until_min = DAY_MIN;
    rules[0] = rule;
    x->n_rules = 1;
    x->rules = rules;
}

/* Shifts taken over by others are told as absences, where he has no other shift at that time. */
static void tell_lost(struct shifts *k, struct shift_person *who, const Callout__V1__Roster *x)
{
    struct co_roster r = { x, k->compiled };
    put_in_order(k, &who->lost);
    for (size_t i = 0; i < who->lost.n; i++) {
        const Callout__V1__RosterSpan *lost = who->lost.item[i];
        bool is_away = false;
        for (size_t a = 0; a < x->n_absences; a++)
            is_away = is_away || (x->absences[a]->from_us < lost->until_us &&
                                  x->absences[a]->until_us > lost->from_us);
        if (!is_away && co_roster_from(&r, lost->from_us) >= lost->until_us)
            shifts_add_span(k, &who->absences, lost->from_us, lost->until_us, lost->why);
    }
    put_in_order(k, &who->absences);
}

static void fill(struct shifts *k, struct shift_person *who, Callout__V1__Roster *x)
{
    const struct co_object *object = co_registry_get(k->registry, CO_KIND_ROSTER, who->key);
    const Callout__V1__Roster *known = object == NULL ? NULL : object->message->roster;
    callout__v1__roster__init(x);
    x->key = cli_text(k->cli, who->key);
    x->calendar = k->calendar->key;
    x->n_rules = who->rules;
    x->rules = who->rule;
    if (!who->has_duty && known != NULL) {
        x->calendar = known->calendar;
        x->n_rules = known->n_rules;
        x->rules = known->rules;
        add_all(k, &who->shifts, known->shifts, known->n_shifts);
    } else if (!who->has_duty)
        always(k, x);
    if (!k->has_absences && known != NULL)
        add_all(k, &who->absences, known->absences, known->n_absences);
    put_in_order(k, &who->shifts);
    put_in_order(k, &who->absences);
    x->n_shifts = who->shifts.n;
    x->shifts = who->shifts.item;
    x->n_absences = who->absences.n;
    x->absences = who->absences.item;
    if (who->has_duty)
        tell_lost(k, who, x);
    x->n_absences = who->absences.n;
    x->absences = who->absences.item;
}

static bool is_named(const struct shift_person *who)
{
    return who->has_duty || who->rules + who->shifts.n + who->absences.n > 0;
}

int shifts_rosters(struct shifts *k, Callout__V1__Registry *ret_registry)
{
    size_t count = k->names.keys, n = 0;
    Callout__V1__RegistryObject **list =
        co_arena_alloc(k->cli->arena, (count + 1) * sizeof(list[0]));
    for (size_t i = 0; list != NULL && i < count; i++) {
        if (!is_named(&k->person[i]))
            continue;
        Callout__V1__RegistryObject *object = co_arena_alloc(k->cli->arena, sizeof(*object));
        Callout__V1__Roster *roster = co_arena_alloc(k->cli->arena, sizeof(*roster));
        co_assert(object != NULL && roster != NULL);
        fill(k, &k->person[i], roster);
        callout__v1__registry_object__init(object);
        object->object_case = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_ROSTER;
        object->roster = roster;
        if (callout__v1__registry_object__get_packed_size(object) > CO_OBJECT_LIMIT_BYTES)
            return cli_fail(k->cli, CLI_REFUSED,
                            "%s has %zu single shifts and %zu absences, more than a roster holds; "
                            "take a nearer --until",
                            roster->key, roster->n_shifts, roster->n_absences);
        list[n++] = object;
    }
    callout__v1__registry__init(ret_registry);
    ret_registry->objects = list;
    ret_registry->n_objects = n;
    return list != NULL ? CLI_OK : cli_fail(k->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
}
