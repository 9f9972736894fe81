#include "sla_lists.h"
#include "sla_run.h"

#include <string.h>

/* -- conditions */

/* Where the condition is kept; NULL: the pack lacks it. */
static bool *find_condition(const struct sla_run *run, const char *key)
{
    const Callout__V1__PolicyPack *p = run->in->policy;
    for (size_t i = 0; i < p->n_conditions; i++)
        if (strcmp(p->conditions[i]->key, key) == 0)
            return &run->out->conditions[i];
    return NULL;
}

bool sla_condition_holds(const struct sla_run *run, const char *key)
{
    const bool *held = find_condition(run, key);
    return held != NULL && *held;
}

static void condition_changed(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    const char *key = input->name;
    for (size_t i = 0; i < run->slot_count; i++) {
        const Callout__V1__Milestone *m = run->slots[i].milestone;
        if (sla_has_text(m->pause_conditions, m->n_pause_conditions, key))
            sla_hold_update(run, &run->slots[i]);
        if (sla_has_text(m->only_conditions, m->n_only_conditions, key) ||
            sla_has_text(m->unless_conditions, m->n_unless_conditions, key))
            sla_guard_update(run, &run->slots[i], input->act);
    }
}

static void condition_set(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    bool *held = find_condition(run, input->name);
    if (held == NULL || *held)
        return;
    *held = true;
    condition_changed(run, input);
    for (size_t i = 0; i < run->slot_count; i++) {
        const Callout__V1__Milestone *m = run->slots[i].milestone;
        if (sla_has_text(m->start_conditions, m->n_start_conditions, input->name))
            sla_slot_start(run, &run->slots[i]);
    }
}

static void condition_cleared(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    bool *held = find_condition(run, input->name);
    if (held == NULL || !*held)
        return;
    *held = false;
    condition_changed(run, input);
    for (size_t i = 0; i < run->slot_count; i++) {
        const Callout__V1__Milestone *m = run->slots[i].milestone;
        if (sla_has_text(m->cancel_conditions, m->n_cancel_conditions, input->name))
            sla_slot_cancel(run, &run->slots[i], ACT(CONDITION_CLEARED));
    }
}

/* -- severity, waiver, agreement */

static void severity_set(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    if (input->severity < 1 || input->severity > run->in->policy->n_severities ||
        input->severity > SLA_LEVELS_MAX)
        return;
    run->judged = input->severity;
    if (input->severity != run->out->severity)
        sla_level_change(run, (struct sla_change){
                                  .to = input->severity, .rule = "set", .by = ACT(SET_SEVERITY) });
}

static void waived(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    run->out->waived_roles |= sla_role_bit(input->role);
    if (sla_level_is_waived(run) && run->out->severity < run->judged)
        sla_level_change(
            run, (struct sla_change){ .to = run->judged, .rule = "waived", .by = ACT(WAIVE) });
}

bool sla_act_agrees(const Callout__V1__Milestone *m, Callout__V1__Act act)
{
    return m->n_agree > 0 ? sla_has_act(m->agree, m->n_agree, act) : act == ACT(AGREE);
}

static bool is_to_be_agreed(const struct sla_run *run, const struct sla_clock *clock)
{
    for (uint32_t level = 1; level <= SLA_LEVELS_MAX; level++)
        if ((clock->levels >> (level - 1) & 1) != 0 &&
            sla_goal_find(&run->terms, clock->milestone, level).kind ==
                CALLOUT__V1__TARGET_KIND__TARGET_AGREED)
            return true;
    return false;
}

/* The time that an act brings; an agreement without one takes up the proposal. */
static int64_t agreed_by(const struct sla_run *run, const Callout__V1__SlaInput *input)
{
    return input->act == ACT(AGREE) && input->agreed_us == 0 ? run->out->proposed_us
                                                             : input->agreed_us;
}

static void agree(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act act,
                  int64_t agreed_us)
{
    if (agreed_us == 0 || !sla_act_agrees(slot->milestone, act) || !sla_slot_is_open(slot) ||
        slot->clock->is_breached || !is_to_be_agreed(run, slot->clock))
        return;
    slot->clock->agreed_us = agreed_us;
    (void)sla_clock_update(run, slot);
}

static void proposed(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    run->out->proposed_us = input->agreed_us;
    run->out->proposed_by = input->role;
}

static void answered(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    (void)input;
    run->out->answered_us = run->time_us;
    run->out->proposed_us = 0;
    run->out->proposed_by = CALLOUT__V1__ROLE__ROLE_NONE;
}

/* -- the date of a case */

static void rescheduled(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    run->terms.date = (struct sla_date){ input->from_us, input->until_us };
    for (size_t i = 0; i < run->slot_count; i++) {
        struct sla_slot *slot = &run->slots[i];
        if (sla_slot_is_open(slot) && !slot->clock->is_breached)
            (void)sla_clock_update(run, slot);
    }
}

/* -- the end of a case */

static void close_case(struct sla_run *run, const char *how, Callout__V1__Act by)
{
    for (size_t i = 0; i < run->slot_count; i++)
        if (sla_slot_is_open(&run->slots[i]))
            sla_clock_end(run, run->slots[i].clock, by);
    sla_consent_close(run);
    run->out->is_closed = true;
    run->out->closed_us = run->time_us;
    Callout__V1__CaseClosed *c = sla_run_emit(run, CALLOUT__V1__EVENT__BODY_CASE_CLOSED,
                                              &callout__v1__case_closed__descriptor);
    if (c == NULL)
        return;
    c->how = sla_run_text(run, how);
    c->closed_us = run->time_us;
}

static void restored(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    (void)input;
    run->out->is_restored = true;
    if (run->in->policy->n_signers == 0)
        close_case(run, "restored", ACT(CLOSED));
}

static void signed_off(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    const Callout__V1__PolicyPack *p = run->in->policy;
    if (!run->out->is_restored)
        return;
    run->out->signed_roles |= sla_role_bit(input->role);
    if (sla_has_all_roles(p->signers, p->n_signers, run->out->signed_roles))
        close_case(run, "signed", ACT(CLOSED));
}

static void cancelled(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    (void)input;
    close_case(run, "cancelled", ACT(CANCEL));
}

static void relapsed(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    (void)input;
    if (!run->out->is_restored)
        return;
    run->out->is_restored = false;
    run->out->signed_roles = 0;
    run->out->waived_roles = 0;
    for (size_t i = 0; i < run->slot_count; i++)
        if (!run->slots[i].is_armed && run->slots[i].met_by == ACT(RESTORED))
            sla_slot_start(run, &run->slots[i]);
}

/* -- one act */

typedef void act_rule(struct sla_run *run, const Callout__V1__SlaInput *input);

struct act_row {
    Callout__V1__Act act;
    act_rule *before; /* the milestones look at it */
    act_rule *after;
};

static const struct act_row rows[] = {
    { ACT(CONDITION_SET), condition_set, NULL },
    { ACT(CONDITION_CLEARED), condition_cleared, NULL },
    { ACT(SET_SEVERITY), severity_set, NULL },
    { ACT(WAIVE), waived, NULL },
    { ACT(RELAPSED), relapsed, NULL },
    { ACT(ACKNOWLEDGED), sla_ladder_acknowledge, NULL },
    { ACT(EXCLUDED), sla_exclusion_begin, NULL },
    { ACT(EXCLUSION_ENDED), sla_exclusion_end, NULL },
    { ACT(CONSENT_ASKED), sla_consent_ask, NULL },
    { ACT(CONSENT_GIVEN), sla_consent_give, NULL },
    { ACT(CONSENT_CHANGED), sla_consent_change, NULL },
    { ACT(CONSENT_WITHDRAWN), sla_consent_withdraw, NULL },
    { ACT(CONSENT_REFUSED), sla_consent_fail, NULL },
    { ACT(CONSENT_NOBODY), sla_consent_fail, NULL },
    { ACT(CONSENT_SILENT), sla_consent_fail, NULL },
    { ACT(SESSION_STARTED), sla_session_start, NULL },
    { ACT(SESSION_ENDED), sla_session_end, NULL },
    { ACT(RESCHEDULE), rescheduled, NULL },
    { ACT(PROPOSE_TIME), NULL, proposed },
    { ACT(REJECT_TIME), NULL, answered },
    { ACT(AGREE), NULL, answered },
    { ACT(RESTORED), NULL, restored },
    { ACT(SIGN), NULL, signed_off },
    { ACT(CANCEL), NULL, cancelled },
};

static const struct act_row *find_row(Callout__V1__Act act)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].act == act)
            return &rows[i];
    return NULL;
}

static void try_milestone(struct sla_run *run, struct sla_slot *slot, Callout__V1__Act act)
{
    const Callout__V1__Milestone *m = slot->milestone;
    if (sla_has_act(m->stop, m->n_stop, act))
        sla_slot_stop(run, slot, act);
    if (sla_has_act(m->cancel, m->n_cancel, act)) {
        sla_slot_cancel(run, slot, act);
        slot->is_cancelled = true;
    }
    if (sla_has_act(m->suspend, m->n_suspend, act))
        sla_slot_suspend(run, slot, act);
    if (sla_has_act(m->pause, m->n_pause, act))
        sla_slot_pause(run, slot, act);
    if (sla_has_act(m->resume, m->n_resume, act))
        sla_slot_resume(run, slot, act);
    if (sla_has_act(m->restart, m->n_restart, act))
        sla_slot_restart(run, slot);
    if (sla_has_act(m->start, m->n_start, act) ||
        (!slot->is_cancelled &&
         sla_has_act(m->start_unless_cancelled, m->n_start_unless_cancelled, act)))
        sla_slot_start(run, slot);
}

static uint64_t bit_of(Callout__V1__Act act)
{
    return (unsigned)act < 64 ? UINT64_C(1) << (unsigned)act : 0;
}

/* Who is sent after a visit that did not solve it goes the whole way of a visit again; who was
 * called about an answer that did not hold is called again. */
static void remember(struct sla_run *run, Callout__V1__Act act)
{
    static const struct {
        Callout__V1__Act act, forgotten;
    } again[] = {
        { ACT(HANDED_UP), ACT(UNDERWAY) },     { ACT(HANDED_UP), ACT(ARRIVED) },
        { ACT(HANDED_UP), ACT(INVESTIGATED) }, { ACT(HANDED_UP), ACT(FINDING_GIVEN) },
        { ACT(HANDED_UP), ACT(RECOMMENDED) },  { ACT(HANDED_UP), ACT(CONSULTED) },
        { ACT(RELAPSED), ACT(ANSWER_GIVEN) },  { ACT(RELAPSED), ACT(CALLED_BACK) },
    };
    for (size_t i = 0; i < sizeof(again) / sizeof(again[0]); i++)
        if (again[i].act == act)
            run->out->acts &= ~bit_of(again[i].forgotten);
    run->out->acts |= bit_of(act);
}

void sla_act_happen(struct sla_run *run, const Callout__V1__SlaInput *input)
{
    const struct act_row *row = find_row(input->act);
    remember(run, input->act);
    if (row != NULL && row->before != NULL)
        row->before(run, input);
    int64_t agreed_us = agreed_by(run, input);
    for (size_t i = 0; i < run->slot_count; i++)
        agree(run, &run->slots[i], input->act, agreed_us);
    for (size_t i = 0; i < run->slot_count; i++)
        try_milestone(run, &run->slots[i], input->act);
    for (size_t i = 0; i < run->slot_count; i++)
        if (run->slots[i].milestone->n_agree > 0)
            agree(run, &run->slots[i], input->act, agreed_us);
    if (row != NULL && row->after != NULL)
        row->after(run, input);
    if (!run->out->is_closed)
        sla_steps_happen(run, input);
}

static void note_made(struct sla_run *run, Callout__V1__Act act)
{
    struct sla_fold *out = run->out;
    struct sla_made_act **list = sla_run_room(run, out->made, out->made_count, &run->made_cap);
    struct sla_made_act *made = sla_run_alloc(run, sizeof(*made));
    if (list == NULL || made == NULL)
        return;
    *made = (struct sla_made_act){ act, run->time_us };
    out->made = list;
    list[out->made_count++] = made;
}

void sla_act_make(struct sla_run *run, Callout__V1__Act act)
{
    note_made(run, act);
    Callout__V1__SlaInput input = CALLOUT__V1__SLA_INPUT__INIT;
    input.occurred_us = run->time_us;
    input.act = act;
    sla_act_happen(run, &input);
}
