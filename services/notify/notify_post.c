#include "notify_post.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "co_address.h"
#include "co_time.h"
#include "notify_address.h"

enum { ANSWER_BYTES = 64 * 1024, HTTP_GONE = 410 };
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

bool notify_post_header(struct notify_job *job, const char *line)
{
    struct curl_slist *list = curl_slist_append(job->headers, line);
    job->headers = list != NULL ? list : job->headers;
    return list != NULL;
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
    /* On a connection used before, libcurl posts anew by itself where no answer comes. */
    if (job->channel->on_unknown != NOTIFY_REPEAT_WITH_KEY)
        (void)curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
}

bool notify_post_is_address(const char *url, struct notify_outcome *ret_outcome)
{
    if (co_address_is_web(url))
        return true;
    notify_outcome_set(ret_outcome, NOTIFY_REFUSED, "not a plain http or https address");
    return false;
}

bool notify_post_start(struct notify_job *job, const char *url)
{
    CURL *easy = job->easy = curl_easy_init();
    if (easy == NULL || !notify_post_header(job, "Expect:"))
        return false;
    co_buf_init(&job->answer, NOTIFY_ANSWER_BYTES);
    set_limits(job);
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "Callout");
    (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, job->headers);
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)job->payload.len);
    (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, co_buf_text(&job->payload));
    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, job);
    return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
           co_curl_add(job->curl, easy) == CO_OK;
}

bool notify_post_body_to(struct notify_job *job, json_t *body, const char *url,
                         struct notify_outcome *ret_outcome)
{
    if (!notify_post_json(job, body)) {
        notify_outcome_set(ret_outcome, NOTIFY_REFUSED, "the text cannot be written as JSON");
        return false;
    }
    return notify_post_is_address(job->message.url, ret_outcome) &&
           notify_post_header(job, "Content-Type: application/json; charset=utf-8") &&
           notify_post_start(job, url);
}

void notify_post_stop(struct notify_job *job)
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
    { HTTP_GONE, HTTP_GONE, NOTIFY_REFUSED, "gone" },
    { 425, 425, NOTIFY_LATER, "too early" },
    { 429, 429, NOTIFY_LATER, "too many" },
    { 400, 499, NOTIFY_REFUSED, "refused" },
    { 500, 599, NOTIFY_LATER, "its own trouble" },
};

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
        ret_outcome->is_gone = status == HTTP_GONE;
        if (retry_after_s > RETRY_AFTER_MAX_S)
            retry_after_s = RETRY_AFTER_MAX_S;
        if (by_status[i].input == NOTIFY_LATER && retry_after_s > 0)
            ret_outcome->retry_after_us = (int64_t)retry_after_s * CO_SECOND_US;
        return true;
    }
    return false;
}

bool notify_post_judge(struct notify_job *job, CURLcode code, struct notify_outcome *ret_outcome)
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

/* What servers complain of so passes, or can be mended by people. */
bool notify_post_judge_answer(struct notify_job *job, CURLcode code,
                              struct notify_outcome *ret_outcome)
{
    const char *name;
    char detail[NOTIFY_DETAIL_TEXT];
    long status = 0;
    (void)notify_post_judge(job, code, ret_outcome);
    if (ret_outcome->input != NOTIFY_TAKEN || job->answer.err != CO_OK)
        return true;
    int64_t error = notify_answer_error((const char *)job->answer.data, job->answer.len, &name);
    if (error == 0)
        return true;
    (void)curl_easy_getinfo(job->easy, CURLINFO_RESPONSE_CODE, &status);
    (void)snprintf(detail, sizeof(detail), "HTTP %ld, but %s %" PRId64, status, name, error);
    notify_outcome_set(ret_outcome, NOTIFY_LATER, detail);
    ret_outcome->is_recipients = true; /* many recipients live at one server */
    return true;
}

bool notify_post_json(struct notify_job *job, json_t *body)
{
    char *text = body == NULL ? NULL : json_dumps(body, JSON_COMPACT);
    json_decref(body);
    co_buf_init(&job->payload, NOTIFY_POST_BYTES);
    bool ok = text != NULL && co_buf_append_text(&job->payload, text) == CO_OK;
    free(text);
    return ok;
}
