#include <stdio.h>
#include <string.h>

#include "co_config_internal.h"

struct flag {
    char name[CO_CONFIG_NAME];
    char where[CO_CONFIG_NAME + 2];
    const char *value; /* after '='; NULL: none */
};

static bool take_general(struct co_config *c, const struct flag *flag)
{
    bool *wish = strcmp(flag->name, "help") == 0           ? &c->wants_help
                 : strcmp(flag->name, "version") == 0      ? &c->wants_version
                 : strcmp(flag->name, "check-config") == 0 ? &c->wants_check
                                                           : NULL;
    if (wish == NULL)
        return false;
    *wish = true;
    if (flag->value != NULL)
        co_config_error(c, "%s takes no value", flag->where);
    return true;
}

/* A bool flag: --name, --name=VALUE, --no-name. True when it was one. */
static bool take_bool(struct co_config *c, const struct flag *flag)
{
    bool is_file;
    bool is_no = strncmp(flag->name, "no-", 3) == 0;
    struct co_setting *s = co_config_find(c, flag->name, &is_file);
    if (s != NULL && s->option->type == CO_OPTION_BOOL) {
        co_config_give(c, s, CO_FROM_FLAG, false, flag->value != NULL ? flag->value : "true",
                       flag->where);
        return true;
    }
    s = is_no && flag->value == NULL ? co_config_find(c, flag->name + 3, &is_file) : NULL;
    if (s == NULL || s->option->type != CO_OPTION_BOOL)
        return false;
    co_config_give(c, s, CO_FROM_FLAG, false, "false", flag->where);
    return true;
}

/* A flag with a value, its own or the next argument. True when the next was used. */
static bool take_valued(struct co_config *c, const struct flag *flag, const char *next)
{
    bool is_file;
    bool is_config = strcmp(flag->name, "config") == 0;
    struct co_setting *s = is_config ? NULL : co_config_find(c, flag->name, &is_file);
    if (s == NULL && !is_config) {
        co_config_unknown(c, flag->where, flag->name);
        return false;
    }
    const char *value = flag->value != NULL ? flag->value : next;
    if (s != NULL && s->option->type == CO_OPTION_SECRET && !is_file)
        co_config_error(c, "%s: a secret does not belong into arguments; use %s-file", flag->where,
                        flag->where);
    else if (value == NULL)
        co_config_error(c, "%s needs a value", flag->where);
    else if (is_config)
        co_config_set_file(c, value);
    else
        co_config_give(c, s, CO_FROM_FLAG, is_file, value, flag->where);
    return flag->value == NULL;
}

static void split_flag(const char *argument, struct flag *flag)
{
    size_t len = strcspn(argument + 2, "=");
    size_t kept = len < sizeof(flag->name) ? len : sizeof(flag->name) - 1;
    memcpy(flag->name, argument + 2, kept);
    flag->name[kept] = '\0';
    snprintf(flag->where, sizeof(flag->where), "--%s", flag->name);
    flag->value = argument[2 + len] == '=' ? argument + 2 + len + 1 : NULL;
}

static void take_argument(struct co_config *c, const char *argument)
{
    if (c->program->arguments != NULL)
        c->arguments[c->argument_count++] = argument;
    else
        co_config_error(c, "%s: takes flags only, see --help", argument);
}

void co_config_read_flags(struct co_config *c, int argc, char *const argv[])
{
    bool is_rest = false;
    for (int i = 1; i < argc; i++) {
        struct flag flag;
        if (is_rest || argv[i][0] != '-' || argv[i][1] == '\0') {
            take_argument(c, argv[i]);
        } else if (strcmp(argv[i], "--") == 0) {
            is_rest = true;
        } else if (argv[i][1] != '-') {
            co_config_error(c, "%s: flags begin with two dashes, see --help", argv[i]);
        } else {
            split_flag(argv[i], &flag);
            if (!take_general(c, &flag) && !take_bool(c, &flag))
                i += take_valued(c, &flag, i + 1 < argc ? argv[i + 1] : NULL);
        }
    }
}
