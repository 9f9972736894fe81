#include "intake.h"

#include <sodium.h>
#include <stdlib.h>

#include "announce.h"
#include "apply.h"
#include "clients.h"
#include "co_arena.h"
#include "door.h"
#include "load.h"
#include "metrics.h"
#include "numbers.h"
#include "planner.h"
#include "query.h"
#include "suite.h"
#include "taker.h"
#include "waiters.h"

enum { SCRATCH_BYTES = 16 << 20, DRAIN_TICK_MS = 50, DRAIN_LIMIT_MS = 8000 };

#define AT(member) .offset = offsetof(struct intake_config, member)

static const struct co_option options[] = {
    { .name = "endpoint", .type = CO_OPTION_ENDPOINT, AT(endpoint), .value = "tcp://127.0.0.1:7400",
      .help = "Where clients connect." },
    { .name = "key-file", .type = CO_OPTION_FILE, AT(key_file), .is_required = true,
      .help = "The server's CURVE key pair (callout keygen)." },
    { .name = "next-endpoint", .type = CO_OPTION_ENDPOINT, AT(next_endpoint),
      .help = "Where clients connect that know the server by its next key already, while it is replaced." },
    { .name = "next-key-file", .type = CO_OPTION_FILE, AT(next_key_file), .help = "The server's next CURVE key pair, for next-endpoint." },
    { .name = "operator-keys", .type = CO_OPTION_TEXT, AT(operator_keys),
      .help = "Public key files (.pub), separated by commas, whose owners may do everything: for the first apply, before the "
              "registry knows anybody." },
    { .name = "admin-key", .type = CO_OPTION_TEXT, AT(admin_keys),
      .help = "The same as the keys themselves: public keys in Z85, separated by commas." },
    { .name = "in-flight-limit", .type = CO_OPTION_INT, AT(in_flight_limit), .value = "20000", .unit = "requests", .min = 1,
      .max = 1000000, .help = "Requests being worked on at a time; one more is answered with BUSY." },
    { .name = "client-in-flight-limit", .type = CO_OPTION_INT, AT(client_in_flight_limit), .value = "10000",
      .unit = "requests", .min = 1, .max = 1000000, .help = "The same, of one client." },
    { .name = "memory-limit", .type = CO_OPTION_INT, AT(memory_limit_mb), .value = "256", .unit = "MiB", .min = 1,
      .max = 65536, .help = "Memory of tickets and commands that wait for their commit." },
    { .name = "group-limit", .type = CO_OPTION_INT, AT(group_limit), .value = "1000", .unit = "tickets", .min = 1,
      .max = 10000, .help = "Tickets and commands in one transaction." },
    { .name = "patience", .type = CO_OPTION_DURATION, AT(patience_ms), .value = "10s", .min = 100, .max = 60000,
      .help = "How long a ticket or command may wait for its commit; then it is answered with UNAVAILABLE." },
    { .name = "wrong-codes-limit", .type = CO_OPTION_INT, AT(wrong_codes_limit), .value = "20", .unit = "codes", .min = 0,
      .max = 1000000, .help = "So many wrong codes of one client in a minute, and its answers wait; 0: they never do." },
    { .name = "answer-pause", .type = CO_OPTION_DURATION, AT(answer_pause_ms), .value = "5s", .min = 100, .max = 3600000,
      .help = "How long, at first; each wrong code after a pause begins one twice as long. A right one ends it." },
    { .name = "answer-pause-limit", .type = CO_OPTION_DURATION, AT(answer_pause_limit_ms), .value = "5m", .min = 100,
      .max = 86400000, .help = "The longest such pause." },
    { .name = "lag-limit", .type = CO_OPTION_DURATION, AT(lag_limit_ms), .value = "30s", .min = 1000, .max = 3600000,
      .help = "How far sla may be behind before sources that post more than their share are answered with BUSY." },
};

/* Not in the middle of a request: everything that needs memory at the start has it, or the daemon does not start. */
static bool open_rooms(struct intake *in)
{
    in->scratch = co_arena_new(SCRATCH_BYTES);
    in->metrics = intake_metrics_new(co_daemon_metrics(in->daemon));
    in->numbers = intake_numbers_new(in);
    in->announce = intake_announce_new(in);
    in->load = intake_load_new(in);
    in->suite = intake_suite_new(in);
    in->planner = intake_planner_new(in);
    in->applies = intake_applies_new(in);
    if (in->scratch == NULL || in->metrics == NULL || in->numbers == NULL || in->announce == NULL || in->load == NULL || in->suite == NULL ||
        in->applies == NULL || in->planner == NULL)
        return false;
    in->waiters = intake_waiters_new(in);
    in->queries = intake_queries_new(in);
    in->taker = intake_taker_new(in);
    in->door = intake_door_new(in);
    return in->waiters != NULL && in->queries != NULL && in->taker != NULL && in->door != NULL;
}

static void refresh_gauges(void *ctx)
{
    struct intake *in = ctx;
    intake_metrics_gauges(in->metrics, in->in_flight, intake_taker_count(in->taker), intake_taker_bytes(in->taker),
                          intake_load_lag_us(in->load));
}

static void *start(struct co_daemon *d, const void *config)
{
    struct intake *in = calloc(1, sizeof(*in));
    if (in == NULL || sodium_init() < 0) {
        free(in);
        return NULL;
    }
    in->daemon = d;
    in->config = config;
    in->loop = co_daemon_loop(d);
    in->log = co_daemon_log(d);
    in->node = co_daemon_node(d);
    in->feed = co_daemon_feed(d);
    in->fault = co_daemon_fault(d);
    if (!open_rooms(in))
        return NULL; /* the daemon ends at once */
    co_metrics_before_render(co_daemon_metrics(d), refresh_gauges, in);
    (void)uv_timer_init(in->loop, &in->drain);
    in->drain.data = in;
    return in;
}

static void free_service(void *service)
{
    struct intake *in = service;
    intake_door_free(in->door);
    intake_taker_free(in->taker);
    intake_queries_free(in->queries);
    intake_waiters_free(in->waiters);
    intake_applies_free(in->applies);
    intake_suite_free(in->suite);
    intake_load_free(in->load);
    intake_announce_free(in->announce);
    intake_planner_free(in->planner);
    intake_numbers_free(in->numbers);
    intake_clients_free(in->clients);
    intake_metrics_free(in->metrics);
    co_arena_free(in->scratch);
    free(in);
}

/* ---- what the skeleton tells ---- */

static void on_ready(void *service)
{
    struct intake *in = service;
    intake_numbers_fill(in->numbers);
    intake_waiters_follow(in->waiters);
}

static void on_reset(void *service)
{
    struct intake *in = service;
    intake_waiters_reset(in->waiters);
}

static void on_beat(void *service)
{
    struct intake *in = service;
    intake_numbers_fill(in->numbers);
    intake_waiters_follow(in->waiters);
    intake_load_beat(in->load);
    intake_suite_beat(in->suite);
    intake_misuse_beat(in);
    intake_announce_look(in->announce);
    intake_applies_beat(in->applies);
    intake_queries_retry(in->queries);
    intake_planner_look(in->planner);
}

static void on_entries(void *service, int lane, const struct co_entry_raw *entries, size_t n)
{
    struct intake *in = service;
    intake_waiters_offer(in->waiters, lane, entries, n);
}

static void on_registry(void *service)
{
    struct intake *in = service;
    uint32_t revoked = intake_clients_update(in->clients, co_registry_feed_get(in->feed));
    intake_door_listen(in->door);
    intake_door_end_revoked(in->door, revoked);
    intake_applies_beat(in->applies);
    intake_queries_retry(in->queries);
    intake_planner_look(in->planner);
}

static const char *allow(void *service, const struct co_zap_client *client)
{
    struct intake *in = service;
    return intake_door_allow(in->door, client);
}

static void not_ready(void *service, struct co_buf *reasons)
{
    const struct intake *in = service;
    intake_door_not_ready(in->door, reasons);
}

/* ---- orderly end: no new requests, what waits for its commit gets it, everybody is answered ---- */

static void close_rest(struct intake *in)
{
    uv_close((uv_handle_t *)&in->drain, NULL);
    intake_taker_close(in->taker);
    intake_waiters_close(in->waiters);
    intake_applies_close(in->applies);
    intake_queries_close(in->queries);
    intake_door_close(in->door);
    in->stopped(in->stopped_arg);
}

static void on_drain(uv_timer_t *timer)
{
    struct intake *in = timer->data;
    in->drain_ms += DRAIN_TICK_MS;
    if (intake_taker_count(in->taker) == 0 || in->drain_ms >= DRAIN_LIMIT_MS)
        close_rest(in);
}

static void stop(void *service, void (*done)(void *arg), void *arg)
{
    struct intake *in = service;
    in->is_stopping = true;
    in->stopped = done;
    in->stopped_arg = arg;
    intake_door_shut(in->door);
    (void)uv_timer_start(&in->drain, on_drain, DRAIN_TICK_MS, DRAIN_TICK_MS);
}

const struct co_daemon_def intake_daemon = {
    .name = "intake",
    .summary = "The front door of Callout: takes tickets and commands durably, answers questions, applies the registry.",
    .options = options,
    .option_count = sizeof(options) / sizeof(options[0]),
    .config_size = sizeof(struct intake_config),
    .start = start,
    .free = free_service,
    .stop = stop,
    .on_ready = on_ready,
    .on_reset = on_reset,
    .on_beat = on_beat,
    .on_entries = on_entries,
    .on_registry = on_registry,
    .allow = allow,
    .not_ready = not_ready,
};
