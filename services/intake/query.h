/* query.h - answers questions: from the journal, from the read views, from the registry in memory. */
#pragma once

#include "ask.h"

struct intake_queries *intake_queries_new(struct intake *in); /* NULL: out of memory */
void intake_queries_close(struct intake_queries *q);          /* what is asked is answered with CODE_UNAVAILABLE */
void intake_queries_free(struct intake_queries *q);           /* NULL is allowed; the loop has run to its end */
void intake_queries_retry(struct intake_queries *q);          /* the registry, or a pinned object, has come; or a beat */

struct co_pg *intake_queries_pg(struct intake_queries *q);    /* the connection, for what may wait for locks */

/* Handler of the door: takes the call over. */
void intake_queries_ask(struct intake_call **call_p, const Callout__V1__Request *request);

/* For the kinds of questions, each in a file of its own. The ask has the question's fields. */
void intake_query_case(struct intake_ask *ask);
void intake_query_cases(struct intake_ask *ask);
void intake_query_entries(struct intake_ask *ask);
void intake_query_command(struct intake_ask *ask);
void intake_query_registry(struct intake_ask *ask);
void intake_query_status(struct intake_ask *ask);
void intake_query_object(struct intake_ask *ask);
void intake_query_states(struct intake_ask *ask);
void intake_query_order(struct intake_ask *ask);
void intake_query_claims(struct intake_ask *ask);
void intake_query_choices(struct intake_ask *ask);
void intake_query_notices(struct intake_ask *ask);
void intake_query_notice(struct intake_ask *ask);
void intake_query_opened(struct intake_ask *ask);
void intake_query_lots(struct intake_ask *ask);
void intake_query_postings(struct intake_ask *ask);

/* Replies with this result; the ask ends. */
void intake_query_reply(struct intake_ask *ask, Callout__V1__QueryResult *result);

/* Waits until the registry changes and calls intake_query_case_finish() then. */
void intake_queries_wait(struct intake_ask *ask);
void intake_query_case_finish(struct intake_ask *ask);
