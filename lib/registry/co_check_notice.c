/* Rules of notices. */
#include <string.h>

#include "co_check.h"

#define PATIENCE_MAX_US (INT64_C(30) * 24 * 3600 * 1000000)
#define NOTICE(name) CALLOUT__V1__NOTICE_ON__NOTICE_ON_##name

static bool has_what(Callout__V1__Action *const *actions, size_t count, const char *what)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(actions[i]->what, what) == 0)
            return true;
    return false;
}

/* Whether an action of the milestone speaks of it. */
static bool speaks_of(const Callout__V1__Milestone *m, const char *what)
{
    for (size_t i = 0; i < m->n_warnings; i++)
        if (has_what(m->warnings[i]->actions, m->warnings[i]->n_actions, what))
            return true;
    return has_what(m->on_warning, m->n_on_warning, what) ||
           has_what(m->on_breach, m->n_on_breach, what);
}

static bool is_of(const Callout__V1__NoticeRule *r, const Callout__V1__Milestone *m)
{
    return r->milestone[0] == '\0' || strcmp(r->milestone, m->name) == 0;
}

/* What may be missing where nobody is left to ask (NobodyLeft.missing). */
static bool is_missing_word(const char *what)
{
    static const char *const words[] = {
        "free_engineer", "skill", "engineer",       "acceptance",
        "position",      "shift", "named_engineer", "agreed_time"
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i], what) == 0)
            return true;
    return false;
}

/* Whether `what` can be what such a notice is about; `is_said`: an action speaks of it. */
static void check_what(struct co_check *c, const Callout__V1__NoticeRule *r, bool is_said)
{
    bool has_action =
        r->on == NOTICE(TOLD) || r->on == NOTICE(PROPOSED) || r->on == NOTICE(WITHDRAWN);
    if (r->what[0] == '\0')
        return;
    if (r->on == NOTICE(PROMISED)) {
        if (strcmp(r->what, "agreed_time") != 0)
            check_say(c, "what", "agreed_time", "a promise is no \"%.64s\"", r->what);
        return;
    }
    if (r->on == NOTICE(ACT) && r->act == CALLOUT__V1__ACT__ACT_CALLED_BACK) {
        if (strcmp(r->what, "dissatisfied") != 0)
            check_say(c, "what", "dissatisfied", "a call is never \"%.64s\"", r->what);
        return;
    }
    if (r->on == NOTICE(CONSENT)) {
        check_consent_state(c, "what", r->what);
        return;
    }
    if (r->on == NOTICE(NOBODY_LEFT) && !is_missing_word(r->what))
        check_say(c, "what",
                  "free_engineer, skill, engineer, acceptance, position, shift, named_engineer, "
                  "agreed_time",
                  "\"%.64s\" is never what is missing", r->what);
    else if (r->on != NOTICE(NOBODY_LEFT) && !has_action)
        check_say(
            c, "what",
            "on: told, on: proposed, on: withdrawn, on: nobody_left, on: consent, act: called_back",
            "belongs to notices of actions");
    else if (has_action && !is_said)
        check_say(c, "what", "the \"what\" of an action", "no action%s speaks of \"%.64s\"",
                  r->milestone[0] == '\0' ? "" : " of this milestone", r->what);
}

static bool has_unanswered(const Callout__V1__PolicyPack *x)
{
    for (size_t i = 0; i < x->n_notices; i++)
        if (x->notices[i]->n_unanswered > 0)
            return true;
    return false;
}

/* A rule that can never fit is a mistake. */
static void check_reachable(struct co_check *c, const Callout__V1__PolicyPack *x,
                            const Callout__V1__NoticeRule *r)
{
    bool is_said = false;
    bool has_ladder = false;
    for (size_t i = 0; i < x->n_milestones; i++) {
        const Callout__V1__Milestone *m = x->milestones[i];
        is_said = is_said || (is_of(r, m) && speaks_of(m, r->what));
        has_ladder = has_ladder || (is_of(r, m) && m->n_ladder > 0);
    }
    check_what(c, r, is_said);
    if (r->on == NOTICE(UNANSWERED) && !has_unanswered(x))
        check_say(c, "on", "a rule with \"unanswered\"", "no notice has to be answered in time");
    if (r->on == NOTICE(REMINDED) && r->milestone[0] != '\0')
        check_say(c, "milestone", "none", "an acknowledgement is of the case, not of a milestone");
    if (r->on == NOTICE(REMINDED) && x->n_reminders == 0)
        check_say(c, "on", "a pack with \"reminders\"", "nobody is reminded of anything");
    if (r->on == NOTICE(ESCALATED) && !has_ladder)
        check_say(c, "on", "a milestone with \"ladder\"", "nothing%s has a ladder",
                  r->milestone[0] == '\0' ? "" : " of this name");
}

/* At most one row for a severity; no channel is tried longer than all of them together. */
static void check_patience(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    check_range(c, "gather_from", x->gather_from, 0, (double)x->n_severities + 1);
    for (size_t i = 0; i < x->n_patience; i++) {
        const Callout__V1__NoticePatience *p = x->patience[i];
        size_t mark = check_push_index(c, "patience", i);
        check_severities(c, "severity", x, &p->severity, 1);
        for (size_t k = 0; k < i; k++)
            if (x->patience[k]->severity == p->severity)
                check_say(c, "severity", "one row for each", "level %u stands there twice",
                          p->severity);
        if (p->give_up_us < 0 || p->give_up_us > PATIENCE_MAX_US)
            check_say(c, "give_up", "0 to 30 days", "is out of range");
        if (p->next_channel_us < 0 || (p->give_up_us > 0 && p->next_channel_us > p->give_up_us))
            check_say(c, "next_channel", "0 to give_up", "is longer than all channels may take");
        if (p->give_up_us == 0 && p->next_channel_us == 0)
            check_say(c, "", "give_up, next_channel", "says nothing");
        check_pop(c, mark);
    }
}

#define ANSWER_MAX_US (INT64_C(30) * 24 * 3600 * 1000000)

static void check_answers(struct co_check *c, const Callout__V1__NoticeRule *r)
{
    for (size_t i = 0; i < r->n_answers; i++) {
        Callout__V1__Act act = r->answers[i];
        bool is_of_offer =
            act == CALLOUT__V1__ACT__ACT_ACCEPT || act == CALLOUT__V1__ACT__ACT_DECLINE;
        bool is_of_consent = act == CALLOUT__V1__ACT__ACT_CONSENT_GIVEN ||
                             act == CALLOUT__V1__ACT__ACT_CONSENT_REFUSED;
        size_t mark = check_push_index(c, "answers", i);
        if (!is_of_offer && !is_of_consent && act != CALLOUT__V1__ACT__ACT_ACKNOWLEDGED &&
            act != CALLOUT__V1__ACT__ACT_CALL_ME_BACK)
            check_say(c, "",
                      "accept, decline, acknowledged, call_me_back, consent_given, consent_refused",
                      "nothing else is answered by a code");
        if (is_of_consent && (r->on != NOTICE(CONSENT) || strcmp(r->what, "asked") != 0))
            check_say(c, "", "on: consent with what: asked",
                      "only who is asked for a consent gives or refuses it");
        if (is_of_offer && r->on != NOTICE(OFFERED))
            check_say(c, "", "on: offered", "only an offer is accepted or declined");
        check_pop(c, mark);
    }
    if (r->answer_for_us < 0 || r->answer_for_us > ANSWER_MAX_US)
        check_say(c, "answer_for", "0 to 30 days", "is out of range");
    if (r->answer_for_us != 0 && r->n_answers == 0)
        check_say(c, "answer_for", "answers", "there is nothing to answer");
}

static bool asks(const Callout__V1__NoticeRule *r, Callout__V1__Act act)
{
    for (size_t i = 0; i < r->n_answers; i++)
        if (r->answers[i] == act)
            return true;
    return false;
}

/* An offer has its own time, a breach's ladder its own steps, and what is told by an action or
 * about a notice is not asked for again. */
static void check_unanswered(struct co_check *c, const Callout__V1__NoticeRule *r)
{
    static const Callout__V1__NoticeOn never[] = { NOTICE(OFFERED),    NOTICE(ESCALATED),
                                                   NOTICE(TOLD),       NOTICE(WITHDRAWN),
                                                   NOTICE(UNANSWERED), NOTICE(REMINDED) };
    if (r->n_unanswered == 0)
        return;
    if (!asks(r, CALLOUT__V1__ACT__ACT_ACKNOWLEDGED))
        check_say(c, "unanswered", "answers: [acknowledged]", "nobody is asked to acknowledge it");
    for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
        if (r->on == never[i])
            check_say(c, "unanswered", "another \"on\"",
                      "is not for offers, ladders, actions, corrections and reminders");
    check_steps(c, "unanswered", r->unanswered, r->n_unanswered, "the notice");
    for (size_t i = 0; i < r->n_unanswered; i++) {
        size_t mark = check_push_index(c, "unanswered", i);
        check_some_roles(c, r->unanswered[i]->roles, r->unanswered[i]->n_roles);
        check_pop(c, mark);
    }
}

/* A step without roles reminds whoever acknowledged. */
static void check_reminders(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    check_steps(c, "reminders", x->reminders, x->n_reminders, "the acknowledgement");
    for (size_t i = 0; i < x->n_reminders; i++) {
        size_t mark = check_push_index(c, "reminders", i);
        if (x->reminders[i]->n_roles > 0)
            check_some_roles(c, x->reminders[i]->roles, x->reminders[i]->n_roles);
        check_pop(c, mark);
    }
}

static bool is_of_steps(Callout__V1__NoticeOn on)
{
    return on == NOTICE(STEP_OPENED) || on == NOTICE(STEP_HANDED_OVER) || on == NOTICE(STEP_DONE);
}

void check_notices(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    check_patience(c, x);
    check_reminders(c, x);
    const char *names[CO_CHECK_NAMES];
    size_t n = check_milestone_names(x, names);
    for (size_t i = 0; i < x->n_notices; i++) {
        const Callout__V1__NoticeRule *r = x->notices[i];
        size_t mark = check_push_index(c, "notices", i);
        check_enum(c, "on", &callout__v1__notice_on__descriptor, (int)r->on);
        check_answers(c, r);
        check_unanswered(c, r);
        if (r->milestone[0] != '\0')
            check_word(c, "milestone", r->milestone, names, n);
        check_some_roles(c, r->roles, r->n_roles);
        check_severities(c, "severities", x, r->severities, r->n_severities);
        if (r->on == NOTICE(ACT))
            check_enum(c, "act", &callout__v1__act__descriptor, (int)r->act);
        else if (r->act != CALLOUT__V1__ACT__ACT_NONE)
            check_say(c, "act", "on: act", "belongs to notices of acts");
        if (r->step[0] != '\0')
            check_step_name(c, "step", x, r->step);
        if (is_of_steps(r->on) && x->n_steps == 0)
            check_say(c, "on", "a pack with \"steps\"", "there is no step that could be told of");
        else if (r->step[0] != '\0' && !is_of_steps(r->on))
            check_say(c, "step", "on: step_opened, on: step_handed_over, on: step_done",
                      "belongs to notices of steps");
        if ((r->on == NOTICE(BOOKED) || r->on == NOTICE(NOBODY_TO_BOOK)) && x->n_staff == 0)
            check_say(c, "on", "a pack with \"staff\"", "nobody is taken for a span of time");
        check_reachable(c, x, r);
        check_text(c, "subject", r->subject);
        check_templates(c, "subject", r->on, r->subject);
        check_text(c, "body", r->body);
        check_templates(c, "body", r->on, r->body);
        check_notice_forms(c, r);
        check_pop(c, mark);
    }
}
