/* co_geo.h - positions and the distance between them.
 *
 * Pure. Inside Callout every position is WGS-84; what arrives in another datum is converted at the
 * door. GCJ-02 (AMap, Tencent, Google in China) and BD-09 (Baidu) shift positions in China by 100
 * to 700 m, enough to put a site into the wrong distance zone (DOMAIN section 4).
 *
 * The shift is applied inside the box 0.8293-55.8271 N, 72.004-137.8347 E, as the public
 * implementations do; outside of it all three datums count as the same. The box is larger than
 * China: a neighbour's position must be stated as WGS-84.
 */
#pragma once

#include <stdbool.h>

struct co_point {
    double lat_deg; /* -90..90, north positive */
    double lon_deg; /* -180..180, east positive */
};

enum co_datum { CO_DATUM_WGS84, CO_DATUM_GCJ02, CO_DATUM_BD09, CO_DATUMS };

/* False when a coordinate is out of range or not a number. The functions below want valid points.
 */
bool co_point_is_valid(struct co_point p);

/* Great-circle distance in km on a sphere of 6371.0088 km (the mean radius; the error against the
 * ellipsoid is below 0.6 %). */
double co_geo_km(struct co_point a, struct co_point b);

/* Where many distances are wanted between the same few points: each as a vector, once, and then no
 * more angles. */
struct co_vector { /* from the centre of a sphere of radius 1 */
    double x, y, z;
};
struct co_vector co_geo_vector(struct co_point p);

/* The square of the straight line between two points, 0..4 (a little more by rounding). */
double co_geo_chord2(struct co_vector a, struct co_vector b);

/* co_geo_km() of two points with that chord, to the millimetre: places equally far are so here. */
double co_geo_chord_km(double chord2);

/* From WGS-84, by the published formulas. */
struct co_point co_geo_from_wgs84(struct co_point p, enum co_datum to);

/* To WGS-84. There is no closed inverse; it is found by iteration to better than 1 cm, except
 * within a shift of the edge of the box. */
struct co_point co_geo_to_wgs84(struct co_point p, enum co_datum from);
