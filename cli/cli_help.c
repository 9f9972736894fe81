#include "cli.h"

#include <string.h>

const struct cli_option cli_shared_options[] = {
    { "endpoint", 0, "TCP", "the intake socket [tcp://127.0.0.1:7400]" },
    { "server-key", 0, "Z85", "its public key" },
    { "server-key-file", 0, "FILE", "its public key, in a .pub file" },
    { "key-file", 0, "FILE", "our own key pair (made by callout keygen)" },
    { "timeout", 0, "TIME", "the longest to wait for an answer [10s]" },
    { "output", 'o', "FORM", "table for people, json for programs [table]" },
    { "lang", 0, "en|zh", "language of titles [from LANG]" },
    { "help", 'h', NULL, "this text" },
    { NULL, 0, NULL, NULL },
};

static void print_options(FILE *to, const struct cli_option *options)
{
    for (const struct cli_option *o = options; o->name != NULL; o++) {
        char text[64];
        char letter[8] = "    ";
        if (o->letter != 0)
            (void)snprintf(letter, sizeof(letter), "-%c, ", o->letter);
        (void)snprintf(text, sizeof(text), "%s--%s%s%s", letter, o->name,
                       o->value == NULL ? "" : " ", o->value == NULL ? "" : o->value);
        (void)fprintf(to, "  %-32s %s\n", text, o->help);
    }
}

static void print_settings(FILE *to)
{
    (void)fputs(
        "\nSettings come from the options, else from the environment (CALLOUT_ENDPOINT, "
        "CALLOUT_SERVER_KEY,\n"
        "CALLOUT_KEY_FILE, CALLOUT_SIGNING_KEY_FILE, CALLOUT_DATABASE_URL), else from the file "
        "that\nCALLOUT_ENV_FILE names, else from var/client.env, which ./run writes.\n",
        to);
}

static void print_exit_codes(FILE *to)
{
    (void)fputs("\nExit codes: 0 done; 2 the command line is wrong; 3 invalid, forbidden or "
                "refused; 4 not found;\n"
                "5 conflict (same key, other content); 6 unavailable, busy, or no answer in time; "
                "1 anything else.\n",
                to);
}

void cli_help(FILE *to)
{
    (void)fputs("Usage: callout COMMAND [OPTION...] [WORD...]\n\nCommands\n", to);
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++)
        (void)fprintf(to, "  %-11s %s\n", c->name, c->summary);
    (void)fputs("\nOptions of all commands\n", to);
    print_options(to, cli_shared_options);
    print_settings(to);
    print_exit_codes(to);
    (void)fputs("\ncallout COMMAND --help says more about a command.\n", to);
}

void cli_help_command(FILE *to, const struct cli_command *command)
{
    bool has_own = command->options != NULL && command->options->name != NULL;
    (void)fprintf(to, "Usage: callout %s [OPTION...]%s%s\n\n%s\n", command->name,
                  command->words[0] == '\0' ? "" : " ", command->words, command->summary);
    if (command->help != NULL)
        (void)fprintf(to, "\n%s", command->help);
    if (has_own) {
        (void)fputs("\nOptions\n", to);
        print_options(to, command->options);
    }
    (void)fputs("\nOptions of all commands\n", to);
    print_options(to, cli_shared_options);
    print_exit_codes(to);
}
