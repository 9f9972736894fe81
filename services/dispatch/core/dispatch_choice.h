/* dispatch_choice.h - which engineer is asked next, until when he may think, and why not the
 * others.
 *
 * Pure: the same candidates give the same choice, in whatever order they come. All costs are
 * integers. Times are Unix microseconds, lengths microseconds, distances km.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "callout/v1/policy.pb-c.h"
#include "callout/v1/registry.pb-c.h"

#define DISPATCH_NO_PICK SIZE_MAX
#define DISPATCH_NEVER_ON_DUTY INT64_MAX

struct dispatch_candidate {
    const char *engineer; /* keys, borrowed */
    const char *office;
    double km;                   /* from his office to the site */
    int64_t travel_us;           /* dispatch_travel_us() */
    uint32_t skill;              /* 1 engineer, 2 senior, 3 expert */
    uint32_t capacity;           /* visits at the same time, >= 1 */
    uint32_t claims;             /* of them in use */
    int64_t held_by;             /* a case that uses one; 0: none, or not known */
    uint32_t recent;             /* visits that he took in the last 30 days */
    uint32_t today;              /* of them, within 24 hours */
    uint32_t per_day;            /* as many he may take in that time; 0: no limit */
    int64_t free_from_us;        /* on duty from then on; not later than now: he is;
                                    DISPATCH_NEVER_ON_DUTY: not within a year */
    int64_t booked_by;           /* a case that has him for a span in which the visit would be;
                                    0: none */
    bool is_on_event;            /* he is on duty for an event, on the very site: asked first */
    bool has_product;            /* he may work on the product of the case */
    bool is_unqualified;         /* he lacks a qualification that the rule asks for */
    Callout__V1__OfferEnd asked; /* DECLINED, UNSOLVED: for ever in this case; SILENT, WITHDRAWN
                                    (taken off it): in this round; else NONE */
};

/* What the visit needs. */
struct dispatch_need {
    int64_t now_us;
    int64_t deadline_us;   /* on site by then; 0: to be agreed */
    uint32_t min_skill;    /* nobody below */
    uint32_t wanted_skill; /* nobody below while there are others; <= min_skill: no wish */
    uint32_t asked;        /* offers of this round that led to nothing */
    uint32_t open;         /* offers that wait for an answer */
    uint32_t at_once;      /* so many may; 0: as 1 */
    int64_t confirm_us; /* the project manager has so long for the task order; 0: none is asked */
    uint64_t turn;    /* with whom to begin in an office of more people than are looked at together:
                         another for each case, so that all of them have their turn */
    int64_t phase_us; /* of the moments at which those look again who found nobody: one per
                         lane, so that lanes do not race for the same people */
    const Callout__V1__DispatchRule *rule;
};

/* Why somebody was not chosen; the first that holds. */
enum dispatch_why {
    DISPATCH_PICKED,
    DISPATCH_PRODUCT, /* cannot be asked: */
    DISPATCH_SKILL,
    DISPATCH_UNQUALIFIED,
    DISPATCH_DECLINED,
    DISPATCH_SILENT,
    DISPATCH_RECALLED,
    DISPATCH_UNSOLVED,
    DISPATCH_BOOKED,
    DISPATCH_OFF_DUTY,
    DISPATCH_BUSY,
    DISPATCH_DAY_FULL,
    DISPATCH_EVENT,   /* could be asked, but the one who was picked: is on event duty there */
    DISPATCH_LATER,   /* is there earlier, past the deadline */
    DISPATCH_FIT,     /* has the better fitting level */
    DISPATCH_FARTHER, /* has the shorter journey */
    DISPATCH_LOADED,  /* has less to do */
    DISPATCH_UNFAIR,  /* had fewer visits lately */
    DISPATCH_TIE,     /* comes first by key */
    DISPATCH_WHYS
};

struct dispatch_choice {
    size_t pick;          /* index, or DISPATCH_NO_PICK */
    int64_t accept_by_us; /* where there is a pick */
    size_t free;          /* candidates that could be asked now, the pick included */
    int64_t there_us;     /* when the pick could be there; without a pick: the first of those who
                             are only off duty; 0: nobody */
    bool is_any_busy;     /* without a pick: somebody has no slot free, or his day is full */
    int64_t duty_us; /* without a pick: when the first of those off duty can be asked; 0: none */
};

/* Length of a journey of `km` (>= 0): fixed part plus km at the rule's speed; at most 365 days. */
int64_t dispatch_travel_us(const Callout__V1__DispatchRule *rule, double km);

/* The least level of engineer at `severity` (1 worst; 0: unknown, no limit). */
uint32_t dispatch_min_skill(const Callout__V1__DispatchRule *rule, uint32_t severity);

/* How many may be asked at the same time at `severity`: 1..DISPATCH_AT_ONCE_MAX. */
#define DISPATCH_AT_ONCE_MAX 8
uint32_t dispatch_at_once(const Callout__V1__DispatchRule *rule, uint32_t severity);

/* How long the project manager has for a task order at `severity`; 0: none is asked for. */
int64_t dispatch_confirm_us(const Callout__V1__DispatchRule *rule, uint32_t severity);

/* Whether he has everything that the rule asks for at `severity`, at `at_us`. */
bool dispatch_is_qualified(const Callout__V1__DispatchRule *rule, uint32_t severity,
                           const Callout__V1__Engineer *engineer, int64_t at_us);

/* His level for a product at `at_us`: that of his skill of that key, else his own where he works on
 * it. False, and *ret_level untouched: he does not. The product may be "". */
bool dispatch_level_of(const Callout__V1__Engineer *engineer, const char *product, int64_t at_us,
                       uint32_t *ret_level);

/* Chooses among `count` candidates with different keys: who can arrive by the deadline comes before
 * who cannot, then who has the level that is wished for, then the least sum of journey, and by the
 * weights of the rule, levels too high, visits held and visits had lately; then the fewer of these,
 * then the key. Without a weight for levels the closer level comes before the sum. `whys` (count
 * entries) is filled. accept_by_us goes backward from the deadline: it leaves time to prepare, to
 * travel, also for whoever would be asked next, and to ask those whom the rule still allows, as
 * many at a time as it says; never less than offer_min_us from now, never more than offer_us. */
struct dispatch_choice dispatch_choose(const struct dispatch_need *need,
                                       const struct dispatch_candidate *candidates, size_t count,
                                       enum dispatch_why *whys);

/* What it costs that he goes, for choices among several orders: the parts of the sum, and many
 * times as much for being late. 0..DISPATCH_COST_MAX, in milliseconds of journey; -1: he cannot be
 * asked. */
#define DISPATCH_COST_MAX (INT64_C(1) << 40)
int64_t dispatch_cost(const struct dispatch_need *need, const struct dispatch_candidate *c);

/* A sentence in English. */
const char *dispatch_why_text(enum dispatch_why why);

/* A word for programs, that stays: "busy". By a word that is none: DISPATCH_WHYS. */
const char *dispatch_why_name(enum dispatch_why why);
enum dispatch_why dispatch_why_of(const char *name);

/* How far somebody was from being asked: 0 others were only better; 1 his time; 2 his own word; 3
 * what he is able to do. */
unsigned dispatch_why_far(enum dispatch_why why);

struct dispatch_miss {
    const struct dispatch_candidate *candidate;
    enum dispatch_why why;
};

/* Who was nearer to being asked comes first: by dispatch_why_far(), journey, key. */
int dispatch_miss_compare(const struct dispatch_miss *x, const struct dispatch_miss *y);
