/* The journal alone says what the state says: everything anybody needs to compute a case again. */
#include "sla_journal.h"

#include <string.h>

#include "check_main.h"
#include "sla_events.h"
#include "sla_random.h"
#include "sla_same.h"

enum { HISTORIES = 500, ENTRIES_MAX = 4000 };

static struct world w;
static struct co_arena *arena, *scratch;
static struct sla_journal_entry entries[ENTRIES_MAX];
static size_t count;

static void note(Callout__V1__Event *event)
{
    ck_assert_uint_lt(count, ENTRIES_MAX);
    entries[count] = (struct sla_journal_entry){ count + 1, event };
    count++;
}

static void note_body(Callout__V1__Event__BodyCase kind, void *body)
{
    Callout__V1__Event *e = sla_message_new(arena, &callout__v1__event__descriptor);
    e->body_case = kind;
    e->promised = body;
    note(e);
}

static void note_all(const struct sla_events *events)
{
    for (size_t i = 0; i < events->count; i++)
        note(events->event[i]);
}

static struct random_known known;

static void look(struct sla_case *c, int64_t now_us)
{
    struct sla_events events = { 0 };
    struct sla_fold fold;
    c->now_us = now_us;
    random_catch_up(c, &w, &known, &events);
    ck_assert_int_eq(sla_case_advance(c, &events, &fold), CO_OK);
    note_all(&events);
}

static void send(struct sla_case *c, const Callout__V1__SlaInput *input)
{
    struct sla_events events = { 0 };
    struct sla_admission none = { 0 };
    Callout__V1__CommandReceived *m =
        sla_message_new(arena, &callout__v1__command_received__descriptor);
    m->command_id = count + 1000;
    m->act = input->seq % 9 == 0 ? ACT(NOTE) : input->act;
    m->occurred_us = input->occurred_us;
    m->role = input->role;
    m->name = input->name;
    m->severity = input->severity;
    m->agreed_us = input->agreed_us;
    m->from_us = input->from_us;
    m->until_us = input->until_us;
    note_body(BODY(COMMAND_RECEIVED), m);
    ck_assert_int_eq(sla_case_command(c, count, m, none, &events), CO_OK);
    note_all(&events);
}

static void locate(struct sla_case *c, const Callout__V1__SlaInput *input)
{
    Callout__V1__SiteLocated *l = sla_message_new(arena, &callout__v1__site_located__descriptor);
    l->located_us = input->occurred_us;
    l->km = input->km;
    note_body(BODY(SITE_LOCATED), l);
    ck_assert_int_eq(sla_case_located(c, count, l), CO_OK);
}

static struct sla_case open_case(struct random_history *h)
{
    struct sla_events said = { 0 };
    struct sla_case c = random_case(&w, h, arena, scratch, &said);
    note_body(BODY(TICKET_SUBMITTED), random_ticket(h, arena));
    if (h->approved_us != 0)
        note_body(BODY(COMMAND_RECEIVED), random_approval(h, arena));
    note_all(&said);
    return c;
}

/* The case as it lives; its journal is then in `entries`. */
static struct sla_case live(struct random_history *h)
{
    count = 0;
    known = (struct random_known){ .count = 0 };
    struct sla_case c = open_case(h);
    int64_t now_us = T0;
    for (size_t i = 0; i < h->count || i < h->wide_count; i++) {
        if (i < h->wide_count)
            random_learn(&known, &h->wides[i]);
        if (i >= h->count)
            continue;
        now_us = h->arrives_us[i] > now_us ? h->arrives_us[i] : now_us;
        c.now_us = now_us;
        if (h->inputs[i].act == ACT(LOCATED))
            locate(&c, &h->inputs[i]);
        else
            send(&c, &h->inputs[i]);
        if (random_pick(h, 3) != 0)
            look(&c, now_us);
    }
    look(&c, T0 + RANDOM_END * MINUTE);
    return c;
}

static void same_messages(ProtobufCMessage *const *a, size_t n, ProtobufCMessage *const *b,
                          size_t m, uint64_t seed)
{
    ck_assert_msg(n == m, "seed %llu: %zu, not %zu", (unsigned long long)seed, n, m);
    for (size_t i = 0; i < n; i++)
        ck_assert_msg(sla_same(a[i], b[i]), "seed %llu: number %zu", (unsigned long long)seed, i);
}

/* Exclusions and calendars have lists within: compared by their bytes. */
static void same_wide(const Callout__V1__SlaState *a, const Callout__V1__SlaState *b, uint64_t seed)
{
    Callout__V1__SlaState x = CALLOUT__V1__SLA_STATE__INIT;
    Callout__V1__SlaState y = x;
    x.exclusions = a->exclusions;
    x.n_exclusions = a->n_exclusions;
    x.rebased = a->rebased;
    y.exclusions = b->exclusions;
    y.n_exclusions = b->n_exclusions;
    y.rebased = b->rebased;
    size_t len = callout__v1__sla_state__get_packed_size(&x);
    ck_assert_uint_eq(callout__v1__sla_state__get_packed_size(&y), len);
    uint8_t *bytes = co_arena_alloc(arena, 2 * len + 1);
    callout__v1__sla_state__pack(&x, bytes);
    callout__v1__sla_state__pack(&y, bytes + len);
    ck_assert_msg(memcmp(bytes, bytes + len, len) == 0, "seed %llu: wide",
                  (unsigned long long)seed);
}

static void run_history(uint64_t seed)
{
    static struct random_history h;
    co_arena_reset(arena);
    co_arena_reset(scratch);
    random_history(&h, seed);
    struct sla_case lived = live(&h);
    struct sla_case read = lived;
    ck_assert_int_eq(sla_journal_state(arena, entries, count, &read.state), CO_OK);
    const Callout__V1__SlaState *a = lived.state;
    const Callout__V1__SlaState *b = read.state;
    same_messages((ProtobufCMessage *const *)a->inputs, a->n_inputs,
                  (ProtobufCMessage *const *)b->inputs, b->n_inputs, seed);
    same_messages((ProtobufCMessage *const *)a->standing, a->n_standing,
                  (ProtobufCMessage *const *)b->standing, b->n_standing, seed);
    same_wide(a, b, seed);
    struct sla_fold fold;
    ck_assert_int_eq(sla_case_fold(&read, arena, lived.now_us, &fold), CO_OK);
    for (size_t i = 0; i < a->n_announced; i++)
        if (a->announced[i]->body_case == BODY(PROMISED))
            a->announced[i]->promised->revision = 1;
    struct world view = { .arena = arena };
    ck_assert_str_eq(world_tell(&view, fold.outputs, fold.output_count),
                     world_tell(&view, a->announced, a->n_announced));
}

static void run(Callout__V1__OnWithdrawn how)
{
    random_pack(&w, how);
    arena = co_arena_new((size_t)64 << 20);
    scratch = co_arena_new((size_t)64 << 20);
    for (uint64_t seed = 1; seed <= HISTORIES; seed++)
        run_history(seed);
    co_arena_free(arena);
    co_arena_free(scratch);
    world_done(&w);
}

START_TEST(folded_from_the_journal_a_case_says_what_was_announced)
{
    run(CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_UNDO);
}
END_TEST

START_TEST(what_stands_is_found_in_the_journal_too)
{
    run(CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_ASK);
}
END_TEST

START_TEST(a_held_case_has_inputs_and_is_not_open)
{
    world_init(&w);
    arena = w.arena;
    count = 0;
    struct random_history h = { .stated = 2 };
    note_body(BODY(TICKET_SUBMITTED), random_ticket(&h, arena));
    note_body(BODY(CASE_HELD), sla_message_new(arena, &callout__v1__case_held__descriptor));
    Callout__V1__SlaState *state = NULL;
    ck_assert_int_eq(sla_journal_state(arena, entries, count, &state), CO_OK);
    ck_assert_ptr_null(state->opened);
    world_done(&w);
}
END_TEST

START_TEST(entries_that_cannot_be_those_of_a_case_are_refused)
{
    world_init(&w);
    arena = w.arena;
    Callout__V1__SlaState *state = NULL;
    count = 0;
    note_body(BODY(COMMAND_APPLIED),
              sla_message_new(arena, &callout__v1__command_applied__descriptor));
    ck_assert_int_eq(sla_journal_state(arena, entries, count, &state), CO_EINPUT);
    count = 0;
    note_body(BODY(CASE_OPENED), sla_message_new(arena, &callout__v1__case_opened__descriptor));
    ck_assert_int_eq(sla_journal_state(arena, entries, count, &state), CO_EINPUT);
    ck_assert_ptr_null(state);
    world_done(&w);
}
END_TEST

CHECK_MAIN("sla_journal", folded_from_the_journal_a_case_says_what_was_announced,
           what_stands_is_found_in_the_journal_too, a_held_case_has_inputs_and_is_not_open,
           entries_that_cannot_be_those_of_a_case_are_refused)
