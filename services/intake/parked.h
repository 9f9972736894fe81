/* parked.h - cases that a service set aside: which, and what an operator wants done. */
#pragma once

#include "call.h"

/* Handler of the door: takes the call over. */
void intake_parked_ask(struct intake_call **call_p, const Callout__V1__Request *request);
