/* intake_roles.h - what a key may ask for. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "callout/v1/intake.pb-c.h"

enum intake_role { /* bits */
    INTAKE_SUBMIT = 1 << 0,
    INTAKE_COMMAND = 1 << 1,
    INTAKE_QUERY = 1 << 2,
    INTAKE_APPLY = 1 << 3,
    INTAKE_OPERATE = 1 << 4,
    INTAKE_ALL = (1 << 5) - 1,
};

#define INTAKE_ROLE_NAMES 5

/* The names of the registry, in the order of the bits. */
const char *intake_role_name(size_t bit);

/* The bits of the names; names that are not known give none. */
unsigned intake_roles_of(char *const *names, size_t n);

/* The bits of which one is needed for this request; 0: any key that got in may ask. */
unsigned intake_roles_needed(const Callout__V1__Request *request);
