/* channel_smtp.c - a notice as a mail, one connection each.
 *
 * curl connects, greets, starts TLS and logs in; from there on we speak ourselves (notify_smtp.h).
 * curl also ends an SMTP connection with QUIT and waits for the answer with the whole loop standing
 * still: so before it lets go of one, the sockets are shut down, and there is nobody left to say
 * QUIT to.
 */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "co_address.h"
#include "notify_channel.h"
#include "notify_mime.h"
#include "notify_secret.h"
#include "notify_smtp.h"

enum { SOCKETS = 4, OUT_BYTES = 128 * 1024, CODE_BAD = 400, CODE_NEVER = 500, REPLY_TO_EHLO = 2 };

/* One mail in the air. Lives until its poll handle is closed. */
struct notify_mailing {
    struct notify_job *job;
    curl_socket_t sockets[SOCKETS]; /* open ones of this transfer */
    unsigned socket_count;
    char answer[NOTIFY_SMTP_REPLY_TEXT]; /* while curl speaks: the last reply */
    unsigned replies;
    struct notify_smtp smtp;
    struct co_buf out;
    size_t out_sent;
    uv_poll_t poll;
    bool is_polling;
};

/* ---- sockets ---- */

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct notify_mailing *g = arg;
    (void)purpose;
    if (g->socket_count == SOCKETS)
        return CURL_SOCKET_BAD;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd >= 0)
        g->sockets[g->socket_count++] = fd;
    return fd;
}

static int close_socket(void *arg, curl_socket_t fd)
{
    struct notify_mailing *g = arg;
    for (unsigned i = 0; i < g->socket_count; i++)
        if (g->sockets[i] == fd) {
            g->sockets[i] = g->sockets[--g->socket_count];
            break;
        }
    return close(fd);
}

static void cut(struct notify_mailing *g)
{
    for (unsigned i = 0; i < g->socket_count; i++)
        (void)shutdown(g->sockets[i], SHUT_RDWR);
}

/* ---- while curl speaks ---- */

/* A bad reply ends it; but a server that does not know EHLO may still know HELO. */
static size_t on_reply(char *line, size_t size, size_t count, void *arg)
{
    struct notify_mailing *g = arg;
    size_t len = size * count;
    size_t keep = len < sizeof(g->answer) ? len : sizeof(g->answer) - 1;
    memcpy(g->answer, line, keep);
    g->answer[keep] = '\0';
    g->answer[strcspn(g->answer, "\r\n")] = '\0';
    int code = notify_smtp_code(g->answer);
    if (code == 0 || g->answer[3] == '-')
        return len;
    g->replies++;
    if (code >= CODE_BAD && !(g->replies == REPLY_TO_EHLO && code >= CODE_NEVER))
        cut(g);
    return len;
}

/* The secret is "USER:PASSWORD"; it is only ever sent under TLS. */
static bool set_login(struct notify_job *job)
{
    if (job->message.secret_file[0] == '\0') {
        (void)curl_easy_setopt(job->easy, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
        return true;
    }
    char secret[NOTIFY_SECRET_BYTES];
    if (job->options->secrets_dir == NULL ||
        notify_secret_read(job->options->secrets_dir, job->message.secret_file, secret) != CO_OK)
        return false;
    bool ok = strchr(secret, ':') != NULL &&
              curl_easy_setopt(job->easy, CURLOPT_USERPWD, secret) == CURLE_OK;
    sodium_memzero(secret, sizeof(secret));
    (void)curl_easy_setopt(job->easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    return ok;
}

static void set_transfer(struct notify_job *job)
{
    CURL *easy = job->easy;
    struct notify_mailing *g = job->mailing;
    (void)curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, g);
    (void)curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    (void)curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, g);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_reply);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, g);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)job->options->connect_ms);
    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)job->options->smtp_talk_ms);
    if (job->options->ca_file != NULL)
        (void)curl_easy_setopt(easy, CURLOPT_CAINFO, job->options->ca_file);
}

static bool write_mail(struct notify_job *job)
{
    const struct notify_message *m = &job->message;
    struct notify_mail mail = { m->from,   m->to,      m->name, m->key,
                                m->number, m->subject, m->body, m->planned_us };
    co_buf_init(&job->payload, OUT_BYTES / 2);
    return notify_mime_write(&mail, &job->payload) == CO_OK;
}

static bool prepare(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    const struct notify_message *m = &job->message;
    if (!co_address_is_mail(m->to) || !co_address_is_mail(m->from)) {
        notify_outcome_set(ret_outcome, NOTIFY_REFUSED, "not a plain mail address");
        return false;
    }
    if (!co_address_is_mail_server(m->url) ||
        curl_easy_setopt(job->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps") != CURLE_OK ||
        curl_easy_setopt(job->easy, CURLOPT_URL, m->url) != CURLE_OK) {
        notify_outcome_set(ret_outcome, NOTIFY_REFUSED, "not a plain smtp or smtps address");
        return false;
    }
    job->mailing = calloc(1, sizeof(*job->mailing));
    if (job->mailing == NULL || !write_mail(job))
        return false;
    job->mailing->job = job;
    co_buf_init(&job->mailing->out, OUT_BYTES);
    if (!set_login(job)) {
        notify_outcome_set(ret_outcome, NOTIFY_LATER, "the channel's secret file cannot be used");
        return false;
    }
    set_transfer(job);
    return true;
}

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
        CURLcode code = curl_easy_send(g->job->easy, g->out.data + g->out_sent,
                                       g->out.len - g->out_sent, &sent);
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
        CURLcode code = curl_easy_recv(g->job->easy, bytes, sizeof(bytes), &got);
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

static void on_ready(uv_poll_t *poll, int status, int events);

static bool watch(struct notify_mailing *g)
{
    int events = UV_READABLE | (is_all_out(g) ? 0 : UV_WRITABLE);
    return uv_poll_start(&g->poll, events, on_ready) == 0;
}

/* Says goodbye as far as that needs no waiting, and tells the sender. */
static void end_talk(struct notify_mailing *g)
{
    size_t sent;
    (void)curl_easy_send(g->job->easy, "QUIT\r\n", 6, &sent);
    g->job->ended(g->job);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct notify_mailing *g = poll->data;
    (void)status;
    (void)events;
    if (!flush(g) || !converse(g) || (g->smtp.stage != NOTIFY_SMTP_ENDED && !watch(g)))
        notify_smtp_lost(&g->smtp, is_all_out(g));
    if (g->smtp.stage == NOTIFY_SMTP_ENDED)
        end_talk(g);
}

static bool talk(struct notify_job *job)
{
    struct notify_mailing *g = job->mailing;
    curl_socket_t fd = CURL_SOCKET_BAD;
    (void)curl_easy_getinfo(job->easy, CURLINFO_ACTIVESOCKET, &fd);
    notify_smtp_begin(&g->smtp, job->message.from, job->message.to, (const char *)job->payload.data,
                      job->payload.len, &g->out);
    if (fd != CURL_SOCKET_BAD && uv_poll_init_socket(job->loop, &g->poll, fd) == 0) {
        g->poll.data = g;
        g->is_polling = true;
        if (flush(g) && watch(g))
            return true;
    }
    notify_smtp_lost(&g->smtp, false);
    return false;
}

static void tick(struct notify_job *job, uint64_t elapsed_ms)
{
    struct notify_mailing *g = job->mailing;
    if (!g->is_polling)
        return; /* curl keeps the time */
    bool is_final = g->smtp.stage == NOTIFY_SMTP_BODY && is_all_out(g);
    uint64_t limit_ms = job->options->smtp_talk_ms + (is_final ? job->options->smtp_final_ms : 0);
    if (elapsed_ms <= limit_ms)
        return;
    notify_smtp_lost(&g->smtp, is_all_out(g));
    end_talk(g);
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
    int reply = notify_smtp_code(g->answer);
    for (size_t i = 0; i < sizeof(by_curl) / sizeof(by_curl[0]); i++)
        if (by_curl[i].code == code) {
            notify_outcome_set(ret_outcome, by_curl[i].input, curl_easy_strerror(code));
            return;
        }
    if (reply >= CODE_BAD)
        notify_outcome_set(ret_outcome, reply >= CODE_NEVER ? NOTIFY_REFUSED : NOTIFY_LATER,
                           g->answer);
    else
        notify_outcome_set(ret_outcome, NOTIFY_LATER, curl_easy_strerror(code));
}

static void judge(const struct notify_job *job, CURLcode code, struct notify_outcome *ret_outcome)
{
    const struct notify_mailing *g = job->mailing;
    if (code != CURLE_OK) {
        judge_connect(g, code, ret_outcome);
        return;
    }
    bool is_said = notify_smtp_code(g->smtp.reply) != 0 && g->smtp.verdict != NOTIFY_DOUBT;
    notify_outcome_set(ret_outcome, g->smtp.verdict, is_said ? g->smtp.reply : "no answer");
    ret_outcome->is_recipients = g->smtp.is_recipients;
}

static void let_go(struct notify_job *job)
{
    if (job->mailing->is_polling)
        (void)uv_poll_stop(&job->mailing->poll);
    cut(job->mailing);
}

static void on_poll_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void clear(struct notify_job *job)
{
    struct notify_mailing *g = job->mailing;
    if (g == NULL)
        return;
    co_buf_done(&g->out);
    if (g->is_polling)
        uv_close((uv_handle_t *)&g->poll, on_poll_closed);
    else
        free(g);
}

const struct notify_channel notify_channel_smtp = {
    .name = "smtp",
    .kind = CALLOUT__V1__CHANNEL_KIND__CHANNEL_SMTP,
    .on_unknown = NOTIFY_REPEAT_WITH_KEY, /* same Message-ID */
    .in_flight = 128,
    .per_endpoint = 8,
    .prepare = prepare,
    .talk = talk,
    .judge = judge,
    .tick = tick,
    .let_go = let_go,
    .clear = clear,
};
