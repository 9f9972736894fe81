#include "co_log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "co_assert.h"
#include "co_text.h"
#include "co_time.h"

static const char cut_mark[] = " cut=true";

struct co_log {
    char *service;
    char *instance;
    enum co_log_level level;
    int fd;
    int64_t (*now_us)(void);
    uint64_t lines[CO_LOG_LEVELS];
    uint64_t lost;
};

/* A line being written. `len` never passes the room left for the cut mark and the line feed. */
struct line {
    size_t len;
    bool is_cut;
    char text[CO_LOG_LINE_BYTES];
};

enum { LINE_ROOM = CO_LOG_LINE_BYTES - (int)sizeof(cut_mark) - 1 };

static const char *const level_names[CO_LOG_LEVELS] = { [CO_LOG_DEBUG] = "debug",
                                                        [CO_LOG_INFO] = "info",
                                                        [CO_LOG_WARN] = "warn",
                                                        [CO_LOG_ERROR] = "error" };

static int64_t system_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * CO_SECOND_US + now.tv_nsec / 1000;
}

struct co_log *co_log_new(const struct co_log_options *options)
{
    co_assert(options->level < CO_LOG_LEVELS);
    struct co_log *log = calloc(1, sizeof(*log));
    if (log == NULL)
        return NULL;
    log->level = options->level;
    log->fd = options->fd;
    log->now_us = options->now_us != NULL ? options->now_us : system_now_us;
    log->service = strdup(options->service);
    log->instance = options->instance != NULL ? strdup(options->instance) : NULL;
    if (log->service == NULL || (options->instance != NULL && log->instance == NULL)) {
        co_log_free(log);
        return NULL;
    }
    return log;
}

void co_log_free(struct co_log *log)
{
    if (log == NULL)
        return;
    free(log->service);
    free(log->instance);
    free(log);
}

void co_log_set_level(struct co_log *log, enum co_log_level level)
{
    co_assert(level < CO_LOG_LEVELS);
    log->level = level;
}

bool co_log_wants(const struct co_log *log, enum co_log_level level)
{
    return level >= log->level;
}

enum co_err co_log_level_parse(const char *text, enum co_log_level *ret_level)
{
    for (size_t i = 0; i < CO_LOG_LEVELS; i++) {
        if (strcmp(text, level_names[i]) == 0) {
            *ret_level = (enum co_log_level)i;
            return CO_OK;
        }
    }
    return CO_EINPUT;
}

const char *co_log_level_name(enum co_log_level level)
{
    co_assert(level < CO_LOG_LEVELS);
    return level_names[level];
}

uint64_t co_log_lines(const struct co_log *log, enum co_log_level level)
{
    co_assert(level < CO_LOG_LEVELS);
    return log->lines[level];
}

uint64_t co_log_lost(const struct co_log *log)
{
    return log->lost;
}

static void put(struct line *line, const char *p, size_t size)
{
    if (line->is_cut || size > LINE_ROOM - line->len) {
        line->is_cut = true;
        return;
    }
    memcpy(line->text + line->len, p, size);
    line->len += size;
}

/* Characters that a terminal or a reader acts on instead of showing them. */
static bool is_hidden(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
           c == 0x061c;
}

static bool needs_quotes(const char *s)
{
    if (*s == '\0' || strcmp(s, "null") == 0)
        return true;
    for (const char *c = s; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f || strchr("\"\\='`", *c) != NULL)
            return true;
    return false;
}

/* One character of a quoted value, `size` bytes at s. */
static void put_character(struct line *line, const char *s, size_t size, uint32_t c)
{
    static const char special[] = "\"\\\n\r\t";
    static const char letters[] = "\"\\nrt";
    char escaped[16];
    const char *found = c < 0x80 && c != 0 ? strchr(special, (int)c) : NULL;
    if (found != NULL) {
        put(line, "\\", 1);
        put(line, &letters[found - special], 1);
    } else if (!co_text_is_valid(s, size)) {
        snprintf(escaped, sizeof(escaped), "\\x%02x", (unsigned)(unsigned char)*s);
        put(line, escaped, 4);
    } else if (is_hidden(c)) {
        snprintf(escaped, sizeof(escaped), "\\u%04x", (unsigned)c);
        put(line, escaped, 6);
    } else {
        put(line, s, size);
    }
}

static void put_text(struct line *line, const char *s)
{
    if (s == NULL) {
        put(line, "null", 4);
        return;
    }
    if (!needs_quotes(s) && strlen(s) <= CO_LOG_VALUE_BYTES) {
        put(line, s, strlen(s));
        return;
    }
    size_t len = strlen(s);
    size_t shown = len <= CO_LOG_VALUE_BYTES ? len : co_text_clip(s, CO_LOG_VALUE_BYTES);
    put(line, "\"", 1);
    for (size_t at = 0; at < shown;) {
        uint32_t c;
        size_t size = co_text_next(s + at, &c);
        put_character(line, s + at, size, c);
        at += size;
    }
    if (shown < len)
        put(line, "...", 3);
    put(line, "\"", 1);
}

static void put_int(struct line *line, const struct co_field *field)
{
    char text[24];
    put(line, text, (size_t)snprintf(text, sizeof(text), "%" PRId64, field->i));
}

static void put_uint(struct line *line, const struct co_field *field)
{
    char text[24];
    put(line, text, (size_t)snprintf(text, sizeof(text), "%" PRIu64, field->u));
}

static void put_double(struct line *line, const struct co_field *field)
{
    char text[32];
    put(line, text, (size_t)snprintf(text, sizeof(text), "%.6g", field->d));
}

static void put_bool(struct line *line, const struct co_field *field)
{
    put_text(line, field->b ? "true" : "false");
}

static void put_time(struct line *line, const struct co_field *field)
{
    char text[CO_TIME_TEXT];
    if (field->us == INT64_MAX) {
        put_text(line, "never");
    } else if (field->us < CO_TIME_MIN_US || field->us > CO_TIME_MAX_US) {
        put_int(line, &CO_I("", field->us));
    } else {
        co_time_format(field->us, text);
        put_text(line, text);
    }
}

static void put_duration(struct line *line, const struct co_field *field)
{
    char text[CO_DURATION_TEXT];
    co_duration_format(field->us, text);
    put_text(line, text);
}

static void put_string(struct line *line, const struct co_field *field)
{
    put_text(line, field->text);
}

/* A field is written whole or not at all. */
static void put_field(struct line *line, const struct co_field *field)
{
    static void (*const writers[CO_FIELD_TYPES])(struct line *, const struct co_field *) = {
        [CO_FIELD_TEXT] = put_string,       [CO_FIELD_INT] = put_int,   [CO_FIELD_UINT] = put_uint,
        [CO_FIELD_DOUBLE] = put_double,     [CO_FIELD_BOOL] = put_bool, [CO_FIELD_TIME] = put_time,
        [CO_FIELD_DURATION] = put_duration,
    };
    co_assert(field->type > CO_FIELD_END && field->type < CO_FIELD_TYPES);
    size_t before = line->len;
    if (before > 0)
        put(line, " ", 1);
    put(line, field->key, strlen(field->key));
    put(line, "=", 1);
    writers[field->type](line, field);
    if (line->is_cut)
        line->len = before;
}

static void put_fields(struct line *line, const struct co_field *fields)
{
    for (const struct co_field *f = fields; f->type != CO_FIELD_END && !line->is_cut; f++)
        put_field(line, f);
}

/* The time with exactly three digits of fraction, so that lines line up. */
static void put_head(struct line *line, const struct co_log *log, enum co_log_level level,
                     const char *event, int64_t now_us)
{
    char ts[CO_TIME_TEXT + 4];
    co_time_format(now_us - now_us % CO_SECOND_US, ts);
    size_t seconds_len = strlen("2026-02-17T01:30:00");
    snprintf(ts + seconds_len, sizeof(ts) - seconds_len, ".%03dZ",
             (int)(now_us % CO_SECOND_US / CO_MILLISECOND_US));
    put_fields(line, (const struct co_field[]){ CO_S("ts", ts), CO_S("level", level_names[level]),
                                                CO_S("service", log->service), CO_FIELDS_END });
    if (log->instance != NULL)
        put_field(line, &CO_S("instance", log->instance));
    put_field(line, &CO_S("event", event));
}

static void finish(struct co_log *log, struct line *line, enum co_log_level level)
{
    if (line->is_cut) {
        memcpy(line->text + line->len, cut_mark, sizeof(cut_mark) - 1);
        line->len += sizeof(cut_mark) - 1;
    }
    line->text[line->len++] = '\n';
    ssize_t written;
    do
        written = write(log->fd, line->text, line->len);
    while (written < 0 && errno == EINTR);
    if (written < 0)
        log->lost++;
    else
        log->lines[level]++;
}

static void write_line(struct co_log *log, enum co_log_level level, const char *event,
                       const struct co_field *fields, const struct co_field *more)
{
    struct line line = { .len = 0 };
    int64_t now_us = log->now_us();
    co_assert(level < CO_LOG_LEVELS && now_us >= 0);
    put_head(&line, log, level, event, now_us);
    put_fields(&line, more);
    put_fields(&line, fields);
    finish(log, &line, level);
}

void co_log_write(struct co_log *log, enum co_log_level level, const char *event,
                  const struct co_field *fields)
{
    write_line(log, level, event, fields, &CO_FIELDS_END);
}

void co_log_condition_holds(struct co_log *log, struct co_log_condition *condition,
                            enum co_log_level level, const char *event,
                            const struct co_field *fields)
{
    int64_t now_us = log->now_us();
    bool is_new = !condition->holds;
    if (is_new)
        *condition = (struct co_log_condition){ .holds = true, .since_us = now_us };
    condition->count++;
    if (!is_new && now_us - condition->said_us < CO_LOG_REPEAT_US)
        return;
    condition->said_us = now_us;
    if (!co_log_wants(log, level))
        return;
    const struct co_field repeated[] = { CO_U("count", condition->count),
                                         CO_FOR("for", now_us - condition->since_us),
                                         CO_FIELDS_END };
    write_line(log, level, event, fields, is_new ? &CO_FIELDS_END : repeated);
}

void co_log_condition_ended(struct co_log *log, struct co_log_condition *condition,
                            const char *event, const struct co_field *fields)
{
    if (!condition->holds)
        return;
    const struct co_field summary[] = { CO_U("count", condition->count),
                                        CO_FOR("for", log->now_us() - condition->since_us),
                                        CO_FIELDS_END };
    *condition = (struct co_log_condition){ .holds = false };
    if (co_log_wants(log, CO_LOG_INFO))
        write_line(log, CO_LOG_INFO, event, fields, summary);
}
