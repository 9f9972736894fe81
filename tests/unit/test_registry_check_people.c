/* What the registry says of people, rosters, areas and zones. */
#include "registry_check_help.h"

static const struct {
    const char *from, *to; /* replaced in the base */
    const char *where;     /* kind, key, path */
    const char *message;   /* its beginning */
} cases[] = {
    { "{name: Q}", "{name: Q, language: zh+fr}", "person q language", "\"zh+fr\" is not known" },
    { "office: beijing,", "office: bejing,", "engineer p office",
      "no office \"bejing\"; did you mean \"beijing\"?" },
    { "office: beijing,", "office: beijing, skills: [{key: disk}],", "engineer p skills[0].level",
      "is needed: \"disk\" is a product" },
    { "office: beijing,", "office: beijing, skills: [{key: a, level: 4}],",
      "engineer p skills[0].level", "4 is out of range" },
    { "office: beijing,", "office: beijing, skills: [{key: a}, {key: a}],",
      "engineer p skills[1].key", "\"a\" stands before" },
    { "office: beijing,", "office: beijing, visits_per_day: 51,", "engineer p visits_per_day",
      "51 is out of range" },
    { "  q: {name: Q}\n", "  q: {name: Q, calendar: call}\n", "person q calendar",
      "no calendar \"call\"; did you mean \"cal\"?" },
    { "offices:\n", "rosters:\n  r: {calendar: cal}\noffices:\n", "roster r key",
      "no person \"r\"" },
    { "  q: {name: Q}\n", "  q: {name: Q, delegate: r}\n", "person q delegate", "no person \"r\"" },
    { "  q: {name: Q}\n", "  q: {name: Q, delegate: q}\n", "person q delegate",
      "nobody stands in for himself" },
    { "  q: {name: Q}\n", "  q: {name: Q, delegate: r}\n  r: {name: R, delegate: q}\n",
      "person q delegate", "the delegates lead back to \"q\"" },
    { "  q: {name: Q}\n",
      "  q: {name: Q, delegate: r1}\n  r1: {name: R, delegate: r2}\n  r2: {name: R, delegate: r3}\n"
      "  r3: {name: R, delegate: r4}\n  r4: {name: R, delegate: r5}\n  r5: {name: R}\n",
      "person q delegate", "the delegates behind \"r1\" are too many" },
    { "  q: {name: Q}\n", "  q: {name: Q, quiet: '22:00-07:00'}\n", "person q calendar",
      "is needed: quiet hours are in his local time" },
    { "  q: {name: Q}\n", "  q: {name: Q, calendar: cal, quiet: '07:00-07:00'}\n", "person q quiet",
      "no hour is left to tell anything" },
    { "  q: {name: Q}\n",
      "  q: {name: Q, calendar: cal, quiet: {hours: '22:00-07:00', but_severity: 10}}\n",
      "person q quiet.but_severity", "10 is out of range" },
    { "  q: {name: Q}\n", "  q: {name: Q, calendar: cal, quiet: {from_min: 9, until_min: 9}}\n",
      "person q quiet.until_min", "they end before they begin" },
    { "holders: {desk: p}", "holders: {desk: [p, q, p]}", "desk d holders[2].person",
      "\"p\" stands before" },
    { "offices:\n", "rosters:\n  p: {rules: [{workdays: true, hours: '08:00-17:00'}]}\noffices:\n",
      "roster p calendar", "is needed" },
    { "offices:\n",
      "rosters:\n  p: {calendar: cal, shifts: [{from: 2026-03-02T12:00:00Z,\n"
      "      until: 2026-03-02T08:00:00Z}]}\noffices:\n",
      "roster p shifts[0].until", "it ends before it begins" },
    { "offices:\n",
      "rosters:\n  p: {calendar: cal, absences: [{from: 2026-03-02T08:00:00Z,\n"
      "      until: 2026-03-02T12:00:00Z}, {from: 2026-03-02T11:59:00Z, until: "
      "2026-03-03T08:00:00Z}]}\noffices:\n",
      "roster p absences[1].from", "it overlaps the one before" },
    { "offices:\n",
      "rosters:\n  p: {calendar: cal, shifts: [{from: 2026-03-02T08:00:00Z,\n"
      "      until: 2026-03-02T12:00:00Z}, {from: 2026-03-01T08:00:00Z, until: "
      "2026-03-01T09:00:00Z}]}\noffices:\n",
      "roster p shifts[1].from", "the one before begins later" },
    { "offices:\n",
      "rosters:\n  p: {calendar: cal, rules: [{weekdays: [8], hours: '08:00-17:00'}]}\n"
      "offices:\n",
      "roster p rules[0].weekdays[0]", "8 is out of range" },
    { "offices:\n",
      "rosters:\n  p: {calendar: cal, rules: [{from_min: 600, until_min: 540, workdays: true}]}\n"
      "offices:\n",
      "roster p rules[0].until_min", "the shift ends before it begins" },
    { "offices:\n", "rosters:\n  p: {calendar: cal, rules: [{hours: '08:00-17:00'}]}\noffices:\n",
      "roster p rules[0].weekdays", "says on no day" },
    { "offices:\n",
      "areas:\n  north: {name: N, south: 42, north: 30, west: 110, east: 120}\noffices:\n",
      "area north north", "the box has no height" },
    { "far, targets: {1: agreed, 2: none}}]}",
      "far, targets: {1: agreed, 2: none}}], edge_percent: 60}",
      "policy pack zones[0].edge_percent", "60 is out of range" },
    { "far, targets: {1: agreed, 2: none}}]}",
      "far, targets: {1: agreed, 2: none}}], regions: [{region: n}, {region: n}]}",
      "policy pack zones[0].regions[1].region", "\"n\" stands before" },
    { "p, position: {lat: 39.9, lon: 116.4}", "p, position: {lat: 116.4, lon: 39.9}",
      "site bank-1 position.lat", "116.4 is out of range: latitude and longitude look swapped" },
    { "p, position: {lat: 39.9, lon: 116.4}", "p, position: {lat: 0, lon: 0}",
      "site bank-1 position", "0, 0 is what is left where nobody gave a position" },
    { "{name: Beijing, position: {lat: 39.9, lon: 116.4}}",
      "{name: Beijing, position: {lat: 0, lon: 0}}", "office beijing position",
      "0, 0 is what is left where nobody gave a position" },
    { "offers: 3, min_skill: [2]}", "offers: 3, fit: 31d}", "policy pack dispatch.fit",
      "is out of range" },
    { "offers: 3, min_skill: [2]}", "offers: 3, confirm: [8d]}", "policy pack dispatch.confirm",
      "is out of range" },
    { "offers: 3, min_skill: [2]}", "offers: 3, circles_km: [9, 9]}",
      "policy pack dispatch.circles_km", "9 is not farther" },
    { "offers: 3, min_skill: [2]}", "offers: 3, at_once: [9]}", "policy pack dispatch.at_once",
      "9 is out of range" },
    { "offers: 3, min_skill: [2]}", "offers: 3, at_once: [4]}", "policy pack dispatch.at_once",
      "4 is more than are asked in all" },
    { "offers: 3, min_skill: [2]}", "offers: 3, at_once: [2, 2, 2, 2, 2, 2, 2, 2, 2]}",
      "policy pack dispatch.at_once", "there are more than levels" },
    { "offers: 3, min_skill: [2]}", "offers: 3, skills: [{skill: a, level: 4}]}",
      "policy pack dispatch.skills[0].level", "4 is out of range" },
};

START_TEST(each_mistake_about_people_and_places_is_told_with_its_place)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check(changed(cases[i].from, cases[i].to), calendar);
        bool is_told = has_problem(cases[i].where, cases[i].message);
        if (!is_told)
            say_all();
        ck_assert_msg(is_told, "%s: %s", cases[i].where, cases[i].message);
        done();
    }
}
END_TEST

static const struct {
    const char *from, *to, *from2, *to2;
    const char *where;
    const char *message;
} pairs[] = {
    { "contact: p,", "contact: p, regions: [north],", "offices:\n",
      "areas:\n  north: {name: N, south: 30, north: 42, west: 110, east: 120}\noffices:\n", NULL,
      NULL },
    { "contact: p,", "contact: p, regions: [south],", "offices:\n",
      "areas:\n  south: {name: S, south: 20, north: 30, west: 110, east: 120}\noffices:\n",
      "site bank-1 position", "lat 39.9, lon 116.4 lies outside of \"south\"" },
    { "contact: p, position: {lat: 39.9, lon: 116.4}",
      "contact: p, regions: [north], position: {lat: 89, lon: 40}", "offices:\n",
      "areas:\n  north: {name: N, south: 30, north: 42, west: 80, east: 120}\noffices:\n",
      "site bank-1 position",
      "lat 89, lon 40 lies outside of \"north\": latitude and longitude look swapped: lat 40, "
      "lon 89 would lie inside" },
    /* 39.9 N as a Chinese map has it lies 150 m south of there */
    { "contact: p, position: {lat: 39.9, lon: 116.4}",
      "contact: p, regions: [south], position: {lat: 39.9, lon: 116.4, datum: gcj02}", "offices:\n",
      "areas:\n  south: {name: S, south: 30, north: 39.899, west: 110, east: 120}\noffices:\n",
      NULL, NULL },
    { "contact: p,", "contact: p, regions: [south],", "offices:\n",
      "areas:\n  south: {name: S, south: 30, north: 39.899, west: 110, east: 120}\noffices:\n",
      "site bank-1 position",
      "lat 39.9, lon 116.4 lies outside of \"south\": with datum gcj02 it would lie inside" },
    { "contact: p, position: {lat: 39.9, lon: 116.4}",
      "contact: p, regions: [north], position: {lat: 39.9, lon: 116.4, datum: gcj02}", "offices:\n",
      "areas:\n  north: {name: N, south: 39.899, north: 42, west: 110, east: 120}\noffices:\n",
      "site bank-1 position",
      "lat 39.9, lon 116.4 (gcj02) lies outside of \"north\": with datum wgs84 it would" },
};

START_TEST(a_person_reads_one_language_or_both)
{
    static const char *const codes[] = { "zh", "en", "zh+en", "en+zh" };
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        char to[64];
        snprintf(to, sizeof(to), "{name: Q, language: %s}", codes[i]);
        check(changed("{name: Q}", to), calendar);
        ck_assert_uint_eq(co_problems_count(problems), 0);
        done();
    }
}
END_TEST

START_TEST(a_site_lies_in_the_areas_that_it_names)
{
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        check_with(pairs[i].from, pairs[i].to, pairs[i].from2, pairs[i].to2);
        bool is_told = pairs[i].where == NULL ? co_problems_count(problems) == 0
                                              : has_problem(pairs[i].where, pairs[i].message);
        if (!is_told)
            say_all();
        ck_assert_msg(is_told, "case %zu", i);
        done();
    }
}
END_TEST

START_TEST(a_roster_may_be_of_anybody_and_four_delegates_may_stand_behind_each_other)
{
    check_with("  q: {name: Q}\n",
               "  q: {name: Q, delegate: r1}\n  r1: {name: R, delegate: r2}\n"
               "  r2: {name: R, delegate: r3}\n  r3: {name: R, delegate: r4}\n  r4: {name: R}\n",
               "offices:\n", "rosters:\n  q: {calendar: cal}\noffices:\n");
    if (co_problems_count(problems) > 0)
        say_all();
    ck_assert_uint_eq(co_problems_count(problems), 0);
    done();
}
END_TEST

CHECK_MAIN("registry_check_people", each_mistake_about_people_and_places_is_told_with_its_place,
           a_person_reads_one_language_or_both,
           a_site_lies_in_the_areas_that_it_names,
           a_roster_may_be_of_anybody_and_four_delegates_may_stand_behind_each_other)
