#include "planner.h"

#include <stdlib.h>
#include <string.h>

#include "co_arena.h"
#include "co_clock.h"
#include "co_lane.h"
#include "co_row.h"
#include "co_strmap.h"
#include "intake_plan.h"
#include "intake_sql.h"
#include "post.h"
#include "query.h"

enum { DUE_MAX = 500, LINES_BYTES = 256 << 20, BATCH_BYTES = 32 << 20, KNOWN_MAX = 500000, SETTLE_MONO_US = 5000000,
       RETRY_MONO_US = 60 * 1000000 };

/* A date whose case is to be there. */
struct due {
    struct intake_planner *planner;
    const struct intake_line *line;
    struct co_plan_date date;
    bool is_known; /* it is, or was refused */
};

struct intake_planner {
    struct intake *in;
    struct co_batch *batch;
    bool in_air;
    uint64_t version; /* of the registry that the lines are of; 0: none */
    uint64_t met;     /* the same, being asked about */
    uint64_t too_large; /* the same, for whose lines memory is out; 0: none */
    struct co_arena *arena; /* lines, and keys that are known */
    struct co_arena *scratch; /* one ticket */
    struct intake_line *line;
    size_t count;
    struct co_strmap *known; /* keys that have a case, or were refused */
    int64_t now_us;  /* of the look that is under way */
    int64_t next_us; /* nothing is due before */
    struct due due[DUE_MAX];
    size_t due_count;
    bool is_cut; /* there is more that is due */
    size_t posted; /* not yet told of */
    bool has_failed;
    int64_t settled_mono_us;
    int64_t refused_us;    /* the first date that was refused; INT64_MAX: none */
    int64_t retry_mono_us; /* what was refused is tried again; 0: nothing was */
};

struct intake_planner *intake_planner_new(struct intake *in)
{
    struct intake_planner *p = calloc(1, sizeof(*p));
    if (p == NULL)
        return NULL;
    p->in = in;
    p->batch = co_batch_new(BATCH_BYTES);
    p->arena = co_arena_new(LINES_BYTES);
    p->scratch = co_arena_new(1 << 20);
    p->known = co_strmap_new(KNOWN_MAX, 0);
    p->refused_us = INT64_MAX;
    if (p->batch != NULL && p->arena != NULL && p->scratch != NULL && p->known != NULL)
        return p;
    intake_planner_free(p);
    return NULL;
}

void intake_planner_free(struct intake_planner *p)
{
    if (p == NULL)
        return;
    co_batch_free(p->batch);
    co_strmap_free(p->known);
    co_arena_free(p->arena);
    co_arena_free(p->scratch);
    free(p);
}

static void run(struct intake_planner *p, unsigned flags, co_pg_done *done)
{
    p->in_air = true;
    co_pg_run(intake_queries_pg(p->in->queries), p->batch, flags, done, p);
}

/* False: it is to be tried again on the next beat. */
static bool is_fine(struct intake_planner *p, const struct co_pg_outcome *outcome)
{
    p->in_air = false;
    if (outcome->err == CO_EINPUT)
        co_log_error(p->in->log, "planning_failed", CO_S("sqlstate", outcome->sqlstate), CO_S("why", outcome->message));
    return outcome->err == CO_OK && !p->in->is_stopping;
}

/* ---- since when each line is known ---- */

static enum intake_line_kind kind_of(const char *name)
{
    return strcmp(name, intake_line_name(INTAKE_LINE_PLAN)) == 0 ? INTAKE_LINE_PLAN : INTAKE_LINE_RENEWAL;
}

/* Of plans and renewals. */
static int compare_lines(const void *a, const void *b)
{
    const struct intake_line *x = a, *y = b;
    return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1) : strcmp(x->key, y->key);
}

static void on_met(void *arg, const struct co_pg_outcome *outcome)
{
    struct intake_planner *p = arg;
    if (!is_fine(p, outcome))
        return;
    const PGresult *res = outcome->results->item[0];
    for (int row = 0; row < PQntuples(res); row++) {
        struct intake_line asked = { .kind = kind_of(co_row_text(res, row, 0)), .key = co_row_text(res, row, 1) };
        struct intake_line *line = bsearch(&asked, p->line, p->count, sizeof(p->line[0]), compare_lines);
        if (line != NULL)
            line->since_us = co_row_us(res, row, 2);
    }
    p->version = p->met;
    p->next_us = 0;
    intake_planner_look(p);
}

static void meet(struct intake_planner *p)
{
    const struct co_registry *r = co_registry_feed_get(p->in->feed);
    co_strmap_clear(p->known);
    co_arena_reset(p->arena);
    p->version = 0;
    p->refused_us = INT64_MAX;
    p->retry_mono_us = 0;
    p->met = co_registry_version(r);
    p->line = intake_lines(r, p->arena, &p->count);
    const char **kinds = p->line == NULL ? NULL : co_arena_alloc(p->arena, (p->count + 1) * sizeof(kinds[0]));
    const char **keys = p->line == NULL ? NULL : co_arena_alloc(p->arena, (p->count + 1) * sizeof(keys[0]));
    if (kinds == NULL || keys == NULL) { /* again on the next beat */
        if (p->too_large != p->met)
            co_log_error(p->in->log, "planning_failed", CO_S("why", "no memory for all that is to be planned"));
        p->too_large = p->met;
        return;
    }
    size_t known = 0; /* lines whose past counts: an advisory reaches whom it has not reached yet, whenever that was */
    for (; known < p->count && p->line[known].kind != INTAKE_LINE_ADVISORY; known++) {
        kinds[known] = intake_line_name(p->line[known].kind);
        keys[known] = p->line[known].key;
    }
    co_batch_clear(p->batch);
    (void)co_batch_add(p->batch, &intake_sql[intake_sql_meet_plans]);
    co_batch_int8(p->batch, (int64_t)p->met);
    co_batch_us(p->batch, co_node_now_us(p->in->node));
    co_batch_texts(p->batch, kinds, known);
    co_batch_texts(p->batch, keys, known);
    run(p, CO_PG_BEGIN | CO_PG_COMMIT, on_met);
}

/* ---- what was opened stays so ---- */

static void on_settled(void *arg, const struct co_pg_outcome *outcome)
{
    struct intake_planner *p = arg;
    if (is_fine(p, outcome))
        p->settled_mono_us = co_mono_us();
}

/* Not past what was refused: after a restart it is still to be opened. */
static void settle(struct intake_planner *p)
{
    co_batch_clear(p->batch);
    (void)co_batch_add(p->batch, &intake_sql[intake_sql_settle_plans]);
    co_batch_int8(p->batch, (int64_t)p->version);
    co_batch_us(p->batch, p->refused_us < p->now_us ? p->refused_us : p->now_us);
    run(p, CO_PG_BEGIN | CO_PG_COMMIT, on_settled);
}

/* ---- opening ---- */

static void note_known(struct intake_planner *p, const char *key)
{
    const char *copy = co_arena_strdup(p->arena, key);
    if (copy == NULL || co_strmap_put(p->known, copy, p) != CO_OK)
        co_strmap_clear(p->known); /* the receipts know */
}

static void on_told(struct intake_planner *p)
{
    if (--p->posted > 0)
        return;
    for (size_t i = 0; !p->has_failed && i < p->due_count; i++)
        if (!p->due[i].is_known)
            note_known(p, p->due[i].date.key);
    if (!p->has_failed)
        intake_planner_look(p);
}

/* It would be refused again at once. An advisory is found again without a mark. */
static void note_refused(struct intake_planner *p, struct due *due)
{
    co_log_error(p->in->log, "planned_case_refused", CO_S("key", due->date.key));
    due->is_known = true;
    note_known(p, due->date.key);
    if (due->line->kind != INTAKE_LINE_ADVISORY && due->date.at_us < p->refused_us)
        p->refused_us = due->date.at_us;
    if (p->retry_mono_us == 0)
        p->retry_mono_us = co_mono_us() + RETRY_MONO_US;
}

static void on_posted(void *arg, enum co_err err)
{
    struct due *due = arg;
    struct intake_planner *p = due->planner;
    if (err == CO_EINPUT)
        note_refused(p, due);
    p->has_failed = p->has_failed || err == CO_EDOWN;
    on_told(p);
}

static void post(struct intake_planner *p, struct due *due)
{
    Callout__V1__SubmitTicket ticket;
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    Callout__V1__Origin origin = CALLOUT__V1__ORIGIN__INIT;
    co_arena_reset(p->scratch);
    char *kind = co_arena_strdup(p->scratch, intake_line_name(due->line->kind)), *key = co_arena_strdup(p->scratch, due->line->key);
    bool is_made = kind != NULL && key != NULL &&
                   intake_plan_ticket(co_registry_feed_get(p->in->feed), due->line, &due->date, p->scratch, &ticket);
    if (!is_made) {
        on_posted(due, CO_EDOWN);
        return;
    }
    origin.kind = kind;
    origin.key = key;
    request.body_case = CALLOUT__V1__REQUEST__BODY_SUBMIT;
    request.submit = &ticket;
    co_log_info(p->in->log, "case_planned", CO_S("key", due->date.key));
    intake_post_own(p->in, &request, &origin, on_posted, due);
}

/* Nothing is opened by a registry that is known to be replaced. */
static void on_found(void *arg, const struct co_pg_outcome *outcome)
{
    struct intake_planner *p = arg;
    if (!is_fine(p, outcome))
        return;
    uint64_t newest = (uint64_t)co_row_int8(outcome->results->item[1], 0, 0);
    if (newest != p->version || co_registry_feed_version(p->in->feed) != p->version) {
        co_registry_feed_want(p->in->feed, newest);
        return;
    }
    const PGresult *res = outcome->results->item[0];
    for (int row = 0; row < PQntuples(res); row++) {
        struct due *due = &p->due[co_row_int8(res, row, 0) - 1];
        due->is_known = true;
        note_known(p, due->date.key);
    }
    p->has_failed = false;
    p->posted = 1; /* until all were handed over */
    for (size_t i = 0; i < p->due_count; i++) {
        if (p->due[i].is_known)
            continue;
        p->posted++;
        post(p, &p->due[i]);
    }
    on_told(p);
}

static void find(struct intake_planner *p)
{
    int16_t lanes[DUE_MAX];
    const char *keys[DUE_MAX];
    for (size_t i = 0; i < p->due_count; i++) {
        keys[i] = p->due[i].date.key;
        lanes[i] = co_lane_of(CO_PLAN_SOURCE, keys[i], (uint32_t)co_node_lanes(p->in->node));
    }
    co_batch_clear(p->batch);
    (void)co_batch_add(p->batch, &intake_sql[intake_sql_find_opened]);
    co_batch_text(p->batch, CO_PLAN_SOURCE);
    co_batch_int2s(p->batch, lanes, p->due_count);
    co_batch_texts(p->batch, keys, p->due_count);
    (void)co_batch_add(p->batch, &intake_sql[intake_sql_newest_version]);
    run(p, CO_PG_PLAIN, on_found);
}

static bool take(void *arg, const struct intake_line *line, const struct co_plan_date *date)
{
    struct intake_planner *p = arg;
    if (co_strmap_get(p->known, date->key) != NULL)
        return true;
    p->is_cut = p->due_count == DUE_MAX;
    if (p->is_cut)
        return false;
    p->due[p->due_count++] = (struct due){ .planner = p, .line = line, .date = *date };
    return true;
}

static bool collect(struct intake_planner *p)
{
    const struct co_registry *r = co_registry_feed_get(p->in->feed);
    int64_t next_us = INT64_MAX;
    p->due_count = 0;
    p->is_cut = false;
    for (size_t i = 0; i < p->count && !p->is_cut; i++) {
        struct intake_line *line = &p->line[i];
        if (line->next_us <= p->now_us && intake_plan_due(r, line, p->now_us, take, p) != CO_OK)
            return false;
        bool of_line = p->due_count > 0 && p->due[p->due_count - 1].line == line;
        if (of_line || p->is_cut)
            line->next_us = p->now_us; /* until its cases are there */
        next_us = line->next_us < next_us ? line->next_us : next_us;
    }
    p->next_us = next_us;
    return true;
}

void intake_planner_look(struct intake_planner *p)
{
    struct intake *in = p->in;
    if (p->in_air || p->posted > 0 || in->is_stopping || !co_node_is_ready(in->node) || co_registry_feed_version(in->feed) == 0)
        return;
    bool is_retried = p->retry_mono_us != 0 && co_mono_us() >= p->retry_mono_us;
    if (p->version != co_registry_feed_version(in->feed) || is_retried) {
        meet(p);
        return;
    }
    p->now_us = co_node_now_us(in->node);
    bool is_due = p->next_us <= p->now_us;
    if (is_due && !collect(p))
        return;
    if (is_due && p->due_count > 0)
        find(p);
    else if (is_due || co_mono_us() - p->settled_mono_us > SETTLE_MONO_US)
        settle(p);
}
