/* co_daemon_read.h - the options of a daemon, read at its start and again at SIGHUP. */
#pragma once

#include "co_daemon.h"
#include "co_daemon_options.h"

/* Reads them all, from the same argv and environment each time: --help and mistakes are printed. Results as of co_config_load(). */
CO_MUST_CHECK enum co_config_next co_daemon_read(const struct co_daemon_def *def, int argc, char **argv,
                                                 struct co_daemon_options *options, void *own, struct co_config **ret_config);

/* Reads them again into nowhere, and sets *level to what log-level says now. Logs what came of it: `reloaded`, with the options that
 * have another value now and need a new start, or `reload_refused`, and then nothing changes. */
void co_daemon_read_again(const struct co_daemon_def *def, int argc, char **argv, const struct co_config *before, struct co_log *log,
                          enum co_log_level *level);
