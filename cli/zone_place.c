/* Which place callout zone test is asked about. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "co_position.h"
#include "zone_test.h"

enum { HITS_TOLD = 20 };

/* "39.9,116.4". */
static bool read_point(const char *text, Callout__V1__Position *ret)
{
    char *end = NULL;
    ret->latitude = strtod(text, &end);
    if (end == text || *end != ',')
        return false;
    const char *second = end + 1;
    ret->longitude = strtod(second, &end);
    return end != second && *end == '\0';
}

static bool has_text(const Callout__V1__Site *s, const char *text)
{
    return strstr(s->address, text) != NULL ||
           (s->name != NULL &&
            (strstr(s->name->zh, text) != NULL || strstr(s->name->en, text) != NULL));
}

/* A site by key, or the only one whose address or name contains the text. */
static int find_site(struct cli *cli, const struct co_registry *registry, const char *text,
                     const Callout__V1__Site **ret_site)
{
    const Callout__V1__Site *hit = NULL;
    const char *found = "";
    size_t hits = 0;
    *ret_site = co_registry_site(registry, text);
    for (uint32_t i = 0; *ret_site == NULL && i < co_registry_count(registry, CO_KIND_SITE); i++) {
        const Callout__V1__Site *s = co_registry_at(registry, CO_KIND_SITE, i)->message->site;
        if (!has_text(s, text))
            continue;
        hit = s;
        if (hits++ < HITS_TOLD)
            found = cli_format(cli, "%s%s%s", found, hits == 1 ? "" : ", ", s->key);
    }
    if (*ret_site != NULL)
        return CLI_OK;
    if (hits > 1)
        return cli_fail(cli, CLI_REFUSED, "'%s' is said of several sites: %s%s", text, found,
                        hits > HITS_TOLD ? ", ..." : "");
    if (hits == 0)
        return cli_fail(cli, CLI_NOT_FOUND, "'%s' is neither a position (LAT,LON) nor a site%s",
                        text, cmd_zone_nearest(cli, registry, CO_KIND_SITE, text));
    *ret_site = hit;
    return CLI_OK;
}

static int take_point(struct cli *cli, const char *text, struct zone_place *place)
{
    place->has_point = co_position_wgs84(place->position, &place->at);
    if (place->has_point)
        return CLI_OK;
    bool is_swapped =
        fabs(place->position->latitude) > 90 && fabs(place->position->longitude) <= 90;
    return cli_usage(cli, "%s: latitude is -90 to 90, longitude -180 to 180%s", text,
                     is_swapped ? "; they look swapped" : "");
}

int zone_place_find(struct cli *cli, const struct co_registry *registry, const char *text,
                    struct zone_place *ret_place)
{
    struct zone_place place = { .site = NULL };
    Callout__V1__Position given = CALLOUT__V1__POSITION__INIT;
    if (!cmd_zone_datum(cli, &given.datum))
        return CLI_USAGE;
    int code;
    if (read_point(text, &given)) {
        place.position = co_arena_alloc(cli->arena, sizeof(given));
        if (place.position == NULL)
            return cli_fail(cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
        *place.position = given;
        code = take_point(cli, text, &place);
    } else {
        code = find_site(cli, registry, text, &place.site);
        place.has_point = code == CLI_OK && co_position_wgs84(place.site->position, &place.at);
    }
    if (code == CLI_OK)
        *ret_place = place;
    return code;
}
