#include "intake_answer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

Callout__V1__Act intake_answer_act(const struct intake_answerable *n, int64_t case_id,
                                   const char mark[static CO_ANSWER_MARK + 1])
{
    for (size_t i = 0; i < CO_ANSWERS; i++)
        if ((n->answers & co_answer_bit(co_answer_acts[i])) != 0 &&
            co_answer_is(n->secret, case_id, co_answer_acts[i], mark))
            return co_answer_acts[i];
    return CALLOUT__V1__ACT__ACT_NONE;
}

/* Of two that exclude one another the one answered first holds. */
static Callout__V1__Act instead_of(Callout__V1__Act act)
{
    if (act == CALLOUT__V1__ACT__ACT_DECLINE)
        return CALLOUT__V1__ACT__ACT_ACCEPT;
    return act == CALLOUT__V1__ACT__ACT_CONSENT_REFUSED ? CALLOUT__V1__ACT__ACT_CONSENT_GIVEN : act;
}

void intake_answer_used(const struct intake_answerable *n, int64_t case_id, Callout__V1__Act act,
                        char ret_mark[static CO_ANSWER_MARK + 1])
{
    char code[CO_ANSWER_TEXT];
    co_answer_code(n->secret, case_id, instead_of(act), code);
    memcpy(ret_mark, code + strlen(code) - CO_ANSWER_MARK, CO_ANSWER_MARK + 1);
}

const char *intake_answer_over(const struct intake_answerable *n, int64_t now_us)
{
    if (n->recalled)
        return "what this code answers no longer holds";
    return now_us > n->answer_by_us ? "the time of this code is over" : NULL;
}

/* "pm" of "pm/0". */
static Callout__V1__Role role_of(const char *slot)
{
    const ProtobufCEnumDescriptor *d = &callout__v1__role__descriptor;
    size_t len = strcspn(slot, "/");
    for (unsigned i = 0; i < d->n_values; i++) {
        const char *name = d->values[i].name + strlen("ROLE_");
        if (strlen(name) == len && strncasecmp(name, slot, len) == 0)
            return (Callout__V1__Role)d->values[i].value;
    }
    return CALLOUT__V1__ROLE__ROLE_NONE;
}

/* "db" of "consent/3/asked/db"; "": it is about no consent. */
static const char *consent_of(const char *obligation)
{
    static const char lead[] = "consent/";
    const char *at = strncmp(obligation, lead, sizeof(lead) - 1) == 0 ? obligation : "";
    for (int i = 0; i < 3; i++) {
        at = strchr(at, '/');
        if (at == NULL)
            return "";
        at++;
    }
    return at;
}

void intake_answer_command(const struct intake_answerable *n, Callout__V1__Act act,
                           Callout__V1__Command *command)
{
    static const char offered[] = "offered/";
    command->act = act;
    command->person = (char *)(uintptr_t)n->person;
    command->role = role_of(n->slot);
    if (strncmp(n->obligation, offered, sizeof(offered) - 1) == 0)
        command->order_generation = strtoull(n->obligation + sizeof(offered) - 1, NULL, 10);
    command->name = (char *)(uintptr_t)consent_of(n->obligation);
}
