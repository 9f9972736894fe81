/* Warnings that fall on the start of their clock or before it: the promise may be shorter than
 * their distance to its end. */
#include "co_time.h"
#include "pc.h"

/* The shortest way from a start to its due time that was found so far. */
struct shortest {
    int64_t length_us;
    int64_t start_us;
    uint32_t level;
    const char *from; /* "zone 1 of journey", "contract x"; "": the pack */
    bool is_always;   /* whenever it starts: not only in some hours */
};

struct job {
    const Callout__V1__PolicyPack *pack;
    const Callout__V1__Milestone *milestone;
    const struct pc_calendar *calendar; /* NULL: none */
    struct shortest best;
};

static void take(struct job *j, const struct shortest *s)
{
    if (s->length_us < j->best.length_us)
        j->best = *s;
}

/* ---- lengths that depend on the hour of the start: some hours of each day are tried */

static struct co_nth_day rule_of(const Callout__V1__Milestone *m, int64_t n)
{
    return (struct co_nth_day){ .n = (int32_t)n,
                                .cutoff_minute = m->cutoff_minute == 0 ? CO_CALENDAR_NO_CUTOFF
                                                                       : (int32_t)m->cutoff_minute,
                                .is_counted_from_next = m->from_next_day };
}

/* Running time that ends with the day of the start. */
static enum co_err same_day(const struct co_calendar *c, int64_t start_us, int64_t amount_us,
                            struct co_calendar_due *ret_due)
{
    int64_t day = 0, end_us = 0;
    enum co_err err = co_calendar_day_of(c, start_us, &day);
    if (err == CO_OK)
        err = co_calendar_day_end_us(c, day, &end_us);
    if (err == CO_OK)
        ret_due->due_us = start_us + amount_us < end_us ? start_us + amount_us : end_us;
    return err;
}

static enum co_err due_of(const struct job *j, const Callout__V1__Target *t, int64_t start_us,
                          struct co_calendar_due *ret_due)
{
    const struct co_calendar *c = j->calendar->compiled;
    switch ((int)t->kind) { /* those whose length depends on the start */
    case TARGET(RUNNING):
        return same_day(c, start_us, t->amount, ret_due);
    case TARGET(NTH_WORKING_DAY):
        return co_calendar_nth_working_day(c, start_us, rule_of(j->milestone, t->amount), ret_due);
    case TARGET(PERIOD_WORKING_DAYS):
        return co_calendar_period_working_days(c, start_us, (int32_t)t->amount, ret_due);
    case TARGET(PERIOD_DAYS):
        return co_calendar_period_days(c, start_us, (int32_t)t->amount, ret_due);
    default:
        return co_calendar_next_business_day(c, start_us, ret_due);
    }
}

static void try_start(struct pc *p, struct job *j, const Callout__V1__Target *t, struct shortest s)
{
    struct co_calendar_due due = { 0, false };
    if (s.start_us < p->ask->from_us || s.start_us >= p->ask->until_us ||
        due_of(j, t, s.start_us, &due) != CO_OK)
        return;
    s.length_us = due.due_us - s.start_us;
    take(j, &s);
}

static void try_day(struct pc *p, struct job *j, const Callout__V1__Target *t, int64_t day,
                    struct shortest s)
{
    const struct co_calendar *c = j->calendar->compiled;
    int64_t at_us = 0;
    if (co_calendar_day_end_us(c, day - 1, &at_us) == CO_OK) {
        s.start_us = at_us;
        try_start(p, j, t, s);
    }
    if (j->milestone->cutoff_minute > 0 && co_calendar_day_end_us(c, day - 1, &at_us) == CO_OK) {
        s.start_us = at_us + (j->milestone->cutoff_minute - 1) * CO_MINUTE_US;
        try_start(p, j, t, s);
    }
    if (co_calendar_opening_us(c, day, &at_us) == CO_OK) {
        s.start_us = at_us;
        try_start(p, j, t, s);
    }
    if (co_calendar_closing_us(c, day, &at_us) == CO_OK) {
        s.start_us = at_us - CO_MINUTE_US;
        try_start(p, j, t, s);
    }
    if (co_calendar_day_end_us(c, day, &at_us) == CO_OK) {
        s.start_us = at_us - CO_MINUTE_US;
        try_start(p, j, t, s);
    }
}

static void try_days(struct pc *p, struct job *j, const Callout__V1__Target *t,
                     const struct shortest *s)
{
    int64_t day = 0, last = 0;
    if (j->calendar == NULL ||
        co_calendar_day_of(j->calendar->compiled, p->ask->from_us, &day) != CO_OK ||
        co_calendar_day_of(j->calendar->compiled, p->ask->until_us, &last) != CO_OK)
        return;
    for (; day <= last; day++)
        try_day(p, j, t, day, *s);
}

/* ---- targets */

static void look_at(struct pc *p, struct job *j, const Callout__V1__Target *t, uint32_t level,
                    const char *from)
{
    struct shortest s = { .level = level, .from = from };
    switch ((int)t->kind) { /* the others have no length */
    case TARGET(RUNNING):
    case TARGET(WORKING):
        s.length_us = t->amount;
        s.start_us = p->ask->from_us;
        s.is_always = true;
        take(j, &s);
        if (j->milestone->same_day && t->kind == TARGET(RUNNING))
            break;
        return;
    case TARGET(NTH_WORKING_DAY):
    case TARGET(PERIOD_WORKING_DAYS):
    case TARGET(PERIOD_DAYS):
    case TARGET(NEXT_BUSINESS_DAY):
        break;
    default:
        return;
    }
    s.is_always = false;
    try_days(p, j, t, &s);
}

static void look_at_rings(struct pc *p, struct job *j, const Callout__V1__Target *t)
{
    for (size_t i = 0; i < j->pack->n_zones; i++) {
        const Callout__V1__ZoneTable *z = j->pack->zones[i];
        for (size_t r = 0; strcmp(z->name, t->table) == 0 && r < z->n_rings; r++)
            for (size_t k = 0; k < z->rings[r]->n_targets; k++)
                if (z->rings[r]->targets[k]->severity == t->severity)
                    look_at(p, j, z->rings[r]->targets[k], t->severity,
                            pc_text(p, " in %.64s", z->rings[r]->name));
        for (size_t r = 0; strcmp(z->name, t->table) == 0 && r < z->n_regions; r++)
            for (size_t k = 0; k < z->regions[r]->n_targets; k++)
                if (z->regions[r]->targets[k]->severity == t->severity)
                    look_at(p, j, z->regions[r]->targets[k], t->severity,
                            pc_text(p, " in %.64s", z->regions[r]->region));
    }
}

static void look_at_pack(struct pc *p, struct job *j)
{
    for (size_t i = 0; i < j->milestone->n_targets; i++) {
        const Callout__V1__Target *t = j->milestone->targets[i];
        if (t->kind == TARGET(ZONE))
            look_at_rings(p, j, t);
        else
            look_at(p, j, t, t->severity, "");
    }
}

/* The calendar that the milestone counts with under that contract, at a site. */
static const struct pc_calendar *calendar_of(const struct pc *p, const struct job *j,
                                             const Callout__V1__Contract *c,
                                             const Callout__V1__Site *site)
{
    const char *name = j->milestone->calendar;
    bool is_own = name[0] != '\0' && strcmp(name, "site") != 0 && strcmp(name, "contract") != 0;
    bool is_site = site != NULL && site->calendar[0] != '\0' && strcmp(name, "contract") != 0;
    return pc_find_calendar(p, is_own ? name : is_site ? site->calendar : c->calendar);
}

static void look_with(struct pc *p, struct job *j, const struct pc_calendar *calendar,
                      const Callout__V1__Contract *c)
{
    j->calendar = calendar;
    look_at_pack(p, j);
    for (size_t i = 0; i < c->n_targets; i++)
        if (c->targets[i]->target != NULL &&
            strcmp(c->targets[i]->milestone, j->milestone->name) == 0)
            look_at(p, j, c->targets[i]->target, c->targets[i]->target->severity,
                    pc_text(p, " by contract %.64s", c->key));
}

/* With each calendar once: the contract's, and those that sites have instead. */
static void look_at_contract(struct pc *p, const Callout__V1__Contract *c, void *arg)
{
    struct job *j = arg;
    const struct pc_calendar *first = calendar_of(p, j, c, NULL);
    const struct pc_calendar *last = first;
    look_with(p, j, first, c);
    const Callout__V1__Site *const *sites = NULL;
    size_t count = pc_sites(p, c->customer, &sites);
    for (size_t i = 0; i < count; i++) {
        const struct pc_calendar *own =
            pc_is_covered(c, sites[i]) ? calendar_of(p, j, c, sites[i]) : NULL;
        if (own == NULL || own == first || own == last)
            continue;
        look_with(p, j, own, c);
        last = own;
    }
}

static void check_milestone(struct pc *p, const Callout__V1__PolicyPack *pack, size_t i)
{
    const Callout__V1__Milestone *m = pack->milestones[i];
    struct job j = { .pack = pack, .milestone = m, .best = { .length_us = INT64_MAX } };
    int64_t longest_us = 0;
    for (size_t k = 0; k < m->n_warnings; k++)
        if (m->warnings[k]->before_us > longest_us)
            longest_us = m->warnings[k]->before_us;
    if (longest_us == 0)
        return; /* a percentage always lies between start and end */
    j.calendar = pc_find_calendar(p, m->calendar);
    look_at_pack(p, &j); /* also without any contract */
    pc_contracts(p, pack, look_at_contract, &j);
    for (size_t k = 0; k < m->n_warnings; k++) {
        struct pc_place place = pc_in_pack(p, pack, "milestones[%zu].warnings[%zu]", i, k);
        char before[CO_DURATION_TEXT], length[CO_DURATION_TEXT];
        if (m->warnings[k]->before_us == 0 || m->warnings[k]->before_us < j.best.length_us)
            continue;
        co_duration_format(m->warnings[k]->before_us, before);
        co_duration_format(j.best.length_us > 0 ? j.best.length_us : 0, length);
        place.example_us = j.best.start_us;
        pc_say(p, j.best.is_always ? CO_FINDING_ERROR : CO_FINDING_WARNING, place,
               "%s before the end of %.64s is not after its start: at level %u%s there is %s%s",
               before, m->name, j.best.level, j.best.from, length,
               j.best.is_always ? "" : " when it starts at the time of the example");
    }
}

void pc_check_warnings(struct pc *p, const Callout__V1__PolicyPack *pack)
{
    for (size_t i = 0; i < pack->n_milestones; i++)
        check_milestone(p, pack, i);
}
