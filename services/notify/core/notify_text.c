#include "notify_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "co_text.h"
#include "co_time.h"

#define ELLIPSIS "\xe2\x80\xa6"

enum notify_language notify_language_of(const char *code)
{
    return strcmp(code, "en") == 0 ? NOTIFY_EN : NOTIFY_ZH;
}

const char *notify_text_pick(const Callout__V1__Text *text, enum notify_language language)
{
    if (text == NULL)
        return "";
    const char *said[NOTIFY_LANGUAGES] = { [NOTIFY_ZH] = text->zh, [NOTIFY_EN] = text->en };
    return said[language][0] != '\0' ? said[language] : said[NOTIFY_LANGUAGES - 1 - language];
}

static const char *find_value(const char *name, size_t len, const struct notify_field *fields,
                              size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(fields[i].name) == len && memcmp(fields[i].name, name, len) == 0)
            return fields[i].value;
    return NULL;
}

/* Appends one piece; false once the limit cut something off. Room for the ellipsis stays free. */
static bool append_piece(struct co_buf *to, const char *s, size_t len)
{
    size_t text_limit = to->limit < sizeof(ELLIPSIS) ? 0 : to->limit - (sizeof(ELLIPSIS) - 1);
    size_t room = to->len < text_limit ? text_limit - to->len : 0;
    if (len <= room)
        return co_buf_append(to, s, len) == CO_OK;
    while (room > 0 && ((unsigned char)s[room] & 0xc0) == 0x80)
        room--;
    (void)co_buf_append(to, s, room);
    (void)co_buf_append_text(to, ELLIPSIS);
    return false;
}

void notify_text_clean(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = ' ';
}

static bool append_value(struct co_buf *to, const char *value)
{
    if (value == NULL)
        return append_piece(to, "?", 1);
    char clean[NOTIFY_VALUE_BYTES + 1];
    size_t len = co_text_copy(clean, sizeof(clean), value);
    notify_text_clean(clean);
    return append_piece(to, clean, len);
}

/* The length of the literal text at `at`: up to the next brace. */
static size_t literal_len(const char *at)
{
    return strcspn(at, "{}");
}

enum co_err notify_text_fill(const char *template, const struct notify_field *fields, size_t count,
                             struct co_buf *to)
{
    const char *at = template;
    bool fits = true;
    while (*at != '\0' && fits) {
        size_t len = literal_len(at);
        if (len == 0 && at[0] == '{' && at[1] != '{' && strchr(at, '}') != NULL) {
            len = strcspn(at, "}") + 1;
            fits = append_value(to, find_value(at + 1, len - 2, fields, count));
        } else if (len == 0) {
            fits = append_piece(to, at, 1);
            len = at[1] == at[0] ? 2 : 1;
        } else {
            fits = append_piece(to, at, len);
        }
        at += len;
    }
    return to->err == CO_ENOMEM ? CO_ENOMEM : CO_OK;
}

void notify_text_time(int64_t us, int32_t offset_s, char to[static NOTIFY_TIME_TEXT])
{
    char text[CO_TIME_TEXT];
    co_time_format_local(us, offset_s, text);
    int date = 10;
    const char *offset = text + strcspn(text, "Z+");
    if (*offset == '\0')
        offset = strrchr(text, '-');
    (void)snprintf(to, NOTIFY_TIME_TEXT, "%.*s %.5s %s", date, text, text + date + 1,
                   offset_s == 0 ? "UTC" : offset);
}

/* Units of a length, the larger one first. */
static const struct {
    long long minutes;
    const char *name[NOTIFY_LANGUAGES];
} units[] = {
    { 24 * 60, { "天", "d" } },
    { 60, { "小时", "h" } },
    { 1, { "分钟", "min" } },
};

void notify_text_length(int64_t us, enum notify_language language,
                        char to[static NOTIFY_LENGTH_TEXT])
{
    long long minutes = (long long)(us < 0 ? 0 : us) / CO_MINUTE_US;
    size_t large = minutes >= 2 * units[0].minutes ? 0 : minutes >= units[1].minutes ? 1 : 2;
    size_t small = large < 2 ? large + 1 : 2;
    long long rest = minutes % units[large].minutes / units[small].minutes;
    if (minutes == 0)
        (void)co_text_copy(to, NOTIFY_LENGTH_TEXT,
                           language == NOTIFY_ZH ? "不到 1 分钟" : "less than 1 min");
    else if (rest == 0)
        (void)snprintf(to, NOTIFY_LENGTH_TEXT, "%lld %s", minutes / units[large].minutes,
                       units[large].name[language]);
    else
        (void)snprintf(to, NOTIFY_LENGTH_TEXT, "%lld %s %lld %s", minutes / units[large].minutes,
                       units[large].name[language], rest, units[small].name[language]);
}

void notify_text_until(int64_t us, enum notify_language language,
                       char to[static NOTIFY_LENGTH_TEXT])
{
    enum { COMING, OVER, TIMES };
    static const struct {
        const char *before, *after;
        const char *soon; /* within a minute */
    } words[NOTIFY_LANGUAGES][TIMES] = {
        { { "还有 ", "", "还有不到 1 分钟" }, { "已过 ", "", "刚刚" } },
        { { "in ", "", "in less than 1 min" }, { "", " ago", "just now" } },
    };
    int when = us < 0 ? OVER : COMING;
    char length[NOTIFY_LENGTH_TEXT / 2];
    char text[NOTIFY_LENGTH_TEXT];
    int64_t far_us = us < 0 ? -us : us;
    notify_text_length(far_us, language, text);
    (void)co_text_copy(length, sizeof(length), text);
    if (far_us < CO_MINUTE_US)
        (void)co_text_copy(to, NOTIFY_LENGTH_TEXT, words[language][when].soon);
    else
        (void)snprintf(to, NOTIFY_LENGTH_TEXT, "%s%s%s", words[language][when].before, length,
                       words[language][when].after);
}

int32_t notify_text_offset(const Callout__V1__Calendar *calendar, int64_t us)
{
    if (calendar == NULL || calendar->n_transitions == 0)
        return 0;
    size_t i = calendar->n_transitions - 1;
    while (i > 0 && calendar->transitions[i]->from_us > us)
        i--;
    return calendar->transitions[i]->offset_s;
}
