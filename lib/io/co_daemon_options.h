/* co_daemon_options.h - the options that every daemon has. */
#pragma once

#include <stdint.h>

#include "co_config.h"

struct co_daemon_options {
    const char *database_url;
    const char *database_role;
    const char *instance;
    const char *mesh_endpoint;
    const char *mesh_announce;
    const char *mesh_key_file;
    const char *http_address;
    const char *log_level;
    const char *probe;
};

enum { CO_DAEMON_OPTIONS = 9 };
extern const struct co_option co_daemon_option_table[CO_DAEMON_OPTIONS];
