#include "co_csv.h"

#include <stdbool.h>
#include <string.h>

void co_csv_init(struct co_csv *c, char *text, size_t len)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t skip = len >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    *c = (struct co_csv){ .at = text + skip, .end = text + len, .next_line = 1 };
}

/* What ends a field: a comma, the end of the line, the end of the text. */
static bool ends_field(const struct co_csv *c, const char *p)
{
    return p == c->end || *p == ',' || *p == '\n' || (*p == '\r' && p + 1 < c->end && p[1] == '\n');
}

/* Moves behind what ends a field. True: the record goes on. */
static bool pass_end(struct co_csv *c, char *p)
{
    bool goes_on = p < c->end && *p == ',';
    if (p < c->end && *p == '\r')
        *p++ = '\0';
    if (p < c->end) {
        c->next_line += *p == '\n';
        *p++ = '\0';
    }
    c->at = p;
    return goes_on;
}

static enum co_err read_quoted(struct co_csv *c, char **ret_field, bool *ret_goes_on)
{
    char *from = c->at + 1, *to = from;
    *ret_field = to;
    for (; from < c->end; from++) {
        if (*from == '"' && !(from + 1 < c->end && from[1] == '"'))
            break;
        from += *from == '"';
        c->next_line += *from == '\n';
        *to++ = *from;
    }
    if (from >= c->end || !ends_field(c, from + 1))
        return CO_EINPUT;
    *ret_goes_on = pass_end(c, from + 1);
    *to = '\0';
    return CO_OK;
}

static enum co_err read_field(struct co_csv *c, char **ret_field, bool *ret_goes_on)
{
    if (c->at < c->end && *c->at == '"')
        return read_quoted(c, ret_field, ret_goes_on);
    char *p = c->at;
    *ret_field = p;
    while (!ends_field(c, p))
        p++;
    *ret_goes_on = pass_end(c, p);
    return CO_OK;
}

static void skip_empty_lines(struct co_csv *c)
{
    while (c->at < c->end && (*c->at == '\n' || (*c->at == '\r' && ends_field(c, c->at))))
        (void)pass_end(c, c->at);
}

enum co_err co_csv_next(struct co_csv *c, char **fields, size_t max, size_t *ret_n)
{
    size_t n = 0;
    bool goes_on = true;
    skip_empty_lines(c);
    c->line = c->next_line;
    *ret_n = 0;
    if (c->at >= c->end)
        return CO_OK;
    while (goes_on) {
        if (n == max)
            return CO_EFULL;
        enum co_err err = read_field(c, &fields[n++], &goes_on);
        if (err != CO_OK)
            return err;
    }
    *ret_n = n;
    return CO_OK;
}
