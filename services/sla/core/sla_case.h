/* sla_case.h - one case of the sla service: takes journal entries into its state column, answers
 * commands, and says what has to be announced. Pure.
 *
 * The shell loads the state, takes the entries of the case in journal order with the functions
 * below, calls sla_case_advance() once, and saves the state with all events in one transaction.
 * An entry whose `seq` is in the state already, or a second ticket, changes nothing and is not
 * answered.
 *
 * Memory: the state, what is put into it and all events live in `arena` or borrow from the entries
 * and the pack; they are good for the turn and never freed singly. After CO_ENOMEM state and events
 * are to be thrown away. CO_EINPUT: this entry cannot be processed at all.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "callout/v1/sla_state.pb-c.h"
#include "sla_events.h"
#include "sla_fold.h"

#define SLA_INPUTS_MAX                                                                             \
    1000u /* of one case; further commands but those that end it are refused,                      \
             and so they are when half of SLA_OUTPUTS_MAX follow from them */

struct sla_case {
    struct co_arena *arena;
    struct co_arena *scratch; /* reset by every call; nothing of it is kept */
    Callout__V1__SlaState *state;
    const Callout__V1__PolicyPack *policy; /* NULL only while the case is held */
    struct sla_calendars calendars;
    int64_t now_us;
};

/* Who says something about remote access, by the registry. */
struct sla_who {
    bool is_contact;      /* of the customer of the case */
    const char *contacts; /* who is one, for people; NULL: not known */
    uint32_t roles;       /* bit per Role that he has in this case */
};

/* What the registry says: of entitlement one of the first three. */
struct sla_admission {
    Callout__V1__CaseOpened *opened; /* customer, contract, site, product, pins and registry version
                                        are given; the rest is filled in here */
    Callout__V1__CaseHeld *held;
    const char *refusal; /* an approval that names no usable contract: a sentence */
    struct sla_who who;
};

/* An empty state, or the one in `bytes`. CO_EINPUT: these are not the bytes of a state. */
CO_MUST_CHECK enum co_err sla_state_new(struct co_arena *arena, Callout__V1__SlaState **ret);
CO_MUST_CHECK enum co_err sla_state_unpack(struct co_arena *arena, const uint8_t *bytes, size_t len,
                                           Callout__V1__SlaState **ret);

/* The case has a report; it is open, or held. */
bool sla_case_is_known(const struct sla_case *c);
bool sla_case_is_held(const struct sla_case *c);

/* The time this case is at: now_us, but never before the latest one it was looked at. Processes
 * that take over from one another need not agree on the time; what was announced must not be taken
 * back for that. */
int64_t sla_case_now_us(const struct sla_case *c);

/* A ticket: appends CaseOpened or CaseHeld. With `opened` c->policy is set. */
CO_MUST_CHECK enum co_err sla_case_submitted(struct sla_case *c, uint64_t seq,
                                             Callout__V1__TicketSubmitted *ticket,
                                             struct sla_admission admission,
                                             struct sla_events *ret);

/* A command: appends CommandApplied or CommandRefused, before it CaseOpened when an approval opens
 * a held case. Nothing for acts that sla does not own (accept, decline). `admission` is only looked
 * at for ACT_APPROVE on a held case, and for acts about remote access; with `opened` there,
 * c->policy is set. CO_EINPUT: the case has no ticket. */
CO_MUST_CHECK enum co_err sla_case_command(struct sla_case *c, uint64_t seq,
                                           const Callout__V1__CommandReceived *command,
                                           struct sla_admission admission, struct sla_events *ret);

/* How far the site is. The first one holds. CO_EINPUT: not a distance. */
CO_MUST_CHECK enum co_err sla_case_located(struct sla_case *c, uint64_t seq,
                                           const Callout__V1__SiteLocated *located);

/* Folds, appends the difference to what was announced, and makes the state say so. *ret_fold is in
 * `arena`; for a held case it is empty but for is_closed, closed_us, next_us. Once more at the same
 * time it appends nothing. */
CO_MUST_CHECK enum co_err sla_case_advance(struct sla_case *c, struct sla_events *ret,
                                           struct sla_fold *ret_fold);

/* The fold of an open case as of `now_us`, with nothing announced. */
CO_MUST_CHECK enum co_err sla_case_fold(const struct sla_case *c, struct co_arena *arena,
                                        int64_t now_us, struct sla_fold *ret_fold);
