/* notify_channel.h - what a way of sending is: one row per channel kind.
 *
 * A channel turns a message into a curl transfer, and its end into an outcome. It knows
 * nothing of queues, states or the database; notify_send.c knows nothing of SMTP or HTTP.
 */
#pragma once

#include <curl/curl.h>
#include <stdbool.h>

#include "co_buf.h"
#include "co_curl.h"
#include "notify_send.h"

struct notify_links;

/* One attempt in the air. Owned by notify_send.c; the channel fills what is below the line. */
struct notify_job {
    struct notify_job *next;
    struct notify_job *previous;
    struct notify_send *sender;
    struct notify_endpoint *endpoint;
    const struct notify_channel *channel;
    const struct notify_send_options *options;
    struct notify_message message; /* its texts lie in `block` */
    char *block;
    void *tag;
    int64_t wall_us;     /* real time of the attempt */
    uint64_t started_ms; /* loop time */
    struct co_curl *curl;
    struct notify_links *links;
    void (*ended)(struct notify_job *job); /* to be called at the end of talk() */
    /* ---- */
    CURL *easy; /* of a transfer that ends with the attempt */
    struct co_buf payload;
    struct curl_slist *headers;
    struct co_buf answer; /* the beginning of the body of an answer */
    size_t answer_bytes;  /* of all of it */
    bool is_inside;       /* an address was refused as being of the inside */
    struct notify_mailing *mailing;
};

/* Gives the job copies of its message's texts. False: out of memory. */
bool notify_job_copy(struct notify_job *job);

/* Frees the job, which was stopped or never started. */
void notify_job_free(struct notify_job *job);

struct notify_channel {
    const char *name;
    Callout__V1__ChannelKind kind;
    enum notify_on_unknown on_unknown;
    uint32_t in_flight;    /* attempts in the air at once, all servers together */
    uint32_t per_endpoint; /* at one server */
    uint32_t per_minute; /* messages, where the channel in the registry says nothing; 0: no limit */
    /* Starts an attempt: adds a transfer to job->curl, with the job as its CURLOPT_PRIVATE, or goes
     * on over a connection that it has kept, as talk() does. False: nothing is under way;
     * *ret_outcome says why, out of memory where it was left alone. */
    bool (*start)(struct notify_job *job, struct notify_outcome *ret_outcome);
    /* Called when the transfer has ended well; goes on with the connection by itself and calls
     * job->ended(), not before it has returned. May be NULL. False: it ended at once. */
    bool (*talk)(struct notify_job *job);
    /* What the end of it all means; `code` is that of the transfer. False: nothing, as nothing was
     * handed over and a connection kept from before is to blame; it is stopped and started anew at
     * once. Never said twice in a row. */
    bool (*judge)(struct notify_job *job, CURLcode code, struct notify_outcome *ret_outcome);
    /* Called several times a second while in the air; may call job->ended(). May be NULL. */
    void (*tick)(struct notify_job *job, uint64_t elapsed_ms);
    /* Lets go of the transfer and the connection, at any stage of what start() began. */
    void (*stop)(struct notify_job *job);
    /* Frees what start() and talk() made, stopped before. May be NULL. */
    void (*clear)(struct notify_job *job);
};

/* The row of that kind; NULL: no such channel. */
const struct notify_channel *notify_channel_find(Callout__V1__ChannelKind kind);

#define NOTIFY_CHANNEL_KINDS (CALLOUT__V1__CHANNEL_KIND__CHANNEL_ALERTMANAGER + 1)

extern const struct notify_channel notify_channel_smtp, notify_channel_webhook,
    notify_channel_dingtalk, notify_channel_wecom, notify_channel_feishu, notify_channel_sms,
    notify_channel_pagerduty, notify_channel_alertmanager;

/* Writes an outcome; `detail` is cleaned: printable, valid UTF-8, no mail address. */
void notify_outcome_set(struct notify_outcome *o, enum notify_input input, const char *detail);
