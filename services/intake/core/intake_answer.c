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

void intake_answer_used(const struct intake_answerable *n, int64_t case_id, Callout__V1__Act act,
                        char ret_mark[static CO_ANSWER_MARK + 1])
{
    char code[CO_ANSWER_TEXT];
    bool is_of_offer = act == CALLOUT__V1__ACT__ACT_ACCEPT || act == CALLOUT__V1__ACT__ACT_DECLINE;
    co_answer_code(n->secret, case_id, is_of_offer ? CALLOUT__V1__ACT__ACT_ACCEPT : act, code);
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

void intake_answer_command(const struct intake_answerable *n, Callout__V1__Act act,
                           Callout__V1__Command *command)
{
    static const char offered[] = "offered/";
    command->act = act;
    command->person = (char *)(uintptr_t)n->person;
    command->role = role_of(n->slot);
    if (strncmp(n->obligation, offered, sizeof(offered) - 1) == 0)
        command->order_generation = strtoull(n->obligation + sizeof(offered) - 1, NULL, 10);
}
