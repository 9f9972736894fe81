#include "notify_tell.h"

#include <string.h>

#include "notify_ahead.h"
#include "notify_answer_codes.h"
#include "notify_forms.h"
#include "notify_people.h"

#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name
#define NOTICE_ON_ACT CALLOUT__V1__NOTICE_ON__NOTICE_ON_ACT

/* Templates of a rule, or of the house. */
struct words {
    struct notify_templates templates;
    const Callout__V1__NoticeRule *rule; /* NULL: they are the house's */
};

static struct words words_of_rule(const Callout__V1__NoticeRule *rule)
{
    return (struct words){ notify_templates_of_rule(rule), rule };
}

static struct words words_of_house(enum notify_house which)
{
    return (struct words){ notify_templates_of_house(which), NULL };
}

static bool says_the_same(const struct notify_notice *a, const struct notify_notice *b)
{
    return a->generation == b->generation && a->subject != NULL &&
           strcmp(a->obligation, b->obligation) == 0 && strcmp(a->subject, b->subject) == 0 &&
           strcmp(a->body, b->body) == 0;
}

/* Whoever holds two roles is not told the same twice. NULL: he was not told this yet. */
static const struct notify_notice *find_double(const struct notify_case *c,
                                               const struct notify_notice *n, const char *once)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct notify_notice *other = c->notices[i];
        bool is_enough = once != NULL && strncmp(other->obligation, once, strlen(once)) == 0;
        if (other->is_new && strcmp(other->person, n->person) == 0 &&
            (is_enough || says_the_same(other, n)))
            return other;
    }
    return NULL;
}

static uint32_t generation_of(const struct notify_case *c, const struct notify_occasion *o)
{
    return o->generation != 0 ? o->generation : 1 + notify_case_times_gone(c, o->obligation);
}

/* Who, by which channel, at which address: copies, for a notice is sent after its turn was
 * committed, and the registry may be another one by then. Returns why there is no channel; NULL:
 * there is one. */
static const char *address(struct notify_case *c, const Callout__V1__Person *person,
                           struct notify_notice *n)
{
    const char *why = NULL;
    const char *where;
    const Callout__V1__Channel *channel =
        notify_people_channel(c->world->registry, person, &where, &why);
    n->person = notify_case_keep(c, person->key);
    n->channel = notify_case_keep(c, channel == NULL ? "" : channel->key);
    n->address = notify_case_keep(c, where);
    return why;
}

/* By the way that reached him before, where that is still there. */
static const char *address_again(struct notify_case *c, const Callout__V1__Person *person,
                                 const struct notify_notice *before, struct notify_notice *n)
{
    bool is_there = before != NULL && before->address != NULL && before->address[0] != '\0' &&
                    co_registry_channel(c->world->registry, before->channel) != NULL;
    if (!is_there)
        return address(c, person, n);
    n->person = notify_case_keep(c, person->key);
    n->channel = before->channel;
    n->address = before->address;
    return NULL;
}

static bool has_answers(const struct words *w)
{
    return w->rule != NULL && w->rule->n_answers > 0;
}

/* `before` NULL: he is told for the first time. */
static void tell_person(struct notify_case *c, const struct notify_occasion *o, const char *slot,
                        const struct notify_notice *before, const Callout__V1__Person *person,
                        const struct words *w)
{
    struct notify_notice n = { .obligation = o->obligation,
                               .slot = slot,
                               .not_before_us = o->at_us };
    n.generation = generation_of(c, o);
    if (notify_case_find(c, n.obligation, n.generation, n.slot) != NULL)
        return; /* said already */
    const char *why = address_again(c, person, before, &n);
    if (why == NULL)
        notify_answer_codes_give(c, o, has_answers(w) ? w->rule : o->asks, &n);
    notify_forms_write(c, o, &w->templates, person, &n);
    const struct notify_notice *twin = find_double(c, &n, o->once);
    if (twin != NULL)
        why = notify_case_text(c, "told as %s", twin->slot);
    (void)notify_case_plan(c, &n, why, twin != NULL);
}

static void tell_nobody(struct notify_case *c, const struct notify_occasion *o, const char *role)
{
    const char *slot = notify_case_text(c, "%s/0", role);
    const char *why = notify_case_text(c, "nobody holds the role %s", role);
    if (slot == NULL || why == NULL)
        return;
    struct notify_notice n = { .obligation = o->obligation,
                               .slot = slot,
                               .person = "",
                               .channel = "",
                               .address = "",
                               .subject = "",
                               .body = "" };
    n.generation = generation_of(c, o);
    if (notify_case_find(c, n.obligation, n.generation, n.slot) == NULL)
        (void)notify_case_plan(c, &n, why, false);
}

static void tell_holders(struct notify_case *c, const struct notify_occasion *o,
                         Callout__V1__Role role, struct words w)
{
    const Callout__V1__Person *persons[NOTIFY_PERSONS_MAX];
    char name[NOTIFY_ROLE_TEXT];
    notify_people_role_name(role, name);
    size_t count = notify_people_find(c, role, persons);
    if (count == 0)
        tell_nobody(c, o, name);
    for (size_t i = 0; i < count; i++) {
        const char *slot = notify_case_text(c, "%s/%zu", name, i);
        if (slot != NULL)
            tell_person(c, o, slot, NULL, persons[i], &w);
    }
}

/* ---- rules ---- */

static bool has_severity(const Callout__V1__NoticeRule *rule, uint32_t severity)
{
    bool is_any = rule->n_severities == 0;
    for (size_t i = 0; i < rule->n_severities && !is_any; i++)
        is_any = rule->severities[i] == severity;
    return is_any;
}

static bool fits(const struct notify_case *c, const Callout__V1__NoticeRule *rule,
                 const struct notify_occasion *o)
{
    return rule->on == o->on && (rule->on != NOTICE_ON_ACT || rule->act == o->act) &&
           (rule->milestone[0] == '\0' || strcmp(rule->milestone, o->milestone) == 0) &&
           (rule->what[0] == '\0' || (o->what != NULL && strcmp(rule->what, o->what) == 0)) &&
           has_severity(rule, notify_case_severity(c));
}

uint32_t notify_tell_bit(Callout__V1__Role role)
{
    return (unsigned)role < 32 ? UINT32_C(1) << (unsigned)role : 0;
}

uint32_t notify_tell_by_rules(struct notify_case *c, const struct notify_occasion *o)
{
    uint32_t done = 0;
    const Callout__V1__PolicyPack *p = c->policy;
    for (size_t i = 0; p != NULL && i < p->n_notices; i++) {
        const Callout__V1__NoticeRule *rule = p->notices[i];
        bool is_told = false;
        for (size_t j = 0; fits(c, rule, o) && j < rule->n_roles; j++) {
            Callout__V1__Role role = rule->roles[j];
            bool is_hidden = o->is_internal && role == ROLE(CUSTOMER);
            if ((done & notify_tell_bit(role)) == 0 && !is_hidden &&
                notify_people_is_meant(c, role)) {
                tell_holders(c, o, role, words_of_rule(rule));
                is_told = true;
            }
            done |= notify_tell_bit(role);
        }
        if (is_told)
            notify_ahead_unanswered(c, o, rule);
    }
    return done;
}

/* The words for that role: of the first rule of the pack, else the house's. */
static struct words words_for(const struct notify_case *c, const struct notify_occasion *o,
                              Callout__V1__Role role, enum notify_house house)
{
    for (size_t i = 0; c->policy != NULL && i < c->policy->n_notices; i++) {
        const Callout__V1__NoticeRule *rule = c->policy->notices[i];
        for (size_t j = 0; fits(c, rule, o) && j < rule->n_roles; j++)
            if (rule->roles[j] == role)
                return words_of_rule(rule);
    }
    return words_of_house(house);
}

void notify_tell_roles(struct notify_case *c, const struct notify_occasion *o,
                       const Callout__V1__Role *roles, size_t count, enum notify_house words)
{
    bool is_anybody = false;
    for (size_t i = 0; i < count; i++) {
        if (!notify_people_is_meant(c, roles[i]))
            continue;
        tell_holders(c, o, roles[i], words_for(c, o, roles[i], words));
        is_anybody = true;
    }
    if (!is_anybody)
        tell_holders(c, o, ROLE(PM), words_for(c, o, ROLE(PM), words));
}

/* The role of a slot; ROLE_NONE: none of ours. */
static Callout__V1__Role role_of(const char *slot)
{
    char name[NOTIFY_ROLE_TEXT];
    const ProtobufCEnumDescriptor *d = &callout__v1__role__descriptor;
    for (unsigned i = 0; i < d->n_values; i++) {
        notify_people_role_name((Callout__V1__Role)d->values[i].value, name);
        size_t len = strlen(name);
        if (strncmp(slot, name, len) == 0 && slot[len] == '/')
            return (Callout__V1__Role)d->values[i].value;
    }
    return ROLE(NONE);
}

void notify_tell_role(struct notify_case *c, const struct notify_occasion *o,
                      Callout__V1__Role role, enum notify_house words)
{
    tell_holders(c, o, role, words_of_house(words));
}

void notify_tell_follow_up(struct notify_case *c, const struct notify_occasion *o,
                           const struct notify_notice *before, const Callout__V1__Person *person,
                           enum notify_house words)
{
    struct words w = words_for(c, o, role_of(before->slot), words);
    tell_person(c, o, before->slot, before, person, &w);
}

void notify_tell_again(struct notify_case *c, const struct notify_occasion *o, const char *slot,
                       const struct notify_notice *before, const Callout__V1__Person *person,
                       enum notify_house words)
{
    struct words w = words_of_house(words);
    tell_person(c, o, slot, before, person, &w);
}
