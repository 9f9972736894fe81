#include "co_follow.h"

#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_clock.h"
#include "co_io_sql.h"
#include "co_row.h"

enum { GAP_FIRST_MS = 5, GAP_LAST_MS = 50, HEADS_MS = 500 };

/* One sorted list per lane: first the contiguous entries (ready up to `have`), then what came early. */
struct lane {
    bool is_followed;
    struct co_held *first, *last;
    size_t count;
    int64_t consumed; /* number of the last consumed entry */
    int64_t have;     /* contiguous up to here; >= consumed */
    int64_t head;     /* known to exist; >= have */
    int64_t since_mono_us;
    bool in_read;
    bool is_asked;      /* its head, since it was started */
    bool is_head_known; /* by an answer to that */
    int64_t first_head; /* that answer */
};

struct co_follow {
    struct co_follow_options options;
    struct lane lane[CO_LANES_MAX];
    uv_timer_t gap_timer;
    uv_timer_t heads_timer;
    int open_handles;
    struct co_batch *read_batch;
    struct co_batch *heads_batch;
    bool read_in_air, heads_in_air;
    int read_lane[CO_LANES_MAX];
    size_t read_lanes;
    int read_from;
    uint64_t pause_ms;
    uint64_t generation; /* of everything held; answers for an older one are dropped */
    uint64_t read_generation;
    bool is_closing;
    struct co_follow_stats stats;
};

static void free_follow(struct co_follow *f)
{
    co_batch_free(f->read_batch);
    co_batch_free(f->heads_batch);
    free(f);
}

static void maybe_free(struct co_follow *f)
{
    if (f->is_closing && f->open_handles == 0 && !f->read_in_air && !f->heads_in_air)
        free_follow(f);
}

static void clear_lane(struct lane *l)
{
    while (l->first != NULL) {
        struct co_held *h = l->first;
        l->first = h->next;
        free(h);
    }
    *l = (struct lane){ 0 };
}

static bool is_wanted(const struct co_follow *f, int kind)
{
    return kind >= 0 && kind < 64 && (f->options.kinds >> kind & 1) != 0;
}

static struct co_held *hold(const struct co_follow *f, const struct co_entry_raw *e)
{
    size_t len = is_wanted(f, e->kind) ? e->body.len : 0;
    struct co_held *h = malloc(sizeof(*h) + len);
    if (h == NULL)
        return NULL;
    h->prev = h->next = NULL;
    h->entry = *e;
    h->entry.body = (struct co_bytes){ NULL, 0 };
    if (is_wanted(f, e->kind)) {
        uint8_t *body = (uint8_t *)(h + 1);
        if (len > 0)
            memcpy(body, e->body.data, len);
        h->entry.body = (struct co_bytes){ body, len };
    }
    return h;
}

/* Puts the entry in its place from the end. False: it is there already. */
static bool insert(struct lane *l, struct co_held *h)
{
    struct co_held *after = l->last;
    while (after != NULL && after->entry.seq > h->entry.seq)
        after = after->prev;
    if (after != NULL && after->entry.seq == h->entry.seq)
        return false;
    h->prev = after;
    h->next = after == NULL ? l->first : after->next;
    *(h->prev == NULL ? &l->first : &h->prev->next) = h;
    *(h->next == NULL ? &l->last : &h->next->prev) = h;
    l->count++;
    return true;
}

static void extend(struct lane *l, struct co_held *h)
{
    for (; h != NULL && h->entry.seq == l->have + 1; h = h->next)
        l->have++;
    if (l->head < l->have)
        l->head = l->have;
}

static bool has_ready(const struct lane *l)
{
    return l->have > l->consumed;
}

/* Takes one entry in. False: ignored. */
static bool take_in(struct co_follow *f, struct lane *l, const struct co_entry_raw *e)
{
    if (l->head < e->seq)
        l->head = e->seq;
    /* what came early is held only within one read of the gap, or nothing but it might fill the lane for ever */
    if (e->seq <= l->have || e->seq > l->have + CO_FOLLOW_READ || l->count >= CO_FOLLOW_LANE_MAX)
        return false;
    struct co_held *h = hold(f, e);
    if (h == NULL)
        return false;
    if (!insert(l, h)) {
        free(h);
        return false;
    }
    if (!has_ready(l))
        l->since_mono_us = co_mono_us();
    extend(l, h);
    return true;
}

static void on_gap_time(uv_timer_t *timer);

static void arm_gap(struct co_follow *f, uint64_t pause_ms)
{
    if (!f->is_closing && !uv_is_active((uv_handle_t *)&f->gap_timer))
        (void)uv_timer_start(&f->gap_timer, on_gap_time, pause_ms, 0);
}

/* Room for a full read must be there, or a long backlog would be read again and again. */
static bool needs_read(const struct lane *l)
{
    return l->is_followed && l->head > l->have && l->count + CO_FOLLOW_READ <= CO_FOLLOW_LANE_MAX;
}

static void announce(struct co_follow *f, int lane)
{
    if (has_ready(&f->lane[lane]))
        f->options.on_ready(f->options.arg, lane);
}

static void on_read(void *arg, const struct co_pg_outcome *outcome)
{
    struct co_follow *f = arg;
    f->read_in_air = false;
    if (f->is_closing) {
        maybe_free(f);
        return;
    }
    uint64_t found = 0;
    for (size_t i = 0; i < f->read_lanes; i++) {
        struct lane *l = &f->lane[f->read_lane[i]];
        l->in_read = false;
        if (outcome->err != CO_OK || f->read_generation != f->generation || !l->is_followed)
            continue;
        const PGresult *res = outcome->results->item[i];
        for (int row = 0; row < PQntuples(res); row++) {
            struct co_entry_raw e = co_entry_of_row(res, row);
            found += take_in(f, l, &e);
        }
        announce(f, f->read_lane[i]);
    }
    f->stats.read_entries += found;
    f->pause_ms = found > 0 ? 0 : f->pause_ms == 0 ? GAP_FIRST_MS : f->pause_ms * 2;
    if (f->pause_ms > GAP_LAST_MS)
        f->pause_ms = GAP_LAST_MS;
    for (int lane = 0; lane < CO_LANES_MAX; lane++)
        if (needs_read(&f->lane[lane])) {
            arm_gap(f, f->pause_ms);
            break;
        }
}

static void on_gap_time(uv_timer_t *timer)
{
    struct co_follow *f = timer->data;
    if (f->read_in_air)
        return;
    co_batch_clear(f->read_batch);
    f->read_lanes = 0;
    for (int k = 0; k < CO_LANES_MAX && f->read_lanes < 32; k++) {
        int lane = (f->read_from + k) % CO_LANES_MAX;
        struct lane *l = &f->lane[lane];
        if (!needs_read(l))
            continue;
        l->in_read = true;
        f->read_lane[f->read_lanes++] = lane;
        (void)co_batch_add(f->read_batch, &co_io_sql[co_io_sql_read_entries]);
        co_batch_int2(f->read_batch, lane);
        co_batch_int8(f->read_batch, l->have);
        co_batch_int8(f->read_batch, CO_FOLLOW_READ);
    }
    if (f->read_lanes == 0)
        return;
    f->read_from = f->read_lane[f->read_lanes - 1] + 1; /* no lane waits for the others for ever */
    f->read_in_air = true;
    f->read_generation = f->generation;
    f->stats.reads++;
    co_pg_run(f->options.pg, f->read_batch, CO_PG_PLAIN, on_read, f);
}

static void on_heads(void *arg, const struct co_pg_outcome *outcome)
{
    struct co_follow *f = arg;
    f->heads_in_air = false;
    if (f->is_closing) {
        maybe_free(f);
        return;
    }
    if (outcome->err != CO_OK)
        return; /* the next look asks again */
    bool missing = false;
    const PGresult *res = outcome->results->item[0];
    for (int row = 0; row < PQntuples(res); row++) {
        struct lane *l = &f->lane[co_row_int2(res, row, 0)];
        int64_t head = co_row_int8(res, row, 1);
        if (l->is_followed && l->head < head)
            l->head = head;
        if (l->is_asked && !l->is_head_known)
            l->first_head = head;
        missing |= needs_read(l);
    }
    for (int lane = 0; lane < CO_LANES_MAX; lane++)
        f->lane[lane].is_head_known = f->lane[lane].is_asked;
    if (missing)
        arm_gap(f, GAP_FIRST_MS);
}

static void poll_heads(uv_timer_t *timer)
{
    struct co_follow *f = timer->data;
    if (f->heads_in_air || !co_pg_is_up(f->options.pg))
        return;
    int16_t lanes[CO_LANES_MAX];
    size_t n = 0;
    for (int lane = 0; lane < CO_LANES_MAX; lane++)
        if (f->lane[lane].is_followed) {
            lanes[n++] = (int16_t)lane;
            f->lane[lane].is_asked = true;
        }
    if (n == 0)
        return;
    co_batch_clear(f->heads_batch);
    (void)co_batch_add(f->heads_batch, &co_io_sql[co_io_sql_read_heads]);
    co_batch_int2s(f->heads_batch, lanes, n);
    f->heads_in_air = true;
    co_pg_run(f->options.pg, f->heads_batch, CO_PG_PLAIN, on_heads, f);
}

struct co_follow *co_follow_new(const struct co_follow_options *options)
{
    struct co_follow *f = calloc(1, sizeof(*f));
    if (f == NULL)
        return NULL;
    f->options = *options;
    f->read_batch = co_batch_new(64 * 1024);
    f->heads_batch = co_batch_new(64 * 1024);
    if (f->read_batch == NULL || f->heads_batch == NULL) {
        free_follow(f);
        return NULL;
    }
    (void)uv_timer_init(options->loop, &f->gap_timer);
    (void)uv_timer_init(options->loop, &f->heads_timer);
    f->gap_timer.data = f->heads_timer.data = f;
    f->open_handles = 2;
    (void)uv_timer_start(&f->heads_timer, poll_heads, HEADS_MS, HEADS_MS);
    return f;
}

static void on_closed(uv_handle_t *handle)
{
    struct co_follow *f = handle->data;
    f->open_handles--;
    maybe_free(f);
}

void co_follow_close(struct co_follow **f_p)
{
    struct co_follow *f = *f_p;
    *f_p = NULL;
    if (f == NULL)
        return;
    co_follow_forget(f);
    f->is_closing = true;
    uv_close((uv_handle_t *)&f->gap_timer, on_closed);
    uv_close((uv_handle_t *)&f->heads_timer, on_closed);
}

void co_follow_start(struct co_follow *f, int lane, int64_t seq)
{
    co_assert(lane >= 0 && lane < CO_LANES_MAX && seq >= 0);
    struct lane *l = &f->lane[lane];
    bool in_read = l->in_read;
    clear_lane(l);
    *l = (struct lane){ .is_followed = true, .consumed = seq, .have = seq, .head = seq };
    if (in_read)
        f->generation++; /* the answer on its way belongs to the past */
    poll_heads(&f->heads_timer);
}

void co_follow_stop(struct co_follow *f, int lane)
{
    clear_lane(&f->lane[lane]);
}

void co_follow_forget(struct co_follow *f)
{
    for (int lane = 0; lane < CO_LANES_MAX; lane++)
        clear_lane(&f->lane[lane]);
    f->generation++;
}

/* More than one read behind: messages would only be thrown away again. */
static bool is_behind(const struct lane *l)
{
    return l->head - l->have > CO_FOLLOW_READ || l->count >= CO_FOLLOW_LANE_MAX;
}

void co_follow_offer(struct co_follow *f, int lane, const struct co_entry_raw *entries, size_t n)
{
    struct lane *l = &f->lane[lane];
    if (!l->is_followed || n == 0)
        return;
    f->stats.offered += n;
    if (is_behind(l)) {
        f->stats.ignored += n;
        if (l->head < entries[n - 1].seq)
            l->head = entries[n - 1].seq;
    } else {
        int64_t before = l->have;
        for (size_t i = 0; i < n; i++)
            f->stats.ignored += !take_in(f, l, &entries[i]);
        if (l->have > before)
            announce(f, lane);
    }
    if (l->head > l->have) {
        f->stats.gaps++;
        arm_gap(f, GAP_FIRST_MS);
    }
}

const struct co_held *co_follow_peek(const struct co_follow *f, int lane)
{
    const struct lane *l = &f->lane[lane];
    return has_ready(l) ? l->first : NULL;
}

bool co_follow_is_ready(const struct co_follow *f, int lane, const struct co_held *held)
{
    return held != NULL && held->entry.seq <= f->lane[lane].have;
}

int64_t co_follow_since_mono_us(const struct co_follow *f, int lane)
{
    const struct lane *l = &f->lane[lane];
    return has_ready(l) ? l->since_mono_us : INT64_MAX;
}

void co_follow_consume(struct co_follow *f, int lane, int64_t seq)
{
    struct lane *l = &f->lane[lane];
    while (l->first != NULL && l->first->entry.seq <= seq && l->first->entry.seq <= l->have) {
        struct co_held *h = l->first;
        l->first = h->next;
        *(l->first == NULL ? &l->last : &l->first->prev) = NULL;
        l->consumed = h->entry.seq;
        l->count--;
        free(h);
    }
    l->since_mono_us = co_mono_us();
    if (needs_read(l))
        arm_gap(f, GAP_FIRST_MS);
}

bool co_follow_is_caught_up(const struct co_follow *f, int lane, int64_t seq)
{
    const struct lane *l = &f->lane[lane];
    return l->is_head_known && seq >= l->first_head;
}

int64_t co_follow_lag(const struct co_follow *f)
{
    int64_t lag = 0;
    for (int lane = 0; lane < CO_LANES_MAX; lane++)
        lag += f->lane[lane].head - f->lane[lane].consumed;
    return lag;
}

struct co_follow_stats co_follow_stats(const struct co_follow *f)
{
    return f->stats;
}
