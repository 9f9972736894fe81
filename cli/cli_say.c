#include "cli.h"

#include <stdarg.h>
#include <string.h>

#include "co_yaml.h"

static void say(struct cli *cli, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

static void say(struct cli *cli, const char *format, va_list args)
{
    (void)fflush(cli->out);
    (void)fputs("callout: ", cli->err);
    (void)vfprintf(cli->err, format, args);
    (void)fputc('\n', cli->err);
}

int cli_usage(struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(cli, format, args);
    va_end(args);
    return CLI_USAGE;
}

int cli_fail(struct cli *cli, int code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say(cli, format, args);
    va_end(args);
    return code;
}

void cli_note(struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)fflush(cli->out);
    (void)vfprintf(cli->err, format, args);
    (void)fputc('\n', cli->err);
    va_end(args);
}

void cli_yaml_problems(struct cli *cli, const struct co_yaml *yaml)
{
    size_t n = co_yaml_problem_count(yaml);
    for (size_t i = 0; i < n; i++) {
        const struct co_yaml_problem *p = co_yaml_problem_at(yaml, i);
        cli_note(cli, "%s:%u: %s%s%s%s%s", p->file, p->line, p->key, p->key[0] == '\0' ? "" : ": ",
                 p->message, p->allowed[0] == '\0' ? "" : "; allowed: ", p->allowed);
    }
}

int cli_exit_of(enum co_err err)
{
    switch (err) {
    case CO_OK:
        return CLI_OK;
    case CO_EINPUT:
        return CLI_REFUSED;
    case CO_ECONFLICT:
        return CLI_CONFLICT;
    case CO_EDOWN:
    case CO_EAGAIN:
        return CLI_UNAVAILABLE;
    case CO_ENOMEM:
    case CO_EFULL:
    case CO_ERRS:
        break;
    }
    return CLI_FAILED;
}

static void show_progress(struct cli *cli, struct cli_progress *p, const char *bar,
                          const char *format, va_list args) __attribute__((format(printf, 4, 0)));

static void show_progress(struct cli *cli, struct cli_progress *p, const char *bar,
                          const char *format, va_list args)
{
    enum { FROM_MS = 2000 };
    const int64_t every_ms = cli->is_terminal ? 1000 : 15000; /* lines of a log stay */
    int64_t now = cli_mono_ms();
    if (p->start_ms == 0)
        p->start_ms = now;
    if (now - p->start_ms < FROM_MS || now - p->shown_ms < every_ms)
        return;
    p->shown_ms = now;
    p->is_shown = true;
    (void)fprintf(cli->err, "%s%s", cli->is_terminal ? "\r\033[K" : "", bar);
    (void)vfprintf(cli->err, format, args);
    (void)fprintf(cli->err, ", %lld s%s", (long long)((now - p->start_ms) / 1000),
                  cli->is_terminal ? "" : "\n");
    (void)fflush(cli->err);
}

void cli_progress(struct cli *cli, struct cli_progress *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    show_progress(cli, p, "", format, args);
    va_end(args);
}

void cli_progress_bar(struct cli *cli, struct cli_progress *p, size_t done, size_t all,
                      const char *format, ...)
{
    enum { WIDTH = 30 };
    char bar[WIDTH + 1], text[WIDTH + 16];
    size_t part = all == 0 || done > all ? all : done;
    size_t full = all == 0 ? WIDTH : part * WIDTH / all;
    memset(bar, '#', full);
    memset(bar + full, '.', WIDTH - full);
    bar[WIDTH] = '\0';
    (void)snprintf(text, sizeof(text), "[%s] %3zu %%  ", bar, all == 0 ? 100 : part * 100 / all);
    va_list args;
    va_start(args, format);
    show_progress(cli, p, text, format, args);
    va_end(args);
}

void cli_progress_end(struct cli *cli, struct cli_progress *p)
{
    if (p->is_shown && cli->is_terminal)
        (void)fputs("\r\033[K", cli->err);
    *p = (struct cli_progress){ .start_ms = 0 };
}
