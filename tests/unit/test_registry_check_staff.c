/* What the registry says of what packs take for a date, and of what there is to take. */
#include "registry_check_help.h"

#define STAFF(text) "  dated: true\n  staff: [{key: lecturer, title: L, " text "}]\n  zones:\n"
#define GOOD_LAB "  disk: {name: Disk}\nresources:\n  lab-1: {kind: lab, name: Lab, capacity: 2}\n"
#define RESOURCE(text) "  disk: {name: Disk}\nresources:\n  lab-1: {" text "}\n"

static const struct {
    const char *staff;    /* instead of "  zones:" of the pack */
    const char *resource; /* instead of the product */
    const char *where;    /* kind, key, path; NULL: there is no problem */
    const char *message;  /* its beginning */
} cases[] = {
    { STAFF("skills: [{skill: lecturer, level: 2}], count: 2, before: 4h, after: 1h"), GOOD_LAB,
      NULL, NULL },
    { STAFF("resource_kind: lab"), RESOURCE("kind: lab, name: Lab, office: beijing"), NULL, NULL },
    { STAFF("named: true, takes_faults: true"), GOOD_LAB, NULL, NULL },
    { "  staff: [{key: lecturer, title: L}]\n  zones:\n", GOOD_LAB, "policy pack staff",
      "belongs to packs whose cases have a date" },
    { STAFF("resource_kind: lab, skills: [{skill: lecturer}]"), GOOD_LAB,
      "policy pack staff[0].skills", "only people have skills" },
    { STAFF("resource_kind: lab, takes_faults: true"), GOOD_LAB,
      "policy pack staff[0].takes_faults", "only people look after faults" },
    { STAFF("count: 21"), GOOD_LAB, "policy pack staff[0].count", "21" },
    { STAFF("before: 31d"), GOOD_LAB, "policy pack staff[0].before", "is out of range" },
    { STAFF("skills: [{skill: lecturer, severities: [1]}]"), GOOD_LAB,
      "policy pack staff[0].skills[0].severities", "whoever is taken has it at every level" },
    { "  dated: true\n  staff: [{key: a, title: A}, {key: a, title: A}]\n  zones:\n", GOOD_LAB,
      "policy pack staff[1].key", "\"a\" stands before" },
    { "  dated: true\n  staff: [{key: a}]\n  zones:\n", GOOD_LAB, "policy pack staff[0].title",
      "is needed in at least one language" },
    { "  zones:\n", RESOURCE("name: Lab"), "resource lab-1 kind", "\"\" is no name" },
    { "  zones:\n", RESOURCE("kind: lab, name: Lab, office: beijin"), "resource lab-1 office",
      "no office \"beijin\"; did you mean \"beijing\"?" },
};

START_TEST(each_mistake_about_what_is_taken_for_a_date_is_told_with_its_place)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check_with("  zones:\n", cases[i].staff, "  disk: {name: Disk}\n", cases[i].resource);
        bool is_told = cases[i].where == NULL ? co_problems_count(problems) == 0
                                              : has_problem(cases[i].where, cases[i].message);
        if (!is_told)
            say_all();
        ck_assert_msg(is_told, "case %zu: %s", i, cases[i].where == NULL ? "" : cases[i].where);
        done();
    }
}
END_TEST

START_TEST(a_notice_of_bookings_needs_a_pack_that_books)
{
    check(changed("on: breached, milestone: response", "on: booked"), calendar);
    ck_assert(has_problem("policy pack notices[0].on", "nobody is taken for a span of time"));
    done();
}
END_TEST

CHECK_MAIN("registry_check_staff",
           each_mistake_about_what_is_taken_for_a_date_is_told_with_its_place,
           a_notice_of_bookings_needs_a_pack_that_books)
