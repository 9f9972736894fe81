/* road_http.h - one question to a router, over HTTP. Not to be copied while it is out. */
#pragma once

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "co_buf.h"
#include "dispatch_road.h"

struct road_http {
    CURL *easy; /* NULL: not prepared */
    struct co_buf url, body;
};

/* Makes the question ready to be sent; `owner` is kept for road_http_owner(). `url`:
 * http://HOST:PORT, with or without a slash at its end. False: it cannot, for want of memory. */
CO_MUST_CHECK bool road_http_prepare(struct road_http *h, const char *url, int64_t timeout_ms,
                                     const struct dispatch_road_question *question, void *owner);
void *road_http_owner(CURL *easy);

/* What came, once the transfer has ended: as road_wire_read(), or "timeout", "unreachable". */
const char *road_http_read(const struct road_http *h, CURLcode code, size_t count,
                           struct dispatch_road_figure *figures);

/* Also of one that was never prepared. It must not be in the loop any more. */
void road_http_free(struct road_http *h);
