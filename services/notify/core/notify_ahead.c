#include "notify_ahead.h"

#include <inttypes.h>
#include <string.h>

#include "co_text.h"
#include "notify_kept.h"
#include "notify_people.h"
#include "notify_recall.h"
#include "notify_route.h"

#define STATE(name) CALLOUT__V1__NOTICE_STATE__NOTICE_##name
#define ON(name) CALLOUT__V1__NOTICE_ON__NOTICE_ON_##name
#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name
#define ACKNOWLEDGED CALLOUT__V1__ACT__ACT_ACKNOWLEDGED
#define REMINDED "reminded/"
#define WARNED "warned/"
#define DONE "something was done"

/* ---- nobody answers ---- */

/* What was just told, as one of them was told it, whether it can reach him or not; NULL: it was
 * told before. */
static const struct notify_notice *just_told(const struct notify_case *c, const char *obligation)
{
    const struct notify_notice *told = NULL;
    for (size_t i = c->count; i > 0; i--) {
        const struct notify_notice *n = c->notices[i - 1];
        bool is_it = n->is_new && strcmp(n->obligation, obligation) == 0;
        if (is_it && (told == NULL || (n->generation == told->generation && n->secret != NULL)))
            told = n;
    }
    return told;
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
                                         .asked = o,
                                         .asks = rule,
                                         .at_us = c->world->now_us + step->after_us };
        later.obligation = notify_case_text(c, NOTIFY_UNANSWERED "%s/%zu", o->obligation, i);
        if (later.obligation != NULL)
            notify_tell_roles(c, &later, step->roles, step->n_roles, NOTIFY_HOUSE_SILENT);
    }
}

/* ---- what is not to come any more ---- */

/* Ends what would still come of it; that it is true stays so. */
static void drop(struct notify_case *c, struct notify_notice *n, const char *why)
{
    struct notify_happening enough = { .input = NOTIFY_ENOUGH };
    (void)notify_case_happened(c, n, enough, why);
}

/* All whose obligation begins so. */
static void drop_all(struct notify_case *c, const char *what, const char *why)
{
    for (size_t i = 0; what != NULL && i < c->count; i++)
        if (co_text_begins(c->notices[i]->obligation, what))
            drop(c, c->notices[i], why);
}

/* ---- somebody answers ---- */

static bool asks_for(const struct notify_notice *n, Callout__V1__Act act)
{
    return (n->answers & co_answer_bit(act)) != 0;
}

/* It says that nobody has acknowledged. */
static bool misses(const struct notify_notice *n)
{
    return co_text_begins(n->obligation, NOTIFY_UNANSWERED) ||
           co_text_begins(n->obligation, "escalated/");
}

/* He cannot answer what nobody has tried to send him: that is news to him yet. */
static void confirm(struct notify_case *c, Callout__V1__Act act, const char *person)
{
    struct notify_happening has_it = { .input = NOTIFY_CONFIRM };
    for (size_t i = 0; person[0] != '\0' && i < c->count; i++) {
        struct notify_notice *n = c->notices[i];
        if (asks_for(n, act) && n->life.attempts > 0 && strcmp(n->person, person) == 0)
            (void)notify_case_happened(c, n, has_it, "answered");
    }
}

static void silence(struct notify_case *c)
{
    for (size_t i = 0; i < c->count; i++) {
        struct notify_notice *n = c->notices[i];
        if (misses(n) || (asks_for(n, ACKNOWLEDGED) && n->life.attempts > 0))
            drop(c, n, "acknowledged meanwhile");
    }
}

/* Who was asked has done something else instead of acknowledging. */
static void end_asking(struct notify_case *c, const char *person)
{
    for (size_t i = 0; person[0] != '\0' && i < c->count; i++) {
        const struct notify_notice *n = c->notices[i];
        if (asks_for(n, ACKNOWLEDGED) && n->life.attempts > 0 && strcmp(n->person, person) == 0)
            drop_all(c, notify_case_text(c, NOTIFY_UNANSWERED "%s/", n->obligation), DONE);
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
        o.obligation = notify_case_text(c, REMINDED "%" PRIu64 "/%zu", a->command_id, i);
        if (o.obligation == NULL)
            return;
        if (step->n_roles == 0)
            remind_him(c, &o, a->person);
        else
            notify_tell_roles(c, &o, step->roles, step->n_roles, NOTIFY_HOUSE_REMINDED);
    }
}

/* Acts by which nothing gets on. */
static bool is_progress(Callout__V1__Act act)
{
    static const Callout__V1__Act none[] = {
        CALLOUT__V1__ACT__ACT_NOTE,          CALLOUT__V1__ACT__ACT_RESEND_NOTICE,
        CALLOUT__V1__ACT__ACT_CALL_ME_BACK,  CALLOUT__V1__ACT__ACT_DECLINE,
        CALLOUT__V1__ACT__ACT_REJECT_TIME,   CALLOUT__V1__ACT__ACT_RELAPSED,
        CALLOUT__V1__ACT__ACT_STEP_RETURNED,
    };
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        if (none[i] == act)
            return false;
    return true;
}

static void note_act(struct notify_case *c, Callout__V1__Act act)
{
    if (act != ACKNOWLEDGED && !is_progress(act))
        return;
    c->state->last_act_us = c->world->now_us;
    if (act == ACKNOWLEDGED)
        c->state->acknowledged_us = c->world->now_us;
    c->is_state_changed = true;
}

void notify_ahead_acted(struct notify_case *c, const Callout__V1__Event *e)
{
    const Callout__V1__CommandApplied *a = e->command_applied;
    confirm(c, a->act, a->person);
    note_act(c, a->act);
    if (a->act == ACKNOWLEDGED) {
        silence(c);
        drop_all(c, REMINDED, "acknowledged anew");
        plan_reminders(c, e);
        return;
    }
    if (a->act == CALLOUT__V1__ACT__ACT_APPROVE)
        drop_all(c, NOTIFY_UNANSWERED "held/", "decided meanwhile");
    if (!is_progress(a->act))
        return;
    end_asking(c, a->person);
    drop_all(c, REMINDED, DONE);
}

/* ---- something happens ---- */

static const char *why_met(struct notify_case *c, const char *milestone)
{
    const char *why = notify_case_text(c, "met meanwhile: %s", milestone);
    return why != NULL ? why : "";
}

void notify_ahead_met(struct notify_case *c, const char *milestone)
{
    static const char *const kinds[] = { WARNED, NOTIFY_UNANSWERED WARNED,
                                         NOTIFY_UNANSWERED "breached/",
                                         NOTIFY_UNANSWERED "promised/",
                                         NOTIFY_UNANSWERED "proposed/" };
    const char *why = why_met(c, milestone);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        drop_all(c, notify_case_text(c, "%s%s/", kinds[i], milestone), why);
    drop_all(c, REMINDED, why);
}

/* ---- it had not happened ---- */

/* Did that it is met, or the act by which it was, end the notice, and does nothing else speak
 * against it now? */
static bool comes_back(const struct notify_case *c, const Callout__V1__NotifyClock *clock,
                       const struct notify_notice *n, const char *why_met)
{
    const Callout__V1__NotifyCase *s = c->state;
    bool is_by_met = strcmp(n->detail, why_met) == 0;
    bool is_by_act = strcmp(n->detail, DONE) == 0 && n->settled_us == clock->met_act_us;
    if (n->life.state != STATE(CANCELLED) || n->life.recalled || n->life.attempts > 0)
        return false;
    if (co_text_begins(n->obligation, REMINDED))
        return (is_by_met || is_by_act) && s->last_act_us == clock->met_act_us;
    if (co_text_begins(n->obligation, WARNED))
        return is_by_met && clock->due_us > c->world->now_us;
    return is_by_met && (s->acknowledged_us == 0 || s->acknowledged_us < clock->met_us);
}

/* Steps of the same ladder: all but the last part of their obligations. */
static bool are_steps(const struct notify_notice *a, const struct notify_notice *b)
{
    size_t len = (size_t)(strrchr(a->obligation, '/') - a->obligation) + 1;
    return strncmp(a->obligation, b->obligation, len) == 0 &&
           strchr(b->obligation + len, '/') == NULL;
}

/* Of steps whose time has passed meanwhile only the last is told. */
static bool is_passed_over(const struct notify_case *c, const bool *back, size_t count, size_t at)
{
    const struct notify_notice *n = c->notices[at];
    if (co_text_begins(n->obligation, WARNED) || n->life.since_us > c->world->now_us)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct notify_notice *other = c->notices[i];
        if (back[i] && other->life.since_us > n->life.since_us &&
            other->life.since_us <= c->world->now_us && are_steps(n, other))
            return true;
    }
    return false;
}

void notify_ahead_unmet(struct notify_case *c, const Callout__V1__NotifyClock *clock)
{
    const char *why = why_met(c, clock->milestone);
    size_t count = c->count;
    bool *back = notify_case_alloc(c, count + 1), *told = notify_case_alloc(c, count + 1);
    if (back == NULL || told == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        back[i] = comes_back(c, clock, c->notices[i], why);
    for (size_t i = 0; i < count; i++)
        told[i] = back[i] && !is_passed_over(c, back, count, i);
    for (size_t i = 0; i < count; i++)
        if (told[i])
            notify_route_anew(c, c->notices[i], "not met after all");
}

/* ---- something else happens ---- */

void notify_ahead_goes(struct notify_case *c)
{
    drop_all(c, NOTIFY_UNANSWERED "nobody_left/", "no longer so");
    drop_all(c, NOTIFY_UNANSWERED "at_risk/", "no longer so");
}

void notify_ahead_closed(struct notify_case *c)
{
    drop_all(c, REMINDED, "closed meanwhile");
    drop_all(c, NOTIFY_UNANSWERED, "closed meanwhile");
    notify_kept_forget(c);
}
