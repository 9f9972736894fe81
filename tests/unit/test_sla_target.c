/* Which target holds: the contract's figures (DOMAIN section 9, C without minutes), agreed times
 * (section 5, "hardware ready" has an expected time of its own). */
#include "sla_case_help.h"

static void expect(int64_t minute, const char *story)
{
    ck_assert_str_eq(world_story(&w, minute), story);
}

/* -- figures of the contract */

static Callout__V1__Milestone *repair(void)
{
    begin();
    return world_milestone(&w, "repair", ACT(REPORTED), ACT(RESTORED));
}

START_TEST(the_figure_of_the_contract_wins)
{
    world_from_contract(&w, repair(), 2, TARGET(RUNNING), 60 * MINUTE);
    world_figure(&w, "repair", 1, TARGET(RUNNING), 10 * MINUTE);
    world_figure(&w, "visit", 2, TARGET(RUNNING), 20 * MINUTE);
    world_figure(&w, "repair", 2, TARGET(RUNNING), 90 * MINUTE);
    world_open(&w, 2);
    expect(1, "promised repair/1 level 2 from 0 due 90\n");
    end();
}
END_TEST

START_TEST(without_a_figure_what_stands_in_the_pack_holds)
{
    world_from_contract(&w, repair(), 2, TARGET(RUNNING), 60 * MINUTE);
    world_figure(&w, "repair", 1, TARGET(RUNNING), 10 * MINUTE);
    world_open(&w, 2);
    expect(1, "promised repair/1 level 2 from 0 due 60\n");
    end();
}
END_TEST

START_TEST(with_neither_there_is_no_promise)
{
    world_from_contract(&w, repair(), 2, TARGET(NONE), 0);
    world_open(&w, 2);
    expect(1000, "");
    world_figure(&w, "repair", 2, TARGET(NTH_WORKING_DAY), 2);
    expect(1, "promised repair/1 level 2 from 0 due 1980\n");
    end();
}
END_TEST

START_TEST(a_target_that_is_not_left_to_the_contract_stays_as_it_is)
{
    world_target(&w, repair(), 2, TARGET(RUNNING), 60 * MINUTE);
    world_figure(&w, "repair", 2, TARGET(RUNNING), 90 * MINUTE);
    world_open(&w, 2);
    expect(1, "promised repair/1 level 2 from 0 due 60\n");
    end();
}
END_TEST

START_TEST(a_figure_may_be_a_zone_table_of_the_pack)
{
    world_from_contract(&w, repair(), 2, TARGET(RUNNING), 60 * MINUTE);
    world_zones(&w);
    world_figure(&w, "repair", 2, TARGET(ZONE), 0);
    world_open(&w, 2);
    expect(1, "");
    world_locate(&w, 1, 10);
    expect(1, "promised repair/1 level 2 from 0 due 180 in zone 1\n");
    end();
}
END_TEST

START_TEST(a_ring_may_leave_its_figure_to_the_contract)
{
    world_target(&w, repair(), 2, TARGET(ZONE), 0);
    world_zones(&w);
    world_open(&w, 2);
    world_locate(&w, 1, 500);
    Callout__V1__Target *beyond = w.pack->zones[0]->rings[2]->targets[1];
    beyond->from_contract = true;
    expect(1, "promised repair/1 level 2 from 0 due ? in beyond\n");
    world_figure(&w, "repair", 2, TARGET(RUNNING), 600 * MINUTE);
    expect(1, "promised repair/1 level 2 from 0 due 600 in beyond\n");
    w.opened->targets[0]->target->kind = TARGET(ZONE); /* a ring sends to no other table */
    expect(1, "");
    ck_assert_uint_eq(w.fold.clock_count, 0);
    end();
}
END_TEST

START_TEST(a_raise_takes_the_contracts_figure_of_the_new_level)
{
    Callout__V1__Milestone *m = repair();
    world_target(&w, m, 2, TARGET(RUNNING), 60 * MINUTE);
    world_from_contract(&w, m, 1, TARGET(RUNNING), 50 * MINUTE);
    world_figure(&w, "repair", 1, TARGET(RUNNING), 30 * MINUTE);
    world_open(&w, 2);
    world_level(&w, 10, 1);
    expect(11, "promised repair/1 level 1 from 0 due 30\nseverity #1 2>1 at 10 set\n");
    end();
}
END_TEST

/* -- agreed times */

static Callout__V1__Milestone *hardware(void)
{
    begin();
    Callout__V1__Milestone *m =
        world_milestone(&w, "hardware", ACT(HARDWARE_FAULT), ACT(HARDWARE_READY));
    world_target(&w, m, 2, TARGET(AGREED), 0);
    world_agree(&w, m, ACT(HARDWARE_EXPECTED));
    return m;
}

static Callout__V1__SlaInput *expected(int64_t minute, int64_t ready)
{
    Callout__V1__SlaInput *input = world_input(&w, minute, ACT(HARDWARE_EXPECTED));
    input->agreed_us = T0 + ready * MINUTE;
    return input;
}

START_TEST(when_the_hardware_is_expected_is_its_due_time_and_may_be_said_again)
{
    hardware();
    world_open(&w, 2);
    world_input(&w, 10, ACT(HARDWARE_FAULT));
    expect(15, "promised hardware/1 level 2 from 10 due ?\n");
    ck_assert(!w.fold.awaits_agreement); /* ACT_AGREE says nothing here */
    world_input(&w, 12, ACT(AGREE))->agreed_us = T0 + 60 * MINUTE;
    expected(20, 300);
    expect(25, "promised hardware/1 level 2 from 10 due 300\n");
    expected(30, 200);
    expected(25, 400); /* said before, known later */
    expect(201, "promised hardware/1 level 2 from 10 due 200\n"
                "breached hardware/1 level 2 due 200\n");
    expected(210, 500); /* late is late */
    world_input(&w, 220, ACT(HARDWARE_READY));
    expect(221, "promised hardware/1 level 2 from 10 due 200\n"
                "breached hardware/1 level 2 due 200\nmet hardware/1 at 220 late 20\n");
    end();
}
END_TEST

START_TEST(a_time_that_comes_with_the_start_holds)
{
    world_start(&w, hardware(), ACT(HARDWARE_EXPECTED));
    world_open(&w, 2);
    expected(20, 300);
    expect(25, "promised hardware/1 level 2 from 20 due 300\n");
    end();
}
END_TEST

START_TEST(an_act_of_agreement_without_a_time_changes_nothing)
{
    hardware();
    world_open(&w, 2);
    world_input(&w, 10, ACT(HARDWARE_FAULT));
    expected(20, 300);
    world_input(&w, 30, ACT(HARDWARE_EXPECTED));
    expect(40, "promised hardware/1 level 2 from 10 due 300\n");
    end();
}
END_TEST

/* -- what a command may say */

START_TEST(hardware_is_expected_after_a_fault_and_later_than_it_was_said)
{
    hardware();
    submit();
    c.now_us = T0 + 50 * MINUTE;
    Callout__V1__CommandReceived *m = command(20, ACT(HARDWARE_EXPECTED));
    m->agreed_us = T0 + 20 * MINUTE;
    ck_assert_str_eq(refuse(m)->reason,
                     "When the hardware is expected must lie after the time it was said.");
    m->agreed_us = T0 + 300 * MINUTE;
    const Callout__V1__CommandApplied *a = apply(m);
    ck_assert_uint_eq(a->n_missing, 1);
    ck_assert_int_eq(a->missing[0], ACT(HARDWARE_FAULT));
    apply(command(10, ACT(HARDWARE_FAULT)));
    ck_assert_str_eq(advance(50), "promised hardware/1 level 2 from 10 due 300\n");
    m = command(30, ACT(HARDWARE_EXPECTED));
    m->agreed_us = T0 + 400 * MINUTE;
    ck_assert_uint_eq(apply(m)->n_missing, 0);
    ck_assert_str_eq(advance(51), "promised hardware/1 level 2 from 10 due 400 revision 2\n");
    m = command(40, ACT(AGREE));
    m->agreed_us = T0 + 500 * MINUTE;
    ck_assert_str_eq(refuse(m)->reason, "No open milestone waits for an agreed time.");
    end();
}
END_TEST

START_TEST(somebody_may_take_care_of_a_case_at_any_time)
{
    begin();
    response();
    submit();
    ck_assert_uint_eq(apply(command(10, ACT(ACKNOWLEDGED)))->n_missing, 0);
    refuse(command(10, ACT(EXCLUDED)));
    refuse(command(10, ACT(EXCLUSION_ENDED)));
    end();
}
END_TEST

CHECK_MAIN("sla_target", the_figure_of_the_contract_wins,
           without_a_figure_what_stands_in_the_pack_holds, with_neither_there_is_no_promise,
           a_target_that_is_not_left_to_the_contract_stays_as_it_is,
           a_figure_may_be_a_zone_table_of_the_pack, a_ring_may_leave_its_figure_to_the_contract,
           a_raise_takes_the_contracts_figure_of_the_new_level,
           when_the_hardware_is_expected_is_its_due_time_and_may_be_said_again,
           a_time_that_comes_with_the_start_holds,
           an_act_of_agreement_without_a_time_changes_nothing,
           hardware_is_expected_after_a_fault_and_later_than_it_was_said,
           somebody_may_take_care_of_a_case_at_any_time)
