/* What stands announced: said in the journal, and not withdrawn since. */
#include "check_main.h"
#include "refold_announced.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

enum { ENTRIES_MAX = 16 };

static Callout__V1__Event events[ENTRIES_MAX];
static Callout__V1__Promised promised[ENTRIES_MAX];
static Callout__V1__Breached breached[ENTRIES_MAX];
static Callout__V1__Acted acted[ENTRIES_MAX];
static Callout__V1__Withdrawn withdrawn[ENTRIES_MAX];
static struct co_history_entry entries[ENTRIES_MAX];
static size_t count;
static struct co_arena *arena;
static char restore[] = "restore", breach[] = "breach";

static void setup(void)
{
    count = 0;
    arena = co_arena_new(1024 * 1024);
}

static void teardown(void)
{
    co_arena_free(arena);
}

static Callout__V1__Event *next(Callout__V1__Event__BodyCase kind)
{
    Callout__V1__Event *e = &events[count];
    callout__v1__event__init(e);
    e->body_case = kind;
    entries[count] = (struct co_history_entry){ count + 1, 0, e };
    count++;
    return e;
}

static void promise(uint32_t generation, uint32_t revision)
{
    Callout__V1__Promised *p = &promised[count];
    callout__v1__promised__init(p);
    p->milestone = restore;
    p->generation = generation;
    p->revision = revision;
    next(BODY(PROMISED))->promised = p;
}

static void miss(uint32_t generation)
{
    Callout__V1__Breached *b = &breached[count];
    callout__v1__breached__init(b);
    b->milestone = restore;
    b->generation = generation;
    next(BODY(BREACHED))->breached = b;
}

static void act(uint32_t index)
{
    Callout__V1__Acted *a = &acted[count];
    callout__v1__acted__init(a);
    a->milestone = restore;
    a->generation = 1;
    a->trigger = breach;
    a->index = index;
    next(BODY(ACTED))->acted = a;
}

static Callout__V1__Withdrawn *withdraw(Callout__V1__Event__BodyCase kind, uint32_t generation)
{
    Callout__V1__Withdrawn *w = &withdrawn[count];
    callout__v1__withdrawn__init(w);
    w->kind = (uint32_t)kind;
    w->milestone = restore;
    w->generation = generation;
    next(BODY(WITHDRAWN))->withdrawn = w;
    return w;
}

static struct refold_announced read_all(void)
{
    struct refold_announced a;
    struct co_history_case c = { .entries = entries, .count = count, .arena = arena };
    ck_assert_int_eq(refold_announced(&c, &a), CO_OK);
    return a;
}

START_TEST(a_promise_said_again_stands_once_with_its_last_words)
{
    promise(1, 1);
    promise(1, 2);
    promise(2, 1);
    struct refold_announced a = read_all();
    ck_assert_uint_eq(a.count, 2);
    ck_assert_uint_eq(a.event[0]->promised->revision, 2);
    ck_assert_ptr_null(a.wrong);
}
END_TEST

START_TEST(what_is_withdrawn_does_not_stand_and_may_be_said_again)
{
    miss(1);
    (void)withdraw(BODY(BREACHED), 1);
    ck_assert_uint_eq(read_all().count, 0);
    miss(1);
    struct refold_announced a = read_all();
    ck_assert_uint_eq(a.count, 1);
    ck_assert_ptr_null(a.wrong);
}
END_TEST

START_TEST(a_withdrawn_promise_is_remembered_until_it_comes_back)
{
    promise(1, 4);
    (void)withdraw(BODY(PROMISED), 1);
    struct refold_announced a = read_all();
    ck_assert_uint_eq(a.count, 0);
    ck_assert_uint_eq(a.withdrawn_count, 1);
    ck_assert_uint_eq(a.withdrawn[0]->revision, 4);
    promise(1, 5);
    a = read_all();
    ck_assert_uint_eq(a.count, 1);
    ck_assert_uint_eq(a.withdrawn_count, 0);
}
END_TEST

START_TEST(an_action_that_stands_is_still_announced)
{
    act(0);
    act(1);
    Callout__V1__Withdrawn *w = withdraw(BODY(ACTED), 1);
    w->trigger = breach;
    w->ordinal = 1;
    w->stands = true;
    ck_assert_uint_eq(read_all().count, 2);
    w->stands = false;
    struct refold_announced a = read_all();
    ck_assert_uint_eq(a.count, 1);
    ck_assert_uint_eq(a.event[0]->acted->index, 0);
}
END_TEST

START_TEST(what_is_said_twice_or_withdrawn_unsaid_is_wrong)
{
    miss(1);
    miss(1);
    ck_assert_ptr_eq(read_all().wrong, &events[1]);
    count = 0;
    miss(1);
    (void)withdraw(BODY(BREACHED), 2);
    ck_assert_ptr_eq(read_all().wrong, &events[1]);
}
END_TEST

CHECK_MAIN_WITH("refold_announced", setup, teardown,
                a_promise_said_again_stands_once_with_its_last_words,
                what_is_withdrawn_does_not_stand_and_may_be_said_again,
                a_withdrawn_promise_is_remembered_until_it_comes_back,
                an_action_that_stands_is_still_announced,
                what_is_said_twice_or_withdrawn_unsaid_is_wrong)
