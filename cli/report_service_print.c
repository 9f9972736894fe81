/* A service report on the terminal, and as CSV. */
#include "cli_csv.h"
#include "cli_view.h"
#include "report_service.h"

int report_service_print(struct report_service *r, const Callout__V1__ServiceReport *report)
{
    struct cli *cli = r->history.cli;
    struct report_section section[REPORT_SECTIONS_MAX];
    size_t n = report_service_say(r, report, section);
    for (size_t i = 0; i < n; i++) {
        if (i == 0)
            (void)fprintf(cli->out, "%s\n", section[i].title);
        else
            cli_view_heading(cli, section[i].title);
        if (section[i].table.rows > 0)
            cli_table_print(&section[i].table, CLI_VIEW_INDENT);
        if (section[i].note != NULL)
            (void)fprintf(cli->out, "  %s\n", section[i].note);
    }
    return fflush(cli->out) == 0 ? CLI_OK
                                 : cli_fail(cli, CLI_FAILED, "the answer cannot be written");
}

/* -- CSV: one table; a row fills the columns that its section has */

enum column {
    SECTION,
    NUMBER,
    MILESTONE,
    KEY,
    TITLE,
    SEVERITY,
    STATE,
    FROM,
    DUE,
    UNTIL,
    MET,
    MISSED,
    OVERDUE,
    RUNNING,
    LENGTH,
    BOUGHT,
    RESERVED,
    USED,
    HOURS,
    CENTS,
    OWED,
    CURRENCY,
    COUNT,
    COLUMNS
};

static const char *const names[COLUMNS] = {
    [SECTION] = "section",
    [NUMBER] = "number",
    [MILESTONE] = "milestone",
    [KEY] = "key",
    [TITLE] = "title",
    [SEVERITY] = "severity",
    [STATE] = "state",
    [FROM] = "from_us",
    [DUE] = "due_us",
    [UNTIL] = "until_us",
    [MET] = "met",
    [MISSED] = "missed",
    [OVERDUE] = "overdue",
    [RUNNING] = "running",
    [LENGTH] = "length_us",
    [BOUGHT] = "bought_minutes",
    [RESERVED] = "reserved_minutes",
    [USED] = "used_minutes",
    [HOURS] = "hours",
    [CENTS] = "cents",
    [OWED] = "owed_cents",
    [CURRENCY] = "currency",
    [COUNT] = "count",
};

struct sheet {
    struct cli *cli;
    const Callout__V1__ServiceReport *report;
};

static void put(const struct sheet *s, const char *const cell[static COLUMNS])
{
    for (size_t i = 0; i < COLUMNS; i++) {
        if (i > 0)
            (void)fputc(',', s->cli->out);
        cli_csv_text(s->cli->out, cell[i] == NULL ? "" : cell[i]);
    }
    (void)fputc('\n', s->cli->out);
}
#define PUT(s, ...) put((s), (const char *const[COLUMNS]){ __VA_ARGS__ })

static const char *n(const struct sheet *s, int64_t x)
{
    return cli_format(s->cli, "%lld", (long long)x);
}

static const char *time_or_none(const struct sheet *s, int64_t us)
{
    return us == 0 ? "" : n(s, us);
}

static const char *currency(const struct sheet *s)
{
    return s->report->price == NULL ? "" : s->report->price->currency;
}

static void put_late(const struct sheet *s, const char *number,
                     const Callout__V1__ServicePromise *p)
{
    PUT(s, [SECTION] = "missed", [NUMBER] = number, [MILESTONE] = p->milestone,
        [TITLE] = cli_title(s->cli, p->title, ""), [SEVERITY] = n(s, p->severity),
        [STATE] = p->state, [FROM] = n(s, p->start_us), [DUE] = n(s, p->due_us),
        [UNTIL] = time_or_none(s, p->end_us), [LENGTH] = n(s, p->late_us));
    for (size_t i = 0; i < p->n_held; i++)
        PUT(s, [SECTION] = "held", [NUMBER] = number, [MILESTONE] = p->milestone,
            [KEY] = p->held[i]->holder, [LENGTH] = n(s, p->held[i]->length_us));
    for (size_t i = 0; i < p->n_exclusions; i++) {
        const Callout__V1__ServiceExclusion *e = p->exclusions[i];
        PUT(s, [SECTION] = "exclusion", [NUMBER] = number, [MILESTONE] = p->milestone,
            [KEY] = e->key, [TITLE] = cli_title(s->cli, e->title, e->cause),
            [STATE] = e->excluded ? "excluded"
                      : e->stops  ? "stops"
                                  : "",
            [FROM] = n(s, e->from_us), [UNTIL] = time_or_none(s, e->until_us),
            [LENGTH] = n(s, e->length_us));
    }
}

static void put_penalty(const struct sheet *s, const char *number,
                        const Callout__V1__ServicePromise *p)
{
    const Callout__V1__ServicePenalty *x = p->penalty;
    PUT(s, [SECTION] = "penalty", [NUMBER] = number, [MILESTONE] = p->milestone,
        [STATE] = x->so_far ? "so_far" : "owed", [LENGTH] = n(s, x->late_us),
        [HOURS] = n(s, x->hours), [CENTS] = n(s, x->cents), [OWED] = n(s, x->owed_cents),
        [CURRENCY] = currency(s));
}

static void put_cases(const struct sheet *s)
{
    for (size_t i = 0; i < s->report->n_cases; i++) {
        const Callout__V1__ServiceCase *c = s->report->cases[i];
        PUT(s, [SECTION] = "case", [NUMBER] = c->number, [KEY] = c->product, [TITLE] = c->title,
            [SEVERITY] = n(s, c->severity), [STATE] = c->state, [FROM] = n(s, c->reported_us),
            [UNTIL] = time_or_none(s, c->closed_us), [MET] = n(s, (int64_t)c->met),
            [MISSED] = n(s, (int64_t)c->missed), [OVERDUE] = n(s, (int64_t)c->overdue),
            [RUNNING] = n(s, (int64_t)c->running));
        for (size_t k = 0; k < c->n_promises; k++) {
            if (c->promises[k]->late_us > 0)
                put_late(s, c->number, c->promises[k]);
            if (c->promises[k]->penalty != NULL)
                put_penalty(s, c->number, c->promises[k]);
        }
    }
}

static void put_sums(const struct sheet *s)
{
    const Callout__V1__ServiceReport *r = s->report;
    for (size_t i = 0; i < r->n_promises; i++) {
        const Callout__V1__ServicePromises *p = r->promises[i];
        PUT(s, [SECTION] = "promise", [MILESTONE] = p->milestone,
            [TITLE] = cli_title(s->cli, p->title, ""), [MET] = n(s, (int64_t)p->met),
            [MISSED] = n(s, (int64_t)p->missed), [OVERDUE] = n(s, (int64_t)p->overdue),
            [RUNNING] = n(s, (int64_t)p->running));
    }
    for (size_t i = 0; i < r->n_parts; i++)
        PUT(s, [SECTION] = "time", [KEY] = r->parts[i]->holder,
            [LENGTH] = n(s, r->parts[i]->length_us));
    for (size_t i = 0; i < r->n_lots; i++) {
        const Callout__V1__ServiceLot *l = r->lots[i];
        PUT(s, [SECTION] = "man_days", [KEY] = l->key, [TITLE] = cli_title(s->cli, l->title, ""),
            [BOUGHT] = n(s, l->bought_minutes), [RESERVED] = n(s, l->reserved_minutes),
            [USED] = n(s, l->used_minutes));
    }
}

static void put_penalties(const struct sheet *s)
{
    const Callout__V1__ServicePenalties *p = s->report->penalties;
    if (p == NULL)
        return;
    const struct {
        const char *key;
        int64_t cents;
    } sums[] = { { "owed", p->owed_cents },
                 { "so_far", p->so_far_cents },
                 { "before", p->before_cents },
                 { "cap", p->cap_cents },
                 { "left", p->left_cents } };
    for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
        PUT(s, [SECTION] = "penalties", [KEY] = sums[i].key, [CENTS] = n(s, sums[i].cents),
            [CURRENCY] = currency(s));
}

static void put_satisfaction(const struct sheet *s)
{
    const Callout__V1__SatisfactionRow *c = s->report->satisfaction;
    const struct {
        const char *key;
        uint64_t count;
    } sums[] = { { "calls", c->calls },       { "solved", c->solved }, { "partly", c->partly },
                 { "unsolved", c->unsolved }, { "rated", c->rated },   { "stars", c->stars },
                 { "unhappy", c->unhappy } };
    for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++)
        PUT(s, [SECTION] = "satisfaction", [KEY] = sums[i].key,
            [COUNT] = n(s, (int64_t)sums[i].count));
}

int report_service_print_csv(struct cli *cli, const Callout__V1__ServiceReport *report)
{
    const struct sheet s = { cli, report };
    put(&s, names);
    PUT(&s, [SECTION] = "contract", [KEY] = report->contract,
        [TITLE] = cli_title(cli, report->name, ""), [FROM] = n(&s, report->from_us),
        [UNTIL] = n(&s, report->until_us),
        [CENTS] = report->price == NULL ? "" : n(&s, report->price->cents),
        [CURRENCY] = currency(&s));
    put_cases(&s);
    put_sums(&s);
    put_penalties(&s);
    put_satisfaction(&s);
    return fflush(cli->out) == 0 ? CLI_OK
                                 : cli_fail(cli, CLI_FAILED, "the answer cannot be written");
}
