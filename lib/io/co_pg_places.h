/* co_pg_places.h - the servers that a connection string names, one by one.
 *
 * libpq takes lists of hosts, but ends its search at the first that refuses a login, has no time limit for each of them when it must
 * not block, and looks names up blocking. So we take its list apart and try one place after the other. Pure but for memory of libpq.
 */
#pragma once

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

enum { CO_PG_PLACES = 16, CO_PG_HOST_TEXT = 256, CO_PG_ADDRESS_TEXT = 64, CO_PG_PORT_TEXT = 8 };

struct co_pg_place {
    char host[CO_PG_HOST_TEXT];       /* name, address, or directory of a socket; "": libpq's default */
    char address[CO_PG_ADDRESS_TEXT]; /* of hostaddr; "": host says it */
    char port[CO_PG_PORT_TEXT];       /* "": 5432 */
};

/* Takes a connection string or URI apart; whoever calls frees it by PQconninfoFree. NULL: it is none, and *ret_why says so in our words (libpq's
 * quote the string, with the password in it); out of memory with *ret_why NULL. A host with an @ and a port that is no number are refused, too:
 * they are the rest of a password with an @ or / that is not percent-encoded. */
PQconninfoOption *co_pg_info(const char *text, const char **ret_why);

/* What an option of a parsed connection string says; NULL: nothing, or an empty text. */
const char *co_pg_option(const PQconninfoOption *info, const char *keyword);

/* Fills in at most CO_PG_PLACES places and returns how many. 0: none is named, or the lists do not fit each other or us: libpq
 * is to find out by itself, or to say what is wrong. */
size_t co_pg_places(const PQconninfoOption *info, struct co_pg_place ret_places[static CO_PG_PLACES]);

/* Must the place's host be looked up? */
bool co_pg_place_is_name(const struct co_pg_place *place);

enum { CO_PG_PARAMS = 72 };

/* Keywords and values for PQconnect*Params, borrowed from `info` and whoever adds. */
struct co_pg_params {
    const char *keyword[CO_PG_PARAMS + 1], *value[CO_PG_PARAMS + 1];
    size_t count;
};

/* All that the connection string says, but where. */
void co_pg_params_init(struct co_pg_params *params, const PQconninfoOption *info);
/* Says or replaces one; without a value nothing changes. */
void co_pg_params_set(struct co_pg_params *params, const char *keyword, const char *value);
/* The same, where the connection string does not say it. */
void co_pg_params_default(struct co_pg_params *params, const char *keyword, const char *value);
