/* answer.h - answers to notices by the codes in them: looked up, and taken as commands. */
#pragma once

#include "call.h"

/* Handler of the door: takes the call over. */
void intake_answer(struct intake_call **call_p, const Callout__V1__Request *request);
