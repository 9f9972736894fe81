#include "co_lease_plan.h"

#include "co_assert.h"

size_t co_lease_share(size_t lanes, size_t live, size_t me)
{
    co_assert(live > 0 && me < live);
    return lanes / live + (me < lanes % live ? 1 : 0);
}

void co_lease_plan(const struct co_lease_lane *lane, size_t lanes, size_t live, size_t me, bool *ret_take,
                   bool *ret_release)
{
    size_t share = co_lease_share(lanes, live, me);
    size_t have = 0;
    for (size_t i = 0; i < lanes; i++)
        have += lane[i].owner == (int)me;

    for (size_t i = 0; i < lanes; i++) {
        ret_take[i] = false;
        ret_release[i] = false;
    }
    /* Start at a place of one's own, so that instances starting together reach for different lanes. */
    size_t from = me * lanes / live;
    for (size_t k = 0; k < lanes && have < share; k++) {
        size_t i = (from + k) % lanes;
        if (lane[i].owner < 0) {
            ret_take[i] = true;
            have++;
        }
    }
    for (size_t i = lanes; i > 0 && have > share; i--)
        if (lane[i - 1].owner == (int)me) {
            ret_release[i - 1] = true;
            have--;
        }
}
