/* callout replay FILE: runs a log of real incidents through a suite of its own. */
#include "cli.h"

#include <stdlib.h>

#include "co_assert.h"
#include "co_time.h"
#include "replay_file.h"
#include "replay_report.h"

const struct cli_option cmd_replay_options[] = {
    { "mapping", 'm', "FILE",
      "how incidents become tickets and commands [beside FILE, its name with .yaml]" },
    { "from", 0, "TIME",
      "only incidents that began then or later: a date of the log, or RFC 3339" },
    { "until", 0, "TIME", "leave out what happened from then on" },
    { "limit", 'n', "N", "only the first N incidents" },
    { "check", 0, NULL,
      "only read log and mapping, and say as NAME=value how much would be sent, and when" },
    { "database-url", 0, "URL",
      "the suite's database, of the role that owns the schema; better in CALLOUT_DATABASE_URL" },
    { NULL, 0, NULL, NULL },
};

enum { INCIDENTS_MAX = CO_REPLAY_INCIDENTS_MAX };

/* All that a replay needs, each part freed at the end. */
struct parts {
    struct co_yaml *yaml;
    const Callout__V1__ReplayMapping *map;
    struct co_replay_log log;
    struct co_replay_plan plan;
    struct co_replay_tally *tally;
    struct replay_suite *suite;
};

/* "2012-05-01" is its beginning in UTC. */
static bool read_moment(struct cli *cli, const char *option, int64_t *ret_us)
{
    const char *text = cli_value(cli, option);
    int64_t days = 0;
    int32_t offset_s = 0;
    if (text == NULL || co_time_parse(text, ret_us, &offset_s) == CO_OK)
        return true;
    if (co_date_parse(text, &days) == CO_OK) {
        *ret_us = days * CO_DAY_US;
        return true;
    }
    (void)cli_usage(cli, "--%s %s: a date such as 2012-05-01, or RFC 3339, is wanted", option,
                    text);
    return false;
}

static int read_window(struct cli *cli, struct co_replay_window *ret_window)
{
    struct co_replay_window w = { .from_us = INT64_MIN, .until_us = INT64_MAX };
    if (!read_moment(cli, "from", &w.from_us) || !read_moment(cli, "until", &w.until_us) ||
        !cli_read_count(cli, "limit", INCIDENTS_MAX, &w.limit))
        return CLI_USAGE;
    if (w.from_us >= w.until_us)
        return cli_usage(cli, "--until must lie after --from");
    *ret_window = w;
    return CLI_OK;
}

static int read_log(struct cli *cli, const char *path, struct parts *p)
{
    struct co_replay_window window = { .limit = 0 };
    char *text = NULL;
    size_t len = 0;
    int code = read_window(cli, &window);
    if (code == CLI_OK)
        code = replay_file_read(cli, path, &text, &len);
    if (code != CLI_OK)
        return code;
    co_assert(text != NULL);
    struct co_replay_problem problem = { .what = "", .name = "" };
    enum co_err err = co_replay_log_read(&p->log, p->map, window, text, len, &problem);
    if (err == CO_EINPUT)
        return cli_fail(cli, CLI_REFUSED, "%s:%u: %s%s%s", path, problem.line, problem.what,
                        problem.name[0] == '\0' ? "" : ": ", problem.name);
    if (err == CO_EFULL)
        return cli_fail(cli, CLI_REFUSED, "%s has more than %d incidents", path, INCIDENTS_MAX);
    if (err == CO_OK)
        err = co_replay_plan_make(&p->plan, p->map, &p->log);
    if (err != CO_OK)
        return cli_fail(cli, CLI_FAILED, "%s", co_err_name(err));
    co_assert(p->plan.steps == 0 || p->plan.step != NULL);
    return p->plan.steps > 0
               ? CLI_OK
               : cli_fail(cli, CLI_NOT_FOUND, "%s has no incident in this span", path);
}

static int read_files(struct cli *cli, struct parts *p)
{
    const char *path = cli->args->word[0];
    p->yaml = co_yaml_new(NULL);
    if (p->yaml == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    int code = replay_file_mapping(cli, p->yaml, cli_value(cli, "mapping"), path, &p->map);
    return code == CLI_OK ? read_log(cli, path, p) : code;
}

static int say_plan(struct cli *cli, const struct parts *p)
{
    char from[CO_TIME_TEXT], until[CO_TIME_TEXT];
    co_assert(p->plan.step != NULL); /* the files were read */
    co_time_format(p->plan.step[0].at_us, from);
    co_time_format(p->plan.step[p->plan.steps - 1].at_us, until);
    (void)fprintf(cli->out, "incidents=%zu\nrows=%zu\nrequests=%zu\nfrom=%s\nuntil=%s\n",
                  p->log.incidents, p->log.rows, p->plan.steps, from, until);
    return CLI_OK;
}

/* Only a suite made for it: what went in before would be counted, and its clock would run on. */
static int check_suite(struct cli *cli, const struct parts *p, struct replay_facts *ret_facts)
{
    int code = replay_suite_facts(p->suite, ret_facts);
    if (code != CLI_OK)
        return code;
    co_assert(p->plan.step != NULL);
    if (ret_facts->rate > 0 || ret_facts->lanes != 1)
        return cli_fail(cli, CLI_REFUSED,
                        "this suite cannot be stepped: install one with callout migrate --lanes 1 "
                        "--clock-rate 0 --clock-from TIME");
    if (ret_facts->is_used)
        return cli_fail(cli, CLI_CONFLICT,
                        "this suite took a request before: a replay begins with an empty one");
    if (ret_facts->now_us > p->plan.step[0].at_us)
        return cli_fail(cli, CLI_CONFLICT,
                        "the clock of this suite stands at %s, after the log's first row (%s)",
                        cli_when(cli, ret_facts->now_us), cli_when(cli, p->plan.step[0].at_us));
    return CLI_OK;
}

static int report(struct cli *cli, struct replay *r, const struct parts *p)
{
    struct replay_there there = { .cases = 0 };
    int code = replay_suite_there(p->suite, &there);
    if (code != CLI_OK)
        return code;
    Callout__V1__ReplayReport *report = replay_report(r, &there);
    if (report == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    if (cli->is_json)
        code = cli_print_json(cli, &report->base, false);
    else
        replay_report_print(cli, report);
    if (code == CLI_OK && !replay_report_is_whole(report))
        return cli_fail(cli, CLI_FAILED, "what went in is not what is there");
    return code;
}

static int play(struct cli *cli, struct parts *p)
{
    struct replay_facts facts = { .lanes = 0 };
    co_assert(p->map != NULL && p->plan.step != NULL); /* the files were read */
    int64_t give_up_us = p->map->give_up_us > 0 ? p->map->give_up_us : CO_MINUTE_US;
    if (cli->database_url[0] == '\0')
        return cli_usage(cli, "which database: give --database-url or CALLOUT_DATABASE_URL");
    int code = replay_suite_open(cli, give_up_us, &p->suite);
    if (code == CLI_OK)
        code = check_suite(cli, p, &facts);
    if (code != CLI_OK)
        return code;
    p->tally = co_replay_tally_new();
    if (p->tally == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    struct replay r = { .cli = cli,
                        .map = p->map,
                        .log = &p->log,
                        .plan = &p->plan,
                        .tally = p->tally,
                        .from_us = p->plan.step[0].at_us };
    code = replay_run(&r, p->suite);
    return code == CLI_OK ? report(cli, &r, p) : code;
}

int cmd_replay(struct cli *cli)
{
    struct parts p = { .yaml = NULL };
    int code = read_files(cli, &p);
    if (code == CLI_OK)
        code = cli_has(cli, "check") ? say_plan(cli, &p) : play(cli, &p);
    replay_suite_close(p.suite);
    co_replay_tally_free(p.tally);
    co_replay_plan_free(&p.plan);
    co_replay_log_free(&p.log);
    co_yaml_free(p.yaml);
    return code;
}
