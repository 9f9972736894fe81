#include "co_geo.h"

#include <math.h>

#include "co_assert.h"

static const double pi = 3.14159265358979323846;
static const double earth_radius_km = 6371.0088;

bool co_point_is_valid(struct co_point p)
{
    return fabs(p.lat_deg) <= 90.0 && fabs(p.lon_deg) <= 180.0;
}

static double square(double x)
{
    return x * x;
}

static double radians(double degrees)
{
    return degrees * pi / 180.0;
}

double co_geo_km(struct co_point a, struct co_point b)
{
    double half_lat = radians(b.lat_deg - a.lat_deg) / 2.0;
    double half_lon = radians(b.lon_deg - a.lon_deg) / 2.0;
    double h = square(sin(half_lat)) +
               cos(radians(a.lat_deg)) * cos(radians(b.lat_deg)) * square(sin(half_lon));
    return 2.0 * earth_radius_km * asin(sqrt(fmin(1.0, h)));
}

struct co_vector co_geo_vector(struct co_point p)
{
    double lat = radians(p.lat_deg);
    double lon = radians(p.lon_deg);
    return (struct co_vector){ cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat) };
}

double co_geo_chord2(struct co_vector a, struct co_vector b)
{
    return square(a.x - b.x) + square(a.y - b.y) + square(a.z - b.z);
}

double co_geo_chord_km(double chord2)
{
    const double mm_per_km = 1e6;
    double km = 2.0 * earth_radius_km * asin(sqrt(fmin(1.0, chord2 / 4.0)));
    return nearbyint(km * mm_per_km) / mm_per_km;
}

static bool is_in_china_box(struct co_point p)
{
    return p.lat_deg >= 0.8293 && p.lat_deg <= 55.8271 && p.lon_deg >= 72.004 &&
           p.lon_deg <= 137.8347;
}

/* Metres, on the flattened surface that GCJ-02 is defined on; x and y in degrees from 105 E, 35 N.
 */
static double shift_north_m(double x, double y)
{
    double m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x));
    m += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0;
    m += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0;
    m += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0;
    return m;
}

static double shift_east_m(double x, double y)
{
    double m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x));
    m += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0;
    m += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0;
    m += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0;
    return m;
}

/* Krasovsky's ellipsoid of 1940 turns metres into degrees. */
static struct co_point gcj02_of_wgs84(struct co_point p)
{
    const double axis_m = 6378245.0;
    const double ee = 0.00669342162296594323;
    double x = p.lon_deg - 105.0;
    double y = p.lat_deg - 35.0;
    double magic = 1.0 - ee * square(sin(radians(p.lat_deg)));
    double meridian_m = axis_m * (1.0 - ee) / (magic * sqrt(magic));
    double parallel_m = axis_m / sqrt(magic) * cos(radians(p.lat_deg));
    return (struct co_point){ p.lat_deg + shift_north_m(x, y) / meridian_m * 180.0 / pi,
                              p.lon_deg + shift_east_m(x, y) / parallel_m * 180.0 / pi };
}

static struct co_point bd09_of_gcj02(struct co_point p)
{
    const double turns = pi * 3000.0 / 180.0;
    double x = p.lon_deg;
    double y = p.lat_deg;
    double z = sqrt(x * x + y * y) + 0.00002 * sin(y * turns);
    double theta = atan2(y, x) + 0.000003 * cos(x * turns);
    return (struct co_point){ z * sin(theta) + 0.006, z * cos(theta) + 0.0065 };
}

static struct co_point same(struct co_point p)
{
    return p;
}

static struct co_point bd09_of_wgs84(struct co_point p)
{
    return bd09_of_gcj02(gcj02_of_wgs84(p));
}

static struct co_point (*const of_wgs84[CO_DATUMS])(struct co_point) = {
    [CO_DATUM_WGS84] = same,
    [CO_DATUM_GCJ02] = gcj02_of_wgs84,
    [CO_DATUM_BD09] = bd09_of_wgs84,
};

struct co_point co_geo_from_wgs84(struct co_point p, enum co_datum to)
{
    co_assert(to < CO_DATUMS && co_point_is_valid(p));
    return is_in_china_box(p) ? of_wgs84[to](p) : p;
}

/* Each round takes off the error that the guess shows when converted forward. The shifts change by
 * a few per cent of the way at most, so every round gains more than a digit. */
struct co_point co_geo_to_wgs84(struct co_point p, enum co_datum from)
{
    co_assert(from < CO_DATUMS && co_point_is_valid(p));
    if (from == CO_DATUM_WGS84 || !is_in_china_box(p))
        return p;
    struct co_point guess = p;
    for (int round = 0; round < 30; round++) {
        struct co_point shown = of_wgs84[from](guess);
        double lat_error = shown.lat_deg - p.lat_deg;
        double lon_error = shown.lon_deg - p.lon_deg;
        guess.lat_deg -= lat_error;
        guess.lon_deg -= lon_error;
        if (fabs(lat_error) < 1e-10 && fabs(lon_error) < 1e-10)
            break;
    }
    return guess;
}
