/* co_assert.h - for our own bugs only, always compiled in. Nothing a peer or operator sends may
 * reach one: check that first and return CO_EINPUT. */
#pragma once

#define co_assert(condition) \
    ((condition) ? (void)0 : co_assert_failed(#condition, __FILE__, __LINE__, __func__))

/* Writes one line to standard error and aborts. */
_Noreturn void co_assert_failed(const char *condition, const char *file, int line,
                                const char *function);
