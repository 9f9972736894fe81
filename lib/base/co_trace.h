/* co_trace.h - trace contexts as W3C Trace Context writes them in the header `traceparent`.
 *
 *     00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
 *     version, trace id (16 bytes), id of the span that asks (8 bytes), flags, in lower-case hex
 *
 * Pure. Source of the rules: W3C Recommendation "Trace Context", 3.2: a header that cannot be parsed is ignored; ids that are
 * all zero and version ff are invalid; a higher version is read as far as version 00 goes, and what is sent on is version 00.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CO_TRACE_TEXT = 56,    /* a context with its NUL */
    CO_TRACE_ID_TEXT = 33, /* a trace id with its NUL */
};

/* Is it a context that may be followed? */
bool co_trace_is_valid(const char *traceparent);

/* The context of a span of our own that continues `parent`: same trace id and flags, a span id that follows from the parent's
 * and what the three values say, so that it is the same however often it is computed. False, with "" in ret: `parent` is not valid. */
bool co_trace_child(const char *parent, const char *name, int64_t a, int64_t b, char ret[static CO_TRACE_TEXT]);

/* The trace id; "" where it is not valid. */
void co_trace_id(const char *traceparent, char ret[static CO_TRACE_ID_TEXT]);
