/* May the customer be asked, may he let somebody in, may somebody enter? */
#include <stdio.h>
#include <string.h>

#include "co_time.h"
#include "sla_names.h"
#include "sla_verdict_impl.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

enum { LIST = 300 };

bool sla_is_of_consent(Callout__V1__Act act)
{
    return act >= ACT(CONSENT_ASKED) && act <= ACT(SESSION_ENDED);
}

/* -- sentences */

struct when {
    char text[CO_TIME_TEXT];
};

/* In the local time of the site. */
static struct when when(const struct judged *j, int64_t us)
{
    struct when w;
    const struct co_calendar *calendar = j->c->calendars.site.calendar;
    int32_t offset_s = calendar != NULL ? co_calendar_offset_s(calendar, us) / 60 * 60 : 0;
    co_time_format_local(us, offset_s, w.text);
    return w;
}

struct list {
    char text[LIST];
};

static void add(struct list *l, const char *name)
{
    size_t used = strlen(l->text);
    (void)snprintf(l->text + used, sizeof(l->text) - used, "%s%s", used > 0 ? ", " : "", name);
}

static struct list texts(char *const *list, size_t count)
{
    struct list l = { .text = "" };
    for (size_t i = 0; i < count; i++)
        add(&l, list[i]);
    return l;
}

/* -- what the command is about */

static const char *key_of(const struct judged *j)
{
    const Callout__V1__Consent *c = j->command->consent;
    return c != NULL && c->key[0] != '\0' ? c->key : j->command->name;
}

static const Callout__V1__Consent *terms_of(const struct judged *j)
{
    const Callout__V1__Consent *c = j->command->consent;
    return c != NULL && c->n_systems > 0 ? c : NULL;
}

/* Of the command's time; a consent without a state was never asked for nor given. */
static const struct sla_consent *find(const struct judged *j)
{
    const struct sla_consent *c = sla_consent_find(j->then, key_of(j));
    return c != NULL && c->state != NULL ? c : NULL;
}

static const char *by(const struct sla_consent *c)
{
    return c->person[0] != '\0' ? c->person : "somebody";
}

/* Why a consent that is not in force is not. */
static const char *why_not(const struct judged *j, const struct sla_consent *c)
{
    const char *key = key_of(j);
    if (c == NULL)
        return sla_say(j, "The customer was never asked for the consent \"%.64s\".", key);
    struct when at = when(j, c->changed_us);
    if (c->asked != NULL)
        return sla_say(
            j, "The customer was asked for the consent \"%.64s\" and has not answered yet.", key);
    if (strcmp(c->state, "refused") == 0)
        return sla_say(j, "The customer refused the consent \"%.64s\" at %s (%.64s).", key, at.text,
                       by(c));
    if (strcmp(c->state, "nobody") == 0)
        return sla_say(
            j, "When asked for the consent \"%.64s\" nobody was there who could give it (%s).", key,
            at.text);
    if (strcmp(c->state, "silent") == 0)
        return sla_say(j, "The question for the consent \"%.64s\" got no answer (%s).", key,
                       at.text);
    if (strcmp(c->state, "withdrawn") == 0)
        return sla_say(j, "The consent \"%.64s\" was withdrawn at %s by %.64s.", key, at.text,
                       by(c));
    return sla_say(j, "The consent \"%.64s\" expired at %s.", key, at.text);
}

/* -- what the pack says */

static const char *why_no_access(const struct judged *j)
{
    return j->c->policy->n_sessions > 0 ? NULL : "By this policy there is no remote access.";
}

static bool has_happened(const struct judged *j, Callout__V1__Act act)
{
    const Callout__V1__SlaState *s = j->c->state;
    for (size_t i = 0; i < s->n_inputs; i++)
        if (s->inputs[i]->act == act &&
            (j->command == NULL || s->inputs[i]->occurred_us <= j->command->occurred_us))
            return true;
    return false;
}

static bool is_tried(const struct judged *j, const Callout__V1__SessionRule *r)
{
    for (size_t i = 0; i < r->n_after; i++)
        if (has_happened(j, r->after[i]))
            return true;
    return r->n_after == 0;
}

static const char *why_too_early(const struct judged *j)
{
    const Callout__V1__PolicyPack *p = j->c->policy;
    struct list acts = { .text = "" };
    for (size_t i = 0; i < p->n_sessions; i++) {
        if (is_tried(j, p->sessions[i]))
            return NULL;
        for (size_t k = 0; k < p->sessions[i]->n_after; k++) {
            char name[SLA_NAME_TEXT];
            sla_name_of_act(p->sessions[i]->after[k], name);
            add(&acts, name);
        }
    }
    return sla_say(j, "Telephone support has to be tried before remote access: %s.", acts.text);
}

static bool is_role(const struct judged *j, Callout__V1__Role role)
{
    Callout__V1__Role said = j->command->role;
    bool is_held = (unsigned)role < 32 && (j->who->roles >> (unsigned)role & 1) != 0;
    return said != CALLOUT__V1__ROLE__ROLE_NONE ? said == role : is_held;
}

static const char *why_not_his_role(const struct judged *j)
{
    const Callout__V1__PolicyPack *p = j->c->policy;
    struct list roles = { .text = "" };
    for (size_t i = 0; i < p->n_sessions; i++)
        for (size_t k = 0; is_tried(j, p->sessions[i]) && k < p->sessions[i]->n_roles; k++) {
            char name[SLA_NAME_TEXT];
            if (is_role(j, p->sessions[i]->roles[k]))
                return NULL;
            sla_name_of_role(p->sessions[i]->roles[k], name);
            add(&roles, name);
        }
    if (j->command->role == CALLOUT__V1__ROLE__ROLE_NONE)
        return sla_say(j, "Say in which role %.64s enters: by this policy %s may.",
                       j->command->person, roles.text);
    return sla_say(j, "This role may not enter: by this policy %s may.", roles.text);
}

/* -- the customer's word */

static const char *why_not_his(const struct judged *j)
{
    const struct sla_who *w = j->who;
    if (j->command->role == CALLOUT__V1__ROLE__ROLE_CUSTOMER && w->is_contact)
        return NULL;
    bool is_known = w->contacts != NULL && w->contacts[0] != '\0';
    return sla_say(j, "Only a contact of the customer says so, in the customer's name: %s.",
                   is_known ? w->contacts : "the registry names none");
}

static const char *why_over_already(const struct judged *j, const Callout__V1__Consent *terms)
{
    return terms->until_us > j->command->occurred_us
               ? NULL
               : "Its time would be over already: say until when, after now.";
}

const char *sla_may_ask_consent(const struct judged *j)
{
    const char *why = why_no_access(j);
    if (why != NULL || j->command == NULL)
        return why;
    const Callout__V1__Consent *terms = terms_of(j);
    return terms != NULL ? why_over_already(j, terms) : "Say what is asked for: the systems.";
}

/* By the key alone: as it was asked for. */
static const char *why_not_as_asked(const struct judged *j, const struct sla_consent *c)
{
    if (c != NULL && c->asked != NULL)
        return why_over_already(j, c->asked);
    if (c != NULL && c->given != NULL)
        return sla_say(j, "The consent \"%.64s\" was given already; consent_changed changes it.",
                       key_of(j));
    return c == NULL
               ? sla_say(j,
                         "The customer was never asked for the consent \"%.64s\": say the systems.",
                         key_of(j))
               : sla_say(j, "The question for the consent \"%.64s\" was answered already: %s.",
                         key_of(j), c->state);
}

const char *sla_may_give_consent(const struct judged *j)
{
    const char *why = why_no_access(j);
    if (why != NULL || j->command == NULL)
        return why;
    why = why_not_his(j);
    if (why != NULL)
        return why;
    const struct sla_consent *c = find(j);
    const Callout__V1__Consent *terms = terms_of(j);
    bool is_new = c == NULL || c->asked != NULL || c->given == NULL;
    return terms != NULL && is_new ? why_over_already(j, terms) : why_not_as_asked(j, c);
}

static bool has_given(const struct sla_fold *f)
{
    for (size_t i = 0; i < f->consent_count; i++)
        if (f->consents[i]->given != NULL)
            return true;
    return false;
}

/* He changes or takes back what is in force. */
static const char *why_not_given(const struct judged *j)
{
    const char *why = why_no_access(j);
    if (why != NULL)
        return why;
    if (j->command == NULL)
        return has_given(j->fold) ? NULL : "No consent is in force.";
    const struct sla_consent *c = find(j);
    why = why_not_his(j);
    return why != NULL || (c != NULL && c->given != NULL) ? why : why_not(j, c);
}

const char *sla_may_change_consent(const struct judged *j)
{
    const char *why = why_not_given(j);
    if (why != NULL || j->command == NULL || terms_of(j) != NULL)
        return why;
    return "Say the whole consent as it is from now on.";
}

const char *sla_may_withdraw_consent(const struct judged *j)
{
    return why_not_given(j);
}

/* Refused, nobody there, no answer: to a question that waits. */
const char *sla_may_fail_consent(const struct judged *j)
{
    const char *why = why_no_access(j);
    if (why != NULL)
        return why;
    if (j->command == NULL)
        return sla_consent_is_waited_for(j->fold) ? NULL : "No consent is asked for.";
    const struct sla_consent *c = find(j);
    if (c != NULL && c->asked != NULL)
        return NULL;
    return c == NULL
               ? why_not(j, c)
               : sla_say(j, "The question for the consent \"%.64s\" was answered already: %s.",
                         key_of(j), c->state);
}

/* -- entering */

static const char *why_not_covered(const struct judged *j, const struct sla_consent *c)
{
    const Callout__V1__Consent *given = c->given;
    const Callout__V1__Consent *into = terms_of(j);
    const char *person = j->command->person;
    const char *lacks =
        into != NULL ? sla_consent_lacks(given, into->systems, into->n_systems) : NULL;
    if (given->from_us > j->command->occurred_us)
        return sla_say(j, "The consent \"%.64s\" holds from %s on only.", c->key,
                       when(j, given->from_us).text);
    if (!sla_consent_names(given, person))
        return sla_say(j, "The consent \"%.64s\" does not name %.64s, but: %s.", c->key, person,
                       texts(given->persons, given->n_persons).text);
    if (lacks != NULL)
        return sla_say(j, "The consent \"%.64s\" does not let anybody into %.200s, but into: %s.",
                       c->key, lacks, texts(given->systems, given->n_systems).text);
    if (sla_session_find(j->then, c->key, person) != NULL)
        return sla_say(j, "%.64s is in already by the consent \"%.64s\".", person, c->key);
    return NULL;
}

const char *sla_may_start_session(const struct judged *j)
{
    const char *why = why_no_access(j);
    if (why == NULL)
        why = why_too_early(j);
    if (why != NULL)
        return why;
    if (j->command == NULL)
        return has_given(j->fold) ? NULL : "No consent is in force.";
    const struct sla_consent *c = find(j);
    why = why_not_his_role(j);
    if (why != NULL)
        return why;
    return c != NULL && c->given != NULL ? why_not_covered(j, c) : why_not(j, c);
}

const char *sla_may_end_session(const struct judged *j)
{
    bool is_open = false;
    for (size_t i = 0; j->command == NULL && i < j->fold->session_count; i++)
        is_open = is_open || !j->fold->sessions[i]->is_over;
    if (j->command == NULL)
        return is_open ? NULL : "Nobody is in.";
    if (sla_session_find(j->then, key_of(j), j->command->person) != NULL)
        return NULL;
    return sla_say(j, "%.64s is not in by the consent \"%.64s\".", j->command->person, key_of(j));
}
