#include "co_trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "co_hash.h"

/* Where the parts of "vv-tttttttttttttttttttttttttttttttt-ssssssssssssssss-ff" begin. */
enum { TRACE_AT = 3, TRACE_LEN = 32, SPAN_AT = 36, SPAN_LEN = 16, FLAGS_AT = 53, FLAGS_LEN = 2, LEN = 55 };

static bool is_hex(const char *s, size_t n)
{
    return strspn(s, "0123456789abcdef") >= n;
}

static bool is_zero(const char *s, size_t n)
{
    return strspn(s, "0") >= n;
}

bool co_trace_is_valid(const char *t)
{
    size_t len = strnlen(t, LEN + 1);
    if (len < LEN || !is_hex(t, 2) || strncmp(t, "ff", 2) == 0)
        return false;
    bool is_first_version = strncmp(t, "00", 2) == 0;
    if (len > LEN && (is_first_version || t[LEN] != '-'))
        return false;
    return t[TRACE_AT - 1] == '-' && is_hex(t + TRACE_AT, TRACE_LEN) && !is_zero(t + TRACE_AT, TRACE_LEN) && t[SPAN_AT - 1] == '-' &&
           is_hex(t + SPAN_AT, SPAN_LEN) && !is_zero(t + SPAN_AT, SPAN_LEN) && t[FLAGS_AT - 1] == '-' && is_hex(t + FLAGS_AT, FLAGS_LEN);
}

bool co_trace_child(const char *parent, const char *name, int64_t a, int64_t b, char ret[static CO_TRACE_TEXT])
{
    ret[0] = '\0';
    if (!co_trace_is_valid(parent))
        return false;
    uint64_t span = co_hash_fnv1a64(CO_FNV1A64_START, parent + TRACE_AT, TRACE_LEN + 1 + SPAN_LEN);
    span = co_hash_fnv1a64(span, name, strlen(name));
    span = co_hash_fnv1a64(span, &a, sizeof(a));
    span = co_hash_fmix64(co_hash_fnv1a64(span, &b, sizeof(b)));
    (void)snprintf(ret, CO_TRACE_TEXT, "00-%.*s-%016" PRIx64 "-%.*s", TRACE_LEN, parent + TRACE_AT, span == 0 ? 1 : span, FLAGS_LEN,
                   parent + FLAGS_AT);
    return true;
}

void co_trace_id(const char *traceparent, char ret[static CO_TRACE_ID_TEXT])
{
    bool is_valid = co_trace_is_valid(traceparent);
    (void)snprintf(ret, CO_TRACE_ID_TEXT, "%.*s", is_valid ? TRACE_LEN : 0, is_valid ? traceparent + TRACE_AT : "");
}
