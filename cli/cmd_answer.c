/* callout answer CODE: passes on how somebody answered a notice, by the code that stood in it. */
#include "cli.h"

#include "co_time.h"

const struct cli_option cmd_answer_options[] = {
    { "at", 0, "TIME", "when it was said [now]" },
    { "note", 0, "TEXT", "what else was said" },
    { "key", 0, "KEY",
      "our key of this answer; the same key with the same code has one effect [random]" },
    { "wait", 'w', "TIME", "wait up to so long for the verdict, at most 10s [2s]" },
    { NULL, 0, NULL, NULL },
};

enum { WAIT_MAX_MS = 10000 };

static bool read_answer(struct cli *cli, Callout__V1__Answer *a)
{
    int64_t wait_us = 0;
    if (!cli_read_time(cli, "at", &a->occurred_us) || !cli_read_length(cli, "wait", &wait_us))
        return false;
    if (wait_us < 0 || wait_us > WAIT_MAX_MS * CO_MILLISECOND_US) {
        (void)cli_usage(cli, "--wait: at most 10s");
        return false;
    }
    a->wait_ms = (uint32_t)(wait_us / CO_MILLISECOND_US);
    a->code = cli_text(cli, cli->args->word[0]);
    a->note = cli_text(cli, cli_value(cli, "note"));
    a->key = cli_has(cli, "key") ? cli_text(cli, cli_value(cli, "key")) : cli_new_key(cli);
    return true;
}

int cmd_answer(struct cli *cli)
{
    Callout__V1__Answer answer = CALLOUT__V1__ANSWER__INIT;
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    Callout__V1__Reply *reply = NULL;
    if (!read_answer(cli, &answer))
        return CLI_USAGE;
    request.body_case = CALLOUT__V1__REQUEST__BODY_ANSWER;
    request.answer = &answer;
    int code = cli_call(cli, &request, (int)answer.wait_ms, &reply);
    if (code == CLI_UNAVAILABLE)
        cli_note(cli, "  whether it was taken is not known; the same again with --key %s is safe",
                 answer.key);
    return code == CLI_OK ? cli_verdict(cli, answer.code, "answered", reply) : code;
}
