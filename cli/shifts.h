/* shifts.h - shifts and absences of people as callout roster import reads them from iCalendar
 * files (docs/rosters.md).
 *
 * Everything lives in the arena of the command, but for the maps, which shifts_done() frees. An
 * event that cannot be taken is told with its place and counted; the rest goes on.
 */
#pragma once

#include "cli.h"
#include "co_calendar.h"
#include "co_registry.h"
#include "co_strmap.h"
#include "ical.h"

enum shift_kind { SHIFT_UNSAID, SHIFT_DUTY, SHIFT_ABSENCE, SHIFT_WORKDAY };

struct shift_spans {
    Callout__V1__RosterSpan **item;
    size_t n, cap;
};

/* What the files say of one person. */
struct shift_person {
    const char *key;
    Callout__V1__ShiftRule **rule;
    size_t rules, cap;
    struct shift_spans shifts, absences;
    struct shift_spans lost; /* taken over by others: told as absences where nothing else is then */
    bool is_engineer;
    bool has_duty; /* a shift of his own was named, be it out of the span */
};

struct shift_names {
    struct co_strmap *by_mail; /* lower case -> const Callout__V1__Person */
    struct co_strmap *by_name;
    struct co_strmap *mapped; /* --map: lower case -> a person */
    const char **mail;        /* all of them, for the nearest */
    const char **key;
    size_t mails, keys;
    size_t nearest_told;
};

struct shifts {
    struct cli *cli;
    const struct co_registry *registry;
    const Callout__V1__Calendar *calendar;
    struct co_calendar *compiled;
    int64_t from_us, until_us; /* what becomes spans */
    struct shift_names names;
    struct shift_person *person; /* by key, as many as there are in the registry */
    struct ical ical;            /* the file that is read */
    bool has_absences;
    size_t events, floating, beyond, swaps, problems;
};

/* What is kept with an event. */
struct shift_event {
    enum shift_kind kind;
    const char *why;
    struct shift_person **who;
    size_t count;
    bool is_naming; /* somebody, be it nobody that is known */
    bool is_placed; /* an override that has had its effect */
};

/* shifts.c */

void shifts_problem(struct shifts *k, const char *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Texts of --map are "TEXT=PERSON". Returns the exit code; what is wrong is said. */
CO_MUST_CHECK int shifts_init(struct shifts *k, char *const *maps, size_t map_count);
void shifts_done(struct shifts *k);
/* Returns the exit code: CLI_REFUSED where it is no iCalendar, which was told. */
CO_MUST_CHECK int shifts_read(struct shifts *k, const char *path);
void shifts_add_span(struct shifts *k, struct shift_spans *to, int64_t from_us, int64_t until_us,
                     const char *why);

/* shifts_who.c: whom an event names. */

/* Fills who, count and is_naming. What names nobody that is known is told. */
void shifts_find_who(struct shifts *k, const struct ical_event *e, const char *summary,
                     struct shift_event *to);
CO_MUST_CHECK bool shifts_has(const struct shift_event *e, const struct shift_person *who);
/* "a, b": those of `of` that `without` has not. */
const char *shifts_others(struct shifts *k, const struct shift_event *of,
                          const struct shift_event *without);
CO_MUST_CHECK int shifts_index_names(struct shifts *k, char *const *maps, size_t map_count);

/* shifts_words.c: what kind of event it is. False: told. */
CO_MUST_CHECK bool shifts_find_kind(struct shifts *k, const struct ical_event *e,
                                    const char *summary, enum shift_kind *ret_kind);
/* What people read as the reason: the summary, without names; of private events only the kind. */
const char *shifts_why(struct shifts *k, const struct ical_event *e, const char *summary,
                       const struct shift_event *own);

/* shifts_event.c: puts an event into the rosters of its people. */
void shifts_place(struct shifts *k, const struct ical_event *e);
/* An override whose event is not in the file, or not at that time. */
void shifts_place_override(struct shifts *k, const struct ical_event *e);

/* shifts_rule.c: occurrences that come every week at the same hours. */
struct shift_time {
    int64_t from_us, until_us;
    const struct ical_event *override; /* NULL: as the event says */
};
struct shift_times {
    struct shift_time *item;
    size_t n, cap;
};
/* Adds the rules for one of its people. False: it is no such event, nothing was added. `times` are
 * those of the event, rising; `is_his` tells which of them take place for him as they are. */
CO_MUST_CHECK bool shifts_add_rules(struct shifts *k, const struct ical_event *e,
                                    const struct shift_times *times, const bool *is_his,
                                    struct shift_person *who);

/* shifts_roster.c: the rosters of all who are named, as the registry takes them. Returns the exit
 * code. */
CO_MUST_CHECK int shifts_rosters(struct shifts *k, Callout__V1__Registry *ret_registry);
