/* How far a site is, by which figure, and what the others say. */
#include "cli.h"

#include <string.h>

static const char *add(struct cli *cli, const char *text, const char *more)
{
    return text[0] == '\0' ? more : cli_format(cli, "%s; %s", text, more);
}

const char *cli_distance(struct cli *cli, const Callout__V1__SiteLocated *l)
{
    const char *others = "";
    if (l->road_km > 0 && strcmp(l->source, "road") != 0)
        others = add(cli, others, cli_format(cli, "road %s", cli_km(cli, l->road_km)));
    if (l->estimate_km > 0 && strcmp(l->source, "estimate") != 0)
        others = add(cli, others, cli_format(cli, "estimate %s", cli_km(cli, l->estimate_km)));
    if (l->straight_km > 0)
        others =
            add(cli, others, cli_format(cli, "%s in a straight line", cli_km(cli, l->straight_km)));
    if (l->road_missing[0] != '\0')
        others = add(cli, others, cli_format(cli, "no answer of the router: %s", l->road_missing));
    return cli_format(cli, "%s from %s by %s%s%s%s", cli_km(cli, l->km), l->office, l->source,
                      others[0] == '\0' ? "" : " (", others, others[0] == '\0' ? "" : ")");
}
