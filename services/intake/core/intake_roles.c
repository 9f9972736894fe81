#include "intake_roles.h"

#include <string.h>

static const char *const names_of_bits[INTAKE_ROLE_NAMES] = { "submit", "command", "query", "apply", "operate" };

const char *intake_role_name(size_t bit)
{
    return bit < INTAKE_ROLE_NAMES ? names_of_bits[bit] : "";
}

unsigned intake_roles_of(char *const *names, size_t n)
{
    unsigned roles = 0;
    for (size_t i = 0; i < n; i++)
        for (unsigned bit = 0; bit < INTAKE_ROLE_NAMES; bit++)
            if (strcmp(names[i], names_of_bits[bit]) == 0)
                roles |= 1u << bit;
    return roles;
}

/* Whoever may change the registry may read it. The words of notices, and where they went, are for who operates the suite. The first row
 * that fits holds. */
static const struct need {
    Callout__V1__Request__BodyCase body;
    Callout__V1__What what; /* of a query; WHAT_NONE: any */
    unsigned roles;
    Callout__V1__Act act; /* of a command; ACT_NONE: any */
} needs[] = {
    { CALLOUT__V1__REQUEST__BODY_SUBMIT, CALLOUT__V1__WHAT__WHAT_NONE, INTAKE_SUBMIT, CALLOUT__V1__ACT__ACT_NONE },
    { CALLOUT__V1__REQUEST__BODY_COMMAND, CALLOUT__V1__WHAT__WHAT_NONE, INTAKE_OPERATE, CALLOUT__V1__ACT__ACT_RESEND_NOTICE },
    { CALLOUT__V1__REQUEST__BODY_COMMAND, CALLOUT__V1__WHAT__WHAT_NONE, INTAKE_COMMAND, CALLOUT__V1__ACT__ACT_NONE },
    { CALLOUT__V1__REQUEST__BODY_QUERY, CALLOUT__V1__WHAT__WHAT_REGISTRY, INTAKE_QUERY | INTAKE_APPLY, CALLOUT__V1__ACT__ACT_NONE },
    { CALLOUT__V1__REQUEST__BODY_QUERY, CALLOUT__V1__WHAT__WHAT_OBJECT, INTAKE_QUERY | INTAKE_APPLY, CALLOUT__V1__ACT__ACT_NONE },
    { CALLOUT__V1__REQUEST__BODY_QUERY, CALLOUT__V1__WHAT__WHAT_STATUS, INTAKE_QUERY | INTAKE_OPERATE, CALLOUT__V1__ACT__ACT_NONE },
    { CALLOUT__V1__REQUEST__BODY_QUERY, CALLOUT__V1__WHAT__WHAT_NOTICES, INTAKE_QUERY | INTAKE_OPERATE, CALLOUT__V1__ACT__ACT_NONE },
    { CALLOUT__V1__REQUEST__BODY_QUERY, CALLOUT__V1__WHAT__WHAT_NOTICE, INTAKE_OPERATE, CALLOUT__V1__ACT__ACT_NONE },
    { CALLOUT__V1__REQUEST__BODY_QUERY, CALLOUT__V1__WHAT__WHAT_STATES, INTAKE_APPLY, CALLOUT__V1__ACT__ACT_NONE },
    { CALLOUT__V1__REQUEST__BODY_QUERY, CALLOUT__V1__WHAT__WHAT_NONE, INTAKE_QUERY, CALLOUT__V1__ACT__ACT_NONE },
    { CALLOUT__V1__REQUEST__BODY_APPLY, CALLOUT__V1__WHAT__WHAT_NONE, INTAKE_APPLY, CALLOUT__V1__ACT__ACT_NONE },
    { CALLOUT__V1__REQUEST__BODY_ANSWER, CALLOUT__V1__WHAT__WHAT_NONE, INTAKE_COMMAND, CALLOUT__V1__ACT__ACT_NONE },
    { CALLOUT__V1__REQUEST__BODY_PARKED, CALLOUT__V1__WHAT__WHAT_NONE, INTAKE_OPERATE, CALLOUT__V1__ACT__ACT_NONE },
};

unsigned intake_roles_needed(const Callout__V1__Request *request)
{
    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        bool is_what = needs[i].what == CALLOUT__V1__WHAT__WHAT_NONE ||
                       (request->body_case == CALLOUT__V1__REQUEST__BODY_QUERY && request->query->what == needs[i].what);
        bool is_act = needs[i].act == CALLOUT__V1__ACT__ACT_NONE ||
                      (request->body_case == CALLOUT__V1__REQUEST__BODY_COMMAND && request->command->act == needs[i].act);
        if (needs[i].body == request->body_case && is_what && is_act)
            return needs[i].roles;
    }
    return 0;
}
