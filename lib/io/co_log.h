/* co_log.h - one line per event, logfmt, to standard error.
 *
 *     co_log_info(log, "lane_taken", CO_I("lane", 3), CO_S("from", owner));
 *     ts=2026-02-17T01:30:00.120Z level=info service=sla instance=sla-1 event=lane_taken lane=3
 * from=sla-2
 *
 * Only shells and main log; one failure, one line, at the place that decides. Never a secret, a
 * connection string, an SQL parameter or a message body. Values may come from anywhere: they are
 * quoted and escaped, so that no value can end a line, start a field or drive a terminal (controls
 * and bidirectional marks as \uXXXX, bytes that are not UTF-8 as \xXX), and are cut at
 * CO_LOG_VALUE_BYTES. A line is one write(2) of at most CO_LOG_LINE_BYTES; fields that do not fit
 * are left out and the line ends with cut=true.
 *
 * One log object per daemon, passed around; one thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "co_err.h"

#define CO_LOG_VALUE_BYTES 1024
#define CO_LOG_LINE_BYTES 4096 /* PIPE_BUF: lines of several processes in one pipe stay whole */

enum co_log_level { CO_LOG_DEBUG, CO_LOG_INFO, CO_LOG_WARN, CO_LOG_ERROR, CO_LOG_LEVELS };

enum co_field_type {
    CO_FIELD_END,
    CO_FIELD_TEXT,
    CO_FIELD_INT,
    CO_FIELD_UINT,
    CO_FIELD_DOUBLE,
    CO_FIELD_BOOL,
    CO_FIELD_TIME,
    CO_FIELD_DURATION,
    CO_FIELD_TYPES
};

struct co_field {
    const char *key; /* ours, a literal: [a-z0-9_]+ */
    enum co_field_type type;
    union {
        const char *text; /* NULL is written as null */
        int64_t i;
        uint64_t u;
        double d;
        bool b;
        int64_t us;
    };
};

#define CO_S(k, value) ((struct co_field){ .key = (k), .type = CO_FIELD_TEXT, .text = (value) })
#define CO_I(k, value) ((struct co_field){ .key = (k), .type = CO_FIELD_INT, .i = (value) })
#define CO_U(k, value) ((struct co_field){ .key = (k), .type = CO_FIELD_UINT, .u = (value) })
#define CO_D(k, value) ((struct co_field){ .key = (k), .type = CO_FIELD_DOUBLE, .d = (value) })
#define CO_B(k, value) ((struct co_field){ .key = (k), .type = CO_FIELD_BOOL, .b = (value) })
/* A point in time (Unix us; INT64_MAX is written as never) and a length of time (us). */
#define CO_AT(k, value) ((struct co_field){ .key = (k), .type = CO_FIELD_TIME, .us = (value) })
#define CO_FOR(k, value) ((struct co_field){ .key = (k), .type = CO_FIELD_DURATION, .us = (value) })
#define CO_FIELDS_END ((struct co_field){ .key = NULL, .type = CO_FIELD_END })

struct co_log;

struct co_log_options {
    const char *service;
    const char *instance; /* NULL: left out */
    enum co_log_level level;
    int fd;                  /* where the lines go, not closed; 2 in a daemon */
    int64_t (*now_us)(void); /* NULL: the system's clock */
};

/* Copies the options. The caller frees the result; NULL: out of memory. */
struct co_log *co_log_new(const struct co_log_options *options);
void co_log_free(struct co_log *log); /* NULL is allowed */

void co_log_set_level(struct co_log *log, enum co_log_level level);
bool co_log_wants(const struct co_log *log, enum co_log_level level);

/* "debug", "info", "warn", "error". CO_EINPUT: another word. */
CO_MUST_CHECK enum co_err co_log_level_parse(const char *text, enum co_log_level *ret_level);
const char *co_log_level_name(enum co_log_level level);

/* Lines written at that level since the start, and lines that could not be written at all. */
uint64_t co_log_lines(const struct co_log *log, enum co_log_level level);
uint64_t co_log_lost(const struct co_log *log);

/* co_log_info(log, "event", FIELD...): fields are CO_S .. CO_FOR, none is allowed too. They are not
 * evaluated when the level is off. */
#define co_log_line(log, level, ...)                                                               \
    do {                                                                                           \
        if (co_log_wants((log), (level)))                                                          \
            co_log_write((log), (level), CO_LOG_FIRST(__VA_ARGS__, 0),                             \
                         CO_LOG_FIELDS(__VA_ARGS__));                                              \
    } while (0)
#define co_log_debug(log, ...) co_log_line((log), CO_LOG_DEBUG, __VA_ARGS__)
#define co_log_info(log, ...) co_log_line((log), CO_LOG_INFO, __VA_ARGS__)
#define co_log_warn(log, ...) co_log_line((log), CO_LOG_WARN, __VA_ARGS__)
#define co_log_error(log, ...) co_log_line((log), CO_LOG_ERROR, __VA_ARGS__)

/* A condition that may hold for long, such as "database down": zeroed at first, one per cause. */
struct co_log_condition {
    bool holds;
    int64_t since_us;
    int64_t said_us;
    uint64_t count; /* times it was met since it began */
};

#define CO_LOG_REPEAT_US (INT64_C(60) * 1000000)

/* The condition was met: a line the first time; then counted, and one line with count= and for=
 * each CO_LOG_REPEAT_US in which it was met again. */
#define co_log_holds(log, condition, level, ...)                                                   \
    co_log_condition_holds((log), (condition), (level), CO_LOG_FIRST(__VA_ARGS__, 0),              \
                           CO_LOG_FIELDS(__VA_ARGS__))
/* It is over: one line at level info with count= and for=, if it held; else nothing. */
#define co_log_ended(log, condition, ...)                                                          \
    co_log_condition_ended((log), (condition), CO_LOG_FIRST(__VA_ARGS__, 0),                       \
                           CO_LOG_FIELDS(__VA_ARGS__))

/* What the macros call; `fields` end with CO_FIELDS_END. */
void co_log_write(struct co_log *log, enum co_log_level level, const char *event,
                  const struct co_field *fields);
void co_log_condition_holds(struct co_log *log, struct co_log_condition *condition,
                            enum co_log_level level, const char *event,
                            const struct co_field *fields);
void co_log_condition_ended(struct co_log *log, struct co_log_condition *condition,
                            const char *event, const struct co_field *fields);

#define CO_LOG_FIRST(event, ...) (event)
#define CO_LOG_REST(event, ...) __VA_ARGS__
#define CO_LOG_FIELDS(...) ((const struct co_field[]){ CO_LOG_REST(__VA_ARGS__, CO_FIELDS_END) })
