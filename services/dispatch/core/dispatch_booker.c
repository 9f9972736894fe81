#include "dispatch_booker.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "co_number.h"
#include "co_time.h"

enum { WHY_MAX = 512, RESOURCE_TEXT = 128 };

static bool is_of_people(const Callout__V1__StaffNeed *need)
{
    return need->resource_kind[0] == '\0';
}

static const char *kind_of(const Callout__V1__StaffNeed *need)
{
    return is_of_people(need) ? DISPATCH_ENGINEER : DISPATCH_RESOURCE;
}

static bool names(const char *resource, const char *kind, const char *key)
{
    size_t len = strlen(kind);
    return strncmp(resource, kind, len) == 0 && strcmp(resource + len, key) == 0;
}

/* How many of it are taken at that moment. */
static uint32_t taken_at(const struct dispatch_booker *b, const char *kind, const char *key,
                         int64_t at_us)
{
    uint32_t count = 0;
    for (size_t i = 0; i < b->taken_count; i++)
        count += b->taken[i].from_us <= at_us && b->taken[i].until_us > at_us &&
                 names(b->taken[i].resource, kind, key);
    return count;
}

/* The first moment of the span at which `capacity` are taken; false: there is none. Only where one
 * begins the number can rise. */
static bool find_full(const struct dispatch_booker *b, const char *kind, const char *key,
                      uint32_t capacity, int64_t from_us, int64_t until_us, int64_t *ret_us)
{
    bool is_found = taken_at(b, kind, key, from_us) >= capacity;
    *ret_us = from_us;
    for (size_t i = 0; i < b->taken_count; i++) {
        int64_t at_us = b->taken[i].from_us;
        if (at_us <= from_us || at_us >= until_us || (is_found && at_us >= *ret_us) ||
            !names(b->taken[i].resource, kind, key) || taken_at(b, kind, key, at_us) < capacity)
            continue;
        *ret_us = at_us;
        is_found = true;
    }
    return is_found;
}

static void look_at_taken(const struct dispatch_booker *b, const char *kind, const char *key,
                          int64_t from_us, int64_t until_us, struct dispatch_look *look)
{
    int64_t full_us;
    if (!find_full(b, kind, key, look->capacity, from_us, until_us, &full_us))
        return;
    look->bar = DISPATCH_BAR_TAKEN;
    for (size_t i = 0; i < b->taken_count; i++) {
        const struct dispatch_taken *t = &b->taken[i];
        if (t->from_us > full_us || t->until_us <= full_us || !names(t->resource, kind, key) ||
            (look->case_id != 0 && t->until_us >= look->until_us))
            continue;
        look->from_us = t->from_us;
        look->until_us = t->until_us;
        look->case_id = t->case_id;
    }
}

static void look_at_absences(const struct dispatch_booker *b, const char *key, int64_t from_us,
                             int64_t until_us, struct dispatch_look *look)
{
    struct co_roster r;
    if (!co_rosters_of(dispatch_map_rosters(b->map), key, &r))
        return;
    for (size_t i = 0; i < r.roster->n_absences && look->bar == DISPATCH_BAR_NONE; i++) {
        const Callout__V1__RosterSpan *away = r.roster->absences[i];
        if (away->from_us >= until_us || away->until_us <= from_us)
            continue;
        look->bar = DISPATCH_BAR_AWAY;
        look->what = away->why;
        look->from_us = away->from_us;
        look->until_us = away->until_us;
    }
}

static const Callout__V1__Skill *skill_of(const Callout__V1__Engineer *e, const char *key)
{
    for (size_t i = 0; i < e->n_skills; i++)
        if (strcmp(e->skills[i]->key, key) == 0)
            return e->skills[i];
    return NULL;
}

static void look_at_skills(const Callout__V1__StaffNeed *need, const Callout__V1__Engineer *e,
                           int64_t until_us, struct dispatch_look *look)
{
    for (size_t i = 0; i < need->n_skills; i++) {
        const Callout__V1__SkillNeed *n = need->skills[i];
        const Callout__V1__Skill *skill = skill_of(e, n->skill);
        bool has_it = skill != NULL && skill->level >= n->level;
        bool is_over = has_it && skill->until_us != 0 && skill->until_us < until_us;
        enum dispatch_bar bar = !has_it   ? DISPATCH_BAR_UNQUALIFIED
                                : is_over ? DISPATCH_BAR_CERTIFICATE
                                          : DISPATCH_BAR_NONE;
        look->qualified += has_it;
        if (bar <= look->bar)
            continue;
        look->bar = bar;
        look->what = n->skill;
        look->level = n->level;
        look->until_us = is_over ? skill->until_us : 0;
    }
}

static struct dispatch_look look_at_engineer(const struct dispatch_booker *b,
                                             const Callout__V1__StaffNeed *need,
                                             const Callout__V1__Engineer *e, int64_t from_us,
                                             int64_t until_us)
{
    struct dispatch_look look = { .what = "", .capacity = 1 };
    look_at_skills(need, e, until_us, &look);
    if (look.bar == DISPATCH_BAR_NONE)
        look_at_absences(b, e->key, from_us, until_us, &look);
    if (look.bar == DISPATCH_BAR_NONE)
        look_at_taken(b, DISPATCH_ENGINEER, e->key, from_us, until_us, &look);
    return look;
}

static struct dispatch_look look_at_resource(const struct dispatch_booker *b,
                                             const Callout__V1__StaffNeed *need,
                                             const Callout__V1__Resource *r, int64_t from_us,
                                             int64_t until_us)
{
    struct dispatch_look look = { .what = "", .capacity = r->capacity > 0 ? r->capacity : 1 };
    if (strcmp(r->kind, need->resource_kind) != 0) {
        look.bar = DISPATCH_BAR_KIND;
        look.what = r->kind;
        return look;
    }
    look_at_taken(b, DISPATCH_RESOURCE, r->key, from_us, until_us, &look);
    return look;
}

static const Callout__V1__RegistryObject *find(const struct dispatch_booker *b,
                                               const Callout__V1__StaffNeed *need, const char *key)
{
    const struct co_object *o =
        co_registry_get(dispatch_map_registry(b->map),
                        is_of_people(need) ? CO_KIND_ENGINEER : CO_KIND_RESOURCE, key);
    return o == NULL ? NULL : o->message;
}

static struct dispatch_look look_at(const struct dispatch_booker *b,
                                    const Callout__V1__StaffNeed *need,
                                    const Callout__V1__RegistryObject *m, int64_t from_us,
                                    int64_t until_us)
{
    return is_of_people(need) ? look_at_engineer(b, need, m->engineer, from_us, until_us)
                              : look_at_resource(b, need, m->resource, from_us, until_us);
}

struct dispatch_look dispatch_booker_look(const struct dispatch_booker *b,
                                          const Callout__V1__StaffNeed *need, const char *key,
                                          int64_t from_us, int64_t until_us)
{
    const Callout__V1__RegistryObject *m = find(b, need, key);
    if (m == NULL)
        return (struct dispatch_look){ .bar = DISPATCH_BAR_GONE, .what = "" };
    return look_at(b, need, m, from_us, until_us);
}

/* ---- words ---- */

static void say_taken(char why[static WHY_MAX], const char *key, const struct dispatch_look *look,
                      const char *from, const char *until)
{
    char number[CO_NUMBER_TEXT];
    co_number_format(look->case_id, number);
    if (look->capacity > 1)
        (void)snprintf(why, WHY_MAX, "all %u places of %s are taken, by %s among others until %s",
                       look->capacity, key, number, until);
    else
        (void)snprintf(why, WHY_MAX, "%s is booked for %s from %s to %s", key, number, from, until);
}

static void say_unqualified(char why[static WHY_MAX], const char *key,
                            const struct dispatch_look *look)
{
    if (look->level > 0)
        (void)snprintf(why, WHY_MAX, "%s lacks the qualification \"%s\" of level %u", key,
                       look->what, look->level);
    else
        (void)snprintf(why, WHY_MAX, "%s lacks the qualification \"%s\"", key, look->what);
}

const char *dispatch_booker_why(struct co_arena *arena, const Callout__V1__StaffNeed *need,
                                const char *key, const struct dispatch_look *look, int64_t until_us)
{
    char why[WHY_MAX] = "", from[CO_TIME_TEXT], until[CO_TIME_TEXT], end[CO_TIME_TEXT];
    co_time_format(look->from_us, from);
    co_time_format(look->until_us, until);
    co_time_format(until_us, end);
    switch (look->bar) {
    case DISPATCH_BAR_TAKEN:
        say_taken(why, key, look, from, until);
        break;
    case DISPATCH_BAR_AWAY:
        (void)snprintf(why, WHY_MAX, "%s is away from %s to %s%s%s", key, from, until,
                       look->what[0] == '\0' ? "" : ": ", look->what);
        break;
    case DISPATCH_BAR_CERTIFICATE:
        (void)snprintf(why, WHY_MAX,
                       "the certificate \"%s\" of %s ends at %s, before what it is needed for: %s",
                       look->what, key, until, end);
        break;
    case DISPATCH_BAR_UNQUALIFIED:
        say_unqualified(why, key, look);
        break;
    case DISPATCH_BAR_KIND:
        (void)snprintf(why, WHY_MAX, "%s is a %s, and a %s is needed", key, look->what,
                       need->resource_kind);
        break;
    case DISPATCH_BAR_GONE:
        (void)snprintf(why, WHY_MAX, "the registry has no %s of the key \"%.64s\"",
                       is_of_people(need) ? "engineer" : "resource", key);
        break;
    case DISPATCH_BAR_NONE:
        break;
    }
    return co_arena_strdup(arena, why);
}

char *dispatch_booker_resource(struct co_arena *arena, const Callout__V1__StaffNeed *need,
                               const char *key)
{
    char resource[RESOURCE_TEXT];
    (void)snprintf(resource, sizeof(resource), "%s%.64s", kind_of(need), key);
    return co_arena_strdup(arena, resource);
}

/* ---- the choice ---- */

static bool is_barred(const Callout__V1__StaffNeed *need, const char *key, char *const *barred,
                      size_t count)
{
    size_t len = strlen(need->key);
    for (size_t i = 0; i < count; i++)
        if (strncmp(barred[i], need->key, len) == 0 && barred[i][len] == ' ' &&
            names(barred[i] + len + 1, kind_of(need), key))
            return true;
    return false;
}

struct candidate {
    const char *key; /* NULL: none */
    double km;
    struct dispatch_look look;
};

/* What is in the way, then what he can do, the journey, the key. They come in the order of keys. */
static bool is_better(const struct candidate *x, const struct candidate *than)
{
    if (than->key == NULL)
        return true;
    if (x->look.bar != than->look.bar)
        return x->look.bar < than->look.bar;
    if (x->look.bar >= DISPATCH_BAR_CERTIFICATE && x->look.qualified != than->look.qualified)
        return x->look.qualified > than->look.qualified;
    return x->km < than->km;
}

static const char *missing_of(const Callout__V1__StaffNeed *need, const struct candidate *best)
{
    if (!is_of_people(need))
        return best->key == NULL ? "resource" : "free_resource";
    if (best->key == NULL)
        return "engineer";
    switch (best->look.bar) {
    case DISPATCH_BAR_AWAY:
        return "absence";
    case DISPATCH_BAR_CERTIFICATE:
        return "certificate";
    case DISPATCH_BAR_UNQUALIFIED:
        return "skill";
    case DISPATCH_BAR_NONE:
    case DISPATCH_BAR_TAKEN:
    case DISPATCH_BAR_KIND:
    case DISPATCH_BAR_GONE:
        break;
    }
    return "free_engineer";
}

static struct dispatch_booker_pick conclude(const Callout__V1__StaffNeed *need,
                                            const struct candidate *best)
{
    if (best->key != NULL && best->look.bar == DISPATCH_BAR_NONE)
        return (struct dispatch_booker_pick){
            .key = best->key, .capacity = best->look.capacity, .missing = "", .nearest = ""
        };
    bool is_near = best->key != NULL &&
                   (best->look.bar != DISPATCH_BAR_UNQUALIFIED || best->look.qualified > 0);
    bool ends = is_near && best->look.bar <= DISPATCH_BAR_AWAY;
    return (struct dispatch_booker_pick){ .missing = missing_of(need, best),
                                          .nearest = is_near ? best->key : "",
                                          .free_from_us = ends ? best->look.until_us : 0 };
}

struct dispatch_booker_pick dispatch_booker_pick(const struct dispatch_booker *b,
                                                 const Callout__V1__StaffNeed *need,
                                                 int64_t from_us, int64_t until_us,
                                                 char *const *barred, size_t barred_count)
{
    const struct co_registry *r = dispatch_map_registry(b->map);
    enum co_kind kind = is_of_people(need) ? CO_KIND_ENGINEER : CO_KIND_RESOURCE;
    struct candidate best = { .key = NULL };
    for (uint32_t i = 0; i < co_registry_count(r, kind); i++) {
        const Callout__V1__RegistryObject *m = co_registry_at(r, kind, i)->message;
        struct candidate x = { .key = co_registry_at(r, kind, i)->key };
        if (is_barred(need, x.key, barred, barred_count))
            continue;
        x.look = look_at(b, need, m, from_us, until_us);
        if (x.look.bar >= DISPATCH_BAR_KIND || (best.key != NULL && x.look.bar > best.look.bar))
            continue;
        x.km = dispatch_map_km(
            b->map, b->state, kind == CO_KIND_ENGINEER ? m->engineer->office : m->resource->office);
        if (is_better(&x, &best))
            best = x;
    }
    return conclude(need, &best);
}
