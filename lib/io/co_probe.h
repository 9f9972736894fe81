/* co_probe.h - asks a daemon of this machine how it is, at its probe port (co_http.h): for health
 * checks where nothing else is installed that could ask. Blocking: for a process of its own. */
#pragma once

#include "co_buf.h"
#include "co_err.h"
#include "co_why.h"

/* GET `path` ("/readyz") from who listens at `address` (as co_http_options.listen; at a wildcard it
 * is asked over loopback), within limit_ms. Appends the body of the answer to `body`. CO_OK
 * answered with 200 CO_EAGAIN  answered with something else CO_EDOWN   nobody listens, or there was
 * no whole answer in time CO_EINPUT  not an address, or port 0: nobody can know which one it became
 */
CO_MUST_CHECK enum co_err co_probe(const char *address, const char *path, int limit_ms,
                                   struct co_buf *body, struct co_why *why);
