/* announce.h - tells every lane that a registry version is in force, exactly once.
 *
 * A version is stored in one transaction and announced in one per lane. Who dies in between leaves lanes that were not told; any
 * intake finds them on a beat and finishes. */
#pragma once

#include "intake.h"

struct intake_announce *intake_announce_new(struct intake *in); /* NULL: out of memory */
void intake_announce_free(struct intake_announce *a);           /* the connection must be closed before */

/* Looks for lanes that were not told of the newest version, and tells them, one after the other. */
void intake_announce_look(struct intake_announce *a);
