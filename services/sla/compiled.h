/* compiled.h - the calendars that were compiled last, by pin. Those of one case are used together, so what was asked for in
 * the round under way is never given up; of the others the one that was used longest ago goes first. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "co_calendar.h"
#include "co_err.h"

struct sla_compiled;

/* Keeps at most `max`, or as many as one round needs. NULL: out of memory. */
struct sla_compiled *sla_compiled_new(size_t max);
void sla_compiled_free(struct sla_compiled *c); /* and its calendars. NULL is allowed */

/* A new round: what was found or added before may go. */
void sla_compiled_begin(struct sla_compiled *c);

/* Good until a round after this one. NULL: it is not there. */
const struct co_calendar *sla_compiled_find(struct sla_compiled *c, const char *key, uint64_t since);

/* One that is not there. The calendar belongs to the cache from now on, and after CO_ENOMEM it is freed. */
CO_MUST_CHECK enum co_err sla_compiled_add(struct sla_compiled *c, const char *key, uint64_t since, struct co_calendar *calendar);
