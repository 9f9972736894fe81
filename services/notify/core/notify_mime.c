#include "notify_mime.h"

#include <stdbool.h>
#include <string.h>

#include "co_text.h"
#include "co_time.h"
#include "notify_text.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static void append_base64(struct co_buf *to, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i += 3) {
        uint32_t have = (uint32_t)(len - i < 3 ? len - i : 3);
        uint32_t bits = (uint32_t)(unsigned char)s[i] << 16;
        bits |= have > 1 ? (uint32_t)(unsigned char)s[i + 1] << 8 : 0;
        bits |= have > 2 ? (uint32_t)(unsigned char)s[i + 2] : 0;
        char text[4] = { alphabet[bits >> 18], alphabet[bits >> 12 & 63],
                         have > 1 ? alphabet[bits >> 6 & 63] : '=',
                         have > 2 ? alphabet[bits & 63] : '=' };
        (void)co_buf_append(to, text, sizeof(text));
    }
}

static bool is_plain_ascii(const char *s)
{
    for (; *s != '\0'; s++)
        if (*s < ' ' || *s > '~')
            return false;
    return true;
}

enum {
    WORD_BYTES = 42
}; /* 56 characters in base64: an encoded word of at most 75 with its frame */

/* RFC 2047: encoded words, each of whole characters, folded onto lines of their own. */
static void append_words(struct co_buf *to, const char *s)
{
    size_t len = co_text_clip(s, WORD_BYTES);
    for (bool is_first = true; len > 0; is_first = false) {
        (void)co_buf_append_text(to, is_first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
        append_base64(to, s, len);
        (void)co_buf_append_text(to, "?=");
        s += len;
        len = co_text_clip(s, WORD_BYTES);
    }
}

/* Anything but a short plain subject is encoded, so that no line break, no long line, no comma of a
 * name and nothing that looks like an encoded word gets through as it is. */
static void append_text(struct co_buf *to, const char *text, bool is_name)
{
    char s[NOTIFY_SUBJECT_BYTES + 1];
    (void)co_text_copy(s, sizeof(s), text);
    notify_text_clean(s);
    if (!is_name && is_plain_ascii(s) && strlen(s) <= 60 && strstr(s, "=?") == NULL)
        (void)co_buf_append_text(to, s);
    else
        append_words(to, s);
}

static void append_recipient(struct co_buf *to, const struct notify_mail *mail)
{
    (void)co_buf_append_text(to, "To: ");
    if (mail->to_name[0] != '\0') {
        append_text(to, mail->to_name, true);
        (void)co_buf_append_text(to, "\r\n ");
    }
    (void)co_buf_printf(to, "<%s>\r\n", mail->to);
}

static void append_date(struct co_buf *to, int64_t us)
{
    static const char day_names[] = "MonTueWedThuFriSatSun";
    static const char month_names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    int64_t days = co_days_of_us(us, 0);
    struct co_date d = co_date_of_days(days);
    int second = (int)((us - days * CO_DAY_US) / CO_SECOND_US);
    (void)co_buf_printf(to, "Date: %.3s, %02d %.3s %04d %02d:%02d:%02d +0000\r\n",
                        day_names + (size_t)3 * (size_t)co_weekday_of_days(days), (int)d.day,
                        month_names + (size_t)3 * (size_t)(d.month - 1), (int)d.year, second / 3600,
                        second / 60 % 60, second % 60);
}

static const char *domain_of(const char *from)
{
    const char *at = strchr(from, '@');
    return at == NULL ? from : at + 1;
}

static void append_headers(struct co_buf *to, const struct notify_mail *mail)
{
    const char *domain = domain_of(mail->from);
    (void)co_buf_printf(to, "From: Callout <%s>\r\n", mail->from);
    append_recipient(to, mail);
    (void)co_buf_append_text(to, "Subject: ");
    append_text(to, mail->subject, false);
    (void)co_buf_append_text(to, "\r\n");
    append_date(to, mail->planned_us);
    (void)co_buf_printf(to, "Message-ID: <%s@%s>\r\n", mail->key, domain);
    (void)co_buf_printf(to, "References: <case.%s@%s>\r\n", mail->number, domain);
    (void)co_buf_printf(to, "In-Reply-To: <case.%s@%s>\r\n", mail->number, domain);
    (void)co_buf_printf(to, "X-Callout-Case: %s\r\n", mail->number);
    (void)co_buf_append_text(to, "Auto-Submitted: auto-generated\r\n"
                                 "MIME-Version: 1.0\r\n");
}

/* Base64 in lines of 76. Line ends become CR LF first: that is the canonical form of text. */
static void append_body(struct co_buf *to, const char *body)
{
    char block[57]; /* 76 characters */
    size_t used = 0;
    for (const char *c = body; *c != '\0' || used > 0;) {
        bool is_end = *c == '\n' && (c == body || c[-1] != '\r');
        if (*c != '\0' && used + (is_end ? 2 : 1) <= sizeof(block)) {
            if (is_end)
                block[used++] = '\r';
            block[used++] = *c++;
            continue;
        }
        append_base64(to, block, used);
        (void)co_buf_append_text(to, "\r\n");
        used = 0;
    }
}

/* One text with its headers. */
static void append_part(struct co_buf *to, const char *type, const char *text)
{
    (void)co_buf_printf(to,
                        "Content-Type: text/%s; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: base64\r\n\r\n",
                        type);
    append_body(to, text);
}

/* Base64 has no underscore: it cannot stand in a part. */
#define BOUNDARY "=_callout"

static void append_both(struct co_buf *to, const struct notify_mail *mail)
{
    (void)co_buf_append_text(to, "Content-Type: multipart/alternative; boundary=\"" BOUNDARY
                                 "\"\r\n\r\n"
                                 "--" BOUNDARY "\r\n");
    append_part(to, "plain", mail->body);
    (void)co_buf_append_text(to, "--" BOUNDARY "\r\n");
    append_part(to, "html", mail->html);
    (void)co_buf_append_text(to, "--" BOUNDARY "--\r\n");
}

enum co_err notify_mime_write(const struct notify_mail *mail, struct co_buf *to)
{
    append_headers(to, mail);
    if (mail->html[0] == '\0')
        append_part(to, "plain", mail->body);
    else
        append_both(to, mail);
    return to->err;
}
