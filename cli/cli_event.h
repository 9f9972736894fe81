/* cli_event.h - what cli_event() is made of. Texts belong to `cli`. */
#pragma once

#include "cli.h"

/* "" where `text` is empty, else `lead` and `text`. */
const char *cli_plus(struct cli *cli, const char *lead, const char *text);

const char *cli_event_step_opened(struct cli *cli, const Callout__V1__Event *e);
const char *cli_event_act_made(struct cli *cli, const Callout__V1__Event *e);
const char *cli_event_step_handed_over(struct cli *cli, const Callout__V1__Event *e);
const char *cli_event_step_done(struct cli *cli, const Callout__V1__Event *e);
const char *cli_event_consent(struct cli *cli, const Callout__V1__Event *e);
const char *cli_event_session(struct cli *cli, const Callout__V1__Event *e);
const char *cli_event_posted(struct cli *cli, const Callout__V1__Event *e);
const char *cli_event_lot_low(struct cli *cli, const Callout__V1__Event *e);
const char *cli_event_booked(struct cli *cli, const Callout__V1__Event *e);
const char *cli_event_booking_ended(struct cli *cli, const Callout__V1__Event *e);
const char *cli_event_nobody_to_book(struct cli *cli, const Callout__V1__Event *e);
