#include "co_daemon_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TABLES = 2, NAMES_BYTES = 1024 };

struct reading {
    struct co_option_table tables[TABLES];
    char name[64];
    struct co_program program;
};

static void prepare(struct reading *r, const struct co_daemon_def *def, struct co_daemon_options *options, void *own)
{
    size_t skip = def->option_count == 0 ? 1 : 0;
    r->tables[0] = (struct co_option_table){ def->name, def->options, def->option_count, own };
    r->tables[1] = (struct co_option_table){ "every daemon", co_daemon_option_table, CO_DAEMON_OPTIONS, options };
    (void)snprintf(r->name, sizeof(r->name), "callout-%s", def->name);
    r->program = (struct co_program){ .name = r->name, .summary = def->summary, .version = CO_VERSION, .tables = r->tables + skip,
                                      .table_count = TABLES - skip };
}

enum co_config_next co_daemon_read(const struct co_daemon_def *def, int argc, char **argv, struct co_daemon_options *options, void *own,
                                   struct co_config **ret_config)
{
    struct reading r;
    prepare(&r, def, options, own);
    return co_config_load(&r.program, argc, argv, ret_config);
}

static void take(struct co_log *log, const struct co_config *before, const struct co_config *now, const char *level_text,
                 enum co_log_level *level)
{
    struct co_buf names;
    co_buf_init(&names, NAMES_BYTES);
    co_config_changes(before, now, "log-level", &names);
    if (co_log_level_parse(level_text, level) == CO_OK)
        co_log_set_level(log, *level);
    co_log_warn(log, "reloaded", CO_S("log_level", co_log_level_name(*level)), CO_S("needs_restart", co_buf_text(&names)));
    co_buf_done(&names);
}

void co_daemon_read_again(const struct co_daemon_def *def, int argc, char **argv, const struct co_config *before, struct co_log *log,
                          enum co_log_level *level)
{
    struct reading r;
    struct co_daemon_options options = { .log_level = "" };
    struct co_config *now = NULL;
    void *own = calloc(1, def->config_size + 1);
    if (own == NULL) {
        co_log_error(log, "reload_refused", CO_S("why", co_err_name(CO_ENOMEM)));
        return;
    }
    prepare(&r, def, &options, own);
    if (co_config_read(&r.program, argc, argv, environ, &now) == CO_CONFIG_RUN)
        take(log, before, now, options.log_level, level);
    else
        co_log_error(log, "reload_refused", CO_S("why", now == NULL ? co_err_name(CO_ENOMEM) : co_config_errors(now)));
    co_config_free(now);
    free(own);
}
