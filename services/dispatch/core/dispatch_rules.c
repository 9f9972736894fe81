#include "dispatch_rules.h"

#include <stddef.h>

#include "co_assert.h"

#define NONE DISPATCH_NONE
#define SEEKING DISPATCH_SEEKING
#define OFFERED DISPATCH_OFFERED
#define ASSIGNED DISPATCH_ASSIGNED
#define UNDERWAY DISPATCH_UNDERWAY
#define ARRIVED DISPATCH_ARRIVED
#define NOBODY DISPATCH_NOBODY
#define ENDED DISPATCH_ENDED
#define DRAFTED DISPATCH_DRAFTED
#define ON(event) [DISPATCH_ON_##event]

/* What belongs together. */
enum {
    START = DISPATCH_START,
    TAKE_BACK = DISPATCH_OFFER_WITHDRAWN | DISPATCH_RELEASE,
    UNABLE = DISPATCH_OFFER_WITHDRAWN | DISPATCH_RELEASE | DISPATCH_OF_ONE,
    DECLINED = DISPATCH_OFFER_DECLINED | DISPATCH_RELEASE | DISPATCH_APPLY | DISPATCH_OF_ONE,
    SILENT = DISPATCH_OFFER_SILENT | DISPATCH_RELEASE | DISPATCH_OF_ONE,
    GOES = DISPATCH_OFFER_ACCEPTED | DISPATCH_ASSIGN,
    TAKE = DISPATCH_TAKE,
    DISMISS = DISPATCH_FREE | DISPATCH_RELEASE,
    REFUSE = DISPATCH_REFUSE,
    GIVE_BACK = DISPATCH_FREE | DISPATCH_RELEASE | DISPATCH_START | DISPATCH_BAR | DISPATCH_APPLY,
    RECALL = DISPATCH_FREE | DISPATCH_RELEASE | DISPATCH_START | DISPATCH_REST | DISPATCH_APPLY,
    NAMED = DISPATCH_START | DISPATCH_NAMED | DISPATCH_APPLY,
    CONFIRMED = DISPATCH_START | DISPATCH_CONFIRMED,
};

#define CONFIRMED_ALREADY(state)                                                                   \
    ON(CONFIRM) = { state, REFUSE, "the task order is confirmed already", NULL }
#define NOBODY_TO_RECALL(state)                                                                    \
    ON(RECALL) = { state, REFUSE, "nobody goes yet: name somebody else instead", NULL }

/* No decision is possible in this state, or none by others than the engineer. */
#define REFUSE_OTHERS(state, why)                                                                  \
    ON(ACCEPT_OTHER) = { state, REFUSE, why, NULL },                                               \
    ON(DECLINE_OTHER) = { state, REFUSE, why, NULL }
#define REFUSE_ALL(state, why)                                                                     \
    REFUSE_OTHERS(state, why), ON(ACCEPT) = { state, REFUSE, why, NULL },                          \
                               ON(DECLINE) = { state, REFUSE, why, NULL }
#define REFUSE_LEADING(state, why)                                                                 \
    ON(CONFIRM) = { state, REFUSE, why, NULL }, ON(NAME) = { state, REFUSE, why, NULL },           \
    ON(RECALL) = { state, REFUSE, why, NULL }

/* clang-format off */
static const struct dispatch_move moves[DISPATCH_STATES][DISPATCH_EVENTS] = {
    [NONE] = {
        ON(WANTED) = { SEEKING, START, "somebody must go to the site", NULL },
        ON(AGAIN) = { SEEKING, START, "somebody must go to the site again", NULL },
        REFUSE_ALL(NONE, "no visit is planned for this case"),
        REFUSE_LEADING(NONE, "no visit is planned for this case"),
        ON(UNDERWAY_OTHER) = { UNDERWAY, TAKE, "an engineer travels without having been asked", NULL },
        ON(REACHED_OTHER) = { ARRIVED, TAKE, "an engineer is on site without having been asked", NULL },
        ON(CLOSED) = { ENDED, 0, "the case is closed", NULL },
    },
    [SEEKING] = {
        ON(UNWANTED) = { ENDED, 0, "the visit is no longer needed", NULL },
        ON(MET) = { ENDED, 0, "somebody is on site already", NULL },
        REFUSE_ALL(SEEKING, "no offer is open; the next engineer is being chosen"),
        ON(UNDERWAY_OTHER) = { UNDERWAY, TAKE, "an engineer travels before he was asked", NULL },
        ON(REACHED_OTHER) = { ARRIVED, TAKE, "an engineer is on site before he was asked", NULL },
        ON(RESTORED) = { ENDED, 0, "the system works again", NULL },
        ON(CLOSED) = { ENDED, 0, "the case is closed", NULL },
        ON(CLAIMED) = { OFFERED, DISPATCH_OFFER, "the engineer is free and asked", NULL },
        ON(NOBODY) = { NOBODY, DISPATCH_TELL, "nobody can be asked now", NULL },
        ON(DRAFT) = { DRAFTED, 0, "the project manager is to confirm the task order", NULL },
        ON(NAME) = { SEEKING, NAMED, "he is asked next", NULL },
        CONFIRMED_ALREADY(SEEKING),
        NOBODY_TO_RECALL(SEEKING),
    },
    [OFFERED] = {
        ON(UNWANTED) = { ENDED, TAKE_BACK, "the visit is no longer needed", NULL },
        ON(MET) = { ENDED, TAKE_BACK, "somebody is on site already", NULL },
        ON(UNABLE) = { SEEKING, UNABLE, "he cannot go any more: the next one is asked", NULL },
        ON(SILENT) = { SEEKING, SILENT, "no answer in time: the next one is asked", NULL },
        ON(ACCEPT) = { ASSIGNED, GOES | DISPATCH_APPLY, "he accepted", NULL },
        REFUSE_OTHERS(OFFERED, "the open offer is made to somebody else"),
        ON(DECLINE) = { SEEKING, DECLINED, "he declined: the next one is asked", NULL },
        ON(UNDERWAY) = { UNDERWAY, GOES, "he travels, so he accepted", NULL },
        ON(UNDERWAY_OTHER) = { UNDERWAY, TAKE_BACK | TAKE, "another engineer travels", NULL },
        ON(REACHED) = { ARRIVED, GOES, "he is on site, so he accepted", NULL },
        ON(REACHED_OTHER) = { ARRIVED, TAKE_BACK | TAKE, "another engineer is on site", NULL },
        ON(RESTORED) = { ENDED, TAKE_BACK, "the system works again", NULL },
        ON(CLOSED) = { ENDED, TAKE_BACK, "the case is closed", NULL },
        ON(NAME) = { SEEKING, TAKE_BACK | NAMED, "somebody else is named", NULL },
        CONFIRMED_ALREADY(OFFERED),
        NOBODY_TO_RECALL(OFFERED),
    },
    [ASSIGNED] = {
        ON(UNWANTED) = { ENDED, DISMISS, "the visit is no longer needed", "stopped" },
        ON(ACCEPT) = { ASSIGNED, REFUSE, "the offer is accepted already", NULL },
        REFUSE_OTHERS(ASSIGNED, "somebody else accepted and goes"),
        ON(DECLINE) = { SEEKING, GIVE_BACK, "he gives the visit back", "given_back" },
        ON(RECALL) = { SEEKING, RECALL, "the project manager needs him elsewhere", "recalled" },
        ON(NAME) = { SEEKING, RECALL | NAMED, "somebody else is named", "recalled" },
        CONFIRMED_ALREADY(ASSIGNED),
        ON(UNDERWAY) = { UNDERWAY, 0, "he travels", NULL },
        ON(REACHED) = { ARRIVED, 0, "he is on site", NULL },
        ON(RESTORED) = { ENDED, DISMISS, "the system works again", "restored" },
        ON(CLOSED) = { ENDED, DISMISS, "the case is closed", "closed" },
    },
    [UNDERWAY] = {
        ON(UNWANTED) = { ENDED, DISMISS, "the visit is no longer needed", "stopped" },
        ON(ACCEPT) = { UNDERWAY, REFUSE, "the offer is accepted already", NULL },
        REFUSE_OTHERS(UNDERWAY, "somebody else accepted and travels"),
        ON(DECLINE) = { SEEKING, GIVE_BACK, "he turns back", "given_back" },
        ON(RECALL) = { SEEKING, RECALL, "the project manager needs him elsewhere", "recalled" },
        ON(NAME) = { UNDERWAY, REFUSE, "he is under way: recall him before another is named", NULL },
        CONFIRMED_ALREADY(UNDERWAY),
        ON(REACHED) = { ARRIVED, 0, "he is on site", NULL },
        ON(RESTORED) = { ENDED, DISMISS, "the system works again", "restored" },
        ON(CLOSED) = { ENDED, DISMISS, "the case is closed", "closed" },
    },
    [ARRIVED] = {
        ON(AGAIN) = { SEEKING, DISMISS | START | DISPATCH_HIGHER, "the visit did not help: somebody must go again", "relieved" },
        ON(ACCEPT) = { ARRIVED, REFUSE, "the offer is accepted already", NULL },
        REFUSE_OTHERS(ARRIVED, "somebody else accepted and is on site"),
        ON(DECLINE) = { ARRIVED, REFUSE, "he is on site: report what was done there, or that somebody else must come", NULL },
        REFUSE_LEADING(ARRIVED, "somebody is on site: report that a higher level must come, or what was done"),
        ON(RESTORED) = { ENDED, DISMISS, "the system works again", "restored" },
        ON(CLOSED) = { ENDED, DISMISS, "the case is closed", "closed" },
    },
    [NOBODY] = {
        ON(WANTED) = { SEEKING, START, "another arrival is promised", NULL },
        ON(AGAIN) = { SEEKING, START, "another arrival is promised", NULL },
        ON(CHANGED) = { SEEKING, START, "the due time changed: somebody may be able now", NULL },
        ON(UNWANTED) = { ENDED, 0, "the visit is no longer needed", NULL },
        ON(MET) = { ENDED, 0, "somebody is on site already", NULL },
        ON(RETRY) = { SEEKING, START, "somebody may be free by now", NULL },
        REFUSE_ALL(NOBODY, "no offer is open; nobody could be asked"),
        ON(UNDERWAY_OTHER) = { UNDERWAY, TAKE, "an engineer was found and travels", NULL },
        ON(REACHED_OTHER) = { ARRIVED, TAKE, "an engineer was found and is on site", NULL },
        ON(RESTORED) = { ENDED, 0, "the system works again", NULL },
        ON(CLOSED) = { ENDED, 0, "the case is closed", NULL },
        ON(LOCATED) = { SEEKING, START, "the place of the site is known now", NULL },
        ON(NAME) = { SEEKING, NAMED, "he is asked next", NULL },
        CONFIRMED_ALREADY(NOBODY),
        NOBODY_TO_RECALL(NOBODY),
    },
    [DRAFTED] = {
        ON(UNWANTED) = { ENDED, 0, "the visit is no longer needed", NULL },
        ON(MET) = { ENDED, 0, "somebody is on site already", NULL },
        REFUSE_ALL(DRAFTED, "nobody is asked before the project manager has confirmed the task order"),
        ON(UNDERWAY_OTHER) = { UNDERWAY, TAKE | DISPATCH_CONFIRMED, "an engineer travels before the task order was confirmed", NULL },
        ON(REACHED_OTHER) = { ARRIVED, TAKE | DISPATCH_CONFIRMED, "an engineer is on site before the task order was confirmed", NULL },
        ON(RESTORED) = { ENDED, 0, "the system works again", NULL },
        ON(CLOSED) = { ENDED, 0, "the case is closed", NULL },
        ON(CONFIRM) = { SEEKING, CONFIRMED | DISPATCH_APPLY, "the task order is confirmed", NULL },
        ON(CONFIRM_TIME) = { SEEKING, CONFIRMED, "nobody objected in time", NULL },
        ON(NAME) = { SEEKING, CONFIRMED | NAMED, "the task order is confirmed, and he is asked next", NULL },
        NOBODY_TO_RECALL(DRAFTED),
    },
    [ENDED] = {
        ON(WANTED) = { SEEKING, START, "somebody must go to the site after all", NULL },
        ON(AGAIN) = { SEEKING, START, "somebody must go to the site again", NULL },
        REFUSE_ALL(ENDED, "the visit is over"),
        REFUSE_LEADING(ENDED, "the visit is over"),
    },
};
/* clang-format on */

static const struct dispatch_move stay[DISPATCH_STATES] = {
    [NONE] = { .next = NONE },         [SEEKING] = { .next = SEEKING },
    [OFFERED] = { .next = OFFERED },   [ASSIGNED] = { .next = ASSIGNED },
    [UNDERWAY] = { .next = UNDERWAY }, [ARRIVED] = { .next = ARRIVED },
    [NOBODY] = { .next = NOBODY },     [ENDED] = { .next = ENDED },
    [DRAFTED] = { .next = DRAFTED },
};

const struct dispatch_move *dispatch_move(enum dispatch_state state, enum dispatch_event event)
{
    co_assert(state < DISPATCH_STATES && event < DISPATCH_EVENTS);
    const struct dispatch_move *move = &moves[state][event];
    return move->why != NULL ? move : &stay[state];
}

const char *dispatch_state_name(enum dispatch_state state)
{
    static const char *const name[DISPATCH_STATES] = {
        [NONE] = "none",         [SEEKING] = "seeking",   [OFFERED] = "offered",
        [ASSIGNED] = "assigned", [UNDERWAY] = "underway", [ARRIVED] = "arrived",
        [NOBODY] = "nobody",     [ENDED] = "ended",       [DRAFTED] = "drafted",
    };
    co_assert(state < DISPATCH_STATES);
    return name[state];
}

const char *dispatch_event_name(enum dispatch_event event)
{
    static const char *const name[DISPATCH_EVENTS] = {
        ON(WANTED) = "wanted",
        ON(AGAIN) = "again",
        ON(CHANGED) = "changed",
        ON(UNWANTED) = "unwanted",
        ON(MET) = "met",
        ON(SILENT) = "silent",
        ON(RETRY) = "retry",
        ON(ACCEPT) = "accept",
        ON(ACCEPT_OTHER) = "accept_other",
        ON(DECLINE) = "decline",
        ON(DECLINE_OTHER) = "decline_other",
        ON(UNDERWAY) = "underway",
        ON(UNDERWAY_OTHER) = "underway_other",
        ON(REACHED) = "reached",
        ON(REACHED_OTHER) = "reached_other",
        ON(RESTORED) = "restored",
        ON(CLOSED) = "closed",
        ON(LOCATED) = "located",
        ON(CLAIMED) = "claimed",
        ON(NOBODY) = "nobody",
        ON(DRAFT) = "draft",
        ON(CONFIRM) = "confirm",
        ON(CONFIRM_TIME) = "confirm_time",
        ON(NAME) = "name",
        ON(RECALL) = "recall",
        ON(UNABLE) = "unable",
    };
    co_assert(event < DISPATCH_EVENTS);
    return name[event];
}
