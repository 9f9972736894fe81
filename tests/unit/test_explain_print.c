/* An explanation for people, in both languages. */
#include "explain_print.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "check_main.h"
#include "lived_case.h"

static struct lived_case l;
static struct refold r;
static char *text;

static void begin(void)
{
    (void)setenv("TZ", "CST-8", 1);
    tzset();
    lived_case_init(&l, CALLOUT_SOURCE_DIR);
    lived_case_live(&l);
    lived_case_refold(&l, &r);
}

static void end(void)
{
    free(text);
    refold_done(&r);
    lived_case_done(&l);
}

static const char *print(enum cli_language language, const Callout__V1__ClockAccount *c)
{
    size_t len;
    free(text);
    struct cli cli = { .out = open_memstream(&text, &len), .arena = l.arena, .language = language };
    explain_print_clock(&cli, c, r.now_us);
    (void)fclose(cli.out);
    return text;
}

#define SAYS(language, clock, what)                                                                \
    ck_assert_msg(strstr(print(language, clock), what) != NULL, "%s", text)

START_TEST(a_pause_is_told_with_who_and_when)
{
    begin();
    const Callout__V1__ClockAccount *expert = lived_case_clock(&r, "expert");
    SAYS(CLI_EN, expert,
         "    2026-09-30 11:10:00  2026-09-30 11:40:00     30m       -  the clock stands: "
         "waiting_customer, customer li, 2026-09-30 11:10:00\n");
    SAYS(CLI_ZH, expert, "暂停: waiting_customer, customer li, 2026-09-30 11:10:00\n");
    end();
}
END_TEST

START_TEST(another_level_is_told_with_the_due_time_before_and_after)
{
    begin();
    const Callout__V1__ClockAccount *process = lived_case_clock(&r, "process_start");
    SAYS(CLI_EN, process, "  level      2026-09-30 11:50:00  from 3 to 2: set, ");
    SAYS(CLI_EN, process,
         "set_severity, expert zhao, 2026-09-30 11:50:00; due 2026-09-30 12:10:00 before, "
         "2026-09-30 11:40:00 after\n");
    SAYS(CLI_ZH, process, "  级别       2026-09-30 11:50:00  由 3 级改为 2 级：set, ");
    SAYS(CLI_ZH, process, "原到期 2026-09-30 12:10:00，现到期 2026-09-30 11:40:00\n");
    SAYS(CLI_EN, process, "    2026-09-30 11:40:00  2026-09-30 13:00:00   1h20m       -  late\n");
    end();
}
END_TEST

START_TEST(a_condition_and_an_exclusion_are_told_by_their_titles)
{
    begin();
    Callout__V1__ClockAccount *c = r.explanation->clocks[0];
    Callout__V1__Cause *by = lived_case_message(&l, &callout__v1__cause__descriptor);
    by->kind = lived_case_text(&l, "exclusion");
    by->key = lived_case_text(&l, "flood-2026");
    by->cause = lived_case_text(&l, "force_majeure");
    by->title = lived_case_message(&l, &callout__v1__text__descriptor);
    by->title->en = lived_case_text(&l, "Flood in Hebei");
    by->title->zh = lived_case_text(&l, "河北洪水");
    c->segments[0]->why = lived_case_text(&l, "paused");
    c->segments[0]->by = by;
    SAYS(CLI_EN, c, "the clock stands: Flood in Hebei (force_majeure)\n");
    SAYS(CLI_ZH, c, "暂停: 河北洪水 (force_majeure)\n");
    by->title = NULL;
    SAYS(CLI_EN, c, "the clock stands: flood-2026 (force_majeure)\n");
    end();
}
END_TEST

START_TEST(years_whose_holidays_are_not_known_are_said_in_words)
{
    begin();
    Callout__V1__ClockAccount *c = r.explanation->clocks[0];
    uint32_t years[] = { 2027 };
    c->years_unknown = years;
    c->n_years_unknown = 1;
    SAYS(CLI_EN, c,
         "  holidays   those of 2027 are not known yet: the due time may move when they are\n");
    SAYS(CLI_ZH, c, "2027 年的节假日尚未公布：公布后到期时间可能变动\n");
    end();
}
END_TEST

START_TEST(every_reason_of_the_core_has_words_in_both_languages)
{
    static const char *const reasons[] = {
        "running", "working",     "makeup",     "day",        "makeup_day", "paused",
        "holiday", "off_hours",   "weekend",    "late",       "start_day",  "agreed",
        "no_data", "not_located", "not_agreed", "paused_day",
    };
    begin();
    Callout__V1__ClockAccount *c = r.explanation->clocks[0];
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        char end_of_row[64];
        c->segments[0]->why = lived_case_text(&l, reasons[i]);
        (void)snprintf(end_of_row, sizeof(end_of_row), "  %s\n", reasons[i]);
        bool is_english = strcmp(reasons[i], "late") == 0; /* the word itself */
        ck_assert_msg(is_english || strstr(print(CLI_EN, c), end_of_row) == NULL, "%s", text);
        ck_assert_msg(strstr(print(CLI_ZH, c), end_of_row) == NULL, "%s", text);
    }
    end();
}
END_TEST

CHECK_MAIN("explain_print", a_pause_is_told_with_who_and_when,
           another_level_is_told_with_the_due_time_before_and_after,
           a_condition_and_an_exclusion_are_told_by_their_titles,
           years_whose_holidays_are_not_known_are_said_in_words,
           every_reason_of_the_core_has_words_in_both_languages)
