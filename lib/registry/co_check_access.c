/* Remote access: who may enter when, and the states of a consent. */
#include <string.h>

#include "co_check.h"

void check_consent_state(struct co_check *c, const char *field, const char *what)
{
    static const char *const states[] = { "asked", "given",   "changed", "withdrawn",
                                          "ended", "refused", "nobody",  "silent" };
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
        if (strcmp(states[i], what) == 0)
            return;
    check_say(c, field, "asked, given, changed, withdrawn, ended, refused, nobody, silent",
              "a consent is never \"%.64s\"", what);
}

void check_sessions(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    for (size_t i = 0; i < x->n_sessions; i++) {
        const Callout__V1__SessionRule *r = x->sessions[i];
        size_t mark = check_push_index(c, "sessions", i);
        check_acts(c, "after", r->after, r->n_after);
        check_some_roles(c, r->roles, r->n_roles);
        check_pop(c, mark);
    }
}
