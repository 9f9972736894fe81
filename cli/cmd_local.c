/* callout keygen, callout env: nobody is asked. */
#include "cli.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "co_keys.h"
#include "co_sign.h"

const struct cli_option cmd_keygen_options[] = {
    { "signing", 0, NULL, "a pair that signs certificates" },
    { NULL, 0, NULL, NULL },
};

static enum co_err make_talking(const char *stem, const char *name, char public_text[CO_KEY_TEXT],
                                struct co_why *why)
{
    struct co_keys keys;
    enum co_err err = co_keys_generate(&keys);
    if (err != CO_OK)
        co_why_set(why, "this libzmq has no CURVE");
    if (err == CO_OK)
        err = co_keys_write(&keys, stem, name, why);
    memcpy(public_text, keys.public_text, CO_KEY_TEXT);
    co_keys_wipe(&keys);
    return err;
}

static enum co_err make_signing(const char *stem, const char *name, char public_text[CO_KEY_TEXT],
                                struct co_why *why)
{
    struct co_sign_keys keys;
    enum co_err err = co_sign_generate(&keys);
    if (err != CO_OK)
        co_why_set(why, "libsodium cannot start");
    if (err == CO_OK)
        err = co_sign_write(&keys, stem, name, why);
    if (err == CO_OK)
        co_keys_encode(keys.public_key, public_text);
    co_sign_wipe(&keys);
    return err;
}

int cmd_keygen(struct cli *cli)
{
    const struct cli_args *a = cli->args;
    const char *stem =
        a->words == 1 ? a->word[0] : cli_format(cli, "%s/%s", a->word[0], a->word[1]);
    const char *slash = strrchr(stem, '/');
    const char *name = slash == NULL ? stem : slash + 1;
    bool is_signing = cli_has(cli, "signing");
    if (name[0] == '\0')
        return cli_usage(cli, "%s: the name of the key is missing", stem);
    struct co_why why = { "" };
    char public_text[CO_KEY_TEXT] = "";
    enum co_err err = is_signing ? make_signing(stem, name, public_text, &why)
                                 : make_talking(stem, name, public_text, &why);
    if (err != CO_OK)
        return cli_fail(cli, err == CO_ECONFLICT ? CLI_CONFLICT : CLI_FAILED, "%s", why.text);
    (void)fprintf(cli->out, "%s\n", public_text);
    cli_note(cli, "wrote %s.key (keep it secret) and %s.pub; %s", stem, stem,
             is_signing ? "publish the .pub file: callout verify --key wants it"
                        : "the public key, above, goes into the registry as a client");
    return CLI_OK;
}

const struct cli_option cmd_env_options[] = {
    { "export", 0, NULL, "lines that a shell can evaluate: export NAME='value'" },
    { NULL, 0, NULL, NULL },
};

static void print(struct cli *cli, const char *name, const char *value)
{
    if (value[0] == '\0')
        return;
    bool is_shell = cli_has(cli, "export");
    (void)fprintf(cli->out, is_shell ? "export %s='%s'\n" : "%s=%s\n", name, value);
}

/* Where the setting does not say it, the name of the key file is that of the client. */
static const char *client_of(struct cli *cli)
{
    if (cli->client_name[0] != '\0' || cli->key_file[0] == '\0')
        return cli->client_name;
    char *path = cli_text(cli, cli->key_file);
    char *slash = strrchr(path, '/');
    char *name = slash == NULL ? path : slash + 1;
    char *dot = strrchr(name, '.');
    if (dot != NULL)
        *dot = '\0';
    return name;
}

int cmd_env(struct cli *cli)
{
    char path[PATH_MAX];
    if (cli->server_key[0] == '\0' || cli->key_file[0] == '\0')
        return cli_fail(cli, CLI_NOT_FOUND,
                        "no settings: start the suite with ./run, which writes var/client.env, or "
                        "name a file in CALLOUT_ENV_FILE");
    bool is_there = realpath(cli->key_file, path) != NULL;
    print(cli, "CALLOUT_ENDPOINT", cli->endpoint);
    print(cli, "CALLOUT_SERVER_KEY", cli->server_key);
    print(cli, "CALLOUT_KEY_FILE", is_there ? path : cli->key_file);
    print(cli, "CALLOUT_CLIENT", client_of(cli));
    return CLI_OK;
}
