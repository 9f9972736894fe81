#include "cli.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "co_buf.h"
#include "co_json.h"

enum { TEXT_LIMIT = 8192 };

const char *cli_format(struct cli *cli, const char *format, ...)
{
    char text[TEXT_LIMIT];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    return cli_text(cli, text);
}

const char *cli_join(struct cli *cli, char *const *texts, size_t n)
{
    struct co_buf b;
    co_buf_init(&b, TEXT_LIMIT);
    for (size_t i = 0; i < n; i++)
        (void)co_buf_printf(&b, "%s%s", i == 0 ? "" : ", ", texts[i]);
    const char *text = cli_text(cli, co_buf_text(&b));
    co_buf_done(&b);
    return text;
}

const char *cli_km(struct cli *cli, double km)
{
    return cli_format(cli, fabs(km - round(km)) < 0.05 ? "%.0f km" : "%.1f km", km);
}

const char *cli_title(struct cli *cli, const Callout__V1__Text *text, const char *otherwise)
{
    if (text == NULL)
        return otherwise;
    const char *wanted = cli->language == CLI_ZH ? text->zh : text->en;
    const char *other = cli->language == CLI_ZH ? text->en : text->zh;
    if (wanted[0] != '\0')
        return wanted;
    return other[0] != '\0' ? other : otherwise;
}

const char *cli_notice_state(struct cli *cli, Callout__V1__NoticeState state)
{
    char name[CO_JSON_NAME];
    co_json_enum_name(&callout__v1__notice_state__descriptor, (int)state, name);
    return cli_text(cli, name);
}

const char *cli_notice_reader(struct cli *cli, const Callout__V1__NoticeView *notice)
{
    return notice->stands_for[0] == '\0'
               ? cli_text(cli, notice->person)
               : cli_format(cli, "%s for %s", notice->person, notice->stands_for);
}

const char *cli_solved(Callout__V1__Solved solved)
{
    static const char *const words[] = {
        [CALLOUT__V1__SOLVED__SOLVED_NONE] = "",
        [CALLOUT__V1__SOLVED__SOLVED_YES] = "solved",
        [CALLOUT__V1__SOLVED__SOLVED_PARTLY] = "partly solved",
        [CALLOUT__V1__SOLVED__SOLVED_NO] = "not solved",
    };
    return (size_t)solved < sizeof(words) / sizeof(words[0]) ? words[solved] : "?";
}

const char *cli_act(struct cli *cli, Callout__V1__Act act)
{
    char name[CO_JSON_NAME];
    co_json_enum_name(&callout__v1__act__descriptor, (int)act, name);
    return cli_text(cli, name);
}

const char *cli_acts(struct cli *cli, const Callout__V1__Act *acts, size_t n)
{
    struct co_buf b;
    co_buf_init(&b, TEXT_LIMIT);
    for (size_t i = 0; i < n; i++)
        (void)co_buf_printf(&b, "%s%s", i == 0 ? "" : ", ", cli_act(cli, acts[i]));
    const char *text = cli_text(cli, co_buf_text(&b));
    co_buf_done(&b);
    return text;
}

const char *cli_role(struct cli *cli, Callout__V1__Role role)
{
    if (role == CALLOUT__V1__ROLE__ROLE_NONE)
        return "";
    char name[CO_JSON_NAME];
    co_json_enum_name(&callout__v1__role__descriptor, (int)role, name);
    return cli_text(cli, name);
}

const char *cli_roles(struct cli *cli, const Callout__V1__Role *roles, size_t n)
{
    const char *text = "";
    for (size_t i = 0; i < n; i++)
        text = cli_format(cli, "%s%s%s", text, i == 0 ? "" : ", ", cli_role(cli, roles[i]));
    return text;
}

/* How the amount of a basis is said. */
struct basis_form {
    const char *kind;
    bool is_length;   /* the amount is microseconds */
    const char *form; /* with one %s: the amount */
};

static const struct basis_form basis_forms[] = {
    { "running", true, "%s running" },
    { "working", true, "%s of working time" },
    { "nth_working_day", false, "closing of working day %s" },
    { "period_working_days", false, "closing of the %sth working day after" },
    { "period_days", false, "end of day %s after" },
    { "next_business_day", false, "closing of the next business day" },
    { "agreed", false, "as agreed" },
};

/* "7 d before the date": of the date of the case, or its end. */
static const char *basis_date(struct cli *cli, const Callout__V1__TargetBasis *basis)
{
    if (basis->amount == 0)
        return "at the date";
    int64_t length = basis->amount < 0 ? -basis->amount : basis->amount;
    return cli_format(cli, "%s %s the date", cli_length(cli, length),
                      basis->amount < 0 ? "before" : "after");
}

static const char *basis_amount(struct cli *cli, const Callout__V1__TargetBasis *basis)
{
    if (strcmp(basis->kind, "dated") == 0)
        return basis_date(cli, basis);
    for (size_t i = 0; i < sizeof(basis_forms) / sizeof(basis_forms[0]); i++) {
        const struct basis_form *f = &basis_forms[i];
        if (strcmp(f->kind, basis->kind) != 0)
            continue;
        const char *amount = f->is_length ? cli_length(cli, basis->amount)
                                          : cli_format(cli, "%lld", (long long)basis->amount);
        const char *gap = strstr(f->form, "%s");
        if (gap == NULL)
            return f->form;
        return cli_format(cli, "%.*s%s%s", (int)(gap - f->form), f->form, amount, gap + 2);
    }
    return basis->kind;
}

const char *cli_area(struct cli *cli, const Callout__V1__NotServed *n)
{
    return strcmp(n->zone, n->region) == 0 ? n->zone
                                           : cli_format(cli, "%s (%s)", n->zone, n->region);
}

const char *cli_basis(struct cli *cli, const Callout__V1__TargetBasis *basis)
{
    if (basis == NULL)
        return "";
    struct co_buf b;
    co_buf_init(&b, TEXT_LIMIT);
    (void)co_buf_append_text(&b, basis_amount(cli, basis));
    if (basis->zone[0] != '\0')
        (void)co_buf_printf(&b, ", %s (%s)", basis->zone,
                            basis->region[0] != '\0' ? basis->region : cli_km(cli, basis->km));
    if (basis->borderline)
        (void)co_buf_printf(&b, ", borderline to %s", basis->other_zone);
    if (basis->same_day)
        (void)co_buf_append_text(&b, ", at most to the end of the day");
    if (basis->calendar[0] != '\0')
        (void)co_buf_printf(&b, ", calendar %s", basis->calendar);
    if (basis->beyond_data)
        (void)co_buf_append_text(&b, ", beyond the years whose holidays are known");
    const char *text = cli_text(cli, co_buf_text(&b));
    co_buf_done(&b);
    return text;
}

const char *cli_why(struct cli *cli, const Callout__V1__Why *why)
{
    if (why == NULL || why->rule[0] == '\0')
        return "";
    bool has_what = why->what[0] != '\0', has_source = why->source[0] != '\0';
    return cli_format(cli, "%s%s%s%s%s", why->rule, has_what ? " " : "", why->what,
                      has_source ? ", " : "", why->source);
}
