/* replay_file.h - the files of a replay: the log, compressed or not, and its mapping. */
#pragma once

#include "cli.h"
#include "co_replay_log.h"
#include "co_yaml.h"

/* The whole file as text with a NUL at its end, from malloc; gzip is undone. Returns an exit code;
 * what is wrong was said. */
CO_MUST_CHECK int replay_file_read(struct cli *cli, const char *path, char **ret_text,
                                   size_t *ret_len);

/* The mapping, checked; it belongs to the loader. `path` NULL: beside the log, with its name and
 * .yaml for .csv or .csv.gz. */
CO_MUST_CHECK int replay_file_mapping(struct cli *cli, struct co_yaml *yaml, const char *path,
                                      const char *log_path,
                                      const Callout__V1__ReplayMapping **ret_map);
