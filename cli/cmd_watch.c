/* callout watch [NUMBER]: what happens, as it happens. */
#include "cli.h"

#include <string.h>
#include <unistd.h>

#include "co_text.h"
#include "co_time.h"

const struct cli_option cmd_watch_options[] = {
    { "for", 0, "TIME", "stop after so long [never]" },
    { "once", 0, NULL, "with NUMBER: stop after what is there already" },
    { NULL, 0, NULL, NULL },
};

enum { WAIT_MS = 10000, PAGE = 1000, KIND_COLUMNS = 16, NUMBER_COLUMNS = 9, PADDED = 128 };

static void print_entry(struct cli *cli, const Callout__V1__EntryRow *row, bool has_number)
{
    if (cli->is_json) {
        (void)cli_print_json(cli, &row->base, true);
        return;
    }
    const char *kind = "";
    const char *text = cli_event(cli, row->event, &kind);
    char number[PADDED], padded[PADDED];
    (void)co_text_pad(number, sizeof(number), row->number, has_number ? NUMBER_COLUMNS : 0,
                      CO_TEXT_LEFT);
    (void)co_text_pad(padded, sizeof(padded), kind, KIND_COLUMNS, CO_TEXT_LEFT);
    (void)fprintf(cli->out, "%s  %s%s%s  %s%s\n", cli_when(cli, row->at_us), number,
                  has_number ? "  " : "", padded, text,
                  cli_event_late(cli, row->event, row->at_us));
}

/* A watch goes on over a restart of the server once it has seen it. */
static bool goes_on(struct cli *cli, int code, bool was_there)
{
    enum { PAUSE_S = 1 };
    if (code != CLI_UNAVAILABLE || !was_there)
        return false;
    cli_note(cli, "  trying again");
    (void)sleep(PAUSE_S);
    return true;
}

static uint32_t wait_for_ms(int64_t end_ms)
{
    int64_t left = end_ms - cli_mono_ms();
    return left <= 0 ? 0 : left < WAIT_MS ? (uint32_t)left : WAIT_MS;
}

static int watch(struct cli *cli, Callout__V1__Query *query, bool is_once, int64_t end_ms)
{
    struct cli_cursor cursor = { .len = 0 };
    bool was_there = false, has_number = query->number[0] == '\0';
    do {
        Callout__V1__QueryResult *page = NULL;
        query->wait_ms = is_once ? 0 : wait_for_ms(end_ms);
        int code = cli_query(cli, query, &page);
        if (code != CLI_OK && goes_on(cli, code, was_there))
            continue;
        if (code != CLI_OK)
            return code;
        was_there = true;
        for (size_t i = 0; i < page->n_entries; i++)
            print_entry(cli, page->entries[i], has_number);
        if (fflush(cli->out) != 0)
            return CLI_FAILED;
        bool has_more = cli_cursor_move(&cursor, query, page) && page->n_entries > 0;
        co_arena_reset(cli->arena);
        if (is_once && !has_more)
            return CLI_OK;
    } while (cli_mono_ms() < end_ms);
    return CLI_OK;
}

int cmd_watch(struct cli *cli)
{
    char number[64];
    int64_t for_us = 0;
    if (!cli_read_length(cli, "for", &for_us))
        return CLI_USAGE;
    (void)snprintf(number, sizeof(number), "%s", cli->args->words > 0 ? cli->args->word[0] : "");
    bool is_once = cli_has(cli, "once");
    if (is_once && number[0] == '\0')
        return cli_usage(cli, "--once wants the NUMBER of a case");
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    query.what = CALLOUT__V1__WHAT__WHAT_ENTRIES;
    query.number = number;
    query.limit = PAGE;
    if (!cli->is_json && cli->is_terminal)
        cli_note(cli, "times in %s; Ctrl-C ends", cli_zone(cli));
    return watch(cli, &query, is_once,
                 for_us > 0 ? cli_mono_ms() + for_us / CO_MILLISECOND_US : INT64_MAX);
}
