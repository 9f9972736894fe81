#include "cli.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "co_assert.h"
#include "co_json.h"
#include "co_keys.h"
#include "co_yaml.h"

static int open_client(struct cli *cli)
{
    struct co_why why = { "" };
    struct co_keys keys;
    if (cli->server_key[0] == '\0')
        return cli_usage(
            cli, "whom to ask is not known: give --server-key and --key-file, or start the suite "
                 "with ./run, which writes var/client.env");
    if (cli->key_file[0] == '\0')
        return cli_usage(cli, "who asks is not known: give --key-file (callout keygen makes one)");
    enum co_err err = co_keys_read(cli->key_file, &keys, &why);
    if (err != CO_OK)
        return cli_fail(cli, CLI_USAGE, "%s", why.text);
    err = co_client_open(&(struct co_client_options){ .endpoint = cli->endpoint,
                                                      .server_key = cli->server_key,
                                                      .keys = &keys },
                         &cli->client, &why);
    co_keys_wipe(&keys);
    if (err == CO_EINPUT)
        return cli_usage(cli, "%s", why.text);
    return err == CO_OK ? CLI_OK : cli_fail(cli, cli_exit_of(err), "%s", why.text);
}

struct meaning {
    Callout__V1__Code code;
    enum cli_exit exit;
    const char *word;
};

static const struct meaning meanings[] = {
    { CALLOUT__V1__CODE__CODE_INVALID, CLI_REFUSED, "invalid" },
    { CALLOUT__V1__CODE__CODE_FORBIDDEN, CLI_REFUSED, "forbidden" },
    { CALLOUT__V1__CODE__CODE_NOT_FOUND, CLI_NOT_FOUND, "not found" },
    { CALLOUT__V1__CODE__CODE_CONFLICT, CLI_CONFLICT, "conflict" },
    { CALLOUT__V1__CODE__CODE_REFUSED, CLI_REFUSED, "refused" },
    { CALLOUT__V1__CODE__CODE_BUSY, CLI_UNAVAILABLE, "busy" },
    { CALLOUT__V1__CODE__CODE_UNAVAILABLE, CLI_UNAVAILABLE, "unavailable" },
};

static struct meaning meaning_of(Callout__V1__Code code)
{
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
        if (meanings[i].code == code)
            return meanings[i];
    return (struct meaning){ code, CLI_FAILED, "failed" };
}

/* "KIND KEY, PATH: ...", with file and line where the object stands in the files that were sent. */
static void tell_problem(struct cli *cli, const char *problem)
{
    char kind[32] = "", key[80] = "";
    const char *file = NULL;
    unsigned line = 0;
    int n = cli->files == NULL ? 0 : sscanf(problem, "%31s %79[^,:]", kind, key);
    if (n == 2 && co_yaml_where(cli->files, co_kind_parse(kind), key, &file, &line))
        cli_note(cli, "  %s:%u: %s", file, line, problem);
    else
        cli_note(cli, "  %s", problem);
}

static int tell_error(struct cli *cli, const Callout__V1__Reply *reply)
{
    struct meaning m = meaning_of(reply->code);
    if (cli->is_json)
        (void)cli_print_json(cli, &reply->base, false);
    if (reply->body_case != CALLOUT__V1__REPLY__BODY_ERROR)
        return cli_fail(cli, (int)m.exit, "%s", m.word);
    const Callout__V1__Error *e = reply->error;
    bool has_place = e->field[0] != '\0' && strstr(e->message, e->field) == NULL;
    (void)cli_fail(cli, (int)m.exit, "%s: %s%s%s%s", m.word, e->message, has_place ? " (" : "",
                   has_place ? e->field : "", has_place ? ")" : "");
    bool is_list = strcmp(e->field, "apply.objects") == 0; /* problems, one for each object */
    for (size_t i = 0; is_list && i < e->n_allowed; i++)
        tell_problem(cli, e->allowed[i]);
    if (e->n_allowed > 0 && !is_list)
        cli_note(cli, "  allowed: %s", cli_join(cli, e->allowed, e->n_allowed));
    if (e->retry_after_ms > 0)
        cli_note(cli, "  try again in %u ms", e->retry_after_ms);
    return (int)m.exit;
}

int cli_call(struct cli *cli, Callout__V1__Request *request, int wait_ms,
             Callout__V1__Reply **ret_reply)
{
    int code = cli->client == NULL ? open_client(cli) : CLI_OK;
    if (code != CLI_OK)
        return code;
    struct co_why why = { "" };
    Callout__V1__Reply *reply = NULL;
    enum co_err err = co_client_call(cli->client, request, cli->timeout_ms + wait_ms, &reply, &why);
    if (err == CO_EFULL)
        return cli_fail(cli, CLI_REFUSED, "%s", why.text);
    if (err != CO_OK)
        return cli_fail(cli, err == CO_ENOMEM ? CLI_FAILED : CLI_UNAVAILABLE, "%s",
                        why.text[0] == '\0' ? co_err_name(err) : why.text);
    cli->last_code = reply->code;
    bool is_fine =
        reply->code == CALLOUT__V1__CODE__CODE_OK || reply->code == CALLOUT__V1__CODE__CODE_PENDING;
    /* A refused decision comes with its verdict, which the command itself shows. */
    is_fine = is_fine || (reply->code == CALLOUT__V1__CODE__CODE_REFUSED &&
                          reply->body_case == CALLOUT__V1__REPLY__BODY_VERDICT);
    if (!is_fine)
        return tell_error(cli, reply);
    *ret_reply = reply;
    return CLI_OK;
}

int cli_query(struct cli *cli, Callout__V1__Query *query, Callout__V1__QueryResult **ret_result)
{
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    request.body_case = CALLOUT__V1__REQUEST__BODY_QUERY;
    request.query = query;
    Callout__V1__Reply *reply = NULL;
    int code = cli_call(cli, &request, (int)query->wait_ms, &reply);
    if (code != CLI_OK)
        return code;
    co_assert(reply != NULL);
    if (reply->body_case != CALLOUT__V1__REPLY__BODY_RESULT)
        return cli_fail(cli, CLI_FAILED, "%s answers a query with something else", cli->endpoint);
    *ret_result = reply->result;
    return CLI_OK;
}

bool cli_cursor_move(struct cli_cursor *cursor, Callout__V1__Query *query,
                     const Callout__V1__QueryResult *page)
{
    if (page->next.len == 0 || page->next.len > sizeof(cursor->bytes))
        return false;
    memcpy(cursor->bytes, page->next.data, page->next.len);
    cursor->len = page->next.len;
    query->after = (ProtobufCBinaryData){ .len = cursor->len, .data = cursor->bytes };
    return true;
}

int cli_entries(struct cli *cli, const char *number,
                void (*each)(struct cli *cli, const Callout__V1__EntryRow *row, void *arg),
                void *arg)
{
    Callout__V1__Query query = CALLOUT__V1__QUERY__INIT;
    struct cli_cursor cursor = { .len = 0 };
    query.what = CALLOUT__V1__WHAT__WHAT_ENTRIES;
    query.number = cli_text(cli, number);
    query.limit = 1000;
    for (;;) {
        Callout__V1__QueryResult *page = NULL;
        int code = cli_query(cli, &query, &page);
        if (code != CLI_OK)
            return code;
        co_assert(page != NULL);
        for (size_t i = 0; i < page->n_entries; i++)
            each(cli, page->entries[i], arg);
        if (page->n_entries == 0 || !cli_cursor_move(&cursor, &query, page))
            return CLI_OK;
    }
}

int cli_domain_now(struct cli *cli, int64_t *ret_us)
{
    Callout__V1__Ping ping = CALLOUT__V1__PING__INIT;
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    Callout__V1__Reply *reply = NULL;
    request.body_case = CALLOUT__V1__REQUEST__BODY_PING;
    request.ping = &ping;
    int code = cli_call(cli, &request, 0, &reply);
    if (code != CLI_OK)
        return code;
    co_assert(reply != NULL);
    if (reply->body_case != CALLOUT__V1__REPLY__BODY_PONG)
        return cli_fail(cli, CLI_FAILED, "%s answers a ping with something else", cli->endpoint);
    *ret_us = reply->pong->now_us;
    return CLI_OK;
}

int cli_print_json(struct cli *cli, const ProtobufCMessage *message, bool is_line)
{
    json_t *json = co_json_of_message(message);
    int status =
        json == NULL ? -1 : json_dumpf(json, cli->out, is_line ? JSON_COMPACT : JSON_INDENT(2));
    json_decref(json);
    (void)fputc('\n', cli->out);
    if (status != 0 || fflush(cli->out) != 0)
        return cli_fail(cli, CLI_FAILED, "the answer cannot be written");
    return CLI_OK;
}

char *cli_new_key(struct cli *cli)
{
    uint64_t random[2];
    ssize_t got = getrandom(random, sizeof(random), 0);
    co_assert(got == (ssize_t)sizeof(random)); /* never short for 16 bytes once the system is up */
    char text[40];
    (void)snprintf(text, sizeof(text), "cli-%016llx%016llx", (unsigned long long)random[0],
                   (unsigned long long)random[1]);
    return cli_text(cli, text);
}
