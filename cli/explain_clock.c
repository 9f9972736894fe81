/* One clock of an explanation for people. */
#include "explain_print.h"

#include <string.h>

#include "cli_table.h"
#include "co_buf.h"
#include "co_time.h"

enum { INDENT = 4, LINE_LIMIT = 4096 };

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
    { "dated", { "by the date that the case is about", "按本案所涉日期" } },
    { "paused_day", { "does not count, the clock stood when it closed", "收工时处于暂停，不计" } },
    { "late", { "late", "已超时" } },
    { "not_located", { "where the site is, is not known yet", "现场位置未知" } },
    { "not_agreed", { "no time is agreed yet", "时间尚未约定" } },
    { "not_dated", { "the date is not known yet", "日期尚未确定" } },
    { "no_data", { "the calendar does not reach so far", "日历未覆盖" } },
};

/* "waiting_customer, customer wang, 2026-02-14 09:30:00" */
static const char *cause(struct cli *cli, const Callout__V1__Cause *by)
{
    struct co_buf b;
    co_buf_init(&b, LINE_LIMIT);
    bool is_act = strcmp(by->kind, "act") == 0;
    (void)co_buf_append_text(&b,
                             is_act ? cli_act(cli, by->act) : cli_title(cli, by->title, by->key));
    if (by->cause[0] != '\0')
        (void)co_buf_printf(&b, " (%s)", by->cause);
    if (is_act && by->seq == 0)
        (void)co_buf_append_text(&b, explain_words(cli, ", by the policy", "，按服务政策"));
    if (by->role != CALLOUT__V1__ROLE__ROLE_NONE || by->person[0] != '\0')
        (void)co_buf_append_text(&b, ",");
    if (by->role != CALLOUT__V1__ROLE__ROLE_NONE)
        (void)co_buf_printf(&b, " %s", cli_role(cli, by->role));
    if (by->person[0] != '\0')
        (void)co_buf_printf(&b, " %s", by->person);
    if (by->occurred_us != 0)
        (void)co_buf_printf(&b, ", %s", cli_when(cli, by->occurred_us));
    const char *text = cli_text(cli, co_buf_text(&b));
    co_buf_done(&b);
    return text;
}

static const char *reason(struct cli *cli, const Callout__V1__Segment *s)
{
    const char *text = s->why;
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (strcmp(reasons[i].why, s->why) == 0)
            text = reasons[i].text[cli->language];
    if (s->by != NULL)
        return cli_format(cli, "%s: %s", text, cause(cli, s->by));
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

static const char *outcome(struct cli *cli, const Callout__V1__ClockAccount *c, int64_t now_us)
{
    if (c->end_us == 0)
        return c->due_us == 0
                   ? c->state
                   : cli_format(cli, "%s, %s%s", c->state, cli_left(cli, c->due_us, now_us),
                                strcmp(c->state, "paused") == 0 ? " if it goes on now" : "");
    if (strcmp(c->state, "late") == 0)
        return cli_format(cli, "met at %s, late by %s", cli_when(cli, c->end_us),
                          cli_length_between(cli, c->due_us, c->end_us));
    bool was_late = strcmp(c->state, "breached") == 0; /* stopped, or started anew by a raise */
    return cli_format(cli, "%s%s at %s", c->state, was_late ? ", ended" : "",
                      cli_when(cli, c->end_us));
}

static const char *target(struct cli *cli, const Callout__V1__ClockAccount *c)
{
    if (c->basis == NULL)
        return "not known before the site is located";
    return cli_format(
        cli, "%s; level %u of milestone %s%s%s%s", cli_basis(cli, c->basis), c->severity,
        c->milestone, c->table[0] != '\0' ? ", zone table " : "", c->table,
        c->from_contract ? explain_words(cli, ", a figure of the contract", "，合同约定") : "");
}

/* Where another level's target began to govern. */
static void explain_changes(struct cli *cli, const Callout__V1__ClockAccount *c)
{
    for (size_t i = 0; i < c->n_changes; i++) {
        const Callout__V1__TargetChange *t = c->changes[i];
        (void)fprintf(
            cli->out,
            explain_words(cli, "  level      %s  from %u to %u: %s%s%s; due %s before, %s after\n",
                          "  级别       %s  由 %u 级改为 %u 级：%s%s%s；原到期 %s，现到期 %s\n"),
            cli_when(cli, t->at_us), t->from, t->to, cli_why(cli, t->why),
            t->by != NULL ? explain_words(cli, ", ", "，") : "",
            t->by != NULL ? cause(cli, t->by) : "",
            t->due_before_us != 0 ? cli_when(cli, t->due_before_us) : "-",
            t->due_after_us != 0 ? cli_when(cli, t->due_after_us) : "-");
    }
}

static void explain_years(struct cli *cli, const Callout__V1__ClockAccount *c)
{
    for (size_t i = 0; i < c->n_years_unknown; i++)
        (void)fprintf(
            cli->out,
            explain_words(cli,
                          "  holidays   those of %u are not known yet: the due time may move when "
                          "they are\n",
                          "  节假日     %u 年的节假日尚未公布：公布后到期时间可能变动\n"),
            c->years_unknown[i]);
}

static void explain_segments(struct cli *cli, const Callout__V1__ClockAccount *c)
{
    struct cli_table t;
    cli_table_init(&t, cli, "from|until|>length|>counts|days|why");
    for (size_t i = 0; i < c->n_segments; i++) {
        const Callout__V1__Segment *s = c->segments[i];
        const char *length = cli_length_between(cli, s->from_us, s->until_us);
        const char *counted = c->is_days ? amount(cli, 1, true) : length;
        CLI_TABLE_ADD(&t, cli_when(cli, s->from_us), cli_when(cli, s->until_us), length,
                      s->counts ? counted : "-", days(cli, s), reason(cli, s));
    }
    if (c->target != 0)
        CLI_TABLE_ADD(&t, "", "", "", amount(cli, c->counted, c->is_days), "",
                      cli_format(cli, "of %s%s", amount(cli, c->target, c->is_days),
                                 c->same_day
                                     ? explain_words(cli, ", the day ends first", "，当日先结束")
                                     : ""));
    cli_table_print(&t, INDENT);
}

void explain_print_clock(struct cli *cli, const Callout__V1__ClockAccount *c, int64_t now_us)
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
    (void)fprintf(cli->out, "  outcome    %s\n", outcome(cli, c, now_us));
    explain_changes(cli, c);
    explain_years(cli, c);
    explain_segments(cli, c);
}
