#include <string.h>

#include "cli_files.h"
#include "co_time.h"
#include "ical.h"

int64_t ical_local_s(struct icaltimetype t)
{
    int64_t day = co_date_days((struct co_date){ t.year, t.month, t.day });
    return day * ICAL_DAY_S + (t.is_date ? 0 : t.hour * 3600 + t.minute * 60 + t.second);
}

/* The zone that a property names, from the file or of the system. */
static icaltimezone *zone_of(icalcomponent *component, const char *id)
{
    icaltimezone *zone = NULL;
    for (icalcomponent *c = component; c != NULL && zone == NULL; c = icalcomponent_get_parent(c))
        zone = icalcomponent_get_timezone(c, id);
    if (zone == NULL)
        zone = icaltimezone_get_builtin_timezone_from_tzid(id);
    return zone != NULL ? zone : icaltimezone_get_builtin_timezone(id);
}

static bool is_in_range(struct icaltimetype t)
{
    return !icaltime_is_null_time(t) && t.year >= CLI_YEAR_MIN && t.year <= CLI_YEAR_MAX &&
           co_date_exists((struct co_date){ t.year, t.month, t.day });
}

bool ical_time_of(struct ical *s, const struct ical_event *e, icalproperty *property,
                  struct icaltimetype *ret_time)
{
    const char *name = icalproperty_get_property_name(property);
    struct icaltimetype t = icalvalue_get_datetime(icalproperty_get_value(property));
    icalparameter *id = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    if (icalproperty_isa(property) == ICAL_RDATE_PROPERTY) {
        struct icaldatetimeperiodtype r = icalproperty_get_rdate(property);
        t = icaltime_is_null_time(r.time) ? r.period.start : r.time;
    }
    if (!is_in_range(t)) {
        ical_problem(s, e->where, "%s is no day of the years %d to %d", name, CLI_YEAR_MIN,
                     CLI_YEAR_MAX);
        return false;
    }
    if (id != NULL && !t.is_date) {
        const icaltimezone *zone = zone_of(e->component, icalparameter_get_tzid(id));
        if (zone == NULL) {
            ical_problem(s, e->where, "%s: the zone \"%s\" is neither in the file nor known here",
                         name, icalparameter_get_tzid(id));
            return false;
        }
        t = icaltime_set_timezone(&t, zone);
    }
    *ret_time = t;
    return true;
}

icalproperty *ical_find(const struct ical_event *e, icalproperty_kind kind)
{
    return icalcomponent_get_first_property(e->component, kind);
}

/* A length by the local clock: days are days, also those of 23 hours. */
static bool read_length(struct ical *s, struct ical_event *e)
{
    struct icaltimetype end;
    icalproperty *dtend = ical_find(e, ICAL_DTEND_PROPERTY);
    icalproperty *duration = ical_find(e, ICAL_DURATION_PROPERTY);
    e->length_s = e->start.is_date ? ICAL_DAY_S : 0;
    if (dtend != NULL) {
        if (!ical_time_of(s, e, dtend, &end))
            return false;
        if (end.zone != e->start.zone && end.zone != NULL && e->start.zone != NULL)
            end = icaltime_from_timet_with_zone(icaltime_as_timet_with_zone(end, end.zone), 0,
                                                e->start.zone);
        e->length_s = ical_local_s(end) - ical_local_s(e->start);
        if (e->length_s == 0 && e->start.is_date)
            e->length_s = ICAL_DAY_S; /* some write the last day instead of the one after it */
    } else if (duration != NULL) {
        struct icaldurationtype d = icalproperty_get_duration(duration);
        e->length_s = ((int64_t)d.weeks * 7 + d.days) * ICAL_DAY_S + (int64_t)d.hours * 3600 +
                      (int64_t)d.minutes * 60 + d.seconds;
        e->length_s = d.is_neg ? -1 : e->length_s;
    }
    if (e->length_s >= 0 && e->length_s <= s->length_max_s)
        return true;
    ical_problem(s, e->where, "%s",
                 e->length_s < 0 ? "it ends before it begins" : "it is too long");
    return false;
}

/* libical leaves out what it cannot read, and says so in the component. Only what counts here is
 * told. */
static bool tell_unreadable(struct ical *s, const struct ical_event *e)
{
    static const char *const needed[] = { "DTSTART", "DTEND",  "DURATION",     "RRULE",
                                          "RDATE",   "EXDATE", "RECURRENCE-ID" };
    bool has_any = false;
    for (icalproperty *p = ical_find(e, ICAL_XLICERROR_PROPERTY); p != NULL;
         p = icalcomponent_get_next_property(e->component, ICAL_XLICERROR_PROPERTY)) {
        const char *text = icalproperty_get_xlicerror(p);
        for (size_t i = 0; text != NULL && i < sizeof(needed) / sizeof(needed[0]); i++)
            if (strstr(text, needed[i]) != NULL) {
                ical_problem(s, e->where, "%s", cli_clean(s->cli, text));
                has_any = true;
                break;
            }
    }
    return has_any;
}

struct ical_properties ical_all_of(const struct ical *s, const struct ical_event *e,
                                   icalproperty_kind kind)
{
    size_t count = (size_t)icalcomponent_count_properties(e->component, kind);
    struct ical_properties all = { co_arena_alloc(s->cli->arena, (count + 1) * sizeof(all.item[0])),
                                   0 };
    for (icalproperty *p = ical_find(e, kind); p != NULL && all.item != NULL && all.count < count;
         p = icalcomponent_get_next_property(e->component, kind))
        all.item[all.count++] = p;
    return all;
}

const char *ical_text_of(const struct ical *s, const struct ical_event *e, icalproperty_kind kind)
{
    icalproperty *p = ical_find(e, kind);
    const icalvalue *value = p == NULL ? NULL : icalproperty_get_value(p);
    const char *text = value == NULL ? NULL : icalvalue_get_text(value);
    return cli_clean(s->cli, text == NULL ? "" : text);
}

const char *ical_x_of(const struct ical *s, const struct ical_event *e, const char *name)
{
    for (icalproperty *p = ical_find(e, ICAL_X_PROPERTY); p != NULL;
         p = icalcomponent_get_next_property(e->component, ICAL_X_PROPERTY))
        if (strcasecmp(icalproperty_get_x_name(p), name) == 0)
            return cli_clean(s->cli, icalproperty_get_value_as_string(p));
    return NULL;
}

bool ical_event_read(struct ical *s, icalcomponent *component, const char *where,
                     struct ical_event *ret_event)
{
    struct ical_event e = { .component = component, .replaces = icaltime_null_time() };
    const char *uid = ical_text_of(s, &e, ICAL_UID_PROPERTY);
    icalproperty *start = ical_find(&e, ICAL_DTSTART_PROPERTY);
    icalproperty *replaces = ical_find(&e, ICAL_RECURRENCEID_PROPERTY);
    e.uid = uid;
    e.where = cli_format(s->cli, "%s: event %s", where, uid[0] == '\0' ? "without UID" : uid);
    if (tell_unreadable(s, &e))
        return false;
    if (start == NULL) {
        ical_problem(s, e.where, "DTSTART is missing");
        return false;
    }
    if (!ical_time_of(s, &e, start, &e.start) || !read_length(s, &e) ||
        (replaces != NULL && !ical_time_of(s, &e, replaces, &e.replaces)))
        return false;
    if (replaces != NULL &&
        icalproperty_get_first_parameter(replaces, ICAL_RANGE_PARAMETER) != NULL) {
        ical_problem(s, e.where, "RECURRENCE-ID with RANGE is not understood");
        return false;
    }
    e.is_cancelled = icalcomponent_get_status(component) == ICAL_STATUS_CANCELLED;
    e.rules = ical_all_of(s, &e, ICAL_RRULE_PROPERTY);
    e.more = ical_all_of(s, &e, ICAL_RDATE_PROPERTY);
    e.out = ical_all_of(s, &e, ICAL_EXDATE_PROPERTY);
    *ret_event = e;
    return true;
}
