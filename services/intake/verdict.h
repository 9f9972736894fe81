/* verdict.h - the reply to a command. */
#pragma once

#include "callout/v1/event.pb-c.h"
#include "call.h"

/* From CommandApplied (CODE_OK) or CommandRefused (CODE_REFUSED, with what is possible). */
void intake_verdict_reply(struct intake_call **call_p, const Callout__V1__Event *event);

/* CODE_PENDING with the command's id. */
void intake_verdict_pending(struct intake_call **call_p, int64_t command_id);
