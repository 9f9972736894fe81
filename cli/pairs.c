#include "pairs.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "co_position.h"

enum { FILE_MAX_BYTES = 512 << 20, FIRST_CAP = 4096, PAIRS_MIN = 20 };
#define SHORTEST 0.98 /* of the great circle: what a road may be, with positions a little off */

struct co_point pairs_point(const struct pairs_file *f, double lat_deg, double lon_deg)
{
    Callout__V1__Position p = CALLOUT__V1__POSITION__INIT;
    struct co_point at = { lat_deg, lon_deg };
    p.latitude = lat_deg;
    p.longitude = lon_deg;
    p.datum = f->ask->datum;
    (void)co_position_wgs84(&p, &at);
    return at;
}

bool pairs_add(struct pairs *p, struct co_point from, struct co_point to, double road_km,
               struct pairs_place place)
{
    double straight_km = co_geo_km(from, to);
    if (road_km < SHORTEST * straight_km) {
        if (p->impossible < PAIRS_BAD)
            p->impossible_at[p->impossible] = place;
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

/* "lines 2, 3, ..." or, of a matrix, "row 1 column 2, ...". */
static const char *places_text(struct cli *cli, const struct pairs *p)
{
    const char *all = p->impossible_at[0].column > 0 ? "" : p->impossible == 1 ? "line " : "lines ";
    for (size_t i = 0; i < p->impossible && i < PAIRS_BAD; i++) {
        struct pairs_place at = p->impossible_at[i];
        const char *comma = i == 0 ? "" : ", ";
        all = at.column > 0
                  ? cli_format(cli, "%s%srow %zu column %zu", all, comma, at.line, at.column)
                  : cli_format(cli, "%s%s%zu", all, comma, at.line);
    }
    return p->impossible > PAIRS_BAD ? cli_format(cli, "%s, ...", all) : all;
}

static int check_count(const struct pairs_file *f)
{
    const struct pairs *p = &f->pairs;
    if (p->impossible > 0)
        cli_note(f->cli, "%s: %zu road%s shorter than the straight line and left out: %s", f->path,
                 p->impossible, p->impossible == 1 ? " is" : "s are", places_text(f->cli, p));
    if (p->count >= PAIRS_MIN)
        return CLI_OK;
    const char *others = p->others == 0 ? ""
                                        : cli_format(f->cli, "; %zu are of other offices than '%s'",
                                                     p->others, f->ask->office);
    return cli_fail(f->cli, CLI_REFUSED, "%s: %zu pairs; at least %d are needed%s%s", f->path,
                    p->count, PAIRS_MIN, others,
                    p->impossible > p->count ? " (are latitude and longitude swapped?)" : "");
}

int pairs_read(struct cli *cli, const char *path, const struct pairs_ask *ask,
               struct pairs *ret_pairs)
{
    struct pairs_file f = { .cli = cli, .ask = ask, .path = path };
    f.text = read_all(cli, path, &f.len);
    if (f.text == NULL)
        return CLI_NOT_FOUND;
    int code =
        strstr(f.text, "EDGE_WEIGHT_SECTION") != NULL ? pairs_read_matrix(&f) : pairs_read_csv(&f);
    cli_progress_end(cli, &f.progress);
    free(f.text);
    if (code == CLI_OK)
        code = check_count(&f);
    if (code == CLI_OK)
        *ret_pairs = f.pairs;
    else
        free(f.pairs.item);
    return code;
}
