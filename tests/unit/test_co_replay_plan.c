#include "check_main.h"
#include "replay_help.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name

static struct co_replay_plan plan;

/* One incident, a row a minute: "STATUS,SUB;STATUS,SUB". */
static void make_plan(const char *rows)
{
    char text[2048] = HEADER;
    unsigned minute = 0;
    for (const char *p = rows; *p != '\0'; minute++) {
        size_t len = strcspn(p, ";");
        char line[256];
        snprintf(line, sizeof(line), "i,2012-05-01T10:%02u:00Z,%.*s,L1,High,se,P\n", minute,
                 (int)len, p);
        strcat(text, line);
        p += len + (p[len] == ';');
    }
    ck_assert_int_eq(read_log(text, everything), CO_OK);
    ck_assert_int_eq(co_replay_plan_make(&plan, map, &incidents), CO_OK);
}

static void expect_acts(const Callout__V1__Act *acts, size_t n)
{
    ck_assert_uint_eq(plan.steps, n);
    for (size_t i = 0; i < n; i++)
        ck_assert_int_eq(plan.step[i].act, acts[i]);
    co_replay_plan_free(&plan);
}
#define EXPECT(...)                                                                                \
    expect_acts((const Callout__V1__Act[]){ __VA_ARGS__ },                                         \
                sizeof((const Callout__V1__Act[]){ __VA_ARGS__ }) / sizeof(Callout__V1__Act))

START_TEST(the_first_row_is_the_report_and_what_its_status_says)
{
    make_plan("Accepted,x");
    ck_assert_int_eq(plan.step[1].at_us, plan.step[0].at_us);
    EXPECT(ACT(REPORTED), ACT(CONTACTED));
}
END_TEST

START_TEST(a_rule_for_once_fits_once)
{
    make_plan("Accepted,x;Queued,x;Accepted,x");
    ck_assert_uint_eq(plan.rows_without_act, 2);
    EXPECT(ACT(REPORTED), ACT(CONTACTED));
}
END_TEST

START_TEST(waiting_begins_with_the_first_row_of_it_and_ends_with_the_first_other)
{
    make_plan("Queued,x;Queued,Wait;Queued,Wait;Queued,x;Queued,Wait");
    EXPECT(ACT(REPORTED), ACT(WAITING_CUSTOMER), ACT(CUSTOMER_ANSWERED), ACT(WAITING_CUSTOMER));
}
END_TEST

START_TEST(closing_restores_what_was_not_restored_and_signs)
{
    make_plan("Queued,x;Completed,Closed");
    ck_assert_int_eq(plan.step[2].role, CALLOUT__V1__ROLE__ROLE_CUSTOMER);
    ck_assert_int_eq(plan.step[3].role, CALLOUT__V1__ROLE__ROLE_PM);
    EXPECT(ACT(REPORTED), ACT(RESTORED), ACT(SIGN), ACT(SIGN));
    co_replay_log_free(&incidents);
    make_plan("Queued,x;Completed,Resolved;Completed,Closed");
    EXPECT(ACT(REPORTED), ACT(RESTORED), ACT(SIGN), ACT(SIGN));
}
END_TEST

START_TEST(what_goes_on_after_it_was_restored_came_back)
{
    make_plan("Accepted,x;Completed,Resolved;Accepted,x;Accepted,x;Completed,Resolved");
    EXPECT(ACT(REPORTED), ACT(CONTACTED), ACT(RESTORED), ACT(RELAPSED), ACT(RESTORED));
}
END_TEST

START_TEST(rows_after_the_end_do_nothing_and_are_counted)
{
    make_plan("Completed,Closed;Accepted,x;Queued,Wait");
    ck_assert_uint_eq(plan.rows_after_closing, 2);
    EXPECT(ACT(REPORTED), ACT(RESTORED), ACT(SIGN), ACT(SIGN));
}
END_TEST

START_TEST(a_country_has_its_sites_by_weight_and_the_others_have_theirs)
{
    unsigned ones = 0;
    for (unsigned i = 0; i < 1000; i++) {
        char key[16];
        snprintf(key, sizeof(key), "k%u", i);
        struct co_replay_incident in = { .key = key, .country = i % 2 == 0 ? "se" : "SE" };
        const Callout__V1__ReplaySite *site = co_replay_site(map, &in);
        ck_assert(strcmp(site->site, "one") == 0 || strcmp(site->site, "two") == 0);
        ck_assert_ptr_eq(site, co_replay_site(map, &in));
        ones += strcmp(site->site, "one") == 0;
    }
    ck_assert_uint_gt(ones, 700);
    ck_assert_uint_lt(ones, 800);
    struct co_replay_incident other = { .key = "k", .country = "xx" };
    ck_assert_str_eq(co_replay_site(map, &other)->site, "rest");
}
END_TEST

START_TEST(severity_and_title_come_from_the_incident)
{
    struct co_replay_incident in = { "1-2", "High", "se", "P", 0 };
    char title[32];
    ck_assert_uint_eq(co_replay_severity(map, &in), 2);
    co_replay_title(map, &in, title, sizeof(title));
    ck_assert_str_eq(title, "1-2 High {what}");
    char shorter[6];
    co_replay_title(map, &in, shorter, sizeof(shorter));
    ck_assert_str_eq(shorter, "1-2 H");
    in.impact = "None";
    ck_assert_uint_eq(co_replay_severity(map, &in), 0);
}
END_TEST

START_TEST(a_mapping_that_cannot_be_played_is_refused)
{
    Callout__V1__ReplayMapping wrong = *map;
    Callout__V1__ReplayEngineers engineers = *map->engineers;
    ck_assert_ptr_null(co_replay_mapping_problem(map));
    wrong.engineers = &engineers;
    engineers.work_min_us = engineers.work_max_us + 1;
    ck_assert_ptr_nonnull(co_replay_mapping_problem(&wrong));
    engineers = *map->engineers;
    engineers.decline_percent = 95;
    ck_assert_ptr_nonnull(co_replay_mapping_problem(&wrong));
    wrong = *map;
    wrong.grid_us = 5 * CO_MINUTE_US;
    ck_assert_ptr_null(co_replay_mapping_problem(&wrong));
    wrong.grid_us++;
    ck_assert_ptr_nonnull(co_replay_mapping_problem(&wrong));
    wrong = *map;
    wrong.columns = NULL;
    ck_assert_ptr_nonnull(co_replay_mapping_problem(&wrong));
}
END_TEST

CHECK_MAIN_WITH("co_replay_plan", load_mapping, clean_up,
                the_first_row_is_the_report_and_what_its_status_says, a_rule_for_once_fits_once,
                waiting_begins_with_the_first_row_of_it_and_ends_with_the_first_other,
                closing_restores_what_was_not_restored_and_signs,
                what_goes_on_after_it_was_restored_came_back,
                rows_after_the_end_do_nothing_and_are_counted,
                a_country_has_its_sites_by_weight_and_the_others_have_theirs,
                severity_and_title_come_from_the_incident,
                a_mapping_that_cannot_be_played_is_refused)
