/* Engagements as they stand in policies/, walked from the order to the archive: DOMAIN section 7
 * (sources C, D, E and what they share). Days are working days of the sample calendar; day 0 is
 * Monday 2026-03-02, 09:00.
 */
#include <string.h>

#include "check_main.h"
#include "sla_pack.h"

#define DAY (24 * 60)
#define WEDNESDAY (3 * DAY - 9 * 60) /* its end */

static struct world w;
static struct pack_files f;

static void begin(const char *pack)
{
    pack_begin(&w, &f, NULL, pack, "cn-office", 1);
}

static void end(void)
{
    pack_end(&w, &f);
}

/* Done by whoever is responsible first. */
static void does(int64_t minute, const char *key)
{
    size_t i = sla_step_find(w.pack, key);
    ck_assert_msg(i < w.pack->n_steps, "%s", key);
    world_step_act(&w, minute, ACT(STEP_DONE), key, w.pack->steps[i]->responsible[0]);
}

/* And accepted by all who must. */
static void completes(int64_t minute, const char *key)
{
    size_t i = sla_step_find(w.pack, key);
    does(minute, key);
    for (size_t k = 0; k < w.pack->steps[i]->n_accepted_by; k++)
        world_step_act(&w, minute, ACT(STEP_ACCEPTED), key, w.pack->steps[i]->accepted_by[k]);
}

static void is(int64_t minute, const char *key, enum sla_stage stage)
{
    size_t i = sla_step_find(w.pack, key);
    ck_assert_msg(i < w.pack->n_steps, "%s", key);
    (void)world_story(&w, minute);
    ck_assert_msg(w.fold.steps[i].stage == stage, "%s at %d: stage %d", key, (int)minute,
                  (int)w.fold.steps[i].stage);
}

static void is_needed(const char *key, bool expected)
{
    ck_assert_msg(w.fold.steps[sla_step_find(w.pack, key)].is_needed == expected, "%s", key);
}

static void is_signed(int64_t minute)
{
    world_by(&w, minute, ACT(SIGN), ROLE(CUSTOMER));
    world_by(&w, minute, ACT(SIGN), ROLE(PM));
    (void)world_story(&w, minute + 1);
    ck_assert(w.fold.is_closed);
}

START_TEST(expert_service_starts_with_a_scope_that_both_agree_and_ends_with_a_report)
{
    begin("expert-service");
    is(1, "scope", SLA_STAGE_OPEN);
    is(1, "work", SLA_STAGE_CLOSED);
    does(60, "scope"); /* the business representative has not agreed */
    is(61, "work", SLA_STAGE_CLOSED);
    world_step_act(&w, DAY, ACT(STEP_ACCEPTED), "scope", ROLE(BUSINESS_REPRESENTATIVE));
    is(DAY, "work", SLA_STAGE_OPEN);
    completes(3 * DAY, "work");
    completes(4 * DAY, "report");
    (void)world_story(&w, 4 * DAY);
    ck_assert(w.fold.is_restored && !w.fold.is_closed);
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "scope_agreed"), 1);
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "delivered"), 1);
    is_signed(4 * DAY + 60);
    end();
}
END_TEST

START_TEST(integration_with_a_known_target_needs_no_estimate)
{
    begin("business-integration");
    completes(60, "scope");
    is(61, "cluster_stable", SLA_STAGE_OPEN);
    is_needed("estimate", false);
    is_needed("extra_cost", false);
    completes(DAY, "cluster_stable");
    completes(DAY, "collect");
    completes(2 * DAY, "design");
    completes(3 * DAY, "implement");
    completes(4 * DAY, "report");
    completes(4 * DAY, "documents");
    (void)world_story(&w, 4 * DAY);
    ck_assert(!w.fold.is_restored); /* knowledge is to be transferred */
    completes(4 * DAY + 60, "knowledge_transfer");
    is_signed(4 * DAY + 120);
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "collected"), 1);
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "implemented"), 1);
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "reported"), 1);
    ck_assert_uint_eq(pack_count(&w, BODY(BREACHED), "delivered"), 0);
    end();
}
END_TEST

START_TEST(a_target_off_the_list_is_assessed_and_its_cost_agreed_before_anything_starts)
{
    begin("business-integration");
    world_set(&w, 0, "target_unlisted");
    completes(60, "scope");
    is(61, "estimate", SLA_STAGE_OPEN);
    is(61, "cluster_stable", SLA_STAGE_CLOSED);
    completes(DAY, "estimate");
    is(DAY, "extra_cost", SLA_STAGE_OPEN);
    is(DAY, "cluster_stable", SLA_STAGE_CLOSED);
    completes(2 * DAY, "extra_cost");
    is(2 * DAY, "cluster_stable", SLA_STAGE_OPEN);
    end();
}
END_TEST

START_TEST(changes_of_a_running_system_wait_for_the_customer_and_the_clock_of_that_phase_stands)
{
    begin("business-integration");
    world_set(&w, 0, "touches_running_system");
    completes(60, "scope");
    completes(DAY, "cluster_stable");
    completes(DAY, "collect");
    completes(DAY, "design");
    is(DAY, "implement", SLA_STAGE_CLOSED);
    (void)world_story(&w, DAY + 60);
    ck_assert(pack_promise(&w, "implemented", 1)->is_paused);
    ck_assert(!pack_promise(&w, "collected", 1)->is_paused);
    completes(9 * DAY, "change_authorised");
    is(9 * DAY, "implement", SLA_STAGE_OPEN);
    ck_assert(!pack_promise(&w, "implemented", 1)->is_paused);
    end();
}
END_TEST

static void signs_the_papers(int64_t minute)
{
    completes(minute, "scope");
    completes(minute, "nda");
    completes(minute, "ownership");
}

START_TEST(interfaces_are_consulted_on_without_software_to_hand_over)
{
    begin("interface-development");
    completes(60, "scope");
    is(61, "research", SLA_STAGE_CLOSED); /* no NDA, nobody owns the code */
    completes(90, "nda");
    completes(90, "ownership");
    is(91, "research", SLA_STAGE_OPEN);
    completes(DAY, "research");
    is(DAY, "consult", SLA_STAGE_OPEN);
    is_needed("work", false);
    is_needed("package", false);
    is_needed("code", false);
    completes(2 * DAY, "consult");
    completes(3 * DAY, "report");
    completes(3 * DAY, "knowledge_transfer");
    is_signed(3 * DAY + 60);
    end();
}
END_TEST

START_TEST(an_implementation_agrees_the_effort_first_and_hands_over_package_and_code)
{
    begin("interface-development");
    world_set(&w, 0, "implementation");
    signs_the_papers(60);
    is(61, "research", SLA_STAGE_CLOSED); /* the effort is not agreed */
    completes(90, "effort");
    completes(DAY, "research");
    is_needed("consult", false);
    completes(5 * DAY, "work");
    completes(6 * DAY, "report");
    completes(6 * DAY, "knowledge_transfer");
    (void)world_story(&w, 6 * DAY);
    ck_assert(!w.fold.is_restored);
    completes(7 * DAY, "package");
    completes(7 * DAY, "code");
    is_signed(7 * DAY + 60);
    end();
}
END_TEST

START_TEST(cover_checks_the_health_before_the_event_and_a_runbook_is_written_on_request)
{
    begin("ceph-cover");
    completes(60, "scope");
    is(61, "health_check", SLA_STAGE_CLOSED); /* no man-days ordered */
    completes(90, "man_days");
    completes(DAY, "health_check");
    completes(2 * DAY, "advice");
    completes(3 * DAY, "work");
    is(3 * DAY, "runbook", SLA_STAGE_CLOSED);
    world_step_act(&w, 3 * DAY, ACT(STEP_OPENED), "runbook", ROLE(CUSTOMER));
    is(3 * DAY, "runbook", SLA_STAGE_OPEN);
    completes(4 * DAY, "runbook");
    completes(4 * DAY, "report");
    is_signed(4 * DAY + 60);
    end();
}
END_TEST

START_TEST(a_first_installation_is_the_manufacturers_and_ends_with_the_acceptance)
{
    begin("storage-installation");
    completes(60, "scope");
    ck_assert_int_eq(w.pack->steps[sla_step_find(w.pack, "work")]->responsible[0], ROLE(VENDOR));
    completes(DAY, "work");
    does(2 * DAY, "report");
    (void)world_story(&w, 2 * DAY);
    ck_assert(!w.fold.is_restored); /* not accepted */
    world_step_act(&w, 2 * DAY + 60, ACT(STEP_ACCEPTED), "report", ROLE(CUSTOMER));
    is_signed(3 * DAY);
    end();
}
END_TEST

/* What it is about takes place on day 20, for a day. */
static void begin_dated(const char *pack)
{
    begin(pack);
    w.opened->dated_us = T0 + 20 * DAY * MINUTE;
    w.opened->dated_until_us = T0 + 21 * DAY * MINUTE;
}

START_TEST(a_course_is_scheduled_prepared_given_and_closed_with_its_attendance)
{
    begin_dated("training");
    (void)world_story(&w, 1);
    ck_assert_int_eq(pack_due(&w, "scheduled", 1), 10 * DAY);
    ck_assert_int_eq(pack_due(&w, "prepared", 1), 18 * DAY);
    ck_assert_int_eq(pack_due(&w, "closed", 1), 26 * DAY);
    completes(DAY, "course");
    completes(2 * DAY, "participants");
    completes(3 * DAY, "material");
    ck_assert(w.pack->steps[sla_step_find(w.pack, "material")]->document); /* with its version */
    is(3 * DAY, "held", SLA_STAGE_CLOSED);
    completes(4 * DAY, "lab_ready");
    is(4 * DAY, "held", SLA_STAGE_OPEN);
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "prepared"), 1);
    does(21 * DAY, "held");
    does(21 * DAY + 60, "attendance");
    (void)world_story(&w, 21 * DAY + 60);
    ck_assert(!w.fold.is_restored); /* the customer has not confirmed who was there */
    world_step_act(&w, 22 * DAY, ACT(STEP_ACCEPTED), "attendance", ROLE(CUSTOMER));
    is_signed(22 * DAY + 60);
    ck_assert_uint_eq(pack_count(&w, BODY(BREACHED), "closed"), 0);
    end();
}
END_TEST

START_TEST(a_renewal_is_quoted_agreed_paid_and_in_force)
{
    begin_dated("renewal"); /* the contract ends on day 20 */
    (void)world_story(&w, 1);
    ck_assert_int_eq(pack_due(&w, "end_of_contract", 1), 20 * DAY);
    is(1, "quotation_given", SLA_STAGE_CLOSED);
    completes(DAY, "quotation_asked");
    is(DAY, "quotation_given", SLA_STAGE_OPEN);
    ck_assert_int_ne(pack_due(&w, "quotation", 1), 0);
    completes(3 * DAY, "quotation_given");
    is(3 * DAY, "quotation_agreed", SLA_STAGE_OPEN); /* the customer's turn */
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "quotation"), 1);
    completes(8 * DAY, "quotation_agreed");
    completes(9 * DAY, "paid_or_granted");
    completes(10 * DAY, "renewed");
    (void)world_story(&w, 10 * DAY);
    ck_assert(w.fold.is_restored);
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "end_of_contract"), 1);
    end();
}
END_TEST

START_TEST(event_duty_is_planned_prepared_and_reported)
{
    begin_dated("event-duty");
    completes(DAY, "plan");
    (void)world_story(&w, DAY);
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "planned"), 1);
    world_step_act(&w, 2 * DAY, ACT(STEP_SKIPPED), "health_check", ROLE(CUSTOMER));
    is(2 * DAY, "duty", SLA_STAGE_CLOSED);
    completes(3 * DAY, "emergency_plan");
    is(3 * DAY, "duty", SLA_STAGE_OPEN);
    completes(21 * DAY, "duty");
    completes(22 * DAY, "report");
    is_signed(22 * DAY + 60);
    end();
}
END_TEST

START_TEST(an_advisory_is_acknowledged_by_the_customer_and_ends_when_it_is_applied)
{
    begin("patch-push");
    is(1, "acknowledged", SLA_STAGE_OPEN);
    is(1, "applied", SLA_STAGE_CLOSED);
    ck_assert_int_eq(pack_due(&w, "acknowledgement", 1), 240);
    does(200, "acknowledged");
    is(200, "applied", SLA_STAGE_OPEN);
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "acknowledgement"), 1);
    ck_assert_int_eq(pack_due(&w, "settled", 1), WEDNESDAY);
    does(DAY, "applied");
    (void)world_story(&w, DAY);
    ck_assert(w.fold.is_restored);
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "settled"), 1);
    ck_assert_int_eq(pack_acted(&w, "undecided"), -1);
    is_signed(2 * DAY);
    end();
}
END_TEST

START_TEST(an_advisory_also_ends_when_the_customer_decides_not_to_apply_it)
{
    begin("patch-push");
    does(60, "acknowledged");
    (void)world_story(&w, WEDNESDAY);
    ck_assert_int_eq(pack_acted(&w, "undecided"), WEDNESDAY);
    world_step_act(&w, 3 * DAY, ACT(STEP_SKIPPED), "applied", ROLE(CUSTOMER));
    (void)world_story(&w, 3 * DAY);
    ck_assert(w.fold.is_restored);
    end();
}
END_TEST

START_TEST(an_advisory_that_nobody_acknowledges_is_followed_up)
{
    begin("patch-push");
    (void)world_story(&w, 240);
    ck_assert_uint_eq(pack_count(&w, BODY(BREACHED), "acknowledgement"), 1);
    ck_assert_uint_eq(pack_count(&w, BODY(PROMISED), "settled"), 0);
    end();
}
END_TEST

CHECK_MAIN("sla_engagements",
           expert_service_starts_with_a_scope_that_both_agree_and_ends_with_a_report,
           integration_with_a_known_target_needs_no_estimate,
           a_target_off_the_list_is_assessed_and_its_cost_agreed_before_anything_starts,
           changes_of_a_running_system_wait_for_the_customer_and_the_clock_of_that_phase_stands,
           interfaces_are_consulted_on_without_software_to_hand_over,
           an_implementation_agrees_the_effort_first_and_hands_over_package_and_code,
           a_first_installation_is_the_manufacturers_and_ends_with_the_acceptance,
           cover_checks_the_health_before_the_event_and_a_runbook_is_written_on_request,
           a_course_is_scheduled_prepared_given_and_closed_with_its_attendance,
           a_renewal_is_quoted_agreed_paid_and_in_force,
           event_duty_is_planned_prepared_and_reported,
           an_advisory_is_acknowledged_by_the_customer_and_ends_when_it_is_applied,
           an_advisory_also_ends_when_the_customer_decides_not_to_apply_it,
           an_advisory_that_nobody_acknowledges_is_followed_up)
