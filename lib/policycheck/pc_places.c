/* Sites so far from every office that their position, or that of the offices, is hardly meant. */
#include "co_nearest.h"
#include "co_position.h"
#include "pc.h"

#define FAR_KM                                                                                     \
    5000.0 /* farther than any visit on the same day, and than most countries are wide             \
            */

/* The offices that have a position. */
struct offices {
    struct co_point *at;
    const char **key;
    uint32_t count;
    struct co_nearest *nearest;
};

static bool find_offices(struct pc *p, struct offices *ret)
{
    uint32_t all = co_registry_count(p->registry, CO_KIND_OFFICE);
    struct offices o = { .at = pc_alloc(p, (all + 1) * sizeof(o.at[0])),
                         .key = pc_alloc(p, (all + 1) * sizeof(o.key[0])) };
    if (o.at == NULL || o.key == NULL)
        return false;
    for (uint32_t i = 0; i < all && o.count < CO_NEAREST_PLACES_MAX; i++) {
        const Callout__V1__Office *x =
            co_registry_at(p->registry, CO_KIND_OFFICE, i)->message->office;
        if (co_position_wgs84(x->position, &o.at[o.count]))
            o.key[o.count++] = x->key;
    }
    o.nearest = co_nearest_new(o.at, o.count);
    if (o.nearest == NULL)
        p->is_out_of_memory = true;
    *ret = o;
    return o.nearest != NULL;
}

static bool is_far(const struct offices *o, struct co_point at, struct co_near *ret_near)
{
    return co_nearest_find(o->nearest, at, NULL, NULL, 1, ret_near) == 1 && ret_near->km > FAR_KM;
}

/* Would it be near with latitude and longitude the other way round? */
static bool is_near_swapped(const struct offices *o, const Callout__V1__Position *p)
{
    Callout__V1__Position other = *p;
    struct co_point at;
    struct co_near near;
    other.latitude = p->longitude;
    other.longitude = p->latitude;
    return co_position_wgs84(&other, &at) && !is_far(o, at, &near);
}

static void check_site(struct pc *p, const struct offices *o, const Callout__V1__Site *x)
{
    struct co_point at;
    struct co_near near;
    if (!co_position_wgs84(x->position, &at) || !is_far(o, at, &near))
        return;
    pc_say(p, CO_FINDING_WARNING, (struct pc_place){ CO_KIND_SITE, x->key, "position", 0 },
           "%.0f km from the nearest office, \"%.64s\": is the position right%s", near.km,
           o->key[near.index],
           is_near_swapped(o, x->position) ? "? latitude and longitude look swapped" : "?");
}

void pc_check_places(struct pc *p)
{
    struct offices o;
    if (!find_offices(p, &o))
        return;
    for (uint32_t i = 0; o.count > 0 && i < co_registry_count(p->registry, CO_KIND_SITE); i++)
        check_site(p, &o, co_registry_at(p->registry, CO_KIND_SITE, i)->message->site);
    co_nearest_free(o.nearest);
}
