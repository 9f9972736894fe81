#include "notify_smtp.h"

#include <string.h>

enum {
    CODE_GOOD = 200,
    CODE_GO_ON = 300,
    CODE_BAD = 400,
    CODE_CLOSING = 421,  /* whatever was asked, the server goes away */
    CODE_BOX_BUSY = 450, /* and the next one: what servers say of one recipient */
    CODE_BOX_LATER = 451,
    CODE_NEVER = 500
};

typedef void say(const struct notify_smtp *s, struct co_buf *out);

static void say_mail(const struct notify_smtp *s, struct co_buf *out)
{
    (void)co_buf_printf(out, "MAIL FROM:<%s>\r\n", s->mail.from);
}

static void say_rcpt(const struct notify_smtp *s, struct co_buf *out)
{
    (void)co_buf_printf(out, "RCPT TO:<%s>\r\n", s->mail.to);
}

static void say_data(const struct notify_smtp *s, struct co_buf *out)
{
    (void)s;
    (void)co_buf_append_text(out, "DATA\r\n");
}

/* Lines that begin with a dot get another one; then the dot that ends it all. */
static void say_body(const struct notify_smtp *s, struct co_buf *out)
{
    const char *at = s->mail.body;
    const char *end = s->mail.body + s->mail.body_len;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *next = newline == NULL ? end : newline + 1;
        if (*at == '.')
            (void)co_buf_append_text(out, ".");
        (void)co_buf_append(out, at, (size_t)(next - at));
        at = next;
    }
    bool is_whole = s->mail.body_len >= 2 && memcmp(end - 2, "\r\n", 2) == 0;
    (void)co_buf_append_text(out, is_whole ? ".\r\n" : "\r\n.\r\n");
}

static void say_nothing(const struct notify_smtp *s, struct co_buf *out)
{
    (void)s;
    (void)out;
}

/* What a good reply to each stage is, what follows it, and how a bad one leaves the connection. A
 * server that refuses the sender may be tired of the connection: the next mail gets another. */
static const struct {
    int good_from; /* and the 99 codes after it */
    enum notify_smtp_stage next;
    say *say;
    enum notify_smtp_line refused;
} stages[NOTIFY_SMTP_ENDED] = {
    [NOTIFY_SMTP_RESET] = { CODE_GOOD, NOTIFY_SMTP_MAIL, say_mail, NOTIFY_SMTP_SPENT },
    [NOTIFY_SMTP_MAIL] = { CODE_GOOD, NOTIFY_SMTP_RCPT, say_rcpt, NOTIFY_SMTP_SPENT },
    [NOTIFY_SMTP_RCPT] = { CODE_GOOD, NOTIFY_SMTP_DATA, say_data, NOTIFY_SMTP_UNDONE },
    [NOTIFY_SMTP_DATA] = { CODE_GO_ON, NOTIFY_SMTP_BODY, say_body, NOTIFY_SMTP_UNDONE },
    [NOTIFY_SMTP_BODY] = { CODE_GOOD, NOTIFY_SMTP_ENDED, say_nothing, NOTIFY_SMTP_KEPT },
};

int notify_smtp_code(const char *line)
{
    for (int i = 0; i < 3; i++)
        if (line[i] < '0' || line[i] > '9')
            return 0;
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

static void end(struct notify_smtp *s, enum notify_input verdict, enum notify_smtp_line line)
{
    bool is_lost = line == NOTIFY_SMTP_ADRIFT;
    s->is_stale = s->line != NOTIFY_SMTP_FRESH && s->stage < NOTIFY_SMTP_BODY &&
                  (is_lost || s->stage <= NOTIFY_SMTP_MAIL);
    s->stage = NOTIFY_SMTP_ENDED;
    s->verdict = verdict;
    s->line = line;
}

void notify_smtp_begin(struct notify_smtp *s, const struct notify_smtp_mail *mail,
                       enum notify_smtp_line line, struct co_buf *out)
{
    bool is_undone = line == NOTIFY_SMTP_UNDONE;
    *s = (struct notify_smtp){ .stage = is_undone ? NOTIFY_SMTP_RESET : NOTIFY_SMTP_MAIL,
                               .line = line,
                               .mail = *mail };
    if (is_undone)
        (void)co_buf_append_text(out, "RSET\r\n");
    else
        say_mail(s, out);
}

static void refuse(struct notify_smtp *s, int code, bool is_all_out)
{
    bool is_in_step = is_all_out && code != CODE_CLOSING;
    s->is_recipients =
        s->stage == NOTIFY_SMTP_RCPT && (code == CODE_BOX_BUSY || code == CODE_BOX_LATER);
    end(s, code >= CODE_NEVER ? NOTIFY_REFUSED : NOTIFY_LATER,
        is_in_step ? stages[s->stage].refused : NOTIFY_SMTP_ADRIFT);
}

/* A reply is complete. One that comes before we are done speaking cannot be about what we say. */
static void step(struct notify_smtp *s, bool is_all_out, struct co_buf *out)
{
    int code = notify_smtp_code(s->reply);
    int good = stages[s->stage].good_from;
    if (code >= CODE_BAD) {
        refuse(s, code, is_all_out);
    } else if (code < good || code > good + 99 || !is_all_out) {
        notify_smtp_lost(s, is_all_out);
    } else if (stages[s->stage].next == NOTIFY_SMTP_ENDED) {
        end(s, NOTIFY_TAKEN, NOTIFY_SMTP_KEPT);
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
            if (s->stage == NOTIFY_SMTP_ENDED && i + 1 < len)
                s->line = NOTIFY_SMTP_ADRIFT; /* it says more than it was asked */
        }
    }
}

void notify_smtp_lost(struct notify_smtp *s, bool is_all_out)
{
    if (s->stage != NOTIFY_SMTP_ENDED)
        end(s, s->stage == NOTIFY_SMTP_BODY && is_all_out ? NOTIFY_DOUBT : NOTIFY_LATER,
            NOTIFY_SMTP_ADRIFT);
}
