/* Random histories: what is known in the end does not depend on the order in which it became known.
 *
 * A history is a set of inputs with the times when they happened. It is fed to a case one by one,
 * each some time after it happened, with looks at the case in between, and so are exclusions as
 * they are declared, moved and taken back, and a calendar that comes into force; a mirror takes
 * down what is announced and withdrawn. Between looks the state goes through its bytes, as it does
 * when another process takes over, whose clock may lag. In the end state and mirror must say what a
 * case says that knew everything in order. Histories are made from fixed seeds; a failure names its
 * seed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "sla_random.h"
#include "sla_same.h"

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
enum { MIRROR_MAX = 1000 };

/* Every passed assertion of check is written to a file; these are too many for that. */
#define HOLDS(condition, ...)                                                                      \
    do {                                                                                           \
        if (!(condition))                                                                          \
            ck_abort_msg(__VA_ARGS__);                                                             \
    } while (0)

static struct world w;
static size_t kinds[BODY(SESSION_CHANGED) + 1]; /* how often each kind of event was said */

struct mirror {
    const Callout__V1__Event *event[MIRROR_MAX];
    size_t count;
    size_t said;
    size_t withdrawn;
};

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
    if (e->body_case == BODY(CONSENT_CHANGED))
        return e->consent_changed->ordinal == x->ordinal;
    if (e->body_case == BODY(ACT_MADE))
        return e->act_made->ordinal == x->ordinal;
    if (e->body_case == BODY(SESSION_CHANGED))
        return e->session_changed->ordinal == x->ordinal &&
               e->session_changed->is_over == (x->generation == 2);
    /* the others begin alike: milestone, generation */
    if (!is_text(e->met->milestone, x->milestone) || e->met->generation != x->generation)
        return false;
    if (e->body_case == BODY(WARNED))
        return e->warned->threshold == x->ordinal;
    if (e->body_case == BODY(ESCALATED))
        return e->escalated->step == x->ordinal;
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
    if (e->body_case == BODY(CONSENT_CHANGED)) {
        x.ordinal = e->consent_changed->ordinal;
        return x;
    }
    if (e->body_case == BODY(ACT_MADE)) {
        x.ordinal = e->act_made->ordinal;
        return x;
    }
    if (e->body_case == BODY(SESSION_CHANGED)) {
        x.ordinal = e->session_changed->ordinal;
        x.generation = e->session_changed->is_over ? 2 : 1;
        return x;
    }
    x.milestone = e->met->milestone;
    x.generation = e->met->generation;
    if (e->body_case == BODY(WARNED))
        x.ordinal = e->warned->threshold;
    if (e->body_case == BODY(ESCALATED))
        x.ordinal = e->escalated->step;
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
    kinds[e->body_case]++;
    Callout__V1__Withdrawn x = withdraws ? *e->withdrawn : name_of(e);
    size_t i = find(m, &x);
    m->said++;
    m->withdrawn += withdraws;
    if (withdraws) {
        HOLDS(i < m->count, "seed %llu: withdrew what was not announced", (unsigned long long)seed);
        if (!e->withdrawn->stands)
            m->event[i] = m->event[--m->count];
        return;
    }
    bool is_revised = i < m->count && e->body_case == BODY(PROMISED) &&
                      e->promised->revision > m->event[i]->promised->revision;
    HOLDS(i == m->count || is_revised, "seed %llu: announced twice", (unsigned long long)seed);
    HOLDS(i < MIRROR_MAX, "too much");
    m->event[i] = e;
    if (i == m->count)
        m->count++;
}

/* What another process finds in the row. */
static void take_over(struct sla_case *c)
{
    size_t len = callout__v1__sla_state__get_packed_size(c->state);
    uint8_t *bytes = co_arena_alloc(c->arena, len);
    HOLDS(bytes != NULL, "no memory");
    HOLDS(callout__v1__sla_state__pack(c->state, bytes) == len, "packed to another length");
    HOLDS(sla_state_unpack(c->arena, bytes, len, &c->state) == CO_OK, "not unpacked");
}

/* Whether it said anything. */
static bool look(struct sla_case *c, struct mirror *m, struct random_known *known, int64_t now_us,
                 uint64_t seed, struct sla_fold *fold)
{
    struct sla_events events = { 0 };
    struct sla_events taken = { 0 };
    c->now_us = now_us;
    random_catch_up(c, &w, known, &taken);
    HOLDS(sla_case_advance(c, &events, fold) == CO_OK, "seed %llu", (unsigned long long)seed);
    for (size_t i = 0; i < taken.count; i++)
        kinds[taken.event[i]->body_case]++;
    for (size_t i = 0; i < events.count; i++)
        take_down(m, events.event[i], seed);
    HOLDS(m->count == c->state->n_announced, "seed %llu: %zu, not %zu", (unsigned long long)seed,
          m->count, c->state->n_announced);
    for (size_t i = 0; i < m->count; i++) {
        Callout__V1__Withdrawn x = name_of(c->state->announced[i]);
        size_t at = find(m, &x);
        HOLDS(at < m->count &&
                  sla_same(&m->event[at]->met->base, &c->state->announced[i]->met->base),
              "seed %llu: announced differs from the state", (unsigned long long)seed);
    }
    struct sla_events again = { 0 };
    take_over(c);
    c->now_us = now_us - now_us % 7 * MINUTE;
    HOLDS(sla_case_advance(c, &again, fold) == CO_OK, "seed %llu", (unsigned long long)seed);
    HOLDS(again.count == 0, "seed %llu: advanced twice, said more", (unsigned long long)seed);
    return taken.count + events.count > 0;
}

/* A case that is open again takes in what it passed over while it was closed. */
static void look_at_the_end(struct sla_case *c, struct mirror *m, struct random_known *known,
                            uint64_t seed, struct sla_fold *fold)
{
    int looks = 0;
    while (look(c, m, known, T0 + RANDOM_END * MINUTE, seed, fold))
        HOLDS(++looks < 4, "seed %llu: never comes to rest", (unsigned long long)seed);
}

/* -- in which order it becomes known: inputs, then what is wide */

static struct random_history *sorting;

static int64_t arrival(const struct random_history *h, size_t item)
{
    return item < h->count ? h->arrives_us[item] : h->wides[item - h->count].arrives_us;
}

static int by_arrival(const void *a, const void *b)
{
    size_t x = *(const size_t *)a;
    size_t y = *(const size_t *)b;
    if (arrival(sorting, x) != arrival(sorting, y))
        return arrival(sorting, x) < arrival(sorting, y) ? -1 : 1;
    return (x > y) - (x < y);
}

static size_t sort_items(struct random_history *h, size_t order[])
{
    size_t count = h->count + h->wide_count;
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    sorting = h;
    qsort(order, count, sizeof(order[0]), by_arrival);
    return count;
}

static void take(struct sla_case *c, struct random_history *h, size_t item,
                 struct random_known *known)
{
    if (item < h->count)
        learn(c, &h->inputs[item]);
    else
        random_learn(known, &h->wides[item - h->count]);
}

/* As life has it: late, out of order, with looks in between. */
static void live(struct sla_case *c, struct mirror *m, struct random_history *h,
                 struct sla_fold *fold)
{
    size_t order[RANDOM_INPUTS_MAX + RANDOM_WIDES_MAX];
    size_t count = sort_items(h, order);
    struct random_known known = { .count = 0 };
    int64_t now_us = T0;
    for (size_t i = 0; i < count; i++) {
        int64_t arrives_us = arrival(h, order[i]);
        if (arrives_us > T0 && random_pick(h, 3) == 0)
            look(c, m, &known, co_rand_between(&h->rand, now_us, arrives_us), h->seed, fold);
        now_us = arrives_us;
        take(c, h, order[i], &known);
        if (now_us > T0 && random_pick(h, 3) != 0)
            look(c, m, &known, now_us, h->seed, fold);
    }
    look_at_the_end(c, m, &known, h->seed, fold);
}

/* Everything known in order, seen once at the end. A case that was closed when the calendar came
 * into force keeps the old one: that is no question of order. */
static void tell_at_once(struct sla_case *c, struct mirror *m, struct random_history *h,
                         bool is_rebased, struct sla_fold *fold)
{
    struct random_known known = { .count = 0 };
    for (size_t i = 0; i < h->count + h->wide_count; i++)
        take(c, h, i, &known);
    known.is_rebased = is_rebased;
    look_at_the_end(c, m, &known, h->seed, fold);
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

static struct sla_case new_case(struct random_history *h, size_t i)
{
    struct sla_events said = { 0 };
    return random_case(&w, h, arenas[2 * i], arenas[2 * i + 1], &said);
}

static void compare(const struct sla_case *first, const struct sla_fold *a,
                    const struct sla_case *second, const struct sla_fold *b, uint64_t seed)
{
    char *x = text_of(first);
    char *y = text_of(second);
    ck_assert_msg(strcmp(x, y) == 0, "seed %llu:\n%s-- is not\n%s", (unsigned long long)seed, x, y);
    free(x);
    free(y);
    ck_assert_uint_eq(a->severity, b->severity);
    ck_assert_int_eq(a->next_us, b->next_us);
    ck_assert_int_eq(a->is_closed, b->is_closed);
    ck_assert_int_eq(a->closed_us, b->closed_us);
}

static size_t run_history(uint64_t seed, bool is_order_free)
{
    static struct random_history h;
    struct mirror lived = { .count = 0 };
    struct mirror told = { .count = 0 };
    struct sla_fold a;
    struct sla_fold b;
    for (size_t i = 0; i < 4; i++)
        co_arena_reset(arenas[i]);
    random_history(&h, seed);
    struct sla_case first = new_case(&h, 0);
    struct sla_case second = new_case(&h, 1);
    live(&first, &lived, &h, &a);
    tell_at_once(&second, &told, &h, first.state->rebased != NULL, &b);
    if (is_order_free)
        compare(&first, &a, &second, &b, seed);
    return lived.said;
}

static int64_t not_before_the_report(int64_t us)
{
    return us > T0 ? us : T0;
}

/* An exclusion is declared as it begins, and its end said as it ends. */
static void make_prompt_wides(struct random_history *h)
{
    struct random_wide was[RANDOM_WIDES_MAX];
    size_t count = h->wide_count;
    memcpy(was, h->wides, sizeof(was));
    h->wide_count = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_known = i > 0 && was[i].exclusion.key == was[i - 1].exclusion.key;
        if (was[i].is_rebase || is_known)
            continue;
        struct random_wide *begins = &h->wides[h->wide_count++];
        *begins = was[i];
        begins->exclusion.until_us = 0;
        begins->arrives_us = not_before_the_report(was[i].exclusion.from_us);
        if (was[i].exclusion.until_us == 0)
            continue;
        struct random_wide *ends = &h->wides[h->wide_count++];
        *ends = was[i];
        ends->arrives_us = not_before_the_report(was[i].exclusion.until_us);
    }
}

/* Everything is known when it happens; the distance from the start. */
static void make_prompt(struct random_history *h)
{
    for (size_t i = 0; i < h->count; i++) {
        if (h->inputs[i].act == ACT(LOCATED))
            h->inputs[i].occurred_us = T0;
        h->arrives_us[i] = not_before_the_report(h->inputs[i].occurred_us);
    }
    make_prompt_wides(h);
}

/* Looks between the inputs, never among those of one instant. */
static void live_promptly(struct sla_case *c, struct mirror *m, struct random_history *h,
                          struct sla_fold *fold)
{
    size_t order[RANDOM_INPUTS_MAX + RANDOM_WIDES_MAX];
    size_t count = sort_items(h, order);
    struct random_known known = { .count = 0 };
    for (size_t i = 0; i < count; i++) {
        int64_t now_us = arrival(h, order[i]);
        take(c, h, order[i], &known);
        bool is_last = i + 1 == count || arrival(h, order[i + 1]) > now_us;
        if (is_last && random_pick(h, 4) != 0)
            look(c, m, &known, now_us, h->seed, fold);
    }
    look_at_the_end(c, m, &known, h->seed, fold);
}

/* Histories in which something never happens prove nothing about it. */
static void expect_all_kinds(void)
{
    static const Callout__V1__Event__BodyCase said[] = {
        BODY(PROMISED),         BODY(WARNED),           BODY(BREACHED),    BODY(MET),
        BODY(STOPPED),          BODY(SEVERITY_CHANGED), BODY(ACTED),       BODY(WITHDRAWN),
        BODY(CASE_CLOSED),      BODY(CALENDAR_REBASED), BODY(EXCLUDED),    BODY(ESCALATED),
        BODY(CONSENT_CHANGED),  BODY(SESSION_CHANGED),  BODY(STEP_OPENED), BODY(STEP_DONE),
        BODY(STEP_HANDED_OVER), BODY(ACT_MADE),
    };
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        ck_assert_msg(kinds[said[i]] >= HISTORIES / 100, "event %d only %zu times", (int)said[i],
                      kinds[said[i]]);
}

START_TEST(any_order_and_delay_of_the_same_inputs_ends_in_the_same_outputs)
{
    random_pack(&w, CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_UNDO);
    take_arenas();
    size_t said = 0;
    for (uint64_t seed = 1; seed <= HISTORIES; seed++)
        said += run_history(seed, true);
    printf("seeds 1 to %d: %zu events, %zu rebased, %zu excluded, %zu escalated\n", HISTORIES, said,
           kinds[BODY(CALENDAR_REBASED)], kinds[BODY(EXCLUDED)], kinds[BODY(ESCALATED)]);
    expect_all_kinds();
    leave_arenas();
    world_done(&w);
}
END_TEST

START_TEST(what_stands_is_said_once_and_for_all)
{
    random_pack(&w, CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_KEEP);
    take_arenas();
    size_t said = 0;
    for (uint64_t seed = 1; seed <= KEPT_HISTORIES; seed++)
        said += run_history(seed, false);
    printf("seeds 1 to %d: %zu events\n", KEPT_HISTORIES, said);
    leave_arenas();
    world_done(&w);
}
END_TEST

START_TEST(what_is_known_in_time_is_said_once_and_never_taken_back)
{
    random_pack(&w, CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_ASK);
    take_arenas();
    for (uint64_t seed = 1; seed <= KEPT_HISTORIES; seed++) {
        static struct random_history h;
        struct mirror lived = { .count = 0 };
        struct mirror told = { .count = 0 };
        struct sla_fold a;
        struct sla_fold b;
        for (size_t i = 0; i < 4; i++)
            co_arena_reset(arenas[i]);
        random_history(&h, seed);
        make_prompt(&h);
        struct sla_case first = new_case(&h, 0);
        struct sla_case second = new_case(&h, 1);
        live_promptly(&first, &lived, &h, &a);
        tell_at_once(&second, &told, &h, false, &b);
        compare(&first, &a, &second, &b, seed);
        ck_assert_msg(lived.withdrawn == 0, "seed %llu: withdrew", (unsigned long long)seed);
    }
    leave_arenas();
    world_done(&w);
}
END_TEST

CHECK_MAIN("sla_history", any_order_and_delay_of_the_same_inputs_ends_in_the_same_outputs,
           what_stands_is_said_once_and_for_all,
           what_is_known_in_time_is_said_once_and_never_taken_back)
