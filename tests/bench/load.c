/* Puts load on an intake socket and says how it bore it: see usage(). */
#include "load.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct option {
    const char *name;
    size_t offset;
    bool is_number;
    const char *help;
};

#define TEXT(n, field, help) { n, offsetof(struct load_options, field), false, help }
#define NUMBER(n, field, help) { n, offsetof(struct load_options, field), true, help }

static const struct option table[] = {
    TEXT("--endpoint", endpoint, "where intake listens (CALLOUT_ENDPOINT)"),
    TEXT("--server-key", server_key, "its public key (CALLOUT_SERVER_KEY)"),
    TEXT("--key-file", key_file, "our pair (CALLOUT_KEY_FILE)"),
    TEXT("--targets", targets, "file of lines: customer contract site product"),
    TEXT("--ledger", ledger, "file to write down each try and its outcome"),
    TEXT("--name", name, "begins every key; another one for each run"),
    NUMBER("--connections", connections, "connections (4)"),
    NUMBER("--window", window, "requests in flight per connection (256)"),
    NUMBER("--count", count, "end after so many tickets"),
    NUMBER("--seconds", seconds, "end after so long"),
    NUMBER("--warm", warm, "seconds that do not count, before"),
    NUMBER("--rate", rate, "tickets offered per second; without: as many as are answered"),
    NUMBER("--onsite", onsite, "per cent that ask for on-site service (0)"),
    NUMBER("--commands", commands, "per cent that a command follows (0)"),
    NUMBER("--again-ms", again_ms, "send again when no answer came for so long (5000)"),
    NUMBER("--patience", patience, "seconds until an outcome is unknown (60)"),
    NUMBER("--progress", progress, "1: a line each second"),
};
enum { OPTIONS = sizeof(table) / sizeof(table[0]) };

void load_die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)fputs("load: ", stderr);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
    va_end(args);
    exit(1);
}

static void usage(void)
{
    (void)fputs("usage: load --targets FILE (--count N | --seconds S) [OPTION VALUE]...\n"
                "Tickets from many connections; each is sent again with the same key until its outcome is known.\n"
                "With --rate a latency counts from when the ticket should have been sent.\n",
                stderr);
    for (size_t i = 0; i < OPTIONS; i++)
        (void)fprintf(stderr, "  %-14s %s\n", table[i].name, table[i].help);
    exit(2);
}

static void set(struct load_options *o, const char *name, const char *value)
{
    for (size_t i = 0; i < OPTIONS; i++) {
        if (strcmp(table[i].name, name) != 0)
            continue;
        void *field = (char *)o + table[i].offset;
        char *end = NULL;
        if (!table[i].is_number) {
            *(const char **)field = value;
            return;
        }
        *(int64_t *)field = strtoll(value, &end, 10);
        if (end == value || *end != '\0' || *(int64_t *)field < 0)
            load_die("%s: '%s' is not a whole number from 0", name, value);
        return;
    }
    usage();
}

static void on_signal(int number)
{
    (void)number;
    load_is_stopped = 1;
}

int main(int argc, char **argv)
{
    static struct load_figures figures;
    struct load_options o = { .endpoint = getenv("CALLOUT_ENDPOINT"), .server_key = getenv("CALLOUT_SERVER_KEY"),
                              .key_file = getenv("CALLOUT_KEY_FILE"), .name = "load", .connections = 4, .window = 256,
                              .again_ms = 5000, .patience = 60 };
    if (argc % 2 == 0)
        usage();
    for (int i = 1; i + 1 < argc; i += 2)
        set(&o, argv[i], argv[i + 1]);
    if (o.endpoint == NULL || o.server_key == NULL || o.key_file == NULL || o.targets == NULL || (o.count == 0 && o.seconds == 0) ||
        o.connections < 1 || o.window < 1 || o.connections * o.window > 1000000)
        usage();
    (void)signal(SIGTERM, on_signal);
    (void)signal(SIGINT, on_signal);
    double seconds = load_run(&o, &figures);
    load_figures_print(&figures, seconds);
    return figures.unknown == 0 && figures.strange == 0 ? 0 : 3;
}
