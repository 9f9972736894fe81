#include "sweep.h"

#include <stdlib.h>

#include "co_row.h"
#include "sla.h"
#include "store.h"
#include "wide.h"
#include "wide_changes.h"

static const int64_t PATIENCE_US = 1000000; /* until parked cases are looked at again; domain time */

/* -- reading */

static uint64_t newest_applied(const struct co_turn *t)
{
    uint64_t version = 0;
    for (size_t i = 0; i < t->entry_count; i++) {
        const Callout__V1__Event *e = t->entries[i].event;
        if (e->body_case == CALLOUT__V1__EVENT__BODY_REGISTRY_APPLIED && e->registry_applied->version > version)
            version = e->registry_applied->version;
    }
    return version;
}

void sla_sweep_load(struct sla_service *s, struct co_turn *t, struct sla_sweep_turn *ret)
{
    *ret = (struct sla_sweep_turn){ .row = -1, .changes = -1, .waiting = -1, .window = -1 };
    ret->is_due = t->due_count > 0 && t->due[0] == SLA_SWEEP_CASE;
    ret->applied = newest_applied(t);
    if (ret->is_due || ret->applied != 0 || !s->lane[t->lane].is_known)
        ret->row = sla_store_read_sweep(t);
    if (ret->applied != 0)
        ret->changes = sla_store_read_wide_changes(t);
    if (ret->is_due || ret->applied != 0)
        ret->waiting = sla_store_read_sweep_waiting(t);
    if (ret->is_due && ret->applied == 0)
        ret->window = sla_store_read_sweep_window(t, SLA_SWEEP_WINDOW);
}

enum co_err sla_sweep_check(struct sla_service *s, struct co_turn *t, struct sla_sweep_turn *sweep)
{
    if (sweep->row < 0)
        return CO_OK;
    sla_store_sweep_found(t, sweep->row, &sweep->was);
    sweep->now = sweep->was;
    if (sweep->was.version > sla_versions_registry(s->versions)) {
        co_registry_feed_want(co_daemon_feed(s->daemon), sweep->was.version);
        return CO_EAGAIN;
    }
    return CO_OK;
}

/* -- starting */

/* What the sweep before has not come to is looked for as well. */
static enum co_err add_unfinished(struct co_arena *arena, const struct sla_sweep *was, struct sla_wide_changes *c)
{
    if (was->stage == SLA_SWEEP_IDLE)
        return CO_OK;
    if (was->has_span)
        sla_wide_changes_add_span(c, was->span_from_us, was->span_until_us);
    return sla_wide_changes_add_regions(c, arena, was->regions);
}

static enum co_err start(struct sla_service *s, struct co_turn *t, struct sla_sweep_turn *sweep)
{
    struct sla_sweep *now = &sweep->now;
    struct sla_wide_changes changes;
    if (sweep->applied <= sweep->was.version)
        return CO_OK;
    enum co_err err = sla_wide_changes_of(t->read_results[sweep->changes], sla_versions_now(s->versions), t->arena, &changes);
    if (err != CO_OK)
        return err;
    now->version = sweep->applied;
    sweep->is_saved = true;
    if (!changes.has_calendars && !changes.has_span)
        return CO_OK;
    err = add_unfinished(t->arena, &sweep->was, &changes);
    now->has_span = changes.has_span;
    now->span_from_us = changes.from_us;
    now->span_until_us = changes.until_us;
    now->regions = changes.regions;
    now->stage = SLA_SWEEP_TIMED;
    now->after_us = now->after_case_id = 0;
    now->visited = now->moved = 0;
    now->next_us = t->now_us;
    return err;
}

/* -- going on */

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The cases that were found and have not caught up, in this turn either. */
static size_t still_waiting(const struct co_turn *t, const struct sla_sweep_turn *sweep, const int64_t *case_ids, size_t n,
                            int64_t *ret_waiting)
{
    size_t count = 0;
    const PGresult *res = t->read_results[sweep->waiting];
    for (int row = 0; row < PQntuples(res); row++) {
        int64_t id = co_row_int8(res, row, 0);
        if (bsearch(&id, case_ids, n, sizeof(id), by_value) == NULL)
            ret_waiting[count++] = id;
    }
    return count;
}

static enum sla_sweep_stage stage_after(const struct sla_sweep *w)
{
    if (w->stage == SLA_SWEEP_UNTIMED)
        return w->has_span ? SLA_SWEEP_CLOSED : SLA_SWEEP_IDLE;
    return w->stage == SLA_SWEEP_TIMED ? SLA_SWEEP_UNTIMED : SLA_SWEEP_IDLE;
}

static void enter_next_stage(struct sla_sweep *w)
{
    w->stage = stage_after(w);
    w->after_us = w->stage == SLA_SWEEP_CLOSED ? w->span_from_us : 0;
    w->after_case_id = w->stage == SLA_SWEEP_CLOSED ? INT64_MAX : 0; /* who ended with the span's begin is not in it */
}

/* Walks through the window, takes what is concerned, as far as there is room, and stands where it
 * stopped. */
static void look(const struct co_registry *r, const struct co_turn *t, struct sla_sweep_turn *sweep, size_t room)
{
    struct sla_sweep *w = &sweep->now;
    const PGresult *res = t->read_results[sweep->window];
    int rows = PQntuples(res), row = 0;
    for (; row < rows && sweep->woken_count < room; row++) {
        w->after_case_id = co_row_int8(res, row, 0);
        w->after_us = co_row_is_null(res, row, 1) ? 0 : co_row_us(res, row, 1);
        if (co_row_bool(res, row, 2) && sla_wide_is_site_in(r, co_row_text(res, row, 3), w->regions))
            sweep->woken[sweep->woken_count++] = w->after_case_id;
    }
    if (row == rows && rows < SLA_SWEEP_WINDOW)
        enter_next_stage(w);
}

static void step(const struct co_registry *r, struct co_turn *t, struct sla_sweep_turn *sweep, int64_t *waiting, size_t count)
{
    struct sla_sweep *w = &sweep->now;
    size_t room = count < SLA_SWEEP_WAITING ? SLA_SWEEP_WAITING - count : 0;
    room = room < SLA_SWEEP_SLICE ? room : SLA_SWEEP_SLICE;
    sweep->woken = waiting + count;
    if (sweep->window >= 0 && w->stage != SLA_SWEEP_IDLE && room > 0)
        look(r, t, sweep, room);
    bool goes_on = sweep->woken_count > 0 || (room > 0 && w->stage != SLA_SWEEP_IDLE);
    if (goes_on)
        w->next_us = t->now_us;
    else
        w->next_us = count > 0 ? t->now_us + PATIENCE_US : INT64_MAX;
    if (w->next_us == INT64_MAX)
        w->has_span = false, w->regions = NULL;
}

enum co_err sla_sweep_decide(struct sla_service *s, struct co_turn *t, struct sla_sweep_turn *sweep, const int64_t *case_ids,
                             size_t n, size_t moved)
{
    struct sla_sweep *w = &sweep->now;
    enum co_err err = CO_OK;
    size_t count = 0;
    int64_t *waiting = NULL;
    if (sweep->waiting >= 0) {
        size_t most = (size_t)PQntuples(t->read_results[sweep->waiting]) + SLA_SWEEP_SLICE;
        if ((waiting = co_arena_alloc(t->arena, most * sizeof(*waiting))) == NULL)
            return CO_ENOMEM;
        count = still_waiting(t, sweep, case_ids, n, waiting);
        w->visited += w->found - (int64_t)count;
        w->moved += (int64_t)moved;
    }
    if (sweep->applied != 0) {
        err = start(s, t, sweep);
    } else if (waiting != NULL && sweep->is_due && w->exists && w->next_us != INT64_MAX) {
        sweep->is_saved = true;
        step(sla_versions_now(s->versions), t, sweep, waiting, count);
    }
    if (err == CO_OK && sweep->is_saved)
        sla_store_save_sweep(t, w, waiting, count + sweep->woken_count);
    else if (err == CO_OK && moved > 0)
        sla_store_add_moved(t, (int64_t)moved);
    return err;
}

/* -- afterwards */

static void tell(const struct sla_service *s, int lane, const struct sla_sweep_turn *sweep)
{
    struct co_log *log = co_daemon_log(s->daemon);
    const struct sla_sweep *w = &sweep->now;
    bool had = sweep->was.next_us != INT64_MAX, has = w->next_us != INT64_MAX;
    if (has && sweep->applied != 0 && sweep->was.exists)
        co_log_info(log, "sweep_started", CO_I("lane", lane), CO_U("version", w->version), CO_B("closed_too", w->has_span),
                    CO_B("anew", had));
    if (had && !has && (w->visited > 0 || w->version > 1))
        co_log_info(log, "sweep_ended", CO_I("lane", lane), CO_U("version", w->version), CO_I("visited", w->visited),
                    CO_I("moved", w->moved));
}

void sla_sweep_committed(struct sla_service *s, struct co_turn *t, const struct sla_sweep_turn *sweep)
{
    struct co_worker *worker = co_daemon_worker(s->daemon);
    if (sweep->row >= 0) {
        s->lane[t->lane].is_known = true;
        s->lane[t->lane].is_swept = sweep->now.next_us != INT64_MAX;
    }
    if (sweep->is_due || sweep->is_saved)
        co_worker_due(worker, t->lane, SLA_SWEEP_CASE, sweep->now.next_us);
    if (!sweep->is_saved)
        return;
    for (size_t i = 0; i < sweep->woken_count; i++)
        co_worker_due(worker, t->lane, sweep->woken[i], t->now_us - 1); /* before the sweep itself */
    co_metric_add(co_metric(s->metrics, SLA_M_SWEPT), (double)sweep->woken_count);
    tell(s, t->lane, sweep);
}

void sla_sweep_forget(struct sla_service *s, int lane)
{
    s->lane[lane] = (struct sla_lane){ 0 };
}

int sla_sweep_count(const struct sla_service *s)
{
    int n = 0;
    for (int lane = 0; lane < CO_LANES_MAX; lane++)
        n += s->lane[lane].is_swept;
    return n;
}
