/* Ladders, lateness, exclusions, calendars, figures of contracts, actions in a view. */
#include "view_world.h"

static Callout__V1__Escalated escalated(uint32_t step, int64_t reached_us)
{
    Callout__V1__Escalated x = CALLOUT__V1__ESCALATED__INIT;
    x.milestone = response;
    x.generation = 1;
    x.step = step;
    x.reached_us = reached_us;
    return x;
}

START_TEST(steps_of_a_ladder_stand_at_their_clock_with_who_is_told)
{
    Callout__V1__Promised p = promised(response, 1, 1, 100);
    Callout__V1__Breached b = CALLOUT__V1__BREACHED__INIT;
    Callout__V1__Escalated x[] = { escalated(0, 110), escalated(1, 120), escalated(2, 130) };
    Callout__V1__Withdrawn w = withdrawn(CALLOUT__V1__EVENT__BODY_ESCALATED, response, 1);
    Callout__V1__Role director = CALLOUT__V1__ROLE__ROLE_DIRECTOR;
    Callout__V1__EscalationStep steps[2] = { CALLOUT__V1__ESCALATION_STEP__INIT,
                                             CALLOUT__V1__ESCALATION_STEP__INIT };
    Callout__V1__EscalationStep *ladder[] = { &steps[0], &steps[1] };
    Callout__V1__Milestone m = CALLOUT__V1__MILESTONE__INIT;
    Callout__V1__Milestone *milestones[] = { &m };
    Callout__V1__PolicyPack pack = CALLOUT__V1__POLICY_PACK__INIT;
    b.milestone = response;
    b.generation = 1;
    steps[1].roles = &director;
    steps[1].n_roles = 1;
    m.name = response;
    m.ladder = ladder;
    m.n_ladder = 2;
    pack.milestones = milestones;
    pack.n_milestones = 1;
    begin();
    E(PROMISED, .promised = &p);
    E(BREACHED, .breached = &b);
    E(ESCALATED, .escalated = &x[1]);
    E(ESCALATED, .escalated = &x[0]);
    E(ESCALATED, .escalated = &x[2]);
    E(WITHDRAWN, .withdrawn = &w);
    fold();
    ck_assert_int_eq(co_view_add_pack(arena, view, &pack), CO_OK);
    const Callout__V1__ClockView *c = view->clocks[0];
    ck_assert_int_eq(c->breach_announced_us, MINUTE);
    ck_assert_uint_eq(c->n_escalations, 2);
    ck_assert_uint_eq(c->escalations[0]->step, 0);
    ck_assert_uint_eq(c->escalations[0]->n_roles, 0);
    ck_assert_int_eq(c->escalations[0]->announced_us, 3 * MINUTE);
    ck_assert_uint_eq(c->escalations[1]->step, 2);
    ck_assert_int_eq(c->escalations[1]->reached_us, 130);
    ck_assert_int_eq(c->escalations[1]->roles[0], director);
    end();
}
END_TEST

START_TEST(warnings_say_when_they_were_reached_and_when_announced)
{
    Callout__V1__Promised p = promised(response, 1, 1, 100);
    Callout__V1__Warned w[3];
    begin();
    E(PROMISED, .promised = &p);
    for (uint32_t i = 0; i < 3; i++) {
        callout__v1__warned__init(&w[i]);
        w[i].milestone = response;
        w[i].generation = 1;
        w[i].threshold = i < 2 ? 1 - i : 1;
        w[i].reached_us = i + 1;
        E(WARNED, .warned = &w[i]);
    }
    fold();
    const Callout__V1__ClockView *c = view->clocks[0];
    ck_assert_uint_eq(c->warned, 2);
    ck_assert_uint_eq(c->warnings[0]->threshold, 0);
    ck_assert_int_eq(c->warnings[0]->announced_us, 2 * MINUTE);
    ck_assert_int_eq(c->warnings[1]->reached_us, 3);
    ck_assert_int_eq(c->warnings[1]->announced_us, 3 * MINUTE);
    end();
}
END_TEST

START_TEST(exclusions_are_those_of_the_opening_and_what_came_later)
{
    static char flood[] = "flood", strike[] = "strike";
    Callout__V1__Exclusion old = CALLOUT__V1__EXCLUSION__INIT, changed = old, other = old;
    old.key = flood;
    changed.key = flood;
    changed.until_us = 9;
    other.key = strike;
    Callout__V1__Exclusion *declared[] = { &old };
    Callout__V1__CaseOpened o = CALLOUT__V1__CASE_OPENED__INIT;
    Callout__V1__Excluded said[3] = { CALLOUT__V1__EXCLUDED__INIT, CALLOUT__V1__EXCLUDED__INIT,
                                      CALLOUT__V1__EXCLUDED__INIT };
    o.exclusions = declared;
    o.n_exclusions = 1;
    said[0].exclusion = &other;
    said[1].exclusion = &changed;
    said[2].exclusion = &other;
    said[2].withdrawn = true;
    begin();
    E(CASE_OPENED, .case_opened = &o);
    fold();
    ck_assert_uint_eq(view->n_exclusions, 1);
    for (size_t i = 0; i < 3; i++)
        E(EXCLUDED, .excluded = &said[i]);
    fold();
    ck_assert_uint_eq(view->n_exclusions, 2);
    ck_assert_ptr_eq(view->exclusions[0]->exclusion, &changed);
    ck_assert(!view->exclusions[0]->withdrawn);
    ck_assert(view->exclusions[1]->withdrawn);
    end();
}
END_TEST

START_TEST(the_calendars_in_force_are_the_latest)
{
    Callout__V1__Pin pin = CALLOUT__V1__PIN__INIT;
    Callout__V1__CaseOpened o = CALLOUT__V1__CASE_OPENED__INIT;
    Callout__V1__CalendarRebased first = CALLOUT__V1__CALENDAR_REBASED__INIT, second = first;
    o.calendar = &pin;
    begin();
    E(CASE_OPENED, .case_opened = &o);
    fold();
    ck_assert_ptr_null(view->rebased);
    E(CALENDAR_REBASED, .calendar_rebased = &first);
    E(CALENDAR_REBASED, .calendar_rebased = &second);
    fold();
    ck_assert_ptr_eq(view->calendar, &pin);
    ck_assert_ptr_eq(view->rebased, &second);
    end();
}
END_TEST

START_TEST(a_figure_of_the_contract_is_told_from_one_of_the_pack)
{
    static char running[] = "running";
    static const struct {
        Callout__V1__TargetKind kind;
        int64_t amount;
        bool is_of_contract;
    } figures[] = { { CALLOUT__V1__TARGET_KIND__TARGET_RUNNING, 30, true },
                    { CALLOUT__V1__TARGET_KIND__TARGET_RUNNING, 31, false },
                    { CALLOUT__V1__TARGET_KIND__TARGET_WORKING, 30, false } };
    for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
        Callout__V1__TargetBasis basis = CALLOUT__V1__TARGET_BASIS__INIT;
        Callout__V1__Promised p = promised(response, 1, 1, 100);
        Callout__V1__Target target = CALLOUT__V1__TARGET__INIT;
        Callout__V1__ContractTarget figure = CALLOUT__V1__CONTRACT_TARGET__INIT;
        Callout__V1__ContractTarget *list[] = { &figure };
        Callout__V1__CaseOpened o = CALLOUT__V1__CASE_OPENED__INIT;
        basis.kind = running;
        basis.amount = 30;
        p.basis = &basis;
        target.kind = figures[i].kind;
        target.amount = figures[i].amount;
        figure.milestone = response;
        figure.target = &target;
        o.targets = list;
        o.n_targets = 1;
        begin();
        E(CASE_OPENED, .case_opened = &o);
        E(PROMISED, .promised = &p);
        fold();
        ck_assert_int_eq(view->clocks[0]->from_contract, figures[i].is_of_contract);
        ck_assert_uint_eq(view->n_targets, 1);
        end();
    }
}
END_TEST

START_TEST(hardware_is_expected_when_last_said_until_it_is_ready)
{
    static const struct {
        Callout__V1__Act act;
        int64_t occurred_us;
        int64_t agreed_us;
        bool is_applied;
        int64_t expected_us;
    } said[] = { { CALLOUT__V1__ACT__ACT_HARDWARE_EXPECTED, 10, 500, true, 500 },
                 { CALLOUT__V1__ACT__ACT_HARDWARE_EXPECTED, 20, 700, true, 700 },
                 { CALLOUT__V1__ACT__ACT_HARDWARE_EXPECTED, 30, 800, false, 700 },
                 { CALLOUT__V1__ACT__ACT_HARDWARE_EXPECTED, 15, 600, true, 700 },
                 { CALLOUT__V1__ACT__ACT_HARDWARE_READY, 40, 0, true, 0 } };
    Callout__V1__CommandReceived received[5];
    Callout__V1__CommandApplied applied[5];
    begin();
    for (uint64_t i = 0; i < 5; i++) {
        callout__v1__command_received__init(&received[i]);
        callout__v1__command_applied__init(&applied[i]);
        received[i].act = said[i].act;
        received[i].occurred_us = said[i].occurred_us;
        received[i].agreed_us = said[i].agreed_us;
        received[i].command_id = applied[i].command_id = i + 1;
        applied[i].act = said[i].act;
        E(COMMAND_RECEIVED, .command_received = &received[i]);
        if (said[i].is_applied)
            E(COMMAND_APPLIED, .command_applied = &applied[i]);
        fold();
        ck_assert_int_eq(view->hardware_expected_us, said[i].expected_us);
    }
    end();
}
END_TEST

START_TEST(actions_say_what_the_pack_has_them_do)
{
    Callout__V1__Acted a[2] = { CALLOUT__V1__ACTED__INIT, CALLOUT__V1__ACTED__INIT };
    Callout__V1__Role director = CALLOUT__V1__ROLE__ROLE_DIRECTOR;
    Callout__V1__Action tell = CALLOUT__V1__ACTION__INIT;
    Callout__V1__Action *list[] = { &tell };
    Callout__V1__Milestone m = CALLOUT__V1__MILESTONE__INIT;
    Callout__V1__Milestone *milestones[] = { &m };
    Callout__V1__PolicyPack pack = CALLOUT__V1__POLICY_PACK__INIT;
    for (uint32_t i = 0; i < 2; i++) {
        a[i].milestone = response;
        a[i].trigger = trigger;
        a[i].index = i;
    }
    tell.kind = CALLOUT__V1__ACTION_KIND__ACTION_TELL;
    tell.roles = &director;
    tell.n_roles = 1;
    m.name = response;
    m.on_breach = list;
    m.n_on_breach = 1;
    pack.milestones = milestones;
    pack.n_milestones = 1;
    begin();
    E(ACTED, .acted = &a[0]);
    E(ACTED, .acted = &a[1]);
    fold();
    ck_assert_int_eq(co_view_add_pack(arena, view, &pack), CO_OK);
    ck_assert_uint_eq(view->n_actions, 2);
    ck_assert_int_eq(view->actions[0]->kind, tell.kind);
    ck_assert_int_eq(view->actions[0]->roles[0], director);
    ck_assert_int_eq(view->actions[1]->kind, CALLOUT__V1__ACTION_KIND__ACTION_NONE);
    end();
}
END_TEST

START_TEST(an_excluded_area_is_shown_until_it_is_taken_back)
{
    static char arrival[] = "arrival";
    Callout__V1__NotServed n = CALLOUT__V1__NOT_SERVED__INIT;
    Callout__V1__Withdrawn w = CALLOUT__V1__WITHDRAWN__INIT;
    w.kind = CALLOUT__V1__EVENT__BODY_NOT_SERVED;
    w.milestone = arrival;
    begin();
    E(NOT_SERVED, .not_served = &n);
    fold();
    ck_assert_ptr_eq(view->not_served, &n);
    E(WITHDRAWN, .withdrawn = &w);
    fold();
    ck_assert_ptr_null(view->not_served);
    end();
}
END_TEST

START_TEST(sessions_are_open_until_their_end_is_said_and_not_taken_back)
{
    static char db[] = "db", li[] = "li", narrowed[] = "narrowed", asked[] = "asked";
    Callout__V1__SessionChanged s[2] = { CALLOUT__V1__SESSION_CHANGED__INIT,
                                         CALLOUT__V1__SESSION_CHANGED__INIT };
    Callout__V1__ConsentChanged k = CALLOUT__V1__CONSENT_CHANGED__INIT;
    Callout__V1__Withdrawn w = CALLOUT__V1__WITHDRAWN__INIT;
    for (size_t i = 0; i < 2; i++) {
        s[i].ordinal = 1;
        s[i].consent = db;
        s[i].person = li;
        s[i].at_us = 100 + (int64_t)i;
        s[i].is_over = i == 1;
    }
    s[1].why = narrowed;
    k.ordinal = 1;
    k.state = asked;
    begin();
    E(CONSENT_CHANGED, .consent_changed = &k);
    E(SESSION_CHANGED, .session_changed = &s[0]);
    E(SESSION_CHANGED, .session_changed = &s[1]);
    fold();
    ck_assert_uint_eq(view->n_sessions, 1);
    ck_assert_int_eq(view->sessions[0]->ended_us, 101);
    ck_assert_str_eq(view->sessions[0]->why, "narrowed");
    w.kind = CALLOUT__V1__EVENT__BODY_SESSION_CHANGED;
    w.ordinal = 1;
    w.generation = 2;
    E(WITHDRAWN, .withdrawn = &w);
    fold();
    ck_assert_int_eq(view->sessions[0]->ended_us, 0);
    Callout__V1__Withdrawn v = w;
    v.generation = 1;
    E(WITHDRAWN, .withdrawn = &v);
    ck_assert_uint_eq(view->n_consents, 1);
    Callout__V1__Withdrawn u = w;
    u.kind = CALLOUT__V1__EVENT__BODY_CONSENT_CHANGED;
    E(WITHDRAWN, .withdrawn = &u);
    fold();
    ck_assert_uint_eq(view->n_sessions, 0);
    ck_assert_uint_eq(view->n_consents, 0);
    end();
}
END_TEST

static char lecturer[] = "lecturer", lena[] = "engineer/lena", lars[] = "engineer/lars";

static Callout__V1__Booked booked(uint32_t generation, char *resource, uint32_t place)
{
    Callout__V1__Booked b = CALLOUT__V1__BOOKED__INIT;
    b.slot = lecturer;
    b.generation = generation;
    b.resource = resource;
    b.from_us = 100;
    b.until_us = 200;
    b.place = place;
    return b;
}

static Callout__V1__BookingEnded booking_ended(uint32_t generation, char *how)
{
    Callout__V1__BookingEnded e = CALLOUT__V1__BOOKING_ENDED__INIT;
    e.slot = lecturer;
    e.generation = generation;
    e.how = how;
    return e;
}

START_TEST(who_is_booked_is_shown_until_he_is_let_go_and_who_was_there_afterwards)
{
    char unfit[] = "unfit", done[] = "done", closed[] = "closed", missing[] = "absence";
    Callout__V1__Booked b[] = { booked(1, lena, 0), booked(2, lars, 1), booked(3, lena, 0) };
    Callout__V1__BookingEnded e[] = { booking_ended(1, unfit), booking_ended(2, done),
                                      booking_ended(3, closed) };
    Callout__V1__NobodyToBook n = CALLOUT__V1__NOBODY_TO_BOOK__INIT;
    n.slot = lecturer;
    n.missing = missing;
    begin();
    E(BOOKED, .booked = &b[0]);
    E(BOOKED, .booked = &b[1]);
    E(BOOKING_ENDED, .booking_ended = &e[0]);
    E(NOBODY_TO_BOOK, .nobody_to_book = &n);
    fold();
    ck_assert_uint_eq(view->n_bookings, 2);
    ck_assert_str_eq(view->bookings[0]->resource, "");
    ck_assert_str_eq(view->bookings[0]->missing, "absence");
    ck_assert_str_eq(view->bookings[1]->resource, lars);
    E(BOOKED, .booked = &b[2]);
    E(BOOKING_ENDED, .booking_ended = &e[1]);
    fold();
    ck_assert_str_eq(view->bookings[0]->resource, lena);
    ck_assert_str_eq(view->bookings[0]->missing, "");
    ck_assert(view->bookings[1]->is_done && !view->bookings[0]->is_done);
    E(BOOKING_ENDED, .booking_ended = &e[2]);
    fold();
    ck_assert_uint_eq(view->n_bookings, 1);
    ck_assert_str_eq(view->bookings[0]->resource, lars);
    end();
}
END_TEST

CHECK_MAIN("co_view_more", steps_of_a_ladder_stand_at_their_clock_with_who_is_told,
           warnings_say_when_they_were_reached_and_when_announced,
           exclusions_are_those_of_the_opening_and_what_came_later,
           the_calendars_in_force_are_the_latest,
           a_figure_of_the_contract_is_told_from_one_of_the_pack,
           hardware_is_expected_when_last_said_until_it_is_ready,
           actions_say_what_the_pack_has_them_do, an_excluded_area_is_shown_until_it_is_taken_back,
           sessions_are_open_until_their_end_is_said_and_not_taken_back,
           who_is_booked_is_shown_until_he_is_let_go_and_who_was_there_afterwards)
