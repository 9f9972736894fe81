#include "roster_look.h"

#include <string.h>

#include "co_text.h"
#include "dispatch_choice.h"

enum { DAYS_MAX = 366, LEVEL_MAX = 3 };

int roster_look_read(struct cli *cli, uint32_t days, struct roster_look *ret)
{
    *ret = (struct roster_look){ .cli = cli, .level = 1 };
    ret->office = cli_value_or(cli, "office", "");
    ret->person = cli_value_or(cli, "person", "");
    ret->product = cli_value_or(cli, "product", "");
    ret->skill = cli_value_or(cli, "skill", "");
    if (!cli_read_count(cli, "level", LEVEL_MAX, &ret->level))
        return CLI_USAGE;
    return cli_read_days(cli, days, DAYS_MAX, &ret->from_us, &ret->until_us);
}

const Callout__V1__Engineer *roster_look_at(const struct roster_look *k, uint32_t i)
{
    return co_registry_at(k->registry, CO_KIND_ENGINEER, i)->message->engineer;
}

/* The qualification as a rule that asks for it. */
static bool has_skill(const char *key, const Callout__V1__Engineer *e, int64_t at_us)
{
    Callout__V1__SkillNeed need = CALLOUT__V1__SKILL_NEED__INIT, *needs[] = { &need };
    Callout__V1__DispatchRule rule = CALLOUT__V1__DISPATCH_RULE__INIT;
    need.skill = (char *)(uintptr_t)key;
    rule.n_skills = 1;
    rule.skills = needs;
    return dispatch_is_qualified(&rule, 0, e, at_us);
}

bool roster_look_wants(const struct roster_look *k, const Callout__V1__Engineer *e, int64_t at_us)
{
    uint32_t level = 0;
    return (*k->office == '\0' || strcmp(k->office, e->office) == 0) &&
           (*k->person == '\0' || strcmp(k->person, e->key) == 0) &&
           dispatch_level_of(e, k->product, at_us, &level) && level >= k->level &&
           (*k->skill == '\0' || has_skill(k->skill, e, at_us));
}

bool roster_look_is_of_engineers(const struct roster_look *k)
{
    return *k->office != '\0' || *k->product != '\0' || *k->skill != '\0' || k->level > 1;
}

static int unknown(const struct roster_look *k, enum co_kind kind, const char *key)
{
    uint32_t count = co_registry_count(k->registry, kind);
    const char **keys = co_arena_alloc(k->cli->arena, (count + 1) * sizeof(keys[0]));
    for (uint32_t i = 0; keys != NULL && i < count; i++)
        keys[i] = co_registry_at(k->registry, kind, i)->key;
    const char *near = keys == NULL ? NULL : co_text_nearest(key, keys, count);
    return cli_fail(k->cli, CLI_NOT_FOUND, "there is no %s '%s'%s", co_kind_name(kind), key,
                    near == NULL ? "" : cli_format(k->cli, "; did you mean '%s'?", near));
}

/* A qualification is known by somebody having it. */
static bool is_had(const struct roster_look *k)
{
    for (uint32_t i = 0; i < co_registry_count(k->registry, CO_KIND_ENGINEER); i++)
        for (size_t s = 0; s < roster_look_at(k, i)->n_skills; s++)
            if (strcmp(roster_look_at(k, i)->skills[s]->key, k->skill) == 0)
                return true;
    return false;
}

int roster_look_begin(struct roster_look *k, const struct co_registry *registry)
{
    k->registry = registry;
    if (*k->office != '\0' && co_registry_office(registry, k->office) == NULL)
        return unknown(k, CO_KIND_OFFICE, k->office);
    if (*k->person != '\0' && co_registry_person(registry, k->person) == NULL)
        return unknown(k, CO_KIND_PERSON, k->person);
    if (*k->product != '\0' && co_registry_product(registry, k->product) == NULL)
        return unknown(k, CO_KIND_PRODUCT, k->product);
    if (*k->skill != '\0' && !is_had(k))
        cli_note(k->cli, "nobody has the qualification '%s'", k->skill);
    if (co_rosters_new(registry, &k->rosters) != CO_OK)
        return cli_fail(k->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    return CLI_OK;
}
