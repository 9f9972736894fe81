/* Checks of policy packs against the people, times and places of the installation. */
#include "policycheck_world.h"

/* ---- people */

START_TEST(a_role_that_nobody_holds_is_found_with_who_is_told_instead)
{
    finds("director: dir}, targets", "support: dir}, targets",
          "warning role k holders, 2026-03-02T12:00: nobody is director, who is told by a ladder "
          "(milestones[0].ladder[0] of p); the project manager is told instead\n");
    finds("holders: {pm: pm, director: dir}, targets", "holders: {director: dir}, targets",
          "error role k holders, 2026-03-02T12:00: nobody is pm, who is told by a notice "
          "(notices[0] of p); there is neither project manager nor desk instead\n");
    finds("holders: {pm: pm, director: dir}, targets",
          "holders: {desk: pm, director: dir}, targets",
          "warning role k holders, 2026-03-02T12:00: nobody is pm, who is told by a notice "
          "(notices[0] of p); the desk is told instead\n");
    finds("signers: [customer]", "signers: [customer, vendor]",
          "warning role k holders, 2026-03-02T12:00: nobody is vendor, who must sign (signers of "
          "p)\n");
}
END_TEST

START_TEST(sites_without_a_contact_are_found_together)
{
    finds("t: {customer: c, name: T, contact: pm}",
          "t: {customer: c, name: T}, u: {customer: c, name: U}, v: {customer: c, name: V}, w: "
          "{customer: c, name: W}, z: {customer: d, name: Z}",
          "warning role k sites, 2026-03-02T12:00: nobody is the customer, who must sign (signers "
          "of p), at 4 of its sites: t, u, v and others have no contact\n");
}
END_TEST

static bool away_in_may(void *arg, const Callout__V1__Contract *contract,
                        const Callout__V1__Site *site, Callout__V1__Role role, int64_t from_us,
                        int64_t until_us, int64_t *ret_gap_us)
{
    (void)arg;
    (void)site;
    ck_assert_str_eq(contract->key, "k");
    ck_assert_int_eq(from_us, FROM);
    ck_assert_int_eq(until_us, FROM + DAYS * CO_DAY_US);
    if (role == CALLOUT__V1__ROLE__ROLE_DIRECTOR)
        *ret_gap_us = INT64_C(1777593600) * CO_SECOND_US;
    return role == CALLOUT__V1__ROLE__ROLE_DIRECTOR;
}

START_TEST(a_role_that_nobody_holds_for_a_while_is_found_at_its_time)
{
    struct co_coverage roster = { .gap = away_in_may };
    coverage = &roster;
    finds(NULL, NULL,
          "warning role k holders, 2026-05-01T00:00: nobody on duty is director, who is told by a "
          "ladder "
          "(milestones[0].ladder[0] of p); the project manager is told instead\n");
    coverage = NULL;
}
END_TEST

#define ROSTERS(rosters)                                                                           \
    "offices: {o: {name: O, position: {lat: 40, lon: 116}}}\n"                                     \
    "engineers: {dir: {office: o, skill: 3}, pm: {office: o, skill: 1}}\n"                         \
    "rosters:\n" rosters "customers: {c: {name: C}"

START_TEST(who_shares_a_role_holds_it_only_while_his_roster_has_him_on_duty)
{
    finds("customers: {c: {name: C}",
          ROSTERS("  dir: {calendar: cal, rules: [{workdays: true, hours: '08:00-18:00'}]}\n"), "");
    static char shared[sizeof(world) + 200];
    change(world, "director: dir}", "director: [dir, pm]}", shared, sizeof(shared));
    finds_in(shared, "customers: {c: {name: C}",
             ROSTERS("  dir: {calendar: cal, rules: [{workdays: true, hours: '08:00-18:00'}]}\n"
                     "  pm: {calendar: cal, rules: [{workdays: true, hours: '12:00-20:00'}]}\n"),
             "warning role k holders, 2026-03-02T20:00: nobody on duty is director, who is told by "
             "a ladder (milestones[0].ladder[0] of p); the project manager is told instead\n");
    finds("customers: {c: {name: C}",
          ROSTERS("  dir: {calendar: cal, rules: [{weekdays: [1, 2, 3, 4, 5, 6, 7], "
                  "hours: '08:00-08:00'}]}\n"),
          "");
}
END_TEST

START_TEST(nobody_at_all_on_duty_is_an_error_at_the_first_such_time)
{
    finds("customers: {c: {name: C}",
          ROSTERS("  pm: {calendar: cal, rules: [{weekdays: [1, 2, 3, 4, 5, 6, 7], "
                  "hours: '00:00-24:00'}],\n"
                  "    absences: [{from: 2026-04-03T08:00:00Z, until: 2026-04-03T10:00:00Z}]}\n"),
          "error role k holders, 2026-04-03T08:00: nobody on duty is pm, who is told by a notice "
          "(notices[0] of p); there is neither project manager nor desk instead\n"
          "warning role k sites, 2026-04-03T08:00: nobody is the customer, who must sign (signers "
          "of p), at 2 of its sites: s, t have no contact on duty\n");
}
END_TEST

/* ---- time */

START_TEST(times_between_contracts_are_found)
{
    finds("until: 2027-06-01T00:00:00Z", "until: 2026-06-01T00:00:00Z",
          "warning contract_gap k until, 2026-06-01T00:00: c has no contract after this one: from "
          "its end reports are held for a decision\n");
    finds("until: 2021-01-01T00:00:00Z, holders: {pm: pm, director: dir}}\n",
          "until: 2026-06-01T00:00:00Z, holders: {pm: pm, director: dir}}\n"
          "  next: {customer: d, name: O, policy: p, calendar: cal, from: 2026-06-03T12:00:00Z, "
          "holders: {pm: pm, director: dir}}\n",
          "warning contract_gap over until, 2026-06-01T00:00: d has no contract for 3 days after "
          "this one: reports are held for a decision until the next begins\n");
    finds("until: 2021-01-01T00:00:00Z, holders: {pm: pm, director: dir}}\n",
          "until: 2026-06-01T00:00:00Z, holders: {pm: pm, director: dir}}\n"
          "  next: {customer: d, name: O, policy: p, calendar: cal, from: 2026-06-01T00:00:00Z, "
          "holders: {pm: pm, director: dir}}\n",
          "");
}
END_TEST

START_TEST(a_year_without_holidays_is_found_where_days_are_counted)
{
    days = 400;
    finds(NULL, NULL,
          "warning holidays cal years, 2027-01-01T00:00: the public holidays of 2027 are not "
          "known: what is due in that year may move (arrival of p)\n");
    finds("{1: zone z, 2: working day 2}", "{1: zone z, 2: 20h}", "");
    days = DAYS;
}
END_TEST

/* ---- exclusions */

START_TEST(a_region_of_an_exclusion_in_which_no_site_lies_is_found)
{
    static const char sites[] = "t: {customer: c, name: T, contact: pm}}\n";
    finds(sites,
          "t: {customer: c, name: T, contact: pm, regions: [jiangsu, east]}}\n"
          "exclusions: {x: {title: X, cause: flood, regions: [jiangsuu, east, moon], from: "
          "2026-05-01T00:00:00Z}}\n",
          "warning region x regions[0], 2026-05-01T00:00: no site lies in the region "
          "\"jiangsuu\": no clock stands by it; did you mean \"jiangsu\"?\n"
          "warning region x regions[2], 2026-05-01T00:00: no site lies in the region "
          "\"moon\": no clock stands by it\n");
    finds(sites,
          "t: {customer: c, name: T, contact: pm}}\n"
          "exclusions: {x: {title: X, cause: flood, regions: [moon], from: 2026-01-01T00:00:00Z, "
          "until: 2026-03-02T00:00:00Z}}\n",
          "");
}
END_TEST

/* ---- rows of zone tables for regions */

START_TEST(a_row_for_a_region_in_which_no_site_lies_or_that_others_hide_is_found)
{
    static const char rings[] = "      rings:\n";
    finds(rings, "      regions: [{region: jiangsuu, targets: {1: 3h}}]\n      rings:\n",
          "warning region p zones[0].regions[0], 2026-03-02T12:00: no site lies in the region "
          "\"jiangsuu\": the row holds for nobody\n");
    static char more[sizeof(world) + 200];
    change(world, "name: T, contact: pm}", "name: T, contact: pm, regions: [wuxi, jiangsu]}", more,
           sizeof(more));
    finds_in(more, rings,
             "      regions: [{region: jiangsu, targets: {1: 3h}}, {region: wuxi}, {region: "
             "jiangsuu}]\n      rings:\n",
             "warning region p zones[0].regions[1], 2026-03-02T12:00: is never used: each site in "
             "\"wuxi\" lies in \"jiangsu\" too, which stands before\n"
             "warning region p zones[0].regions[2], 2026-03-02T12:00: no site lies in the region "
             "\"jiangsuu\": the row holds for nobody; did you mean \"jiangsu\"?\n");
}
END_TEST

/* ---- people */

START_TEST(levels_that_too_few_engineers_have_are_found)
{
    static const char dispatch[] =
        "  signers: [customer]\n"
        "  dispatch: {offer: 10m, offer_min: 2m, preparation: 5m, "
        "speed_kmh: 60, offers: 5, min_skill: [3, 1], at_once: [1, 3]}\n";
    char more[sizeof(world) + 300];
    finds_in(world, "  signers: [customer]\n", dispatch, ""); /* nobody is in the registry yet */
    (void)snprintf(more, sizeof(more),
                   "%soffices: {o: {name: O, position: {lat: 39.9, lon: 116.4}}}\n"
                   "engineers: {pm: {office: o, skill: 2}, dir: {office: o, skill: 1}}\n",
                   world);
    finds_in(more, "  signers: [customer]\n", dispatch,
             "warning few_engineers p dispatch.at_once[1], 2026-03-02T12:00: 3 are asked at the "
             "same time at severity 2, and 2 have the level\n"
             "warning few_engineers p dispatch.min_skill[0], 2026-03-02T12:00: level 3 is sent at "
             "severity 1, and no engineer has it\n");
}
END_TEST

/* ---- places */

START_TEST(a_site_far_from_every_office_is_found)
{
    static const char sites[] = "t: {customer: c, name: T, contact: pm}}\n";
    static const char offices[] = "offices: {bj: {name: B, position: {lat: 39.9, lon: 116.4}}, "
                                  "gz: {name: G, position: {lat: 23.1, lon: 113.3}}}\n";
    static const struct {
        const char *position, *found;
    } cases[] = {
        { "{lat: 43.8, lon: 87.6}", "" },
        { "{lat: 50.8, lon: 4.4}",
          "warning far_site t position, 2026-03-02T12:00: 7963 km from the nearest office, "
          "\"bj\": is the position right?\n" },
        { "{lat: 87.6, lon: 43.8}",
          "warning far_site t position, 2026-03-02T12:00: 5495 km from the nearest office, "
          "\"bj\": is the position right? latitude and longitude look swapped\n" },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char to[512];
        snprintf(to, sizeof(to), "t: {customer: c, name: T, contact: pm, position: %s}}\n%s",
                 cases[i].position, offices);
        finds(sites, to, cases[i].found);
    }
}
END_TEST

CHECK_MAIN("policycheck_world", a_role_that_nobody_holds_is_found_with_who_is_told_instead,
           sites_without_a_contact_are_found_together,
           a_role_that_nobody_holds_for_a_while_is_found_at_its_time,
           who_shares_a_role_holds_it_only_while_his_roster_has_him_on_duty,
           nobody_at_all_on_duty_is_an_error_at_the_first_such_time,
           times_between_contracts_are_found,
           a_year_without_holidays_is_found_where_days_are_counted,
           a_region_of_an_exclusion_in_which_no_site_lies_is_found,
           a_row_for_a_region_in_which_no_site_lies_or_that_others_hide_is_found,
           levels_that_too_few_engineers_have_are_found, a_site_far_from_every_office_is_found)
