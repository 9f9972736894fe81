/* co_config.h - options of a program, from tables: read, checked, explained.
 *
 * A row of a table is an option; it is known by one name in three places, of which the later
 * counts:
 *
 *     file           journal-url = host=db dbname=callout       (--config FILE, CALLOUT_CONFIG)
 *     environment    CALLOUT_JOURNAL_URL=...                    (empty counts as not set)
 *     flag           --journal-url ... or --journal-url=...
 *
 * A file has one option a line, blanks around name and value do not count, a value in double quotes
 * keeps its blanks, and lines that begin with # are comments. A bool flag needs no value: --name,
 * --no-name. A secret is no flag, because arguments are seen by everybody; it can be in a file of
 * its own, named by the option NAME-file: a line of the file, CALLOUT_NAME_FILE, --NAME-file.
 *
 * Every mistake is reported, not only the first, each with its source, the name and what is
 * allowed: an unknown name (with the nearest one), a value that cannot be read or is out of bounds,
 * a missing required option. An unknown CALLOUT_ variable is only a warning, because several
 * programs share an environment. Always there: --help, --version, --check-config, --config.
 *
 * Blocking file calls: for start-up only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_buf.h"
#include "co_err.h"

enum co_option_type {
    CO_OPTION_TEXT,     /* const char *; `choices` or any, at most `max` bytes (0: 4,096) */
    CO_OPTION_INT,      /* int64_t; min..max */
    CO_OPTION_DURATION, /* int64_t, milliseconds; written 500ms, 3s, 1h30m; min..max in ms */
    CO_OPTION_BOOL,     /* bool; true/false, yes/no, on/off, 1/0 */
    CO_OPTION_ENDPOINT, /* const char *; tcp://HOST:PORT, ipc://PATH, inproc://NAME; PORT may be *
                         */
    CO_OPTION_ADDRESS,  /* const char *; HOST:PORT, [IPV6]:PORT */
    CO_OPTION_FILE,     /* const char *; a file that can be read now */
    CO_OPTION_SECRET,   /* const char *; as TEXT, never shown */
    CO_OPTION_TYPES
};

struct co_option {
    const char *name; /* [a-z][a-z0-9-]* */
    enum co_option_type type;
    bool is_required;  /* must not be empty */
    size_t offset;     /* where it goes in the table's struct: offsetof() of the type above */
    const char *value; /* the default, as written in a file; NULL: none (NULL, 0, false) */
    const char *unit;  /* INT: of what, for --help; may be NULL */
    int64_t min;       /* INT, DURATION; both 0: no bounds */
    int64_t max;
    const char *choices; /* TEXT: the words allowed, separated by blanks; NULL: any text */
    const char *help;    /* a sentence or two */
};

/* Tables concatenate: what all daemons have, then the daemon's own. */
struct co_option_table {
    const char *group; /* heading in --help */
    const struct co_option *options;
    size_t count;
    void *into; /* the struct that the offsets are of */
};

struct co_program {
    const char *name;    /* "callout-sla" */
    const char *summary; /* what it is for */
    const char *version;
    const char *arguments; /* "COMMAND [ARGUMENT...]" for --help; NULL: takes no arguments */
    const struct co_option_table *tables;
    size_t table_count;
};

enum co_config_next {
    CO_CONFIG_RUN,   /* all options are set: go on */
    CO_CONFIG_CHECK, /* the same, but --check-config was given: check what only you can, then exit
                      */
    CO_CONFIG_DONE,  /* --help or --version: exit with 0 */
    CO_CONFIG_WRONG, /* exit with 2 */
};

struct co_config;

/* Reads the options into the structs of the tables. `program` and its tables are used during the
 * call only; the option rows must outlive the result. Prints nothing: see co_config_output(),
 * co_config_errors(), co_config_warning(). The result owns every string it set, until it is freed;
 * NULL (then CO_CONFIG_WRONG): out of memory. The structs are changed only for RUN and CHECK. A
 * table with a mistake in it (a name twice, a default that is not allowed) is our bug. */
CO_MUST_CHECK enum co_config_next co_config_read(const struct co_program *program, int argc,
                                                 char *const argv[], char *const environment[],
                                                 struct co_config **ret_config);

/* What a main() calls: removes every PG* variable from the environment (libpq would follow them),
 * reads the options from it and argv, prints help to standard output and mistakes to standard
 * error. Warnings are left for the log. */
CO_MUST_CHECK enum co_config_next co_config_load(const struct co_program *program, int argc,
                                                 char *const argv[], struct co_config **ret_config);

/* Wipes the secrets and frees everything. NULL is allowed. */
void co_config_free(struct co_config *c);

const char *co_config_output(const struct co_config *c); /* --help, --version; "" if none */
const char *co_config_errors(const struct co_config *c); /* lines; "" if none */
size_t co_config_warning_count(const struct co_config *c);
const char *co_config_warning(const struct co_config *c, size_t i);

/* What is left of argv without program name and flags, in order; "--" ends the flags. */
size_t co_config_argument_count(const struct co_config *c);
const char *co_config_argument(const struct co_config *c, size_t i);

/* Appends the names of the options that have another value in `now` than in `before`, blanks between them, but for `except`. Both
 * were read with the same tables. */
void co_config_changes(const struct co_config *before, const struct co_config *now, const char *except, struct co_buf *names);

/* Appends each option with its value and where it came from, a line each; a secret shows as "set".
 * The lines can be used as a file. Returns out->err. */
enum co_err co_config_show(const struct co_config *c, struct co_buf *out);
