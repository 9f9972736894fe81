/* Times that nothing covers: between contracts, and years without public holidays. */
#include <inttypes.h>

#include "co_time.h"
#include "pc.h"

/* ---- contracts */

static int64_t end_of(const Callout__V1__Contract *c)
{
    return c->until_us == 0 ? INT64_MAX : c->until_us;
}

/* When the first contract that holds at `at_us` or begins later does; INT64_MAX: there is none. */
static int64_t next_start(const struct co_object *const *list, uint32_t count, int64_t at_us)
{
    int64_t start_us = INT64_MAX;
    for (uint32_t i = 0; i < count; i++) {
        const Callout__V1__Contract *c = list[i]->message->contract;
        if (end_of(c) > at_us && c->from_us < start_us)
            start_us = c->from_us;
    }
    return start_us;
}

static void check_end(struct pc *p, const struct co_object *const *list, uint32_t count,
                      const Callout__V1__Contract *c)
{
    struct pc_place place = { CO_KIND_CONTRACT, c->key, "until", c->until_us };
    int64_t end_us = end_of(c);
    if (end_us <= p->ask->from_us || end_us >= p->ask->until_us)
        return;
    int64_t next_us = next_start(list, count, end_us);
    if (next_us <= end_us)
        return;
    if (next_us == INT64_MAX)
        pc_say(p, CO_FINDING_WARNING, place,
               "%.64s has no contract after this one: from its end reports are held for a decision",
               c->customer);
    else
        pc_say(p, CO_FINDING_WARNING, place,
               "%.64s has no contract for %" PRId64
               " days after this one: reports are held for a decision until the next begins",
               c->customer, (next_us - end_us + CO_DAY_US - 1) / CO_DAY_US);
}

void pc_check_contracts(struct pc *p)
{
    for (uint32_t i = 0; i < co_registry_count(p->registry, CO_KIND_CONTRACT); i++) {
        const Callout__V1__Contract *c =
            co_registry_at(p->registry, CO_KIND_CONTRACT, i)->message->contract;
        const struct co_object *const *list = NULL;
        uint32_t count = co_registry_contracts_of(p->registry, c->customer, &list);
        if (p->ask->policy == NULL || strcmp(p->ask->policy, c->policy) == 0)
            check_end(p, list, count, c);
    }
}

/* ---- holidays */

static bool uses_calendar(const Callout__V1__Target *t)
{
    return t->kind == TARGET(WORKING) || t->kind == TARGET(NTH_WORKING_DAY) ||
           t->kind == TARGET(PERIOD_WORKING_DAYS) || t->kind == TARGET(PERIOD_DAYS) ||
           t->kind == TARGET(NEXT_BUSINESS_DAY);
}

static bool counts_days(const Callout__V1__PolicyPack *pack, const Callout__V1__Milestone *m)
{
    for (size_t i = 0; i < m->n_targets; i++) {
        const Callout__V1__Target *t = m->targets[i];
        if (uses_calendar(t))
            return true;
        for (size_t z = 0; t->kind == TARGET(ZONE) && z < pack->n_zones; z++)
            for (size_t r = 0;
                 strcmp(pack->zones[z]->name, t->table) == 0 && r < pack->zones[z]->n_rings; r++)
                for (size_t k = 0; k < pack->zones[z]->rings[r]->n_targets; k++)
                    if (uses_calendar(pack->zones[z]->rings[r]->targets[k]))
                        return true;
        for (size_t z = 0; t->kind == TARGET(ZONE) && z < pack->n_zones; z++)
            for (size_t r = 0;
                 strcmp(pack->zones[z]->name, t->table) == 0 && r < pack->zones[z]->n_regions; r++)
                for (size_t k = 0; k < pack->zones[z]->regions[r]->n_targets; k++)
                    if (uses_calendar(pack->zones[z]->regions[r]->targets[k]))
                        return true;
    }
    return false;
}

/* Milestones of packs in use that may count by it. */
struct users {
    const Callout__V1__Calendar *calendar;
    const Callout__V1__PolicyPack *pack;
    const char *names;
    bool is_here; /* a contract under the pack, or a site of it, has the calendar */
};

static bool has_site_with(const struct pc *p, const char *customer, const char *calendar)
{
    const Callout__V1__Site *const *sites = NULL;
    size_t count = pc_sites(p, customer, &sites);
    for (size_t i = 0; i < count; i++)
        if (strcmp(sites[i]->calendar, calendar) == 0)
            return true;
    return false;
}

static void look_for(struct pc *p, const Callout__V1__Contract *c, void *arg)
{
    struct users *u = arg;
    u->is_here = u->is_here || strcmp(c->calendar, u->calendar->key) == 0 ||
                 has_site_with(p, c->customer, u->calendar->key);
}

static void name_users(struct pc *p, struct users *u, const Callout__V1__PolicyPack *pack)
{
    u->pack = pack;
    u->is_here = false;
    pc_contracts(p, pack, look_for, u);
    for (size_t i = 0; i < pack->n_milestones && u->names != NULL; i++) {
        const Callout__V1__Milestone *m = pack->milestones[i];
        bool is_its = strcmp(m->calendar, u->calendar->key) == 0;
        bool is_theirs =
            u->is_here && (m->calendar[0] == '\0' || strcmp(m->calendar, "site") == 0 ||
                           strcmp(m->calendar, "contract") == 0);
        if ((is_its || is_theirs) && counts_days(pack, m))
            u->names = pc_text(p, "%s%s%.64s of %.64s", u->names, u->names[0] == '\0' ? "" : ", ",
                               m->name, pack->name);
    }
}

static int32_t year_of(int64_t us, int32_t offset_s)
{
    return co_date_of_days((us + offset_s * CO_SECOND_US) / CO_DAY_US).year;
}

static void check_calendar(struct pc *p, const struct pc_calendar *c)
{
    int32_t offset_s = co_calendar_offset_s(c->compiled, p->ask->from_us);
    int32_t first = year_of(p->ask->from_us, offset_s);
    int32_t last = year_of(p->ask->until_us - 1, offset_s);
    struct users u = { .calendar = c->calendar, .names = "" };
    for (uint32_t k = 0; k < co_registry_count(p->registry, CO_KIND_POLICY); k++)
        name_users(p, &u, co_registry_at(p->registry, CO_KIND_POLICY, k)->message->policy);
    for (int32_t year = first; u.names != NULL && u.names[0] != '\0' && year <= last; year++) {
        struct pc_place place = { CO_KIND_CALENDAR, c->calendar->key, "years", 0 };
        if (co_calendar_has_data(c->compiled, year))
            continue;
        if (year > first)
            place.example_us =
                co_date_days((struct co_date){ year, 1, 1 }) * CO_DAY_US - offset_s * CO_SECOND_US;
        pc_say(p, CO_FINDING_WARNING, place,
               "the public holidays of %d are not known: what is due in that year may move (%s)",
               (int)year, u.names);
    }
}

void pc_check_years(struct pc *p)
{
    for (size_t i = 0; i < p->calendar_count; i++)
        check_calendar(p, &p->calendars[i]);
}
