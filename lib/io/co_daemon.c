#include "co_daemon.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

#include "co_assert.h"
#include "co_daemon_metrics.h"
#include "co_daemon_options.h"
#include "co_daemon_read.h"
#include "co_http.h"
#include "co_keys.h"
#include "co_mesh.h"
#include "co_probe.h"
#include "co_zap.h"

enum { STOP_MS = 20000, SIGNALS = 4, REGISTRY_BEATS = 4, PROBE_MS = 2000, PROBE_BYTES = 64 * 1024 };

struct co_daemon {
    const struct co_daemon_def *def;
    struct co_daemon_options options;
    void *config; /* the service's own */
    const struct co_config *read; /* where all of it came from */
    int argc;
    char **argv;
    enum co_log_level level; /* as log-level says */
    char instance[128], role[64], endpoint[256];
    uv_loop_t loop;
    uv_signal_t signals[SIGNALS];
    uv_timer_t patience;
    struct co_log *log;
    struct co_metrics *metrics;
    struct co_daemon_metrics *counts;
    struct co_http *http;
    struct co_fault *fault;
    void *zmq;
    struct co_zap *zap;
    uint8_t mesh_key[CO_KEY_BYTES];
    bool has_mesh_key;
    struct co_node *node;
    struct co_registry_feed *feed;
    struct co_worker *worker;
    void *service;
    unsigned beats;
    bool is_stopping;
    int exit_code;
};

/* ---- options ---- */

static const char *text_or(const char *text, const char *fallback)
{
    return text != NULL && text[0] != '\0' ? text : fallback;
}

static void fill_in_names(struct co_daemon *d)
{
    char host[64] = "host";
    const char *name = d->def->name;
    (void)gethostname(host, sizeof(host) - 1);
    (void)snprintf(d->instance, sizeof(d->instance), "%s-%s-%d", name, host, (int)getpid());
    if (text_or(d->options.instance, NULL) != NULL)
        (void)snprintf(d->instance, sizeof(d->instance), "%s", d->options.instance);
    (void)snprintf(d->role, sizeof(d->role), "callout_%s", name);
    if (text_or(d->options.database_role, NULL) != NULL)
        (void)snprintf(d->role, sizeof(d->role), "%s", d->options.database_role);
    const char *tmp = text_or(getenv("TMPDIR"), "/tmp");
    (void)snprintf(d->endpoint, sizeof(d->endpoint), "ipc://%s/callout-%s.sock", tmp, d->instance);
    if (text_or(d->options.mesh_endpoint, NULL) != NULL)
        (void)snprintf(d->endpoint, sizeof(d->endpoint), "%s", d->options.mesh_endpoint);
}

/* ---- what the node and the feed tell ---- */

static void on_ready(void *arg)
{
    struct co_daemon *d = arg;
    co_registry_feed_want(d->feed, 0);
    if (d->worker != NULL)
        co_worker_on_ready(d->worker);
    if (d->def->on_ready != NULL)
        d->def->on_ready(d->service);
    co_log_info(d->log, "ready", CO_S("mesh", co_mesh_endpoint(co_node_mesh(d->node))),
                CO_I("lanes", co_node_lanes(d->node)), CO_AT("domain_time", co_node_now_us(d->node)));
}

static void on_reset(void *arg)
{
    struct co_daemon *d = arg;
    if (d->worker != NULL)
        co_worker_on_reset(d->worker);
    if (d->def->on_reset != NULL)
        d->def->on_reset(d->service);
}

static void on_beat(void *arg)
{
    struct co_daemon *d = arg;
    /* who follows no lane is not told of a new version by the journal */
    if (!co_registry_feed_is_loaded(d->feed) || (d->worker == NULL && ++d->beats % REGISTRY_BEATS == 0))
        co_registry_feed_want(d->feed, 0);
    if (d->is_stopping)
        return;
    if (d->worker != NULL)
        co_worker_on_beat(d->worker);
    if (d->def->on_beat != NULL)
        d->def->on_beat(d->service);
}

static void on_entries(void *arg, int lane, const struct co_entry_raw *entries, size_t n)
{
    struct co_daemon *d = arg;
    if (d->worker != NULL)
        co_worker_on_entries(d->worker, lane, entries, n);
    if (d->def->on_entries != NULL)
        d->def->on_entries(d->service, lane, entries, n);
}

static void on_step(void *arg)
{
    struct co_daemon *d = arg;
    if (d->worker != NULL)
        co_worker_on_step(d->worker);
    if (d->def->on_step != NULL)
        d->def->on_step(d->service);
}

static void on_registry(void *arg)
{
    struct co_daemon *d = arg;
    if (d->worker != NULL)
        co_worker_on_step(d->worker); /* what waited for it may go on */
    if (d->def->on_registry != NULL)
        d->def->on_registry(d->service);
}

static void say_database(struct co_node *node, struct co_buf *reasons)
{
    if (node == NULL || !co_pg_is_up(co_node_pg(node)))
        (void)co_buf_append_text(reasons, "database: not connected\n");
    else if (co_node_unusable(node)[0] != '\0')
        (void)co_buf_printf(reasons, "schema: %s\n", co_node_unusable(node));
    else if (!co_node_is_ready(node))
        (void)co_buf_append_text(reasons, "journal: not read yet\n");
    else if (!co_node_is_alive(node))
        (void)co_buf_append_text(reasons, "database: this process did not renew its row in time; others may take over\n");
}

static void on_unfit(void *arg, const char *why)
{
    struct co_daemon *d = arg;
    co_log_error(d->log, "cannot_work_here", CO_S("why", why));
    co_daemon_fail(d);
}

static bool is_ready(void *arg, struct co_buf *reasons)
{
    struct co_daemon *d = arg;
    if (d->is_stopping)
        (void)co_buf_append_text(reasons, "stopping\n");
    say_database(d->node, reasons);
    if (!co_registry_feed_is_loaded(d->feed))
        (void)co_buf_append_text(reasons, "registry: not loaded yet\n");
    if (d->worker != NULL)
        co_worker_not_ready(d->worker, reasons);
    if (d->def->not_ready != NULL)
        d->def->not_ready(d->service, reasons);
    return reasons->len == 0;
}

/* Only whoever has the mesh's key pair may listen to the mesh; the service judges its own domains. */
static const char *allow(void *arg, const struct co_zap_client *client)
{
    struct co_daemon *d = arg;
    if (strcmp(client->domain, CO_MESH_DOMAIN) == 0)
        return d->has_mesh_key && memcmp(client->key, d->mesh_key, CO_KEY_BYTES) == 0 ? "mesh" : NULL;
    return d->service != NULL && d->def->allow != NULL ? d->def->allow(d->service, client) : NULL;
}

/* ---- orderly end ---- */

static void close_signals(struct co_daemon *d)
{
    for (size_t i = 0; i < SIGNALS; i++)
        if (!uv_is_closing((uv_handle_t *)&d->signals[i]))
            uv_close((uv_handle_t *)&d->signals[i], NULL);
    uv_close((uv_handle_t *)&d->patience, NULL);
}

static void on_node_closed(void *arg)
{
    struct co_daemon *d = arg;
    co_registry_feed_close(&d->feed);
    co_zap_close(d->zap, NULL, NULL);
    close_signals(d);
    co_log_info(d->log, "stopped", CO_I("code", d->exit_code));
}

static void on_worker_stopped(void *arg)
{
    struct co_daemon *d = arg;
    co_http_close(d->http, NULL, NULL); /* first: what it shows looks into the worker */
    co_worker_free(&d->worker);
    co_node_close(&d->node, on_node_closed, d);
}

static void on_service_stopped(void *arg)
{
    struct co_daemon *d = arg;
    if (d->worker != NULL)
        co_worker_stop(d->worker, on_worker_stopped, d);
    else
        on_worker_stopped(d);
}

static void on_patience_over(uv_timer_t *timer)
{
    struct co_daemon *d = timer->data;
    co_log_error(d->log, "stop_took_too_long", CO_I("limit_ms", STOP_MS));
    _exit(1);
}

static void stop(struct co_daemon *d)
{
    d->is_stopping = true;
    (void)uv_timer_start(&d->patience, on_patience_over, STOP_MS, 0);
    if (d->def->stop != NULL)
        d->def->stop(d->service, on_service_stopped, d);
    else
        on_service_stopped(d);
}

void co_daemon_fail(struct co_daemon *d)
{
    d->exit_code = 1;
    if (!d->is_stopping)
        stop(d);
}

/* To debug, and back to what log-level says. */
static void switch_debug(struct co_daemon *d)
{
    enum co_log_level back = d->level == CO_LOG_DEBUG ? CO_LOG_INFO : d->level;
    enum co_log_level level = co_log_wants(d->log, CO_LOG_DEBUG) ? back : CO_LOG_DEBUG;
    co_log_set_level(d->log, CO_LOG_INFO); /* so that this line is there */
    co_log_info(d->log, "log_level", CO_S("to", co_log_level_name(level)));
    co_log_set_level(d->log, level);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct co_daemon *d = handle->data;
    if (number == SIGUSR1) {
        switch_debug(d);
        return;
    }
    if (number == SIGHUP) {
        co_daemon_read_again(d->def, d->argc, d->argv, d->read, d->log, &d->level);
        return;
    }
    co_log_info(d->log, "stopping", CO_I("signal", number));
    if (d->is_stopping)
        _exit(1);
    stop(d);
}

/* ---- start ---- */

static void watch_signals(struct co_daemon *d)
{
    static const int numbers[SIGNALS] = { SIGTERM, SIGINT, SIGUSR1, SIGHUP };
    (void)signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < SIGNALS; i++) {
        (void)uv_signal_init(&d->loop, &d->signals[i]);
        d->signals[i].data = d;
        (void)uv_signal_start(&d->signals[i], on_signal, numbers[i]);
    }
    (void)uv_timer_init(&d->loop, &d->patience);
    d->patience.data = d;
}

static bool open_zap(struct co_daemon *d)
{
    struct co_why why = { .text = "" };
    char public_text[CO_KEY_TEXT];
    const char *file = text_or(d->options.mesh_key_file, NULL);
    bool ok = true;
    if (file != NULL) {
        ok = co_keys_read_public(file, public_text, &why) == CO_OK && co_keys_decode(public_text, d->mesh_key) == CO_OK;
        d->has_mesh_key = ok;
    }
    ok = ok && co_zap_open(&d->loop, d->zmq, allow, d, &d->zap, &why) == CO_OK;
    if (!ok)
        co_log_error(d->log, "keys_failed", CO_S("why", why.text));
    return ok;
}

static bool open_parts(struct co_daemon *d)
{
    const struct co_daemon_def *def = d->def;
    struct co_why why = { .text = "out of memory" };
    struct co_node_options node = {
        .loop = &d->loop, .log = d->log, .zmq = d->zmq, .fault = d->fault, .service = def->name,
        .instance = d->instance, .database_url = d->options.database_url, .role = co_daemon_role(d),
        .endpoint = d->endpoint, .announce = text_or(d->options.mesh_announce, NULL),
        .key_file = d->options.mesh_key_file, .release = CO_VERSION, .schema = co_schema_rooms,
        .schema_count = co_schema_room_count, .is_leased = def->ops != NULL, .on_ready = on_ready,
        .watch = co_daemon_metrics_watch(d->counts), .metrics = d->metrics,
        .on_reset = on_reset, .on_beat = on_beat, .on_entries = on_entries, .on_step = on_step,
        .on_unfit = on_unfit, .arg = d,
    };
    if (!open_zap(d) || (d->node = co_node_open(&node)) == NULL)
        return false;
    co_daemon_metrics_look(d->counts, d->zap, d->node);
    struct co_registry_feed_options feed = { &d->loop, co_node_pg(d->node), d->log, on_registry, d };
    d->feed = co_registry_feed_open(&feed);
    struct co_http_options http = { .listen = d->options.http_address, .metrics = d->metrics, .is_ready = is_ready, .ctx = d };
    if (d->feed == NULL || co_http_open(&d->loop, &http, &d->http, &why) != CO_OK) {
        co_log_error(d->log, "http_failed", CO_S("why", why.text));
        return false;
    }
    co_log_info(d->log, "http", CO_I("port", co_http_port(d->http)));
    d->service = def->start(d, d->config);
    if (d->service == NULL)
        return false;
    if (def->ops != NULL) {
        struct co_worker_options worker = { d->node, d->feed, def->ops, d->service };
        d->worker = co_worker_new(&worker);
    }
    return true;
}

static void log_warnings(struct co_daemon *d, const struct co_config *config)
{
    for (size_t i = 0; i < co_config_warning_count(config); i++)
        co_log_warn(d->log, "option", CO_S("why", co_config_warning(config, i)));
}

static int run(struct co_daemon *d, const struct co_config *config)
{
    struct co_why why = { .text = "" };
    d->read = config;
    fill_in_names(d);
    if (co_log_level_parse(d->options.log_level, &d->level) != CO_OK)
        return 2;
    struct co_log_options log = { .service = d->def->name, .instance = d->instance, .level = d->level, .fd = STDERR_FILENO };
    d->log = co_log_new(&log);
    d->metrics = co_metrics_new();
    d->zmq = zmq_ctx_new();
    struct co_daemon_metrics_options counts = { .metrics = d->metrics, .log = d->log, .service = d->def->name, .version = CO_VERSION,
                                                .is_ready = is_ready, .ctx = d };
    if (d->log == NULL || d->metrics == NULL || d->zmq == NULL || (d->counts = co_daemon_metrics_new(&counts)) == NULL)
        return 1;
    log_warnings(d, config);
    if (co_fault_from_environment(&d->fault, &why) != CO_OK) {
        co_log_error(d->log, "fault_rules", CO_S("why", why.text));
        return 2;
    }
    (void)uv_loop_init(&d->loop);
    watch_signals(d);
    if (!open_parts(d))
        _exit(1); /* logged; nothing has been done yet that would have to be undone */
    (void)uv_run(&d->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&d->loop);
    return d->exit_code;
}

/* --probe: what another process of this daemon answers. */
static int probe(const struct co_daemon *d)
{
    char path[16];
    struct co_buf body;
    struct co_why why = { .text = "" };
    (void)snprintf(path, sizeof(path), "/%sz", d->options.probe);
    co_buf_init(&body, PROBE_BYTES);
    enum co_err err = co_probe(d->options.http_address, path, PROBE_MS, &body, &why);
    (void)fputs(co_buf_text(&body), stdout);
    if (why.text[0] != '\0')
        (void)fprintf(stderr, "callout-%s: %s\n", d->def->name, why.text);
    co_buf_done(&body);
    return err == CO_OK ? 0 : err == CO_EINPUT ? 2 : 1;
}

int co_daemon_main(const struct co_daemon_def *def, int argc, char **argv)
{
    struct co_daemon *d = calloc(1, sizeof(*d));
    struct co_config *config = NULL;
    if (d == NULL || (d->config = calloc(1, def->config_size + 1)) == NULL) {
        free(d);
        return 1;
    }
    d->def = def;
    d->argc = argc;
    d->argv = argv;
    enum co_config_next next = co_daemon_read(def, argc, argv, &d->options, d->config, &config);
    int code = next == CO_CONFIG_WRONG ? 2 : 0;
    if (next == CO_CONFIG_RUN)
        code = text_or(d->options.probe, NULL) != NULL ? probe(d) : run(d, config);
    if (d->service != NULL && def->free != NULL)
        def->free(d->service);
    if (d->zmq != NULL)
        (void)zmq_ctx_term(d->zmq);
    co_metrics_free(d->metrics);
    co_daemon_metrics_free(d->counts);
    co_fault_free(d->fault);
    co_log_free(d->log);
    co_config_free(config);
    free(d->config);
    free(d);
    return code;
}

uv_loop_t *co_daemon_loop(struct co_daemon *d)
{
    return &d->loop;
}

struct co_log *co_daemon_log(struct co_daemon *d)
{
    return d->log;
}

void *co_daemon_zmq(struct co_daemon *d)
{
    return d->zmq;
}

struct co_node *co_daemon_node(struct co_daemon *d)
{
    return d->node;
}

struct co_worker *co_daemon_worker(struct co_daemon *d)
{
    return d->worker;
}

struct co_registry_feed *co_daemon_feed(struct co_daemon *d)
{
    return d->feed;
}

struct co_metrics *co_daemon_metrics(struct co_daemon *d)
{
    return d->metrics;
}

const struct co_pg_watch *co_daemon_pg_watch(struct co_daemon *d)
{
    return co_daemon_metrics_watch(d->counts);
}

struct co_fault *co_daemon_fault(struct co_daemon *d)
{
    return d->fault;
}

const char *co_daemon_database_url(struct co_daemon *d)
{
    return d->options.database_url;
}

const char *co_daemon_role(struct co_daemon *d)
{
    return strcmp(d->role, "none") == 0 ? NULL : d->role;
}
