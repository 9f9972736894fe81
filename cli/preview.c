#include "preview.h"

#include <stdlib.h>
#include <string.h>

#include "cli_table.h"
#include "co_assert.h"
#include "co_time.h"

enum { PAGE = 1000, SHOWN = 20, CASE_BYTES = 256 << 20 };

/* What one run works with. Of the arenas `page` holds the states of a page, the others one case. */
struct run {
    struct cli *cli;
    struct preview *p;
    struct preview_versions *versions;
    struct co_arena *page, *before, *after, *scratch;
    int64_t now_us;
};

/* -- one case */

/* What the case makes of its inputs as of now. */
static enum co_err look(struct run *r, struct co_arena *arena, const Callout__V1__StateRow *row,
                        const Callout__V1__PolicyPack *policy,
                        const struct sla_calendars *calendars, bool is_after, struct sla_fold *ret)
{
    struct sla_events events = { 0 };
    struct sla_wide wide;
    struct sla_case c = { .arena = arena,
                          .scratch = r->scratch,
                          .policy = policy,
                          .calendars = *calendars,
                          .now_us = r->now_us };
    enum co_err err = sla_state_unpack(arena, row->state.data, row->state.len, &c.state);
    if (err == CO_OK && is_after && r->p->change.has_exclusions) {
        err = preview_change_exclusions(&r->p->change, c.state->opened, arena, &wide);
        if (err == CO_OK)
            err = sla_case_catch_up(&c, &wide, &events);
    }
    return err != CO_OK ? err : sla_case_advance(&c, &events, ret);
}

/* The calendars as they will be; those that go stay as they are for the case. */
static bool lay_over(struct run *r, const struct sla_calendars *now, struct sla_calendars *ret)
{
    struct sla_named_calendar *named =
        co_arena_alloc(r->after, (now->named_count + 1) * sizeof(*named));
    if (named == NULL)
        return false;
    *ret = *now;
    for (size_t i = 0; i < now->named_count; i++)
        named[i] = now->named[i];
    struct sla_named_calendar *all[] = { &ret->site, &ret->contract };
    for (size_t i = 0; i < now->named_count + 2; i++) {
        struct sla_named_calendar *x = i < 2 ? all[i] : &named[i - 2];
        const struct co_calendar *next =
            x->key == NULL ? NULL : preview_change_calendar(&r->p->change, x->key);
        if (next != NULL)
            x->calendar = next;
    }
    ret->named = named;
    return true;
}

static const struct sla_clock *find_clock(const struct sla_fold *f, const struct sla_clock *like)
{
    for (size_t i = 0; i < f->clock_count; i++)
        if (f->clocks[i]->generation == like->generation &&
            strcmp(f->clocks[i]->milestone->name, like->milestone->name) == 0)
            return f->clocks[i];
    return NULL;
}

static bool is_open(const struct sla_clock *c)
{
    return c != NULL && c->state == SLA_CLOCK_OPEN;
}

static int64_t due_of(const struct sla_clock *c)
{
    return c != NULL && c->promise != NULL ? c->due_us : 0;
}

static bool is_late(const struct sla_clock *c)
{
    return c != NULL && c->promise != NULL && c->is_breached;
}

/* Open in one of the two, or done but no longer as it was judged. */
static bool has_moved(const struct sla_clock *before, const struct sla_clock *after)
{
    return due_of(before) != due_of(after) &&
           (is_open(before) || is_open(after) || is_late(before) != is_late(after));
}

/* An exclusion that is not over: when it is due will be known when it is. */
static bool will_stand(const struct sla_clock *before, const struct sla_clock *after)
{
    return is_open(before) && is_open(after) && !before->is_paused && after->is_paused;
}

static bool make_room(struct run *r)
{
    struct preview *p = r->p;
    if (p->count < p->cap)
        return true;
    size_t cap = p->cap == 0 ? 256 : p->cap * 2;
    Callout__V1__Moved **larger = co_arena_alloc(r->cli->arena, cap * sizeof(larger[0]));
    if (larger == NULL)
        return false;
    if (p->count > 0)
        memcpy(larger, p->moved, p->count * sizeof(larger[0]));
    p->moved = larger;
    p->cap = cap;
    return true;
}

static bool add(struct run *r, const char *number, const struct sla_clock *before,
                const struct sla_clock *after)
{
    const struct sla_clock *any = before != NULL ? before : after;
    Callout__V1__Moved *m = co_arena_alloc(r->cli->arena, sizeof(*m));
    if (m == NULL || !make_room(r))
        return false;
    callout__v1__moved__init(m);
    m->number = cli_text(r->cli, number);
    m->milestone = cli_text(r->cli, any->milestone->name);
    m->generation = any->generation;
    m->old_due_us = due_of(before);
    m->new_due_us = due_of(after);
    m->was_late = is_late(before);
    m->is_late = is_late(after);
    m->stands = will_stand(before, after);
    if (m->stands)
        m->new_due_us = 0;
    r->p->moved[r->p->count++] = m;
    return true;
}

static bool compare(struct run *r, const char *number, const struct sla_fold *before,
                    const struct sla_fold *after)
{
    size_t count = r->p->count;
    for (size_t i = 0; i < before->clock_count; i++) {
        const struct sla_clock *c = find_clock(after, before->clocks[i]);
        if ((has_moved(before->clocks[i], c) || will_stand(before->clocks[i], c)) &&
            !add(r, number, before->clocks[i], c))
            return false;
    }
    for (size_t i = 0; i < after->clock_count; i++)
        if (find_clock(before, after->clocks[i]) == NULL && has_moved(NULL, after->clocks[i]) &&
            !add(r, number, NULL, after->clocks[i]))
            return false;
    r->p->cases += r->p->count > count;
    return true;
}

static int look_at_case(struct run *r, const Callout__V1__StateRow *row)
{
    const Callout__V1__PolicyPack *policy = NULL;
    Callout__V1__SlaState *state = NULL;
    struct sla_calendars now, next;
    struct sla_fold before, after;
    co_arena_reset(r->before);
    co_arena_reset(r->after);
    r->p->open++;
    enum co_err err = sla_state_unpack(r->before, row->state.data, row->state.len, &state);
    co_assert(err != CO_OK || state != NULL);
    bool is_good =
        err == CO_OK && state->opened != NULL && state->opened->engine == SLA_ENGINE_VERSION;
    if (is_good) {
        int code = preview_versions_find(r->versions, r->before, state, &policy, &now);
        if (code != CLI_OK)
            return code;
    }
    if (policy == NULL || !lay_over(r, &now, &next) ||
        look(r, r->before, row, policy, &now, false, &before) != CO_OK ||
        look(r, r->after, row, policy, &next, true, &after) != CO_OK) {
        r->p->skipped++;
        return CLI_OK;
    }
    return compare(r, row->number, &before, &after)
               ? CLI_OK
               : cli_fail(r->cli, CLI_FAILED,
                          "too many due times move for the memory of this command");
}

/* -- all of them */

/* The page goes with the next call, and the cases need versions. */
static Callout__V1__StateRow *copy_rows(struct run *r, const Callout__V1__QueryResult *page)
{
    co_arena_reset(r->page);
    Callout__V1__StateRow *rows = co_arena_alloc(r->page, (page->n_states + 1) * sizeof(*rows));
    for (size_t i = 0; rows != NULL && i < page->n_states; i++) {
        const Callout__V1__StateRow *from = page->states[i];
        rows[i] = *from;
        rows[i].number = co_arena_strdup(r->page, from->number);
        rows[i].state.data = co_arena_memdup(r->page, from->state.data, from->state.len);
        if (rows[i].number == NULL || rows[i].state.data == NULL)
            return NULL;
    }
    return rows;
}

static int look_at_all(struct run *r)
{
    struct cli_progress progress = { .start_ms = 0 };
    struct cli_cursor cursor = { .len = 0 };
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    const struct preview_change *change = &r->p->change;
    bool is_one = change->changed_count == 1 && !change->has_exclusions;
    unsigned long long looked_at = 0;
    int code = CLI_OK;
    query.what = CALLOUT__V1__WHAT__WHAT_STATES;
    query.limit = PAGE;
    query.key = cli_text(r->cli, is_one ? change->changed[0] : "");
    for (bool is_end = false; code == CLI_OK && !is_end;) {
        Callout__V1__QueryResult *page = NULL;
        code = cli_query(r->cli, &query, &page);
        if (code != CLI_OK)
            break;
        size_t count = page->n_states;
        Callout__V1__StateRow *rows = copy_rows(r, page);
        looked_at += page->looked_at;
        is_end = !cli_cursor_move(&cursor, &query, page);
        if (rows == NULL) {
            code = cli_fail(r->cli, CLI_FAILED, "out of memory");
            break;
        }
        for (size_t i = 0; code == CLI_OK && i < count; i++) {
            cli_progress(r->cli, &progress, "looking what moves: %llu cases", looked_at);
            code = look_at_case(r, &rows[i]);
        }
    }
    cli_progress_end(r->cli, &progress);
    return code;
}

/* What is due first, first. */
static int by_due(const void *a, const void *b)
{
    const Callout__V1__Moved *const *x = a;
    const Callout__V1__Moved *const *y = b;
    int64_t due_x = (*x)->old_due_us != 0 ? (*x)->old_due_us : (*x)->new_due_us;
    int64_t due_y = (*y)->old_due_us != 0 ? (*y)->old_due_us : (*y)->new_due_us;
    if (due_x != due_y)
        return due_x < due_y ? -1 : 1;
    int c = strcmp((*x)->number, (*y)->number);
    return c != 0 ? c : strcmp((*x)->milestone, (*y)->milestone);
}

int preview_run(struct cli *cli, const struct cli_change *change, struct preview *ret)
{
    *ret = (struct preview){ .count = 0 };
    int code = preview_change_read(cli, change, &ret->change);
    ret->is_needed =
        code == CLI_OK && (ret->change.changed_count > 0 || ret->change.has_exclusions);
    if (!ret->is_needed)
        return code;
    struct run r = { .cli = cli,
                     .p = ret,
                     .versions = preview_versions_new(cli),
                     .page = co_arena_new(CASE_BYTES),
                     .before = co_arena_new(CASE_BYTES),
                     .after = co_arena_new(CASE_BYTES),
                     .scratch = co_arena_new(CASE_BYTES) };
    if (r.versions == NULL || r.page == NULL || r.before == NULL || r.after == NULL ||
        r.scratch == NULL)
        code = cli_fail(cli, CLI_FAILED, "out of memory");
    if (code == CLI_OK)
        code = cli_domain_now(cli, &r.now_us);
    if (code == CLI_OK)
        code = look_at_all(&r);
    preview_versions_free(r.versions);
    co_arena_free(r.page);
    co_arena_free(r.before);
    co_arena_free(r.after);
    co_arena_free(r.scratch);
    preview_change_done(&ret->change);
    if (ret->count > 0)
        qsort(ret->moved, ret->count, sizeof(ret->moved[0]), by_due);
    return code;
}

/* -- for people */

static const char *shift(struct cli *cli, const Callout__V1__Moved *m)
{
    const char *late = m->is_late && !m->was_late   ? ", LATE by then"
                       : !m->is_late && m->was_late ? ", no longer late"
                                                    : "";
    if (m->stands)
        return cli_format(cli, "the clock stands until it is over%s", late);
    if (m->old_due_us == 0 || m->new_due_us == 0)
        return cli_format(cli, "%s%s", m->new_due_us == 0 ? "no longer promised" : "promised anew",
                          late);
    bool is_earlier = m->new_due_us < m->old_due_us;
    return cli_format(cli, "%s by %s%s", is_earlier ? "earlier" : "later",
                      is_earlier ? cli_length_between(cli, m->new_due_us, m->old_due_us)
                                 : cli_length_between(cli, m->old_due_us, m->new_due_us),
                      late);
}

static const char *what_changes(struct cli *cli, const struct preview_change *c)
{
    const char *all = c->has_exclusions ? "the exclusions" : "";
    for (size_t i = 0; i < c->changed_count; i++)
        all = cli_format(cli, "%s%s%s%s", all, all[0] == '\0' ? "" : ", ",
                         i == 0 ? "calendar " : "", c->changed[i]);
    return all;
}

void preview_show(struct cli *cli, const struct preview *p)
{
    const char *what = what_changes(cli, &p->change);
    if (!p->is_needed)
        return;
    if (p->skipped > 0)
        cli_note(cli,
                 "%llu open cases could not be computed here: use a callout of the same release as "
                 "the daemons",
                 (unsigned long long)p->skipped);
    if (p->count == 0) {
        (void)fprintf(cli->out, "%s: no due time moves (open cases looked at: %llu)\n", what,
                      (unsigned long long)p->open);
        return;
    }
    (void)fprintf(cli->out, "\n%s: %zu due times of %llu open cases would move\n", what, p->count,
                  (unsigned long long)p->cases);
    struct cli_table t;
    cli_table_init(&t, cli, "number|milestone|due now|due then|moves");
    for (size_t i = 0; i < p->count && i < SHOWN; i++) {
        const Callout__V1__Moved *m = p->moved[i];
        CLI_TABLE_ADD(&t, m->number,
                      m->generation == 1 ? m->milestone
                                         : cli_format(cli, "%s/%u", m->milestone, m->generation),
                      cli_when(cli, m->old_due_us), cli_when(cli, m->new_due_us), shift(cli, m));
    }
    cli_table_print(&t, 2);
    if (p->count > SHOWN)
        (void)fprintf(cli->out, "  ... and %zu more (-o json lists all)\n", p->count - SHOWN);
}
