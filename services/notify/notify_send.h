/* notify_send.h - sends messages, many at once, so that one bad server does not delay the others.
 *
 * Per server (scheme, host, port) a bounded number of attempts is in the air, the rest waits in
 * order. A server that does not take things, whoever they are for, is ailing until it takes one:
 * those that wait for it are given back, and few new ones are let in. After some failures in a row
 * it is set aside (notify_circuit.h): nobody is let in but, after each pause, one to try it. One
 * that names a time to wait (Retry-After) is left alone until then, at most a quarter of an hour.
 * One sender belongs to one loop and thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "callout/v1/registry.pb-c.h"
#include "co_err.h"
#include "notify_circuit.h"
#include "notify_state.h"

#define NOTIFY_DETAIL_TEXT 200

/* One message for one person. All texts are UTF-8, never NULL. */
struct notify_message {
    Callout__V1__ChannelKind kind;
    const char *channel;     /* registry key */
    const char *url;         /* the server: smtp://HOST:PORT, or the webhook's address */
    const char *from;        /* mail: the sender */
    const char *to;          /* mail: the recipient */
    const char *secret_file; /* in the secrets directory; "" for none */
    const char *person;      /* registry key */
    const char *name;        /* of the person */
    const char *key;         /* notify_key_format() */
    const char *trace;       /* traceparent of the attempt; "": none */
    const char *number;      /* of the case */
    const char *obligation;
    const char *slot;
    const char *subject;
    const char *body;
    const char *html; /* other forms of it; "": none */
    const char *markdown;
    const char *brief;
    const char *phone;       /* of the person; "": none */
    const char *template_id; /* sms: Channel.template_id and body */
    const char *form;
    uint32_t generation;
    uint32_t severity; /* of the case; 0: not known */
    int64_t planned_us;
};

struct notify_outcome {
    enum notify_input input; /* NOTIFY_TAKEN, _REFUSED, _LATER, _DOUBT, _CROWDED or _ASIDE */
    enum notify_circuit_change change; /* of its server, by this outcome */
    bool is_gone;           /* with NOTIFY_REFUSED: its address is gone for good (HTTP 410) */
    bool is_recipients;     /* with NOTIFY_LATER: it is about this recipient; its server is well */
    int64_t retry_after_us; /* the server's wish, or when one may try it again; 0: none */
    char detail[NOTIFY_DETAIL_TEXT];
};

struct notify_send_options {
    const char *secrets_dir; /* NULL: no secrets */
    const char *ca_file;     /* NULL: those of the system */
    bool allow_private;      /* webhooks may go to private addresses */
    uint32_t waiting;        /* messages that wait, all servers together; 0: 20,000 */
    uint32_t connect_ms;     /* 0: 10,000 */
    uint32_t webhook_ms;     /* from the start to the answer; 0: 30,000 */
    uint32_t smtp_talk_ms;   /* up to the final dot; 0: 60,000 */
    uint32_t smtp_final_ms;  /* for the answer to the final dot; 0: 600,000 */
    uint32_t smtp_kept_ms;   /* a connection waits for another mail; 0: 5,000 */
    uint32_t aside_first_ms; /* the first pause of a server that is set aside; 0: 30,000 */
    uint32_t aside_last_ms;  /* the longest; 0: 600,000 */
};

/* A server that is set aside, or was. Texts are borrowed; times are real, in us since the Unix
 * epoch. */
struct notify_server {
    const char *server;  /* "https://host:port" */
    const char *channel; /* registry key of the channel of the last failure */
    const char *why;     /* what that was */
    uint32_t failures;   /* in a row */
    int64_t since_us;
    int64_t until_us; /* one may try it from then on */
};

struct notify_send_hooks {
    /* Asked right before the first byte; false: it is given back with *ret_why, which says
     * NOTIFY_CROWDED where it is left alone. */
    bool (*may_send)(void *arg, void *tag, struct notify_outcome *ret_why);
    /* Called once for each message started, never from within notify_send_start(), which it may
     * not call either. NULL: the sender was closed; nobody knows what became of it. */
    void (*done)(void *arg, void *tag, const struct notify_outcome *outcome);
    /* A server was set aside, is set aside for longer, or was taken back. Called before `done`. */
    void (*changed)(void *arg, const struct notify_server *server,
                    enum notify_circuit_change change);
    /* Real time, microseconds since the Unix epoch. */
    int64_t (*wall_us)(void *arg);
    void *arg;
};

struct notify_send;

/* The options' texts are borrowed. libcurl and libsodium are initialised, SIGPIPE is ignored by
 * the caller. NULL: out of memory. */
struct notify_send *notify_send_new(uv_loop_t *loop, const struct notify_send_options *options,
                                    const struct notify_send_hooks *hooks);

/* Is there room for one more message to that server, when `soon` others are about to be started,
 * too? Where not, *ret_wait_us is how long the server asked to be left alone, or is set aside; 0:
 * not known. Never NOTIFY_ROOM_GONE. */
enum notify_room notify_send_room(const struct notify_send *s, Callout__V1__ChannelKind kind,
                                  const char *url, uint32_t soon, int64_t *ret_wait_us);

/* The next server that is set aside: *pos is 0 at first; false: there is no other. Its texts last
 * until the sender goes on. */
CO_MUST_CHECK bool notify_send_next_aside(const struct notify_send *s, uint32_t *pos,
                                          struct notify_server *ret_server);

/* Copies the message and sends it when its turn comes. CO_EINPUT: no such channel, no such URL;
 * CO_ENOMEM; CO_EFULL: far too many wait. `done` is then not called. */
CO_MUST_CHECK enum co_err notify_send_start(struct notify_send *s, const struct notify_message *m,
                                            void *tag);

/* Messages that wait or are in the air. */
uint32_t notify_send_count(const struct notify_send *s);

/* Breaks everything off (`done` is called with NULL for each) and frees the sender once the loop
 * has closed its handles. NULL is allowed. */
void notify_send_close(struct notify_send *s);
