/* notify_news.h - what ends of sends showed of servers and addresses, until the desk is told.
 *
 * It is told by a notice of the case whose notice showed it (notify_outage.h). Where that case
 * cannot be written any more, as its lane was lost meanwhile or it is parked, the news is kept
 * here, and told by the next case of ours a send of which ends. Kept in memory: a process that ends
 * takes what it set aside with it.
 */
#pragma once

#include "notify_turn.h"

struct notify_flight;
struct notify_gone_address;
struct notify_outage;

/* NULL: out of memory. */
struct notify_news *notify_news_new(void);
void notify_news_free(struct notify_news *news); /* NULL is allowed */

/* Is there something that a turn of this lane is to tell? The first that asks is the one. */
bool notify_news_is_for(struct notify_service *s, int lane);

/* Keeps what the end of this flight showed, if anything; nothing more where far too much is kept.
 */
void notify_news_keep(struct notify_service *s, const struct notify_flight *f);

/* Tells what is kept, by that case, which must be whole, once in a turn. CO_EAGAIN: the policy of
 * the case is being fetched. */
CO_MUST_CHECK enum co_err notify_news_tell(struct notify_turn *n, struct notify_case *c);

/* The turn is committed: what it told is not kept any more. */
void notify_news_told(struct notify_turn *n);

/* Adds to the turn's writes that the address is gone, as found by that channel. */
void notify_news_save_gone(struct co_turn *t, const struct notify_gone_address *address,
                           const char *channel, int64_t at_us);

/* What the end of the flight of a notice showed; its texts last as long as the turn and the flight.
 */
struct notify_outage notify_news_of(const struct notify_service *s, const struct notify_flight *f,
                                    struct co_arena *arena);
