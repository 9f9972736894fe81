/* callout migrate: brings the database to the schema of this release. callout maintain: room ahead.
 */
#include "cli.h"

#include "callout_migrations.h"
#include "co_maintain.h"
#include "co_migrate.h"
#include "co_time.h"

const struct cli_option cmd_migrate_options[] = {
    { "database-url", 0, "URL",
      "the database, of the role that owns the schema; better in CALLOUT_DATABASE_URL, where "
      "others do not see its password" },
    { "check", 0, NULL, "only say what is missing; exit code 1 when something is" },
    { "lanes", 0, "N", "at install: lanes of the journal, a power of two up to 256 [16]" },
    { "clock-rate", 0, "RATE",
      "at install: speed of domain time, 0 is the stepped clock of replays [1]" },
    { "clock-from", 0, "TIME", "at install: where domain time begins, RFC 3339 [now]" },
    { NULL, 0, NULL, NULL },
};

/* Settings that the schema reads at install, and nobody afterwards. */
static const char *const install[][2] = {
    { "lanes", "callout.lanes" },
    { "clock-rate", "callout.clock_rate" },
    { "clock-from", "callout.clock_domain" },
};
enum { INSTALLS = sizeof(install) / sizeof(install[0]) };

static void tell(void *arg, enum co_migrate_news news, const struct co_migration *m,
                 int64_t took_us)
{
    struct cli *cli = arg;
    switch (news) {
    case CO_MIGRATE_WAITS:
        cli_note(cli, "another run is at work; waiting for it");
        break;
    case CO_MIGRATE_BUSY:
        cli_note(cli,
                 "%s %04d_%s waits: somebody reads or writes the tables it changes (a dump, a long "
                 "query); tried again after %lld s",
                 m->service, m->number, m->name, (long long)(took_us / CO_SECOND_US));
        break;
    case CO_MIGRATE_MISSING:
        (void)fprintf(cli->out, "missing  %s %04d_%s\n", m->service, m->number, m->name);
        break;
    case CO_MIGRATE_APPLIED:
        (void)fprintf(cli->out, "applied  %s %04d_%s  %lld ms\n", m->service, m->number, m->name,
                      (long long)(took_us / CO_MILLISECOND_US));
        break;
    case CO_MIGRATE_PRESENT:
    case CO_MIGRATE_STARTS:
        break;
    }
    (void)fflush(cli->out);
}

static void warn(void *arg, const char *text)
{
    cli_note(arg, "warning: %s", text);
}

static int need_database(struct cli *cli)
{
    if (cli->database_url[0] != '\0')
        return CLI_OK;
    return cli_usage(cli, "which database: give --database-url or CALLOUT_DATABASE_URL");
}

int cmd_migrate(struct cli *cli)
{
    if (need_database(cli) != CLI_OK)
        return CLI_USAGE;
    struct co_migrate_setting settings[INSTALLS];
    size_t n = 0;
    for (size_t i = 0; i < INSTALLS; i++)
        if (cli_has(cli, install[i][0]))
            settings[n++] =
                (struct co_migrate_setting){ install[i][1], cli_value(cli, install[i][0]) };
    struct co_migrate migrate = { .database_url = cli->database_url,
                                  .list = callout_migrations,
                                  .count = callout_migrations_count,
                                  .settings = settings,
                                  .settings_count = n,
                                  .check = cli_has(cli, "check"),
                                  .tell = tell,
                                  .warn = warn,
                                  .arg = cli };
    struct co_why why = { "" };
    size_t count = 0;
    enum co_err err = co_migrate_run(&migrate, &count, &why);
    if (err != CO_OK)
        return cli_fail(cli, cli_exit_of(err), "%s",
                        why.text[0] == '\0' ? co_err_name(err) : why.text);
    if (count == 0)
        (void)fprintf(cli->out, "the schema is up to date (%zu files)\n", callout_migrations_count);
    return migrate.check && count > 0 ? CLI_FAILED : CLI_OK;
}

const struct cli_option cmd_maintain_options[] = {
    { "database-url", 0, "URL",
      "the database, of the role that owns the schema; better in CALLOUT_DATABASE_URL" },
    { "ahead", 0, "N", "room for so many entries a lane beyond the newest [2000000]" },
    { NULL, 0, NULL, NULL },
};

enum { AHEAD = 2000000, AHEAD_MAX = 1000000000 };

static void tell_partition(void *arg, const struct co_maintain_partition *p)
{
    struct cli *cli = arg;
    (void)fprintf(cli->out, "made journal.%s for entries %lld to %lld", p->name, (long long)p->low,
                  (long long)p->high - 1);
    if (p->moved > 0)
        (void)fprintf(cli->out, ", %lld moved into it", (long long)p->moved);
    (void)fputc('\n', cli->out);
}

int cmd_maintain(struct cli *cli)
{
    uint32_t ahead = AHEAD;
    struct co_why why = { "" };
    if (need_database(cli) != CLI_OK || !cli_read_count(cli, "ahead", AHEAD_MAX, &ahead))
        return CLI_USAGE;
    enum co_err err = co_maintain_partitions(cli->database_url, ahead, tell_partition, cli, &why);
    if (err != CO_OK)
        return cli_fail(cli, cli_exit_of(err), "%s",
                        why.text[0] == '\0' ? co_err_name(err) : why.text);
    (void)fprintf(cli->out, "there is room for %u entries a lane beyond the newest\n", ahead);
    return CLI_OK;
}
