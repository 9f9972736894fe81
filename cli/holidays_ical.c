/* iCalendar (RFC 5545) through libical: all-day events, rules, exceptions, zones. */
#include "holidays_ical.h"

#include <stdlib.h>
#include <string.h>

#include "co_time.h"

enum { NESTED_MAX = 16, NAME_MAX_CHARS = 40 };

/* What a look at the lines finds, which libical does not tell: BEGIN and END match, and where the
 * events begin. */
struct lines {
    unsigned *event; /* line of each BEGIN:VEVENT, in their order */
    size_t events, cap;
};

static void keep_line(struct cli *cli, struct lines *l, unsigned line)
{
    if (l->events == l->cap) {
        size_t cap = l->cap == 0 ? 256 : l->cap * 2;
        unsigned *larger = co_arena_alloc(cli->arena, cap * sizeof(larger[0]));
        if (larger == NULL)
            return;
        if (l->events > 0)
            memcpy(larger, l->event, l->events * sizeof(larger[0]));
        l->event = larger;
        l->cap = cap;
    }
    l->event[l->events++] = line;
}

/* The name after `head` of a line of `len` bytes, folded cases aside; false: another line. */
static bool take_name(const char *line, size_t len, const char *head,
                      char name[static NAME_MAX_CHARS])
{
    size_t n = strlen(head);
    if (len <= n || strncasecmp(line, head, n) != 0)
        return false;
    while (len > n && (line[len - 1] == '\r' || line[len - 1] == ' '))
        len--;
    len = len - n < NAME_MAX_CHARS ? len - n : NAME_MAX_CHARS - 1;
    memcpy(name, line + n, len);
    name[len] = '\0';
    return true;
}

/* False: said what is wrong. */
static bool scan(struct holidays *h, const char *path, const char *text, struct lines *l)
{
    char open[NESTED_MAX][NAME_MAX_CHARS];
    unsigned depth = 0, line = 1;
    for (const char *at = text; *at != '\0'; line++) {
        size_t len = strcspn(at, "\n");
        const char *where = NULL;
        char name[NAME_MAX_CHARS];
        if (take_name(at, len, "BEGIN:", name)) {
            where = cli_format(h->cli, "%s:%u", path, line);
            if (depth == NESTED_MAX) {
                holidays_problem(h, where, "more than %d components in one another", NESTED_MAX);
                return false;
            }
            if (strcasecmp(name, "VEVENT") == 0)
                keep_line(h->cli, l, line);
            memcpy(open[depth++], name, sizeof(name));
        } else if (take_name(at, len, "END:", name)) {
            where = cli_format(h->cli, "%s:%u", path, line);
            if (depth == 0 || strcasecmp(open[depth - 1], name) != 0) {
                holidays_problem(
                    h, where, "END:%s where %s%s is open", name,
                    depth == 0 ? "nothing" : "BEGIN:", depth == 0 ? "" : open[depth - 1]);
                return false;
            }
            depth--;
        }
        at += len + (at[len] == '\n');
    }
    if (depth == 0)
        return true;
    holidays_problem(h, cli_format(h->cli, "%s:%u", path, line), "the file ends within BEGIN:%s",
                     open[depth - 1]);
    return false;
}

/* All events of a component and those in it, in their order. */
static void read_events(struct ical_source *s, icalcomponent *root, const struct lines *l,
                        size_t *seen)
{
    for (icalcomponent *c = icalcomponent_get_first_component(root, ICAL_ANY_COMPONENT); c != NULL;
         c = icalcomponent_get_next_component(root, ICAL_ANY_COMPONENT)) {
        if (icalcomponent_isa(c) != ICAL_VEVENT_COMPONENT) {
            read_events(s, c, l, seen);
            continue;
        }
        unsigned line = *seen < l->events ? l->event[*seen] : 0;
        (*seen)++;
        if (s->events < l->events &&
            ical_event_read(s, c, cli_format(s->h->cli, "%s:%u", s->path, line),
                            &s->event[s->events]))
            s->events++;
    }
}

/* Where days off are marked, the unmarked ones are no days off. */
static void drop_unmarked(struct ical_source *s)
{
    bool has_marks = false;
    for (size_t i = 0; i < s->events; i++)
        has_marks = has_marks || s->event[i].mark == HOLIDAY_OFF_AMONG_OTHERS;
    size_t kept = 0;
    for (size_t i = 0; i < s->events; i++) {
        if (has_marks && s->event[i].mark == HOLIDAY_UNMARKED)
            s->h->passed_over++;
        else
            s->event[kept++] = s->event[i];
    }
    s->events = kept;
}

static int32_t year_of(int64_t day)
{
    return co_date_of_days(day).year;
}

/* The years that days lie in whole, between the ends of the file: a span over New Year alone does
 * not tell of either. False: none. */
static bool found_years(const struct ical_source *s, int32_t *ret_first, int32_t *ret_last)
{
    bool has_any = false;
    for (size_t i = 0; i < s->spans; i++) {
        int32_t year = year_of(s->span[i].first_day);
        if (year != year_of(s->span[i].last_day))
            continue;
        *ret_first = !has_any || year < *ret_first ? year : *ret_first;
        *ret_last = !has_any || year > *ret_last ? year : *ret_last;
        has_any = true;
    }
    return has_any;
}

/* Which years are asked for. */
static bool choose_years(const struct ical_source *s, int32_t *ret_first, int32_t *ret_last)
{
    enum { AHEAD = 2 };
    const struct holidays_rules *r = s->rules;
    bool recurs = false;
    int32_t first = r->this_year, last = r->this_year;
    for (size_t i = 0; i < s->events; i++)
        recurs = recurs || s->event[i].rules.count > 0;
    bool has_any = found_years(s, &first, &last);
    if (recurs) {
        first = first < r->this_year ? first : r->this_year;
        last = (last > r->this_year ? last : r->this_year) + AHEAD;
    }
    *ret_first = r->has_years ? r->first_year : first;
    *ret_last = r->has_years ? r->last_year : last;
    return has_any || recurs || r->has_years;
}

static void take_span(struct ical_source *s, const struct ical_span *span, int32_t first,
                      int32_t last)
{
    int32_t from = year_of(span->first_day);
    int32_t until = year_of(span->last_day);
    if (until < first || from > last)
        return;
    for (int32_t year = from; year <= until; year++) {
        bool is_told = year >= first && year <= last && (s->rules->has_years || from == until);
        struct holiday_year *y = is_told ? holidays_year(s->h, year) : NULL;
        if (y != NULL)
            y->is_known = true;
    }
    for (int64_t day = span->first_day; day <= span->last_day; day++)
        holidays_add(s->h,
                     (struct holiday){ day, span->event->name, span->event->mark == HOLIDAY_MAKEUP,
                                       span->event->where });
}

static void read_source(struct ical_source *s, icalcomponent *root, const struct lines *l)
{
    int32_t first = 0, last = 0;
    size_t seen = 0;
    read_events(s, root, l, &seen);
    drop_unmarked(s);
    for (size_t i = 0; i < s->events; i++)
        ical_add_named(s, &s->event[i]);
    if (!choose_years(s, &first, &last))
        return;
    for (size_t i = 0; i < s->events; i++)
        ical_add_recurring(s, &s->event[i], first, last);
    for (int32_t year = first; year <= last; year++)
        (void)holidays_year(s->h, year);
    for (size_t i = 0; i < s->spans; i++)
        take_span(s, &s->span[i], first, last);
}

void holidays_read_ical(struct holidays *h, const struct holidays_rules *rules, const char *path,
                        const char *text, size_t len)
{
    struct lines lines = { 0 };
    struct ical_source s = { .h = h, .rules = rules, .path = path };
    if (strlen(text) != len || !scan(h, path, text, &lines))
        return;
    icalerror_set_errors_are_fatal(0);
    s.zone = rules->zone == NULL ? NULL : icaltimezone_get_builtin_timezone(rules->zone);
    s.event = co_arena_alloc(h->cli->arena, (lines.events + 1) * sizeof(s.event[0]));
    icalcomponent *root = icalparser_parse_string(text);
    if (rules->zone != NULL && s.zone == NULL)
        holidays_problem(h, "--zone", "\"%s\" is not known here; allowed: Asia/Shanghai ...",
                         rules->zone);
    else if (root == NULL || s.event == NULL)
        holidays_problem(h, path, "cannot be read as iCalendar");
    else
        read_source(&s, root, &lines);
    if (root != NULL)
        icalcomponent_free(root);
    icaltimezone_free_builtin_timezones();
    icalmemory_free_ring();
}
