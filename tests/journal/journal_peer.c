#include "journal_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

static const char *value_of(int argc, char **argv, const char *name, const char *fallback)
{
    for (int i = 2; i + 1 < argc; i += 2)
        if (strcmp(argv[i], name) == 0)
            return argv[i + 1];
    return fallback;
}

int main(int argc, char **argv)
{
    uv_loop_t loop;
    struct co_why why = { 0 };
    struct peer_options o = {
        .url = value_of(argc, argv, "--url", ""),
        .instance = value_of(argc, argv, "--instance", "peer"),
        .endpoint = value_of(argc, argv, "--endpoint", ""),
        .ledger = value_of(argc, argv, "--ledger", ""),
        .count = atoll(value_of(argc, argv, "--count", "1000")),
        .group = atoi(value_of(argc, argv, "--group", "100")),
        .is_fixed = strcmp(value_of(argc, argv, "--fixed", "no"), "yes") == 0,
        .is_bare = strcmp(value_of(argc, argv, "--bare", "no"), "yes") == 0,
        .healed = value_of(argc, argv, "--healed", ""),
        .has_timers = strcmp(value_of(argc, argv, "--timers", "no"), "yes") == 0,
    };
    if (argc < 2 || o.group < 1 || o.group > 1000 || o.url[0] == '\0' || o.endpoint[0] == '\0') {
        (void)fprintf(stderr, "usage: journal_peer write|read --url URL --instance NAME --endpoint IPC ...\n");
        return 2;
    }
    if (co_fault_from_environment(&o.fault, &why) != CO_OK) {
        (void)fprintf(stderr, "%s\n", why.text);
        return 2;
    }
    struct co_log_options log = { .service = argv[1], .instance = o.instance, .level = CO_LOG_INFO, .fd = STDERR_FILENO };
    (void)uv_loop_init(&loop);
    o.loop = &loop;
    o.log = co_log_new(&log);
    o.zmq = zmq_ctx_new();
    int status = strcmp(argv[1], "write") == 0 ? peer_write(&o) : peer_read(&o);
    (void)uv_loop_close(&loop);
    (void)zmq_ctx_term(o.zmq);
    co_log_free(o.log);
    co_fault_free(o.fault);
    return status;
}
