/* The project commitment (source A, 3.3) beside the levels, as it stands in policies/, in the life
 * of a case. */
#include <string.h>

#include "check_main.h"
#include "sla_pack.h"

static struct world w;
static struct pack_files f;

static void begin(uint32_t severity)
{
    pack_begin(&w, &f, NULL, "storage-project", "cn-office", severity);
}

static void end(void)
{
    pack_end(&w, &f);
}

/* T0 is a Monday, 09:00; the days close at 18:00. */
#define DAY_AT(day, hour) ((day)*1440 + ((hour)-9) * 60)

START_TEST(any_report_is_answered_in_2_hours_beside_the_limit_of_its_level)
{
    static const int64_t by_level[] = { 30, 30, 30, 15 };
    for (uint32_t level = 1; level <= 4; level++) {
        begin(level);
        world_story(&w, 1);
        ck_assert_int_eq(pack_due(&w, "project_response", 1), 120);
        ck_assert_int_eq(pack_due(&w, "response", 1), by_level[level - 1]);
        ck_assert_str_eq(w.fold.next_promise->milestone->name, "response"); /* the earliest */
        end();
    }
}
END_TEST

START_TEST(inside_the_province_somebody_is_on_site_24_hours_after_the_report)
{
    for (int is_inside = 0; is_inside < 2; is_inside++) {
        begin(4);
        if (is_inside)
            world_set(&w, 0, "inside_province");
        world_story(&w, 1);
        ck_assert_int_eq(pack_promise(&w, "project_arrival", 1) != NULL, is_inside);
        if (is_inside)
            ck_assert_int_eq(pack_due(&w, "project_arrival", 1), 1440);
        end();
    }
}
END_TEST

START_TEST(at_level_4_half_of_the_24_hours_sends_somebody)
{
    begin(4);
    world_set(&w, 0, "inside_province");
    world_locate(&w, 0, 10);
    world_story(&w, 719);
    ck_assert_ptr_null(pack_promise(&w, "arrival", 1));
    world_story(&w, 721);
    ck_assert_int_eq(pack_promise(&w, "arrival", 1)->start_us, T0 + 720 * MINUTE);
    end();
}
END_TEST

START_TEST(the_24_hours_and_the_time_by_distance_run_side_by_side)
{
    begin(1);
    world_set(&w, 0, "inside_province");
    world_locate(&w, 0, 400);
    world_input(&w, 60, ACT(ONSITE_REQUESTED));
    world_input(&w, 1500, ACT(ARRIVED));
    world_story(&w, 1501);
    ck_assert_int_eq(pack_due(&w, "project_arrival", 1), 1440);
    ck_assert_int_eq(pack_due(&w, "arrival", 1), DAY_AT(1, 18));
    ck_assert_int_eq(pack_acted(&w, "vendor_on_site"), 720);
    ck_assert_uint_eq(pack_count(&w, BODY(BREACHED), "project_arrival"), 1);
    ck_assert_uint_eq(pack_count(&w, BODY(BREACHED), "arrival"), 0);
    end();
}
END_TEST

START_TEST(a_case_that_is_mended_from_afar_needs_no_visit)
{
    begin(2);
    world_set(&w, 0, "inside_province");
    world_input(&w, 10, ACT(CONTACTED));
    world_input(&w, 100, ACT(RESTORED));
    world_story(&w, 5000);
    ck_assert_uint_eq(pack_count(&w, BODY(STOPPED), "project_arrival"), 1);
    ck_assert_uint_eq(pack_count(&w, BODY(BREACHED), "project_arrival"), 0);
    end();
}
END_TEST

START_TEST(it_is_handled_in_2_hours_from_the_arrival)
{
    begin(4);
    world_locate(&w, 0, 10);
    world_input(&w, 60, ACT(ONSITE_REQUESTED));
    world_input(&w, 100, ACT(ARRIVED));
    world_story(&w, 101);
    ck_assert_int_eq(pack_due(&w, "project_handled", 1), 220);
    end();
}
END_TEST

START_TEST(delivered_equipment_not_mended_in_2_days_is_to_be_replaced_at_any_level)
{
    for (uint32_t level = 1; level <= 4; level++) {
        begin(level);
        world_set(&w, 0, "delivered_equipment");
        world_story(&w, DAY_AT(3, 0) - 1);
        ck_assert_int_eq(pack_due(&w, "project_mended", 1), DAY_AT(3, 0)); /* Wednesday, 24:00 */
        ck_assert_int_eq(pack_acted(&w, "replacement"), -1);
        world_story(&w, DAY_AT(3, 0));
        ck_assert_int_eq(pack_acted(&w, "replacement"), DAY_AT(3, 0));
        end();
    }
}
END_TEST

static enum sla_stage stage(const char *step)
{
    return w.fold.steps[sla_step_find(w.pack, step)].stage;
}

START_TEST(the_replacement_is_shipped_installed_and_accepted_by_the_customer)
{
    begin(2);
    world_set(&w, 0, "delivered_equipment");
    world_story(&w, DAY_AT(3, 0) - 1);
    ck_assert_int_eq(stage("replacement_shipped"), SLA_STAGE_CLOSED);
    world_story(&w, DAY_AT(3, 0));
    ck_assert_int_eq(stage("replacement_shipped"), SLA_STAGE_OPEN);
    ck_assert_int_eq(stage("replaced"), SLA_STAGE_CLOSED);
    world_step_act(&w, DAY_AT(3, 600), ACT(STEP_DONE), "replacement_shipped", ROLE(VENDOR));
    world_story(&w, DAY_AT(3, 600));
    ck_assert_int_eq(stage("replaced"), SLA_STAGE_OPEN);
    world_input(&w, DAY_AT(4, 0), ACT(REPLACED));
    world_story(&w, DAY_AT(4, 0));
    ck_assert_int_eq(stage("replaced"), SLA_STAGE_DONE);
    world_step_act(&w, DAY_AT(4, 60), ACT(STEP_ACCEPTED), "replaced", ROLE(CUSTOMER));
    world_story(&w, DAY_AT(4, 60));
    ck_assert_int_eq(stage("replaced"), SLA_STAGE_COMPLETE);
    end();
}
END_TEST

START_TEST(other_equipment_is_not_replaced)
{
    begin(1);
    world_story(&w, DAY_AT(5, 0));
    ck_assert_ptr_null(pack_promise(&w, "project_mended", 1));
    ck_assert_int_eq(pack_acted(&w, "replacement"), -1);
    end();
}
END_TEST

START_TEST(a_minor_fault_has_48_hours_and_5_working_days_instead_of_the_replacement)
{
    begin(4);
    world_set(&w, 0, "delivered_equipment");
    world_set(&w, 0, "minor_fault");
    world_story(&w, DAY_AT(8, 9));
    ck_assert_ptr_null(pack_promise(&w, "project_mended", 1));
    ck_assert_int_eq(pack_due(&w, "minor_mended", 1), 48 * 60);
    ck_assert_int_eq(pack_due(&w, "minor_last", 1), DAY_AT(7, 18)); /* Monday, closing */
    ck_assert_uint_eq(pack_count(&w, BODY(BREACHED), "minor_mended"), 1);
    ck_assert_uint_eq(pack_count(&w, BODY(BREACHED), "minor_last"), 1);
    ck_assert_int_eq(pack_acted(&w, "replacement"), -1);
    ck_assert_int_eq(pack_acted(&w, "vendor_top_team"), 48 * 60);
    ck_assert_int_eq(pack_acted(&w, "director_case"), DAY_AT(7, 18));
    end();
}
END_TEST

START_TEST(found_to_be_minor_later_its_times_count_from_the_report_and_the_replacement_is_off)
{
    begin(3);
    world_set(&w, 0, "delivered_equipment");
    world_set(&w, 600, "minor_fault");
    world_story(&w, 601);
    ck_assert_int_eq(pack_due(&w, "minor_mended", 1), 48 * 60);
    ck_assert_uint_eq(pack_count(&w, BODY(STOPPED), "project_mended"), 1);
    world_story(&w, DAY_AT(4, 0));
    ck_assert_int_eq(pack_acted(&w, "replacement"), -1);
    world_clear(&w, 700, "minor_fault"); /* it was not, after all */
    world_story(&w, DAY_AT(4, 0));
    ck_assert_int_eq(pack_acted(&w, "replacement"), DAY_AT(3, 0));
    end();
}
END_TEST

START_TEST(the_levels_go_on_as_in_the_storage_service)
{
    begin(3);
    world_set(&w, 0, "inside_province");
    world_locate(&w, 0, 10);
    world_input(&w, 0, ACT(ONSITE_REQUESTED));
    world_input(&w, 60, ACT(ARRIVED));
    world_story(&w, 200);
    ck_assert_uint_eq(pack_count(&w, BODY(BREACHED), "restore"), 1);
    ck_assert_uint_eq(w.fold.severity, 2);
    end();
}
END_TEST

START_TEST(the_conditions_of_a_site_hold_for_every_case_there)
{
    static const struct {
        const char *site;
        bool is_inside;
    } sites[] = { { "nanyue-foshan", true }, { "nanyue-guilin", false } };
    for (size_t i = 0; i < 2; i++) {
        pack_begin(&w, &f, "samples/registry", "storage-project", "cn-office", 3);
        pack_contract(&w, &f, "nanyue-2026", sites[i].site);
        world_story(&w, 1);
        ck_assert_int_eq(pack_promise(&w, "project_arrival", 1) != NULL, sites[i].is_inside);
        ck_assert_ptr_nonnull(pack_promise(&w, "project_mended", 1));
        end();
    }
}
END_TEST

CHECK_MAIN("sla_project", any_report_is_answered_in_2_hours_beside_the_limit_of_its_level,
           inside_the_province_somebody_is_on_site_24_hours_after_the_report,
           at_level_4_half_of_the_24_hours_sends_somebody,
           the_24_hours_and_the_time_by_distance_run_side_by_side,
           a_case_that_is_mended_from_afar_needs_no_visit,
           it_is_handled_in_2_hours_from_the_arrival,
           delivered_equipment_not_mended_in_2_days_is_to_be_replaced_at_any_level,
           the_replacement_is_shipped_installed_and_accepted_by_the_customer,
           other_equipment_is_not_replaced,
           a_minor_fault_has_48_hours_and_5_working_days_instead_of_the_replacement,
           found_to_be_minor_later_its_times_count_from_the_report_and_the_replacement_is_off,
           the_levels_go_on_as_in_the_storage_service,
           the_conditions_of_a_site_hold_for_every_case_there)
