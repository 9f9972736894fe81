/* callout explain NUMBER: what each promise was computed from, and how it came to stand as it does.
 */
#include "cli.h"

#include <string.h>

#include "co_json.h"
#include "co_time.h"

enum { LINES_MAX = 2000 };

/* Lines about clocks, in the order of the journal. */
struct story {
    const char *milestone[LINES_MAX];
    uint32_t generation[LINES_MAX];
    const char *text[LINES_MAX];
    size_t n;
};

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

static void tell_entry(struct cli *cli, const Callout__V1__EntryRow *row, void *arg)
{
    struct story *s = arg;
    const char *milestone = NULL, *kind = "";
    uint32_t generation = 0;
    if (cli->is_json)
        (void)cli_print_json(cli, &row->base, true);
    if (cli->is_json || row->event == NULL || s->n == LINES_MAX ||
        !clock_of(row->event, &milestone, &generation))
        return;
    const char *text = cli_event(cli, row->event, &kind);
    s->milestone[s->n] = cli_text(cli, milestone);
    s->generation[s->n] = generation;
    s->text[s->n] = cli_format(cli, "%s  %-9s %s", cli_when(cli, row->at_us), kind, text);
    s->n++;
}

static const char *outcome(struct cli *cli, const Callout__V1__ClockView *c)
{
    if (c->end_us == 0)
        return c->due_us == 0
                   ? c->state
                   : cli_format(cli, "%s, %s", c->state, cli_left(cli, c->due_us, cli_now_us()));
    if (c->late_us > 0)
        return cli_format(cli, "met at %s, late by %s", cli_when(cli, c->end_us),
                          cli_length(cli, c->late_us));
    return cli_format(cli, "%s at %s", c->state, cli_when(cli, c->end_us));
}

static void explain_clock(struct cli *cli, const Callout__V1__ClockView *c, const struct story *s)
{
    (void)fprintf(cli->out, "\n%s (%s/%u)%s\n", cli_title(cli, c->title, c->milestone),
                  c->milestone, c->generation, c->internal ? ", internal" : "");
    (void)fprintf(cli->out, "  started    %s\n", cli_when(cli, c->start_us));
    (void)fprintf(cli->out, "  target     %s\n", cli_basis(cli, c->basis));
    (void)fprintf(cli->out, "  due        %s%s\n",
                  c->due_us == 0 ? "not known yet" : cli_when(cli, c->due_us),
                  c->revision > 1 ? cli_format(cli, " (moved %u times)", c->revision - 1) : "");
    (void)fprintf(cli->out, "  outcome    %s\n", outcome(cli, c));
    for (size_t i = 0; i < s->n; i++)
        if (s->generation[i] == c->generation && strcmp(s->milestone[i], c->milestone) == 0)
            (void)fprintf(cli->out, "  announced  %s\n", s->text[i]);
}

static void explain_case(struct cli *cli, const Callout__V1__CaseView *v)
{
    (void)fprintf(cli->out, "%s, %s, times in %s\n", v->number, v->state, cli_zone(cli));
    (void)fprintf(cli->out, "severity %u %s: %s\n", v->severity,
                  cli_title(cli, v->severity_name, ""), cli_why(cli, v->severity_why));
    for (size_t i = 0; i < v->n_severity_changes; i++)
        (void)fprintf(cli->out, "  %s  from %u to %u: %s\n",
                      cli_when(cli, v->severity_changes[i]->changed_us),
                      v->severity_changes[i]->from, v->severity_changes[i]->to,
                      cli_why(cli, v->severity_changes[i]->why));
    if (v->policy != NULL)
        (void)fprintf(cli->out, "policy %s as of registry version %llu\n", v->policy->key,
                      (unsigned long long)v->policy->since);
    if (v->located != NULL)
        (void)fprintf(cli->out, "distance %s from %s by %s (%s in a straight line)\n",
                      cli_km(cli, v->located->km), v->located->office, v->located->source,
                      cli_km(cli, v->located->straight_km));
    if (v->n_clocks == 0)
        (void)fprintf(cli->out, "nothing is promised%s\n",
                      v->held != NULL ? ": the case is held" : " yet");
}

int cmd_explain(struct cli *cli)
{
    struct story *s = co_arena_alloc(cli->arena, sizeof(*s));
    if (s == NULL)
        return CLI_FAILED;
    s->n = 0;
    int code = cli_entries(cli, cli->args->word[0], tell_entry, s);
    if (code != CLI_OK || cli->is_json)
        return code;
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    query.what = CALLOUT__V1__WHAT__WHAT_CASE;
    query.number = cli_text(cli, cli->args->word[0]);
    Callout__V1__QueryResult *result = NULL;
    code = cli_query(cli, &query, &result);
    if (code != CLI_OK)
        return code;
    if (result->view == NULL)
        return cli_fail(cli, CLI_NOT_FOUND, "there is no case %s", query.number);
    explain_case(cli, result->view);
    for (size_t i = 0; i < result->view->n_clocks; i++)
        explain_clock(cli, result->view->clocks[i], s);
    return CLI_OK;
}
