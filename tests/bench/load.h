/* load.h - the load generator's parts: what it was asked for, its tickets, its ledger, its figures.
 *
 * One thread. Times are monotonic microseconds. Fatal troubles of a bench (no memory, no socket, a full disk) end the
 * program with a sentence.
 */
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/intake.pb-c.h"

struct load_options {
    const char *endpoint;
    const char *server_key;
    const char *key_file;
    const char *targets;  /* file: a line per place a ticket may be about: customer contract site product, "-" for none */
    const char *ledger;   /* NULL: none */
    const char *name;     /* of this run; begins every key */
    int64_t connections;
    int64_t window;       /* requests in flight per connection */
    int64_t count;        /* tickets; 0: no end but `seconds` */
    int64_t seconds;      /* counted time; 0: no end but `count` */
    int64_t warm;         /* seconds before the counted time */
    int64_t rate;         /* tickets offered per second; 0: as many as are answered */
    int64_t onsite;       /* per cent of tickets that ask for on-site service */
    int64_t commands;     /* per cent of tickets that a command follows */
    int64_t again_ms;     /* sent again when no answer came for so long */
    int64_t patience;     /* seconds after the first try until the outcome is written down as unknown */
    int64_t progress;     /* 1: a line on standard error each second */
};

/* Ends the program with exit code 1. */
_Noreturn void load_die(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* --- load_ticket.c: requests, made from a serial number alone, so that a repeat is the same. */
struct load_tickets;
struct load_tickets *load_tickets_new(const struct load_options *o);
void load_tickets_free(struct load_tickets *t);

/* Fills the caller's message; its texts live until the next call. */
void load_ticket(struct load_tickets *t, uint64_t serial, Callout__V1__SubmitTicket *ret_ticket);
void load_command(struct load_tickets *t, uint64_t serial, const char *number, Callout__V1__Command *ret_command);
bool load_wants_command(const struct load_tickets *t, uint64_t serial);

/* --- load_ledger.c: what became of each request, outside the database: lines "try KEY", "ack KEY NUMBER ID",
 * "refuse KEY CODE", "unknown KEY", and at the end "end". KEY of a command begins with "c/". */
struct load_ledger;
struct load_ledger *load_ledger_open(const char *path); /* NULL: writes nothing */
void load_ledger_note(struct load_ledger *l, const char *word, const char *key, const char *what, uint64_t id);
void load_ledger_flush(struct load_ledger *l);
void load_ledger_close(struct load_ledger *l);

/* --- load_figures.c: counts and latencies. */
enum { LOAD_BUCKETS = 64 * 40 };
struct load_figures {
    uint64_t acked, refused, unknown;
    uint64_t commands;   /* answered: verdict or pending */
    uint64_t pending;    /* of those, without a verdict yet */
    uint64_t busy, unavailable, silent; /* why something was sent again */
    uint64_t strange;    /* a first try that the server calls a duplicate */
    uint64_t bytes;      /* of requests, first tries */
    uint64_t bucket[LOAD_BUCKETS]; /* latencies of tickets, us, to 1.6 % */
    uint64_t counted;
    uint64_t longest_us;
};
void load_figures_latency(struct load_figures *f, int64_t us);
int64_t load_figures_quantile_us(const struct load_figures *f, double q);
void load_figures_print(const struct load_figures *f, double seconds);

/* --- load_run.c: the sockets and the loop. Fills *f; returns the counted seconds. */
double load_run(const struct load_options *o, struct load_figures *f);

/* Set by a signal handler: a running load_run() begins no new ticket. */
extern volatile sig_atomic_t load_is_stopped;
