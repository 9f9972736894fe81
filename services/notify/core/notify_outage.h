/* notify_outage.h - tells the desk that a way to people does not work, or works again.
 *
 * Pure. It is a notice of the case whose notice showed it, so that it is planned, sent by the ways
 * that work and proven as any other: "set_aside/...", "taken_back/..." and "gone/...", each with
 * the second in which that was.
 */
#pragma once

#include "notify_case.h"

enum notify_outage_kind {
    NOTIFY_OUTAGE_ASIDE, /* a server is set aside */
    NOTIFY_OUTAGE_BACK,  /* it is taken back */
    NOTIFY_OUTAGE_GONE,  /* an address is gone for good */
    NOTIFY_OUTAGES
};

struct notify_outage {
    enum notify_outage_kind kind;
    const char *channel; /* registry key */
    const char *where;   /* the server, or the registry's entry that the address stands in */
    const char *why;     /* what the other side said */
    int64_t at_us;
};

/* The case must be loaded, with all its notices. */
void notify_outage_tell(struct notify_case *c, const struct notify_outage *outage);
