#include "replay_suite.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>
#include <zmq.h>

#include "co_cli_sql.h"
#include "co_io_sql.h"
#include "co_mesh.h"
#include "co_node.h"
#include "co_row.h"
#include "co_time.h"
#include "co_version.h"

enum { PAGE = 1000, POLL_MAX_MS = 8, AGAIN_MS = 100, BATCH_BYTES = 4096 };

#define KIND(name) CALLOUT__V1__EVENT__BODY_##name

struct replay_suite {
    struct cli *cli;
    int64_t give_up_ms;
    uv_loop_t loop;
    bool has_loop, is_closed, is_answered;
    void *zmq;
    struct co_log *log;
    struct co_node *node;
    struct co_batch *batch;
    char directory[64], endpoint[96], instance[64];
    enum co_err err; /* of the last question */
    char message[256];
    struct co_results answer;
    int64_t position;              /* newest entry given out */
    double first_ms[REPLAY_RESTS]; /* when to look first */
};

/* Lets the loop run until *is_over (NULL: never), at most for so long. UV_RUN_ONCE would go on
 * sleeping where a timer alone made it true. */
static void run_loop(struct replay_suite *s, const bool *is_over, int64_t most_ms)
{
    int64_t end_us = co_mono_us() + most_ms * CO_MILLISECOND_US;
    for (;;) {
        (void)uv_run(&s->loop, UV_RUN_NOWAIT);
        int64_t left_us = end_us - co_mono_us();
        if ((is_over != NULL && *is_over) || left_us <= 0)
            return;
        int left_ms = (int)((left_us + CO_MILLISECOND_US - 1) / CO_MILLISECOND_US);
        int timer_ms = uv_backend_timeout(&s->loop);
        struct pollfd loop = { .fd = uv_backend_fd(&s->loop), .events = POLLIN };
        (void)poll(&loop, 1, timer_ms >= 0 && timer_ms < left_ms ? timer_ms : left_ms);
    }
}

static void wait_ms(struct replay_suite *s, int64_t ms)
{
    run_loop(s, NULL, ms);
}

static void on_answer(void *arg, const struct co_pg_outcome *outcome)
{
    struct replay_suite *s = arg;
    s->is_answered = true;
    s->err = outcome->err;
    (void)snprintf(s->message, sizeof(s->message), "%s", outcome->message);
    if (outcome->err != CO_OK)
        return;
    s->answer = *outcome->results;
    *outcome->results = (struct co_results){ .count = 0 };
}

/* Asks the database what the batch says; the answer lives until the next question. */
static int ask(struct replay_suite *s, const PGresult **ret_result)
{
    int64_t end_ms = cli_mono_ms() + s->give_up_ms;
    for (;;) {
        co_results_free(&s->answer);
        s->is_answered = false;
        co_pg_run(co_node_pg(s->node), s->batch, CO_PG_PLAIN, on_answer, s);
        while (!s->is_answered)
            run_loop(s, &s->is_answered, s->give_up_ms);
        if (s->err == CO_OK) {
            *ret_result = s->answer.item[0];
            return CLI_OK;
        }
        bool may_pass = s->err == CO_EDOWN || s->err == CO_ECONFLICT;
        if (!may_pass || cli_mono_ms() > end_ms)
            return cli_fail(s->cli, cli_exit_of(s->err), "the database does not answer: %s",
                            s->message[0] != '\0' ? s->message : co_err_name(s->err));
        wait_ms(s, AGAIN_MS);
    }
}

static void ask_for(struct replay_suite *s, const struct co_sql *sql)
{
    co_batch_clear(s->batch);
    (void)co_batch_add(s->batch, sql);
}

static void on_nothing(void *arg)
{
    (void)arg;
}

static void on_entries(void *arg, int lane, const struct co_entry_raw *entries, size_t n)
{
    (void)arg;
    (void)lane;
    (void)entries;
    (void)n;
}

/* The mesh's socket reaches this machine and this user only. */
static bool make_endpoint(struct replay_suite *s)
{
    (void)snprintf(s->directory, sizeof(s->directory), "/tmp/callout-replay-XXXXXX");
    if (mkdtemp(s->directory) == NULL) {
        s->directory[0] = '\0';
        return false;
    }
    (void)snprintf(s->endpoint, sizeof(s->endpoint), "ipc://%s/mesh", s->directory);
    return true;
}

static bool open_node(struct replay_suite *s)
{
    (void)snprintf(s->instance, sizeof(s->instance), "replay-%ld", (long)getpid());
    s->log = co_log_new(&(struct co_log_options){
        .service = "replay", .level = CO_LOG_WARN, .fd = fileno(s->cli->err) });
    s->zmq = zmq_ctx_new();
    s->batch = co_batch_new(BATCH_BYTES);
    if (s->log == NULL || s->zmq == NULL || s->batch == NULL || !make_endpoint(s))
        return false;
    s->node = co_node_open(&(struct co_node_options){ .loop = &s->loop,
                                                      .log = s->log,
                                                      .zmq = s->zmq,
                                                      .service = "replay",
                                                      .instance = s->instance,
                                                      .database_url = s->cli->database_url,
                                                      .endpoint = s->endpoint,
                                                      .release = CO_VERSION,
                                                      .on_ready = on_nothing,
                                                      .on_reset = on_nothing,
                                                      .on_entries = on_entries,
                                                      .arg = s });
    return s->node != NULL;
}

int replay_suite_open(struct cli *cli, int64_t give_up_us, struct replay_suite **ret_suite)
{
    struct replay_suite *s = calloc(1, sizeof(*s));
    if (s == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    *ret_suite = s;
    s->cli = cli;
    s->give_up_ms = give_up_us / CO_MILLISECOND_US;
    if (uv_loop_init(&s->loop) != 0)
        return cli_fail(cli, CLI_FAILED, "the event loop cannot be made");
    s->has_loop = true;
    if (!open_node(s))
        return cli_fail(cli, CLI_FAILED, "the suite cannot be joined");
    int64_t end_ms = cli_mono_ms() + s->give_up_ms;
    while (!co_node_is_ready(s->node) && cli_mono_ms() < end_ms)
        wait_ms(s, AGAIN_MS);
    return co_node_is_ready(s->node)
               ? CLI_OK
               : cli_fail(cli, CLI_UNAVAILABLE, "the database of the suite cannot be reached");
}

static void on_closed(void *arg)
{
    ((struct replay_suite *)arg)->is_closed = true;
}

void replay_suite_close(struct replay_suite *s)
{
    if (s == NULL)
        return;
    co_results_free(&s->answer);
    if (s->node != NULL) {
        co_node_close(&s->node, on_closed, s);
        while (!s->is_closed)
            run_loop(s, &s->is_closed, s->give_up_ms);
    }
    if (s->has_loop) {
        (void)uv_run(&s->loop, UV_RUN_DEFAULT);
        (void)uv_loop_close(&s->loop);
    }
    if (s->zmq != NULL)
        (void)zmq_ctx_term(s->zmq);
    if (s->directory[0] != '\0') {
        (void)unlink(s->endpoint + strlen("ipc://")); /* libzmq leaves it there */
        (void)rmdir(s->directory);
    }
    co_batch_free(s->batch);
    co_log_free(s->log);
    free(s);
}

int replay_suite_facts(struct replay_suite *s, struct replay_facts *ret_facts)
{
    const PGresult *res = NULL;
    ask_for(s, &co_cli_sql[co_cli_sql_replay_facts]);
    int code = ask(s, &res);
    if (code == CLI_OK)
        *ret_facts = (struct replay_facts){ co_row_float8(res, 0, 0), co_row_us(res, 0, 1),
                                            co_row_int2(res, 0, 2), co_row_bool(res, 0, 3) };
    return code;
}

static uint64_t counted(const PGresult *res, int col)
{
    return (uint64_t)co_row_int8(res, 0, col);
}

int replay_suite_there(struct replay_suite *s, struct replay_there *ret_there)
{
    static const int kinds[] = { KIND(TICKET_SUBMITTED), KIND(COMMAND_RECEIVED),
                                 KIND(COMMAND_APPLIED), KIND(COMMAND_REFUSED) };
    const PGresult *res = NULL;
    ask_for(s, &co_cli_sql[co_cli_sql_replay_there]);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        co_batch_int2(s->batch, kinds[i]);
    int code = ask(s, &res);
    if (code == CLI_OK)
        *ret_there = (struct replay_there){ counted(res, 0), counted(res, 1), counted(res, 2),
                                            counted(res, 3), counted(res, 4), counted(res, 5) };
    return code;
}

int replay_suite_step(struct replay_suite *s, int64_t now_us)
{
    const PGresult *res = NULL;
    ask_for(s, &co_cli_sql[co_cli_sql_replay_step]);
    co_batch_us(s->batch, now_us);
    int code = ask(s, &res);
    if (code != CLI_OK)
        return code;
    if (PQntuples(res) == 0)
        return cli_fail(s->cli, CLI_FAILED, "the clock of the suite is no stepped one any more");
    co_mesh_publish_step(co_node_mesh(s->node), now_us);
    return CLI_OK;
}

/* Says what goes on that is to be waited for; "" for nothing. */
static const char *busy_with(const PGresult *res, enum replay_rest which)
{
    const char *deciding = co_row_text(res, 0, 0);
    return deciding[0] != '\0' || which == REPLAY_DECIDED ? deciding : co_row_text(res, 0, 1);
}

static int look(struct replay_suite *s, const PGresult **ret_result)
{
    ask_for(s, &co_cli_sql[co_cli_sql_replay_rest]);
    int code = ask(s, ret_result);
    if (code == CLI_OK && co_row_int8(*ret_result, 0, 3) > 0)
        return cli_fail(s->cli, CLI_FAILED,
                        "%lld cases were set aside, as a service could not process them: callout "
                        "parked list",
                        (long long)co_row_int8(*ret_result, 0, 3));
    return code;
}

/* Each look costs the database as much as a small step, so the first one comes about when it is
 * over: sooner next time when it was, later when it was not. Further ones come ever more slowly. */
static void learn(double *first_ms, int64_t took_us, bool was_over_at_first)
{
    double took_ms = (double)took_us / CO_MILLISECOND_US;
    *first_ms = was_over_at_first ? *first_ms * 0.7 : *first_ms + (took_ms - *first_ms) * 0.3;
}

static int await_rest(struct replay_suite *s, enum replay_rest which, int64_t *ret_head,
                      struct replay_due *ret_due)
{
    enum { SLOWER_EVERY = 4 };
    int64_t start_us = co_mono_us(), end_us = start_us + s->give_up_ms * CO_MILLISECOND_US;
    int64_t pause_ms = (int64_t)s->first_ms[which];
    for (unsigned looks = 0;; looks++) {
        const PGresult *res = NULL;
        if (pause_ms > 0)
            wait_ms(s, pause_ms);
        int code = look(s, &res);
        if (code != CLI_OK)
            return code;
        const char *busy = busy_with(res, which);
        int64_t took_us = co_mono_us() - start_us;
        if (busy[0] == '\0') {
            learn(&s->first_ms[which], took_us, looks == 0);
            *ret_head = co_row_int8(res, 0, 2);
            *ret_due = (struct replay_due){ co_row_us(res, 0, 4), co_row_us(res, 0, 5),
                                            co_row_us(res, 0, 6) };
            return CLI_OK;
        }
        if (start_us + took_us > end_us)
            return cli_fail(s->cli, CLI_UNAVAILABLE,
                            "the suite does not come to rest (give_up of the mapping): %s", busy);
        pause_ms = looks / SLOWER_EVERY < POLL_MAX_MS ? looks / SLOWER_EVERY + 1 : POLL_MAX_MS;
    }
}

static int give_page(struct replay_suite *s, const PGresult *res,
                     int (*each)(void *arg, const struct co_entry_raw *entry), void *arg)
{
    int code = CLI_OK;
    for (int row = 0; code == CLI_OK && row < PQntuples(res); row++) {
        struct co_entry_raw entry = co_entry_of_row(res, row);
        s->position = entry.seq;
        code = each(arg, &entry);
    }
    return code;
}

int replay_suite_rest(struct replay_suite *s, enum replay_rest which,
                      int (*each)(void *arg, const struct co_entry_raw *entry), void *arg,
                      struct replay_due *ret_due)
{
    int64_t head = 0;
    int code = await_rest(s, which, &head, ret_due);
    while (code == CLI_OK && s->position < head) {
        const PGresult *res = NULL;
        ask_for(s, &co_io_sql[co_io_sql_read_entries]);
        co_batch_int2(s->batch, 0);
        co_batch_int8(s->batch, s->position);
        co_batch_int8(s->batch, PAGE);
        code = ask(s, &res);
        if (code == CLI_OK && PQntuples(res) == 0)
            return cli_fail(s->cli, CLI_FAILED, "the journal has a gap after %lld",
                            (long long)s->position);
        if (code == CLI_OK)
            code = give_page(s, res, each, arg);
    }
    return code;
}
