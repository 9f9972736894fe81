/* co_replay_play.h - the players: engineers who answer offers and go, project managers who approve.
 *
 * Pure. They hear what the suite announces and decide by what is drawn from the mapping's seed, the
 * incident and the generation of the offer, so that the same announcements lead to the same acts,
 * whoever listens when. What a player meant to do is dropped when, at its time, it makes no sense
 * any more: the offer ended, the visit is over, the case is closed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "co_replay_plan.h"

struct co_replay_players;

/* Mapping and log are borrowed. NULL: out of memory. */
struct co_replay_players *co_replay_players_new(const Callout__V1__ReplayMapping *map,
                                                const struct co_replay_log *log);
void co_replay_players_free(struct co_replay_players *players); /* NULL is allowed */

/* What was announced about an incident's case, at `at_us`. CO_ENOMEM. */
CO_MUST_CHECK enum co_err co_replay_players_hear(struct co_replay_players *players,
                                                 uint32_t incident, int64_t at_us,
                                                 const Callout__V1__Event *event);

/* When the next act may be due; INT64_MAX: never. */
int64_t co_replay_players_next_us(const struct co_replay_players *players);

/* Takes the next act that is due by `until_us` and still makes sense; its texts live as long as the
 * players. False: there is none. */
CO_MUST_CHECK bool co_replay_players_take(struct co_replay_players *players, int64_t until_us,
                                          struct co_replay_step *ret_step);
