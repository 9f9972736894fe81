/* Whoever is booked for a course is told, and told when he is not any more; who is missing is told
 * to whom the pack says. */
#include "check_main.h"

#include "notify_world.h"

static void is_booked(uint32_t generation, const char *who)
{
    HAPPENS(BOOKED, booked, Booked, x->slot = own("lecturer"), x->generation = generation,
            x->resource = own(who), x->from_us = NOON, x->until_us = NOON + 60 * MINUTE);
}

static void is_over(uint32_t generation, const char *how)
{
    HAPPENS(BOOKING_ENDED, booking_ended, BookingEnded, x->slot = own("lecturer"),
            x->generation = generation, x->resource = own("engineer/eng"), x->how = own(how));
}

static void begin(void)
{
    static Callout__V1__StaffNeed need, *staff[] = { &need };
    static char key[] = "lecturer";
    set_up();
    callout__v1__staff_need__init(&need);
    need.key = key;
    need.title = text_of("讲师", "Lecturer");
    is_opened();
    pack.staff = staff;
    pack.n_staff = 1;
    add_rule(ON(BOOKED), "", ROLE(LECTURER), ROLE(NONE))->body =
        text_of("{slot} {booked} {valid_from} {valid_until}", "{slot} {booked}");
    add_rule(ON(NOBODY_TO_BOOK), "", ROLE(PM), ROLE(NONE))->body =
        text_of("{slot}：{reason}，{booked}", "{slot}: {reason}, {booked}");
}

START_TEST(the_one_who_is_booked_is_told_when_and_for_what)
{
    begin();
    is_booked(1, "engineer/eng");
    journal_is("planned booked/lecturer/1 g1 lecturer/0 eng hook\n");
    ck_assert_str_eq(c->notices[0]->body, "讲师 eng 2026-02-17 04:00 UTC 2026-02-17 05:00 UTC");
    is_booked(2, "resource/lab-1"); /* the lecturer hears of the lab */
    journal_is("planned booked/lecturer/2 g1 lecturer/0 eng hook\n");
    tear_down();
}
END_TEST

START_TEST(who_is_let_go_hears_it_and_not_when_it_is_simply_over)
{
    begin();
    is_booked(1, "engineer/eng");
    everything_is_sent();
    is_over(1, "done");
    journal_is("");
    is_over(1, "rescheduled");
    journal_is("planned withdrawn/booked/lecturer/1 g1 lecturer/0 eng hook\n");
    is_booked(2, "engineer/dir");
    journal_is("planned booked/lecturer/2 g1 lecturer/0 dir mail\n");
    tear_down();
}
END_TEST

START_TEST(that_nobody_can_be_booked_is_told_with_what_is_missing_and_who_is_nearest)
{
    begin();
    HAPPENS(NOBODY_TO_BOOK, nobody_to_book, NobodyToBook, x->slot = own("lecturer"),
            x->missing = own("certificate"), x->nearest = own("eng"), x->ordinal = 3);
    journal_is("planned nobody_to_book/lecturer/3 g1 pm/0 pm mail\n");
    ck_assert_str_eq(c->notices[0]->body, "讲师：证书在此之前到期，eng");
    tear_down();
}
END_TEST

CHECK_MAIN("notify_booking", the_one_who_is_booked_is_told_when_and_for_what,
           who_is_let_go_hears_it_and_not_when_it_is_simply_over,
           that_nobody_can_be_booked_is_told_with_what_is_missing_and_who_is_nearest)
