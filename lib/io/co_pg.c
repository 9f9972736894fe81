#include "co_pg.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "co_assert.h"
#include "co_pg_internal.h"

void co_results_free(struct co_results *results)
{
    for (size_t i = 0; i < results->count; i++)
        PQclear(results->item[i]);
    free(results->item);
    *results = (struct co_results){ 0 };
}

static void on_kick(uv_idle_t *kick)
{
    (void)uv_idle_stop(kick);
    co_pg_exec_next(kick->data);
}

void co_pg_kick(struct co_pg *pg)
{
    (void)uv_idle_start(&pg->kick, on_kick);
}

static void free_parts(struct co_pg *pg)
{
    PQconninfoFree(pg->info);
    free(pg->places);
    free(pg->names);
    free(pg->prepared);
    free(pg->expected);
    free(pg);
}

static void join_history(struct co_pg *pg)
{
    pg->history = pg->options.history != NULL ? pg->options.history : &pg->own_history;
    pg->sibling = pg->history->members;
    pg->history->members = pg;
}

static void leave_history(struct co_pg *pg)
{
    struct co_pg **at = &pg->history->members;
    while (*at != pg)
        at = &(*at)->sibling;
    *at = pg->sibling;
}

struct co_pg *co_pg_open(const struct co_pg_options *options)
{
    struct co_pg *pg = calloc(1, sizeof(*pg));
    if (pg == NULL)
        return NULL;
    pg->options = *options;
    pg->places = calloc(CO_PG_PLACES, sizeof(*pg->places));
    pg->names = calloc(CO_PG_PLACES, sizeof(*pg->names));
    const char *why = NULL;
    pg->info = co_pg_info(options->url, &why);
    if (pg->places == NULL || pg->names == NULL || (pg->info == NULL && why == NULL)) {
        free_parts(pg);
        return NULL;
    }
    if (pg->info != NULL)
        pg->place_count = co_pg_places(pg->info, pg->places);
    (void)snprintf(pg->tried, sizeof(pg->tried), "%s", why == NULL ? "" : why);
    join_history(pg);
    (void)uv_timer_init(options->loop, &pg->timer);
    (void)uv_idle_init(options->loop, &pg->kick);
    pg->timer.data = pg;
    pg->kick.data = pg;
    pg->open_handles = 2;
    co_pg_connect_start(pg);
    return pg;
}

void co_pg_unref(struct co_pg *pg)
{
    if (--pg->open_handles > 0)
        return;
    free_parts(pg);
}

static void free_when_closed(uv_handle_t *handle)
{
    co_pg_unref(handle->data);
}

void co_pg_close(struct co_pg **pg_p)
{
    struct co_pg *pg = *pg_p;
    *pg_p = NULL;
    if (pg == NULL)
        return;
    pg->state = CO_PG_CLOSING;
    co_pg_drop(pg, "closing");
    leave_history(pg);
    for (size_t i = 0; i < pg->place_count; i++)
        if (pg->names[i].asked != NULL) /* one that runs already cannot be ended; its callback holds pg */
            (void)uv_cancel((uv_req_t *)pg->names[i].asked);
    uv_close((uv_handle_t *)&pg->timer, free_when_closed);
    uv_close((uv_handle_t *)&pg->kick, free_when_closed);
}

bool co_pg_is_up(const struct co_pg *pg)
{
    return pg->state == CO_PG_UP;
}

bool co_pg_is_idle(const struct co_pg *pg)
{
    return pg->state == CO_PG_UP && !pg->in_air && pg->head == NULL;
}

bool co_pg_own_address(const struct co_pg *pg, char ret_address[static CO_PG_ADDRESS])
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } own;
    socklen_t size = sizeof(own);
    memset(&own, 0, sizeof(own));
    if (pg->conn == NULL || getsockname(PQsocket(pg->conn), &own.any, &size) != 0)
        return false;
    if (own.any.sa_family == AF_INET6)
        return !IN6_IS_ADDR_LOOPBACK(&own.v6.sin6_addr) && inet_ntop(AF_INET6, &own.v6.sin6_addr, ret_address, CO_PG_ADDRESS) != NULL;
    bool is_local = ntohl(own.v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return own.any.sa_family == AF_INET && !is_local && inet_ntop(AF_INET, &own.v4.sin_addr, ret_address, CO_PG_ADDRESS) != NULL;
}

void co_pg_reset(struct co_pg *pg)
{
    if (pg->state == CO_PG_UP || pg->state == CO_PG_CONNECTING || pg->state == CO_PG_OPENING)
        co_pg_drop(pg, "reset");
}

void co_pg_hear_era(struct co_pg_history *history, const char *era)
{
    if (co_pg_history_hear(history, era))
        co_pg_leave_older(history);
}

void co_pg_run(struct co_pg *pg, const struct co_batch *batch, unsigned mode, co_pg_done *done, void *arg)
{
    struct co_pg_job *job = calloc(1, sizeof(*job));
    co_assert(job != NULL); /* 48 bytes; there is nobody to report to without it */
    *job = (struct co_pg_job){ .batch = batch, .mode = mode, .done = done, .arg = arg };
    if (pg->tail == NULL)
        pg->head = job;
    else
        pg->tail->next = job;
    pg->tail = job;
    co_pg_kick(pg);
}
