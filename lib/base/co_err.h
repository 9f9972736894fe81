/* co_err.h - what a Callout function can report.
 *
 * The names say what the caller should do next, not which library call failed. The detail is
 * logged once, at the place that decides. */
#pragma once

enum co_err {
    CO_OK = 0,
    CO_ENOMEM,    /* allocation failed */
    CO_EFULL,     /* a configured limit is reached; nothing changed; slow down */
    CO_EINPUT,    /* a peer or operator sent something malformed; never retry */
    CO_ECONFLICT, /* somebody else changed it first; load and decide again */
    CO_EAGAIN,    /* not ready yet; wait for the loop */
    CO_EDOWN,     /* database or peer unreachable; back off and retry */
    CO_ERRS
};

#define CO_MUST_CHECK __attribute__((warn_unused_result))

/* A short name for logs: "ok", "no memory", "full", "bad input", "conflict", "again", "down". */
const char *co_err_name(enum co_err err);
