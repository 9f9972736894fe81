/* callout archive: partitions of the journal whose cases are over, as files. */
#include "archive.h"

#include <stdlib.h>
#include <string.h>

#include "cli_table.h"
#include "co_cli_sql.h"
#include "co_row.h"
#include "co_time.h"

enum { OLDER_DAYS = 400, OLDER_DAYS_MAX = 36500 };

const struct cli_option cmd_archive_options[] = {
    { "database-url", 0, "URL",
      "the database, of the role that owns the schema; better in CALLOUT_DATABASE_URL" },
    { "to", 0, "DIR", "run: the directory for the files" },
    { "older-than", 0, "DAYS",
      "list, run: only partitions whose newest entry is older than that [400]" },
    { "dry-run", 0, NULL, "run: only say what would be done" },
    { "signing-key-file", 0, "FILE", "run: the key pair that signs (callout keygen --signing)" },
    { "key", 0, "FILE", "verify: the public key that must have signed" },
    { NULL, 0, NULL, NULL },
};

static int64_t number(const PGresult *res, int row, int column)
{
    return co_row_int8(res, row, column);
}

/* -- what keeps a partition */

static int look_inside(struct archive_db *a, struct archive_partition *p)
{
    PGresult *res = NULL;
    const char *values[] = { cli_format(a->cli, "%lld", (long long)p->low),
                             cli_format(a->cli, "%lld", (long long)p->high) };
    int code = archive_query(a, co_cli_sql_archive_keeps, 2, values, &res);
    if (code != CLI_OK)
        return code;
    p->entries = number(res, 0, 0);
    p->cases = number(res, 0, 1);
    p->open = number(res, 0, 2);
    p->due = number(res, 0, 3);
    p->newest_us = co_row_us(res, 0, 4);
    PQclear(res);
    return CLI_OK;
}

static bool is_left(const struct archive_partition *p)
{
    return p->writing == 0 && p->behind == 0 && p->parked == 0;
}

/* NULL: nothing. */
static const char *keeps(struct cli *cli, const struct archive_partition *p, int64_t older_us)
{
    if (p->writing > 0)
        return cli_format(cli, "lanes that still write in it: %lld", (long long)p->writing);
    if (p->behind > 0)
        return cli_format(cli, "cursors that are not behind it yet: %lld", (long long)p->behind);
    if (p->parked > 0)
        return cli_format(cli, "parked cases that wait there: %lld (callout parked)",
                          (long long)p->parked);
    if (p->entries == 0)
        return "it is empty";
    if (p->newest_us >= older_us)
        return cli_format(cli, "its newest entry is of %s", cli_when(cli, p->newest_us));
    if (p->open > 0)
        return cli_format(cli, "%lld of its %lld cases are not closed", (long long)p->open,
                          (long long)p->cases);
    if (p->due > 0)
        return cli_format(cli, "something is still due in %lld of its %lld cases",
                          (long long)p->due, (long long)p->cases);
    return NULL;
}

/* Calls `each` for all partitions, oldest first. */
static int each_partition(struct archive_db *a,
                          int (*each)(struct archive_db *a, const struct archive_partition *p,
                                      const char *kept, void *arg),
                          void *arg)
{
    uint32_t days = OLDER_DAYS;
    PGresult *res = NULL, *facts = NULL;
    if (!cli_read_count(a->cli, "older-than", OLDER_DAYS_MAX, &days))
        return CLI_USAGE;
    int code = archive_query(a, co_cli_sql_archive_facts, 0, NULL, &facts);
    if (code != CLI_OK)
        return code;
    int64_t older_us = co_row_us(facts, 0, 0) - (int64_t)days * CO_DAY_US;
    PQclear(facts);
    code = archive_query(a, co_cli_sql_archive_partitions, 0, NULL, &res);
    for (int row = 0; code == CLI_OK && row < PQntuples(res); row++) {
        struct archive_partition p = { .low = number(res, row, 1),
                                       .high = number(res, row, 2),
                                       .writing = number(res, row, 3),
                                       .behind = number(res, row, 4),
                                       .parked = number(res, row, 5) };
        (void)snprintf(p.name, sizeof(p.name), "%s", co_row_text(res, row, 0));
        if (is_left(&p))
            code = look_inside(a, &p);
        if (code == CLI_OK)
            code = each(a, &p, keeps(a->cli, &p, older_us), arg);
    }
    PQclear(res);
    return code;
}

/* -- list */

static int add_row(struct archive_db *a, const struct archive_partition *p, const char *kept,
                   void *arg)
{
    struct cli *cli = a->cli;
    bool is_known = is_left(p);
    CLI_TABLE_ADD(arg, cli_text(cli, p->name), cli_format(cli, "%lld", (long long)p->low),
                  cli_format(cli, "%lld", (long long)p->high - 1),
                  is_known ? cli_format(cli, "%lld", (long long)p->entries) : "",
                  is_known ? cli_format(cli, "%lld", (long long)p->cases) : "",
                  kept == NULL ? "ready: nothing keeps it" : kept);
    return CLI_OK;
}

static int add_archives(struct archive_db *a, struct cli_table *t)
{
    struct cli *cli = a->cli;
    PGresult *res = NULL;
    int code = archive_query(a, co_cli_sql_archive_list, 0, NULL, &res);
    for (int row = 0; code == CLI_OK && row < PQntuples(res); row++)
        CLI_TABLE_ADD(t, "", cli_format(cli, "%lld", (long long)number(res, row, 0)),
                      cli_format(cli, "%lld", (long long)number(res, row, 1) - 1),
                      cli_format(cli, "%lld", (long long)number(res, row, 4)),
                      cli_format(cli, "%lld", (long long)number(res, row, 5)),
                      cli_format(cli, "archived %s: %s", cli_when(cli, co_row_us(res, row, 6)),
                                 cli_text(cli, co_row_text(res, row, 2))));
    PQclear(res);
    return code;
}

static int list(struct archive_db *a)
{
    struct cli_table t;
    cli_table_init(&t, a->cli, "partition|>from|>to|>entries|>cases|kept by");
    int code = add_archives(a, &t);
    if (code == CLI_OK)
        code = each_partition(a, add_row, &t);
    if (code == CLI_OK)
        cli_table_print(&t, 0);
    return code;
}

/* -- run */

struct run {
    const char *dir;
    const struct co_sign_keys *keys;
    size_t done;
};

static int run_one(struct archive_db *a, const struct archive_partition *p, const char *kept,
                   void *arg)
{
    struct run *r = arg;
    if (kept != NULL)
        return CLI_OK;
    r->done++;
    if (!cli_has(a->cli, "dry-run"))
        return archive_export(a, p, r->dir, r->keys);
    (void)fprintf(a->cli->out, "journal.%s: %lld entries of %lld cases would be archived\n",
                  p->name, (long long)p->entries, (long long)p->cases);
    return CLI_OK;
}

static int run(struct archive_db *a)
{
    struct cli *cli = a->cli;
    struct co_sign_keys keys;
    struct co_why why = { "" };
    struct run r = { .dir = cli_value(cli, "to") };
    if (r.dir == NULL && !cli_has(cli, "dry-run"))
        return cli_usage(cli, "archive run: where to: give --to DIR, or --dry-run");
    if (cli->signing_key_file[0] != '\0') {
        if (co_sign_read(cli->signing_key_file, &keys, &why) != CO_OK)
            return cli_fail(cli, CLI_USAGE, "%s", why.text);
        r.keys = &keys;
    }
    int code = each_partition(a, run_one, &r);
    if (r.keys != NULL)
        co_sign_wipe(&keys);
    if (code == CLI_OK && r.done == 0)
        (void)fputs("nothing can be archived now; callout archive list says why\n", cli->out);
    return code;
}

/* -- verify, restore */

static int verify(struct cli *cli, const char *path)
{
    struct co_archive_manifest m;
    struct co_why why = { "" };
    uint8_t key[CO_SIGN_PUBLIC_BYTES];
    int code = archive_read(cli, path, (struct co_archive_reader){ 0 }, &m);
    if (code != CLI_OK)
        return code;
    if (cli_has(cli, "key") && co_sign_read_public(cli_value(cli, "key"), key, &why) != CO_OK)
        return cli_fail(cli, CLI_USAGE, "%s", why.text);
    if (cli_has(cli, "key") && (!m.is_signed || memcmp(key, m.public_key, sizeof(key)) != 0))
        return cli_fail(cli, CLI_REFUSED, "%s is whole, and not signed by this key", path);
    (void)fprintf(cli->out,
                  "%s is whole: entries %lld to %lld of each lane, %lld entries of %lld cases, "
                  "%lld registry texts, %s\n",
                  path, (long long)m.low, (long long)m.high - 1, (long long)m.entries,
                  (long long)m.cases, (long long)m.objects,
                  !m.is_signed          ? "unsigned"
                  : cli_has(cli, "key") ? "signed by this key"
                                        : "signed");
    return CLI_OK;
}

static int with_database(struct cli *cli, const char *verb, const char *path)
{
    struct archive_db a;
    int code = archive_open(cli, &a);
    if (code == CLI_OK)
        code = strcmp(verb, "list") == 0  ? list(&a)
               : strcmp(verb, "run") == 0 ? run(&a)
                                          : archive_restore(&a, path);
    archive_close(&a);
    return code;
}

int cmd_archive(struct cli *cli)
{
    const char *verb = cli->args->words == 0 ? "list" : cli->args->word[0];
    bool takes_file = strcmp(verb, "verify") == 0 || strcmp(verb, "restore") == 0;
    if (!takes_file && strcmp(verb, "list") != 0 && strcmp(verb, "run") != 0)
        return cli_usage(cli, "archive %s: allowed are list, run, verify and restore", verb);
    if (takes_file != (cli->args->words == 2))
        return cli_usage(cli, "archive %s: %s", verb,
                         takes_file ? "which file" : "it takes no further word");
    if (strcmp(verb, "verify") == 0)
        return verify(cli, cli->args->word[1]);
    return with_database(cli, verb, takes_file ? cli->args->word[1] : NULL);
}
