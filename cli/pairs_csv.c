/* CSV: from_lat and from_lon, or office, then to_lat, to_lon, km; in any order, other columns are
 * passed over. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd_zone.h"
#include "co_csv.h"
#include "co_position.h"
#include "pairs.h"

enum column { FROM_LAT, FROM_LON, TO_LAT, TO_LON, KM, OFFICE, COLUMNS };
enum { FIELDS_MAX = 64, ROWS_BETWEEN = 4096 };
#define KM_MAX 20000.0

static const struct {
    const char *name;
    double low, high; /* of a number */
} columns[COLUMNS] = {
    [FROM_LAT] = { "from_lat", -90, 90 }, [FROM_LON] = { "from_lon", -180, 180 },
    [TO_LAT] = { "to_lat", -90, 90 },     [TO_LON] = { "to_lon", -180, 180 },
    [KM] = { "km", 0, KM_MAX },           [OFFICE] = { "office", 0, 0 },
};

struct reader {
    struct pairs_file *file;
    struct co_csv csv;
    char *field[FIELDS_MAX];
    size_t fields;
    size_t place[COLUMNS]; /* FIELDS_MAX: there is none */
    struct co_point from;  /* where pairs begin if no row says so */
};

static bool has(const struct reader *r, enum column c)
{
    return r->place[c] < FIELDS_MAX;
}

static const char *text_of(const struct reader *r, enum column c)
{
    return r->place[c] < r->fields ? r->field[r->place[c]] : "";
}

static void find_columns(struct reader *r)
{
    for (size_t c = 0; c < COLUMNS; c++) {
        r->place[c] = FIELDS_MAX;
        for (size_t i = r->fields; i > 0; i--)
            if (strcmp(r->field[i - 1], columns[c].name) == 0)
                r->place[c] = i - 1;
    }
}

/* Where the office is; false after saying why that is not known. `where` begins the message. */
static bool find_office(struct reader *r, const char *where, const char *key,
                        struct co_point *ret_at)
{
    const struct pairs_file *f = r->file;
    const Callout__V1__Office *o = co_registry_office(f->ask->registry, key);
    if (o != NULL && co_position_wgs84(o->position, ret_at))
        return true;
    (void)cli_fail(f->cli, CLI_REFUSED, "%s%s \"%.64s\"%s", where,
                   o == NULL ? "there is no office" : "no position is known of office", key,
                   o == NULL ? cmd_zone_nearest(f->cli, f->ask->registry, CO_KIND_OFFICE, key)
                             : "");
    return false;
}

/* The columns there are say where pairs begin and end, and how long they are. */
static int check_columns(struct reader *r)
{
    const struct pairs_file *f = r->file;
    bool has_from = has(r, FROM_LAT) && has(r, FROM_LON);
    for (size_t c = 0; c < OFFICE; c++) {
        bool may_lack = (c == FROM_LAT || c == FROM_LON) && !has(r, FROM_LAT) &&
                        !has(r, FROM_LON) && (has(r, OFFICE) || *f->ask->office != '\0');
        if (!has(r, (enum column)c) && !may_lack)
            return cli_fail(f->cli, CLI_REFUSED,
                            "%s: no column \"%s\" in its first line; needed are from_lat, "
                            "from_lon (or office, or --office), to_lat, to_lon, km",
                            f->path, columns[c].name);
    }
    if (has_from || has(r, OFFICE))
        return CLI_OK;
    return find_office(r, "", f->ask->office, &r->from) ? CLI_OK : CLI_REFUSED;
}

static bool read_number(const struct reader *r, enum column c, double *ret_x)
{
    char *end = NULL;
    const char *text = text_of(r, c);
    *ret_x = strtod(text, &end);
    if (end != text && *end == '\0' && *ret_x >= columns[c].low && *ret_x <= columns[c].high)
        return true;
    bool is_longitude = (c == FROM_LAT || c == TO_LAT) && end != text && *end == '\0' &&
                        fabs(*ret_x) <= columns[FROM_LON].high;
    (void)cli_fail(r->file->cli, CLI_REFUSED, "%s:%u: %s is \"%.40s\"; allowed is %g to %g%s",
                   r->file->path, r->csv.line, columns[c].name, text, columns[c].low,
                   columns[c].high, is_longitude ? " (are latitude and longitude swapped?)" : "");
    return false;
}

static bool read_point(const struct reader *r, enum column lat, enum column lon,
                       struct co_point *ret_at)
{
    double lat_deg, lon_deg;
    if (!read_number(r, lat, &lat_deg) || !read_number(r, lon, &lon_deg))
        return false;
    *ret_at = pairs_point(r->file, lat_deg, lon_deg);
    return true;
}

static bool read_from(struct reader *r, struct co_point *ret_at)
{
    const struct pairs_file *f = r->file;
    if (has(r, FROM_LAT))
        return read_point(r, FROM_LAT, FROM_LON, ret_at);
    *ret_at = r->from;
    return !has(r, OFFICE) || find_office(r, cli_format(f->cli, "%s:%u: ", f->path, r->csv.line),
                                          text_of(r, OFFICE), ret_at);
}

static int read_row(struct reader *r)
{
    struct pairs_file *f = r->file;
    struct co_point from, to;
    double km;
    if (has(r, OFFICE) && *f->ask->office != '\0' &&
        strcmp(text_of(r, OFFICE), f->ask->office) != 0) {
        f->pairs.others++;
        return CLI_OK;
    }
    if (!read_from(r, &from) || !read_point(r, TO_LAT, TO_LON, &to) || !read_number(r, KM, &km))
        return CLI_REFUSED;
    return pairs_add(&f->pairs, from, to, km, (struct pairs_place){ r->csv.line, 0 })
               ? CLI_OK
               : cli_fail(f->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
}

static int next_row(struct reader *r)
{
    return co_csv_next(&r->csv, r->field, FIELDS_MAX, &r->fields) == CO_OK
               ? CLI_OK
               : cli_fail(r->file->cli, CLI_REFUSED, "%s:%u: not a line of CSV", r->file->path,
                          r->csv.line);
}

int pairs_read_csv(struct pairs_file *f)
{
    struct reader r = { .file = f };
    co_csv_init(&r.csv, f->text, f->len);
    int code = next_row(&r);
    if (code == CLI_OK) {
        find_columns(&r);
        code = check_columns(&r);
    }
    for (size_t rows = 0; code == CLI_OK; rows++) {
        if (rows % ROWS_BETWEEN == 0)
            cli_progress_bar(f->cli, &f->progress, (size_t)(r.csv.at - f->text), f->len,
                             "reading, %zu pairs", f->pairs.count);
        code = next_row(&r);
        if (code == CLI_OK && r.fields == 0)
            break;
        if (code == CLI_OK)
            code = read_row(&r);
    }
    return code;
}
