/* Random histories: what is known in the end does not depend on the order in which it became known.
 *
 * A history is a set of inputs with the times when they happened. It is fed to a case one by one,
 * each some time after it happened, with looks at the case in between; a mirror takes down what is
 * announced and withdrawn. In the end state and mirror must say what a case says that knew
 * everything in order. Histories are made from fixed seeds; a failure names its seed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "co_rand.h"
#include "sla_case.h"
#include "sla_same.h"
#include "sla_world.h"

/* Sanitizers take ten times as long; they need not see every history. */
#if defined(__has_feature)
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || HAS_FEATURE(address_sanitizer)
enum { HISTORIES = 1000, KEPT_HISTORIES = 200 };
#else
enum { HISTORIES = 10000, KEPT_HISTORIES = 2000 };
#endif
enum { INPUTS_MAX = 30, MIRROR_MAX = 1000, END = 6000 };

static struct world w;

struct history {
    uint64_t seed;
    struct co_rand rand;
    Callout__V1__SlaInput inputs[INPUTS_MAX];
    int64_t arrives_us[INPUTS_MAX];
    size_t count;
};

struct mirror {
    const Callout__V1__Event *event[MIRROR_MAX];
    size_t count;
    size_t said;
};

/* -- a pack with everything in it */

static void make_arrival(Callout__V1__OnWithdrawn how)
{
    Callout__V1__Milestone *limit = world_milestone(&w, "remote_limit", ACT(NONE), ACT(RESTORED));
    world_start_unless_cancelled(&w, limit, ACT(CONTACTED));
    world_minutes(&w, limit, 120, 180, 180, 300);
    world_cancel(&w, limit, ACT(ONSITE_REQUESTED));
    world_pause(&w, limit, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    Callout__V1__Action *a = world_on_breach(&w, limit, ACTION(ACT));
    a->act = ACT(ONSITE_REQUESTED);
    a->on_withdrawn = how;
    Callout__V1__Milestone *arrival = world_arrival(&w);
    world_target(&w, arrival, 3, TARGET(NTH_WORKING_DAY), 2);
    world_warn(&w, arrival, 75, 0);
    world_cancel(&w, arrival, ACT(RESTORED));
}

static void make_restore(Callout__V1__OnWithdrawn how)
{
    Callout__V1__Milestone *restore = world_milestone(&w, "restore", ACT(ARRIVED), ACT(RESTORED));
    world_minutes(&w, restore, 180, 180, 120, 0);
    world_cancel(&w, restore, ACT(HARDWARE_FAULT));
    world_start(&w, restore, ACT(HARDWARE_READY));
    world_warn(&w, restore, 0, 30 * MINUTE);
    world_on_breach(&w, restore, ACTION(RAISE))->on_withdrawn = how;
    Callout__V1__Action *a = world_on_breach(&w, restore, ACTION(PROPOSE));
    a->what = world_text(&w, "consult");
    a->on_withdrawn = how;
    Callout__V1__Milestone *down = world_milestone(&w, "down", ACT(NONE), ACT(RESTORED));
    world_minutes(&w, down, 0, 60, 60, 60);
    world_by_condition(&w, down, "down");
    a = world_on_breach(&w, down, ACTION(RAISE_TO));
    a->level = 1;
    a->on_withdrawn = how;
    a->unless_condition = world_text(&w, "standby");
}

static void make_pack(Callout__V1__OnWithdrawn how)
{
    world_init(&w);
    world_condition(&w, "down");
    world_condition(&w, "workaround");
    world_condition(&w, "standby");
    world_bar(&w, 3, 2, "workaround", NULL);
    world_waiver(&w, ROLE(CUSTOMER));
    world_waiver(&w, ROLE(DIRECTOR));
    world_signer(&w, ROLE(CUSTOMER));
    world_signer(&w, ROLE(PM));
    Callout__V1__Milestone *m = world_milestone(&w, "response", ACT(REPORTED), ACT(CONTACTED));
    world_minutes(&w, m, 30, 30, 60, 240);
    world_warn(&w, m, 50, 0);
    world_warn(&w, m, 90, 0);
    world_on_warning(&w, m, ACTION(PROPOSE))->what = world_text(&w, "hurry");
    m = world_milestone(&w, "report", ACT(ARRIVED), ACT(INVESTIGATED));
    world_target(&w, m, 1, TARGET(WORKING), 4 * HOUR);
    world_target(&w, m, 2, TARGET(WORKING), 8 * HOUR);
    world_target(&w, m, 4, TARGET(PERIOD_WORKING_DAYS), 1);
    world_pause(&w, m, ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED));
    world_pause(&w, m, ACT(WAITING_VENDOR), ACT(VENDOR_ANSWERED));
    make_arrival(how);
    make_restore(how);
    m = world_milestone(&w, "replace", ACT(REPORTED), ACT(RESTORED));
    for (uint32_t level = 1; level <= 4; level++)
        world_target(&w, m, level, TARGET(PERIOD_DAYS), 2);
}

/* -- a random history */

static const Callout__V1__Act acts[] = {
    ACT(CONTACTED),
    ACT(CONTACTED),
    ACT(PROCESS_STARTED),
    ACT(ONSITE_REQUESTED),
    ACT(ONSITE_REQUESTED),
    ACT(ARRIVED),
    ACT(ARRIVED),
    ACT(INVESTIGATED),
    ACT(HARDWARE_FAULT),
    ACT(HARDWARE_READY),
    ACT(RESTORED),
    ACT(RELAPSED),
    ACT(WAITING_CUSTOMER),
    ACT(CUSTOMER_ANSWERED),
    ACT(WAITING_VENDOR),
    ACT(VENDOR_ANSWERED),
    ACT(CONDITION_SET),
    ACT(CONDITION_SET),
    ACT(CONDITION_CLEARED),
    ACT(SIGN),
    ACT(SIGN),
    ACT(WAIVE),
    ACT(WAIVE),
    ACT(SET_SEVERITY),
    ACT(SET_SEVERITY),
    ACT(AGREE),
    ACT(LOCATED),
    ACT(LOCATED),
};
static char *conditions[] = { "down", "workaround", "standby", "unheard_of" };
static const Callout__V1__Role roles[] = { ROLE(CUSTOMER), ROLE(DIRECTOR), ROLE(PM) };

static uint64_t pick(struct history *h, uint64_t bound)
{
    return co_rand_below(&h->rand, bound);
}

/* Many fall on whole half hours, so that inputs and due times meet. */
static int64_t pick_time(struct history *h)
{
    int64_t minute = co_rand_between(&h->rand, -10, 900);
    if (pick(h, 10) == 0)
        minute = co_rand_between(&h->rand, 0, 5000);
    return T0 + (pick(h, 2) == 0 ? minute / 30 * 30 : minute) * MINUTE;
}

static int64_t pick_delay(struct history *h)
{
    switch (pick(h, 4)) {
    case 0:
    case 1:
        return 0;
    case 2:
        return co_rand_between(&h->rand, 0, 60) * MINUTE;
    default:
        return co_rand_between(&h->rand, 0, 2000) * MINUTE;
    }
}

static void make_input(struct history *h, size_t i)
{
    Callout__V1__SlaInput *input = &h->inputs[i];
    callout__v1__sla_input__init(input);
    input->act = pick(h, 60) == 0 ? ACT(CANCEL) : acts[pick(h, sizeof(acts) / sizeof(acts[0]))];
    input->occurred_us = pick_time(h);
    input->seq = i + 10;
    input->role = roles[pick(h, 3)];
    input->name = conditions[pick(h, 4)];
    input->severity = (uint32_t)pick(h, 5);
    input->agreed_us = pick_time(h);
    static const double kms[] = { 10, 50, 500 };
    input->km = kms[pick(h, 3)];
    h->arrives_us[i] = input->occurred_us + pick_delay(h);
    if (h->arrives_us[i] < T0)
        h->arrives_us[i] = T0;
}

static void make_history(struct history *h, uint64_t seed)
{
    *h = (struct history){ .seed = seed };
    co_rand_init(&h->rand, seed);
    h->count = 3 + (size_t)pick(h, INPUTS_MAX - 3);
    for (size_t i = 0; i < h->count; i++)
        make_input(h, i);
    w.opened->reported_us = T0;
}

/* -- a case that learns it */

static void learn(struct sla_case *c, Callout__V1__SlaInput *input)
{
    Callout__V1__SlaState *s = c->state;
    Callout__V1__SlaInput **list = co_arena_alloc(c->arena, (s->n_inputs + 1) * sizeof(list[0]));
    size_t i = s->n_inputs;
    for (; i > 0 && (s->inputs[i - 1]->occurred_us > input->occurred_us ||
                     (s->inputs[i - 1]->occurred_us == input->occurred_us &&
                      s->inputs[i - 1]->seq > input->seq));
         i--)
        list[i] = s->inputs[i - 1];
    list[i] = input;
    if (i > 0)
        memcpy(list, s->inputs, i * sizeof(list[0]));
    s->inputs = list;
    s->n_inputs++;
}

static struct sla_case open_case(struct co_arena *arena, struct co_arena *scratch, uint32_t stated)
{
    struct sla_case c = {
        .arena = arena, .scratch = scratch, .policy = w.pack, .calendar = w.calendar, .now_us = T0
    };
    ck_assert_int_eq(sla_state_new(arena, &c.state), CO_OK);
    Callout__V1__TicketSubmitted *t = co_arena_alloc(arena, sizeof(*t));
    callout__v1__ticket_submitted__init(t);
    t->occurred_us = T0;
    t->stated_severity = stated;
    struct sla_events events = { 0 };
    struct sla_admission a = { .opened = co_arena_memdup(arena, w.opened, sizeof(*w.opened)) };
    ck_assert_int_eq(sla_case_submitted(&c, 1, t, a, &events), CO_OK);
    return c;
}

/* -- the mirror */

static bool is_text(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* Whether `w` would withdraw `e`. */
static bool is_named(const Callout__V1__Event *e, const Callout__V1__Withdrawn *x)
{
    if ((uint32_t)e->body_case != x->kind)
        return false;
    if (e->body_case == BODY(CASE_CLOSED))
        return true;
    if (e->body_case == BODY(SEVERITY_CHANGED))
        return e->severity_changed->ordinal == x->ordinal;
    /* the others begin alike: milestone, generation */
    if (!is_text(e->met->milestone, x->milestone) || e->met->generation != x->generation)
        return false;
    if (e->body_case == BODY(WARNED))
        return e->warned->threshold == x->ordinal;
    if (e->body_case == BODY(ACTED))
        return e->acted->index == x->ordinal && is_text(e->acted->trigger, x->trigger);
    return true;
}

static Callout__V1__Withdrawn name_of(const Callout__V1__Event *e)
{
    Callout__V1__Withdrawn x = CALLOUT__V1__WITHDRAWN__INIT;
    x.kind = (uint32_t)e->body_case;
    if (e->body_case == BODY(CASE_CLOSED))
        return x;
    if (e->body_case == BODY(SEVERITY_CHANGED)) {
        x.ordinal = e->severity_changed->ordinal;
        return x;
    }
    x.milestone = e->met->milestone;
    x.generation = e->met->generation;
    if (e->body_case == BODY(WARNED))
        x.ordinal = e->warned->threshold;
    if (e->body_case == BODY(ACTED)) {
        x.ordinal = e->acted->index;
        x.trigger = e->acted->trigger;
    }
    return x;
}

static size_t find(const struct mirror *m, const Callout__V1__Withdrawn *x)
{
    size_t i = 0;
    while (i < m->count && !is_named(m->event[i], x))
        i++;
    return i;
}

static void take_down(struct mirror *m, const Callout__V1__Event *e, uint64_t seed)
{
    bool withdraws = e->body_case == BODY(WITHDRAWN);
    Callout__V1__Withdrawn x = withdraws ? *e->withdrawn : name_of(e);
    size_t i = find(m, &x);
    m->said++;
    if (withdraws) {
        ck_assert_msg(i < m->count, "seed %llu: withdrew what was not announced",
                      (unsigned long long)seed);
        if (!e->withdrawn->stands)
            m->event[i] = m->event[--m->count];
        return;
    }
    bool is_revised = i < m->count && e->body_case == BODY(PROMISED) &&
                      e->promised->revision > m->event[i]->promised->revision;
    ck_assert_msg(i == m->count || is_revised, "seed %llu: announced twice",
                  (unsigned long long)seed);
    ck_assert_uint_lt(i, MIRROR_MAX);
    m->event[i] = e;
    if (i == m->count)
        m->count++;
}

static void look(struct sla_case *c, struct mirror *m, int64_t now_us, uint64_t seed,
                 struct sla_fold *fold)
{
    struct sla_events events = { 0 };
    c->now_us = now_us;
    ck_assert_int_eq(sla_case_advance(c, &events, fold), CO_OK);
    for (size_t i = 0; i < events.count; i++)
        take_down(m, events.event[i], seed);
    ck_assert_uint_eq(m->count, c->state->n_announced);
    for (size_t i = 0; i < m->count; i++) {
        Callout__V1__Withdrawn x = name_of(c->state->announced[i]);
        size_t at = find(m, &x);
        ck_assert_msg(at < m->count &&
                          sla_same(&m->event[at]->met->base, &c->state->announced[i]->met->base),
                      "seed %llu: announced differs from the state", (unsigned long long)seed);
    }
    if (now_us % 3 != 0)
        return;
    struct sla_events again = { 0 };
    ck_assert_int_eq(sla_case_advance(c, &again, fold), CO_OK);
    ck_assert_msg(again.count == 0, "seed %llu: advanced twice, said more",
                  (unsigned long long)seed);
}

static const struct history *sorting;

static int by_arrival(const void *a, const void *b)
{
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    if (sorting->arrives_us[x] != sorting->arrives_us[y])
        return sorting->arrives_us[x] < sorting->arrives_us[y] ? -1 : 1;
    return (x > y) - (x < y);
}

/* As life has it: late, out of order, with looks in between. */
static void live(struct sla_case *c, struct mirror *m, struct history *h, struct sla_fold *fold)
{
    size_t order[INPUTS_MAX];
    for (size_t i = 0; i < h->count; i++)
        order[i] = i;
    sorting = h;
    qsort(order, h->count, sizeof(order[0]), by_arrival);
    int64_t now_us = T0;
    for (size_t i = 0; i < h->count; i++) {
        int64_t arrives_us = h->arrives_us[order[i]];
        if (pick(h, 3) == 0)
            look(c, m, co_rand_between(&h->rand, now_us, arrives_us), h->seed, fold);
        now_us = arrives_us;
        learn(c, &h->inputs[order[i]]);
        if (pick(h, 3) != 0)
            look(c, m, now_us, h->seed, fold);
    }
    look(c, m, T0 + END * MINUTE, h->seed, fold);
}

/* Everything known in order, seen once at the end. */
static void tell_at_once(struct sla_case *c, struct mirror *m, struct history *h,
                         struct sla_fold *fold)
{
    for (size_t i = 0; i < h->count; i++)
        learn(c, &h->inputs[i]);
    look(c, m, T0 + END * MINUTE, h->seed, fold);
}

static char *text_of(const struct sla_case *c)
{
    for (size_t i = 0; i < c->state->n_announced; i++)
        if (c->state->announced[i]->body_case == BODY(PROMISED))
            c->state->announced[i]->promised->revision = 1;
    size_t cap = (size_t)64 * 1024;
    struct world view = { .arena = c->arena };
    const char *text = world_tell(&view, c->state->announced, c->state->n_announced);
    ck_assert_uint_lt(strlen(text), cap);
    return strdup(text);
}

static struct co_arena *arenas[4];

static void take_arenas(void)
{
    for (size_t i = 0; i < 4; i++)
        arenas[i] = co_arena_new((size_t)64 * 1024 * 1024);
}

static void leave_arenas(void)
{
    for (size_t i = 0; i < 4; i++)
        co_arena_free(arenas[i]);
}

static size_t run_history(uint64_t seed, bool is_order_free)
{
    static struct history h;
    struct mirror lived = { .count = 0 };
    struct mirror told = { .count = 0 };
    struct sla_fold a;
    struct sla_fold b;
    for (size_t i = 0; i < 4; i++)
        co_arena_reset(arenas[i]);
    make_history(&h, seed);
    uint32_t stated = (uint32_t)(seed % 4) + 1;
    struct sla_case first = open_case(arenas[0], arenas[1], stated);
    struct sla_case second = open_case(arenas[2], arenas[3], stated);
    live(&first, &lived, &h, &a);
    tell_at_once(&second, &told, &h, &b);
    if (!is_order_free)
        return lived.said;
    char *x = text_of(&first);
    char *y = text_of(&second);
    ck_assert_msg(strcmp(x, y) == 0, "seed %llu:\n%s-- is not\n%s", (unsigned long long)seed, x, y);
    free(x);
    free(y);
    ck_assert_uint_eq(a.severity, b.severity);
    ck_assert_int_eq(a.next_us, b.next_us);
    ck_assert_int_eq(a.is_closed, b.is_closed);
    ck_assert_int_eq(a.closed_us, b.closed_us);
    return lived.said;
}

START_TEST(any_order_and_delay_of_the_same_inputs_ends_in_the_same_outputs)
{
    make_pack(CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_UNDO);
    take_arenas();
    size_t said = 0;
    for (uint64_t seed = 1; seed <= HISTORIES; seed++)
        said += run_history(seed, true);
    printf("seeds 1 to %d: %zu events\n", HISTORIES, said);
    leave_arenas();
    world_done(&w);
}
END_TEST

START_TEST(what_stands_is_said_once_and_for_all)
{
    make_pack(CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_KEEP);
    take_arenas();
    size_t said = 0;
    for (uint64_t seed = 1; seed <= KEPT_HISTORIES; seed++)
        said += run_history(seed, false);
    printf("seeds 1 to %d: %zu events\n", KEPT_HISTORIES, said);
    leave_arenas();
    world_done(&w);
}
END_TEST

CHECK_MAIN("sla_history", any_order_and_delay_of_the_same_inputs_ends_in_the_same_outputs,
           what_stands_is_said_once_and_for_all)
