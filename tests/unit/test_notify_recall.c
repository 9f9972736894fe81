#include "check_main.h"

#include "notify_world.h"

START_TEST(what_was_not_sent_is_cancelled)
{
    set_up();
    add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    is_breached();
    journal[0] = '\0';
    is_withdrawn(false, false);
    journal_is("settled breached/response/1 g1 pm/0 6 no longer true\n");
    tear_down();
}
END_TEST

START_TEST(what_was_sent_is_corrected_to_the_same_person_and_may_be_said_again)
{
    set_up();
    add_rule(ON(BREACHED), "", ROLE(PM), ROLE(DIRECTOR));
    Callout__V1__NoticeRule *rule = add_rule(ON(WITHDRAWN), "", ROLE(DIRECTOR), ROLE(NONE));
    rule->subject = text_of("撤回", "taken back");
    is_opened();
    is_breached();
    everything_is_sent();
    is_withdrawn(false, false);
    journal_is("planned withdrawn/breached/response/1 g1 pm/0 pm mail\n"
               "planned withdrawn/breached/response/1 g1 director/0 dir mail\n");
    ck_assert_str_eq(c->notices[2]->subject, "更正：C-180D response");
    ck_assert_str_eq(c->notices[3]->subject, "taken back");
    everything_is_sent();
    is_breached();
    journal_is("planned breached/response/1 g2 pm/0 pm mail\n"
               "planned breached/response/1 g2 director/0 dir mail\n");
    everything_is_sent();
    is_withdrawn(false, false);
    journal_is("planned withdrawn/breached/response/1 g2 pm/0 pm mail\n"
               "planned withdrawn/breached/response/1 g2 director/0 dir mail\n");
    tear_down();
}
END_TEST

START_TEST(what_is_in_the_air_is_corrected_and_not_tried_again)
{
    set_up();
    add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    is_breached();
    start_due();
    ck_assert(c->notices[0]->is_to_send);
    journal[0] = '\0';
    is_withdrawn(false, false);
    journal_is("planned withdrawn/breached/response/1 g1 pm/0 pm mail\n");
    struct notify_happening h = { .input = NOTIFY_LATER };
    ck_assert_uint_eq(notify_case_happened(c, c->notices[0], h, "451"), NOTIFY_SETTLE);
    journal_is("settled breached/response/1 g1 pm/0 6 451\n");
    tear_down();
}
END_TEST

START_TEST(what_stands_is_looked_at_by_our_side_only_where_asked)
{
    set_up();
    add_rule(ON(BREACHED), "", ROLE(DIRECTOR), ROLE(CUSTOMER));
    is_opened();
    is_breached();
    everything_is_sent();
    is_withdrawn(true, false);
    journal_is("");
    is_withdrawn(true, true);
    journal_is("planned ask/breached/response/1 g1 pm/0 pm mail\n"
               "planned ask/breached/response/1 g1 director/0 dir mail\n");
    is_withdrawn(true, true);
    journal_is("");
    tear_down();
}
END_TEST

static void is_offered_and_sent(void)
{
    add_rule(ON(OFFERED), "", ROLE(ENGINEER), ROLE(NONE));
    add_rule(ON(ASSIGNED), "", ROLE(ENGINEER), ROLE(PM));
    is_opened();
    HAPPENS(OFFERED, offered, Offered, x->generation = 3, x->engineer = own("eng"));
    everything_is_sent();
}

static void offer_ends(Callout__V1__OfferEnd how)
{
    HAPPENS(OFFER_ENDED, offer_ended, OfferEnded, x->generation = 3, x->engineer = own("eng"),
            x->how = how);
}

START_TEST(an_offer_withdrawn_is_told_to_the_engineer_a_declined_one_is_not)
{
    set_up();
    is_offered_and_sent();
    offer_ends(CALLOUT__V1__OFFER_END__OFFER_END_DECLINED);
    journal_is("");
    tear_down();
    set_up();
    is_offered_and_sent();
    offer_ends(CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN);
    journal_is("planned withdrawn/offered/3 g1 engineer/0 eng hook\n");
    tear_down();
}
END_TEST

START_TEST(whoever_travels_for_nothing_is_told)
{
    for (int has_arrived = 0; has_arrived < 2; has_arrived++) {
        set_up();
        is_offered_and_sent();
        HAPPENS(PROMISED, promised, Promised, x->milestone = own("response"), x->generation = 1,
                x->revision = 1, x->is_arrival = true, x->due_us = NOON);
        HAPPENS(ASSIGNED, assigned, Assigned, x->generation = 3, x->engineer = own("eng"));
        everything_is_sent();
        if (has_arrived == 1)
            HAPPENS(MET, met, Met, x->milestone = own("response"), x->generation = 1);
        HAPPENS(ORDER_ENDED, order_ended, OrderEnded, x->generation = 3, x->engineer = own("eng"),
                x->how = own("restored"));
        journal_is(has_arrived == 1 ? "" : "planned withdrawn/assigned/3 g1 engineer/0 eng hook\n");
        tear_down();
    }
}
END_TEST

START_TEST(whoever_goes_is_told_the_earliest_time_to_be_there)
{
    set_up();
    HAPPENS(PROMISED, promised, Promised, x->milestone = own("commitment"), x->generation = 1,
            x->revision = 1, x->bounds_arrival = true, x->due_us = NOON);
    ck_assert_int_eq(c->state->arrive_by_us, 0); /* nobody goes yet */
    HAPPENS(PROMISED, promised, Promised, x->milestone = own("response"), x->generation = 1,
            x->revision = 1, x->is_arrival = true, x->due_us = NOON + 1);
    ck_assert_int_eq(c->state->arrive_by_us, NOON);
    HAPPENS(PROMISED, promised, Promised, x->milestone = own("response"), x->generation = 1,
            x->revision = 2, x->is_arrival = true, x->due_us = NOON - 1);
    ck_assert_int_eq(c->state->arrive_by_us, NOON - 1);
    tear_down();
}
END_TEST

START_TEST(an_arrival_taken_back_is_no_arrival)
{
    set_up();
    HAPPENS(PROMISED, promised, Promised, x->milestone = own("response"), x->generation = 1,
            x->revision = 1, x->is_arrival = true, x->due_us = NOON);
    HAPPENS(MET, met, Met, x->milestone = own("response"), x->generation = 1);
    ck_assert(c->state->has_arrived);
    HAPPENS(WITHDRAWN, withdrawn, Withdrawn, x->kind = BODY(MET), x->milestone = own("response"));
    ck_assert(!c->state->has_arrived);
    tear_down();
}
END_TEST

START_TEST(a_case_that_was_not_closed_after_all_can_be_closed_again)
{
    set_up();
    add_rule(ON(CLOSED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    HAPPENS(CASE_CLOSED, case_closed, CaseClosed, x->how = own("signed"));
    everything_is_sent();
    HAPPENS(WITHDRAWN, withdrawn, Withdrawn, x->kind = BODY(CASE_CLOSED));
    HAPPENS(CASE_CLOSED, case_closed, CaseClosed, x->how = own("signed"));
    journal_is("planned withdrawn/closed g1 pm/0 pm mail\n"
               "planned closed g2 pm/0 pm mail\n");
    tear_down();
}
END_TEST

/* ---- every kind of output that somebody is told about ---- */

static void severity_rises(void)
{
    HAPPENS(SEVERITY_CHANGED, severity_changed, SeverityChanged, x->ordinal = 1, x->from = 2,
            x->to = 1);
}

static void is_warned(void)
{
    HAPPENS(WARNED, warned, Warned, x->milestone = own("response"), x->generation = 1,
            x->threshold = 1, x->due_us = NOON);
}

static void is_acted(void)
{
    HAPPENS(ACTED, acted, Acted, x->milestone = own("response"), x->generation = 1,
            x->trigger = own("breach"), x->what = own("thing"));
}

static void is_escalated(void)
{
    HAPPENS(ESCALATED, escalated, Escalated, x->milestone = own("response"), x->generation = 1,
            x->due_us = NOON);
}

static void is_promised_once(void)
{
    is_promised(1, NOON, false);
}

static void is_closed(void)
{
    HAPPENS(CASE_CLOSED, case_closed, CaseClosed, x->how = own("signed"));
}

static void proposes(void)
{
    (void)put_breach_action(0, CALLOUT__V1__ACTION_KIND__ACTION_PROPOSE, "thing");
}

static void tells(void)
{
    Callout__V1__Action *a = put_breach_action(0, CALLOUT__V1__ACTION_KIND__ACTION_TELL, "thing");
    a->roles = roles_of(ROLE(PM), ROLE(DIRECTOR));
    a->n_roles = 2;
}

static void has_ladder(void)
{
    add_step(ROLE(PM), ROLE(DIRECTOR));
}

static void nothing(void)
{
}

static const struct row {
    const char *obligation;
    Callout__V1__NoticeOn on;
    void (*prepare)(void);
    void (*say)(void);
    uint32_t kind; /* that is withdrawn */
    const char *milestone;
    uint32_t generation;
    uint32_t ordinal;
    const char *trigger;
} rows[] = {
    { "promised/response/1/r1", ON(PROMISED), nothing, is_promised_once, BODY(PROMISED), "response",
      1, 0, "" },
    { "warned/response/1/1", ON(WARNED), nothing, is_warned, BODY(WARNED), "response", 1, 1, "" },
    { "breached/response/1", ON(BREACHED), nothing, is_breached, BODY(BREACHED), "response", 1, 0,
      "" },
    { "severity/1", ON(SEVERITY_CHANGED), nothing, severity_rises, BODY(SEVERITY_CHANGED), "", 0, 1,
      "" },
    { "proposed/response/1/breach/0", ON(PROPOSED), proposes, is_acted, BODY(ACTED), "response", 1,
      0, "breach" },
    { "told/response/1/breach/0", ON(TOLD), tells, is_acted, BODY(ACTED), "response", 1, 0,
      "breach" },
    { "escalated/response/1/0", ON(ESCALATED), has_ladder, is_escalated, BODY(ESCALATED),
      "response", 1, 0, "" },
    { "closed", ON(CLOSED), nothing, is_closed, BODY(CASE_CLOSED), "", 0, 0, "" },
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static void begin_row(const struct row *r)
{
    set_up();
    add_rule(r->on, "", ROLE(PM), ROLE(DIRECTOR));
    r->prepare();
    is_opened();
    r->say();
    ck_assert_str_eq(c->notices[0]->obligation, r->obligation);
    ck_assert_uint_eq(c->count, 2);
}

static void withdraw_row(const struct row *r, bool stands)
{
    HAPPENS(WITHDRAWN, withdrawn, Withdrawn, x->kind = r->kind, x->milestone = own(r->milestone),
            x->generation = r->generation, x->ordinal = r->ordinal, x->trigger = own(r->trigger),
            x->stands = stands, x->ask = stands);
}

START_TEST(of_every_kind_what_was_not_sent_is_cancelled)
{
    for (int row = 0; row < ROWS; row++) {
        begin_row(&rows[row]);
        journal[0] = '\0';
        withdraw_row(&rows[row], false);
        ck_assert_uint_eq(c->count, 2);
        for (size_t i = 0; i < c->count; i++)
            ck_assert_int_eq(c->notices[i]->life.state, STATE(CANCELLED));
        tear_down();
    }
}
END_TEST

START_TEST(of_every_kind_whoever_was_sent_it_is_corrected_once)
{
    for (int row = 0; row < ROWS; row++) {
        begin_row(&rows[row]);
        everything_is_sent();
        const char *told = c->notices[0]->subject;
        withdraw_row(&rows[row], false);
        journal_is(notify_case_text(c,
                                    "planned withdrawn/%s g1 pm/0 pm mail\n"
                                    "planned withdrawn/%s g1 director/0 dir mail\n",
                                    rows[row].obligation, rows[row].obligation));
        ck_assert_ptr_nonnull(strstr(c->notices[2]->subject, told));
        everything_is_sent();
        withdraw_row(&rows[row], false);
        journal_is("");
        tear_down();
    }
}
END_TEST

START_TEST(of_every_kind_only_whoever_was_sent_it_is_corrected)
{
    for (int row = 0; row < ROWS; row++) {
        begin_row(&rows[row]);
        server_room = NOTIFY_ROOM;
        struct notify_happening start = { .input = NOTIFY_START },
                                taken = { .input = NOTIFY_TAKEN };
        (void)notify_case_happened(c, c->notices[1], start, NULL);
        (void)notify_case_happened(c, c->notices[1], taken, "250");
        next_turn();
        journal[0] = '\0';
        withdraw_row(&rows[row], false);
        journal_is(notify_case_text(c,
                                    "settled %s g1 pm/0 6 no longer true\n"
                                    "planned withdrawn/%s g1 director/0 dir mail\n",
                                    rows[row].obligation, rows[row].obligation));
        tear_down();
    }
}
END_TEST

START_TEST(of_every_kind_what_stands_is_asked_of_those_who_were_told)
{
    for (int row = 1; row < ROWS; row++) { /* a promise is no action: it does not stand */
        begin_row(&rows[row]);
        everything_is_sent();
        withdraw_row(&rows[row], true);
        journal_is(notify_case_text(c,
                                    "planned ask/%s g1 pm/0 pm mail\n"
                                    "planned ask/%s g1 director/0 dir mail\n",
                                    rows[row].obligation, rows[row].obligation));
        tear_down();
    }
}
END_TEST

START_TEST(a_correction_goes_the_way_that_reached_the_person)
{
    set_up();
    add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    is_breached();
    everything_is_sent();
    put_person("pm", "zh", "new@example.com", "http://hooks.example.com/pm");
    is_withdrawn(false, false);
    journal_is("planned withdrawn/breached/response/1 g1 pm/0 pm mail\n");
    ck_assert_str_eq(c->notices[1]->address, "pm@example.com");
    tear_down();
}
END_TEST

START_TEST(whose_way_is_gone_is_corrected_by_another)
{
    set_up();
    add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    is_breached();
    everything_is_sent();
    ck_assert(co_registry_remove(registry, CO_KIND_CHANNEL, "mail"));
    put_person("pm", "zh", "", "http://hooks.example.com/pm");
    is_withdrawn(false, false);
    journal_is("planned withdrawn/breached/response/1 g1 pm/0 pm hook\n");
    tear_down();
}
END_TEST

START_TEST(a_correction_names_the_time_that_was_told_and_the_one_that_holds)
{
    set_up();
    add_rule(ON(BREACHED), "", ROLE(PM), ROLE(NONE));
    Callout__V1__NoticeRule *rule = add_rule(ON(WITHDRAWN), "", ROLE(PM), ROLE(NONE));
    rule->body = text_of("{told}: {was} {due}", "");
    is_opened();
    is_promised(1, NOON - 90 * MINUTE, false);
    is_breached();
    everything_is_sent();
    Callout__V1__Promised coming = CALLOUT__V1__PROMISED__INIT;
    coming.due_us = NOON + MINUTE;
    c->coming = &coming;
    is_withdrawn(false, false);
    ck_assert_str_eq(c->notices[1]->body,
                     "C-180D response: 2026-02-17 02:30 UTC 2026-02-17 04:01 UTC");
    is_breached();
    everything_is_sent();
    is_withdrawn(false, false);
    ck_assert_str_eq(c->notices[3]->body, "C-180D response: 2026-02-17 02:30 UTC ?");
    tear_down();
}
END_TEST

START_TEST(the_steps_of_a_ladder_are_taken_back_together)
{
    set_up();
    add_step(ROLE(PM), ROLE(NONE));
    is_opened();
    for (uint32_t i = 0; i < 3; i++)
        HAPPENS(ESCALATED, escalated, Escalated, x->milestone = own("response"), x->generation = 1,
                x->step = i, x->due_us = NOON);
    everything_is_sent();
    for (uint32_t i = 0; i < 2; i++)
        HAPPENS(WITHDRAWN, withdrawn, Withdrawn, x->kind = BODY(ESCALATED),
                x->milestone = own("response"), x->generation = 1, x->ordinal = i + 1);
    journal_is("planned withdrawn/escalated/response/1/1 g1 pm/0 pm mail\n"
               "planned withdrawn/escalated/response/1/2 g1 pm/0 pm mail\n"
               "settled withdrawn/escalated/response/1/2 g1 pm/0 6 told as pm/0\n");
    tear_down();
}
END_TEST

/* ---- promises that move ---- */

static void is_promised_and_sent(void)
{
    add_rule(ON(PROMISED), "", ROLE(PM), ROLE(DIRECTOR));
    is_opened();
    is_promised(1, NOON, false);
    everything_is_sent();
}

START_TEST(a_promise_that_moved_reaches_those_who_were_told_also_when_no_rule_names_them_now)
{
    set_up();
    is_promised_and_sent();
    uint32_t only = 1;
    pack.notices[0]->severities = &only;
    pack.notices[0]->n_severities = 1;
    add_rule(ON(PROMISED), "", ROLE(PM), ROLE(NONE));
    is_promised(2, NOON + 5 * MINUTE, false);
    journal_is("planned promised/response/1/r2 g1 pm/0 pm mail\n"
               "planned promised/response/1/r2 g1 director/0 dir mail\n");
    ck_assert_str_eq(c->notices[3]->subject, "C-180D response: now 2026-02-17 04:05 UTC");
    ck_assert_str_eq(c->notices[3]->body,
                     "Bank Hall, \"down\": the time for \"response\" was 2026-02-17 04:00 UTC and "
                     "is now 2026-02-17 04:05 UTC. We told you before: \"C-180D response\".");
    everything_is_sent();
    HAPPENS(WITHDRAWN, withdrawn, Withdrawn, x->kind = BODY(PROMISED),
            x->milestone = own("response"), x->generation = 1);
    journal_is("planned withdrawn/promised/response/1/r2 g1 pm/0 pm mail\n"
               "planned withdrawn/promised/response/1/r2 g1 director/0 dir mail\n");
    tear_down();
}
END_TEST

START_TEST(a_promise_that_moved_reaches_whoever_held_the_role_when_it_was_made)
{
    set_up();
    is_promised_and_sent();
    put_contract(ROLE(DIRECTOR), "ops");
    is_promised(2, NOON + 5 * MINUTE, false);
    journal_is("planned promised/response/1/r2 g1 pm/0 pm mail\n"
               "planned promised/response/1/r2 g1 director/0 ops mail\n"
               "planned promised/response/1/r2 g1 director/1 dir mail\n");
    tear_down();
}
END_TEST

START_TEST(a_promise_whose_time_is_the_one_told_is_not_told_again)
{
    set_up();
    is_promised_and_sent();
    is_promised(2, NOON, false);
    journal_is("");
    is_promised(3, NOON, true);
    is_promised(4, NOON, false);
    journal_is("");
    is_promised(5, NOON + MINUTE, false);
    journal_is("planned promised/response/1/r5 g1 pm/0 pm mail\n"
               "planned promised/response/1/r5 g1 director/0 dir mail\n");
    tear_down();
}
END_TEST

START_TEST(a_promise_cancelled_by_a_pause_is_told_after_it)
{
    set_up();
    add_rule(ON(PROMISED), "", ROLE(PM), ROLE(NONE));
    is_opened();
    is_promised(1, NOON, false);
    is_promised(2, NOON, true);
    is_promised(3, NOON, false);
    journal_is("planned promised/response/1/r1 g1 pm/0 pm mail\n"
               "settled promised/response/1/r1 g1 pm/0 6 no longer true\n"
               "planned promised/response/1/r3 g1 pm/0 pm mail\n");
    tear_down();
}
END_TEST

START_TEST(who_was_told_before_a_pause_is_corrected_when_the_promise_goes)
{
    set_up();
    is_promised_and_sent();
    is_promised(2, NOON + MINUTE, true);
    journal_is("");
    HAPPENS(WITHDRAWN, withdrawn, Withdrawn, x->kind = BODY(PROMISED),
            x->milestone = own("response"), x->generation = 1);
    journal_is("planned withdrawn/promised/response/1/r1 g1 pm/0 pm mail\n"
               "planned withdrawn/promised/response/1/r1 g1 director/0 dir mail\n");
    tear_down();
}
END_TEST

START_TEST(who_was_not_yet_told_the_new_time_is_corrected_about_the_old_one)
{
    set_up();
    is_promised_and_sent();
    is_promised(2, NOON + MINUTE, false);
    journal[0] = '\0';
    HAPPENS(WITHDRAWN, withdrawn, Withdrawn, x->kind = BODY(PROMISED),
            x->milestone = own("response"), x->generation = 1);
    journal_is("settled promised/response/1/r2 g1 pm/0 6 no longer true\n"
               "settled promised/response/1/r2 g1 director/0 6 no longer true\n"
               "planned withdrawn/promised/response/1/r1 g1 pm/0 pm mail\n"
               "planned withdrawn/promised/response/1/r1 g1 director/0 dir mail\n");
    tear_down();
}
END_TEST

START_TEST(a_time_that_is_no_longer_known_is_taken_back)
{
    set_up();
    is_promised_and_sent();
    is_promised(2, 0, false);
    journal_is("planned withdrawn/promised/response/1/r1 g1 pm/0 pm mail\n"
               "planned withdrawn/promised/response/1/r1 g1 director/0 dir mail\n");
    is_promised(3, NOON, false);
    journal_is("planned promised/response/1/r3 g1 pm/0 pm mail\n"
               "planned promised/response/1/r3 g1 director/0 dir mail\n");
    tear_down();
}
END_TEST

CHECK_MAIN("notify_recall", what_was_not_sent_is_cancelled,
           what_was_sent_is_corrected_to_the_same_person_and_may_be_said_again,
           what_is_in_the_air_is_corrected_and_not_tried_again,
           what_stands_is_looked_at_by_our_side_only_where_asked,
           an_offer_withdrawn_is_told_to_the_engineer_a_declined_one_is_not,
           whoever_travels_for_nothing_is_told, whoever_goes_is_told_the_earliest_time_to_be_there,
           an_arrival_taken_back_is_no_arrival,
           a_case_that_was_not_closed_after_all_can_be_closed_again,
           of_every_kind_what_was_not_sent_is_cancelled,
           of_every_kind_whoever_was_sent_it_is_corrected_once,
           of_every_kind_only_whoever_was_sent_it_is_corrected,
           of_every_kind_what_stands_is_asked_of_those_who_were_told,
           a_correction_goes_the_way_that_reached_the_person,
           whose_way_is_gone_is_corrected_by_another,
           a_correction_names_the_time_that_was_told_and_the_one_that_holds,
           the_steps_of_a_ladder_are_taken_back_together,
           a_promise_that_moved_reaches_those_who_were_told_also_when_no_rule_names_them_now,
           a_promise_that_moved_reaches_whoever_held_the_role_when_it_was_made,
           a_promise_whose_time_is_the_one_told_is_not_told_again,
           a_promise_cancelled_by_a_pause_is_told_after_it,
           who_was_told_before_a_pause_is_corrected_when_the_promise_goes,
           who_was_not_yet_told_the_new_time_is_corrected_about_the_old_one,
           a_time_that_is_no_longer_known_is_taken_back)
