/* notify_text.h - the words of a notice: a template of the policy pack and the facts of the case.
 *
 * Pure. A template names fields in braces, "{number} is due {due}"; "{{" and "}}" are braces. The
 * template is trusted: its line ends, tags and links are the pack's. What a field says is not: it
 * is taken as text, never as template; control characters and line ends in it become blanks, so a
 * title cannot forge a line; what would turn the direction of writing is left out, so it cannot
 * show what follows backwards; and it is escaped as the form of the text asks. A field that is not
 * known shows as "?", so that a person sees the gap.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/common.pb-c.h"
#include "callout/v1/registry.pb-c.h"
#include "co_buf.h"

#define NOTIFY_SUBJECT_BYTES 400
#define NOTIFY_BODY_BYTES 8000
#define NOTIFY_HTML_BYTES 24000
#define NOTIFY_BRIEF_BYTES 1000
#define NOTIFY_VALUE_BYTES 1000 /* what one field may add */

enum notify_language { NOTIFY_ZH, NOTIFY_EN, NOTIFY_LANGUAGES };

struct notify_field {
    const char *name;
    const char *value; /* NULL: not known */
    bool is_ours;      /* words of ours: nobody else has a say in it */
};

/* What a value must not do in the text. */
enum notify_escape {
    NOTIFY_ESCAPE_NOTHING,
    NOTIFY_ESCAPE_HTML, /* & < > " ' become entities: it is neither tag nor end of an attribute */
    /* What robots' markdown, each its own, may take for a link, a heading, a mention, stress, code
     * or a tag becomes its full-width likeness: [x](y) is ［x］(y). No robot documents how such
     * signs are escaped, and the likeness is nothing but a letter to each. What is ours is left
     * alone: an address in it must stay one. */
    NOTIFY_ESCAPE_MARKDOWN,
};

/* Of "en" English, of "zh+en" Chinese, then English; of what is not known Chinese. Returns how
 * many. */
size_t notify_languages_of(const char *code,
                           enum notify_language ret_languages[static NOTIFY_LANGUAGES]);

/* The first of these. */
enum notify_language notify_language_of(const char *code);

/* The text in that language, else in the other; "" when there is neither. Borrowed from `text`. */
const char *notify_text_pick(const Callout__V1__Text *text, enum notify_language language);

struct notify_fill {
    const struct notify_field *fields;
    size_t count;
    enum notify_escape escape;
};

/* Appends the filled template to `to`. CO_EFULL: it did not fit under the buffer's limit, was cut
 * between characters and ends in an ellipsis; CO_ENOMEM. */
CO_MUST_CHECK enum co_err notify_text_fill(const char *template, const struct notify_fill *fill,
                                           struct co_buf *to);

/* Control characters and line ends become blanks, the text is then one line; what turns the
 * direction of writing (U+202A to 202E, U+2066 to 2069) is left out. UTF-8. */
void notify_text_clean(char *text);

#define NOTIFY_TIME_TEXT 32

/* "2026-02-17 09:30 +08:00": local time with its offset, because a notice is read anywhere. */
void notify_text_time(int64_t us, int32_t offset_s, char to[static NOTIFY_TIME_TEXT]);

/* "3 小时 20 分钟", "3 h 20 min"; from two days on "2 天 4 小时", "2 d 4 h": a length of time, in
 * whole minutes or hours. */
#define NOTIFY_LENGTH_TEXT 64
void notify_text_length(int64_t us, enum notify_language language,
                        char to[static NOTIFY_LENGTH_TEXT]);

/* How far off a moment is: "还有 3 小时 20 分钟", "in 3 h 20 min"; negative: "已过 20 分钟",
 * "20 min ago". Not INT64_MIN. */
void notify_text_until(int64_t us, enum notify_language language,
                       char to[static NOTIFY_LENGTH_TEXT]);

/* The offset in force at `us`; 0 where the calendar is NULL or has no transition. */
int32_t notify_text_offset(const Callout__V1__Calendar *calendar, int64_t us);
