/* The checklist of a case: steps of its policy pack. */
#include <string.h>

#include "cli_table.h"
#include "cli_view.h"

enum { HASH_SHOWN = 4 }; /* bytes */

static bool is_open(const Callout__V1__StepView *s)
{
    return strcmp(s->state, "open") == 0;
}

static bool is_done(const Callout__V1__StepView *s)
{
    return strcmp(s->state, "done") == 0;
}

static bool has(const Callout__V1__Role *roles, size_t count, Callout__V1__Role role)
{
    for (size_t i = 0; i < count; i++)
        if (roles[i] == role)
            return true;
    return false;
}

/* Whose turn it is. */
static const char *owed_by(struct cli *cli, const Callout__V1__StepView *s)
{
    if (is_open(s) && s->n_waits_for == 0)
        return cli_roles(cli, s->responsible, s->n_responsible);
    if (!is_done(s))
        return "";
    Callout__V1__Role *left = co_arena_alloc(cli->arena, (s->n_accepts + 1) * sizeof(*left));
    size_t count = 0;
    for (size_t i = 0; left != NULL && i < s->n_accepts; i++)
        if (!has(s->accepted, s->n_accepted, s->accepts[i]))
            left[count++] = s->accepts[i];
    return count == 0 ? "" : cli_format(cli, "%s, to accept it", cli_roles(cli, left, count));
}

static const char *state(struct cli *cli, const Callout__V1__StepView *s)
{
    if (s->n_waits_for > 0 && !is_done(s))
        return cli_format(cli, "waits for %s", cli_join(cli, s->waits_for, s->n_waits_for));
    return strcmp(s->state, "not_needed") == 0 ? "not needed" : s->state;
}

static const char *document(struct cli *cli, const Callout__V1__Document *d)
{
    if (d == NULL)
        return "";
    const char *hash = "";
    for (size_t i = 0; i < HASH_SHOWN && i < d->sha256.len; i++)
        hash = cli_format(cli, "%s%02x", hash, d->sha256.data[i]);
    return cli_format(cli, "%s%s%s%s%s", d->name, d->version[0] == '\0' ? "" : " ", d->version,
                      hash[0] == '\0' ? "" : " sha256 ", hash);
}

static const Callout__V1__StepView *find(const Callout__V1__CaseView *v, const char *step)
{
    for (size_t i = 0; i < v->n_steps; i++)
        if (strcmp(v->steps[i]->step, step) == 0)
            return v->steps[i];
    return NULL;
}

/* Nobody has asked for it, or for what comes before it. */
static bool is_aside(const Callout__V1__CaseView *v, const Callout__V1__StepView *s, size_t depth)
{
    if (strcmp(s->state, "on_request") == 0)
        return true;
    if (strcmp(s->state, "waiting") != 0 || depth == v->n_steps)
        return false;
    for (size_t i = 0; i < s->n_waits_for; i++) {
        const Callout__V1__StepView *before = find(v, s->waits_for[i]);
        if (before != NULL && is_aside(v, before, depth + 1))
            return true;
    }
    return false;
}

static void print_aside(struct cli *cli, const Callout__V1__CaseView *v)
{
    const char *list = "";
    for (size_t i = 0; i < v->n_steps; i++)
        if (is_aside(v, v->steps[i], 0))
            list = cli_format(cli, "%s%s%s", list, list[0] == '\0' ? "" : ", ", v->steps[i]->step);
    if (list[0] != '\0')
        (void)fprintf(cli->out, "  when somebody asks for it: %s\n", list);
}

void cli_view_steps(struct cli *cli, const Callout__V1__CaseView *v)
{
    if (v->n_steps == 0)
        return;
    cli_view_heading(cli, "Steps");
    struct cli_table t;
    cli_table_init(&t, cli, "step|phase|state|whose turn|since|document");
    for (size_t i = 0; i < v->n_steps; i++) {
        const Callout__V1__StepView *s = v->steps[i];
        if (is_aside(v, s, 0))
            continue;
        int64_t since_us = s->done_us != 0 ? s->done_us : s->opened_us;
        CLI_TABLE_ADD(&t, cli_format(cli, "%s: %s", s->step, cli_title(cli, s->title, s->step)),
                      s->phase, state(cli, s), owed_by(cli, s), cli_when(cli, since_us),
                      document(cli, s->document));
    }
    cli_table_print(&t, CLI_VIEW_INDENT);
    print_aside(cli, v);
}
