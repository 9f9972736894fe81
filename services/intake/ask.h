/* ask.h - a question to the database in the name of a call, on the connection that only questions use. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "call.h"
#include "callout/v1/event.pb-c.h"
#include "co_arena.h"
#include "co_pg.h"

struct intake_ask;
struct intake_post;

/* What comes of it. Answers, or asks again. CO_OK only: the connection's troubles are answered already. */
typedef void intake_answer_fn(struct intake_ask *ask, struct co_results *results);

struct intake_ask {
    struct intake_ask *next;   /* of those that wait for a pinned object */
    struct intake *in;
    struct intake_call *call;
    struct intake_client *client; /* whose call it is */
    struct co_batch *batch;    /* fill before intake_ask_run() */
    struct co_arena *arena;    /* lives as long as the ask */
    intake_answer_fn *answer;
    struct co_results results; /* kept by who waits for a pinned object */
    bool in_air, is_guarded;
    bool is_limited; /* the rows say of each case whether the client sees it */
    void (*hide)(struct intake_ask *ask); /* the client must not see the case: ends the ask; NULL: as a question about no case */

    /* of the question, where it has them */
    int64_t case_id;
    uint64_t command_id;
    uint32_t limit;
    uint32_t wait_ms;
    bool open_only;
    const char *customer;
    const char *kind;
    const char *key;
    uint64_t since;
    bool is_dead; /* notices */
    const int16_t *states;
    size_t state_count;
    const char *person;
    const char *channel;
    const char *obligation; /* of one notice */
    uint32_t generation;
    const char *slot;
    const char **keys; /* opened */
    size_t key_count;
    const uint8_t *after;
    size_t after_len;

    void *said; /* of an answer, see answer.c */
    struct intake_post *post; /* owned; a command, while it is looked at whether the client sees the case */

    /* of those who wait */
    int64_t until_mono_us;
    int64_t waiter; /* id; 0: none */
    bool is_woken, is_over;
    Callout__V1__Submitted *submitted; /* owned; the reply is to a submit */
};

/* Has the client as many questions, looks before a command and answers in the air as one client may? It is to come again then. */
bool intake_ask_is_too_many(const struct intake_client *client);

/* Takes the call over. NULL: out of memory; the call is as it was. */
struct intake_ask *intake_ask_new(struct intake_call **call_p);

/* Sends the batch; `answer` gets the results. Where the client sees only some cases and this is about one (case_id), it is looked at too whether
 * he does; if not the ask ends, as if there were no such case. When the database is away or does not like it the call is answered and the
 * ask freed instead. */
void intake_ask_run(struct intake_ask *ask, intake_answer_fn *answer);

/* Ends the ask, whose call somebody else has taken over. */
void intake_ask_done(struct intake_ask *ask);

/* Ends the ask with the reply. */
void intake_ask_reply(struct intake_ask *ask, Callout__V1__Reply *reply);
/* The same with an error; or, after a submit or command, with what is durable: number, or id and PENDING. */
void intake_ask_fail(struct intake_ask *ask, Callout__V1__Code code, const char *field, const char *message);
/* Ends the ask with the verdict on its command; NULL: there is none yet. */
void intake_ask_verdict(struct intake_ask *ask, const Callout__V1__Event *event);
