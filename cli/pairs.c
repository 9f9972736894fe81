#include "pairs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX_BYTES = 512 << 20, FIRST_CAP = 4096, PAIRS_MIN = 20 };
#define SHORTEST 0.98 /* of the great circle: what a road may be, with positions a little off */

bool pairs_add(struct pairs *p, double straight_km, double road_km, unsigned line)
{
    if (road_km < SHORTEST * straight_km) {
        if (p->impossible < PAIRS_BAD)
            p->impossible_line[p->impossible] = line;
        p->impossible++;
        return true;
    }
    if (p->count == p->cap) {
        size_t cap = p->cap == 0 ? FIRST_CAP : 2 * p->cap;
        struct co_zone_pair *grown = realloc(p->item, cap * sizeof(*grown));
        if (grown == NULL)
            return false;
        p->item = grown;
        p->cap = cap;
    }
    p->item[p->count++] = (struct co_zone_pair){ straight_km, road_km };
    return true;
}

/* The whole file with a NUL behind it; NULL after saying why. */
static char *read_all(struct cli *cli, const char *path, size_t *ret_len)
{
    FILE *in = fopen(path, "rb");
    char *text = NULL;
    size_t len = 0, cap = 1 << 20;
    if (in == NULL) {
        (void)cli_fail(cli, CLI_NOT_FOUND, "%s: %s", path, strerror(errno));
        return NULL;
    }
    for (;;) {
        char *grown = cap <= FILE_MAX_BYTES ? realloc(text, cap + 1) : NULL;
        if (grown == NULL) {
            (void)cli_fail(cli, CLI_REFUSED, "%s: more than %d MiB", path, FILE_MAX_BYTES >> 20);
            free(text);
            (void)fclose(in);
            return NULL;
        }
        text = grown;
        len += fread(text + len, 1, cap - len, in);
        if (len < cap)
            break;
        cap *= 2;
    }
    (void)fclose(in);
    text[len] = '\0';
    *ret_len = len;
    return text;
}

static const char *lines_text(struct cli *cli, const struct pairs *p)
{
    const char *all = "";
    for (size_t i = 0; i < p->impossible && i < PAIRS_BAD; i++)
        all = cli_format(cli, "%s%s%u", all, i == 0 ? "" : ", ", p->impossible_line[i]);
    return p->impossible > PAIRS_BAD ? cli_format(cli, "%s ...", all) : all;
}

int pairs_read(struct cli *cli, const char *path, struct pairs *ret_pairs)
{
    size_t len = 0;
    struct pairs p = { .item = NULL };
    char *text = read_all(cli, path, &len);
    if (text == NULL)
        return CLI_NOT_FOUND;
    int code = strstr(text, "EDGE_WEIGHT_SECTION") != NULL
                   ? pairs_read_matrix(cli, path, text, &p)
                   : pairs_read_csv(cli, path, text, len, &p);
    free(text);
    if (code == CLI_OK && p.impossible > 0)
        cli_note(cli, "%s: %zu roads are shorter than the straight line and left out: lines %s",
                 path, p.impossible, lines_text(cli, &p));
    if (code == CLI_OK && p.count < PAIRS_MIN)
        code = cli_fail(cli, CLI_REFUSED, "%s: %zu pairs; at least %d are needed%s", path, p.count,
                        PAIRS_MIN,
                        p.impossible > p.count ? " (are latitude and longitude swapped?)" : "");
    if (code == CLI_OK)
        *ret_pairs = p;
    else
        free(p.item);
    return code;
}
