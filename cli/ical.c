#include "ical.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli_files.h"

enum { NESTED_MAX = 16, NAME_MAX_CHARS = 40 };

void ical_problem(const struct ical *s, const char *where, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    s->problem(s->arg, where, text);
}

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
static bool scan(const struct ical *s, const char *text, struct lines *l)
{
    char open[NESTED_MAX][NAME_MAX_CHARS];
    unsigned depth = 0, line = 1;
    for (const char *at = text; *at != '\0'; line++) {
        size_t len = strcspn(at, "\n");
        const char *where = NULL;
        char name[NAME_MAX_CHARS];
        if (take_name(at, len, "BEGIN:", name)) {
            where = cli_format(s->cli, "%s:%u", s->path, line);
            if (depth == NESTED_MAX) {
                ical_problem(s, where, "more than %d components in one another", NESTED_MAX);
                return false;
            }
            if (strcasecmp(name, "VEVENT") == 0)
                keep_line(s->cli, l, line);
            memcpy(open[depth++], name, sizeof(name));
        } else if (take_name(at, len, "END:", name)) {
            where = cli_format(s->cli, "%s:%u", s->path, line);
            if (depth == 0 || strcasecmp(open[depth - 1], name) != 0) {
                ical_problem(s, where, "END:%s where %s%s is open", name,
                             depth == 0 ? "nothing" : "BEGIN:", depth == 0 ? "" : open[depth - 1]);
                return false;
            }
            depth--;
        }
        at += len + (at[len] == '\n');
    }
    if (depth == 0)
        return true;
    ical_problem(s, cli_format(s->cli, "%s:%u", s->path, line), "the file ends within BEGIN:%s",
                 open[depth - 1]);
    return false;
}

/* All events of a component and those in it, in their order. */
static void read_events(struct ical *s, icalcomponent *root, const struct lines *l, size_t *seen)
{
    for (icalcomponent *c = icalcomponent_get_first_component(root, ICAL_ANY_COMPONENT); c != NULL;
         c = icalcomponent_get_next_component(root, ICAL_ANY_COMPONENT)) {
        if (icalcomponent_isa(c) != ICAL_VEVENT_COMPONENT) {
            read_events(s, c, l, seen);
            continue;
        }
        unsigned line = *seen < l->events ? l->event[*seen] : 0;
        (*seen)++;
        struct ical_event *e = &s->event[s->events];
        if (s->events < l->events &&
            ical_event_read(s, c, cli_format(s->cli, "%s:%u", s->path, line), e) &&
            s->take(s->arg, s, e))
            s->events++;
    }
}

bool ical_open(struct ical *s, const char *text, size_t len)
{
    struct lines lines = { 0 };
    size_t seen = 0;
    s->root = NULL;
    s->events = s->overrides = 0;
    if (strlen(text) != len || !scan(s, text, &lines))
        return false;
    icalerror_set_errors_are_fatal(0);
    s->event = co_arena_alloc(s->cli->arena, (lines.events + 1) * sizeof(s->event[0]));
    s->root = icalparser_parse_string(text);
    if (s->root == NULL || s->event == NULL) {
        ical_problem(s, s->path, "cannot be read as iCalendar");
        return false;
    }
    read_events(s, s->root, &lines, &seen);
    return true;
}

void ical_close(struct ical *s)
{
    if (s->root != NULL)
        icalcomponent_free(s->root);
    s->root = NULL;
    icaltimezone_free_builtin_timezones();
    icalmemory_free_ring();
}

/* By UID, then by their order in the file. */
static int by_uid(const void *a, const void *b)
{
    const struct ical_event *x = *(const struct ical_event *const *)a;
    const struct ical_event *y = *(const struct ical_event *const *)b;
    int c = strcmp(x->uid, y->uid);
    return c != 0 ? c : (x > y) - (x < y);
}

void ical_index(struct ical *s)
{
    s->overrides = 0;
    s->override = co_arena_alloc(s->cli->arena, (s->events + 1) * sizeof(s->override[0]));
    for (size_t i = 0; i < s->events && s->override != NULL; i++)
        if (!icaltime_is_null_time(s->event[i].replaces))
            s->override[s->overrides++] = &s->event[i];
    if (s->overrides > 0)
        qsort((void *)s->override, s->overrides, sizeof(s->override[0]), by_uid);
}
