#include "road_wire.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "co_time.h"

#define HOURS_MAX (365 * 24)

static double rounded(double degrees)
{
    return round(degrees * ROAD_WIRE_SCALE) / ROAD_WIRE_SCALE;
}

static void add_point(struct co_buf *to, struct co_point at, const char *end)
{
    (void)co_buf_printf(to, "%.5f,%.5f%s", rounded(at.lon_deg), rounded(at.lat_deg), end);
}

enum co_err road_wire_ask(const struct dispatch_road_question *question, struct co_buf *to)
{
    (void)co_buf_append_text(to, "/table/v1/driving/");
    for (size_t i = 0; i < question->count; i++)
        add_point(to, question->item[i].at, ";");
    add_point(to, question->to, "?sources=");
    for (size_t i = 0; i < question->count; i++)
        (void)co_buf_printf(to, "%s%zu", i > 0 ? ";" : "", i);
    (void)co_buf_printf(to, "&destinations=%zu&annotations=distance,duration", question->count);
    return to->err;
}

/* The number in row `i`, whose only column it is. False: there is none, or it cannot be; a null is
 * NAN. */
static bool read_cell(const json_t *matrix, size_t i, double limit, double *ret)
{
    const json_t *row = json_array_get(matrix, i);
    const json_t *cell = json_array_get(row, 0);
    if (json_array_size(row) != 1 || (!json_is_number(cell) && !json_is_null(cell)))
        return false;
    *ret = json_is_null(cell) ? NAN : json_number_value(cell);
    return json_is_null(cell) || (*ret >= 0 && *ret <= limit);
}

static const char *read_figures(const json_t *answer, size_t count,
                                struct dispatch_road_figure *figures)
{
    const json_t *distances = json_object_get(answer, "distances");
    const json_t *durations = json_object_get(answer, "durations");
    if (json_array_size(distances) != count || json_array_size(durations) != count)
        return "garbage";
    size_t reached = 0;
    for (size_t i = 0; i < count; i++) {
        double metres, seconds;
        if (!read_cell(distances, i, ROAD_WIRE_KM_MAX * 1e3, &metres) ||
            !read_cell(durations, i, HOURS_MAX * 3600.0, &seconds))
            return "garbage";
        bool is_reached = !isnan(metres) && !isnan(seconds);
        figures[i] = (struct dispatch_road_figure){ .is_reached = is_reached };
        if (is_reached) {
            figures[i].km = metres / 1e3;
            figures[i].us = (int64_t)(seconds * (double)CO_SECOND_US);
            reached++;
        }
    }
    return reached > 0 ? "" : "no_route";
}

static bool is_no_way(const char *code)
{
    static const char *const codes[] = { "NoSegment", "NoRoute", "NoTable" };
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (strcmp(code, codes[i]) == 0)
            return true;
    return false;
}

const char *road_wire_read(const char *text, size_t len, long status, size_t count,
                           struct dispatch_road_figure *figures)
{
    json_error_t error;
    json_t *answer = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    const char *code = json_string_value(json_object_get(answer, "code"));
    const char *why = status == 200 ? "garbage" : "status";
    if (code != NULL && strcmp(code, "Ok") == 0 && status == 200)
        why = read_figures(answer, count, figures);
    else if (code != NULL && is_no_way(code))
        why = "no_route";
    else if (code != NULL && strcmp(code, "Ok") != 0)
        why = "refused";
    json_decref(answer);
    return why;
}
