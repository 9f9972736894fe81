#include "roster_roles.h"

#include <string.h>

enum { ROLES = 32 };

struct search {
    struct cli *cli;
    const struct co_registry *registry;
    const struct roster_role **seen;
    size_t seen_count;
    void (*each)(void *arg, const struct roster_role *role);
    void *arg;
};

static uint32_t roles_in(Callout__V1__RoleHolder *const *holders, size_t count)
{
    uint32_t roles = 0;
    for (size_t i = 0; i < count; i++)
        if ((unsigned)holders[i]->role < ROLES)
            roles |= UINT32_C(1) << (unsigned)holders[i]->role;
    return roles;
}

static bool is_same(const struct roster_role *a, const struct roster_role *b)
{
    return a->role == b->role && a->count == b->count &&
           memcmp((const void *)a->holders, (const void *)b->holders,
                  a->count * sizeof(a->holders[0])) == 0;
}

static bool add(struct search *s, const Callout__V1__Contract *contract, Callout__V1__Role role)
{
    struct roster_role *x = co_arena_alloc(s->cli->arena, sizeof(*x));
    if (x == NULL)
        return false;
    *x = (struct roster_role){ .role = role, .of = contract == NULL ? "" : contract->key };
    x->count = co_roles_find(s->registry, contract, NULL, role, x->holders, ROSTER_HOLDERS_MAX);
    for (size_t i = 0; i < s->seen_count; i++)
        if (is_same(s->seen[i], x))
            return true;
    s->seen[s->seen_count++] = x;
    s->each(s->arg, x);
    return true;
}

static bool add_roles(struct search *s, const Callout__V1__Contract *contract, uint32_t roles)
{
    bool has_memory = true;
    for (unsigned role = 1; role < ROLES && has_memory; role++)
        if ((roles >> role & 1) != 0)
            has_memory = add(s, contract, (Callout__V1__Role)role);
    return has_memory;
}

static const Callout__V1__Desk *desk_at(const struct co_registry *r, uint32_t i)
{
    return co_registry_at(r, CO_KIND_DESK, i)->message->desk;
}

static const Callout__V1__Contract *contract_at(const struct co_registry *r, uint32_t i)
{
    return co_registry_at(r, CO_KIND_CONTRACT, i)->message->contract;
}

static uint32_t desk_roles(const struct co_registry *r)
{
    uint32_t roles = 0;
    for (uint32_t i = 0; i < co_registry_count(r, CO_KIND_DESK); i++)
        roles |= roles_in(desk_at(r, i)->holders, desk_at(r, i)->n_holders);
    return roles;
}

int roster_roles_each(struct cli *cli, const struct co_registry *registry, int64_t from_us,
                      int64_t until_us, void (*each)(void *arg, const struct roster_role *role),
                      void *arg)
{
    uint32_t contracts = co_registry_count(registry, CO_KIND_CONTRACT);
    struct search s = { .cli = cli, .registry = registry, .each = each, .arg = arg };
    s.seen =
        co_arena_alloc(cli->arena, ((size_t)contracts + 1) * ROLES * sizeof(struct roster_role *));
    bool has_memory = s.seen != NULL && add_roles(&s, NULL, desk_roles(registry));
    for (uint32_t i = 0; i < contracts && has_memory; i++) {
        const Callout__V1__Contract *c = contract_at(registry, i);
        if (c->from_us < until_us && c->until_us > from_us)
            has_memory = add_roles(&s, c, roles_in(c->holders, c->n_holders));
    }
    return has_memory ? CLI_OK : cli_fail(cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
}

static uint32_t held_in(Callout__V1__RoleHolder *const *holders, size_t count, const char *person)
{
    uint32_t roles = 0;
    for (size_t i = 0; i < count; i++)
        if (strcmp(holders[i]->person, person) == 0)
            roles |= roles_in(&holders[i], 1);
    return roles;
}

const char *roster_roles_of(struct cli *cli, const struct co_registry *registry, const char *person)
{
    uint32_t roles = 0;
    const char *all = "";
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_DESK); i++)
        roles |= held_in(desk_at(registry, i)->holders, desk_at(registry, i)->n_holders, person);
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_CONTRACT); i++)
        roles |=
            held_in(contract_at(registry, i)->holders, contract_at(registry, i)->n_holders, person);
    for (unsigned role = 1; role < ROLES; role++)
        if ((roles >> role & 1) != 0)
            all = cli_format(cli, "%s%s%s", all, *all == '\0' ? "" : ", ",
                             cli_role(cli, (Callout__V1__Role)role));
    return all;
}
