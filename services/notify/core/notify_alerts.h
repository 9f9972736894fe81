/* notify_alerts.h - alerts at pagers: what was told there stays open until it is said to be over.
 *
 * Pure. When a case is closed every alert of it is resolved, and one that was not sent yet is not
 * sent any more; when somebody takes care of what is late, pagers that know such a thing are told.
 * Each is a notice of its own, "resolved/..." or "acknowledged/..." of what began the alert, in its
 * words, to the same person by the same channel and by no other.
 */
#pragma once

#include "notify_case.h"

/* The case is closed; to be called before its closing is told. */
void notify_alerts_close(struct notify_case *c);

/* Somebody takes care of what is late. */
void notify_alerts_acknowledge(struct notify_case *c);

/* Is it a notice of that kind? It tells a pager, not a person: it goes no other way. */
bool notify_alerts_is_sign(const struct notify_notice *n);
