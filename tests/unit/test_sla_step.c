/* Steps of packs: duties, phases, deliverables, preconditions (DOMAIN sections 7 and 8). */
#include <string.h>

#include "sla_case_help.h"
#include "sla_ledger.h"

#define STEP(name) ACT(STEP_##name)

static Callout__V1__Milestone *phase;

/* The scope is agreed, the customer lets us in, we write a report that he accepts. */
static void engagement(void)
{
    begin();
    world_condition(&w, "running_system");
    (void)world_step(&w, "scope", ROLE(SERVICE_MANAGER), NULL);
    Callout__V1__Step *s = world_step(&w, "authorised", ROLE(CUSTOMER), "scope");
    world_needed_only(&w, s, "running_system");
    s = world_step(&w, "report", ROLE(ENGINEER), "authorised");
    s->document = true;
    world_accepted_by(&w, s, ROLE(CUSTOMER));
    s = world_step(&w, "runbook", ROLE(ENGINEER), NULL);
    world_opened_by(&w, s, STEP(OPENED));
    world_finishes(&w, "report");
    phase = world_milestone(&w, "phase", ACT(NONE), ACT(NONE));
    world_minutes(&w, phase, 100, 100, 100, 100);
    world_start_step(&w, phase, "scope");
    world_stop_step(&w, phase, "report");
    world_pause_step(&w, phase, "authorised");
    world_signer(&w, ROLE(CUSTOMER));
    world_open(&w, 2);
}

static void expect(int64_t minute, const char *story)
{
    ck_assert_str_eq(world_story(&w, minute), story);
}

static void report(int64_t minute, const char *version)
{
    Callout__V1__SlaInput *x = world_step_act(&w, minute, STEP(DONE), "report", ROLE(ENGINEER));
    x->document = world_message(&w, &callout__v1__document__descriptor);
    x->document->version = world_text(&w, version);
}

START_TEST(a_step_is_open_once_what_comes_before_is_complete_and_its_completion_moves_milestones)
{
    engagement();
    world_step_act(&w, 10, STEP(DONE), "scope", ROLE(SERVICE_MANAGER));
    report(50, "1");
    world_step_act(&w, 60, STEP(ACCEPTED), "report", ROLE(CUSTOMER));
    world_by(&w, 70, ACT(SIGN), ROLE(CUSTOMER));
    expect(80, "open scope/1 at 0\n"
               "done scope/1 at 10\n"
               "promised phase/1 level 2 from 10 due 110\n"
               "open report/1 at 10\n"
               "handed over report/1 at 50 1\n"
               "accepted report/1 at 60 1\n"
               "met phase/1 at 60\n"
               "restored at 60\n"
               "closed signed at 70\n");
    end();
}
END_TEST

START_TEST(a_clock_stands_while_the_customer_owes_a_step_and_others_run_on)
{
    engagement();
    Callout__V1__Milestone *other = world_milestone(&w, "other", ACT(REPORTED), ACT(ARRIVED));
    world_minutes(&w, other, 40, 40, 40, 40);
    world_set(&w, 0, "running_system");
    world_step_act(&w, 10, STEP(DONE), "scope", ROLE(SERVICE_MANAGER));
    world_step_act(&w, 30, STEP(DONE), "authorised", ROLE(CUSTOMER));
    expect(35, "promised other/1 level 2 from 0 due 40\n"
               "open scope/1 at 0\n"
               "done scope/1 at 10\n"
               "promised phase/1 level 2 from 10 due 130\n"
               "open authorised/1 at 10\n"
               "done authorised/1 at 30\n"
               "open report/1 at 30\n");
    const struct sla_clock *clock = w.fold.clocks[1];
    ck_assert_uint_eq(clock->pauses.count, 1);
    ck_assert_str_eq(clock->pauses.pause[0].reason.why, "step");
    ck_assert_str_eq(clock->pauses.pause[0].reason.name, "authorised");
    end();
}
END_TEST

START_TEST(a_step_that_comes_to_be_needed_later_opens_then_and_is_in_the_way)
{
    engagement();
    world_step_act(&w, 10, STEP(DONE), "scope", ROLE(SERVICE_MANAGER));
    world_set(&w, 20, "running_system");
    world_clear(&w, 40, "running_system");
    expect(50, "open scope/1 at 0\n"
               "done scope/1 at 10\n"
               "promised phase/1 level 2 from 10 due 130\n"
               "open report/1 at 10\n"
               "open authorised/1 at 20\n");
    end();
}
END_TEST

START_TEST(what_is_returned_is_open_again_and_its_milestone_goes_on)
{
    engagement();
    world_step_act(&w, 10, STEP(DONE), "scope", ROLE(SERVICE_MANAGER));
    report(50, "1");
    world_step_act(&w, 55, STEP(RETURNED), "report", ROLE(CUSTOMER));
    report(60, "2");
    world_step_act(&w, 65, STEP(ACCEPTED), "report", ROLE(CUSTOMER));
    world_step_act(&w, 70, STEP(RETURNED), "report", ROLE(CUSTOMER));
    expect(80, "open scope/1 at 0\n"
               "done scope/1 at 10\n"
               "promised phase/1 level 2 from 10 due 110\n"
               "open report/1 at 10\n"
               "handed over report/1 at 50 1\n"
               "open report/2 at 55\n"
               "handed over report/2 at 60 2\n"
               "accepted report/2 at 65 2\n"
               "met phase/1 at 65\n"
               "restored at 65\n"
               "open report/3 at 70\n"
               "promised phase/2 level 2 from 70 due 170\n"
               "relapsed at 70\n");
    ck_assert(!w.fold.is_restored);
    end();
}
END_TEST

START_TEST(a_finishing_step_that_is_not_needed_any_more_finishes_the_rest)
{
    engagement();
    Callout__V1__Step *s = world_step(&w, "package", ROLE(ENGINEER), NULL);
    world_needed_only(&w, s, "running_system");
    world_finishes(&w, "package");
    world_set(&w, 0, "running_system");
    world_step_act(&w, 10, STEP(DONE), "scope", ROLE(SERVICE_MANAGER));
    world_step_act(&w, 20, STEP(DONE), "authorised", ROLE(CUSTOMER));
    report(30, "1");
    world_step_act(&w, 40, STEP(ACCEPTED), "report", ROLE(CUSTOMER));
    (void)world_story(&w, 50);
    ck_assert(!w.fold.is_restored);
    world_clear(&w, 60, "running_system");
    (void)world_story(&w, 70);
    ck_assert(w.fold.is_restored);
    end();
}
END_TEST

START_TEST(what_we_do_not_accept_makes_no_clock_of_ours_stand)
{
    engagement();
    world_accepted_by(&w, w.pack->steps[1], ROLE(PM));
    world_set(&w, 0, "running_system");
    world_step_act(&w, 10, STEP(DONE), "scope", ROLE(SERVICE_MANAGER));
    world_step_act(&w, 30, STEP(DONE), "authorised", ROLE(CUSTOMER));
    (void)world_story(&w, 60);
    ck_assert(!w.fold.clocks[0]->is_paused);
    ck_assert_int_eq(w.fold.clocks[0]->due_us, T0 + 130 * MINUTE);
    struct sla_fold_input in = world_fold_input(&w, 60);
    struct sla_ledger ledger;
    ck_assert_int_eq(sla_ledger(&in, &w.fold, w.arena, &ledger), CO_OK);
    ck_assert_int_eq(ledger.length_us[SLA_HOLDER_CUSTOMER], 20 * MINUTE);
    end();
}
END_TEST

START_TEST(a_step_that_is_not_needed_any_more_is_nobodys_turn)
{
    engagement();
    world_set(&w, 0, "running_system");
    world_step_act(&w, 10, STEP(DONE), "scope", ROLE(SERVICE_MANAGER));
    world_clear(&w, 20, "running_system");
    (void)world_story(&w, 60);
    struct sla_fold_input in = world_fold_input(&w, 60);
    struct sla_ledger ledger;
    ck_assert_int_eq(sla_ledger(&in, &w.fold, w.arena, &ledger), CO_OK);
    ck_assert_int_eq(ledger.length_us[SLA_HOLDER_CUSTOMER], 10 * MINUTE);
    end();
}
END_TEST

START_TEST(who_signs_is_waited_for_once_the_steps_have_restored_the_case)
{
    engagement();
    world_step_act(&w, 10, STEP(DONE), "scope", ROLE(SERVICE_MANAGER));
    world_input(&w, 12, ACT(ARRIVED));
    report(20, "1");
    world_step_act(&w, 30, STEP(ACCEPTED), "report", ROLE(CUSTOMER));
    (void)world_story(&w, 50);
    struct sla_fold_input in = world_fold_input(&w, 50);
    struct sla_ledger ledger;
    ck_assert_int_eq(sla_ledger(&in, &w.fold, w.arena, &ledger), CO_OK);
    ck_assert_int_eq(ledger.length_us[SLA_HOLDER_ONSITE], 8 * MINUTE);
    ck_assert_int_eq(ledger.length_us[SLA_HOLDER_CUSTOMER], 30 * MINUTE); /* to accept, to sign */
    end();
}
END_TEST

START_TEST(returning_a_step_leaves_alone_what_another_one_met)
{
    engagement();
    world_stop_step(&w, phase, "runbook");
    world_step_act(&w, 10, STEP(DONE), "scope", ROLE(SERVICE_MANAGER));
    world_step_act(&w, 15, STEP(DONE), "runbook", ROLE(ENGINEER));
    report(20, "1");
    world_step_act(&w, 30, STEP(ACCEPTED), "report", ROLE(CUSTOMER));
    world_step_act(&w, 40, STEP(RETURNED), "report", ROLE(CUSTOMER));
    (void)world_story(&w, 50);
    ck_assert_uint_eq(w.fold.clock_count, 1);
    ck_assert_int_eq(w.fold.clocks[0]->state, SLA_CLOCK_MET);
    end();
}
END_TEST

START_TEST(a_step_that_is_asked_for_opens_when_somebody_asks)
{
    engagement();
    world_step_act(&w, 5, STEP(OPENED), "runbook", ROLE(CUSTOMER));
    world_step_act(&w, 9, STEP(DONE), "runbook", ROLE(ENGINEER));
    expect(10, "open scope/1 at 0\nopen runbook/1 at 5\ndone runbook/1 at 9\n");
    end();
}
END_TEST

START_TEST(an_act_may_be_the_doing_of_a_step)
{
    engagement();
    world_done_by(&w, w.pack->steps[0], ACT(CONSULTED));
    world_input(&w, 7, ACT(CONSULTED));
    expect(8, "open scope/1 at 0\ndone scope/1 at 7\n"
              "promised phase/1 level 2 from 7 due 107\nopen report/1 at 7\n");
    end();
}
END_TEST

/* -- verdicts */

static const Callout__V1__Event *act(int64_t minute, Callout__V1__Act a, const char *step,
                                     Callout__V1__Role role)
{
    Callout__V1__CommandReceived *m = command(minute, a);
    m->name = world_text(&w, step);
    m->role = role;
    if (strcmp(step, "report") == 0 && a == STEP(DONE)) {
        m->document = world_message(&w, &callout__v1__document__descriptor);
        m->document->version = world_text(&w, "1");
        m->document->sha256 =
            (ProtobufCBinaryData){ 32,
                                   (uint8_t *)world_text(&w, "0123456789abcdef0123456789abcdef") };
    }
    return send(m);
}

static void refused(const Callout__V1__Event *e, const char *reason)
{
    ck_assert_ptr_nonnull(e);
    ck_assert_int_eq(e->body_case, BODY(COMMAND_REFUSED));
    ck_assert_str_eq(e->command_refused->reason, reason);
}

static void applied(const Callout__V1__Event *e)
{
    ck_assert_ptr_nonnull(e);
    if (e->body_case == BODY(COMMAND_REFUSED))
        ck_abort_msg("refused: %s", e->command_refused->reason);
    ck_assert_int_eq(e->body_case, BODY(COMMAND_APPLIED));
}

START_TEST(a_refusal_says_what_comes_before_and_who_owes_it)
{
    engagement();
    ticket->conditions = (char *[]){ "running_system" };
    ticket->n_conditions = 1;
    submit();
    c.now_us = T0 + 100 * MINUTE;
    refused(act(1, STEP(DONE), "report", ROLE(ENGINEER)),
            "The step report waits for authorised (customer).");
    refused(act(1, STEP(DONE), "authorised", ROLE(CUSTOMER)),
            "The step authorised waits for scope (service_manager).");
    refused(act(1, STEP(DONE), "scope", ROLE(ENGINEER)),
            "Only service_manager may do the step scope.");
    refused(act(1, STEP(DONE), "skope", ROLE(ENGINEER)),
            "The policy has no step of this name; it has scope, authorised, report, runbook.");
    refused(act(1, STEP(ACCEPTED), "report", ROLE(CUSTOMER)), "The step report is not done yet.");
    refused(act(1, STEP(SKIPPED), "scope", ROLE(PM)), "The step scope cannot be left out.");
    refused(act(1, STEP(RETURNED), "scope", ROLE(PM)),
            "The step scope is not done, so there is nothing to return.");
    refused(act(1, STEP(OPENED), "scope", ROLE(PM)), "The step scope is open already.");
    end();
}
END_TEST

START_TEST(a_deliverable_needs_a_document_and_who_must_accepts_it_once)
{
    engagement();
    submit();
    c.now_us = T0 + 100 * MINUTE;
    applied(act(1, STEP(DONE), "scope", ROLE(SERVICE_MANAGER)));
    Callout__V1__CommandReceived *m = command(2, STEP(DONE));
    m->name = world_text(&w, "report");
    m->role = ROLE(ENGINEER);
    refused(send(m),
            "The step report is a deliverable: say name, version and hash of the document.");
    applied(act(3, STEP(DONE), "report", ROLE(ENGINEER)));
    refused(act(4, STEP(DONE), "report", ROLE(ENGINEER)), "The step report is done already.");
    refused(act(4, STEP(ACCEPTED), "report", ROLE(PM)),
            "Only customer may accept the step report.");
    applied(act(5, STEP(ACCEPTED), "report", ROLE(CUSTOMER)));
    refused(act(6, STEP(ACCEPTED), "report", ROLE(CUSTOMER)),
            "The step report is accepted already.");
    end();
}
END_TEST

START_TEST(an_act_of_a_step_that_lies_before_what_was_said_of_it_is_refused)
{
    engagement();
    submit();
    applied(act(2, STEP(DONE), "scope", ROLE(SERVICE_MANAGER)));
    applied(act(10, STEP(DONE), "report", ROLE(ENGINEER)));
    c.now_us = T0 + 11 * MINUTE;
    refused(act(9, STEP(ACCEPTED), "report", ROLE(CUSTOMER)),
            "Something happened to the step report later than that, at "
            "2026-03-02T09:10:00+08:00.");
    applied(act(11, STEP(ACCEPTED), "report", ROLE(CUSTOMER)));
    end();
}
END_TEST

START_TEST(a_step_that_other_acts_open_is_not_asked_for)
{
    engagement();
    world_opened_by(&w, world_step(&w, "carry_out", ROLE(CUSTOMER), NULL), ACT(ANSWER_GIVEN));
    submit();
    refused(act(2, STEP(OPENED), "carry_out", ROLE(PM)),
            "The step carry_out cannot be asked for: other acts open it.");
    end();
}
END_TEST

START_TEST(a_decision_that_steps_block_says_which_and_whose_they_are)
{
    engagement();
    Callout__V1__Step *s = w.pack->steps[3];
    s->open = NULL;
    s->n_open = 0;
    s->blocks = (Callout__V1__Act[]){ ACT(SIGN) };
    s->n_blocks = 1;
    submit();
    c.now_us = T0 + 100 * MINUTE;
    applied(act(1, STEP(DONE), "scope", ROLE(SERVICE_MANAGER)));
    applied(act(3, STEP(DONE), "report", ROLE(ENGINEER)));
    applied(act(5, STEP(ACCEPTED), "report", ROLE(CUSTOMER)));
    refused(act(6, ACT(SIGN), "", ROLE(CUSTOMER)),
            "First these steps have to be complete: runbook (engineer).");
    applied(act(7, STEP(DONE), "runbook", ROLE(ENGINEER)));
    applied(act(8, ACT(SIGN), "", ROLE(CUSTOMER)));
    end();
}
END_TEST

START_TEST(a_fix_is_not_asked_for_once_the_community_has_ended_the_version)
{
    engagement();
    w.pack->steps[3]->while_community = true;
    w.opened->community_until_us = T0 + 50 * MINUTE;
    submit();
    c.now_us = T0 + 100 * MINUTE;
    refused(
        act(50, STEP(OPENED), "runbook", ROLE(CUSTOMER)),
        "The step runbook is not offered: the community has ended this version of the product.");
    applied(act(49, STEP(OPENED), "runbook", ROLE(CUSTOMER)));
    end();
}
END_TEST

START_TEST(who_owes_a_step_holds_the_case_where_nobody_else_does_or_a_clock_stands)
{
    engagement();
    world_set(&w, 0, "running_system");
    world_step_act(&w, 10, STEP(DONE), "scope", ROLE(SERVICE_MANAGER));
    world_step_act(&w, 30, STEP(DONE), "authorised", ROLE(CUSTOMER));
    (void)world_story(&w, 50);
    struct sla_fold_input in = world_fold_input(&w, 50);
    struct sla_ledger ledger;
    ck_assert_int_eq(sla_ledger(&in, &w.fold, w.arena, &ledger), CO_OK);
    ck_assert_int_eq(ledger.length_us[SLA_HOLDER_CUSTOMER], 20 * MINUTE);
    ck_assert_int_eq(ledger.length_us[SLA_HOLDER_QUEUE], 30 * MINUTE);
    end();
}
END_TEST

CHECK_MAIN("sla_step",
           a_step_is_open_once_what_comes_before_is_complete_and_its_completion_moves_milestones,
           a_clock_stands_while_the_customer_owes_a_step_and_others_run_on,
           a_step_that_comes_to_be_needed_later_opens_then_and_is_in_the_way,
           what_is_returned_is_open_again_and_its_milestone_goes_on,
           a_finishing_step_that_is_not_needed_any_more_finishes_the_rest,
           what_we_do_not_accept_makes_no_clock_of_ours_stand,
           a_step_that_is_not_needed_any_more_is_nobodys_turn,
           who_signs_is_waited_for_once_the_steps_have_restored_the_case,
           returning_a_step_leaves_alone_what_another_one_met,
           a_step_that_is_asked_for_opens_when_somebody_asks, an_act_may_be_the_doing_of_a_step,
           a_refusal_says_what_comes_before_and_who_owes_it,
           a_deliverable_needs_a_document_and_who_must_accepts_it_once,
           an_act_of_a_step_that_lies_before_what_was_said_of_it_is_refused,
           a_step_that_other_acts_open_is_not_asked_for,
           a_decision_that_steps_block_says_which_and_whose_they_are,
           a_fix_is_not_asked_for_once_the_community_has_ended_the_version,
           who_owes_a_step_holds_the_case_where_nobody_else_does_or_a_clock_stands)
