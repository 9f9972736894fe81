/* Where the site is, who was asked to go there, and what stands against it. */
#include "cli_view.h"

#include <string.h>

#include "cli_table.h"

static const struct {
    const char *kind, *words;
} remedies[] = {
    { "free", "free from another visit, could be there" },
    { "shift", "on duty from" },
    { "load", "one visit more in a day, could be there" },
    { "later", "could be there" },
};

static const char *remedy(struct cli *cli, const Callout__V1__Remedy *r)
{
    for (size_t i = 0; i < sizeof(remedies) / sizeof(remedies[0]); i++)
        if (strcmp(remedies[i].kind, r->kind) == 0)
            return cli_format(cli, "%s: %s %s", r->engineer, remedies[i].words,
                              cli_when(cli, r->at_us));
    return cli_format(cli, "%s: %s", r->engineer, r->kind);
}

static void show_remedies(struct cli *cli, Callout__V1__Remedy *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cli_view_line(cli, i == 0 ? "would help" : "", remedy(cli, list[i]));
}

static const char *confirmation(const Callout__V1__TaskOrderConfirmed *c)
{
    if (strcmp(c->how, "time") == 0)
        return "nobody objected in time,";
    return strcmp(c->how, "overtaken") == 0 ? "an engineer went all the same," : "confirmed";
}

static void show_trouble(struct cli *cli, const Callout__V1__OrderView *o)
{
    const Callout__V1__ArrivalAtRisk *risk = o->at_risk;
    if (o->confirm_by_us != 0)
        cli_view_line(cli, "task order",
                      cli_format(cli, "the project manager confirms it until %s",
                                 cli_when(cli, o->confirm_by_us)));
    else if (o->confirmed != NULL)
        cli_view_line(cli, "task order",
                      cli_format(cli, "%s at %s%s%s", confirmation(o->confirmed),
                                 cli_when(cli, o->confirmed->confirmed_us),
                                 o->confirmed->person[0] != '\0' ? " by " : "",
                                 o->confirmed->person));
    if (o->missing[0] != '\0')
        cli_view_line(cli, "missing", o->missing);
    if (risk != NULL)
        cli_view_line(
            cli, "at risk",
            cli_format(
                cli, "%s by %s: %s%s, missing: %s", risk->milestone, cli_when(cli, risk->due_us),
                risk->earliest_us == 0 ? "nobody can be there" : "somebody can be there by ",
                risk->earliest_us == 0 ? "" : cli_when(cli, risk->earliest_us), risk->missing));
    if (o->n_remedies > 0)
        show_remedies(cli, o->remedies, o->n_remedies);
    else if (risk != NULL)
        show_remedies(cli, risk->remedies, risk->n_remedies);
}

static void show_offers(struct cli *cli, const Callout__V1__OrderView *order)
{
    struct cli_table t;
    cli_table_init(&t, cli, ">offer|engineer|from|>distance|offered|accept by|arrive by|state");
    for (size_t i = 0; i < order->n_offers; i++) {
        const Callout__V1__OfferView *o = order->offers[i];
        CLI_TABLE_ADD(&t, cli_format(cli, "%llu", (unsigned long long)o->generation), o->engineer,
                      o->office, cli_km(cli, o->km), cli_when(cli, o->offered_us),
                      cli_when(cli, o->accept_by_us), cli_when(cli, o->arrive_by_us), o->state);
    }
    cli_table_print(&t, CLI_VIEW_INDENT);
}

void cli_view_visit(struct cli *cli, const Callout__V1__CaseView *v)
{
    if (v->located == NULL && v->order == NULL)
        return;
    cli_view_heading(cli, "Visit");
    if (v->located != NULL)
        cli_view_line(cli, "distance", cli_distance(cli, v->located));
    if (v->order == NULL)
        return;
    cli_view_line(cli, "order",
                  v->order->engineer[0] == '\0'
                      ? v->order->state
                      : cli_format(cli, "%s, %s", v->order->state, v->order->engineer));
    show_trouble(cli, v->order);
    show_offers(cli, v->order);
}
