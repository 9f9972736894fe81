#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include "co_assert.h"
#include "co_text.h"
#include "co_time.h"

enum { NAMES_MAX = 128 };

struct reading {
    struct cli_args *args;
    const struct cli_option *lists[2];
    struct co_why *why;
    int argc;
    char **argv;
    int at;
};

static const struct cli_option *find_option(const struct reading *r, const char *name, size_t len,
                                            char letter)
{
    for (size_t l = 0; l < 2; l++)
        for (const struct cli_option *o = r->lists[l]; o != NULL && o->name != NULL; o++)
            if (letter != 0 ? o->letter == letter
                            : strlen(o->name) == len && strncmp(o->name, name, len) == 0)
                return o;
    return NULL;
}

static enum co_err fail_unknown(struct reading *r, const char *text)
{
    const char *names[NAMES_MAX];
    size_t n = 0;
    for (size_t l = 0; l < 2; l++)
        for (const struct cli_option *o = r->lists[l];
             o != NULL && o->name != NULL && n < NAMES_MAX; o++)
            names[n++] = o->name;
    char name[CO_TEXT_DISTANCE_CHARS];
    (void)snprintf(name, sizeof(name), "%.*s", (int)strcspn(text, "="), text);
    const char *nearest = co_text_nearest(name, names, n);
    if (nearest != NULL)
        co_why_set(r->why, "there is no option --%s; did you mean --%s?", name, nearest);
    else
        co_why_set(r->why, "there is no option --%s", name);
    return CO_EINPUT;
}

static enum co_err add(struct reading *r, const struct cli_option *option, const char *value)
{
    if (r->args->given == CLI_GIVEN_MAX) {
        co_why_set(r->why, "more than %d options", CLI_GIVEN_MAX);
        return CO_EINPUT;
    }
    r->args->option[r->args->given] = option;
    r->args->value[r->args->given++] = value;
    return CO_OK;
}

/* The value follows in the same word (`joined`) or in the next. */
static enum co_err take_option(struct reading *r, const struct cli_option *option,
                               const char *joined)
{
    if (option->value == NULL) {
        if (joined == NULL)
            return add(r, option, "");
        co_why_set(r->why, "--%s takes no value", option->name);
        return CO_EINPUT;
    }
    if (joined == NULL && r->at + 1 < r->argc)
        joined = r->argv[++r->at];
    if (joined == NULL) {
        co_why_set(r->why, "--%s wants a value: %s", option->name, option->value);
        return CO_EINPUT;
    }
    return add(r, option, joined);
}

static enum co_err take_long(struct reading *r, const char *text)
{
    size_t len = strcspn(text, "=");
    const struct cli_option *option = find_option(r, text, len, 0);
    if (option == NULL)
        return fail_unknown(r, text);
    return take_option(r, option, text[len] == '=' ? text + len + 1 : NULL);
}

/* "-y", "-ojson", "-o json". */
static enum co_err take_short(struct reading *r, const char *text)
{
    const struct cli_option *option = find_option(r, NULL, 0, text[0]);
    if (option == NULL) {
        co_why_set(r->why, "there is no option -%c", text[0]);
        return CO_EINPUT;
    }
    return take_option(r, option, text[1] == '\0' ? NULL : text + 1);
}

static enum co_err take_word(struct reading *r, const char *text)
{
    if (r->args->words == CLI_GIVEN_MAX) {
        co_why_set(r->why, "more than %d words", CLI_GIVEN_MAX);
        return CO_EINPUT;
    }
    r->args->word[r->args->words++] = text;
    return CO_OK;
}

enum co_err cli_args_read(struct cli_args *ret_args, const struct cli_option *own,
                          const struct cli_option *shared, int argc, char **argv,
                          struct co_why *why)
{
    struct cli_args args = { .given = 0 };
    struct reading r = {
        .args = &args, .lists = { own, shared }, .why = why, .argc = argc, .argv = argv
    };
    bool is_over = false;
    for (r.at = 0; r.at < argc; r.at++) {
        const char *text = argv[r.at];
        enum co_err err = CO_OK;
        if (is_over || text[0] != '-' || text[1] == '\0')
            err = take_word(&r, text);
        else if (strcmp(text, "--") == 0)
            is_over = true;
        else
            err = text[1] == '-' ? take_long(&r, text + 2) : take_short(&r, text + 1);
        if (err != CO_OK)
            return err;
    }
    *ret_args = args;
    return CO_OK;
}

const char *cli_value(const struct cli *cli, const char *option)
{
    for (size_t i = cli->args->given; i > 0; i--)
        if (strcmp(cli->args->option[i - 1]->name, option) == 0)
            return cli->args->value[i - 1];
    return NULL;
}

bool cli_has(const struct cli *cli, const char *option)
{
    return cli_value(cli, option) != NULL;
}

const char *cli_value_or(const struct cli *cli, const char *option, const char *otherwise)
{
    const char *value = cli_value(cli, option);
    return value != NULL ? value : otherwise;
}

char *cli_text(struct cli *cli, const char *text)
{
    char *copy = co_arena_strdup(cli->arena, text == NULL ? "" : text);
    co_assert(copy != NULL); /* the arena holds every command line */
    return copy;
}

char **cli_values(struct cli *cli, const char *option, size_t *ret_n)
{
    char **values = co_arena_alloc(cli->arena, CLI_GIVEN_MAX * sizeof(char *));
    co_assert(values != NULL);
    size_t n = 0;
    for (size_t i = 0; i < cli->args->given; i++)
        if (strcmp(cli->args->option[i]->name, option) == 0)
            values[n++] = cli_text(cli, cli->args->value[i]);
    *ret_n = n;
    return values;
}

bool cli_read_count(struct cli *cli, const char *option, uint32_t max, uint32_t *ret)
{
    const char *text = cli_value(cli, option);
    if (text == NULL)
        return true;
    char *end = NULL;
    unsigned long value = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || value > max) {
        (void)cli_usage(cli, "--%s %s: a whole number from 0 to %u is wanted", option, text, max);
        return false;
    }
    *ret = (uint32_t)value;
    return true;
}

bool cli_read_time(struct cli *cli, const char *option, int64_t *ret_us)
{
    const char *text = cli_value(cli, option);
    if (text == NULL || cli_time_parse(text, cli_now_us(), ret_us) == CO_OK)
        return true;
    (void)cli_usage(
        cli,
        "--%s %s: a time is wanted: 2026-02-17T09:30:00+08:00, \"2026-02-17 09:30\" or 2026-02-17 "
        "(local), 09:30 (today), now, -20m (ago), or +2h (from now)",
        option, text);
    return false;
}

bool cli_read_length(struct cli *cli, const char *option, int64_t *ret_us)
{
    const char *text = cli_value(cli, option);
    if (text == NULL || co_duration_parse(text, ret_us) == CO_OK)
        return true;
    (void)cli_usage(cli, "--%s %s: a length of time is wanted, for example 500ms, 10s or 1h30m",
                    option, text);
    return false;
}
