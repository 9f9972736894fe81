/* What the customer said when he was called back, and whom it is about. */
#include "co_view_fold.h"

#include <string.h>

/* Who spoke to the customer last, where nobody was sent. */
static char *last_contact(const Callout__V1__CaseView *v)
{
    static char nobody[] = "";
    for (size_t i = v->n_history; i > 0; i--) {
        const Callout__V1__HistoryRow *h = v->history[i - 1];
        bool is_ours = h->role != CALLOUT__V1__ROLE__ROLE_CUSTOMER &&
                       (h->act == CALLOUT__V1__ACT__ACT_CONTACTED ||
                        h->act == CALLOUT__V1__ACT__ACT_ANSWER_GIVEN ||
                        h->act == CALLOUT__V1__ACT__ACT_RESTORED);
        if (is_ours && strcmp(h->outcome, "applied") == 0 && h->person[0] != '\0')
            return h->person;
    }
    return nobody;
}

/* The newest offer that he accepted; who goes unasked has none. */
static char *office_of(const Callout__V1__OrderView *order, const char *engineer)
{
    static char unknown[] = "";
    for (size_t i = order == NULL ? 0 : order->n_offers; i > 0; i--)
        if (strcmp(order->offers[i - 1]->engineer, engineer) == 0 &&
            strcmp(order->offers[i - 1]->state, "accepted") == 0)
            return order->offers[i - 1]->office;
    return unknown;
}

enum co_err co_view_called(struct co_view_fold *f, const Callout__V1__HistoryRow *command)
{
    Callout__V1__CaseView *v = f->view;
    Callout__V1__CallView **list = co_view_room(f, v->calls, v->n_calls);
    Callout__V1__CallView *call = co_arena_alloc(f->arena, sizeof(*call));
    if (list == NULL || call == NULL)
        return CO_ENOMEM;
    callout__v1__call_view__init(call);
    call->called_us = command->occurred_us;
    call->person = command->person;
    call->solved = command->solved;
    call->rating = command->rating;
    call->engineer = command->name;
    if (call->engineer[0] == '\0' && v->order != NULL)
        call->engineer = v->order->engineer;
    if (call->engineer[0] == '\0')
        call->engineer = last_contact(v);
    call->office = office_of(v->order, call->engineer);
    list[v->n_calls++] = call;
    v->calls = list;
    return CO_OK;
}
