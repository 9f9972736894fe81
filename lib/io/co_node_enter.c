#include "co_node_internal.h"

#include <stdio.h>
#include <string.h>

#include "co_io_sql.h"
#include "co_mesh.h"
#include "co_row.h"

enum { ROOMS_MAX = 32 };

/* Said once for each `kind` of reason, as more of them come and go while a schema is made; the timer tries again. */
static void say_unusable(struct co_node *n, const char *kind, const struct co_why *why)
{
    if (n->unusable.text[0] == '\0' || strncmp(n->unusable_kind, kind, sizeof(n->unusable_kind) - 1) != 0)
        co_log_line(n->options.log, CO_LOG_ERROR, "journal_unusable", CO_S("why", why->text));
    (void)snprintf(n->unusable_kind, sizeof(n->unusable_kind), "%.*s", (int)sizeof(n->unusable_kind) - 1, kind);
    n->unusable = *why;
}

/* Is there anything to read? A statement that is refused finds no schema, or an old one. */
static bool is_usable(struct co_node *n, const struct co_pg_outcome *outcome)
{
    n->era_in_air = false;
    if (n->is_closing || outcome->err == CO_EDOWN)
        return false;
    if (outcome->err == CO_OK)
        return true;
    struct co_why why;
    co_why_set(&why, "the schema of the database is missing, older than this release, or not open to the role (%s: %s); run: callout migrate",
               outcome->sqlstate, outcome->message);
    say_unusable(n, outcome->sqlstate, &why);
    return false;
}

/* Is the name of this instance free? Another process that has it, and lives, ends this one. */
static bool look_at_name(struct co_node *n, const PGresult *res)
{
    enum co_name name = CO_NAME_FREE;
    if (PQntuples(res) > 0)
        name = co_name_claim_look(&n->claim, co_row_int8(res, 0, 0), co_row_us(res, 0, 1), co_row_int8(res, 0, 2));
    if (name == CO_NAME_TAKEN) {
        char why[256];
        (void)snprintf(why, sizeof(why), "another process is running as instance \"%s\": give each one a name of its own (instance)",
                       n->options.instance);
        co_node_unfit(n, why);
    }
    n->may_take_name = name == CO_NAME_FREE;
    return n->may_take_name;
}

static void on_era(void *arg, const struct co_pg_outcome *outcome)
{
    struct co_node *n = arg;
    if (!is_usable(n, outcome))
        return;
    n->unusable.text[0] = '\0';
    const PGresult *res = outcome->results->item[0];
    (void)snprintf(n->era, sizeof(n->era), "%s", co_row_text(res, 0, 0));
    n->lanes = co_row_int2(res, 0, 1);
    co_mesh_set_era(n->mesh, n->era);
    n->has_era = n->is_named || look_at_name(n, outcome->results->item[1]); /* else the timer looks again */
    co_node_beat(n);
}

static void read_era(struct co_node *n)
{
    co_batch_clear(n->batch);
    (void)co_batch_add(n->batch, &co_io_sql[co_io_sql_read_era]);
    (void)co_batch_add(n->batch, &co_io_sql[co_io_sql_look_member]);
    co_batch_text(n->batch, n->options.instance);
    if (n->options.is_leased) {
        (void)co_batch_add(n->batch, &co_io_sql[co_io_sql_make_cursors]);
        co_batch_text(n->batch, n->options.service);
    }
    n->era_in_air = true;
    co_pg_run(n->pg, n->batch, CO_PG_PLAIN, on_era, n);
}

static void on_schema(void *arg, const struct co_pg_outcome *outcome)
{
    struct co_node *n = arg;
    if (!is_usable(n, outcome))
        return;
    const PGresult *res = outcome->results->item[0];
    struct co_schema_room found[ROOMS_MAX];
    size_t count = 0;
    const char *least = "";
    for (int row = 0; row < PQntuples(res) && count < ROOMS_MAX; row++) {
        found[count++] = (struct co_schema_room){ co_row_text(res, row, 0), co_row_int4(res, row, 1) };
        least = co_row_text(res, row, 2);
    }
    struct co_why why;
    if (co_schema_fits(n->options.schema, n->options.schema_count, found, count, least, n->options.release, &why))
        read_era(n);
    else
        say_unusable(n, "unfit", &why);
}

void co_node_enter(struct co_node *n)
{
    if (n->has_era || n->era_in_air || n->is_closing || !co_pg_is_up(n->pg))
        return;
    if (n->options.schema == NULL) {
        read_era(n);
        return;
    }
    co_batch_clear(n->batch);
    (void)co_batch_add(n->batch, &co_io_sql[co_io_sql_read_schema]);
    n->era_in_air = true;
    co_pg_run(n->pg, n->batch, CO_PG_PLAIN, on_schema, n);
}
