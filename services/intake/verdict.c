#include "verdict.h"

/* A query gets it as a result, a command as its verdict. */
static void reply(struct intake_call **call_p, Callout__V1__Code code, Callout__V1__Verdict *verdict)
{
    Callout__V1__Reply r = CALLOUT__V1__REPLY__INIT;
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    bool is_query = (*call_p)->body == CALLOUT__V1__REQUEST__BODY_QUERY;
    r.code = code;
    if (is_query) {
        r.code = code == CALLOUT__V1__CODE__CODE_REFUSED ? CALLOUT__V1__CODE__CODE_OK : code;
        result.verdict = verdict;
        r.body_case = CALLOUT__V1__REPLY__BODY_RESULT;
        r.result = &result;
    } else {
        r.body_case = CALLOUT__V1__REPLY__BODY_VERDICT;
        r.verdict = verdict;
    }
    intake_call_reply(call_p, &r);
}

void intake_verdict_reply(struct intake_call **call_p, const Callout__V1__Event *event)
{
    Callout__V1__Verdict verdict = CALLOUT__V1__VERDICT__INIT;
    if (event->body_case == CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED) {
        const Callout__V1__CommandApplied *applied = event->command_applied;
        verdict.command_id = applied->command_id;
        verdict.applied = true;
        verdict.missing = applied->missing;
        verdict.n_missing = applied->n_missing;
        reply(call_p, CALLOUT__V1__CODE__CODE_OK, &verdict);
    } else {
        const Callout__V1__CommandRefused *refused = event->command_refused;
        verdict.command_id = refused->command_id;
        verdict.reason = refused->reason;
        verdict.possible = refused->possible;
        verdict.n_possible = refused->n_possible;
        reply(call_p, CALLOUT__V1__CODE__CODE_REFUSED, &verdict);
    }
}

void intake_verdict_pending(struct intake_call **call_p, int64_t command_id)
{
    Callout__V1__Verdict verdict = CALLOUT__V1__VERDICT__INIT;
    verdict.command_id = (uint64_t)command_id;
    reply(call_p, CALLOUT__V1__CODE__CODE_PENDING, &verdict);
}
