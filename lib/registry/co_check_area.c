/* Areas: the boxes that positions of sites must lie in. */
#include <stdio.h>

#include "co_check.h"

#define SLACK_DEG 0.02 /* positions of Chinese maps are off by less */

void check_area(struct co_check *c, const Callout__V1__Area *x)
{
    check_text(c, "name", x->name);
    check_range(c, "south", x->south, -90, 90);
    check_range(c, "north", x->north, -90, 90);
    check_range(c, "west", x->west, -180, 180);
    check_range(c, "east", x->east, -180, 180);
    if (x->north <= x->south)
        check_say(c, "north", "more than \"south\"", "the box has no height");
    if (x->east <= x->west)
        check_say(c, "east", "more than \"west\"", "the box has no width");
}

static bool is_inside(const Callout__V1__Area *x, double lat, double lon)
{
    return lat >= x->south - SLACK_DEG && lat <= x->north + SLACK_DEG &&
           lon >= x->west - SLACK_DEG && lon <= x->east + SLACK_DEG;
}

void check_is_in_areas(struct co_check *c, const Callout__V1__Position *p, char *const *regions,
                       size_t count)
{
    for (size_t i = 0; p != NULL && i < count; i++) {
        const struct co_object *object = co_registry_get(c->registry, CO_KIND_AREA, regions[i]);
        const Callout__V1__Area *x = object != NULL ? object->message->area : NULL;
        if (x == NULL || is_inside(x, p->latitude, p->longitude))
            continue;
        char allowed[160];
        (void)snprintf(allowed, sizeof(allowed), "lat %g to %g, lon %g to %g, the box of \"%.64s\"",
                       x->south, x->north, x->west, x->east, regions[i]);
        check_say(c, "position", allowed,
                  is_inside(x, p->longitude, p->latitude)
                      ? "lat %g, lon %g lies outside of \"%.64s\": latitude and longitude look "
                        "swapped"
                      : "lat %g, lon %g lies outside of \"%.64s\"",
                  p->latitude, p->longitude, regions[i]);
    }
}
