/* co_zsock_internal.h - between co_zsock.c and co_zsock_options.c only. */
#pragma once

#include "co_zsock.h"

/* Checks the options and sets them on a fresh libzmq socket. CO_EINPUT: `why` says which. */
CO_MUST_CHECK enum co_err co_zsock_set_options(void *socket, const struct co_zsock_options *options,
                                               struct co_why *why);
