/* The pack of the senior Ceph experts (source C), as it stands in policies/, in the life of a case.
 * The source has no minutes: the contract's, else (ours) those of source A at levels 1, 2 and 4.
 */
#include <string.h>

#include "check_main.h"
#include "sla_pack.h"
#include "sla_severity.h"

static struct world w;
static struct pack_files f;

static void begin(uint32_t severity)
{
    pack_begin(&w, &f, NULL, "ceph-expert", "cn-office", severity);
}

static void end(void)
{
    pack_end(&w, &f);
}

static const struct {
    const char *source;
    const char *trait;
    uint32_t level;
} traits[] = {
    { "C, major: platform down", "platform_down", 1 },
    { "C, major: lost data", "data_lost", 1 },
    { "C, urgent: PG stuck", "pg_stuck", 2 },
    { "C, urgent: many OSDs down with effect", "many_osds_down", 2 },
    { "ours: few OSDs with effect are urgent", "few_osds_with_effect", 2 },
    { "C, urgent: no quorum", "no_quorum", 2 },
    { "C, routine: OSD down without effect", "osd_down_no_effect", 3 },
    { "C, routine: monitors down in quorum", "monitor_down", 3 },
};

START_TEST(a_trait_makes_the_level_that_the_source_says)
{
    begin(3);
    for (size_t i = 0; i < sizeof(traits) / sizeof(traits[0]); i++) {
        char *names[] = { world_text(&w, traits[i].trait) };
        ck_assert_msg(sla_severity_of(w.pack, names, 1, 0).level == traits[i].level, "%s",
                      traits[i].source);
    }
    end();
}
END_TEST

enum { NONE = -2, AGREED = -1 };

static const struct {
    const char *source;
    const char *milestone;
    int64_t due[3]; /* major, urgent, routine */
} remote[] = {
    { "ours: A 3.2 response at 1, 2, 4", "response", { 30, 30, 15 } },
    { "ours: A 3.2 expert at 1, 2, 4", "expert", { 60, 60, 60 } },
    { "ours: A 3.2 plan at 1, 2, 4", "process_start", { 30, 30, NONE } },
};

START_TEST(without_figures_in_the_contract_those_of_the_storage_levels_hold)
{
    for (uint32_t level = 1; level <= 3; level++) {
        begin(level);
        world_story(&w, 1);
        for (size_t i = 0; i < sizeof(remote) / sizeof(remote[0]); i++) {
            if (remote[i].due[level - 1] == NONE)
                ck_assert_ptr_null(pack_promise(&w, remote[i].milestone, 1));
            else
                ck_assert_msg(pack_due(&w, remote[i].milestone, 1) == remote[i].due[level - 1],
                              "%s, level %u", remote[i].source, level);
        }
        end();
    }
}
END_TEST

static const struct {
    double km;
    int64_t due[3];
} rings[] = {
    { 40.4, { 120, 180, AGREED } },
    { 40.5, { 240, 300, AGREED } },
    { 160, { 360, 360, AGREED } },
    { 240, { 600, 600, AGREED } },
    { 320, { 720, 720, AGREED } },
    { 480, { 1440 + 540, 1440 + 540, AGREED } },
    { 1500, { 2 * 1440 + 540, 2 * 1440 + 540, AGREED } },
    { 1501, { AGREED, AGREED, AGREED } },
};

START_TEST(an_expert_arrives_by_distance_and_at_the_routine_level_as_agreed)
{
    for (size_t i = 0; i < sizeof(rings) / sizeof(rings[0]); i++)
        for (uint32_t level = 1; level <= 3; level++) {
            begin(level);
            world_locate(&w, 0, rings[i].km);
            world_input(&w, 0, ACT(ONSITE_REQUESTED));
            world_story(&w, 1);
            int64_t due = rings[i].due[level - 1];
            ck_assert_int_eq(pack_due(&w, "arrival", 1), due);
            ck_assert_int_eq(pack_promise(&w, "agreement", 1) != NULL, due == AGREED);
            end();
        }
}
END_TEST

START_TEST(agreeing_on_the_arrival_has_a_limit_that_ends_with_the_agreement)
{
    static const int64_t limit[] = { 120, 240, 1440 };
    for (uint32_t level = 1; level <= 3; level++) {
        begin(level);
        world_locate(&w, 0, 1501);
        world_input(&w, 5, ACT(ONSITE_REQUESTED));
        world_input(&w, 60, ACT(AGREE))->agreed_us = T0 + 3000 * MINUTE;
        world_story(&w, 2000);
        ck_assert_int_eq(pack_due(&w, "agreement", 1), 5 + limit[level - 1]);
        ck_assert_uint_eq(pack_count(&w, CALLOUT__V1__EVENT__BODY_MET, "agreement"), 1);
        ck_assert_uint_eq(pack_count(&w, CALLOUT__V1__EVENT__BODY_BREACHED, "agreement"), 0);
        ck_assert_int_eq(pack_due(&w, "arrival", 1), 3000);
        end();
    }
}
END_TEST

START_TEST(the_figures_of_the_contract_win)
{
    static const struct {
        uint32_t level;
        int64_t response;
        int64_t expert;
    } want[] = { { 1, 15, 60 }, { 2, 30, 60 }, { 3, 1440 + 540, 60 } };
    for (size_t i = 0; i < 3; i++) {
        pack_begin(&w, &f, "samples/registry", "ceph-expert", "cn-office", want[i].level);
        pack_contract(&w, &f, "jiangcheng-2026", "jiangcheng-wuhan");
        world_locate(&w, 0, 10);
        world_input(&w, 0, ACT(ONSITE_REQUESTED));
        world_story(&w, 1);
        ck_assert_int_eq(pack_due(&w, "response", 1), want[i].response);
        ck_assert_int_eq(pack_due(&w, "expert", 1), want[i].expert);
        if (want[i].level == 3)
            ck_assert_int_eq(pack_due(&w, "arrival", 1), 2 * 1440 + 540);
        ck_assert_ptr_null(pack_promise(&w, "agreement", 1)); /* nothing is left to agree on */
        end();
    }
}
END_TEST

START_TEST(restoring_counts_from_the_arrival_and_waits_for_the_hardware)
{
    begin(1);
    world_locate(&w, 0, 10);
    world_input(&w, 0, ACT(ONSITE_REQUESTED));
    world_input(&w, 60, ACT(ARRIVED));
    world_input(&w, 90, ACT(HARDWARE_FAULT));
    world_input(&w, 500, ACT(HARDWARE_READY));
    world_story(&w, 600);
    ck_assert_int_eq(pack_due(&w, "restore", 1), 60 + 180);
    ck_assert_int_eq(pack_due(&w, "restore", 2), 500 + 180);
    end();
}
END_TEST

START_TEST(from_afar_restoring_counts_from_the_first_contact_until_somebody_is_sent)
{
    begin(2);
    world_locate(&w, 0, 10);
    world_input(&w, 10, ACT(CONTACTED));
    world_story(&w, 20);
    ck_assert_int_eq(pack_due(&w, "restore_remote", 1), 190);
    world_input(&w, 30, ACT(ONSITE_REQUESTED));
    world_story(&w, 40);
    ck_assert_uint_eq(pack_count(&w, BODY(STOPPED), "restore_remote"), 1);
    end();
}
END_TEST

CHECK_MAIN("sla_ceph", a_trait_makes_the_level_that_the_source_says,
           without_figures_in_the_contract_those_of_the_storage_levels_hold,
           an_expert_arrives_by_distance_and_at_the_routine_level_as_agreed,
           agreeing_on_the_arrival_has_a_limit_that_ends_with_the_agreement,
           the_figures_of_the_contract_win,
           restoring_counts_from_the_arrival_and_waits_for_the_hardware,
           from_afar_restoring_counts_from_the_first_contact_until_somebody_is_sent)
