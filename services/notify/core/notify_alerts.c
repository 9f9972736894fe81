#include "notify_alerts.h"

#include <string.h>

#include "co_text.h"
#include "notify_recall.h"

#define KIND(name) CALLOUT__V1__CHANNEL_KIND__CHANNEL_##name

enum { RESOLVES = 1 << 0, ACKNOWLEDGES = 1 << 1 };

/* What channels do with alerts; others have none. */
static const struct {
    Callout__V1__ChannelKind kind;
    unsigned can;
} pagers[] = {
    { KIND(PAGERDUTY), RESOLVES | ACKNOWLEDGES },
    { KIND(ALERTMANAGER), RESOLVES },
};

/* What somebody may take care of. */
static const char *const late[] = { "breached/", "escalated/", NOTIFY_UNANSWERED };

bool notify_alerts_is_sign(const struct notify_notice *n)
{
    return co_text_begins(n->obligation, "resolved/") ||
           co_text_begins(n->obligation, "acknowledged/");
}

static bool is_late(const struct notify_notice *n)
{
    bool is = false;
    for (size_t i = 0; i < sizeof(late) / sizeof(late[0]); i++)
        is = is || co_text_begins(n->obligation, late[i]);
    return is;
}

/* Does it begin an alert, at a pager that can do this? */
static bool is_alert(const struct notify_case *c, const struct notify_notice *n, unsigned can)
{
    const Callout__V1__Channel *channel = co_registry_channel(c->world->registry, n->channel);
    if (channel == NULL || n->address == NULL || n->subject == NULL || notify_alerts_is_sign(n) ||
        co_text_begins(n->obligation, "withdrawn/"))
        return false;
    for (size_t i = 0; i < sizeof(pagers) / sizeof(pagers[0]); i++)
        if (pagers[i].kind == channel->kind)
            return (pagers[i].can & can) != 0;
    return false;
}

/* Two who are told by one pager have one alert. */
static bool is_same_alert(const struct notify_notice *a, const struct notify_notice *b)
{
    return a->generation == b->generation && strcmp(a->obligation, b->obligation) == 0 &&
           strcmp(a->channel, b->channel) == 0 && strcmp(a->address, b->address) == 0;
}

static bool is_said(const struct notify_case *c, const struct notify_notice *n)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->notices[i]->address != NULL && is_same_alert(c->notices[i], n))
            return true;
    return false;
}

static void say(struct notify_case *c, const char *what, const struct notify_notice *of)
{
    struct notify_notice n = { .obligation = notify_case_text(c, "%s/%s", what, of->obligation),
                               .generation = of->generation,
                               .slot = of->slot,
                               .person = of->person,
                               .channel = of->channel,
                               .address = of->address,
                               .subject = of->subject,
                               .body = of->body };
    if (n.obligation == NULL || is_said(c, &n) ||
        notify_case_find(c, n.obligation, n.generation, n.slot) != NULL)
        return;
    struct notify_notice *added = notify_case_plan(c, &n, NULL, false);
    if (added != NULL)
        added->life.alone = true; /* told with others it would be lost */
}

void notify_alerts_close(struct notify_case *c)
{
    size_t count = c->count; /* what is said is added behind */
    for (size_t i = 0; i < count; i++) {
        struct notify_notice *n = c->notices[i];
        if (!is_alert(c, n, RESOLVES))
            continue;
        bool is_open = notify_recall_is_out(n) && !notify_recall_is_corrected(c, n);
        bool is_to_come = n->life.next_us != INT64_MAX ||
                          n->life.state == CALLOUT__V1__NOTICE_STATE__NOTICE_SENDING;
        struct notify_happening over = { .input = NOTIFY_RECALL };
        if (is_to_come && !n->life.recalled)
            (void)notify_case_happened(c, n, over, "the case is closed");
        if (is_open)
            say(c, "resolved", n);
    }
}

void notify_alerts_acknowledge(struct notify_case *c)
{
    size_t count = c->count;
    for (size_t i = 0; i < count; i++) {
        const struct notify_notice *n = c->notices[i];
        if (is_late(n) && is_alert(c, n, ACKNOWLEDGES) && notify_recall_is_out(n) &&
            !n->life.recalled && !notify_recall_is_corrected(c, n))
            say(c, "acknowledged", n);
    }
}
