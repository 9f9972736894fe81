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

static int fail(struct cli *cli, const char *path, const char *what)
{
    return cli_fail(cli, CLI_REFUSED, "%s: %s", path, what);
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

static bool read_weights(const char *at, struct matrix *m)
{
    for (size_t i = 0; i < m->n * m->n; i++)
        if (!next_number(&at, &m->km[i]) || m->km[i] < 0)
            return false;
    return true;
}

static struct co_point swapped(struct co_point p)
{
    return (struct co_point){ p.lon_deg, p.lat_deg };
}

/* How many roads are shorter than the straight line, with the numbers in that order; all, where
 * they are no positions. */
static size_t count_impossible(const struct matrix *m, bool is_swapped)
{
    size_t count = 0;
    for (size_t i = 0; i < m->n; i++)
        for (size_t k = 0; k < m->n; k++) {
            struct co_point a = is_swapped ? swapped(m->at[i]) : m->at[i],
                            b = is_swapped ? swapped(m->at[k]) : m->at[k];
            if (!co_point_is_valid(a) || !co_point_is_valid(b))
                return m->n * m->n + 1;
            count += m->km[i * m->n + k] < co_geo_km(a, b);
        }
    return count;
}

static int add_all(struct cli *cli, const char *path, const struct matrix *m, struct pairs *p)
{
    size_t straight = count_impossible(m, false), turned = count_impossible(m, true);
    p->is_swapped = turned < straight;
    if (straight > m->n * m->n && turned > m->n * m->n)
        return fail(cli, path, "its coordinates are no latitudes and longitudes");
    for (size_t i = 0; i < m->n; i++)
        for (size_t k = 0; k < m->n; k++) {
            struct co_point a = p->is_swapped ? swapped(m->at[i]) : m->at[i];
            struct co_point b = p->is_swapped ? swapped(m->at[k]) : m->at[k];
            if (i != k && !pairs_add(p, co_geo_km(a, b), m->km[i * m->n + k], (unsigned)i + 1))
                return cli_fail(cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
        }
    return CLI_OK;
}

int pairs_read_matrix(struct cli *cli, const char *path, char *text, struct pairs *p)
{
    const char *dimension = section(text, "DIMENSION"),
               *points = section(text, "NODE_COORD_SECTION");
    struct matrix m = { .n = 0 };
    if (strstr(text, "FULL_MATRIX") == NULL)
        return fail(cli, path, "its EDGE_WEIGHT_FORMAT is not FULL_MATRIX");
    if (dimension != NULL)
        m.n = strtoul(dimension + strspn(dimension, " \t:"), NULL, 10);
    if (m.n < 2 || m.n > PLACES_MAX)
        return fail(cli, path, "its DIMENSION is not 2 to 5000");
    m.at = calloc(m.n, sizeof(*m.at));
    m.km = calloc(m.n * m.n, sizeof(*m.km));
    int code;
    if (m.at == NULL || m.km == NULL)
        code = cli_fail(cli, CLI_FAILED, "%s", co_err_name(CO_ENOMEM));
    else if (points == NULL || !read_points(points, &m))
        code = fail(cli, path, "no position for each place in its NODE_COORD_SECTION");
    else if (!read_weights(section(text, "EDGE_WEIGHT_SECTION"), &m))
        code = fail(cli, path, "its EDGE_WEIGHT_SECTION is not a full matrix of kilometres");
    else
        code = add_all(cli, path, &m, p);
    free(m.at);
    free(m.km);
    return code;
}
