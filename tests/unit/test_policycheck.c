/* Checks of milestones, actions, notices and levels of policy packs: a sound installation of which
 * one line is changed. */
#include "policycheck_world.h"

START_TEST(a_sound_installation_has_nothing_to_find)
{
    finds(NULL, NULL, "");
}
END_TEST

/* ---- steps */

START_TEST(a_milestone_that_nothing_starts_is_found)
{
    finds("      start: [arrived]\n",
          "      start_unless_cancelled: [arrived]\n      cancel: [arrived]\n",
          "error unreachable p milestones[2], 2026-03-02T12:00: restore is never reached: each act "
          "of start_unless_cancelled cancels it too\n");
    finds("      start: [arrived]\n", "      start_conditions: [a]\n      unless_conditions: [a]\n",
          "error unreachable p milestones[2], 2026-03-02T12:00: restore is never reached: each of "
          "its start_conditions is among its unless_conditions\n");
}
END_TEST

START_TEST(a_milestone_that_an_action_starts_is_not_found)
{
    finds("      warnings: [20m before]\n    - name: restore\n      title: Restore\n      start: "
          "[arrived]\n",
          "      warnings: [20m before]\n      on_breach: [{kind: start, milestone: restore}]\n"
          "    - name: restore\n      title: Restore\n      start_conditions: [a]\n      "
          "unless_conditions: [a]\n",
          "");
}
END_TEST

START_TEST(a_guard_that_contradicts_itself_is_found)
{
    finds("      start: [arrived]\n",
          "      start: [arrived]\n      only_conditions: [b, a]\n      unless_conditions: [a]\n",
          "error unreachable p milestones[2].only_conditions[1], 2026-03-02T12:00: restore is "
          "never promised: it is only while a holds, and not while it holds\n");
}
END_TEST

START_TEST(a_ladder_of_a_clock_that_a_raise_starts_anew_is_found)
{
    finds("      targets: {1: 3h, 2: contract else 4h}\n",
          "      targets: {2: contract else 4h}\n      ladder: [{after: 10m, roles: [director]}]\n",
          "error unreachable p milestones[2].ladder, 2026-03-02T12:00: no step is ever reached: a "
          "breach raises the level at once, and that starts restore anew\n"
          "error unwanted_action p milestones[2].on_breach[0], 2026-03-02T12:00: is never wanted: "
          "restore is not promised at any of its severities\n");
}
END_TEST

START_TEST(a_step_later_than_any_case_is_found)
{
    finds("{after: 10m, roles: [director]}", "{after: 300d, roles: [director]}",
          "warning unreachable p milestones[0].ladder[0], 2026-03-02T12:00: comes 300 days after "
          "the breach of response: no case is open so long\n");
}
END_TEST

START_TEST(a_level_that_only_people_reach_is_found)
{
    finds("{level: 2, name: Two}", "{level: 2, name: Two}\n    - {level: 3, name: Three}",
          "warning unreachable p severities[2], 2026-03-02T12:00: neither trait, default nor raise "
          "leads to level 3: only who states or sets it\n"
          "error severity p severities[2], 2026-03-02T12:00: nothing is promised at level 3: "
          "neither a milestone nor a contract has a figure\n");
    finds(", traits: {lost: Lost}", "", "");
}
END_TEST

/* ---- actions */

START_TEST(an_action_for_levels_without_a_promise_is_found)
{
    finds("targets: {1: 3h, 2: contract else 4h}", "targets: {2: contract else 4h}",
          "error unwanted_action p milestones[2].on_breach[0], 2026-03-02T12:00: is never wanted: "
          "restore is not promised at any of its severities\n");
}
END_TEST

START_TEST(a_raise_of_the_worst_level_is_found)
{
    finds("{kind: raise, severities: [2]}", "{kind: raise, severities: [1]}",
          "error unwanted_action p milestones[2].on_breach[1], 2026-03-02T12:00: is never wanted: "
          "restore is promised at no level that this would raise\n");
    finds("{kind: raise, severities: [2]}", "{kind: raise_to, level: 2}",
          "error unwanted_action p milestones[2].on_breach[1], 2026-03-02T12:00: is never wanted: "
          "restore is promised at no level that this would raise\n");
}
END_TEST

START_TEST(an_action_whose_exception_always_holds_is_found)
{
    finds("      on_breach:\n        - {kind: propose, what: spare, severities: [1]}",
          "      only_conditions: [a]\n      on_breach:\n"
          "        - {kind: propose, what: spare, severities: [1], unless_condition: a}",
          "error unwanted_action p milestones[2].on_breach[0], 2026-03-02T12:00: is never wanted: "
          "a always holds while restore is promised\n");
}
END_TEST

START_TEST(actions_of_warnings_that_there_are_not_are_found)
{
    finds("      warnings: [30m before]\n", "      on_warning: [{kind: act, act: arrived}]\n",
          "error loop p milestones[2], 2026-03-02T12:00: goes round: what follows a warning or a "
          "breach starts the next of restore -> restore\n"
          "error unwanted_action p milestones[2].on_warning[0], 2026-03-02T12:00: is never wanted: "
          "restore has no warnings\n");
}
END_TEST

/* ---- notices */

START_TEST(a_rule_behind_another_is_found)
{
    finds("    - {on: opened, severities: [1], roles: [customer], subject: s, body: b}\n",
          "    - {on: opened, roles: [pm, customer], subject: s, body: b}\n",
          "error shadowed_notice p notices[4], 2026-03-02T12:00: is never used: notices[3] fits "
          "whenever it does and names its roles\n");
    finds("    - {on: opened, severities: [1], roles: [customer], subject: s, body: b}\n",
          "    - {on: opened, roles: [customer], subject: s, body: b}\n",
          "warning shadowed_notice p notices[4].roles[0], 2026-03-02T12:00: customer is never told "
          "by it: notices[3] fits whenever it does\n");
    finds("    - {on: opened, severities: [1], roles: [customer], subject: s, body: b}\n",
          "    - {on: opened, severities: [1, 2], roles: [customer], subject: s, body: b}\n", "");
}
END_TEST

START_TEST(rules_about_what_never_happens_are_found)
{
    finds(
        "  signers:", "    - {on: told, what: help, roles: [pm], subject: s, body: b}\n  signers:",
        "error shadowed_notice p notices[5], 2026-03-02T12:00: is never used: no action there "
        "tells that to one of its roles\n");
    finds("  signers:", "    - {on: escalated, roles: [pm], subject: s, body: b}\n  signers:",
          "error shadowed_notice p notices[5], 2026-03-02T12:00: is never used: no ladder there "
          "tells one of its roles\n");
    finds("  signers:",
          "    - {on: escalated, milestone: restore, roles: [director], subject: s, body: b}\n  "
          "signers:",
          "error shadowed_notice p notices[5], 2026-03-02T12:00: is never used: no ladder there "
          "tells one of its roles\n"
          "error shadowed_notice p notices[5], 2026-03-02T12:00: is never used: notices[2] fits "
          "whenever it does and names its roles\n");
    finds(
        "  signers:",
        "    - {on: warned, milestone: restore, roles: [pm], subject: s, body: b}\n  signers:", "");
    finds("  signers:",
          "    - {on: proposed, milestone: response, roles: [director], subject: s, body: b}\n  "
          "signers:",
          "error shadowed_notice p notices[5], 2026-03-02T12:00: is never used: no action there "
          "proposes that\n");
}
END_TEST

/* ---- warnings */

START_TEST(a_warning_longer_than_the_shortest_figure_is_found)
{
    finds("warnings: [30m before]", "warnings: [89m before]", "");
    finds("warnings: [30m before]", "warnings: [90m before]",
          "error late_warning p milestones[2].warnings[0], 2026-03-02T12:00: 1h30m before the end "
          "of restore is not after its start: at level 2 by contract k there is 1h30m\n");
    finds("{restore: {2: 90m}}", "{restore: {2: 5h}}", "");
    finds("warnings: [20m before]", "warnings: [60m before]",
          "error late_warning p milestones[1].warnings[0], 2026-03-02T12:00: 1h before the end of "
          "arrival is not after its start: at level 1 in near there is 1h\n");
    finds("{1: 30m, 2: 1h}\n      warnings: [50%]", "{1: 30m, 2: 1h}\n      warnings: [30m before]",
          "error late_warning p milestones[0].warnings[0], 2026-03-02T12:00: 30m before the end of "
          "response is not after its start: at level 1 there is 30m\n");
}
END_TEST

START_TEST(a_warning_longer_than_what_is_left_of_some_days_is_found)
{
    finds("2: working day 2}\n      warnings: [20m before]",
          "2: working day 1}\n      warnings: [20m before]",
          "warning late_warning p milestones[1].warnings[0], 2026-03-02T23:59: 20m before the end "
          "of arrival is not after its start: at level 2 there is 0s when it starts at the time of "
          "the example\n");
    finds("2: working day 2}\n", "2: working day 1}\n      from_next_day: true\n", "");
    finds("2: working day 2}\n", "2: working day 1}\n      cutoff_minute: 960\n", "");
    finds("2: working day 2}\n", "2: working day 1}\n      cutoff_minute: 1015\n",
          "warning late_warning p milestones[1].warnings[0], 2026-03-02T16:54: 20m before the end "
          "of arrival is not after its start: at level 2 there is 6m when it starts at the time of "
          "the example\n");
    finds("{1: 30m, 2: 1h}\n      warnings: [50%]",
          "{1: 30m, 2: 1h}\n      same_day: true\n      warnings: [10m before]",
          "warning late_warning p milestones[0].warnings[0], 2026-03-02T23:59: 10m before the end "
          "of response is not after its start: at level 1 there is 1m when it starts at the time "
          "of the example\n");
    finds("{1: zone z, 2: working day 2}\n      warnings: [20m before]",
          "{1: zone z, 2: next business day}\n      warnings: [55m before]", "");
    finds("{1: zone z, 2: working day 2}\n      warnings: [20m before]",
          "{1: agreed, 2: next business day}\n      warnings: [17h before]", "");
    finds("{1: zone z, 2: working day 2}\n      warnings: [20m before]",
          "{1: agreed, 2: next business day}\n      warnings: [18h before]",
          "warning late_warning p milestones[1].warnings[0], 2026-03-02T23:59: 18h before the end "
          "of arrival is not after its start: at level 2 there is 17h1m when it starts at the time "
          "of the example\n");
}
END_TEST

/* ---- levels */

START_TEST(a_breach_of_which_nobody_hears_is_found)
{
    finds("{on: breached, roles: [pm]", "{on: breached, severities: [1], roles: [pm]",
          "warning severity p milestones[1], 2026-03-02T12:00: nobody hears that arrival was "
          "missed at level 2: no ladder, no notice of a breach, no action tells\n"
          "warning severity p milestones[2], 2026-03-02T12:00: nobody hears that restore was "
          "missed at level 2: no ladder, no notice of a breach, no action tells\n");
    finds("{on: breached, roles: [pm]", "{on: breached, milestone: arrival, roles: [pm]",
          "warning severity p milestones[2], 2026-03-02T12:00: nobody hears that restore was "
          "missed at level 2: no ladder, no notice of a breach, no action tells\n");
}
END_TEST

START_TEST(a_level_without_promise_or_ladder_is_found)
{
    finds("    - {level: 2, name: Two}\n",
          "    - {level: 2, name: Two}\n    - {level: 3, name: Three, traits: {odd: Odd}}\n",
          "error severity p severities[2], 2026-03-02T12:00: nothing is promised at level 3: "
          "neither a milestone nor a contract has a figure\n");
    finds("targets: {1: 30m, 2: 1h}", "targets: {1: 30m}",
          "warning severity p severities[1], 2026-03-02T12:00: no milestone has a ladder at level "
          "2: when a breach is told and nobody acts, nobody hears of it again\n");
    finds("      ladder: [{after: 10m, roles: [director]}]\n", "",
          "error shadowed_notice p notices[2], 2026-03-02T12:00: is never used: no ladder there "
          "tells one of its roles\n"
          "warning severity p severities[0], 2026-03-02T12:00: no milestone has a ladder at level "
          "1: when a breach is told and nobody acts, nobody hears of it again\n"
          "warning severity p severities[1], 2026-03-02T12:00: no milestone has a ladder at level "
          "2: when a breach is told and nobody acts, nobody hears of it again\n");
}
END_TEST

START_TEST(words_for_whom_no_step_tells_are_found)
{
    finds("  notices:\n",
          "  reminders: [{after: 1h, roles: [director]}]\n  notices:\n"
          "    - {on: reminded, roles: [pm], subject: s, body: b}\n",
          "error shadowed_notice p notices[0], 2026-03-02T12:00: is never used: no step of "
          "\"reminders\" tells one of its roles\n");
    finds("  notices:\n",
          "  reminders: [{after: 1h}]\n  notices:\n"
          "    - {on: reminded, roles: [pm], subject: s, body: b}\n",
          "");
    finds("    - {on: breached, roles: [pm]",
          "    - {on: unanswered, roles: [pm], subject: s, body: b}\n"
          "    - {on: breached, answers: [acknowledged], unanswered: [{after: 1h, roles: "
          "[director]}], roles: [pm]",
          "error shadowed_notice p notices[0], 2026-03-02T12:00: is never used: no step of "
          "\"unanswered\" tells one of its roles\n");
}
END_TEST

/* ---- rounds */

START_TEST(milestones_that_start_each_other_are_found)
{
    finds("      warnings: [50%]\n",
          "      warnings: [50%]\n      on_breach: [{kind: start, milestone: restore}]\n", "");
    finds(
        "        - {kind: raise, severities: [2]}\n",
        "        - {kind: raise, severities: [2]}\n        - {kind: act, act: onsite_requested}\n",
        "");
}
END_TEST

START_TEST(a_round_over_three_is_found_once_from_its_first)
{
    finds("      warnings: [20m before]\n    - name: restore\n      title: Restore\n",
          "      warnings: [20m before]\n      on_breach: [{kind: act, act: arrived}, {kind: "
          "start, milestone: restore}]\n"
          "    - name: restore\n      title: Restore\n      on_warning: [{kind: act, act: "
          "onsite_requested}]\n",
          "error loop p milestones[1], 2026-03-02T12:00: goes round: what follows a warning or a "
          "breach starts the next of arrival -> restore -> arrival\n");
    finds("        - {kind: raise, severities: [2]}\n", "        - {kind: act, act: arrived}\n",
          "error loop p milestones[2], 2026-03-02T12:00: goes round: what follows a warning or a "
          "breach starts the next of restore -> restore\n");
}
END_TEST

CHECK_MAIN("policycheck", a_sound_installation_has_nothing_to_find,
           a_milestone_that_nothing_starts_is_found, a_milestone_that_an_action_starts_is_not_found,
           a_guard_that_contradicts_itself_is_found,
           a_ladder_of_a_clock_that_a_raise_starts_anew_is_found,
           a_step_later_than_any_case_is_found, a_level_that_only_people_reach_is_found,
           an_action_for_levels_without_a_promise_is_found, a_raise_of_the_worst_level_is_found,
           an_action_whose_exception_always_holds_is_found,
           actions_of_warnings_that_there_are_not_are_found, a_rule_behind_another_is_found,
           rules_about_what_never_happens_are_found,
           a_warning_longer_than_the_shortest_figure_is_found,
           a_warning_longer_than_what_is_left_of_some_days_is_found,
           a_breach_of_which_nobody_hears_is_found, a_level_without_promise_or_ladder_is_found,
           words_for_whom_no_step_tells_are_found, milestones_that_start_each_other_are_found,
           a_round_over_three_is_found_once_from_its_first)
