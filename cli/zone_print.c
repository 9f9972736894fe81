/* How far offices are and what is promised, for people and for programs. */
#include <jansson.h>
#include <math.h>

#include "cli_table.h"
#include "zone_test.h"

/* "zone 1", with what else is to be known about it. */
static const char *zone_text(struct cli *cli, const struct zone_promise *p)
{
    if (p->table == NULL)
        return "any distance";
    if (p->zone.name == NULL)
        return "not known";
    if (p->zone.region != NULL)
        return cli_format(cli, "%s, by region %s", p->zone.name, p->zone.region);
    return p->zone.other == NULL
               ? p->zone.name
               : cli_format(cli, "%s, borderline to %s", p->zone.name, p->zone.other);
}

static int32_t whole_km(const Callout__V1__ZoneTable *table, double km)
{
    return co_zone_whole_km(km, table->truncate ? CO_ZONE_TRUNCATE : CO_ZONE_ROUND);
}

static const char *km_text(struct cli *cli, double km)
{
    return isnan(km) ? "" : cli_km(cli, km);
}

/* ---- for people */

struct sheet {
    const struct zone_test *t;
    const struct zone_office *o;
    struct cli_table table;
};

static void add_promise(const struct zone_promise *p, void *arg)
{
    struct sheet *s = arg;
    struct cli *cli = s->t->cli;
    const char *levels = "";
    if (p->table == NULL && s->o != NULL && s->o != s->t->office)
        return; /* the same from every office */
    for (size_t i = 0; i < p->levels; i++)
        levels = cli_format(cli, "%s%s%u: %s", levels, i == 0 ? "" : ", ", p->level[i], p->text[i]);
    bool has_km = s->o != NULL && p->table != NULL && p->zone.region == NULL;
    CLI_TABLE_ADD(&s->table, s->o == NULL ? "" : s->o->office->key, p->milestone->name,
                  p->table == NULL ? "" : p->table->name,
                  has_km ? cli_format(cli, "%d", whole_km(p->table, s->o->km)) : "",
                  zone_text(cli, p), levels);
}

static void print_head(const struct zone_test *t)
{
    FILE *out = t->cli->out;
    const Callout__V1__Site *site = t->place.site;
    if (t->place.has_point)
        (void)fprintf(out, "%s%s%.5f, %.5f (WGS-84)\n", site != NULL ? site->key : "",
                      site != NULL ? ": " : "", t->place.at.lat_deg, t->place.at.lon_deg);
    else
        (void)fprintf(out, "%s: no position\n", site->key);
    if (t->contract != NULL)
        (void)fprintf(out, "contract %s, ", t->contract->key);
    (void)fprintf(out, "policy %s\n", t->pack->name);
}

static void print_offices(const struct zone_test *t, size_t shown)
{
    struct cli_table table;
    cli_table_init(&table, t->cli,
                   "office|>great circle|>fixed|>factor|>estimate|>road|>contract|>counts|by");
    for (size_t i = 0; i < shown; i++) {
        const struct zone_office *o = &t->office[i];
        CLI_TABLE_ADD(&table, o->office->key, km_text(t->cli, o->straight_km),
                      cli_format(t->cli, "%.2f km", o->road.base_km),
                      cli_format(t->cli, "%.3f", o->road.factor), km_text(t->cli, o->estimate_km),
                      km_text(t->cli, o->road_km), km_text(t->cli, o->stated_km),
                      cli_km(t->cli, o->km), o->source);
    }
    cli_table_print(&table, 0);
    (void)fprintf(t->cli->out, "base of a case there: %s; router: %s\n\n", t->office[0].office->key,
                  t->router);
}

int zone_test_print(const struct zone_test *t, size_t shown)
{
    struct sheet s = { .t = t };
    print_head(t);
    (void)fputc('\n', t->cli->out);
    if (t->offices > 0)
        print_offices(t, shown);
    else
        (void)fputs("nobody knows how far it is: no position, and no figure of the contract\n\n",
                    t->cli->out);
    cli_table_init(&s.table, t->cli, "from|milestone|table|>whole km|zone|promised by level");
    if (t->offices == 0)
        zone_test_promises(t, NULL, add_promise, &s);
    for (size_t i = 0; i < shown; i++) {
        s.o = &t->office[i];
        zone_test_promises(t, s.o, add_promise, &s);
    }
    cli_table_print(&s.table, 0);
    return CLI_OK;
}

/* ---- for programs */

static json_t *number(double x)
{
    return isnan(x) ? json_null() : json_real(x);
}

static json_t *text(const char *s)
{
    return s == NULL ? json_null() : json_string(s);
}

struct list {
    const struct zone_office *o;
    json_t *zones;
};

static void append_promise(const struct zone_promise *p, void *arg)
{
    struct list *l = arg;
    json_t *levels = json_object();
    for (size_t i = 0; i < p->levels; i++) {
        char level[16];
        (void)snprintf(level, sizeof(level), "%u", p->level[i]);
        (void)json_object_set_new(levels, level, json_string(p->text[i]));
    }
    bool has_km = l->o != NULL && p->table != NULL;
    (void)json_array_append_new(
        l->zones, json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "milestone", p->milestone->name,
                            "table", text(p->table == NULL ? NULL : p->table->name), "whole_km",
                            has_km ? json_integer(whole_km(p->table, l->o->km)) : json_null(),
                            "zone", text(p->zone.name), "region", text(p->zone.region),
                            "borderline_to", text(p->zone.other), "promised", levels));
}

static json_t *zones_of(const struct zone_test *t, const struct zone_office *o)
{
    struct list l = { o, json_array() };
    zone_test_promises(t, o, append_promise, &l);
    return l.zones;
}

static json_t *office_of(const struct zone_test *t, size_t i)
{
    const struct zone_office *o = &t->office[i];
    return json_pack("{s:s, s:b, s:o, s:f, s:f, s:o, s:o, s:o, s:s, s:f, s:s, s:o}", "office",
                     o->office->key, "is_base", i == 0, "straight_km", number(o->straight_km),
                     "road_fixed_km", o->road.base_km, "road_factor", o->road.factor, "estimate_km",
                     number(o->estimate_km), "road_km", number(o->road_km), "contract_km",
                     number(o->stated_km), "router", t->router, "km", o->km, "source", o->source,
                     "zones", zones_of(t, o));
}

int zone_test_print_json(const struct zone_test *t, size_t shown)
{
    json_t *offices = json_array();
    for (size_t i = 0; i < shown; i++)
        (void)json_array_append_new(offices, office_of(t, i));
    double lat = t->place.has_point ? t->place.at.lat_deg : NAN,
           lon = t->place.has_point ? t->place.at.lon_deg : NAN;
    json_t *all =
        json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:o}", "site",
                  text(t->place.site == NULL ? NULL : t->place.site->key), "latitude", number(lat),
                  "longitude", number(lon), "contract",
                  text(t->contract == NULL ? NULL : t->contract->key), "policy", t->pack->name,
                  "offices", offices, "zones", t->offices == 0 ? zones_of(t, NULL) : json_null());
    int status = all == NULL ? -1 : json_dumpf(all, t->cli->out, JSON_INDENT(2));
    json_decref(all);
    (void)fputc('\n', t->cli->out);
    return status == 0 ? CLI_OK : CLI_FAILED;
}
