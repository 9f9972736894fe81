/* channel_webhook.c - a notice as an HTTP POST: a CloudEvents 1.0 event in JSON, signed as Standard
 * Webhooks says. No redirects; addresses are checked when connecting; answers are read up to a
 * limit; the status counts, and the error code that a chat robot writes into the body of a good
 * one. */
#include <inttypes.h>
#include <jansson.h>
#include <netinet/in.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "co_address.h"
#include "co_time.h"
#include "notify_address.h"
#include "notify_answer.h"
#include "notify_channel.h"
#include "notify_secret.h"
#include "notify_sign.h"

enum { BODY_BYTES = 64 * 1024, ANSWER_BYTES = 64 * 1024, HEADER_BYTES = 1024 };
#define RETRY_AFTER_MAX_S 86400

static bool is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in four;
        memcpy(&four, address, sizeof(four));
        return notify_address_is_public4(ntohl(four.sin_addr.s_addr));
    }
    struct sockaddr_in6 six;
    memcpy(&six, address, sizeof(six));
    return address->sa_family == AF_INET6 && notify_address_is_public6(six.sin6_addr.s6_addr);
}

/* The last look before connecting: whatever the name resolved to, now or at another time. */
static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct notify_job *job = arg;
    (void)purpose;
    if (!job->options->allow_private && !is_public(&address->addr)) {
        job->is_inside = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct notify_job *job = arg;
    (void)co_buf_append(&job->answer, bytes,
                        size * count); /* what is too long is none of a robot */
    job->answer_bytes += size * count;
    return job->answer_bytes <= ANSWER_BYTES ? size * count : 0;
}

/* "breached" of "breached/response/1". */
static void write_type(const char *obligation, char *to, size_t cap)
{
    (void)snprintf(to, cap, "callout.notice.%.*s", (int)strcspn(obligation, "/"), obligation);
}

static json_t *data_of(const struct notify_message *m)
{
    return json_pack("{s:s, s:s, s:I, s:s, s:s, s:s, s:s}", "number", m->number, "obligation",
                     m->obligation, "generation", (json_int_t)m->generation, "slot", m->slot,
                     "person", m->person, "subject", m->subject, "body", m->body);
}

static bool write_body(struct notify_job *job)
{
    const struct notify_message *m = &job->message;
    char type[96];
    char source[64];
    char time[CO_TIME_TEXT];
    write_type(m->obligation, type, sizeof(type));
    (void)snprintf(source, sizeof(source), "/callout/cases/%s", m->number);
    co_time_format(m->planned_us, time);
    json_t *event =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "specversion", "1.0", "id", m->key,
                  "source", source, "type", type, "subject", m->number, "time", time,
                  "datacontenttype", "application/json", "data", data_of(m));
    char *text = event == NULL ? NULL : json_dumps(event, JSON_COMPACT);
    json_decref(event);
    co_buf_init(&job->payload, BODY_BYTES);
    bool ok = text != NULL && co_buf_append_text(&job->payload, text) == CO_OK;
    free(text);
    return ok;
}

static bool add_header(struct notify_job *job, const char *line)
{
    struct curl_slist *list = curl_slist_append(job->headers, line);
    job->headers = list != NULL ? list : job->headers;
    return list != NULL;
}

static bool add_signature(struct notify_job *job, int64_t timestamp_s)
{
    char secret[NOTIFY_SECRET_BYTES];
    if (job->options->secrets_dir == NULL ||
        notify_secret_read(job->options->secrets_dir, job->message.secret_file, secret) != CO_OK)
        return false;
    struct notify_signed what = { job->message.key, timestamp_s, co_buf_text(&job->payload),
                                  job->payload.len };
    struct co_buf signature;
    char line[HEADER_BYTES];
    co_buf_init(&signature, HEADER_BYTES - 32);
    bool ok = notify_sign(secret, &what, &signature) == CO_OK;
    sodium_memzero(secret, sizeof(secret));
    (void)snprintf(line, sizeof(line), "webhook-signature: %s", co_buf_text(&signature));
    co_buf_done(&signature);
    return ok && add_header(job, line);
}

/* False: no memory, or the secret cannot be used; *ret_outcome tells them apart. */
static bool set_headers(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    char id[HEADER_BYTES];
    char timestamp[64];
    int64_t timestamp_s = job->wall_us / CO_SECOND_US;
    (void)snprintf(id, sizeof(id), "webhook-id: %s", job->message.key);
    (void)snprintf(timestamp, sizeof(timestamp), "webhook-timestamp: %lld", (long long)timestamp_s);
    if (!add_header(job, "Content-Type: application/cloudevents+json; charset=utf-8") ||
        !add_header(job, "Expect:") || !add_header(job, id) || !add_header(job, timestamp))
        return false;
    if (job->message.secret_file[0] != '\0' && !add_signature(job, timestamp_s)) {
        notify_outcome_set(ret_outcome, NOTIFY_LATER, "the channel's secret file cannot be used");
        return false;
    }
    return true;
}

static void set_limits(struct notify_job *job)
{
    CURL *easy = job->easy;
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, 16L * 1024);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)job->options->connect_ms);
    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)job->options->webhook_ms);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, job);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, job);
    if (job->options->ca_file != NULL)
        (void)curl_easy_setopt(easy, CURLOPT_CAINFO, job->options->ca_file);
}

static bool prepare(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    CURL *easy = job->easy;
    if (!co_address_is_web(job->message.url) ||
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") != CURLE_OK ||
        curl_easy_setopt(easy, CURLOPT_URL, job->message.url) != CURLE_OK) {
        notify_outcome_set(ret_outcome, NOTIFY_REFUSED, "not a plain http or https address");
        return false;
    }
    if (!write_body(job)) {
        notify_outcome_set(ret_outcome, NOTIFY_REFUSED, "the text cannot be written as JSON");
        return false;
    }
    if (!set_headers(job, ret_outcome))
        return false;
    co_buf_init(&job->answer, NOTIFY_ANSWER_BYTES);
    set_limits(job);
    (void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "Callout");
    (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, job->headers);
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)job->payload.len);
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, co_buf_text(&job->payload));
    return true;
}

static bool start(struct notify_job *job, struct notify_outcome *ret_outcome)
{
    job->easy = curl_easy_init();
    if (job->easy == NULL || !prepare(job, ret_outcome))
        return false;
    (void)curl_easy_setopt(job->easy, CURLOPT_PRIVATE, job);
    return co_curl_add(job->curl, job->easy) == CO_OK;
}

static void stop(struct notify_job *job)
{
    co_curl_remove(job->curl, job->easy);
}

/* The first row whose range holds the status. */
static const struct {
    long from;
    long until; /* inclusive */
    enum notify_input input;
    const char *what;
} by_status[] = {
    { 200, 299, NOTIFY_TAKEN, "taken" },
    { 300, 399, NOTIFY_REFUSED, "redirects are not followed" },
    { 408, 408, NOTIFY_LATER, "it waited too long for us" },
    { 425, 425, NOTIFY_LATER, "too early" },
    { 429, 429, NOTIFY_LATER, "too many" },
    { 400, 499, NOTIFY_REFUSED, "refused" },
    { 500, 599, NOTIFY_LATER, "its own trouble" },
};

/* A good status is not all: *ret_outcome changes where the body says that it was not taken. What
 * robots complain of passes, or can be mended by people. */
static void judge_body(const struct notify_job *job, long status,
                       struct notify_outcome *ret_outcome)
{
    const char *name;
    char detail[NOTIFY_DETAIL_TEXT];
    bool is_whole = job->answer.err == CO_OK;
    int64_t code =
        is_whole ? notify_answer_error((const char *)job->answer.data, job->answer.len, &name) : 0;
    if (code == 0)
        return;
    (void)snprintf(detail, sizeof(detail), "HTTP %ld, but %s %" PRId64, status, name, code);
    notify_outcome_set(ret_outcome, NOTIFY_LATER, detail);
    ret_outcome->is_recipients = true; /* many robots live at one server */
}

static bool judge_status(const struct notify_job *job, struct notify_outcome *ret_outcome)
{
    long status = 0;
    curl_off_t retry_after_s = 0;
    (void)curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)curl_easy_getinfo(job->easy, CURLINFO_RETRY_AFTER, &retry_after_s);
    for (size_t i = 0; i < sizeof(by_status) / sizeof(by_status[0]); i++) {
        if (status < by_status[i].from || status > by_status[i].until)
            continue;
        char detail[NOTIFY_DETAIL_TEXT];
        (void)snprintf(detail, sizeof(detail), "HTTP %ld: %s", status, by_status[i].what);
        notify_outcome_set(ret_outcome, by_status[i].input, detail);
        if (retry_after_s > RETRY_AFTER_MAX_S)
            retry_after_s = RETRY_AFTER_MAX_S;
        if (by_status[i].input == NOTIFY_LATER && retry_after_s > 0)
            ret_outcome->retry_after_us = (int64_t)retry_after_s * CO_SECOND_US;
        if (by_status[i].input == NOTIFY_TAKEN)
            judge_body(job, status, ret_outcome);
        return true;
    }
    return false;
}

static bool judge(struct notify_job *job, CURLcode code, struct notify_outcome *ret_outcome)
{
    if (judge_status(job, ret_outcome))
        return true;
    long request_bytes = 0;
    (void)curl_easy_getinfo(job->easy, CURLINFO_REQUEST_SIZE, &request_bytes);
    if (code == CURLE_COULDNT_CONNECT && job->is_inside)
        notify_outcome_set(ret_outcome, NOTIFY_REFUSED, "the address is of a private range");
    else if (code == CURLE_UNSUPPORTED_PROTOCOL || code == CURLE_URL_MALFORMAT)
        notify_outcome_set(ret_outcome, NOTIFY_REFUSED, curl_easy_strerror(code));
    else
        notify_outcome_set(ret_outcome, request_bytes > 0 ? NOTIFY_DOUBT : NOTIFY_LATER,
                           code == CURLE_OK ? "no HTTP status" : curl_easy_strerror(code));
    return true;
}

const struct notify_channel notify_channel_webhook = {
    .name = "webhook",
    .kind = CALLOUT__V1__CHANNEL_KIND__CHANNEL_WEBHOOK,
    .on_unknown = NOTIFY_REPEAT_WITH_KEY, /* same webhook-id */
    .in_flight = 1024,
    .per_endpoint = 4,
    .start = start,
    .judge = judge,
    .stop = stop,
};
