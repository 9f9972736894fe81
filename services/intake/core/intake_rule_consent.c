/* How a consent to remote access is checked, field by field. */
#include "intake_rule.h"

#include <string.h>

enum { KEY_CHARS = 64, SYSTEM_CHARS = 200, SYSTEMS_MAX = 32, PERSONS_MAX = 32 };

#define CONSENT(member) offsetof(Callout__V1__Consent, member)

static const struct intake_rule systems = { "command.consent.systems", intake_rule_texts, CONSENT(systems), CONSENT(n_systems), 1,
                                            SYSTEM_CHARS, SYSTEMS_MAX, NULL };
static const struct intake_rule parts[] = {
    { "command.consent.key", intake_rule_text, CONSENT(key), 0, 1, KEY_CHARS, 0, NULL },
    { "command.consent.persons", intake_rule_texts, CONSENT(persons), CONSENT(n_persons), 1, KEY_CHARS, PERSONS_MAX, NULL },
    { "command.consent.from_us", intake_rule_agreed_if_any, CONSENT(from_us), 0, 0, 0, 0, NULL },
    { "command.consent.until_us", intake_rule_agreed, CONSENT(until_us), 0, 0, 0, 0, NULL },
};

static const Callout__V1__Consent *consent_of(const struct intake_rule *rule, const void *message)
{
    return *(Callout__V1__Consent *const *)(const void *)((const char *)message + rule->at);
}

static bool complain(const struct intake_check_options *o, struct intake_complaint *c, const char *field, const char *what,
                     const char *allowed)
{
    intake_complain(c, o->arena, CALLOUT__V1__CODE__CODE_INVALID, field, "%s %s", field, what);
    intake_allow(c, "%s", allowed);
    return false;
}

static bool is_key(const char *text)
{
    return text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-")] == '\0';
}

bool intake_rule_consent(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                         struct intake_complaint *c)
{
    const Callout__V1__Consent *x = consent_of(rule, message);
    if (x == NULL)
        return rule->min == 0 || complain(o, c, rule->field, "is missing", "key, systems, from_us, until_us");
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (!parts[i].holds(o, &parts[i], x, c))
            return false;
    if (!is_key(x->key))
        return complain(o, c, parts[0].field, "is not a key", "1..64 characters of a-z 0-9 . _ -");
    if (x->n_systems == 0)
        return complain(o, c, systems.field, "is missing", "1..32 systems of 1..200 characters each");
    if (!systems.holds(o, &systems, x, c))
        return false;
    return x->until_us > x->from_us ||
           complain(o, c, "command.consent.until_us", "is not after from_us", "a time after from_us: the end is exclusive");
}

bool intake_rule_consent_use(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                             struct intake_complaint *c)
{
    static const Callout__V1__Act takes[] = { CALLOUT__V1__ACT__ACT_CONSENT_ASKED, CALLOUT__V1__ACT__ACT_CONSENT_GIVEN,
                                              CALLOUT__V1__ACT__ACT_CONSENT_CHANGED, CALLOUT__V1__ACT__ACT_SESSION_STARTED };
    const Callout__V1__Command *command = message;
    bool is_taken = command->consent == NULL;
    for (size_t i = 0; i < sizeof(takes) / sizeof(takes[0]); i++)
        is_taken = is_taken || takes[i] == command->act;
    if (!is_taken)
        return complain(o, c, rule->field, "does not belong to this act",
                        "consent_asked, consent_given, consent_changed, session_started");
    bool is_other = command->consent != NULL && command->consent->key[0] != '\0' && command->name[0] != '\0' &&
                    strcmp(command->consent->key, command->name) != 0;
    return !is_other || complain(o, c, "command.name", "is not the key of the consent", command->consent->key);
}

bool intake_rule_consent_key(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                             struct intake_complaint *c)
{
    struct intake_rule key = *rule;
    const Callout__V1__Command *command = message;
    key.min = command->consent == NULL ? 1 : 0;
    key.max = KEY_CHARS;
    return intake_rule_text(o, &key, message, c);
}

bool intake_rule_entered(const struct intake_check_options *o, const struct intake_rule *rule, const void *message,
                         struct intake_complaint *c)
{
    const Callout__V1__Consent *x = consent_of(rule, message);
    if (x == NULL)
        return true;
    if (x->key[0] != '\0' || x->n_persons > 0 || x->from_us != 0 || x->until_us != 0 || x->operate)
        return complain(o, c, "command.consent", "says more than the systems that are entered", "systems");
    return systems.holds(o, &systems, x, c);
}
