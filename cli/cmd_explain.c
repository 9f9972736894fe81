/* callout explain NUMBER: what each promise was computed from, second by second, and what was said
 * of it. */
#include <string.h>

#include "cli.h"
#include "cli_refold.h"
#include "cli_table.h"
#include "co_json.h"
#include "co_time.h"

enum { INDENT = 4 };

/* -- what was announced */

/* Which clock an event is about; false: none. */
static bool clock_of(const Callout__V1__Event *e, const char **ret_milestone,
                     uint32_t *ret_generation)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(
        &callout__v1__event__descriptor, (unsigned)e->body_case);
    if (field == NULL || field->type != PROTOBUF_C_TYPE_MESSAGE)
        return false;
    const ProtobufCMessage *body;
    memcpy(&body, (const char *)e + field->offset, sizeof(body));
    const ProtobufCFieldDescriptor *milestone =
        protobuf_c_message_descriptor_get_field_by_name(body->descriptor, "milestone");
    const ProtobufCFieldDescriptor *generation =
        protobuf_c_message_descriptor_get_field_by_name(body->descriptor, "generation");
    if (milestone == NULL || generation == NULL)
        return false;
    memcpy(ret_milestone, (const char *)body + milestone->offset, sizeof(*ret_milestone));
    memcpy(ret_generation, (const char *)body + generation->offset, sizeof(*ret_generation));
    return true;
}

static bool is_of(const Callout__V1__Event *e, const Callout__V1__ClockAccount *c)
{
    const char *milestone = NULL;
    uint32_t generation = 0;
    return e != NULL && clock_of(e, &milestone, &generation) && generation == c->generation &&
           strcmp(milestone, c->milestone) == 0;
}

/* The promise that holds; NULL: none. */
static const Callout__V1__Promised *find_promise(const struct cli_journal *j,
                                                 const Callout__V1__ClockAccount *c)
{
    const Callout__V1__Promised *p = NULL;
    for (size_t i = 0; i < j->count; i++) {
        const Callout__V1__Event *e = j->row[i]->event;
        if (!is_of(e, c))
            continue;
        if (e->body_case == CALLOUT__V1__EVENT__BODY_PROMISED)
            p = e->promised;
        else if (e->body_case == CALLOUT__V1__EVENT__BODY_WITHDRAWN &&
                 e->withdrawn->kind == CALLOUT__V1__EVENT__BODY_PROMISED)
            p = NULL;
    }
    return p;
}

/* A clock that stands is announced with the time of before; its end is not known. */
static void compare(struct cli *cli, const struct cli_journal *j, Callout__V1__Explanation *e)
{
    for (size_t i = 0; i < e->n_clocks; i++) {
        Callout__V1__ClockAccount *c = e->clocks[i];
        const Callout__V1__Promised *p = find_promise(j, c);
        bool is_silent = c->basis == NULL; /* not to be announced either */
        if (p == NULL && !is_silent)
            c->announced = cli_text(cli, "nothing");
        else if (p != NULL && !p->is_paused && p->due_us != c->due_us)
            c->announced = cli_text(cli, "another time");
    }
}

/* -- for people */

static const struct {
    const char *why;
    const char *text[2]; /* by enum cli_language */
} reasons[] = {
    { "running", { "running time", "连续计时" } },
    { "working", { "working time", "工作时间" } },
    { "makeup", { "working time of a make-up workday", "调休工作日的工作时间" } },
    { "day", { "counts as a day", "计为一日" } },
    { "makeup_day", { "make-up workday, counts as a day", "调休工作日，计为一日" } },
    { "paused", { "the clock stands", "暂停" } },
    { "off_hours", { "outside of working hours", "工作时间以外" } },
    { "weekend", { "no working day", "非工作日" } },
    { "holiday", { "public holiday", "法定节假日" } },
    { "start_day", { "the day of the start does not count", "起始日不计" } },
    { "agreed", { "as agreed by both sides", "双方约定" } },
};

static const char *reason(struct cli *cli, const Callout__V1__Segment *s)
{
    const char *text = s->why;
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (strcmp(reasons[i].why, s->why) == 0)
            text = reasons[i].text[cli->language];
    return s->name[0] == '\0' ? text : cli_format(cli, "%s (%s)", text, s->name);
}

/* Local days of the calendar, which need not be those of the reader. */
static const char *days(struct cli *cli, const Callout__V1__Segment *s)
{
    if (strcmp(s->first_day, s->last_day) == 0)
        return s->first_day;
    return cli_format(cli, "%s to %s", s->first_day, s->last_day + strlen("2026-"));
}

static const char *amount(struct cli *cli, int64_t amount, bool is_days)
{
    if (!is_days)
        return cli_length(cli, amount);
    return cli_format(cli, "%lld %s", (long long)amount, amount == 1 ? "day" : "days");
}

/* Between the two as they are shown, in whole seconds. */
static const char *length_between(struct cli *cli, int64_t from_us, int64_t until_us)
{
    int64_t seconds = until_us / CO_SECOND_US - from_us / CO_SECOND_US;
    return cli_length(cli, seconds * CO_SECOND_US);
}

static const char *outcome(struct cli *cli, const Callout__V1__ClockAccount *c, int64_t now_us)
{
    if (c->end_us == 0)
        return c->due_us == 0
                   ? c->state
                   : cli_format(cli, "%s, %s", c->state, cli_left(cli, c->due_us, now_us));
    if (strcmp(c->state, "late") == 0)
        return cli_format(cli, "met at %s, late by %s", cli_when(cli, c->end_us),
                          length_between(cli, c->due_us, c->end_us));
    bool was_late = strcmp(c->state, "breached") == 0; /* stopped, or started anew by a raise */
    return cli_format(cli, "%s%s at %s", c->state, was_late ? ", ended" : "",
                      cli_when(cli, c->end_us));
}

static const char *target(struct cli *cli, const Callout__V1__ClockAccount *c)
{
    if (c->basis == NULL)
        return "not known before the site is located";
    return cli_format(cli, "%s; level %u of milestone %s%s%s", cli_basis(cli, c->basis),
                      c->severity, c->milestone, c->table[0] != '\0' ? ", zone table " : "",
                      c->table);
}

static void explain_segments(struct cli *cli, const Callout__V1__ClockAccount *c)
{
    struct cli_table t;
    cli_table_init(&t, cli, "from|until|>length|>counts|days|why");
    for (size_t i = 0; i < c->n_segments; i++) {
        const Callout__V1__Segment *s = c->segments[i];
        const char *length = length_between(cli, s->from_us, s->until_us);
        const char *counted = c->is_days ? amount(cli, 1, true) : length;
        CLI_TABLE_ADD(&t, cli_when(cli, s->from_us), cli_when(cli, s->until_us), length,
                      s->counts ? counted : "-", days(cli, s), reason(cli, s));
    }
    if (c->target != 0)
        CLI_TABLE_ADD(&t, "", "", "", amount(cli, c->counted, c->is_days), "",
                      cli_format(cli, "of %s", amount(cli, c->target, c->is_days)));
    cli_table_print(&t, INDENT);
}

static void explain_clock(struct cli *cli, const Callout__V1__Explanation *e,
                          const Callout__V1__ClockAccount *c, const struct cli_journal *j)
{
    (void)fprintf(cli->out, "\n%s (%s/%u)%s\n", cli_title(cli, c->title, c->milestone),
                  c->milestone, c->generation, c->internal ? ", internal" : "");
    (void)fprintf(cli->out, "  target     %s\n", target(cli, c));
    (void)fprintf(cli->out, "  started    %s\n", cli_when(cli, c->start_us));
    (void)fprintf(cli->out, "  due        %s%s\n",
                  c->due_us == 0 ? "not known yet" : cli_when(cli, c->due_us),
                  c->announced[0] == '\0'
                      ? ""
                      : cli_format(cli, " (announced is %s: sla is behind, or this is a fault)",
                                   c->announced));
    (void)fprintf(cli->out, "  outcome    %s\n", outcome(cli, c, e->as_of_us));
    explain_segments(cli, c);
    for (size_t i = 0; i < j->count; i++) {
        const char *kind = "";
        if (!is_of(j->row[i]->event, c))
            continue;
        const char *text = cli_event(cli, j->row[i]->event, &kind);
        (void)fprintf(cli->out, "  announced  %s  %-9s %s%s\n", cli_when(cli, j->row[i]->at_us),
                      kind, text, cli_event_late(cli, j->row[i]->event, j->row[i]->at_us));
    }
}

static const char *pin(struct cli *cli, const Callout__V1__Pin *p)
{
    return p == NULL ? ""
                     : cli_format(cli, "%s as of registry version %llu", p->key,
                                  (unsigned long long)p->since);
}

static void explain_severity(struct cli *cli, const Callout__V1__CaseView *v)
{
    (void)fprintf(cli->out, "severity   %u %s: %s\n", v->severity,
                  cli_title(cli, v->severity_name, ""), cli_why(cli, v->severity_why));
    for (size_t i = 0; i < v->n_severity_changes; i++)
        (void)fprintf(cli->out, "           %s  from %u to %u: %s\n",
                      cli_when(cli, v->severity_changes[i]->changed_us),
                      v->severity_changes[i]->from, v->severity_changes[i]->to,
                      cli_why(cli, v->severity_changes[i]->why));
}

static void explain_case(struct cli *cli, const Callout__V1__CaseView *v,
                         const Callout__V1__Explanation *e)
{
    (void)fprintf(cli->out, "%s, %s, times in %s\n", v->number, v->state, cli_zone(cli));
    if (e != NULL) {
        explain_severity(cli, v);
        (void)fprintf(cli->out, "policy     %s%s%s\n", pin(cli, e->policy),
                      e->source[0] != '\0' ? ": " : "", e->source);
        (void)fprintf(cli->out, "calendar   %s\n", pin(cli, e->calendar));
        (void)fprintf(cli->out, "contract   %s\n", pin(cli, e->terms));
    }
    if (v->located != NULL)
        (void)fprintf(cli->out, "distance   %s from %s by %s (%s in a straight line)\n",
                      cli_km(cli, v->located->km), v->located->office, v->located->source,
                      cli_km(cli, v->located->straight_km));
    if (e == NULL || e->n_clocks == 0)
        (void)fprintf(cli->out, "nothing is promised%s\n",
                      v->held != NULL ? ": the case is held" : " yet");
}

/* The view is the last that is asked for: it lives until the next call. */
static int read_view(struct cli *cli, Callout__V1__CaseView **ret)
{
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    Callout__V1__QueryResult *result = NULL;
    query.what = CALLOUT__V1__WHAT__WHAT_CASE;
    query.number = cli_text(cli, cli->args->word[0]);
    int code = cli_query(cli, &query, &result);
    if (code != CLI_OK)
        return code;
    *ret = result->view;
    return *ret != NULL ? CLI_OK
                        : cli_fail(cli, CLI_NOT_FOUND, "there is no case %s", query.number);
}

int cmd_explain(struct cli *cli)
{
    struct cli_journal journal;
    Callout__V1__Explanation *e = NULL;
    Callout__V1__CaseView *view = NULL;
    int code = cli_journal_read(cli, cli->args->word[0], &journal);
    if (code == CLI_OK)
        code = cli_refold(cli, &journal, &e);
    if (code == CLI_OK)
        code = read_view(cli, &view);
    if (code != CLI_OK)
        return code;
    if (e != NULL)
        compare(cli, &journal, e);
    if (cli->is_json) {
        Callout__V1__Explanation nothing = CALLOUT__V1__EXPLANATION__INIT;
        Callout__V1__Explanation *answer = e != NULL ? e : &nothing;
        answer->number = view->number;
        return cli_print_json(cli, &answer->base, false);
    }
    explain_case(cli, view, e);
    for (size_t i = 0; e != NULL && i < e->n_clocks; i++)
        explain_clock(cli, e, e->clocks[i], &journal);
    return CLI_OK;
}
