#include "cli_run.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "suite_check.h"
#include "cli.h"
#include "co_text.h"
#include "co_version.h"

enum { MEMORY = 1024 * 1024 * 1024, COMMANDS_MAX = 64 };

static const struct cli_command *find_command(const char *name)
{
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static int fail_command(struct cli *cli, const char *name)
{
    const char *names[COMMANDS_MAX];
    size_t n = 0;
    for (const struct cli_command *c = cli_commands; c->name != NULL && n < COMMANDS_MAX; c++)
        names[n++] = c->name;
    const char *nearest = co_text_nearest(name, names, n);
    if (nearest != NULL)
        return cli_usage(cli, "there is no command '%s'; did you mean '%s'?", name, nearest);
    return cli_usage(cli, "there is no command '%s'; callout --help lists them", name);
}

static int check_words(struct cli *cli, const struct cli_command *c)
{
    size_t n = cli->args->words;
    if (n >= c->words_min && n <= c->words_max)
        return CLI_OK;
    return cli_usage(cli, "usage: callout %s [OPTION...] %s", c->name, c->words);
}

/* A monitoring system takes 2 for critical. */
static int usage_code(const struct cli_command *command, int code)
{
    return command->run == cmd_check ? (int)CHECK_UNKNOWN : code;
}

static int run_with_args(struct cli *cli, const struct cli_command *command)
{
    if (cli_has(cli, "help")) {
        cli_help_command(cli->out, command);
        return CLI_OK;
    }
    int code = check_words(cli, command);
    if (code != CLI_OK)
        return usage_code(command, code);
    return cli_settings_read(cli) ? command->run(cli) : usage_code(command, CLI_USAGE);
}

static int run_command(struct cli *cli, const struct cli_command *command, int argc, char **argv)
{
    struct co_why why = { "" };
    struct cli_args args;
    if (cli_args_read(&args, command->options, cli_shared_options, argc, argv, &why) != CO_OK)
        return usage_code(command, cli_usage(cli, "%s (callout %s --help)", why.text, command->name));
    cli->args = &args;
    int code = run_with_args(cli, command);
    cli->args = NULL;
    return code;
}

static unsigned terminal_columns(FILE *out)
{
    struct winsize size = { .ws_col = 0 };
    return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static bool asks_help(const char *word)
{
    return strcmp(word, "help") == 0 || strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* "callout help show" is "callout show --help". */
static int run_help(struct cli *cli, int argc, char **argv)
{
    const struct cli_command *c = argc > 2 ? find_command(argv[2]) : NULL;
    if (argc > 2 && c == NULL)
        return fail_command(cli, argv[2]);
    if (c != NULL)
        cli_help_command(cli->out, c);
    else
        cli_help(cli->out);
    return CLI_OK;
}

int cli_run(int argc, char **argv, FILE *out, FILE *err)
{
    struct cli cli = { .out = out, .err = err, .is_terminal = isatty(fileno(out)) == 1 };
    cli.columns = cli.is_terminal ? terminal_columns(out) : 0;
    cli.arena = co_arena_new(MEMORY);
    if (cli.arena == NULL)
        return cli_fail(&cli, CLI_FAILED, "out of memory");
    int code;
    const struct cli_command *command = argc > 1 ? find_command(argv[1]) : NULL;
    if (argc < 2) {
        cli_help(err);
        code = CLI_USAGE;
    } else if (asks_help(argv[1]))
        code = run_help(&cli, argc, argv);
    else if (strcmp(argv[1], "--version") == 0)
        code = fprintf(out, "callout %s\n", CO_VERSION) > 0 ? CLI_OK : CLI_FAILED;
    else if (command == NULL)
        code = fail_command(&cli, argv[1]);
    else
        code = run_command(&cli, command, argc - 2, argv + 2);
    co_client_close(cli.client);
    co_arena_free(cli.arena);
    if (fflush(out) != 0 && code == CLI_OK)
        code = CLI_FAILED;
    return code;
}
