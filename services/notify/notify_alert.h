/* notify_alert.h - a notice as an alert: what it is about, and whether it begins or is over. Pure.
 */
#pragma once

#include "notify_send.h"

enum { NOTIFY_ALERT_TEXT = 256 };

enum notify_alert_stage {
    NOTIFY_ALERT_BEGINS,
    NOTIFY_ALERT_ACKNOWLEDGED, /* somebody takes care of it */
    NOTIFY_ALERT_OVER          /* it no longer holds, or its case is closed */
};

struct notify_alert {
    char name[NOTIFY_ALERT_TEXT];  /* "breached" */
    char about[NOTIFY_ALERT_TEXT]; /* "response/1": what follows in the obligation; "": nothing */
    char key[NOTIFY_ALERT_TEXT];   /* "C-180D/breached/response/1": the same at every stage */
    const char *summary;           /* in a line; the message's */
    enum notify_alert_stage stage;
    const char *severity; /* "critical", "error", "warning", "info": by the level of the case */
};

void notify_alert_of(const struct notify_message *m, struct notify_alert *ret);
