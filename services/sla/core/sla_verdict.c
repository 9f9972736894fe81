#include "sla_verdict_impl.h"

#include <string.h>

#include "sla_lists.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name
#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name

static const char *never(const struct judged *j)
{
    (void)j;
    return "This act is made by the system itself.";
}

static const char *always(const struct judged *j)
{
    (void)j;
    return NULL;
}

static bool has_bit(uint32_t mask, Callout__V1__Role role)
{
    return (unsigned)role < 32 && (mask >> (unsigned)role & 1) != 0;
}

static const char *may_sign(const struct judged *j)
{
    const Callout__V1__PolicyPack *p = j->c->policy;
    if (!j->fold->is_restored)
        return "The system is not reported as restored, so there is nothing to sign yet.";
    if (j->command == NULL)
        return NULL;
    if (!j->then->is_restored)
        return "At the time of this signature the system was not restored.";
    if (!sla_has_role(p->signers, p->n_signers, j->command->role))
        return "This role does not sign cases of this policy.";
    return has_bit(j->fold->signed_roles, j->command->role) ? "This role has signed already."
                                                            : NULL;
}

static const char *may_waive(const struct judged *j)
{
    const Callout__V1__PolicyPack *p = j->c->policy;
    if (p->n_waivers == 0)
        return "By this policy nobody can agree that the severity need not rise.";
    if (j->command == NULL)
        return NULL;
    if (!sla_has_role(p->waivers, p->n_waivers, j->command->role))
        return "This role has no say in whether the severity rises.";
    return has_bit(j->fold->waived_roles, j->command->role) ? "This role has agreed already."
                                                            : NULL;
}

static const char *may_set_severity(const struct judged *j)
{
    const Callout__V1__PolicyPack *p = j->c->policy;
    if (j->command == NULL)
        return NULL;
    for (size_t i = 0; i < p->n_severities; i++)
        if (p->severities[i]->level == j->command->severity)
            return NULL;
    return "The policy has no such severity.";
}

static bool is_customer(Callout__V1__Role role)
{
    return role == CALLOUT__V1__ROLE__ROLE_CUSTOMER;
}

/* What is said late must not change what an answer given since was about. */
static const char answered_since[] = "A proposed time was answered since: propose anew.";

/* Why this is no answer to a proposal: the other side gives it. */
static const char *why_no_answer(const struct judged *j)
{
    if (j->command->occurred_us < j->fold->answered_us)
        return answered_since;
    if (j->then->proposed_us == 0)
        return "No proposed time waits for an answer; where one was agreed, say which time.";
    if (j->command->role == CALLOUT__V1__ROLE__ROLE_NONE)
        return "Say in whose name the proposed time is answered.";
    return is_customer(j->command->role) != is_customer(j->then->proposed_by)
               ? NULL
               : "The other side answers a proposed time, not the one that made it.";
}

static const char *may_agree(const struct judged *j)
{
    if (!j->fold->awaits_agreement)
        return "No open milestone waits for an agreed time.";
    if (j->command == NULL)
        return NULL;
    if (!j->then->awaits_agreement)
        return "At the time of this agreement no milestone waited for one.";
    const char *why = j->command->agreed_us == 0 ? why_no_answer(j) : NULL;
    int64_t agreed_us = j->command->agreed_us != 0 ? j->command->agreed_us : j->then->proposed_us;
    if (why != NULL || agreed_us > j->command->occurred_us)
        return why;
    return j->command->agreed_us != 0 ? "The agreed time must lie after the agreement."
                                      : "The proposed time has passed: say which time is agreed.";
}

static const char *may_propose(const struct judged *j)
{
    if (!j->fold->awaits_agreement)
        return "No open milestone waits for an agreed time.";
    if (j->command == NULL)
        return NULL;
    if (j->command->occurred_us < j->fold->answered_us)
        return answered_since;
    return j->command->agreed_us > j->command->occurred_us
               ? NULL
               : "The proposed time must lie after the proposal.";
}

static const char *may_reject(const struct judged *j)
{
    if (!j->fold->awaits_agreement)
        return "No open milestone waits for an agreed time.";
    if (j->command == NULL)
        return j->fold->proposed_us == 0 ? "No proposed time waits for an answer." : NULL;
    return why_no_answer(j);
}

static const char no_date[] =
    "When what this case is about takes place is not known: say it first (reschedule).";

/* A report without a date, of a pack that needs one: somebody says it, and then takes the case on.
 */
static bool lacks_date(const struct sla_case *c, const Callout__V1__PolicyPack *p)
{
    if (p == NULL || !p->dated || c->state->ticket == NULL || c->state->ticket->dated_us != 0)
        return false;
    for (size_t i = 0; i < c->state->n_inputs; i++)
        if (c->state->inputs[i]->act == ACT(RESCHEDULE))
            return false;
    return true;
}

static bool has_dates(const struct judged *j)
{
    const Callout__V1__PolicyPack *p = j->c->policy;
    bool has = p->dated || j->fold->date.from_us != 0;
    for (size_t i = 0; i < p->n_milestones; i++)
        for (size_t k = 0; k < p->milestones[i]->n_targets; k++) {
            Callout__V1__TargetKind kind = p->milestones[i]->targets[k]->kind;
            has = has || kind == CALLOUT__V1__TARGET_KIND__TARGET_DATED ||
                  kind == CALLOUT__V1__TARGET_KIND__TARGET_DATED_END;
        }
    return has;
}

/* What takes place already can still be said to last longer. */
static const char *is_ahead(const struct judged *j)
{
    const Callout__V1__CommandReceived *c = j->command;
    if (c == NULL)
        return NULL;
    if (c->until_us != 0 && c->until_us <= c->from_us)
        return "The end of the new date must lie after its begin.";
    return (c->until_us != 0 ? c->until_us : c->from_us) > c->occurred_us
               ? NULL
               : "The new date must lie after the time it was said.";
}

static const char *may_reschedule(const struct judged *j)
{
    return has_dates(j) ? is_ahead(j)
                        : "By this policy nothing of this case is about something that has a date.";
}

static const char *may_expect(const struct judged *j)
{
    return j->command == NULL || j->command->agreed_us > j->command->occurred_us
               ? NULL
               : "When the hardware is expected must lie after the time it was said.";
}

static bool is_archived(const struct sla_case *c)
{
    for (size_t i = 0; i < c->state->n_inputs; i++)
        if (c->state->inputs[i]->act == ACT(ARCHIVE))
            return true;
    return false;
}

static const char *may_archive(const struct judged *j)
{
    const Callout__V1__PolicyPack *p = j->c->policy;
    if (p->n_archivers == 0)
        return "By this policy cases are not archived.";
    if (!j->fold->is_closed)
        return "The case is not closed yet.";
    if (is_archived(j->c))
        return "The case is archived already.";
    return j->command == NULL || sla_has_role(p->archivers, p->n_archivers, j->command->role)
               ? NULL
               : "This role does not archive cases of this policy.";
}

static const char *may_approve(const struct judged *j)
{
    (void)j;
    return "Only a held case can be approved.";
}

static const char *may_name_condition(const struct judged *j)
{
    const Callout__V1__PolicyPack *p = j->c->policy;
    if (j->command == NULL)
        return p->n_conditions > 0 ? NULL : "The policy has no conditions.";
    for (size_t i = 0; i < p->n_conditions; i++)
        if (strcmp(p->conditions[i]->key, j->command->name) == 0)
            return NULL;
    return "The policy has no condition of that name.";
}

/* -- the acts */

enum group {
    GROUP_FACT = 1,
    GROUP_DECISION,
    GROUP_INTERNAL,
};

struct act_row {
    Callout__V1__Act act;
    enum group group;
    check_rule *check; /* of an open case */
    bool may_be_held;  /* a held case takes it */
    bool is_note;      /* taken for ever, without effect on clocks */
};

static const struct act_row rows[] = {
    { ACT(REPORTED), GROUP_INTERNAL, never, false, false },
    { ACT(CASE_ACCEPTED), GROUP_FACT, always, true, false },
    { ACT(CONTACTED), GROUP_FACT, always, true, false },
    { ACT(EXPERT_JOINED), GROUP_FACT, always, true, false },
    { ACT(PROCESS_STARTED), GROUP_FACT, always, true, false },
    { ACT(VENDOR_JOINED), GROUP_FACT, always, true, false },
    { ACT(REMOTE_GAVE_UP), GROUP_FACT, always, true, false },
    { ACT(ONSITE_REQUESTED), GROUP_FACT, always, true, false },
    { ACT(UNDERWAY), GROUP_FACT, always, true, false },
    { ACT(ARRIVED), GROUP_FACT, always, true, false },
    { ACT(INVESTIGATED), GROUP_FACT, always, true, false },
    { ACT(FINDING_GIVEN), GROUP_FACT, always, true, false },
    { ACT(RECOMMENDED), GROUP_FACT, always, true, false },
    { ACT(CONSULTED), GROUP_FACT, always, true, false },
    { ACT(HARDWARE_FAULT), GROUP_FACT, always, true, false },
    { ACT(HARDWARE_READY), GROUP_FACT, always, true, false },
    { ACT(RESTORED), GROUP_FACT, always, true, false },
    { ACT(RELAPSED), GROUP_FACT, always, true, false },
    { ACT(WAITING_CUSTOMER), GROUP_FACT, always, true, false },
    { ACT(CUSTOMER_ANSWERED), GROUP_FACT, always, true, false },
    { ACT(WAITING_VENDOR), GROUP_FACT, always, true, false },
    { ACT(VENDOR_ANSWERED), GROUP_FACT, always, true, false },
    { ACT(CONDITION_SET), GROUP_FACT, may_name_condition, true, false },
    { ACT(CONDITION_CLEARED), GROUP_FACT, may_name_condition, true, false },
    { ACT(ACKNOWLEDGED), GROUP_FACT, always, true, false },
    { ACT(HARDWARE_EXPECTED), GROUP_FACT, may_expect, true, false },
    { ACT(SUBSTITUTE_READY), GROUP_FACT, always, true, false },
    { ACT(FIX_PLANNED), GROUP_FACT, always, true, false },
    { ACT(FIXED), GROUP_FACT, always, true, false },
    { ACT(REPLACED), GROUP_FACT, always, true, false },
    { ACT(HANDED_UP), GROUP_FACT, always, true, false },
    { ACT(ANSWER_GIVEN), GROUP_FACT, always, true, false },
    { ACT(CALLED_BACK), GROUP_FACT, always, true, false },
    { ACT(NOTE), GROUP_FACT, always, true, true },
    { ACT(CALL_ME_BACK), GROUP_FACT, always, true, true },
    { ACT(SIGN), GROUP_DECISION, may_sign, false, false },
    { ACT(WAIVE), GROUP_DECISION, may_waive, false, false },
    { ACT(CANCEL), GROUP_DECISION, always, true, false },
    { ACT(SET_SEVERITY), GROUP_DECISION, may_set_severity, false, false },
    { ACT(APPROVE), GROUP_DECISION, may_approve, true, false },
    { ACT(AGREE), GROUP_DECISION, may_agree, false, false },
    { ACT(PROPOSE_TIME), GROUP_DECISION, may_propose, false, false },
    { ACT(REJECT_TIME), GROUP_DECISION, may_reject, false, false },
    { ACT(ARCHIVE), GROUP_DECISION, may_archive, false, false },
    { ACT(STEP_OPENED), GROUP_DECISION, sla_may_step, false, false },
    { ACT(STEP_DONE), GROUP_DECISION, sla_may_step, false, false },
    { ACT(STEP_ACCEPTED), GROUP_DECISION, sla_may_step, false, false },
    { ACT(STEP_RETURNED), GROUP_DECISION, sla_may_step, false, false },
    { ACT(STEP_SKIPPED), GROUP_DECISION, sla_may_step, false, false },
    { ACT(CONSENT_ASKED), GROUP_FACT, sla_may_ask_consent, false, false },
    { ACT(CONSENT_GIVEN), GROUP_DECISION, sla_may_give_consent, false, false },
    { ACT(CONSENT_CHANGED), GROUP_DECISION, sla_may_change_consent, false, false },
    { ACT(CONSENT_WITHDRAWN), GROUP_DECISION, sla_may_withdraw_consent, false, false },
    { ACT(CONSENT_REFUSED), GROUP_DECISION, sla_may_fail_consent, false, false },
    { ACT(CONSENT_NOBODY), GROUP_FACT, sla_may_fail_consent, false, false },
    { ACT(CONSENT_SILENT), GROUP_FACT, sla_may_fail_consent, false, false },
    { ACT(SESSION_STARTED), GROUP_DECISION, sla_may_start_session, false, false },
    { ACT(SESSION_ENDED), GROUP_FACT, sla_may_end_session, false, false },
    { ACT(RESCHEDULE), GROUP_DECISION, may_reschedule, true, false },
    { ACT(LOCATED), GROUP_INTERNAL, never, false, false },
    { ACT(EXCLUDED), GROUP_INTERNAL, never, false, false },
    { ACT(EXCLUSION_ENDED), GROUP_INTERNAL, never, false, false },
    { ACT(CLOSED), GROUP_INTERNAL, never, false, false },
    { ACT(ENTITLED), GROUP_INTERNAL, never, false, false },
};

enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static const struct act_row unknown_act = { ACT(NONE), GROUP_INTERNAL, never, false, false };

static const struct act_row *find_row(Callout__V1__Act act)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].act == act)
            return &rows[i];
    return &unknown_act;
}

bool sla_verdict_owns(Callout__V1__Act act)
{
    static const Callout__V1__Act of_dispatch[] = {
        ACT(ACCEPT), ACT(DECLINE),     ACT(CONFIRM_ORDER),   ACT(NAME_ENGINEER), ACT(RECALL),
        ACT(WORKED), ACT(DEDUCT_FROM), ACT(ALLOW_OVERDRAFT), ACT(BOOK),          ACT(UNBOOK)
    };
    for (size_t i = 0; i < sizeof(of_dispatch) / sizeof(of_dispatch[0]); i++)
        if (of_dispatch[i] == act)
            return false;
    return true;
}

bool sla_verdict_asks_who(Callout__V1__Act act)
{
    return sla_is_of_consent(act);
}

bool sla_verdict_is_input(Callout__V1__Act act)
{
    const struct act_row *row = find_row(act);
    return row->group != GROUP_INTERNAL && !row->is_note && act != ACT(APPROVE);
}

/* -- judging */

/* What is done with a closed case. */
static bool comes_after(const struct judged *j, Callout__V1__Act act)
{
    return act == ACT(ARCHIVE) || (act == ACT(CALLED_BACK) && sla_is_used(j->c->policy, act));
}

static const char *judge_held(const struct judged *j, const struct act_row *row)
{
    if (row->act == ACT(RESCHEDULE))
        return is_ahead(j);
    if (row->act != ACT(APPROVE) || j->command == NULL)
        return NULL;
    return j->unopened == NULL && lacks_date(j->c, j->c->policy) ? no_date : j->unopened;
}

static const char *judge(const struct judged *j, const struct act_row *row)
{
    if (row->group == GROUP_INTERNAL)
        return row->check(j);
    if (row->is_note)
        return NULL;
    if (sla_case_is_held(j->c)) {
        if (j->fold->is_closed)
            return "The case is closed.";
        if (!row->may_be_held)
            return "The case is held: it has to be approved first.";
        return judge_held(j, row);
    }
    bool is_early = j->command != NULL && row->group == GROUP_FACT &&
                    j->command->occurred_us < j->fold->closed_us;
    if (j->fold->is_closed && !is_early && !comes_after(j, row->act))
        return "The case is closed.";
    const char *why = row->check(j);
    return why != NULL || row->group != GROUP_DECISION ? why : sla_blocked_by_steps(j, row->act);
}

/* Everything that the case would take now: decisions, and facts whose predecessors are known. */
static enum co_err list_possible(const struct judged *j, struct sla_verdict *v)
{
    struct judged any = *j;
    any.command = NULL;
    v->possible = co_arena_alloc(j->c->arena, ROWS * sizeof(v->possible[0]));
    if (v->possible == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < ROWS; i++)
        if (judge(&any, &rows[i]) == NULL &&
            (sla_case_is_held(j->c) || sla_is_ready(j, rows[i].act)))
            v->possible[v->possible_count++] = rows[i].act;
    return CO_OK;
}

/* A held case is closed when it was cancelled. */
static struct sla_fold fold_held(const struct sla_case *c)
{
    struct sla_fold f = { .next_us = INT64_MAX };
    for (size_t i = 0; i < c->state->n_inputs; i++)
        f.is_closed = f.is_closed || c->state->inputs[i]->act == ACT(CANCEL);
    return f;
}

static enum co_err fold_both(const struct sla_case *c, const Callout__V1__CommandReceived *command,
                             struct sla_fold *ret_now, struct sla_fold *ret_then)
{
    if (sla_case_is_held(c)) {
        *ret_now = *ret_then = fold_held(c);
        return CO_OK;
    }
    int64_t then_us = command->occurred_us;
    int64_t now_us = sla_case_now_us(c) > then_us ? sla_case_now_us(c) : then_us;
    bool is_weighed_then = command->act == ACT(SIGN) || command->act == ACT(AGREE) ||
                           command->act == ACT(REJECT_TIME) || sla_is_of_consent(command->act);
    enum co_err err = sla_case_fold(c, c->scratch, now_us, ret_now);
    if (err == CO_OK && is_weighed_then)
        return sla_case_fold(c, c->scratch, then_us, ret_then);
    *ret_then = *ret_now;
    return err;
}

static bool is_full(const struct sla_case *c, const struct sla_fold *now)
{
    return c->state->n_inputs >= SLA_INPUTS_MAX || now->output_count >= SLA_OUTPUTS_MAX / 2;
}

/* A case must come to its end however full it is. */
static bool can_end(Callout__V1__Act act)
{
    return act == ACT(SIGN) || act == ACT(CANCEL) || act == ACT(ARCHIVE);
}

enum co_err sla_verdict_of(const struct sla_case *c, const Callout__V1__CommandReceived *command,
                           const char *unopened, const struct sla_who *who, struct sla_verdict *ret)
{
    struct sla_fold now;
    struct sla_fold then;
    co_arena_reset(c->scratch);
    enum co_err err = fold_both(c, command, &now, &then);
    if (err != CO_OK)
        return err;
    struct judged j = { c, &now, &then, command, unopened, who };
    const struct act_row *row = find_row(command->act);
    struct sla_verdict v = { .reason = judge(&j, row), .is_input = !row->is_note };
    if (v.reason == NULL && v.is_input && is_full(c, &now) && !can_end(command->act))
        v.reason = "Too many things happened to this case already; it can still be cancelled.";
    if (v.reason != NULL)
        err = list_possible(&j, &v);
    else if (!sla_case_is_held(c))
        err = sla_list_missing(&j, &v);
    if (err == CO_OK)
        *ret = v;
    return err;
}
