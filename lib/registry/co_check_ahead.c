/* What the protocol has words for and no service acts on yet: it is refused, so that nobody relies
 * on it. */
#include "co_check.h"

static void refuse(struct co_check *c, const char *field, bool is_there)
{
    if (is_there)
        check_say(c, field, "leave it out", "nothing acts on it in this release");
}

void check_ahead(struct co_check *c, const Callout__V1__RegistryObject *m)
{
    if ((int)m->object_case == (int)CO_KIND_CONTRACT)
        refuse(c, "excluded_causes", m->contract->n_excluded_causes > 0);
}
