/* What the events of steps, consents, man-days and bookings say, for people. */
#include "cli_event.h"

#include "cli_view.h"

const char *cli_event_step_opened(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__StepOpened *s = e->step_opened;
    return cli_format(cli, "%s/%u at %s", s->step, s->generation, cli_when(cli, s->opened_us));
}

static const char *document(struct cli *cli, const Callout__V1__Document *d)
{
    if (d == NULL)
        return "";
    return cli_format(cli, ", %s%s", d->name, cli_plus(cli, " ", d->version));
}

const char *cli_event_act_made(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__ActMade *m = e->act_made;
    return cli_format(cli, "%s at %s, by the steps", cli_act(cli, m->act),
                      cli_when(cli, m->made_us));
}

const char *cli_event_step_handed_over(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__StepHandedOver *s = e->step_handed_over;
    return cli_format(cli, "%s/%u at %s%s, to be accepted", s->step, s->generation,
                      cli_when(cli, s->handed_over_us), document(cli, s->document));
}

const char *cli_event_step_done(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__StepDone *s = e->step_done;
    return cli_format(cli, "%s/%u %s at %s%s", s->step, s->generation, s->how,
                      cli_when(cli, s->done_us), document(cli, s->document));
}

const char *cli_event_consent(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__ConsentChanged *c = e->consent_changed;
    const Callout__V1__Consent *k = c->consent;
    if (k == NULL)
        return cli_format(cli, "%s%s", c->state, cli_plus(cli, " by ", c->person));
    return cli_format(cli, "%s %s%s: %s, %s to %s", k->key, c->state,
                      cli_plus(cli, " by ", c->person), cli_join(cli, k->systems, k->n_systems),
                      cli_when(cli, k->from_us), cli_when(cli, k->until_us));
}

const char *cli_event_session(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__SessionChanged *s = e->session_changed;
    return cli_format(cli, "%s %s by consent %s at %s%s", s->person,
                      s->is_over ? "leaves" : "enters", s->consent, cli_when(cli, s->at_us),
                      cli_plus(cli, ", ", s->why));
}

const char *cli_event_posted(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__LotPosted *p = e->lot_posted;
    return cli_format(cli, "%s %s of %s, %s left%s", p->kind, cli_man_hours(cli, p->minutes),
                      p->lot, cli_man_hours(cli, p->left_minutes), cli_plus(cli, ": ", p->why));
}

const char *cli_event_lot_low(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__LotLow *l = e->lot_low;
    const char *left =
        cli_format(cli, "%s left of %s", cli_man_hours(cli, l->left_minutes), l->kind);
    return l->missing_minutes == 0
               ? left
               : cli_format(cli, "%s, %s missing", left, cli_man_hours(cli, l->missing_minutes));
}

const char *cli_event_booked(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__Booked *b = e->booked;
    return cli_format(cli, "%s is %s, %s to %s", b->slot, b->resource, cli_when(cli, b->from_us),
                      cli_when(cli, b->until_us));
}

const char *cli_event_booking_ended(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__BookingEnded *b = e->booking_ended;
    return cli_format(cli, "%s is free again as %s: %s", b->resource, b->slot, b->how);
}

const char *cli_event_nobody_to_book(struct cli *cli, const Callout__V1__Event *e)
{
    const Callout__V1__NobodyToBook *n = e->nobody_to_book;
    return cli_format(cli, "nobody for %s, missing: %s%s", n->slot, n->missing,
                      cli_plus(cli, ", nearest ", n->nearest));
}
