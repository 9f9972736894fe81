#include "co_metrics.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "check_main.h"

enum { FOLDS, OPEN, LAG, SENT, TURN, METRICS };

static const double bounds[] = { 0.1, 1, 2.5 };

static const struct co_metric table[METRICS] = {
    [FOLDS] = { .name = "callout_folds_total", .help = "Cases folded.", .type = CO_METRIC_COUNTER },
    [OPEN] = { .name = "callout_open_cases", .help = "Cases open now.", .type = CO_METRIC_GAUGE },
    [LAG] = { .name = "callout_lag_seconds",
              .help = "Age of the oldest entry.",
              .type = CO_METRIC_GAUGE,
              .labels = { "lane" } },
    [SENT] = { .name = "callout_sent_total",
               .help = "Notices sent.",
               .type = CO_METRIC_COUNTER,
               .labels = { "channel", "outcome" } },
    [TURN] = { .name = "callout_turn_seconds",
               .help = "Length of a turn.",
               .type = CO_METRIC_HISTOGRAM,
               .buckets = bounds,
               .bucket_count = 3 },
};

static struct co_metrics *m;
static struct co_metric_set *set;
static struct co_buf out;

static const char *rendered(void)
{
    co_buf_clear(&out);
    ck_assert_int_eq(co_metrics_render(m, &out), CO_OK);
    return co_buf_text(&out);
}

static void open_set(void)
{
    m = co_metrics_new();
    co_buf_init(&out, 1 << 20);
    set = co_metrics_add(m, table, METRICS);
    ck_assert_ptr_nonnull(set);
}

static void close_set(void)
{
    co_buf_done(&out);
    co_metrics_free(m);
}

START_TEST(the_text_is_what_prometheus_reads)
{
    open_set();
    co_metric_add(co_metric(set, FOLDS), 3);
    co_metric_set(co_metric(set, OPEN), 2);
    co_metric_add(co_metric(set, OPEN), -0.5);
    co_metric_set(co_metric_with(set, LAG, CO_LABELS("3")), 0.1);
    co_metric_set(co_metric_with(set, LAG, CO_LABELS("4")), 1e-9);
    co_metric_set(co_metric_with(set, LAG, CO_LABELS("3")), 0.3);
    co_metric_add(co_metric_with(set, SENT, CO_LABELS("sms", "accepted")), 9007199254740992.0);
    co_metric_observe(co_metric(set, TURN), 0.1);
    co_metric_observe(co_metric(set, TURN), 1.5);
    co_metric_observe(co_metric(set, TURN), 99);
    ck_assert_str_eq(rendered(), "# HELP callout_folds_total Cases folded.\n"
                                 "# TYPE callout_folds_total counter\n"
                                 "callout_folds_total 3\n"
                                 "# HELP callout_open_cases Cases open now.\n"
                                 "# TYPE callout_open_cases gauge\n"
                                 "callout_open_cases 1.5\n"
                                 "# HELP callout_lag_seconds Age of the oldest entry.\n"
                                 "# TYPE callout_lag_seconds gauge\n"
                                 "callout_lag_seconds{lane=\"3\"} 0.3\n"
                                 "callout_lag_seconds{lane=\"4\"} 1e-09\n"
                                 "# HELP callout_sent_total Notices sent.\n"
                                 "# TYPE callout_sent_total counter\n"
                                 "callout_sent_total{channel=\"sms\",outcome=\"accepted\"} "
                                 "9007199254740992\n"
                                 "# HELP callout_turn_seconds Length of a turn.\n"
                                 "# TYPE callout_turn_seconds histogram\n"
                                 "callout_turn_seconds_bucket{le=\"0.1\"} 1\n"
                                 "callout_turn_seconds_bucket{le=\"1\"} 1\n"
                                 "callout_turn_seconds_bucket{le=\"2.5\"} 2\n"
                                 "callout_turn_seconds_bucket{le=\"+Inf\"} 3\n"
                                 "callout_turn_seconds_sum 100.6\n"
                                 "callout_turn_seconds_count 3\n");
    close_set();
}
END_TEST

START_TEST(what_has_no_labels_shows_zero_from_the_start)
{
    open_set();
    const char *text = rendered();
    ck_assert_ptr_nonnull(strstr(text, "\ncallout_folds_total 0\n"));
    ck_assert_ptr_nonnull(strstr(text, "\ncallout_turn_seconds_count 0\n"));
    ck_assert_ptr_nonnull(strstr(text, "# TYPE callout_sent_total counter\n"));
    ck_assert_ptr_null(strstr(text, "\ncallout_sent_total"));
    close_set();
}
END_TEST

START_TEST(label_values_are_escaped)
{
    open_set();
    co_metric_set(co_metric_with(set, LAG, CO_LABELS("a\"b\\c\nd\xff故")), 1);
    co_metric_set(co_metric_with(set, LAG, CO_LABELS(NULL)), 2);
    const char *text = rendered();
    ck_assert_ptr_nonnull(strstr(text, "{lane=\"a\\\"b\\\\c\\nd?故\"} 1\n"));
    ck_assert_ptr_nonnull(strstr(text, "{lane=\"\"} 2\n"));
    close_set();
}
END_TEST

START_TEST(over_the_limit_everything_further_is_counted_as_other)
{
    open_set();
    char value[16];
    for (int i = 0; i < CO_METRIC_SERIES + 10; i++) {
        snprintf(value, sizeof(value), "c%d", i);
        co_metric_add(co_metric_with(set, SENT, CO_LABELS(value, "ok")), 1);
    }
    const char *text = rendered();
    ck_assert_ptr_nonnull(strstr(text, "{channel=\"c511\",outcome=\"ok\"} 1\n"));
    ck_assert_ptr_null(strstr(text, "\"c512\""));
    ck_assert_ptr_nonnull(strstr(text, "{channel=\"other\",outcome=\"other\"} 10\n"));
    close_set();
}
END_TEST

START_TEST(a_long_label_value_is_cut_and_stays_one_series)
{
    open_set();
    char value[400];
    memset(value, 'x', sizeof(value) - 1);
    value[sizeof(value) - 1] = '\0';
    struct co_series *s = co_metric_with(set, LAG, CO_LABELS(value));
    ck_assert_ptr_eq(co_metric_with(set, LAG, CO_LABELS(value)), s);
    close_set();
}
END_TEST

START_TEST(numbers_that_are_not_finite_are_spelled_as_prometheus_does)
{
    open_set();
    co_metric_set(co_metric_with(set, LAG, CO_LABELS("a")), (double)INFINITY);
    co_metric_set(co_metric_with(set, LAG, CO_LABELS("b")), -(double)INFINITY);
    co_metric_set(co_metric_with(set, LAG, CO_LABELS("c")), (double)NAN);
    const char *text = rendered();
    ck_assert_ptr_nonnull(strstr(text, "{lane=\"a\"} +Inf\n"));
    ck_assert_ptr_nonnull(strstr(text, "{lane=\"b\"} -Inf\n"));
    ck_assert_ptr_nonnull(strstr(text, "{lane=\"c\"} NaN\n"));
    close_set();
}
END_TEST

static void refresh(void *ctx)
{
    int *asked = ctx;
    co_metric_set(co_metric(set, OPEN), ++*asked);
}

START_TEST(a_gauge_can_be_computed_when_asked)
{
    open_set();
    int asked = 40;
    co_metrics_before_render(m, refresh, &asked);
    ck_assert_ptr_nonnull(strstr(rendered(), "\ncallout_open_cases 41\n"));
    ck_assert_ptr_nonnull(strstr(rendered(), "\ncallout_open_cases 42\n"));
    ck_assert_double_eq(co_metric_value(co_metric(set, OPEN)), 42);
    close_set();
}
END_TEST

START_TEST(tables_follow_each_other)
{
    static const struct co_metric more[] = {
        { .name = "callout_more_total", .help = "More.", .type = CO_METRIC_COUNTER }
    };
    open_set();
    struct co_metric_set *second = co_metrics_add(m, more, 1);
    co_metric_add(co_metric(second, 0), 1);
    const char *text = rendered();
    ck_assert_ptr_nonnull(strstr(text, "callout_more_total 1\n"));
    ck_assert(strstr(text, "callout_turn_seconds_count") < strstr(text, "callout_more"));
    close_set();
}
END_TEST

START_TEST(a_counter_that_repeats_another_one_never_goes_down)
{
    open_set();
    struct co_series *folds = co_metric(set, FOLDS);
    co_metric_raise(folds, 7);
    co_metric_raise(folds, 5);
    ck_assert_double_eq(co_metric_value(folds), 7);
    co_metric_raise(folds, 8);
    ck_assert_double_eq(co_metric_value(folds), 8);
    close_set();
}
END_TEST

CHECK_MAIN("co_metrics", the_text_is_what_prometheus_reads,
           what_has_no_labels_shows_zero_from_the_start, label_values_are_escaped,
           over_the_limit_everything_further_is_counted_as_other,
           a_long_label_value_is_cut_and_stays_one_series,
           numbers_that_are_not_finite_are_spelled_as_prometheus_does,
           a_gauge_can_be_computed_when_asked, tables_follow_each_other,
           a_counter_that_repeats_another_one_never_goes_down)
