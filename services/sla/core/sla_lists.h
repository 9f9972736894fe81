/* sla_lists.h - whether a list of a pack names something. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "callout/v1/common.pb-c.h"

static inline bool sla_has_act(const Callout__V1__Act *list, size_t count, Callout__V1__Act act)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == act)
            return true;
    return false;
}

static inline bool sla_has_role(const Callout__V1__Role *list, size_t count, Callout__V1__Role role)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == role)
            return true;
    return false;
}

static inline bool sla_has_text(char *const *list, size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}
