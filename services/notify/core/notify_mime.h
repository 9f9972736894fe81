/* notify_mime.h - a notice as a mail: RFC 5322 headers and a body in UTF-8, as plain text and,
 * where there is one, as HTML beside it (multipart/alternative, the best last).
 *
 * Pure. The same notice gives the same bytes at every attempt: same Message-ID, same Date (when it
 * was planned). The Message-ID is <KEY@DOMAIN>, DOMAIN being that of `from`. All mails of a case
 * name the case's own id in References, so a mail program shows them as one thread.
 */
#pragma once

#include <stdint.h>

#include "co_buf.h"

struct notify_mail {
    const char *from; /* plain addresses, checked by the caller with co_address_is_mail() */
    const char *to;
    const char *to_name; /* for people; may be empty */
    const char *key;     /* of notify_key_format() */
    const char *number;  /* of the case */
    const char *subject; /* UTF-8 */
    const char *body;    /* UTF-8, lines end in \n */
    const char *html;    /* the same, as HTML; "": none */
    int64_t planned_us;
};

#define NOTIFY_MIME_BYTES ((size_t)112 * 1024)

/* Appends the whole mail, lines ending in CR LF, none longer than 998 bytes. CO_ENOMEM; CO_EFULL
 * over the buffer's limit; NOTIFY_MIME_BYTES is always enough for texts within the limits of
 * notify_text.h. */
CO_MUST_CHECK enum co_err notify_mime_write(const struct notify_mail *mail, struct co_buf *to);
