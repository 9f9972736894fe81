#include "co_daemon_options.h"

#define AT(member) offsetof(struct co_daemon_options, member)

const struct co_option co_daemon_option_table[CO_DAEMON_OPTIONS] = {
    { .name = "database-url", .type = CO_OPTION_SECRET, .offset = AT(database_url), .is_required = true,
      .help = "Connection string or URI of PostgreSQL. Several hosts are allowed; the writable one is taken." },
    { .name = "database-role", .type = CO_OPTION_TEXT, .offset = AT(database_role),
      .help = "Role to work as (SET ROLE). Default: callout_SERVICE; \"none\" stays the user of the URL." },
    { .name = "instance", .type = CO_OPTION_TEXT, .offset = AT(instance), .max = 100,
      .help = "Name of this process, unique among all daemons. Default: SERVICE-HOST-PID." },
    { .name = "mesh-endpoint", .type = CO_OPTION_ENDPOINT, .offset = AT(mesh_endpoint),
      .help = "Where this process publishes what it commits. ipc:// on one machine; tcp:// needs mesh-key-file. "
              "Default: a socket in TMPDIR." },
    { .name = "mesh-announce", .type = CO_OPTION_ENDPOINT, .offset = AT(mesh_announce),
      .help = "How the other daemons reach mesh-endpoint, where that differs from what is bound. Default, for a wildcard: the "
              "own address of the connection to the database, or the name of the machine where that is local." },
    { .name = "mesh-key-file", .type = CO_OPTION_FILE, .offset = AT(mesh_key_file),
      .help = "Key pair of the mesh (callout keygen), the same file for every daemon." },
    { .name = "http-address", .type = CO_OPTION_ADDRESS, .offset = AT(http_address), .value = "127.0.0.1:0",
      .help = "Where /livez, /readyz and /metrics are served; port 0 picks a free one and logs it." },
    { .name = "log-level", .type = CO_OPTION_TEXT, .offset = AT(log_level), .value = "info",
      .choices = "debug info warn error", .help = "What is logged. SIGHUP reads it again from the file of --config; SIGUSR1 switches debug on and off." },
    { .name = "probe", .type = CO_OPTION_TEXT, .offset = AT(probe), .choices = "live ready",
      .help = "Starts nothing: asks the daemon that runs with these options, at its http-address, for /livez or /readyz, prints the "
              "answer, and ends with 0 where it is well, else with 1. For health checks." },
};
