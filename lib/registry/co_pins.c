#include "co_pins.h"

#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_strmap.h"

enum {
    HEAD_CHARS = 2 * (1 + 8)
}; /* of a name: kind and version, two letters a byte; the key follows */

struct co_pins {
    struct co_strmap *by_name;
    struct co_pin *newest, *oldest;
    uint32_t limit;
    char *name; /* working memory, for the name that is looked for */
    size_t name_size;
};

struct co_pins *co_pins_new(uint32_t limit)
{
    struct co_pins *pins = calloc(1, sizeof(*pins));
    if (pins == NULL)
        return NULL;
    pins->limit = limit;
    pins->by_name = co_strmap_new(limit, 0);
    if (pins->by_name == NULL) {
        free(pins);
        return NULL;
    }
    return pins;
}

static void unlink_pin(struct co_pins *pins, struct co_pin *pin)
{
    if (pin->newer != NULL)
        pin->newer->older = pin->older;
    else
        pins->newest = pin->older;
    if (pin->older != NULL)
        pin->older->newer = pin->newer;
    else
        pins->oldest = pin->newer;
}

static void link_newest(struct co_pins *pins, struct co_pin *pin)
{
    pin->newer = NULL;
    pin->older = pins->newest;
    if (pins->newest != NULL)
        pins->newest->newer = pin;
    else
        pins->oldest = pin;
    pins->newest = pin;
}

static void free_pin(struct co_pin *pin)
{
    co_object_free(pin->object);
    free(pin);
}

static void drop(struct co_pins *pins, struct co_pin *pin)
{
    co_assert(co_strmap_take(pins->by_name, pin->name) == pin);
    unlink_pin(pins, pin);
    free_pin(pin);
}

void co_pins_free(struct co_pins *pins)
{
    if (pins == NULL)
        return;
    for (struct co_pin *pin = pins->newest, *older; pin != NULL; pin = older) {
        older = pin->older;
        free_pin(pin);
    }
    co_strmap_free(pins->by_name);
    free(pins->name);
    free(pins);
}

static char *put_letters(char *at, uint64_t value, int bytes)
{
    for (int nibble = 2 * bytes - 1; nibble >= 0; nibble--)
        *at++ = (char)('a' + (value >> (4 * nibble) & 15));
    return at;
}

/* Writes the name into the working memory. False: out of memory. */
static bool write_name(struct co_pins *pins, enum co_kind kind, const char *key, uint64_t since)
{
    size_t size = HEAD_CHARS + strlen(key) + 1;
    if (size > pins->name_size) {
        char *bigger = realloc(pins->name, 2 * size);
        if (bigger == NULL)
            return false;
        pins->name = bigger;
        pins->name_size = 2 * size;
    }
    char *rest = put_letters(put_letters(pins->name, (uint64_t)kind, 1), since, 8);
    memcpy(rest, key, size - HEAD_CHARS);
    return true;
}

/* False: whatever is in is needed still. */
static bool make_room(struct co_pins *pins, uint64_t turn)
{
    struct co_pin *pin = pins->oldest;
    if (co_pins_count(pins) < pins->limit)
        return true;
    while (pin != NULL && pin->turn != turn && pin->state == CO_PIN_FETCHING)
        pin = pin->newer;
    if (pin == NULL || pin->turn == turn)
        return false;
    drop(pins, pin);
    return true;
}

/* A pin of the name in the working memory. */
static struct co_pin *add(struct co_pins *pins, enum co_kind kind, uint64_t since)
{
    size_t size = strlen(pins->name) + 1;
    struct co_pin *pin = calloc(1, sizeof(*pin) + size);
    if (pin == NULL)
        return NULL;
    memcpy(pin->name, pins->name, size);
    pin->kind = kind;
    pin->since = since;
    pin->key = pin->name + HEAD_CHARS;
    if (co_strmap_put(pins->by_name, pin->name, pin) != CO_OK) {
        free(pin);
        return NULL;
    }
    return pin;
}

struct co_pin *co_pins_touch(struct co_pins *pins, enum co_kind kind, const char *key,
                             uint64_t since, uint64_t turn)
{
    if (!write_name(pins, kind, key, since))
        return NULL;
    struct co_pin *pin = co_strmap_get(pins->by_name, pins->name);
    if (pin != NULL)
        unlink_pin(pins, pin);
    else if (!make_room(pins, turn) || (pin = add(pins, kind, since)) == NULL)
        return NULL;
    pin->turn = turn;
    link_newest(pins, pin);
    return pin;
}

uint32_t co_pins_count(const struct co_pins *pins)
{
    return co_strmap_len(pins->by_name);
}
