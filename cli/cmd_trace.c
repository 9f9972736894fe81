/* callout trace NUMBER: the way of one case through the daemons, with times. */
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "cli_table.h"
#include "trace_way.h"

enum { TRACES_SHOWN = 64, PAGE = 1000 };

struct way {
    struct cli *cli;
    const char *number;
    struct trace_step *steps;
    const char **texts; /* of the steps, what happened */
    size_t count, cap;
    bool is_short; /* of memory */
    const char *trace[TRACES_SHOWN];
    size_t traces;
    json_t *notices;
    struct cli_table table; /* of notices */
};

/* ---- collecting ---- */

/* A copy that outlives the reply. */
static const Callout__V1__Event *keep(struct cli *cli, const Callout__V1__Event *event)
{
    size_t len = callout__v1__event__get_packed_size(event);
    uint8_t *packed = co_arena_alloc(cli->arena, len + 1);
    if (packed == NULL)
        return NULL;
    (void)callout__v1__event__pack(event, packed);
    return callout__v1__event__unpack(NULL, len, packed);
}

static void add_entry(struct cli *cli, const Callout__V1__EntryRow *row, void *arg)
{
    struct way *w = arg;
    const char *kind;
    if (row->event == NULL || w->is_short)
        return;
    if (w->count == w->cap) {
        size_t cap = w->cap == 0 ? 256 : 2 * w->cap;
        struct trace_step *steps = realloc(w->steps, cap * sizeof(*steps));
        const char **texts = steps == NULL ? NULL : realloc(w->texts, cap * sizeof(*texts));
        w->steps = steps == NULL ? w->steps : steps;
        w->texts = texts == NULL ? w->texts : texts;
        w->is_short = texts == NULL;
        w->cap = texts == NULL ? w->cap : cap;
    }
    const Callout__V1__Event *event = w->is_short ? NULL : keep(cli, row->event);
    if (event == NULL) {
        w->is_short = true;
        return;
    }
    w->texts[w->count] = cli_text(cli, cli_event(cli, event, &kind));
    w->steps[w->count++] = (struct trace_step){ .at_us = row->at_us, .event = event };
}

static void note_traces(struct way *w)
{
    for (size_t i = 0; i < w->count; i++) {
        bool is_known = w->steps[i].trace[0] == '\0' || w->traces == TRACES_SHOWN;
        for (size_t k = 0; k < w->traces && !is_known; k++)
            is_known = strcmp(w->trace[k], w->steps[i].trace) == 0;
        if (!is_known)
            w->trace[w->traces++] = w->steps[i].trace;
    }
}

static void add_notice(struct way *w, const Callout__V1__NoticeRow *row)
{
    struct cli *cli = w->cli;
    const Callout__V1__NoticeView *n = row->notice;
    int64_t took_us = n->settled_us != 0 ? n->settled_us - n->planned_us : 0;
    const char *state = cli_text(cli, cli_notice_state(cli, n->state));
    if (cli->is_json)
        (void)json_array_append_new(
            w->notices, json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:i, s:I, s:I, s:f}", "obligation", n->obligation, "slot", n->slot,
                                  "generation", (int)n->generation, "person", n->person, "channel", n->channel, "state", state, "attempts",
                                  (int)n->attempts, "planned_us", (json_int_t)n->planned_us, "settled_us", (json_int_t)n->settled_us,
                                  "took_ms", (double)took_us / 1e3));
    else
        CLI_TABLE_ADD(&w->table, cli_text(cli, n->obligation), cli_text(cli, n->slot), cli_text(cli, n->person), cli_text(cli, n->channel),
                      state, cli_format(cli, "%u", n->attempts),
                      n->settled_us == 0 ? "" : cli_format(cli, "%.1f ms", (double)took_us / 1e3));
}

static int add_notices(struct way *w)
{
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    struct cli_cursor cursor = { .len = 0 };
    Callout__V1__QueryResult *page = NULL;
    query.what = CALLOUT__V1__WHAT__WHAT_NOTICES;
    query.number = cli_text(w->cli, w->number);
    query.limit = PAGE;
    do {
        int code = cli_query(w->cli, &query, &page);
        if (code != CLI_OK)
            return code;
        for (size_t i = 0; i < page->n_notices; i++)
            add_notice(w, page->notices[i]);
    } while (cli_cursor_move(&cursor, &query, page));
    return CLI_OK;
}

/* ---- for people ---- */

static const char *when_ms(struct cli *cli, int64_t us)
{
    return cli_format(cli, "%s.%03d", cli_when(cli, us), (int)(us % 1000000 / 1000));
}

static const char *span(struct cli *cli, int64_t us)
{
    return us < 10000000 ? cli_format(cli, "%.1f ms", (double)us / 1e3) : cli_length(cli, us);
}

static const char *follows(const struct way *w, size_t i)
{
    const struct trace_step *s = &w->steps[i];
    if (s->due_us != 0)
        return cli_format(w->cli, "%s after its time", span(w->cli, s->lag_us));
    return s->cause == i ? "" : cli_format(w->cli, "%s after %s", span(w->cli, s->lag_us), w->steps[s->cause].kind);
}

/* Index of a trace, from 1: the ids are long. */
static const char *trace_number(const struct way *w, const struct trace_step *s)
{
    for (size_t k = 0; k < w->traces; k++)
        if (strcmp(w->trace[k], s->trace) == 0)
            return cli_format(w->cli, "%zu", k + 1);
    return "";
}

static void print(struct way *w)
{
    struct cli *cli = w->cli;
    struct cli_table t;
    cli_table_init(&t, cli, "taken|service|>since the report|>since before|follows|kind|>trace|what");
    for (size_t i = 0; i < w->count; i++) {
        const struct trace_step *s = &w->steps[i];
        CLI_TABLE_ADD(&t, when_ms(cli, s->at_us), s->service, span(cli, s->since_first_us), i == 0 ? "" : span(cli, s->since_before_us),
                      follows(w, i), s->kind, trace_number(w, s), w->texts[i]);
    }
    cli_table_print(&t, 0);
    for (size_t k = 0; k < w->traces; k++)
        (void)fprintf(cli->out, "%strace %zu: %s\n", k == 0 ? "\n" : "", k + 1, w->trace[k]);
    if (w->traces == 0)
        (void)fprintf(cli->out, "\nno trace: the report came without traceparent\n");
    if (w->table.rows > 0) {
        (void)fputc('\n', cli->out);
        cli_table_print(&w->table, 0);
    }
}

static int print_json(struct way *w)
{
    json_t *steps = json_array(), *traces = json_array();
    for (size_t i = 0; i < w->count; i++) {
        const struct trace_step *s = &w->steps[i];
        json_t *step = json_pack("{s:I, s:s, s:s, s:f, s:f, s:s, s:s}", "at_us", (json_int_t)s->at_us, "service", s->service, "kind",
                                 s->kind, "since_report_ms", (double)s->since_first_us / 1e3, "since_before_ms",
                                 (double)s->since_before_us / 1e3, "trace", s->trace, "text", w->texts[i]);
        if (s->cause != i)
            (void)json_object_set_new(step, "after", json_string(w->steps[s->cause].kind));
        if (s->cause != i || s->due_us != 0)
            (void)json_object_set_new(step, s->due_us != 0 ? "late_ms" : "after_ms", json_real((double)s->lag_us / 1e3));
        (void)json_array_append_new(steps, step);
    }
    for (size_t k = 0; k < w->traces; k++)
        (void)json_array_append_new(traces, json_string(w->trace[k]));
    json_t *all = json_pack("{s:s, s:o, s:o, s:O}", "number", w->number, "traces", traces, "steps", steps, "notices", w->notices);
    int rc = json_dumpf(all, w->cli->out, JSON_INDENT(2));
    json_decref(all);
    (void)fputc('\n', w->cli->out);
    return rc == 0 ? CLI_OK : CLI_FAILED;
}

static int run(struct way *w)
{
    int code = cli_entries(w->cli, w->number, add_entry, w);
    if (code == CLI_OK && w->count == 0)
        return cli_fail(w->cli, CLI_NOT_FOUND, "%s: nothing is in the journal of it", w->number);
    if (code == CLI_OK)
        code = add_notices(w);
    if (code != CLI_OK)
        return code;
    if (w->is_short)
        return cli_fail(w->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    trace_way_find(w->steps, w->count);
    note_traces(w);
    if (w->cli->is_json)
        return print_json(w);
    print(w);
    return CLI_OK;
}

int cmd_trace(struct cli *cli)
{
    struct way w = { .cli = cli, .number = cli->args->word[0], .notices = json_array() };
    cli_table_init(&w.table, cli, "notice|slot|person|channel|state|>attempts|>planned to settled");
    int code = run(&w);
    for (size_t i = 0; i < w.count; i++)
        callout__v1__event__free_unpacked((Callout__V1__Event *)(uintptr_t)w.steps[i].event, NULL);
    free(w.steps);
    free(w.texts);
    json_decref(w.notices);
    return code;
}
