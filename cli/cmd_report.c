/* callout report: where the time of cases went, in whose hands they were. */
#include "history.h"
#include "report_satisfaction.h"
#include "report_service.h"
#include "report_print.h"
#include "report_by.h"

#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_number.h"
#include "co_time.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

const struct cli_option cmd_report_options[] = {
    { "from", 0, "TIME", "only cases reported from then on" },
    { "to", 0, "TIME", "only cases reported before" },
    { "by", 0, "WHAT",
      "a row for each: contract, severity, month, customer, site; several with commas "
      "[contract,month]; of satisfaction: engineer, office, contract, customer, site [engineer]" },
    { "csv", 0, NULL, "as CSV, lengths in microseconds" },
    { "month", 0, "YYYY-MM",
      "of a service report, in the zone of the contract [the last whole one]" },
    { "html", 0, "FILE", "a service report as a page that prints well" },
    HISTORY_OPTIONS,
    { NULL, 0, NULL, NULL },
};

/* -- what rows are made by */

/* What of a case is a key. */
struct facts {
    const Callout__V1__TicketSubmitted *ticket;
    const Callout__V1__CaseOpened *opened; /* NULL: held */
    char severity[12], month[12];
};

typedef const char *key_rule(const struct facts *f);

static const char *contract(const struct facts *f)
{
    return f->opened != NULL ? f->opened->contract : "";
}

static const char *severity(const struct facts *f)
{
    return f->severity;
}

static const char *month(const struct facts *f)
{
    return f->month;
}

static const char *customer(const struct facts *f)
{
    return f->opened != NULL ? f->opened->customer : f->ticket->customer;
}

static const char *site(const struct facts *f)
{
    return f->opened != NULL ? f->opened->site : f->ticket->site;
}

static const struct {
    const char *name;
    key_rule *key;
} keys[REPORT_BY_MAX] = { { "contract", contract },
                          { "severity", severity },
                          { "month", month },
                          { "customer", customer },
                          { "site", site } };

struct report {
    struct history history;
    int64_t case_id; /* 0: all */
    int64_t from_us, until_us;
    struct report_by by;
    struct report_sum *sums[CO_HISTORY_WORKERS_MAX];
    uint64_t unreadable[CO_HISTORY_WORKERS_MAX];
    struct sla_ledger one; /* of one case; its spans live in the command's arena */
    bool is_there;
};

static bool read_by(struct report *r, struct cli *cli)
{
    const char *names[REPORT_BY_MAX];
    for (size_t i = 0; i < REPORT_BY_MAX; i++)
        names[i] = keys[i].name;
    return report_by_read(cli, "contract,month", names, &r->by);
}

/* -- a case, on a worker's thread */

static const Callout__V1__TicketSubmitted *ticket_of(const struct co_history_case *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->entries[i].event->body_case == BODY(TICKET_SUBMITTED))
            return c->entries[i].event->ticket_submitted;
    return NULL;
}

static bool is_wanted(const struct report *r, const Callout__V1__TicketSubmitted *t)
{
    return t->occurred_us >= r->from_us && t->occurred_us < r->until_us;
}

static enum co_err ledger_of_open(struct report *r, struct sla_case *c, struct sla_ledger *ret)
{
    struct sla_fold fold;
    enum co_err err = history_case_versions(&r->history, NULL, c, NULL);
    if (err == CO_OK)
        err = sla_case_fold(c, c->arena, c->now_us, &fold);
    if (err != CO_OK)
        return err;
    struct sla_fold_input in = { .policy = c->policy,
                                 .calendars = c->calendars,
                                 .opened = c->state->opened,
                                 .inputs = c->state->inputs,
                                 .input_count = c->state->n_inputs,
                                 .now_us = c->now_us };
    return sla_ledger(&in, &fold, c->arena, ret);
}

static enum co_err ledger_of_held(const struct sla_case *c,
                                  const Callout__V1__TicketSubmitted *ticket,
                                  struct sla_ledger *ret)
{
    int64_t until_us = c->now_us;
    for (size_t i = 0; i < c->state->n_inputs; i++)
        if (c->state->inputs[i]->act == CALLOUT__V1__ACT__ACT_CANCEL &&
            c->state->inputs[i]->occurred_us < until_us)
            until_us = c->state->inputs[i]->occurred_us;
    return sla_ledger_held(ticket->occurred_us, until_us, c->arena, ret);
}

/* The month is that of the place where the case is worked on. */
static struct facts facts_of(const struct sla_case *c, const Callout__V1__TicketSubmitted *ticket)
{
    struct facts f = { .ticket = ticket, .opened = c->state->opened };
    const struct co_calendar *calendar = c->calendars.site.calendar;
    int32_t offset_s = calendar != NULL ? co_calendar_offset_s(calendar, ticket->occurred_us) : 0;
    struct co_date d = co_date_of_days(co_days_of_us(ticket->occurred_us, offset_s));
    (void)snprintf(f.month, sizeof(f.month), "%04d-%02d", (int)d.year % 10000, (int)d.month % 100);
    if (f.opened != NULL)
        (void)snprintf(f.severity, sizeof(f.severity), "%u", f.opened->severity);
    return f;
}

static enum co_err add(struct report *r, unsigned worker, const struct facts *f,
                       const struct sla_ledger *l)
{
    const char *of[REPORT_BY_MAX] = { NULL };
    for (size_t i = 0; i < r->by.count; i++)
        of[i] = keys[r->by.key[i]].key(f);
    return report_sum_add(r->sums[worker], of, 1, l->length_us);
}

/* The case that was asked for: only one thread comes here. */
static enum co_err keep_one(struct report *r, const struct sla_ledger *l)
{
    r->one = *l;
    r->is_there = true;
    r->one.spans =
        co_arena_memdup(r->history.cli->arena, l->spans, l->span_count * sizeof(l->spans[0]));
    return r->one.spans != NULL ? CO_OK : CO_ENOMEM;
}

static enum co_err add_case(struct report *r, unsigned worker, const struct co_history_case *stored)
{
    const Callout__V1__TicketSubmitted *ticket = ticket_of(stored);
    struct sla_case c;
    struct sla_ledger l;
    if (stored->problem != NULL || ticket == NULL)
        return CO_EINPUT;
    if (!is_wanted(r, ticket))
        return CO_OK;
    enum co_err err = history_case(stored, co_history_now_us(r->history.stored), UINT64_MAX, &c);
    if (err == CO_OK)
        err = c.state->opened != NULL ? ledger_of_open(r, &c, &l) : ledger_of_held(&c, ticket, &l);
    if (err != CO_OK)
        return err;
    struct facts facts = facts_of(&c, ticket);
    return r->case_id != 0 ? keep_one(r, &l) : add(r, worker, &facts, &l);
}

static enum co_err each(void *arg, unsigned worker, const struct co_history_case *stored)
{
    struct report *r = arg;
    enum co_err err = add_case(r, worker, stored);
    r->unreadable[worker] += err == CO_EINPUT;
    return err == CO_EINPUT ? CO_OK : err;
}

/* -- the message */

static void *make(struct cli *cli, const ProtobufCMessageDescriptor *type)
{
    void *message = sla_message_new(cli->arena, type);
    co_assert(message != NULL); /* rows are few, and the arena has room for a page of thousands */
    return message;
}

static void *list(struct cli *cli, size_t n)
{
    void *pointers = co_arena_alloc(cli->arena, (n + 1) * sizeof(void *));
    co_assert(pointers != NULL);
    return pointers;
}

static Callout__V1__TimeRow *row_of(struct cli *cli, const int64_t *length_us)
{
    Callout__V1__TimeRow *row = make(cli, &callout__v1__time_row__descriptor);
    row->parts = list(cli, SLA_HOLDERS);
    for (; row->n_parts < SLA_HOLDERS; row->n_parts++) {
        Callout__V1__TimePart *part = make(cli, &callout__v1__time_part__descriptor);
        part->holder = cli_text(cli, sla_holder_name((enum sla_holder)row->n_parts));
        part->length_us = length_us[row->n_parts];
        row->elapsed_us += part->length_us;
        row->parts[row->n_parts] = part;
    }
    return row;
}

static void put_rows(struct report *r, Callout__V1__TimeReport *to, struct report_row **rows,
                     size_t n)
{
    struct cli *cli = r->history.cli;
    struct report_row all = { .cases = 0 };
    to->rows = list(cli, n);
    to->n_rows = n;
    for (size_t i = 0; i < n; i++) {
        to->rows[i] = row_of(cli, rows[i]->value);
        to->rows[i]->keys = rows[i]->keys;
        to->rows[i]->n_keys = r->by.count;
        to->rows[i]->cases = rows[i]->cases;
        all.cases += rows[i]->cases;
        for (size_t k = 0; k < SLA_HOLDERS; k++)
            all.value[k] += rows[i]->value[k];
    }
    to->total = row_of(cli, all.value);
    to->total->cases = all.cases;
    to->by = list(cli, r->by.count);
    for (; to->n_by < r->by.count; to->n_by++)
        to->by[to->n_by] = cli_text(cli, keys[r->by.key[to->n_by]].name);
}

static int sum(struct report *r, Callout__V1__TimeReport *to)
{
    struct report_row **rows = NULL;
    size_t n = 0;
    enum co_err err = CO_OK;
    for (size_t i = 1; err == CO_OK && i < CO_HISTORY_WORKERS_MAX; i++)
        err = report_sum_join(r->sums[0], r->sums[i]);
    if (err == CO_OK)
        err = report_sum_rows(r->sums[0], &rows, &n);
    if (err != CO_OK)
        return cli_fail(r->history.cli, CLI_FAILED, "%s", co_err_name(err));
    put_rows(r, to, rows, n);
    return CLI_OK;
}

static int put_case(struct report *r, Callout__V1__TimeReport *to)
{
    struct cli *cli = r->history.cli;
    char number[CO_NUMBER_TEXT];
    co_number_format(r->case_id, number);
    if (!r->is_there)
        return cli_fail(cli, CLI_NOT_FOUND, "there is no case %s, or it cannot be computed",
                        number);
    Callout__V1__TimeRow *row = row_of(cli, r->one.length_us);
    row->number = cli_text(cli, number);
    row->cases = 1;
    row->spans = list(cli, r->one.span_count);
    for (; row->n_spans < r->one.span_count; row->n_spans++) {
        Callout__V1__TimeSpan *span = make(cli, &callout__v1__time_span__descriptor);
        const struct sla_ledger_span *s = &r->one.spans[row->n_spans];
        span->holder = cli_text(cli, sla_holder_name(s->holder));
        span->from_us = s->from_us;
        span->until_us = s->until_us;
        row->spans[row->n_spans] = span;
    }
    to->rows = list(cli, 1);
    to->rows[0] = to->total = row;
    to->n_rows = 1;
    return CLI_OK;
}

static int show(struct report *r, const Callout__V1__TimeReport *message)
{
    struct cli *cli = r->history.cli;
    int code = cli->is_json          ? cli_print_json(cli, &message->base, false)
               : r->case_id != 0     ? report_print_case(cli, message)
               : cli_has(cli, "csv") ? report_print_csv(cli, message)
                                     : report_print_table(cli, message);
    if (message->unreadable > 0)
        return cli_fail(
            cli, CLI_FAILED,
            "%llu cases could not be computed and are left out: callout audit refold names them",
            (unsigned long long)message->unreadable);
    return code;
}

static int report(struct report *r)
{
    struct co_history_options options = {
        .kinds = HISTORY_INPUTS, .case_id = r->case_id, .each = each, .arg = r
    };
    Callout__V1__TimeReport message = CALLOUT__V1__TIME_REPORT__INIT;
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++)
        if ((r->sums[i] = report_sum_new(r->by.count)) == NULL)
            return cli_fail(r->history.cli, CLI_FAILED, "out of memory");
    int code = history_run(&r->history, &options);
    if (code == CLI_OK)
        code = r->case_id != 0 ? put_case(r, &message) : sum(r, &message);
    if (code != CLI_OK)
        return code;
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++)
        message.unreadable += r->unreadable[i];
    message.now_us = co_history_now_us(r->history.stored);
    return show(r, &message);
}

static int read_words(struct report *r, struct cli *cli)
{
    r->from_us = INT64_MIN;
    r->until_us = INT64_MAX;
    r->history.cli = cli;
    if (cli->args->words > 0 && co_number_parse(cli->args->word[0], &r->case_id) != CO_OK)
        return cli_usage(cli, "%s is not the number of a case, nor satisfaction, nor service",
                         cli->args->word[0]);
    if (r->case_id != 0 && cli_has(cli, "csv"))
        return cli_usage(cli, "--csv is for sums; of one case -o json says everything");
    bool is_fine = cli_read_time(cli, "from", &r->from_us) &&
                   cli_read_time(cli, "to", &r->until_us) && read_by(r, cli);
    if (is_fine && r->from_us >= r->until_us)
        return cli_usage(cli, "--from is not before --to");
    return is_fine ? CLI_OK : CLI_USAGE;
}

/* What belongs to another kind of report. */
static int read_kind(struct cli *cli, bool is_service)
{
    static const char *const sums[] = { "from", "to", "by" }, *const service[] = { "month",
                                                                                   "html" };
    for (size_t i = 0; is_service && i < sizeof(sums) / sizeof(sums[0]); i++)
        if (cli_has(cli, sums[i]))
            return cli_usage(cli, "report service: --%s does not go with it, --month does",
                             sums[i]);
    for (size_t i = 0; !is_service && i < sizeof(service) / sizeof(service[0]); i++)
        if (cli_has(cli, service[i]))
            return cli_usage(cli, "--%s is for report service CONTRACT", service[i]);
    if (!is_service && cli->args->words > 1)
        return cli_usage(cli, "'%s': only report service takes a second word", cli->args->word[1]);
    return CLI_OK;
}

int cmd_report(struct cli *cli)
{
    bool is_service = cli->args->words > 0 && strcmp(cli->args->word[0], "service") == 0;
    int kind = read_kind(cli, is_service);
    if (kind != CLI_OK)
        return kind;
    if (is_service)
        return report_service(cli);
    if (cli->args->words > 0 && strcmp(cli->args->word[0], "satisfaction") == 0)
        return report_satisfaction(cli);
    struct report *r = calloc(1, sizeof(*r));
    if (r == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    int code = read_words(r, cli);
    if (code == CLI_OK)
        code = history_open(cli, &r->history);
    if (code == CLI_OK)
        code = report(r);
    for (size_t i = 0; i < CO_HISTORY_WORKERS_MAX; i++)
        report_sum_free(r->sums[i]);
    history_close(&r->history);
    free(r);
    return code;
}
