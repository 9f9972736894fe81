/* journal_peer.h - a process that writes to the journal, or reads it as a leased service. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "co_node.h"

struct peer_options {
    const char *url;
    const char *instance;
    const char *endpoint;
    const char *ledger; /* writer: file of attempts and acknowledgements */
    int64_t count;      /* writer: entries to write; reader: unused */
    int group;          /* writer: entries of one transaction at most */
    bool is_fixed;      /* writer: every group has that many */
    bool is_bare;       /* writer: into test.bare, for the bench */
    const char *healed; /* reader: once this file exists, no case is poison; "": never */
    bool has_timers;    /* reader: test.timer has what is due */
    uv_loop_t *loop;
    struct co_log *log;
    struct co_fault *fault;
    void *zmq;
};

/* Writes `count` entries into random lanes in groups over two connections, each key in the ledger: "try KEY" before, "ack KEY"
 * after the commit. Ends by itself. */
int peer_write(const struct peer_options *options);

/* Reads as service "reader": one row of test.effect per entry, one more journal entry for every 16th (an output), one row of
 * test.fired per timer. Case 666 cannot be processed, case 667 kills the process. Ends at SIGTERM. */
int peer_read(const struct peer_options *options);
