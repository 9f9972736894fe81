/* dispatch_booker.h - who, or what, can be taken for a span of time; why not somebody; who comes
 * first.
 *
 * Pure. Somebody can be taken who has every qualification of the need until the end of the span, is
 * not away in it, and is not taken for anything else that touches it; hours of duty do not matter.
 * Who leaves from the nearest office comes first, then by key. The claims are judged by the
 * database: what is taken is a picture. Times are Unix microseconds; spans end before until_us.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "co_arena.h"
#include "dispatch_map.h"

#define DISPATCH_ENGINEER "engineer/" /* how a resource begins */
#define DISPATCH_RESOURCE "resource/"

/* Somebody, or something, is taken. */
struct dispatch_taken {
    const char *resource;
    int64_t from_us, until_us;
    int64_t case_id;
};

struct dispatch_booker {
    const struct dispatch_map *map;
    const Callout__V1__DispatchState *state; /* of the case: where its site is */
    struct dispatch_taken *taken;            /* room for what is picked besides */
    size_t taken_count;
    int64_t case_id; /* of the case */
};

/* What is in the way; a later one weighs more. */
enum dispatch_bar {
    DISPATCH_BAR_NONE,
    DISPATCH_BAR_TAKEN,
    DISPATCH_BAR_AWAY,
    DISPATCH_BAR_CERTIFICATE, /* it ends before the span does */
    DISPATCH_BAR_UNQUALIFIED,
    DISPATCH_BAR_KIND, /* a resource of another kind */
    DISPATCH_BAR_GONE, /* the registry does not have him */
};

struct dispatch_look {
    enum dispatch_bar bar;
    const char *what; /* the qualification, why he is away, the kind; borrowed */
    int64_t from_us;  /* of the absence, or what he is taken for */
    int64_t until_us; /* until then; of a certificate: its end */
    int64_t case_id;  /* that has taken him */
    uint32_t capacity;
    uint32_t level;   /* that is needed of the qualification; 0: any */
    size_t qualified; /* how many of the qualifications he has */
};

/* One of them. `key` without the kind. */
struct dispatch_look dispatch_booker_look(const struct dispatch_booker *b,
                                          const Callout__V1__StaffNeed *need, const char *key,
                                          int64_t from_us, int64_t until_us);

/* Why not, with times, for people: "li is booked for C-85Q3K from ... to ...". From the arena;
 * NULL: out of memory. */
const char *dispatch_booker_why(struct co_arena *arena, const Callout__V1__StaffNeed *need,
                                const char *key, const struct dispatch_look *look,
                                int64_t until_us);

/* "engineer/KEY" or "resource/KEY". From the arena; NULL: out of memory. */
char *dispatch_booker_resource(struct co_arena *arena, const Callout__V1__StaffNeed *need,
                               const char *key);

struct dispatch_booker_pick {
    const char *key; /* NULL: nobody; borrowed */
    uint32_t capacity;
    const char *missing; /* of NobodyToBook, where there is nobody */
    const char *nearest; /* who would do but for that; "": nobody is near */
    int64_t free_from_us;
};

/* The first of those that can be taken. Who is among `barred` ("SLOT RESOURCE") is passed over. */
struct dispatch_booker_pick dispatch_booker_pick(const struct dispatch_booker *b,
                                                 const Callout__V1__StaffNeed *need,
                                                 int64_t from_us, int64_t until_us,
                                                 char *const *barred, size_t barred_count);
