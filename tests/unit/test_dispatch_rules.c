#include "check_main.h"

#include <stdbool.h>
#include <string.h>

#include "dispatch_rules.h"

/* Every cell in which something happens: from, event, to. What is not here must change nothing. */
static const struct {
    enum dispatch_state from;
    enum dispatch_event on;
    enum dispatch_state to;
} moving[] = {
    { DISPATCH_NONE, DISPATCH_ON_WANTED, DISPATCH_SEEKING },
    { DISPATCH_NONE, DISPATCH_ON_AGAIN, DISPATCH_SEEKING },
    { DISPATCH_NONE, DISPATCH_ON_UNDERWAY_OTHER, DISPATCH_UNDERWAY },
    { DISPATCH_NONE, DISPATCH_ON_REACHED_OTHER, DISPATCH_ARRIVED },
    { DISPATCH_NONE, DISPATCH_ON_CLOSED, DISPATCH_ENDED },
    { DISPATCH_SEEKING, DISPATCH_ON_UNWANTED, DISPATCH_ENDED },
    { DISPATCH_SEEKING, DISPATCH_ON_MET, DISPATCH_ENDED },
    { DISPATCH_SEEKING, DISPATCH_ON_UNDERWAY_OTHER, DISPATCH_UNDERWAY },
    { DISPATCH_SEEKING, DISPATCH_ON_REACHED_OTHER, DISPATCH_ARRIVED },
    { DISPATCH_SEEKING, DISPATCH_ON_RESTORED, DISPATCH_ENDED },
    { DISPATCH_SEEKING, DISPATCH_ON_CLOSED, DISPATCH_ENDED },
    { DISPATCH_SEEKING, DISPATCH_ON_CLAIMED, DISPATCH_OFFERED },
    { DISPATCH_SEEKING, DISPATCH_ON_NOBODY, DISPATCH_NOBODY },
    { DISPATCH_OFFERED, DISPATCH_ON_UNWANTED, DISPATCH_ENDED },
    { DISPATCH_OFFERED, DISPATCH_ON_MET, DISPATCH_ENDED },
    { DISPATCH_OFFERED, DISPATCH_ON_SILENT, DISPATCH_SEEKING },
    { DISPATCH_OFFERED, DISPATCH_ON_UNABLE, DISPATCH_SEEKING },
    { DISPATCH_OFFERED, DISPATCH_ON_ACCEPT, DISPATCH_ASSIGNED },
    { DISPATCH_OFFERED, DISPATCH_ON_DECLINE, DISPATCH_SEEKING },
    { DISPATCH_OFFERED, DISPATCH_ON_UNDERWAY, DISPATCH_UNDERWAY },
    { DISPATCH_OFFERED, DISPATCH_ON_UNDERWAY_OTHER, DISPATCH_UNDERWAY },
    { DISPATCH_OFFERED, DISPATCH_ON_REACHED, DISPATCH_ARRIVED },
    { DISPATCH_OFFERED, DISPATCH_ON_REACHED_OTHER, DISPATCH_ARRIVED },
    { DISPATCH_OFFERED, DISPATCH_ON_RESTORED, DISPATCH_ENDED },
    { DISPATCH_OFFERED, DISPATCH_ON_CLOSED, DISPATCH_ENDED },
    { DISPATCH_ASSIGNED, DISPATCH_ON_UNWANTED, DISPATCH_ENDED },
    { DISPATCH_ASSIGNED, DISPATCH_ON_DECLINE, DISPATCH_SEEKING },
    { DISPATCH_ASSIGNED, DISPATCH_ON_UNDERWAY, DISPATCH_UNDERWAY },
    { DISPATCH_ASSIGNED, DISPATCH_ON_REACHED, DISPATCH_ARRIVED },
    { DISPATCH_ASSIGNED, DISPATCH_ON_RESTORED, DISPATCH_ENDED },
    { DISPATCH_ASSIGNED, DISPATCH_ON_CLOSED, DISPATCH_ENDED },
    { DISPATCH_UNDERWAY, DISPATCH_ON_UNWANTED, DISPATCH_ENDED },
    { DISPATCH_UNDERWAY, DISPATCH_ON_DECLINE, DISPATCH_SEEKING },
    { DISPATCH_UNDERWAY, DISPATCH_ON_REACHED, DISPATCH_ARRIVED },
    { DISPATCH_UNDERWAY, DISPATCH_ON_RESTORED, DISPATCH_ENDED },
    { DISPATCH_UNDERWAY, DISPATCH_ON_CLOSED, DISPATCH_ENDED },
    { DISPATCH_ARRIVED, DISPATCH_ON_AGAIN, DISPATCH_SEEKING },
    { DISPATCH_ARRIVED, DISPATCH_ON_RESTORED, DISPATCH_ENDED },
    { DISPATCH_ARRIVED, DISPATCH_ON_CLOSED, DISPATCH_ENDED },
    { DISPATCH_NOBODY, DISPATCH_ON_WANTED, DISPATCH_SEEKING },
    { DISPATCH_NOBODY, DISPATCH_ON_AGAIN, DISPATCH_SEEKING },
    { DISPATCH_NOBODY, DISPATCH_ON_CHANGED, DISPATCH_SEEKING },
    { DISPATCH_NOBODY, DISPATCH_ON_UNWANTED, DISPATCH_ENDED },
    { DISPATCH_NOBODY, DISPATCH_ON_MET, DISPATCH_ENDED },
    { DISPATCH_NOBODY, DISPATCH_ON_RETRY, DISPATCH_SEEKING },
    { DISPATCH_NOBODY, DISPATCH_ON_UNDERWAY_OTHER, DISPATCH_UNDERWAY },
    { DISPATCH_NOBODY, DISPATCH_ON_REACHED_OTHER, DISPATCH_ARRIVED },
    { DISPATCH_NOBODY, DISPATCH_ON_RESTORED, DISPATCH_ENDED },
    { DISPATCH_NOBODY, DISPATCH_ON_CLOSED, DISPATCH_ENDED },
    { DISPATCH_NOBODY, DISPATCH_ON_LOCATED, DISPATCH_SEEKING },
    { DISPATCH_ENDED, DISPATCH_ON_WANTED, DISPATCH_SEEKING },
    { DISPATCH_ENDED, DISPATCH_ON_AGAIN, DISPATCH_SEEKING },
    { DISPATCH_SEEKING, DISPATCH_ON_DRAFT, DISPATCH_DRAFTED },
    { DISPATCH_DRAFTED, DISPATCH_ON_UNWANTED, DISPATCH_ENDED },
    { DISPATCH_DRAFTED, DISPATCH_ON_MET, DISPATCH_ENDED },
    { DISPATCH_DRAFTED, DISPATCH_ON_UNDERWAY_OTHER, DISPATCH_UNDERWAY },
    { DISPATCH_DRAFTED, DISPATCH_ON_REACHED_OTHER, DISPATCH_ARRIVED },
    { DISPATCH_DRAFTED, DISPATCH_ON_RESTORED, DISPATCH_ENDED },
    { DISPATCH_DRAFTED, DISPATCH_ON_CLOSED, DISPATCH_ENDED },
    { DISPATCH_DRAFTED, DISPATCH_ON_CONFIRM, DISPATCH_SEEKING },
    { DISPATCH_DRAFTED, DISPATCH_ON_CONFIRM_TIME, DISPATCH_SEEKING },
    { DISPATCH_DRAFTED, DISPATCH_ON_NAME, DISPATCH_SEEKING },
    { DISPATCH_OFFERED, DISPATCH_ON_NAME, DISPATCH_SEEKING },
    { DISPATCH_ASSIGNED, DISPATCH_ON_NAME, DISPATCH_SEEKING },
    { DISPATCH_NOBODY, DISPATCH_ON_NAME, DISPATCH_SEEKING },
    { DISPATCH_ASSIGNED, DISPATCH_ON_RECALL, DISPATCH_SEEKING },
    { DISPATCH_UNDERWAY, DISPATCH_ON_RECALL, DISPATCH_SEEKING },
};

static enum dispatch_state expected(enum dispatch_state from, enum dispatch_event on)
{
    for (size_t i = 0; i < sizeof(moving) / sizeof(moving[0]); i++)
        if (moving[i].from == from && moving[i].on == on)
            return moving[i].to;
    return from;
}

static bool is_decision(enum dispatch_event on)
{
    return on == DISPATCH_ON_ACCEPT || on == DISPATCH_ON_ACCEPT_OTHER ||
           on == DISPATCH_ON_DECLINE || on == DISPATCH_ON_DECLINE_OTHER ||
           on == DISPATCH_ON_CONFIRM || on == DISPATCH_ON_NAME || on == DISPATCH_ON_RECALL;
}

static bool has_engineer(enum dispatch_state state)
{
    return state >= DISPATCH_OFFERED && state <= DISPATCH_ARRIVED;
}

#define EACH_CELL(move)                                                                            \
    for (enum dispatch_state from = 0; from < DISPATCH_STATES; from++)                             \
        for (enum dispatch_event on = 0; on < DISPATCH_EVENTS; on++)                               \
            for (const struct dispatch_move *move = dispatch_move(from, on); move != NULL;         \
                 move = NULL)

START_TEST(every_cell_leads_where_the_list_says)
{
    EACH_CELL(move)
    ck_assert_msg(move->next == expected(from, on), "%s on %s goes to %s",
                  dispatch_state_name(from), dispatch_event_name(on),
                  dispatch_state_name(move->next));
}
END_TEST

START_TEST(only_decisions_are_answered_and_each_in_every_state)
{
    EACH_CELL(move)
    {
        unsigned answers = move->effects & (DISPATCH_APPLY | DISPATCH_REFUSE);
        bool is_one = answers == DISPATCH_APPLY || answers == DISPATCH_REFUSE;
        ck_assert_msg(is_decision(on) ? is_one : answers == 0, "%s on %s",
                      dispatch_state_name(from), dispatch_event_name(on));
    }
}
END_TEST

START_TEST(a_refused_decision_changes_nothing_and_an_applied_one_does)
{
    EACH_CELL(move)
    {
        if ((move->effects & DISPATCH_REFUSE) != 0)
            ck_assert(move->next == from && move->effects == DISPATCH_REFUSE);
        else if (on != DISPATCH_ON_NAME) /* while somebody is sought, it only says whom */
            ck_assert_msg((move->why != NULL) == (move->next != from), "%s on %s",
                          dispatch_state_name(from), dispatch_event_name(on));
    }
}
END_TEST

START_TEST(whoever_is_no_longer_needed_is_released)
{
    EACH_CELL(move)
    {
        bool leaves = has_engineer(from) && !has_engineer(move->next);
        bool is_replaced = has_engineer(from) && (move->effects & DISPATCH_TAKE) != 0;
        ck_assert_msg(((move->effects & DISPATCH_RELEASE) != 0) == (leaves || is_replaced),
                      "%s on %s", dispatch_state_name(from), dispatch_event_name(on));
    }
}
END_TEST

START_TEST(who_leaves_an_open_offer_says_how_it_ended_and_once)
{
    const unsigned ends = DISPATCH_OFFER_ACCEPTED | DISPATCH_OFFER_DECLINED |
                          DISPATCH_OFFER_SILENT | DISPATCH_OFFER_WITHDRAWN;
    EACH_CELL(move)
    {
        unsigned said = move->effects & ends;
        bool is_left = from == DISPATCH_OFFERED && move->next != DISPATCH_OFFERED;
        ck_assert(is_left ? said != 0 && (said & (said - 1)) == 0 : said == 0);
    }
}
END_TEST

START_TEST(only_what_concerns_one_offer_leaves_the_others_open)
{
    EACH_CELL(move)
    {
        bool is_of_one =
            from == DISPATCH_OFFERED &&
            (on == DISPATCH_ON_SILENT || on == DISPATCH_ON_DECLINE || on == DISPATCH_ON_UNABLE);
        ck_assert_int_eq((move->effects & DISPATCH_OF_ONE) != 0, is_of_one);
    }
}
END_TEST

START_TEST(who_leaves_an_accepted_order_says_how_the_visit_ended)
{
    EACH_CELL(move)
    {
        bool is_left =
            from >= DISPATCH_ASSIGNED && from <= DISPATCH_ARRIVED && !has_engineer(move->next);
        ck_assert_int_eq((move->effects & DISPATCH_FREE) != 0, is_left);
        ck_assert_int_eq(move->how != NULL, is_left);
    }
}
END_TEST

START_TEST(every_state_and_event_has_a_name)
{
    for (enum dispatch_state state = 0; state < DISPATCH_STATES; state++)
        ck_assert_uint_gt(strlen(dispatch_state_name(state)), 0);
    for (enum dispatch_event event = 0; event < DISPATCH_EVENTS; event++)
        ck_assert_uint_gt(strlen(dispatch_event_name(event)), 0);
}
END_TEST

CHECK_MAIN("dispatch_rules", every_cell_leads_where_the_list_says,
           only_decisions_are_answered_and_each_in_every_state,
           a_refused_decision_changes_nothing_and_an_applied_one_does,
           whoever_is_no_longer_needed_is_released,
           who_leaves_an_open_offer_says_how_it_ended_and_once,
           only_what_concerns_one_offer_leaves_the_others_open,
           who_leaves_an_accepted_order_says_how_the_visit_ended, every_state_and_event_has_a_name)
