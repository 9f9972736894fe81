/* The OS support pack (source B), as it stands in policies/, in the life of a case. */
#include <string.h>

#include "check_main.h"
#include "sla_pack.h"

static struct world w;
static struct pack_files f;

static void begin(uint32_t severity)
{
    pack_begin(&w, &f, NULL, "os-support", "cn-office", severity);
}

static void end(void)
{
    pack_end(&w, &f);
}

/* Minutes from T0, a Monday 09:00; the support centre closes at 20:00, Saturdays at 17:00. */
#define DAY_AT(day, hour, minute) ((day)*1440 + ((hour)-9) * 60 + (minute))

static const struct {
    const char *source;
    uint32_t level;
    int64_t accepted;
    int64_t due;
} contacts[] = {
    { "B 3, P1: 30 min", 1, 7, 37 },
    { "B 3, P2: 60 min", 2, 7, 67 },
    { "B 3, P3: 2 h", 3, 7, 127 },
    { "B 3, round the clock: accepted at 03:00", 1, DAY_AT(1, 3, 0), DAY_AT(1, 3, 30) },
    { "B 3, round the clock: P3 on a Sunday", 3, DAY_AT(6, 23, 0), DAY_AT(7, 1, 0) },
    { "B 3, P4: NBD, closing of the next day in the support centre", 4, 7, DAY_AT(1, 20, 0) },
    { "B 3, P4: accepted at 23:50", 4, DAY_AT(0, 23, 50), DAY_AT(1, 20, 0) },
    { "B 3, P4: on a Friday, the centre works on Saturdays", 4, DAY_AT(4, 10, 0),
      DAY_AT(5, 17, 0) },
    { "B 3, P4: on a Saturday", 4, DAY_AT(5, 10, 0), DAY_AT(7, 20, 0) },
    { "B 3, P4: on a Sunday", 4, DAY_AT(6, 10, 0), DAY_AT(7, 20, 0) },
    { "B 3, P4: before Qingming, 4 to 6 April 2026", 4, DAY_AT(32, 10, 0), DAY_AT(36, 20, 0) },
};

START_TEST(the_first_contact_is_due_by_level_from_the_acceptance)
{
    for (size_t i = 0; i < sizeof(contacts) / sizeof(contacts[0]); i++) {
        begin(contacts[i].level);
        world_input(&w, contacts[i].accepted, ACT(CASE_ACCEPTED));
        world_story(&w, contacts[i].accepted);
        int64_t due = pack_due(&w, "first_contact", 1);
        ck_assert_msg(due == contacts[i].due, "%s: %lld", contacts[i].source, (long long)due);
        end();
    }
}
END_TEST

START_TEST(accepting_has_a_limit_of_15_minutes_at_each_level_that_customers_do_not_see)
{
    for (uint32_t level = 1; level <= 4; level++) {
        begin(level);
        world_story(&w, 14);
        ck_assert_int_eq(pack_due(&w, "acceptance", 1), 15);
        ck_assert(pack_promise(&w, "acceptance", 1)->internal);
        ck_assert_ptr_null(w.fold.next_promise);
        ck_assert_ptr_null(pack_promise(&w, "first_contact", 1));
        world_story(&w, 15);
        ck_assert_uint_eq(pack_count(&w, BODY(BREACHED), "acceptance"), 1);
        world_input(&w, 14, ACT(CASE_ACCEPTED)); /* reported late, but it was in time */
        world_story(&w, 16);
        ck_assert_uint_eq(pack_count(&w, BODY(BREACHED), "acceptance"), 0);
        ck_assert_uint_eq(pack_count(&w, BODY(MET), "acceptance"), 1);
        end();
    }
}
END_TEST

START_TEST(a_case_that_nobody_accepts_goes_to_the_desk_again_and_again)
{
    begin(4);
    world_story(&w, 51);
    ck_assert_uint_eq(pack_count(&w, BODY(ESCALATED), "acceptance"), 3); /* 20, 30, 45 */
    world_input(&w, 35, ACT(CASE_ACCEPTED));
    world_story(&w, 1000);
    ck_assert_uint_eq(pack_count(&w, BODY(ESCALATED), "acceptance"), 2);
    end();
}
END_TEST

START_TEST(the_promise_counts_until_a_person_starts_the_support)
{
    begin(1);
    world_input(&w, 5, ACT(CASE_ACCEPTED));
    world_input(&w, 34, ACT(CONTACTED));
    world_story(&w, 1000);
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "first_contact"), 1);
    ck_assert_uint_eq(pack_count(&w, BODY(BREACHED), "first_contact"), 0);
    end();
}
END_TEST

START_TEST(each_cause_of_the_source_stops_the_clocks_for_its_span)
{
    static const char *const causes[] = { "force_majeure", "social_disorder", "supply_failure" };
    for (size_t i = 0; i < 3; i++) {
        begin(1);
        world_input(&w, 5, ACT(CASE_ACCEPTED));
        world_declare(&w, world_exclusion(&w, "it", causes[i], 10, 70));
        world_story(&w, 71);
        ck_assert_int_eq(pack_due(&w, "first_contact", 1), 35 + 60);
        world_declare(&w, world_exclusion(&w, "it", "something_else", 10, 70));
        world_story(&w, 71);
        ck_assert_int_eq(pack_due(&w, "first_contact", 1), 35);
        end();
    }
}
END_TEST

START_TEST(a_business_day_that_closes_in_an_exclusion_does_not_count)
{
    begin(4);
    world_input(&w, 5, ACT(CASE_ACCEPTED));
    world_declare(
        &w, world_exclusion(&w, "flood", "force_majeure", DAY_AT(1, 12, 0), DAY_AT(2, 12, 0)));
    world_story(&w, DAY_AT(2, 13, 0));
    ck_assert_int_eq(pack_due(&w, "first_contact", 1), DAY_AT(2, 20, 0));
    end();
}
END_TEST

static void state_solution(int64_t hours)
{
    Callout__V1__ContractTarget *figure =
        world_message(&w, &callout__v1__contract_target__descriptor);
    figure->milestone = world_text(&w, "solution");
    figure->target = world_message(&w, &callout__v1__target__descriptor);
    figure->target->severity = 1;
    figure->target->kind = TARGET(RUNNING);
    figure->target->amount = hours * HOUR;
    Callout__V1__ContractTarget **list = co_arena_alloc(w.arena, sizeof(*list));
    ck_assert_ptr_nonnull(list);
    list[0] = figure;
    w.opened->targets = list;
    w.opened->n_targets = 1;
}

START_TEST(a_solution_is_promised_only_where_the_contract_states_one)
{
    for (int is_stated = 0; is_stated < 2; is_stated++) {
        begin(1);
        if (is_stated)
            state_solution(8);
        world_input(&w, 5, ACT(CASE_ACCEPTED));
        world_input(&w, 20, ACT(CONTACTED));
        world_story(&w, 30);
        ck_assert_int_eq(pack_promise(&w, "solution", 1) != NULL, is_stated);
        if (is_stated)
            ck_assert_int_eq(pack_due(&w, "solution", 1), 20 + 480);
        end();
    }
}
END_TEST

START_TEST(while_a_duty_of_the_customer_is_open_what_comes_after_the_first_contact_stands)
{
    begin(1);
    state_solution(8);
    world_input(&w, 1, ACT(WAITING_CUSTOMER));
    world_input(&w, 5, ACT(CASE_ACCEPTED));
    world_input(&w, 10, ACT(CUSTOMER_ANSWERED));
    world_input(&w, 20, ACT(CONTACTED));
    world_input(&w, 60, ACT(WAITING_CUSTOMER));
    world_input(&w, 120, ACT(CUSTOMER_ANSWERED));
    world_story(&w, 130);
    ck_assert_int_eq(pack_due(&w, "first_contact", 1), 35); /* not this one */
    ck_assert_int_eq(pack_due(&w, "solution", 1), 20 + 480 + 60);
    end();
}
END_TEST

START_TEST(a_duty_of_the_table_stops_the_clock_that_depends_on_it_and_no_other)
{
    begin(1);
    state_solution(8);
    world_input(&w, 5, ACT(CASE_ACCEPTED));
    world_step_act(&w, 6, ACT(STEP_OPENED), "information", ROLE(SUPPORT));
    world_input(&w, 20, ACT(CONTACTED));
    world_step_act(&w, 50, ACT(STEP_DONE), "information", ROLE(CUSTOMER));
    world_story(&w, 60);
    ck_assert_int_eq(pack_due(&w, "first_contact", 1), 35);
    ck_assert_int_eq(pack_due(&w, "solution", 1), 20 + 480 + 30);
    ck_assert_int_eq(w.fold.steps[sla_step_find(w.pack, "locate")].stage, SLA_STAGE_OPEN);
    world_step_act(&w, 70, ACT(STEP_OPENED), "temporary_fix", ROLE(CUSTOMER)); /* the provider's */
    world_story(&w, 100);
    ck_assert_int_eq(pack_due(&w, "solution", 1), 20 + 480 + 30);
    end();
}
END_TEST

START_TEST(an_emergency_fix_goes_upstream_and_the_customer_takes_it_from_the_community)
{
    static const char *const ways[] = { "fix_developed", "fix_submitted", "fix_released",
                                        "fix_taken" };
    begin(1);
    world_input(&w, 5, ACT(CASE_ACCEPTED));
    world_step_act(&w, 30, ACT(STEP_OPENED), "fix_developed", ROLE(CUSTOMER));
    for (int i = 0; i < 4; i++) {
        size_t step = sla_step_find(w.pack, ways[i]);
        world_story(&w, 30 + 10 * i);
        ck_assert_int_eq(w.fold.steps[step].stage, SLA_STAGE_OPEN);
        world_step_act(&w, 40 + 10 * i, ACT(STEP_DONE), ways[i],
                       w.pack->steps[step]->responsible[0]);
    }
    world_story(&w, 80);
    ck_assert_int_eq(w.fold.steps[sla_step_find(w.pack, "fix_taken")].stage, SLA_STAGE_COMPLETE);
    ck_assert_int_eq(w.fold.steps[sla_step_find(w.pack, "fix_report")].stage, SLA_STAGE_OPEN);
    end();
}
END_TEST

START_TEST(the_service_is_remote_and_promises_no_visit)
{
    begin(1);
    world_locate(&w, 0, 10);
    world_input(&w, 5, ACT(ONSITE_REQUESTED));
    world_story(&w, 10);
    for (size_t i = 0; i < w.fold.clock_count; i++)
        ck_assert(!w.fold.clocks[i]->milestone->is_arrival);
    end();
}
END_TEST

START_TEST(the_customer_confirms_the_result)
{
    begin(3);
    world_input(&w, 5, ACT(CASE_ACCEPTED));
    world_input(&w, 20, ACT(CONTACTED));
    world_input(&w, 90, ACT(RESTORED));
    world_story(&w, 100);
    ck_assert(!w.fold.is_closed);
    world_by(&w, 110, ACT(SIGN), ROLE(CUSTOMER));
    world_story(&w, 120);
    ck_assert(w.fold.is_closed);
    end();
}
END_TEST

START_TEST(raised_from_p4_to_p1_the_earlier_due_time_holds)
{
    begin(4);
    world_input(&w, 5, ACT(CASE_ACCEPTED));
    world_level(&w, 20, 1);
    world_story(&w, 21);
    ck_assert_int_eq(pack_due(&w, "first_contact", 1), 35);
    end();
}
END_TEST

CHECK_MAIN("sla_os_support", the_first_contact_is_due_by_level_from_the_acceptance,
           accepting_has_a_limit_of_15_minutes_at_each_level_that_customers_do_not_see,
           a_case_that_nobody_accepts_goes_to_the_desk_again_and_again,
           the_promise_counts_until_a_person_starts_the_support,
           each_cause_of_the_source_stops_the_clocks_for_its_span,
           a_business_day_that_closes_in_an_exclusion_does_not_count,
           a_solution_is_promised_only_where_the_contract_states_one,
           while_a_duty_of_the_customer_is_open_what_comes_after_the_first_contact_stands,
           a_duty_of_the_table_stops_the_clock_that_depends_on_it_and_no_other,
           an_emergency_fix_goes_upstream_and_the_customer_takes_it_from_the_community,
           the_service_is_remote_and_promises_no_visit, the_customer_confirms_the_result,
           raised_from_p4_to_p1_the_earlier_due_time_holds)
