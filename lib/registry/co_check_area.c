/* Positions, and areas: the boxes that positions of sites must lie in. */
#include <math.h>
#include <stdio.h>

#include "co_check.h"
#include "co_position.h"

#define DATUMS callout__v1__datum__descriptor

void check_position(struct co_check *c, const Callout__V1__Position *p)
{
    size_t mark = check_push(c, "position");
    if (fabs(p->latitude) > 90 && fabs(p->latitude) <= 180 && fabs(p->longitude) <= 90)
        check_say(c, "lat", "-90 to 90",
                  "%.15g is out of range: latitude and longitude look swapped", p->latitude);
    else
        check_range(c, "lat", p->latitude, -90, 90);
    check_range(c, "lon", p->longitude, -180, 180);
    if (protobuf_c_enum_descriptor_get_value(&DATUMS, (int)p->datum) == NULL)
        check_say(c, "datum", "wgs84, gcj02, bd09", "is not known");
    if (fpclassify(p->latitude) == FP_ZERO && fpclassify(p->longitude) == FP_ZERO)
        check_say(c, "", "{lat: ..., lon: ...}",
                  "0, 0 is what is left where nobody gave a position");
    check_pop(c, mark);
}

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

static bool is_inside(const Callout__V1__Area *x, const Callout__V1__Position *p)
{
    struct co_point at;
    return co_position_wgs84(p, &at) && at.lat_deg >= x->south && at.lat_deg <= x->north &&
           at.lon_deg >= x->west && at.lon_deg <= x->east;
}

/* What would have to be different for the position to lie inside; "": nothing that is likely. */
static void guess(const Callout__V1__Area *x, const Callout__V1__Position *p, char *buf,
                  size_t size)
{
    char name[CO_CHECK_ENUM_NAME];
    Callout__V1__Position other = *p;
    buf[0] = '\0';
    other.latitude = p->longitude;
    other.longitude = p->latitude;
    if (is_inside(x, &other)) {
        (void)snprintf(buf, size,
                       ": latitude and longitude look swapped: lat %g, lon %g would lie inside",
                       other.latitude, other.longitude);
        return;
    }
    for (unsigned i = 0; i < DATUMS.n_values; i++) {
        other = *p;
        other.datum = (Callout__V1__Datum)DATUMS.values[i].value;
        if (!is_inside(x, &other))
            continue;
        check_enum_name(&DATUMS, DATUMS.values[i].value, name);
        (void)snprintf(buf, size, ": with datum %s it would lie inside", name);
        return;
    }
}

static void say_outside(struct co_check *c, const Callout__V1__Area *x, const char *region,
                        const Callout__V1__Position *p)
{
    char allowed[160], hint[160], name[CO_CHECK_ENUM_NAME], datum[CO_CHECK_ENUM_NAME + 4] = "";
    (void)snprintf(allowed, sizeof(allowed), "lat %g to %g, lon %g to %g, the box of \"%.64s\"",
                   x->south, x->north, x->west, x->east, region);
    if (p->datum != CALLOUT__V1__DATUM__DATUM_WGS84) {
        check_enum_name(&DATUMS, (int)p->datum, name);
        (void)snprintf(datum, sizeof(datum), " (%s)", name);
    }
    guess(x, p, hint, sizeof(hint));
    check_say(c, "position", allowed, "lat %g, lon %g%s lies outside of \"%.64s\"%s", p->latitude,
              p->longitude, datum, region, hint);
}

void check_is_in_areas(struct co_check *c, const Callout__V1__Position *p, char *const *regions,
                       size_t count)
{
    struct co_point at;
    for (size_t i = 0; co_position_wgs84(p, &at) && i < count; i++) {
        const struct co_object *object = co_registry_get(c->registry, CO_KIND_AREA, regions[i]);
        if (object != NULL && !is_inside(object->message->area, p))
            say_outside(c, object->message->area, regions[i], p);
    }
}
