/* Source A, 3.2: on site, row by row of what is restored when, with and without a hardware fault,
 * and what follows when it is not; under the storage pack as it stands in policies/. */
#include <string.h>

#include "check_main.h"
#include "sla_pack.h"

static struct world w;
static struct pack_files f;

static void begin(uint32_t severity)
{
    pack_begin(&w, &f, NULL, "storage-after-sales", "cn-office", severity);
    world_locate(&w, 0, 10);
    world_input(&w, 0, ACT(ONSITE_REQUESTED));
    world_input(&w, 60, ACT(ARRIVED));
}

static void end(void)
{
    pack_end(&w, &f);
}

static const struct {
    const char *source;
    uint32_t level;
    int64_t ready; /* the hardware is, after a fault that is found at 90; 0: no hardware fault */
    int64_t due;
    const char *missed; /* what is proposed then, or NULL */
    uint32_t level_then;
} cells[] = {
    { "A 3.2, level 1, no hardware fault: 3 h", 1, 0, 240, "substitute_environment", 1 },
    { "A 3.2, level 2, no hardware fault: 3 h", 2, 0, 240, NULL, 1 },
    { "A 3.2, level 3, no hardware fault: 2 h", 3, 0, 180, NULL, 2 },
    { "A 3.2, level 1, hardware fault: 3 h after it is ready", 1, 1000, 1180,
      "substitute_environment", 1 }, /* missed: ours */
    { "A 3.2, level 2, hardware fault: 3 h after it is ready", 2, 1000, 1180, NULL, 1 },
    { "A 3.2, level 3, hardware fault: 2 h after it is ready", 3, 1000, 1120, NULL, 2 },
};

START_TEST(restoring_and_what_follows_are_those_of_each_level)
{
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        uint32_t generation = cells[i].ready == 0 ? 1 : 2;
        begin(cells[i].level);
        if (cells[i].ready > 0) {
            world_input(&w, 90, ACT(HARDWARE_FAULT));
            world_input(&w, cells[i].ready, ACT(HARDWARE_READY));
        }
        world_story(&w, cells[i].due - 1);
        ck_assert_msg(pack_due(&w, "restore", generation) == cells[i].due, "%s", cells[i].source);
        ck_assert_uint_eq(w.fold.severity, cells[i].level);
        world_story(&w, cells[i].due);
        ck_assert_uint_eq(pack_count(&w, BODY(BREACHED), "restore"), 1);
        ck_assert_msg(w.fold.severity == cells[i].level_then, "%s", cells[i].source);
        int64_t at = pack_acted(&w, "substitute_environment");
        ck_assert_msg(at == (cells[i].missed != NULL ? cells[i].due : -1), "%s", cells[i].source);
        end();
    }
}
END_TEST

START_TEST(level_4_has_no_limit_of_restoring)
{
    begin(4);
    world_story(&w, 10000);
    ck_assert_ptr_null(pack_promise(&w, "restore", 1));
    end();
}
END_TEST

START_TEST(
    a_rise_is_not_made_where_customer_and_director_waive_it_and_taken_back_where_they_do_later)
{
    for (int is_late = 0; is_late < 2; is_late++) {
        begin(2);
        world_by(&w, is_late ? 300 : 200, ACT(WAIVE), ROLE(CUSTOMER));
        world_story(&w, 310);
        ck_assert_uint_eq(w.fold.severity, 1); /* one of them is not enough */
        world_by(&w, is_late ? 305 : 210, ACT(WAIVE), ROLE(DIRECTOR));
        world_story(&w, 310);
        ck_assert_uint_eq(w.fold.severity, 2);
        end();
    }
}
END_TEST

static const struct {
    const char *source;
    uint32_t level;
    const char *conditions[2];
    uint32_t then;
} bars[] = {
    { "A 3.1, 3 to 2: a way round, and back at normal work",
      3,
      { "workaround", "normal_work" },
      3 },
    { "A 3.1, 3 to 2: a way round alone bars nothing", 3, { "workaround", NULL }, 2 },
    { "A 3.1, 3 to 2: only tuning is left", 3, { "tuning_only", NULL }, 3 },
    { "A 3.1 has no bar from 2 to 1", 2, { "tuning_only", NULL }, 1 },
};

START_TEST(the_bars_of_the_source_keep_a_level_from_rising)
{
    for (size_t i = 0; i < sizeof(bars) / sizeof(bars[0]); i++) {
        begin(bars[i].level);
        for (size_t k = 0; k < 2 && bars[i].conditions[k] != NULL; k++)
            world_set(&w, 70, bars[i].conditions[k]);
        world_story(&w, 240);
        ck_assert_msg(w.fold.severity == bars[i].then, "%s", bars[i].source);
        end();
    }
}
END_TEST

START_TEST(hardware_has_an_expected_time_of_its_own_and_is_told_of_when_late)
{
    begin(2);
    world_input(&w, 90, ACT(HARDWARE_FAULT));
    world_story(&w, 95);
    ck_assert_int_eq(pack_due(&w, "hardware", 1), -1);
    world_input(&w, 100, ACT(HARDWARE_EXPECTED))->agreed_us = T0 + 600 * MINUTE;
    world_story(&w, 101);
    ck_assert_int_eq(pack_due(&w, "hardware", 1), 600);
    world_input(&w, 150, ACT(HARDWARE_EXPECTED))->agreed_us = T0 + 800 * MINUTE;
    world_story(&w, 799);
    ck_assert_int_eq(pack_due(&w, "hardware", 1), 800);
    ck_assert_int_eq(pack_acted(&w, "hardware_late"), -1);
    world_story(&w, 900);
    ck_assert_int_eq(pack_acted(&w, "hardware_late"), 800);
    world_input(&w, 950, ACT(HARDWARE_READY));
    world_story(&w, 951);
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "hardware"), 1);
    ck_assert_int_eq(pack_due(&w, "restore", 2), 950 + 180);
    end();
}
END_TEST

START_TEST(the_manufacturer_is_asked_for_decision_support_at_level_1_only)
{
    for (uint32_t level = 1; level <= 3; level++) {
        begin(level);
        world_story(&w, 160);
        ck_assert_int_eq(pack_acted(&w, "decision_support"), level == 1 ? 150 : -1);
        end();
    }
}
END_TEST

START_TEST(the_fault_report_has_a_limit_only_where_the_contract_states_one)
{
    begin(1);
    world_story(&w, 61);
    ck_assert_ptr_null(pack_promise(&w, "fault_report", 1));
    world_figure(&w, "fault_report", 1, TARGET(RUNNING), 30 * MINUTE);
    world_story(&w, 61);
    ck_assert_int_eq(pack_due(&w, "fault_report", 1), 90);
    end();
}
END_TEST

START_TEST(a_missed_response_is_told_again_until_somebody_acknowledges_it)
{
    pack_begin(&w, &f, NULL, "storage-after-sales", "cn-office", 3);
    world_story(&w, 39);
    ck_assert_uint_eq(pack_count(&w, BODY(ESCALATED), "response"), 0);
    world_story(&w, 100);
    ck_assert_uint_eq(pack_count(&w, BODY(ESCALATED), "response"), 3); /* 40, 60, 90 */
    world_input(&w, 70, ACT(ACKNOWLEDGED));
    world_story(&w, 10000);
    ck_assert_uint_eq(pack_count(&w, BODY(ESCALATED), "response"), 2);
    end();
}
END_TEST

CHECK_MAIN(
    "sla_on_site", restoring_and_what_follows_are_those_of_each_level,
    level_4_has_no_limit_of_restoring,
    a_rise_is_not_made_where_customer_and_director_waive_it_and_taken_back_where_they_do_later,
    the_bars_of_the_source_keep_a_level_from_rising,
    hardware_has_an_expected_time_of_its_own_and_is_told_of_when_late,
    the_manufacturer_is_asked_for_decision_support_at_level_1_only,
    the_fault_report_has_a_limit_only_where_the_contract_states_one,
    a_missed_response_is_told_again_until_somebody_acknowledges_it)
