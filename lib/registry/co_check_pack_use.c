/* What sites, contracts and exclusions say in the words of policy packs. */
#include <string.h>

#include "co_check.h"
#include "co_offering.h"

/* Names that were met, each once. */
struct names {
    const char *name[CO_CHECK_NAMES];
    size_t count;
};

static void add_name(struct names *n, const char *name)
{
    for (size_t i = 0; i < n->count; i++)
        if (strcmp(n->name[i], name) == 0)
            return;
    if (n->count < CO_CHECK_NAMES)
        n->name[n->count++] = name;
}

static void add_all(struct names *n, Callout__V1__Condition *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_name(n, list[i]->key);
}

static bool is_served(const Callout__V1__Contract *k, const char *site)
{
    for (size_t i = 0; i < k->n_sites; i++)
        if (strcmp(k->sites[i], site) == 0)
            return true;
    return k->n_sites == 0;
}

void check_site_conditions(struct co_check *c, const Callout__V1__Site *x)
{
    struct names known = { .count = 0 };
    const struct co_object *const *first = NULL;
    uint32_t count =
        x->n_conditions == 0 ? 0 : co_registry_contracts_of(c->registry, x->customer, &first);
    for (uint32_t i = 0; i < count; i++) {
        const Callout__V1__Contract *k = first[i]->message->contract;
        const char *key = NULL;
        for (size_t j = 0; is_served(k, x->key) && (key = co_offering_at(k, j)) != NULL; j++) {
            const Callout__V1__PolicyPack *p = co_registry_policy(c->registry, key);
            if (p != NULL)
                add_all(&known, p->conditions, p->n_conditions);
        }
    }
    for (size_t i = 0; i < x->n_conditions; i++) {
        size_t mark = check_push_index(c, "conditions", i);
        if (known.count == 0)
            check_say(
                c, "", "a condition of the policy pack of a contract for this site",
                "\"%.64s\" is not known: no contract for this site has a pack with conditions",
                x->conditions[i]);
        else
            (void)check_word(c, "", x->conditions[i], known.name, known.count);
        check_pop(c, mark);
    }
}

void check_cause(struct co_check *c, const char *field, const char *cause)
{
    static const char allowed[] = "a key among the excluded causes of a policy pack";
    struct names known = { .count = 0 };
    for (uint32_t i = 0; i < co_registry_count(c->registry, CO_KIND_POLICY); i++) {
        const Callout__V1__PolicyPack *p =
            co_registry_at(c->registry, CO_KIND_POLICY, i)->message->policy;
        add_all(&known, p->excluded, p->n_excluded);
    }
    if (cause[0] == '\0')
        check_say(c, field, allowed, "is needed");
    else if (known.count == 0)
        check_say(c, field, allowed, "no policy pack has excluded causes");
    else
        (void)check_word(c, field, cause, known.name, known.count);
}

static const Callout__V1__Milestone *find_milestone(const Callout__V1__PolicyPack *p,
                                                    const char *name)
{
    for (size_t i = 0; i < p->n_milestones; i++)
        if (strcmp(p->milestones[i]->name, name) == 0)
            return p->milestones[i];
    return NULL;
}

static bool is_left_open(const Callout__V1__Milestone *m, uint32_t severity)
{
    for (size_t i = 0; i < m->n_targets; i++)
        if (m->targets[i]->severity == severity)
            return m->targets[i]->from_contract;
    return false;
}

/* Milestones with something left to the contract. */
static void add_open(struct names *n, const Callout__V1__PolicyPack *p)
{
    for (size_t i = 0; i < p->n_milestones; i++)
        for (uint32_t level = 1; level <= p->n_severities; level++)
            if (is_left_open(p->milestones[i], level))
                add_name(n, p->milestones[i]->name);
}

static bool stands_before(const Callout__V1__Contract *x, size_t i)
{
    const Callout__V1__ContractTarget *f = x->targets[i];
    for (size_t j = 0; j < i; j++)
        if (strcmp(x->targets[j]->milestone, f->milestone) == 0 && x->targets[j]->target != NULL &&
            x->targets[j]->target->severity == f->target->severity)
            return true;
    return false;
}

/* The pack of the contract that has the milestone, the first that leaves some of it open; NULL:
 * none has it. */
static const Callout__V1__PolicyPack *pack_with(const struct co_check *c,
                                                const Callout__V1__Contract *x, const char *name)
{
    const Callout__V1__PolicyPack *first = NULL;
    const char *key = NULL;
    for (size_t i = 0; (key = co_offering_at(x, i)) != NULL; i++) {
        const Callout__V1__PolicyPack *p = co_registry_policy(c->registry, key);
        const Callout__V1__Milestone *m = p == NULL ? NULL : find_milestone(p, name);
        for (uint32_t level = 1; m != NULL && level <= p->n_severities; level++)
            if (is_left_open(m, level))
                return p;
        if (m != NULL && first == NULL)
            first = p;
    }
    return first;
}

static void check_one_figure(struct co_check *c, const Callout__V1__Contract *x,
                             const struct names *open, const Callout__V1__ContractTarget *f)
{
    const Callout__V1__PolicyPack *p = pack_with(c, x, f->milestone);
    const Callout__V1__Milestone *m = p == NULL ? NULL : find_milestone(p, f->milestone);
    if (m == NULL && open->count == 0)
        check_say(c, "milestone", "a milestone whose target in the pack is \"contract\"",
                  "\"%.64s\" is not known: \"%.64s\" leaves nothing to the contract", f->milestone,
                  x->policy);
    if (m == NULL) {
        (void)(open->count == 0 ||
               check_word(c, "milestone", f->milestone, open->name, open->count));
        return;
    }
    size_t mark = check_push(c, "target");
    check_figure(c, p, f->target);
    bool has_level = f->target->severity >= 1 && f->target->severity <= p->n_severities;
    if (has_level && !is_left_open(m, f->target->severity))
        check_say(c, "severity", "a level whose target in the pack is \"contract\"",
                  "\"%.64s\" does not leave level %u of \"%.64s\" to the contract", p->name,
                  f->target->severity, m->name);
    check_pop(c, mark);
}

void check_contract_figures(struct co_check *c, const Callout__V1__Contract *x)
{
    struct names open = { .count = 0 };
    const char *key = NULL;
    for (size_t i = 0; (key = co_offering_at(x, i)) != NULL; i++) {
        const Callout__V1__PolicyPack *p = co_registry_policy(c->registry, key);
        if (p == NULL)
            return; /* said elsewhere */
        add_open(&open, p);
    }
    for (size_t i = 0; i < x->n_targets; i++) {
        size_t mark = check_push_index(c, "targets", i);
        if (x->targets[i]->target == NULL)
            check_say(c, "target", "{MILESTONE: {LEVEL: 30m}}", "is needed");
        else
            check_one_figure(c, x, &open, x->targets[i]);
        if (x->targets[i]->target != NULL && stands_before(x, i))
            check_say(c, "target.severity", "each level of a milestone once", "stands before");
        check_pop(c, mark);
    }
}
