/* A calendar for people: the grid of a month, the months of a year, one day. */
#include <string.h>

#include "calendar_days.h"
#include "cli_table.h"
#include "co_assert.h"
#include "co_text.h"

enum { CELL = 14, CELL_BYTES = 4 * CELL + 1, LINES_MAX = CO_CALENDAR_SPANS_MAX + 2 };

static const char *month_name(int32_t month)
{
    static const char *const names[] = { "January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December" };
    return names[month - 1];
}

/* The lines of a day in the grid; returns how many. */
static size_t lines_of(struct cli *cli, const struct calendar_day *d,
                       const char *line[static LINES_MAX])
{
    static const char *const words[CALENDAR_DAY_KINDS] = { "", " make-up", "", " holiday" };
    size_t n = 0;
    line[n++] = cli_format(cli, "%d%s", (int)co_date_of_days(d->day).day, words[d->kind]);
    if (d->name[0] != '\0')
        line[n++] = d->name;
    for (size_t i = 0; i < d->hours_count; i++)
        line[n++] = d->hours[i];
    if (d->kind == CALENDAR_FREE)
        line[n++] = "-";
    return n;
}

static void print_cell(struct cli *cli, const char *text, bool is_last)
{
    char cell[CELL_BYTES];
    if (is_last && co_text_width(text) < CELL) {
        (void)fputs(text, cli->out);
        return;
    }
    (void)co_text_pad(cell, sizeof(cell), text, CELL - 1, CO_TEXT_LEFT);
    (void)fprintf(cli->out, "%s%s", cell, is_last ? "" : " ");
}

/* Seven days from a Monday on; those outside of the period stay empty. */
static void print_week(struct cli *cli, const struct calendar_shown *s, int64_t monday)
{
    const char *line[CO_WEEKDAYS][LINES_MAX];
    size_t count[CO_WEEKDAYS] = { 0 };
    size_t lines = 0;
    int last = 0;
    for (int i = 0; i < CO_WEEKDAYS; i++) {
        if (monday + i < s->period.first || monday + i > s->period.last)
            continue;
        struct calendar_day d = calendar_day_of(cli, s, monday + i);
        count[i] = lines_of(cli, &d, line[i]);
        lines = count[i] > lines ? count[i] : lines;
    }
    for (size_t k = 0; k < lines; k++) {
        for (int i = 0; i < CO_WEEKDAYS; i++)
            last = k < count[i] ? i : last;
        (void)fputs("  ", cli->out);
        for (int i = 0; i <= last; i++)
            print_cell(cli, k < count[i] ? line[i][k] : "", i == last);
        (void)fputc('\n', cli->out);
        last = 0;
    }
}

static void print_sum(struct cli *cli, const struct calendar_sum *sum)
{
    (void)fprintf(cli->out, "%zu working days", sum->working);
    if (sum->makeup > 0)
        (void)fprintf(cli->out, " (%zu of them make-up workdays)", sum->makeup);
    (void)fprintf(cli->out, ", %s of working time", calendar_hours(cli, sum->working_us));
    if (sum->holidays > 0)
        (void)fprintf(cli->out, "; %zu days of public holiday", sum->holidays);
    (void)fputc('\n', cli->out);
}

static const char *offset_text(struct cli *cli, int32_t offset_s)
{
    int32_t minutes = offset_s < 0 ? -offset_s / 60 : offset_s / 60;
    return cli_format(cli, "UTC%c%02d:%02d", offset_s < 0 ? '-' : '+', (int)(minutes / 60),
                      (int)(minutes % 60));
}

/* The offset at the beginning, and at the end where it is another. */
static const char *zone_text(struct cli *cli, const struct calendar_shown *s)
{
    int64_t begin_us = 0, end_us = 0;
    if (co_calendar_day_end_us(s->calendar, s->period.first - 1, &begin_us) != CO_OK ||
        co_calendar_day_end_us(s->calendar, s->period.last, &end_us) != CO_OK)
        return s->text->zone;
    const char *begin = offset_text(cli, co_calendar_offset_s(s->calendar, begin_us));
    const char *end = offset_text(cli, co_calendar_offset_s(s->calendar, end_us - 1));
    return cli_format(cli, "%s, %s%s%s", s->text->zone, begin,
                      strcmp(begin, end) == 0 ? "" : " to ", strcmp(begin, end) == 0 ? "" : end);
}

static void print_month(struct cli *cli, const struct calendar_shown *s)
{
    struct co_date first = co_date_of_days(s->period.first);
    int64_t monday = s->period.first - (int64_t)co_weekday_of_days(s->period.first);
    (void)fprintf(cli->out, "%s, %s %d, %s\n\n  ", s->text->key, month_name(first.month),
                  (int)first.year, zone_text(cli, s));
    for (int i = 0; i < CO_WEEKDAYS; i++)
        print_cell(cli, cli_format(cli, "%.3s", calendar_weekday(monday + i)),
                   i == CO_WEEKDAYS - 1);
    (void)fputc('\n', cli->out);
    for (; monday <= s->period.last; monday += CO_WEEKDAYS)
        print_week(cli, s, monday);
    struct calendar_sum sum = calendar_sum_of(cli, s, s->period.first, s->period.last);
    (void)fputc('\n', cli->out);
    print_sum(cli, &sum);
}

/* Days in a row that are of one kind and name are one line. */
static void print_named_days(struct cli *cli, const struct calendar_shown *s)
{
    struct cli_table t;
    cli_table_init(&t, cli, "from|until|what|name");
    for (int64_t day = s->period.first; day <= s->period.last;) {
        struct calendar_day d = calendar_day_of(cli, s, day);
        int64_t end = day + 1;
        if (d.name[0] == '\0' && d.kind != CALENDAR_HOLIDAY && d.kind != CALENDAR_MAKEUP) {
            day = end;
            continue;
        }
        for (; end <= s->period.last; end++) {
            struct calendar_day next = calendar_day_of(cli, s, end);
            if (next.kind != d.kind || strcmp(next.name, d.name) != 0)
                break;
        }
        char from[CO_DATE_TEXT], until[CO_DATE_TEXT];
        co_date_format(day, from);
        co_date_format(end - 1, until);
        CLI_TABLE_ADD(&t, cli_text(cli, from), end - 1 == day ? "" : cli_text(cli, until),
                      calendar_kind_text(d.kind), d.name);
        day = end;
    }
    if (t.rows > 0)
        (void)fputc('\n', cli->out);
    cli_table_print(&t, 2);
}

static void print_year(struct cli *cli, const struct calendar_shown *s)
{
    int32_t year = co_date_of_days(s->period.first).year;
    struct cli_table t;
    (void)fprintf(cli->out, "%s, %d, %s\n\n", s->text->key, (int)year, zone_text(cli, s));
    cli_table_init(&t, cli, "month|>working days|>make-up|>holidays|>working time");
    for (int32_t month = 1; month <= 12; month++) {
        struct co_date next = { year + month / 12, month % 12 + 1, 1 };
        struct calendar_sum sum = calendar_sum_of(
            cli, s, co_date_days((struct co_date){ year, month, 1 }), co_date_days(next) - 1);
        CLI_TABLE_ADD(&t, month_name(month), cli_format(cli, "%zu", sum.working),
                      sum.makeup == 0 ? "" : cli_format(cli, "%zu", sum.makeup),
                      sum.holidays == 0 ? "" : cli_format(cli, "%zu", sum.holidays),
                      calendar_hours(cli, sum.working_us));
    }
    cli_table_print(&t, 2);
    print_named_days(cli, s);
    struct calendar_sum sum = calendar_sum_of(cli, s, s->period.first, s->period.last);
    (void)fputc('\n', cli->out);
    print_sum(cli, &sum);
}

static void print_day(struct cli *cli, const struct calendar_shown *s)
{
    struct calendar_day d = calendar_day_of(cli, s, s->period.first);
    char date[CO_DATE_TEXT];
    co_date_format(d.day, date);
    (void)fprintf(cli->out, "%s, %s, %s, %s\n\n  %s%s%s%s", s->text->key, calendar_weekday(d.day),
                  date, zone_text(cli, s), calendar_kind_text(d.kind),
                  d.name[0] == '\0' ? "" : " (", d.name, d.name[0] == '\0' ? "" : ")");
    for (size_t i = 0; i < d.hours_count; i++)
        (void)fprintf(cli->out, "%s %s", i == 0 ? ":" : ",", d.hours[i]);
    if (d.working_us > 0)
        (void)fprintf(cli->out, "; %s of working time", calendar_hours(cli, d.working_us));
    (void)fputc('\n', cli->out);
}

void calendar_print(struct cli *cli, const struct calendar_shown *s)
{
    static void (*const print[])(struct cli *, const struct calendar_shown *) = {
        [CALENDAR_DAY] = print_day, [CALENDAR_MONTH] = print_month, [CALENDAR_YEAR] = print_year
    };
    const char *unknown = calendar_unknown(cli, s);
    print[s->period.kind](cli, s);
    if (unknown[0] != '\0')
        (void)fprintf(cli->out,
                      "the public holidays of %s are not known yet: only the week is counted\n",
                      unknown);
}
