#include "sla_cases.h"

#include <stdio.h>
#include <stdlib.h>

#include "co_registry_calendar.h"

enum { ARENA_BYTES = 64 << 20, SEQ = 1 };

static void die(const char *what)
{
    (void)fprintf(stderr, "sla_cases: %s\n", what);
    exit(1);
}

static void *need(void *p)
{
    if (p == NULL)
        die("out of memory");
    return p;
}

static void find_objects(struct sla_cases *c, const Callout__V1__Registry *registry)
{
    const Callout__V1__Calendar *calendar = NULL;
    char problem[CO_CALENDAR_PROBLEM];
    for (size_t i = 0; i < registry->n_objects; i++) {
        if (registry->objects[i]->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_POLICY)
            c->policy = registry->objects[i]->policy;
        if (registry->objects[i]->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CALENDAR)
            calendar = registry->objects[i]->calendar;
    }
    if (c->policy == NULL || calendar == NULL)
        die("the files have no policy, or no calendar");
    c->calendar_key = calendar->key;
    if (co_registry_calendar_compile_all(calendar, &c->calendar, problem) != CO_OK)
        die(problem);
}

void sla_cases_open(struct sla_cases *c, const char *const *files, size_t count)
{
    const Callout__V1__Registry *registry = NULL;
    *c = (struct sla_cases){ .yaml = need(co_yaml_new(NULL)),
                             .arena = need(co_arena_new(ARENA_BYTES)),
                             .scratch = need(co_arena_new(ARENA_BYTES)) };
    for (size_t i = 0; i < count; i++)
        (void)co_yaml_load(c->yaml, files[i]);
    if (co_yaml_finish(c->yaml, &registry) != CO_OK)
        die(co_yaml_problem_count(c->yaml) > 0 ? co_yaml_problem_at(c->yaml, 0)->message
                                               : "the files cannot be read");
    find_objects(c, registry);
}

void sla_cases_close(struct sla_cases *c)
{
    co_calendar_free(c->calendar);
    co_yaml_free(c->yaml);
    co_arena_free(c->arena);
    co_arena_free(c->scratch);
}

static Callout__V1__Pin *pin(struct sla_cases *c, const char *key)
{
    Callout__V1__Pin *p = need(sla_message_new(c->arena, &callout__v1__pin__descriptor));
    p->key = need(co_arena_strdup(c->arena, key));
    p->since = 1;
    return p;
}

static Callout__V1__CaseOpened *opening(struct sla_cases *c)
{
    Callout__V1__CaseOpened *o =
        need(sla_message_new(c->arena, &callout__v1__case_opened__descriptor));
    o->customer = need(co_arena_strdup(c->arena, "c0"));
    o->contract = need(co_arena_strdup(c->arena, "k0"));
    o->site = need(co_arena_strdup(c->arena, "s0"));
    o->product = need(co_arena_strdup(c->arena, "storage"));
    o->policy = pin(c, c->policy->name);
    o->calendar = pin(c, c->calendar_key);
    o->terms = pin(c, "k0");
    o->registry_version = 1;
    return o;
}

static struct sla_case at(struct sla_cases *c, Callout__V1__SlaState *state, int64_t now_us)
{
    return (struct sla_case){ .arena = c->arena,
                              .scratch = c->scratch,
                              .state = state,
                              .policy = c->policy,
                              .calendars = { .site = { c->calendar_key, c->calendar } },
                              .now_us = now_us };
}

static size_t count_running(const struct sla_fold *fold)
{
    size_t n = 0;
    for (size_t i = 0; i < fold->clock_count; i++)
        n += fold->clocks[i]->state == SLA_CLOCK_OPEN;
    return n;
}

static struct sla_events advance(struct sla_cases *c, struct sla_made *made, int64_t now_us,
                                 struct sla_events events)
{
    struct sla_case one = at(c, made->state, now_us);
    struct sla_fold fold;
    if (sla_case_advance(&one, &events, &fold) != CO_OK)
        die("a case cannot be computed");
    made->running = count_running(&fold);
    made->next_us = fold.next_us;
    made->due_us = fold.next_promise != NULL ? fold.next_promise->due_us : INT64_MAX;
    made->next_milestone = fold.next_promise != NULL ? fold.next_promise->milestone->name : "";
    return events;
}

struct sla_made sla_cases_make(struct sla_cases *c, int64_t reported_us)
{
    struct sla_made made = { 0 };
    struct sla_events events = { 0 };
    co_arena_reset(c->arena);
    co_arena_reset(c->scratch);
    Callout__V1__TicketSubmitted *t =
        need(sla_message_new(c->arena, &callout__v1__ticket_submitted__descriptor));
    struct sla_admission admission = { .opened = opening(c) };
    t->occurred_us = reported_us;
    if (sla_state_new(c->arena, &made.state) != CO_OK)
        die("out of memory");
    struct sla_case one = at(c, made.state, reported_us);
    if (sla_case_submitted(&one, SEQ, t, admission, &events) != CO_OK)
        die("a case cannot be opened");
    (void)advance(c, &made, reported_us, events);
    return made;
}

struct sla_events sla_cases_fire(struct sla_cases *c, struct sla_made *made, int64_t now_us)
{
    struct sla_events none = { 0 };
    return advance(c, made, now_us, none);
}

struct co_bytes sla_cases_pack(struct co_arena *arena, const ProtobufCMessage *message)
{
    size_t len = protobuf_c_message_get_packed_size(message);
    uint8_t *data = need(co_arena_alloc(arena, len + 1));
    return (struct co_bytes){ data, protobuf_c_message_pack(message, data) };
}
