#include "preview.h"

#include <string.h>

#include "cli_registry.h"
#include "co_assert.h"
#include "co_registry_calendar.h"

#define OBJECT(kind) CALLOUT__V1__REGISTRY_OBJECT__OBJECT_##kind

static const char *key_of(const Callout__V1__RegistryObject *o)
{
    return o->object_case == OBJECT(CALENDAR) ? o->calendar->key : o->exclusion->key;
}

static const Callout__V1__RegistryObject *find_in_files(const Callout__V1__Registry *files,
                                                        const Callout__V1__RegistryObject *like)
{
    for (size_t i = 0; i < files->n_objects; i++)
        if (files->objects[i]->object_case == like->object_case &&
            strcmp(key_of(files->objects[i]), key_of(like)) == 0)
            return files->objects[i];
    return NULL;
}

static bool is_same(struct cli *cli, const Callout__V1__RegistryObject *a,
                    const Callout__V1__RegistryObject *b)
{
    size_t n = callout__v1__registry_object__get_packed_size(a);
    if (n != callout__v1__registry_object__get_packed_size(b))
        return false;
    uint8_t *bytes = co_arena_alloc(cli->arena, 2 * n + 2);
    co_assert(bytes != NULL);
    (void)callout__v1__registry_object__pack(a, bytes);
    (void)callout__v1__registry_object__pack(b, bytes + n);
    return memcmp(bytes, bytes + n, n) == 0;
}

static void add(struct preview_change *c, const Callout__V1__RegistryObject *o)
{
    if (o->object_case == OBJECT(CALENDAR))
        c->calendar[c->calendars++] =
            (struct preview_text){ .key = o->calendar->key, .text = o->calendar };
    else
        c->exclusion[c->exclusions++] = o->exclusion;
}

static void tell_changed(struct preview_change *c, const Callout__V1__RegistryObject *o)
{
    if (o->object_case == OBJECT(EXCLUSION))
        c->has_exclusions = true;
    else
        c->changed[c->changed_count++] = o->calendar->key;
}

/* What is in force, with the files laid over it. A calendar that goes leaves the cases that name it
 * as they are. */
static void lay_over(struct cli *cli, const Callout__V1__Registry *now,
                     const struct cli_change *change, struct preview_change *c)
{
    for (size_t i = 0; i < now->n_objects; i++) {
        const Callout__V1__RegistryObject *o = now->objects[i];
        const Callout__V1__RegistryObject *in_files = find_in_files(c->files, o);
        bool is_gone =
            change->is_pruned || (change->gone != NULL && find_in_files(change->gone, o) != NULL);
        if (in_files == NULL && is_gone) {
            c->has_exclusions = c->has_exclusions || o->object_case == OBJECT(EXCLUSION);
            continue;
        }
        if (in_files != NULL && !is_same(cli, o, in_files))
            tell_changed(c, in_files);
        if (in_files == NULL)
            add(c, o);
    }
}

static bool is_new_exclusion(const Callout__V1__Registry *now, const Callout__V1__RegistryObject *o)
{
    return o->object_case == OBJECT(EXCLUSION) && find_in_files(now, o) == NULL;
}

/* Nothing of the kinds that move due times. */
static bool has_none(const Callout__V1__Registry *files)
{
    for (size_t i = 0; i < files->n_objects; i++)
        if (files->objects[i]->object_case == OBJECT(CALENDAR) ||
            files->objects[i]->object_case == OBJECT(EXCLUSION))
            return false;
    return true;
}

/* Calendars and exclusions in force. */
static int read_now(struct cli *cli, Callout__V1__Registry *calendars,
                    Callout__V1__Registry *exclusions)
{
    int code = cli_registry_fetch_kind(cli, "calendar", calendars);
    return code != CLI_OK ? code : cli_registry_fetch_kind(cli, "exclusion", exclusions);
}

int preview_change_read(struct cli *cli, const struct cli_change *change,
                        struct preview_change *ret)
{
    Callout__V1__Registry calendars, exclusions;
    const Callout__V1__Registry *files = change->put;
    struct preview_change c = { .files = files };
    *ret = c;
    if (has_none(files) && !change->is_pruned && (change->gone == NULL || has_none(change->gone)))
        return CLI_OK;
    int code = read_now(cli, &calendars, &exclusions);
    if (code != CLI_OK)
        return code;
    size_t most = calendars.n_objects + exclusions.n_objects + files->n_objects + 1;
    c.calendar = co_arena_alloc(cli->arena, most * sizeof(c.calendar[0]));
    c.changed = co_arena_alloc(cli->arena, most * sizeof(c.changed[0]));
    c.exclusion = co_arena_alloc(cli->arena, most * sizeof(Callout__V1__Exclusion *));
    if (c.calendar == NULL || c.changed == NULL || c.exclusion == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    lay_over(cli, &calendars, change, &c);
    lay_over(cli, &exclusions, change, &c);
    for (size_t i = 0; i < files->n_objects; i++) {
        const Callout__V1__RegistryObject *o = files->objects[i];
        if (o->object_case != OBJECT(CALENDAR) && o->object_case != OBJECT(EXCLUSION))
            continue;
        c.has_exclusions = c.has_exclusions || is_new_exclusion(&exclusions, o);
        add(&c, o);
    }
    *ret = c;
    return CLI_OK;
}

void preview_change_done(struct preview_change *c)
{
    for (size_t i = 0; i < c->calendars; i++)
        co_calendar_free(c->calendar[i].compiled);
    c->calendars = 0;
}

const struct co_calendar *preview_change_calendar(struct preview_change *c, const char *key)
{
    char problem[CO_CALENDAR_PROBLEM];
    for (size_t i = 0; i < c->calendars; i++) {
        struct preview_text *t = &c->calendar[i];
        if (strcmp(t->key, key) != 0)
            continue;
        if (t->compiled == NULL &&
            co_registry_calendar_compile_all(t->text, &t->compiled, problem) != CO_OK)
            return NULL;
        return t->compiled;
    }
    return NULL;
}

/* -- exclusions */

static bool has_name(char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_declared_for(const Callout__V1__Exclusion *x, char *const *regions, size_t n)
{
    for (size_t i = 0; i < x->n_regions; i++)
        if (has_name(regions, n, x->regions[i]))
            return true;
    return x->n_regions == 0;
}

static const Callout__V1__Site *find_site(const Callout__V1__Registry *files, const char *key)
{
    for (size_t i = 0; i < files->n_objects; i++)
        if (files->objects[i]->object_case == OBJECT(SITE) &&
            strcmp(files->objects[i]->site->key, key) == 0)
            return files->objects[i]->site;
    return NULL;
}

enum co_err preview_change_exclusions(const struct preview_change *c,
                                      const Callout__V1__CaseOpened *opened, struct co_arena *arena,
                                      struct sla_wide *ret_wide)
{
    const Callout__V1__Site *site = find_site(c->files, opened->site);
    char *const *regions = site != NULL ? site->regions : opened->regions;
    size_t n = site != NULL ? site->n_regions : opened->n_regions;
    Callout__V1__Exclusion **all =
        co_arena_alloc(arena, (c->exclusions + 1) * sizeof(Callout__V1__Exclusion *));
    *ret_wide = (struct sla_wide){ .registry_version = UINT64_MAX, .exclusions = all };
    if (all == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < c->exclusions; i++)
        if (is_declared_for(c->exclusion[i], regions, n))
            all[ret_wide->exclusion_count++] = c->exclusion[i];
    return CO_OK;
}
