#include "replay_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "co_replay_plan.h"

enum { FIRST_BYTES = 1 << 20, LOG_BYTES_MAX = 1 << 30 };

/* Reads on into *text until the end; false: not readable, or longer than it may be. */
static bool read_all(gzFile file, char **text, size_t *ret_len)
{
    size_t cap = FIRST_BYTES, len = 0;
    for (;;) {
        char *more = realloc(*text, cap);
        if (more == NULL)
            return false;
        *text = more;
        int got = gzread(file, *text + len, (unsigned)(cap - len - 1));
        if (got < 0)
            return false;
        len += (size_t)got;
        if (got == 0)
            break;
        if (cap - len > 1)
            continue;
        if (cap >= LOG_BYTES_MAX)
            return false;
        cap *= 2;
    }
    (*text)[len] = '\0';
    *ret_len = len;
    return true;
}

int replay_file_read(struct cli *cli, const char *path, char **ret_text, size_t *ret_len)
{
    gzFile file = gzopen(path, "rbe");
    if (file == NULL)
        return cli_fail(cli, CLI_NOT_FOUND, "%s: %s", path, strerror(errno));
    char *text = NULL;
    bool is_read = read_all(file, &text, ret_len);
    bool is_whole = gzclose(file) == Z_OK;
    if (is_read && is_whole) {
        *ret_text = text;
        return CLI_OK;
    }
    free(text);
    return cli_fail(cli, CLI_REFUSED, "%s cannot be read: damaged, or over %d MiB unpacked", path,
                    LOG_BYTES_MAX >> 20);
}

/* The log's path with another ending. */
static const char *beside(struct cli *cli, const char *log_path)
{
    static const char *const endings[] = { ".csv.gz", ".csv" };
    size_t len = strlen(log_path);
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        size_t n = strlen(endings[i]);
        if (len > n && strcmp(log_path + len - n, endings[i]) == 0)
            return cli_format(cli, "%.*s.yaml", (int)(len - n), log_path);
    }
    return cli_format(cli, "%s.yaml", log_path);
}

int replay_file_mapping(struct cli *cli, struct co_yaml *yaml, const char *path,
                        const char *log_path, const Callout__V1__ReplayMapping **ret_map)
{
    const char *name = path != NULL ? path : beside(cli, log_path);
    const ProtobufCMessage *message = NULL;
    enum co_err err =
        co_yaml_load_message(yaml, name, &callout__v1__replay_mapping__descriptor, &message);
    if (err != CO_OK) {
        cli_yaml_problems(cli, yaml);
        return cli_fail(cli, err == CO_EDOWN ? CLI_NOT_FOUND : cli_exit_of(err),
                        "the mapping %s cannot be used", name);
    }
    const Callout__V1__ReplayMapping *map =
        (const Callout__V1__ReplayMapping *)(const void *)message;
    const char *problem = co_replay_mapping_problem(map);
    if (problem != NULL)
        return cli_fail(cli, CLI_REFUSED, "the mapping %s: %s", name, problem);
    *ret_map = map;
    return CLI_OK;
}
