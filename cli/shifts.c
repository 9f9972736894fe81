#include "shifts.h"

#include <stdarg.h>
#include <string.h>

#include "cli_files.h"
#include "co_assert.h"
#include "co_registry_calendar.h"
#include "co_time.h"

enum { PROBLEMS_SHOWN = 50, LENGTH_MAX_DAYS = 366 };

void shifts_problem(struct shifts *k, const char *where, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    if (k->problems++ < PROBLEMS_SHOWN)
        cli_note(k->cli, "%s: %s", where, text);
}

void shifts_add_span(struct shifts *k, struct shift_spans *to, int64_t from_us, int64_t until_us,
                     const char *why)
{
    Callout__V1__RosterSpan *x = co_arena_alloc(k->cli->arena, sizeof(*x));
    co_assert(x != NULL);
    if (to->n == to->cap) {
        size_t cap = to->cap == 0 ? 8 : to->cap * 2;
        Callout__V1__RosterSpan **larger = co_arena_alloc(k->cli->arena, cap * sizeof(larger[0]));
        co_assert(larger != NULL);
        if (to->n > 0)
            memcpy((void *)larger, (const void *)to->item, to->n * sizeof(larger[0]));
        to->item = larger;
        to->cap = cap;
    }
    callout__v1__roster_span__init(x);
    x->from_us = from_us;
    x->until_us = until_us;
    x->why = cli_text(k->cli, why);
    to->item[to->n++] = x;
}

static void tell(void *arg, const char *where, const char *text)
{
    shifts_problem(arg, where, "%s", text);
}

/* Is there anything to take of the event? */
static bool take(void *arg, struct ical *s, struct ical_event *e)
{
    struct shifts *k = arg;
    struct shift_event *own = co_arena_alloc(k->cli->arena, sizeof(*own));
    const char *summary = ical_text_of(s, e, ICAL_SUMMARY_PROPERTY);
    bool is_override = !icaltime_is_null_time(e->replaces);
    co_assert(own != NULL);
    *own = (struct shift_event){ 0 };
    k->events++;
    if (e->length_s == 0 && !e->is_cancelled) {
        shifts_problem(k, e->where, "has no end: DTEND or DURATION is missing, or says nothing");
        return false;
    }
    if (!shifts_find_kind(k, e, summary, &own->kind))
        return false;
    shifts_find_who(k, e, summary, own);
    if (own->count == 0 && !is_override) {
        if (!own->is_naming)
            shifts_problem(k, e->where,
                           "names nobody: neither ATTENDEE nor SUMMARY nor ORGANIZER says one");
        return false;
    }
    own->why = shifts_why(k, e, summary, own);
    if (e->start.zone == NULL && !e->start.is_date)
        k->floating++;
    e->own = own;
    return true;
}

static const char *span_text(struct shifts *k)
{
    char from[CO_DATE_TEXT], until[CO_DATE_TEXT];
    co_date_format(co_days_of_us(k->from_us, co_calendar_offset_s(k->compiled, k->from_us)), from);
    co_date_format(co_days_of_us(k->until_us, co_calendar_offset_s(k->compiled, k->until_us)),
                   until);
    return cli_format(k->cli, "%s to %s", from, until);
}

static void place_all(struct shifts *k)
{
    struct cli_progress progress = { .start_ms = 0 };
    for (size_t i = 0; i < k->ical.events; i++) {
        cli_progress_bar(k->cli, &progress, i, k->ical.events, "events of %s", k->ical.path);
        if (icaltime_is_null_time(k->ical.event[i].replaces))
            shifts_place(k, &k->ical.event[i]);
    }
    for (size_t i = 0; i < k->ical.events; i++)
        if (!icaltime_is_null_time(k->ical.event[i].replaces))
            shifts_place_override(k, &k->ical.event[i]);
    cli_progress_end(k->cli, &progress);
}

int shifts_read(struct shifts *k, const char *path)
{
    char *text = NULL;
    size_t len = 0, floating = k->floating, beyond = k->beyond;
    int code = cli_read_file(k->cli, path, CLI_FILE_BYTES, &text, &len);
    if (code != CLI_OK)
        return code;
    const char *begin = text + (strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0);
    begin += strspn(begin, " \t\r\n");
    if (strncasecmp(begin, "BEGIN:VCALENDAR", strlen("BEGIN:VCALENDAR")) != 0)
        return cli_fail(k->cli, CLI_REFUSED, "%s:1: is no iCalendar (BEGIN:VCALENDAR)", path);
    k->ical = (struct ical){ .cli = k->cli,
                             .path = path,
                             .length_max_s = (int64_t)LENGTH_MAX_DAYS * ICAL_DAY_S,
                             .problem = tell,
                             .take = take,
                             .arg = k };
    bool is_read = ical_open(&k->ical, begin, len - (size_t)(begin - text));
    if (is_read) {
        ical_index(&k->ical);
        place_all(k);
    }
    ical_close(&k->ical);
    if (!is_read)
        return cli_fail(k->cli, CLI_REFUSED, "nothing was written: %s cannot be read", path);
    if (k->floating > floating)
        cli_note(k->cli, "%s: %zu events have times without a zone: they count as local in %s",
                 path, k->floating - floating, k->calendar->zone);
    if (k->beyond > beyond)
        cli_note(k->cli, "%s: %zu single times are not within %s and were passed over", path,
                 k->beyond - beyond, span_text(k));
    return CLI_OK;
}

int shifts_init(struct shifts *k, char *const *maps, size_t map_count)
{
    char problem[CO_CALENDAR_PROBLEM];
    uint32_t count = co_registry_count(k->registry, CO_KIND_PERSON);
    k->person = co_arena_alloc(k->cli->arena, (count + 1) * sizeof(k->person[0]));
    if (k->person == NULL ||
        co_registry_calendar_compile_all(k->calendar, &k->compiled, problem) != CO_OK)
        return cli_fail(k->cli, CLI_FAILED, "the calendar %s cannot be used", k->calendar->key);
    for (uint32_t i = 0; i < count; i++) {
        const char *key = co_registry_at(k->registry, CO_KIND_PERSON, i)->key;
        bool is_engineer = co_registry_engineer(k->registry, key) != NULL;
        k->person[i] = (struct shift_person){ .key = key, .is_engineer = is_engineer };
    }
    return shifts_index_names(k, maps, map_count);
}

void shifts_done(struct shifts *k)
{
    co_calendar_free(k->compiled);
    co_strmap_free(k->names.by_mail);
    co_strmap_free(k->names.by_name);
    co_strmap_free(k->names.mapped);
}
