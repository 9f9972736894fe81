/* What came of sends: their notices are settled, tried again or go another way; what they showed of
 * servers and addresses is told. */
#include <string.h>

#include "notify_channel.h"
#include "notify_flight.h"
#include "notify_news.h"
#include "notify_outage.h"
#include "notify_turn.h"
#include "store.h"

/* One whose channel left the registry is not tried there again: the next attempt says so. */
static enum notify_on_unknown on_unknown(const struct notify_turn *n,
                                         const struct notify_notice *notice)
{
    const Callout__V1__Channel *c = co_registry_channel(n->world.registry, notice->channel);
    const struct notify_channel *channel = c == NULL ? NULL : notify_channel_find(c->kind);
    return channel == NULL ? NOTIFY_REPEAT_WITH_KEY : channel->on_unknown;
}

/* The happening that is the end of that flight. */
static struct notify_happening end_of(const struct notify_turn *n, const struct notify_flight *f,
                                      const struct notify_notice *notice)
{
    return (struct notify_happening){ .input = f->outcome.input,
                                      .retry_after_us = f->outcome.retry_after_us * n->world.pace,
                                      .on_unknown = on_unknown(n, notice) };
}

/* ---- what it showed ---- */

/* CO_EAGAIN: the policy of the case is being fetched. A case without one has a desk, too. */
static enum co_err settle_with_news(struct notify_turn *n, struct notify_case *c,
                                    const struct notify_flight *f, struct notify_notice *notice)
{
    enum co_err err = notify_turn_versions(n, c);
    if (err == CO_EAGAIN)
        return err;
    struct notify_outage outage = notify_news_of(n->service, f, n->t->arena);
    if (f->is_news)
        notify_news_save_gone(n->t, f->address, f->channel, f->ended_us);
    (void)notify_case_happened(c, notice, end_of(n, f, notice), f->outcome.detail);
    if (outage.where != NULL)
        notify_outage_tell(c, &outage);
    return CO_OK;
}

enum co_err notify_settle_flights(struct notify_turn *n)
{
    enum co_err err = CO_OK;
    for (size_t i = 0; err == CO_OK && i < n->t->local_count; i++) {
        const struct notify_flight *f = n->t->locals[i].what;
        struct notify_case *c = f->is_takeover ? NULL : notify_open_find(n, f->case_id);
        struct notify_notice *notice =
            c == NULL ? NULL : notify_case_find(c, f->obligation, f->generation, f->slot);
        bool is_meant = notice != NULL && notice->life.attempts == f->attempts &&
                        notice->life.state == CALLOUT__V1__NOTICE_STATE__NOTICE_SENDING;
        if (c != NULL && c->is_whole)
            err = notify_news_tell(n, c);
        if (err == CO_OK && is_meant && notify_flight_is_news(f))
            err = settle_with_news(n, c, f, notice);
        else if (err == CO_OK && is_meant)
            (void)notify_case_happened(c, notice, end_of(n, f, notice), f->outcome.detail);
    }
    return err;
}

/* ---- what somebody else was sending ---- */

/* One notice that was being sent when the lane came to us: if that was by us, before we lost it,
 * its outcome may have been waiting. */
static void inherit(struct notify_turn *n, struct notify_case *c, struct notify_notice *notice)
{
    const struct notify_flight *f = notify_flight_find(n->service, c->case_id, notice);
    struct notify_happening h = { .input = NOTIFY_LOST, .on_unknown = on_unknown(n, notice) };
    if (f != NULL && !f->is_waiting)
        return;
    if (f != NULL)
        h = end_of(n, f, notice);
    (void)notify_case_happened(c, notice, h,
                               f != NULL ? f->outcome.detail : "whoever was sending it is gone");
}

enum co_err notify_settle_left(struct notify_turn *n)
{
    const PGresult *res = notify_open_result(n, n->sending_at);
    for (int row = 0; res != NULL && row < PQntuples(res); row++) {
        struct notify_notice notice;
        int64_t case_id = notify_store_notice(res, row, &notice);
        struct notify_case *c = notify_open_find(n, case_id);
        if (c == NULL && (c = notify_open_add(n, case_id)) == NULL)
            return CO_ENOMEM;
        struct notify_notice *found =
            notify_case_find(c, notice.obligation, notice.generation, notice.slot);
        if (found == NULL && (found = notify_case_add(c, &notice)) == NULL)
            return CO_ENOMEM;
        bool is_sending = found->life.state == CALLOUT__V1__NOTICE_STATE__NOTICE_SENDING;
        if (is_sending) /* else its outcome came in this very turn */
            inherit(n, c, found);
    }
    return CO_OK;
}
