/* What a turn must read: of each case its entries, due times and ends of sends ask for. */
#include <stdlib.h>

#include "notify_flight.h"
#include "notify_news.h"
#include "notify_rows.h"
#include "notify_turn.h"
#include "store.h"

static int by_case(const void *a, const void *b)
{
    const struct notify_wanted *x = a, *y = b;
    return (x->case_id > y->case_id) - (x->case_id < y->case_id);
}

static void want(struct notify_turn *n, int64_t case_id, unsigned what)
{
    n->wanted[n->wanted_count++] = (struct notify_wanted){ case_id, what };
}

static unsigned wanted_of(const Callout__V1__Event *e)
{
    switch (notify_case_needs(e)) {
    case NOTIFY_NEEDS_ALL:
        return NOTIFY_WANT_CASE | NOTIFY_WANT_OPEN | NOTIFY_WANT_ALL;
    case NOTIFY_NEEDS_UNSETTLED:
        return NOTIFY_WANT_CASE | NOTIFY_WANT_OPEN;
    case NOTIFY_NEEDS_NONE:
    default:
        return NOTIFY_WANT_CASE;
    }
}

static void merge_wanted(struct notify_turn *n)
{
    size_t kept = 0;
    if (n->wanted_count > 1)
        qsort(n->wanted, n->wanted_count, sizeof(*n->wanted), by_case);
    for (size_t i = 0; i < n->wanted_count; i++) {
        if (kept > 0 && n->wanted[kept - 1].case_id == n->wanted[i].case_id)
            n->wanted[kept - 1].what |= n->wanted[i].what;
        else
            n->wanted[kept++] = n->wanted[i];
    }
    n->wanted_count = kept;
}

static bool is_takeover(const struct co_local *local)
{
    const struct notify_flight *f = local->what;
    return f->is_takeover;
}

static int64_t after_case(const struct co_local *local)
{
    const struct notify_flight *f = local->what;
    return f->case_id;
}

/* What was not taken may go on at once by another way, which may say how bad the case is; and
 * whoever is told of what it showed is told by a notice of its case. */
static unsigned what_of(const struct notify_turn *n, const struct co_local *local)
{
    const struct notify_flight *f = local->what;
    unsigned what = NOTIFY_WANT_OPEN;
    if (f->outcome.input != NOTIFY_TAKEN)
        what |= NOTIFY_WANT_CASE;
    if (notify_flight_is_news(f) || notify_news_is_for(n->service, n->t->lane))
        what |= NOTIFY_WANT_CASE | NOTIFY_WANT_ALL;
    return what;
}

static void collect(struct notify_turn *n)
{
    struct co_turn *t = n->t;
    for (size_t i = 0; i < t->entry_count; i++)
        want(n, t->entries[i].case_id, wanted_of(t->entries[i].event));
    for (size_t i = 0; i < t->due_count; i++)
        want(n, t->due[i], NOTIFY_WANT_CASE | NOTIFY_WANT_OPEN | NOTIFY_WANT_ALL);
    for (size_t i = 0; i < t->local_count; i++)
        if (!is_takeover(&t->locals[i]))
            want(n, t->locals[i].case_id, what_of(n, &t->locals[i]));
        else if (n->sending_at == NOTIFY_NOT_READ)
            n->sending_at =
                (int)notify_store_read_sending(t, after_case(&t->locals[i]), NOTIFY_TAKEOVER_MAX);
    merge_wanted(n);
}

/* Writes the ids of the cases of which `what` is wanted; returns how many. */
static size_t pick(const struct notify_turn *n, unsigned what, int64_t *ids, bool *all)
{
    size_t count = 0;
    for (size_t i = 0; i < n->wanted_count; i++) {
        if ((n->wanted[i].what & what) == 0)
            continue;
        if (all != NULL)
            all[count] = (n->wanted[i].what & NOTIFY_WANT_ALL) != 0;
        ids[count++] = n->wanted[i].case_id;
    }
    return count;
}

static enum co_err read_wanted(struct notify_turn *n)
{
    int64_t *ids = co_arena_alloc(n->t->arena, n->wanted_count * sizeof(*ids));
    bool *all = co_arena_alloc(n->t->arena, n->wanted_count * sizeof(*all));
    if (ids == NULL || all == NULL)
        return CO_ENOMEM;
    size_t count = pick(n, NOTIFY_WANT_CASE, ids, NULL);
    if (count > 0) {
        n->cases_at = (int)notify_store_read_cases(n->t, ids, count);
        n->words_at = (int)notify_store_read_words(n->t, ids, count);
    }
    count = pick(n, NOTIFY_WANT_OPEN, ids, all);
    if (count > 0)
        n->notices_at = (int)notify_store_read_notices(n->t, ids, all, count);
    return CO_OK;
}

enum co_err notify_load(void *service, struct co_turn *t)
{
    struct notify_service *s = service;
    struct co_registry_feed *feed = co_daemon_feed(s->daemon);
    if (!co_registry_feed_is_loaded(feed) || !notify_rows_is_loaded(s->rows))
        return CO_EAGAIN;
    enum co_err err = notify_rosters_refresh(&s->rosters, co_registry_feed_get(feed));
    if (err != CO_OK)
        return err;
    struct notify_turn *n = co_arena_alloc(t->arena, sizeof(*n));
    if (n == NULL)
        return CO_ENOMEM;
    *n = (struct notify_turn){ .service = s,
                               .t = t,
                               .cases_at = NOTIFY_NOT_READ,
                               .words_at = NOTIFY_NOT_READ,
                               .notices_at = NOTIFY_NOT_READ,
                               .sending_at = NOTIFY_NOT_READ };
    size_t most = t->entry_count + t->due_count + t->local_count;
    n->wanted = co_arena_alloc(t->arena, most * sizeof(*n->wanted));
    if (n->wanted == NULL)
        return CO_ENOMEM;
    t->scratch = n;
    collect(n);
    return read_wanted(n);
}
