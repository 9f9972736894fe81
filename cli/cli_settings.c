#include "cli.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "co_keys.h"
#include "co_text.h"
#include "co_time.h"

enum { LINE = 2048, TIMEOUT_MS = 10000 };

static const char default_endpoint[] = "tcp://127.0.0.1:7400";
static const char default_file[] = "var/client.env";

/* One setting: option > environment > settings file > built in. */
struct setting {
    const char *name;   /* in environment and file */
    const char *option; /* NULL: none */
    char *value;
    size_t cap;
};

static bool set(struct cli *cli, const struct setting *s, const char *value)
{
    size_t len = strlen(value);
    if (len >= s->cap) {
        (void)cli_usage(cli, "%s is longer than %zu characters", s->name, s->cap - 1);
        return false;
    }
    memcpy(s->value, value, len + 1);
    return true;
}

/* Cuts line end and one pair of quotes off. */
static char *trim(char *text)
{
    text[strcspn(text, "\r\n")] = '\0';
    size_t len = strlen(text);
    bool is_quoted = len >= 2 && (text[0] == '\'' || text[0] == '"') && text[len - 1] == text[0];
    if (!is_quoted)
        return text;
    text[len - 1] = '\0';
    return text + 1;
}

static bool read_file(struct cli *cli, const char *path, const struct setting *settings, size_t n)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    char line[LINE];
    bool is_fine = true;
    while (is_fine && fgets(line, sizeof(line), file) != NULL)
        for (size_t i = 0; i < n; i++) {
            size_t len = strlen(settings[i].name);
            if (strncmp(line, settings[i].name, len) == 0 && line[len] == '=')
                is_fine = set(cli, &settings[i], trim(line + len + 1));
        }
    (void)fclose(file);
    return is_fine;
}

/* A file that is asked for must be there; the default one need not be. */
static bool read_settings_file(struct cli *cli, const struct setting *settings, size_t n)
{
    const char *asked = getenv("CALLOUT_ENV_FILE");
    if (asked == NULL || asked[0] == '\0')
        (void)read_file(cli, default_file, settings, n);
    else if (!read_file(cli, asked, settings, n)) {
        (void)cli_usage(cli, "cannot use CALLOUT_ENV_FILE=%s: %s", asked, strerror(errno));
        return false;
    }
    return true;
}

static bool read_public_key(struct cli *cli, const char *path)
{
    struct co_why why = { "" };
    char key[CO_KEY_TEXT];
    if (co_keys_read_public(path, key, &why) != CO_OK) {
        (void)cli_usage(cli, "%s", why.text);
        return false;
    }
    memcpy(cli->server_key, key, sizeof(key));
    return true;
}

static bool read_language(struct cli *cli)
{
    const char *lang = cli_value(cli, "lang");
    if (lang == NULL) {
        static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
        const char *value = NULL;
        for (size_t i = 0; i < 3 && (value == NULL || value[0] == '\0'); i++)
            value = getenv(names[i]);
        cli->language = value != NULL && strncmp(value, "zh", 2) == 0 ? CLI_ZH : CLI_EN;
        return true;
    }
    if (strcmp(lang, "en") != 0 && strcmp(lang, "zh") != 0) {
        (void)cli_usage(cli, "--lang %s: allowed are en and zh", lang);
        return false;
    }
    cli->language = lang[0] == 'z' ? CLI_ZH : CLI_EN;
    return true;
}

static bool read_form(struct cli *cli)
{
    const char *form = cli_value_or(cli, "output", "table");
    if (strcmp(form, "json") != 0 && strcmp(form, "table") != 0) {
        (void)cli_usage(cli, "--output %s: allowed are table and json", form);
        return false;
    }
    cli->is_json = form[0] == 'j';
    int64_t timeout_us = TIMEOUT_MS * CO_MILLISECOND_US;
    if (!cli_read_length(cli, "timeout", &timeout_us))
        return false;
    if (timeout_us < CO_MILLISECOND_US || timeout_us > CO_HOUR_US) {
        (void)cli_usage(cli, "--timeout: allowed is 1ms to 1h");
        return false;
    }
    cli->timeout_ms = (int)(timeout_us / CO_MILLISECOND_US);
    return true;
}

bool cli_settings_read(struct cli *cli)
{
    const struct setting settings[] = {
        { "CALLOUT_ENDPOINT", "endpoint", cli->endpoint, sizeof(cli->endpoint) },
        { "CALLOUT_SERVER_KEY", "server-key", cli->server_key, sizeof(cli->server_key) },
        { "CALLOUT_KEY_FILE", "key-file", cli->key_file, sizeof(cli->key_file) },
        { "CALLOUT_SIGNING_KEY_FILE", "signing-key-file", cli->signing_key_file,
          sizeof(cli->signing_key_file) },
        { "CALLOUT_DATABASE_URL", "database-url", cli->database_url, sizeof(cli->database_url) },
        { "CALLOUT_CLIENT", NULL, cli->client_name, sizeof(cli->client_name) },
    };
    size_t n = sizeof(settings) / sizeof(settings[0]);
    if (!set(cli, &settings[0], default_endpoint) || !read_settings_file(cli, settings, n))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *value = settings[i].option == NULL ? NULL : cli_value(cli, settings[i].option);
        if (value == NULL)
            value = getenv(settings[i].name);
        if (value != NULL && value[0] != '\0' && !set(cli, &settings[i], value))
            return false;
    }
    const char *server_key_file = cli_value(cli, "server-key-file");
    if (server_key_file != NULL && !read_public_key(cli, server_key_file))
        return false;
    return read_language(cli) && read_form(cli);
}
