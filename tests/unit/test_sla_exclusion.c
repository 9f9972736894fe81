/* Force majeure and the like: DOMAIN section 8 (B), section 9 "Excluded time". */
#include "sla_case_help.h"
#include "sla_input.h"
#include "sla_random.h"

static void expect(int64_t minute, const char *story)
{
    ck_assert_str_eq(world_story(&w, minute), story);
}

static Callout__V1__Exclusion *storm(int64_t from, int64_t until)
{
    return world_exclusion(&w, "storm", "force_majeure", from, until);
}

/* -- the fold */

static void open_excluded(void)
{
    begin();
    world_excluded(&w, "force_majeure");
    response();
    world_open(&w, 2);
}

START_TEST(every_clock_stands_for_the_span_of_an_exclusion)
{
    open_excluded();
    Callout__V1__Milestone *m = world_milestone(&w, "expert", ACT(REPORTED), ACT(EXPERT_JOINED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_declare(&w, storm(10, 50));
    expect(20, "promised response/1 level 2 from 0 due 30 paused\n"
               "promised expert/1 level 2 from 0 due 60 paused\n");
    ck_assert_int_eq(w.fold.next_us, T0 + 50 * MINUTE);
    ck_assert_ptr_null(w.fold.next_promise);
    expect(99, "promised response/1 level 2 from 0 due 70\n"
               "promised expert/1 level 2 from 0 due 100\n"
               "breached response/1 level 2 due 70\n");
    end();
}
END_TEST

START_TEST(an_exclusion_whose_cause_the_policy_does_not_list_stops_nothing)
{
    begin();
    response();
    world_open(&w, 2);
    world_declare(&w, storm(10, 50));
    expect(20, "promised response/1 level 2 from 0 due 30\n");
    world_excluded(&w, "strike");
    expect(20, "promised response/1 level 2 from 0 due 30\n");
    end();
}
END_TEST

START_TEST(an_exclusion_from_before_the_case_counts_from_its_start)
{
    open_excluded();
    world_declare(&w, storm(-500, 20));
    expect(21, "promised response/1 level 2 from 0 due 50\n");
    ck_assert_int_eq(w.fold.clocks[0]->pauses.pause[0].from_us, T0);
    world_declare(&w, storm(-500, -100));
    expect(21, "promised response/1 level 2 from 0 due 30\n");
    ck_assert_uint_eq(w.fold.clocks[0]->pauses.count, 0);
    end();
}
END_TEST

START_TEST(a_clock_that_starts_during_an_exclusion_stands_from_its_start)
{
    open_excluded();
    Callout__V1__Milestone *m = world_milestone(&w, "remote", ACT(CONTACTED), ACT(RESTORED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_declare(&w, storm(10, 50));
    world_input(&w, 20, ACT(CONTACTED));
    expect(55, "promised response/1 level 2 from 0 due 30 paused\nmet response/1 at 20\n"
               "promised remote/1 level 2 from 20 due 110\n");
    end();
}
END_TEST

START_TEST(an_exclusion_that_is_not_over_holds_the_clock)
{
    open_excluded();
    world_declare(&w, storm(10, 0));
    expect(100000, "promised response/1 level 2 from 0 due 30 paused\n");
    ck_assert_int_eq(w.fold.next_us, INT64_MAX);
    end();
}
END_TEST

START_TEST(exclusions_that_overlap_or_touch_count_once)
{
    open_excluded();
    world_declare(&w, world_exclusion(&w, "b", "force_majeure", 15, 40));
    world_declare(&w, world_exclusion(&w, "a", "force_majeure", 10, 20));
    world_declare(&w, world_exclusion(&w, "c", "force_majeure", 40, 50));
    expect(60, "promised response/1 level 2 from 0 due 70\n");
    const struct sla_pauses *p = &w.fold.clocks[0]->pauses;
    ck_assert_uint_eq(p->count, 3);
    ck_assert_str_eq(p->pause[0].reason.name, "a");
    ck_assert_str_eq(p->pause[1].reason.name, "b");
    ck_assert_str_eq(p->pause[2].reason.name, "c");
    for (size_t i = 0; i < 3; i++)
        ck_assert_str_eq(p->pause[i].reason.why, "exclusion");
    for (size_t i = 1; i < 3; i++)
        ck_assert_int_eq(p->pause[i].from_us, p->pause[i - 1].until_us);
    end();
}
END_TEST

START_TEST(an_exclusion_does_not_move_a_breach_of_before)
{
    open_excluded();
    world_declare(&w, storm(31, 50));
    const char *told =
        "promised response/1 level 2 from 0 due 30\nbreached response/1 level 2 due 30\n";
    expect(40, told);
    expect(60, told);
    end();
}
END_TEST

START_TEST(an_exclusion_moves_warnings_along)
{
    open_excluded();
    world_warn(&w, w.pack->milestones[0], 50, 0);
    world_declare(&w, storm(10, 110));
    expect(120, "promised response/1 level 2 from 0 due 130\nwarned response/1 #0 at 115\n");
    end();
}
END_TEST

START_TEST(the_end_of_the_same_day_is_that_of_the_next_when_an_exclusion_lasts_over_it)
{
    begin();
    world_excluded(&w, "force_majeure");
    Callout__V1__Milestone *m = world_milestone(&w, "visit", ACT(REPORTED), ACT(ARRIVED));
    world_minutes(&w, m, 0, 1000, 0, 0);
    m->same_day = true;
    world_open(&w, 2);
    expect(1, "promised visit/1 level 2 from 0 due 900\n");
    world_declare(&w, storm(100, 1000)); /* 100 used; 900 from 1000 on */
    expect(1001, "promised visit/1 level 2 from 0 due 1900\n");
    end();
}
END_TEST

START_TEST(what_ends_before_it_begins_excludes_nothing)
{
    open_excluded();
    world_declare(&w, storm(20, 10));
    expect(25, "promised response/1 level 2 from 0 due 30\n");
    ck_assert_uint_eq(w.exclusion_count, 1);
    end();
}
END_TEST

/* -- a case that learns of them */

static struct sla_wide wide;
static Callout__V1__Exclusion *declared[4];

static void open_case(void)
{
    begin();
    world_excluded(&w, "force_majeure");
    wide = (struct sla_wide){ .registry_version = 1, .exclusions = declared };
    response();
}

static const char *catch_up(void)
{
    struct sla_events events = { 0 };
    wide.registry_version++;
    ck_assert_int_eq(sla_case_catch_up(&c, &wide, &events), CO_OK);
    ck_assert_uint_eq(c.state->registry_seen, sla_case_is_held(&c) ? 0 : wide.registry_version);
    for (size_t i = 0; i < events.count; i++)
        if (events.event[i]->body_case == BODY(EXCLUDED))
            ck_assert_uint_eq(events.event[i]->excluded->registry_version, wide.registry_version);
    return tell(&events);
}

static void declare(Callout__V1__Exclusion *x)
{
    declared[wide.exclusion_count++] = x;
}

START_TEST(declared_after_the_fact_an_exclusion_takes_the_breach_back)
{
    open_case();
    submit();
    advance(40);
    declare(storm(10, 35));
    ck_assert_str_eq(catch_up(), "excluded storm from 10 until 35\n");
    ck_assert_str_eq(advance(41), "withdrawn 24 response/1\n"
                                  "promised response/1 level 2 from 0 due 55 revision 2\n");
    ck_assert_str_eq(catch_up(), "");
    ck_assert_str_eq(advance(55), "breached response/1 level 2 due 55\n");
    end();
}
END_TEST

START_TEST(a_changed_exclusion_takes_the_place_of_what_was_said_under_its_key)
{
    open_case();
    submit();
    declare(storm(10, 0));
    catch_up();
    ck_assert_str_eq(advance(20), "promised response/1 level 2 from 0 due 30 paused\n");
    declared[0] = storm(10, 25);
    ck_assert_str_eq(catch_up(), "excluded storm from 10 until 25\n");
    ck_assert_str_eq(advance(26), "promised response/1 level 2 from 0 due 45 revision 2\n");
    ck_assert_uint_eq(c.state->n_exclusions, 1);
    end();
}
END_TEST

START_TEST(an_exclusion_no_longer_declared_is_taken_back)
{
    open_case();
    submit();
    declare(storm(10, 20));
    catch_up();
    ck_assert_str_eq(advance(35), "promised response/1 level 2 from 0 due 40\n");
    wide.exclusion_count = 0;
    ck_assert_str_eq(catch_up(), "excluded storm from 10 until 20 withdrawn\n");
    ck_assert_str_eq(advance(36), "promised response/1 level 2 from 0 due 30 revision 2\n"
                                  "breached response/1 level 2 due 30\n");
    ck_assert_uint_eq(c.state->n_exclusions, 0);
    ck_assert_str_eq(catch_up(), "");
    end();
}
END_TEST

START_TEST(a_cause_that_becomes_another_is_news)
{
    open_case();
    submit();
    declare(world_exclusion(&w, "storm", "maintenance", 10, 20));
    ck_assert_str_eq(catch_up(), ""); /* not a cause of this policy */
    declared[0] = storm(10, 20);
    ck_assert_str_eq(catch_up(), "excluded storm from 10 until 20\n");
    ck_assert_str_eq(advance(25), "promised response/1 level 2 from 0 due 40\n");
    declared[0] = world_exclusion(&w, "storm", "maintenance", 10, 20);
    ck_assert_str_eq(catch_up(), "excluded storm from 10 until 20\n");
    ck_assert_str_eq(advance(26), "promised response/1 level 2 from 0 due 30 revision 2\n");
    end();
}
END_TEST

START_TEST(what_was_declared_when_a_case_is_opened_comes_with_it)
{
    open_case();
    declare(storm(-10, 20));
    w.opened->exclusions = declared;
    w.opened->n_exclusions = 1;
    submit();
    ck_assert_uint_eq(c.state->n_exclusions, 1);
    ck_assert_str_eq(catch_up(), "");
    ck_assert_str_eq(advance(1), "promised response/1 level 2 from 0 due 30 paused\n");
    ck_assert_int_eq(fold.next_us, T0 + 20 * MINUTE);
    end();
}
END_TEST

START_TEST(a_held_case_takes_nothing_in)
{
    open_case();
    hold();
    declare(storm(-10, 20));
    ck_assert_str_eq(catch_up(), "");
    ck_assert_uint_eq(c.state->n_inputs, 0);
    end();
}
END_TEST

START_TEST(a_closed_case_is_excluded_only_where_that_began_before_its_end)
{
    open_case();
    submit();
    advance(40);
    apply(command(45, ACT(CANCEL)));
    ck_assert_str_eq(advance(46), "stopped response/1 at 45\nclosed cancelled at 45\n");
    declare(storm(46, 100));
    ck_assert_str_eq(catch_up(), "");
    declared[0] = storm(20, 100);
    ck_assert_str_eq(catch_up(), "excluded storm from 20 until 100\n");
    ck_assert_str_eq(advance(47), "withdrawn 24 response/1\n"
                                  "promised response/1 level 2 from 0 due 30 revision 2 paused\n");
    declared[0] = storm(60, 100);
    ck_assert_str_eq(catch_up(), "excluded storm from 60 until 100\n");
    ck_assert_str_eq(advance(48), "promised response/1 level 2 from 0 due 30 revision 3\n"
                                  "breached response/1 level 2 due 30\n");
    end();
}
END_TEST

START_TEST(what_was_over_before_the_report_is_not_kept)
{
    open_case();
    submit();
    declare(storm(-500, -20));
    ck_assert_str_eq(catch_up(), "");
    ck_assert_uint_eq(c.state->n_inputs, 2);
    declared[0] = storm(-500, 20); /* it lasted longer after all */
    ck_assert_str_eq(catch_up(), "excluded storm from -500 until 20\n");
    declared[0] = storm(-500, -20);
    ck_assert_str_eq(catch_up(), "excluded storm from -500 until -20\n");
    ck_assert_str_eq(advance(1), "promised response/1 level 2 from 0 due 30\n");
    end();
}
END_TEST

/* -- calendars */

static Callout__V1__CalendarRebased *pins(const char *key, uint64_t since)
{
    Callout__V1__CalendarRebased *r = world_message(&w, &callout__v1__calendar_rebased__descriptor);
    r->calendar = world_message(&w, &callout__v1__pin__descriptor);
    r->calendar->key = world_text(&w, key);
    r->calendar->since = since;
    return r;
}

START_TEST(a_rebased_case_counts_with_the_new_calendar_from_its_beginning)
{
    open_case();
    w.pack->n_milestones = 0;
    Callout__V1__Milestone *m = world_milestone(&w, "visit", ACT(REPORTED), ACT(ARRIVED));
    world_target(&w, m, 2, TARGET(NTH_WORKING_DAY), 2);
    submit();
    wide.calendars = pins("cn", 0);
    ck_assert_str_eq(catch_up(), ""); /* that is the one it was opened with */
    ck_assert_str_eq(advance(2000), "promised visit/1 level 2 from 0 due 1980\n"
                                    "breached visit/1 level 2 due 1980\n");
    wide.calendars = world_later(&w, w.arena);
    ck_assert_str_eq(catch_up(), "rebased cn@7\n");
    ck_assert_uint_eq(c.state->rebased->registry_version, wide.registry_version);
    c.calendars.site.calendar = w.later;
    ck_assert_str_eq(advance(2001), "withdrawn 24 visit/1\n"
                                    "promised visit/1 level 2 from 0 due 3240 revision 2\n");
    ck_assert_str_eq(catch_up(), "");
    ck_assert_str_eq(advance(2002), "");
    end();
}
END_TEST

/* A late input undoes the end of a case: what passed it by while it was closed concerns it now. */
static void close_signed(void)
{
    open_case();
    world_signer(&w, CALLOUT__V1__ROLE__ROLE_CUSTOMER);
    submit();
    apply(command(10, ACT(RESTORED)));
    Callout__V1__CommandReceived *sign = command(20, ACT(SIGN));
    sign->role = CALLOUT__V1__ROLE__ROLE_CUSTOMER;
    apply(sign);
    advance(21);
    ck_assert(fold.is_closed);
    wide.calendars = world_later(&w, w.arena);
    declare(storm(40, 60));
    ck_assert_str_eq(catch_up(), "");
    c.now_us = T0 + 100 * MINUTE;
    apply(command(15, ACT(RELAPSED)));
}

START_TEST(a_case_that_is_open_again_takes_in_at_once_what_it_passed_over)
{
    close_signed();
    ck_assert_str_eq(catch_up(), "rebased cn@7\nexcluded storm from 40 until 60\n");
    ck_assert_str_eq(catch_up(), "");
    advance(101);
    ck_assert(!fold.is_closed);
    end();
}
END_TEST

START_TEST(a_case_that_ends_later_than_announced_is_excluded_up_to_that_end)
{
    close_signed();
    apply(command(25, ACT(RESTORED)));
    Callout__V1__CommandReceived *sign = command(70, ACT(SIGN));
    sign->role = CALLOUT__V1__ROLE__ROLE_CUSTOMER;
    apply(sign);
    ck_assert_str_eq(catch_up(), "excluded storm from 40 until 60\n");
    end();
}
END_TEST

START_TEST(a_closed_case_keeps_its_calendars)
{
    open_case();
    submit();
    apply(command(5, ACT(CANCEL)));
    advance(6);
    wide.calendars = pins("cn", 7);
    ck_assert_str_eq(catch_up(), "");
    ck_assert_ptr_null(c.state->rebased);
    end();
}
END_TEST

START_TEST(pins_in_another_order_are_no_news_and_one_more_is)
{
    open_case();
    submit();
    Callout__V1__CalendarRebased *a = pins("cn", 0);
    Callout__V1__Pin *two[] = { pins("desk", 1)->calendar, pins("plant", 2)->calendar };
    Callout__V1__Pin *turned[] = { two[1], two[0] };
    a->calendars = two;
    a->n_calendars = 2;
    wide.calendars = a;
    ck_assert_str_eq(catch_up(), "rebased cn@0\n");
    Callout__V1__CalendarRebased *b = pins("cn", 0);
    b->calendars = turned;
    b->n_calendars = 2;
    wide.calendars = b;
    ck_assert_str_eq(catch_up(), "");
    b->contract_calendar = pins("office", 3)->calendar;
    ck_assert_str_eq(catch_up(), "rebased cn@0\n");
    end();
}
END_TEST

/* -- memory */

static struct co_arena *scratch;

/* A case that took in everything of a history. */
static struct sla_case live(uint64_t seed)
{
    static struct random_history h;
    struct sla_events said = { 0 };
    struct sla_fold f;
    random_history(&h, seed);
    struct sla_case lived = random_case(&w, &h, w.arena, scratch, &said);
    struct random_known known = { .count = 0 };
    for (size_t i = 0; i < h.wide_count; i++)
        random_learn(&known, &h.wides[i]);
    random_catch_up(&lived, &w, &known, &said);
    for (size_t i = 0; i < h.count; i++) {
        Callout__V1__CommandReceived *m =
            world_message(&w, &callout__v1__command_received__descriptor);
        m->act = h.inputs[i].act;
        m->occurred_us = h.inputs[i].occurred_us;
        m->name = h.inputs[i].name;
        m->severity = h.inputs[i].severity;
        m->agreed_us = h.inputs[i].agreed_us;
        m->from_us = h.inputs[i].from_us;
        m->until_us = h.inputs[i].until_us;
        ck_assert_int_eq(sla_input_command(lived.state, w.arena, i + 10, m), CO_OK);
    }
    lived.now_us = T0 + 400 * MINUTE;
    ck_assert_int_eq(sla_case_advance(&lived, &said, &f), CO_OK);
    lived.now_us = T0 + RANDOM_END * MINUTE;
    return lived;
}

START_TEST(want_of_memory_is_reported_at_every_size_whatever_happens)
{
    random_pack(&w, CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_KEEP);
    scratch = co_arena_new((size_t)16 * 1024 * 1024);
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct sla_case lived = live(seed);
        enum co_err err = CO_ENOMEM;
        size_t size = 64;
        for (; err == CO_ENOMEM && size < 1000000; size += 160) {
            Callout__V1__SlaState state = *lived.state;
            struct sla_case tight = lived;
            struct sla_events said = { 0 };
            struct sla_wide none = { .registry_version = 9, .calendars = world_later(&w, w.arena) };
            struct sla_fold f;
            tight.state = &state;
            tight.arena = co_arena_new(size);
            err = sla_case_catch_up(&tight, &none, &said);
            if (err == CO_OK)
                err = sla_case_advance(&tight, &said, &f);
            ck_assert(err == CO_OK || err == CO_ENOMEM);
            co_arena_free(tight.arena);
        }
        ck_assert_int_eq(err, CO_OK);
        ck_assert_uint_gt(size, 1000);
    }
    co_arena_free(scratch);
    world_done(&w);
}
END_TEST

CHECK_MAIN("sla_exclusion", every_clock_stands_for_the_span_of_an_exclusion,
           an_exclusion_whose_cause_the_policy_does_not_list_stops_nothing,
           an_exclusion_from_before_the_case_counts_from_its_start,
           a_clock_that_starts_during_an_exclusion_stands_from_its_start,
           an_exclusion_that_is_not_over_holds_the_clock,
           exclusions_that_overlap_or_touch_count_once,
           an_exclusion_does_not_move_a_breach_of_before, an_exclusion_moves_warnings_along,
           the_end_of_the_same_day_is_that_of_the_next_when_an_exclusion_lasts_over_it,
           what_ends_before_it_begins_excludes_nothing,
           declared_after_the_fact_an_exclusion_takes_the_breach_back,
           a_changed_exclusion_takes_the_place_of_what_was_said_under_its_key,
           an_exclusion_no_longer_declared_is_taken_back, a_cause_that_becomes_another_is_news,
           what_was_declared_when_a_case_is_opened_comes_with_it, a_held_case_takes_nothing_in,
           a_closed_case_is_excluded_only_where_that_began_before_its_end,
           what_was_over_before_the_report_is_not_kept,
           a_rebased_case_counts_with_the_new_calendar_from_its_beginning,
           a_case_that_is_open_again_takes_in_at_once_what_it_passed_over,
           a_case_that_ends_later_than_announced_is_excluded_up_to_that_end,
           a_closed_case_keeps_its_calendars, pins_in_another_order_are_no_news_and_one_more_is,
           want_of_memory_is_reported_at_every_size_whatever_happens)
