/* Whom an advisory reaches, for people and as JSON. */
#include <jansson.h>
#include <string.h>

#include "advisory_rows.h"
#include "cli_table.h"
#include "co_entitle_words.h"

static const char *case_of(struct cli *cli, const struct advisory_rows *rows,
                           const struct advisory_row *row)
{
    const struct co_entitle_words *why = co_entitle_held_words(row->state);
    if (row->number[0] != '\0')
        return row->number;
    if (strcmp(row->state, "ahead") == 0)
        return cli_format(cli, "opens %s", cli_left(cli, row->open_us, rows->now_us));
    if (strcmp(row->state, "due") == 0)
        return "is being opened";
    return why == NULL ? "none" : cli_format(cli, "none: %s", why->en);
}

static const char *by(struct cli *cli, int64_t us, const char *person)
{
    return us == 0 || person[0] == '\0' ? cli_when(cli, us)
                                        : cli_format(cli, "%s by %s", cli_when(cli, us), person);
}

static const char *step_text(struct cli *cli, const struct advisory_step *s)
{
    const char *when = s->done_us == 0 ? "" : by(cli, s->done_us, s->person);
    return cli_format(cli, "%s%s%s", s->state, when[0] == '\0' ? "" : " ", when);
}

/* What comes after the acknowledgement. */
static const char *rest_text(struct cli *cli, const struct advisory_row *row)
{
    const char *text = "";
    for (size_t i = 1; i < row->step_count; i++)
        text = cli_format(cli, "%s%s%s %s", text, i == 1 ? "" : ", ", row->steps[i].key,
                          step_text(cli, &row->steps[i]));
    return text;
}

static json_t *steps_of(const struct advisory_row *row)
{
    json_t *all = json_array();
    for (size_t i = 0; i < row->step_count; i++) {
        const struct advisory_step *s = &row->steps[i];
        (void)json_array_append_new(all, json_pack("{s:s, s:s, s:I, s:s}", "step", s->key, "state",
                                                   s->state, "done_us", (json_int_t)s->done_us,
                                                   "person", s->person));
    }
    return all;
}

static json_t *json_of(const struct advisory_row *row)
{
    json_t *o = json_pack("{s:s, s:s, s:s, s:s}", "contract", row->contract->key, "customer",
                          row->contract->customer, "key", row->key, "state", row->state);
    if (row->open_us != 0)
        (void)json_object_set_new(o, "open_us", json_integer(row->open_us));
    if (row->number[0] == '\0')
        return o;
    json_t *more = json_pack("{s:s, s:s, s:s, s:I, s:I, s:s, s:o}", "number", row->number,
                             "case_state", row->case_state, "told", row->told, "told_us",
                             (json_int_t)row->told_us, "read_us", (json_int_t)row->read_us,
                             "read_by", row->read_by, "steps", steps_of(row));
    (void)json_object_update(o, more);
    json_decref(more);
    return o;
}

static int print_json(struct advisory_rows *rows)
{
    json_t *all = json_array();
    for (size_t i = 0; i < rows->count; i++)
        (void)json_array_append_new(all, json_of(&rows->row[i]));
    int status = json_dumpf(all, rows->cli->out, JSON_INDENT(2));
    json_decref(all);
    (void)fputc('\n', rows->cli->out);
    return status == 0 ? CLI_OK : CLI_FAILED;
}

int advisory_rows_print(struct advisory_rows *rows)
{
    struct cli *cli = rows->cli;
    struct cli_table table;
    if (cli->is_json)
        return print_json(rows);
    if (rows->count == 0) {
        (void)fprintf(cli->out, "nobody has installed what it is about\n");
        return CLI_OK;
    }
    cli_table_init(&table, cli, "contract|customer|case|state|told|read|acknowledged|then");
    for (size_t i = 0; i < rows->count; i++) {
        const struct advisory_row *row = &rows->row[i];
        CLI_TABLE_ADD(&table, row->contract->key, row->contract->customer, case_of(cli, rows, row),
                      row->case_state, row->told_us != 0 ? cli_when(cli, row->told_us) : row->told,
                      by(cli, row->read_us, row->read_by),
                      row->step_count == 0 ? "" : step_text(cli, &row->steps[0]),
                      rest_text(cli, row));
    }
    cli_table_print(&table, 0);
    return CLI_OK;
}
