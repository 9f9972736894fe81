/* Looks a host's name up without blocking the loop, for a limited time; what it meant before is good where that is in vain. */
#include <netdb.h>
#include <stdlib.h>

#include "co_pg_internal.h"

enum { RESOLVE_MS = 2000 };

struct lookup {
    uv_getaddrinfo_t request;
    struct co_pg *pg;
    unsigned place;
};

static void keep(struct co_pg_name *name, const struct addrinfo *found)
{
    unsigned n = 0;
    for (; found != NULL && n < CO_PG_ADDRESSES; found = found->ai_next)
        if (getnameinfo(found->ai_addr, found->ai_addrlen, name->address[n], sizeof(name->address[n]), NULL, 0, NI_NUMERICHOST) == 0)
            n++;
    if (n > 0)
        name->count = n;
}

static void tell(struct co_pg *pg, const char *why)
{
    (void)uv_timer_stop(&pg->timer);
    co_pg_resolved(pg, why);
}

/* An answer that comes late is for the next time. */
static void on_found(uv_getaddrinfo_t *request, int status, struct addrinfo *found)
{
    struct lookup *l = request->data;
    struct co_pg *pg = l->pg;
    unsigned place = l->place;
    free(l);
    pg->names[place].asked = NULL;
    if (status == 0)
        keep(&pg->names[place], found);
    uv_freeaddrinfo(found);
    bool is_awaited = pg->state == CO_PG_RESOLVING && (pg->first_place + pg->step) % (unsigned)pg->place_count == place;
    if (is_awaited)
        tell(pg, status == 0 ? "the name has no address" : uv_strerror(status));
    co_pg_unref(pg);
}

static void on_late(uv_timer_t *timer)
{
    tell(timer->data, "the name is not found in time");
}

void co_pg_resolve(struct co_pg *pg, unsigned place)
{
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
    bool still_asks = pg->names[place].asked != NULL; /* since the last time: then what is known does, at once */
    (void)uv_timer_start(&pg->timer, on_late, still_asks && pg->names[place].count > 0 ? 0 : RESOLVE_MS, 0);
    if (still_asks)
        return;
    struct lookup *l = calloc(1, sizeof(*l));
    if (l == NULL)
        return;
    *l = (struct lookup){ .pg = pg, .place = place };
    l->request.data = l;
    if (uv_getaddrinfo(pg->options.loop, &l->request, on_found, pg->places[place].host, NULL, &hints) != 0) {
        free(l);
        return;
    }
    pg->names[place].asked = &l->request;
    pg->open_handles++;
}
