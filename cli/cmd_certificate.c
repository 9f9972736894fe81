/* callout certificate NUMBER [FILE]: what explain says, with all it follows from, signed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive_case.h"
#include "certificate.h"
#include "cli.h"
#include "cli_refold.h"

const struct cli_option cmd_certificate_options[] = {
    { "signing-key-file", 0, "FILE", "the key pair that signs (made by callout keygen --signing)" },
    ARCHIVE_CASE_OPTION,
    { NULL, 0, NULL, NULL },
};

static int read_key(struct cli *cli, struct co_sign_keys *ret)
{
    struct co_why why = { "" };
    if (cli->signing_key_file[0] == '\0')
        return cli_usage(cli, "who signs is not known: give --signing-key-file (callout keygen "
                              "--signing makes one), or set CALLOUT_SIGNING_KEY_FILE");
    if (co_sign_read(cli->signing_key_file, ret, &why) != CO_OK)
        return cli_fail(cli, CLI_USAGE, "%s", why.text);
    return CLI_OK;
}

static bool write_json(const json_t *json, FILE *to)
{
    bool is_written = json_dumpf(json, to, JSON_INDENT(2)) == 0 && fputc('\n', to) != EOF;
    return fflush(to) == 0 && is_written;
}

/* Beside it first, so that FILE is whole or as it was. */
static int write_file(struct cli *cli, const json_t *json, const char *path)
{
    char *beside = cli_text(cli, cli_format(cli, "%s.XXXXXX", path));
    int fd = mkstemp(beside);
    FILE *file = fd >= 0 && fchmod(fd, 0644) == 0 ? fdopen(fd, "w") : NULL;
    bool is_written = file != NULL && write_json(json, file) && fsync(fd) == 0;
    if (file != NULL)
        is_written = fclose(file) == 0 && is_written;
    else if (fd >= 0)
        (void)close(fd);
    if (is_written && rename(beside, path) == 0)
        return CLI_OK;
    int saved = errno;
    if (fd >= 0)
        (void)unlink(beside);
    return cli_fail(cli, CLI_FAILED, "%s cannot be written: %s", path, strerror(saved));
}

static int put(struct cli *cli, const json_t *json)
{
    if (cli->args->words > 1)
        return write_file(cli, json, cli->args->word[1]);
    return write_json(json, cli->out) ? CLI_OK
                                      : cli_fail(cli, CLI_FAILED, "the answer cannot be written");
}

static int certify(struct cli *cli, const struct cli_case *c, const struct co_sign_keys *keys)
{
    Callout__V1__Certificate *certificate = NULL;
    json_t *json = NULL;
    if (c->refold.explanation == NULL)
        return cli_fail(cli, CLI_REFUSED,
                        "nothing is promised yet, so there is nothing to certify: callout show %s",
                        cli->args->word[0]);
    enum co_err err = certificate_of(&c->refold, &certificate);
    if (err == CO_OK)
        err = certificate_sign(certificate, keys, cli->arena, &json);
    if (err != CO_OK)
        return cli_fail(cli, CLI_FAILED, "the case is too large for a certificate");
    int code = put(cli, json);
    json_decref(json);
    for (size_t i = 0; i < c->refold.explanation->n_clocks && code == CLI_OK; i++)
        if (c->refold.explanation->clocks[i]->announced[0] != '\0')
            cli_note(cli,
                     "%s/%u: announced is %s; the certificate says so and verify will (sla may "
                     "only be behind: try again)",
                     c->refold.explanation->clocks[i]->milestone,
                     c->refold.explanation->clocks[i]->generation,
                     c->refold.explanation->clocks[i]->announced);
    return code;
}

int cmd_certificate(struct cli *cli)
{
    struct cli_case c = { .row = NULL };
    struct co_sign_keys keys;
    int code = read_key(cli, &keys);
    if (code != CLI_OK)
        return code;
    code = cli_case_read(cli, cli->args->word[0], &c);
    if (code == CLI_OK)
        code = certify(cli, &c, &keys);
    co_sign_wipe(&keys);
    cli_case_done(&c);
    return code;
}
