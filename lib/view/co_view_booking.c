/* Who, and what, is taken for the span of a case. */
#include <string.h>

#include "co_view_fold.h"

/* The row of that place of a slot, made where it is not there yet; NULL: out of memory. */
static Callout__V1__BookingView *get(struct co_view_fold *f, char *slot, uint32_t place)
{
    Callout__V1__CaseView *v = f->view;
    size_t i = 0;
    for (; i < v->n_bookings; i++)
        if (strcmp(v->bookings[i]->slot, slot) == 0 && v->bookings[i]->place == place)
            return v->bookings[i];
    Callout__V1__BookingView **list = co_view_room(f, v->bookings, v->n_bookings);
    Callout__V1__BookingView *row = co_arena_alloc(f->arena, sizeof(*row));
    if (list == NULL || row == NULL)
        return NULL;
    callout__v1__booking_view__init(row);
    row->slot = slot;
    row->place = place;
    list[v->n_bookings++] = row;
    v->bookings = list;
    return row;
}

enum co_err co_view_booked(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__Booked *b = e->event->booked;
    Callout__V1__BookingView *row = get(f, b->slot, b->place);
    if (row == NULL)
        return CO_ENOMEM;
    Callout__V1__BookingView blank = CALLOUT__V1__BOOKING_VIEW__INIT;
    *row = blank;
    row->slot = b->slot;
    row->place = b->place;
    row->generation = b->generation;
    row->resource = b->resource;
    row->from_us = b->from_us;
    row->until_us = b->until_us;
    row->is_named = b->is_named;
    return CO_OK;
}

/* Nobody is sought any more. */
static void drop(Callout__V1__CaseView *v, size_t i)
{
    v->n_bookings--;
    memmove(&v->bookings[i], &v->bookings[i + 1], (v->n_bookings - i) * sizeof(v->bookings[0]));
}

enum co_err co_view_booking_ended(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__BookingEnded *ended = e->event->booking_ended;
    Callout__V1__CaseView *v = f->view;
    size_t i = 0;
    while (i < v->n_bookings && (strcmp(v->bookings[i]->slot, ended->slot) != 0 ||
                                 v->bookings[i]->generation != ended->generation))
        i++;
    if (i == v->n_bookings)
        return CO_OK;
    Callout__V1__BookingView *row = v->bookings[i];
    if (strcmp(ended->how, "done") == 0) {
        row->is_done = true;
    } else if (strcmp(ended->how, "closed") == 0) {
        drop(v, i);
    } else {
        Callout__V1__BookingView blank = CALLOUT__V1__BOOKING_VIEW__INIT;
        blank.slot = row->slot;
        blank.place = row->place;
        *row = blank;
    }
    return CO_OK;
}

enum co_err co_view_nobody_to_book(struct co_view_fold *f, const struct co_view_entry *e)
{
    const Callout__V1__NobodyToBook *n = e->event->nobody_to_book;
    Callout__V1__BookingView *row = get(f, n->slot, n->place);
    if (row == NULL)
        return CO_ENOMEM;
    row->missing = n->missing;
    row->nearest = n->nearest;
    row->free_from_us = n->free_from_us;
    return CO_OK;
}

void co_view_add_staff(Callout__V1__CaseView *view, const Callout__V1__PolicyPack *pack)
{
    for (size_t i = 0; i < view->n_bookings; i++)
        for (size_t k = 0; k < pack->n_staff; k++)
            if (strcmp(pack->staff[k]->key, view->bookings[i]->slot) == 0)
                view->bookings[i]->title = pack->staff[k]->title;
}
