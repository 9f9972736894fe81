/* What concerns many cases at once: exclusions and calendars; and the hardware that is waited for.
 */
#include "co_view_fold.h"

#include <string.h>

static Callout__V1__ExclusionView *find_exclusion(const Callout__V1__CaseView *v, const char *key)
{
    for (size_t i = 0; i < v->n_exclusions; i++)
        if (strcmp(v->exclusions[i]->exclusion->key, key) == 0)
            return v->exclusions[i];
    return NULL;
}

/* Said again it replaces what was said before. */
static enum co_err put_exclusion(struct co_view_fold *f, Callout__V1__Exclusion *x, bool withdrawn)
{
    Callout__V1__CaseView *v = f->view;
    Callout__V1__ExclusionView *view = x == NULL ? NULL : find_exclusion(v, x->key);
    if (x == NULL)
        return CO_OK;
    if (view == NULL) {
        Callout__V1__ExclusionView **list = co_view_room(f, v->exclusions, v->n_exclusions);
        view = co_arena_alloc(f->arena, sizeof(*view));
        if (list == NULL || view == NULL)
            return CO_ENOMEM;
        callout__v1__exclusion_view__init(view);
        list[v->n_exclusions++] = view;
        v->exclusions = list;
    }
    view->exclusion = x;
    view->withdrawn = withdrawn;
    return CO_OK;
}

enum co_err co_view_open_wide(struct co_view_fold *f)
{
    enum co_err err = CO_OK;
    for (size_t i = 0; i < f->opened->n_exclusions && err == CO_OK; i++)
        err = put_exclusion(f, f->opened->exclusions[i], false);
    return err;
}

enum co_err co_view_excluded(struct co_view_fold *f, const struct co_view_entry *e)
{
    return put_exclusion(f, e->event->excluded->exclusion, e->event->excluded->withdrawn);
}

enum co_err co_view_rebased(struct co_view_fold *f, const struct co_view_entry *e)
{
    f->view->rebased = e->event->calendar_rebased;
    return CO_OK;
}

void co_view_conclude_hardware(Callout__V1__CaseView *v)
{
    int64_t said_us = 0;
    for (size_t i = 0; i < v->n_history; i++) {
        const Callout__V1__HistoryRow *h = v->history[i];
        bool is_expected = h->act == CALLOUT__V1__ACT__ACT_HARDWARE_EXPECTED;
        bool is_about = is_expected || h->act == CALLOUT__V1__ACT__ACT_HARDWARE_READY;
        if (!is_about || strcmp(h->outcome, "applied") != 0 || h->occurred_us < said_us)
            continue;
        said_us = h->occurred_us;
        v->hardware_expected_us = is_expected ? h->agreed_us : 0;
    }
}
