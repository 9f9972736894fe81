#include "road_http.h"

#include <string.h>

#include "co_assert.h"
#include "road_wire.h"

#define URL_BYTES 4096
#define BODY_BYTES (256 * 1024)

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    struct road_http *h = arg;
    return co_buf_append(&h->body, bytes, size * count) == CO_OK ? size * count : 0;
}

static enum co_err write_url(struct road_http *h, const char *url,
                             const struct dispatch_road_question *question)
{
    size_t len = strlen(url);
    if (len > 0 && url[len - 1] == '/')
        len--;
    (void)co_buf_append(&h->url, url, len);
    return road_wire_ask(question, &h->url);
}

static void set_options(CURL *easy, struct road_http *h, int64_t timeout_ms, void *owner)
{
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    (void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    (void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "Callout");
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, h);
    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, owner);
}

bool road_http_prepare(struct road_http *h, const char *url, int64_t timeout_ms,
                       const struct dispatch_road_question *question, void *owner)
{
    co_assert(h->easy == NULL);
    co_buf_init(&h->url, URL_BYTES);
    co_buf_init(&h->body, BODY_BYTES);
    if (write_url(h, url, question) != CO_OK || (h->easy = curl_easy_init()) == NULL)
        return false;
    set_options(h->easy, h, timeout_ms, owner);
    return curl_easy_setopt(h->easy, CURLOPT_URL, co_buf_text(&h->url)) == CURLE_OK;
}

void *road_http_owner(CURL *easy)
{
    char *owner = NULL;
    (void)curl_easy_getinfo(easy, CURLINFO_PRIVATE, &owner);
    return owner;
}

const char *road_http_read(const struct road_http *h, CURLcode code, size_t count,
                           struct dispatch_road_figure *figures)
{
    long status = 0;
    (void)curl_easy_getinfo(h->easy, CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return "timeout";
    if (code == CURLE_WRITE_ERROR)
        return "garbage"; /* endless */
    if (code != CURLE_OK)
        return status != 0 ? "garbage" : "unreachable";
    return road_wire_read(co_buf_text(&h->body), h->body.len, status, count, figures);
}

void road_http_free(struct road_http *h)
{
    curl_easy_cleanup(h->easy); /* NULL is allowed */
    h->easy = NULL;
    co_buf_done(&h->url);
    co_buf_done(&h->body);
}
