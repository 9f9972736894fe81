/* co_curl.h - libcurl's transfers in a libuv loop, on one thread.
 *
 * curl says which descriptors and which time-out it waits for; each descriptor has one uv_poll, and
 * one timer serves all transfers. SIGPIPE must be ignored by the process: curl is told to leave
 * signals alone. Nothing here blocks, as long as no transfer ends in a conversation of its own, as
 * those with mail servers do.
 */
#pragma once

#include <curl/curl.h>
#include <uv.h>

#include "co_err.h"

struct co_curl;

/* Called once per transfer added, when it ended by itself. curl holds on to `easy`, and to its
 * connection, until co_curl_remove(). May add and remove transfers, may not close. */
typedef void co_curl_done(void *arg, CURL *easy, CURLcode code);

/* The caller owns the result and ends it with co_curl_close(). NULL: out of memory. */
struct co_curl *co_curl_new(uv_loop_t *loop, co_curl_done *done, void *arg);

/* Starts a transfer; `easy` stays the caller's, and must not be freed before it was
 * removed. CO_ENOMEM: not started. */
CO_MUST_CHECK enum co_err co_curl_add(struct co_curl *c, CURL *easy);

/* Takes a transfer out, ended or not; `done` is not called for it any more. */
void co_curl_remove(struct co_curl *c, CURL *easy);

/* Closes idle connections and frees `c` once the loop has closed its handles; every transfer was
 * removed before. */
void co_curl_close(struct co_curl *c);
