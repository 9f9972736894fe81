/* cli_files.h - whole files of others, and texts in them. */
#pragma once

#include <stddef.h>

#include "cli.h"

/* Bounds of what is read of others. */
enum { CLI_YEAR_MIN = 1970, CLI_YEAR_MAX = 9000, CLI_FILE_BYTES = 16 * 1024 * 1024 };

/* The whole file as a text of at most `limit_bytes`, in the arena. Returns the exit code; what is
 * wrong is said. */
CO_MUST_CHECK int cli_read_file(struct cli *cli, const char *path, size_t limit_bytes,
                                char **ret_text, size_t *ret_len);

/* Writes the whole file or nothing: beside it, then in its place. Returns the exit code. */
CO_MUST_CHECK int cli_replace_file(struct cli *cli, const char *path, const char *text);

/* A text without control characters, blanks at its ends and more than 100 characters. */
const char *cli_clean(struct cli *cli, const char *text);

/* The names of the words of the command line from `first` on, without their directories:
 * "a.ics, b.ics". */
const char *cli_file_names(struct cli *cli, size_t first);
