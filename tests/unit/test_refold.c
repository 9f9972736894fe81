/* A case computed anew from its journal: what is named, which calendars count, what is compared. */
#include "refold.h"

#include <string.h>

#include "check_main.h"
#include "lived_case.h"

static struct lived_case l;
static struct refold r;

static void end(void)
{
    refold_done(&r);
    lived_case_done(&l);
}

START_TEST(who_made_a_clock_stand_is_named_with_person_and_client)
{
    lived_case_init(&l, CALLOUT_SOURCE_DIR);
    lived_case_live(&l);
    lived_case_refold(&l, &r);
    const Callout__V1__ClockAccount *expert = lived_case_clock(&r, "expert");
    ck_assert_uint_ge(expert->n_segments, 3);
    const Callout__V1__Segment *s = expert->segments[1];
    ck_assert_str_eq(s->why, "paused");
    ck_assert_str_eq(s->by->person, "li");
    ck_assert_str_eq(s->by->source, "desk");
    ck_assert_int_eq(s->by->role, CALLOUT__V1__ROLE__ROLE_CUSTOMER);
    ck_assert_int_eq(s->until_us - s->from_us, 30 * LIVED_MINUTE);
    const Callout__V1__ClockAccount *process = lived_case_clock(&r, "process_start");
    ck_assert_uint_eq(process->n_changes, 1);
    ck_assert_str_eq(process->changes[0]->by->person, "zhao");
    ck_assert_str_eq(process->state, "breached");
    ck_assert_str_eq(process->segments[process->n_segments - 1]->why, "late");
    ck_assert_str_eq(r.explanation->located->source, "contract");
    end();
}
END_TEST

START_TEST(an_exclusion_is_named_by_its_title_and_cause)
{
    lived_case_init(&l, CALLOUT_SOURCE_DIR);
    lived_case_live(&l);
    lived_case_refold(&l, &r);
    const Callout__V1__Segment *s = lived_case_clock(&r, "vendor_response")->segments[1];
    ck_assert_str_eq(s->why, "paused");
    ck_assert_str_eq(s->by->kind, "exclusion");
    ck_assert_str_eq(s->by->key, "flood");
    ck_assert_str_eq(s->by->cause, "force_majeure");
    ck_assert_str_eq(s->by->title->en, "Flood in Hebei");
    ck_assert_int_eq(s->until_us - s->from_us, 10 * LIVED_MINUTE);
    end();
}
END_TEST

static Callout__V1__Pin *pin(const char *key, uint64_t since)
{
    Callout__V1__Pin *p = lived_case_message(&l, &callout__v1__pin__descriptor);
    p->key = lived_case_text(&l, key);
    p->since = since;
    return p;
}

START_TEST(a_case_counts_with_the_calendars_that_it_was_given_later)
{
    lived_case_init(&l, CALLOUT_SOURCE_DIR);
    lived_case_live(&l);
    Callout__V1__CalendarRebased *rebased =
        lived_case_message(&l, &callout__v1__calendar_rebased__descriptor);
    rebased->calendar = pin("cn-office", 7);
    rebased->registry_version = 7;
    lived_case_note(&l, 121, CALLOUT__V1__EVENT__BODY_CALENDAR_REBASED, rebased);
    lived_case_refold(&l, &r);
    ck_assert_uint_eq(r.calendar_count, 1);
    ck_assert_uint_eq(r.calendars[0].pin->since, 7);
    ck_assert_uint_eq(r.explanation->calendar->since, 7);
    ck_assert_uint_eq(r.explanation->rebased_version, 7);
    end();
}
END_TEST

START_TEST(what_was_announced_is_what_is_computed)
{
    lived_case_init(&l, CALLOUT_SOURCE_DIR);
    lived_case_live(&l);
    lived_case_refold(&l, &r);
    for (size_t i = 0; i < r.explanation->n_clocks; i++)
        ck_assert_str_eq(r.explanation->clocks[i]->announced, "");
    end();
}
END_TEST

static Callout__V1__DayException *find_day(int32_t day)
{
    for (size_t i = 0; i < l.calendar->n_exceptions; i++)
        if (l.calendar->exceptions[i]->day == day)
            return l.calendar->exceptions[i];
    ck_abort_msg("there is no such day");
}

START_TEST(holidays_in_a_row_are_cut_where_the_name_changes)
{
    lived_case_init(&l, CALLOUT_SOURCE_DIR);
    lived_case_live(&l);
    find_day(20731)->name = lived_case_text(&l, "other"); /* 2026-10-05 */
    lived_case_refold(&l, &r);
    const Callout__V1__ClockAccount *arrival = lived_case_clock(&r, "arrival");
    ck_assert_uint_eq(arrival->n_segments, 5);
    ck_assert_str_eq(arrival->segments[1]->name, "国庆节");
    ck_assert_str_eq(arrival->segments[1]->last_day, "2026-10-04");
    ck_assert_str_eq(arrival->segments[2]->name, "other");
    ck_assert_str_eq(arrival->segments[2]->first_day, "2026-10-05");
    ck_assert_str_eq(arrival->segments[2]->last_day, "2026-10-05");
    ck_assert_str_eq(arrival->segments[3]->name, "国庆节");
    ck_assert_int_eq(arrival->segments[2]->from_us, arrival->segments[1]->until_us);
    ck_assert_int_eq(arrival->segments[3]->from_us, arrival->segments[2]->until_us);
    ck_assert_int_eq(arrival->counted, 2);
    end();
}
END_TEST

static Callout__V1__Milestone *milestone(const char *name)
{
    for (size_t i = 0; i < l.policy->n_milestones; i++)
        if (strcmp(l.policy->milestones[i]->name, name) == 0)
            return l.policy->milestones[i];
    ck_abort_msg("there is no milestone %s", name);
}

/* The same week without holidays, under another name. */
static Callout__V1__Calendar *plain(const char *key)
{
    Callout__V1__Calendar *c = lived_case_message(&l, &callout__v1__calendar__descriptor);
    *c = *l.calendar;
    c->key = lived_case_text(&l, key);
    c->n_exceptions = c->n_years = 0;
    return c;
}

START_TEST(a_milestone_counts_with_the_calendar_that_it_names)
{
    lived_case_init(&l, CALLOUT_SOURCE_DIR);
    lived_case_live(&l);
    l.opened->contract_calendar = pin("of-contract", 4);
    l.opened->calendars = co_arena_alloc(l.arena, sizeof(l.opened->calendars[0]));
    l.opened->calendars[l.opened->n_calendars++] = pin("centre", 2);
    milestone("arrival")->calendar = lived_case_text(&l, "centre");
    r = (struct refold){ .arena = l.arena,
                         .entries = l.entry,
                         .entry_count = l.count,
                         .now_us = LIVED_REPORTED + 120 * LIVED_MINUTE };
    ck_assert_int_eq(refold_read(&r), CO_OK);
    ck_assert_uint_eq(r.calendar_count, 3);
    r.policy = l.policy;
    r.calendars[0].text = l.calendar;
    r.calendars[1].text = plain("of-contract");
    r.calendars[2].text = plain("centre");
    ck_assert_int_eq(refold_run(&r), CO_OK);
    const Callout__V1__ClockAccount *arrival = lived_case_clock(&r, "arrival");
    ck_assert_str_eq(arrival->basis->calendar, "centre");
    ck_assert_uint_eq(arrival->n_segments, 2); /* 30 September and 1 October */
    ck_assert_uint_eq(r.explanation->n_calendars, 3);
    ck_assert_str_eq(r.explanation->calendars[1]->use, "contract");
    ck_assert_str_eq(r.explanation->calendars[1]->pin->key, "of-contract");
    ck_assert_str_eq(r.explanation->calendars[2]->use, "milestone");
    ck_assert_uint_ge(r.explanation->calendars[0]->n_years, 3);
    end();
}
END_TEST

START_TEST(a_text_that_is_missing_or_wrong_is_said)
{
    lived_case_init(&l, CALLOUT_SOURCE_DIR);
    lived_case_live(&l);
    r = (struct refold){ .arena = l.arena, .entries = l.entry, .entry_count = l.count };
    ck_assert_int_eq(refold_read(&r), CO_OK);
    r.policy = l.policy;
    ck_assert_int_eq(refold_run(&r), CO_EINPUT);
    ck_assert_str_eq(r.problem, "the calendar cn-office cannot be used: its text is missing");
    l.opened->policy = NULL;
    ck_assert_int_eq(refold_read(&r), CO_EINPUT);
    ck_assert_str_eq(r.problem, "the case does not say under which versions it is");
    end();
}
END_TEST

CHECK_MAIN("refold", who_made_a_clock_stand_is_named_with_person_and_client,
           an_exclusion_is_named_by_its_title_and_cause,
           a_case_counts_with_the_calendars_that_it_was_given_later,
           what_was_announced_is_what_is_computed, holidays_in_a_row_are_cut_where_the_name_changes,
           a_milestone_counts_with_the_calendar_that_it_names,
           a_text_that_is_missing_or_wrong_is_said)
