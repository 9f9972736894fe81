/* advisory_rows.h - whom an advisory reaches, and what became of it there. */
#pragma once

#include "cli.h"
#include "co_advisory.h"
#include "co_plan.h"

/* A step of the customer. */
struct advisory_step {
    const char *key;
    const char *state; /* as in StepView */
    int64_t done_us;   /* 0: not yet */
    const char *person;
};

enum { ADVISORY_STEPS = 8 };

struct advisory_row {
    const Callout__V1__Contract *contract;
    const char *key;    /* of its case */
    const char *number; /* of its case; "": none */
    const char *state;  /* "opened", "ahead", "due"; without a case also why there is none:
                           "not_offered" ... */
    int64_t open_us;    /* "ahead": when it is opened */
    /* of its case, where it was looked at */
    const char *case_state; /* "": not looked at */
    const char
        *told; /* the state of the notice of a contact that got furthest; "": nobody is told */
    int64_t told_us; /* 0: nobody has it yet */
    int64_t read_us; /* 0: nobody has answered it */
    const char *read_by;
    struct advisory_step steps[ADVISORY_STEPS];
    size_t step_count;
};

struct advisory_rows {
    struct cli *cli;
    const struct co_registry *registry;
    const Callout__V1__Advisory *advisory;
    int64_t now_us;
    struct advisory_row *row;
    size_t count;
};

/* The contracts that have a case, or whose customer has installed what it is about. Returns the
 * exit code. */
CO_MUST_CHECK int advisory_rows_find(struct advisory_rows *rows);

/* Looks at the cases of all rows. Returns the exit code. */
CO_MUST_CHECK int advisory_rows_follow(struct advisory_rows *rows);

/* As a table, or with -o json as a list. Returns the exit code. */
int advisory_rows_print(struct advisory_rows *rows);
