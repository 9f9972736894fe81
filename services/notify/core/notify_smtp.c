#include "notify_smtp.h"

#include <string.h>

enum {
    CODE_GOOD = 200,
    CODE_GO_ON = 300,
    CODE_BAD = 400,
    CODE_BOX_BUSY = 450, /* and the next one: what servers say of one recipient */
    CODE_BOX_LATER = 451,
    CODE_NEVER = 500
};

typedef void say(const struct notify_smtp *s, struct co_buf *out);

static void say_rcpt(const struct notify_smtp *s, struct co_buf *out)
{
    (void)co_buf_printf(out, "RCPT TO:<%s>\r\n", s->to);
}

static void say_data(const struct notify_smtp *s, struct co_buf *out)
{
    (void)s;
    (void)co_buf_append_text(out, "DATA\r\n");
}

/* Lines that begin with a dot get another one; then the dot that ends it all. */
static void say_body(const struct notify_smtp *s, struct co_buf *out)
{
    const char *at = s->body;
    const char *end = s->body + s->body_len;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *next = newline == NULL ? end : newline + 1;
        if (*at == '.')
            (void)co_buf_append_text(out, ".");
        (void)co_buf_append(out, at, (size_t)(next - at));
        at = next;
    }
    bool is_whole = s->body_len >= 2 && memcmp(end - 2, "\r\n", 2) == 0;
    (void)co_buf_append_text(out, is_whole ? ".\r\n" : "\r\n.\r\n");
}

static void say_nothing(const struct notify_smtp *s, struct co_buf *out)
{
    (void)s;
    (void)out;
}

/* What a good reply to each stage is, and what follows it. */
static const struct {
    int good_from; /* and the 99 codes after it */
    enum notify_smtp_stage next;
    say *say;
} stages[NOTIFY_SMTP_ENDED] = {
    [NOTIFY_SMTP_MAIL] = { CODE_GOOD, NOTIFY_SMTP_RCPT, say_rcpt },
    [NOTIFY_SMTP_RCPT] = { CODE_GOOD, NOTIFY_SMTP_DATA, say_data },
    [NOTIFY_SMTP_DATA] = { CODE_GO_ON, NOTIFY_SMTP_BODY, say_body },
    [NOTIFY_SMTP_BODY] = { CODE_GOOD, NOTIFY_SMTP_ENDED, say_nothing },
};

int notify_smtp_code(const char *line)
{
    for (int i = 0; i < 3; i++)
        if (line[i] < '0' || line[i] > '9')
            return 0;
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

static void end(struct notify_smtp *s, enum notify_input verdict)
{
    s->stage = NOTIFY_SMTP_ENDED;
    s->verdict = verdict;
}

void notify_smtp_begin(struct notify_smtp *s, const char *from, const char *to, const char *body,
                       size_t body_len, struct co_buf *out)
{
    *s = (struct notify_smtp){ .to = to, .body = body, .body_len = body_len };
    (void)co_buf_printf(out, "MAIL FROM:<%s>\r\n", from);
}

/* A reply is complete. One that comes before we are done speaking cannot be about what we say. */
static void step(struct notify_smtp *s, bool is_all_out, struct co_buf *out)
{
    int code = notify_smtp_code(s->reply);
    int good = stages[s->stage].good_from;
    if (code >= CODE_NEVER) {
        end(s, NOTIFY_REFUSED);
    } else if (code >= CODE_BAD) {
        s->is_recipients =
            s->stage == NOTIFY_SMTP_RCPT && (code == CODE_BOX_BUSY || code == CODE_BOX_LATER);
        end(s, NOTIFY_LATER);
    } else if (code < good || code > good + 99 || !is_all_out) {
        notify_smtp_lost(s, is_all_out);
    } else if (stages[s->stage].next == NOTIFY_SMTP_ENDED) {
        end(s, NOTIFY_TAKEN);
    } else {
        enum notify_smtp_stage stage = s->stage;
        s->stage = stages[stage].next;
        stages[stage].say(s, out);
    }
}

/* Adds a byte to the reply; true when it ends the last line of one. */
static bool add_byte(struct notify_smtp *s, char byte)
{
    if (byte != '\n') {
        if (s->reply_len < sizeof(s->reply) - 1 && byte != '\r')
            s->reply[s->reply_len++] = byte;
        return false;
    }
    s->reply[s->reply_len] = '\0';
    bool is_last = s->reply_len < 4 || s->reply[3] != '-';
    s->reply_len = 0;
    return is_last;
}

void notify_smtp_take(struct notify_smtp *s, const char *bytes, size_t len, bool is_all_out,
                      struct co_buf *out)
{
    for (size_t i = 0; i < len && s->stage != NOTIFY_SMTP_ENDED; i++) {
        if (++s->got_bytes > NOTIFY_SMTP_REPLIES_BYTES) {
            notify_smtp_lost(s, is_all_out);
        } else if (add_byte(s, bytes[i])) {
            step(s, is_all_out, out);
            is_all_out = false; /* what has just been said has not left yet */
        }
    }
}

void notify_smtp_lost(struct notify_smtp *s, bool is_all_out)
{
    if (s->stage != NOTIFY_SMTP_ENDED)
        end(s, s->stage == NOTIFY_SMTP_BODY && is_all_out ? NOTIFY_DOUBT : NOTIFY_LATER);
}
