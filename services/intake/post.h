/* post.h - a ticket or command on its way into the journal, and the answers to it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "call.h"
#include "co_batch.h"
#include "intake_record.h"

/* What became of a ticket of Callout's own: CO_OK: it is there; CO_EINPUT: it is not taken; CO_EDOWN: not now. */
typedef void intake_told_fn(void *arg, enum co_err err);

struct intake_post {
    struct intake_post *next;
    struct intake_post *twins; /* those with the same key in the same group, as a list */
    struct intake_call *call; /* NULL: Callout's own */
    intake_told_fn *told;     /* then */
    void *told_arg;
    int lane;
    enum intake_kind kind;
    int entry_kind; /* of the journal */
    unsigned rank;          /* lower goes first */
    bool is_overdue;        /* waits so long that its rank does not count any more */
    uint64_t order;         /* of arrival */
    int64_t since_mono_us;
    bool is_twin;           /* one with this key came before it */
    bool has_won;           /* its receipt is the new one */
    int64_t case_id, id;
    const char *source, *key, *title; /* title NULL: a command */
    uint8_t hash[INTAKE_HASH_BYTES];
    struct co_bytes event, text; /* text.len 0: none */
    uint32_t wait_ms;
    Callout__V1__Submitted *unknown; /* references held, owned; NULL: none */
    size_t size;                     /* bytes in memory */
};

/* Handlers of the door: take the call over. */
void intake_post_ticket(struct intake_call **call_p, const Callout__V1__Request *request);
void intake_post_command(struct intake_call **call_p, const Callout__V1__Request *request);

/* The same for the command that is an answer by a code; what it borrows lasts until this returns. */
void intake_post_answer(struct intake_call **call_p, const Callout__V1__Request *request, const char *mark);

/* A ticket that Callout posts itself, of source CO_PLAN_SOURCE; what it borrows lasts until this returns. `told` is called once, perhaps
 * before this returns. */
void intake_post_own(struct intake *in, const Callout__V1__Request *request, Callout__V1__Origin *origin, intake_told_fn *told,
                     void *arg);

/* Do as many bytes wait for their commit as may? */
bool intake_post_is_full(const struct intake *in);

/* How a post ends; each answers, or leaves the call with those who wait, and frees the post. */
void intake_post_committed(struct intake_post *post);
/* The key was there already, with this content. */
void intake_post_known(struct intake_post *post, const uint8_t hash[static INTAKE_HASH_BYTES], int64_t case_id, int64_t id);
void intake_post_has_no_case(struct intake_post *post);
void intake_post_drop(struct intake_post *post);        /* without an answer: its call was answered */
void intake_post_refused(struct intake_post *post);     /* the database does not take it, by itself */
void intake_post_unavailable(struct intake_post *post); /* its patience is over */
