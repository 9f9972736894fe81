#include "notify_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "co_text.h"
#include "co_time.h"

#define ELLIPSIS "\xe2\x80\xa6"

static const struct {
    const char *code;
    size_t count;
    enum notify_language languages[NOTIFY_LANGUAGES];
} readers[] = {
    { "zh", 1, { NOTIFY_ZH } },
    { "en", 1, { NOTIFY_EN } },
    { "zh+en", 2, { NOTIFY_ZH, NOTIFY_EN } },
    { "en+zh", 2, { NOTIFY_EN, NOTIFY_ZH } },
};

size_t notify_languages_of(const char *code,
                           enum notify_language ret_languages[static NOTIFY_LANGUAGES])
{
    size_t row = sizeof(readers) / sizeof(readers[0]) - 1;
    while (row > 0 && strcmp(readers[row].code, code) != 0)
        row--;
    memcpy(ret_languages, readers[row].languages, sizeof(readers[row].languages));
    return readers[row].count;
}

enum notify_language notify_language_of(const char *code)
{
    enum notify_language languages[NOTIFY_LANGUAGES];
    (void)notify_languages_of(code, languages);
    return languages[0];
}

const char *notify_text_pick(const Callout__V1__Text *text, enum notify_language language)
{
    if (text == NULL)
        return "";
    const char *said[NOTIFY_LANGUAGES] = { [NOTIFY_ZH] = text->zh, [NOTIFY_EN] = text->en };
    return said[language][0] != '\0' ? said[language] : said[NOTIFY_LANGUAGES - 1 - language];
}

static const struct notify_field *find_field(const char *name, size_t len,
                                             const struct notify_fill *fill)
{
    for (size_t i = 0; i < fill->count; i++)
        if (strlen(fill->fields[i].name) == len && memcmp(fill->fields[i].name, name, len) == 0)
            return &fill->fields[i];
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

/* ---- values ---- */

enum kind { LETTER, BLANK, TURN };

/* Of the character at `s`; `*ret_len` is its length. */
static enum kind kind_of(const unsigned char *s, size_t *ret_len)
{
    *ret_len = 1;
    if (s[0] < ' ' || s[0] == 0x7f)
        return BLANK;
    if (s[0] == 0xc2 && s[1] >= 0x80 && s[1] <= 0x9f) { /* C1 */
        *ret_len = 2;
        return BLANK;
    }
    if (s[0] != 0xe2 || (s[1] != 0x80 && s[1] != 0x81))
        return LETTER;
    bool is_line_end = s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9); /* U+2028, 2029 */
    bool is_turn = s[1] == 0x80 ? s[2] >= 0xaa && s[2] <= 0xae         /* U+202A to 202E */
                                : s[2] >= 0xa6 && s[2] <= 0xa9;        /* U+2066 to 2069 */
    *ret_len = is_line_end || is_turn ? 3 : 1;
    return is_line_end ? BLANK : is_turn ? TURN : LETTER;
}

void notify_text_clean(char *text)
{
    char *to = text;
    size_t len;
    for (const char *s = text; *s != '\0'; s += len) {
        enum kind kind = kind_of((const unsigned char *)s, &len);
        if (kind != TURN)
            *to++ = kind == BLANK ? ' ' : *s;
    }
    *to = '\0';
}

struct escape {
    char sign;
    const char *instead;
};

static const struct escape html[] = {
    { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" }, { '\'', "&#39;" }, { 0 },
};

static const struct escape markdown[] = {
    { '\\', "＼" }, { '`', "｀" }, { '*', "＊" }, { '_', "＿" }, { '[', "［" },
    { ']', "］" },  { '<', "＜" }, { '>', "＞" }, { '#', "＃" }, { '@', "＠" },
    { '!', "！" },  { '|', "｜" }, { '~', "～" }, { '&', "＆" }, { 0 },
};

/* At the beginning of a line these make lists, lines across, and headings of the line above. */
static const struct escape line_start[] = { { '-', "－" }, { '+', "＋" }, { '=', "＝" }, { 0 } };

static const struct escape nothing[] = { { 0 } };

static const char *find_escape(const struct escape *rows, char sign)
{
    while (rows->sign != 0 && rows->sign != sign)
        rows++;
    return rows->instead;
}

/* `value` is clean; `first`: for the sign that it begins with. */
static bool append_escaped(struct co_buf *to, const char *value, const struct escape *first,
                           const struct escape *rows)
{
    const char *begin = value + strspn(value, " ");
    bool fits = true;
    for (const char *s = value; *s != '\0' && fits;) {
        size_t len = 1;
        while (((unsigned char)s[len] & 0xc0) == 0x80)
            len++;
        const char *instead = s == begin ? find_escape(first, *s) : NULL;
        instead = instead != NULL ? instead : find_escape(rows, *s);
        fits = append_piece(to, instead != NULL ? instead : s,
                            instead != NULL ? strlen(instead) : len);
        s += len;
    }
    return fits;
}

/* False once the limit cut something off. `field` NULL: there is none of that name. */
static bool append_value(struct co_buf *to, const struct notify_field *field,
                         enum notify_escape escape)
{
    if (field == NULL || field->value == NULL)
        return append_piece(to, "?", 1);
    char clean[NOTIFY_VALUE_BYTES + 1];
    (void)co_text_copy(clean, sizeof(clean), field->value);
    notify_text_clean(clean);
    if (escape == NOTIFY_ESCAPE_HTML)
        return append_escaped(to, clean, nothing, html);
    if (escape == NOTIFY_ESCAPE_MARKDOWN && !field->is_ours)
        return append_escaped(to, clean, line_start, markdown);
    return append_piece(to, clean, strlen(clean));
}

/* ---- templates ---- */

/* The length of the literal text at `at`: up to the next brace. */
static size_t literal_len(const char *at)
{
    return strcspn(at, "{}");
}

enum co_err notify_text_fill(const char *template, const struct notify_fill *fill,
                             struct co_buf *to)
{
    const char *at = template;
    bool fits = true;
    while (*at != '\0' && fits) {
        size_t len = literal_len(at);
        if (len == 0 && at[0] == '{' && at[1] != '{' && strchr(at, '}') != NULL) {
            len = strcspn(at, "}") + 1;
            fits = append_value(to, find_field(at + 1, len - 2, fill), fill->escape);
        } else if (len == 0) {
            fits = append_piece(to, at, 1);
            len = at[1] == at[0] ? 2 : 1;
        } else {
            fits = append_piece(to, at, len);
        }
        at += len;
    }
    return to->err == CO_ENOMEM ? CO_ENOMEM : fits ? CO_OK : CO_EFULL;
}

/* ---- times ---- */

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
