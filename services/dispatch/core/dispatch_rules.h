/* dispatch_rules.h - what a work order does on each event, as a table.
 *
 * Pure. One row per (state, event): the next state, what follows, and why, in a sentence. A cell
 * without a sentence changes nothing; for a decision of a person it would be an answer missing, so
 * decisions have a sentence in every state.
 */
#pragma once

#include "callout/v1/dispatch_state.pb-c.h"

enum dispatch_state {
    DISPATCH_NONE = CALLOUT__V1__ORDER_STATE__ORDER_NONE,
    DISPATCH_SEEKING = CALLOUT__V1__ORDER_STATE__ORDER_SEEKING,
    DISPATCH_OFFERED = CALLOUT__V1__ORDER_STATE__ORDER_OFFERED,
    DISPATCH_ASSIGNED = CALLOUT__V1__ORDER_STATE__ORDER_ASSIGNED,
    DISPATCH_UNDERWAY = CALLOUT__V1__ORDER_STATE__ORDER_UNDERWAY,
    DISPATCH_ARRIVED = CALLOUT__V1__ORDER_STATE__ORDER_ARRIVED,
    DISPATCH_NOBODY = CALLOUT__V1__ORDER_STATE__ORDER_NOBODY,
    DISPATCH_ENDED = CALLOUT__V1__ORDER_STATE__ORDER_ENDED,
    DISPATCH_DRAFTED = CALLOUT__V1__ORDER_STATE__ORDER_DRAFTED,
    DISPATCH_STATES
};

enum dispatch_event {
    DISPATCH_ON_WANTED,   /* an arrival is promised that was not promised before */
    DISPATCH_ON_AGAIN,    /* an arrival is promised anew after one that was met */
    DISPATCH_ON_CHANGED,  /* a promised arrival has another due time */
    DISPATCH_ON_UNWANTED, /* no arrival is promised any more */
    DISPATCH_ON_MET,      /* every promised arrival was met */
    DISPATCH_ON_SILENT,   /* the time to accept ran out */
    DISPATCH_ON_RETRY,    /* time to look again */
    DISPATCH_ON_ACCEPT, /* the engineer of the open offer says so, or nobody else than him is named
                         */
    DISPATCH_ON_ACCEPT_OTHER, /* somebody else, or with an offer of before */
    DISPATCH_ON_DECLINE,
    DISPATCH_ON_DECLINE_OTHER,
    DISPATCH_ON_UNDERWAY,       /* the engineer of the order travels */
    DISPATCH_ON_UNDERWAY_OTHER, /* another engineer does */
    DISPATCH_ON_REACHED,        /* the engineer of the order is on site */
    DISPATCH_ON_REACHED_OTHER,  /* another engineer is */
    DISPATCH_ON_RESTORED,       /* the system works again */
    DISPATCH_ON_CLOSED,         /* the case is closed */
    DISPATCH_ON_LOCATED,        /* the site's place became known */
    DISPATCH_ON_CLAIMED,        /* the engineer that was picked is ours */
    DISPATCH_ON_NOBODY,         /* nobody can be asked now */
    DISPATCH_ON_DRAFT,          /* the project manager is to confirm the task order first */
    DISPATCH_ON_CONFIRM,        /* he does */
    DISPATCH_ON_CONFIRM_TIME,   /* he had time enough to object */
    DISPATCH_ON_NAME,           /* he says who is to be asked */
    DISPATCH_ON_RECALL,         /* he takes the engineer off this case */
    DISPATCH_ON_UNABLE,         /* the engineer who is asked cannot go any more */
    DISPATCH_EVENTS
};

enum dispatch_effect {
    DISPATCH_START = 1 << 0, /* begin a round: nobody asked, whoever kept silent may be asked */
    DISPATCH_OFFER = 1 << 1, /* announce the offer */
    DISPATCH_OFFER_ACCEPTED = 1 << 2, /* announce how the offer ended */
    DISPATCH_OFFER_DECLINED = 1 << 3,
    DISPATCH_OFFER_SILENT = 1 << 4,
    DISPATCH_OFFER_WITHDRAWN = 1 << 5,
    DISPATCH_ASSIGN = 1 << 6,     /* announce who goes */
    DISPATCH_TAKE = 1 << 7,       /* the engineer who reports is the one who goes */
    DISPATCH_FREE = 1 << 8,       /* announce that the visit is over, `how` */
    DISPATCH_RELEASE = 1 << 9,    /* his claim ends, nobody is the engineer */
    DISPATCH_HIGHER = 1 << 10,    /* look for a higher level than his */
    DISPATCH_TELL = 1 << 11,      /* announce that nobody is left */
    DISPATCH_APPLY = 1 << 12,     /* answer: done */
    DISPATCH_REFUSE = 1 << 13,    /* answer: no, because `why` */
    DISPATCH_BAR = 1 << 14,       /* he is not asked again for this case */
    DISPATCH_REST = 1 << 15,      /* he is not asked again in this round */
    DISPATCH_NAMED = 1 << 16,     /* the one named is asked next */
    DISPATCH_CONFIRMED = 1 << 17, /* announce that the task order is confirmed */
    DISPATCH_OF_ONE = 1 << 18,    /* where others are asked too, only his offer ends, and the order
                                     stays as it is; without it all open offers end */
};

struct dispatch_move {
    enum dispatch_state next;
    unsigned effects;
    const char *why; /* NULL: nothing happens */
    const char *how; /* with DISPATCH_FREE */
};

/* Never NULL. Where nothing happens, `next` is the state itself. */
const struct dispatch_move *dispatch_move(enum dispatch_state state, enum dispatch_event event);

/* Lower-case names for logs, tables and columns: "seeking", "accept_other". */
const char *dispatch_state_name(enum dispatch_state state);
const char *dispatch_event_name(enum dispatch_event event);
