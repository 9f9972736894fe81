#include "check_main.h"

#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "co_time.h"

static struct cli cli;
static struct cli_args args;
static char *text;
static size_t size;
static Callout__V1__CaseView view;
static char response[] = "response";

static void begin(void)
{
    setenv("TZ", "UTC", 1);
    cli = (struct cli){ .out = open_memstream(&text, &size),
                        .args = &args,
                        .arena = co_arena_new(1 << 20) };
    callout__v1__case_view__init(&view);
}

static void end(void)
{
    co_arena_free(cli.arena);
    free(text);
}

static void shows(const char *expected)
{
    cli_show_view(&cli, &view);
    (void)fclose(cli.out);
    ck_assert_msg(strstr(text, expected) != NULL, "no \"%s\" in:\n%s", expected, text);
}

static void shows_not(const char *expected)
{
    cli_show_view(&cli, &view);
    (void)fclose(cli.out);
    ck_assert_msg(strstr(text, expected) == NULL, "\"%s\" in:\n%s", expected, text);
}

static Callout__V1__ClockView *add_clock(void)
{
    static Callout__V1__ClockView clock;
    static Callout__V1__ClockView *clocks[] = { &clock };
    static char breached[] = "breached";
    static Callout__V1__Text title;
    static char zh[] = "响应", en[] = "Response";
    callout__v1__clock_view__init(&clock);
    callout__v1__text__init(&title);
    title.zh = zh;
    title.en = en;
    clock.title = &title;
    clock.milestone = response;
    clock.generation = 2;
    clock.state = breached;
    clock.due_us = 1771300800 * CO_SECOND_US;
    view.clocks = clocks;
    view.n_clocks = 1;
    return &clock;
}

static void add_steps(Callout__V1__ClockView *clock, int64_t late_us)
{
    static Callout__V1__EscalationView step[2];
    static Callout__V1__EscalationView *steps[] = { &step[0], &step[1] };
    static Callout__V1__Role roles[] = { CALLOUT__V1__ROLE__ROLE_PM,
                                         CALLOUT__V1__ROLE__ROLE_DIRECTOR };
    for (uint32_t i = 0; i < 2; i++) {
        callout__v1__escalation_view__init(&step[i]);
        step[i].step = i;
        step[i].reached_us = clock->due_us + (i + 1) * CO_HOUR_US;
        step[i].announced_us = step[i].reached_us + late_us;
        step[i].roles = roles;
        step[i].n_roles = i + 1;
    }
    clock->escalations = steps;
    clock->n_escalations = 2;
}

START_TEST(a_ladder_is_a_row_for_each_step_with_who_was_told)
{
    begin();
    add_steps(add_clock(), 0);
    shows("Escalations\n"
          "  milestone  no.  step  reached              told\n"
          "  Response     2     1  2026-02-17 05:00:00  pm\n"
          "  Response     2     2  2026-02-17 06:00:00  pm, director\n");
    end();
}
END_TEST

START_TEST(titles_are_in_the_language_asked_for)
{
    begin();
    cli.language = CLI_ZH;
    add_steps(add_clock(), 0);
    shows("  响应         2     1  2026-02-17 05:00:00  pm\n");
    end();
}
END_TEST

START_TEST(what_was_announced_late_says_how_late)
{
    begin();
    Callout__V1__ClockView *clock = add_clock();
    Callout__V1__WarningView warning = CALLOUT__V1__WARNING_VIEW__INIT;
    Callout__V1__WarningView *warnings[] = { &warning };
    warning.reached_us = clock->due_us - CO_HOUR_US;
    warning.announced_us = warning.reached_us + 6 * CO_SECOND_US + 470;
    clock->warnings = warnings;
    clock->n_warnings = 1;
    clock->breach_announced_us = clock->due_us + 90 * CO_MINUTE_US;
    add_steps(clock, 5 * CO_SECOND_US);
    shows("Announced late\n"
          "  milestone  no.  what       reached              announced            late by\n"
          "  Response     2  warning 1  2026-02-17 03:00:00  2026-02-17 03:00:06  6s\n"
          "  Response     2  breach     2026-02-17 04:00:00  2026-02-17 05:30:00  1h30m\n");
    ck_assert_ptr_null(strstr(text, "escalation"));
    end();
}
END_TEST

START_TEST(nothing_is_said_to_be_late_that_was_announced_in_time)
{
    begin();
    Callout__V1__ClockView *clock = add_clock();
    clock->breach_announced_us = clock->due_us + CO_SECOND_US;
    shows_not("Announced late");
    end();
}
END_TEST

START_TEST(exclusions_say_their_span_and_what_was_taken_back)
{
    begin();
    static char flood[] = "flood-2026", cause[] = "force_majeure";
    Callout__V1__Exclusion x = CALLOUT__V1__EXCLUSION__INIT;
    Callout__V1__ExclusionView v[2] = { CALLOUT__V1__EXCLUSION_VIEW__INIT,
                                        CALLOUT__V1__EXCLUSION_VIEW__INIT };
    Callout__V1__ExclusionView *list[] = { &v[0], &v[1] };
    x.key = flood;
    x.cause = cause;
    x.from_us = 1771300800 * CO_SECOND_US;
    v[0].exclusion = v[1].exclusion = &x;
    v[1].withdrawn = true;
    view.exclusions = list;
    view.n_exclusions = 2;
    shows("Exclusions declared here\n"
          "  exclusion   cause          from                 until     state\n"
          "  flood-2026  force_majeure  2026-02-17 04:00:00  not over  \n"
          "  flood-2026  force_majeure  2026-02-17 04:00:00  not over  taken back\n");
    end();
}
END_TEST

START_TEST(a_calendar_that_changed_is_shown_with_the_one_of_the_opening)
{
    begin();
    static char key[] = "china";
    Callout__V1__Pin was = CALLOUT__V1__PIN__INIT, is = CALLOUT__V1__PIN__INIT;
    Callout__V1__CalendarRebased rebased = CALLOUT__V1__CALENDAR_REBASED__INIT;
    was.key = is.key = key;
    was.since = 3;
    is.since = 8;
    rebased.calendar = &is;
    view.calendar = &was;
    view.rebased = &rebased;
    shows("  calendar   china, as of registry version 8; opened with china, as of registry version "
          "3\n");
    end();
}
END_TEST

START_TEST(hardware_that_is_waited_for_and_figures_of_the_contract_are_shown)
{
    begin();
    Callout__V1__ClockView *clock = add_clock();
    Callout__V1__TargetBasis basis = CALLOUT__V1__TARGET_BASIS__INIT;
    static char running[] = "running";
    basis.kind = running;
    basis.amount = CO_HOUR_US;
    clock->basis = &basis;
    clock->from_contract = true;
    view.hardware_expected_us = clock->due_us;
    shows("  hardware   expected 2026-02-17 04:00:00\n");
    ck_assert_ptr_nonnull(strstr(text, "1h running, figure of the contract"));
    end();
}
END_TEST

START_TEST(actions_say_who_was_told_what_was_proposed_and_what_stands)
{
    begin();
    static char trigger[] = "breach", what[] = "top_team";
    Callout__V1__Role roles[] = { CALLOUT__V1__ROLE__ROLE_DIRECTOR };
    Callout__V1__Acted a[3];
    Callout__V1__Acted *acted[] = { &a[0], &a[1], &a[2] };
    Callout__V1__ActionView v[3];
    Callout__V1__ActionView *actions[] = { &v[0], &v[1], &v[2] };
    static const Callout__V1__ActionKind kinds[] = { CALLOUT__V1__ACTION_KIND__ACTION_TELL,
                                                     CALLOUT__V1__ACTION_KIND__ACTION_PROPOSE,
                                                     CALLOUT__V1__ACTION_KIND__ACTION_START };
    for (uint32_t i = 0; i < 3; i++) {
        callout__v1__acted__init(&a[i]);
        callout__v1__action_view__init(&v[i]);
        a[i].milestone = response;
        a[i].trigger = trigger;
        a[i].what = what;
        a[i].index = i;
        v[i].kind = kinds[i];
    }
    v[0].roles = roles;
    v[0].n_roles = 1;
    Callout__V1__Withdrawn w = CALLOUT__V1__WITHDRAWN__INIT;
    Callout__V1__Withdrawn *withdrawn[] = { &w };
    w.kind = CALLOUT__V1__EVENT__BODY_ACTED;
    w.milestone = response;
    w.trigger = trigger;
    w.ordinal = 1;
    w.stands = true;
    view.acted = acted;
    view.n_acted = 3;
    view.actions = actions;
    view.n_actions = 3;
    view.withdrawn = withdrawn;
    view.n_withdrawn = 1;
    shows("top_team told to director because of breach of response\n");
    ck_assert_ptr_nonnull(strstr(text, "top_team proposed because of breach of response; stands, "
                                       "though its reason is gone\n"));
    ck_assert_ptr_nonnull(strstr(text, "top_team starts because of breach of response\n"));
    end();
}
END_TEST

CHECK_MAIN("cli_view", a_ladder_is_a_row_for_each_step_with_who_was_told,
           titles_are_in_the_language_asked_for, what_was_announced_late_says_how_late,
           nothing_is_said_to_be_late_that_was_announced_in_time,
           exclusions_say_their_span_and_what_was_taken_back,
           a_calendar_that_changed_is_shown_with_the_one_of_the_opening,
           hardware_that_is_waited_for_and_figures_of_the_contract_are_shown,
           actions_say_who_was_told_what_was_proposed_and_what_stands)
