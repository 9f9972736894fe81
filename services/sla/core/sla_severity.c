#include "sla_severity.h"

#include <string.h>

static bool is_level(const Callout__V1__PolicyPack *policy, uint32_t level)
{
    for (size_t i = 0; i < policy->n_severities; i++)
        if (policy->severities[i]->level == level)
            return true;
    return false;
}

static bool is_given(char *const *traits, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(traits[i], key) == 0)
            return true;
    return false;
}

/* The first trait of the level that the ticket has, in the pack's order; NULL: none. */
static char *find_trait(const Callout__V1__SeverityLevel *level, char *const *traits, size_t count)
{
    for (size_t i = 0; i < level->n_traits; i++)
        if (is_given(traits, count, level->traits[i]->key))
            return level->traits[i]->key;
    return NULL;
}

static struct sla_severity by_default(const Callout__V1__PolicyPack *policy)
{
    struct sla_severity s = { .level = policy->default_severity, .rule = "default" };
    if (!is_level(policy, s.level))
        s.level = policy->severities[policy->n_severities - 1]->level;
    return s;
}

struct sla_severity sla_severity_of(const Callout__V1__PolicyPack *policy, char *const *traits,
                                    size_t trait_count, uint32_t stated)
{
    for (size_t i = 0; i < policy->n_severities; i++) {
        const Callout__V1__SeverityLevel *level = policy->severities[i];
        char *trait = find_trait(level, traits, trait_count);
        if (trait != NULL)
            return (struct sla_severity){ level->level, "trait", trait };
        if (stated != 0 && level->level == stated)
            return (struct sla_severity){ stated, "stated", NULL };
    }
    return by_default(policy);
}

bool sla_severity_has_trait(const Callout__V1__PolicyPack *policy, const char *key)
{
    for (size_t i = 0; i < policy->n_severities; i++)
        for (size_t k = 0; k < policy->severities[i]->n_traits; k++)
            if (strcmp(policy->severities[i]->traits[k]->key, key) == 0)
                return true;
    return false;
}
