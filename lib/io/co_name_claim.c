#include "co_name_claim.h"

enum co_name co_name_claim_look(struct co_name_claim *c, int64_t process, int64_t seen_us, int64_t age_us)
{
    if (c->looks > 0 && (c->seen_us != seen_us || c->process != process))
        return CO_NAME_TAKEN;
    c->process = process;
    c->seen_us = seen_us;
    return age_us > CO_NAME_OLD_MS * INT64_C(1000) || ++c->looks >= CO_NAME_LOOKS ? CO_NAME_FREE : CO_NAME_WAIT;
}
