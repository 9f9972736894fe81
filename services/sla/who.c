#include "who.h"

#include <stdio.h>
#include <string.h>

#include "co_roles.h"

#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name

enum { CONTACTS_MAX = 8, HOLDERS_MAX = 64 };

struct contacts {
    const struct co_registry *registry;
    const char *person;
    const Callout__V1__Person *list[CONTACTS_MAX]; /* the first of them, to be told to people */
    size_t count;
    bool has_person;
};

static bool is_or_stands_for(const struct contacts *c, const Callout__V1__Person *p)
{
    for (int i = 0; p != NULL && i <= CO_DELEGATES_MAX; i++) {
        if (strcmp(p->key, c->person) == 0)
            return true;
        p = co_registry_person(c->registry, p->delegate);
    }
    return false;
}

static void add(struct contacts *c, const Callout__V1__Person *p)
{
    if (p == NULL)
        return;
    c->has_person = c->has_person || is_or_stands_for(c, p);
    for (size_t i = 0; i < c->count; i++)
        if (c->list[i] == p)
            return;
    if (c->count < CONTACTS_MAX)
        c->list[c->count++] = p;
}

static void add_holders(struct contacts *c, const Callout__V1__Contract *contract)
{
    const Callout__V1__Person *held[HOLDERS_MAX];
    size_t n = contract == NULL ? 0 : co_roles_of_contract(c->registry, contract, ROLE(CUSTOMER), held, HOLDERS_MAX);
    for (size_t i = 0; i < n; i++)
        add(c, held[i]);
}

/* Of the case first: those are told first. */
static void find_contacts(struct contacts *c, const Callout__V1__CaseOpened *opened)
{
    const struct co_registry *r = c->registry;
    const Callout__V1__Site *site = co_registry_site(r, opened->site);
    const struct co_object *const *contracts = NULL, *const *sites = NULL;
    uint32_t n = co_registry_contracts_of(r, opened->customer, &contracts);
    if (site != NULL)
        add(c, co_registry_person(r, site->contact));
    add_holders(c, co_registry_contract(r, opened->contract));
    for (uint32_t i = 0; i < n; i++)
        add_holders(c, contracts[i]->message->contract);
    n = co_registry_sites_of(r, opened->customer, &sites);
    for (uint32_t i = 0; i < n; i++)
        add(c, co_registry_person(r, sites[i]->message->site->contact));
}

static const char *list_contacts(const struct contacts *c, struct co_arena *arena)
{
    size_t len = 1;
    for (size_t i = 0; i < c->count; i++)
        len += strlen(c->list[i]->key) + 2;
    char *text = co_arena_alloc(arena, len);
    if (text == NULL)
        return NULL;
    text[0] = '\0';
    for (size_t i = 0, at = 0; i < c->count; i++)
        at += (size_t)snprintf(text + at, len - at, "%s%s", i == 0 ? "" : ", ", c->list[i]->key);
    return text;
}

static uint32_t roles_of(const struct co_registry *r, const Callout__V1__CaseOpened *opened, const char *person)
{
    const ProtobufCEnumDescriptor *d = &callout__v1__role__descriptor;
    const Callout__V1__Person *held[HOLDERS_MAX];
    uint32_t roles = co_registry_engineer(r, person) != NULL ? UINT32_C(1) << ROLE(ENGINEER) : 0;
    for (unsigned i = 0; i < d->n_values; i++) {
        int role = d->values[i].value;
        size_t n = role <= 0 || role >= 32 ? 0
                                           : co_roles_find(r, co_registry_contract(r, opened->contract), co_registry_site(r, opened->site),
                                                           (Callout__V1__Role)role, held, HOLDERS_MAX);
        for (size_t k = 0; k < n; k++)
            if (strcmp(held[k]->key, person) == 0)
                roles |= UINT32_C(1) << role;
    }
    return roles;
}

enum co_err sla_who(const struct co_registry *r, struct co_arena *arena, const Callout__V1__CaseOpened *opened, const char *person,
                    struct sla_who *ret_who)
{
    struct contacts c = { .registry = r, .person = person };
    find_contacts(&c, opened);
    const char *contacts = list_contacts(&c, arena);
    if (contacts == NULL)
        return CO_ENOMEM;
    *ret_who = (struct sla_who){ c.has_person, contacts, roles_of(r, opened, person) };
    return CO_OK;
}
