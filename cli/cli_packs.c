/* Mistakes in policy packs, told with the line they stand in before anything is sent. */
#include "cli.h"

#include "co_registry_check.h"
#include "co_yaml.h"

/* Packs, and the calendars they may name; NULL: out of memory. */
static struct co_registry *packs_of(const Callout__V1__Registry *all)
{
    struct co_registry *r = co_registry_new((uint32_t)all->n_objects + 1);
    for (size_t i = 0; r != NULL && i < all->n_objects; i++) {
        int kind = (int)all->objects[i]->object_case;
        if (kind != CO_KIND_POLICY && kind != CO_KIND_CALENDAR)
            continue;
        if (co_registry_put_message(r, all->objects[i], 0) == CO_ENOMEM) {
            co_registry_free(r);
            return NULL;
        }
    }
    return r;
}

static void say(struct cli *cli, const struct co_yaml *yaml, const struct co_problem *p)
{
    const char *file = "";
    unsigned line = 0;
    if (!co_yaml_where_in_policy(yaml, p->key, p->path, &file, &line))
        return;
    cli_note(cli, "%s:%u: policy %s%s%s: %s%s%s", file, line, p->key,
             p->path[0] == '\0' ? "" : ", ", p->path, p->message,
             p->allowed[0] == '\0' ? "" : "; allowed: ", p->allowed);
}

size_t cli_pack_problems(struct cli *cli, const struct co_yaml *yaml,
                         const Callout__V1__Registry *registry)
{
    struct co_registry *r = packs_of(registry);
    struct co_problems *problems = r == NULL ? NULL : co_registry_check(r);
    size_t said = 0;
    for (size_t i = 0; problems != NULL && i < co_problems_count(problems); i++) {
        const struct co_problem *p = co_problems_at(problems, i);
        if (p->kind != CO_KIND_POLICY || p->is_reference)
            continue;
        say(cli, yaml, p);
        said++;
    }
    co_problems_free(problems);
    co_registry_free(r);
    return said;
}
