/* channel_smtp.c - a notice as a mail, over a connection of notify_smtp_link.h, new or kept. On a
 * new one curl speaks first; then we do (notify_smtp.h).
 */
#include <stdlib.h>
#include <string.h>

#include "co_address.h"
#include "notify_channel.h"
#include "notify_mime.h"
#include "notify_smtp.h"
#include "notify_smtp_link.h"

enum { OUT_BYTES = 128 * 1024, CODE_BAD = 400, CODE_NEVER = 500 };

/* One mail in the air. */
struct notify_mailing {
    struct notify_link *link; /* NULL: before and after */
    bool wants_fresh;         /* a connection that was kept has failed it */
    bool is_talking;          /* we speak, not curl */
    struct notify_smtp smtp;
    struct co_buf out;
    size_t out_sent;
};

/* ---- while we speak ---- */

static bool is_all_out(const struct notify_mailing *g)
{
    return g->out_sent == g->out.len;
}

/* False: the connection is gone. */
static bool flush(struct notify_mailing *g)
{
    while (!is_all_out(g)) {
        size_t sent = 0;
        CURLcode code =
            notify_link_send(g->link, g->out.data + g->out_sent, g->out.len - g->out_sent, &sent);
        g->out_sent += sent;
        if (code == CURLE_AGAIN)
            return true;
        if (code != CURLE_OK)
            return false;
    }
    co_buf_clear(&g->out);
    g->out_sent = 0;
    return true;
}

/* Reads and answers until there is nothing to read. False: the connection is gone. */
static bool converse(struct notify_mailing *g)
{
    char bytes[4096];
    while (g->smtp.stage != NOTIFY_SMTP_ENDED) {
        size_t got = 0;
        CURLcode code = notify_link_recv(g->link, bytes, sizeof(bytes), &got);
        if (code == CURLE_AGAIN)
            return true;
        if (code != CURLE_OK || got == 0)
            return false;
        notify_smtp_take(&g->smtp, bytes, got, is_all_out(g), &g->out);
        if (!flush(g))
            return false;
    }
    return true;
}

static void on_ready(void *arg)
{
    struct notify_job *job = arg;
    struct notify_mailing *g = job->mailing;
    bool is_well = flush(g) && converse(g);
    if (is_well && g->smtp.stage != NOTIFY_SMTP_ENDED)
        is_well = notify_link_watch(g->link, !is_all_out(g), on_ready, job);
    if (!is_well)
        notify_smtp_lost(&g->smtp, is_all_out(g));
    if (g->smtp.stage == NOTIFY_SMTP_ENDED)
        job->ended(job);
}

/* False: the connection is of no use. */
static bool begin_talk(struct notify_job *job)
{
    struct notify_mailing *g = job->mailing;
    struct notify_smtp_mail mail = { job->message.from, job->message.to,
                                     (const char *)job->payload.data, job->payload.len };
    g->is_talking = true;
    notify_smtp_begin(&g->smtp, &mail, notify_link_line(g->link), &g->out);
    return flush(g) && notify_link_watch(g->link, !is_all_out(g), on_ready, job);
}

static bool talk(struct notify_job *job)
{
    if (notify_link_begin(job->mailing->link) && begin_talk(job))
        return true;
    notify_smtp_lost(&job->mailing->smtp, false);
    return false;
}

/* How long the talk may have taken by now. What was kept must be quick to show that it is alive. */
static uint64_t limit_ms(const struct notify_mailing *g, const struct notify_send_options *options)
{
    if (g->smtp.line != NOTIFY_SMTP_FRESH && g->smtp.stage <= NOTIFY_SMTP_MAIL)
        return options->connect_ms;
    bool is_final = g->smtp.stage == NOTIFY_SMTP_BODY && is_all_out(g);
    return (uint64_t)options->smtp_talk_ms + (is_final ? options->smtp_final_ms : 0);
}

static void tick(struct notify_job *job, uint64_t elapsed_ms)
{
    struct notify_mailing *g = job->mailing;
    if (!g->is_talking || elapsed_ms <= limit_ms(g, job->options))
        return; /* as long as curl speaks, it keeps the time */
    notify_smtp_lost(&g->smtp, is_all_out(g));
    job->ended(job);
}

/* ---- the beginning ---- */

static bool write_mail(struct notify_job *job)
{
    const struct notify_message *m = &job->message;
    struct notify_mail mail = { m->from,    m->to,   m->name, m->key,       m->number,
                                m->subject, m->body, m->html, m->planned_us };
    co_buf_init(&job->payload, NOTIFY_MIME_BYTES);
    return notify_mime_write(&mail, &job->payload) == CO_OK;
}

static bool prepare(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    const struct notify_message *m = &job->message;
    if (!co_address_is_mail(m->to) || !co_address_is_mail(m->from)) {
        notify_outcome_set(ret_outcome, NOTIFY_REFUSED, "not a plain mail address");
        return false;
    }
    if (!co_address_is_mail_server(m->url)) {
        notify_outcome_set(ret_outcome, NOTIFY_REFUSED, "not a plain smtp or smtps address");
        return false;
    }
    job->mailing = calloc(1, sizeof(*job->mailing));
    if (job->mailing == NULL)
        return false;
    co_buf_init(&job->mailing->out, OUT_BYTES);
    return write_mail(job);
}

static void give_back(struct notify_mailing *g)
{
    bool is_over = g->is_talking && g->smtp.stage == NOTIFY_SMTP_ENDED;
    notify_link_give_back(g->link, is_over ? g->smtp.line : NOTIFY_SMTP_ADRIFT);
    g->link = NULL;
    g->is_talking = false;
    co_buf_clear(&g->out);
    g->out_sent = 0;
}

/* True: a talk has begun over one that was kept, or curl is connecting. */
static bool reach(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    struct notify_mailing *g = job->mailing;
    struct notify_link_to to = { job->message.url, job->message.secret_file };
    while (true) {
        enum co_err err = notify_links_lend(job->links, &to, g->wants_fresh, job, &g->link);
        if (err == CO_EINPUT)
            notify_outcome_set(ret_outcome, NOTIFY_LATER,
                               "the channel's secret file cannot be used");
        if (err != CO_OK)
            return false;
        if (notify_link_line(g->link) == NOTIFY_SMTP_FRESH || begin_talk(job))
            return true;
        give_back(g);
        g->wants_fresh = true;
    }
}

static bool start(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    if (job->mailing == NULL && !prepare(job, ret_outcome))
        return false;
    return reach(job, ret_outcome);
}

/* ---- the end ---- */

/* What curl's failure means where no reply decides. */
static const struct {
    CURLcode code;
    enum notify_input input;
} by_curl[] = {
    { CURLE_LOGIN_DENIED, NOTIFY_LATER },   /* people can mend the secret meanwhile */
    { CURLE_USE_SSL_FAILED, NOTIFY_LATER }, /* no TLS where TLS is required */
    { CURLE_UNSUPPORTED_PROTOCOL, NOTIFY_REFUSED },
    { CURLE_URL_MALFORMAT, NOTIFY_REFUSED },
};

static void judge_connect(const struct notify_mailing *g, CURLcode code,
                          struct notify_outcome *ret_outcome)
{
    const char *answer = notify_link_answer(g->link);
    int reply = notify_smtp_code(answer);
    for (size_t i = 0; i < sizeof(by_curl) / sizeof(by_curl[0]); i++)
        if (by_curl[i].code == code) {
            notify_outcome_set(ret_outcome, by_curl[i].input, curl_easy_strerror(code));
            return;
        }
    if (reply >= CODE_BAD)
        notify_outcome_set(ret_outcome, reply >= CODE_NEVER ? NOTIFY_REFUSED : NOTIFY_LATER,
                           answer);
    else
        notify_outcome_set(ret_outcome, NOTIFY_LATER, curl_easy_strerror(code));
}

static bool judge(struct notify_job *job, CURLcode code, struct notify_outcome *ret_outcome)
{
    struct notify_mailing *g = job->mailing;
    if (code != CURLE_OK) {
        judge_connect(g, code, ret_outcome);
        return true;
    }
    bool is_said = notify_smtp_code(g->smtp.reply) != 0 && g->smtp.verdict != NOTIFY_DOUBT;
    notify_outcome_set(ret_outcome, g->smtp.verdict, is_said ? g->smtp.reply : "no answer");
    ret_outcome->is_recipients = g->smtp.is_recipients;
    g->wants_fresh = g->smtp.is_stale;
    return !g->smtp.is_stale;
}

static void stop(struct notify_job *job)
{
    give_back(job->mailing);
}

static void clear(struct notify_job *job)
{
    if (job->mailing != NULL)
        co_buf_done(&job->mailing->out);
    free(job->mailing);
}

const struct notify_channel notify_channel_smtp = {
    .name = "smtp",
    .kind = CALLOUT__V1__CHANNEL_KIND__CHANNEL_SMTP,
    .on_unknown = NOTIFY_REPEAT_WITH_KEY, /* same Message-ID */
    .in_flight = 128,
    .per_endpoint = 8,
    .start = start,
    .talk = talk,
    .judge = judge,
    .tick = tick,
    .stop = stop,
    .clear = clear,
};
