/* sla_names.h - what acts and roles are called in files and in sentences. Pure. */
#pragma once

#include "callout/v1/common.pb-c.h"

enum { SLA_NAME_TEXT = 48 };

/* "consent_asked"; "" for a number that is no act. */
void sla_name_of_act(Callout__V1__Act act, char ret[static SLA_NAME_TEXT]);
/* "service_manager" */
void sla_name_of_role(Callout__V1__Role role, char ret[static SLA_NAME_TEXT]);
