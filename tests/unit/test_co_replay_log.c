#include "check_main.h"
#include "replay_help.h"

static int64_t at(const char *text)
{
    int64_t us = 0;
    ck_assert_int_eq(co_time_parse(text, &us, NULL), CO_OK);
    return us;
}

static const char two[] = HEADER "b,2012-05-01T10:00:00+01:00,Accepted,x,L1,High,se,P\n"
                                 "b,2012-05-03T10:00:00+01:00,Completed,Closed,L1,High,se,P\n"
                                 "a,2012-05-02T10:00:00+01:00,Accepted,x,L1,Low,pl,P\n"
                                 "a,2012-05-03T10:00:00+01:00,Completed,Closed,L2,Low,pl,P\n";

START_TEST(incidents_and_rows_come_in_the_order_of_time_moved_by_weeks)
{
    ck_assert_int_eq(read_log(two, everything), CO_OK);
    ck_assert_uint_eq(incidents.incidents, 2);
    ck_assert_str_eq(incidents.incident[0].key, "b");
    ck_assert_str_eq(incidents.incident[1].key, "a");
    ck_assert_int_eq(incidents.incident[0].opened_us, at("2012-05-08T10:00:00+01:00"));
    ck_assert_uint_eq(incidents.rows, 4);
    ck_assert_int_eq(incidents.row[1].at_us, at("2012-05-09T10:00:00+01:00"));
    ck_assert_uint_eq(incidents.row[2].incident, 0); /* the same time: the earlier incident first */
    ck_assert_uint_eq(incidents.row[3].incident, 1);
    ck_assert_str_eq(incidents.row[3].support, "L2");
}
END_TEST

START_TEST(a_window_leaves_out_what_began_before_it_and_what_comes_after)
{
    struct co_replay_window w = { at("2012-05-02T00:00:00Z"), at("2012-05-03T00:00:00Z"), 0 };
    ck_assert_int_eq(read_log(two, w), CO_OK);
    ck_assert_uint_eq(incidents.incidents, 1);
    ck_assert_str_eq(incidents.incident[0].key, "a");
    ck_assert_uint_eq(incidents.rows, 1);
}
END_TEST

START_TEST(a_limit_takes_the_earliest_incidents_with_all_their_rows)
{
    struct co_replay_window w = everything;
    w.limit = 1;
    ck_assert_int_eq(read_log(two, w), CO_OK);
    ck_assert_uint_eq(incidents.incidents, 1);
    ck_assert_str_eq(incidents.incident[0].key, "b");
    ck_assert_uint_eq(incidents.rows, 2);
}
END_TEST

START_TEST(what_cannot_be_read_is_named_with_its_line)
{
    static const struct {
        const char *text;
        unsigned line;
        const char *name;
    } wrong[] = {
        { "id,at\n", 1, "status" },
        { HEADER "a,yesterday,s,s,L1,High,se,P\n", 2, "yesterday" },
        { HEADER "a,2012-05-01T10:00:00Z,s,s,L1,High,se,P\na,b\n", 3, "" },
        { HEADER ",2012-05-01T10:00:00Z,s,s,L1,High,se,P\n", 2, "" },
        { HEADER "\"a,2012-05-01T10:00:00Z,s\n", 2, "" },
        { "", 1, "" },
    };
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ck_assert_int_eq(read_log(wrong[i].text, everything), CO_EINPUT);
        ck_assert_uint_eq(problem.line, wrong[i].line);
        if (wrong[i].name[0] != '\0')
            ck_assert_str_eq(problem.name, wrong[i].name);
        co_replay_log_free(&incidents);
    }
}
END_TEST

CHECK_MAIN_WITH("co_replay_log", load_mapping, clean_up,
                incidents_and_rows_come_in_the_order_of_time_moved_by_weeks,
                a_window_leaves_out_what_began_before_it_and_what_comes_after,
                a_limit_takes_the_earliest_incidents_with_all_their_rows,
                what_cannot_be_read_is_named_with_its_line)
