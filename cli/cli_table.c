#include "cli_table.h"

#include <string.h>

#include "co_assert.h"
#include "co_text.h"

enum { FIRST_ROWS = 16, GAP = 2, TEXT_MAX = 4096 };

void cli_table_init(struct cli_table *t, struct cli *cli, const char *titles)
{
    *t = (struct cli_table){ .cli = cli };
    char *at = cli_text(cli, titles);
    while (at != NULL) {
        co_assert(t->columns < CLI_TABLE_COLUMNS);
        char *next = strchr(at, '|');
        if (next != NULL)
            *next++ = '\0';
        t->is_right[t->columns] = at[0] == '>';
        t->title[t->columns++] = at + (at[0] == '>');
        at = next;
    }
}

void cli_table_add(struct cli_table *t, const char *const *texts)
{
    if (t->rows == t->cap) {
        size_t cap = t->cap == 0 ? FIRST_ROWS : t->cap * 2;
        void *rows = co_arena_alloc(t->cli->arena, cap * sizeof(t->row[0]));
        co_assert(rows != NULL); /* pages have at most 1,000 rows */
        if (t->rows > 0)
            memcpy(rows, t->row, t->rows * sizeof(t->row[0]));
        t->row = rows;
        t->cap = cap;
    }
    for (size_t i = 0; i < t->columns; i++)
        t->row[t->rows][i] = texts[i] == NULL ? "" : texts[i];
    t->rows++;
}

/* 0: the column has no text at all. */
static size_t width_of(const struct cli_table *t, size_t column)
{
    size_t width = 0;
    for (size_t i = 0; i < t->rows; i++) {
        size_t w = co_text_width(t->row[i][column]);
        width = w > width ? w : width;
    }
    size_t title = co_text_width(t->title[column]);
    return width > 0 && title > width ? title : width;
}

static void print_line(const struct cli_table *t, const char *const *texts, const size_t *width,
                       unsigned indent)
{
    FILE *out = t->cli->out;
    size_t last = t->columns;
    while (last > 0 && width[last - 1] == 0)
        last--;
    (void)fprintf(out, "%*s", (int)indent, "");
    for (size_t i = 0; i < last; i++) {
        if (width[i] == 0)
            continue;
        char text[TEXT_MAX];
        bool is_last = i + 1 == last;
        bool fits = co_text_width(texts[i]) <= width[i];
        if (is_last && fits && !t->is_right[i]) {
            (void)fputs(texts[i], out); /* no blanks at the end */
            continue;
        }
        (void)co_text_pad(text, sizeof(text), texts[i], width[i],
                          t->is_right[i] ? CO_TEXT_RIGHT : CO_TEXT_LEFT);
        (void)fprintf(out, "%s%*s", text, is_last ? 0 : GAP, "");
    }
    (void)fputc('\n', out);
}

/* The last column gives way on a terminal. */
static void fit(const struct cli_table *t, size_t *width, unsigned indent)
{
    enum { LEAST = 10 };
    size_t used = indent, last = 0;
    for (size_t i = 0; i < t->columns; i++)
        if (width[i] > 0) {
            used += width[i] + GAP;
            last = i;
        }
    used -= GAP;
    if (t->cli->columns == 0 || used <= t->cli->columns)
        return;
    size_t over = used - t->cli->columns;
    width[last] = width[last] > over + LEAST ? width[last] - over
                  : width[last] > LEAST      ? LEAST
                                             : width[last];
}

void cli_table_print(const struct cli_table *t, unsigned indent)
{
    if (t->rows == 0)
        return;
    size_t width[CLI_TABLE_COLUMNS] = { 0 };
    for (size_t i = 0; i < t->columns; i++)
        width[i] = width_of(t, i);
    fit(t, width, indent);
    print_line(t, t->title, width, indent);
    for (size_t i = 0; i < t->rows; i++)
        print_line(t, t->row[i], width, indent);
}
