#include "co_writer.h"

#include <stddef.h>

/* Acts that are not sla's. */
static const struct owner {
    Callout__V1__Act act;
    const char *service;
} owners[] = {
    { CALLOUT__V1__ACT__ACT_ACCEPT, "dispatch" },
    { CALLOUT__V1__ACT__ACT_DECLINE, "dispatch" },
    { CALLOUT__V1__ACT__ACT_CONFIRM_ORDER, "dispatch" },
    { CALLOUT__V1__ACT__ACT_NAME_ENGINEER, "dispatch" },
    { CALLOUT__V1__ACT__ACT_RECALL, "dispatch" },
    { CALLOUT__V1__ACT__ACT_BOOK, "dispatch" },
    { CALLOUT__V1__ACT__ACT_UNBOOK, "dispatch" },
    { CALLOUT__V1__ACT__ACT_WORKED, "dispatch" },
    { CALLOUT__V1__ACT__ACT_DEDUCT_FROM, "dispatch" },
    { CALLOUT__V1__ACT__ACT_ALLOW_OVERDRAFT, "dispatch" },
    { CALLOUT__V1__ACT__ACT_RESEND_NOTICE, "notify" },
};

/* Kinds by their numbers: those of a range that are another's come before it. Verdicts are their act's. */
static const struct span {
    int first, last;
    const char *service;
} spans[] = {
    { CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED, CALLOUT__V1__EVENT__BODY_REGISTRY_APPLIED, "intake" },
    { CALLOUT__V1__EVENT__BODY_NOTICE_RESEND_ASKED, CALLOUT__V1__EVENT__BODY_NOTICE_RESEND_ASKED, "intake" },
    { CALLOUT__V1__EVENT__BODY_CASE_OPENED, CALLOUT__V1__EVENT__BODY_NOT_SERVED, "sla" },
    { CALLOUT__V1__EVENT__BODY_ACT_MADE, CALLOUT__V1__EVENT__BODY_ACT_MADE, "sla" },
    { CALLOUT__V1__EVENT__BODY_STEP_HANDED_OVER, CALLOUT__V1__EVENT__BODY_SESSION_CHANGED, "sla" },
    { CALLOUT__V1__EVENT__BODY_SITE_LOCATED, CALLOUT__V1__EVENT__BODY_ARRIVAL_AT_RISK, "dispatch" },
    { CALLOUT__V1__EVENT__BODY_LOT_POSTED, CALLOUT__V1__EVENT__BODY_NOBODY_TO_BOOK, "dispatch" },
    { CALLOUT__V1__EVENT__BODY_NOTICE_PLANNED, CALLOUT__V1__EVENT__BODY_NOTICE_RESENT, "notify" },
};

const char *co_writer_of_act(Callout__V1__Act act)
{
    for (size_t i = 0; i < sizeof(owners) / sizeof(owners[0]); i++)
        if (owners[i].act == act)
            return owners[i].service;
    return "sla";
}

const char *co_writer_of(const Callout__V1__Event *event)
{
    int kind = (int)event->body_case;
    if (kind == CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED)
        return co_writer_of_act(event->command_applied->act);
    if (kind == CALLOUT__V1__EVENT__BODY_COMMAND_REFUSED)
        return co_writer_of_act(event->command_refused->act);
    for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
        if (kind >= spans[i].first && kind <= spans[i].last)
            return spans[i].service;
    return "";
}
