#include "dispatch_command.h"

#include <string.h>

#include "dispatch_offers.h"

/* The acts of people that concern a work order: what they mean when they come from the engineer of
 * the order, and when from another. */
static const struct act_row {
    Callout__V1__Act act;
    enum dispatch_event own;
    enum dispatch_event other;
    bool is_decision;
    bool is_anyones; /* it does not matter who says so: intake checked the role */
} act_rows[] = {
    { CALLOUT__V1__ACT__ACT_ACCEPT, DISPATCH_ON_ACCEPT, DISPATCH_ON_ACCEPT_OTHER, true, false },
    { CALLOUT__V1__ACT__ACT_DECLINE, DISPATCH_ON_DECLINE, DISPATCH_ON_DECLINE_OTHER, true, false },
    { CALLOUT__V1__ACT__ACT_UNDERWAY, DISPATCH_ON_UNDERWAY, DISPATCH_ON_UNDERWAY_OTHER, false,
      false },
    { CALLOUT__V1__ACT__ACT_ARRIVED, DISPATCH_ON_REACHED, DISPATCH_ON_REACHED_OTHER, false, false },
    { CALLOUT__V1__ACT__ACT_RESTORED, DISPATCH_ON_RESTORED, DISPATCH_ON_RESTORED, false, true },
    { CALLOUT__V1__ACT__ACT_CONFIRM_ORDER, DISPATCH_ON_CONFIRM, DISPATCH_ON_CONFIRM, true, true },
    { CALLOUT__V1__ACT__ACT_NAME_ENGINEER, DISPATCH_ON_NAME, DISPATCH_ON_NAME, true, true },
    { CALLOUT__V1__ACT__ACT_RECALL, DISPATCH_ON_RECALL, DISPATCH_ON_RECALL, true, true },
};

static const struct act_row *find_act(Callout__V1__Act act)
{
    for (size_t i = 0; i < sizeof(act_rows) / sizeof(act_rows[0]); i++)
        if (act_rows[i].act == act)
            return &act_rows[i];
    return NULL;
}

/* Why an answer to an offer of before comes too late; NULL where it is not about one. */
static const char *refusal_of_old(const struct dispatch_order *o,
                                  const Callout__V1__CommandReceived *command)
{
    static const char *const text[] = {
        [CALLOUT__V1__OFFER_END__OFFER_END_DECLINED] = "that offer was declined",
        [CALLOUT__V1__OFFER_END__OFFER_END_SILENT] = "the time to accept that offer ran out",
        [CALLOUT__V1__OFFER_END__OFFER_END_WITHDRAWN] = "that offer was withdrawn",
        [CALLOUT__V1__OFFER_END__OFFER_END_OVERTAKEN] =
            "somebody else was asked at the same time and took the visit",
    };
    for (size_t i = 0; i < o->state->n_offers; i++) {
        const Callout__V1__OfferMade *offer = o->state->offers[i];
        bool is_meant = command->order_generation != 0
                            ? offer->generation == command->order_generation
                            : strcmp(offer->engineer, command->person) == 0;
        if (is_meant && (size_t)offer->how < sizeof(text) / sizeof(text[0]))
            return text[offer->how];
    }
    return NULL;
}

/* Does it come from the engineer of the order? From one of several who are asked: the order speaks
 * of his offer then. */
static bool is_of_order(struct dispatch_order *o, const struct act_row *row,
                        const Callout__V1__CommandReceived *command)
{
    uint64_t generation = row->is_decision ? command->order_generation : 0;
    if (o->state->order == CALLOUT__V1__ORDER_STATE__ORDER_OFFERED) {
        const Callout__V1__OfferMade *offer = dispatch_offers_find(o, command->person, generation);
        if (offer != NULL)
            dispatch_offers_turn_to(o, offer);
        return offer != NULL;
    }
    return (*command->person == '\0' || strcmp(command->person, o->state->engineer) == 0) &&
           (generation == 0 || generation == o->state->generation);
}

/* Why an answer is refused, where that is more to the point than what the table says; else NULL. */
static const char *refusal_of(const struct dispatch_order *o,
                              const Callout__V1__CommandReceived *command)
{
    bool is_anybodys = *command->person == '\0' && command->order_generation == 0;
    return is_anybodys && dispatch_offers_count(o) > 1
               ? "several engineers are asked: say who of them answers"
               : refusal_of_old(o, command);
}

void dispatch_command(struct dispatch_order *o, const Callout__V1__CommandReceived *command,
                      int64_t at_us, struct dispatch_reporter reporter)
{
    const struct act_row *row = find_act(command->act);
    if (row == NULL)
        return;
    bool is_own = row->is_anyones || is_of_order(o, row, command);
    if (!is_own && !row->is_decision && !reporter.is_engineer)
        return; /* of the customer or the vendor: none of ours */
    struct dispatch_cause cause = {
        .command = command,
        .reporter = reporter,
        .refusal = row->is_decision && !row->is_anyones ? refusal_of(o, command) : NULL,
        .is_other = !is_own,
    };
    if (command->act == CALLOUT__V1__ACT__ACT_NAME_ENGINEER && !reporter.is_engineer) {
        cause.refusal = "the registry has no engineer of that key";
        dispatch_order_refuse(o, &cause);
        return;
    }
    dispatch_order_move(o, is_own ? row->own : row->other, at_us, &cause);
}

const char *dispatch_order_person(const Callout__V1__Event *event)
{
    if (event->body_case != CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED ||
        find_act(event->command_received->act) == NULL)
        return "";
    return event->command_received->act == CALLOUT__V1__ACT__ACT_NAME_ENGINEER
               ? event->command_received->name
               : event->command_received->person;
}
