/* Random histories of one order that may be offered to several engineers at the same time, turn by
 * turn as the daemon takes them: what the table of claims holds, which offers are open, and what
 * was said never disagree. Between two turns the state is packed and unpacked. */
#include "dispatch_fixture.h"

#include "co_pbarena.h"
#include "co_rand.h"
#include "dispatch_review.h"

enum { HISTORIES = 300, TURNS = 60, PEOPLE = 6, GENERATIONS = 512 };

/* What the journal and the claims table know. */
static struct world {
    struct co_rand rand;
    int64_t now_us;
    uint32_t promises;                /* generation of the arrival */
    const char *claimed[GENERATIONS]; /* by whom, by generation of the order; NULL: not held */
    const char *offered[GENERATIONS]; /* to whom */
    Callout__V1__OfferEnd how[GENERATIONS];
    bool is_over[GENERATIONS];
    uint64_t assigned; /* generation that goes, 0: nobody */
    uint64_t most;     /* offers that were open at the same time */
    uint64_t overtaken;
} w;

static uint64_t below(uint64_t bound)
{
    return co_rand_below(&w.rand, bound);
}

static const char *keep_key(const char *engineer)
{
    for (size_t i = 0; i < PEOPLE; i++)
        if (strcmp(people[i].engineer, engineer) == 0)
            return people[i].engineer;
    ck_abort_msg("nobody is called '%s'", engineer);
    return NULL;
}

/* ---- what happens ---- */

static void somebody_says(void)
{
    static const Callout__V1__Act acts[] = {
        CALLOUT__V1__ACT__ACT_ACCEPT,  CALLOUT__V1__ACT__ACT_ACCEPT,
        CALLOUT__V1__ACT__ACT_DECLINE, CALLOUT__V1__ACT__ACT_DECLINE,
        CALLOUT__V1__ACT__ACT_DECLINE, CALLOUT__V1__ACT__ACT_UNDERWAY,
        CALLOUT__V1__ACT__ACT_ARRIVED
    };
    const char *who = below(12) == 0 ? "" : people[below(PEOPLE)].engineer;
    uint64_t generation = below(3) == 0 ? below(o.state->newest + 2) : 0;
    says_at(who, acts[below(7)], generation, w.now_us);
}

static void manager_says(void)
{
    if (below(2) == 0)
        leads_at(CALLOUT__V1__ACT__ACT_RECALL, "", w.now_us);
    else
        leads_at(CALLOUT__V1__ACT__ACT_NAME_ENGINEER, people[below(PEOPLE)].engineer, w.now_us);
}

static void promise_changes(void)
{
    switch (below(6)) {
    case 0:
        stopped(w.promises);
        break;
    case 1:
        met(w.promises);
        break;
    case 2:
        says_at("f", CALLOUT__V1__ACT__ACT_RESTORED, 0, w.now_us);
        break;
    default:
        promised(++w.promises, 1, w.now_us + (int64_t)below(20) * HOUR);
        break;
    }
}

static void severity_changes(void)
{
    Callout__V1__SeverityChanged body = CALLOUT__V1__SEVERITY_CHANGED__INIT;
    body.to = 1 + (uint32_t)below(3);
    EVENT(event, SEVERITY_CHANGED, severity_changed, &body);
    dispatch_order_entry(&o, &event, w.now_us, (struct dispatch_reporter){ 0 });
}

static void roster_changes(void)
{
    dispatch_order_woken(&o, w.now_us);
    struct dispatch_need need = dispatch_seek_need(&o, &rule, w.now_us);
    for (size_t i = dispatch_offers_count(&o); i > 0; i--) {
        dispatch_offers_turn_to(&o, dispatch_offers_get(&o, i - 1));
        dispatch_review(&o, &need, below(3) == 0 ? NULL : &people[0]);
    }
}

static void entries(void)
{
    static void (*const happens[])(void) = { somebody_says, somebody_says,   somebody_says,
                                             manager_says,  promise_changes, severity_changes,
                                             roster_changes };
    if (state() == DISPATCH_ENDED || (state() == DISPATCH_ARRIVED && below(3) == 0))
        promise_changes();
    for (uint64_t left = below(3); left > 0; left--)
        happens[below(sizeof(happens) / sizeof(happens[0]))]();
}

/* ---- what the turn writes ---- */

static void claim_or_lose(void)
{
    uint64_t generation = o.claim.generation;
    ck_assert_uint_lt(generation, GENERATIONS);
    ck_assert_ptr_null(w.claimed[generation]);
    bool is_ours = o.claim.is_firm || below(5) > 0;
    if (is_ours)
        w.claimed[generation] = keep_key(o.claim.engineer);
    if (o.claim.is_firm)
        return;
    if (is_ours)
        dispatch_seek_claimed(&o, w.now_us);
    else
        dispatch_seek_lost(&o, w.now_us);
}

static void seek_once(void)
{
    struct dispatch_candidate c[PEOPLE];
    struct dispatch_pool pool = { .candidates = c };
    for (size_t i = 0; i < PEOPLE; i++) {
        if (dispatch_offers_find(&o, people[i].engineer, 0) != NULL)
            continue;
        c[pool.count] = people[i];
        c[pool.count].claims = below(4) == 0;
        const Callout__V1__OfferMade *offer = dispatch_order_offer_to(&o, people[i].engineer);
        if (offer != NULL && (offer->how == CALLOUT__V1__OFFER_END__OFFER_END_DECLINED ||
                              offer->round == o.state->round))
            c[pool.count].asked = offer->how;
        pool.able++;
        pool.refused += c[pool.count++].asked != CALLOUT__V1__OFFER_END__OFFER_END_NONE;
    }
    struct dispatch_need need = dispatch_seek_need(&o, &rule, w.now_us);
    enum dispatch_why whys[PEOPLE];
    dispatch_seek(&o, &need, &pool, whys);
}

static void hear(const Callout__V1__Event *event)
{
    if (event->body_case == OFFERED) {
        ck_assert_ptr_null(w.offered[event->offered->generation]);
        w.offered[event->offered->generation] = keep_key(event->offered->engineer);
    } else if (event->body_case == OFFER_ENDED) {
        uint64_t generation = event->offer_ended->generation;
        ck_assert_ptr_nonnull(w.offered[generation]);
        ck_assert_str_eq(w.offered[generation], event->offer_ended->engineer);
        ck_assert(!w.is_over[generation]);
        w.is_over[generation] = true;
        w.overtaken += event->offer_ended->how == CALLOUT__V1__OFFER_END__OFFER_END_OVERTAKEN;
    } else if (event->body_case == ASSIGNED) {
        ck_assert_uint_eq(w.assigned, 0);
        w.assigned = event->assigned->generation;
    } else if (event->body_case == ORDER_ENDED) {
        ck_assert_uint_eq(w.assigned, event->order_ended->generation);
        w.assigned = 0;
    }
}

static void pack_and_unpack(void)
{
    size_t size = callout__v1__dispatch_state__get_packed_size(o.state);
    uint8_t *packed = co_arena_alloc(arena, size + 1);
    ck_assert_ptr_nonnull(packed);
    (void)callout__v1__dispatch_state__pack(o.state, packed);
    ProtobufCAllocator allocator = co_pbarena(arena);
    Callout__V1__DispatchState *state =
        callout__v1__dispatch_state__unpack(&allocator, size, packed);
    ck_assert_ptr_nonnull(state);
    dispatch_order_init(&o, arena, state);
}

/* The claims given back are held, but where a firm one could not be made. */
static void write_down(void)
{
    ck_assert_int_eq(o.err, CO_OK);
    for (size_t i = 0; i < o.event_count; i++)
        hear(o.events[i]);
    for (size_t i = 0; i < o.released_count; i++) {
        ck_assert_ptr_nonnull(w.claimed[o.released[i]]);
        w.claimed[o.released[i]] = NULL;
    }
    pack_and_unpack();
}

/* ---- what must be so after each turn ---- */

static void check_offers(void)
{
    size_t open = 0, held = 0;
    for (uint64_t i = 1; i <= o.state->newest; i++) {
        bool is_open = w.offered[i] != NULL && !w.is_over[i];
        bool is_held = w.claimed[i] != NULL;
        const Callout__V1__OfferMade *offer = dispatch_offers_find(&o, "", i);
        if (is_open != (offer != NULL) || is_held != (is_open || i == w.assigned) ||
            (is_open &&
             (w.claimed[i] != w.offered[i] || strcmp(offer->engineer, w.offered[i]) != 0)))
            ck_abort_msg("offer %llu: said %d, kept %d, claimed %d", (unsigned long long)i, is_open,
                         offer != NULL, is_held);
        open += is_open;
        held += is_held;
    }
    ck_assert_uint_eq(open, dispatch_offers_count(&o));
    ck_assert_int_eq(open > 0, state() == DISPATCH_OFFERED);
    ck_assert(open == 0 || w.assigned == 0);
    ck_assert_uint_le(held, 3);
    w.most = open > w.most ? open : w.most;
}

static void check_order(void)
{
    bool goes = state() >= DISPATCH_ASSIGNED && state() <= DISPATCH_ARRIVED;
    ck_assert_int_eq(goes, w.assigned != 0);
    for (size_t i = 0; i < dispatch_offers_count(&o); i++)
        for (size_t k = 0; k < i; k++)
            ck_assert_str_ne(dispatch_offers_get(&o, i)->engineer,
                             dispatch_offers_get(&o, k)->engineer);
    if (state() == DISPATCH_OFFERED) {
        ck_assert_str_eq(o.state->engineer, dispatch_offers_get(&o, 0)->engineer);
        ck_assert_int_ne(o.state->next_us, 0);
        ck_assert_int_le(o.state->next_us,
                         dispatch_offers_over(&o, INT64_MAX)->accept_by_us + DISPATCH_GRACE_US + 1);
    } else {
        ck_assert(!o.state->asks_more && o.state->more_us == 0);
    }
    ck_assert(!dispatch_seek_wanted(&o) || o.state->next_us != 0);
}

static void turn(void)
{
    entries();
    bool is_due = o.state->next_us != 0 && o.state->next_us <= w.now_us;
    if (is_due)
        dispatch_order_due(&o, w.now_us);
    if (is_due && dispatch_seek_wanted(&o) && o.claim.engineer == NULL)
        seek_once();
    if (o.claim.engineer != NULL)
        claim_or_lose();
    write_down();
    check_offers();
    check_order();
}

/* To the moment the order wants to be woken at, or some way towards it. */
static void pass_time(void)
{
    if (o.state->next_us > w.now_us && below(2) == 0)
        w.now_us = o.state->next_us;
    else
        w.now_us += (int64_t)below(4) * MIN;
}

static void run(uint64_t seed, uint32_t at_once)
{
    uint32_t levels[] = { at_once, 2, 1 };
    setup();
    memset(&w, 0, sizeof(w));
    co_rand_init(&w.rand, seed);
    w.now_us = T0;
    rule.at_once = levels;
    rule.n_at_once = 3;
    rule.offers = 4;
    ticket();
    located();
    promised(w.promises = 1, 1, T0 + 9 * HOUR);
    for (size_t i = 0; i < TURNS; i++) {
        turn();
        pass_time();
    }
}

START_TEST(claims_open_offers_and_what_was_said_never_disagree)
{
    uint64_t most = 0, overtaken = 0;
    for (uint64_t seed = 0; seed < HISTORIES; seed++) {
        run(seed, 1 + (uint32_t)(seed % 3));
        most = w.most > most ? w.most : most;
        overtaken += w.overtaken;
        teardown();
    }
    ck_assert_uint_eq(most, 3);
    ck_assert_uint_gt(overtaken, 50);
}
END_TEST

CHECK_MAIN("dispatch_offers_history", claims_open_offers_and_what_was_said_never_disagree)
