/* notify_world.h - a small world for tests of notices: a bank with a site, a contract, a project
 * manager, a director, an engineer, two channels; and what was journaled, as text. */
#pragma once

#include <stdio.h>
#include <string.h>

#include "notify_due.h"
#include "notify_plan.h"

#define STATE(name) CALLOUT__V1__NOTICE_STATE__NOTICE_##name
#define ON(name) CALLOUT__V1__NOTICE_ON__NOTICE_ON_##name
#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name
#define BODY(name) CALLOUT__V1__EVENT__BODY_##name
#define MINUTE INT64_C(60000000)
#define NOON INT64_C(1771300800000000) /* 2026-02-17 04:00 UTC, noon in Beijing */

/* ---- a small world ---- */

/* As good as random, and the same in each run. */
static inline void make_secret(void *arg, uint8_t ret_secret[static CO_ANSWER_SECRET])
{
    static uint8_t count;
    (void)arg;
    memset(ret_secret, ++count, CO_ANSWER_SECRET);
}

static struct co_arena *arena;
static struct co_registry *registry;
static Callout__V1__PolicyPack pack;
static struct notify_case *c;
static char journal[8000]; /* what was emitted, a line each */

static inline char *own(const char *text)
{
    return co_arena_strdup(arena, text);
}

static inline Callout__V1__Text *text_of(const char *zh, const char *en)
{
    Callout__V1__Text *t = co_arena_alloc(arena, sizeof(*t));
    callout__v1__text__init(t);
    t->zh = own(zh);
    t->en = own(en);
    return t;
}

#define PUT(kind, KIND, ...)                                                                       \
    do {                                                                                           \
        struct Callout__V1__##kind x;                                                              \
        callout__v1__##KIND##__init(&x);                                                           \
        __VA_ARGS__;                                                                               \
        Callout__V1__RegistryObject object = CALLOUT__V1__REGISTRY_OBJECT__INIT;                   \
        object.object_case = (Callout__V1__RegistryObject__ObjectCase)object_case_##KIND;          \
        object.KIND = &x;                                                                          \
        ck_assert_int_eq(co_registry_put_message(registry, &object, 1), CO_OK);                    \
    } while (0)

enum {
    object_case_customer = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CUSTOMER,
    object_case_site = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_SITE,
    object_case_person = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_PERSON,
    object_case_contract = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CONTRACT,
    object_case_channel = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CHANNEL,
    object_case_calendar = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CALENDAR,
    object_case_desk = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_DESK,
    object_case_advisory = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_ADVISORY,
    object_case_roster = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_ROSTER,
};

static inline void put_person(const char *key, const char *language, const char *email,
                              const char *hook)
{
    PUT(Person, person, x.key = own(key), x.name = own(key), x.language = own(language),
        x.email = own(email), x.webhook = own(hook));
}

static inline void put_contract(Callout__V1__Role role, const char *person)
{
    Callout__V1__RoleHolder pm = CALLOUT__V1__ROLE_HOLDER__INIT;
    Callout__V1__RoleHolder more = CALLOUT__V1__ROLE_HOLDER__INIT;
    Callout__V1__RoleHolder *holders[] = { &pm, &more };
    char pm_key[] = "pm";
    pm.role = ROLE(PM);
    pm.person = pm_key;
    more.role = role;
    more.person = own(person);
    PUT(Contract, contract, x.key = own("k"), x.customer = own("bank"), x.n_holders = 2,
        x.holders = holders);
}

static inline void put_channel(const char *key, Callout__V1__ChannelKind kind, const char *url)
{
    PUT(Channel, channel, x.key = own(key), x.kind = kind, x.url = own(url),
        x.from = own("callout@example.com"));
}

static inline Callout__V1__NoticeRule *add_rule(Callout__V1__NoticeOn on, const char *milestone,
                                                Callout__V1__Role first, Callout__V1__Role second)
{
    static Callout__V1__NoticeRule *rules[32];
    Callout__V1__NoticeRule *r = co_arena_alloc(arena, sizeof(*r));
    callout__v1__notice_rule__init(r);
    r->on = on;
    r->milestone = own(milestone);
    r->roles = co_arena_alloc(arena, 2 * sizeof(*r->roles));
    r->roles[0] = first;
    r->roles[1] = second;
    r->n_roles = second == ROLE(NONE) ? 1 : 2;
    r->subject = text_of("{number} {milestone}", "{number} {milestone}");
    r->body = text_of("{site} 最迟 {due}", "{site} by {due}");
    rules[pack.n_notices++] = r;
    pack.notices = rules;
    return r;
}

static inline void add_milestone(const char *name, bool internal)
{
    static Callout__V1__Milestone *milestones[8];
    Callout__V1__Milestone *m = co_arena_alloc(arena, sizeof(*m));
    callout__v1__milestone__init(m);
    m->name = own(name);
    m->title = text_of(name, name);
    m->internal = internal;
    milestones[pack.n_milestones++] = m;
    pack.milestones = milestones;
}

static inline Callout__V1__Action *new_action(Callout__V1__ActionKind kind, const char *what)
{
    Callout__V1__Action *a = co_arena_alloc(arena, sizeof(*a));
    callout__v1__action__init(a);
    a->kind = kind;
    a->what = own(what);
    return a;
}

static inline Callout__V1__Role *roles_of(Callout__V1__Role first, Callout__V1__Role second)
{
    Callout__V1__Role *roles = co_arena_alloc(arena, 2 * sizeof(*roles));
    roles[0] = first;
    roles[1] = second;
    return roles;
}

/* Action `index` of a breach of the first milestone; those before it are raises. */
static inline Callout__V1__Action *put_breach_action(uint32_t index, Callout__V1__ActionKind kind,
                                                     const char *what)
{
    Callout__V1__Milestone *m = pack.milestones[0];
    m->on_breach = co_arena_alloc(arena, (index + 1) * sizeof(*m->on_breach));
    m->n_on_breach = index + 1;
    for (uint32_t i = 0; i < index; i++)
        m->on_breach[i] = new_action(CALLOUT__V1__ACTION_KIND__ACTION_RAISE, "");
    return m->on_breach[index] = new_action(kind, what);
}

/* A step of the ladder of the first milestone. */
static inline void add_step(Callout__V1__Role first, Callout__V1__Role second)
{
    static Callout__V1__EscalationStep *steps[8];
    Callout__V1__Milestone *m = pack.milestones[0];
    Callout__V1__EscalationStep *step = co_arena_alloc(arena, sizeof(*step));
    callout__v1__escalation_step__init(step);
    step->roles = roles_of(first, second);
    step->n_roles = second == ROLE(NONE) ? 1 : 2;
    steps[m->n_ladder++] = step;
    m->ladder = steps;
}

static enum notify_room server_room;

static inline enum notify_room world_server_room(void *arg, const struct notify_notice *n,
                                                 int64_t *ret_wait_us)
{
    (void)arg;
    (void)n;
    *ret_wait_us = 0;
    return server_room;
}

static uint32_t room = UINT32_MAX; /* how many more messages may go */
static int64_t room_wait_us;

static inline uint32_t world_limit(void *arg, const struct notify_notice *n, bool is_counted,
                                   int64_t *ret_wait_us)
{
    (void)arg;
    (void)n;
    *ret_wait_us = room == 0 ? room_wait_us : 0;
    room -= is_counted && room != UINT32_MAX ? 1 : 0;
    return room;
}

static inline void start_due(void)
{
    struct notify_case *cases[] = { c };
    notify_due_start(cases, 1);
}

static inline bool world_emit(void *arg, int64_t case_id, const Callout__V1__Event *e)
{
    (void)arg;
    ck_assert_int_eq(case_id, 1280);
    size_t len = strlen(journal);
    if (e->body_case == BODY(NOTICE_PLANNED))
        (void)snprintf(journal + len, sizeof(journal) - len, "planned %s g%u %s %s %s\n",
                       e->notice_planned->obligation, e->notice_planned->generation,
                       e->notice_planned->slot, e->notice_planned->person,
                       e->notice_planned->channel);
    else if (e->body_case == BODY(NOTICE_RESENT))
        (void)snprintf(journal + len, sizeof(journal) - len, "resent %s %s by %s after %s: %s %s\n",
                       e->notice_resent->notice->obligation, e->notice_resent->notice->slot,
                       e->notice_resent->channel, e->notice_resent->before, e->notice_resent->why,
                       e->notice_resent->source);
    else if (e->body_case == BODY(COMMAND_APPLIED))
        (void)snprintf(journal + len, sizeof(journal) - len, "applied\n");
    else if (e->body_case == BODY(COMMAND_REFUSED))
        (void)snprintf(journal + len, sizeof(journal) - len, "refused: %s\n",
                       e->command_refused->reason);
    else
        (void)snprintf(journal + len, sizeof(journal) - len, "settled %s g%u %s %d %s\n",
                       e->notice_settled->obligation, e->notice_settled->generation,
                       e->notice_settled->slot, (int)e->notice_settled->state,
                       e->notice_settled->detail);
    return true;
}

static const struct notify_patience patience = {
    .backoff = { 2000000, 300000000 },
    .attempts = 5,
    .give_up_us = 4 * 3600 * INT64_C(1000000),
    .next_channel_us = 600 * INT64_C(1000000),
    .crowded_us = 10000000,
    .retry_after_max_us = 900000000,
};
static struct notify_world world = { .patience = &patience,
                                     .pace = 1,
                                     .now_us = NOON,
                                     .room = world_server_room,
                                     .limit = world_limit,
                                     .secret = make_secret,
                                     .emit = world_emit };

static inline void happens(Callout__V1__Event *e)
{
    notify_case_learn(c, e);
    notify_plan(c, e);
    c->coming = NULL;
    ck_assert_int_eq(c->err, CO_OK);
}

#define HAPPENS(KIND, kind, Kind, ...)                                                             \
    do {                                                                                           \
        Callout__V1__Event *event = co_arena_alloc(arena, sizeof(*event));                         \
        callout__v1__event__init(event);                                                           \
        struct Callout__V1__##Kind *x = co_arena_alloc(arena, sizeof(*x));                         \
        callout__v1__##kind##__init(x);                                                            \
        __VA_ARGS__;                                                                               \
        event->body_case = BODY(KIND);                                                             \
        event->kind = x;                                                                           \
        happens(event);                                                                            \
    } while (0)

static inline void is_opened(void)
{
    HAPPENS(CASE_OPENED, case_opened, CaseOpened, x->customer = own("bank"), x->contract = own("k"),
            x->site = own("site"), x->severity = 2);
}

static inline void set_up(void)
{
    arena = co_arena_new((size_t)16 << 20);
    registry = co_registry_new(1000);
    callout__v1__policy_pack__init(&pack);
    world.arena = arena;
    world.registry = registry;
    world.now_us = NOON;
    world.is_behind = false;
    server_room = NOTIFY_ROOM;
    room = UINT32_MAX;
    room_wait_us = 0;
    journal[0] = '\0';
    put_person("pm", "zh", "pm@example.com", "");
    put_person("dir", "en", "dir@example.com", "");
    put_person("ops", "zh", "ops@example.com", "");
    put_person("eng", "zh", "", "http://hooks.example.com/eng");
    put_person("deskman", "zh", "desk@example.com", "");
    put_channel("mail", CALLOUT__V1__CHANNEL_KIND__CHANNEL_SMTP, "smtp://mail.example.com");
    put_channel("hook", CALLOUT__V1__CHANNEL_KIND__CHANNEL_WEBHOOK, "");
    put_contract(ROLE(DIRECTOR), "dir");
    PUT(Customer, customer, x.key = own("bank"), x.name = text_of("银行", "Bank"));
    PUT(Site, site, x.key = own("site"), x.customer = own("bank"), x.contact = own("ops"),
        x.name = text_of("机房", "Hall"));
    add_milestone("response", false);
    add_milestone("expert", true);
    c = notify_case_new(&world, 1280, NULL);
    c->policy = &pack;
    c->title = "down";
    c->is_whole = true;
}

/* The next turn: what was new is in the table. */
static inline void next_turn(void)
{
    for (size_t i = 0; i < c->count; i++)
        c->notices[i]->is_new = false;
}

static inline void tear_down(void)
{
    co_registry_free(registry);
    co_arena_free(arena);
}

static inline void journal_is(const char *expected)
{
    ck_assert_str_eq(journal, expected);
    journal[0] = '\0';
}

static inline void is_breached(void)
{
    HAPPENS(BREACHED, breached, Breached, x->milestone = own("response"), x->generation = 1,
            x->due_us = NOON - 90 * MINUTE);
}

static inline void is_withdrawn(bool stands, bool ask)
{
    HAPPENS(WITHDRAWN, withdrawn, Withdrawn, x->kind = BODY(BREACHED),
            x->milestone = own("response"), x->generation = 1, x->stands = stands, x->ask = ask);
}

static inline void everything_is_sent(void)
{
    start_due();
    for (size_t i = 0; i < c->count; i++) {
        struct notify_happening h = { .input = NOTIFY_TAKEN };
        (void)notify_case_happened(c, c->notices[i], h, "250");
    }
    next_turn();
    journal[0] = '\0';
}

static inline void is_promised(uint32_t revision, int64_t due_us, bool is_paused)
{
    HAPPENS(PROMISED, promised, Promised, x->milestone = own("response"), x->generation = 1,
            x->revision = revision, x->due_us = due_us, x->is_paused = is_paused);
}
