/* co_config_internal.h - between the co_config*.c files only. */
#pragma once

#include "co_config.h"

#define CO_CONFIG_WHERE 300

enum co_config_source { CO_FROM_DEFAULT, CO_FROM_FILE, CO_FROM_ENVIRONMENT, CO_FROM_FLAG };

/* One option with what was given for it. `text` is owned; NULL: nothing. */
struct co_setting {
    const struct co_option *option;
    const struct co_option_table *table;
    enum co_config_source source;
    bool is_file; /* a secret: text is the path it is read from */
    char *text;
    char where[CO_CONFIG_WHERE]; /* "--lane", "CALLOUT_LANE", "sla.conf:12: lane" */
};

struct co_config {
    const struct co_program *program;
    struct co_setting *settings;
    size_t count;
    struct co_buf output;
    struct co_buf errors;
    char **warnings;
    size_t warning_count;
    const char **arguments; /* point into argv */
    size_t argument_count;
    char *file; /* --config; NULL: none */
    bool wants_help;
    bool wants_version;
    bool wants_check;
};

/* The environment's name of an option: CALLOUT_ and the name in capitals, '-' as '_'; `tail` is
 * "" or "-file". */
#define CO_CONFIG_ENV "CALLOUT_"
#define CO_CONFIG_NAME 96
void co_config_env_name(const char *name, const char *tail, char to[static CO_CONFIG_NAME]);

/* Adds a line to the errors. */
void co_config_error(struct co_config *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds a warning; beyond a limit they are dropped. */
void co_config_warn(struct co_config *c, const char *text);

/* The setting of that name, NULL when there is none; of a secret also NAME-file, which *ret_is_file
 * then says. */
struct co_setting *co_config_find(struct co_config *c, const char *name, bool *ret_is_file);

/* Appends "; did you mean ...?" where a name is near. */
void co_config_put_nearest(struct co_config *c, const char *name, struct co_buf *out);

/* Adds the error "WHERE: unknown option", with the nearest name. */
void co_config_unknown(struct co_config *c, const char *where, const char *name);

/* Gives a setting its text, unless a source that counts more gave one: sources come in the order
 * flag, environment, file. Twice in a file is an error. */
void co_config_give(struct co_config *c, struct co_setting *s, enum co_config_source source,
                    bool is_file, const char *text, const char *where);

/* Remembers the path of --config. */
void co_config_set_file(struct co_config *c, const char *path);

/* The sources. */
void co_config_read_flags(struct co_config *c, int argc, char *const argv[]);
void co_config_read_environment(struct co_config *c, char *const environment[]);
void co_config_read_file(struct co_config *c);

/* Puts the secret itself in place of the path of its file, where it was given so. */
void co_config_read_secret(struct co_config *c, struct co_setting *s);

/* Appends what a value may be: "1 to 64", "debug, info", "tcp://HOST:PORT, ...". */
void co_config_allowed(const struct co_option *option, struct co_buf *out);

/* Checks the text of a setting and, when `into` is not NULL, stores it there. On failure appends
 * what is wrong to `problem` ("\"x\" is not a whole number"). */
CO_MUST_CHECK bool co_config_store(const struct co_setting *setting, void *into,
                                   struct co_buf *problem);

/* What stands for the value in --help: "NUMBER", "FILE" ... */
const char *co_config_placeholder(const struct co_option *option);

/* Appends --help. */
void co_config_help(const struct co_program *program, struct co_buf *out);
