/* The cases of one lane, in the order of time, into the database. */
#include "fill.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_buf.h"
#include "co_heap.h"
#include "co_number.h"
#include "co_time.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

enum { TURN_BYTES = 64 * 1024 * 1024, CHUNK = 16 * 1024, LINE_MAX_BYTES = 16 * 1024 * 1024 };

struct live {
    struct fill_plan *plan; /* NULL: over */
    uint8_t *state;         /* packed */
    size_t len;
    size_t next; /* step */
};

struct writer {
    struct fill_lane *to;
    struct fill_versions *versions;
    struct co_rand rand;
    struct co_heap *heap;
    struct live *live;
    struct co_arena *arena, *scratch;
    PGconn *entries, *rows; /* in COPY */
    struct co_buf entry_lines, row_lines;
    uint64_t seq;
    int64_t now_us;
};

/* -- COPY */

static void flush_lines(PGconn *conn, struct co_buf *lines)
{
    const char *text = co_buf_text(lines);
    int sent = PQputCopyData(conn, text, (int)strlen(text));
    co_assert(sent == 1);
    co_buf_done(lines);
    co_buf_init(lines, LINE_MAX_BYTES);
}

static void put_hex(struct co_buf *lines, const uint8_t *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    char *text = malloc(2 * len + 1);
    co_assert(text != NULL);
    for (size_t i = 0; i < len; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * len] = '\0';
    (void)co_buf_printf(lines, "\\\\x%s\n", text);
    free(text);
}

static void put_time(struct co_buf *lines, int64_t us)
{
    char text[CO_TIME_TEXT];
    if (us == INT64_MAX) {
        (void)co_buf_printf(lines, "\\N\t");
        return;
    }
    co_time_format(us, text);
    (void)co_buf_printf(lines, "%s\t", text);
}

static void put_entry(struct writer *w, int64_t case_id, const Callout__V1__Event *event)
{
    size_t len = callout__v1__event__get_packed_size(event);
    uint8_t *bytes = co_arena_alloc(w->arena, len + 1);
    co_assert(bytes != NULL);
    (void)callout__v1__event__pack(event, bytes);
    (void)co_buf_printf(&w->entry_lines, "%d\t%" PRIu64 "\t", w->to->lane, ++w->seq);
    put_time(&w->entry_lines, w->now_us);
    (void)co_buf_printf(&w->entry_lines, "%" PRId64 "\t%d\t", case_id, (int)event->body_case);
    put_hex(&w->entry_lines, bytes, len);
    if (strlen(co_buf_text(&w->entry_lines)) > CHUNK)
        flush_lines(w->entries, &w->entry_lines);
    w->to->entries++;
}

static void put_row(struct writer *w, int64_t case_id, const struct sla_case *c,
                    const struct sla_fold *f, const struct live *live)
{
    const Callout__V1__CaseOpened *o = c->state->opened;
    const struct sla_clock *next = f->next_promise;
    (void)co_buf_printf(&w->row_lines, "%d\t%" PRId64 "\t%s\t%s\t%u\t%s\t", w->to->lane, case_id,
                        o->customer, o->site, f->severity, f->is_closed ? "closed" : "open");
    put_time(&w->row_lines, o->reported_us);
    put_time(&w->row_lines, next != NULL && next->due_us > 0 ? next->due_us : INT64_MAX);
    (void)co_buf_printf(&w->row_lines, "%s\t", next != NULL ? next->milestone->name : "");
    put_time(&w->row_lines, f->next_us);
    put_hex(&w->row_lines, live->state, live->len);
    flush_lines(w->rows, &w->row_lines);
}

static PGconn *begin_copy(const char *url, const char *sql)
{
    PGconn *conn = fill_connect(url);
    PGresult *res = PQexec(conn, sql);
    co_assert(PQresultStatus(res) == PGRES_COPY_IN);
    PQclear(res);
    return conn;
}

static void end_copy(PGconn *conn)
{
    int ended = PQputCopyEnd(conn, NULL);
    co_assert(ended == 1);
    PGresult *res = PQgetResult(conn);
    if (PQresultStatus(res) != PGRES_COMMAND_OK)
        (void)fprintf(stderr, "%s", PQerrorMessage(conn));
    co_assert(PQresultStatus(res) == PGRES_COMMAND_OK);
    PQclear(res);
    PQfinish(conn);
}

/* -- a turn of a case */

static int64_t id_of(const struct writer *w, int64_t index)
{
    return co_number_id(index + 1, (uint8_t)w->to->lane);
}

static void put_events(struct writer *w, int64_t case_id, struct sla_events *events)
{
    for (size_t i = 0; i < events->count; i++)
        put_entry(w, case_id, events->event[i]);
    events->count = 0;
}

static void *event_with(struct writer *w, Callout__V1__Event *event,
                        Callout__V1__Event__BodyCase kind, const ProtobufCMessageDescriptor *type)
{
    void *body = sla_message_new(w->arena, type);
    co_assert(body != NULL);
    callout__v1__event__init(event);
    event->body_case = kind;
    event->promised = body; /* every member of the union is a pointer to a message */
    return body;
}

static char *text(struct writer *w, const char *s)
{
    char *copy = co_arena_strdup(w->arena, s);
    co_assert(copy != NULL);
    return copy;
}

static void report(struct writer *w, int64_t index, struct sla_case *c, struct sla_events *events)
{
    struct fill_plan *p = w->live[index].plan;
    Callout__V1__Event event;
    struct sla_admission admission;
    bool is_open = false;
    Callout__V1__TicketSubmitted *t =
        event_with(w, &event, BODY(TICKET_SUBMITTED), &callout__v1__ticket_submitted__descriptor);
    t->source = text(w, "bench");
    t->key = co_arena_alloc(w->arena, 32);
    (void)snprintf(t->key, 32, "%d-%" PRId64, w->to->lane, index);
    t->product = text(w, "storage");
    t->stated_severity = p->severity;
    t->occurred_us = p->reported_us;
    t->registry_version = 1;
    while (!is_open) {
        t->customer = p->site->customer;
        t->site = p->site->key;
        is_open = fill_versions_open(w->versions, c, t, &admission);
        if (!is_open)
            fill_plan(&w->rand, w->to->registry, p->reported_us, p);
    }
    t->stated_severity = p->severity;
    put_entry(w, id_of(w, index), &event);
    enum co_err err = sla_case_submitted(c, w->seq, t, admission, events);
    co_assert(err == CO_OK);
    put_events(w, id_of(w, index), events);
    Callout__V1__Event where;
    Callout__V1__SiteLocated *l =
        event_with(w, &where, BODY(SITE_LOCATED), &callout__v1__site_located__descriptor);
    l->office = text(w, "beijing");
    l->source = text(w, "estimate");
    l->km = p->km;
    l->located_us = w->now_us;
    put_entry(w, id_of(w, index), &where);
    err = sla_case_located(c, w->seq, l);
    co_assert(err == CO_OK);
}

static void command(struct writer *w, int64_t index, struct sla_case *c, struct sla_events *events)
{
    struct live *live = &w->live[index];
    const struct fill_step *s = &live->plan->step[live->next++];
    Callout__V1__Event event;
    struct sla_admission none = { 0 };
    Callout__V1__CommandReceived *r =
        event_with(w, &event, BODY(COMMAND_RECEIVED), &callout__v1__command_received__descriptor);
    r->source = text(w, "bench");
    r->key = co_arena_alloc(w->arena, 32);
    (void)snprintf(r->key, 32, "%d-%" PRId64 "-%zu", w->to->lane, index, live->next);
    r->act = s->act;
    r->occurred_us = s->occurred_us;
    r->role = s->role;
    r->name = text(w, s->name);
    r->severity = s->severity;
    r->command_id = (uint64_t)id_of(w, index) * FILL_STEPS_MAX + live->next;
    r->registry_version = 1;
    put_entry(w, id_of(w, index), &event);
    enum co_err err = sla_case_command(c, w->seq, r, none, events);
    co_assert(err == CO_OK);
}

static void keep(struct live *live, const Callout__V1__SlaState *state)
{
    free(live->state);
    live->len = callout__v1__sla_state__get_packed_size(state);
    live->state = malloc(live->len + 1);
    co_assert(live->state != NULL);
    (void)callout__v1__sla_state__pack(state, live->state);
}

static bool is_step_due(const struct writer *w, const struct live *live)
{
    return live->next < live->plan->count && live->plan->step[live->next].known_us <= w->now_us;
}

static void wake_at(struct writer *w, int64_t us, int64_t index)
{
    enum co_err err = co_heap_push(w->heap, (struct co_due){ us, index });
    co_assert(err == CO_OK);
}

static void take_steps(struct writer *w, int64_t index, struct sla_case *c,
                       struct sla_events *events)
{
    if (w->live[index].state == NULL)
        report(w, index, c, events);
    while (is_step_due(w, &w->live[index]))
        command(w, index, c, events);
}

static void turn(struct writer *w, int64_t index)
{
    struct live *live = &w->live[index];
    struct sla_case c = { .arena = w->arena, .scratch = w->scratch, .now_us = w->now_us };
    struct sla_events events = { 0 };
    struct sla_fold fold;
    co_arena_reset(w->arena);
    enum co_err err = live->state == NULL
                          ? sla_state_new(w->arena, &c.state)
                          : sla_state_unpack(w->arena, live->state, live->len, &c.state);
    co_assert(err == CO_OK);
    fill_versions_set(w->versions, &c);
    take_steps(w, index, &c, &events);
    err = sla_case_advance(&c, &events, &fold);
    co_assert(err == CO_OK);
    put_events(w, id_of(w, index), &events);
    keep(live, c.state);
    bool has_step = live->next < live->plan->count;
    int64_t next_us = has_step && live->plan->step[live->next].known_us < fold.next_us
                          ? live->plan->step[live->next].known_us
                          : fold.next_us;
    if (next_us <= w->to->until_us) {
        wake_at(w, next_us, index); /* one for each case: the heap does not grow */
    } else {
        put_row(w, id_of(w, index), &c, &fold, live);
        free(live->plan);
        free(live->state);
        *live = (struct live){ 0 };
    }
}

/* -- the lane */

static void run_all(struct writer *w)
{
    struct co_due due;
    for (uint32_t i = 0; i < w->to->cases; i++)
        wake_at(w, co_rand_between(&w->rand, w->to->from_us, w->to->until_us), i);
    while (co_heap_pop(w->heap, &due)) {
        struct live *live = &w->live[due.id];
        w->now_us = due.due_us > w->now_us ? due.due_us : w->now_us;
        if (live->plan == NULL) {
            live->plan = malloc(sizeof(*live->plan));
            co_assert(live->plan != NULL);
            fill_plan(&w->rand, w->to->registry, due.due_us, live->plan);
        }
        turn(w, due.id);
    }
}

void fill_lane(struct fill_lane *l)
{
    struct writer w = { .to = l, .versions = fill_versions_new(l->registry), .now_us = l->from_us };
    co_rand_init(&w.rand, l->seed + (uint64_t)l->lane);
    w.heap = co_heap_new(UINT32_MAX / 64);
    w.live = calloc(l->cases + 1, sizeof(*w.live));
    w.arena = co_arena_new(TURN_BYTES);
    w.scratch = co_arena_new(TURN_BYTES);
    co_assert(w.heap != NULL && w.live != NULL && w.arena != NULL && w.scratch != NULL);
    co_buf_init(&w.entry_lines, LINE_MAX_BYTES);
    co_buf_init(&w.row_lines, LINE_MAX_BYTES);
    w.entries =
        begin_copy(l->url, "COPY journal.entry (lane, seq, at, case_id, kind, body) FROM STDIN");
    w.rows = begin_copy(
        l->url,
        "COPY sla.case (lane, case_id, customer, site, severity, state, opened_at, next_due_at, "
        "next_milestone, next_at, body) FROM STDIN");
    run_all(&w);
    flush_lines(w.entries, &w.entry_lines);
    end_copy(w.entries);
    end_copy(w.rows);
    co_buf_done(&w.entry_lines);
    co_buf_done(&w.row_lines);
    co_heap_free(w.heap);
    free(w.live);
    co_arena_free(w.arena);
    co_arena_free(w.scratch);
    fill_versions_free(w.versions);
}
