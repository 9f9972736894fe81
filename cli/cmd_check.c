/* callout check: how the suite is, for a monitoring system that runs plug-ins. */
#include <stdlib.h>
#include <string.h>

#include "suite_check.h"
#include "cli.h"
#include "co_clock.h"

const struct cli_option cmd_check_options[] = {
    { "warning", 'w', "NAME=RANGE", "where a measure begins to be a warning; again for others; NAME= for never" },
    { "critical", 'c', "NAME=RANGE", "the same, critical" },
    { NULL, 0, NULL, NULL },
};

enum { LINE_BYTES = 16384 };

/* One line, whatever stood in it. */
static void say_line(struct cli *cli, enum check_state state, const char *text)
{
    (void)fprintf(cli->out, "CALLOUT %s - %.*s\n", suite_check_state_name(state), (int)strcspn(text, "\n|"), text);
}

static const char *set_all(struct cli *cli, struct check *c, bool is_critical, const char **ret_words)
{
    size_t n;
    char **given = cli_values(cli, is_critical ? "critical" : "warning", &n);
    for (size_t i = 0; i < n; i++) {
        const char *wrong = suite_check_set(c, is_critical, given[i]);
        *ret_words = given[i];
        if (wrong != NULL)
            return wrong;
    }
    return NULL;
}

/* The status; NULL: *ret_why, of the arena, says why there is none. */
static const Callout__V1__Status *ask(struct cli *cli, const char **ret_why)
{
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    Callout__V1__QueryResult *result = NULL;
    char *said = NULL;
    size_t size = 0;
    FILE *err = cli->err, *kept = open_memstream(&said, &size);
    query.what = CALLOUT__V1__WHAT__WHAT_STATUS;
    if (kept != NULL)
        cli->err = kept;
    int code = cli_query(cli, &query, &result);
    cli->err = err;
    if (kept != NULL)
        (void)fclose(kept);
    const char *text = said == NULL ? "" : said;
    *ret_why = cli_text(cli, strncmp(text, "callout: ", 9) == 0 ? text + 9 : text);
    free(said);
    return code == CLI_OK ? result->status : NULL;
}

int cmd_check(struct cli *cli)
{
    struct check c;
    const char *words = "", *why = "";
    suite_check_init(&c);
    const char *wrong = set_all(cli, &c, false, &words);
    if (wrong == NULL)
        wrong = set_all(cli, &c, true, &words);
    if (wrong != NULL) {
        say_line(cli, CHECK_UNKNOWN, cli_format(cli, "%s: %s", words, wrong));
        return CHECK_UNKNOWN;
    }
    int64_t from_us = co_mono_us();
    cli->is_json = false;
    const Callout__V1__Status *status = ask(cli, &why);
    if (status == NULL) {
        bool is_away = cli->last_code == CALLOUT__V1__CODE__CODE_UNAVAILABLE; /* intake is there, its database is not */
        enum check_state state = is_away ? CHECK_CRITICAL : CHECK_UNKNOWN;
        say_line(cli, state, why);
        return (int)state;
    }
    suite_check_look(&c, status, co_mono_us() - from_us);
    struct co_buf line;
    co_buf_init(&line, LINE_BYTES);
    enum check_state state = suite_check_say(&c, status, &line);
    (void)fprintf(cli->out, "%s\n", co_buf_text(&line));
    co_buf_done(&line);
    return (int)state;
}
