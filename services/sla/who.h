/* who.h - who says something about remote access, by the registry in force. */
#pragma once

#include "co_err.h"
#include "co_registry.h"
#include "sla_case.h"

/* A contact of the customer: of one of his sites, or whoever a contract of his names in the role customer; and the delegate of such
 * a one. Texts live in `arena`. CO_ENOMEM. */
CO_MUST_CHECK enum co_err sla_who(const struct co_registry *r, struct co_arena *arena, const Callout__V1__CaseOpened *opened,
                                  const char *person, struct sla_who *ret_who);
