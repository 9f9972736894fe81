/* notify_smtp.h - the conversation that hands one mail to a server, once it knows who we are.
 *
 * Pure: replies go in as bytes, commands come out as bytes, the verdict is a notify_input. (curl
 * does greeting, TLS and login; its own hand-over waits for the answer to the final dot with the
 * whole loop standing still, so that part is ours.)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "co_buf.h"
#include "notify_state.h"

enum notify_smtp_stage {
    NOTIFY_SMTP_MAIL, /* the command of that name is out, its reply is awaited */
    NOTIFY_SMTP_RCPT,
    NOTIFY_SMTP_DATA,
    NOTIFY_SMTP_BODY,
    NOTIFY_SMTP_ENDED,
    NOTIFY_SMTP_STAGES
};

enum { NOTIFY_SMTP_REPLY_TEXT = 200, NOTIFY_SMTP_REPLIES_BYTES = 64 * 1024 };

struct notify_smtp {
    enum notify_smtp_stage stage;
    const char *to;   /* plain addresses; borrowed until the end */
    const char *body; /* the mail, lines end in CR LF; borrowed */
    size_t body_len;
    enum notify_input verdict; /* once ended: NOTIFY_TAKEN, _REFUSED, _LATER or _DOUBT */
    bool is_recipients; /* with _LATER: of this recipient (greylisted, box full), not the server */
    char reply[NOTIFY_SMTP_REPLY_TEXT]; /* the last line received, cut */
    size_t reply_len;
    size_t got_bytes;
};

/* Appends the first command to `out`. */
void notify_smtp_begin(struct notify_smtp *s, const char *from, const char *to, const char *body,
                       size_t body_len, struct co_buf *out);

/* Takes what the server said and appends what to say next. `is_all_out`: everything appended so far
 * has left. Does nothing once ended. */
void notify_smtp_take(struct notify_smtp *s, const char *bytes, size_t len, bool is_all_out,
                      struct co_buf *out);

/* The connection is gone, or nobody waits any longer. */
void notify_smtp_lost(struct notify_smtp *s, bool is_all_out);

/* The three digits a reply line begins with; 0 where there is none. */
int notify_smtp_code(const char *line);
