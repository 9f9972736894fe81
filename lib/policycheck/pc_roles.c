/* Roles that a pack needs and that nobody holds. */
#include "co_roles.h"
#include "pc.h"

enum { ROLES = 32, SITES_NAMED = 3 };

/* Where a role is needed first: a path, and a word for it. */
struct need {
    const char *path;
    const char *as;
    bool is_told; /* else it does something itself */
};

struct needs {
    const Callout__V1__PolicyPack *pack;
    struct need of[ROLES];
};

static void need_roles(struct needs *n, const Callout__V1__Role *roles, size_t count,
                       const char *path, const char *as)
{
    bool is_told = strncmp(as, "is told", strlen("is told")) == 0;
    for (size_t i = 0; i < count; i++)
        if ((unsigned)roles[i] < ROLES && n->of[roles[i]].path == NULL)
            n->of[roles[i]] = (struct need){ path, as, is_told };
}

static void need_action(struct pc *p, const struct pc_action *a, void *arg)
{
    (void)p;
    need_roles(arg, a->action->roles, a->action->n_roles, a->path, "is told by an action");
}

static void collect(struct pc *p, struct needs *n)
{
    const Callout__V1__PolicyPack *pack = n->pack;
    need_roles(n, pack->waivers, pack->n_waivers, "waivers", "must waive a raise");
    need_roles(n, pack->signers, pack->n_signers, "signers", "must sign");
    need_roles(n, pack->archivers, pack->n_archivers, "archivers", "archives");
    for (size_t i = 0; i < pack->n_milestones; i++) {
        const Callout__V1__Milestone *m = pack->milestones[i];
        for (size_t k = 0; k < m->n_ladder; k++)
            need_roles(n, m->ladder[k]->roles, m->ladder[k]->n_roles,
                       pc_text(p, "milestones[%zu].ladder[%zu]", i, k), "is told by a ladder");
        pc_actions(p, pack, i, need_action, n);
    }
    for (size_t i = 0; i < pack->n_notices; i++) {
        const Callout__V1__NoticeRule *r = pack->notices[i];
        need_roles(n, r->roles, r->n_roles, pc_text(p, "notices[%zu]", i), "is told by a notice");
        for (size_t k = 0; k < r->n_unanswered; k++)
            need_roles(n, r->unanswered[k]->roles, r->unanswered[k]->n_roles,
                       pc_text(p, "notices[%zu].unanswered[%zu]", i, k),
                       "is told when nobody answers");
    }
    for (size_t k = 0; k < pack->n_reminders; k++)
        need_roles(n, pack->reminders[k]->roles, pack->reminders[k]->n_roles,
                   pc_text(p, "reminders[%zu]", k), "is told when nothing happens");
}

/* ---- who is there */

static bool is_named(const struct pc *p, const Callout__V1__Contract *c,
                     const Callout__V1__Site *site, Callout__V1__Role role)
{
    const Callout__V1__Person *person;
    return co_roles_find(p->registry, c, site, role, &person, 1) > 0;
}

static bool is_held(struct pc *p, const Callout__V1__Contract *c, const Callout__V1__Site *site,
                    Callout__V1__Role role, int64_t *ret_gap_us)
{
    int64_t from_us = c->from_us > p->ask->from_us ? c->from_us : p->ask->from_us;
    bool is_ending = c->until_us != 0 && c->until_us < p->ask->until_us;
    int64_t until_us = is_ending ? c->until_us : p->ask->until_us;
    const struct co_coverage *coverage = p->ask->coverage;
    *ret_gap_us = from_us;
    if (!is_named(p, c, site, role))
        return false;
    return coverage == NULL ||
           !coverage->gap(coverage->arg, c, site, role, from_us, until_us, ret_gap_us);
}

static void say_nobody(struct pc *p, const struct needs *n, const Callout__V1__Contract *c,
                       Callout__V1__Role role, int64_t gap_us)
{
    const struct need *need = &n->of[role];
    int64_t other_us;
    bool has_pm = is_held(p, c, NULL, ROLE(PM), &other_us);
    bool is_lost = need->is_told && !has_pm && !is_held(p, c, NULL, ROLE(DESK), &other_us);
    struct pc_place place = { CO_KIND_CONTRACT, c->key, "holders", gap_us };
    const char *instead = !need->is_told ? ""
                          : is_lost      ? "; there is neither project manager nor desk instead"
                          : has_pm       ? "; the project manager is told instead"
                                         : "; the desk is told instead";
    pc_say(p, is_lost ? CO_FINDING_ERROR : CO_FINDING_WARNING, place,
           "nobody %sis %s, who %s (%s of %.64s)%s", is_named(p, c, NULL, role) ? "on duty " : "",
           pc_role(p, role), need->as, need->path, n->pack->name, instead);
}

/* Customers are the contacts of sites: one finding names some of those without. */
static void check_customers(struct pc *p, const struct needs *n, const Callout__V1__Contract *c)
{
    const char *names = "";
    uint32_t missing = 0;
    bool is_away = true; /* all of them have a contact, who is off duty then */
    int64_t gap_us = 0, first_us = 0;
    const Callout__V1__Site *const *sites = NULL;
    size_t count = pc_sites(p, c->customer, &sites);
    for (size_t i = 0; i < count; i++) {
        const Callout__V1__Site *s = sites[i];
        if (!pc_is_covered(c, s) || is_held(p, c, s, ROLE(CUSTOMER), &gap_us))
            continue;
        if (missing++ == 0)
            first_us = gap_us;
        is_away = is_away && is_named(p, c, s, ROLE(CUSTOMER));
        if (missing <= SITES_NAMED && names != NULL)
            names = pc_text(p, "%s%s%.64s", names, missing == 1 ? "" : ", ", s->key);
    }
    struct pc_place place = { CO_KIND_CONTRACT, c->key, "sites", first_us };
    if (missing > 0 && names != NULL)
        pc_say(p, CO_FINDING_WARNING, place,
               "nobody is the customer, who %s (%s of %.64s), at %u of its sites: %s%s have no "
               "contact%s",
               n->of[ROLE(CUSTOMER)].as, n->of[ROLE(CUSTOMER)].path, n->pack->name, missing, names,
               missing > SITES_NAMED ? " and others" : "", is_away ? " on duty" : "");
}

static void check_contract(struct pc *p, const Callout__V1__Contract *c, void *arg)
{
    const struct needs *n = arg;
    int64_t gap_us = 0;
    for (unsigned role = 1; role < ROLES; role++) {
        if (n->of[role].path == NULL || role == ROLE(ENGINEER))
            continue; /* the engineer is found by dispatch */
        if (role == ROLE(CUSTOMER))
            check_customers(p, n, c);
        else if (!is_held(p, c, NULL, (Callout__V1__Role)role, &gap_us))
            say_nobody(p, n, c, (Callout__V1__Role)role, gap_us);
    }
}

void pc_check_roles(struct pc *p, const Callout__V1__PolicyPack *pack)
{
    struct needs n = { .pack = pack };
    collect(p, &n);
    pc_contracts(p, pack, check_contract, &n);
}
