/* intake_help.h - a well-formed request of each kind, for the tests of intake's core. */
#pragma once

#include <string.h>

#include "check_main.h"
#include "co_number.h"
#include "intake_check.h"

enum { HELP_LANES = 16 };
#define HELP_NOW_US INT64_C(1770000000000000)
#define HELP_NUMBER "C-180D" /* n 5, lane 0 */

static struct co_arena *arena;
static struct intake_complaint complaint;
static Callout__V1__Request request;
static Callout__V1__SubmitTicket ticket;
static Callout__V1__Command command;
static Callout__V1__Query query;
static Callout__V1__Apply apply;
static Callout__V1__Parked parked;

static inline void use_ticket(void)
{
    request.body_case = CALLOUT__V1__REQUEST__BODY_SUBMIT;
    request.submit = &ticket;
}

static inline void use_command(Callout__V1__Act act)
{
    command.act = act;
    request.body_case = CALLOUT__V1__REQUEST__BODY_COMMAND;
    request.command = &command;
}

static inline void use_query(Callout__V1__What what)
{
    query.what = what;
    request.body_case = CALLOUT__V1__REQUEST__BODY_QUERY;
    request.query = &query;
}

static inline void set_up(void)
{
    static char key[] = "a-17", title[] = "存储阵列告警", number[] = HELP_NUMBER, list[] = "list";
    arena = co_arena_new(1 << 22);
    callout__v1__request__init(&request);
    callout__v1__submit_ticket__init(&ticket);
    callout__v1__command__init(&command);
    callout__v1__query__init(&query);
    callout__v1__apply__init(&apply);
    callout__v1__parked__init(&parked);
    ticket.key = command.key = apply.change_id = key;
    ticket.title = title;
    command.number = number;
    parked.verb = list;
    apply.part = 1;
    use_ticket();
}

static inline void tear_down(void)
{
    co_arena_free(arena);
}

/* `n` characters of three bytes each. */
static inline char *characters(size_t n)
{
    char *text = co_arena_alloc(arena, n * 3 + 1);
    for (size_t i = 0; i < n; i++)
        memcpy(text + 3 * i, "障", 3);
    text[3 * n] = '\0';
    return text;
}

static inline enum co_err check(void)
{
    struct intake_check_options o = { arena, HELP_NOW_US, HELP_LANES };
    memset(&complaint, 0, sizeof(complaint));
    return intake_check(&o, &request, &complaint);
}

static inline void is_fine(void)
{
    if (check() != CO_OK)
        ck_abort_msg("refused: %s %s", complaint.field, complaint.message);
}

/* Refused, at that field, saying what would be taken (or nothing, with ""). */
static inline void is_wrong(const char *field, const char *allowed)
{
    ck_assert_int_eq(check(), CO_EINPUT);
    ck_assert_str_eq(complaint.field, field);
    ck_assert_int_eq(complaint.code, CALLOUT__V1__CODE__CODE_INVALID);
    ck_assert_str_eq(complaint.allowed_count == 0 ? "" : complaint.allowed[0], allowed);
    ck_assert_uint_gt(strlen(complaint.message), 0);
}
