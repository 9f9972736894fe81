#include "notify_plan_booking.h"

#include <inttypes.h>
#include <string.h>

#include "notify_recall.h"

#define ON(name) CALLOUT__V1__NOTICE_ON__NOTICE_ON_##name

static const char *booking_of(struct notify_case *c, const char *slot, uint32_t generation)
{
    return notify_case_text(c, "booked/%s/%" PRIu32, slot, generation);
}

static void tell(struct notify_case *c, struct notify_occasion o)
{
    o.milestone = "";
    if (o.obligation != NULL)
        (void)notify_tell_by_rules(c, &o);
}

void notify_plan_booked(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__Booked *b = e->booked;
    tell(c, (struct notify_occasion){ .event = e,
                                      .on = ON(BOOKED),
                                      .obligation = booking_of(c, b->slot, b->generation) });
}

void notify_plan_booking_ended(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__BookingEnded *b = e->booking_ended;
    struct notify_recall r = { .what = booking_of(c, b->slot, b->generation),
                               .milestone = "",
                               .is_corrected = true };
    if (r.what != NULL && strcmp(b->how, "done") != 0)
        notify_recall(c, e, &r);
}

void notify_plan_nobody_to_book(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__NobodyToBook *n = e->nobody_to_book;
    tell(c, (struct notify_occasion){ .event = e,
                                      .on = ON(NOBODY_TO_BOOK),
                                      .what = n->missing,
                                      .obligation = notify_case_text(
                                          c, "nobody_to_book/%s/%" PRIu32, n->slot, n->ordinal) });
}
