#include "sla_world.h"

#include "check_main.h"

static struct world w;

static void expect(int64_t minute, const char *story)
{
    ck_assert_str_eq(world_story(&w, minute), story);
}

/* -- arrival by zone */

START_TEST(arrival_is_promised_when_the_site_is_located_from_the_request_on)
{
    world_init(&w);
    world_arrival(&w);
    world_open(&w, 2);
    world_input(&w, 10, ACT(ONSITE_REQUESTED));
    expect(20, "");
    world_locate(&w, 15, 12.5);
    expect(20, "promised arrival/1 level 2 from 10 due 190 in zone 1\n");
    ck_assert_str_eq(w.fold.outputs[0]->promised->basis->kind, "running");
    ck_assert(w.fold.outputs[0]->promised->is_arrival);
    world_done(&w);
}
END_TEST

START_TEST(located_late_the_promise_is_still_that_of_the_request)
{
    world_init(&w);
    world_arrival(&w);
    world_open(&w, 2);
    world_input(&w, 10, ACT(ONSITE_REQUESTED));
    world_locate(&w, 500, 12.5);
    expect(500, "promised arrival/1 level 2 from 10 due 190 in zone 1\n"
                "breached arrival/1 level 2 due 190\n");
    world_done(&w);
}
END_TEST

static const struct {
    double km;
    bool truncate;
    const char *zone;
} rounded[] = { { 0, false, "zone 1" },    { 40.4, false, "zone 1" }, { 40.5, false, "zone 2" },
                { 40.9, true, "zone 1" },  { 41, true, "zone 2" },    { 80.4, false, "zone 2" },
                { 80.5, false, "beyond" }, { 5000, false, "beyond" } };

START_TEST(the_ring_is_that_of_the_whole_kilometres)
{
    for (size_t i = 0; i < sizeof(rounded) / sizeof(rounded[0]); i++) {
        world_init(&w);
        world_arrival(&w);
        w.pack->zones[0]->truncate = rounded[i].truncate;
        world_open(&w, 2);
        world_locate(&w, 0, rounded[i].km);
        world_input(&w, 10, ACT(ONSITE_REQUESTED));
        world_story(&w, 20);
        ck_assert_str_eq(w.fold.outputs[0]->promised->basis->zone, rounded[i].zone);
        world_done(&w);
    }
}
END_TEST

START_TEST(a_level_without_a_row_in_the_table_is_promised_nothing)
{
    world_init(&w);
    world_target(&w, world_arrival(&w), 3, TARGET(ZONE), 0);
    world_open(&w, 3);
    world_input(&w, 10, ACT(ONSITE_REQUESTED));
    expect(20, "");
    world_locate(&w, 15, 12.5);
    expect(20, "");
    world_level(&w, 30, 2);
    expect(40, "severity #1 3>2 at 30 set\npromised arrival/1 level 2 from 30 due 210 in zone 1\n");
    world_done(&w);
}
END_TEST

START_TEST(lowered_to_a_level_whose_time_is_not_known_yet_the_old_time_is_no_longer_promised)
{
    world_init(&w);
    Callout__V1__Milestone *m = world_arrival(&w);
    world_target(&w, m, 3, TARGET(RUNNING), 5 * HOUR);
    world_open(&w, 3);
    world_input(&w, 10, ACT(ONSITE_REQUESTED));
    world_level(&w, 20, 1);
    world_level(&w, 30, 2);
    expect(40, "promised arrival/1 level 2 from 10 due ?\n"
               "severity #1 3>1 at 20 set\nseverity #2 1>2 at 30 set\n");
    world_done(&w);
}
END_TEST

START_TEST(raised_before_it_is_located_the_earlier_due_time_still_governs)
{
    world_init(&w);
    world_arrival(&w);
    world_open(&w, 2);
    world_input(&w, 10, ACT(ONSITE_REQUESTED));
    world_level(&w, 20, 1);
    world_locate(&w, 100, 12.5);
    expect(100,
           "promised arrival/1 level 1 from 10 due 130 in zone 1\nseverity #1 2>1 at 20 set\n");
    world_done(&w);
}
END_TEST

START_TEST(beyond_the_rings_the_time_is_agreed)
{
    world_init(&w);
    world_arrival(&w);
    world_open(&w, 2);
    world_locate(&w, 0, 2000);
    world_input(&w, 10, ACT(ONSITE_REQUESTED));
    expect(1000, "promised arrival/1 level 2 from 10 due ? in beyond\n");
    ck_assert(w.fold.awaits_agreement);
    ck_assert_int_eq(w.fold.next_us, INT64_MAX);
    world_input(&w, 20, ACT(AGREE))->agreed_us = T0 + 900 * MINUTE;
    expect(800, "promised arrival/1 level 2 from 10 due 900 in beyond\n");
    world_input(&w, 30, ACT(AGREE))->agreed_us = T0 + 950 * MINUTE;
    expect(960, "promised arrival/1 level 2 from 10 due 950 in beyond\n"
                "breached arrival/1 level 2 due 950\n");
    ck_assert(!w.fold.awaits_agreement);
    world_done(&w);
}
END_TEST

/* -- several promises */

START_TEST(the_earliest_promise_to_the_customer_is_shown_first)
{
    world_init(&w);
    Callout__V1__Milestone *m = world_milestone(&w, "ours", ACT(REPORTED), ACT(CONTACTED));
    world_minutes(&w, m, 5, 5, 5, 5);
    m->internal = true;
    world_minutes(&w, world_milestone(&w, "late", ACT(REPORTED), ACT(EXPERT_JOINED)), 60, 60, 60,
                  60);
    world_minutes(&w, world_milestone(&w, "soon", ACT(REPORTED), ACT(CONTACTED)), 30, 30, 30, 30);
    world_open(&w, 2);
    world_story(&w, 1);
    ck_assert_str_eq(w.fold.next_promise->milestone->name, "soon");
    world_story(&w, 31);
    ck_assert_str_eq(w.fold.next_promise->milestone->name, "late");
    world_done(&w);
}
END_TEST

/* -- the end */

static void repaired(void)
{
    world_init(&w);
    world_minutes(&w, world_milestone(&w, "restore", ACT(REPORTED), ACT(RESTORED)), 60, 60, 60, 60);
    world_minutes(&w, world_milestone(&w, "expert", ACT(REPORTED), ACT(EXPERT_JOINED)), 600, 600,
                  600, 600);
    world_signer(&w, ROLE(CUSTOMER));
    world_signer(&w, ROLE(PM));
    world_open(&w, 2);
}

#define BOTH "promised restore/1 level 2 from 0 due 60\npromised expert/1 level 2 from 0 due 600\n"

START_TEST(signed_by_all_after_it_was_restored_the_case_is_closed)
{
    repaired();
    world_by(&w, 5, ACT(SIGN), ROLE(CUSTOMER));
    world_input(&w, 10, ACT(RESTORED));
    world_by(&w, 20, ACT(SIGN), ROLE(PM));
    expect(25, BOTH "met restore/1 at 10\n");
    ck_assert(w.fold.is_restored && !w.fold.is_closed);
    world_by(&w, 30, ACT(SIGN), ROLE(CUSTOMER));
    const char *end = BOTH "met restore/1 at 10\nstopped expert/1 at 30\nclosed signed at 30\n";
    expect(40, end);
    ck_assert(w.fold.is_closed);
    ck_assert_int_eq(w.fold.closed_us, T0 + 30 * MINUTE);
    world_input(&w, 50, ACT(RELAPSED));
    world_level(&w, 60, 1);
    expect(10000, end);
    ck_assert_int_eq(w.fold.next_us, INT64_MAX);
    world_done(&w);
}
END_TEST

START_TEST(cancelled_every_clock_stops)
{
    repaired();
    world_input(&w, 61, ACT(CANCEL));
    expect(70, BOTH
           "breached restore/1 level 2 due 60\nstopped restore/1 at 61\nstopped expert/1 at 61\n"
           "closed cancelled at 61\n");
    ck_assert_int_eq(w.fold.outputs[3]->stopped->by, ACT(CANCEL));
    world_done(&w);
}
END_TEST

START_TEST(a_fault_that_is_back_starts_anew_what_restored_had_met)
{
    repaired();
    world_input(&w, 10, ACT(RESTORED));
    world_by(&w, 15, ACT(SIGN), ROLE(PM));
    world_input(&w, 20, ACT(RELAPSED));
    world_by(&w, 25, ACT(SIGN), ROLE(CUSTOMER));
    expect(30, BOTH "met restore/1 at 10\npromised restore/2 level 2 from 20 due 80\n");
    ck_assert(!w.fold.is_restored);
    world_input(&w, 40, ACT(RESTORED));
    world_input(&w, 40, ACT(RELAPSED));
    world_input(&w, 41, ACT(RELAPSED));
    expect(45, BOTH "met restore/1 at 10\npromised restore/2 level 2 from 20 due 80\n"
                    "met restore/2 at 40\npromised restore/3 level 2 from 40 due 100\n");
    world_done(&w);
}
END_TEST

START_TEST(without_signers_a_case_closes_when_restored)
{
    world_init(&w);
    world_minutes(&w, world_milestone(&w, "restore", ACT(REPORTED), ACT(RESTORED)), 60, 60, 60, 60);
    world_open(&w, 2);
    world_input(&w, 10, ACT(RESTORED));
    expect(
        20,
        "promised restore/1 level 2 from 0 due 60\nmet restore/1 at 10\nclosed restored at 10\n");
    world_done(&w);
}
END_TEST

/* -- kinds of targets: T0 is a Monday, 09:00 */

static const struct {
    Callout__V1__TargetKind kind;
    int64_t amount;
    int64_t start_minute;
    int64_t due_minute;
    const char *name;
} kinds[] = {
    { TARGET(RUNNING), 48 * HOUR, 600, 600 + 2880, "running" },
    { TARGET(WORKING), 9 * HOUR, 600, 1440 + 540, "working" },
    { TARGET(NTH_WORKING_DAY), 1, 0, 540, "nth_working_day" },
    { TARGET(NTH_WORKING_DAY), 2, 4 * 1440, 7 * 1440 + 540, "nth_working_day" },
    { TARGET(PERIOD_WORKING_DAYS), 5, 0, 7 * 1440 + 540, "period_working_days" },
    { TARGET(PERIOD_DAYS), 2, 0, 2 * 1440 + 900, "period_days" },
    { TARGET(NEXT_BUSINESS_DAY), 0, 0, 1440 + 540, "next_business_day" },
};

START_TEST(each_kind_of_target_has_its_due_time)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        world_init(&w);
        Callout__V1__Milestone *m = world_milestone(&w, "m", ACT(ARRIVED), ACT(RESTORED));
        world_target(&w, m, 2, kinds[i].kind, kinds[i].amount);
        world_warn(&w, m, 99, 0);
        world_open(&w, 2);
        world_input(&w, kinds[i].start_minute, ACT(ARRIVED));
        world_story(&w, kinds[i].start_minute);
        const Callout__V1__Promised *p = w.fold.outputs[0]->promised;
        ck_assert_int_eq((p->due_us - T0) / MINUTE, kinds[i].due_minute);
        ck_assert_str_eq(p->basis->kind, kinds[i].name);
        ck_assert_int_eq(p->basis->amount, kinds[i].amount);
        ck_assert_str_eq(p->basis->calendar, i == 0 ? "" : "cn");
        ck_assert(w.fold.next_us > p->start_us && w.fold.next_us < p->due_us);
        world_done(&w);
    }
}
END_TEST

/* Keys of counting, by a start on Monday, in minutes after 09:00. */
static const struct {
    Callout__V1__TargetKind kind;
    int64_t amount;
    uint32_t cutoff_minute;
    bool from_next_day;
    bool same_day;
    int64_t start_minute;
    int64_t due_minute;
} counted[] = {
    { TARGET(NTH_WORKING_DAY), 2, 0, false, false, 539, 1440 + 540 },
    { TARGET(NTH_WORKING_DAY), 2, 960, false, false, 419, 1440 + 540 },
    { TARGET(NTH_WORKING_DAY), 2, 960, false, false, 420, 2 * 1440 + 540 },
    { TARGET(NTH_WORKING_DAY), 2, 0, true, false, 0, 2 * 1440 + 540 },
    { TARGET(NTH_WORKING_DAY), 1, 0, true, false, 5 * 1440, 7 * 1440 + 540 }, /* Saturday */
    { TARGET(RUNNING), 6 * HOUR, 0, false, true, 0, 360 },
    { TARGET(RUNNING), 6 * HOUR, 0, false, true, 540, 900 }, /* just so */
    { TARGET(RUNNING), 6 * HOUR, 0, false, true, 541, 900 }, /* 24:00 */
    { TARGET(RUNNING), 6 * HOUR, 0, false, false, 541, 541 + 360 },
};

START_TEST(cut_off_next_day_and_same_day_are_keys_of_the_pack)
{
    for (size_t i = 0; i < sizeof(counted) / sizeof(counted[0]); i++) {
        world_init(&w);
        Callout__V1__Milestone *m = world_milestone(&w, "m", ACT(ARRIVED), ACT(RESTORED));
        world_target(&w, m, 2, counted[i].kind, counted[i].amount);
        world_warn(&w, m, 50, 0);
        m->cutoff_minute = counted[i].cutoff_minute;
        m->from_next_day = counted[i].from_next_day;
        m->same_day = counted[i].same_day;
        world_open(&w, 2);
        world_input(&w, counted[i].start_minute, ACT(ARRIVED));
        world_story(&w, counted[i].start_minute);
        const Callout__V1__Promised *p = w.fold.outputs[0]->promised;
        ck_assert_msg((p->due_us - T0) / MINUTE == counted[i].due_minute, "row %zu", i);
        bool is_short = counted[i].same_day && counted[i].start_minute == 541;
        ck_assert_int_eq(p->basis->same_day, is_short);
        ck_assert_int_eq(w.fold.next_us, p->start_us + (p->due_us - p->start_us) / 2);
        world_done(&w);
    }
}
END_TEST

START_TEST(beyond_the_calendar_the_due_time_is_not_known)
{
    world_init(&w);
    Callout__V1__Milestone *m = world_milestone(&w, "m", ACT(REPORTED), ACT(RESTORED));
    world_target(&w, m, 2, TARGET(WORKING), 100000 * HOUR);
    world_target(&w, m, 1, TARGET(NTH_WORKING_DAY), 0);
    world_open(&w, 2);
    expect(10, "promised m/1 level 2 from 0 due ? beyond data\n");
    ck_assert_int_eq(w.fold.next_us, INT64_MAX);
    world_done(&w);
}
END_TEST

CHECK_MAIN("sla_visit", arrival_is_promised_when_the_site_is_located_from_the_request_on,
           located_late_the_promise_is_still_that_of_the_request,
           the_ring_is_that_of_the_whole_kilometres,
           a_level_without_a_row_in_the_table_is_promised_nothing,
           lowered_to_a_level_whose_time_is_not_known_yet_the_old_time_is_no_longer_promised,
           raised_before_it_is_located_the_earlier_due_time_still_governs,
           beyond_the_rings_the_time_is_agreed, the_earliest_promise_to_the_customer_is_shown_first,
           signed_by_all_after_it_was_restored_the_case_is_closed, cancelled_every_clock_stops,
           a_fault_that_is_back_starts_anew_what_restored_had_met,
           without_signers_a_case_closes_when_restored, each_kind_of_target_has_its_due_time,
           cut_off_next_day_and_same_day_are_keys_of_the_pack,
           beyond_the_calendar_the_due_time_is_not_known)
