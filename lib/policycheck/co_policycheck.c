#include "co_policycheck.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "co_assert.h"
#include "co_registry_calendar.h"
#include "pc.h"

#define ARENA_BYTES ((size_t)256 << 20)

/* What each finds: docs/policies.md, "Checking a pack". */
static const struct {
    const char *name;
    void (*pack)(struct pc *p, const Callout__V1__PolicyPack *pack);
    void (*whole)(struct pc *p);
} checks[] = {
    { "unreachable", pc_check_steps, NULL },
    { "unwanted_action", pc_check_actions, NULL },
    { "shadowed_notice", pc_check_notices, NULL },
    { "late_warning", pc_check_warnings, NULL },
    { "severity", pc_check_severities, NULL },
    { "loop", pc_check_loops, NULL },
    { "role", pc_check_roles, NULL },
    { "few_engineers", pc_check_staff, NULL },
    { "contract_gap", NULL, pc_check_contracts },
    { "holidays", NULL, pc_check_years },
    { "region", NULL, pc_check_regions },
    { "far_site", NULL, pc_check_places },
};
enum { CHECKS = sizeof(checks) / sizeof(checks[0]) };

struct co_findings {
    struct co_arena *arena;
    struct co_finding *item;
    size_t count;
};

void *pc_alloc(struct pc *p, size_t size)
{
    void *memory = co_arena_alloc(p->arena, size);
    p->is_out_of_memory = p->is_out_of_memory || memory == NULL;
    return memory;
}

__attribute__((format(printf, 2, 0))) static char *format_text(struct pc *p, const char *format,
                                                               va_list args)
{
    char text[2048];
    (void)vsnprintf(text, sizeof(text), format, args);
    char *copy = co_arena_strdup(p->arena, text);
    p->is_out_of_memory = p->is_out_of_memory || copy == NULL;
    return copy;
}

char *pc_text(struct pc *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = format_text(p, format, args);
    va_end(args);
    return text;
}

struct pc_place pc_in_pack(struct pc *p, const Callout__V1__PolicyPack *pack, const char *format,
                           ...)
{
    va_list args;
    va_start(args, format);
    const char *path = format_text(p, format, args);
    va_end(args);
    return (struct pc_place){ .kind = CO_KIND_POLICY, .key = pack->name, .path = path };
}

static bool make_room(struct pc *p)
{
    if (p->count < p->cap)
        return true;
    size_t cap = p->cap == 0 ? 64 : 2 * p->cap;
    struct co_finding *larger = pc_alloc(p, cap * sizeof(*larger));
    if (larger == NULL)
        return false;
    if (p->count > 0)
        memcpy(larger, p->findings, p->count * sizeof(*larger));
    p->findings = larger;
    p->cap = cap;
    return true;
}

void pc_say(struct pc *p, enum co_finding_level level, struct pc_place place, const char *format,
            ...)
{
    va_list args;
    va_start(args, format);
    const char *message = format_text(p, format, args);
    va_end(args);
    if (message == NULL || place.path == NULL || !make_room(p))
        return;
    p->findings[p->count++] =
        (struct co_finding){ .level = level,
                             .check = p->check,
                             .kind = place.kind,
                             .key = place.key,
                             .path = place.path,
                             .message = message,
                             .example_us =
                                 place.example_us != 0 ? place.example_us : p->ask->from_us };
}

/* ---- calendars */

static void compile_calendars(struct pc *p)
{
    char problem[CO_CALENDAR_PROBLEM];
    size_t count = co_registry_count(p->registry, CO_KIND_CALENDAR);
    p->calendars = pc_alloc(p, (count + 1) * sizeof(*p->calendars));
    for (size_t i = 0; p->calendars != NULL && i < count; i++) {
        struct pc_calendar *c = &p->calendars[p->calendar_count];
        c->calendar = co_registry_at(p->registry, CO_KIND_CALENDAR, (uint32_t)i)->message->calendar;
        enum co_err err = co_registry_calendar_compile_all(c->calendar, &c->compiled, problem);
        p->is_out_of_memory = p->is_out_of_memory || err == CO_ENOMEM;
        p->calendar_count += err == CO_OK ? 1 : 0;
    }
}

const struct pc_calendar *pc_find_calendar(const struct pc *p, const char *key)
{
    for (size_t i = 0; i < p->calendar_count; i++)
        if (strcmp(p->calendars[i].calendar->key, key) == 0)
            return &p->calendars[i];
    return NULL;
}

/* ---- the whole */

static void run_check(struct pc *p, size_t i)
{
    p->check = checks[i].name;
    if (checks[i].whole != NULL)
        checks[i].whole(p);
    for (uint32_t k = 0;
         checks[i].pack != NULL && k < co_registry_count(p->registry, CO_KIND_POLICY); k++) {
        const Callout__V1__PolicyPack *pack =
            co_registry_at(p->registry, CO_KIND_POLICY, k)->message->policy;
        if (p->ask->policy == NULL || strcmp(p->ask->policy, pack->name) == 0)
            checks[i].pack(p, pack);
    }
}

/* "milestones[2]" before "milestones[10]": numbers by their value. */
static int compare_paths(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    char *end_a, *end_b;
    unsigned long x = strtoul(a, &end_a, 10), y = strtoul(b, &end_b, 10);
    if (end_a != a && end_b != b && x != y)
        return x < y ? -1 : 1;
    return (unsigned char)*a - (unsigned char)*b;
}

static int by_place(const void *a, const void *b)
{
    const struct co_finding *x = a, *y = b;
    int order = (int)x->kind - (int)y->kind;
    if (order == 0)
        order = strcmp(x->key, y->key);
    if (order == 0)
        order = compare_paths(x->path, y->path);
    return order != 0 ? order : strcmp(x->message, y->message);
}

struct co_findings *co_policycheck(const struct co_policycheck_ask *ask)
{
    co_assert(ask->until_us > ask->from_us);
    struct co_arena *arena = co_arena_new(ARENA_BYTES);
    struct co_findings *f = arena == NULL ? NULL : co_arena_alloc(arena, sizeof(*f));
    struct pc p = { .ask = ask, .registry = ask->registry, .arena = arena };
    if (f != NULL) {
        compile_calendars(&p);
        bool is_ready = pc_index(&p);
        for (size_t i = 0; is_ready && i < CHECKS && !p.is_out_of_memory; i++)
            run_check(&p, i);
    }
    for (size_t i = 0; i < p.calendar_count; i++)
        co_calendar_free(p.calendars[i].compiled);
    if (f == NULL || p.is_out_of_memory) {
        co_arena_free(arena);
        return NULL;
    }
    if (p.count > 1)
        qsort(p.findings, p.count, sizeof(*p.findings), by_place);
    *f = (struct co_findings){ arena, p.findings, p.count };
    return f;
}

void co_findings_free(struct co_findings *f)
{
    if (f != NULL)
        co_arena_free(f->arena);
}

size_t co_findings_count(const struct co_findings *f)
{
    return f->count;
}

const struct co_finding *co_findings_at(const struct co_findings *f, size_t i)
{
    co_assert(i < f->count);
    return &f->item[i];
}

size_t co_findings_errors(const struct co_findings *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->count; i++)
        n += f->item[i].level == CO_FINDING_ERROR ? 1 : 0;
    return n;
}
