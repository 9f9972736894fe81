/* dispatch_mandays.h - what a case takes of the lots of its contract.
 *
 * Pure. What a case should hold follows from its state alone: minutes for the visit that is
 * planned, or what was worked, rounded up to the contract's unit; used once the case is closed.
 * What it does hold is brought there with as few postings as needed, so that the same again posts
 * nothing, and whatever is corrected or comes late is posted back. Of several lots the one that
 * ends first is taken first; never more than is free, but for an overdraft that somebody allowed
 * by name. What no lot has is missing, and is looked for again.
 *
 * What is reserved when a lot ends stays good: it was worked, or planned, in time. Minutes.
 */
#pragma once

#include "dispatch_ledger.h"
#include "dispatch_order.h"

#define DISPATCH_MANDAYS_UNIT 30       /* where ManDayRule.unit_minutes says nothing */
#define DISPATCH_MANDAYS_VISIT 240     /* where ManDayRule.visit_minutes says nothing */
#define DISPATCH_MANDAYS_WORKED 600000 /* as many as a case can take */
#define DISPATCH_MANDAYS_RETRY_US INT64_C(3600000000)

/* Takes a command about man-days; false: it is about something else. */
bool dispatch_mandays_command(struct dispatch_order *o, const Callout__V1__CommandReceived *command,
                              int64_t at_us);

/* After every entry: a visit that is planned has minutes reserved. */
void dispatch_mandays_note_visit(struct dispatch_order *o);

/* Does what the case holds differ from what it should hold, or is something missing that may be
 * there now: at `now_us`, or as the registry is another one (`is_another`)? */
bool dispatch_mandays_wanted(const struct dispatch_order *o, bool is_another, int64_t now_us);

/* Brings what the case holds to what it should hold, and says so. The ledger has all lots of its
 * contract that are of its kind, and all that it holds something of. */
void dispatch_mandays_settle(struct dispatch_ledger *ledger, struct dispatch_order *o,
                             int64_t case_id, int64_t now_us);
