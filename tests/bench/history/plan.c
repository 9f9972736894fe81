/* What happens to a case. */
#include "fill.h"

#include <stdlib.h>

#include "co_time.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name
#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name

static bool often(struct co_rand *rand, double share)
{
    return co_rand_unit(rand) < share;
}

static void add(struct fill_plan *p, int64_t us, Callout__V1__Act act, Callout__V1__Role role)
{
    if (p->count < FILL_STEPS_MAX)
        p->step[p->count++] = (struct fill_step){
            .known_us = us, .occurred_us = us, .act = act, .role = role, .name = ""
        };
}

/* The next thing happens some minutes later. */
static int64_t later(struct co_rand *rand, int64_t *at_us, int64_t most_minutes)
{
    *at_us += CO_MINUTE_US + co_rand_between(rand, 0, most_minutes * CO_MINUTE_US);
    return *at_us;
}

static void remote(struct co_rand *rand, struct fill_plan *p, int64_t *at_us)
{
    add(p, later(rand, at_us, 10), ACT(CASE_ACCEPTED), ROLE(SUPPORT));
    add(p, later(rand, at_us, often(rand, 0.9) ? 15 : 90), ACT(CONTACTED), ROLE(SUPPORT));
    add(p, later(rand, at_us, 15), ACT(PROCESS_STARTED), ROLE(SUPPORT));
    if (often(rand, 0.7))
        add(p, later(rand, at_us, 30), ACT(EXPERT_JOINED), ROLE(EXPERT));
    if (often(rand, 0.2))
        add(p, later(rand, at_us, 30), ACT(VENDOR_JOINED), ROLE(VENDOR));
    if (often(rand, 0.3)) {
        add(p, later(rand, at_us, 30), ACT(WAITING_CUSTOMER), ROLE(SUPPORT));
        add(p, later(rand, at_us, 600), ACT(CUSTOMER_ANSWERED), ROLE(CUSTOMER));
    }
}

static void visit(struct co_rand *rand, struct fill_plan *p, int64_t *at_us)
{
    add(p, later(rand, at_us, 30), ACT(ONSITE_REQUESTED), ROLE(PM));
    add(p, later(rand, at_us, 60), ACT(UNDERWAY), ROLE(ENGINEER));
    add(p, later(rand, at_us, 180), ACT(ARRIVED), ROLE(ENGINEER));
    add(p, later(rand, at_us, 60), ACT(INVESTIGATED), ROLE(ENGINEER));
    add(p, later(rand, at_us, 30), ACT(FINDING_GIVEN), ROLE(ENGINEER));
    if (often(rand, 0.2)) {
        add(p, later(rand, at_us, 30), ACT(HARDWARE_FAULT), ROLE(ENGINEER));
        add(p, later(rand, at_us, 1440), ACT(HARDWARE_READY), ROLE(ENGINEER));
    }
    add(p, later(rand, at_us, 30), ACT(RECOMMENDED), ROLE(PM));
    add(p, later(rand, at_us, 30), ACT(CONSULTED), ROLE(PM));
}

static void ending(struct co_rand *rand, struct fill_plan *p, int64_t *at_us)
{
    if (often(rand, 0.02)) {
        add(p, later(rand, at_us, 60), ACT(CANCEL), ROLE(CUSTOMER));
        return;
    }
    add(p, later(rand, at_us, often(rand, 0.8) ? 90 : 1440), ACT(RESTORED), ROLE(ENGINEER));
    if (often(rand, 0.03)) {
        add(p, later(rand, at_us, 120), ACT(RELAPSED), ROLE(CUSTOMER));
        add(p, later(rand, at_us, 300), ACT(RESTORED), ROLE(ENGINEER));
    }
    add(p, later(rand, at_us, 600), ACT(SIGN), ROLE(CUSTOMER));
    add(p, later(rand, at_us, 600), ACT(SIGN), ROLE(PM));
}

static int by_known(const void *a, const void *b)
{
    const struct fill_step *x = a, *y = b;
    return (x->known_us > y->known_us) - (x->known_us < y->known_us);
}

/* One fact in ten becomes known hours after it happened. */
static void delay(struct co_rand *rand, struct fill_plan *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (often(rand, 0.1))
            p->step[i].known_us += co_rand_between(rand, 0, 12 * CO_HOUR_US);
    qsort(p->step, p->count, sizeof(p->step[0]), by_known);
}

void fill_plan(struct co_rand *rand, const struct co_registry *registry, int64_t reported_us,
               struct fill_plan *ret)
{
    uint32_t sites = co_registry_count(registry, CO_KIND_SITE);
    const struct co_object *site =
        co_registry_at(registry, CO_KIND_SITE, (uint32_t)co_rand_below(rand, sites));
    int64_t at_us = reported_us;
    *ret = (struct fill_plan){ .reported_us = reported_us, .site = site->message->site };
    ret->severity = 1 + (uint32_t)co_rand_below(rand, 4);
    ret->km = 5 + 400 * co_rand_unit(rand) * co_rand_unit(rand);
    remote(rand, ret, &at_us);
    if (often(rand, 0.05))
        ret->step[ret->count++] = (struct fill_step){
            at_us, at_us, ACT(CONDITION_SET), ROLE(CUSTOMER), "key_business_down", 0
        };
    if (often(rand, 0.05))
        ret->step[ret->count++] =
            (struct fill_step){ at_us,          at_us, ACT(SET_SEVERITY),
                                ROLE(DIRECTOR), "",    1 + (uint32_t)co_rand_below(rand, 4) };
    if (often(rand, 0.4))
        visit(rand, ret, &at_us);
    if (often(rand, 0.98))
        ending(rand, ret, &at_us);
    delay(rand, ret);
}
