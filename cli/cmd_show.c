/* callout show NUMBER; callout list; callout status. */
#include "cli.h"
#include "cli_table.h"

#include <string.h>

#include "co_json.h"

int cmd_show(struct cli *cli)
{
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    query.what = CALLOUT__V1__WHAT__WHAT_CASE;
    query.number = cli_text(cli, cli->args->word[0]);
    Callout__V1__QueryResult *result = NULL;
    int code = cli_query(cli, &query, &result);
    if (code != CLI_OK)
        return code;
    if (result->view == NULL)
        return cli_fail(cli, CLI_NOT_FOUND, "there is no case %s", query.number);
    if (cli->is_json)
        return cli_print_json(cli, &result->view->base, false);
    cli_show_view(cli, result->view);
    return CLI_OK;
}

const struct cli_option cmd_list_options[] = {
    { "open", 0, NULL, "only cases that are not closed" },
    { "customer", 0, "KEY", "only cases of this customer" },
    { "limit", 'n', "N", "at most so many, newest first [100]" },
    { NULL, 0, NULL, NULL },
};

enum { PAGE = 1000, LIST_DEFAULT = 100, LIST_MAX = 1000000 };

static void add_case(struct cli *cli, struct cli_table *t, const Callout__V1__CaseRow *row,
                     int64_t now_us)
{
    bool is_due = row->next_due_us != 0;
    CLI_TABLE_ADD(t, cli_text(cli, row->number), cli_text(cli, row->state),
                  row->severity > 0 ? cli_format(cli, "%u", row->severity) : "",
                  cli_when(cli, row->opened_us), cli_text(cli, row->customer),
                  cli_text(cli, row->site), cli_text(cli, row->next_milestone),
                  is_due ? cli_when(cli, row->next_due_us) : "",
                  is_due ? cli_left(cli, row->next_due_us, now_us) : "", cli_text(cli, row->title));
}

static void print_page(struct cli *cli, const Callout__V1__QueryResult *page)
{
    struct cli_table t;
    cli_table_init(&t, cli, "number|state|>sev|reported|customer|site|next|due|left|title");
    int64_t now_us = cli_now_us();
    for (size_t i = 0; i < page->n_rows; i++)
        if (cli->is_json)
            (void)cli_print_json(cli, &page->rows[i]->base, true);
        else
            add_case(cli, &t, page->rows[i], now_us);
    cli_table_print(&t, 0);
    co_arena_reset(cli->arena);
}

int cmd_list(struct cli *cli)
{
    uint32_t limit = LIST_DEFAULT;
    if (!cli_read_count(cli, "limit", LIST_MAX, &limit))
        return CLI_USAGE;
    char customer[CO_JSON_NAME * 2];
    struct cli_cursor cursor = { .len = 0 };
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    (void)snprintf(customer, sizeof(customer), "%s", cli_value_or(cli, "customer", ""));
    query.what = CALLOUT__V1__WHAT__WHAT_CASES;
    query.open_only = cli_has(cli, "open");
    query.customer = customer;
    uint32_t got = 0;
    bool is_end = false;
    while (!is_end && got < limit) {
        Callout__V1__QueryResult *page = NULL;
        query.limit = limit - got < PAGE ? limit - got : PAGE;
        int code = cli_query(cli, &query, &page);
        if (code != CLI_OK)
            return code;
        got += (uint32_t)page->n_rows;
        is_end = page->n_rows == 0 || !cli_cursor_move(&cursor, &query, page);
        print_page(cli, page);
    }
    if (got == 0 && !cli->is_json)
        cli_note(cli, "no cases%s; post one with: callout submit --customer KEY --title TEXT",
                 query.open_only || query.customer[0] != '\0' ? " like that" : " yet");
    else if (!is_end)
        cli_note(cli, "there are more: callout list --limit N");
    return CLI_OK;
}

static void show_members(struct cli *cli, const Callout__V1__Status *s)
{
    struct cli_table t;
    cli_table_init(&t, cli, "service|instance|release|>lanes|seen|endpoint");
    for (size_t i = 0; i < s->n_members; i++) {
        const Callout__V1__MemberRow *m = s->members[i];
        CLI_TABLE_ADD(&t, m->service, m->instance, m->release[0] == '\0' ? "-" : m->release,
                      m->lanes > 0 ? cli_format(cli, "%u", m->lanes) : "-",
                      cli_when(cli, m->seen_us), m->endpoint);
    }
    cli_table_print(&t, 0);
    if (s->n_members == 0)
        (void)fprintf(cli->out, "no daemon runs\n");
}

enum { ROOM_LITTLE = 200000 };

static void show_lags(struct cli *cli, const Callout__V1__Status *s)
{
    if (s->n_lags == 0)
        return;
    (void)fputc('\n', cli->out);
    struct cli_table t;
    cli_table_init(&t, cli, "service|>processes|>lanes with an owner|>entries behind|oldest waits|earliest timer|>parked");
    for (size_t i = 0; i < s->n_lags; i++) {
        const Callout__V1__LagRow *l = s->lags[i];
        CLI_TABLE_ADD(&t, l->service, cli_format(cli, "%u", l->members),
                      cli_format(cli, "%u of %u", l->owned, s->lanes),
                      cli_format(cli, "%llu", (unsigned long long)l->entries),
                      l->oldest_us == 0 ? "" : cli_length_between(cli, l->oldest_us, s->now_us),
                      l->next_us == 0 ? "" : cli_left(cli, l->next_us, s->now_us),
                      l->parked == 0 ? "" : cli_format(cli, "%u", l->parked));
    }
    cli_table_print(&t, 0);
}

static void show_gaps(struct cli *cli, const Callout__V1__Status *s)
{
    for (size_t i = 0; i < s->n_gaps; i++) {
        const char *years = "";
        for (size_t k = 0; k < s->gaps[i]->n_years; k++)
            years = cli_format(cli, "%s%s%u", years, k == 0 ? "" : " and ", s->gaps[i]->years[k]);
        (void)fprintf(cli->out,
                      "calendar %s: the public holidays of %s are NOT KNOWN; promises that touch "
                      "them may move (callout calendar import)\n",
                      s->gaps[i]->calendar, years);
    }
}

/* Servers that are set aside, and addresses that are gone. */
static void show_asides(struct cli *cli, const Callout__V1__Status *s)
{
    if (s->n_asides == 0)
        return;
    (void)fprintf(cli->out, "\nNOTICES do not get through by:\n");
    struct cli_table t;
    cli_table_init(&t, cli, "channel|set aside|since|tried again|by|why");
    for (size_t i = 0; i < s->n_asides; i++) {
        const Callout__V1__SetAsideRow *a = s->asides[i];
        bool is_gone = a->until_us == 0;
        CLI_TABLE_ADD(
            &t, a->channel, is_gone ? cli_format(cli, "the address of %s", a->entry) : a->server,
            cli_when(cli, a->since_us),
            is_gone ? "when its entry changes" : cli_when(cli, a->until_us), a->instance,
            is_gone ? a->why : cli_format(cli, "%u failures in a row: %s", a->failures, a->why));
    }
    cli_table_print(&t, 0);
}

int cmd_status(struct cli *cli)
{
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    query.what = CALLOUT__V1__WHAT__WHAT_STATUS;
    Callout__V1__QueryResult *result = NULL;
    int code = cli_query(cli, &query, &result);
    if (code != CLI_OK)
        return code;
    const Callout__V1__Status *s = result->status;
    if (s == NULL)
        return cli_fail(cli, CLI_FAILED, "%s answers without a status", cli->endpoint);
    if (cli->is_json)
        return cli_print_json(cli, &s->base, false);
    show_members(cli, s);
    show_lags(cli, s);
    (void)fprintf(cli->out, "\ncases %llu open, %llu in all; registry version %llu; time %s (%s)\n",
                  (unsigned long long)s->cases_open, (unsigned long long)s->cases_total,
                  (unsigned long long)s->registry_version, cli_when(cli, s->now_us), cli_zone(cli));
    if (s->parked > 0)
        (void)fprintf(cli->out, "%llu cases are PARKED: callout parked list\n",
                      (unsigned long long)s->parked);
    if (s->dead_notices > 0)
        (void)fprintf(cli->out, "%u notices FAILED or wait for people: callout notice\n",
                      s->dead_notices);
    if (s->partition_room < ROOM_LITTLE)
        (void)fprintf(cli->out,
                      "the journal's partitions end in %lld entries: callout maintain\n",
                      (long long)s->partition_room);
    show_asides(cli, s);
    show_gaps(cli, s);
    return CLI_OK;
}
