#include "history.h"

#include "co_cli_sql.h"
#include "co_row.h"
#include "co_view.h"
#include "sla_journal.h"

/* What is not in the journal any more is not computed, and that is said. */
static enum co_err note_archives(struct cli *cli, struct co_history *stored, struct co_why *why)
{
    PGresult *res = NULL;
    enum co_err err =
        co_history_query(stored, &co_cli_sql[co_cli_sql_archive_sum], 0, NULL, &res, why);
    if (err != CO_OK)
        return err;
    int64_t files = co_row_int8(res, 0, 0);
    PQclear(res);
    if (files > 0)
        cli_note(cli, "cases of %lld archived partitions are passed over (callout archive list)",
                 (long long)files);
    return CO_OK;
}

int history_open(struct cli *cli, struct history *ret)
{
    struct co_why why = { "" };
    *ret = (struct history){ .cli = cli, .doing = "folding" };
    if (cli->database_url[0] == '\0')
        return cli_usage(cli, "which database: give --database-url or CALLOUT_DATABASE_URL");
    enum co_err err = co_history_open(cli->database_url, &ret->stored, &why);
    if (err == CO_OK)
        err = note_archives(cli, ret->stored, &why);
    if (err == CO_OK && (ret->versions = history_versions_new(ret->stored)) == NULL)
        err = CO_ENOMEM;
    if (err != CO_OK)
        return cli_fail(cli, cli_exit_of(err), "%s",
                        why.text[0] == '\0' ? co_err_name(err) : why.text);
    return CLI_OK;
}

void history_close(struct history *h)
{
    history_versions_free(h->versions);
    co_history_close(h->stored);
    *h = (struct history){ 0 };
}

/* The caller's function, and what shows how far it is. */
struct run {
    struct history *history;
    const struct co_history_options *options;
};

static enum co_err each(void *arg, unsigned worker, const struct co_history_case *c)
{
    const struct run *r = arg;
    return r->options->each(r->options->arg, worker, c);
}

static void progress(void *arg, uint64_t entries, unsigned permille)
{
    const struct run *r = arg;
    struct history *h = r->history;
    cli_progress_bar(h->cli, &h->progress, permille, 1000, "%s, %llu entries", h->doing,
                     (unsigned long long)entries);
}

int history_run(struct history *h, const struct co_history_options *options)
{
    uint32_t jobs = 0;
    struct co_why why = { "" };
    if (!cli_read_count(h->cli, "jobs", CO_HISTORY_WORKERS_MAX, &jobs))
        return CLI_USAGE;
    struct run run = { h, options };
    struct co_history_options own = *options;
    own.workers = jobs;
    own.each = each;
    own.progress = progress;
    own.arg = &run;
    enum co_err err = co_history_run(h->stored, &own, &why);
    cli_progress_end(h->cli, &h->progress);
    if (err != CO_OK)
        return cli_fail(h->cli, cli_exit_of(err), "%s",
                        why.text[0] == '\0' ? co_err_name(err) : why.text);
    return CLI_OK;
}

enum co_err history_case(const struct co_history_case *c, int64_t now_us, uint64_t located_until,
                         struct sla_case *ret)
{
    struct sla_journal_entry *entries = co_arena_alloc(c->arena, (c->count + 1) * sizeof(*entries));
    size_t n = 0;
    if (entries == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < c->count; i++) {
        const struct co_history_entry *e = &c->entries[i];
        if (e->event->body_case != CALLOUT__V1__EVENT__BODY_SITE_LOCATED || e->seq <= located_until)
            entries[n++] = (struct sla_journal_entry){ e->seq, e->event };
    }
    *ret = (struct sla_case){ .arena = c->arena, .now_us = now_us };
    return sla_journal_state(c->arena, entries, n, &ret->state);
}

enum co_err history_case_versions(struct history *h, const struct history_drafts *drafts,
                                  struct sla_case *c, bool *ret_touched)
{
    if (c->state->opened->engine != SLA_ENGINE_VERSION)
        return CO_EINPUT;
    return history_versions_find(h->versions, c->arena, c->state, drafts, &c->policy, &c->calendars,
                                 ret_touched);
}

enum co_err history_view(const struct co_history_case *c, Callout__V1__CaseView **ret)
{
    struct co_view_entry *entries = co_arena_alloc(c->arena, (c->count + 1) * sizeof(*entries));
    if (entries == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < c->count; i++)
        entries[i] = (struct co_view_entry){ .lane = (uint8_t)c->lane,
                                             .seq = (int64_t)c->entries[i].seq,
                                             .at_us = c->entries[i].at_us,
                                             .case_id = c->case_id,
                                             .event = c->entries[i].event };
    return co_view_fold(c->arena, entries, c->count, ret);
}

enum co_err history_case_terms(struct history *h, const Callout__V1__CaseOpened *opened,
                               const Callout__V1__Contract **ret)
{
    const struct co_object *object = NULL;
    enum co_err err =
        history_versions_object(h->versions, CO_KIND_CONTRACT, opened->terms, &object);
    if (err == CO_OK)
        *ret = object->message->contract;
    return err;
}
