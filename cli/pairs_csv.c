/* CSV: from_lat, from_lon, to_lat, to_lon, km; in any order, other columns are passed over. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "co_csv.h"
#include "co_geo.h"
#include "pairs.h"

enum column { FROM_LAT, FROM_LON, TO_LAT, TO_LON, KM, COLUMNS };
enum { FIELDS_MAX = 64 };
#define KM_MAX 20000.0

static const char *const names[COLUMNS] = { "from_lat", "from_lon", "to_lat", "to_lon", "km" };

static bool find_columns(char *const *fields, size_t n, size_t place[static COLUMNS],
                         const char **ret_missing)
{
    for (size_t c = 0; c < COLUMNS; c++) {
        place[c] = 0;
        while (place[c] < n && strcmp(fields[place[c]], names[c]) != 0)
            place[c]++;
        if (place[c] == n) {
            *ret_missing = names[c];
            return false;
        }
    }
    return true;
}

static int fail_row(struct cli *cli, const char *path, const struct co_csv *csv, size_t column,
                    const char *text)
{
    static const char *const allowed[COLUMNS] = { "-90 to 90", "-180 to 180", "-90 to 90",
                                                  "-180 to 180", "0 to 20000" };
    return cli_fail(cli, CLI_REFUSED, "%s:%u: %s is \"%.40s\"; allowed is %s", path, csv->line,
                    names[column], text, allowed[column]);
}

static bool read_number(const char *text, double low, double high, double *ret_x)
{
    char *end = NULL;
    *ret_x = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*ret_x) && *ret_x >= low && *ret_x <= high;
}

int pairs_read_csv(struct cli *cli, const char *path, char *text, size_t len, struct pairs *p)
{
    static const double low[COLUMNS] = { -90, -180, -90, -180, 0 },
                        high[COLUMNS] = { 90, 180, 90, 180, KM_MAX };
    struct co_csv csv;
    char *fields[FIELDS_MAX];
    size_t n = 0, place[COLUMNS];
    const char *missing = NULL;
    co_csv_init(&csv, text, len);
    if (co_csv_next(&csv, fields, FIELDS_MAX, &n) != CO_OK ||
        !find_columns(fields, n, place, &missing))
        return cli_fail(cli, CLI_REFUSED,
                        "%s: no column \"%s\" in its first line; needed are from_lat, from_lon, "
                        "to_lat, to_lon, km",
                        path, missing != NULL ? missing : names[0]);
    for (;;) {
        double x[COLUMNS];
        if (co_csv_next(&csv, fields, FIELDS_MAX, &n) != CO_OK)
            return cli_fail(cli, CLI_REFUSED, "%s:%u: not a line of CSV", path, csv.line);
        if (n == 0)
            return CLI_OK;
        for (size_t c = 0; c < COLUMNS; c++)
            if (place[c] >= n || !read_number(fields[place[c]], low[c], high[c], &x[c]))
                return fail_row(cli, path, &csv, c, place[c] < n ? fields[place[c]] : "");
        double straight_km = co_geo_km((struct co_point){ x[FROM_LAT], x[FROM_LON] },
                                       (struct co_point){ x[TO_LAT], x[TO_LON] });
        if (!pairs_add(p, straight_km, x[KM], csv.line))
            return cli_fail(cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    }
}
