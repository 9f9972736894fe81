#include "explain_print.h"

#include <string.h>

#include "co_buf.h"

enum { LINE_LIMIT = 4096 };

const char *explain_words(const struct cli *cli, const char *en, const char *zh)
{
    return cli->language == CLI_ZH ? zh : en;
}

static void print_announced(struct cli *cli, const struct cli_case *c,
                            const Callout__V1__ClockAccount *clock)
{
    for (size_t i = 0; i < c->count; i++) {
        const char *kind = "";
        if (!refold_is_of(c->row[i]->event, clock))
            continue;
        const char *text = cli_event(cli, c->row[i]->event, &kind);
        (void)fprintf(cli->out, "  announced  %s  %-9s %s%s\n", cli_when(cli, c->row[i]->at_us),
                      kind, text, cli_event_late(cli, c->row[i]->event, c->row[i]->at_us));
    }
}

static const char *pin(struct cli *cli, const Callout__V1__Pin *p)
{
    return p == NULL ? ""
                     : cli_format(cli, "%s as of registry version %llu", p->key,
                                  (unsigned long long)p->since);
}

/* "2023 to 2026", "2023, 2025"; they need not be in order. */
static const char *years(struct cli *cli, const uint32_t *year, size_t n)
{
    struct co_buf b;
    co_buf_init(&b, LINE_LIMIT);
    for (size_t i = 0; i < n; i++) {
        size_t last = i;
        while (last + 1 < n && year[last + 1] == year[last] + 1)
            last++;
        (void)co_buf_printf(&b, "%s%u", i == 0 ? "" : ", ", year[i]);
        if (last > i)
            (void)co_buf_printf(&b, explain_words(cli, " to %u", " 至 %u"), year[last]);
        i = last;
    }
    const char *text = cli_text(cli, co_buf_text(&b));
    co_buf_done(&b);
    return text;
}

static const struct {
    const char *use;
    const char *text[2]; /* by enum cli_language */
} uses[] = {
    { "site", { "", "" } },
    { "contract", { ", of the contract", "，合同日历" } },
    { "milestone", { ", of milestones that name it", "，指定该日历的里程碑" } },
};

static const char *use_of(const struct cli *cli, const Callout__V1__CalendarUse *u)
{
    for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++)
        if (strcmp(uses[i].use, u->use) == 0)
            return uses[i].text[cli->language];
    return u->use;
}

static void print_calendars(struct cli *cli, const Callout__V1__Explanation *e)
{
    for (size_t i = 0; i < e->n_calendars; i++) {
        const Callout__V1__CalendarUse *u = e->calendars[i];
        const char *known =
            u->n_years == 0
                ? ""
                : cli_format(cli, explain_words(cli, ", public holidays of %s", "，含 %s 年节假日"),
                             years(cli, u->years, u->n_years));
        (void)fprintf(cli->out, "%s   %s%s%s\n", i == 0 ? "calendar" : "        ", pin(cli, u->pin),
                      known, use_of(cli, u));
    }
    if (e->rebased_version != 0)
        (void)fprintf(
            cli->out,
            explain_words(cli, "           changed for this open case by registry version %llu\n",
                          "           由登记版本 %llu 为本未结案件更改\n"),
            (unsigned long long)e->rebased_version);
}

static void print_severity(struct cli *cli, const Callout__V1__CaseView *v)
{
    (void)fprintf(cli->out, "severity   %u %s: %s\n", v->severity,
                  cli_title(cli, v->severity_name, ""), cli_why(cli, v->severity_why));
    for (size_t i = 0; i < v->n_severity_changes; i++)
        (void)fprintf(cli->out, "           %s  from %u to %u: %s\n",
                      cli_when(cli, v->severity_changes[i]->changed_us),
                      v->severity_changes[i]->from, v->severity_changes[i]->to,
                      cli_why(cli, v->severity_changes[i]->why));
}

/* Who proposed which time of arrival, and what was answered. */
static void print_agreeing(struct cli *cli, const Callout__V1__CaseView *v)
{
    for (size_t i = 0; i < v->n_history; i++) {
        const Callout__V1__HistoryRow *h = v->history[i];
        bool is_about = h->act == CALLOUT__V1__ACT__ACT_PROPOSE_TIME ||
                        h->act == CALLOUT__V1__ACT__ACT_REJECT_TIME ||
                        h->act == CALLOUT__V1__ACT__ACT_AGREE;
        if (!is_about || strcmp(h->outcome, "applied") != 0)
            continue;
        (void)fprintf(
            cli->out, "%s   %s  %s %s %s%s%s\n", explain_words(cli, "agreeing", "约定    "),
            cli_when(cli, h->occurred_us), cli_act(cli, h->act), explain_words(cli, "as", "，身份"),
            cli_role(cli, h->role), h->agreed_us == 0 ? "" : ": ", cli_when(cli, h->agreed_us));
    }
}

static void print_case(struct cli *cli, const Callout__V1__CaseView *v,
                       const Callout__V1__Explanation *e)
{
    (void)fprintf(cli->out, "%s, %s, times in %s\n", v->number, v->state, cli_zone(cli));
    if (e != NULL) {
        print_severity(cli, v);
        (void)fprintf(cli->out, "policy     %s%s%s\n", pin(cli, e->policy),
                      e->source[0] != '\0' ? ": " : "", e->source);
        print_calendars(cli, e);
        (void)fprintf(cli->out, "contract   %s%s\n", pin(cli, e->terms),
                      cli_entitled(cli, e->entitled));
    }
    if (v->located != NULL)
        (void)fprintf(cli->out, "distance   %s\n", cli_distance(cli, v->located));
    if (e != NULL && e->not_served != NULL)
        (void)fprintf(cli->out,
                      explain_words(cli,
                                    "excluded   %s: asked for on site %s; the policy promises "
                                    "nothing there\n",
                                    "不服务     %s：%s 要求到现场；该地区无现场服务承诺\n"),
                      cli_area(cli, e->not_served), cli_when(cli, e->not_served->asked_us));
    print_agreeing(cli, v);
    if (e == NULL || e->n_clocks == 0)
        (void)fprintf(cli->out, "nothing is promised%s\n",
                      v->held == NULL
                          ? " yet"
                          : cli_format(cli, ": the case is held, %s", cli_held(cli, v->held)));
}

void explain_print(struct cli *cli, const struct cli_case *c, const Callout__V1__CaseView *view)
{
    const Callout__V1__Explanation *e = c->refold.explanation;
    print_case(cli, view, e);
    for (size_t i = 0; e != NULL && i < e->n_clocks; i++) {
        explain_print_clock(cli, e->clocks[i], e->as_of_us);
        print_announced(cli, c, e->clocks[i]);
    }
}
