/* cli_table.h - texts in columns that line up by display width, Chinese included. */
#pragma once

#include <stddef.h>

#include "cli.h"

enum { CLI_TABLE_COLUMNS = 20 };

struct cli_table {
    struct cli *cli;
    size_t columns;
    const char *title[CLI_TABLE_COLUMNS];
    bool is_right[CLI_TABLE_COLUMNS];
    const char *(*row)[CLI_TABLE_COLUMNS];
    size_t rows;
    size_t cap;
};

/* `titles` with '|' between them; a title that begins with '>' makes a column of right-aligned
 * texts. */
void cli_table_init(struct cli_table *t, struct cli *cli, const char *titles);

/* One text per column, borrowed until printed; NULL is "". */
void cli_table_add(struct cli_table *t, const char *const *texts);
#define CLI_TABLE_ADD(t, ...) cli_table_add((t), (const char *const[]){ __VA_ARGS__ })

/* Prints titles and rows with `indent` blanks before each; columns without any text are left out.
 * On a terminal the last column is cut to what fits. */
void cli_table_print(const struct cli_table *t, unsigned indent);
