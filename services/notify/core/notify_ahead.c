#include "notify_ahead.h"

#include <inttypes.h>
#include <string.h>

#include "notify_people.h"
#include "notify_recall.h"

#define STATE(name) CALLOUT__V1__NOTICE_STATE__NOTICE_##name
#define ON(name) CALLOUT__V1__NOTICE_ON__NOTICE_ON_##name
#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name
#define ACKNOWLEDGED CALLOUT__V1__ACT__ACT_ACKNOWLEDGED
#define REMINDED "reminded"
#define ESCALATED "escalated/"

/* ---- nobody answers ---- */

/* The first who was told it just now; NULL: nobody can be. */
static const struct notify_notice *just_told(const struct notify_case *c, const char *obligation)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct notify_notice *n = c->notices[i];
        if (n->is_new && n->secret != NULL && strcmp(n->obligation, obligation) == 0)
            return n;
    }
    return NULL;
}

void notify_ahead_unanswered(struct notify_case *c, const struct notify_occasion *o,
                             const Callout__V1__NoticeRule *rule)
{
    if (rule->n_unanswered == 0)
        return;
    const struct notify_notice *asking = just_told(c, o->obligation);
    for (size_t i = 0; asking != NULL && i < rule->n_unanswered; i++) {
        const Callout__V1__EscalationStep *step = rule->unanswered[i];
        struct notify_occasion later = { .event = o->event,
                                         .on = ON(UNANSWERED),
                                         .generation = asking->generation,
                                         .milestone = o->milestone,
                                         .due_us = o->due_us,
                                         .is_internal = o->is_internal,
                                         .step = (uint32_t)i + 1,
                                         .told = asking->subject,
                                         .asks = rule,
                                         .at_us = c->world->now_us + step->after_us };
        later.obligation = notify_case_text(c, NOTIFY_UNANSWERED "%s/%zu", o->obligation, i);
        if (later.obligation != NULL)
            notify_tell_roles(c, &later, step->roles, step->n_roles, NOTIFY_HOUSE_SILENT);
    }
}

/* ---- somebody answers ---- */

/* Does the notice ask for that? */
static bool asks_for(const struct notify_notice *n, Callout__V1__Act act)
{
    return (n->answers & co_answer_bit(act)) != 0;
}

/* Or say that it is missing. */
static bool misses(const struct notify_notice *n)
{
    return strncmp(n->obligation, NOTIFY_UNANSWERED, strlen(NOTIFY_UNANSWERED)) == 0 ||
           strncmp(n->obligation, ESCALATED, strlen(ESCALATED)) == 0;
}

static void confirm(struct notify_case *c, Callout__V1__Act act, const char *person)
{
    struct notify_happening has_it = { .input = NOTIFY_CONFIRM };
    for (size_t i = 0; person[0] != '\0' && i < c->count; i++) {
        struct notify_notice *n = c->notices[i];
        bool is_ahead = n->life.state == STATE(PLANNED) && n->life.attempts == 0 && misses(n);
        if (asks_for(n, act) && !is_ahead && strcmp(n->person, person) == 0)
            (void)notify_case_happened(c, n, has_it, "answered");
    }
}

static void silence(struct notify_case *c)
{
    struct notify_happening is_over = { .input = NOTIFY_RECALL };
    for (size_t i = 0; i < c->count; i++) {
        struct notify_notice *n = c->notices[i];
        bool is_to_stop = asks_for(n, ACKNOWLEDGED) || misses(n);
        bool is_waiting = n->life.next_us != INT64_MAX &&
                          (n->life.state == STATE(PLANNED) || n->life.state == STATE(UNKNOWN));
        if (is_to_stop && (is_waiting || n->life.state == STATE(SENDING)))
            (void)notify_case_happened(c, n, is_over, "acknowledged meanwhile");
    }
}

/* The notice by which he was asked last; NULL: he was not. */
static const struct notify_notice *asked_by(const struct notify_case *c, const char *person)
{
    const struct notify_notice *last = NULL;
    for (size_t i = 0; i < c->count; i++) {
        const struct notify_notice *n = c->notices[i];
        if (asks_for(n, ACKNOWLEDGED) && n->life.state != STATE(CANCELLED) &&
            strcmp(n->person, person) == 0)
            last = n;
    }
    return last;
}

/* Who acknowledged is reminded by the way he was asked; where he was not, the project manager is.
 */
static void remind_him(struct notify_case *c, const struct notify_occasion *o, const char *key)
{
    const Callout__V1__Role pm = ROLE(PM);
    const struct notify_notice *asked = key[0] != '\0' ? asked_by(c, key) : NULL;
    const Callout__V1__Person *person =
        asked == NULL ? NULL : co_registry_person(c->world->registry, key);
    if (person != NULL)
        notify_tell_follow_up(c, o, asked, person, NOTIFY_HOUSE_REMINDED);
    else
        notify_tell_roles(c, o, &pm, 1, NOTIFY_HOUSE_REMINDED);
}

static void plan_reminders(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__CommandApplied *a = e->command_applied;
    for (size_t i = 0; c->policy != NULL && i < c->policy->n_reminders; i++) {
        const Callout__V1__EscalationStep *step = c->policy->reminders[i];
        struct notify_occasion o = { .event = e,
                                     .on = ON(REMINDED),
                                     .milestone = "",
                                     .step = (uint32_t)i + 1,
                                     .at_us = c->world->now_us + step->after_us };
        o.obligation = notify_case_text(c, REMINDED "/%" PRIu64 "/%zu", a->command_id, i);
        if (o.obligation == NULL)
            return;
        if (step->n_roles == 0)
            remind_him(c, &o, a->person);
        else
            notify_tell_roles(c, &o, step->roles, step->n_roles, NOTIFY_HOUSE_REMINDED);
    }
}

void notify_ahead_acted(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__CommandApplied *a = e->command_applied;
    confirm(c, a->act, a->person);
    if (a->act != ACKNOWLEDGED) {
        notify_ahead_moved(c, "something was done");
        return;
    }
    silence(c);
    notify_ahead_moved(c, "acknowledged anew");
    plan_reminders(c, e);
}

void notify_ahead_moved(struct notify_case *c, const char *why)
{
    notify_recall_unsent(c, REMINDED, why);
}

void notify_ahead_closed(struct notify_case *c)
{
    notify_recall_unsent(c, REMINDED, "closed meanwhile");
    for (size_t i = 0; i < c->count; i++) {
        struct notify_happening is_over = { .input = NOTIFY_RECALL };
        struct notify_notice *n = c->notices[i];
        if (n->life.state == STATE(PLANNED) &&
            strncmp(n->obligation, NOTIFY_UNANSWERED, strlen(NOTIFY_UNANSWERED)) == 0)
            (void)notify_case_happened(c, n, is_over, "closed meanwhile");
    }
}
