/* Who may enter what by leave of the customer, and who did. */
#include "co_view_fold.h"

#include <string.h>

enum { SESSION_BEGINS = 1, SESSION_ENDS = 2 }; /* generations of Withdrawn */

/* An ordinal said again replaces what it said before. */
enum co_err co_view_consent_changed(struct co_view_fold *f, const struct co_view_entry *e)
{
    Callout__V1__CaseView *v = f->view;
    Callout__V1__ConsentChanged *change = e->event->consent_changed;
    size_t i = 0;
    while (i < v->n_consents && v->consents[i]->ordinal < change->ordinal)
        i++;
    if (i < v->n_consents && v->consents[i]->ordinal == change->ordinal) {
        v->consents[i] = change;
        return CO_OK;
    }
    Callout__V1__ConsentChanged **list = co_view_room(f, v->consents, v->n_consents);
    if (list == NULL)
        return CO_ENOMEM;
    memmove(list + i + 1, list + i, (v->n_consents - i) * sizeof(list[0]));
    list[i] = change;
    v->consents = list;
    v->n_consents++;
    return CO_OK;
}

/* The session of that ordinal, made where it is not known yet; NULL: out of memory. */
static struct co_view_session *get(struct co_view_fold *f, uint32_t ordinal)
{
    size_t i = 0;
    while (i < f->n_sessions && f->sessions[i]->ordinal < ordinal)
        i++;
    if (i < f->n_sessions && f->sessions[i]->ordinal == ordinal)
        return f->sessions[i];
    struct co_view_session **list = co_view_room(f, f->sessions, f->n_sessions);
    struct co_view_session *s = co_arena_alloc(f->arena, sizeof(*s));
    if (list == NULL || s == NULL)
        return NULL;
    *s = (struct co_view_session){ .ordinal = ordinal };
    memmove(list + i + 1, list + i, (f->n_sessions - i) * sizeof(list[0]));
    list[i] = s;
    f->sessions = list;
    f->n_sessions++;
    return s;
}

enum co_err co_view_session_changed(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__SessionChanged *change = e->event->session_changed;
    struct co_view_session *s = get(f, change->ordinal);
    if (s == NULL)
        return CO_ENOMEM;
    if (change->is_over)
        s->over = change;
    else
        s->begun = change;
    return CO_OK;
}

void co_view_withdraw_consent(struct co_view_fold *f, const Callout__V1__Withdrawn *w)
{
    Callout__V1__CaseView *v = f->view;
    size_t kept = 0;
    for (size_t i = 0; i < v->n_consents; i++)
        if (v->consents[i]->ordinal != w->ordinal)
            v->consents[kept++] = v->consents[i];
    v->n_consents = kept;
}

void co_view_withdraw_session(struct co_view_fold *f, const Callout__V1__Withdrawn *w)
{
    for (size_t i = 0; i < f->n_sessions; i++) {
        if (f->sessions[i]->ordinal != w->ordinal)
            continue;
        if (w->generation == SESSION_BEGINS)
            f->sessions[i]->begun = NULL;
        else if (w->generation == SESSION_ENDS)
            f->sessions[i]->over = NULL;
    }
}

enum co_err co_view_conclude_sessions(struct co_view_fold *f)
{
    Callout__V1__CaseView *v = f->view;
    for (size_t i = 0; i < f->n_sessions; i++) {
        const struct co_view_session *s = f->sessions[i];
        if (s->begun == NULL)
            continue;
        Callout__V1__SessionView **list = co_view_room(f, v->sessions, v->n_sessions);
        Callout__V1__SessionView *x = co_arena_alloc(f->arena, sizeof(*x));
        if (list == NULL || x == NULL)
            return CO_ENOMEM;
        callout__v1__session_view__init(x);
        x->consent = s->begun->consent;
        x->person = s->begun->person;
        x->started_us = s->begun->at_us;
        if (s->over != NULL) {
            x->ended_us = s->over->at_us;
            x->why = s->over->why;
        }
        list[v->n_sessions++] = x;
        v->sessions = list;
    }
    return CO_OK;
}
