/* Clients: their keys, what they may do, and whose cases. */
#include <string.h>

#include "co_check.h"
#include "co_plan.h"
#include "co_strmap.h"

#define Z85 "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"

enum { MORE_KEYS_MAX = 7, SCOPE_MAX = 1000 };

/* Intake tells clients apart by their keys: one key, one client. */
static void check_key_of(struct co_check *c, const char *field, const char *key, const char *client)
{
    if (strlen(key) != 40 || strspn(key, Z85) != 40) {
        check_say(c, field, "40 characters of Z85, as callout keygen makes it", "is no public key");
        return;
    }
    const char *other = co_strmap_get(c->client_keys, key);
    if (other != NULL)
        check_say(c, field, "a key of its own", "%s %.64s has this key",
                  strcmp(other, client) == 0 ? "twice:" : "client", other);
    else if (co_strmap_put(c->client_keys, key, (void *)(uintptr_t)client) != CO_OK)
        c->is_out_of_memory = true;
}

static void check_keys(struct co_check *c, const Callout__V1__Client *x)
{
    check_key_of(c, "public_key", x->public_key, x->key);
    if (x->n_public_keys > MORE_KEYS_MAX)
        check_say(c, "public_keys", "at most 7", "%zu are too many", x->n_public_keys);
    for (size_t i = 0; i < x->n_public_keys; i++) {
        size_t mark = check_push_index(c, "public_keys", i);
        check_key_of(c, "", x->public_keys[i], x->key);
        check_pop(c, mark);
    }
}

/* These two rights concern everybody's cases, or what all cases are computed from. */
static void check_scope(struct co_check *c, const Callout__V1__Client *x)
{
    const char *field = x->n_contracts > 0 ? "contracts" : "customers";
    if (x->n_contracts + x->n_customers == 0)
        return;
    if (x->n_contracts + x->n_customers > SCOPE_MAX)
        check_say(c, field, "at most 1000 contracts and customers", "%zu are too many",
                  x->n_contracts + x->n_customers);
    check_refs(c, "contracts", CO_KIND_CONTRACT, x->contracts, x->n_contracts);
    check_refs(c, "customers", CO_KIND_CUSTOMER, x->customers, x->n_customers);
    for (size_t i = 0; i < x->n_roles; i++)
        if (strcmp(x->roles[i], "apply") == 0 || strcmp(x->roles[i], "operate") == 0)
            check_say(c, "roles", "submit, command, query",
                      "\"%s\" is about all cases, and this client is limited to some", x->roles[i]);
}

void check_client(struct co_check *c, const Callout__V1__Client *x)
{
    static const char *const rights[] = { "submit", "command", "query", "apply", "operate" };
    if (strcmp(x->key, CO_PLAN_SOURCE) == 0)
        check_say(c, "key", "another one", "cases that Callout opens by itself come from \"%s\"",
                  CO_PLAN_SOURCE);
    check_keys(c, x);
    if (x->n_roles == 0)
        check_say(c, "roles", "submit, command, query, apply, operate", "at least one is needed");
    for (size_t i = 0; i < x->n_roles; i++) {
        size_t mark = check_push_index(c, "roles", i);
        check_word(c, "", x->roles[i], rights, 5);
        check_pop(c, mark);
    }
    check_scope(c, x);
}
