/* Remote access: who may enter what until when, and who did. */
#include "cli_view.h"

#include <string.h>

#include "cli_event.h"
#include "cli_table.h"

static bool is_state(const Callout__V1__ConsentChanged *c, const char *state)
{
    return strcmp(c->state, state) == 0;
}

static bool is_same_key(const Callout__V1__ConsentChanged *a, const Callout__V1__ConsentChanged *b)
{
    return a->consent != NULL && b->consent != NULL &&
           strcmp(a->consent->key, b->consent->key) == 0;
}

static bool is_last_of_key(const Callout__V1__CaseView *v, size_t at)
{
    for (size_t i = at + 1; i < v->n_consents; i++)
        if (is_same_key(v->consents[i], v->consents[at]))
            return false;
    return true;
}

/* What is in force at that place of the history under its key; NULL: nothing. An answer to a
 * further question does not end it. */
static const Callout__V1__ConsentChanged *in_force(const Callout__V1__CaseView *v, size_t at)
{
    const Callout__V1__ConsentChanged *found = NULL;
    for (size_t i = 0; i <= at; i++) {
        const Callout__V1__ConsentChanged *c = v->consents[i];
        if (!is_same_key(c, v->consents[at]))
            continue;
        if (is_state(c, "given") || is_state(c, "changed"))
            found = c;
        else if (is_state(c, "withdrawn") || is_state(c, "ended"))
            found = NULL;
    }
    return found;
}

static const char *state_text(const Callout__V1__ConsentChanged *c)
{
    static const struct {
        const char *state, *text;
    } texts[] = {
        { "asked", "asked, no answer yet" },
        { "nobody", "asked, nobody there" },
        { "silent", "asked, no answer" },
        { "refused", "refused" },
        { "ended", "over" },
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (is_state(c, texts[i].state))
            return texts[i].text;
    return c->state;
}

static void add_row(struct cli *cli, struct cli_table *t, const char *state,
                    const Callout__V1__ConsentChanged *c)
{
    const Callout__V1__Consent *k = c->consent;
    CLI_TABLE_ADD(
        t, k->key, state, cli_join(cli, k->systems, k->n_systems),
        k->n_persons == 0 ? "whoever works on it" : cli_join(cli, k->persons, k->n_persons),
        k->operate ? "operate" : "look", cli_when(cli, k->from_us), cli_when(cli, k->until_us),
        cli_format(cli, "%s%s", cli_when(cli, c->changed_us), cli_plus(cli, " by ", c->person)));
}

static void show_consents(struct cli *cli, const Callout__V1__CaseView *v)
{
    struct cli_table t;
    cli_table_init(&t, cli, "consent|state|into|who|to|from|until|said");
    for (size_t i = 0; i < v->n_consents; i++) {
        const Callout__V1__ConsentChanged *c = v->consents[i];
        if (c->consent == NULL || !is_last_of_key(v, i))
            continue;
        const Callout__V1__ConsentChanged *holds = in_force(v, i);
        if (holds != NULL && holds != c)
            add_row(cli, &t, "in force", holds);
        add_row(cli, &t, holds == c ? "in force" : state_text(c), c);
    }
    cli_table_print(&t, CLI_VIEW_INDENT);
}

static void add_sessions(struct cli *cli, struct cli_table *t, const Callout__V1__CaseView *v,
                         bool are_open)
{
    for (size_t i = 0; i < v->n_sessions; i++) {
        const Callout__V1__SessionView *s = v->sessions[i];
        if ((s->ended_us == 0) == are_open)
            CLI_TABLE_ADD(t, s->person, s->consent, cli_when(cli, s->started_us),
                          are_open ? "IS IN" : cli_when(cli, s->ended_us), s->why);
    }
}

void cli_view_consents(struct cli *cli, const Callout__V1__CaseView *v)
{
    if (v->n_consents + v->n_sessions == 0)
        return;
    cli_view_heading(cli, "Remote access");
    if (v->n_sessions > 0) {
        struct cli_table t;
        cli_table_init(&t, cli, "person|by consent|entered|left|why");
        add_sessions(cli, &t, v, true);
        add_sessions(cli, &t, v, false);
        cli_table_print(&t, CLI_VIEW_INDENT);
    }
    show_consents(cli, v);
}
