#include "await.h"

#include <stdlib.h>

#include "query.h"
#include "verdict.h"
#include "waiters.h"

/* Small, because many wait at a time; the question to the database is made when it is time for it. */
struct awaited {
    struct intake_call *call;
    int64_t case_id, command_id;
    uint32_t wait_ms;
    Callout__V1__Submitted *submitted; /* owned; NULL: a command */
};

static void free_awaited(struct awaited *a)
{
    if (a->submitted != NULL)
        callout__v1__submitted__free_unpacked(a->submitted, NULL);
    free(a);
}

/* ---- what became of a ticket ---- */

static Callout__V1__Submitted *copy_submitted(const Callout__V1__Submitted *from)
{
    size_t len = callout__v1__submitted__get_packed_size(from);
    uint8_t *bytes = malloc(len + 1);
    if (bytes == NULL)
        return NULL;
    (void)callout__v1__submitted__pack(from, bytes);
    Callout__V1__Submitted *copy = callout__v1__submitted__unpack(NULL, len, bytes);
    free(bytes);
    return copy;
}

/* It is durable: that is said whatever becomes of the rest. */
static void reply_bare(struct intake_call *call, const Callout__V1__Submitted *submitted)
{
    Callout__V1__Reply reply = CALLOUT__V1__REPLY__INIT;
    Callout__V1__Submitted bare = *submitted;
    reply.body_case = CALLOUT__V1__REPLY__BODY_SUBMITTED;
    reply.submitted = &bare;
    intake_call_reply(&call, &reply);
}

/* Asks for the view; the ask answers from here on. */
static void ask_view(struct awaited *a)
{
    struct intake_ask *ask = a->call->in->is_stopping ? NULL : intake_ask_new(&a->call);
    if (ask == NULL) {
        reply_bare(a->call, a->submitted);
    } else {
        ask->case_id = a->case_id;
        ask->wait_ms = a->wait_ms;
        ask->submitted = a->submitted;
        a->submitted = NULL;
        intake_query_case(ask);
    }
    free_awaited(a);
}

static void on_opened(void *arg, int kind, const Callout__V1__Event *event)
{
    (void)kind;
    (void)event;
    ask_view(arg);
}

void intake_await_ticket(struct intake_call *call, const Callout__V1__Submitted *submitted, uint32_t wait_ms)
{
    struct awaited *a = calloc(1, sizeof(*a));
    if (a != NULL)
        a->submitted = copy_submitted(submitted);
    if (a == NULL || a->submitted == NULL) {
        reply_bare(call, submitted);
        free(a);
        return;
    }
    a->call = call;
    a->case_id = (int64_t)submitted->case_id;
    a->wait_ms = wait_ms;
    if (submitted->duplicate) /* it was opened long ago, as a rule */
        ask_view(a);
    else
        (void)intake_waiters_add(call->in->waiters, a->case_id, INTAKE_KIND(CASE_OPENED) | INTAKE_KIND(CASE_HELD), wait_ms,
                                 on_opened, a);
}

/* ---- the verdict on a command ---- */

static void ask_verdict(struct awaited *a)
{
    struct intake_ask *ask = a->call->in->is_stopping ? NULL : intake_ask_new(&a->call);
    if (ask == NULL) {
        intake_verdict_pending(&a->call, a->command_id);
    } else {
        ask->case_id = a->case_id;
        ask->command_id = (uint64_t)a->command_id;
        intake_query_command(ask);
    }
    free_awaited(a);
}

static void on_verdict(void *arg, int kind, const Callout__V1__Event *event)
{
    struct awaited *a = arg;
    (void)kind;
    if (event == NULL) {
        ask_verdict(a); /* it may have been missed while the database was away */
        return;
    }
    intake_verdict_reply(&a->call, event);
    free_awaited(a);
}

void intake_await_command(struct intake_call *call, int64_t case_id, int64_t command_id, uint32_t wait_ms, bool is_known)
{
    struct awaited *a = calloc(1, sizeof(*a));
    if (a == NULL) {
        intake_verdict_pending(&call, command_id);
        return;
    }
    *a = (struct awaited){ .call = call, .case_id = case_id, .command_id = command_id, .wait_ms = wait_ms };
    if (is_known) /* answered long ago, as a rule; if not, the sender asks again */
        ask_verdict(a);
    else
        (void)intake_waiters_add(call->in->waiters, command_id,
                                 INTAKE_KIND(COMMAND_APPLIED) | INTAKE_KIND(COMMAND_REFUSED), wait_ms, on_verdict, a);
}
