#include "post.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "await.h"
#include "clients.h"
#include "co_lane.h"
#include "co_clock.h"
#include "co_number.h"
#include "co_plan.h"
#include "intake_scope.h"
#include "numbers.h"
#include "taker.h"

enum { NO_NUMBER_RETRY_MS = 20, VERDICT_WAIT_MS = 2000, LOOK_RETRY_MS = 100 };

#define NO_CASE "there is no case with this number"

static void sha256(const void *bytes, size_t len, uint8_t ret_hash[static INTAKE_HASH_BYTES])
{
    (void)crypto_hash_sha256(ret_hash, bytes, len);
}

/* ---- from request to post ---- */

static char *put_bytes(char **at, const void *bytes, size_t len)
{
    char *to = *at;
    if (len > 0)
        memcpy(to, bytes, len);
    *at += len;
    return to;
}

static char *put_text(char **at, const char *text)
{
    return put_bytes(at, text, strlen(text) + 1);
}

/* A copy of the references, as a message of its own. */
static Callout__V1__Submitted *copy_unknown(const struct intake_record *r)
{
    Callout__V1__Submitted s = CALLOUT__V1__SUBMITTED__INIT;
    s.unknown = r->unknown;
    s.n_unknown = r->unknown_count;
    size_t len = callout__v1__submitted__get_packed_size(&s);
    uint8_t *bytes = malloc(len + 1);
    if (bytes == NULL)
        return NULL;
    (void)callout__v1__submitted__pack(&s, bytes);
    Callout__V1__Submitted *copy = callout__v1__submitted__unpack(NULL, len, bytes);
    free(bytes);
    return copy;
}

/* One block of memory for the post and all it holds, but the call and the references. */
static struct intake_post *new_post(const struct intake_record *r, uint32_t wait_ms)
{
    size_t title_size = r->title == NULL ? 0 : strlen(r->title) + 1;
    size_t size = sizeof(struct intake_post) + strlen(r->source) + 1 + strlen(r->key) + 1 + title_size + r->event.len +
                  r->text.len;
    struct intake_post *p = malloc(size);
    if (p == NULL)
        return NULL;
    char *at = (char *)(p + 1);
    *p = (struct intake_post){ .kind = r->kind, .rank = r->rank, .case_id = r->case_id, .id = r->id, .wait_ms = wait_ms,
                               .entry_kind = r->entry_kind,
                               .lane = co_number_lane(r->id), .size = size };
    memcpy(p->hash, r->hash, sizeof(p->hash));
    p->source = put_text(&at, r->source);
    p->key = put_text(&at, r->key);
    if (r->title != NULL)
        p->title = put_text(&at, r->title);
    p->event = (struct co_bytes){ put_bytes(&at, r->event.data, r->event.len), r->event.len };
    p->text = (struct co_bytes){ put_bytes(&at, r->text.data, r->text.len), r->text.len };
    if (r->unknown_count > 0 && (p->unknown = copy_unknown(r)) == NULL) {
        free(p);
        return NULL;
    }
    return p;
}

static void free_post(struct intake_post *p)
{
    if (p->unknown != NULL)
        callout__v1__submitted__free_unpacked(p->unknown, NULL);
    free(p);
}

void intake_post_drop(struct intake_post *post)
{
    free_post(post);
}

static void take(struct intake_call **call_p, struct intake_post *post)
{
    struct intake *in = (*call_p)->in;
    if (post == NULL) {
        intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_BUSY, NO_NUMBER_RETRY_MS, "", "no memory for this request now");
        return;
    }
    post->call = *call_p;
    post->since_mono_us = (*call_p)->since_mono_us;
    *call_p = NULL;
    intake_taker_put(in->taker, post);
}

/* The id of the new case or command. False: none now; the call is answered. */
static bool take_id(struct intake_call **call_p, uint8_t lane, int64_t *ret_id)
{
    struct intake *in = (*call_p)->in;
    int64_t number = 0;
    if (intake_numbers_take(in->numbers, &number) == CO_OK) {
        *ret_id = co_number_id(number, lane);
        return true;
    }
    if (co_pg_is_up(co_node_pg(in->node)))
        intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_BUSY, NO_NUMBER_RETRY_MS, "", "numbers are being fetched");
    else
        intake_call_unavailable(call_p);
    return false;
}

static struct intake_maker maker_of(const struct intake_call *call, int64_t id)
{
    const struct intake *in = call->in;
    co_arena_reset(in->scratch);
    return (struct intake_maker){ .arena = in->scratch, .registry = co_registry_feed_get(in->feed), .source = call->client->key,
                                  .is_strict = call->client->is_strict, .now_us = co_node_now_us(in->node), .id = id,
                                  .hash = sha256 };
}

void intake_post_ticket(struct intake_call **call_p, const Callout__V1__Request *request)
{
    struct intake_call *call = *call_p;
    struct intake_complaint complaint;
    struct intake_record record;
    int64_t id = 0;
    uint8_t lane = co_lane_of(call->client->key, request->submit->key, (uint32_t)co_node_lanes(call->in->node));
    if (!take_id(call_p, lane, &id))
        return;
    struct intake_maker maker = maker_of(call, id);
    enum co_err err = intake_record_ticket(&maker, request, &record, &complaint);
    if (err == CO_EINPUT) {
        intake_call_complain(call_p, &complaint);
        return;
    }
    if (err == CO_OK)
        call->client->posted++;
    take(call_p, err == CO_OK ? new_post(&record, request->submit->wait_ms) : NULL);
}

static void on_seen(struct intake_ask *ask, struct co_results *results)
{
    struct intake_post *post = ask->post;
    (void)results;
    ask->post = NULL;
    take(&ask->call, post);
    intake_ask_done(ask);
}

static void fail_unseen(struct intake_ask *ask)
{
    intake_ask_fail(ask, CALLOUT__V1__CODE__CODE_NOT_FOUND, "command.number", NO_CASE);
}

/* A client that sees only some cases must see this one. */
static void take_if_seen(struct intake_call **call_p, struct intake_post *post, int64_t case_id)
{
    bool is_limited = intake_scope_is_limited((*call_p)->client->entry);
    if (post == NULL || !is_limited) {
        take(call_p, post);
        return;
    }
    struct intake_ask *ask = intake_ask_is_too_many((*call_p)->client) ? NULL : intake_ask_new(call_p);
    if (ask == NULL) {
        free_post(post);
        intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_BUSY, LOOK_RETRY_MS, "", "this client asks too many questions at a time");
        return;
    }
    ask->post = post;
    ask->case_id = case_id;
    ask->hide = fail_unseen;
    intake_ask_run(ask, on_seen);
}

void intake_post_command(struct intake_call **call_p, const Callout__V1__Request *request)
{
    struct intake_call *call = *call_p;
    struct intake_record record;
    int64_t id = 0;
    const Callout__V1__Command *c = request->command;
    if (!take_id(call_p, co_number_lane(intake_command_case(c)), &id))
        return;
    struct intake_maker maker = maker_of(call, id);
    enum co_err err = intake_record_command(&maker, request, &record);
    take_if_seen(call_p, err == CO_OK ? new_post(&record, c->wait_ms == 0 ? VERDICT_WAIT_MS : c->wait_ms) : NULL, intake_command_case(c));
}

void intake_post_answer(struct intake_call **call_p, const Callout__V1__Request *request, const char *mark)
{
    struct intake_call *call = *call_p;
    struct intake_record record;
    int64_t id = 0;
    const Callout__V1__Command *c = request->command;
    call->body = CALLOUT__V1__REQUEST__BODY_COMMAND;
    if (!take_id(call_p, co_number_lane(intake_command_case(c)), &id))
        return;
    struct intake_maker maker = maker_of(call, id);
    enum co_err err = intake_record_answer(&maker, request, mark, &record);
    take(call_p, err == CO_OK ? new_post(&record, c->wait_ms == 0 ? VERDICT_WAIT_MS : c->wait_ms) : NULL);
}

void intake_post_own(struct intake *in, const Callout__V1__Request *request, Callout__V1__Origin *origin, intake_told_fn *told,
                     void *arg)
{
    struct intake_complaint complaint;
    struct intake_record record;
    int64_t number = 0;
    uint8_t lane = co_lane_of(CO_PLAN_SOURCE, request->submit->key, (uint32_t)co_node_lanes(in->node));
    if (intake_numbers_take(in->numbers, &number) != CO_OK) {
        told(arg, CO_EDOWN);
        return;
    }
    co_arena_reset(in->scratch);
    struct intake_maker maker = { .arena = in->scratch, .registry = co_registry_feed_get(in->feed), .source = CO_PLAN_SOURCE,
                                  .now_us = co_node_now_us(in->node), .id = co_number_id(number, lane), .hash = sha256,
                                  .origin = origin };
    enum co_err err = intake_record_ticket(&maker, request, &record, &complaint);
    struct intake_post *post = err == CO_OK ? new_post(&record, 0) : NULL;
    if (err == CO_EINPUT)
        co_log_error(in->log, "own_ticket_refused", CO_S("key", request->submit->key), CO_S("field", complaint.field),
                     CO_S("why", complaint.message));
    if (post == NULL) {
        told(arg, err == CO_EINPUT ? CO_EINPUT : CO_EDOWN);
        return;
    }
    post->told = told;
    post->told_arg = arg;
    post->since_mono_us = co_mono_us();
    intake_taker_put(in->taker, post);
}

bool intake_post_is_full(const struct intake *in)
{
    return intake_taker_bytes(in->taker) > (size_t)in->config->memory_limit_mb << 20;
}

/* ---- answers ---- */

static void answer_ticket(struct intake_post *p, int64_t case_id, bool is_duplicate)
{
    struct intake_call *call = p->call;
    Callout__V1__Submitted submitted = CALLOUT__V1__SUBMITTED__INIT;
    Callout__V1__Reply reply = CALLOUT__V1__REPLY__INIT;
    char number[CO_NUMBER_TEXT];
    co_number_format(case_id, number);
    submitted.number = number;
    submitted.case_id = (uint64_t)case_id;
    submitted.duplicate = is_duplicate;
    if (p->unknown != NULL) {
        submitted.unknown = p->unknown->unknown;
        submitted.n_unknown = p->unknown->n_unknown;
    }
    if (p->wait_ms > 0) {
        intake_await_ticket(call, &submitted, p->wait_ms);
    } else {
        reply.body_case = CALLOUT__V1__REPLY__BODY_SUBMITTED;
        reply.submitted = &submitted;
        intake_call_reply(&call, &reply);
    }
    free_post(p);
}

static void answer_command(struct intake_post *p, int64_t command_id, bool is_duplicate)
{
    intake_await_command(p->call, p->case_id, command_id, p->wait_ms, is_duplicate);
    free_post(p);
}

static bool is_answer(const struct intake_post *post)
{
    return strcmp(post->source, INTAKE_ANSWER_SOURCE) == 0;
}

/* Callout's own. */
static void tell(struct intake_post *p, enum co_err err)
{
    intake_told_fn *told = p->told;
    void *arg = p->told_arg;
    free_post(p);
    told(arg, err);
}

void intake_post_committed(struct intake_post *post)
{
    if (is_answer(post))
        intake_misuse_right_code(post->call->client);
    if (post->told != NULL) {
        tell(post, CO_OK);
        return;
    }
    if (post->kind == INTAKE_TICKET)
        answer_ticket(post, post->case_id, false);
    else
        answer_command(post, post->id, false);
}

/* Who relays answers can see what came of the first one. */
static void fail_answered(struct intake_post *post, int64_t case_id, int64_t command_id)
{
    char number[CO_NUMBER_TEXT], message[128];
    co_number_format(case_id, number);
    (void)snprintf(message, sizeof(message), "this was answered before, by command %" PRId64 " of %s", command_id, number);
    intake_misuse_wrong_code(post->call->in, post->call->client);
    intake_call_fail(&post->call, CALLOUT__V1__CODE__CODE_REFUSED, 0, "answer.code", message);
    free_post(post);
}

void intake_post_known(struct intake_post *post, const uint8_t hash[static INTAKE_HASH_BYTES], int64_t case_id, int64_t id)
{
    bool is_same = memcmp(post->hash, hash, INTAKE_HASH_BYTES) == 0;
    if (post->told != NULL) { /* one date, one case, though it was moved since */
        tell(post, CO_OK);
        return;
    }
    if (is_same && post->kind == INTAKE_TICKET) {
        answer_ticket(post, case_id, id != post->id); /* its own id: an earlier try did commit */
    } else if (is_same) {
        answer_command(post, id, true);
    } else if (is_answer(post)) {
        fail_answered(post, case_id, id);
    } else {
        intake_call_fail(&post->call, CALLOUT__V1__CODE__CODE_CONFLICT, 0,
                         post->kind == INTAKE_TICKET ? "submit.key" : "command.key",
                         "this key was used before, with other content");
        free_post(post);
    }
}

void intake_post_has_no_case(struct intake_post *post)
{
    intake_call_fail(&post->call, CALLOUT__V1__CODE__CODE_NOT_FOUND, 0, "command.number", NO_CASE);
    free_post(post);
}

void intake_post_refused(struct intake_post *post)
{
    if (post->told != NULL) {
        tell(post, CO_EINPUT);
        return;
    }
    intake_call_fail(&post->call, CALLOUT__V1__CODE__CODE_INVALID, 0, "", "the database does not take this request");
    free_post(post);
}

void intake_post_unavailable(struct intake_post *post)
{
    if (post->told != NULL) {
        tell(post, CO_EDOWN);
        return;
    }
    intake_call_unavailable(&post->call);
    free_post(post);
}
