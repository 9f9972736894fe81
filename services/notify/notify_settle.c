/* What came of sends: their notices are settled, tried again or go another way; what they showed of
 * servers and addresses is told. */
#include <string.h>

#include "notify_channel.h"
#include "notify_endpoint.h"
#include "notify_flight.h"
#include "notify_gone.h"
#include "notify_outage.h"
#include "notify_sql.h"
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

static const char *entry_of(struct notify_case *c, const struct notify_gone_address *a)
{
    return notify_case_text(c, "%s %s", co_kind_name(a->kind), a->key);
}

static const char *server_of(struct notify_case *c, const struct notify_turn *n,
                             const struct notify_notice *notice)
{
    char origin[NOTIFY_ORIGIN_TEXT];
    const Callout__V1__Channel *channel = co_registry_channel(n->world.registry, notice->channel);
    bool is_known =
        channel != NULL && notice->address != NULL &&
        notify_endpoint_origin(channel->kind, notify_flight_url(channel, notice), origin);
    return is_known ? notify_case_keep(c, notify_endpoint_server(origin)) : "?";
}

/* To be called before the notice goes another way. */
static struct notify_outage outage_of(const struct notify_turn *n, struct notify_case *c,
                                      const struct notify_flight *f,
                                      const struct notify_notice *notice)
{
    bool is_aside = f->outcome.change == NOTIFY_CIRCUIT_ASIDE;
    return (struct notify_outage){
        .kind = f->is_news ? NOTIFY_OUTAGE_GONE
                : is_aside ? NOTIFY_OUTAGE_ASIDE
                           : NOTIFY_OUTAGE_BACK,
        .channel = notice->channel,
        .where = f->is_news ? entry_of(c, f->address) : server_of(c, n, notice),
        .why = f->outcome.detail,
        .at_us = f->ended_us,
    };
}

static void save_gone(struct co_turn *t, const struct notify_flight *f, const char *channel)
{
    (void)co_batch_add(t->writes, &notify_sql[notify_sql_add_gone]);
    co_batch_text(t->writes, f->address->address);
    co_batch_int2(t->writes, (int)f->address->kind);
    co_batch_text(t->writes, f->address->key);
    co_batch_int8(t->writes, (int64_t)f->address->since);
    co_batch_text(t->writes, channel);
    co_batch_us(t->writes, f->ended_us);
}

/* CO_EAGAIN: the policy of the case is being fetched. A case without one has a desk, too. */
static enum co_err settle_with_news(struct notify_turn *n, struct notify_case *c,
                                    const struct notify_flight *f, struct notify_notice *notice)
{
    enum co_err err = notify_turn_versions(n, c);
    if (err == CO_EAGAIN)
        return err;
    struct notify_outage outage = outage_of(n, c, f, notice);
    if (f->is_news)
        save_gone(n->t, f, notice->channel);
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
        if (is_meant && notify_flight_is_news(f))
            err = settle_with_news(n, c, f, notice);
        else if (is_meant)
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
