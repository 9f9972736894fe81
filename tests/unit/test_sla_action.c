/* What a pack wants done at a warning and a breach, and what becomes of it when its reason goes. */
#include "sla_action.h"
#include "sla_case_help.h"

static void expect(int64_t minute, const char *story)
{
    ck_assert_str_eq(world_story(&w, minute), story);
}

#define PROMISED "promised response/1 level 2 from 0 due 30\n"

static Callout__V1__Milestone *warned(uint32_t first, uint32_t second)
{
    begin();
    Callout__V1__Milestone *m = response();
    world_warn(&w, m, first, 0);
    world_at_warning(&w, m, ACTION(PROPOSE))->what = world_text(&w, "early");
    world_warn(&w, m, second, 0);
    return m;
}

START_TEST(each_threshold_has_actions_of_its_own_behind_those_of_the_first_warning)
{
    Callout__V1__Milestone *m = warned(50, 90);
    world_at_warning(&w, m, ACTION(TELL))->what = world_text(&w, "late");
    world_at_warning(&w, m, ACTION(PROPOSE))->what = world_text(&w, "hurry");
    world_on_warning(&w, m, ACTION(TELL))->what = world_text(&w, "any");
    world_open(&w, 2);
    expect(29, PROMISED "warned response/1 #0 at 15\nacted response/1 warning #0 at 15 any\n"
                        "acted response/1 warning 1 #0 at 15 early\n"
                        "warned response/1 #1 at 27\nacted response/1 warning 2 #0 at 27 late\n"
                        "acted response/1 warning 2 #1 at 27 hurry\n");
    end();
}
END_TEST

START_TEST(actions_of_a_threshold_keep_to_their_levels)
{
    Callout__V1__Milestone *m = warned(50, 90);
    world_only_at(&w, world_at_warning(&w, m, ACTION(TELL)), 1);
    world_only_at(&w, m->warnings[0]->actions[0], 1);
    world_open(&w, 2);
    world_level(&w, 20, 1);
    expect(29, PROMISED "warned response/1 #0 at 15\nseverity #1 2>1 at 20 set\n"
                        "warned response/1 #1 at 27\nacted response/1 warning 2 #0 at 27\n");
    end();
}
END_TEST

START_TEST(a_raise_at_a_threshold_names_the_warning_and_starts_its_clock_anew)
{
    Callout__V1__Milestone *m = warned(50, 90);
    world_at_warning(&w, m, ACTION(RAISE));
    world_at_warning(&w, m, ACTION(TELL))->what = world_text(&w, "then");
    world_open(&w, 2);
    expect(28, PROMISED "warned response/1 #0 at 15\nacted response/1 warning 1 #0 at 15 early\n"
                        "warned response/1 #1 at 27\nacted response/1 warning 2 #0 at 27 raise\n"
                        "severity #1 2>1 at 27 warning response\nstopped response/1 at 27\n"
                        "promised response/2 level 1 from 27 due 57\n"
                        "acted response/1 warning 2 #1 at 27 then\n");
    end();
}
END_TEST

START_TEST(an_action_starts_another_milestone)
{
    begin();
    world_on_breach(&w, response(), ACTION(START))->milestone = world_text(&w, "director");
    Callout__V1__Milestone *m = world_milestone(&w, "director", ACT(NONE), ACT(EXPERT_JOINED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_open(&w, 2);
    const char *begun = PROMISED "breached response/1 level 2 due 30\n"
                                 "acted response/1 breach #0 at 30 director\n"
                                 "promised director/1 level 2 from 30 due 90\n";
    expect(31, begun);
    world_input(&w, 40, ACT(EXPERT_JOINED));
    expect(41, PROMISED "breached response/1 level 2 due 30\n"
                        "acted response/1 breach #0 at 30 director\n"
                        "promised director/1 level 2 from 30 due 90\nmet director/1 at 40\n");
    end();
}
END_TEST

/* A clock that is late runs on, and what runs is not started. */
START_TEST(milestones_that_start_each_other_come_to_an_end)
{
    begin();
    world_on_breach(&w, response(), ACTION(START))->milestone = world_text(&w, "other");
    Callout__V1__Milestone *m = world_milestone(&w, "other", ACT(NONE), ACT(EXPERT_JOINED));
    world_minutes(&w, m, 60, 60, 60, 60);
    world_on_breach(&w, m, ACTION(START))->milestone = world_text(&w, "response");
    world_on_breach(&w, m, ACTION(START))->milestone = world_text(&w, "other");
    world_on_breach(&w, m, ACTION(START))->milestone = world_text(&w, "unheard_of");
    world_open(&w, 2);
    expect(100000, PROMISED "breached response/1 level 2 due 30\n"
                            "acted response/1 breach #0 at 30 other\n"
                            "promised other/1 level 2 from 30 due 90\n"
                            "breached other/1 level 2 due 90\n"
                            "acted other/1 breach #0 at 90 response\n"
                            "acted other/1 breach #1 at 90 other\n");
    ck_assert_int_eq(w.fold.next_us, INT64_MAX);
    end();
}
END_TEST

/* -- when the reason goes */

static void told_late(Callout__V1__OnWithdrawn how)
{
    Callout__V1__Milestone *m = warned(50, 90);
    Callout__V1__Action *a = world_at_warning(&w, m, ACTION(START));
    a->milestone = world_text(&w, "director");
    a->on_withdrawn = how;
    a = world_at_warning(&w, m, ACTION(TELL));
    a->what = world_text(&w, "late");
    a->on_withdrawn = how;
    m = world_milestone(&w, "director", ACT(NONE), ACT(EXPERT_JOINED));
    world_minutes(&w, m, 60, 60, 60, 60);
    submit();
    advance(28);
    apply(command(20, ACT(CONTACTED)));
}

START_TEST(what_a_threshold_did_is_undone_with_its_reason)
{
    told_late(CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_UNDO);
    ck_assert_str_eq(advance(29), "withdrawn 23 response/1 #1\nwithdrawn 28 response/1 warning 2\n"
                                  "withdrawn 22 director/1\n"
                                  "withdrawn 28 response/1 warning 2 #1\n"
                                  "met response/1 at 20\n");
    end();
}
END_TEST

START_TEST(what_a_threshold_did_stands_where_the_pack_says_so)
{
    told_late(CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_KEEP);
    ck_assert_str_eq(advance(29), "withdrawn 28 response/1 warning 2 stands\n"
                                  "withdrawn 28 response/1 warning 2 #1 stands\n"
                                  "withdrawn 23 response/1 #1\nmet response/1 at 20\n");
    ck_assert_str_eq(advance(30), "");
    ck_assert_str_eq(advance(87), "breached director/1 level 2 due 87\n"); /* it was started */
    end();
}
END_TEST

START_TEST(what_a_threshold_did_stands_and_asks_where_the_pack_says_so)
{
    told_late(CALLOUT__V1__ON_WITHDRAWN__ON_WITHDRAWN_ASK);
    ck_assert_str_eq(advance(29), "withdrawn 28 response/1 warning 2 stands, ask\n"
                                  "withdrawn 28 response/1 warning 2 #1 stands, ask\n"
                                  "withdrawn 23 response/1 #1\nmet response/1 at 20\n");
    end();
}
END_TEST

START_TEST(an_acted_of_a_threshold_the_pack_lacks_names_no_action)
{
    Callout__V1__Milestone *m = warned(50, 90);
    static char *triggers[] = { "warning 0", "warning 3", "warning x", "warning 2", "other" };
    Callout__V1__Acted acted = CALLOUT__V1__ACTED__INIT;
    acted.milestone = m->name;
    for (size_t i = 0; i < sizeof(triggers) / sizeof(triggers[0]); i++) {
        acted.trigger = triggers[i];
        ck_assert_ptr_null(sla_action_find(w.pack, &acted));
    }
    acted.trigger = world_text(&w, "warning 1");
    ck_assert_ptr_eq(sla_action_find(w.pack, &acted), m->warnings[0]->actions[0]);
    end();
}
END_TEST

CHECK_MAIN("sla_action", each_threshold_has_actions_of_its_own_behind_those_of_the_first_warning,
           actions_of_a_threshold_keep_to_their_levels,
           a_raise_at_a_threshold_names_the_warning_and_starts_its_clock_anew,
           an_action_starts_another_milestone, milestones_that_start_each_other_come_to_an_end,
           what_a_threshold_did_is_undone_with_its_reason,
           what_a_threshold_did_stands_where_the_pack_says_so,
           what_a_threshold_did_stands_and_asks_where_the_pack_says_so,
           an_acted_of_a_threshold_the_pack_lacks_names_no_action)
