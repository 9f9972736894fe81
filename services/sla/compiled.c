#include "compiled.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    struct entry *next; /* used before this one */
    char *key;
    uint64_t since;
    uint64_t round; /* of its last use */
    struct co_calendar *calendar;
};

struct sla_compiled {
    struct entry *first; /* used last */
    size_t count;
    size_t max;
    uint64_t round;
};

struct sla_compiled *sla_compiled_new(size_t max)
{
    struct sla_compiled *c = calloc(1, sizeof(*c));
    if (c != NULL)
        c->max = max;
    return c;
}

static void free_entry(struct entry *e)
{
    co_calendar_free(e->calendar);
    free(e->key);
    free(e);
}

void sla_compiled_free(struct sla_compiled *c)
{
    while (c != NULL && c->first != NULL) {
        struct entry *e = c->first;
        c->first = e->next;
        free_entry(e);
    }
    free(c);
}

void sla_compiled_begin(struct sla_compiled *c)
{
    c->round++;
}

static void put_first(struct sla_compiled *c, struct entry *e)
{
    e->round = c->round;
    e->next = c->first;
    c->first = e;
}

const struct co_calendar *sla_compiled_find(struct sla_compiled *c, const char *key, uint64_t since)
{
    for (struct entry **at = &c->first; *at != NULL; at = &(*at)->next) {
        struct entry *e = *at;
        if (e->since != since || strcmp(e->key, key) != 0)
            continue;
        *at = e->next;
        put_first(c, e);
        return e->calendar;
    }
    return NULL;
}

/* Makes room, as far as there is something that this round does not use: it stands behind all that it does. */
static void drop_unused(struct sla_compiled *c)
{
    struct entry **at = &c->first;
    for (size_t kept = 0; *at != NULL && (kept + 1 < c->max || (*at)->round == c->round); kept++)
        at = &(*at)->next;
    while (*at != NULL) {
        struct entry *gone = *at;
        *at = gone->next;
        free_entry(gone);
        c->count--;
    }
}

enum co_err sla_compiled_add(struct sla_compiled *c, const char *key, uint64_t since, struct co_calendar *calendar)
{
    struct entry *e = calloc(1, sizeof(*e));
    if (e == NULL || (e->key = strdup(key)) == NULL) {
        free(e);
        co_calendar_free(calendar);
        return CO_ENOMEM;
    }
    if (c->count >= c->max)
        drop_unused(c);
    e->since = since;
    e->calendar = calendar;
    put_first(c, e);
    c->count++;
    return CO_OK;
}
