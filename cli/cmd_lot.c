/* callout lot list | show CONTRACT: the man-days that were bought, and what became of them. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli_registry.h"
#include "cli_table.h"
#include "cli_view.h"
#include "lot_ledger.h"

const struct cli_option cmd_lot_options[] = {
    { "from", 0, "TIME", "postings from this time on (show)" },
    { "until", 0, "TIME", "postings before this time (show)" },
    { "csv", 0, NULL, "the postings as CSV, in minutes (show)" },
    { NULL, 0, NULL, NULL },
};

/* -- for people */

static const char *state_of(const struct lot_line *line, int64_t now_us)
{
    if (line->terms == NULL)
        return "no longer in the contract";
    if (line->from_us > now_us)
        return "not yet";
    if (line->until_us != 0 && line->until_us <= now_us)
        return "over";
    return line->is_rolled ? "rolled over" : "";
}

/* What is free, to a tenth of a day. */
static const char *days(struct cli *cli, const struct lot_line *line)
{
    if (line->day_minutes == 0)
        return "";
    int64_t tenths = line->row.free * 10 / line->day_minutes;
    return cli_format(cli, "%s%lld.%lld", tenths < 0 ? "-" : "", llabs((long long)tenths) / 10,
                      llabs((long long)tenths) % 10);
}

static void print_lots(struct lot_ledger *ledger, bool with_contract)
{
    struct cli *cli = ledger->cli;
    struct cli_table t;
    cli_table_init(
        &t, cli,
        with_contract
            ? "contract|lot|kind|good until|>bought|>free|>in days|>reserved|>used|>expired|"
            : "lot|kind|good until|>bought|>free|>in days|>reserved|>used|>expired|");
    for (size_t i = 0; i < ledger->count; i++) {
        const struct lot_line *l = &ledger->line[i];
        const char *kind = l->terms == NULL ? "" : l->terms->kind;
        const char *until = l->until_us == 0 ? "" : cli_when(cli, l->until_us);
        const char *cell[] = { cli_man_hours(cli, l->row.bought),
                               cli_man_hours(cli, l->row.free),
                               days(cli, l),
                               cli_man_hours(cli, l->row.reserved),
                               cli_man_hours(cli, l->row.used),
                               cli_man_hours(cli, l->row.expired) };
        const char *state = state_of(l, ledger->now_us);
        if (with_contract)
            CLI_TABLE_ADD(&t, l->row.contract, l->row.lot, kind, until, cell[0], cell[1], cell[2],
                          cell[3], cell[4], cell[5], state);
        else
            CLI_TABLE_ADD(&t, l->row.lot, kind, until, cell[0], cell[1], cell[2], cell[3], cell[4],
                          cell[5], state);
    }
    cli_table_print(&t, 0);
}

static int print_nothing(struct cli *cli, const char *what)
{
    (void)fprintf(cli->out, "%s\n", what);
    return CLI_OK;
}

static void print_postings(struct lot_ledger *ledger)
{
    struct cli *cli = ledger->cli;
    struct cli_table t;
    cli_table_init(&t, cli, "lot|>no.|when|posting|>time|from|to|case|why");
    for (size_t i = 0; i < ledger->posting_count; i++) {
        const Callout__V1__PostingRow *p = ledger->posting[i];
        CLI_TABLE_ADD(&t, p->lot, cli_format(cli, "%llu", (unsigned long long)p->posting),
                      cli_when(cli, p->at_us), p->kind, cli_man_hours(cli, p->minutes), p->from,
                      p->to, p->number, p->why);
    }
    cli_table_print(&t, 0);
}

/* -- for machines */

static int print_csv(struct lot_ledger *ledger)
{
    FILE *out = ledger->cli->out;
    (void)fputs("at_us,contract,lot,posting,kind,from,to,minutes,case,why\n", out);
    for (size_t i = 0; i < ledger->posting_count; i++) {
        const Callout__V1__PostingRow *p = ledger->posting[i];
        (void)fprintf(out, "%lld,%s,%s,%llu,%s,%s,%s,%lld,%s,%s\n", (long long)p->at_us,
                      ledger->contract, p->lot, (unsigned long long)p->posting, p->kind, p->from,
                      p->to, (long long)p->minutes, p->number, p->why);
    }
    return fflush(out) == 0 ? CLI_OK
                            : cli_fail(ledger->cli, CLI_FAILED, "the answer cannot be written");
}

static json_t *json_of_line(const struct lot_ledger *ledger, const struct lot_line *l)
{
    const Callout__V1__LotRow *r = &l->row;
    return json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "contract",
                     r->contract, "lot", r->lot, "kind", l->terms == NULL ? "" : l->terms->kind,
                     "from_us", (json_int_t)l->from_us, "until_us", (json_int_t)l->until_us,
                     "bought_minutes", (json_int_t)r->bought, "free_minutes", (json_int_t)r->free,
                     "reserved_minutes", (json_int_t)r->reserved, "used_minutes",
                     (json_int_t)r->used, "expired_minutes", (json_int_t)r->expired,
                     "allowed_minutes", (json_int_t)r->allowed, "state",
                     state_of(l, ledger->now_us));
}

static json_t *json_of_posting(const Callout__V1__PostingRow *p)
{
    return json_pack("{s:I, s:s, s:I, s:s, s:s, s:s, s:I, s:s, s:s}", "at_us", (json_int_t)p->at_us,
                     "lot", p->lot, "posting", (json_int_t)p->posting, "kind", p->kind, "from",
                     p->from, "to", p->to, "minutes", (json_int_t)p->minutes, "number", p->number,
                     "why", p->why);
}

static int print_json(struct lot_ledger *ledger, bool with_postings)
{
    json_t *lots = json_array();
    for (size_t i = 0; i < ledger->count; i++)
        (void)json_array_append_new(lots, json_of_line(ledger, &ledger->line[i]));
    json_t *all = lots;
    if (with_postings) {
        json_t *postings = json_array();
        for (size_t i = 0; i < ledger->posting_count; i++)
            (void)json_array_append_new(postings, json_of_posting(ledger->posting[i]));
        all = json_pack("{s:o, s:o}", "lots", lots, "postings", postings);
    }
    int status = json_dumpf(all, ledger->cli->out, JSON_INDENT(2));
    json_decref(all);
    (void)fputc('\n', ledger->cli->out);
    return status == 0 ? CLI_OK : CLI_FAILED;
}

/* -- the two verbs */

static int list(struct lot_ledger *ledger)
{
    const struct co_registry *r = ledger->registry;
    int code = CLI_OK;
    for (uint32_t i = 0; code == CLI_OK && i < co_registry_count(r, CO_KIND_CONTRACT); i++)
        code = lot_ledger_add(ledger, co_registry_at(r, CO_KIND_CONTRACT, i)->message->contract);
    if (code == CLI_OK)
        code = lot_ledger_ask(ledger);
    if (code != CLI_OK)
        return code;
    if (ledger->cli->is_json)
        return print_json(ledger, false);
    if (ledger->count == 0)
        return print_nothing(ledger->cli, "no contract has man-days");
    print_lots(ledger, true);
    return CLI_OK;
}

static int show(struct lot_ledger *ledger)
{
    struct cli *cli = ledger->cli;
    const char *key = cli->args->word[1];
    const Callout__V1__Contract *contract = co_registry_contract(ledger->registry, key);
    if (!cli_read_time(cli, "from", &ledger->from_us) ||
        !cli_read_time(cli, "until", &ledger->until_us))
        return CLI_USAGE;
    if (contract == NULL)
        return cli_fail_contract(cli, ledger->registry, key);
    ledger->contract = contract->key;
    int code = lot_ledger_add(ledger, contract);
    if (code == CLI_OK)
        code = lot_ledger_ask(ledger);
    if (code == CLI_OK)
        code = lot_ledger_postings(ledger, key);
    if (code != CLI_OK)
        return code;
    if (cli->is_json)
        return print_json(ledger, true);
    if (cli_has(cli, "csv"))
        return print_csv(ledger);
    if (ledger->count == 0)
        return print_nothing(cli, "this contract has no man-days");
    print_lots(ledger, false);
    (void)fputc('\n', cli->out);
    if (ledger->posting_count == 0)
        return print_nothing(cli, "nothing was posted in this time");
    print_postings(ledger);
    return CLI_OK;
}

static int look(void *arg, const struct co_registry *registry, struct co_yaml *yaml)
{
    (void)yaml;
    struct lot_ledger *ledger = arg;
    ledger->registry = registry;
    int code = cli_domain_now(ledger->cli, &ledger->now_us);
    if (code != CLI_OK)
        return code;
    return ledger->cli->args->words > 1 ? show(ledger) : list(ledger);
}

int cmd_lot(struct cli *cli)
{
    struct lot_ledger ledger = { .cli = cli };
    const char *verb = cli->args->words > 0 ? cli->args->word[0] : "list";
    bool is_show = strcmp(verb, "show") == 0;
    if (!is_show && strcmp(verb, "list") != 0)
        return cli_usage(cli, "lot %s: allowed are list and show CONTRACT", verb);
    if (is_show != (cli->args->words > 1))
        return cli_usage(cli, is_show ? "lot show: the key of a CONTRACT is needed"
                                      : "lot list takes no further words");
    if (!is_show && (cli_has(cli, "csv") || cli_has(cli, "from") || cli_has(cli, "until")))
        return cli_usage(cli, "--csv, --from and --until are for lot show CONTRACT");
    return cli_registry_look_at(cli, NULL, 0, look, &ledger);
}
