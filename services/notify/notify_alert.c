#include "notify_alert.h"

#include <stdio.h>
#include <string.h>

#include "co_text.h"

/* Level 1 is the worst of a pack. */
static const char *severity_of(uint32_t level)
{
    static const char *const words[] = { "warning", "critical", "error", "warning" };
    return level < sizeof(words) / sizeof(words[0]) ? words[level] : "info";
}

void notify_alert_of(const struct notify_message *m, struct notify_alert *ret)
{
    static const char before[] = "withdrawn/";
    const char *obligation = m->obligation;
    bool is_withdrawn = strncmp(obligation, before, sizeof(before) - 1) == 0;
    if (is_withdrawn)
        obligation += sizeof(before) - 1;
    size_t len = strcspn(obligation, "/");
    (void)snprintf(ret->name, sizeof(ret->name), "%.*s", (int)len, obligation);
    (void)co_text_copy(ret->about, sizeof(ret->about),
                       obligation[len] == '/' ? obligation + len + 1 : "");
    (void)snprintf(ret->key, sizeof(ret->key), "%s/%s", m->number, obligation);
    ret->summary = m->brief[0] != '\0' ? m->brief : m->subject;
    ret->is_over = is_withdrawn;
    ret->severity = severity_of(m->severity);
}
