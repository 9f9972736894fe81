#include "notify_alert.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "co_text.h"

/* Level 1 is the worst of a pack. */
static const char *severity_of(uint32_t level)
{
    static const char *const words[] = { "warning", "critical", "error", "warning" };
    return level < sizeof(words) / sizeof(words[0]) ? words[level] : "info";
}

/* How obligations begin that are about an alert of before. That a case is closed begins none. */
static const struct {
    const char *before;
    enum notify_alert_stage stage;
} stages[] = {
    { "withdrawn/", NOTIFY_ALERT_OVER },
    { "resolved/", NOTIFY_ALERT_OVER },
    { "acknowledged/", NOTIFY_ALERT_ACKNOWLEDGED },
};

/* What follows the beginning; *ret_stage is what that means. */
static const char *read_stage(const char *obligation, enum notify_alert_stage *ret_stage)
{
    bool is_closed = strcmp(obligation, "closed") == 0;
    *ret_stage = is_closed ? NOTIFY_ALERT_OVER : NOTIFY_ALERT_BEGINS;
    for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
        size_t len = strlen(stages[i].before);
        if (strncmp(obligation, stages[i].before, len) != 0)
            continue;
        *ret_stage = stages[i].stage;
        return obligation + len;
    }
    return obligation;
}

void notify_alert_of(const struct notify_message *m, struct notify_alert *ret)
{
    const char *obligation = read_stage(m->obligation, &ret->stage);
    size_t len = strcspn(obligation, "/");
    (void)snprintf(ret->name, sizeof(ret->name), "%.*s", (int)len, obligation);
    (void)co_text_copy(ret->about, sizeof(ret->about),
                       obligation[len] == '/' ? obligation + len + 1 : "");
    (void)snprintf(ret->key, sizeof(ret->key), "%s/%s", m->number, obligation);
    ret->summary = m->brief[0] != '\0' ? m->brief : m->subject;
    ret->severity = severity_of(m->severity);
}
