/* A service report as tables, for people. */
#include <string.h>

#include "cli_view.h"
#include "co_time.h"
#include "explain_print.h"
#include "report_calls.h"
#include "report_service.h"

enum { CENTS = 100 };

struct say {
    struct report_service *r;
    struct cli *cli;
    const Callout__V1__ServiceReport *report;
    struct report_section *section;
    size_t count;
};

/* -- words */

static const char *words(const struct say *s, const char *en, const char *zh)
{
    return explain_words(s->cli, en, zh);
}

static const char *holder(const struct say *s, const char *key)
{
    static const struct {
        const char *key, *en, *zh;
    } rows[] = {
        { "closed", "outside working hours", "非工作时间" },
        { "held", "not yet taken on", "待受理" },
        { "queue", "nobody", "排队" },
        { "remote", "remote support", "远程支持" },
        { "expert", "expert", "专家" },
        { "travel", "travel", "路途" },
        { "onsite", "on site", "现场" },
        { "customer", "customer", "客户" },
        { "vendor", "manufacturer", "厂商" },
        { "excluded", "excluded", "除外" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(rows[i].key, key) == 0)
            return words(s, rows[i].en, rows[i].zh);
    return key;
}

static const char *count(const struct say *s, uint64_t n)
{
    return n == 0 ? "" : cli_format(s->cli, "%llu", (unsigned long long)n);
}

static const char *when(const struct say *s, int64_t us)
{
    return us == 0 ? "" : cli_when_at(s->cli, us, co_calendar_offset_s(s->r->calendar, us));
}

/* Whole seconds: nobody adds up microseconds. */
static const char *length(const struct say *s, int64_t us)
{
    return cli_length(s->cli, us / CO_SECOND_US * CO_SECOND_US);
}

/* "1234.50 CNY" */
static const char *money(const struct say *s, int64_t cents)
{
    const Callout__V1__Money *price = s->report->price;
    return cli_format(s->cli, "%lld.%02lld%s%s", (long long)(cents / CENTS),
                      (long long)(cents % CENTS), price == NULL ? "" : " ",
                      price == NULL ? "" : price->currency);
}

static struct cli_table *begin(struct say *s, const char *title, const char *titles)
{
    struct report_section *section = &s->section[s->count++];
    section->title = title;
    section->note = NULL;
    cli_table_init(&section->table, s->cli, titles);
    return &section->table;
}

static void note(struct say *s, const char *text)
{
    s->section[s->count - 1].note = text;
}

/* -- the sections */

static void say_head(struct say *s)
{
    const Callout__V1__ServiceReport *r = s->report;
    struct cli *cli = s->cli;
    struct cli_table *t =
        begin(s, words(s, "Service report", "服务月报"),
              cli_format(cli, "%s|%s", words(s, "contract", "合同"), r->contract));
    CLI_TABLE_ADD(t, words(s, "name", "名称"), cli_title(cli, r->name, r->contract));
    CLI_TABLE_ADD(t, words(s, "customer", "客户"), cli_title(cli, r->customer_name, r->customer));
    CLI_TABLE_ADD(
        t, words(s, "service period", "服务期"),
        cli_format(cli, "%s - %s", when(s, r->service_from_us), when(s, r->service_until_us)));
    CLI_TABLE_ADD(t, words(s, "month", "月份"), cli_format(cli, "%s (%s)", r->month, r->zone));
    if (r->end_us < r->until_us)
        CLI_TABLE_ADD(t, words(s, "so far, as of", "截至"), when(s, r->end_us));
    if (r->price != NULL && r->price->cents > 0)
        CLI_TABLE_ADD(t, words(s, "price", "合同价"), money(s, r->price->cents));
}

static const char *ended(const struct say *s, const Callout__V1__ServiceCase *c)
{
    return c->closed_us != 0 ? when(s, c->closed_us) : words(s, "open", "处理中");
}

static void say_cases(struct say *s)
{
    struct cli_table *t =
        begin(s, words(s, "Cases", "工单"),
              words(s, "number|title|severity|reported|closed|>met|>missed|>overdue|>running",
                    "编号|标题|级别|报告|关闭|>达成|>未达成|>超时中|>进行中"));
    for (size_t i = 0; i < s->report->n_cases; i++) {
        const Callout__V1__ServiceCase *c = s->report->cases[i];
        CLI_TABLE_ADD(t, c->number, c->title,
                      cli_title(s->cli, c->severity_name, cli_format(s->cli, "%u", c->severity)),
                      when(s, c->reported_us), ended(s, c), count(s, c->met), count(s, c->missed),
                      count(s, c->overdue), count(s, c->running));
    }
    if (s->report->n_cases == 0)
        note(s, words(s, "no case was reported or open in this month",
                      "本月没有新报告或处理中的工单"));
}

static void say_promises(struct say *s)
{
    struct cli_table *t = begin(
        s, words(s, "Promises", "承诺"),
        words(s, "promise|>met|>missed|>overdue|>running", "承诺|>达成|>未达成|>超时中|>进行中"));
    for (size_t i = 0; i < s->report->n_promises; i++) {
        const Callout__V1__ServicePromises *p = s->report->promises[i];
        CLI_TABLE_ADD(t, cli_title(s->cli, p->title, p->milestone), count(s, p->met),
                      count(s, p->missed), count(s, p->overdue), count(s, p->running));
    }
    if (s->report->n_promises == 0)
        note(s, words(s, "no promise ended or ran in this month", "本月没有到期或进行中的承诺"));
}

static const char *held_words(const struct say *s, const Callout__V1__ServicePromise *p)
{
    const char *text = "";
    for (size_t i = 0; i < p->n_held; i++)
        text = cli_format(s->cli, "%s%s%s %s", text, i == 0 ? "" : ", ",
                          holder(s, p->held[i]->holder), length(s, p->held[i]->length_us));
    return text;
}

static const char *exclusion_words(const struct say *s, const Callout__V1__ServicePromise *p)
{
    const char *text = "";
    for (size_t i = 0; i < p->n_exclusions; i++) {
        const Callout__V1__ServiceExclusion *e = p->exclusions[i];
        text = cli_format(s->cli, "%s%s%s %s%s%s", text, i == 0 ? "" : "; ",
                          cli_title(s->cli, e->title, e->cause), length(s, e->length_us),
                          e->stops ? words(s, ", the clock stood", "，计时暂停") : "",
                          e->excluded ? words(s, ", nothing is owed for it", "，免责") : "");
    }
    return text;
}

static void say_missed(struct say *s)
{
    struct cli_table *t =
        begin(s, words(s, "Missed promises", "未达成的承诺"),
              words(s, "number|promise|due|ended|>late by|time until due|exclusions",
                    "编号|承诺|到期|结束|>超时|到期前的时间|除外情形"));
    for (size_t i = 0; i < s->report->n_cases; i++)
        for (size_t k = 0; k < s->report->cases[i]->n_promises; k++) {
            const Callout__V1__ServicePromise *p = s->report->cases[i]->promises[k];
            if (p->late_us > 0)
                CLI_TABLE_ADD(t, s->report->cases[i]->number,
                              cli_title(s->cli, p->title, p->milestone), when(s, p->due_us),
                              p->end_us == 0 ? words(s, "goes on", "仍在继续") : when(s, p->end_us),
                              length(s, p->late_us), held_words(s, p), exclusion_words(s, p));
        }
    if (t->rows == 0)
        note(s, words(s, "none", "无"));
}

static void say_time(struct say *s)
{
    const Callout__V1__ServiceReport *r = s->report;
    int64_t length_us[SLA_HOLDERS] = { 0 };
    uint32_t thousandths[SLA_HOLDERS];
    struct cli_table *t = begin(s, words(s, "Whose the time was", "时间归属"),
                                words(s, "held by|>length|>share", "由谁负责|>时长|>占比"));
    for (size_t i = 0; i < r->n_parts && i < SLA_HOLDERS; i++)
        length_us[i] = r->parts[i]->length_us;
    report_shares(length_us, thousandths);
    for (size_t i = 0; i < r->n_parts && i < SLA_HOLDERS; i++)
        if (length_us[i] > 0)
            CLI_TABLE_ADD(t, holder(s, r->parts[i]->holder), length(s, length_us[i]),
                          cli_format(s->cli, "%u.%u %%", thousandths[i] / 10, thousandths[i] % 10));
    if (t->rows == 0)
        note(s, words(s, "no case was open in this month", "本月没有处理中的工单"));
    else
        note(s, words(s, "of all cases above, within the month", "以上工单在本月内的时间"));
}

static void say_lots(struct say *s)
{
    struct cli_table *t =
        begin(s, words(s, "Man-days in this month", "本月人天"),
              words(s, "lot|kind|>bought|>reserved|>used", "人天包|类别|>购买|>预留|>使用"));
    for (size_t i = 0; i < s->report->n_lots; i++) {
        const Callout__V1__ServiceLot *l = s->report->lots[i];
        CLI_TABLE_ADD(t, cli_title(s->cli, l->title, l->key), l->kind,
                      cli_man_hours(s->cli, l->bought_minutes),
                      cli_man_hours(s->cli, l->reserved_minutes),
                      cli_man_hours(s->cli, l->used_minutes));
    }
    if (t->rows == 0)
        note(s, words(s, "this contract has no man-days", "本合同没有人天"));
}

static void say_penalty_sums(struct say *s)
{
    const Callout__V1__ServicePenalties *p = s->report->penalties;
    struct cli_table *t =
        begin(s, words(s, "Penalties, in sum", "违约金合计"), words(s, " |>amount", " |>金额"));
    CLI_TABLE_ADD(t, words(s, "owed for this month", "本月应付"), money(s, p->owed_cents));
    if (p->so_far_cents > 0)
        CLI_TABLE_ADD(t,
                      words(s, "so far, for what goes on (not owed yet)", "仍在继续的（尚未计入）"),
                      money(s, p->so_far_cents));
    CLI_TABLE_ADD(t, words(s, "before, in this service period", "服务期内此前"),
                  money(s, p->before_cents));
    CLI_TABLE_ADD(t, words(s, "cap of the service period", "服务期上限"), money(s, p->cap_cents));
    CLI_TABLE_ADD(t, words(s, "left of the cap", "上限余额"), money(s, p->left_cents));
}

static void say_penalties(struct say *s)
{
    struct cli_table *t =
        begin(s, words(s, "Penalties", "违约金"),
              words(s, "number|promise|>late, as counted|>excluded|>hours|>by the contract|>owed|",
                    "编号|承诺|>计入的超时|>除外|>小时|>按合同|>应付|"));
    for (size_t i = 0; i < s->report->n_cases; i++)
        for (size_t k = 0; k < s->report->cases[i]->n_promises; k++) {
            const Callout__V1__ServicePromise *p = s->report->cases[i]->promises[k];
            const Callout__V1__ServicePenalty *x = p->penalty;
            if (x != NULL)
                CLI_TABLE_ADD(
                    t, s->report->cases[i]->number, cli_title(s->cli, p->title, p->milestone),
                    length(s, x->late_us), x->excluded_us > 0 ? length(s, x->excluded_us) : "",
                    count(s, (uint64_t)x->hours), money(s, x->cents), money(s, x->owed_cents),
                    x->so_far ? words(s, "so far", "截至目前") : "");
        }
    if (s->report->penalties == NULL)
        note(s, words(s, "this contract says nothing of penalties", "本合同没有约定违约金"));
    else if (t->rows == 0)
        note(s, words(s, "none in this month", "本月无"));
    if (s->report->penalties != NULL)
        say_penalty_sums(s);
}

static void say_satisfaction(struct say *s)
{
    const Callout__V1__SatisfactionRow *c = s->report->satisfaction;
    struct cli_table *t =
        begin(s, words(s, "Satisfaction", "满意度"),
              words(s, ">calls|>solved|>partly|>not|>rated|>mean rating, of 5|>unhappy",
                    ">回访|>已解决|>部分解决|>未解决|>评分数|>平均分（满分 5）|>不满意"));
    if (c->calls == 0)
        note(s, words(s, "no customer was called back in this month", "本月没有回访"));
    else
        CLI_TABLE_ADD(t, count(s, c->calls), count(s, c->solved), count(s, c->partly),
                      count(s, c->unsolved), count(s, c->rated), report_call_mean(s->cli, c),
                      count(s, c->unhappy));
}

size_t report_service_say(struct report_service *r, const Callout__V1__ServiceReport *report,
                          struct report_section ret[static REPORT_SECTIONS_MAX])
{
    struct say s = { .r = r, .cli = r->history.cli, .report = report, .section = ret };
    say_head(&s);
    say_cases(&s);
    say_promises(&s);
    say_missed(&s);
    say_time(&s);
    say_lots(&s);
    say_penalties(&s);
    say_satisfaction(&s);
    return s.count;
}
