/* What a pack takes for the span of its cases, and what there is to take. */
#include <string.h>

#include "co_check.h"
#include "co_time.h"

#define COUNT_MAX 20
#define BESIDE_MAX_US (30 * CO_DAY_US)

static void check_skill_needs(struct co_check *c, const Callout__V1__StaffNeed *n)
{
    for (size_t i = 0; i < n->n_skills; i++) {
        size_t mark = check_push_index(c, "skills", i);
        check_key(c, "skill", n->skills[i]->skill);
        check_range(c, "level", n->skills[i]->level, 0, 3);
        if (n->skills[i]->n_severities > 0)
            check_say(c, "severities", "leave it out", "whoever is taken has it at every level");
        check_pop(c, mark);
    }
}

static void check_one(struct co_check *c, const Callout__V1__PolicyPack *x, size_t i)
{
    const Callout__V1__StaffNeed *n = x->staff[i];
    bool is_of_people = n->resource_kind[0] == '\0';
    check_name(c, "key", n->key);
    for (size_t k = 0; k < i; k++)
        if (strcmp(x->staff[k]->key, n->key) == 0)
            check_say(c, "key", "each slot once", "\"%.64s\" stands before", n->key);
    check_text(c, "title", n->title);
    check_skill_needs(c, n);
    if (!is_of_people)
        check_name(c, "resource_kind", n->resource_kind);
    if (!is_of_people && n->n_skills > 0)
        check_say(c, "skills", "either skills or resource_kind", "only people have skills");
    if (!is_of_people && n->takes_faults)
        check_say(c, "takes_faults", "leave it out", "only people look after faults");
    check_range(c, "count", n->count, 0, COUNT_MAX);
    if (n->before_us < 0 || n->before_us > BESIDE_MAX_US)
        check_say(c, "before", "0 to 30 days", "is out of range");
    if (n->after_us < 0 || n->after_us > BESIDE_MAX_US)
        check_say(c, "after", "0 to 30 days", "is out of range");
}

void check_staff(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    if (x->n_staff > 0 && !x->dated)
        check_say(c, "staff", "dated: true", "belongs to packs whose cases have a date");
    for (size_t i = 0; i < x->n_staff; i++) {
        size_t mark = check_push_index(c, "staff", i);
        check_one(c, x, i);
        check_pop(c, mark);
    }
}

void check_resource(struct co_check *c, const Callout__V1__Resource *x)
{
    check_name(c, "kind", x->kind);
    check_text(c, "name", x->name);
    check_ref(c, "office", CO_KIND_OFFICE, x->office, false);
    check_range(c, "capacity", x->capacity, 0, 1000);
}
