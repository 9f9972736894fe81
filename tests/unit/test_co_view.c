#include "view_world.h"

static char arrival[] = "arrival", pm[] = "pm/0", why[] = "breached/response/1";
static char wang[] = "wang", li[] = "li", no[] = "the case is closed";

START_TEST(no_entries_give_an_empty_view)
{
    begin();
    fold();
    ck_assert_str_eq(view->state, "submitted");
    ck_assert_str_eq(view->number, "");
    ck_assert_uint_eq(view->n_clocks, 0);
    end();
}
END_TEST

START_TEST(a_case_goes_from_submitted_over_held_to_open_and_closed)
{
    Callout__V1__TicketSubmitted t = CALLOUT__V1__TICKET_SUBMITTED__INIT;
    Callout__V1__CaseHeld h = CALLOUT__V1__CASE_HELD__INIT;
    Callout__V1__CaseOpened o = CALLOUT__V1__CASE_OPENED__INIT;
    Callout__V1__CaseClosed c = CALLOUT__V1__CASE_CLOSED__INIT;
    Callout__V1__Entitled entitled = CALLOUT__V1__ENTITLED__INIT;
    static char asked[] = "contract as sent", found[] = "k-77", version[] = "v1";
    t.contract = asked;
    t.version = o.version = version;
    o.is_version_open = true;
    o.entitled = &entitled;
    t.occurred_us = 5;
    o.contract = found;
    o.reported_us = 5;
    o.severity = 2;
    c.closed_us = 99;
    static const char *const states[] = { "submitted", "held", "open", "closed" };
    begin();
    E(TICKET_SUBMITTED, .ticket_submitted = &t);
    E(CASE_HELD, .case_held = &h);
    E(CASE_OPENED, .case_opened = &o);
    E(CASE_CLOSED, .case_closed = &c);
    for (size_t n = 1; n <= 4; n++) {
        ck_assert_int_eq(co_view_fold(arena, entries, n, &view), CO_OK);
        ck_assert_str_eq(view->state, states[n - 1]);
        ck_assert_int_eq(view->held != NULL, n == 2);
        ck_assert_str_eq(view->contract, n < 3 ? asked : found);
        ck_assert_str_eq(view->version, version);
        ck_assert_int_eq(view->is_version_open, n >= 3);
        ck_assert_ptr_eq(view->entitled, n >= 3 ? &entitled : NULL);
    }
    ck_assert_str_eq(view->number, "C-180D");
    ck_assert_uint_eq(view->severity, 2);
    ck_assert_int_eq(view->closed_us, 99);
    ck_assert_uint_eq(view->last_seq, 19);
    end();
}
END_TEST

static void says(Callout__V1__CommandReceived *c, Callout__V1__CommandApplied *a, uint64_t id,
                 Callout__V1__Act act, char *person)
{
    callout__v1__command_received__init(c);
    callout__v1__command_applied__init(a);
    c->act = a->act = act;
    c->command_id = a->command_id = id;
    c->person = person;
    E(COMMAND_RECEIVED, .command_received = c);
    E(COMMAND_APPLIED, .command_applied = a);
}

START_TEST(a_call_is_about_who_was_there_or_else_who_spoke_to_the_customer_or_who_is_named)
{
    static char beijing[] = "beijing", named[] = "zhou";
    Callout__V1__CommandReceived c[4];
    Callout__V1__CommandApplied a[4];
    Callout__V1__Offered o = CALLOUT__V1__OFFERED__INIT;
    Callout__V1__OfferEnded end_of = CALLOUT__V1__OFFER_ENDED__INIT;
    Callout__V1__Assigned goes = CALLOUT__V1__ASSIGNED__INIT;
    o.engineer = goes.engineer = wang;
    o.office = beijing;
    o.generation = end_of.generation = goes.generation = 1;
    end_of.how = CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED;
    begin();
    says(&c[0], &a[0], 1, CALLOUT__V1__ACT__ACT_CONTACTED, li);
    says(&c[1], &a[1], 2, CALLOUT__V1__ACT__ACT_CALLED_BACK, pm);
    c[1].solved = CALLOUT__V1__SOLVED__SOLVED_NO;
    E(OFFERED, .offered = &o);
    E(OFFER_ENDED, .offer_ended = &end_of);
    E(ASSIGNED, .assigned = &goes);
    says(&c[2], &a[2], 3, CALLOUT__V1__ACT__ACT_CALLED_BACK, pm);
    c[2].rating = 4;
    says(&c[3], &a[3], 4, CALLOUT__V1__ACT__ACT_CALLED_BACK, pm);
    c[3].name = named;
    fold();
    static const char *const about[][2] = { { "li", "" }, { "wang", "beijing" }, { "zhou", "" } };
    ck_assert_uint_eq(view->n_calls, 3);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_str_eq(view->calls[i]->person, pm);
        ck_assert_str_eq(view->calls[i]->engineer, about[i][0]);
        ck_assert_str_eq(view->calls[i]->office, about[i][1]);
    }
    ck_assert_int_eq(view->calls[0]->solved, CALLOUT__V1__SOLVED__SOLVED_NO);
    ck_assert_uint_eq(view->calls[1]->rating, 4);
    end();
}
END_TEST

START_TEST(who_goes_without_having_been_asked_is_where_he_says)
{
    static const struct {
        Callout__V1__Act by;
        const char *state;
    } rows[] = { { CALLOUT__V1__ACT__ACT_NONE, "assigned" },
                 { CALLOUT__V1__ACT__ACT_UNDERWAY, "underway" },
                 { CALLOUT__V1__ACT__ACT_ARRIVED, "arrived" } };
    for (size_t i = 0; i < 3; i++) {
        Callout__V1__Assigned goes = CALLOUT__V1__ASSIGNED__INIT;
        goes.engineer = wang;
        goes.by = rows[i].by;
        begin();
        E(ASSIGNED, .assigned = &goes);
        fold();
        ck_assert_str_eq(view->order->state, rows[i].state);
        end();
    }
}
END_TEST

START_TEST(a_late_clock_that_was_started_anew_goes_on_no_longer)
{
    Callout__V1__Promised first = promised(response, 1, 1, 100);
    Callout__V1__Promised anew = promised(response, 2, 1, 900);
    Callout__V1__Breached b = CALLOUT__V1__BREACHED__INIT;
    Callout__V1__Withdrawn w = withdrawn(CALLOUT__V1__EVENT__BODY_PROMISED, response, 0);
    b.milestone = response;
    b.generation = 1;
    anew.start_us = 100;
    w.generation = 2;
    begin();
    E(PROMISED, .promised = &first);
    E(BREACHED, .breached = &b);
    fold();
    ck_assert_int_eq(view->clocks[0]->end_us, 0);
    E(PROMISED, .promised = &anew);
    fold();
    ck_assert_str_eq(view->clocks[0]->state, "breached");
    ck_assert_int_eq(view->clocks[0]->end_us, 100);
    E(WITHDRAWN, .withdrawn = &w); /* the raise is taken back */
    fold();
    ck_assert_int_eq(view->clocks[0]->end_us, 0);
    end();
}
END_TEST

START_TEST(a_promise_said_again_replaces_the_earlier_due_time)
{
    Callout__V1__Promised first = promised(response, 1, 1, 100);
    Callout__V1__Promised second = promised(response, 1, 2, 200);
    Callout__V1__Promised anew = promised(response, 2, 1, 900);
    begin();
    E(PROMISED, .promised = &second);
    E(PROMISED, .promised = &first);
    E(PROMISED, .promised = &anew);
    fold();
    ck_assert_uint_eq(view->n_clocks, 2);
    ck_assert_int_eq(view->clocks[0]->due_us, 200);
    ck_assert_uint_eq(view->clocks[0]->revision, 2);
    ck_assert_int_eq(view->clocks[1]->due_us, 900);
    ck_assert_str_eq(view->clocks[1]->state, "running");
    end();
}
END_TEST

START_TEST(a_clock_says_how_it_stands)
{
    Callout__V1__Promised p = promised(response, 1, 1, 100);
    Callout__V1__Promised q = promised(arrival, 1, 1, 0);
    Callout__V1__Warned w = CALLOUT__V1__WARNED__INIT;
    Callout__V1__Breached b = CALLOUT__V1__BREACHED__INIT;
    Callout__V1__Met m = CALLOUT__V1__MET__INIT;
    w.milestone = b.milestone = m.milestone = response;
    w.generation = b.generation = m.generation = 1;
    m.met_us = 130;
    m.late_us = 30;
    static const char *const states[] = { "running", "running", "running", "breached", "late" };
    begin();
    E(PROMISED, .promised = &p);
    E(PROMISED, .promised = &q);
    E(WARNED, .warned = &w);
    E(BREACHED, .breached = &b);
    E(MET, .met = &m);
    for (size_t n = 1; n <= 5; n++) {
        ck_assert_int_eq(co_view_fold(arena, entries, n, &view), CO_OK);
        ck_assert_str_eq(view->clocks[0]->state, states[n - 1]);
    }
    ck_assert_str_eq(view->clocks[1]->state, "open");
    ck_assert_uint_eq(view->clocks[0]->warned, 1);
    ck_assert_int_eq(view->clocks[0]->late_us, 30);
    ck_assert_int_eq(view->clocks[0]->end_us, 130);
    end();
}
END_TEST

START_TEST(what_is_withdrawn_is_gone_and_the_withdrawal_listed)
{
    Callout__V1__Promised p = promised(response, 1, 1, 100);
    Callout__V1__Breached b = CALLOUT__V1__BREACHED__INIT;
    b.milestone = response;
    b.generation = 1;
    Callout__V1__Withdrawn wb = withdrawn(CALLOUT__V1__EVENT__BODY_BREACHED, response, 0);
    Callout__V1__Withdrawn wp = withdrawn(CALLOUT__V1__EVENT__BODY_PROMISED, response, 0);
    Callout__V1__Withdrawn other = withdrawn(CALLOUT__V1__EVENT__BODY_MET, arrival, 0);
    begin();
    E(PROMISED, .promised = &p);
    E(BREACHED, .breached = &b);
    E(WITHDRAWN, .withdrawn = &wb);
    E(WITHDRAWN, .withdrawn = &other);
    fold();
    ck_assert_str_eq(view->clocks[0]->state, "running");
    E(WITHDRAWN, .withdrawn = &wp);
    fold();
    ck_assert_uint_eq(view->n_clocks, 0);
    ck_assert_uint_eq(view->n_withdrawn, 3);
    E(PROMISED, .promised = &p);
    fold();
    ck_assert_uint_eq(view->n_clocks, 1);
    end();
}
END_TEST

START_TEST(severity_follows_the_changes_that_still_stand)
{
    Callout__V1__CaseOpened o = CALLOUT__V1__CASE_OPENED__INIT;
    o.severity = 3;
    Callout__V1__SeverityChanged to2 = CALLOUT__V1__SEVERITY_CHANGED__INIT;
    to2.ordinal = 1;
    to2.from = 3;
    to2.to = 2;
    Callout__V1__SeverityChanged to1 = to2;
    to1.ordinal = 2;
    to1.to = 1;
    Callout__V1__Withdrawn w = withdrawn(CALLOUT__V1__EVENT__BODY_SEVERITY_CHANGED, response, 2);
    begin();
    E(CASE_OPENED, .case_opened = &o);
    E(SEVERITY_CHANGED, .severity_changed = &to1);
    E(SEVERITY_CHANGED, .severity_changed = &to2);
    fold();
    ck_assert_uint_eq(view->severity, 1);
    E(WITHDRAWN, .withdrawn = &w);
    fold();
    ck_assert_uint_eq(view->severity, 2);
    ck_assert_uint_eq(view->n_severity_changes, 1);
    end();
}
END_TEST

START_TEST(an_action_that_stands_stays_listed_and_is_marked)
{
    Callout__V1__Acted a = CALLOUT__V1__ACTED__INIT;
    a.milestone = response;
    a.generation = 1;
    a.trigger = trigger;
    a.index = 1;
    Callout__V1__Withdrawn w = withdrawn(CALLOUT__V1__EVENT__BODY_ACTED, response, 1);
    w.trigger = trigger;
    w.stands = true;
    begin();
    E(ACTED, .acted = &a);
    E(WITHDRAWN, .withdrawn = &w);
    fold();
    ck_assert_uint_eq(view->n_acted, 1);
    ck_assert(view->withdrawn[0]->stands);
    w.stands = false;
    fold();
    ck_assert_uint_eq(view->n_acted, 0);
    end();
}
END_TEST

static Callout__V1__CommandApplied applied(Callout__V1__Act act, uint64_t id)
{
    Callout__V1__CommandApplied c = CALLOUT__V1__COMMAND_APPLIED__INIT;
    c.act = act;
    c.command_id = id;
    return c;
}

START_TEST(a_work_order_is_offered_while_anybody_is_asked)
{
    Callout__V1__Offered first = CALLOUT__V1__OFFERED__INIT;
    first.generation = 1;
    first.engineer = wang;
    Callout__V1__Offered second = first;
    second.generation = 2;
    second.engineer = li;
    Callout__V1__Offered third = first;
    third.generation = 3;
    Callout__V1__OfferEnded absent = CALLOUT__V1__OFFER_ENDED__INIT;
    absent.generation = 1;
    absent.how = CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN;
    Callout__V1__OfferEnded taken = absent;
    taken.generation = 3;
    taken.how = CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED;
    Callout__V1__OfferEnded slower = absent;
    slower.generation = 2;
    slower.how = CALLOUT__V1__OFFER_END__OFFER_END_OVERTAKEN;
    begin();
    E(OFFERED, .offered = &first);
    E(OFFERED, .offered = &second);
    E(OFFER_ENDED, .offer_ended = &absent);
    E(OFFERED, .offered = &third);
    E(OFFER_ENDED, .offer_ended = &taken);
    E(OFFER_ENDED, .offer_ended = &slower);
    for (size_t n = 1; n <= count; n++) {
        ck_assert_int_eq(co_view_fold(arena, entries, n, &view), CO_OK);
        ck_assert_str_eq(view->order->state, "offered");
    }
    ck_assert_str_eq(view->order->offers[0]->state, "withdrawn");
    ck_assert_str_eq(view->order->offers[1]->state, "overtaken");
    ck_assert_str_eq(view->order->offers[2]->state, "accepted");
    end();
}
END_TEST

START_TEST(a_work_order_goes_from_offer_to_end)
{
    Callout__V1__Offered first = CALLOUT__V1__OFFERED__INIT;
    first.generation = 1;
    first.engineer = wang;
    Callout__V1__Offered second = first;
    second.generation = 2;
    second.engineer = li;
    Callout__V1__OfferEnded silent = CALLOUT__V1__OFFER_ENDED__INIT;
    silent.generation = 1;
    silent.how = CALLOUT__V1__OFFER_END__OFFER_END_SILENT;
    Callout__V1__OfferEnded taken = silent;
    taken.generation = 2;
    taken.how = CALLOUT__V1__OFFER_END__OFFER_END_ACCEPTED;
    Callout__V1__Assigned goes = CALLOUT__V1__ASSIGNED__INIT;
    goes.engineer = li;
    Callout__V1__CommandApplied arrived = applied(CALLOUT__V1__ACT__ACT_ARRIVED, 1);
    Callout__V1__CommandApplied underway = applied(CALLOUT__V1__ACT__ACT_UNDERWAY, 2);
    Callout__V1__OrderEnded over = CALLOUT__V1__ORDER_ENDED__INIT;
    static const char *const states[] = { "offered",  "offered", "offered", "offered",
                                          "assigned", "arrived", "arrived", "ended" };
    begin();
    E(OFFERED, .offered = &first);
    E(OFFER_ENDED, .offer_ended = &silent);
    E(OFFERED, .offered = &second);
    E(OFFER_ENDED, .offer_ended = &taken);
    E(ASSIGNED, .assigned = &goes);
    E(COMMAND_APPLIED, .command_applied = &arrived);
    E(COMMAND_APPLIED, .command_applied = &underway);
    E(ORDER_ENDED, .order_ended = &over);
    for (size_t n = 1; n <= count; n++) {
        ck_assert_int_eq(co_view_fold(arena, entries, n, &view), CO_OK);
        ck_assert_str_eq(view->order->state, states[n - 1]);
    }
    ck_assert_uint_eq(view->order->n_offers, 2);
    ck_assert_str_eq(view->order->offers[0]->state, "silent");
    ck_assert_str_eq(view->order->offers[1]->state, "accepted");
    ck_assert_str_eq(view->order->engineer, "li");
    end();
}
END_TEST

START_TEST(nobody_left_lasts_until_the_next_offer)
{
    Callout__V1__NobodyLeft nobody = CALLOUT__V1__NOBODY_LEFT__INIT;
    Callout__V1__Offered again = CALLOUT__V1__OFFERED__INIT;
    again.generation = 4;
    begin();
    E(NOBODY_LEFT, .nobody_left = &nobody);
    fold();
    ck_assert_str_eq(view->order->state, "nobody");
    E(OFFERED, .offered = &again);
    fold();
    ck_assert_str_eq(view->order->state, "offered");
    end();
}
END_TEST

START_TEST(each_command_has_a_row_with_its_outcome)
{
    Callout__V1__CommandReceived c = CALLOUT__V1__COMMAND_RECEIVED__INIT;
    c.command_id = 7;
    c.act = CALLOUT__V1__ACT__ACT_ARRIVED;
    Callout__V1__CommandReceived d = c;
    d.command_id = 8;
    Callout__V1__CommandReceived open = c;
    open.command_id = 9;
    Callout__V1__CommandApplied ok = applied(CALLOUT__V1__ACT__ACT_ARRIVED, 7);
    Callout__V1__Act missing[] = { CALLOUT__V1__ACT__ACT_UNDERWAY,
                                   CALLOUT__V1__ACT__ACT_ONSITE_REQUESTED };
    ok.n_missing = 2;
    ok.missing = missing;
    Callout__V1__CommandRefused refused = CALLOUT__V1__COMMAND_REFUSED__INIT;
    refused.command_id = 8;
    refused.reason = no;
    begin();
    E(COMMAND_RECEIVED, .command_received = &c);
    E(COMMAND_RECEIVED, .command_received = &d);
    E(COMMAND_RECEIVED, .command_received = &open);
    E(COMMAND_APPLIED, .command_applied = &ok);
    E(COMMAND_REFUSED, .command_refused = &refused);
    fold();
    ck_assert_uint_eq(view->n_history, 3);
    ck_assert_str_eq(view->history[0]->outcome, "applied");
    ck_assert_str_eq(view->history[0]->detail, "to be reported too: underway, onsite_requested");
    ck_assert_str_eq(view->history[1]->outcome, "refused");
    ck_assert_str_eq(view->history[1]->detail, no);
    ck_assert_str_eq(view->history[2]->outcome, "");
    ck_assert_int_eq(view->history[2]->at_us, 2 * MINUTE);
    end();
}
END_TEST

START_TEST(a_notice_is_known_by_duty_generation_and_slot)
{
    Callout__V1__NoticePlanned p = CALLOUT__V1__NOTICE_PLANNED__INIT;
    p.obligation = why;
    p.generation = 1;
    p.slot = pm;
    p.person = wang;
    Callout__V1__NoticePlanned q = p;
    q.generation = 2;
    q.person = li;
    Callout__V1__NoticeSettled s = CALLOUT__V1__NOTICE_SETTLED__INIT;
    s.obligation = why;
    s.generation = 2;
    s.slot = pm;
    s.state = CALLOUT__V1__NOTICE_STATE__NOTICE_ACCEPTED;
    s.attempts = 3;
    begin();
    E(NOTICE_PLANNED, .notice_planned = &p);
    E(NOTICE_PLANNED, .notice_planned = &q);
    E(NOTICE_SETTLED, .notice_settled = &s);
    fold();
    ck_assert_uint_eq(view->n_notices, 2);
    ck_assert_int_eq(view->notices[0]->state, CALLOUT__V1__NOTICE_STATE__NOTICE_PLANNED);
    ck_assert_int_eq(view->notices[1]->state, CALLOUT__V1__NOTICE_STATE__NOTICE_ACCEPTED);
    ck_assert_uint_eq(view->notices[1]->attempts, 3);
    ck_assert_str_eq(view->notices[1]->person, "li");
    end();
}
END_TEST

START_TEST(a_repeated_entry_is_folded_once)
{
    Callout__V1__Acted a = CALLOUT__V1__ACTED__INIT;
    begin();
    E(ACTED, .acted = &a);
    E(ACTED, .acted = &a);
    entries[1].seq = entries[0].seq;
    fold();
    ck_assert_uint_eq(view->n_acted, 1);
    end();
}
END_TEST

START_TEST(entries_of_two_cases_are_refused)
{
    Callout__V1__Acted a = CALLOUT__V1__ACTED__INIT;
    begin();
    E(ACTED, .acted = &a);
    E(ACTED, .acted = &a);
    entries[1].case_id++;
    view = NULL;
    ck_assert_int_eq(co_view_fold(arena, entries, count, &view), CO_EINPUT);
    ck_assert_ptr_null(view);
    end();
}
END_TEST

START_TEST(a_small_arena_is_no_memory_at_every_size)
{
    Callout__V1__Promised p[40];
    begin();
    for (uint32_t i = 0; i < 40; i++) {
        p[i] = promised(response, i + 1, 1, 100);
        E(PROMISED, .promised = &p[i]);
    }
    end();
    enum co_err err = CO_ENOMEM;
    for (size_t limit = 64; err == CO_ENOMEM; limit += 64) {
        arena = co_arena_new(limit);
        err = co_view_fold(arena, entries, count, &view);
        co_arena_free(arena);
        ck_assert_uint_lt(limit, 1 << 20);
    }
    ck_assert_int_eq(err, CO_OK);
}
END_TEST

START_TEST(titles_come_from_the_policy_pack)
{
    Callout__V1__Promised p = promised(response, 1, 1, 100);
    Callout__V1__CaseOpened o = CALLOUT__V1__CASE_OPENED__INIT;
    o.severity = 1;
    Callout__V1__Text title = CALLOUT__V1__TEXT__INIT;
    Callout__V1__Milestone m = CALLOUT__V1__MILESTONE__INIT;
    m.name = response;
    m.title = &title;
    Callout__V1__SeverityLevel level = CALLOUT__V1__SEVERITY_LEVEL__INIT;
    level.level = 1;
    level.name = &title;
    Callout__V1__Milestone *milestones[] = { &m };
    Callout__V1__SeverityLevel *severities[] = { &level };
    Callout__V1__PolicyPack pack = CALLOUT__V1__POLICY_PACK__INIT;
    pack.n_milestones = 1;
    pack.milestones = milestones;
    pack.n_severities = 1;
    pack.severities = severities;
    begin();
    E(CASE_OPENED, .case_opened = &o);
    E(PROMISED, .promised = &p);
    fold();
    ck_assert_int_eq(co_view_add_pack(arena, view, &pack), CO_OK);
    ck_assert_ptr_eq(view->clocks[0]->title, &title);
    ck_assert_ptr_eq(view->severity_name, &title);
    ck_assert_uint_gt(callout__v1__case_view__get_packed_size(view), 0);
    end();
}
END_TEST

CHECK_MAIN("co_view", no_entries_give_an_empty_view,
           a_case_goes_from_submitted_over_held_to_open_and_closed,
           a_call_is_about_who_was_there_or_else_who_spoke_to_the_customer_or_who_is_named,
           who_goes_without_having_been_asked_is_where_he_says,
           a_late_clock_that_was_started_anew_goes_on_no_longer,
           a_promise_said_again_replaces_the_earlier_due_time, a_clock_says_how_it_stands,
           what_is_withdrawn_is_gone_and_the_withdrawal_listed,
           severity_follows_the_changes_that_still_stand,
           an_action_that_stands_stays_listed_and_is_marked,
           a_work_order_is_offered_while_anybody_is_asked, a_work_order_goes_from_offer_to_end,
           nobody_left_lasts_until_the_next_offer, each_command_has_a_row_with_its_outcome,
           a_notice_is_known_by_duty_generation_and_slot, a_repeated_entry_is_folded_once,
           entries_of_two_cases_are_refused, a_small_arena_is_no_memory_at_every_size,
           titles_come_from_the_policy_pack)
