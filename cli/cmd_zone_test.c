/* callout zone test: how far a place is from the offices, and what is promised there. The base is
 * found by dispatch's own map. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "co_entitle.h"
#include "co_position.h"
#include "dispatch_map.h"
#include "zone_test.h"

enum { OFFICES_MAX = 1000, SHOWN = 3 };

/* ---- under which terms */

static int take_contract(struct zone_test *t, const char *key)
{
    t->contract = co_registry_contract(t->registry, key);
    if (t->contract == NULL)
        return cli_fail(t->cli, CLI_NOT_FOUND, "there is no contract '%s'%s", key,
                        cmd_zone_nearest(t->cli, t->registry, CO_KIND_CONTRACT, key));
    t->pack = co_registry_policy(t->registry, t->contract->policy);
    return t->pack != NULL
               ? CLI_OK
               : cli_fail(t->cli, CLI_NOT_FOUND, "policy '%s' of contract '%s' is not there",
                          t->contract->policy, key);
}

/* The contract under which a case of the site would be served now, if there is one. */
static const char *contract_of_site(const struct zone_test *t, const char *product)
{
    if (t->place.site == NULL)
        return NULL;
    struct co_entitlement e =
        co_entitle(t->registry, &(struct co_entitle_ask){ .customer = t->place.site->customer,
                                                          .site = t->place.site->key,
                                                          .product = product,
                                                          .at_us = cli_now_us() });
    return e.reason == CO_ENTITLED ? e.contract->key : NULL;
}

/* The first by name that has zones. */
static int take_any_pack(struct zone_test *t)
{
    const char *others = "";
    for (uint32_t i = 0; i < co_registry_count(t->registry, CO_KIND_POLICY); i++) {
        const Callout__V1__PolicyPack *p =
            co_registry_at(t->registry, CO_KIND_POLICY, i)->message->policy;
        if (p->n_zones > 0 && t->pack != NULL)
            others = cli_format(t->cli, "%s%s%s", others, *others == '\0' ? "" : ", ", p->name);
        else if (p->n_zones > 0)
            t->pack = p;
    }
    if (*others != '\0')
        cli_note(t->cli, "by policy %s; --policy may also be: %s", t->pack->name, others);
    return t->pack != NULL
               ? CLI_OK
               : cli_fail(t->cli, CLI_NOT_FOUND, "no policy promises anything by distance");
}

static int find_pack(struct zone_test *t, const char *product)
{
    const char *policy = cli_value(t->cli, "policy"), *contract = cli_value(t->cli, "contract");
    if (policy != NULL && contract != NULL)
        return cli_usage(t->cli, "--contract names the policy already: leave --policy out");
    if (contract == NULL && policy == NULL)
        contract = contract_of_site(t, product);
    if (contract != NULL)
        return take_contract(t, contract);
    if (policy == NULL)
        return take_any_pack(t);
    t->pack = co_registry_policy(t->registry, policy);
    return t->pack != NULL
               ? CLI_OK
               : cli_fail(t->cli, CLI_NOT_FOUND, "there is no policy '%s'%s", policy,
                          cmd_zone_nearest(t->cli, t->registry, CO_KIND_POLICY, policy));
}

static bool has_level(const Callout__V1__PolicyPack *pack, uint32_t level)
{
    for (size_t i = 0; i < pack->n_severities; i++)
        if (pack->severities[i]->level == level)
            return true;
    return false;
}

static int find_terms(struct zone_test *t, const char *product)
{
    int code = find_pack(t, product);
    if (code != CLI_OK)
        return code;
    if (t->pack->n_zones == 0)
        return cli_fail(t->cli, CLI_NOT_FOUND, "policy '%s' promises nothing by distance",
                        t->pack->name);
    if (!cli_read_count(t->cli, "severity", 1000, &t->severity))
        return CLI_USAGE;
    if (cli_has(t->cli, "severity") && !has_level(t->pack, t->severity))
        return cli_usage(t->cli, "--severity %u: policy '%s' has levels 1 to %zu", t->severity,
                         t->pack->name, t->pack->n_severities);
    callout__v1__case_opened__init(&t->opened);
    if (t->contract != NULL) {
        t->opened.targets = t->contract->targets;
        t->opened.n_targets = t->contract->n_targets;
    }
    return CLI_OK;
}

/* ---- how far */

static struct zone_office measure(const struct zone_test *t, const Callout__V1__Office *o,
                                  const Callout__V1__DispatchState *state)
{
    struct zone_office r = { .office = o,
                             .road = cmd_zone_road(o),
                             .straight_km = NAN,
                             .estimate_km = NAN,
                             .road_km = NAN,
                             .stated_km = NAN,
                             .km = NAN,
                             .source = "estimate" };
    struct co_point at;
    const Callout__V1__Distance *stated = co_site_distance(t->place.site, o->key);
    const Callout__V1__RoadFigure *road = dispatch_road_of(state, o->key);
    if (t->place.has_point && co_position_wgs84(o->position, &at)) {
        r.straight_km = co_geo_km(t->place.at, at);
        r.km = r.estimate_km = co_zone_estimate_km(r.road, r.straight_km);
    }
    if (road != NULL && road->is_reached) {
        r.km = r.road_km = road->km;
        r.source = "road";
    }
    if (stated != NULL) {
        r.km = r.stated_km = stated->km;
        r.source = "contract";
    }
    return r;
}

static int by_km(const void *a, const void *b)
{
    const struct zone_office *x = a, *y = b;
    if (x->km < y->km || x->km > y->km)
        return x->km < y->km ? -1 : 1;
    return strcmp(x->office->key, y->office->key);
}

/* The base of a case of the place goes first. */
static void put_first(struct zone_test *t, const char *office)
{
    for (size_t i = 1; i < t->offices; i++)
        if (strcmp(t->office[i].office->key, office) == 0) {
            struct zone_office o = t->office[i];
            memmove(t->office + 1, t->office, i * sizeof(o));
            t->office[0] = o;
        }
}

static int ask_router(struct zone_test *t, struct dispatch_map *map,
                      Callout__V1__DispatchState *state, size_t offices)
{
    struct dispatch_road_question question;
    const char *url = cli_value(t->cli, "road-url");
    t->router = "not asked";
    if (url == NULL || !dispatch_map_roads(map, state, offices, &question))
        return CLI_OK;
    int code = zone_road_ask(t->cli, url, &question, state, &t->router);
    if (code == CLI_OK && state->n_roads == 0)
        cli_note(t->cli, "no answer of the router: %s", t->router);
    return code;
}

/* As dispatch does, with its own map. */
static int measure_by(struct zone_test *t, struct dispatch_map *map,
                      Callout__V1__DispatchState *state, size_t shown)
{
    uint32_t offices = co_registry_count(t->registry, CO_KIND_OFFICE);
    struct dispatch_distance base = { .office = "" };
    int code = ask_router(t, map, state, shown);
    if (code != CLI_OK)
        return code;
    for (uint32_t i = 0; i < offices; i++) {
        struct zone_office o =
            measure(t, co_registry_at(t->registry, CO_KIND_OFFICE, i)->message->office, state);
        if (!isnan(o.km))
            t->office[t->offices++] = o;
    }
    if (t->offices == 0 || !dispatch_map_locate(map, state, &base)) {
        t->offices = 0;
        return CLI_OK;
    }
    qsort(t->office, t->offices, sizeof(*t->office), by_km);
    put_first(t, base.office);
    return CLI_OK;
}

static int measure_all(struct zone_test *t, const char *product, size_t shown)
{
    uint32_t offices = co_registry_count(t->registry, CO_KIND_OFFICE);
    Callout__V1__DispatchState state = CALLOUT__V1__DISPATCH_STATE__INIT;
    struct dispatch_map *map = dispatch_map_new(t->registry, cmd_zone_road(NULL));
    t->office = co_arena_alloc(t->cli->arena, ((size_t)offices + 1) * sizeof(*t->office));
    if (t->office == NULL || map == NULL) {
        dispatch_map_free(map);
        return cli_fail(t->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    }
    state.site = t->place.site != NULL ? t->place.site->key : cli_text(t->cli, "");
    state.product = cli_text(t->cli, product);
    state.position = t->place.position;
    int code = measure_by(t, map, &state, shown);
    dispatch_map_free(map);
    return code;
}

/* Without a distance, something is promised only where a region decides. */
static int check_known(const struct zone_test *t)
{
    struct sla_zone zone;
    if (t->offices > 0)
        return CLI_OK;
    for (size_t i = 0; i < t->pack->n_zones; i++)
        if (zone_test_zone(t, t->pack->zones[i], NULL, &zone))
            return CLI_OK;
    return cli_fail(t->cli, CLI_NOT_FOUND,
                    "nobody knows how far it is: no position and no figure of the contract, or no "
                    "office with a position");
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct zone_test *t = arg;
    const char *product = cli_value_or(t->cli, "product", "");
    uint32_t shown = SHOWN;
    t->registry = registry;
    if (!cli_read_count(t->cli, "offices", OFFICES_MAX, &shown))
        return CLI_USAGE;
    if (*product != '\0' && co_registry_product(registry, product) == NULL)
        return cli_fail(t->cli, CLI_NOT_FOUND, "there is no product '%s'%s", product,
                        cmd_zone_nearest(t->cli, registry, CO_KIND_PRODUCT, product));
    int code = zone_place_find(t->cli, registry, t->cli->args->word[1], &t->place);
    if (code == CLI_OK)
        code = find_terms(t, product);
    if (code == CLI_OK)
        code = measure_all(t, product, shown);
    if (code == CLI_OK)
        code = check_known(t);
    if (code != CLI_OK)
        return code;
    size_t n = shown < t->offices ? shown : t->offices;
    return t->cli->is_json ? zone_test_print_json(t, n) : zone_test_print(t, n);
}

int cmd_zone_test(struct cli *cli)
{
    struct zone_test t = { .cli = cli };
    return cli_registry_look(cli, 2, look, &t);
}
