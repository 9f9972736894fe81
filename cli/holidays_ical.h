/* holidays_ical.h - what the files that read iCalendar share. Nobody else includes it. */
#pragma once

#include <libical/ical.h>

#include "holidays.h"

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
    const char *name;
    enum holiday_mark mark;
    bool is_cancelled;
    struct ical_properties rules, more, out; /* RRULE, RDATE, EXDATE */
    struct icaltimetype start;
    int64_t length_s;             /* of the local clock */
    struct icaltimetype replaces; /* RECURRENCE-ID; null: none */
};

/* Days that an event takes. */
struct ical_span {
    const struct ical_event *event;
    int64_t first_day, last_day;
};

struct ical_source {
    struct holidays *h;
    const struct holidays_rules *rules;
    const char *path;
    icaltimezone *zone; /* of the local days; NULL: each event's own */
    struct ical_event *event;
    size_t events;
    struct ical_span *span;
    size_t spans, cap;
};

/* holidays_ical_event.c: what one VEVENT says. False: it is no use, and why was said. */
CO_MUST_CHECK bool ical_event_read(struct ical_source *s, icalcomponent *component,
                                   const char *where, struct ical_event *ret_event);
/* The time of a property in its zone; false: none, or an unknown zone, which is told. */
CO_MUST_CHECK bool ical_time_of(struct ical_source *s, const struct ical_event *e,
                                icalproperty *property, struct icaltimetype *ret_time);
/* Seconds of the local clock since 1970. */
int64_t ical_local_s(struct icaltimetype t);

/* holidays_ical_recur.c: adds the spans of an event. */

/* Those that it names itself: its start and RDATE. */
void ical_add_named(struct ical_source *s, const struct ical_event *e);
/* Those that follow from its rules in the years first..last, whole years. */
void ical_add_recurring(struct ical_source *s, const struct ical_event *e, int32_t first,
                        int32_t last);
