/* Finds the server that may be written to, without ever blocking the loop, and finds it again after it was lost. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_pg_internal.h"

enum { PLACE_S = 3, PLACE_MOST_S = 30, PAUSE_FIRST_MS = 50, PAUSE_LAST_MS = 1000 };

static void on_poll_closed(uv_handle_t *handle)
{
    free(handle);
}

void co_pg_poll_close(struct co_pg *pg)
{
    if (pg->poll == NULL)
        return;
    uv_close((uv_handle_t *)pg->poll, on_poll_closed);
    pg->poll = NULL;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct co_pg *pg = poll->data;
    if (pg->poll != poll)
        return;
    if (status < 0)
        events = UV_READABLE; /* libpq finds out what is wrong */
    if (pg->state == CO_PG_CONNECTING)
        co_pg_connect_ready(pg);
    else if (pg->state == CO_PG_OPENING)
        co_pg_session_ready(pg);
    else if (pg->state == CO_PG_UP)
        co_pg_exec_ready(pg, events);
}

bool co_pg_poll(struct co_pg *pg, int events)
{
    if (pg->poll == NULL) {
        uv_poll_t *poll = calloc(1, sizeof(*poll));
        if (poll == NULL)
            return false;
        if (uv_poll_init(pg->options.loop, poll, PQsocket(pg->conn)) != 0) {
            free(poll);
            return false;
        }
        poll->data = pg;
        pg->poll = poll;
    }
    return uv_poll_start(pg->poll, events, on_poll) == 0;
}

static void on_pause_over(uv_timer_t *timer)
{
    co_pg_connect_start(timer->data);
}

static void pause_then_connect(struct co_pg *pg)
{
    uint64_t pause_ms = PAUSE_FIRST_MS;
    for (unsigned i = 1; i < pg->failures && pause_ms < PAUSE_LAST_MS; i++)
        pause_ms *= 2;
    pg->state = CO_PG_WAITING;
    (void)uv_timer_start(&pg->timer, on_pause_over, pause_ms < PAUSE_LAST_MS ? pause_ms : PAUSE_LAST_MS, 0);
}

/* libpq's messages end in a newline, and have a line for each address that was tried. */
static void in_one_line(const char *why, char *ret_text, size_t size)
{
    size_t len = 0;
    for (; *why != '\0' && len + 3 < size; why++) {
        bool is_break = *why == '\n';
        if (is_break && why[1] != '\0')
            ret_text[len++] = ';';
        if (!is_break || why[1] != '\0')
            ret_text[len++] = is_break || *why == '\t' ? ' ' : *why;
    }
    ret_text[len] = '\0';
}

/* What libpq leaves open. */
static const char *hint_of(const char *text)
{
    return strstr(text, "certificate verify failed") == NULL ? "" : "its certificate is expired, or of another CA than sslrootcert";
}

/* Told once. */
static void say_lost(struct co_pg *pg, bool was_up, const char *why)
{
    char text[sizeof(pg->said)];
    memset(text, 0, sizeof(text));
    in_one_line(why, text, sizeof(text));
    if (!was_up && pg->failures > 0 && strcmp(text, pg->said) == 0)
        return;
    memcpy(pg->said, text, sizeof(text));
    co_log_line(pg->options.log, CO_LOG_WARN, "database_lost", CO_S("why", text), CO_S("hint", hint_of(text)), CO_S("as", pg->options.application));
}

void co_pg_drop(struct co_pg *pg, const char *why)
{
    bool was_up = pg->state == CO_PG_UP;
    bool closing = pg->state == CO_PG_CLOSING;
    if (!closing)
        say_lost(pg, was_up, why);
    if (was_up && pg->options.watch != NULL)
        pg->options.watch->linked(pg->options.watch->ctx, false);
    pg->failures++;
    if (!closing)
        pg->state = CO_PG_WAITING;
    co_pg_poll_close(pg);
    (void)uv_timer_stop(&pg->timer);
    PGconn *conn = pg->conn;
    pg->conn = NULL;
    pg->check = NULL;
    PQclear(pg->greeting);
    pg->greeting = NULL;
    co_pg_exec_forget(pg);
    co_pg_exec_abandon(pg, CO_EDOWN);
    PQfinish(conn);
    if (closing || pg->state == CO_PG_CLOSING) /* already, or by whom it was reported to */
        return;
    pause_then_connect(pg);
    if (was_up && pg->options.on_down != NULL)
        pg->options.on_down(pg->options.arg);
}

static const char OLDER[] = "another server is the primary now";

static void on_older(uv_timer_t *timer)
{
    struct co_pg *pg = timer->data;
    if (pg->state == CO_PG_UP && pg->timeline < pg->history->timeline)
        co_pg_drop(pg, OLDER);
}

void co_pg_leave_older(struct co_pg_history *history)
{
    for (struct co_pg *pg = history->members; pg != NULL; pg = pg->sibling)
        if (pg->state == CO_PG_UP && pg->timeline < history->timeline)
            (void)uv_timer_start(&pg->timer, on_older, 0, 0);
}

/* ---- one place after the other ---- */

static unsigned place_of(const struct co_pg *pg)
{
    return pg->place_count == 0 ? 0 : (pg->first_place + pg->step) % (unsigned)pg->place_count;
}

/* Where it was stands before it already. */
static const char *skip_where(const char *why)
{
    const char *failed = strstr(why, "failed: ");
    return strncmp(why, "connection to server ", 21) == 0 && failed != NULL ? failed + 8 : why;
}

static void note_why(struct co_pg *pg, const char *why)
{
    size_t len = strlen(pg->tried);
    if (pg->place_count > 1)
        why = skip_where(why);
    const struct co_pg_place *p = &pg->places[place_of(pg)];
    const char *host = p->host[0] != '\0' ? p->host : p->address;
    if (pg->place_count > 1)
        (void)snprintf(pg->tried + len, sizeof(pg->tried) - len, "%s%s%s%s: %.*s", len > 0 ? "; " : "", host,
                       p->port[0] != '\0' ? ":" : "", p->port, (int)strcspn(why, "\n"), why);
    else
        (void)snprintf(pg->tried, sizeof(pg->tried), "%s", why);
}

static void on_place_late(uv_timer_t *timer)
{
    co_pg_connect_pass_over(timer->data, "no answer in time");
}

static uint64_t patience_ms(const struct co_pg *pg)
{
    const char *text = co_pg_option(pg->info, "connect_timeout");
    long s = text == NULL ? PLACE_S : strtol(text, NULL, 10);
    return (uint64_t)(s < 1 || s > PLACE_MOST_S ? PLACE_MOST_S : s) * 1000;
}

/* NULL address: as the place says. */
static void connect_to(struct co_pg *pg, const struct co_pg_place *place, const char *address)
{
    struct co_pg_params params;
    co_pg_session_params(pg, &params);
    if (place != NULL) {
        co_pg_params_set(&params, "host", place->host);
        co_pg_params_set(&params, "hostaddr", address == NULL ? place->address : address);
        co_pg_params_set(&params, "port", place->port);
    } else { /* what libpq finds where nothing is named; or lists that do not fit, and it says so */
        co_pg_params_set(&params, "target_session_attrs", "read-write");
        co_pg_params_set(&params, "host", co_pg_option(pg->info, "host"));
        co_pg_params_set(&params, "hostaddr", co_pg_option(pg->info, "hostaddr"));
        co_pg_params_set(&params, "port", co_pg_option(pg->info, "port"));
    }
    pg->conn = PQconnectStartParams(params.keyword, params.value, 0);
    pg->state = CO_PG_CONNECTING;
    (void)uv_timer_start(&pg->timer, on_place_late, patience_ms(pg), 0);
    if (pg->conn == NULL || PQstatus(pg->conn) == CONNECTION_BAD) {
        co_pg_connect_pass_over(pg, pg->conn == NULL ? "out of memory" : PQerrorMessage(pg->conn));
        return;
    }
    (void)PQsetNoticeReceiver(pg->conn, co_pg_exec_notice, pg);
    if (!co_pg_poll(pg, UV_WRITABLE))
        co_pg_connect_pass_over(pg, "cannot poll");
}

static void try_place(struct co_pg *pg)
{
    unsigned at = place_of(pg);
    pg->address = 0;
    if (pg->place_count == 0) {
        connect_to(pg, NULL, NULL);
    } else if (co_pg_place_is_name(&pg->places[at])) {
        pg->state = CO_PG_RESOLVING;
        co_pg_resolve(pg, at);
    } else {
        connect_to(pg, &pg->places[at], NULL);
    }
}

void co_pg_resolved(struct co_pg *pg, const char *why)
{
    unsigned at = place_of(pg);
    if (pg->names[at].count == 0)
        co_pg_connect_pass_over(pg, why);
    else
        connect_to(pg, &pg->places[at], pg->names[at].address[0]);
}

/* Nothing but the message of open_session.sql is in that transaction: it may be cancelled. */
static void hang_up(struct co_pg *pg)
{
    PGconn *conn = pg->conn;
    bool still_asks = pg->state == CO_PG_OPENING && PQtransactionStatus(conn) == PQTRANS_ACTIVE;
    co_pg_poll_close(pg);
    (void)uv_timer_stop(&pg->timer);
    PQclear(pg->greeting);
    pg->greeting = NULL;
    pg->conn = NULL;
    if (still_asks)
        co_pg_cancel(pg->options.loop, conn);
    else
        PQfinish(conn);
}

/* The first search of a process looks at every place before it takes one: a primary of the past may come first in the list. */
static void end_search(struct co_pg *pg)
{
    bool is_over = pg->is_survey && pg->has_met;
    pg->history->is_surveyed = pg->history->is_surveyed || is_over;
    if (is_over)
        co_pg_connect_start(pg);
    else
        co_pg_drop(pg, pg->tried);
}

void co_pg_connect_pass_over(struct co_pg *pg, const char *why)
{
    unsigned at = place_of(pg);
    note_why(pg, why);
    hang_up(pg);
    if (pg->place_count > 0 && co_pg_place_is_name(&pg->places[at]) && pg->address + 1 < pg->names[at].count)
        connect_to(pg, &pg->places[at], pg->names[at].address[++pg->address]);
    else if (++pg->step < pg->place_count)
        try_place(pg);
    else
        end_search(pg);
}

void co_pg_connect_start(struct co_pg *pg)
{
    if (pg->info == NULL) { /* pg->tried says what is wrong with the connection string */
        co_pg_drop(pg, pg->tried);
        return;
    }
    pg->first_place = pg->history->good_place;
    pg->step = 0;
    pg->is_survey = pg->place_count > 1 && !pg->history->is_surveyed;
    pg->has_met = false;
    pg->tried[0] = '\0';
    try_place(pg);
}

void co_pg_connect_ready(struct co_pg *pg)
{
    PostgresPollingStatusType status = PQconnectPoll(pg->conn);
    co_pg_poll_close(pg); /* the socket may be another one now */
    if (status == PGRES_POLLING_FAILED) {
        co_pg_connect_pass_over(pg, PQerrorMessage(pg->conn));
        return;
    }
    int events = status == PGRES_POLLING_WRITING ? UV_WRITABLE : UV_READABLE;
    if (status == PGRES_POLLING_OK) {
        pg->state = CO_PG_OPENING;
        if (PQsetnonblocking(pg->conn, 1) != 0 || !co_pg_session_open(pg)) {
            co_pg_connect_pass_over(pg, PQerrorMessage(pg->conn));
            return;
        }
    }
    if (!co_pg_poll(pg, events))
        co_pg_connect_pass_over(pg, "cannot poll");
}

void co_pg_connect_up(struct co_pg *pg)
{
    (void)uv_timer_stop(&pg->timer);
    if (pg->timeline < pg->history->timeline) { /* heard of while the pooler was looked at */
        co_pg_connect_pass_over(pg, OLDER);
        return;
    }
    if (PQenterPipelineMode(pg->conn) != 1 || !co_pg_poll(pg, UV_READABLE)) {
        co_pg_connect_pass_over(pg, PQerrorMessage(pg->conn));
        return;
    }
    pg->failures = 0;
    pg->state = CO_PG_UP;
    pg->history->good_place = place_of(pg);
    co_log_line(pg->options.log, CO_LOG_DEBUG, "database_up", CO_S("as", pg->options.application));
    if (pg->options.watch != NULL)
        pg->options.watch->linked(pg->options.watch->ctx, true);
    if (pg->options.on_up != NULL)
        pg->options.on_up(pg->options.arg);
    co_pg_exec_next(pg);
}
