#include "notify_rosters.h"

enum co_err notify_rosters_refresh(struct notify_rosters *n, const struct co_registry *registry)
{
    struct co_rosters *rosters = NULL;
    if (n->rosters != NULL && n->changes == co_registry_changes(registry))
        return CO_OK;
    enum co_err err = co_rosters_new(registry, &rosters);
    if (err != CO_OK)
        return err;
    notify_rosters_done(n);
    *n = (struct notify_rosters){ rosters, co_registry_changes(registry) };
    return CO_OK;
}

void notify_rosters_done(struct notify_rosters *n)
{
    co_rosters_free(n->rosters);
    n->rosters = NULL;
}
