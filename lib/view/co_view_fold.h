/* co_view_fold.h - the state of a fold, shared by the files of this library. Nobody else includes
 * it. */
#pragma once

#include <stdbool.h>

#include "co_view.h"

/* One clock as a set of facts: its state is concluded at the end, so the order in which a
 * correction is announced does not matter. */
struct co_view_clock {
    Callout__V1__ClockView *view;
    bool is_promised;
    bool is_paused;
    bool is_breached;
    bool is_met;
    bool is_stopped;
};

/* One session as a set of facts, concluded at the end as clocks are. */
struct co_view_session {
    uint32_t ordinal;
    const Callout__V1__SessionChanged *begun; /* NULL: taken back */
    const Callout__V1__SessionChanged *over;  /* NULL: it goes on */
};

struct co_view_fold {
    struct co_arena *arena;
    Callout__V1__CaseView *view;
    const Callout__V1__TicketSubmitted *ticket;
    const Callout__V1__CaseOpened *opened;
    const Callout__V1__CaseClosed *closed;
    bool is_archived;
    const Callout__V1__CommandReceived **rescheduled; /* commands that move the date */
    size_t n_rescheduled;
    struct co_view_clock **clocks;
    size_t n_clocks;
    const Callout__V1__Event **step_events; /* announced and not taken back */
    size_t n_step_events;
    const Callout__V1__CommandReceived **step_commands; /* applied */
    size_t n_step_commands;
    const Callout__V1__CommandReceived **received; /* of steps, not answered yet */
    size_t n_received;
    struct co_view_session **sessions; /* by ordinal */
    size_t n_sessions;
};

typedef enum co_err co_view_rule(struct co_view_fold *f, const struct co_view_entry *e);

/* `list` of `n` pointers with room for one more, in the arena; NULL at its cap. */
void *co_view_room(struct co_view_fold *f, void *list, size_t n);

co_view_rule co_view_promised, co_view_warned, co_view_breached, co_view_met, co_view_stopped,
    co_view_escalated;
co_view_rule co_view_consent_changed, co_view_session_changed;
co_view_rule co_view_excluded, co_view_rebased;
co_view_rule co_view_offered, co_view_offer_ended, co_view_assigned, co_view_nobody_left,
    co_view_at_risk, co_view_drafted, co_view_confirmed, co_view_order_ended;
co_view_rule co_view_received, co_view_applied, co_view_refused;
co_view_rule co_view_notice_planned, co_view_notice_settled, co_view_notice_resent,
    co_view_resend_asked;

/* Takes back what `w` names, where it is something of a clock. */
void co_view_withdraw_from_clock(struct co_view_fold *f, const Callout__V1__Withdrawn *w);

/* Takes back what `w` names of remote access. */
void co_view_withdraw_consent(struct co_view_fold *f, const Callout__V1__Withdrawn *w);
void co_view_withdraw_session(struct co_view_fold *f, const Callout__V1__Withdrawn *w);

/* Lists the sessions that were not taken back. */
CO_MUST_CHECK enum co_err co_view_conclude_sessions(struct co_view_fold *f);

/* The exclusions that were declared when the case was opened. */
CO_MUST_CHECK enum co_err co_view_open_wide(struct co_view_fold *f);

/* A command says another date; the date as of those that were applied. */
CO_MUST_CHECK enum co_err co_view_rescheduled(struct co_view_fold *f,
                                              const Callout__V1__CommandReceived *command);
void co_view_conclude_date(struct co_view_fold *f);

/* When the hardware is to be ready, of the commands that were applied. */
void co_view_conclude_hardware(Callout__V1__CaseView *v);

/* Concludes the states of the clocks and lists those still promised. */
CO_MUST_CHECK enum co_err co_view_conclude_clocks(struct co_view_fold *f);

/* Bookings: co_view_booking.c. */
co_view_rule co_view_booked, co_view_booking_ended, co_view_nobody_to_book;
void co_view_add_staff(Callout__V1__CaseView *view, const Callout__V1__PolicyPack *pack);

/* Steps: co_view_step.c. */
co_view_rule co_view_step_moved;
void co_view_withdraw_step(struct co_view_fold *f, const Callout__V1__Withdrawn *w);
/* An act of a step was applied. */
CO_MUST_CHECK enum co_err co_view_step_act(struct co_view_fold *f,
                                           const Callout__V1__CommandReceived *c);
CO_MUST_CHECK enum co_err co_view_conclude_steps(struct co_view_fold *f);
CO_MUST_CHECK enum co_err co_view_add_steps(struct co_arena *arena, Callout__V1__CaseView *v,
                                            const Callout__V1__PolicyPack *pack);

/* The customer was called back. */
CO_MUST_CHECK enum co_err co_view_called(struct co_view_fold *f,
                                         const Callout__V1__HistoryRow *command);

/* The travel acts move the work order on. */
void co_view_order_act(struct co_view_fold *f, Callout__V1__Act act);
