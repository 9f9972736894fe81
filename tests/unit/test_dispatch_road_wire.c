/* The table service of OSRM: what is asked, and every way to answer it. */
#include "check_main.h"

#include <string.h>

#include "co_time.h"
#include "road_wire.h"

static const struct dispatch_road_question question = {
    .to = { 39.51999, 116.71 },
    .count = 2,
    .item = { { "beijing", { 39.9042, 116.4074 } }, { "tianjin", { -0.000004, 117.200001 } } },
};

START_TEST(positions_go_as_longitude_and_latitude_to_a_metre)
{
    struct co_buf url;
    co_buf_init(&url, 4096);
    ck_assert_int_eq(road_wire_ask(&question, &url), CO_OK);
    const char *text = co_buf_text(&url);
    ck_assert_ptr_nonnull(strstr(text, "/table/v1/driving/116.40740,39.90420;117.20000,"));
    ck_assert_ptr_nonnull(strstr(text, "0.00000;116.71000,39.51999?sources=0;1&destinations=2"
                                       "&annotations=distance,duration"));
    co_buf_done(&url);
}
END_TEST

START_TEST(a_buffer_that_is_too_small_is_said)
{
    struct co_buf url;
    co_buf_init(&url, 40);
    ck_assert_int_ne(road_wire_ask(&question, &url), CO_OK);
    co_buf_done(&url);
}
END_TEST

static struct dispatch_road_figure figure[2];

static const char *read(long status, const char *text)
{
    memset(figure, 0xff, sizeof(figure));
    return road_wire_read(text, strlen(text), status, 2, figure);
}

START_TEST(figures_are_read_in_kilometres_and_microseconds)
{
    ck_assert_str_eq(read(200, "{\"code\":\"Ok\",\"distances\":[[61500.5],[0]],\"durations\":"
                               "[[3000.25],[0]],\"sources\":[]}"),
                     "");
    ck_assert(figure[0].is_reached && figure[0].km > 61.5004 && figure[0].km < 61.5006);
    ck_assert_int_eq(figure[0].us, 3000250 * CO_MILLISECOND_US);
    ck_assert(figure[1].is_reached && figure[1].km == 0);
}
END_TEST

START_TEST(a_null_is_no_way_from_there)
{
    ck_assert_str_eq(
        read(200, "{\"code\":\"Ok\",\"distances\":[[null],[5]],\"durations\":[[null],[5]]}"), "");
    ck_assert(!figure[0].is_reached && figure[1].is_reached);
    ck_assert_str_eq(
        read(200, "{\"code\":\"Ok\",\"distances\":[[7],[5]],\"durations\":[[null],[5]]}"), "");
    ck_assert(!figure[0].is_reached);
}
END_TEST

START_TEST(every_other_answer_is_told_apart)
{
    static const struct {
        long status;
        const char *text, *why;
    } rows[] = {
        { 200, "{\"code\":\"Ok\",\"distances\":[[null],[null]],\"durations\":[[null],[null]]}",
          "no_route" },
        { 400, "{\"code\":\"NoSegment\"}", "no_route" },
        { 400, "{\"code\":\"NoTable\"}", "no_route" },
        { 400, "{\"code\":\"TooBig\",\"message\":\"Too many\"}", "refused" },
        { 200, "{\"code\":\"InvalidUrl\"}", "refused" },
        { 503, "overloaded", "status" },
        { 503, "{\"code\":\"Ok\",\"distances\":[[1],[1]],\"durations\":[[1],[1]]}", "status" },
        { 200, "", "garbage" },
        { 200, "<html>", "garbage" },
        { 200, "[]", "garbage" },
        { 200, "{\"code\":7}", "garbage" },
        { 200, "{\"code\":\"Ok\"}", "garbage" },
        { 200, "{\"code\":\"Ok\",\"distances\":[[1]],\"durations\":[[1]]}", "garbage" },
        { 200, "{\"code\":\"Ok\",\"distances\":[[1],[1],[1]],\"durations\":[[1],[1],[1]]}",
          "garbage" },
        { 200, "{\"code\":\"Ok\",\"distances\":[[1,2],[1,2]],\"durations\":[[1],[1]]}", "garbage" },
        { 200, "{\"code\":\"Ok\",\"distances\":[1,2],\"durations\":[[1],[1]]}", "garbage" },
        { 200, "{\"code\":\"Ok\",\"distances\":[[-1],[1]],\"durations\":[[1],[1]]}", "garbage" },
        { 200, "{\"code\":\"Ok\",\"distances\":[[1e12],[1]],\"durations\":[[1],[1]]}", "garbage" },
        { 200, "{\"code\":\"Ok\",\"distances\":[[1],[1]],\"durations\":[[1e12],[1]]}", "garbage" },
        { 200, "{\"code\":\"Ok\",\"distances\":[[1],[1]],\"durations\":[[\"1\"],[1]]}", "garbage" },
        { 200, "{\"code\":\"Ok\",\"distances\":{},\"durations\":[[1],[1]]}", "garbage" },
        { 200, "{\"code\":\"Ok\",\"code\":\"Ok\",\"distances\":[[1],[1]],\"durations\":[[1],[1]]}",
          "garbage" },
        { 200, "{\"code\":\"Ok\",\"distances\":[[1],[1]],\"durations\":[[1],[1]]} and more",
          "garbage" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        ck_assert_msg(strcmp(read(rows[i].status, rows[i].text), rows[i].why) == 0, "%s is %s",
                      rows[i].text, read(rows[i].status, rows[i].text));
}
END_TEST

START_TEST(an_answer_cut_anywhere_is_garbage)
{
    static const char whole[] =
        "{\"code\":\"Ok\",\"distances\":[[61500.5],[5]],\"durations\":[[3000.25],[5]]}";
    for (size_t len = 0; len < sizeof(whole) - 1; len++)
        ck_assert_str_eq(road_wire_read(whole, len, 200, 2, figure), "garbage");
}
END_TEST

CHECK_MAIN("dispatch_road_wire", positions_go_as_longitude_and_latitude_to_a_metre,
           a_buffer_that_is_too_small_is_said, figures_are_read_in_kilometres_and_microseconds,
           a_null_is_no_way_from_there, every_other_answer_is_told_apart,
           an_answer_cut_anywhere_is_garbage)
