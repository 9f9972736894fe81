/* callout explain NUMBER: what each promise was computed from, second by second, and what was said
 * of it. */
#include "archive_case.h"
#include "cli.h"
#include "cli_refold.h"
#include "explain_print.h"

const struct cli_option cmd_explain_options[] = {
    ARCHIVE_CASE_OPTION,
    { NULL, 0, NULL, NULL },
};

/* The view is the last that is asked for: it lives until the next call. */
static int read_view(struct cli *cli, const struct cli_case *c, Callout__V1__CaseView **ret)
{
    if (cli_has(cli, "archive"))
        return archive_case_view(cli, c, ret);
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

static int explain(struct cli *cli, const struct cli_case *c)
{
    Callout__V1__CaseView *view = NULL;
    int code = read_view(cli, c, &view);
    if (code != CLI_OK)
        return code;
    if (!cli->is_json) {
        explain_print(cli, c, view);
        return CLI_OK;
    }
    Callout__V1__Explanation nothing = CALLOUT__V1__EXPLANATION__INIT;
    Callout__V1__Explanation *answer =
        c->refold.explanation != NULL ? c->refold.explanation : &nothing;
    answer->number = view->number;
    return cli_print_json(cli, &answer->base, false);
}

int cmd_explain(struct cli *cli)
{
    struct cli_case c = { .row = NULL };
    int code = cli_case_read(cli, cli->args->word[0], &c);
    if (code == CLI_OK)
        code = explain(cli, &c);
    cli_case_done(&c);
    return code;
}
