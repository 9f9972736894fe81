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
    notify_case_start_due(c);
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

START_TEST(what_stands_is_looked_at_by_a_person_only_where_asked)
{
    set_up();
    add_rule(ON(BREACHED), "", ROLE(DIRECTOR), ROLE(NONE));
    is_opened();
    is_breached();
    everything_is_sent();
    is_withdrawn(true, false);
    journal_is("");
    is_withdrawn(true, true);
    journal_is("planned ask/breached/response/1 g1 pm/0 pm mail\n");
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

CHECK_MAIN("notify_recall", what_was_not_sent_is_cancelled,
           what_was_sent_is_corrected_to_the_same_person_and_may_be_said_again,
           what_is_in_the_air_is_corrected_and_not_tried_again,
           what_stands_is_looked_at_by_a_person_only_where_asked,
           an_offer_withdrawn_is_told_to_the_engineer_a_declined_one_is_not,
           whoever_travels_for_nothing_is_told, an_arrival_taken_back_is_no_arrival,
           a_case_that_was_not_closed_after_all_can_be_closed_again)
