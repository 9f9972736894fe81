#include "co_pack.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

const Callout__V1__Milestone *co_pack_milestone(const Callout__V1__PolicyPack *pack,
                                                const char *name)
{
    for (size_t i = 0; i < pack->n_milestones; i++)
        if (strcmp(pack->milestones[i]->name, name) == 0)
            return pack->milestones[i];
    return NULL;
}

struct list {
    Callout__V1__Action *const *actions;
    size_t count;
};

static struct list list_of(const Callout__V1__Milestone *m, const char *trigger)
{
    static const char warning[] = "warning ";
    if (strcmp(trigger, "breach") == 0)
        return (struct list){ m->on_breach, m->n_on_breach };
    if (strcmp(trigger, "warning") == 0)
        return (struct list){ m->on_warning, m->n_on_warning };
    if (strncmp(trigger, warning, sizeof(warning) - 1) != 0)
        return (struct list){ NULL, 0 };
    unsigned long n = strtoul(trigger + sizeof(warning) - 1, NULL, 10);
    if (n < 1 || n > m->n_warnings)
        return (struct list){ NULL, 0 };
    const Callout__V1__Threshold *t = m->warnings[n - 1];
    return (struct list){ t->actions, t->n_actions };
}

const Callout__V1__Action *co_pack_action(const Callout__V1__PolicyPack *pack,
                                          const char *milestone, const char *trigger,
                                          uint32_t index)
{
    const Callout__V1__Milestone *m = co_pack_milestone(pack, milestone);
    struct list list = m == NULL ? (struct list){ NULL, 0 } : list_of(m, trigger);
    return index < list.count ? list.actions[index] : NULL;
}

const Callout__V1__EscalationStep *co_pack_step(const Callout__V1__PolicyPack *pack,
                                                const char *milestone, uint32_t step)
{
    const Callout__V1__Milestone *m = co_pack_milestone(pack, milestone);
    if (m == NULL || m->n_ladder == 0)
        return NULL;
    return m->ladder[step < m->n_ladder ? step : m->n_ladder - 1];
}

const Callout__V1__Step *co_pack_duty(const Callout__V1__PolicyPack *pack, const char *key)
{
    for (size_t i = 0; i < pack->n_steps; i++)
        if (strcmp(pack->steps[i]->key, key) == 0)
            return pack->steps[i];
    return NULL;
}
