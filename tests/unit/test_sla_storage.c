/* The storage after-sales pack, as it stands in policies/, in the life of a case. */
#include <string.h>

#include "check_main.h"
#include "co_yaml.h"
#include "sla_world.h"

static struct world w;
static struct co_yaml *yaml;

static void begin(uint32_t severity)
{
    const Callout__V1__Registry *registry = NULL;
    world_init(&w);
    yaml = co_yaml_new(NULL);
    co_yaml_load(yaml, CALLOUT_SOURCE_DIR "/policies/storage-after-sales.yaml");
    ck_assert_int_eq(co_yaml_finish(yaml, &registry), CO_OK);
    for (size_t i = 0; i < registry->n_objects; i++)
        if (registry->objects[i]->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_POLICY)
            w.pack = registry->objects[i]->policy;
    ck_assert_str_eq(w.pack->name, "storage-after-sales");
    world_open(&w, severity);
}

static void end(void)
{
    co_yaml_free(yaml);
    world_done(&w);
}

static const Callout__V1__Promised *promise(const char *milestone, uint32_t generation)
{
    for (size_t i = 0; i < w.fold.output_count; i++) {
        const Callout__V1__Event *e = w.fold.outputs[i];
        if (e->body_case == BODY(PROMISED) && e->promised->generation == generation &&
            strcmp(e->promised->milestone, milestone) == 0)
            return e->promised;
    }
    return NULL;
}

static int64_t due_minute(const char *milestone, uint32_t generation)
{
    const Callout__V1__Promised *p = promise(milestone, generation);
    ck_assert_msg(p != NULL, "%s/%u is not promised", milestone, generation);
    return p->due_us == 0 ? -1 : (p->due_us - T0) / MINUTE;
}

/* T0 is a Monday, 09:00; the days close at 18:00. */
enum { TUESDAY = 1440 + 540, WEDNESDAY = 2 * 1440 + 540 };

static const struct {
    double km;
    int64_t due[3];
} rings[] = {
    { 0, { 120, 180, 240 } },
    { 40.4, { 120, 180, 240 } },
    { 40.5, { 240, 300, 300 } },
    { 81, { 360, 360, 360 } },
    { 161, { 600, 600, 600 } },
    { 320, { 720, 720, 720 } },
    { 321, { TUESDAY, TUESDAY, TUESDAY } },
    { 481, { WEDNESDAY, WEDNESDAY, WEDNESDAY } },
    { 1500, { WEDNESDAY, WEDNESDAY, WEDNESDAY } },
    { 1501, { -1, -1, -1 } },
};

START_TEST(the_engineer_arrives_by_distance_and_level)
{
    for (size_t i = 0; i < sizeof(rings) / sizeof(rings[0]); i++)
        for (uint32_t level = 1; level <= 3; level++) {
            begin(level);
            world_locate(&w, 0, rings[i].km);
            world_input(&w, 0, ACT(ONSITE_REQUESTED));
            world_story(&w, 1);
            ck_assert_int_eq(due_minute("arrival", 1), rings[i].due[level - 1]);
            end();
        }
}
END_TEST

static const struct {
    const char *milestone;
    int64_t due[4];
} remote[] = { { "response", { 30, 30, 30, 15 } },
               { "vendor_response", { 30, 30, 30, 0 } },
               { "expert", { 60, 60, 60, 60 } },
               { "process_start", { 30, 30, 60, 0 } } };

START_TEST(a_report_promises_response_expert_and_plan_by_level)
{
    for (uint32_t level = 1; level <= 4; level++) {
        begin(level);
        world_story(&w, 1);
        for (size_t i = 0; i < sizeof(remote) / sizeof(remote[0]); i++) {
            if (remote[i].due[level - 1] == 0)
                ck_assert_ptr_null(promise(remote[i].milestone, 1));
            else
                ck_assert_int_eq(due_minute(remote[i].milestone, 1), remote[i].due[level - 1]);
        }
        ck_assert_str_eq(w.fold.next_promise->milestone->name, "response");
        end();
    }
}
END_TEST

START_TEST(a_case_goes_from_the_report_over_the_visit_to_the_signatures)
{
    begin(3);
    world_locate(&w, 0, 60);
    world_input(&w, 10, ACT(CONTACTED));
    world_input(&w, 20, ACT(VENDOR_JOINED));
    world_input(&w, 40, ACT(EXPERT_JOINED));
    world_input(&w, 50, ACT(PROCESS_STARTED));
    world_input(&w, 100, ACT(REMOTE_GAVE_UP));
    world_input(&w, 300, ACT(ARRIVED));
    world_input(&w, 360, ACT(HARDWARE_FAULT));
    world_input(&w, 600, ACT(HARDWARE_READY));
    world_input(&w, 700, ACT(RESTORED));
    world_by(&w, 710, ACT(SIGN), ROLE(CUSTOMER));
    world_by(&w, 720, ACT(SIGN), ROLE(PM));
    world_story(&w, 10000);
    ck_assert_int_eq(due_minute("arrival", 1), 400);
    ck_assert_int_eq(due_minute("restore_remote", 1), 130);
    ck_assert_int_eq(due_minute("restore", 1), 420);
    ck_assert_int_eq(due_minute("restore", 2), 720);
    for (size_t i = 0; i < w.fold.output_count; i++)
        ck_assert_int_ne(w.fold.outputs[i]->body_case, BODY(BREACHED));
    ck_assert(w.fold.is_closed);
    ck_assert_uint_eq(w.fold.severity, 3);
    end();
}
END_TEST

START_TEST(not_restored_in_time_the_level_rises_to_the_worst_and_a_substitute_is_proposed)
{
    begin(3);
    world_locate(&w, 0, 10);
    world_input(&w, 0, ACT(ONSITE_REQUESTED));
    world_input(&w, 60, ACT(ARRIVED));
    world_story(&w, 1000);
    ck_assert_int_eq(due_minute("restore", 1), 180);
    ck_assert_int_eq(due_minute("restore", 2), 360);
    ck_assert_int_eq(due_minute("restore", 3), 540);
    ck_assert_ptr_null(promise("restore", 4));
    ck_assert_uint_eq(w.fold.severity, 1);
    size_t proposed = 0;
    for (size_t i = 0; i < w.fold.output_count; i++) {
        const Callout__V1__Event *e = w.fold.outputs[i];
        if (e->body_case != BODY(ACTED) || strcmp(e->acted->what, "substitute_environment") != 0)
            continue;
        ck_assert_int_eq(e->acted->acted_us, T0 + 540 * MINUTE);
        proposed++;
    }
    ck_assert_uint_eq(proposed, 1);
    end();
}
END_TEST

START_TEST(remote_work_that_takes_too_long_sends_somebody)
{
    begin(2);
    world_locate(&w, 0, 10);
    world_input(&w, 10, ACT(CONTACTED));
    world_story(&w, 185);
    ck_assert_int_eq(due_minute("remote", 1), 180);
    ck_assert_int_eq(promise("arrival", 1)->start_us, T0 + 180 * MINUTE);
    ck_assert_int_eq(due_minute("arrival", 1), 360);
    end();
}
END_TEST

START_TEST(key_business_down_for_an_hour_is_the_worst_level_unless_barred)
{
    for (int is_barred = 0; is_barred < 2; is_barred++) {
        begin(3);
        world_set(&w, 5, "key_business_down");
        if (is_barred)
            world_set(&w, 6, "tuning_only");
        world_story(&w, 64);
        ck_assert_uint_eq(w.fold.severity, 3);
        world_story(&w, 65);
        ck_assert_uint_eq(w.fold.severity, is_barred ? 3 : 1);
        end();
    }
}
END_TEST

START_TEST(at_the_everyday_level_somebody_is_sent_too_at_a_time_to_be_agreed)
{
    begin(4);
    world_locate(&w, 0, 10);
    world_input(&w, 20, ACT(ONSITE_REQUESTED));
    world_story(&w, 30);
    ck_assert_int_eq(due_minute("arrival", 1), -1);
    ck_assert(promise("arrival", 1)->is_arrival && w.fold.awaits_agreement);
    world_level(&w, 60, 3);
    world_story(&w, 70);
    ck_assert_int_eq(due_minute("arrival", 1), 20 + 240);
    world_level(&w, 80, 4); /* lowered again: whoever is on the way is not called back */
    world_story(&w, 90);
    ck_assert_int_eq(due_minute("arrival", 1), -1);
    ck_assert_int_eq(w.fold.clocks[w.fold.clock_count - 1]->generation, 1);
    end();
}
END_TEST

START_TEST(with_somebody_on_site_already_nobody_is_sent_when_remote_work_ends)
{
    begin(3);
    world_locate(&w, 0, 10);
    world_input(&w, 10, ACT(CONTACTED));
    world_input(&w, 30, ACT(ARRIVED)); /* nobody reported that it was asked for */
    world_story(&w, 1000);
    ck_assert_ptr_null(promise("arrival", 1));
    end();
}
END_TEST

/* When hardware fault, its end and the arrival became so, 0: never, and from when on restoring is
 * promised, -1: not at all. */
static const struct {
    int64_t fault, ready, arrived, from;
} hardware[] = {
    { 0, 0, 100, 100 },     { 50, 0, 100, -1 },   { 50, 200, 100, 200 },
    { 150, 200, 100, 200 }, { 50, 80, 100, 100 }, { 0, 80, 100, 100 },
};

START_TEST(with_a_hardware_fault_the_limit_counts_from_hardware_and_engineer_both_being_there)
{
    for (size_t i = 0; i < sizeof(hardware) / sizeof(hardware[0]); i++) {
        begin(2);
        world_locate(&w, 0, 10);
        world_input(&w, 5, ACT(ONSITE_REQUESTED));
        if (hardware[i].fault > 0)
            world_input(&w, hardware[i].fault, ACT(HARDWARE_FAULT));
        if (hardware[i].ready > 0)
            world_input(&w, hardware[i].ready, ACT(HARDWARE_READY));
        world_input(&w, hardware[i].arrived, ACT(ARRIVED));
        world_story(&w, 210);
        const Callout__V1__Promised *last = promise("restore", 2);
        last = last != NULL ? last : promise("restore", 1);
        ck_assert_int_eq(last == NULL, hardware[i].from < 0);
        if (last == NULL)
            ck_assert_int_eq(w.fold.next_us, INT64_MAX); /* nothing is missed meanwhile */
        else
            ck_assert_int_eq(last->due_us, T0 + (hardware[i].from + 180) * MINUTE);
        end();
    }
}
END_TEST

START_TEST(repaired_from_afar_the_limit_counts_from_the_hardware_too)
{
    begin(3);
    world_input(&w, 5, ACT(HARDWARE_FAULT));
    world_input(&w, 10, ACT(CONTACTED));
    world_input(&w, 60, ACT(HARDWARE_READY));
    world_story(&w, 61);
    ck_assert_int_eq(due_minute("restore_remote", 1), 60 + 120);
    ck_assert_ptr_null(promise("restore", 1));
    end();
}
END_TEST

START_TEST(a_fault_that_is_back_with_key_business_down_has_its_hour_again)
{
    begin(3);
    world_set(&w, 5, "key_business_down");
    world_input(&w, 30, ACT(RESTORED));
    world_input(&w, 100, ACT(RELAPSED));
    world_story(&w, 159);
    ck_assert_uint_eq(w.fold.severity, 3);
    world_story(&w, 160);
    ck_assert_uint_eq(w.fold.severity, 1);
    world_clear(&w, 40, "key_business_down");
    world_story(&w, 161);
    ck_assert_uint_eq(w.fold.severity, 3); /* it was up in between: this is not that fault */
    end();
}
END_TEST

/* ---- agreeing on a time of arrival */

static size_t said(Callout__V1__Event__BodyCase body, const char *milestone)
{
    size_t count = 0;
    for (size_t i = 0; i < w.fold.output_count; i++) {
        const Callout__V1__Event *e = w.fold.outputs[i];
        const char *of = body == BODY(WARNED)      ? e->warned->milestone
                         : body == BODY(BREACHED)  ? e->breached->milestone
                         : body == BODY(ESCALATED) ? e->escalated->milestone
                                                   : "";
        count += e->body_case == body && strcmp(of, milestone) == 0;
    }
    return count;
}

START_TEST(agreeing_on_a_far_arrival_has_a_limit_with_warning_and_ladder)
{
    static const int64_t limits[] = { 120, 240, 480 };
    for (uint32_t level = 1; level <= 3; level++) {
        begin(level);
        world_locate(&w, 0, 1501);
        world_input(&w, 0, ACT(ONSITE_REQUESTED));
        world_story(&w, limits[level - 1] * 8 / 10);
        ck_assert_int_eq(due_minute("agreement", 1), limits[level - 1]);
        ck_assert_uint_eq(said(BODY(WARNED), "agreement"), 1);
        world_story(&w, limits[level - 1] + 240);
        ck_assert_uint_eq(said(BODY(BREACHED), "agreement"), 1);
        ck_assert_uint_eq(said(BODY(ESCALATED), "agreement"), 2);
        end();
    }
}
END_TEST

START_TEST(there_is_nothing_to_agree_on_where_the_table_states_a_time)
{
    begin(1);
    world_locate(&w, 0, 1500);
    world_input(&w, 0, ACT(ONSITE_REQUESTED));
    world_story(&w, 1);
    ck_assert_ptr_null(promise("agreement", 1));
    end();
}
END_TEST

START_TEST(the_project_manager_calls_the_customer_within_four_working_hours_of_the_answer)
{
    begin(3);
    world_input(&w, 10, ACT(CONTACTED));
    world_input(&w, 20, ACT(ANSWER_GIVEN));
    world_input(&w, 30, ACT(CALLED_BACK));
    world_input(&w, 40, ACT(RESTORED));
    world_input(&w, 50, ACT(RELAPSED));
    world_input(&w, 60, ACT(RESTORED));
    (void)world_story(&w, 70);
    ck_assert_str_eq(promise("call_back", 1)->basis->kind, "working");
    ck_assert_int_eq(due_minute("call_back", 1), 20 + 240);
    ck_assert_ptr_nonnull(strstr(world_story(&w, 70), "met call_back/1 at 30\n"));
    ck_assert_ptr_nonnull(strstr(world_story(&w, 70), "stopped call_back/2"));
    ck_assert_int_eq(due_minute("call_back", 3), 60 + 240); /* and once more */
    end();
}
END_TEST

START_TEST(a_visit_that_was_handed_up_is_agreed_on_anew)
{
    begin(2);
    world_locate(&w, 0, 1501);
    world_input(&w, 0, ACT(ONSITE_REQUESTED));
    world_input(&w, 10, ACT(AGREE))->agreed_us = T0 + 3000 * MINUTE;
    world_input(&w, 2900, ACT(ARRIVED));
    world_input(&w, 3000, ACT(HANDED_UP));
    world_story(&w, 3001);
    ck_assert_int_eq(due_minute("arrival", 1), 3000);
    ck_assert_int_eq(due_minute("arrival", 2), -1);
    ck_assert_int_eq(due_minute("agreement", 2), 3240);
    end();
}
END_TEST

CHECK_MAIN("sla_storage", a_fault_that_is_back_with_key_business_down_has_its_hour_again,
           at_the_everyday_level_somebody_is_sent_too_at_a_time_to_be_agreed,
           with_somebody_on_site_already_nobody_is_sent_when_remote_work_ends,
           with_a_hardware_fault_the_limit_counts_from_hardware_and_engineer_both_being_there,
           repaired_from_afar_the_limit_counts_from_the_hardware_too,
           the_engineer_arrives_by_distance_and_level,
           a_report_promises_response_expert_and_plan_by_level,
           a_case_goes_from_the_report_over_the_visit_to_the_signatures,
           not_restored_in_time_the_level_rises_to_the_worst_and_a_substitute_is_proposed,
           remote_work_that_takes_too_long_sends_somebody,
           key_business_down_for_an_hour_is_the_worst_level_unless_barred,
           agreeing_on_a_far_arrival_has_a_limit_with_warning_and_ladder,
           there_is_nothing_to_agree_on_where_the_table_states_a_time,
           the_project_manager_calls_the_customer_within_four_working_hours_of_the_answer,
           a_visit_that_was_handed_up_is_agreed_on_anew)
