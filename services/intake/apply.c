#include "apply.h"

#include <stdlib.h>
#include <string.h>

#include "announce.h"
#include "apply_change.h"
#include "clients.h"
#include "co_arena.h"
#include "co_clock.h"
#include "co_row.h"
#include "intake_sql.h"
#include "query.h"

enum { CHANGES_MAX = 16, JOBS_MAX = 16, IDLE_US = 300000000, TRIES = 20, BUSY_RETRY_MS = 500, ARENA_BYTES = 16 << 20 };

struct job {
    struct job *next;
    struct intake_call *call;
    struct intake_change *change; /* owned */
    bool dry_run, prune;
    bool is_repeat; /* of a last part whose change was taken before: only looks what came of it */
    unsigned tries;
    uint64_t stored; /* version, once it is; answered when it is loaded here, so that new clients get in */
    Callout__V1__ApplyResult result;
};

struct intake_applies {
    struct intake *in;
    struct intake_change *changes; /* being collected */
    size_t change_count;
    struct job *first;   /* the one being worked on */
    size_t job_count;
    bool in_air;
    bool is_waiting;     /* for a newer registry */
    struct co_batch *batch;
    struct co_arena *arena; /* of the job being worked on */
    struct intake_change_plan plan;
};

static void work(struct intake_applies *a);

/* ---- parts ---- */

static struct intake_change *find_change(struct intake_applies *a, const char *client, const char *change_id)
{
    for (struct intake_change *c = a->changes; c != NULL; c = c->next)
        if (strcmp(c->client, client) == 0 && strcmp(c->change_id, change_id) == 0)
            return c;
    return NULL;
}

static void take_change_out(struct intake_applies *a, struct intake_change *gone)
{
    struct intake_change **at = &a->changes;
    while (*at != gone)
        at = &(*at)->next;
    *at = gone->next;
    gone->next = NULL;
    a->change_count--;
}

static void drop_idle(struct intake_applies *a)
{
    int64_t now_mono_us = co_mono_us();
    for (struct intake_change *c = a->changes, *next; c != NULL; c = next) {
        next = c->next;
        if (now_mono_us - c->touched_mono_us < IDLE_US)
            continue;
        take_change_out(a, c);
        intake_change_free(c);
    }
}

static const char begin_again[] = "the parts before this one are not known here; begin again with part 1";

/* The change that this part belongs to; part 1 begins it (again). NULL: the call is answered. */
static struct intake_change *open_change(struct intake_applies *a, struct intake_call **call_p, const Callout__V1__Apply *apply)
{
    struct intake_change *c = find_change(a, (*call_p)->client->key, apply->change_id);
    if (c != NULL && apply->part == 1) {
        take_change_out(a, c);
        intake_change_free(c);
        c = NULL;
    }
    if (c == NULL && apply->part != 1) {
        intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_INVALID, 0, "apply.part", begin_again);
        return NULL;
    }
    if (c != NULL)
        return c;
    c = a->change_count < CHANGES_MAX ? intake_change_new((*call_p)->client->key, apply->change_id) : NULL;
    if (c == NULL) {
        intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_BUSY, BUSY_RETRY_MS, "", "too many changes are being collected");
        return NULL;
    }
    c->next = a->changes;
    a->changes = c;
    a->change_count++;
    return c;
}

static void answer_part(struct intake_call **call_p, const struct intake_change *c)
{
    Callout__V1__Reply reply = CALLOUT__V1__REPLY__INIT;
    Callout__V1__ApplyResult result = CALLOUT__V1__APPLY_RESULT__INIT;
    result.version = co_registry_feed_version((*call_p)->in->feed);
    result.parts = c->parts;
    reply.body_case = CALLOUT__V1__REPLY__BODY_APPLIED;
    reply.applied = &result;
    intake_call_reply(call_p, &reply);
}

/* False: wrong, the complaint says how; the change is as it was before, or gone where that cannot be. */
static bool add_part(struct intake_change *c, const Callout__V1__Apply *apply, struct intake_complaint *complaint,
                     struct co_arena *arena)
{
    c->touched_mono_us = co_mono_us();
    if (apply->part <= c->parts)
        return true; /* it was taken before: the answer got lost */
    if (apply->part == c->parts + 1)
        return intake_change_add(c, apply, arena, complaint);
    intake_complain(complaint, arena, CALLOUT__V1__CODE__CODE_INVALID, "apply.part", "a part before this one is missing");
    intake_allow(complaint, "%u", c->parts + 1);
    return false;
}

/* Takes call and change over. False: too many; the call is answered. */
static bool add_job(struct intake_applies *a, struct intake_call **call_p, struct intake_change *change,
                    const Callout__V1__Apply *apply, bool is_repeat)
{
    struct job **end = &a->first;
    struct job *job = a->job_count < JOBS_MAX ? calloc(1, sizeof(*job)) : NULL;
    if (job == NULL) {
        intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_BUSY, BUSY_RETRY_MS, "", "too many changes at a time");
        return false;
    }
    *job = (struct job){ .call = *call_p, .change = change, .dry_run = apply->dry_run, .prune = apply->prune, .is_repeat = is_repeat };
    *call_p = NULL;
    while (*end != NULL)
        end = &(*end)->next;
    *end = job;
    a->job_count++;
    return true;
}

/* A last part without its change: the answer may have got lost, or be late. Waits its turn behind the change itself. */
static void look_again(struct intake_applies *a, struct intake_call **call_p, const Callout__V1__Apply *apply)
{
    struct intake_change *c = intake_change_new((*call_p)->client->key, apply->change_id);
    if (c == NULL) {
        intake_call_fail(call_p, CALLOUT__V1__CODE__CODE_BUSY, BUSY_RETRY_MS, "", "no memory for this change now");
        return;
    }
    c->parts = apply->part;
    if (!add_job(a, call_p, c, apply, true))
        intake_change_free(c);
    work(a);
}

void intake_applies_take(struct intake_call **call_p, const Callout__V1__Request *request)
{
    struct intake_applies *a = (*call_p)->in->applies;
    const Callout__V1__Apply *apply = request->apply;
    struct intake_complaint complaint;
    co_arena_reset(a->in->scratch);
    if (apply->last && apply->part > 1 && find_change(a, (*call_p)->client->key, apply->change_id) == NULL) {
        look_again(a, call_p, apply);
        return;
    }
    struct intake_change *c = open_change(a, call_p, apply);
    if (c == NULL)
        return;
    if (!add_part(c, apply, &complaint, a->in->scratch)) {
        take_change_out(a, c);
        intake_change_free(c);
        intake_call_complain(call_p, &complaint);
        return;
    }
    if (!apply->last) {
        answer_part(call_p, c);
        return;
    }
    if (add_job(a, call_p, c, apply, false))
        take_change_out(a, c);
    work(a);
}

/* ---- the whole ---- */

/* Takes the first job off; its call is answered. */
static void end_job(struct intake_applies *a)
{
    struct job *job = a->first;
    a->first = job->next;
    a->job_count--;
    a->is_waiting = false;
    intake_change_plan_done(&a->plan);
    intake_change_free(job->change);
    free(job);
    work(a);
}

static void answer_result(struct intake_applies *a)
{
    Callout__V1__Reply reply = CALLOUT__V1__REPLY__INIT;
    a->first->result.parts = a->first->change->parts;
    reply.body_case = CALLOUT__V1__REPLY__BODY_APPLIED;
    reply.applied = &a->first->result;
    intake_call_reply(&a->first->call, &reply);
    end_job(a);
}

static void on_stored(void *arg, const struct co_pg_outcome *outcome)
{
    struct intake_applies *a = arg;
    struct intake *in = a->in;
    a->in_air = false;
    bool is_taken = outcome->err == CO_EINPUT && strcmp(outcome->sqlstate, "23505") == 0;
    if (outcome->err == CO_OK) {
        struct job *job = a->first;
        job->stored = job->result.version;
        co_log_info(in->log, "registry_applied", CO_U("version", job->stored), CO_S("by", job->change->client),
                    CO_U("added", job->result.added), CO_U("changed", job->result.changed), CO_U("removed", job->result.removed));
        a->is_waiting = true;
        co_registry_feed_want(in->feed, job->stored);
        intake_announce_look(in->announce);
    } else if ((is_taken || outcome->err == CO_ECONFLICT) && ++a->first->tries < TRIES && !in->is_stopping) {
        work(a); /* somebody was faster: looked at again from the beginning */
    } else {
        if (outcome->err == CO_EINPUT)
            co_log_error(in->log, "apply_failed", CO_S("sqlstate", outcome->sqlstate), CO_S("why", outcome->message));
        intake_call_unavailable(&a->first->call);
        end_job(a);
    }
}

static void store(struct intake_applies *a)
{
    const struct job *job = a->first;
    co_batch_clear(a->batch);
    intake_change_write(&a->plan, job->change, job->result.version, a->batch);
    intake_change_plan_done(&a->plan); /* it borrows from a registry that may change meanwhile */
    a->in_air = true;
    co_pg_run(intake_queries_pg(a->in->queries), a->batch, CO_PG_BEGIN | CO_PG_COMMIT, on_stored, a);
}

/* The newest version is the one in memory: what the change comes to can be told. */
static void decide(struct intake_applies *a)
{
    struct intake *in = a->in;
    struct job *job = a->first;
    struct intake_complaint complaint;
    uint64_t version = co_registry_feed_version(in->feed);
    co_arena_reset(a->arena);
    enum co_err err = intake_change_plan(job->change, co_registry_feed_get(in->feed), job->prune, a->arena, &a->plan, &complaint);
    bool is_empty = a->plan.diff.added + a->plan.diff.changed + a->plan.diff.removed == 0;
    bool is_stored = err == CO_OK && !job->dry_run && !is_empty;
    if (err == CO_OK && !intake_change_result(&a->plan, a->arena, version + is_stored, &job->result))
        err = CO_ENOMEM;
    if (err == CO_EINPUT) {
        intake_call_complain(&a->first->call, &complaint);
        end_job(a);
    } else if (err != CO_OK) {
        intake_call_fail(&a->first->call, CALLOUT__V1__CODE__CODE_BUSY, BUSY_RETRY_MS, "", "no memory for this change now");
        end_job(a);
    } else if (is_stored) {
        store(a);
    } else {
        answer_result(a);
    }
}

enum { LOOKED_CHANGE, LOOKED_ROWS };

/* It was stored before: the answer of then. */
static void answer_stored(struct intake_applies *a, struct co_results *results)
{
    const PGresult *res = results->item[LOOKED_CHANGE];
    Callout__V1__ApplyResult *result = &a->first->result;
    co_arena_reset(a->arena);
    callout__v1__apply_result__init(result);
    result->version = (uint64_t)co_row_int8(res, 0, 1);
    result->added = (uint32_t)co_row_int4(res, 0, 2);
    result->changed = (uint32_t)co_row_int4(res, 0, 3);
    result->removed = (uint32_t)co_row_int4(res, 0, 4);
    result->unchanged = (uint32_t)co_row_int4(res, 0, 5);
    intake_change_rows(results->item[LOOKED_ROWS], a->arena, result);
    answer_result(a);
}

static void on_looked(void *arg, const struct co_pg_outcome *outcome)
{
    struct intake_applies *a = arg;
    a->in_air = false;
    if (outcome->err != CO_OK) {
        intake_call_unavailable(&a->first->call);
        end_job(a);
        return;
    }
    const PGresult *res = outcome->results->item[LOOKED_CHANGE];
    uint64_t newest = (uint64_t)co_row_int8(res, 0, 0);
    if (!co_row_is_null(res, 0, 1) && !a->first->dry_run) {
        answer_stored(a, outcome->results);
    } else if (a->first->is_repeat) {
        intake_call_fail(&a->first->call, CALLOUT__V1__CODE__CODE_INVALID, 0, "apply.part", begin_again);
        end_job(a);
    } else if (newest != co_registry_feed_version(a->in->feed)) {
        a->is_waiting = true; /* goes on when it has been loaded */
        co_registry_feed_want(a->in->feed, newest);
    } else {
        decide(a);
    }
}

/* Looks whether the first job was done before, and what the newest version is. */
static void work(struct intake_applies *a)
{
    if (a->in_air || a->first == NULL || a->first->stored != 0)
        return;
    a->is_waiting = false;
    co_batch_clear(a->batch);
    (void)co_batch_add(a->batch, &intake_sql[intake_sql_read_change]);
    co_batch_text(a->batch, a->first->change->change_id);
    (void)co_batch_add(a->batch, &intake_sql[intake_sql_read_change_rows]);
    co_batch_text(a->batch, a->first->change->change_id);
    a->in_air = true;
    co_pg_run(intake_queries_pg(a->in->queries), a->batch, CO_PG_PLAIN, on_looked, a);
}

void intake_applies_beat(struct intake_applies *a)
{
    drop_idle(a);
    if (!a->is_waiting)
        return;
    if (a->first->stored == 0)
        work(a);
    else if (co_registry_feed_version(a->in->feed) >= a->first->stored)
        answer_result(a);
    else
        co_registry_feed_want(a->in->feed, a->first->stored);
}

/* ---- life ---- */

struct intake_applies *intake_applies_new(struct intake *in)
{
    struct intake_applies *a = calloc(1, sizeof(*a));
    if (a == NULL)
        return NULL;
    a->in = in;
    a->batch = co_batch_new(INTAKE_CHANGE_BYTES);
    a->arena = co_arena_new(ARENA_BYTES);
    if (a->batch != NULL && a->arena != NULL)
        return a;
    intake_applies_free(a);
    return NULL;
}

/* What is in the air comes back as unknown when the connection closes. */
void intake_applies_close(struct intake_applies *a)
{
    struct job *kept = a->in_air ? a->first : NULL;
    struct job *job = kept == NULL ? a->first : kept->next;
    a->first = kept;
    a->is_waiting = false;
    for (struct job *next; job != NULL; job = next) {
        next = job->next;
        intake_call_unavailable(&job->call);
        intake_change_free(job->change);
        free(job);
    }
    if (kept != NULL)
        kept->next = NULL;
}

void intake_applies_free(struct intake_applies *a)
{
    if (a == NULL)
        return;
    for (struct intake_change *c = a->changes, *next; c != NULL; c = next) {
        next = c->next;
        intake_change_free(c);
    }
    co_batch_free(a->batch);
    co_arena_free(a->arena);
    free(a);
}
