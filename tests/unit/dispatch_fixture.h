/* dispatch_fixture.h - one case, its work order and the people there are, for the tests of the
 * dispatch core. */
#pragma once

#include "check_main.h"

#include <stdbool.h>
#include <string.h>

#include "co_time.h"
#include "dispatch_offers.h"
#include "dispatch_seek.h"

#define MIN CO_MINUTE_US
#define HOUR CO_HOUR_US
#define T0 (1000 * HOUR)

/* One case, its order, and whom there is to send: "a" nearest, then "b", "c" ... */
static struct co_arena *arena;
static struct dispatch_order o;
static Callout__V1__DispatchRule rule;
static struct dispatch_candidate people[8];
static size_t people_count;

static inline void setup(void)
{
    static const char *const keys[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
    static uint32_t levels[] = { 2, 2, 2 };
    arena = co_arena_new(1 << 26);
    dispatch_order_init(&o, arena, NULL);
    rule = (Callout__V1__DispatchRule)CALLOUT__V1__DISPATCH_RULE__INIT;
    rule.offer_us = 10 * MIN;
    rule.offer_min_us = 3 * MIN;
    rule.offers = 3;
    rule.min_skill = levels;
    rule.n_min_skill = 3;
    people_count = 3;
    for (size_t i = 0; i < 8; i++)
        people[i] = (struct dispatch_candidate){ .engineer = keys[i],
                                                 .office = "office",
                                                 .travel_us = (int64_t)i * MIN,
                                                 .skill = 2,
                                                 .capacity = 1,
                                                 .has_product = true };
}

static inline void teardown(void)
{
    co_arena_free(arena);
}

static inline enum dispatch_state state(void)
{
    return (enum dispatch_state)o.state->order;
}

#define EVENT(var, CASE, member, value)                                                            \
    Callout__V1__Event var = CALLOUT__V1__EVENT__INIT;                                             \
    var.body_case = CALLOUT__V1__EVENT__BODY_##CASE;                                               \
    var.member = (value)

static inline void ticket(void)
{
    Callout__V1__TicketSubmitted body = CALLOUT__V1__TICKET_SUBMITTED__INIT;
    char site[] = "mill", product[] = "disk";
    body.site = site;
    body.product = product;
    EVENT(event, TICKET_SUBMITTED, ticket_submitted, &body);
    dispatch_order_entry(&o, &event, T0, (struct dispatch_reporter){ 0 });
}

static inline void located(void)
{
    struct dispatch_distance distance = {
        .office = "office", .km = 12, .straight_km = 8, .source = "estimate", .road_missing = ""
    };
    dispatch_order_located(&o, &distance, T0);
}

static inline void promised(uint32_t generation, uint32_t revision, int64_t due_us)
{
    Callout__V1__Promised body = CALLOUT__V1__PROMISED__INIT;
    char milestone[] = "arrival";
    body.milestone = milestone;
    body.generation = generation;
    body.revision = revision;
    body.due_us = due_us;
    body.severity = 1;
    body.is_arrival = true;
    EVENT(event, PROMISED, promised, &body);
    dispatch_order_entry(&o, &event, T0, (struct dispatch_reporter){ 0 });
}

static inline void met(uint32_t generation)
{
    Callout__V1__Met body = CALLOUT__V1__MET__INIT;
    char milestone[] = "arrival";
    body.milestone = milestone;
    body.generation = generation;
    EVENT(event, MET, met, &body);
    dispatch_order_entry(&o, &event, T0, (struct dispatch_reporter){ 0 });
}

static inline void stopped(uint32_t generation)
{
    Callout__V1__Stopped body = CALLOUT__V1__STOPPED__INIT;
    char milestone[] = "arrival";
    body.milestone = milestone;
    body.generation = generation;
    EVENT(event, STOPPED, stopped, &body);
    dispatch_order_entry(&o, &event, T0, (struct dispatch_reporter){ 0 });
}

static inline void withdrawn(uint32_t kind, uint32_t generation)
{
    Callout__V1__Withdrawn body = CALLOUT__V1__WITHDRAWN__INIT;
    char milestone[] = "arrival";
    body.kind = kind;
    body.milestone = milestone;
    body.generation = generation;
    EVENT(event, WITHDRAWN, withdrawn, &body);
    dispatch_order_entry(&o, &event, T0, (struct dispatch_reporter){ 0 });
}

static inline void closed(void)
{
    Callout__V1__CaseClosed body = CALLOUT__V1__CASE_CLOSED__INIT;
    EVENT(event, CASE_CLOSED, case_closed, &body);
    dispatch_order_entry(&o, &event, T0, (struct dispatch_reporter){ 0 });
}

/* Everybody with a one-letter key is an engineer. */
static inline void says_at(const char *person, Callout__V1__Act act, uint64_t generation,
                           int64_t at_us)
{
    Callout__V1__CommandReceived body = CALLOUT__V1__COMMAND_RECEIVED__INIT;
    char who[32];
    strcpy(who, person);
    body.person = who;
    body.act = act;
    body.command_id = 77;
    body.order_generation = generation;
    EVENT(event, COMMAND_RECEIVED, command_received, &body);
    struct dispatch_reporter reporter = { strlen(person) == 1, 2, 1 };
    dispatch_order_entry(&o, &event, at_us, reporter);
}

static inline void says(const char *person, Callout__V1__Act act)
{
    says_at(person, act, 0, T0 + MIN);
}

/* The project manager acts; `name` is an engineer where it is one letter. */
static inline void leads_at(Callout__V1__Act act, const char *name, int64_t at_us)
{
    Callout__V1__CommandReceived body = CALLOUT__V1__COMMAND_RECEIVED__INIT;
    char what[32], who[] = "boss";
    body.name = strcpy(what, name);
    body.person = who;
    body.role = CALLOUT__V1__ROLE__ROLE_PM;
    body.act = act;
    body.command_id = 77;
    EVENT(event, COMMAND_RECEIVED, command_received, &body);
    dispatch_order_entry(&o, &event, at_us, (struct dispatch_reporter){ strlen(name) == 1, 2, 1 });
}

static inline void leads(Callout__V1__Act act, const char *name)
{
    leads_at(act, name, T0 + MIN);
}

/* One step of the search; the claims table says yes, or somebody else was quicker. */
static inline void seek_at(int64_t now_us, bool is_ours, bool has_more)
{
    struct dispatch_candidate c[8];
    struct dispatch_pool pool = { .candidates = c, .has_more = has_more };
    for (size_t i = o.state->window; i < people_count; i++) {
        if (dispatch_offers_find(&o, people[i].engineer, 0) != NULL)
            continue; /* he is asked already */
        c[pool.count] = people[i];
        const Callout__V1__OfferMade *offer = dispatch_order_offer_to(&o, people[i].engineer);
        if (offer != NULL && (offer->how == CALLOUT__V1__OFFER_END__OFFER_END_DECLINED ||
                              offer->how == CALLOUT__V1__OFFER_END__OFFER_END_UNSOLVED ||
                              offer->round == o.state->round))
            c[pool.count].asked = offer->how;
        pool.able++;
        pool.refused += c[pool.count++].asked != CALLOUT__V1__OFFER_END__OFFER_END_NONE;
    }
    struct dispatch_need need = dispatch_seek_need(&o, &rule, now_us);
    enum dispatch_why whys[8];
    dispatch_seek(&o, &need, &pool, whys);
    if (o.claim.engineer == NULL)
        return;
    if (is_ours) {
        dispatch_seek_claimed(&o, now_us);
        o.claim = (struct dispatch_claim){ 0 };
    } else {
        dispatch_seek_lost(&o, now_us);
    }
}

static inline void seek(void)
{
    seek_at(T0, true, false);
}

/* A located case with an arrival promised in nine hours and the offer made to "a". */
static inline void offered(void)
{
    ticket();
    located();
    promised(1, 1, T0 + 9 * HOUR);
    seek();
    ck_assert_int_eq(state(), DISPATCH_OFFERED);
    o.event_count = 0;
}

static inline void assigned(void)
{
    offered();
    says("a", CALLOUT__V1__ACT__ACT_ACCEPT);
    ck_assert_int_eq(state(), DISPATCH_ASSIGNED);
    o.event_count = 0;
}

static inline const Callout__V1__Event *said(size_t i)
{
    ck_assert_uint_lt(i, o.event_count);
    return o.events[i];
}

/* What was announced since the last clearing, in order, 0 ends the list. */
static inline void check_said(const int *kinds)
{
    size_t count = 0;
    for (; kinds[count] != 0; count++)
        ck_assert_int_eq((int)said(count)->body_case, kinds[count]);
    ck_assert_uint_eq(o.event_count, count);
}
#define SAID(...) check_said((const int[]){ __VA_ARGS__, 0 })
#define LOCATED CALLOUT__V1__EVENT__BODY_SITE_LOCATED
#define OFFERED CALLOUT__V1__EVENT__BODY_OFFERED
#define OFFER_ENDED CALLOUT__V1__EVENT__BODY_OFFER_ENDED
#define ASSIGNED CALLOUT__V1__EVENT__BODY_ASSIGNED
#define NOBODY_LEFT CALLOUT__V1__EVENT__BODY_NOBODY_LEFT
#define AT_RISK CALLOUT__V1__EVENT__BODY_ARRIVAL_AT_RISK
#define ORDER_ENDED CALLOUT__V1__EVENT__BODY_ORDER_ENDED
#define APPLIED CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED
#define REFUSED CALLOUT__V1__EVENT__BODY_COMMAND_REFUSED

/* The decision was refused, and nothing else was said. */
static inline void check_refused(const char *reason)
{
    SAID(REFUSED);
    ck_assert_str_eq(said(0)->command_refused->reason, reason);
    ck_assert_uint_eq(said(0)->command_refused->command_id, 77);
    o.event_count = 0;
}
