/* await.h - answers that come later: what became of a ticket, the verdict on a command. */
#pragma once

#include <stdbool.h>

#include "call.h"

/* Answers a submit with its view once the case was opened or held, or when the time is over; a duplicate at once. `submitted` is copied. */
void intake_await_ticket(struct intake_call *call, const Callout__V1__Submitted *submitted, uint32_t wait_ms);

/* Answers a command with its verdict, or with CODE_PENDING when the time is over. `is_known`: it was sent before, and what there is
 * is answered at once. */
void intake_await_command(struct intake_call *call, int64_t case_id, int64_t command_id, uint32_t wait_ms, bool is_known);
