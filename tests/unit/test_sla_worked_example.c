/* docs/writing-a-pack.md: a pack that somebody writes without touching the program. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "co_registry_check.h"
#include "sla_pack.h"

static struct world w;
static struct pack_files f;

/* T0 is Monday, 2 March 2026, 02:00 in Brussels: the lift company opens at 07:30. */
#define BRUSSELS(day, hour, minute) ((day)*1440 + ((hour)-2) * 60 + (minute))

static void begin(uint32_t severity)
{
    pack_begin(&w, &f, "samples/lift-service", "lift-service", "lift-hours", severity);
}

static void end(void)
{
    pack_end(&w, &f);
}

static char *text_of(const char *path)
{
    char name[512];
    snprintf(name, sizeof(name), CALLOUT_SOURCE_DIR "/%s", path);
    FILE *file = fopen(name, "rb");
    ck_assert_msg(file != NULL, "%s", name);
    char *text = calloc(1, 100000);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_lt(fread(text, 1, 99999, file), 99999);
    fclose(file);
    return text;
}

START_TEST(the_page_shows_the_files_as_they_are)
{
    static const char *const files[] = { "samples/lift-service/policy.yaml",
                                         "samples/lift-service/calendar.yaml",
                                         "samples/lift-service/holidays.yaml",
                                         "samples/lift-service/registry.yaml" };
    char *page = text_of("docs/writing-a-pack.md");
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char *text = text_of(files[i]);
        ck_assert_msg(strstr(page, text) != NULL, "%s", files[i]);
        free(text);
    }
    free(page);
}
END_TEST

START_TEST(the_example_has_no_mistake)
{
    begin(3);
    struct co_problems *problems = co_registry_check(f.registry);
    for (size_t i = 0; i < co_problems_count(problems); i++)
        printf("%s: %s\n", co_problems_at(problems, i)->path, co_problems_at(problems, i)->message);
    ck_assert_uint_eq(co_problems_count(problems), 0);
    co_problems_free(problems);
    end();
}
END_TEST

static const struct {
    const char *of; /* the row and column of the page's table */
    uint32_t level;
    double km;
    int64_t call_back;
    int64_t arrival;
} cells[] = {
    { "trapped, in town", 1, 15, 5, 30 },
    { "trapped, around", 1, 60, 5, 60 },
    { "trapped, farther", 1, 61, 5, 120 },
    { "standing, in town", 2, 15, 30, 120 },
    /* 4 working hours from 07:30 */
    { "standing, around", 2, 16, 30, BRUSSELS(0, 11, 30) },
    { "standing, farther", 2, 300, 30, BRUSSELS(1, 17, 0) },
    { "other: the contract states 4 h; 24:00 of Thursday", 3, 5, 240, BRUSSELS(4, 0, 0) },
};

START_TEST(each_cell_of_the_table_is_what_is_promised)
{
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        begin(cells[i].level);
        pack_contract(&w, &f, "senne-2026", "senne-leuven");
        world_locate(&w, 0, cells[i].km);
        world_input(&w, 0, ACT(ONSITE_REQUESTED));
        world_story(&w, 1);
        ck_assert_msg(pack_due(&w, "call_back", 1) == cells[i].call_back, "%s", cells[i].of);
        ck_assert_msg(pack_due(&w, "arrival", 1) == cells[i].arrival, "%s", cells[i].of);
        ck_assert_ptr_null(pack_promise(&w, "running_again", 1)); /* not the only lift */
        end();
    }
}
END_TEST

START_TEST(what_the_contract_does_not_state_is_as_the_pack_says)
{
    begin(3);
    world_story(&w, 1);
    ck_assert_int_eq(pack_due(&w, "call_back", 1), BRUSSELS(1, 17, 0)); /* next business day */
    end();
}
END_TEST

/* Minutes from T0 to a day of 2026 at an hour in Brussels; from 29 March on it is summer. */
static const struct {
    const char *of;
    int64_t report; /* after T0 */
    int64_t due;
} next_days[] = {
    { "on a Friday: Saturday, 12:00", BRUSSELS(4, 10, 0), BRUSSELS(5, 12, 0) },
    { "on a Saturday: Monday", BRUSSELS(5, 10, 0), BRUSSELS(7, 17, 0) },
    /* 4 April, summer time is an hour earlier in UTC; 6 April is Easter Monday */
    { "before Easter: Tuesday", BRUSSELS(33, 9, 0), BRUSSELS(36, 16, 0) },
};

static void report_at(int64_t minute)
{
    w.opened->reported_us = T0 + minute * MINUTE;
    for (size_t i = 0; i < w.input_count; i++)
        w.inputs[i]->occurred_us = w.opened->reported_us;
}

START_TEST(days_count_in_the_hours_of_the_lift_company)
{
    for (size_t i = 0; i < sizeof(next_days) / sizeof(next_days[0]); i++) {
        begin(3);
        report_at(next_days[i].report);
        world_story(&w, next_days[i].report);
        int64_t due = pack_due(&w, "call_back", 1);
        ck_assert_msg(due == next_days[i].due, "%s: %lld", next_days[i].of, (long long)due);
        end();
    }
}
END_TEST

START_TEST(the_only_lift_of_a_house_runs_again_on_the_second_working_day)
{
    begin(2);
    pack_contract(&w, &f, "senne-2026", "senne-tower");
    world_story(&w, 1);
    ck_assert_int_eq(pack_due(&w, "running_again", 1), BRUSSELS(1, 17, 0));
    world_story(&w, BRUSSELS(1, 17, 0));
    ck_assert_uint_eq(w.fold.severity, 1); /* not in time: worse */
    end();
}
END_TEST

START_TEST(while_nobody_lets_the_engineer_in_the_arrival_stands)
{
    begin(2);
    world_locate(&w, 0, 10);
    world_input(&w, 0, ACT(ONSITE_REQUESTED));
    world_set(&w, 20, "no_access");
    world_clear(&w, 80, "no_access");
    world_story(&w, 90);
    ck_assert_int_eq(pack_due(&w, "arrival", 1), 120 + 60);
    end();
}
END_TEST

START_TEST(with_people_trapped_and_nobody_there_the_fire_brigade_is_proposed)
{
    begin(1);
    world_locate(&w, 0, 10);
    world_input(&w, 0, ACT(ONSITE_REQUESTED));
    world_story(&w, 31);
    ck_assert_int_eq(pack_acted(&w, "fire_brigade"), 30);
    end();
}
END_TEST

START_TEST(with_people_trapped_engineer_and_desk_are_told_when_half_of_the_time_is_over)
{
    for (uint32_t level = 1; level <= 2; level++) {
        begin(level);
        world_locate(&w, 0, 10);
        world_input(&w, 0, ACT(ONSITE_REQUESTED));
        world_story(&w, 119);
        ck_assert_int_eq(pack_acted(&w, "hurry"), level == 1 ? 15 : -1);
        end();
    }
}
END_TEST

START_TEST(the_desk_is_told_until_somebody_acknowledges_that_nobody_called_back)
{
    begin(1);
    world_input(&w, 27, ACT(ACKNOWLEDGED));
    world_story(&w, 1000);
    ck_assert_uint_eq(pack_count(&w, BODY(ESCALATED), "call_back"), 3); /* 10, 15, 25 */
    end();
}
END_TEST

START_TEST(a_spare_part_is_there_when_both_sides_say)
{
    begin(2);
    world_input(&w, 10, ACT(HARDWARE_FAULT));
    world_story(&w, 20);
    ck_assert_int_eq(pack_due(&w, "spare_part", 1), -1);
    world_input(&w, 30, ACT(HARDWARE_EXPECTED))->agreed_us = T0 + 900 * MINUTE;
    world_story(&w, 40);
    ck_assert_int_eq(pack_due(&w, "spare_part", 1), 900);
    end();
}
END_TEST

CHECK_MAIN("sla_worked_example", the_page_shows_the_files_as_they_are, the_example_has_no_mistake,
           each_cell_of_the_table_is_what_is_promised,
           what_the_contract_does_not_state_is_as_the_pack_says,
           days_count_in_the_hours_of_the_lift_company,
           the_only_lift_of_a_house_runs_again_on_the_second_working_day,
           while_nobody_lets_the_engineer_in_the_arrival_stands,
           with_people_trapped_and_nobody_there_the_fire_brigade_is_proposed,
           with_people_trapped_engineer_and_desk_are_told_when_half_of_the_time_is_over,
           the_desk_is_told_until_somebody_acknowledges_that_nobody_called_back,
           a_spare_part_is_there_when_both_sides_say)
