#include "notify_news.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_time.h"
#include "notify_endpoint.h"
#include "notify_flight.h"
#include "notify_gone.h"
#include "notify_outage.h"
#include "notify_sql.h"

enum { NEWS_MAX = 16, NAME_TEXT = 160 };

struct item {
    enum notify_outage_kind kind;
    char channel[NAME_TEXT];
    char where[NOTIFY_ORIGIN_TEXT];
    char why[NOTIFY_DETAIL_TEXT];
    int64_t at_us;
    struct notify_gone_address *address; /* that is gone, and not written down yet; else NULL */
};

struct notify_news {
    int lane; /* whose turn tells them: one lane is in one turn at a time; -1: none yet */
    size_t count;
    struct item item[NEWS_MAX]; /* the oldest first */
};

struct notify_news *notify_news_new(void)
{
    struct notify_news *news = calloc(1, sizeof(*news));
    if (news != NULL)
        news->lane = -1;
    return news;
}

static void drop_first(struct notify_news *news, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(news->item[i].address);
    news->count -= count;
    memmove(news->item, news->item + count, news->count * sizeof(news->item[0]));
}

void notify_news_free(struct notify_news *news)
{
    if (news != NULL)
        drop_first(news, news->count);
    free(news);
}

bool notify_news_is_for(struct notify_service *s, int lane)
{
    struct notify_news *news = s->news;
    bool is_taken = news->lane >= 0 && co_worker_owns(co_daemon_worker(s->daemon), news->lane);
    if (news->count > 0 && !is_taken)
        news->lane = lane;
    return news->count > 0 && news->lane == lane;
}

/* ---- what a flight showed ---- */

static enum notify_outage_kind kind_of(const struct notify_flight *f)
{
    if (f->is_news)
        return NOTIFY_OUTAGE_GONE;
    return f->outcome.change == NOTIFY_CIRCUIT_ASIDE ? NOTIFY_OUTAGE_ASIDE : NOTIFY_OUTAGE_BACK;
}

/* The server, or the entry of the registry that has the address. */
static void write_where(const struct notify_service *s, const struct notify_flight *f,
                        char to[static NOTIFY_ORIGIN_TEXT])
{
    char origin[NOTIFY_ORIGIN_TEXT];
    const struct co_registry *registry = co_registry_feed_get(co_daemon_feed(s->daemon));
    const Callout__V1__Channel *channel = co_registry_channel(registry, f->channel);
    bool is_known = channel != NULL && notify_endpoint_origin(channel->kind, f->url, origin);
    if (f->is_news)
        (void)snprintf(to, NOTIFY_ORIGIN_TEXT, "%s %s", co_kind_name(f->address->kind),
                       f->address->key);
    else
        (void)snprintf(to, NOTIFY_ORIGIN_TEXT, "%s",
                       is_known ? notify_endpoint_server(origin) : "?");
}

struct notify_outage notify_news_of(const struct notify_service *s, const struct notify_flight *f,
                                    struct co_arena *arena)
{
    char where[NOTIFY_ORIGIN_TEXT];
    write_where(s, f, where);
    return (struct notify_outage){ .kind = kind_of(f),
                                   .channel = f->channel,
                                   .where = co_arena_strdup(arena, where),
                                   .why = f->outcome.detail,
                                   .at_us = f->ended_us };
}

/* ---- keeping ---- */

/* What is told under one name in one second is told once: they stand a second apart. */
static int64_t own_second(const struct notify_news *news, enum notify_outage_kind kind,
                          int64_t at_us)
{
    for (size_t i = 0; i < news->count; i++)
        if (news->item[i].kind == kind &&
            news->item[i].at_us / CO_SECOND_US >= at_us / CO_SECOND_US)
            at_us = news->item[i].at_us + CO_SECOND_US;
    return at_us;
}

void notify_news_keep(struct notify_service *s, const struct notify_flight *f)
{
    struct notify_news *news = s->news;
    if (!notify_flight_is_news(f) || news->count == NEWS_MAX)
        return;
    struct item *x = &news->item[news->count];
    *x = (struct item){ .kind = kind_of(f) };
    x->at_us = own_second(news, x->kind, f->ended_us);
    write_where(s, f, x->where);
    (void)snprintf(x->channel, sizeof(x->channel), "%s", f->channel);
    (void)snprintf(x->why, sizeof(x->why), "%s", f->outcome.detail);
    if (f->is_news)
        x->address = notify_gone_address_new(f->address->address, f->address->kind, f->address->key,
                                             f->address->since);
    news->count++;
}

/* ---- telling ---- */

void notify_news_save_gone(struct co_turn *t, const struct notify_gone_address *address,
                           const char *channel, int64_t at_us)
{
    (void)co_batch_add(t->writes, &notify_sql[notify_sql_add_gone]);
    co_batch_text(t->writes, address->address);
    co_batch_int2(t->writes, (int)address->kind);
    co_batch_text(t->writes, address->key);
    co_batch_int8(t->writes, (int64_t)address->since);
    co_batch_text(t->writes, channel);
    co_batch_us(t->writes, at_us);
}

enum co_err notify_news_tell(struct notify_turn *n, struct notify_case *c)
{
    const struct notify_news *news = n->service->news;
    if (news->lane != n->t->lane)
        return CO_OK;
    enum co_err err = n->news_told < news->count ? notify_turn_versions(n, c) : CO_OK;
    if (err == CO_EAGAIN)
        return err;
    for (; n->news_told < news->count; n->news_told++) {
        const struct item *x = &news->item[n->news_told];
        struct notify_outage outage = { x->kind, x->channel, x->where, x->why, x->at_us };
        if (x->address != NULL)
            notify_news_save_gone(n->t, x->address, x->channel, x->at_us);
        notify_outage_tell(c, &outage);
    }
    return CO_OK;
}

void notify_news_told(struct notify_turn *n)
{
    struct notify_news *news = n->service->news;
    if (n->news_told > 0)
        news->lane = -1;
    drop_first(news, n->news_told);
}
