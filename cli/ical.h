/* ical.h - events of iCalendar files (RFC 5545) through libical: zones, rules, exceptions,
 * overrides.
 *
 * Everything but what is libical's lives in the arena of the command. What is wrong with a file or
 * an event is told to whoever reads it; an event of which something is wrong is left out, and
 * reading goes on.
 */
#pragma once

#include <libical/ical.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli.h"

enum { ICAL_DAY_S = 24 * 3600 };

/* libical walks through the properties of a component one walk at a time: these are taken out. */
struct ical_properties {
    icalproperty **item;
    size_t count;
};

/* One VEVENT. */
struct ical_event {
    icalcomponent *component;
    const char *where; /* "2026.ics:27: event UID" */
    const char *uid;
    bool is_cancelled;
    struct ical_properties rules, more, out; /* RRULE, RDATE, EXDATE */
    struct icaltimetype start;
    int64_t length_s;             /* of the local clock */
    struct icaltimetype replaces; /* RECURRENCE-ID; null: none */
    void *own;                    /* whatever the reader keeps with it */
};

/* One file while it is read. The reader fills the first part. */
struct ical {
    struct cli *cli;
    const char *path;
    int64_t length_max_s; /* an event that lasts longer is wrong */
    void (*problem)(void *arg, const char *where, const char *text);
    /* Is it of use? Sets `own`. */
    bool (*take)(void *arg, struct ical *s, struct ical_event *e);
    void *arg;

    icalcomponent *root;
    struct ical_event *event; /* those taken, in their order */
    size_t events;
    const struct ical_event **override; /* those with RECURRENCE-ID, by UID */
    size_t overrides;
};

/* ical.c */

void ical_problem(const struct ical *s, const char *where, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reads the events of a text of `len` bytes. False: it is no iCalendar, which was told. Ends with
 * ical_close() either way, which frees the components of the events. */
CO_MUST_CHECK bool ical_open(struct ical *s, const char *text, size_t len);
void ical_close(struct ical *s);

/* Sorts overrides for ical_override(), once the events stay as they are. */
void ical_index(struct ical *s);

/* ical_event.c: what one VEVENT says. */

/* False: it is no use, and why was told. */
CO_MUST_CHECK bool ical_event_read(struct ical *s, icalcomponent *component, const char *where,
                                   struct ical_event *ret_event);
/* The time of a property in its zone; false: none, or an unknown zone, which is told. */
CO_MUST_CHECK bool ical_time_of(struct ical *s, const struct ical_event *e, icalproperty *property,
                                struct icaltimetype *ret_time);
/* Seconds of the local clock since 1970. */
int64_t ical_local_s(struct icaltimetype t);

icalproperty *ical_find(const struct ical_event *e, icalproperty_kind kind);
/* Its text without control characters, at most 100 characters; "": none. */
const char *ical_text_of(const struct ical *s, const struct ical_event *e, icalproperty_kind kind);
struct ical_properties ical_all_of(const struct ical *s, const struct ical_event *e,
                                   icalproperty_kind kind);
/* The text of the X- property of that name; NULL: none. */
const char *ical_x_of(const struct ical *s, const struct ical_event *e, const char *name);

/* ical_recur.c: calls `each` with the starts of an event, without those that EXDATE takes out.
 * Those that overrides replace are given too: ical_override() tells. */
typedef void ical_each(void *arg, const struct ical_event *e, struct icaltimetype t);

/* Those that it names itself: its start, without rules, and RDATE. */
void ical_each_named(struct ical *s, const struct ical_event *e, ical_each *each, void *arg);
/* Those that follow from its rules in the years first..last, whole years, its start included. */
void ical_each_recurring(struct ical *s, const struct ical_event *e, int32_t first, int32_t last,
                         ical_each *each, void *arg);

bool ical_is_same(struct icaltimetype a, struct icaltimetype b);

/* The event that replaces the one of `e` that starts at `t`; NULL: none. */
const struct ical_event *ical_override(const struct ical *s, const struct ical_event *e,
                                       struct icaltimetype t);
