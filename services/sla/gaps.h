/* gaps.h - says in the log which calendars in use lack the holidays of this year or the next: promises that touch such a year
 * may move when its notice is out. */
#pragma once

#include "sla.h"

/* When the registry is there, or another version of it. The same is not said twice. */
void sla_gaps_say(void *service);
