/* callout zone test: how far a place is from the offices, and what is promised there. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli_table.h"
#include "cmd_zone.h"
#include "co_geo.h"
#include "co_text.h"
#include "co_yaml_target.h"
#include "dispatch_choice.h"
#include "dispatch_map.h"
#include "sla_zone.h"

enum { OFFICES_MAX = 1000, SHOWN = 3, NAMES_MAX = 1000 };

struct row {
    const Callout__V1__Office *office;
    double straight_km, estimate_km, km; /* NAN: not known */
    bool is_stated;
};

struct place_test {
    struct cli *cli;
    const struct co_registry *registry;
    const Callout__V1__Site *site; /* NULL: only a position */
    struct co_point at;
    bool has_point;
    const char *pack;
    struct row *row;
    size_t count;
};

/* ---- which place */

static bool to_wgs84(const Callout__V1__Position *p, struct co_point *ret_at)
{
    if (p == NULL)
        return false;
    *ret_at =
        co_geo_to_wgs84((struct co_point){ p->latitude, p->longitude }, (enum co_datum)p->datum);
    return true;
}

static bool read_datum(struct cli *cli, enum co_datum *ret_datum)
{
    static const char *const names[CO_DATUMS] = { "wgs84", "gcj02", "bd09" };
    const char *name = cli_value_or(cli, "datum", names[0]);
    for (size_t i = 0; i < CO_DATUMS; i++)
        if (strcmp(names[i], name) == 0) {
            *ret_datum = (enum co_datum)i;
            return true;
        }
    (void)cli_usage(cli, "--datum %s: allowed are wgs84, gcj02, bd09", name);
    return false;
}

/* "39.9,116.4". */
static bool read_point(const char *text, struct co_point *ret_at)
{
    char *end = NULL;
    ret_at->lat_deg = strtod(text, &end);
    if (end == text || *end != ',')
        return false;
    const char *second = end + 1;
    ret_at->lon_deg = strtod(second, &end);
    return end != second && *end == '\0';
}

static bool has_text(const Callout__V1__Site *s, const char *text)
{
    return strstr(s->address, text) != NULL ||
           (s->name != NULL &&
            (strstr(s->name->zh, text) != NULL || strstr(s->name->en, text) != NULL));
}

/* A site by key, or the only one whose address or name contains the text. */
static int find_site(struct place_test *t, const char *text)
{
    const char *names[NAMES_MAX], *found = "";
    size_t n = 0, hits = 0;
    t->site = co_registry_site(t->registry, text);
    for (uint32_t i = 0; t->site == NULL && i < co_registry_count(t->registry, CO_KIND_SITE); i++) {
        const Callout__V1__Site *s = co_registry_at(t->registry, CO_KIND_SITE, i)->message->site;
        if (n < NAMES_MAX)
            names[n++] = s->key;
        if (!has_text(s, text))
            continue;
        found = cli_format(t->cli, "%s%s%s", found, hits++ == 0 ? "" : ", ", s->key);
    }
    if (t->site == NULL && hits == 1)
        t->site = co_registry_site(t->registry, found);
    if (t->site != NULL)
        return CLI_OK;
    if (hits > 1)
        return cli_fail(t->cli, CLI_REFUSED, "'%s' is said of several sites: %s", text, found);
    const char *nearest = co_text_nearest(text, names, n);
    return cli_fail(t->cli, CLI_NOT_FOUND, "'%s' is neither a position (LAT,LON) nor a site%s%s%s",
                    text, nearest == NULL ? "" : "; did you mean '", nearest == NULL ? "" : nearest,
                    nearest == NULL ? "" : "'?");
}

static int find_place(struct place_test *t, const char *text)
{
    enum co_datum datum;
    struct co_point given;
    if (!read_datum(t->cli, &datum))
        return CLI_USAGE;
    if (!read_point(text, &given)) {
        int code = find_site(t, text);
        t->has_point = code == CLI_OK && to_wgs84(t->site->position, &t->at);
        return code;
    }
    if (!co_point_is_valid(given))
        return cli_usage(
            t->cli, "%s: latitude is -90 to 90, longitude -180 to 180%s", text,
            fabs(given.lat_deg) > 90 && fabs(given.lon_deg) <= 90 ? "; they look swapped" : "");
    t->at = co_geo_to_wgs84(given, datum);
    t->has_point = true;
    return CLI_OK;
}

/* ---- how far */

static const Callout__V1__Distance *stated_of(const struct place_test *t, const char *office)
{
    for (size_t i = 0; t->site != NULL && i < t->site->n_distances; i++)
        if (strcmp(t->site->distances[i]->office, office) == 0)
            return t->site->distances[i];
    return NULL;
}

static bool serves(const struct place_test *t, const char *office, const char *product)
{
    for (uint32_t i = 0; i < co_registry_count(t->registry, CO_KIND_ENGINEER); i++) {
        const Callout__V1__Engineer *e =
            co_registry_at(t->registry, CO_KIND_ENGINEER, i)->message->engineer;
        uint32_t level;
        if (strcmp(e->office, office) == 0 && dispatch_level_of(e, product, cli_now_us(), &level))
            return true;
    }
    return false;
}

static struct row measure(const struct place_test *t, const Callout__V1__Office *o)
{
    struct row r = { o, NAN, NAN, NAN, false };
    struct co_point at;
    const Callout__V1__Distance *stated = stated_of(t, o->key);
    struct co_road_estimate road = { DISPATCH_ROAD_FIXED_KM, DISPATCH_ROAD_FACTOR };
    if (o->road_factor > 0)
        road = (struct co_road_estimate){ o->road_fixed_km, o->road_factor };
    if (t->has_point && to_wgs84(o->position, &at)) {
        r.straight_km = co_geo_km(t->at, at);
        r.km = r.estimate_km = co_zone_estimate_km(road, r.straight_km);
    }
    if (stated != NULL) {
        r.km = stated->km;
        r.is_stated = true;
    }
    return r;
}

static int by_km(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    if (x->km < y->km || x->km > y->km)
        return x->km < y->km ? -1 : 1;
    return strcmp(x->office->key, y->office->key);
}

static int measure_all(struct place_test *t)
{
    const char *product = cli_value_or(t->cli, "product", "");
    uint32_t offices = co_registry_count(t->registry, CO_KIND_OFFICE);
    t->row = co_arena_alloc(t->cli->arena, ((size_t)offices + 1) * sizeof(*t->row));
    if (t->row == NULL)
        return cli_fail(t->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    for (uint32_t i = 0; i < offices; i++) {
        struct row r = measure(t, co_registry_at(t->registry, CO_KIND_OFFICE, i)->message->office);
        if (!isnan(r.km) && (*product == '\0' || serves(t, r.office->key, product)))
            t->row[t->count++] = r;
    }
    qsort(t->row, t->count, sizeof(*t->row), by_km);
    return t->count > 0 ? CLI_OK
                        : cli_fail(t->cli, CLI_NOT_FOUND,
                                   "nobody knows how far it is: no position, no stated figure, or "
                                   "no office that serves the product");
}

/* ---- what it says */

static bool zone_of(const struct place_test *t, const Callout__V1__ZoneTable *table,
                    const struct row *r, struct sla_zone *ret_zone)
{
    struct sla_place place = { .km = &r->km, .is_stated = r->is_stated };
    if (t->site != NULL) {
        place.regions = t->site->regions;
        place.region_count = t->site->n_regions;
    }
    return sla_zone_find(table, &place, ret_zone);
}

static const char *promises(struct cli *cli, const struct sla_zone *zone)
{
    const char *all = "";
    for (size_t i = 0; i < zone->target_count; i++) {
        char text[128];
        if (co_yaml_target_format(zone->targets[i], text, sizeof(text)))
            all = cli_format(cli, "%s%s%u: %s", all, i == 0 ? "" : ", ", zone->targets[i]->severity,
                             text);
    }
    return zone->target_count == 0 ? "excluded: nothing is promised" : all;
}

static int print(const struct place_test *t, const Callout__V1__ZoneTable *table, size_t shown)
{
    struct cli_table out;
    json_t *all = json_array();
    cli_table_init(&out, t->cli,
                   "office|>great circle|>estimate|>stated|>counts|zone|promised by level");
    for (size_t i = 0; i < t->count && i < shown; i++) {
        const struct row *r = &t->row[i];
        struct sla_zone zone = { .name = NULL };
        bool has_zone = zone_of(t, table, r, &zone);
        const char *name = !has_zone ? ""
                           : zone.other != NULL
                               ? cli_format(t->cli, "%s, borderline to %s", zone.name, zone.other)
                               : zone.name;
        CLI_TABLE_ADD(&out, r->office->key,
                      isnan(r->straight_km) ? "" : cli_km(t->cli, r->straight_km),
                      isnan(r->estimate_km) ? "" : cli_km(t->cli, r->estimate_km),
                      r->is_stated ? cli_km(t->cli, r->km) : "", cli_km(t->cli, r->km), name,
                      has_zone ? promises(t->cli, &zone) : "");
        (void)json_array_append_new(
            all, json_pack("{s:s, s:f, s:f, s:s, s:s, s:s, s:s}", "office", r->office->key,
                           "straight_km", isnan(r->straight_km) ? 0 : r->straight_km, "km", r->km,
                           "source", r->is_stated ? "contract" : "estimate", "zone",
                           has_zone ? zone.name : "", "borderline_to",
                           zone.other != NULL ? zone.other : "", "promised",
                           has_zone ? promises(t->cli, &zone) : ""));
    }
    int status = 0;
    if (t->cli->is_json) {
        status = json_dumpf(all, t->cli->out, JSON_INDENT(2));
        (void)fputc('\n', t->cli->out);
    } else {
        if (t->has_point)
            (void)fprintf(t->cli->out, "%s%s%.5f, %.5f (WGS-84)\n",
                          t->site != NULL ? t->site->key : "", t->site != NULL ? ": " : "",
                          t->at.lat_deg, t->at.lon_deg);
        (void)fprintf(t->cli->out, "zones %s of %s\n\n", table->name, t->pack);
        cli_table_print(&out, 0);
    }
    json_decref(all);
    return status == 0 ? CLI_OK : CLI_FAILED;
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct place_test *t = arg;
    uint32_t shown = SHOWN;
    t->registry = registry;
    if (!cli_read_count(t->cli, "offices", OFFICES_MAX, &shown))
        return CLI_USAGE;
    const Callout__V1__ZoneTable *table = cmd_zone_table(t->cli, registry, &t->pack);
    if (table == NULL)
        return CLI_NOT_FOUND;
    int code = find_place(t, t->cli->args->word[1]);
    if (code == CLI_OK)
        code = measure_all(t);
    return code == CLI_OK ? print(t, table, shown) : code;
}

int cmd_zone_test(struct cli *cli)
{
    struct place_test t = { .cli = cli };
    return cli_registry_look(cli, 2, look, &t);
}
