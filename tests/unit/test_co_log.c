#include "co_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_main.h"
#include "co_text.h"

#define HEAD "ts=2026-02-17T01:30:00.120Z level=info service=sla instance=sla-1 event="

static int64_t now_us;
static int out = -1;
static char said[65536];

static int64_t test_now_us(void)
{
    return now_us;
}

static struct co_log *open_log(enum co_log_level level)
{
    char path[] = "/tmp/callout-log-XXXXXX";
    out = mkstemp(path);
    ck_assert_int_ge(out, 0);
    unlink(path);
    now_us = INT64_C(1771291800120000);
    struct co_log *log = co_log_new(&(struct co_log_options){
        .service = "sla", .instance = "sla-1", .level = level, .fd = out, .now_us = test_now_us });
    ck_assert_ptr_nonnull(log);
    return log;
}

/* What was written since the last call. */
static const char *written(void)
{
    lseek(out, 0, SEEK_SET);
    ssize_t len = read(out, said, sizeof(said) - 1);
    ck_assert_int_ge(len, 0);
    said[len] = '\0';
    ck_assert_int_eq(ftruncate(out, 0), 0);
    lseek(out, 0, SEEK_SET);
    return said;
}

START_TEST(a_line_has_time_level_service_instance_event_and_fields)
{
    struct co_log *log = open_log(CO_LOG_INFO);
    co_log_info(log, "started");
    ck_assert_str_eq(written(), HEAD "started\n");
    co_log_info(log, "lane_taken", CO_I("lane", -3), CO_U("seq", UINT64_MAX), CO_S("from", "sla-2"),
                CO_B("first", true), CO_D("load", 0.25), CO_AT("until", INT64_C(1771291800000000)),
                CO_AT("next", INT64_MAX), CO_FOR("ttl", 3000000), CO_S("none", NULL));
    ck_assert_str_eq(written(), HEAD "lane_taken lane=-3 seq=18446744073709551615 from=sla-2 "
                                     "first=true load=0.25 until=2026-02-17T01:30:00Z next=never "
                                     "ttl=3s none=null\n");
    co_log_free(log);
}
END_TEST

START_TEST(no_value_can_end_a_line_or_start_a_field)
{
    static const char *const cases[][2] = {
        { "plain-1.2:3/4", "plain-1.2:3/4" },
        { "", "\"\"" },
        { "null", "\"null\"" },
        { "two words", "\"two words\"" },
        { "x\nts=2026 level=error", "\"x\\nts=2026 level=error\"" },
        { "a=b", "\"a=b\"" },
        { "say \"hi\"\\", "\"say \\\"hi\\\"\\\\\"" },
        { "\r\t\x1b[31m\x7f", "\"\\r\\t\\u001b[31m\\u007f\"" },
        { "caf\xc3\xa9 \xe6\x95\x85", "\"caf\xc3\xa9 \xe6\x95\x85\"" },
        { "\xff\xc3", "\"\\xff\\xc3\"" },
        { "\xc2\x9b"
          "A",
          "\"\\u009bA\"" },
        { "\xe2\x80\xae"
          "evil\xe2\x80\xa8",
          "\"\\u202eevil\\u2028\"" },
    };
    struct co_log *log = open_log(CO_LOG_INFO);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char expected[256];
        snprintf(expected, sizeof(expected), HEAD "e v=%s\n", cases[i][1]);
        co_log_info(log, "e", CO_S("v", cases[i][0]));
        ck_assert_str_eq(written(), expected);
    }
    co_log_free(log);
}
END_TEST

START_TEST(every_byte_gives_one_line_of_valid_text)
{
    struct co_log *log = open_log(CO_LOG_INFO);
    for (int a = 1; a < 256; a++) {
        char value[] = { (char)a, (char)(a ^ 0x55), (char)a, '\0' };
        co_log_info(log, "e", CO_S("v", value));
        const char *line = written();
        ck_assert_uint_eq(strcspn(line, "\n"), strlen(line) - 1);
        ck_assert(co_text_is_valid(line, strlen(line)));
    }
    co_log_free(log);
}
END_TEST

START_TEST(a_long_value_and_a_long_line_are_cut_and_say_so)
{
    struct co_log *log = open_log(CO_LOG_INFO);
    char big[5001];
    memset(big, 'x', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';
    co_log_info(log, "e", CO_S("v", big));
    const char *line = written();
    ck_assert_uint_eq(strlen(line), strlen(HEAD "e v=\"...\"\n") + CO_LOG_VALUE_BYTES);
    ck_assert_ptr_nonnull(strstr(line, "x...\"\n"));

    memset(big, '\x01', sizeof(big) - 1);
    co_log_info(log, "e", CO_I("a", 1), CO_S("v", big), CO_I("b", 2));
    ck_assert_str_eq(written(), HEAD "e a=1 cut=true\n");

    big[600] = '\0';
    co_log_info(log, "e", CO_S("v", big), CO_S("w", big));
    line = written();
    ck_assert_uint_le(strlen(line), CO_LOG_LINE_BYTES);
    ck_assert_ptr_nonnull(strstr(line, "\" cut=true\n"));
    co_log_free(log);
}
END_TEST

START_TEST(a_level_that_is_off_costs_nothing_and_can_be_turned_on)
{
    struct co_log *log = open_log(CO_LOG_WARN);
    int evaluated = 0;
    co_log_info(log, "e", CO_I("n", ++evaluated));
    ck_assert_int_eq(evaluated, 0);
    ck_assert_str_eq(written(), "");
    co_log_set_level(log, CO_LOG_DEBUG);
    co_log_debug(log, "e", CO_I("n", ++evaluated));
    ck_assert_ptr_nonnull(strstr(written(), "level=debug"));
    ck_assert_uint_eq(co_log_lines(log, CO_LOG_DEBUG), 1);
    ck_assert_uint_eq(co_log_lines(log, CO_LOG_INFO), 0);
    co_log_free(log);
}
END_TEST

START_TEST(level_names_are_read_back)
{
    for (size_t i = 0; i < CO_LOG_LEVELS; i++) {
        enum co_log_level level = CO_LOG_LEVELS;
        ck_assert_int_eq(co_log_level_parse(co_log_level_name((enum co_log_level)i), &level),
                         CO_OK);
        ck_assert_int_eq((int)level, (int)i);
    }
    enum co_log_level level;
    ck_assert_int_eq(co_log_level_parse("loud", &level), CO_EINPUT);
}
END_TEST

START_TEST(a_condition_is_said_on_change_and_then_counted)
{
    struct co_log *log = open_log(CO_LOG_INFO);
    struct co_log_condition down = { 0 };
    co_log_ended(log, &down, "database_up");
    ck_assert_str_eq(written(), "");
    co_log_holds(log, &down, CO_LOG_INFO, "database_down", CO_S("cause", "refused"));
    ck_assert_str_eq(written(), HEAD "database_down cause=refused\n");
    for (int i = 0; i < 59; i++) {
        now_us += 1000000;
        co_log_holds(log, &down, CO_LOG_INFO, "database_down", CO_S("cause", "refused"));
    }
    ck_assert_str_eq(written(), "");
    now_us += 1000000;
    co_log_holds(log, &down, CO_LOG_INFO, "database_down", CO_S("cause", "refused"));
    ck_assert_ptr_nonnull(strstr(written(), "event=database_down count=61 for=1m cause=refused\n"));
    now_us += 2000000;
    co_log_ended(log, &down, "database_up", CO_I("tries", 3));
    ck_assert_ptr_nonnull(strstr(written(), "event=database_up count=61 "
                                            "for=1m2s tries=3\n"));
    co_log_ended(log, &down, "database_up");
    ck_assert_str_eq(written(), "");
    co_log_free(log);
}
END_TEST

START_TEST(a_line_that_cannot_be_written_is_counted)
{
    struct co_log *log = co_log_new(&(struct co_log_options){ .service = "sla", .fd = -1 });
    co_log_error(log, "e");
    ck_assert_uint_eq(co_log_lost(log), 1);
    ck_assert_uint_eq(co_log_lines(log, CO_LOG_ERROR), 0);
    co_log_free(log);
}
END_TEST

CHECK_MAIN("co_log", a_line_has_time_level_service_instance_event_and_fields,
           no_value_can_end_a_line_or_start_a_field, every_byte_gives_one_line_of_valid_text,
           a_long_value_and_a_long_line_are_cut_and_say_so,
           a_level_that_is_off_costs_nothing_and_can_be_turned_on, level_names_are_read_back,
           a_condition_is_said_on_change_and_then_counted, a_line_that_cannot_be_written_is_counted)
