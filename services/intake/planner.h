/* planner.h - opens cases by itself, when their time has come: dates of plans, ends of contracts, advisories.
 *
 * Every intake plans; the receipts decide, so that each date has one case whatever is restarted in between. The table intake.plan
 * knows since when there is a plan, intake.planned up to when all was opened: what lies before is left alone, and what fell into a
 * time without any intake is opened late. Domain time, looked at on every beat. */
#pragma once

#include "intake.h"

struct intake_planner *intake_planner_new(struct intake *in); /* NULL: out of memory */
void intake_planner_free(struct intake_planner *p);           /* the connections must be closed before */

/* A beat, or another registry: opens what is due. */
void intake_planner_look(struct intake_planner *p);
