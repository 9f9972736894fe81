#include "advisory_rows.h"

#include <stdio.h>
#include <string.h>

#include "opened.h"

/* -- whom it reaches */

static bool is_among(const Callout__V1__Contract **list, size_t count,
                     const Callout__V1__Contract *contract)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == contract)
            return true;
    return false;
}

/* Of a contract without a case, whose customer has installed what the advisory is about. */
static void judge(const struct advisory_rows *rows, struct advisory_row *row)
{
    struct co_plan_date date;
    bool is_over = !co_plan_advisory(rows->advisory, row->contract, &date);
    int64_t at_us = is_over || rows->now_us > date.open_us ? rows->now_us : date.open_us;
    struct co_advisory_look look =
        co_advisory_look(rows->registry, rows->advisory, row->contract, at_us);
    bool is_ahead = at_us > rows->now_us;
    if (look.place.site == NULL)
        row->state = co_entitle_reason_name(look.reason);
    else
        row->state = is_ahead ? "ahead" : "due";
    row->open_us = look.place.site != NULL && is_ahead ? at_us : 0;
}

static int add_all(struct advisory_rows *rows, char **keys)
{
    uint32_t contracts = co_registry_count(rows->registry, CO_KIND_CONTRACT);
    size_t count = 0;
    const char **numbers = NULL;
    const Callout__V1__Contract **have =
        co_advisory_contracts(rows->registry, rows->advisory, rows->cli->arena, &count);
    int code = have == NULL ? cli_fail(rows->cli, CLI_FAILED, "out of memory") : CLI_OK;
    if (code == CLI_OK)
        code = opened_ask(rows->cli, keys, contracts, &numbers);
    for (uint32_t i = 0; code == CLI_OK && i < contracts; i++) {
        const Callout__V1__Contract *c =
            co_registry_at(rows->registry, CO_KIND_CONTRACT, i)->message->contract;
        if (numbers[i][0] == '\0' && !is_among(have, count, c))
            continue;
        struct advisory_row *row = &rows->row[rows->count++];
        *row = (struct advisory_row){ .contract = c,
                                      .key = keys[i],
                                      .number = numbers[i],
                                      .state = "opened",
                                      .case_state = "",
                                      .told = "",
                                      .read_by = "" };
        if (numbers[i][0] == '\0')
            judge(rows, row);
    }
    return code;
}

int advisory_rows_find(struct advisory_rows *rows)
{
    uint32_t contracts = co_registry_count(rows->registry, CO_KIND_CONTRACT);
    struct cli *cli = rows->cli;
    char **keys = co_arena_alloc(cli->arena, ((size_t)contracts + 1) * sizeof(keys[0]));
    rows->row = co_arena_alloc(cli->arena, ((size_t)contracts + 1) * sizeof(rows->row[0]));
    rows->count = 0;
    if (keys == NULL || rows->row == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    for (uint32_t i = 0; i < contracts; i++) {
        char key[CO_PLAN_KEY];
        co_plan_advisory_key(rows->advisory->key,
                             co_registry_at(rows->registry, CO_KIND_CONTRACT, i)->key, key);
        keys[i] = cli_text(cli, key);
    }
    return add_all(rows, keys);
}

/* -- what became of it */

static bool is_to_customer(const Callout__V1__NoticeView *n)
{
    static const char lead[] = "customer/";
    return strcmp(n->obligation, "opened") == 0 && strncmp(n->slot, lead, sizeof(lead) - 1) == 0;
}

static void note_told(struct cli *cli, struct advisory_row *row, const Callout__V1__NoticeView *n)
{
    bool is_there = n->state == CALLOUT__V1__NOTICE_STATE__NOTICE_ACCEPTED ||
                    n->state == CALLOUT__V1__NOTICE_STATE__NOTICE_DELIVERED;
    bool is_better = is_there && (row->told_us == 0 || n->settled_us < row->told_us);
    if (row->told[0] == '\0' || is_better)
        row->told = cli_notice_state(cli, n->state);
    if (is_better)
        row->told_us = n->settled_us;
}

static void note_read(struct cli *cli, struct advisory_row *row, const Callout__V1__HistoryRow *h)
{
    bool is_answer = h->act == CALLOUT__V1__ACT__ACT_ACKNOWLEDGED &&
                     h->role == CALLOUT__V1__ROLE__ROLE_CUSTOMER &&
                     strcmp(h->outcome, "applied") == 0;
    if (!is_answer || (row->read_us != 0 && row->read_us <= h->occurred_us))
        return;
    row->read_us = h->occurred_us;
    row->read_by = cli_text(cli, h->person);
}

static bool is_of_customer(const Callout__V1__StepView *s)
{
    for (size_t i = 0; i < s->n_responsible; i++)
        if (s->responsible[i] == CALLOUT__V1__ROLE__ROLE_CUSTOMER)
            return true;
    return false;
}

static void note_step(struct cli *cli, struct advisory_row *row, const Callout__V1__StepView *s)
{
    if (row->step_count < ADVISORY_STEPS && is_of_customer(s))
        row->steps[row->step_count++] =
            (struct advisory_step){ cli_text(cli, s->step), cli_text(cli, s->state), s->done_us,
                                    cli_text(cli, s->person) };
}

static int follow(struct cli *cli, struct advisory_row *row)
{
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    Callout__V1__QueryResult *result = NULL;
    query.what = CALLOUT__V1__WHAT__WHAT_CASE;
    query.number = cli_text(cli, row->number);
    int code = cli_query(cli, &query, &result);
    const Callout__V1__CaseView *v = code == CLI_OK ? result->view : NULL;
    if (v == NULL)
        return code;
    row->case_state = cli_text(cli, v->state);
    for (size_t i = 0; i < v->n_notices; i++)
        if (is_to_customer(v->notices[i]))
            note_told(cli, row, v->notices[i]);
    for (size_t i = 0; i < v->n_history; i++)
        note_read(cli, row, v->history[i]);
    for (size_t i = 0; i < v->n_steps; i++)
        note_step(cli, row, v->steps[i]);
    return code;
}

int advisory_rows_follow(struct advisory_rows *rows)
{
    int code = CLI_OK;
    for (size_t i = 0; code == CLI_OK && i < rows->count; i++)
        if (rows->row[i].number[0] != '\0')
            code = follow(rows->cli, &rows->row[i]);
    return code;
}
