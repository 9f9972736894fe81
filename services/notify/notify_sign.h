/* notify_sign.h - the signature of a webhook (Standard Webhooks 1.0, symmetric).
 *
 * Pure but for libsodium's arithmetic: no I/O, no clock.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "co_buf.h"

struct notify_signed {
    const char *id;      /* webhook-id; without "." */
    int64_t timestamp_s; /* webhook-timestamp, seconds since the Unix epoch */
    const char *body;
    size_t body_len;
};

/* Appends "v1,BASE64" for each line of `secrets` ("whsec_" and base64 of 24..64 bytes), separated
 * by blanks: two lines while a secret is being replaced. CO_EINPUT: a line is not of that form, or
 * there is none. CO_ENOMEM, CO_EFULL of the buffer. */
CO_MUST_CHECK enum co_err notify_sign(const char *secrets, const struct notify_signed *what,
                                      struct co_buf *to);
