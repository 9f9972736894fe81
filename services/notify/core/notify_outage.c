#include "notify_outage.h"

#include <inttypes.h>

#include "co_time.h"
#include "notify_tell.h"

static const struct {
    const char *name;
    enum notify_house words;
} kinds[NOTIFY_OUTAGES] = {
    [NOTIFY_OUTAGE_ASIDE] = { "set_aside", NOTIFY_HOUSE_ASIDE },
    [NOTIFY_OUTAGE_BACK] = { "taken_back", NOTIFY_HOUSE_BACK },
    [NOTIFY_OUTAGE_GONE] = { "gone", NOTIFY_HOUSE_GONE },
};

void notify_outage_tell(struct notify_case *c, const struct notify_outage *outage)
{
    static const Callout__V1__Event none = CALLOUT__V1__EVENT__INIT;
    struct notify_occasion o = { .event = &none, .milestone = "", .what = outage->why };
    o.obligation =
        notify_case_text(c, "%s/%" PRId64, kinds[outage->kind].name, outage->at_us / CO_SECOND_US);
    o.told = notify_case_text(c, "%s (%s)", outage->channel, outage->where);
    if (o.obligation != NULL && o.told != NULL)
        notify_tell_role(c, &o, CALLOUT__V1__ROLE__ROLE_DESK, kinds[outage->kind].words);
}
