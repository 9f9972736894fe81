/* callout erase: what was written about a case, or is known of a person. The journal stays as it
 * is. */
#include "archive.h"

#include <string.h>

#include "callout/v1/registry.pb-c.h"
#include "cli_table.h"
#include "co_cli_sql.h"
#include "co_number.h"
#include "co_object.h"
#include "co_pbarena.h"
#include "co_row.h"

enum { WORDS_MAX = 64 };

const struct cli_option cmd_erase_options[] = {
    { "database-url", 0, "URL",
      "the database, of the role that owns the schema; better in CALLOUT_DATABASE_URL" },
    { "demanded-by", 0, "WHO", "who demanded it; kept in the list of what was erased" },
    { "why", 0, "TEXT", "why; kept there too" },
    { "dry-run", 0, NULL, "only say what would be erased" },
    { NULL, 0, NULL, NULL },
};

struct erasure {
    struct archive_db *a;
    const char *kind, *key; /* as they are noted */
    int64_t texts, notices, objects, addresses;
};

/* Runs a statement whose last column is a count. */
static int count(struct erasure *e, int statement, int n, const char *const *values, int64_t *ret)
{
    PGresult *res = NULL;
    int code = archive_query(e->a, statement, n, values, &res);
    if (code == CLI_OK)
        *ret = co_row_int8(res, 0, PQnfields(res) - 1);
    PQclear(res);
    return code;
}

/* -- a case */

static int erase_case(struct erasure *e, const char *number)
{
    struct cli *cli = e->a->cli;
    int64_t id = 0;
    PGresult *res = NULL;
    if (co_number_parse(number, &id) != CO_OK)
        return cli_fail(cli, CLI_REFUSED, "%s is no number of a case", number);
    const char *values[] = { cli_format(cli, "%d", (int)co_number_lane(id)),
                             cli_format(cli, "%lld", (long long)id) };
    int code = archive_query(e->a, co_cli_sql_erase_texts, 2, values, &res);
    if (code != CLI_OK)
        return code;
    bool is_there = co_row_bool(res, 0, 0);
    e->texts = co_row_int8(res, 0, 1);
    PQclear(res);
    if (!is_there)
        return cli_fail(cli, CLI_NOT_FOUND, "there is no case %s", number);
    char text[CO_NUMBER_TEXT];
    co_number_format(id, text);
    e->key = cli_text(cli, text);
    return count(e, co_cli_sql_erase_case_notices, 2, values, &e->notices);
}

/* -- a person */

/* Texts of an array parameter, quoted. */
struct words {
    const char *word[WORDS_MAX];
    size_t n;
};

static void add_word(struct cli *cli, struct words *w, const char *word)
{
    for (size_t i = 0; i < w->n; i++)
        if (strcmp(w->word[i], word) == 0)
            return;
    if (word[0] != '\0' && w->n < WORDS_MAX)
        w->word[w->n++] = cli_text(cli, word);
}

static const char *array_of(struct cli *cli, const struct words *w)
{
    const char *text = "{";
    for (size_t i = 0; i < w->n; i++) {
        char quoted[2048];
        size_t n = 0;
        for (const char *c = w->word[i]; *c != '\0' && n < sizeof(quoted) - 3; c++) {
            if (*c == '"' || *c == '\\')
                quoted[n++] = '\\';
            quoted[n++] = *c;
        }
        quoted[n] = '\0';
        text = cli_format(cli, "%s%s\"%s\"", text, i == 0 ? "" : ",", quoted);
    }
    return cli_format(cli, "%s}", text);
}

static int read_person(struct erasure *e, const char *const *values, struct words *words)
{
    struct cli *cli = e->a->cli;
    PGresult *res = NULL;
    ProtobufCAllocator allocator = co_pbarena(cli->arena);
    bool is_in_force = false;
    int code = archive_query(e->a, co_cli_sql_erase_read_objects, 2, values, &res);
    if (code != CLI_OK)
        return code;
    int rows = PQntuples(res);
    for (int row = 0; row < rows; row++) {
        struct co_bytes body = co_row_bytes(res, row, 1);
        Callout__V1__RegistryObject *o =
            callout__v1__registry_object__unpack(&allocator, body.len, body.data);
        is_in_force = is_in_force || co_row_bool(res, row, 0);
        if (o == NULL || o->object_case != CALLOUT__V1__REGISTRY_OBJECT__OBJECT_PERSON)
            continue;
        add_word(cli, words, o->person->email);
        add_word(cli, words, o->person->phone);
        add_word(cli, words, o->person->webhook);
    }
    PQclear(res);
    if (rows == 0)
        return cli_fail(cli, CLI_NOT_FOUND, "the registry never had a person %s", e->key);
    if (is_in_force)
        return cli_fail(
            cli, CLI_REFUSED,
            "%s is in the registry in force: take that person out of the files, callout "
            "apply --prune, then erase",
            e->key);
    return CLI_OK;
}

/* What stays of it: a key, which entries name. */
static int blank_objects(struct erasure *e, const char *const *key)
{
    struct cli *cli = e->a->cli;
    Callout__V1__Person person = CALLOUT__V1__PERSON__INIT;
    Callout__V1__RegistryObject object = CALLOUT__V1__REGISTRY_OBJECT__INIT;
    person.key = cli_text(cli, e->key);
    person.name = cli_text(cli, "(erased)");
    object.object_case = CALLOUT__V1__REGISTRY_OBJECT__OBJECT_PERSON;
    object.person = &person;
    size_t len = callout__v1__registry_object__get_packed_size(&object);
    uint8_t *bytes = co_arena_alloc(cli->arena, len + 1);
    char *hex = co_arena_alloc(cli->arena, 2 * len + 3);
    if (bytes == NULL || hex == NULL)
        return cli_fail(cli, CLI_FAILED, "out of memory");
    (void)callout__v1__registry_object__pack(&object, bytes);
    memcpy(hex, "\\x", 3);
    for (size_t i = 0; i < len; i++)
        (void)snprintf(hex + 2 + 2 * i, 3, "%02x", bytes[i]);
    const char *values[] = { key[0], key[1], hex };
    return count(e, co_cli_sql_erase_objects, 3, values, &e->objects);
}

/* Words that people wrote are not searched for and cut: who erases decides case by case. */
static int tell_named(struct erasure *e, const struct words *words)
{
    struct cli *cli = e->a->cli;
    PGresult *res = NULL;
    if (words->n == 0)
        return CLI_OK;
    const char *array = array_of(cli, words);
    int code = archive_query(e->a, co_cli_sql_erase_named, 1, &array, &res);
    if (code == CLI_OK && PQntuples(res) > 0)
        (void)fputs("the words of these cases have an address or number of that person in them: "
                    "callout erase case NUMBER\n",
                    cli->out);
    for (int row = 0; code == CLI_OK && row < PQntuples(res); row++) {
        char text[CO_NUMBER_TEXT];
        co_number_format(co_row_int8(res, row, 0), text);
        (void)fprintf(cli->out, "  %s\n", text);
    }
    PQclear(res);
    return code;
}

static int erase_person(struct erasure *e)
{
    struct words words = { .n = 0 };
    const char *key[] = { cli_format(e->a->cli, "%d", (int)CO_KIND_PERSON), e->key };
    int code = read_person(e, key, &words);
    if (code == CLI_OK)
        code = blank_objects(e, key);
    if (code == CLI_OK)
        code = count(e, co_cli_sql_erase_gone, 2, key, &e->addresses);
    if (code == CLI_OK)
        code = count(e, co_cli_sql_erase_person_notices, 1, &e->key, &e->notices);
    return code == CLI_OK ? tell_named(e, &words) : code;
}

/* -- both */

static int note(struct erasure *e, const char *who)
{
    struct cli *cli = e->a->cli;
    PGresult *res = NULL;
    const char *values[] = { e->kind,
                             e->key,
                             who,
                             cli_value_or(cli, "why", ""),
                             cli_format(cli, "%lld", (long long)e->texts),
                             cli_format(cli, "%lld", (long long)e->notices),
                             cli_format(cli, "%lld", (long long)e->objects),
                             cli_format(cli, "%lld", (long long)e->addresses) };
    int code = archive_query(e->a, co_cli_sql_erase_note, 8, values, &res);
    PQclear(res);
    return code;
}

static int erase(struct archive_db *a, const char *kind, const char *key)
{
    struct cli *cli = a->cli;
    struct erasure e = { .a = a, .kind = kind, .key = key };
    const char *who = cli_value(cli, "demanded-by");
    bool is_dry = cli_has(cli, "dry-run");
    if (who == NULL && !is_dry)
        return cli_usage(cli, "who demanded it is kept: give --demanded-by WHO, or --dry-run");
    int code = archive_text(a, "begin", "BEGIN; SET LOCAL lock_timeout = '5s'");
    if (code == CLI_OK)
        code = strcmp(kind, "case") == 0 ? erase_case(&e, key) : erase_person(&e);
    if (code == CLI_OK && !is_dry)
        code = note(&e, who);
    if (code == CLI_OK)
        code = archive_text(a, "commit", is_dry ? "ROLLBACK" : "COMMIT");
    if (code != CLI_OK)
        return code;
    (void)fprintf(cli->out,
                  "%s %s: %s %lld texts, %lld notices with their addresses, %lld registry texts, "
                  "%lld addresses that were gone\n",
                  kind, e.key, is_dry ? "would erase" : "erased", (long long)e.texts,
                  (long long)e.notices, (long long)e.objects, (long long)e.addresses);
    return CLI_OK;
}

static int list(struct archive_db *a)
{
    struct cli *cli = a->cli;
    struct cli_table t;
    PGresult *res = NULL;
    cli_table_init(&t, cli, "erased|what|demanded by|why|>texts|>notices|>registry|>addresses");
    int code = archive_query(a, co_cli_sql_erase_list, 0, NULL, &res);
    for (int row = 0; code == CLI_OK && row < PQntuples(res); row++)
        CLI_TABLE_ADD(&t, cli_when(cli, co_row_us(res, row, 0)),
                      cli_format(cli, "%s %s", co_row_text(res, row, 1), co_row_text(res, row, 2)),
                      co_row_text(res, row, 3), co_row_text(res, row, 4),
                      cli_format(cli, "%lld", (long long)co_row_int8(res, row, 5)),
                      cli_format(cli, "%lld", (long long)co_row_int8(res, row, 6)),
                      cli_format(cli, "%lld", (long long)co_row_int8(res, row, 7)),
                      cli_format(cli, "%lld", (long long)co_row_int8(res, row, 8)));
    if (code == CLI_OK)
        cli_table_print(&t, 0);
    PQclear(res);
    return code;
}

int cmd_erase(struct cli *cli)
{
    const char *verb = cli->args->words == 0 ? "list" : cli->args->word[0];
    bool is_list = strcmp(verb, "list") == 0;
    if (!is_list && strcmp(verb, "case") != 0 && strcmp(verb, "person") != 0)
        return cli_usage(cli, "erase %s: allowed are case, person and list", verb);
    if (is_list != (cli->args->words < 2))
        return cli_usage(cli, "erase %s: %s", verb, is_list ? "it takes no further word" : "which");
    struct archive_db a;
    int code = archive_open(cli, &a);
    if (code == CLI_OK)
        code = is_list ? list(&a) : erase(&a, verb, cli->args->word[1]);
    archive_close(&a);
    return code;
}
