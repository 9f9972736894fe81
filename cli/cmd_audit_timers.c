/* callout audit timers: armed = fired + cancelled + pending, for every timer of every case. */
#include "cmd_audit.h"

#include <stdlib.h>
#include <string.h>

#include "audit_cursors.h"
#include "audit_late.h"
#include "audit_timers.h"
#include "co_assert.h"
#include "co_cli_sql.h"
#include "co_number.h"
#include "co_pbarena.h"
#include "co_row.h"
#include "co_time.h"
#include "sla_timers.h"

enum { TOLD_MAX = 1000, TOLD_BYTES = 16 * 1024 * 1024, NEXT_AT = 1, GRACE_S = 10 };

/* What one thread has found. */
struct found {
    struct co_arena *arena; /* of the differences that are told; made with the first */
    Callout__V1__TimerDifference *told[TOLD_MAX];
    size_t told_count;
    uint64_t cases, parked, unreadable, differences, late_news;
    struct sla_timer_count counts[SLA_TIMER_KINDS];
    struct audit_late late;
};

struct timers {
    struct history *history;
    struct audit_cursors cursors;
    int64_t grace_us;
    struct found found[CO_HISTORY_WORKERS_MAX];
};

/* A case in the hands of a thread. */
struct looked {
    struct found *found;
    const struct co_history_case *stored;
    bool is_parked;
    enum co_err err;
};

/* -- a case, on a worker's thread */

/* Beyond what is kept they are counted. */
static enum co_err keep(struct found *f, const Callout__V1__TimerDifference *d)
{
    f->differences++;
    if (f->told_count == TOLD_MAX)
        return CO_OK;
    if (f->arena == NULL && (f->arena = co_arena_new(TOLD_BYTES)) == NULL)
        return CO_ENOMEM;
    size_t len = callout__v1__timer_difference__get_packed_size(d);
    uint8_t *bytes = co_arena_alloc(f->arena, len + 1);
    if (bytes == NULL)
        return CO_OK;
    ProtobufCAllocator allocator = co_pbarena(f->arena);
    (void)callout__v1__timer_difference__pack(d, bytes);
    f->told[f->told_count] = callout__v1__timer_difference__unpack(&allocator, len, bytes);
    f->told_count += f->told[f->told_count] != NULL;
    return CO_OK;
}

static const struct {
    const char *what, *detail;
} faults[SLA_TIMER_FAULTS] = {
    [SLA_TIMER_MISSING] = { "missing", "its time is over, and it was not announced" },
    [SLA_TIMER_LOST] = { "lost", "the row of sla does not wake the case up in time for it" },
    [SLA_TIMER_TWICE] = { "twice", "announced again, and not taken back before" },
    [SLA_TIMER_EARLY] = { "early", "announced before its time" },
    [SLA_TIMER_STRANGE] = { "strange", "announced, and it does not follow from the inputs" },
};

static enum co_err say(struct looked *l, const char *what, const char *detail,
                       const struct sla_timer *timer, int64_t at_us)
{
    char number[CO_NUMBER_TEXT];
    Callout__V1__TimerDifference d = CALLOUT__V1__TIMER_DIFFERENCE__INIT;
    co_number_format(l->stored->case_id, number);
    d.number = number;
    d.what = (char *)(uintptr_t)what;
    d.detail = (char *)(uintptr_t)detail;
    d.announced_us = at_us;
    d.parked = l->is_parked;
    if (timer != NULL) {
        d.kind = (char *)(uintptr_t)sla_timer_name(timer->kind);
        d.milestone = (char *)(uintptr_t)timer->milestone;
        d.generation = timer->generation;
        d.ordinal = timer->ordinal;
        d.due_us = timer->due_us;
    }
    return keep(l->found, &d);
}

static void on_difference(void *arg, const struct sla_timer_difference *d)
{
    struct looked *l = arg;
    if (l->err == CO_OK)
        l->err = say(l, faults[d->fault].what, faults[d->fault].detail, &d->timer, d->at_us);
}

static void on_fired(void *arg, const struct sla_timer *timer, int64_t late_us, int64_t since_us)
{
    struct looked *l = arg;
    (void)timer;
    audit_late_add(&l->found->late, late_us);
    l->found->late_news += since_us > late_us;
}

static enum co_err unreadable(struct looked *l, const char *why)
{
    l->found->unreadable++;
    return say(l, "unreadable", why, NULL, 0);
}

static const struct sla_timer_entry *entries_of(const struct co_history_case *stored)
{
    struct sla_timer_entry *list =
        co_arena_alloc(stored->arena, (stored->count + 1) * sizeof(list[0]));
    for (size_t i = 0; list != NULL && i < stored->count; i++)
        list[i] = (struct sla_timer_entry){ stored->entries[i].at_us, stored->entries[i].event };
    return list;
}

static enum co_err account(const struct timers *all, struct looked *l, struct sla_case *c)
{
    const struct co_history_case *s = l->stored;
    struct sla_timer_ear ear = { on_fired, on_difference, l };
    struct sla_fold fold;
    enum co_err err = sla_case_fold(c, s->arena, c->now_us, &fold);
    if (err == CO_EINPUT)
        return unreadable(l, "the case cannot be folded");
    const struct sla_timer_entry *entries = err == CO_OK ? entries_of(s) : NULL;
    if (entries == NULL)
        return err == CO_OK ? CO_ENOMEM : err;
    struct sla_timer_case in = { .fold = &fold,
                                 .entries = entries,
                                 .count = s->count,
                                 .wake_us = s->rows == NULL ? INT64_MAX
                                                            : co_row_us(s->rows, s->row, NEXT_AT),
                                 .now_us = c->now_us,
                                 .grace_us = all->grace_us };
    err = sla_timers_account(&in, s->arena, &ear, l->found->counts);
    l->found->cases++;
    l->found->parked += l->is_parked;
    return err == CO_OK ? l->err : err;
}

/* The moment of the snapshot. Where the clock was set back meanwhile, sla has stayed at the later
 * time: then that of the last entry of the case. */
static int64_t now_of(const struct timers *all, const struct co_history_case *stored)
{
    int64_t now_us = co_history_now_us(all->history->stored);
    int64_t last_us = stored->count > 0 ? stored->entries[stored->count - 1].at_us : now_us;
    return last_us > now_us ? last_us : now_us;
}

static enum co_err each(void *arg, unsigned worker, const struct co_history_case *stored)
{
    struct timers *all = arg;
    struct looked l = { .found = &all->found[worker], .stored = stored };
    struct sla_case c;
    uint64_t taken = audit_taken(&all->cursors, stored, &l.is_parked);
    if (stored->problem != NULL)
        return unreadable(&l, stored->problem);
    enum co_err err = history_case(stored, now_of(all, stored), taken, &c);
    if (err == CO_EINPUT)
        return unreadable(&l, "the entries are not those of a case");
    if (err != CO_OK || c.state->opened == NULL)
        return err;
    err = history_case_versions(all->history, NULL, &c, NULL);
    if (err == CO_EINPUT)
        return unreadable(&l, "a version that the case is under is not there");
    return err == CO_OK ? account(all, &l, &c) : err;
}

/* -- after */

static void *need(struct cli *cli, size_t size)
{
    void *p = co_arena_alloc(cli->arena, size);
    co_assert(p != NULL); /* bounded by TOLD_MAX, and little */
    return p;
}

static int by_number(const void *a, const void *b)
{
    const Callout__V1__TimerDifference *x = *(Callout__V1__TimerDifference *const *)a;
    const Callout__V1__TimerDifference *y = *(Callout__V1__TimerDifference *const *)b;
    return co_number_order(x->number, y->number);
}

static void sum_differences(struct timers *all, Callout__V1__TimersReport *r)
{
    size_t n = 0;
    r->differences =
        need(all->history->cli, CO_HISTORY_WORKERS_MAX * TOLD_MAX * sizeof(r->differences[0]));
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++)
        for (size_t k = 0; k < all->found[i].told_count; k++)
            r->differences[n++] = all->found[i].told[k];
    if (n > 0)
        qsort(r->differences, n, sizeof(r->differences[0]), by_number);
    r->n_differences = n < TOLD_MAX ? n : TOLD_MAX;
}

static void sum_counts(struct timers *all, Callout__V1__TimersReport *r)
{
    struct cli *cli = all->history->cli;
    r->counts = need(cli, SLA_TIMER_KINDS * sizeof(r->counts[0]));
    r->n_counts = SLA_TIMER_KINDS;
    for (enum sla_timer_kind kind = 0; kind < SLA_TIMER_KINDS; kind++) {
        Callout__V1__TimerCount *c = r->counts[kind] = need(cli, sizeof(*c));
        callout__v1__timer_count__init(c);
        c->kind = cli_text(cli, sla_timer_name(kind));
        for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++) {
            const struct sla_timer_count *f = &all->found[i].counts[kind];
            c->armed += f->armed;
            c->fired += f->fired;
            c->cancelled += f->cancelled;
            c->pending += f->pending;
            c->taken_back += f->taken_back;
        }
    }
}

static void sum_lateness(struct timers *all, Callout__V1__TimersReport *r)
{
    struct cli *cli = all->history->cli;
    struct audit_late *late = &all->found[0].late;
    Callout__V1__TimerLateness *l = r->lateness = need(cli, sizeof(*l));
    for (size_t i = 1; i < CO_HISTORY_WORKERS_MAX; i++)
        audit_late_join(late, &all->found[i].late);
    callout__v1__timer_lateness__init(l);
    l->count = late->count;
    l->p50_us = audit_late_quantile(late, 50);
    l->p99_us = audit_late_quantile(late, 99);
    l->most_us = late->most_us;
    l->buckets = need(cli, AUDIT_LATE_BUCKETS * sizeof(l->buckets[0]));
    for (size_t i = 0; i < AUDIT_LATE_BUCKETS; i++) {
        Callout__V1__TimerBucket *b = l->buckets[l->n_buckets++] = need(cli, sizeof(*b));
        callout__v1__timer_bucket__init(b);
        b->upto_us = audit_late_bounds[i] == INT64_MAX ? 0 : audit_late_bounds[i];
        b->count = late->bucket[i];
    }
}

static void sum(struct timers *all, Callout__V1__TimersReport *r)
{
    r->now_us = co_history_now_us(all->history->stored);
    r->grace_us = all->grace_us;
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++) {
        const struct found *f = &all->found[i];
        r->cases += f->cases;
        r->parked += f->parked;
        r->unreadable += f->unreadable;
        r->late_news += f->late_news;
        r->difference_count += f->differences;
    }
    sum_differences(all, r);
    sum_counts(all, r);
    sum_lateness(all, r);
}

static int account_all(struct timers *all)
{
    struct co_history_options options = {
        .kinds = HISTORY_ALL, .rows = &co_cli_sql[co_cli_sql_timer_rows], .each = each, .arg = all
    };
    Callout__V1__TimersReport report = CALLOUT__V1__TIMERS_REPORT__INIT;
    int code = audit_cursors_read(all->history, &all->cursors);
    if (code == CLI_OK)
        code = history_run(all->history, &options);
    if (code != CLI_OK)
        return code;
    sum(all, &report);
    return audit_timers_show(all->history->cli, &report);
}

int cmd_audit_timers(struct cli *cli)
{
    struct history h;
    int64_t grace_us = GRACE_S * CO_SECOND_US;
    if (!cli_read_length(cli, "grace", &grace_us))
        return CLI_USAGE;
    int code = history_open(cli, &h);
    struct timers *all = code == CLI_OK ? calloc(1, sizeof(*all)) : NULL;
    if (all != NULL) {
        all->history = &h;
        all->grace_us = grace_us;
        code = account_all(all);
        for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++)
            co_arena_free(all->found[i].arena);
        free(all);
    } else if (code == CLI_OK) {
        code = cli_fail(cli, CLI_FAILED, "out of memory");
    }
    history_close(&h);
    return code;
}
