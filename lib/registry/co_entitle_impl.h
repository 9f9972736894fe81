/* co_entitle_impl.h - what the files of co_entitle share. Nobody else includes it. */
#pragma once

#include <stdbool.h>

#include "co_entitle.h"

/* The question, looked up: without references that the registry does not have. */
struct co_entitle_question {
    const struct co_registry *registry;
    struct co_entitle_ask ask;
    const Callout__V1__Product *product;        /* NULL: not given or not known */
    const Callout__V1__ProductVersion *version; /* the same */
};

/* What makes one contract that fits come before another: the first that differs decides, the
 * larger number wins. */
enum co_entitle_merit {
    CO_MERIT_SITE,    /* it lists the site */
    CO_MERIT_PRODUCT, /* it lists the product */
    CO_MERIT_VERSION, /* it lists the version, or the one that it is a service pack of */
    CO_MERIT_OPEN,    /* it lists less that the question leaves open */
    CO_MERIT_LEVEL,   /* its service level is higher */
    CO_MERIT_BEGIN,   /* it began later */
    CO_MERITS
};

/* What a contract says about the question. */
struct co_entitle_view {
    enum co_entitle_reason reason;
    const char *field;
    const char *value;
    const Callout__V1__Text *title; /* of an excluded cause, else NULL */
    int64_t merit[CO_MERITS]; /* but for CO_MERIT_BEGIN only of one that covers the question */
};

static inline bool co_entitle_is_given(const char *key)
{
    return key != NULL && key[0] != '\0';
}

/* The key of the pack that the contract would serve it under. */
static inline const char *co_entitle_pack_of(const Callout__V1__Contract *c,
                                             const struct co_entitle_ask *ask)
{
    if (co_entitle_is_given(ask->offering))
        return ask->offering;
    return c == NULL ? "" : c->policy;
}

struct co_entitle_view co_entitle_view_of(const Callout__V1__Contract *c,
                                          const struct co_entitle_question *q);

/* Chooses among the contracts of the customer, and puts into `e` the one that fits best, or
 * explains most; with CO_ENTITLED also why, and the others that fit. */
struct co_entitle_view co_entitle_choose(const struct co_entitle_question *q, const char *customer,
                                         struct co_entitlement *e);
