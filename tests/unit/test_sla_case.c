#include "sla_case.h"

#include <string.h>

#include "check_main.h"
#include "sla_world.h"

static struct world w;
static struct sla_case c;
static Callout__V1__TicketSubmitted *ticket;
static uint64_t seq;

static void begin(void)
{
    world_init(&w);
    seq = 0;
    Callout__V1__SlaState *state;
    ck_assert_int_eq(sla_state_new(w.arena, &state), CO_OK);
    c = (struct sla_case){ .arena = w.arena,
                           .scratch = co_arena_new((size_t)16 * 1024 * 1024),
                           .state = state,
                           .policy = w.pack,
                           .calendar = w.calendar,
                           .now_us = T0 };
    ticket = world_message(&w, &callout__v1__ticket_submitted__descriptor);
    ticket->occurred_us = T0;
    ticket->stated_severity = 2;
}

static void end(void)
{
    co_arena_free(c.scratch);
    world_done(&w);
}

static const char *tell(const struct sla_events *events)
{
    return world_tell(&w, events->event, events->count);
}

static void submit(void)
{
    struct sla_events events = { 0 };
    struct sla_admission a = { .opened = w.opened };
    ck_assert_int_eq(sla_case_submitted(&c, ++seq, ticket, a, &events), CO_OK);
    ck_assert_uint_eq(events.count, 1);
    ck_assert_int_eq(events.event[0]->body_case, BODY(CASE_OPENED));
}

static void hold(void)
{
    struct sla_events events = { 0 };
    struct sla_admission a = { .held = world_message(&w, &callout__v1__case_held__descriptor) };
    c.policy = NULL;
    ck_assert_int_eq(sla_case_submitted(&c, ++seq, ticket, a, &events), CO_OK);
    ck_assert_uint_eq(events.count, 1);
    ck_assert_int_eq(events.event[0]->body_case, BODY(CASE_HELD));
}

static Callout__V1__CommandReceived *command(int64_t minute, Callout__V1__Act act)
{
    Callout__V1__CommandReceived *m = world_message(&w, &callout__v1__command_received__descriptor);
    m->act = act;
    m->occurred_us = T0 + minute * MINUTE;
    m->command_id = seq + 1000;
    return m;
}

/* The answer; NULL: none. */
static const Callout__V1__Event *send(const Callout__V1__CommandReceived *m)
{
    struct sla_events events = { 0 };
    struct sla_admission none = { 0 };
    ck_assert_int_eq(sla_case_command(&c, ++seq, m, none, &events), CO_OK);
    ck_assert_uint_le(events.count, 1);
    return events.count == 1 ? events.event[0] : NULL;
}

static const Callout__V1__CommandApplied *apply(const Callout__V1__CommandReceived *m)
{
    const Callout__V1__Event *e = send(m);
    ck_assert_ptr_nonnull(e);
    if (e->body_case == BODY(COMMAND_REFUSED))
        ck_abort_msg("refused: %s", e->command_refused->reason);
    ck_assert_int_eq(e->body_case, BODY(COMMAND_APPLIED));
    ck_assert_uint_eq(e->command_applied->command_id, m->command_id);
    return e->command_applied;
}

static const Callout__V1__CommandRefused *refuse(const Callout__V1__CommandReceived *m)
{
    const Callout__V1__Event *e = send(m);
    ck_assert_ptr_nonnull(e);
    ck_assert_int_eq(e->body_case, BODY(COMMAND_REFUSED));
    ck_assert_uint_eq(e->command_refused->command_id, m->command_id);
    ck_assert_int_eq(e->command_refused->act, m->act);
    return e->command_refused;
}

static bool lists(const Callout__V1__Act *list, size_t count, Callout__V1__Act act)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == act)
            return true;
    return false;
}

static struct sla_fold fold;

static const char *advance(int64_t minute)
{
    struct sla_events events = { 0 };
    c.now_us = T0 + minute * MINUTE;
    ck_assert_int_eq(sla_case_advance(&c, &events, &fold), CO_OK);
    return tell(&events);
}

static Callout__V1__Milestone *response(void)
{
    Callout__V1__Milestone *m = world_milestone(&w, "response", ACT(REPORTED), ACT(CONTACTED));
    world_minutes(&w, m, 30, 30, 60, 240);
    return m;
}

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
    ck_assert_uint_eq(r->n_possible, 1);
    ck_assert_int_eq(r->possible[0], ACT(NOTE));
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

START_TEST(who_takes_over_with_a_clock_that_lags_takes_nothing_back)
{
    begin();
    response();
    submit();
    ck_assert_str_eq(advance(30), "promised response/1 level 2 from 0 due 30\n"
                                  "breached response/1 level 2 due 30\n");
    size_t len = callout__v1__sla_state__get_packed_size(c.state);
    uint8_t *bytes = co_arena_alloc(w.arena, len);
    callout__v1__sla_state__pack(c.state, bytes);
    ck_assert_int_eq(sla_state_unpack(w.arena, bytes, len, &c.state), CO_OK);
    ck_assert_str_eq(advance(29), "");
    apply(command(28, ACT(EXPERT_JOINED)));
    ck_assert_str_eq(advance(29), "");
    ck_assert_int_eq(sla_case_now_us(&c), T0 + 30 * MINUTE);
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

/* -- differences */

START_TEST(a_late_report_takes_a_breach_back_once)
{
    begin();
    response();
    submit();
    ck_assert_str_eq(advance(40), "promised response/1 level 2 from 0 due 30\n"
                                  "breached response/1 level 2 due 30\n");
    ck_assert_str_eq(advance(41), "");
    apply(command(20, ACT(CONTACTED)));
    ck_assert_str_eq(advance(42), "withdrawn 24 response/1\nmet response/1 at 20\n");
    ck_assert_str_eq(advance(43), "");
    end();
}
END_TEST

START_TEST(what_moved_is_taken_back_and_said_anew_and_a_promise_revised)
{
    begin();
    world_pause(&w, response(), ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    submit();
    apply(command(25, ACT(CONTACTED)));
    advance(26);
    c.now_us = T0 + 50 * MINUTE;
    apply(command(20, ACT(CONTACTED)));
    ck_assert_str_eq(advance(50), "withdrawn 25 response/1\nmet response/1 at 20\n");
    apply(command(5, ACT(WAITING_CUSTOMER)));
    apply(command(7, ACT(CUSTOMER_ANSWERED)));
    ck_assert_str_eq(advance(51), "promised response/1 level 2 from 0 due 32 revision 2\n");
    end();
}
END_TEST

START_TEST(the_revisions_of_a_withdrawn_promise_go_on_when_it_is_back)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "remote", ACT(NONE), ACT(RESTORED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_start_unless_cancelled(&w, m, ACT(CONTACTED));
    world_start(&w, m, ACT(HARDWARE_READY));
    world_cancel(&w, m, ACT(ONSITE_REQUESTED));
    submit();
    apply(command(10, ACT(CONTACTED)));
    ck_assert_str_eq(advance(11), "promised remote/1 level 2 from 10 due 70\n");
    apply(command(5, ACT(ONSITE_REQUESTED)));
    ck_assert_str_eq(advance(12), "withdrawn 22 remote/1\n");
    ck_assert_uint_eq(c.state->n_withdrawn, 1);
    apply(command(13, ACT(HARDWARE_READY)));
    ck_assert_str_eq(advance(14), "promised remote/1 level 2 from 13 due 73 revision 2\n");
    ck_assert_uint_eq(c.state->n_withdrawn, 0);
    end();
}
END_TEST

static void remote_limit(Callout__V1__OnWithdrawn how)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "limit", ACT(REPORTED), ACT(RESTORED));
    world_minutes(&w, m, 60, 60, 60, 60);
    Callout__V1__Action *a = world_on_breach(&w, m, ACTION(ACT));
    a->act = ACT(ONSITE_REQUESTED);
    a->on_withdrawn = how;
    world_minutes(&w, world_milestone(&w, "arrival", ACT(ONSITE_REQUESTED), ACT(ARRIVED)), 120, 120,
                  120, 120);
    world_signer(&w, ROLE(PM));
    submit();
    ck_assert_str_eq(advance(61), "promised limit/1 level 2 from 0 due 60\n"
                                  "breached limit/1 level 2 due 60\n"
                                  "acted limit/1 breach #0 at 60 act 8\n"
                                  "promised arrival/1 level 2 from 60 due 180\n");
    apply(command(50, ACT(RESTORED)));
}

START_TEST(an_action_to_be_undone_goes_with_its_reason)
{
    remote_limit(CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_UNDO);
    ck_assert_str_eq(advance(62), "withdrawn 24 limit/1\nwithdrawn 28 limit/1 breach\n"
                                  "withdrawn 22 arrival/1\nmet limit/1 at 50\n");
    ck_assert_uint_eq(c.state->n_standing, 0);
    end();
}
END_TEST

START_TEST(an_action_to_be_kept_stands_with_what_followed_from_it)
{
    remote_limit(CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_KEEP);
    ck_assert_str_eq(advance(62), "withdrawn 28 limit/1 breach stands\nwithdrawn 24 limit/1\n"
                                  "met limit/1 at 50\n");
    ck_assert_str_eq(advance(63), "");
    apply(command(100, ACT(ARRIVED)));
    ck_assert_str_eq(advance(101), "met arrival/1 at 100\n");
    end();
}
END_TEST

START_TEST(an_action_to_be_asked_about_stands_and_says_so)
{
    remote_limit(CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_ASK);
    ck_assert_str_eq(advance(62), "withdrawn 28 limit/1 breach stands, ask\n"
                                  "withdrawn 24 limit/1\nmet limit/1 at 50\n");
    end();
}
END_TEST

START_TEST(a_raise_to_be_kept_stands_when_a_waiver_of_before_comes_to_light)
{
    begin();
    Callout__V1__Milestone *m = world_milestone(&w, "restore", ACT(REPORTED), ACT(RESTORED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_on_breach(&w, m, ACTION(RAISE))->on_withdrawn =
        CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_KEEP;
    world_waiver(&w, ROLE(CUSTOMER));
    submit();
    advance(61);
    ck_assert_uint_eq(fold.severity, 1);
    Callout__V1__CommandReceived *waive = command(30, ACT(WAIVE));
    waive->role = ROLE(CUSTOMER);
    apply(waive);
    ck_assert_str_eq(advance(62), "withdrawn 28 restore/1 breach stands\n"
                                  "withdrawn 22 restore/2\n");
    ck_assert_uint_eq(fold.severity, 1);
    ck_assert_str_eq(advance(63), "");
    end();
}
END_TEST

START_TEST(a_state_comes_back_from_its_bytes)
{
    begin();
    response();
    submit();
    apply(command(20, ACT(CONTACTED)));
    advance(25);
    size_t len = callout__v1__sla_state__get_packed_size(c.state);
    uint8_t *bytes = co_arena_alloc(w.arena, len);
    callout__v1__sla_state__pack(c.state, bytes);
    ck_assert_int_eq(sla_state_unpack(w.arena, bytes, len, &c.state), CO_OK);
    ck_assert_str_eq(advance(26), "");
    ck_assert_int_eq(sla_state_unpack(w.arena, bytes, len - 1, &c.state), CO_EINPUT);
    end();
}
END_TEST

CHECK_MAIN("sla_case", a_ticket_opens_a_case_with_its_conditions_and_wishes,
           the_same_ticket_or_command_again_changes_nothing,
           a_command_on_a_case_without_ticket_cannot_be_processed,
           acts_of_dispatch_are_not_answered_here,
           a_held_case_opens_by_approval_and_its_clocks_start_then,
           an_approval_that_names_no_usable_contract_is_refused, a_held_case_can_be_cancelled,
           facts_are_taken_in_any_order_and_ask_for_what_is_missing,
           signing_waits_for_the_restoration_and_for_who_may,
           after_the_end_only_notes_and_what_happened_before_are_taken,
           decisions_name_what_the_pack_knows, an_agreed_time_lies_ahead_and_is_waited_for,
           a_case_takes_a_thousand_inputs_and_says_so,
           a_case_from_which_too_much_follows_refuses_more_instead_of_breaking,
           who_takes_over_with_a_clock_that_lags_takes_nothing_back,
           the_first_distance_holds_and_nonsense_is_refused, a_late_report_takes_a_breach_back_once,
           what_moved_is_taken_back_and_said_anew_and_a_promise_revised,
           the_revisions_of_a_withdrawn_promise_go_on_when_it_is_back,
           an_action_to_be_undone_goes_with_its_reason,
           an_action_to_be_kept_stands_with_what_followed_from_it,
           an_action_to_be_asked_about_stands_and_says_so,
           a_raise_to_be_kept_stands_when_a_waiver_of_before_comes_to_light,
           a_state_comes_back_from_its_bytes)
