/* notify_alert.h - a notice as an alert: what it is about, and whether it begins or is over. Pure.
 */
#pragma once

#include <stdbool.h>

#include "notify_send.h"

enum { NOTIFY_ALERT_TEXT = 256 };

struct notify_alert {
    char name[NOTIFY_ALERT_TEXT];  /* "breached" */
    char about[NOTIFY_ALERT_TEXT]; /* "response/1": what follows in the obligation; "": nothing */
    char key[NOTIFY_ALERT_TEXT];   /* "C-180D/breached/response/1": the same when it is over */
    const char *summary;           /* in a line; the message's */
    bool is_over;                  /* what was announced before no longer holds */
    const char *severity; /* "critical", "error", "warning", "info": by the level of the case */
};

void notify_alert_of(const struct notify_message *m, struct notify_alert *ret);
