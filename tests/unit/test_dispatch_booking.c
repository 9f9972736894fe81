/* A course takes a lecturer and a lab for its span, or an event people on duty: who is taken, until
 * when, why nobody, and what people say to it. */
#include "dispatch_map_fixture.h"

#include <stdio.h>

#include "dispatch_booking.h"

#define DAY CO_DAY_US
#define NOW T0
#define BEGIN (NOW + 30 * DAY)
#define END (BEGIN + 8 * HOUR)

static Callout__V1__PolicyPack pack;
static Callout__V1__StaffNeed needs[2], *staff[2];
static Callout__V1__SkillNeed lecturer, *skills[1];
static char key_lecturer[] = "lecturer", key_lab[] = "lab", key_pack[] = "course";
static struct dispatch_taken taken[16];
static size_t taken_count, told_count;
static char told[1024];

static void put_lecturer(const char *key, const char *office, int64_t until_us)
{
    Callout__V1__Engineer engineer = CALLOUT__V1__ENGINEER__INIT;
    Callout__V1__Skill skill = CALLOUT__V1__SKILL__INIT, *list[] = { &skill };
    char who[32], where[32];
    skill.key = key_lecturer;
    skill.until_us = until_us;
    engineer.key = strcpy(who, key);
    engineer.office = strcpy(where, office);
    engineer.skill = 2;
    engineer.skills = list;
    engineer.n_skills = 1;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_ENGINEER, &engineer);
}

static void put_lab(const char *key, uint32_t capacity)
{
    Callout__V1__Resource lab = CALLOUT__V1__RESOURCE__INIT;
    char name[32], where[] = "west";
    lab.key = strcpy(name, key);
    lab.kind = key_lab;
    lab.office = where;
    lab.capacity = capacity;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_RESOURCE, &lab);
}

static void put_away(const char *person, int64_t from_us, int64_t until_us)
{
    Callout__V1__Roster roster = CALLOUT__V1__ROSTER__INIT;
    Callout__V1__RosterSpan away = CALLOUT__V1__ROSTER_SPAN__INIT, *absences[] = { &away };
    char who[32], why[] = "leave";
    away.from_us = from_us;
    away.until_us = until_us;
    away.why = why;
    roster.calendar = put_calendar();
    roster.key = strcpy(who, person);
    roster.absences = absences;
    roster.n_absences = 1;
    put(CALLOUT__V1__REGISTRY_OBJECT__OBJECT_ROSTER, &roster);
}

static void forget(void)
{
    o.event_count = o.booking_count = o.unbooked_count = 0;
    told_count = 0;
}

static void setup_course(void)
{
    setup_map();
    pack = (Callout__V1__PolicyPack)CALLOUT__V1__POLICY_PACK__INIT;
    lecturer = (Callout__V1__SkillNeed)CALLOUT__V1__SKILL_NEED__INIT;
    lecturer.skill = key_lecturer;
    skills[0] = &lecturer;
    for (size_t i = 0; i < 2; i++) {
        needs[i] = (Callout__V1__StaffNeed)CALLOUT__V1__STAFF_NEED__INIT;
        staff[i] = &needs[i];
    }
    needs[0].key = key_lecturer;
    needs[0].skills = skills;
    needs[0].n_skills = 1;
    needs[1].key = key_lab;
    needs[1].resource_kind = key_lab;
    needs[1].before_us = DAY;
    pack.staff = staff;
    pack.n_staff = 2;
    taken_count = 0;
    put_site("school", 0.1, NULL, 0);
    put_lecturer("lena", "west", 0);
    put_lecturer("lars", "east", 0);
    put_lab("lab-1", 1);
    draw();
}

static void entry(Callout__V1__Event *event, int64_t at_us)
{
    dispatch_order_entry(&o, event, at_us, (struct dispatch_reporter){ 0 });
}

static void opened(void)
{
    Callout__V1__TicketSubmitted submitted = CALLOUT__V1__TICKET_SUBMITTED__INIT;
    Callout__V1__CaseOpened body = CALLOUT__V1__CASE_OPENED__INIT;
    Callout__V1__Pin pin = CALLOUT__V1__PIN__INIT;
    char site[] = "school";
    submitted.site = body.site = site;
    submitted.dated_us = body.dated_us = BEGIN;
    submitted.dated_until_us = body.dated_until_us = END;
    pin.key = key_pack;
    body.policy = &pin;
    EVENT(first, TICKET_SUBMITTED, ticket_submitted, &submitted);
    EVENT(second, CASE_OPENED, case_opened, &body);
    entry(&first, NOW);
    entry(&second, NOW);
    dispatch_booking_read(&o, &pack, NOW);
    forget();
}

static void look(int64_t now_us)
{
    static struct dispatch_taken room[64];
    memcpy(room, taken, sizeof(taken));
    struct dispatch_booker b = { map, o.state, room, taken_count, 256 };
    o.booking_count = o.unbooked_count = 0; /* those of the turn before */
    dispatch_booking_turn(&o, &pack, &b, now_us);
    ck_assert_int_eq(o.err, CO_OK);
}

/* All claims are made, as the tables would. */
static void claimed(int64_t now_us)
{
    for (size_t i = 0; i < o.booking_count; i++)
        dispatch_booking_claimed(&o, i, now_us);
}

static void turn(int64_t now_us)
{
    look(now_us);
    claimed(now_us);
}

static void take(const char *resource, int64_t from_us, int64_t until_us)
{
    taken[taken_count++] = (struct dispatch_taken){ resource, from_us, until_us, 4711 * 256 };
}

/* What was announced since the last time, one per line. */
static const char *announced(void)
{
    size_t n = 0;
    told[0] = '\0';
    for (; told_count < o.event_count; told_count++) {
        const Callout__V1__Event *e = o.events[told_count];
        char *end = told + n;
        size_t left = sizeof(told) - n;
        int len = 0;
        switch ((int)e->body_case) {
        case CALLOUT__V1__EVENT__BODY_BOOKED:
            len = snprintf(end, left, "%s/%u is %s%s\n", e->booked->slot, e->booked->generation,
                           e->booked->resource, e->booked->is_named ? ", named" : "");
            break;
        case CALLOUT__V1__EVENT__BODY_BOOKING_ENDED:
            len = snprintf(end, left, "%s/%u %s: %s\n", e->booking_ended->slot,
                           e->booking_ended->generation, e->booking_ended->resource,
                           e->booking_ended->how);
            break;
        case CALLOUT__V1__EVENT__BODY_NOBODY_TO_BOOK:
            len = snprintf(end, left, "%s: no %s, %s\n", e->nobody_to_book->slot,
                           e->nobody_to_book->missing, e->nobody_to_book->nearest);
            break;
        case CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED:
            len = snprintf(end, left, "applied %u\n", (unsigned)e->command_applied->command_id);
            break;
        case CALLOUT__V1__EVENT__BODY_COMMAND_REFUSED:
            len = snprintf(end, left, "%s\n", e->command_refused->reason);
            break;
        default:
            break;
        }
        n += (size_t)len;
    }
    return told;
}

static void expect(const char *expected)
{
    ck_assert_str_eq(announced(), expected);
}

static void command(Callout__V1__Act act, const char *slot, const char *name)
{
    static uint64_t id;
    Callout__V1__CommandReceived body = CALLOUT__V1__COMMAND_RECEIVED__INIT;
    char which[32], who[32];
    body.command_id = id = o.event_count == 0 ? 1 : id + 1;
    body.act = act;
    body.slot = strcpy(which, slot);
    body.name = strcpy(who, name);
    EVENT(event, COMMAND_RECEIVED, command_received, &body);
    entry(&event, NOW);
}

#define BOOK CALLOUT__V1__ACT__ACT_BOOK
#define UNBOOK CALLOUT__V1__ACT__ACT_UNBOOK

START_TEST(the_nearest_lecturer_and_a_lab_are_taken_for_the_span)
{
    opened();
    look(NOW);
    ck_assert_uint_eq(o.booking_count, 2);
    ck_assert_int_eq(o.bookings[0].from_us, BEGIN);
    ck_assert_int_eq(o.bookings[0].until_us, END);
    ck_assert_int_eq(o.bookings[1].from_us, BEGIN - DAY); /* to be set up */
    claimed(NOW);
    expect("lecturer/1 is engineer/lena\nlab/1 is resource/lab-1\n");
    ck_assert_int_eq(dispatch_order_wake_us(&o), END);
}
END_TEST

START_TEST(who_is_away_or_taken_or_not_certified_to_the_end_is_passed_over)
{
    put_lecturer("aron", "west", END - 1);
    put_away("lena", END - HOUR, END + DAY);
    draw();
    opened();
    turn(NOW);
    expect("lecturer/1 is engineer/lars\nlab/1 is resource/lab-1\n");
}
END_TEST

START_TEST(nobody_is_said_once_with_what_is_missing_and_who_is_nearest_and_looked_for_again)
{
    take("engineer/lena", BEGIN - DAY, BEGIN + 1);
    take("engineer/lars", END - 1, END + DAY);
    take("resource/lab-1", BEGIN - 2 * DAY, BEGIN - DAY); /* ends where ours begins */
    opened();
    turn(NOW);
    expect("lecturer: no free_engineer, lena\nlab/1 is resource/lab-1\n");
    ck_assert_int_eq(o.events[0]->nobody_to_book->free_from_us, BEGIN + 1);
    ck_assert_int_eq(dispatch_order_wake_us(&o), NOW + DISPATCH_BOOKING_PAUSE_US);
    turn(NOW + DISPATCH_BOOKING_PAUSE_US);
    expect("");
    taken_count = 1;
    turn(NOW + 2 * DISPATCH_BOOKING_PAUSE_US);
    expect("lecturer/1 is engineer/lars\n");
}
END_TEST

START_TEST(what_is_missing_is_a_certificate_a_skill_or_an_absence)
{
    put_lecturer("lena", "west", END - 1);
    put_lecturer("lars", "east", END - 2);
    draw();
    opened();
    turn(NOW);
    expect("lecturer: no certificate, lena\nlab/1 is resource/lab-1\n");
    put_away("lars", BEGIN, BEGIN + 1);
    put_lecturer("lars", "east", END);
    draw();
    turn(NOW + 1);
    expect("lecturer: no absence, lars\n");
    put_engineer("lars", "east", 2, NULL);
    put_engineer("lena", "west", 2, NULL);
    draw();
    turn(NOW + 2);
    expect("lecturer: no skill, \n");
}
END_TEST

START_TEST(a_lab_has_as_many_places_as_it_holds_at_any_one_moment)
{
    put_lab("lab-1", 2);
    draw();
    take("resource/lab-1", BEGIN - DAY, BEGIN); /* one after the other */
    take("resource/lab-1", BEGIN, END);
    opened();
    turn(NOW);
    expect("lecturer/1 is engineer/lena\nlab/1 is resource/lab-1\n");
    teardown_map();
    setup_course();
    put_lab("lab-1", 2);
    draw();
    take("resource/lab-1", BEGIN - DAY, BEGIN + 1);
    take("resource/lab-1", BEGIN, END);
    opened();
    turn(NOW);
    expect("lab: no free_resource, lab-1\nlecturer/1 is engineer/lena\n");
}
END_TEST

START_TEST(two_places_of_a_slot_get_two_people)
{
    needs[0].count = 2;
    opened();
    turn(NOW);
    expect("lecturer/1 is engineer/lena\nlecturer/2 is engineer/lars\nlab/1 is resource/lab-1\n");
}
END_TEST

START_TEST(who_lost_a_race_looks_again_at_once)
{
    opened();
    look(NOW);
    dispatch_booking_lost(&o, 0, NOW);
    dispatch_booking_claimed(&o, 1, NOW);
    expect("lab/1 is resource/lab-1\n");
    ck_assert_int_eq(dispatch_order_wake_us(&o), NOW);
    forget();
    take("engineer/lena", BEGIN, END);
    turn(NOW);
    expect("lecturer/1 is engineer/lars\n");
}
END_TEST

static void refused(const char *slot, const char *name, const char *why)
{
    forget();
    command(BOOK, slot, name);
    turn(NOW);
    ck_assert_msg(strstr(announced(), why) != NULL, "%s: %s", why, told);
}

START_TEST(whom_a_person_names_is_checked_and_refused_with_the_reason)
{
    char number[] = "C-";
    put_lecturer("old", "west", NOW + DAY);
    put_away("lars", BEGIN, BEGIN + HOUR);
    put_lecturer("max", "west", 0);
    draw();
    take("engineer/max", BEGIN, END);
    opened();
    turn(NOW);
    refused("chair", "lena", "the policy has no slot \"chair\"; it has lecturer, lab");
    refused("lecturer", "nobody", "the registry has no engineer of the key \"nobody\"");
    refused("lecturer", "wanda", "wanda lacks the qualification \"lecturer\"");
    refused("lecturer", "old", "the certificate \"lecturer\" of old ends at ");
    refused("lecturer", "lars", "lars is away from ");
    refused("lecturer", "lars", ": leave");
    refused("lecturer", "max", "max is booked for ");
    refused("lecturer", "max", number);
    refused("lecturer", "lena", "lena is booked for lecturer already");
    refused("lab", "lena", "the registry has no resource of the key \"lena\"");
}
END_TEST

START_TEST(whom_a_person_names_takes_the_place_and_keeps_it_until_let_go)
{
    opened();
    turn(NOW);
    forget();
    command(BOOK, "lecturer", "lars");
    turn(NOW);
    expect("lecturer/1 engineer/lena: replaced\nlecturer/2 is engineer/lars, named\napplied 1\n");
    ck_assert_uint_eq(o.unbooked_count, 1);
    ck_assert_uint_eq(o.unbooked[0].generation, 1);
    forget();
    command(UNBOOK, "lecturer", "lena");
    turn(NOW);
    expect("lena is not booked for lecturer\n");
    command(UNBOOK, "lecturer", "");
    turn(NOW);
    expect("lecturer/2 engineer/lars: unbooked\napplied 2\nlecturer/3 is engineer/lena\n");
    forget();
    command(UNBOOK, "lecturer", "");
    turn(NOW);
    expect("lecturer/3 engineer/lena: unbooked\napplied 1\nlecturer: no skill, \n"); /* both are
                                                                                        barred */
    ck_assert_uint_eq(o.state->booking->n_asks, 0);
}
END_TEST

START_TEST(a_slot_that_people_name_waits_for_a_name)
{
    needs[0].named = true;
    opened();
    turn(NOW);
    expect("lecturer: no name, lena\nlab/1 is resource/lab-1\n");
    forget();
    command(BOOK, "lecturer", "lars");
    turn(NOW);
    expect("lecturer/1 is engineer/lars, named\napplied 1\n");
}
END_TEST

static void moved(int64_t from_us, int64_t until_us, bool is_applied)
{
    Callout__V1__CommandReceived body = CALLOUT__V1__COMMAND_RECEIVED__INIT;
    Callout__V1__CommandApplied applied = CALLOUT__V1__COMMAND_APPLIED__INIT;
    body.command_id = applied.command_id = (uint64_t)from_us;
    body.act = applied.act = CALLOUT__V1__ACT__ACT_RESCHEDULE;
    body.occurred_us = NOW;
    body.from_us = from_us;
    body.until_us = until_us;
    EVENT(first, COMMAND_RECEIVED, command_received, &body);
    EVENT(second, COMMAND_APPLIED, command_applied, &applied);
    entry(&first, NOW);
    if (is_applied)
        entry(&second, NOW);
}

START_TEST(a_moved_date_lets_go_and_books_anew)
{
    opened();
    turn(NOW);
    forget();
    moved(BEGIN + 5 * DAY, END + 5 * DAY, false);
    expect(""); /* not before it is applied */
    moved(BEGIN + DAY, END + DAY, true);
    expect("lecturer/1 engineer/lena: rescheduled\nlab/1 resource/lab-1: rescheduled\n");
    ck_assert(o.is_span_new);
    forget();
    turn(NOW);
    expect("lecturer/2 is engineer/lena\nlab/2 is resource/lab-1\n");
    ck_assert_int_eq(o.bookings[0].from_us, BEGIN + DAY);
}
END_TEST

START_TEST(who_is_no_longer_able_or_gone_is_let_go_and_another_one_is_sought)
{
    opened();
    turn(NOW);
    forget();
    put_away("lena", BEGIN, BEGIN + HOUR);
    draw();
    turn(NOW + 1);
    expect("lecturer/1 engineer/lena: unfit\nlecturer/2 is engineer/lars\n");
    forget();
    ck_assert(co_registry_remove(registry, CO_KIND_ENGINEER, "lars"));
    draw();
    turn(NOW + 2);
    expect("lecturer/2 engineer/lars: unfit\nlecturer: no absence, lena\n");
}
END_TEST

START_TEST(a_closed_case_lets_everybody_go_and_takes_nobody_any_more)
{
    Callout__V1__CaseClosed body = CALLOUT__V1__CASE_CLOSED__INIT;
    EVENT(event, CASE_CLOSED, case_closed, &body);
    opened();
    turn(NOW);
    forget();
    entry(&event, NOW);
    expect("lecturer/1 engineer/lena: closed\nlab/1 resource/lab-1: closed\n");
    ck_assert_int_eq(dispatch_order_wake_us(&o), 0);
    command(BOOK, "lecturer", "lars");
    turn(NOW);
    ck_assert_msg(strstr(announced(), "the case is closed") != NULL, "%s", told);
}
END_TEST

START_TEST(when_the_span_is_over_the_bookings_are_done_and_nobody_is_sought)
{
    opened();
    turn(NOW);
    forget();
    turn(END);
    expect("lecturer/1 engineer/lena: done\nlab/1 resource/lab-1: done\n");
    turn(END + HOUR);
    expect("");
    ck_assert_int_eq(dispatch_order_wake_us(&o), 0);
    command(BOOK, "lecturer", "lars");
    turn(END);
    ck_assert_msg(strstr(announced(), "is over") != NULL, "%s", told);
}
END_TEST

START_TEST(a_case_whose_pack_takes_nobody_says_so_and_keeps_nothing)
{
    pack.n_staff = 0;
    opened();
    ck_assert_ptr_null(o.state->booking);
    command(BOOK, "lecturer", "lars");
    dispatch_booking_read(&o, &pack, NOW);
    turn(NOW);
    expect("the policy of this case takes nobody for its date\n");
}
END_TEST

CHECK_MAIN_WITH("dispatch_booking", setup_course, teardown_map,
                the_nearest_lecturer_and_a_lab_are_taken_for_the_span,
                who_is_away_or_taken_or_not_certified_to_the_end_is_passed_over,
                nobody_is_said_once_with_what_is_missing_and_who_is_nearest_and_looked_for_again,
                what_is_missing_is_a_certificate_a_skill_or_an_absence,
                a_lab_has_as_many_places_as_it_holds_at_any_one_moment,
                two_places_of_a_slot_get_two_people, who_lost_a_race_looks_again_at_once,
                whom_a_person_names_is_checked_and_refused_with_the_reason,
                whom_a_person_names_takes_the_place_and_keeps_it_until_let_go,
                a_slot_that_people_name_waits_for_a_name, a_moved_date_lets_go_and_books_anew,
                who_is_no_longer_able_or_gone_is_let_go_and_another_one_is_sought,
                a_closed_case_lets_everybody_go_and_takes_nobody_any_more,
                when_the_span_is_over_the_bookings_are_done_and_nobody_is_sought,
                a_case_whose_pack_takes_nobody_says_so_and_keeps_nothing)
