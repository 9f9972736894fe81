#include "cli_view.h"

#include <string.h>

#include "cli_table.h"
#include "co_json.h"

void cli_view_heading(struct cli *cli, const char *text)
{
    (void)fprintf(cli->out, "\n%s\n", text);
}

void cli_view_line(struct cli *cli, const char *name, const char *text)
{
    if (text[0] != '\0')
        (void)fprintf(cli->out, "  %-10s %s\n", name, text);
}

static void show_head(struct cli *cli, const Callout__V1__CaseView *v)
{
    (void)fprintf(cli->out, "%s  %s", v->number, v->state);
    if (v->severity > 0)
        (void)fprintf(cli->out, ", severity %u %s", v->severity,
                      cli_title(cli, v->severity_name, ""));
    (void)fprintf(cli->out, "\n");
    if (v->is_cut)
        cli_view_line(
            cli, "cut",
            cli_format(cli,
                       "too long to be shown whole: as it stood at entry %llu; callout watch %s "
                       "tells the rest",
                       (unsigned long long)v->last_seq, v->number));
    cli_view_line(cli, "title", v->title[0] != '\0' ? v->title : "(erased)");
    cli_view_line(cli, "reported",
                  cli_format(cli, "%s (%s)", cli_when(cli, v->reported_us), cli_zone(cli)));
    cli_view_line(cli, "severity", cli_why(cli, v->severity_why));
    cli_view_line(cli, "customer", v->customer);
    cli_view_line(cli, "contract",
                  cli_format(cli, "%s%s", v->contract, cli_entitled(cli, v->entitled)));
    cli_view_line(cli, "site", v->site);
    cli_view_line(cli, "product", v->product);
    cli_view_line(cli, "version",
                  v->is_version_open ? "not known: the report names none" : v->version);
    cli_view_line(cli, "target", v->target);
    cli_view_line(cli, "date", cli_dates(cli, v->dated_us, v->dated_until_us));
    if (v->origin != NULL && v->origin->kind[0] != '\0')
        cli_view_line(cli, "opened by", cli_format(cli, "%s %s", v->origin->kind, v->origin->key));
    if (v->policy != NULL)
        cli_view_line(cli, "policy",
                      cli_format(cli, "%s, as of registry version %llu", v->policy->key,
                                 (unsigned long long)v->policy->since));
    cli_view_calendar(cli, v);
    cli_view_line(cli, "from", v->source);
    cli_view_line(cli, "key", v->key);
    cli_view_line(cli, "hardware",
                  v->hardware_expected_us == 0
                      ? ""
                      : cli_format(cli, "expected %s", cli_when(cli, v->hardware_expected_us)));
    if (v->not_served != NULL)
        cli_view_line(cli, "excluded",
                      cli_format(cli,
                                 "%s: asked for on site %s; nothing is promised there and nobody "
                                 "is sent by itself",
                                 cli_area(cli, v->not_served),
                                 cli_when(cli, v->not_served->asked_us)));
    cli_view_line(cli, "closed", cli_when(cli, v->closed_us));
    if (v->n_passed_over > 0)
        cli_view_line(cli, "ignored",
                      cli_format(cli, "%s: no trait or condition of this policy",
                                 cli_join(cli, v->passed_over, v->n_passed_over)));
    cli_view_line(cli, "text", v->description);
}

static void show_held(struct cli *cli, const Callout__V1__CaseView *v)
{
    if (v->held != NULL)
        (void)fprintf(cli->out, "  held       %s (callout act %s approve)\n",
                      cli_held(cli, v->held), v->number);
    for (size_t i = 0; i < v->n_unknown; i++) {
        const Callout__V1__Unknown *u = v->unknown[i];
        (void)fprintf(cli->out, "  unknown    %s '%s'%s%s\n", u->field, u->value,
                      u->n_nearest > 0 ? "; known and alike: " : "",
                      cli_join(cli, u->nearest, u->n_nearest));
    }
}

static const char *how_long(struct cli *cli, const Callout__V1__ClockView *c, int64_t now_us)
{
    if (c->late_us > 0)
        return cli_format(cli, "late by %s",
                          cli_length_between(cli, c->due_us, c->due_us + c->late_us));
    if (c->end_us > 0 || c->due_us == 0)
        return cli_when(cli, c->end_us);
    if (strcmp(c->state, "paused") == 0)
        return "the clock stands"; /* the due time moves on with it */
    return cli_left(cli, c->due_us, now_us);
}

static void show_clocks(struct cli *cli, const Callout__V1__CaseView *v)
{
    cli_view_heading(cli, "Promises");
    if (v->n_clocks == 0)
        (void)fprintf(cli->out, "  none yet\n");
    struct cli_table t;
    cli_table_init(&t, cli, "milestone|>no.|state|due|when|warned|computed from");
    int64_t now_us = cli_now_us();
    for (size_t i = 0; i < v->n_clocks; i++) {
        const Callout__V1__ClockView *c = v->clocks[i];
        CLI_TABLE_ADD(&t, cli_title(cli, c->title, c->milestone),
                      cli_format(cli, "%u", c->generation),
                      c->internal ? cli_format(cli, "%s (internal)", c->state) : c->state,
                      cli_when(cli, c->due_us), how_long(cli, c, now_us),
                      c->warned > 0 ? cli_format(cli, "%u", c->warned) : "",
                      cli_format(cli, "%s%s", cli_basis(cli, c->basis),
                                 c->from_contract ? ", figure of the contract" : ""));
    }
    cli_table_print(&t, CLI_VIEW_INDENT);
}

/* What an action did. `action` NULL: the pack was not at hand. */
static const char *done(struct cli *cli, const Callout__V1__Acted *a,
                        const Callout__V1__ActionView *action)
{
    const char *what = a->what[0] != '\0'                     ? a->what
                       : a->act != CALLOUT__V1__ACT__ACT_NONE ? cli_act(cli, a->act)
                                                              : "";
    if (action == NULL)
        return what;
    if (action->kind == CALLOUT__V1__ACTION_KIND__ACTION_START)
        return cli_format(cli, "%s starts", what);
    if (action->kind == CALLOUT__V1__ACTION_KIND__ACTION_STEP)
        return cli_format(cli, "step %s asked for", what);
    if (action->kind == CALLOUT__V1__ACTION_KIND__ACTION_PROPOSE)
        return cli_format(cli, "%s proposed", what);
    if (action->kind != CALLOUT__V1__ACTION_KIND__ACTION_TELL)
        return what;
    return cli_format(cli, "%s%stold to %s", what, what[0] == '\0' ? "" : " ",
                      cli_roles(cli, action->roles, action->n_roles));
}

static bool stands(const Callout__V1__CaseView *v, const Callout__V1__Acted *a)
{
    for (size_t i = 0; i < v->n_withdrawn; i++) {
        const Callout__V1__Withdrawn *w = v->withdrawn[i];
        if (w->stands && w->kind == CALLOUT__V1__EVENT__BODY_ACTED && w->ordinal == a->index &&
            w->generation == a->generation && strcmp(w->milestone, a->milestone) == 0 &&
            strcmp(w->trigger, a->trigger) == 0)
            return true;
    }
    return false;
}

static void show_changes(struct cli *cli, const Callout__V1__CaseView *v)
{
    if (v->n_severity_changes + v->n_acted == 0)
        return;
    cli_view_heading(cli, "What followed");
    for (size_t i = 0; i < v->n_severity_changes; i++) {
        const Callout__V1__SeverityChanged *s = v->severity_changes[i];
        (void)fprintf(cli->out, "  %s  severity from %u to %u: %s\n", cli_when(cli, s->changed_us),
                      s->from, s->to, cli_why(cli, s->why));
    }
    for (size_t i = 0; i < v->n_acted; i++) {
        const Callout__V1__Acted *a = v->acted[i];
        const char *barred = cli_title(cli, a->barred, "");
        (void)fprintf(cli->out, "  %s  %s because of %s of %s%s%s%s\n", cli_when(cli, a->acted_us),
                      done(cli, a, i < v->n_actions ? v->actions[i] : NULL), a->trigger,
                      a->milestone, barred[0] == '\0' ? "" : "; barred: ", barred,
                      stands(v, a) ? "; stands, though its reason is gone" : "");
    }
}

/* It waits for its time, and may be taken back before. */
static bool is_ahead(const Callout__V1__NoticeView *n)
{
    return n->state == CALLOUT__V1__NOTICE_STATE__NOTICE_PLANNED && n->not_before_us != 0 &&
           n->n_resent == 0;
}

static int64_t notice_time(const Callout__V1__NoticeView *n)
{
    return n->settled_us != 0 ? n->settled_us : is_ahead(n) ? n->not_before_us : n->planned_us;
}

static void show_notices(struct cli *cli, const Callout__V1__CaseView *v)
{
    if (v->n_notices == 0)
        return;
    cli_view_heading(cli, "Notices");
    struct cli_table t;
    cli_table_init(&t, cli, "why|to|as|by|state|when|>tries|answer");
    for (size_t i = 0; i < v->n_notices; i++) {
        const Callout__V1__NoticeView *n = v->notices[i];
        CLI_TABLE_ADD(&t, n->obligation, cli_notice_reader(cli, n), n->slot, n->channel,
                      is_ahead(n) ? "planned for" : cli_notice_state(cli, n->state),
                      cli_when(cli, notice_time(n)),
                      n->attempts > 0 ? cli_format(cli, "%u", n->attempts) : "", n->detail);
    }
    cli_table_print(&t, CLI_VIEW_INDENT);
}

static const char *rating(struct cli *cli, uint32_t stars)
{
    return stars == 0 ? "" : cli_format(cli, "%u of 5", stars);
}

static void show_calls(struct cli *cli, const Callout__V1__CaseView *v)
{
    if (v->n_calls == 0)
        return;
    cli_view_heading(cli, "Called back");
    struct cli_table t;
    cli_table_init(&t, cli, "when|by|the customer says|engineer|of office|rating");
    for (size_t i = 0; i < v->n_calls; i++) {
        const Callout__V1__CallView *c = v->calls[i];
        CLI_TABLE_ADD(&t, cli_when(cli, c->called_us), c->person, cli_solved(c->solved),
                      c->engineer, c->office, rating(cli, c->rating));
    }
    cli_table_print(&t, CLI_VIEW_INDENT);
}

static void show_history(struct cli *cli, const Callout__V1__CaseView *v)
{
    if (v->n_history == 0)
        return;
    cli_view_heading(cli, "Commands");
    struct cli_table t;
    cli_table_init(&t, cli, "happened|act|as|by|what|outcome|detail");
    for (size_t i = 0; i < v->n_history; i++) {
        const Callout__V1__HistoryRow *h = v->history[i];
        CLI_TABLE_ADD(&t, cli_when(cli, h->occurred_us), cli_act(cli, h->act),
                      cli_role(cli, h->role), h->person,
                      h->agreed_us == 0 ? h->name : cli_when(cli, h->agreed_us),
                      h->outcome[0] == '\0' ? "pending" : h->outcome, h->detail);
    }
    cli_table_print(&t, CLI_VIEW_INDENT);
}

void cli_show_view(struct cli *cli, const Callout__V1__CaseView *view)
{
    show_head(cli, view);
    show_held(cli, view);
    show_clocks(cli, view);
    cli_view_ladders(cli, view);
    cli_view_late(cli, view);
    cli_view_exclusions(cli, view);
    cli_view_steps(cli, view);
    cli_view_bookings(cli, view);
    show_changes(cli, view);
    cli_view_visit(cli, view);
    cli_view_consents(cli, view);
    cli_view_days(cli, view);
    show_calls(cli, view);
    show_notices(cli, view);
    show_history(cli, view);
}
