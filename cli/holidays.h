/* holidays.h - public holidays and make-up workdays as callout calendar import reads them from
 * files of others, and writes them as a `holidays:` document (docs/calendars.md).
 *
 * Everything lives in the arena of the command. What is wrong with a file is told at once, with its
 * place, and counted; reading goes on, so that all of it is told. Days are local days since
 * 1970-01-01.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli.h"

enum {
    HOLIDAYS_MAX = 20000, /* days of one set: as many as a calendar may have */
    HOLIDAYS_YEARS_MAX = 200,
    HOLIDAY_PAPERS_MAX = 8,
};

struct holiday {
    int64_t day;
    const char *name;
    bool is_working;   /* people work although it is on a weekend; else a day off */
    const char *where; /* "2026.ics:27: event UID"; for messages */
};

struct holiday_year {
    int32_t year;
    bool is_known;                         /* false: a file of that year says nothing yet */
    const char *paper[HOLIDAY_PAPERS_MAX]; /* where it was announced */
    size_t papers;
};

struct holidays {
    struct cli *cli;
    const char *name; /* NULL: no file says it */
    struct holiday *day;
    size_t count, cap;
    struct holiday_year year[HOLIDAYS_YEARS_MAX]; /* rising after holidays_sort() */
    size_t years;
    size_t problems;
    size_t passed_over; /* events that are no days off */
};

/* How iCalendar files are to be understood. */
struct holidays_rules {
    bool has_years; /* --years */
    int32_t first_year, last_year;
    int32_t this_year; /* recurring days begin here at the latest, where no years are given */
    const char *zone;  /* IANA name of the local days; NULL: each event's own */
    char **only;       /* texts; with any, only events that contain one count */
    size_t only_count;
    char **makeup; /* texts that mark a make-up workday, beside the usual ones */
    size_t makeup_count;
};

/* holidays.c */

/* Says what is wrong at `where`, and counts it. */
void holidays_problem(struct holidays *h, const char *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void holidays_add(struct holidays *h, struct holiday day);
/* The entry of a year, made where it is missing; NULL: too many, which is told. */
struct holiday_year *holidays_year(struct holidays *h, int32_t year);
const struct holiday *holidays_find(const struct holidays *h, int64_t day); /* needs the order */
bool holidays_knows(const struct holidays *h, int32_t year);
/* Brings days and years into order. The same day twice is one day with both names; said to be off
 * and worked on it is a problem. */
void holidays_sort(struct holidays *h);

/* holidays_json.c: one year of holiday-cn. A year without days has no notice yet. */
void holidays_read_json(struct holidays *h, const char *path, const char *text, size_t len);

/* holidays_ical.c */
void holidays_read_ical(struct holidays *h, const struct holidays_rules *rules, const char *path,
                        const char *text, size_t len);

/* holidays_words.c: what a calendar of others calls a day. */
enum holiday_mark {
    HOLIDAY_UNMARKED,
    HOLIDAY_OFF,
    HOLIDAY_OFF_AMONG_OTHERS, /* the calendar marks days off and has other days too */
    HOLIDAY_MAKEUP
};
enum holiday_mark holidays_mark(const struct holidays_rules *rules, struct cli *cli,
                                const char *summary, const char **ret_name);
bool holidays_has_any(const char *text, char *const *parts, size_t count);

/* holidays_file.c */

/* The text of a new document. */
const char *holidays_write(struct cli *cli, const struct holidays *h, const char *sources);

/* The text of an existing document with what `h` knows put in: its years are replaced, everything
 * else stays as it is written. Returns the exit code; *ret_text is `text` itself where nothing
 * changes. What cannot be changed safely is refused. */
CO_MUST_CHECK int holidays_merge(struct cli *cli, const struct holidays *h, const char *path,
                                 const char *text, const char **ret_text);

/* The `holidays: NAME` of a document; NULL: none. */
const char *holidays_name_of(struct cli *cli, const char *text);

/* Reads a document back. Returns the exit code; problems are told. */
CO_MUST_CHECK int holidays_load(struct cli *cli, const char *path, const char *text,
                                struct holidays *ret);
