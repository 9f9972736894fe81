/* callout zone fit|test. */
#include "cmd_zone.h"

#include <string.h>

#include "co_json.h"
#include "co_text.h"
#include "dispatch_map.h"

const struct cli_option cmd_zone_options[] = {
    { "policy", 0, "NAME",
      "the pack whose zones count [test: that of the contract of the site; else any with zones]" },
    { "contract", 0, "KEY", "test: the contract whose pack and figures hold" },
    { "severity", 0, "N", "test: only what is promised at this level" },
    { "table", 0, "NAME", "fit: the table of zones [journey]" },
    { "office", 0, "KEY",
      "fit: only pairs from there; whose present figures are compared, and whom the new ones are "
      "for" },
    { "datum", 0, "NAME",
      "of the position, or of those in the file: wgs84, gcj02 (Chinese maps) or bd09 (Baidu) "
      "[wgs84]" },
    { "product", 0, "KEY", "test: the base is the nearest office from which somebody works on it" },
    { "road-url", 0, "URL",
      "test: a router that speaks OSRM's protocol, as dispatch has it: it is asked for the ways "
      "from so "
      "many offices as are shown, at most 25 [nobody is asked]" },
    { "offices", 0, "N", "test: so many offices, the base first, then the nearest [3]" },
    { "keys", 0, "DIR", "where public_key_file of clients is looked for [where our own key is]" },
    { NULL, 0, NULL, NULL },
};

const Callout__V1__ZoneTable *cmd_zone_table(struct cli *cli, const struct co_registry *registry,
                                             const char **ret_pack)
{
    const char *policy = cli_value_or(cli, "policy", ""),
               *name = cli_value_or(cli, "table", "journey");
    const char *there = "";
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_POLICY); i++) {
        const Callout__V1__PolicyPack *p =
            co_registry_at(registry, CO_KIND_POLICY, i)->message->policy;
        for (size_t z = 0; z < p->n_zones; z++) {
            if ((*policy == '\0' || strcmp(policy, p->name) == 0) &&
                strcmp(p->zones[z]->name, name) == 0) {
                *ret_pack = p->name;
                return p->zones[z];
            }
            there = cli_format(cli, "%s%s%s of %s", there, *there == '\0' ? "" : ", ",
                               p->zones[z]->name, p->name);
        }
    }
    (void)cli_fail(cli, CLI_NOT_FOUND, "there is no table of zones '%s'%s%s; there are: %s", name,
                   *policy == '\0' ? "" : " in policy ", policy, *there == '\0' ? "none" : there);
    return NULL;
}

bool cmd_zone_datum(struct cli *cli, Callout__V1__Datum *ret_datum)
{
    int value = 0;
    const char *name = cli_value_or(cli, "datum", "wgs84");
    if (co_json_enum_value(&callout__v1__datum__descriptor, name, &value) != CO_OK) {
        (void)cli_usage(cli, "--datum %s: allowed are wgs84, gcj02, bd09", name);
        return false;
    }
    *ret_datum = (Callout__V1__Datum)value;
    return true;
}

const char *cmd_zone_nearest(struct cli *cli, const struct co_registry *registry, enum co_kind kind,
                             const char *key)
{
    enum { NAMES_MAX = 1000 };
    const char *names[NAMES_MAX];
    size_t n = 0;
    for (uint32_t i = 0; n < NAMES_MAX && i < co_registry_count(registry, kind); i++)
        names[n++] = co_registry_at(registry, kind, i)->key;
    const char *nearest = co_text_nearest(key, names, n);
    return nearest == NULL ? "" : cli_format(cli, "; did you mean '%s'?", nearest);
}

struct co_road_estimate cmd_zone_road(const Callout__V1__Office *office)
{
    if (office != NULL && office->road_factor > 0)
        return (struct co_road_estimate){ office->road_fixed_km, office->road_factor };
    return (struct co_road_estimate){ DISPATCH_ROAD_FIXED_KM, DISPATCH_ROAD_FACTOR };
}

int cmd_zone(struct cli *cli)
{
    const char *verb = cli->args->word[0];
    if (strcmp(verb, "fit") == 0)
        return cmd_zone_fit(cli);
    if (strcmp(verb, "test") == 0)
        return cmd_zone_test(cli);
    return cli_usage(cli, "zone %s: allowed are fit and test", verb);
}
