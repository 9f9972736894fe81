/* callout notice list|show|resend: who was told what, and dead letters on their way again. */
#include <string.h>

#include "cli.h"
#include "cli_table.h"
#include "co_json.h"

const struct cli_option cmd_notice_options[] = {
    { "all", 0, NULL, "list: not only dead letters" },
    { "state", 0, "STATE",
      "list: only these, may be repeated: planned, sending, accepted, failed, unknown, delivered, "
      "cancelled, gathered" },
    { "person", 0, "KEY", "list, resend --every: only to this person" },
    { "channel", 0, "KEY", "list, resend --every: only by this channel" },
    { "case", 0, "NUMBER", "list, resend --every: only of this case" },
    { "limit", 'n', "N", "list: at most so many [100]" },
    { "generation", 0, "N", "show, resend: said for the N-th time, after it was taken back [1]" },
    { "every", 0, NULL, "resend: every dead letter that the other options mean" },
    { "via", 0, "KEY", "resend: by this channel [the person's first]" },
    { "by", 0, "PERSON", "resend: who wants it: key of a person" },
    { "note", 0, "TEXT", "resend: why" },
    { "key", 0, "KEY", "resend: our key of this command; the same again has one effect [random]" },
    { NULL, 0, NULL, NULL },
};

enum { PAGE = 1000, LIST_DEFAULT = 100, LIST_MAX = 1000000, STATES_MAX = 8, WAIT_MS = 10000 };

/* ---- asking ---- */

struct question {
    Callout__V1__Query query;
    Callout__V1__NoticeFilter filter;
    Callout__V1__NoticeState states[STATES_MAX];
    char number[64], person[128], channel[128]; /* outlive the arena of a page */
};

static bool read_states(struct cli *cli, struct question *q)
{
    size_t n = 0;
    char **names = cli_values(cli, "state", &n);
    q->filter.states = q->states;
    for (size_t i = 0; i < n; i++) {
        int value = 0;
        if (i == STATES_MAX ||
            co_json_enum_value(&callout__v1__notice_state__descriptor, names[i], &value) != CO_OK) {
            (void)cli_usage(cli,
                            "--state %s: allowed are planned, sending, accepted, failed, unknown, "
                            "delivered, cancelled and gathered",
                            names[i]);
            return false;
        }
        q->states[q->filter.n_states++] = (Callout__V1__NoticeState)value;
    }
    return true;
}

static bool read_question(struct cli *cli, struct question *q)
{
    callout__v1__query__init(&q->query);
    callout__v1__notice_filter__init(&q->filter);
    if (!read_states(cli, q))
        return false;
    (void)snprintf(q->number, sizeof(q->number), "%s", cli_value_or(cli, "case", ""));
    (void)snprintf(q->person, sizeof(q->person), "%s", cli_value_or(cli, "person", ""));
    (void)snprintf(q->channel, sizeof(q->channel), "%s", cli_value_or(cli, "channel", ""));
    q->query.what = CALLOUT__V1__WHAT__WHAT_NOTICES;
    q->query.number = q->number;
    q->query.notices = &q->filter;
    q->filter.person = q->person;
    q->filter.channel = q->channel;
    q->filter.dead = !cli_has(cli, "all") && q->filter.n_states == 0;
    return true;
}

/* ---- list ---- */

static void add_row(struct cli *cli, struct cli_table *t, const Callout__V1__NoticeRow *row)
{
    const Callout__V1__NoticeView *n = row->notice;
    CLI_TABLE_ADD(
        t, cli_text(cli, row->number), cli_text(cli, n->obligation), cli_text(cli, n->slot),
        n->generation > 1 ? cli_format(cli, "%u", n->generation) : "", cli_notice_reader(cli, n),
        cli_text(cli, n->channel), cli_notice_state(cli, n->state),
        cli_when(cli, n->settled_us != 0 ? n->settled_us : n->planned_us),
        n->attempts > 0 ? cli_format(cli, "%u", n->attempts) : "", cli_when(cli, row->next_us),
        cli_text(cli, n->detail));
}

static uint32_t print_page(struct cli *cli, const Callout__V1__QueryResult *page, uint32_t room)
{
    struct cli_table t;
    uint32_t shown = 0;
    cli_table_init(&t, cli, "case|why|slot|>gen|to|by|state|when|>tries|next|answer");
    for (size_t i = 0; i < page->n_notices && shown < room; i++, shown++)
        if (cli->is_json)
            (void)cli_print_json(cli, &page->notices[i]->base, true);
        else
            add_row(cli, &t, page->notices[i]);
    if (shown > 0 && !cli->is_json)
        cli_table_print(&t, 0);
    co_arena_reset(cli->arena);
    return shown;
}

static int list(struct cli *cli)
{
    struct question q;
    struct cli_cursor cursor = { .len = 0 };
    struct cli_progress progress = { .start_ms = 0 };
    uint32_t limit = LIST_DEFAULT, got = 0;
    bool is_end = false;
    if (!cli_read_count(cli, "limit", LIST_MAX, &limit) || !read_question(cli, &q))
        return CLI_USAGE;
    while (!is_end && got < limit) {
        Callout__V1__QueryResult *page = NULL;
        q.query.limit = q.filter.dead && limit - got < PAGE ? limit - got : PAGE;
        int code = cli_query(cli, &q.query, &page);
        if (code != CLI_OK)
            return code;
        is_end = !cli_cursor_move(&cursor, &q.query, page);
        got += print_page(cli, page, limit - got);
        cli_progress(cli, &progress, "looking; %u found", got);
    }
    cli_progress_end(cli, &progress);
    if (got == 0 && !cli->is_json)
        cli_note(cli, q.filter.dead ? "there are no dead letters" : "there are no such notices");
    if (!is_end && !cli->is_json)
        cli_note(cli, "there may be more: --limit N");
    return CLI_OK;
}

/* ---- one ---- */

static bool read_name(struct cli *cli, Callout__V1__NoticeName *name)
{
    const struct cli_args *a = cli->args;
    uint32_t generation = 1;
    if (a->words != 4) {
        (void)cli_usage(cli, "callout notice %s NUMBER WHY SLOT; callout notice list shows them",
                        a->word[0]);
        return false;
    }
    if (!cli_read_count(cli, "generation", UINT32_MAX, &generation))
        return false;
    callout__v1__notice_name__init(name);
    name->obligation = cli_text(cli, a->word[2]);
    name->slot = cli_text(cli, a->word[3]);
    name->generation = generation;
    return true;
}

static void show_line(struct cli *cli, const char *what, const char *value)
{
    if (value[0] != '\0')
        (void)fprintf(cli->out, "%-9s %s\n", what, value);
}

static void show_one(struct cli *cli, const Callout__V1__NoticeRow *row)
{
    const Callout__V1__NoticeView *n = row->notice;
    show_line(cli, "case", row->number);
    show_line(cli, "why", cli_format(cli, "%s (%s)", n->obligation, n->slot));
    show_line(cli, "to", n->person);
    show_line(cli, "for", n->stands_for);
    show_line(cli, "because", n->why_him);
    show_line(cli, "by", n->channel);
    show_line(cli, "address", row->erased ? "(erased)" : row->address);
    show_line(cli, "state", cli_notice_state(cli, n->state));
    show_line(cli, "planned", cli_when(cli, n->planned_us));
    show_line(cli, "settled", cli_when(cli, n->settled_us));
    show_line(cli, "next", cli_when(cli, row->next_us));
    show_line(cli, "tries", n->attempts > 0 ? cli_format(cli, "%u", n->attempts) : "");
    bool is_waiting = n->attempts == 0 && row->next_us != 0;
    show_line(cli, is_waiting ? "waits" : "answer", n->detail);
    if (!row->erased)
        (void)fprintf(cli->out, "\n%s\n\n%s\n", row->subject, row->body);
}

static int show(struct cli *cli)
{
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    Callout__V1__NoticeName name;
    Callout__V1__QueryResult *result = NULL;
    if (!read_name(cli, &name))
        return CLI_USAGE;
    query.what = CALLOUT__V1__WHAT__WHAT_NOTICE;
    query.number = cli_text(cli, cli->args->word[1]);
    query.notice = &name;
    int code = cli_query(cli, &query, &result);
    if (code != CLI_OK)
        return code;
    if (result->n_notices == 0)
        return cli_fail(cli, CLI_NOT_FOUND, "there is no such notice");
    if (cli->is_json)
        return cli_print_json(cli, &result->notices[0]->base, false);
    show_one(cli, result->notices[0]);
    return CLI_OK;
}

/* ---- again ---- */

static void fill_command(struct cli *cli, Callout__V1__Command *command)
{
    callout__v1__command__init(command);
    command->act = CALLOUT__V1__ACT__ACT_RESEND_NOTICE;
    command->person = cli_text(cli, cli_value(cli, "by"));
    command->name = cli_text(cli, cli_value(cli, "via"));
    command->note = cli_text(cli, cli_value(cli, "note"));
    command->wait_ms = WAIT_MS;
}

static int resend_one(struct cli *cli)
{
    Callout__V1__Command command;
    Callout__V1__NoticeName name;
    if (!read_name(cli, &name))
        return CLI_USAGE;
    fill_command(cli, &command);
    command.key = cli_has(cli, "key") ? cli_text(cli, cli_value(cli, "key")) : cli_new_key(cli);
    command.number = cli_text(cli, cli->args->word[1]);
    command.notice = &name;
    return cli_command(cli, &command);
}

/* What is to be sent again: read whole before the first one goes, as those that go leave the list.
 */
struct letters {
    Callout__V1__NoticeRow **row;
    size_t count, cap;
};

static bool keep(struct cli *cli, struct letters *l, const Callout__V1__NoticeRow *row)
{
    if (l->count == l->cap) {
        size_t cap = l->cap == 0 ? PAGE : 2 * l->cap;
        Callout__V1__NoticeRow **grown = co_arena_alloc(cli->arena, cap * sizeof(*grown));
        if (grown == NULL)
            return false;
        if (l->count > 0)
            memcpy((void *)grown, (const void *)l->row, l->count * sizeof(*grown));
        l->row = grown;
        l->cap = cap;
    }
    Callout__V1__NoticeRow *copy = co_arena_alloc(cli->arena, sizeof(*copy));
    Callout__V1__NoticeView *view = co_arena_alloc(cli->arena, sizeof(*view));
    if (copy == NULL || view == NULL)
        return false;
    callout__v1__notice_row__init(copy);
    callout__v1__notice_view__init(view);
    copy->number = cli_text(cli, row->number);
    copy->notice = view;
    view->obligation = cli_text(cli, row->notice->obligation);
    view->slot = cli_text(cli, row->notice->slot);
    view->generation = row->notice->generation;
    l->row[l->count++] = copy;
    return true;
}

static int fetch(struct cli *cli, struct letters *l)
{
    struct question q;
    struct cli_cursor cursor = { .len = 0 };
    if (!read_question(cli, &q))
        return CLI_USAGE;
    if (!q.filter.dead)
        return cli_usage(cli, "resend --every is for dead letters: neither --all nor --state");
    q.query.limit = PAGE;
    for (;;) {
        Callout__V1__QueryResult *page = NULL;
        int code = cli_query(cli, &q.query, &page);
        if (code != CLI_OK)
            return code;
        for (size_t i = 0; i < page->n_notices; i++)
            if (!keep(cli, l, page->notices[i]))
                return cli_fail(cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
        if (!cli_cursor_move(&cursor, &q.query, page))
            return CLI_OK;
    }
}

static int resend_every(struct cli *cli)
{
    struct letters l = { .row = NULL };
    struct cli_progress progress = { .start_ms = 0 };
    size_t sent = 0;
    int worst = fetch(cli, &l);
    for (size_t i = 0; worst != CLI_USAGE && worst != CLI_UNAVAILABLE && i < l.count; i++) {
        Callout__V1__Command command;
        Callout__V1__NoticeName name = CALLOUT__V1__NOTICE_NAME__INIT;
        fill_command(cli, &command);
        name.obligation = l.row[i]->notice->obligation;
        name.slot = l.row[i]->notice->slot;
        name.generation = l.row[i]->notice->generation;
        command.key = cli_new_key(cli);
        command.number = l.row[i]->number;
        command.notice = &name;
        cli_progress_bar(cli, &progress, i, l.count, "sending again");
        int code = cli_command(cli, &command);
        sent += code == CLI_OK ? 1 : 0;
        worst = code > worst ? code : worst;
    }
    cli_progress_end(cli, &progress);
    if (worst != CLI_USAGE && !cli->is_json)
        cli_note(cli, l.count == 0 ? "there are no dead letters" : "%zu of %zu are on their way",
                 sent, l.count);
    return worst;
}

int cmd_notice(struct cli *cli)
{
    const struct cli_args *a = cli->args;
    const char *verb = a->words > 0 ? a->word[0] : "list";
    if (strcmp(verb, "list") == 0)
        return a->words > 1 ? cli_usage(cli, "notice list: --case NUMBER lists those of a case")
                            : list(cli);
    if (strcmp(verb, "show") == 0)
        return show(cli);
    if (strcmp(verb, "resend") == 0)
        return cli_has(cli, "every") && a->words == 1 ? resend_every(cli) : resend_one(cli);
    return cli_usage(cli, "notice %s: allowed are list, show and resend", verb);
}
