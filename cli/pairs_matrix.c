/* TSPLIB: NODE_COORD_SECTION with positions, EDGE_WEIGHT_SECTION with a full matrix of kilometres,
 * row to column. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "co_geo.h"
#include "pairs.h"

enum { PLACES_MAX = 5000 };

struct matrix {
    size_t n;
    struct co_point *at; /* as the file has them: first number, second number */
    double *km;
};

static int fail(const struct pairs_file *f, const char *what)
{
    return cli_fail(f->cli, CLI_REFUSED, "%s: %s", f->path, what);
}

static const char *section(const char *text, const char *name)
{
    const char *at = strstr(text, name);
    return at == NULL ? NULL : at + strlen(name);
}

static bool next_number(const char **at, double *ret_x)
{
    char *end = NULL;
    *ret_x = strtod(*at, &end);
    bool is_one = end != *at && isfinite(*ret_x);
    *at = end;
    return is_one;
}

static bool read_points(const char *at, struct matrix *m)
{
    for (size_t i = 0; i < m->n; i++) {
        double id;
        if (!next_number(&at, &id) || !next_number(&at, &m->at[i].lat_deg) ||
            !next_number(&at, &m->at[i].lon_deg))
            return false;
        at += strcspn(at, "\n"); /* its name */
    }
    return true;
}

static int read_weights(const struct pairs_file *f, const char *at, struct matrix *m)
{
    for (size_t i = 0; i < m->n * m->n; i++)
        if (!next_number(&at, &m->km[i]) || m->km[i] < 0) {
            at += strspn(at, " \t\r\n");
            return cli_fail(f->cli, CLI_REFUSED,
                            "%s: EDGE_WEIGHT_SECTION, row %zu column %zu: kilometres are wanted, "
                            "0 or more%s%.*s",
                            f->path, i / m->n + 1, i % m->n + 1,
                            *at == '\0' ? "; the file ends there" : ", before: ",
                            (int)strcspn(at, "\r\n") > 20 ? 20 : (int)strcspn(at, "\r\n"), at);
        }
    return CLI_OK;
}

/* Other programs write times into the same form. */
static int check_unit(const struct pairs_file *f)
{
    const char *unit = section(f->text, "EDGE_WEIGHT_UNIT_OF_MEASUREMENT");
    if (unit == NULL)
        return CLI_OK;
    unit += strspn(unit, " \t:");
    size_t len = strcspn(unit, " \t\r\n");
    return len == 2 && strncmp(unit, "km", 2) == 0
               ? CLI_OK
               : cli_fail(f->cli, CLI_REFUSED,
                          "%s: EDGE_WEIGHT_UNIT_OF_MEASUREMENT is \"%.*s\"; allowed is km", f->path,
                          len > 40 ? 40 : (int)len, unit);
}

static struct co_point swapped(struct co_point p)
{
    return (struct co_point){ p.lon_deg, p.lat_deg };
}

static struct co_point place_at(const struct matrix *m, size_t i, bool is_swapped)
{
    return is_swapped ? swapped(m->at[i]) : m->at[i];
}

/* How many roads are shorter than the straight line, with the numbers in that order; more than
 * there are where they are no positions. */
static size_t count_impossible(struct pairs_file *f, const struct matrix *m, bool is_swapped)
{
    size_t count = 0;
    for (size_t i = 0; i < m->n; i++)
        if (!co_point_is_valid(place_at(m, i, is_swapped)))
            return m->n * m->n + 1;
    for (size_t i = 0; i < m->n; i++) {
        cli_progress_bar(f->cli, &f->progress, i, m->n, "looking which number is the latitude");
        for (size_t k = 0; k < m->n; k++)
            count += m->km[i * m->n + k] <
                     co_geo_km(place_at(m, i, is_swapped), place_at(m, k, is_swapped));
    }
    return count;
}

static int add_all(struct pairs_file *f, const struct matrix *m)
{
    struct pairs *p = &f->pairs;
    size_t straight = count_impossible(f, m, false), turned = count_impossible(f, m, true);
    p->is_swapped = turned < straight;
    if (straight > m->n * m->n && turned > m->n * m->n)
        return fail(f, "its coordinates are no latitudes and longitudes");
    for (size_t i = 0; i < m->n; i++) {
        struct co_point g = place_at(m, i, p->is_swapped);
        m->at[i] = pairs_point(f, g.lat_deg, g.lon_deg);
    }
    for (size_t i = 0; i < m->n; i++) {
        cli_progress_bar(f->cli, &f->progress, i, m->n, "reading, %zu pairs", p->count);
        for (size_t k = 0; k < m->n; k++)
            if (i != k && !pairs_add(p, m->at[i], m->at[k], m->km[i * m->n + k],
                                     (struct pairs_place){ i + 1, k + 1 }))
                return cli_fail(f->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    }
    return CLI_OK;
}

static int read_matrix(struct pairs_file *f, struct matrix *m)
{
    const char *points = section(f->text, "NODE_COORD_SECTION");
    m->at = calloc(m->n, sizeof(*m->at));
    m->km = calloc(m->n * m->n, sizeof(*m->km));
    if (m->at == NULL || m->km == NULL)
        return cli_fail(f->cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    if (points == NULL || !read_points(points, m))
        return fail(f, "no position for each place in its NODE_COORD_SECTION");
    int code = read_weights(f, section(f->text, "EDGE_WEIGHT_SECTION"), m);
    return code == CLI_OK ? add_all(f, m) : code;
}

int pairs_read_matrix(struct pairs_file *f)
{
    const char *dimension = section(f->text, "DIMENSION");
    struct matrix m = { .n = 0 };
    if (strstr(f->text, "FULL_MATRIX") == NULL)
        return fail(f, "its EDGE_WEIGHT_FORMAT is not FULL_MATRIX");
    if (dimension != NULL)
        m.n = strtoul(dimension + strspn(dimension, " \t:"), NULL, 10);
    if (m.n < 2 || m.n > PLACES_MAX)
        return fail(f, "its DIMENSION is not 2 to 5000");
    int code = check_unit(f);
    if (code == CLI_OK)
        code = read_matrix(f, &m);
    free(m.at);
    free(m.km);
    return code;
}
