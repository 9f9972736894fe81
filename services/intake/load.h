/* load.h - is sla keeping up? If not, sources that post more than their share are asked to wait.
 *
 * The share of a source is what sla got through lately, divided by the sources that post, and never less than a few a second: who posts
 * little is not slowed down, and what is behind does not grow. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clients.h"
#include "intake.h"

struct intake_load *intake_load_new(struct intake *in); /* NULL: out of memory */
void intake_load_free(struct intake_load *load);        /* the connection must be closed before */

/* On every beat: looks at cursors and heads, gives out shares. */
void intake_load_beat(struct intake_load *load);

/* May this client not post now? Takes one off its share if it may. */
CO_MUST_CHECK bool intake_load_is_over(struct intake_load *load, struct intake_client *client, uint32_t *ret_wait_ms);

/* How far sla is behind in real time, as last seen. */
int64_t intake_load_lag_us(const struct intake_load *load);
