#include "notify_tell.h"

#include <string.h>

#include "notify_ahead.h"
#include "notify_answer_codes.h"
#include "notify_forms.h"
#include "notify_instead.h"
#include "notify_kept.h"
#include "notify_people.h"
#include "notify_quiet.h"
#include "notify_who.h"

#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name
#define ON(name) CALLOUT__V1__NOTICE_ON__NOTICE_ON_##name

struct words {
    struct notify_templates templates;
    struct notify_source source;
};

static struct words words_of_rule(const Callout__V1__NoticeRule *rule)
{
    return (struct words){ notify_templates_of_rule(rule), { .rule = rule } };
}

static struct words words_of_house(enum notify_house which)
{
    return (struct words){ notify_templates_of_house(which), { .house = which } };
}

static bool says_the_same(const struct notify_notice *a, const struct notify_notice *b)
{
    return a->generation == b->generation && a->plain_subject != NULL &&
           strcmp(a->obligation, b->obligation) == 0 &&
           strcmp(a->plain_subject, b->plain_subject) == 0 &&
           strcmp(a->plain_body, b->plain_body) == 0;
}

/* Whoever holds two roles, or stands in for another one, is not told the same twice. NULL: he was
 * not told this yet. */
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
    return w->source.rule != NULL && w->source.rule->n_answers > 0;
}

/* Who a notice is for. */
struct reader {
    const char *slot;
    const struct notify_notice *before; /* NULL: he is told for the first time */
    const Callout__V1__Person *person;
    const Callout__V1__Person *stands_for; /* NULL: he is told for himself */
    const char *why;                       /* as notify_who_why() says it */
    bool is_found;                         /* he answers for the role, else he was told before */
};

static void tell_person(struct notify_case *c, const struct notify_occasion *o,
                        const struct reader *to, const struct words *w)
{
    struct notify_notice n = {
        .obligation = o->obligation, .slot = to->slot, .why_him = to->why, .not_before_us = o->at_us
    };
    n.generation = generation_of(c, o);
    if (notify_case_find(c, n.obligation, n.generation, n.slot) != NULL)
        return; /* said already */
    const char *why = address_again(c, to->person, to->before, &n);
    if (why == NULL)
        notify_answer_codes_give(c, o, has_answers(w) ? w->source.rule : o->asks, &n);
    notify_forms_write(c, o, &w->templates, to->person, &n);
    n.plain_subject = n.subject;
    n.plain_body = n.body;
    if (to->stands_for != NULL) {
        n.stands_for = notify_case_keep(c, to->stands_for->key);
        notify_instead_mark(c, &n, to->stands_for, notify_language_of(to->person->language));
    }
    const struct notify_notice *twin = find_double(c, &n, o->once);
    if (twin != NULL)
        why = notify_case_text(c, "told as %s", twin->slot);
    struct notify_notice *planned = notify_case_plan(c, &n, why, twin != NULL);
    if (planned == NULL)
        return;
    notify_quiet_hold(c, o, to->person, planned);
    planned->recheck_us =
        to->is_found && notify_quiet_has_waited(planned) ? planned->life.next_us : 0;
    if (planned->recheck_us != 0)
        notify_kept_note(c, planned, o, &w->source);
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

/* One of those who were found for the role, the `i`-th. */
static void tell_found(struct notify_case *c, const struct notify_occasion *o,
                       Callout__V1__Role role, const struct notify_who *found, size_t i,
                       const struct words *w)
{
    const struct co_holder *one = &found->who[i];
    char name[NOTIFY_ROLE_TEXT];
    notify_people_role_name(role, name);
    struct reader to = { .slot = notify_case_text(c, "%s/%zu", name, i),
                         .person = one->person,
                         .stands_for = one->stands_for,
                         .why = notify_who_why(c, found, role, one),
                         .is_found = true };
    if (to.slot != NULL && to.why != NULL)
        tell_person(c, o, &to, w);
}

/* Once for a case and a role those who look after the installation hear that a role had nobody. */
static void tell_administrators(struct notify_case *c, const struct notify_occasion *o,
                                Callout__V1__Role role, bool is_held)
{
    bool is_known = role == ROLE(ENGINEER) || /* an engineer who is gone is said by dispatch */
                    (c->state->missing_roles & notify_tell_bit(role)) != 0;
    char name[NOTIFY_ROLE_TEXT];
    notify_people_role_name(role, name);
    struct notify_who found = notify_who_administers(c);
    struct words w =
        words_of_house(is_held ? NOTIFY_HOUSE_NOBODY_ON_DUTY : NOTIFY_HOUSE_NOBODY_HOLDS);
    struct notify_occasion missing = { .event = o->event, .milestone = "", .generation = 1 };
    missing.obligation = notify_case_text(c, "nobody/%s", name);
    missing.what = notify_case_text(c, "%s", name);
    if (is_known || found.count == 0 || missing.obligation == NULL || missing.what == NULL)
        return;
    c->state->missing_roles |= notify_tell_bit(role);
    c->is_state_changed = true;
    for (size_t i = 0; i < found.count; i++)
        tell_found(c, &missing, ROLE(DESK), &found, i, &w);
}

static void tell_holders(struct notify_case *c, const struct notify_occasion *o,
                         Callout__V1__Role role, struct words w)
{
    char name[NOTIFY_ROLE_TEXT];
    notify_people_role_name(role, name);
    struct notify_who found = notify_who_find(c, role);
    if (found.count == 0)
        tell_nobody(c, o, name);
    for (size_t i = 0; i < found.count; i++)
        tell_found(c, o, role, &found, i, &w);
    if (found.count > 0 && notify_who_is_missing(&found, role))
        tell_administrators(c, o, role, found.is_held);
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
    return rule->on == o->on && (rule->on != ON(ACT) || rule->act == o->act) &&
           (rule->milestone[0] == '\0' || strcmp(rule->milestone, o->milestone) == 0) &&
           (rule->step[0] == '\0' || (o->duty != NULL && strcmp(rule->step, o->duty->key) == 0)) &&
           (rule->what[0] == '\0' || (o->what != NULL && strcmp(rule->what, o->what) == 0)) &&
           has_severity(rule, notify_case_severity(c));
}

uint32_t notify_tell_bit(Callout__V1__Role role)
{
    return (unsigned)role < 32 ? UINT32_C(1) << (unsigned)role : 0;
}

static bool is_role_of(const Callout__V1__Role *roles, size_t count, Callout__V1__Role role)
{
    for (size_t i = 0; i < count; i++)
        if (roles[i] == role)
            return true;
    return false;
}

/* A rule for all steps tells of each only whose turn it is: to do it, or to accept it. */
static bool is_concerned(const Callout__V1__NoticeRule *rule, const struct notify_occasion *o,
                         Callout__V1__Role role)
{
    const Callout__V1__Step *s = o->duty;
    if (rule->step[0] != '\0' || s == NULL)
        return true;
    if (o->on == ON(STEP_OPENED))
        return is_role_of(s->responsible, s->n_responsible, role);
    return o->on != ON(STEP_HANDED_OVER) || is_role_of(s->accepted_by, s->n_accepted_by, role);
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
            if (!is_concerned(rule, o, role))
                continue;
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

void notify_tell_role(struct notify_case *c, const struct notify_occasion *o,
                      Callout__V1__Role role, enum notify_house words)
{
    tell_holders(c, o, role, words_of_house(words));
}

/* Whoever was told for somebody else is told again for him. */
static struct reader reader_before(const struct notify_case *c, const char *slot,
                                   const struct notify_notice *before,
                                   const Callout__V1__Person *person)
{
    struct reader to = { .slot = slot, .before = before, .person = person, .why = "" };
    if (before->stands_for != NULL && before->stands_for[0] != '\0')
        to.stands_for = co_registry_person(c->world->registry, before->stands_for);
    return to;
}

void notify_tell_follow_up(struct notify_case *c, const struct notify_occasion *o,
                           const struct notify_notice *before, const Callout__V1__Person *person,
                           enum notify_house words)
{
    struct words w = words_for(c, o, notify_people_role_of(before->slot), words);
    struct reader to = reader_before(c, before->slot, before, person);
    tell_person(c, o, &to, &w);
}

void notify_tell_again(struct notify_case *c, const struct notify_occasion *o, const char *slot,
                       const struct notify_notice *before, const Callout__V1__Person *person,
                       enum notify_house words)
{
    struct words w = words_of_house(words);
    struct reader to = reader_before(c, slot, before, person);
    tell_person(c, o, &to, &w);
}

bool notify_tell_anew(struct notify_case *c, struct notify_notice *n,
                      const Callout__V1__Person *person)
{
    struct notify_kept kept;
    if (!notify_kept_find(c, n, &kept))
        return false;
    const Callout__V1__NoticeRule *rule = kept.source.rule;
    struct words w = rule != NULL ? words_of_rule(rule) : words_of_house(kept.source.house);
    notify_forms_write(c, &kept.about, &w.templates, person, n);
    return true;
}
