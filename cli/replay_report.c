#include "replay_report.h"

#include "co_assert.h"

enum { NOTICE_STATES = CALLOUT__V1__NOTICE_STATE__NOTICE_GATHERED + 1 };

static void *alloc(struct cli *cli, size_t n, size_t size)
{
    void *p = co_arena_alloc(cli->arena, (n + 1) * size);
    co_assert(p != NULL); /* a report is small beside the arena */
    return p;
}

/* Makes a list of `n` messages of one type in the arena. */
#define LIST(cli, n, ret_list, type, init)                                                         \
    do {                                                                                           \
        (ret_list) = alloc((cli), (n), sizeof(*(ret_list)));                                       \
        type *item_ = alloc((cli), (n), sizeof(type));                                             \
        for (size_t i_ = 0; i_ < (n); i_++) {                                                      \
            init(&item_[i_]);                                                                      \
            (ret_list)[i_] = &item_[i_];                                                           \
        }                                                                                          \
    } while (0)

static void fill_balance(const struct replay *r, const struct replay_there *there,
                         Callout__V1__ReplayReport *to)
{
    const struct co_replay_cases *cases = co_replay_tally_cases(r->tally);
    uint64_t in_cases = there->cases;
    struct {
        const char *what;
        uint64_t sent, there;
    } rows[] = {
        { "tickets: receipts", r->tickets, there->ticket_receipts },
        { "tickets: journal", r->tickets, there->ticket_entries },
        { "tickets: cases", r->tickets, in_cases },
        { "tickets: opened or held", r->tickets, cases->opened + cases->held_still },
        { "commands: receipts", r->commands, there->command_receipts },
        { "commands: journal", r->commands, there->command_entries },
        { "commands: verdicts", r->commands, there->verdicts },
    };
    size_t n = sizeof(rows) / sizeof(rows[0]);
    LIST(r->cli, n, to->balance, Callout__V1__ReplayBalance, callout__v1__replay_balance__init);
    to->n_balance = n;
    for (size_t i = 0; i < n; i++) {
        to->balance[i]->what = cli_text(r->cli, rows[i].what);
        to->balance[i]->sent = rows[i].sent;
        to->balance[i]->there = rows[i].there;
    }
}

static void fill_cases(const struct replay *r, Callout__V1__ReplayReport *to)
{
    const struct co_replay_cases *c = co_replay_tally_cases(r->tally);
    to->cases = alloc(r->cli, 1, sizeof(*to->cases));
    callout__v1__replay_cases__init(to->cases);
    to->cases->opened = c->opened;
    to->cases->held = c->held;
    to->cases->held_still = c->held_still;
    to->cases->closed = c->closed;
    to->cases->raised = c->raised;
    to->cases->lowered = c->lowered;
    to->cases->nobody_left = c->nobody_left;
    to->cases->withdrawn = c->withdrawn;
}

static void fill_clock(struct cli *cli, Callout__V1__ReplayClocks *to, const char *name,
                       uint32_t severity, const struct co_replay_clocks *c)
{
    to->name = cli_text(cli, name);
    to->severity = severity;
    to->promised = c->promised;
    to->met = c->met;
    to->missed = c->missed;
    to->stopped = c->stopped;
    to->open = c->open;
}

static void fill_clocks(const struct replay *r, Callout__V1__ReplayReport *to)
{
    const struct co_replay_by_milestone *m =
        co_replay_tally_milestones(r->tally, &to->n_milestones);
    const struct co_replay_by_zone *z = co_replay_tally_zones(r->tally, &to->n_zones);
    LIST(r->cli, to->n_milestones, to->milestones, Callout__V1__ReplayClocks,
         callout__v1__replay_clocks__init);
    LIST(r->cli, to->n_zones, to->zones, Callout__V1__ReplayClocks,
         callout__v1__replay_clocks__init);
    for (size_t i = 0; i < to->n_milestones; i++)
        fill_clock(r->cli, to->milestones[i], m[i].milestone, m[i].severity, &m[i].clocks);
    for (size_t i = 0; i < to->n_zones; i++) {
        fill_clock(r->cli, to->zones[i], z[i].zone, z[i].severity, &z[i].clocks);
        to->zones[i]->km_max = z[i].km_max;
    }
}

static void fill_engineers(const struct replay *r, Callout__V1__ReplayReport *to)
{
    const struct co_replay_engineer *e = co_replay_tally_engineers(r->tally, &to->n_engineers);
    LIST(r->cli, to->n_engineers, to->engineers, Callout__V1__ReplayLoad,
         callout__v1__replay_load__init);
    for (size_t i = 0; i < to->n_engineers; i++) {
        Callout__V1__ReplayLoad *l = to->engineers[i];
        l->engineer = cli_text(r->cli, e[i].key);
        l->offers = e[i].offers;
        l->accepted = e[i].accepted;
        l->declined = e[i].declined;
        l->silent = e[i].silent;
        l->withdrawn = e[i].withdrawn;
        l->overtaken = e[i].overtaken;
        l->visits = e[i].visits;
        l->km = e[i].km;
    }
}

static void fill_commands(const struct replay *r, Callout__V1__ReplayReport *to)
{
    const struct co_replay_commands *c = co_replay_tally_commands(r->tally, &to->n_commands);
    LIST(r->cli, to->n_commands, to->commands, Callout__V1__ReplayCommands,
         callout__v1__replay_commands__init);
    for (size_t i = 0; i < to->n_commands; i++) {
        to->commands[i]->act = c[i].act;
        to->commands[i]->received = c[i].received;
        to->commands[i]->applied = c[i].applied;
        to->commands[i]->refused = c[i].refused;
    }
}

static void fill_notices(const struct replay *r, Callout__V1__ReplayReport *to)
{
    size_t n = 0;
    const struct co_replay_notices *channel = co_replay_tally_notices(r->tally, &n);
    LIST(r->cli, n * NOTICE_STATES, to->notices, Callout__V1__ReplayNotices,
         callout__v1__replay_notices__init);
    for (size_t i = 0; i < n * NOTICE_STATES; i++) {
        const struct co_replay_notices *c = &channel[i / NOTICE_STATES];
        if (c->state[i % NOTICE_STATES] == 0)
            continue;
        Callout__V1__ReplayNotices *row = to->notices[to->n_notices++];
        row->channel = cli_text(r->cli, c->channel);
        row->state = (Callout__V1__NoticeState)(i % NOTICE_STATES);
        row->count = c->state[i % NOTICE_STATES];
    }
}

Callout__V1__ReplayReport *replay_report(struct replay *r, const struct replay_there *there)
{
    if (co_replay_tally_finish(r->tally) != CO_OK)
        return NULL;
    Callout__V1__ReplayReport *to = alloc(r->cli, 1, sizeof(*to));
    callout__v1__replay_report__init(to);
    to->source = r->map->source;
    to->from_us = r->from_us;
    to->until_us = r->until_us;
    to->incidents = r->log->incidents;
    to->rows = r->log->rows;
    to->rows_without_act = r->plan->rows_without_act;
    to->rows_after_closing = r->plan->rows_after_closing;
    fill_balance(r, there, to);
    fill_cases(r, to);
    fill_clocks(r, to);
    fill_engineers(r, to);
    fill_commands(r, to);
    fill_notices(r, to);
    return to;
}

bool replay_report_is_whole(const Callout__V1__ReplayReport *report)
{
    for (size_t i = 0; i < report->n_balance; i++)
        if (report->balance[i]->sent != report->balance[i]->there)
            return false;
    return true;
}
