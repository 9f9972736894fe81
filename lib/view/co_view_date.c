/* When what a case is about takes place: as it was reported, or as it was last moved. */
#include <string.h>

#include "co_view_fold.h"

enum co_err co_view_rescheduled(struct co_view_fold *f, const Callout__V1__CommandReceived *command)
{
    const Callout__V1__CommandReceived **list = co_view_room(f, f->rescheduled, f->n_rescheduled);
    if (list == NULL)
        return CO_ENOMEM;
    list[f->n_rescheduled++] = command;
    f->rescheduled = list;
    return CO_OK;
}

static bool is_applied(const Callout__V1__CaseView *v, uint64_t command_id)
{
    for (size_t i = 0; i < v->n_history; i++)
        if (v->history[i]->command_id == command_id)
            return strcmp(v->history[i]->outcome, "applied") == 0;
    return false;
}

void co_view_conclude_date(struct co_view_fold *f)
{
    int64_t said_us = 0;
    for (size_t i = 0; i < f->n_rescheduled; i++) {
        const Callout__V1__CommandReceived *c = f->rescheduled[i];
        if (c->occurred_us < said_us || !is_applied(f->view, c->command_id))
            continue;
        said_us = c->occurred_us;
        f->view->dated_us = c->from_us;
        f->view->dated_until_us = c->until_us;
    }
}
