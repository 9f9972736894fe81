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
    NOTIFY_SMTP_RESET, /* the command of that name is out, its reply is awaited */
    NOTIFY_SMTP_MAIL,
    NOTIFY_SMTP_RCPT,
    NOTIFY_SMTP_DATA,
    NOTIFY_SMTP_BODY,
    NOTIFY_SMTP_ENDED,
    NOTIFY_SMTP_STAGES
};

/* What another mail finds when it is given the connection. */
enum notify_smtp_line {
    NOTIFY_SMTP_FRESH,  /* nothing was said since the login */
    NOTIFY_SMTP_KEPT,   /* the mail before was answered; its transaction is over */
    NOTIFY_SMTP_UNDONE, /* so it was, but its transaction is to be undone first */
    NOTIFY_SMTP_SPENT,  /* in step with the server, but not to be given another mail */
    NOTIFY_SMTP_ADRIFT, /* nobody knows what it says next, if anything */
};

enum { NOTIFY_SMTP_REPLY_TEXT = 200, NOTIFY_SMTP_REPLIES_BYTES = 64 * 1024 };

/* Borrowed until the end. */
struct notify_smtp_mail {
    const char *from; /* plain addresses */
    const char *to;
    const char *body; /* the mail, lines end in CR LF */
    size_t body_len;
};

struct notify_smtp {
    enum notify_smtp_stage stage;
    enum notify_smtp_line line; /* as it was found; once ended: as it is left */
    struct notify_smtp_mail mail;
    enum notify_input verdict; /* once ended: NOTIFY_TAKEN, _REFUSED, _LATER or _DOUBT */
    bool is_recipients; /* with _LATER: of this recipient (greylisted, box full), not the server */
    bool is_stale; /* no verdict on the mail: nothing of it was handed over, and the fault may be of
                    * a connection that was kept; a fresh one is to be tried. Never on a fresh one.
                    */
    char reply[NOTIFY_SMTP_REPLY_TEXT]; /* the last line received, cut */
    size_t reply_len;
    size_t got_bytes;
};

/* Appends the first command to `out`. `line` is NOTIFY_SMTP_FRESH, _KEPT or _UNDONE. */
void notify_smtp_begin(struct notify_smtp *s, const struct notify_smtp_mail *mail,
                       enum notify_smtp_line line, struct co_buf *out);

/* Takes what the server said and appends what to say next. `is_all_out`: everything appended so far
 * has left. Does nothing once ended. */
void notify_smtp_take(struct notify_smtp *s, const char *bytes, size_t len, bool is_all_out,
                      struct co_buf *out);

/* The connection is gone, or nobody waits any longer. */
void notify_smtp_lost(struct notify_smtp *s, bool is_all_out);

/* The three digits a reply line begins with; 0 where there is none. */
int notify_smtp_code(const char *line);
