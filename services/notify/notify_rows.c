#include "notify_rows.h"

#include <stdlib.h>

#include "co_row.h"
#include "co_time.h"
#include "notify_gone.h"
#include "notify_sql.h"

enum {
    BATCH_BYTES = 1 << 20,
    SHOWN_MAX = 256, /* servers of one process; more are set aside, and not shown */
    READ_BEATS = 10, /* others find addresses gone, too: read anew every 5 s */
};

struct notify_rows {
    struct co_batch *batch;
    bool is_in_air;
    bool is_changed; /* what is written is not what is so */
    bool is_loaded;
    bool is_refused;          /* by the server, and logged */
    bool has_saved, has_read; /* by the batch in the air */
    size_t read_at;           /* its result */
    uint32_t beats;           /* since the last look */
};

struct notify_rows *notify_rows_new(void)
{
    struct notify_rows *r = calloc(1, sizeof(*r));
    if (r == NULL)
        return NULL;
    r->is_changed = true; /* an earlier life of this name may have left some */
    r->batch = co_batch_new(BATCH_BYTES);
    if (r->batch != NULL)
        return r;
    free(r);
    return NULL;
}

void notify_rows_free(struct notify_rows *r)
{
    if (r != NULL)
        co_batch_free(r->batch);
    free(r);
}

void notify_rows_changed(struct notify_rows *r)
{
    r->is_changed = true;
}

bool notify_rows_is_loaded(const struct notify_rows *r)
{
    return r->is_loaded;
}

static void add_save(struct notify_service *s)
{
    const char *server[SHOWN_MAX], *channel[SHOWN_MAX], *why[SHOWN_MAX];
    int64_t since_us[SHOWN_MAX], until_us[SHOWN_MAX];
    int32_t failures[SHOWN_MAX];
    struct notify_server x;
    uint32_t pos = 0;
    size_t n = 0;
    for (; n < SHOWN_MAX && notify_send_next_aside(s->sender, &pos, &x); n++) {
        server[n] = x.server;
        channel[n] = x.channel;
        why[n] = x.why;
        since_us[n] = x.since_us;
        until_us[n] = x.until_us;
        failures[n] = (int32_t)x.failures;
    }
    struct co_batch *b = s->rows->batch;
    (void)co_batch_add(b, &notify_sql[notify_sql_save_asides]);
    co_batch_text(b, co_node_options(co_daemon_node(s->daemon))->instance);
    co_batch_texts(b, server, n);
    co_batch_texts(b, channel, n);
    co_batch_uss(b, since_us, n);
    co_batch_uss(b, until_us, n);
    co_batch_int4s(b, failures, n);
    co_batch_texts(b, why, n);
}

static void take_gone(struct notify_service *s, const PGresult *res)
{
    for (int row = 0; row < PQntuples(res); row++) {
        struct notify_gone_address *a = notify_gone_address_new(
            co_row_text(res, row, 0), (enum co_kind)co_row_int2(res, row, 1),
            co_row_text(res, row, 2), (uint64_t)co_row_int8(res, row, 3));
        if (a != NULL)
            (void)notify_gone_put(s->gone, a);
        free(a);
    }
}

static void on_done(void *arg, const struct co_pg_outcome *outcome)
{
    struct notify_service *s = arg;
    struct notify_rows *r = s->rows;
    r->is_in_air = false;
    if (outcome->err != CO_OK) {
        r->is_changed = r->is_changed || r->has_saved;
        r->beats = READ_BEATS;
        if (outcome->err == CO_EINPUT && !r->is_refused)
            co_log_error(co_daemon_log(s->daemon), "rows_refused",
                         CO_S("sqlstate", outcome->sqlstate), CO_S("why", outcome->message));
        r->is_refused = r->is_refused || outcome->err == CO_EINPUT;
        return;
    }
    r->is_refused = false;
    if (r->has_read)
        take_gone(s, outcome->results->item[r->read_at]);
    r->is_loaded = r->is_loaded || r->has_read;
}

void notify_rows_beat(struct notify_service *s)
{
    struct notify_rows *r = s->rows;
    struct co_pg *pg = co_node_pg(co_daemon_node(s->daemon));
    if (r->is_in_air || s->sender == NULL || !co_pg_is_up(pg))
        return;
    r->has_read = !r->is_loaded || ++r->beats >= READ_BEATS;
    r->has_saved = r->is_changed;
    if (!r->has_read && !r->has_saved)
        return;
    co_batch_clear(r->batch);
    if (r->has_saved)
        add_save(s);
    if (r->has_read)
        r->read_at = co_batch_add(r->batch, &notify_sql[notify_sql_read_gone]);
    r->beats = r->has_read ? 0 : r->beats;
    r->is_changed = false;
    r->is_in_air = true;
    co_pg_run(pg, r->batch, CO_PG_PLAIN, on_done, s);
}

/* ---- what the sender tells ---- */

void notify_rows_on_server(void *arg, const struct notify_server *server,
                           enum notify_circuit_change change)
{
    struct notify_service *s = arg;
    struct co_log *log = co_daemon_log(s->daemon);
    bool is_back = change == NOTIFY_CIRCUIT_BACK;
    notify_rows_changed(s->rows);
    if (change == NOTIFY_CIRCUIT_LONGER)
        return;
    co_metric_add(co_metric_with(s->metrics, NOTIFY_M_ASIDES,
                                 CO_LABELS(is_back ? "taken_back" : "set_aside")),
                  1);
    if (is_back)
        co_log_info(log, "server_taken_back", CO_S("channel", server->channel),
                    CO_S("server", server->server), CO_I("failures", server->failures));
    else
        co_log_warn(log, "server_set_aside", CO_S("channel", server->channel),
                    CO_S("server", server->server), CO_I("failures", server->failures),
                    CO_S("why", server->why));
}
