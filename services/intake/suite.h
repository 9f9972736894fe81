/* suite.h - how the suite stands as the database has it, also where a daemon is not there to tell: how far each service is
 * behind, whose lanes nobody has, what is set aside. Read every five seconds, for /metrics. */
#pragma once

#include "intake.h"

/* NULL: out of memory. */
struct intake_suite *intake_suite_new(struct intake *in);
void intake_suite_free(struct intake_suite *suite); /* NULL is allowed */

/* After each beat. */
void intake_suite_beat(struct intake_suite *suite);
