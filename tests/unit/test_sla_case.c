#include "sla_case_help.h"

/* -- opening */

START_TEST(a_ticket_opens_a_case_with_its_conditions_and_wishes)
{
    begin();
    world_condition(&w, "down");
    response();
    world_minutes(&w, world_milestone(&w, "arrival", ACT(ONSITE_REQUESTED), ACT(ARRIVED)), 60, 60,
                  60, 60);
    char *conditions[] = { world_text(&w, "down") };
    ticket->conditions = conditions;
    ticket->n_conditions = 1;
    ticket->onsite = true;
    submit();
    ck_assert_uint_eq(w.opened->severity, 2);
    ck_assert_str_eq(w.opened->severity_why->rule, "stated");
    ck_assert_uint_eq(w.opened->engine, SLA_ENGINE_VERSION);
    ck_assert_int_eq(w.opened->reported_us, T0);
    ck_assert_str_eq(advance(1), "promised response/1 level 2 from 0 due 30\n"
                                 "promised arrival/1 level 2 from 0 due 60\n");
    ck_assert(fold.conditions[0]);
    ck_assert_str_eq(advance(1), "");
    end();
}
END_TEST

START_TEST(conditions_of_the_site_hold_from_the_opening)
{
    begin();
    world_condition(&w, "inside_province");
    Callout__V1__Milestone *m = world_milestone(&w, "visit", ACT(NONE), ACT(ARRIVED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_by_condition(&w, m, "inside_province");
    char *conditions[] = { world_text(&w, "inside_province"), world_text(&w, "of_another_pack") };
    w.opened->conditions = conditions;
    w.opened->n_conditions = 2;
    submit();
    ck_assert_uint_eq(w.opened->n_passed_over, 0); /* the sender did not say it */
    ck_assert_str_eq(advance(1), "promised visit/1 level 2 from 0 due 60\n");
    ck_assert(fold.conditions[0]);
    Callout__V1__CommandReceived *m2 = command(10, ACT(CONDITION_CLEARED));
    m2->name = conditions[0];
    apply(m2);
    ck_assert_str_eq(advance(11), "stopped visit/1 at 10\n");
    end();
}
END_TEST

START_TEST(what_the_policy_has_no_word_for_is_named)
{
    begin();
    world_condition(&w, "down");
    char *conditions[] = { world_text(&w, "down"), world_text(&w, "dwon") };
    char *traits[] = { world_text(&w, "no_such"), world_text(&w, "by_people") };
    Callout__V1__Condition held = CALLOUT__V1__CONDITION__INIT;
    Callout__V1__Condition *held_traits[] = { &held };
    held.key = traits[1]; /* the case was held for it, and then taken on */
    w.pack->held_traits = held_traits;
    w.pack->n_held_traits = 1;
    ticket->conditions = conditions;
    ticket->n_conditions = 2;
    ticket->traits = traits;
    ticket->n_traits = 2;
    submit();
    ck_assert_uint_eq(w.opened->n_passed_over, 2);
    ck_assert_str_eq(w.opened->passed_over[0], "no_such");
    ck_assert_str_eq(w.opened->passed_over[1], "dwon");
    end();
}
END_TEST

START_TEST(the_same_ticket_or_command_again_changes_nothing)
{
    begin();
    response();
    submit();
    struct sla_events events = { 0 };
    struct sla_admission a = { .opened = w.opened };
    ck_assert_int_eq(sla_case_submitted(&c, 1, ticket, a, &events), CO_OK);
    apply(command(5, ACT(CONTACTED)));
    seq--;
    ck_assert_ptr_null(send(command(5, ACT(CONTACTED))));
    ck_assert_uint_eq(events.count, 0);
    ck_assert_uint_eq(c.state->n_inputs, 3);
    end();
}
END_TEST

START_TEST(a_command_on_a_case_without_ticket_cannot_be_processed)
{
    begin();
    struct sla_events events = { 0 };
    struct sla_admission none = { 0 };
    ck_assert_int_eq(sla_case_command(&c, 1, command(0, ACT(NOTE)), none, &events), CO_EINPUT);
    ck_assert_int_eq(sla_case_advance(&c, &events, &fold), CO_EINPUT);
    end();
}
END_TEST

START_TEST(acts_of_dispatch_are_not_answered_here)
{
    begin();
    submit();
    ck_assert_ptr_null(send(command(5, ACT(ACCEPT))));
    ck_assert_ptr_null(send(command(5, ACT(DECLINE))));
    end();
}
END_TEST

/* -- held */

START_TEST(a_held_case_opens_by_approval_and_its_clocks_start_then)
{
    begin();
    response();
    hold();
    ck_assert_str_eq(advance(100), "");
    ck_assert_int_eq(fold.next_us, INT64_MAX);
    apply(command(50, ACT(CONTACTED)));
    Callout__V1__SiteLocated located = CALLOUT__V1__SITE_LOCATED__INIT;
    located.km = 5;
    located.located_us = T0;
    ck_assert_int_eq(sla_case_located(&c, ++seq, &located), CO_OK);
    const Callout__V1__CommandRefused *r = refuse(command(101, ACT(SIGN)));
    ck_assert(lists(r->possible, r->n_possible, ACT(APPROVE)));
    ck_assert(lists(r->possible, r->n_possible, ACT(CANCEL)));
    ck_assert(!lists(r->possible, r->n_possible, ACT(SIGN)));

    struct sla_events events = { 0 };
    c.policy = w.pack;
    struct sla_admission a = { .opened = w.opened };
    ck_assert_int_eq(sla_case_command(&c, ++seq, command(120, ACT(APPROVE)), a, &events), CO_OK);
    ck_assert_uint_eq(events.count, 2);
    ck_assert_int_eq(events.event[0]->body_case, BODY(CASE_OPENED));
    ck_assert_int_eq(events.event[1]->body_case, BODY(COMMAND_APPLIED));
    ck_assert_int_eq(w.opened->reported_us, T0);
    ck_assert(!sla_case_is_held(&c));
    ck_assert_str_eq(advance(130),
                     "promised response/1 level 2 from 120 due 150\nmet response/1 at 120\n");
    end();
}
END_TEST

START_TEST(an_approval_that_names_no_usable_contract_is_refused)
{
    begin();
    hold();
    struct sla_events events = { 0 };
    struct sla_admission a = { .refusal = "There is no contract of that name." };
    ck_assert_int_eq(sla_case_command(&c, ++seq, command(1, ACT(APPROVE)), a, &events), CO_OK);
    const Callout__V1__CommandRefused *r = events.event[0]->command_refused;
    ck_assert_str_eq(r->reason, a.refusal);
    ck_assert(lists(r->possible, r->n_possible, ACT(APPROVE)));
    ck_assert(lists(r->possible, r->n_possible, ACT(CANCEL)));
    ck_assert(sla_case_is_held(&c));
    end();
}
END_TEST

START_TEST(a_held_case_can_be_cancelled)
{
    begin();
    hold();
    apply(command(10, ACT(CANCEL)));
    ck_assert_str_eq(advance(20), "closed cancelled at 10\n");
    ck_assert(fold.is_closed);
    ck_assert_str_eq(advance(30), "");
    refuse(command(40, ACT(APPROVE)));
    apply(command(40, ACT(NOTE)));
    end();
}
END_TEST

/* -- verdicts */

START_TEST(facts_are_taken_in_any_order_and_ask_for_what_is_missing)
{
    begin();
    response();
    world_minutes(&w, world_milestone(&w, "report", ACT(ARRIVED), ACT(INVESTIGATED)), 60, 60, 60,
                  60);
    submit();
    const Callout__V1__CommandApplied *a = apply(command(90, ACT(ARRIVED)));
    ck_assert_uint_eq(a->n_missing, 2);
    ck_assert(lists(a->missing, 2, ACT(UNDERWAY)));
    ck_assert(lists(a->missing, 2, ACT(ONSITE_REQUESTED)));
    apply(command(10, ACT(ONSITE_REQUESTED)));
    c.now_us = T0 + 200 * MINUTE;
    a = apply(command(30, ACT(UNDERWAY)));
    ck_assert_uint_eq(a->n_missing, 0);
    a = apply(command(150, ACT(RESTORED)));
    ck_assert_uint_eq(a->n_missing, 2);
    ck_assert(lists(a->missing, 2, ACT(CONTACTED)));
    ck_assert(lists(a->missing, 2, ACT(INVESTIGATED)));
    end();
}
END_TEST

START_TEST(who_goes_because_remote_support_gave_up_was_asked_for)
{
    begin();
    response();
    submit();
    apply(command(10, ACT(REMOTE_GAVE_UP)));
    ck_assert_uint_eq(apply(command(20, ACT(UNDERWAY)))->n_missing, 0);
    ck_assert_uint_eq(apply(command(30, ACT(ARRIVED)))->n_missing, 0);
    end();
}
END_TEST

START_TEST(a_visit_after_one_that_was_handed_up_is_asked_for_its_own_steps)
{
    static const Callout__V1__Act first[] = { ACT(ONSITE_REQUESTED), ACT(UNDERWAY), ACT(ARRIVED),
                                              ACT(INVESTIGATED), ACT(FINDING_GIVEN) };
    begin();
    response();
    submit();
    for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
        ck_assert_uint_eq(apply(command(10 + (int64_t)i, first[i]))->n_missing, 0);
    ck_assert_uint_eq(apply(command(20, ACT(HANDED_UP)))->n_missing, 0);
    const Callout__V1__CommandApplied *a = apply(command(40, ACT(ARRIVED)));
    ck_assert_uint_eq(a->n_missing, 1);
    ck_assert_int_eq(a->missing[0], ACT(UNDERWAY));
    a = apply(command(50, ACT(FINDING_GIVEN)));
    ck_assert_uint_eq(a->n_missing, 1);
    ck_assert_int_eq(a->missing[0], ACT(INVESTIGATED));
    apply(command(45, ACT(INVESTIGATED)));
    ck_assert_uint_eq(apply(command(55, ACT(RECOMMENDED)))->n_missing, 0);
    end();
}
END_TEST

START_TEST(signing_waits_for_the_restoration_and_for_who_may)
{
    begin();
    world_signer(&w, ROLE(PM));
    world_signer(&w, ROLE(CUSTOMER));
    submit();
    c.now_us = T0 + 100 * MINUTE;
    Callout__V1__CommandReceived *sign = command(50, ACT(SIGN));
    sign->role = ROLE(PM);
    const Callout__V1__CommandRefused *r = refuse(sign);
    ck_assert_ptr_nonnull(strstr(r->reason, "not reported as restored"));
    ck_assert(lists(r->possible, r->n_possible, ACT(CONTACTED)));
    ck_assert(lists(r->possible, r->n_possible, ACT(CANCEL)));
    ck_assert(!lists(r->possible, r->n_possible, ACT(SIGN)));
    ck_assert(!lists(r->possible, r->n_possible, ACT(RELAPSED)));
    ck_assert(!lists(r->possible, r->n_possible, ACT(APPROVE)));
    ck_assert(!lists(r->possible, r->n_possible, ACT(LOCATED)));
    apply(command(60, ACT(RESTORED)));
    r = refuse(sign);
    ck_assert_ptr_nonnull(strstr(r->reason, "At the time"));
    ck_assert(lists(r->possible, r->n_possible, ACT(SIGN)));
    sign = command(70, ACT(SIGN));
    sign->role = ROLE(DIRECTOR);
    refuse(sign);
    sign->role = ROLE(PM);
    apply(sign);
    refuse(sign);
    sign->role = ROLE(CUSTOMER);
    apply(sign);
    ck_assert_str_eq(advance(100), "closed signed at 70\n");
    end();
}
END_TEST

START_TEST(after_the_end_only_notes_and_what_happened_before_are_taken)
{
    begin();
    response();
    submit();
    apply(command(50, ACT(CANCEL)));
    c.now_us = T0 + 100 * MINUTE;
    const Callout__V1__CommandRefused *r = refuse(command(60, ACT(CONTACTED)));
    ck_assert_uint_eq(r->n_possible, 2);
    ck_assert_int_eq(r->possible[0], ACT(NOTE));
    ck_assert_int_eq(r->possible[1], ACT(CALL_ME_BACK));
    refuse(command(40, ACT(CANCEL)));
    apply(command(60, ACT(NOTE)));
    advance(100);
    apply(command(20, ACT(CONTACTED)));
    ck_assert_str_eq(advance(100), "withdrawn 24 response/1\nwithdrawn 26 response/1\n"
                                   "met response/1 at 20\n");
    end();
}
END_TEST

START_TEST(decisions_name_what_the_pack_knows)
{
    begin();
    world_condition(&w, "down");
    world_waiver(&w, ROLE(CUSTOMER));
    submit();
    Callout__V1__CommandReceived *m = command(1, ACT(SET_SEVERITY));
    m->severity = 5;
    refuse(m);
    m->severity = 1;
    apply(m);
    m = command(1, ACT(WAIVE));
    m->role = ROLE(PM);
    refuse(m);
    m->role = ROLE(CUSTOMER);
    apply(m);
    refuse(m);
    m = command(1, ACT(CONDITION_SET));
    m->name = world_text(&w, "unheard_of");
    refuse(m);
    m->name = world_text(&w, "down");
    apply(m);
    m = command(1, ACT(AGREE));
    m->agreed_us = T0 + HOUR;
    refuse(m);
    refuse(command(1, ACT(APPROVE)));
    refuse(command(1, ACT(LOCATED)));
    refuse(command(1, ACT(NONE)));
    end();
}
END_TEST

START_TEST(an_agreed_time_lies_ahead_and_is_waited_for)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "visit", ACT(ONSITE_REQUESTED), ACT(ARRIVED));
    world_target(&w, m, 2, TARGET(AGREED), 0);
    submit();
    apply(command(10, ACT(ONSITE_REQUESTED)));
    c.now_us = T0 + 30 * MINUTE;
    Callout__V1__CommandReceived *a = command(20, ACT(AGREE));
    a->agreed_us = T0 + 20 * MINUTE;
    refuse(a);
    a->agreed_us = T0 + 300 * MINUTE;
    apply(a);
    a = command(5, ACT(AGREE));
    a->agreed_us = T0 + 400 * MINUTE;
    refuse(a);
    ck_assert_str_eq(advance(30), "promised visit/1 level 2 from 10 due 300\n");
    end();
}
END_TEST

START_TEST(a_closed_case_is_archived_once_by_whom_the_pack_names)
{
    static Callout__V1__Role archivers[] = { ROLE(DIRECTOR) };
    begin();
    submit();
    c.now_us = T0 + 60 * MINUTE;
    Callout__V1__CommandReceived *a = command(5, ACT(ARCHIVE));
    a->role = ROLE(DIRECTOR);
    ck_assert_ptr_nonnull(strstr(refuse(a)->reason, "not archived"));
    w.pack->archivers = archivers;
    w.pack->n_archivers = 1;
    ck_assert_ptr_nonnull(strstr(refuse(a)->reason, "not closed"));
    apply(command(6, ACT(CANCEL)));
    a = command(7, ACT(ARCHIVE));
    a->role = ROLE(PM);
    ck_assert_ptr_nonnull(strstr(refuse(a)->reason, "This role"));
    a->role = ROLE(DIRECTOR);
    apply(a);
    a = command(8, ACT(ARCHIVE));
    a->role = ROLE(DIRECTOR);
    ck_assert_ptr_nonnull(strstr(refuse(a)->reason, "already"));
    end();
}
END_TEST

START_TEST(a_proposed_time_is_answered_by_the_other_side)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "visit", ACT(ONSITE_REQUESTED), ACT(ARRIVED));
    world_target(&w, m, 2, TARGET(AGREED), 0);
    submit();
    Callout__V1__CommandReceived *a = command(5, ACT(PROPOSE_TIME));
    a->role = ROLE(PM);
    a->agreed_us = T0 + 300 * MINUTE;
    refuse(a); /* nothing waits for a time yet */
    apply(command(10, ACT(ONSITE_REQUESTED)));
    c.now_us = T0 + 60 * MINUTE;
    ck_assert_ptr_nonnull(strstr(refuse(command(11, ACT(AGREE)))->reason, "which time"));
    a = command(12, ACT(PROPOSE_TIME));
    a->role = ROLE(PM);
    a->agreed_us = T0 + 12 * MINUTE;
    refuse(a);
    a->agreed_us = T0 + 300 * MINUTE;
    apply(a);
    ck_assert_ptr_nonnull(strstr(refuse(command(13, ACT(AGREE)))->reason, "in whose name"));
    a = command(14, ACT(AGREE));
    a->role = ROLE(DIRECTOR);
    ck_assert_ptr_nonnull(strstr(refuse(a)->reason, "other side"));
    a = command(15, ACT(REJECT_TIME));
    a->role = ROLE(CUSTOMER);
    apply(a);
    a = command(16, ACT(REJECT_TIME));
    a->role = ROLE(CUSTOMER);
    refuse(a); /* answered already */
    a = command(17, ACT(PROPOSE_TIME));
    a->role = ROLE(CUSTOMER);
    a->agreed_us = T0 + 500 * MINUTE;
    apply(a);
    a = command(18, ACT(AGREE));
    a->role = ROLE(PM);
    apply(a);
    ck_assert_str_eq(advance(60), "promised visit/1 level 2 from 10 due 500\n");
    end();
}
END_TEST

static void begin_agreeing(void)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "visit", ACT(ONSITE_REQUESTED), ACT(ARRIVED));
    world_target(&w, m, 2, TARGET(AGREED), 0);
    submit();
    apply(command(10, ACT(ONSITE_REQUESTED)));
    c.now_us = T0 + 600 * MINUTE;
}

static Callout__V1__CommandReceived *as(int64_t minute, Callout__V1__Act act,
                                        Callout__V1__Role role, int64_t agreed_minute)
{
    Callout__V1__CommandReceived *x = command(minute, act);
    x->role = role;
    x->agreed_us = agreed_minute == 0 ? 0 : T0 + agreed_minute * MINUTE;
    return x;
}

START_TEST(a_proposed_time_that_has_passed_is_not_taken_any_more)
{
    begin_agreeing();
    apply(as(12, ACT(PROPOSE_TIME), ROLE(PM), 100));
    const Callout__V1__CommandRefused *r = refuse(as(100, ACT(AGREE), ROLE(CUSTOMER), 0));
    ck_assert_ptr_nonnull(strstr(r->reason, "has passed"));
    apply(as(99, ACT(AGREE), ROLE(CUSTOMER), 0)); /* said before, heard of late */
    end();
}
END_TEST

START_TEST(what_was_agreed_stays_whatever_is_said_late_of_the_time_before)
{
    begin_agreeing();
    apply(as(12, ACT(PROPOSE_TIME), ROLE(PM), 1000));
    apply(as(20, ACT(AGREE), ROLE(CUSTOMER), 0));
    refuse(as(15, ACT(REJECT_TIME), ROLE(CUSTOMER), 0));
    refuse(as(15, ACT(PROPOSE_TIME), ROLE(PM), 2000));
    apply(command(30, ACT(ARRIVED)));
    apply(command(40, ACT(ONSITE_REQUESTED))); /* a second visit is to be agreed on */
    const Callout__V1__CommandRefused *r = refuse(as(15, ACT(PROPOSE_TIME), ROLE(PM), 2000));
    ck_assert_ptr_nonnull(strstr(r->reason, "answered since"));
    r = refuse(as(15, ACT(REJECT_TIME), ROLE(CUSTOMER), 0));
    ck_assert_ptr_nonnull(strstr(r->reason, "answered since"));
    apply(as(41, ACT(PROPOSE_TIME), ROLE(PM), 2000));
    apply(as(41, ACT(AGREE), ROLE(CUSTOMER), 0)); /* at the same moment, but after it */
    ck_assert_ptr_nonnull(strstr(advance(600), "promised visit/2 level 2 from 40 due 2000\n"));
    end();
}
END_TEST

START_TEST(what_was_said_of_an_excluded_area_moves_with_a_late_request)
{
    begin();
    (void)world_arrival(&w);
    Callout__V1__RegionZone *row = world_message(&w, &callout__v1__region_zone__descriptor);
    Callout__V1__RegionZone *rows[] = { row };
    char *regions[] = { world_text(&w, "islands") };
    row->region = row->name = regions[0];
    w.pack->zones[0]->regions = rows;
    w.pack->zones[0]->n_regions = 1;
    w.opened->regions = regions;
    w.opened->n_regions = 1;
    submit();
    apply(command(10, ACT(ONSITE_REQUESTED)));
    ck_assert_str_eq(advance(15), "not served arrival/1 level 2 from 10 in islands (islands)\n");
    apply(command(5, ACT(ONSITE_REQUESTED)));
    ck_assert_str_eq(advance(16), "withdrawn 34 arrival/1\n"
                                  "not served arrival/1 level 2 from 5 in islands (islands)\n");
    end();
}
END_TEST

START_TEST(a_case_takes_a_thousand_inputs_and_says_so)
{
    begin();
    submit();
    while (c.state->n_inputs < SLA_INPUTS_MAX)
        apply(command(5, ACT(CONTACTED)));
    ck_assert_ptr_nonnull(strstr(refuse(command(5, ACT(CONTACTED)))->reason, "Too many"));
    apply(command(5, ACT(NOTE)));
    apply(command(6, ACT(CANCEL)));
    ck_assert_str_eq(advance(7), "closed cancelled at 6\n");
    end();
}
END_TEST

START_TEST(a_case_from_which_too_much_follows_refuses_more_instead_of_breaking)
{
    begin();
    for (int i = 0; i < 9; i++) {
        char name[] = { (char)('a' + i), '\0' };
        world_minutes(&w, world_milestone(&w, name, ACT(REPORTED), ACT(RESTORED)), 60, 60, 60, 0);
    }
    submit();
    const Callout__V1__CommandRefused *refused = NULL;
    for (uint32_t i = 0; refused == NULL && i < SLA_INPUTS_MAX; i++) {
        Callout__V1__CommandReceived *m = command(1, ACT(SET_SEVERITY));
        m->severity = i % 2 == 0 ? 4 : 3;
        const Callout__V1__Event *e = send(m);
        advance(2);
        refused = e->body_case == BODY(COMMAND_REFUSED) ? e->command_refused : NULL;
    }
    ck_assert_ptr_nonnull(refused);
    ck_assert_ptr_nonnull(strstr(refused->reason, "Too many"));
    end();
}
END_TEST

START_TEST(the_first_distance_holds_and_nonsense_is_refused)
{
    begin();
    world_arrival(&w);
    submit();
    apply(command(0, ACT(ONSITE_REQUESTED)));
    Callout__V1__SiteLocated located = CALLOUT__V1__SITE_LOCATED__INIT;
    located.located_us = T0;
    located.km = -1;
    ck_assert_int_eq(sla_case_located(&c, ++seq, &located), CO_EINPUT);
    located.km = 10;
    ck_assert_int_eq(sla_case_located(&c, ++seq, &located), CO_OK);
    located.km = 70;
    ck_assert_int_eq(sla_case_located(&c, ++seq, &located), CO_OK);
    ck_assert_str_eq(advance(1), "promised arrival/1 level 2 from 0 due 180 in zone 1\n");
    end();
}
END_TEST

CHECK_MAIN("sla_case", a_ticket_opens_a_case_with_its_conditions_and_wishes,
           conditions_of_the_site_hold_from_the_opening, what_the_policy_has_no_word_for_is_named,
           the_same_ticket_or_command_again_changes_nothing,
           a_command_on_a_case_without_ticket_cannot_be_processed,
           acts_of_dispatch_are_not_answered_here,
           a_held_case_opens_by_approval_and_its_clocks_start_then,
           an_approval_that_names_no_usable_contract_is_refused, a_held_case_can_be_cancelled,
           facts_are_taken_in_any_order_and_ask_for_what_is_missing,
           who_goes_because_remote_support_gave_up_was_asked_for,
           a_visit_after_one_that_was_handed_up_is_asked_for_its_own_steps,
           signing_waits_for_the_restoration_and_for_who_may,
           after_the_end_only_notes_and_what_happened_before_are_taken,
           decisions_name_what_the_pack_knows, an_agreed_time_lies_ahead_and_is_waited_for,
           a_proposed_time_is_answered_by_the_other_side,
           a_proposed_time_that_has_passed_is_not_taken_any_more,
           what_was_said_of_an_excluded_area_moves_with_a_late_request,
           what_was_agreed_stays_whatever_is_said_late_of_the_time_before,
           a_closed_case_is_archived_once_by_whom_the_pack_names,
           a_case_takes_a_thousand_inputs_and_says_so,
           a_case_from_which_too_much_follows_refuses_more_instead_of_breaking,
           the_first_distance_holds_and_nonsense_is_refused)
