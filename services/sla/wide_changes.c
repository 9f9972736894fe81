#include "wide_changes.h"

#include <string.h>

#include "co_pbarena.h"
#include "co_row.h"

enum { KIND, KEY, UNTIL, BODY };
enum { REGIONS_BYTES = 4096 }; /* of names; more: all cases */

static enum co_err unpack(const PGresult *res, int row, struct co_arena *arena, Callout__V1__RegistryObject **ret)
{
    ProtobufCAllocator allocator = co_pbarena(arena);
    struct co_bytes body = co_row_bytes(res, row, BODY);
    *ret = callout__v1__registry_object__unpack(&allocator, body.len, body.data);
    if (*ret == NULL || (int)(*ret)->object_case != co_row_int2(res, row, KIND))
        return CO_EINPUT;
    return CO_OK;
}

void sla_wide_changes_add_span(struct sla_wide_changes *c, int64_t from_us, int64_t until_us)
{
    if (!c->has_span || from_us < c->from_us)
        c->from_us = from_us;
    if (!c->has_span || until_us > c->until_us)
        c->until_us = until_us;
    c->has_span = true;
}

enum co_err sla_wide_changes_add_regions(struct sla_wide_changes *c, struct co_arena *arena, const char *regions)
{
    if (regions == NULL || c->regions == NULL) {
        c->regions = NULL;
        return CO_OK;
    }
    size_t before = strlen(c->regions), more = strlen(regions);
    if (before + more > REGIONS_BYTES) {
        c->regions = NULL;
        return CO_OK;
    }
    char *all = co_arena_alloc(arena, before + more + 2);
    if (all == NULL)
        return CO_ENOMEM;
    memcpy(all, c->regions, before);
    all[before] = '\n';
    memcpy(all + before + 1, regions, more + 1);
    c->regions = all;
    return CO_OK;
}

static enum co_err add(struct sla_wide_changes *c, struct co_arena *arena, const Callout__V1__Exclusion *x)
{
    enum co_err err = CO_OK;
    sla_wide_changes_add_span(c, x->from_us, x->until_us == 0 ? INT64_MAX : x->until_us);
    if (x->n_regions == 0)
        c->regions = NULL;
    for (size_t i = 0; err == CO_OK && i < x->n_regions; i++)
        err = sla_wide_changes_add_regions(c, arena, x->regions[i]);
    return err;
}

static bool are_same_regions(const Callout__V1__Site *a, const Callout__V1__Site *b)
{
    bool same = a->n_regions == b->n_regions;
    for (size_t i = 0; same && i < a->n_regions; i++)
        same = strcmp(a->regions[i], b->regions[i]) == 0;
    return same;
}

/* A site has moved from one region to another: any exclusion may concern its cases now. */
static void add_all(struct sla_wide_changes *c, const struct co_registry *now)
{
    for (uint32_t i = 0; i < co_registry_count(now, CO_KIND_EXCLUSION); i++) {
        const Callout__V1__Exclusion *x = co_registry_at(now, CO_KIND_EXCLUSION, i)->message->exclusion;
        sla_wide_changes_add_span(c, x->from_us, x->until_us == 0 ? INT64_MAX : x->until_us);
    }
    c->regions = NULL; /* also of what was taken back: the site may have left its region with the same change */
}

enum co_err sla_wide_changes_of(const PGresult *res, const struct co_registry *now, struct co_arena *arena,
                                struct sla_wide_changes *ret)
{
    const Callout__V1__Site *before = NULL; /* of the row before, if that is a site */
    bool has_moved = false;
    *ret = (struct sla_wide_changes){ .regions = "" };
    for (int row = 0; row < PQntuples(res); row++) {
        Callout__V1__RegistryObject *object = NULL;
        int kind = co_row_int2(res, row, KIND);
        if (kind == CO_KIND_CALENDAR) {
            ret->has_calendars = true;
            continue;
        }
        enum co_err err = unpack(res, row, arena, &object);
        if (err != CO_OK)
            return err;
        if (kind == CO_KIND_EXCLUSION) {
            err = add(ret, arena, object->exclusion);
            if (err != CO_OK)
                return err;
            continue;
        }
        if (before != NULL && strcmp(before->key, object->site->key) == 0)
            has_moved = has_moved || !are_same_regions(before, object->site);
        before = object->site;
    }
    if (has_moved)
        add_all(ret, now);
    if (ret->has_calendars)
        ret->regions = NULL;
    return CO_OK;
}
