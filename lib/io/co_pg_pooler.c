/* Does what pools our connections keep one server connection for each session, as long as the session lasts?
 *
 * PgBouncer in transaction mode gives the server connection to whoever begins the next transaction. Nothing says so, and one client
 * alone would not notice. So we look: one session asks which backend it has; another begins a transaction and keeps it open; if that
 * has the first one's backend, or the first has another one now, backends are not kept. With backends kept neither can be, so we never
 * refuse wrongly. Without, the second takes the one that the first has just given back, or the first finds it taken by somebody else;
 * where a pooler hands out its idle ones in turn, the next round's session takes it. Connections that must wait for a free
 * backend prove that the first one's is not free. In a thread, as it waits.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_clock.h"
#include "co_pg_internal.h"

enum { ROUNDS = 3, WAIT_MS = 1500 };
static const char UNFIT[] = "PgBouncer pools by transactions (below 1.21 that loses prepared statements, and in any version the settings of the session): "
                            "set pool_mode = session for this database";

struct co_pg_check {
    uv_work_t work;
    struct co_pg *pg;
    struct co_pg_params params; /* of the very server; texts are the connection string's, or below */
    char host[CO_PG_HOST_TEXT], address[CO_PG_ADDRESS_TEXT], port[CO_PG_PORT_TEXT];
    bool is_unfit, has_proof; /* a round went through */
};

/* The backend that answers within WAIT_MS; 0: none; -1: refused. */
static int backend_of(PGconn *conn, const char *sql)
{
    int64_t end_us = co_mono_us() + WAIT_MS * INT64_C(1000);
    if (PQsendQuery(conn, sql) != 1)
        return 0;
    int pid = 0;
    for (;;) {
        while (!PQisBusy(conn)) {
            PGresult *res = PQgetResult(conn);
            if (res == NULL)
                return pid;
            if (PQresultStatus(res) == PGRES_TUPLES_OK)
                pid = atoi(PQgetvalue(res, 0, 0));
            else if (PQresultStatus(res) == PGRES_FATAL_ERROR && PQstatus(conn) == CONNECTION_OK)
                pid = -1;
            PQclear(res);
        }
        struct pollfd fd = { .fd = PQsocket(conn), .events = POLLIN };
        int64_t left_ms = (end_us - co_mono_us()) / 1000;
        if (left_ms <= 0 || poll(&fd, 1, (int)left_ms) <= 0 || PQconsumeInput(conn) == 0)
            return 0;
    }
}

/* Connected within WAIT_MS, or NULL. */
static PGconn *connect_within(const struct co_pg_check *c)
{
    PGconn *conn = PQconnectStartParams(c->params.keyword, c->params.value, 0);
    int64_t end_us = co_mono_us() + WAIT_MS * INT64_C(1000);
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    while (conn != NULL && PQstatus(conn) != CONNECTION_BAD && status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED) {
        struct pollfd fd = { .fd = PQsocket(conn), .events = status == PGRES_POLLING_WRITING ? POLLOUT : POLLIN };
        int64_t left_ms = (end_us - co_mono_us()) / 1000;
        if (left_ms <= 0 || poll(&fd, 1, (int)left_ms) <= 0)
            break;
        status = PQconnectPoll(conn);
    }
    if (status == PGRES_POLLING_OK)
        return conn;
    PQfinish(conn);
    return NULL;
}

static bool is_shared(const struct co_pg_check *c, bool *ret_proof)
{
    static const char ASK[] = "SELECT pg_backend_pid()", HOLD[] = "BEGIN; SELECT pg_backend_pid()";
    PGconn *first = connect_within(c), *holds[ROUNDS] = { NULL };
    int pid = first == NULL ? 0 : backend_of(first, ASK);
    bool shared = false;
    for (int i = 0; i < ROUNDS && pid > 0 && !shared; i++) {
        int held = (holds[i] = connect_within(c)) == NULL ? 0 : backend_of(holds[i], HOLD);
        int now = backend_of(first, ASK);
        shared = held == pid || held == -1 || (now > 0 && now != pid); /* -1: by statements, where nobody may begin a transaction */
        *ret_proof = *ret_proof || (holds[i] != NULL && now > 0);
        if (held == 0 || now <= 0)
            break;
    }
    for (int i = 0; i < ROUNDS; i++)
        PQfinish(holds[i]);
    PQfinish(first);
    return shared;
}

static void work(uv_work_t *request)
{
    struct co_pg_check *c = request->data;
    c->is_unfit = is_shared(c, &c->has_proof);
}

static void on_done(uv_work_t *request, int status)
{
    struct co_pg_check *c = request->data;
    struct co_pg *pg = c->pg;
    bool is_unfit = status == 0 && c->is_unfit, has_proof = status == 0 && c->has_proof, is_awaited = pg->check == c && pg->state == CO_PG_CHECKING;
    free(c);
    if (is_awaited) {
        pg->check = NULL;
        pg->history->is_pooler_known = has_proof && !is_unfit;
        if (is_unfit)
            pg->options.on_unfit(pg->options.arg, UNFIT);
        else
            co_pg_connect_up(pg);
    }
    co_pg_unref(pg);
}

void co_pg_pooler_check(struct co_pg *pg)
{
    struct co_pg_check *c = calloc(1, sizeof(*c));
    (void)uv_timer_stop(&pg->timer);
    if (c == NULL) {
        co_pg_connect_pass_over(pg, "out of memory");
        return;
    }
    c->pg = pg;
    c->work.data = c;
    const char *address = PQhostaddr(pg->conn), *host = PQhost(pg->conn), *port = PQport(pg->conn);
    (void)snprintf(c->host, sizeof(c->host), "%s", host == NULL ? "" : host);
    (void)snprintf(c->address, sizeof(c->address), "%s", address == NULL ? "" : address);
    (void)snprintf(c->port, sizeof(c->port), "%s", port == NULL ? "" : port);
    co_pg_session_params(pg, &c->params);
    co_pg_params_set(&c->params, "host", c->host);
    co_pg_params_set(&c->params, "hostaddr", c->address);
    co_pg_params_set(&c->params, "port", c->port);
    pg->state = CO_PG_CHECKING;
    pg->check = c;
    pg->open_handles++;
    if (uv_queue_work(pg->options.loop, &c->work, work, on_done) != 0) {
        pg->open_handles--;
        pg->check = NULL;
        free(c);
        co_pg_connect_pass_over(pg, "no thread to look at the pooler");
    }
}
