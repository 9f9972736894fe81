#include "plan_rows.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "cli_table.h"
#include "co_offsets.h"
#include "co_renewal.h"
#include "opened.h"

/* -- what there is */

static struct plan_row *add(struct plan_rows *rows)
{
    if (rows->count == rows->cap) {
        size_t cap = rows->cap == 0 ? 64 : 2 * rows->cap;
        struct plan_row *more = co_arena_alloc(rows->cli->arena, cap * sizeof(more[0]));
        if (more == NULL)
            return NULL;
        if (rows->count > 0)
            memcpy(more, rows->row, rows->count * sizeof(more[0]));
        rows->row = more;
        rows->cap = cap;
    }
    struct plan_row *row = &rows->row[rows->count++];
    *row = (struct plan_row){ .number = "", .state = "" };
    return row;
}

struct adding {
    struct plan_rows *rows;
    const Callout__V1__Plan *plan;
    const Callout__V1__Calendar *calendar;
};

static bool add_date(void *arg, const struct co_plan_date *date)
{
    struct adding *a = arg;
    struct plan_row *row = add(a->rows);
    if (row == NULL)
        return false;
    row->kind = "plan";
    row->key = a->plan->key;
    row->title = cli_title(a->rows->cli, a->plan->title, a->plan->key);
    row->date = *date;
    row->calendar = a->calendar;
    return true;
}

int plan_rows_add(struct plan_rows *rows, const Callout__V1__Plan *plan, int64_t from_us,
                  int64_t until_us)
{
    const Callout__V1__Contract *contract = co_registry_contract(rows->registry, plan->contract);
    struct adding a = { rows, plan, co_registry_calendar(rows->registry, plan->calendar) };
    enum co_err err =
        contract == NULL || a.calendar == NULL
            ? CO_EINPUT
            : co_plan_dates(plan, a.calendar, contract->until_us, from_us, until_us, add_date, &a);
    return err == CO_OK ? CLI_OK
                        : cli_fail(rows->cli, CLI_FAILED, "the dates of plan %s: %s", plan->key,
                                   co_err_name(err));
}

void plan_rows_add_renewal(struct plan_rows *rows, const Callout__V1__Contract *contract,
                           int64_t from_us, int64_t until_us)
{
    struct co_plan_date date;
    if (!co_plan_renewal(contract, &date) || date.at_us < from_us || date.at_us >= until_us)
        return;
    struct plan_row *row = add(rows);
    if (row == NULL)
        return;
    row->kind = "renewal";
    row->key = contract->key;
    row->title = cli_title(rows->cli, contract->name, contract->key);
    row->date = date;
    row->calendar = co_registry_calendar(rows->registry, contract->calendar);
    row->state = co_renewal_is_possible(rows->registry, contract) ? "" : "out_of_life";
}

/* -- what became of it */

static int compare(const void *a, const void *b)
{
    const struct plan_row *x = a;
    const struct plan_row *y = b;
    if (x->date.at_us != y->date.at_us)
        return x->date.at_us < y->date.at_us ? -1 : 1;
    return strcmp(x->date.key, y->date.key);
}

static int ask(struct plan_rows *rows)
{
    const char **numbers = NULL;
    char **keys = co_arena_alloc(rows->cli->arena, (rows->count + 1) * sizeof(keys[0]));
    if (keys == NULL)
        return cli_fail(rows->cli, CLI_FAILED, "out of memory");
    for (size_t i = 0; i < rows->count; i++)
        keys[i] = rows->row[i].date.key;
    int code = opened_ask(rows->cli, keys, rows->count, &numbers);
    for (size_t i = 0; code == CLI_OK && i < rows->count; i++)
        rows->row[i].number = numbers[i];
    return code;
}

static const char *state_of(const struct plan_rows *rows, const struct plan_row *row)
{
    if (row->number[0] != '\0')
        return "opened";
    if (row->state[0] != '\0')
        return row->state;
    if (row->date.change != NULL && row->date.change->skipped)
        return "skipped";
    return row->date.open_us > rows->now_us ? "ahead" : "passed";
}

int plan_rows_finish(struct plan_rows *rows)
{
    if (rows->count > 1)
        qsort(rows->row, rows->count, sizeof(rows->row[0]), compare);
    int code = ask(rows);
    for (size_t i = 0; i < rows->count; i++)
        rows->row[i].state = state_of(rows, &rows->row[i]);
    return code;
}

/* -- for people */

static const char *when(struct cli *cli, const struct plan_row *row, int64_t us)
{
    const Callout__V1__Calendar *c = row->calendar;
    int32_t offset_s = 0;
    for (size_t i = 0; c != NULL && i < c->n_transitions; i++)
        if (i == 0 || c->transitions[i]->from_us <= us)
            offset_s = c->transitions[i]->offset_s;
    return c == NULL ? cli_when(cli, us) : cli_when_at(cli, us, offset_s);
}

static const char *remark(struct cli *cli, const struct plan_row *row)
{
    const Callout__V1__PlanDate *change = row->date.change;
    if (strcmp(row->state, "out_of_life") == 0)
        return "no product of it is supported longer";
    if (change == NULL)
        return "";
    const char *what = change->skipped
                           ? "skipped"
                           : cli_format(cli, "moved from %s", when(cli, row, change->at_us));
    return change->why[0] == '\0' ? what : cli_format(cli, "%s: %s", what, change->why);
}

static const char *case_of(struct cli *cli, const struct plan_rows *rows,
                           const struct plan_row *row)
{
    static const struct {
        const char *state, *text;
    } words[] = { { "skipped", "" }, { "out_of_life", "none" }, { "passed", "none" } };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(words[i].state, row->state) == 0)
            return words[i].text;
    return row->number[0] != '\0'
               ? row->number
               : cli_format(cli, "opens %s", cli_left(cli, row->date.open_us, rows->now_us));
}

static json_t *json_of(const struct plan_row *row)
{
    const Callout__V1__PlanDate *change = row->date.change;
    json_t *o =
        json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:s}", "kind", row->kind, "key", row->key,
                  "title", row->title, "date", row->date.key, "at_us", (json_int_t)row->date.at_us,
                  "open_us", (json_int_t)row->date.open_us, "state", row->state);
    if (row->number[0] != '\0')
        (void)json_object_set_new(o, "number", json_string(row->number));
    if (change != NULL && !change->skipped)
        (void)json_object_set_new(o, "moved_from_us", json_integer(change->at_us));
    if (change != NULL && change->why[0] != '\0')
        (void)json_object_set_new(o, "why", json_string(change->why));
    return o;
}

int plan_rows_print(struct plan_rows *rows, const char *empty)
{
    struct cli *cli = rows->cli;
    struct cli_table table;
    if (cli->is_json) {
        json_t *all = json_array();
        for (size_t i = 0; i < rows->count; i++)
            (void)json_array_append_new(all, json_of(&rows->row[i]));
        int status = json_dumpf(all, cli->out, JSON_INDENT(2));
        json_decref(all);
        (void)fputc('\n', cli->out);
        return status == 0 ? CLI_OK : CLI_FAILED;
    }
    if (rows->count == 0) {
        (void)fprintf(cli->out, "%s\n", empty);
        return CLI_OK;
    }
    cli_table_init(&table, cli, "date|what|key|case|opens|remark|title");
    for (size_t i = 0; i < rows->count; i++) {
        const struct plan_row *row = &rows->row[i];
        bool is_skipped = strcmp(row->state, "skipped") == 0;
        CLI_TABLE_ADD(&table, when(cli, row, row->date.at_us), row->kind, row->key,
                      case_of(cli, rows, row), is_skipped ? "" : when(cli, row, row->date.open_us),
                      remark(cli, row), row->title);
    }
    cli_table_print(&table, 0);
    return CLI_OK;
}
