#include "lived_case.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "co_calendar.h"
#include "co_registry_calendar.h"
#include "sla_events.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name
#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name
#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

void *lived_case_message(struct lived_case *l, const ProtobufCMessageDescriptor *type)
{
    void *message = sla_message_new(l->arena, type);
    ck_assert_ptr_nonnull(message);
    return message;
}

char *lived_case_text(struct lived_case *l, const char *text)
{
    char *copy = co_arena_strdup(l->arena, text);
    ck_assert_ptr_nonnull(copy);
    return copy;
}

static Callout__V1__Pin *pin(struct lived_case *l, const char *key)
{
    Callout__V1__Pin *p = lived_case_message(l, &callout__v1__pin__descriptor);
    p->key = lived_case_text(l, key);
    p->since = 3;
    return p;
}

static void load(struct lived_case *l, const char *source)
{
    const Callout__V1__Registry *registry = NULL;
    char path[512];
    l->yaml = co_yaml_new(NULL);
    (void)snprintf(path, sizeof(path), "%s/policies/storage-after-sales.yaml", source);
    co_yaml_load(l->yaml, path);
    (void)snprintf(path, sizeof(path), "%s/calendars", source);
    co_yaml_load(l->yaml, path);
    ck_assert_int_eq(co_yaml_finish(l->yaml, &registry), CO_OK);
    for (size_t i = 0; i < registry->n_objects; i++) {
        Callout__V1__RegistryObject *o = registry->objects[i];
        if (o->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_POLICY)
            l->policy = o->policy;
        else if (o->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CALENDAR &&
                 strcmp(o->calendar->key, "cn-office") == 0)
            l->calendar = o->calendar;
    }
}

/* The expert's clock stands while the customer is waited for. */
static void with_pause(struct lived_case *l)
{
    static Callout__V1__Act pause[] = { ACT(WAITING_CUSTOMER) },
                            resume[] = { ACT(CUSTOMER_ANSWERED) };
    for (size_t i = 0; i < l->policy->n_milestones; i++) {
        Callout__V1__Milestone *m = l->policy->milestones[i];
        if (strcmp(m->name, "expert") != 0)
            continue;
        m->pause = pause;
        m->resume = resume;
        m->n_pause = m->n_resume = 1;
    }
}

static Callout__V1__Text *text(struct lived_case *l, const char *zh, const char *en)
{
    Callout__V1__Text *t = lived_case_message(l, &callout__v1__text__descriptor);
    t->zh = lived_case_text(l, zh);
    t->en = lived_case_text(l, en);
    return t;
}

/* A flood of ten minutes, under a pack that lets it count. */
static void with_exclusion(struct lived_case *l)
{
    static Callout__V1__Condition *causes[1];
    static Callout__V1__Exclusion *exclusions[1];
    causes[0] = lived_case_message(l, &callout__v1__condition__descriptor);
    causes[0]->key = lived_case_text(l, "force_majeure");
    causes[0]->title = text(l, "不可抗力", "Force majeure");
    l->policy->excluded = causes;
    l->policy->n_excluded = 1;
    exclusions[0] = lived_case_message(l, &callout__v1__exclusion__descriptor);
    exclusions[0]->key = lived_case_text(l, "flood");
    exclusions[0]->title = text(l, "河北洪水", "Flood in Hebei");
    exclusions[0]->cause = causes[0]->key;
    exclusions[0]->from_us = LIVED_REPORTED + 15 * LIVED_MINUTE;
    exclusions[0]->until_us = LIVED_REPORTED + 25 * LIVED_MINUTE;
    l->opened->exclusions = exclusions;
    l->opened->n_exclusions = 1;
}

void lived_case_init(struct lived_case *l, const char *source)
{
    *l = (struct lived_case){ .arena = co_arena_new((size_t)64 << 20) };
    ck_assert_ptr_nonnull(l->arena);
    load(l, source);
    with_pause(l);
    l->opened = lived_case_message(l, &callout__v1__case_opened__descriptor);
    l->opened->policy = pin(l, "storage-after-sales");
    l->opened->calendar = pin(l, "cn-office");
    l->opened->terms = pin(l, "haihe-2026");
    l->opened->registry_version = 3;
    with_exclusion(l);
}

void lived_case_done(struct lived_case *l)
{
    co_arena_free(l->c.scratch);
    co_yaml_free(l->yaml);
    co_arena_free(l->arena);
}

static void note(struct lived_case *l, int64_t minute, Callout__V1__Event *event)
{
    ck_assert_uint_lt(l->count, LIVED_ENTRIES);
    l->taken_us[l->count] = LIVED_REPORTED + minute * LIVED_MINUTE;
    l->entry[l->count] = (struct sla_journal_entry){ l->count + 1, event };
    l->count++;
}

void lived_case_note(struct lived_case *l, int64_t minute, Callout__V1__Event__BodyCase kind,
                     void *body)
{
    Callout__V1__Event *e = lived_case_message(l, &callout__v1__event__descriptor);
    e->body_case = kind;
    e->promised = body; /* every member of the union is a pointer to a message */
    note(l, minute, e);
}

static void note_all(struct lived_case *l, int64_t minute, const struct sla_events *events)
{
    for (size_t i = 0; i < events->count; i++)
        note(l, minute, events->event[i]);
}

static void look(struct lived_case *l, int64_t minute)
{
    struct sla_events events = { 0 };
    struct sla_fold fold;
    l->c.now_us = LIVED_REPORTED + minute * LIVED_MINUTE;
    ck_assert_int_eq(sla_case_advance(&l->c, &events, &fold), CO_OK);
    note_all(l, minute, &events);
}

struct said {
    int64_t minute;
    Callout__V1__Act act;
    Callout__V1__Role role;
    const char *person;
    uint32_t severity;
};

static void say(struct lived_case *l, const struct said *s)
{
    struct sla_events events = { 0 };
    struct sla_admission none = { 0 };
    Callout__V1__CommandReceived *m =
        lived_case_message(l, &callout__v1__command_received__descriptor);
    m->source = lived_case_text(l, "desk");
    m->command_id = l->count + 1000;
    m->act = s->act;
    m->occurred_us = LIVED_REPORTED + s->minute * LIVED_MINUTE;
    m->role = s->role;
    m->person = lived_case_text(l, s->person);
    m->severity = s->severity;
    look(l, s->minute);
    lived_case_note(l, s->minute, BODY(COMMAND_RECEIVED), m);
    ck_assert_int_eq(sla_case_command(&l->c, l->count, m, none, &events), CO_OK);
    ck_assert_uint_eq(events.count, 1);
    ck_assert_int_eq(events.event[0]->body_case, BODY(COMMAND_APPLIED));
    note_all(l, s->minute, &events);
    look(l, s->minute);
}

static void locate(struct lived_case *l)
{
    Callout__V1__SiteLocated *s = lived_case_message(l, &callout__v1__site_located__descriptor);
    s->office = lived_case_text(l, "beijing");
    s->source = lived_case_text(l, "contract");
    s->km = 428.5;
    s->straight_km = 350.25;
    s->located_us = LIVED_REPORTED;
    lived_case_note(l, 0, BODY(SITE_LOCATED), s);
    ck_assert_int_eq(sla_case_located(&l->c, l->count, s), CO_OK);
}

static void submit(struct lived_case *l)
{
    struct sla_events events = { 0 };
    struct sla_admission admission = { .opened = l->opened };
    Callout__V1__TicketSubmitted *ticket =
        lived_case_message(l, &callout__v1__ticket_submitted__descriptor);
    ticket->source = lived_case_text(l, "monitor");
    ticket->occurred_us = LIVED_REPORTED;
    ticket->stated_severity = 3;
    ticket->onsite = true;
    lived_case_note(l, 0, BODY(TICKET_SUBMITTED), ticket);
    ck_assert_int_eq(sla_case_submitted(&l->c, l->count, ticket, admission, &events), CO_OK);
    note_all(l, 0, &events);
}

void lived_case_live(struct lived_case *l)
{
    static const struct said said[] = {
        { 5, ACT(CONTACTED), ROLE(SUPPORT), "wang", 0 },
        { 10, ACT(WAITING_CUSTOMER), ROLE(CUSTOMER), "li", 0 },
        { 40, ACT(CUSTOMER_ANSWERED), ROLE(CUSTOMER), "li", 0 },
        { 50, ACT(SET_SEVERITY), ROLE(EXPERT), "zhao", 2 },
    };
    struct co_calendar *calendar = NULL;
    char problem[CO_CALENDAR_PROBLEM];
    ck_assert_int_eq(co_registry_calendar_compile_all(l->calendar, &calendar, problem), CO_OK);
    l->c = (struct sla_case){ .arena = l->arena,
                              .scratch = co_arena_new((size_t)16 << 20),
                              .policy = l->policy,
                              .calendars = { .site = { "cn-office", calendar } },
                              .now_us = LIVED_REPORTED };
    ck_assert_int_eq(sla_state_new(l->arena, &l->c.state), CO_OK);
    submit(l);
    locate(l);
    look(l, 0);
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        say(l, &said[i]);
    look(l, 120);
    co_calendar_free(calendar);
}

void lived_case_refold(struct lived_case *l, struct refold *ret)
{
    *ret = (struct refold){ .arena = l->arena,
                            .entries = l->entry,
                            .taken_us = l->taken_us,
                            .entry_count = l->count,
                            .now_us = LIVED_REPORTED + 120 * LIVED_MINUTE };
    ck_assert_int_eq(refold_read(ret), CO_OK);
    ret->policy = l->policy;
    for (size_t i = 0; i < ret->calendar_count; i++)
        ret->calendars[i].text = l->calendar;
    ck_assert_msg(refold_run(ret) == CO_OK, "%s", ret->problem);
}

const Callout__V1__ClockAccount *lived_case_clock(const struct refold *r, const char *milestone)
{
    const Callout__V1__Explanation *e = r->explanation;
    for (size_t i = e->n_clocks; i > 0; i--)
        if (strcmp(e->clocks[i - 1]->milestone, milestone) == 0)
            return e->clocks[i - 1];
    ck_abort_msg("there is no clock %s", milestone);
}
