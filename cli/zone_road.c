/* A router is asked for the ways to a place, as dispatch asks it. */
#include <curl/curl.h>
#include <string.h>

#include "co_address.h"
#include "road_http.h"
#include "zone_test.h"

enum { TIMEOUT_MS = 5000 };

static int keep(struct cli *cli, const struct dispatch_road_question *question,
                const struct dispatch_road_figure *figures, Callout__V1__DispatchState *state)
{
    state->roads = co_arena_alloc(cli->arena, question->count * sizeof(*state->roads));
    for (size_t i = 0; state->roads != NULL && i < question->count; i++) {
        Callout__V1__RoadFigure *road = co_arena_alloc(cli->arena, sizeof(*road));
        if (road == NULL)
            break;
        callout__v1__road_figure__init(road);
        road->office = cli_text(cli, question->item[i].office);
        road->km = figures[i].km;
        road->us = figures[i].us;
        road->is_reached = figures[i].is_reached;
        state->roads[state->n_roads++] = road;
    }
    return state->n_roads == question->count
               ? CLI_OK
               : cli_fail(cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
}

int zone_road_ask(struct cli *cli, const char *url, const struct dispatch_road_question *question,
                  Callout__V1__DispatchState *state, const char **ret_router)
{
    struct dispatch_road_figure figures[DISPATCH_ROAD_OFFICES];
    struct road_http http = { 0 };
    if (!co_address_is_web(url))
        return cli_usage(cli, "--road-url %s: http:// or https://, without a login", url);
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
        !road_http_prepare(&http, url, TIMEOUT_MS, question, NULL))
        return cli_fail(cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    const char *missing =
        road_http_read(&http, curl_easy_perform(http.easy), question->count, figures);
    road_http_free(&http);
    curl_global_cleanup();
    *ret_router = missing[0] == '\0' ? "answered" : missing;
    return missing[0] == '\0' ? keep(cli, question, figures, state) : CLI_OK;
}
