/* The packs of planned work and of the end of contracts, as they stand in policies/, in the life of
 * a case. */
#include "check_main.h"
#include "sla_pack.h"

enum { DAY = 24 * 60 };

static struct world w;
static struct pack_files f;

static void begin(const char *pack, uint32_t severity, int64_t date, int64_t until)
{
    pack_begin(&w, &f, NULL, pack, "cn-office", severity);
    w.opened->dated_us = T0 + date * MINUTE;
    w.opened->dated_until_us = until == 0 ? 0 : T0 + until * MINUTE;
}

static void end(void)
{
    pack_end(&w, &f);
}

/* How often the fold says something of that kind. */
static size_t count_of(Callout__V1__Event__BodyCase body)
{
    size_t n = 0;
    for (size_t i = 0; i < w.fold.output_count; i++)
        n += w.fold.outputs[i]->body_case == body;
    return n;
}

START_TEST(planned_work_is_prepared_before_begun_on_and_reported_after_its_date)
{
    static const struct {
        uint32_t level;
        int64_t prepared, begun, reported;
    } want[] = {
        { 1, 20 * DAY, 30 * DAY + 60, 35 * DAY + 480 },
        { 2, 27 * DAY, 30 * DAY + 60, 35 * DAY + 480 },
        { 3, 29 * DAY, 30 * DAY + 240, 40 * DAY + 480 },
    };
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        begin("preventive", want[i].level, 30 * DAY, 30 * DAY + 480);
        world_story(&w, 1);
        ck_assert_int_eq(pack_due(&w, "prepared", 1), want[i].prepared);
        ck_assert_int_eq(pack_due(&w, "begun", 1), want[i].begun);
        ck_assert_int_eq(pack_due(&w, "reported", 1), want[i].reported);
        ck_assert_ptr_null(pack_promise(&w, "checked", 1));
        end();
    }
}
END_TEST

START_TEST(a_health_check_is_done_two_days_before_the_event)
{
    begin("preventive", 1, 30 * DAY, 0);
    world_set(&w, 0, "health_check");
    world_story(&w, 28 * DAY);
    ck_assert_int_eq(pack_due(&w, "checked", 1), 28 * DAY);
    ck_assert_ptr_null(pack_promise(&w, "begun", 1));
    ck_assert_int_eq(pack_acted(&w, "unchecked"), 28 * DAY);
    end();
}
END_TEST

START_TEST(the_end_of_a_contract_is_warned_of_and_told_when_it_has_come)
{
    begin("renewal", 1, 90 * DAY, 0);
    world_story(&w, 90 * DAY - 1);
    ck_assert_int_eq(pack_due(&w, "end_of_contract", 1), 90 * DAY);
    ck_assert_uint_eq(count_of(BODY(WARNED)), 3);
    ck_assert_int_eq(pack_acted(&w, "gap"), -1);
    world_story(&w, 90 * DAY);
    ck_assert_int_eq(pack_acted(&w, "gap"), 90 * DAY);
    world_story(&w, 130 * DAY);
    ck_assert_uint_eq(count_of(BODY(ESCALATED)), 2);
    end();
}
END_TEST

START_TEST(what_is_renewed_in_time_is_closed_without_a_gap)
{
    begin("renewal", 1, 90 * DAY, 0);
    world_input(&w, 50 * DAY, ACT(RESTORED));
    world_story(&w, 100 * DAY);
    ck_assert(w.fold.is_closed);
    ck_assert_uint_eq(pack_count(&w, BODY(MET), "end_of_contract"), 1);
    ck_assert_uint_eq(count_of(BODY(WARNED)), 1);
    end();
}
END_TEST

CHECK_MAIN("sla_planned", planned_work_is_prepared_before_begun_on_and_reported_after_its_date,
           a_health_check_is_done_two_days_before_the_event,
           the_end_of_a_contract_is_warned_of_and_told_when_it_has_come,
           what_is_renewed_in_time_is_closed_without_a_gap)
