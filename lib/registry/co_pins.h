/* co_pins.h - old texts of single objects, by kind, key and the version that brought them: a cache
 * with a limit.
 *
 * Pure: whoever owns it fetches what is wanted and says in which turn of its loop it asks. A pin
 * that was touched in this turn, or is being fetched, stays; of the others the least recently
 * touched makes room for a new one. One thread. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "co_object.h"

enum co_pin_state {
    CO_PIN_WANTED,   /* nobody fetches it */
    CO_PIN_FETCHING, /* set by the owner until the answer is there */
    CO_PIN_THERE,
    CO_PIN_MISSING, /* there is no such object: an answer, too */
};

struct co_pin {
    enum co_pin_state state;
    enum co_kind kind;
    uint64_t since;
    const char *key;
    struct co_object *object;     /* CO_PIN_THERE, else NULL; owned by the pin */
    uint32_t failures;            /* fetches failed in a row */
    int64_t retry_mono_us;        /* not fetched again before; the owner's */
    uint64_t turn;                /* the rest is co_pins' own: when it was last touched, */
    struct co_pin *newer, *older; /* who was touched after and before it, */
    char name[];                  /* and what it is found by */
};

struct co_pins;

/* For at most `limit` (> 0) pins. NULL: out of memory. */
struct co_pins *co_pins_new(uint32_t limit);
void co_pins_free(struct co_pins *pins); /* with all pins and their objects; NULL is allowed */

/* The pin, made as CO_PIN_WANTED where it is not known. Good for the rest of this turn; `turn`
 * never falls. NULL: out of memory, or there is no room before the next turn, or before a fetch
 * ends. */
struct co_pin *co_pins_touch(struct co_pins *pins, enum co_kind kind, const char *key,
                             uint64_t since, uint64_t turn);

uint32_t co_pins_count(const struct co_pins *pins);
