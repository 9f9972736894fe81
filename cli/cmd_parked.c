/* callout parked list|replay|drop: cases set aside because a service could not process them. */
#include "cli.h"
#include "cli_table.h"

#include <string.h>

static int show(struct cli *cli, const Callout__V1__ParkedResult *r)
{
    if (cli->is_json)
        return cli_print_json(cli, &r->base, false);
    struct cli_table t;
    cli_table_init(&t, cli, "service|number|parked|>since entry|>waiting|reason");
    for (size_t i = 0; i < r->n_rows; i++) {
        const Callout__V1__ParkedRow *row = r->rows[i];
        CLI_TABLE_ADD(&t, row->service, row->number, cli_when(cli, row->parked_us),
                      cli_format(cli, "%llu", (unsigned long long)row->since_seq),
                      cli_format(cli, "%llu", (unsigned long long)row->waiting), row->reason);
    }
    cli_table_print(&t, 0);
    return CLI_OK;
}

int cmd_parked(struct cli *cli)
{
    const struct cli_args *a = cli->args;
    const char *verb = a->words > 0 ? a->word[0] : "list";
    bool is_list = strcmp(verb, "list") == 0;
    if (!is_list && strcmp(verb, "replay") != 0 && strcmp(verb, "drop") != 0)
        return cli_usage(cli, "parked %s: allowed are list, replay and drop", verb);
    if (!is_list && a->words != 3)
        return cli_usage(cli, "callout parked %s SERVICE NUMBER", verb);
    Callout__V1__Parked parked = CALLOUT__V1__PARKED__INIT;
    parked.verb = cli_text(cli, verb);
    parked.service = cli_text(cli, a->words > 1 ? a->word[1] : "");
    parked.number = cli_text(cli, a->words > 2 ? a->word[2] : "");
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    request.body_case = CALLOUT__V1__REQUEST__BODY_PARKED;
    request.parked = &parked;
    Callout__V1__Reply *reply = NULL;
    int code = cli_call(cli, &request, 0, &reply);
    if (code != CLI_OK)
        return code;
    if (reply->body_case != CALLOUT__V1__REPLY__BODY_PARKED)
        return cli_fail(cli, CLI_FAILED, "%s answers with something else", cli->endpoint);
    if (is_list && reply->parked->n_rows == 0 && !cli->is_json)
        cli_note(cli, "no case is parked");
    return show(cli, reply->parked);
}
