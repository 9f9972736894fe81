/* whynot.h - what the files of callout whynot share. */
#pragma once

#include "callout/v1/choice.pb-c.h"
#include "callout/v1/dispatch_state.pb-c.h"
#include "cli_claims.h"
#include "cli_registry.h"
#include "dispatch_map.h"
#include "dispatch_offers.h"

struct why_row {
    struct dispatch_miss miss;
    const char *with; /* the smallest change that makes it possible; "": none */
    bool is_now;      /* it holds now: as of the choice it was not kept */
};

struct whynot {
    struct cli *cli;
    const char *number;
    struct dispatch_order order;
    const Callout__V1__Choice *choice; /* as of then; NULL: as of now */
    struct why_row *row;               /* who was nearest to being asked first */
    size_t count;
    size_t beyond; /* who could be asked now, and was not looked at then: there were nearer ones */

    /* as of now only */
    int64_t now_us;
    const Callout__V1__DispatchRule *rule;
    struct cli_claims claims;
    struct dispatch_need need;
    const char *chosen; /* who would be asked now, or "" */
};

/* The rows as of the choice; who can not be asked for what he is, or has said, by that registry.
 * Returns the exit code. */
CO_MUST_CHECK int whynot_then(struct whynot *w, const struct co_registry *registry);

bool whynot_has(const struct whynot *w, const char *engineer); /* a row */
int whynot_by_miss(const void *a, const void *b);              /* for qsort() */

/* The rows as of now, by that registry. Returns the exit code. */
CO_MUST_CHECK int whynot_now(struct whynot *w, const struct co_registry *registry);

/* Everything that changes with whose reason it is: his visits, his time, what he may do. */
struct why_facts {
    const struct dispatch_candidate *candidate;
    const char *product;
    const char *held_by; /* number of a case, with its state where it is known; "": not known */
    uint32_t min_skill;
    int64_t there_us;  /* when he could be on site */
    const char *asked; /* who was, or would be, asked; "": nobody */
};

/* The smallest change that would make him possible. */
const char *whynot_change(struct cli *cli, enum dispatch_why why, const struct why_facts *f);

/* Returns the exit code. */
int whynot_print(const struct whynot *w);
int whynot_print_json(const struct whynot *w);
