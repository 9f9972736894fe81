/* notify_ahead_world.h - notices planned for later in the small world of notices: a breach that is
 * to be acknowledged, and reminders. */
#pragma once

#include "notify_ahead.h"
#include "notify_world.h"

static Callout__V1__Act acknowledged[] = { CALLOUT__V1__ACT__ACT_ACKNOWLEDGED };

static inline Callout__V1__EscalationStep *step_of(int64_t after_us, Callout__V1__Role role)
{
    Callout__V1__EscalationStep *step = co_arena_alloc(arena, sizeof(*step));
    callout__v1__escalation_step__init(step);
    step->after_us = after_us;
    step->roles = roles_of(role, ROLE(NONE));
    step->n_roles = role == ROLE(NONE) ? 0 : 1;
    return step;
}

/* The project manager, and he, are to acknowledge a breach; nothing goes up. */
static inline void ask_once(Callout__V1__Role second)
{
    Callout__V1__NoticeRule *rule = add_rule(ON(BREACHED), "", ROLE(PM), second);
    rule->answers = acknowledged;
    rule->n_answers = 1;
}

/* Who is told of a breach is to acknowledge it: after 10 min the director hears of it, after 20 the
 * desk, which nobody holds, so the project manager does. */
static inline Callout__V1__NoticeRule *ask(Callout__V1__NoticeOn on)
{
    static Callout__V1__EscalationStep *steps[2];
    Callout__V1__NoticeRule *rule = add_rule(on, "", ROLE(PM), ROLE(NONE));
    rule->answers = acknowledged;
    rule->n_answers = 1;
    steps[0] = step_of(10 * MINUTE, ROLE(DIRECTOR));
    steps[1] = step_of(20 * MINUTE, ROLE(DESK));
    rule->unanswered = steps;
    rule->n_unanswered = 2;
    return rule;
}

static inline void remind(void)
{
    static Callout__V1__EscalationStep *steps[2];
    steps[0] = step_of(30 * MINUTE, ROLE(NONE));
    steps[1] = step_of(60 * MINUTE, ROLE(DIRECTOR));
    pack.reminders = steps;
    pack.n_reminders = 2;
}

static inline void act(Callout__V1__Act taken, const char *person)
{
    HAPPENS(COMMAND_APPLIED, command_applied, CommandApplied, x->command_id = 9, x->act = taken,
            x->person = own(person));
}

static inline const struct notify_notice *notice(const char *obligation, const char *slot)
{
    const struct notify_notice *n = notify_case_find(c, obligation, 1, slot);
    ck_assert_msg(n != NULL, "no %s %s in\n%s", obligation, slot, journal);
    return n;
}

static inline void breached_and_asked(void)
{
    set_up();
    (void)ask(ON(BREACHED));
    remind();
    is_opened();
    is_breached();
}

/* Every notice that is due by then goes out. */
static inline void until(int64_t minutes)
{
    world.now_us = NOON + minutes * MINUTE;
    everything_is_sent();
}
