/* view_world.h - entries of one case and the view folded from them, for tests of co_view. */
#pragma once

#include <stdbool.h>

#include "check_main.h"
#include "co_number.h"
#include "co_view.h"

#define E(member, message)                                                                         \
    add((Callout__V1__Event){ PROTOBUF_C_MESSAGE_INIT(&callout__v1__event__descriptor),            \
                              .body_case = CALLOUT__V1__EVENT__BODY_##member,                      \
                              { message } })

enum { MOST = 64, MINUTE = 60000000 };

static char response[] = "response", trigger[] = "breach";

static Callout__V1__Event events[MOST];
static struct co_view_entry entries[MOST];
static size_t count;
static struct co_arena *arena;
static Callout__V1__CaseView *view;

static const int64_t case_id = 1280;

static inline void add(Callout__V1__Event e)
{
    events[count] = e;
    entries[count] = (struct co_view_entry){ .seq = (int64_t)count * 3 + 10,
                                             .at_us = (int64_t)count * MINUTE,
                                             .case_id = case_id,
                                             .event = &events[count] };
    count++;
}

static inline void begin(void)
{
    count = 0;
    arena = co_arena_new(1 << 20);
}

static inline void fold(void)
{
    ck_assert_int_eq(co_view_fold(arena, entries, count, &view), CO_OK);
}

static inline void end(void)
{
    co_arena_free(arena);
}

static inline Callout__V1__Promised promised(char *milestone, uint32_t generation,
                                             uint32_t revision, int64_t due_us)
{
    Callout__V1__Promised p = CALLOUT__V1__PROMISED__INIT;
    p.milestone = milestone;
    p.generation = generation;
    p.revision = revision;
    p.start_us = 1;
    p.due_us = due_us;
    return p;
}

static inline Callout__V1__Withdrawn withdrawn(uint32_t kind, char *milestone, uint32_t ordinal)
{
    Callout__V1__Withdrawn w = CALLOUT__V1__WITHDRAWN__INIT;
    w.kind = kind;
    w.milestone = milestone;
    w.generation = 1;
    w.ordinal = ordinal;
    return w;
}
