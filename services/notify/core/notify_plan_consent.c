/* Notices about consent to remote access. */
#include <inttypes.h>
#include <string.h>

#include "co_text.h"
#include "notify_plan_impl.h"
#include "notify_recall.h"

const char *notify_plan_consent_family(struct notify_case *c, uint32_t ordinal)
{
    return notify_case_text(c, "consent/%" PRIu32, ordinal);
}

static bool asks_for_consent(const char *obligation, const char *key)
{
    static const char lead[] = "consent/";
    if (!co_text_begins(obligation, lead))
        return false;
    const char *state = strchr(obligation + sizeof(lead) - 1, '/');
    return state != NULL && co_text_begins(state, "/asked/") &&
           strcmp(state + strlen("/asked/"), key) == 0;
}

/* Nobody needs to be asked any more. */
static void end_question(struct notify_case *c, const char *key)
{
    for (size_t i = 0; i < c->count; i++)
        if (asks_for_consent(c->notices[i]->obligation, key))
            notify_recall_unsent(c, c->notices[i]->obligation, "answered meanwhile");
}

void notify_plan_consent(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__ConsentChanged *k = e->consent_changed;
    const char *family = notify_plan_consent_family(c, k->ordinal);
    const char *key = k->consent != NULL ? k->consent->key : "";
    struct notify_occasion o =
        notify_plan_occasion(c, e, CALLOUT__V1__NOTICE_ON__NOTICE_ON_CONSENT, "", 0);
    if (family == NULL)
        return;
    if (strcmp(k->state, "asked") != 0)
        end_question(c, key);
    o.what = k->state;
    o.reached_us = k->changed_us;
    o.generation = 1 + notify_case_times_gone(c, family);
    o.obligation = notify_case_text(c, "%s/%s/%s", family, k->state, key);
    if (o.obligation != NULL)
        (void)notify_tell_by_rules(c, &o);
}
