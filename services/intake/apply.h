/* apply.h - changes of the registry: collected in parts, compared, checked as a whole, stored as one version.
 *
 * The parts of a change wait in memory for the last one; a restart forgets them, and the sender begins again. One change is
 * worked on at a time. What was stored answers the same change_id again. */
#pragma once

#include "call.h"

struct intake_applies *intake_applies_new(struct intake *in); /* NULL: out of memory */
void intake_applies_close(struct intake_applies *a);          /* answers whoever waits with CODE_UNAVAILABLE */
void intake_applies_free(struct intake_applies *a);           /* the connection must be closed before */

/* Handler of the door: takes the call over. */
void intake_applies_take(struct intake_call **call_p, const Callout__V1__Request *request);

/* The registry has changed, or a beat: what waited for a newer version goes on; parts that nobody continued are dropped. */
void intake_applies_beat(struct intake_applies *a);
