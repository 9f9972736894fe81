#include "sla_zone.h"

#include "check_main.h"
#include "sla_world.h"

static struct world w;
static const Callout__V1__ZoneTable *table; /* zone 1 to 40 km, zone 2 to 80 km, beyond */

static void begin(void)
{
    world_init(&w);
    (void)world_arrival(&w);
    table = w.pack->zones[0];
}

static void region(const char *name, const char *shown, int64_t minutes)
{
    Callout__V1__ZoneTable *t = w.pack->zones[0];
    Callout__V1__RegionZone *row = world_message(&w, &callout__v1__region_zone__descriptor);
    row->region = world_text(&w, name);
    row->name = world_text(&w, shown);
    if (minutes > 0) {
        static Callout__V1__Target *all[4];
        Callout__V1__Target **targets = &all[t->n_regions];
        targets[0] = world_message(&w, &callout__v1__target__descriptor);
        targets[0]->severity = 2;
        targets[0]->kind = TARGET(RUNNING);
        targets[0]->amount = minutes * MINUTE;
        row->targets = targets;
        row->n_targets = 1;
    }
    static Callout__V1__RegionZone *rows[4];
    rows[t->n_regions++] = row;
    t->regions = rows;
}

static struct sla_zone at(double km, bool is_stated)
{
    struct sla_place place = { .km = &km, .is_stated = is_stated };
    struct sla_zone zone;
    ck_assert(sla_zone_find(table, &place, &zone));
    return zone;
}

START_TEST(near_the_edge_the_ring_beyond_is_named)
{
    static const struct {
        double km;
        const char *name, *other;
    } rows[] = { { 37.9, "zone 1", NULL },     { 38.6, "zone 1", "zone 2" },
                 { 40.4, "zone 1", "zone 2" }, { 40.5, "zone 2", "zone 1" },
                 { 42.6, "zone 2", "zone 1" }, { 42.7, "zone 2", NULL },
                 { 0, "zone 1", NULL } };
    begin();
    w.pack->zones[0]->edge_percent = 5;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sla_zone zone = at(rows[i].km, false);
        ck_assert_str_eq(zone.name, rows[i].name);
        if (rows[i].other == NULL)
            ck_assert_msg(zone.other == NULL, "%g km: %s", rows[i].km, zone.other);
        else
            ck_assert_str_eq(zone.other, rows[i].other);
    }
    world_done(&w);
}
END_TEST

START_TEST(what_the_contract_states_and_a_table_without_an_edge_leave_no_doubt)
{
    begin();
    ck_assert_ptr_null(at(40.4, false).other);
    w.pack->zones[0]->edge_percent = 5;
    ck_assert_ptr_null(at(40.4, true).other);
    world_done(&w);
}
END_TEST

START_TEST(a_region_wins_over_the_distance_and_needs_none)
{
    begin();
    region("islands", "by ferry", 600);
    region("coast", "", 60);
    static char *const regions[] = { "coast", "islands", "country" };
    struct sla_place place = { .regions = regions, .region_count = 3 };
    struct sla_zone zone;
    ck_assert(sla_zone_find(table, &place, &zone));
    ck_assert_str_eq(zone.name, "by ferry"); /* the first row of the table */
    ck_assert_str_eq(zone.region, "islands");
    ck_assert_int_eq(zone.targets[0]->amount, 600 * MINUTE);
    place.region_count = 1;
    ck_assert(sla_zone_find(table, &place, &zone));
    ck_assert_str_eq(zone.name, "coast");
    place = (struct sla_place){ .regions = &regions[2], .region_count = 1 };
    ck_assert(!sla_zone_find(table, &place, &zone));
    world_done(&w);
}
END_TEST

START_TEST(a_promise_names_the_region_that_decided_before_the_site_is_located)
{
    begin();
    region("islands", "by ferry", 600);
    static char *const regions[] = { "islands" };
    world_open(&w, 2);
    w.opened->regions = (char **)(uintptr_t)regions;
    w.opened->n_regions = 1;
    world_input(&w, 10, ACT(ONSITE_REQUESTED));
    ck_assert_str_eq(world_story(&w, 20),
                     "promised arrival/1 level 2 from 10 due 610 in by ferry\n");
    ck_assert_str_eq(w.fold.outputs[0]->promised->basis->region, "islands");
    world_done(&w);
}
END_TEST

START_TEST(an_excluded_area_is_promised_nothing_and_says_so_when_somebody_is_asked_there)
{
    begin();
    region("islands", "not served", 0);
    static char *const regions[] = { "islands" };
    world_open(&w, 2);
    w.opened->regions = (char **)(uintptr_t)regions;
    w.opened->n_regions = 1;
    world_locate(&w, 0, 12);
    world_input(&w, 10, ACT(ONSITE_REQUESTED));
    world_input(&w, 12, ACT(ONSITE_REQUESTED)); /* once is enough */
    ck_assert_str_eq(world_story(&w, 20),
                     "not served arrival/1 level 2 from 10 in not served (islands)\n");
    world_input(&w, 30, ACT(ARRIVED)); /* somebody went all the same */
    world_input(&w, 40, ACT(ONSITE_REQUESTED));
    ck_assert_str_eq(world_story(&w, 50),
                     "not served arrival/1 level 2 from 10 in not served (islands)\n"
                     "not served arrival/2 level 2 from 40 in not served (islands)\n");
    world_done(&w);
}
END_TEST

START_TEST(an_area_may_be_excluded_at_some_levels_only)
{
    begin();
    region("islands", "by ferry", 600); /* at level 2 */
    static char *const regions[] = { "islands" };
    world_open(&w, 1);
    w.opened->regions = (char **)(uintptr_t)regions;
    w.opened->n_regions = 1;
    world_input(&w, 10, ACT(ONSITE_REQUESTED));
    world_level(&w, 15, 2);
    ck_assert_str_eq(world_story(&w, 20),
                     "not served arrival/1 level 1 from 10 in by ferry (islands)\n"
                     "severity #1 1>2 at 15 set\n"
                     "promised arrival/1 level 2 from 15 due 615 in by ferry\n");
    world_done(&w);
}
END_TEST

START_TEST(levels_may_be_sent_to_different_tables)
{
    begin();
    static Callout__V1__ZoneTable *tables[2], other;
    static Callout__V1__Ring ring, *rings[] = { &ring };
    static Callout__V1__Target target, *targets[] = { &target };
    callout__v1__zone_table__init(&other);
    callout__v1__ring__init(&ring);
    callout__v1__target__init(&target);
    target.severity = 1;
    target.kind = TARGET(RUNNING);
    target.amount = 45 * MINUTE;
    ring.name = world_text(&w, "everywhere");
    ring.targets = targets;
    ring.n_targets = 1;
    other.name = world_text(&w, "urgent");
    other.rings = rings;
    other.n_rings = 1;
    tables[0] = w.pack->zones[0];
    tables[1] = &other;
    w.pack->zones = tables;
    w.pack->n_zones = 2;
    Callout__V1__Milestone *m = w.pack->milestones[0];
    for (size_t i = 0; i < m->n_targets; i++)
        if (m->targets[i]->severity == 1)
            m->targets[i]->table = other.name;
    world_open(&w, 2);
    world_locate(&w, 0, 12);
    world_input(&w, 10, ACT(ONSITE_REQUESTED));
    world_level(&w, 20, 1);
    ck_assert_str_eq(world_story(&w, 30),
                     "promised arrival/1 level 1 from 10 due 55 in everywhere\n"
                     "severity #1 2>1 at 20 set\n");
    world_done(&w);
}
END_TEST

START_TEST(a_promise_at_the_edge_says_so)
{
    begin();
    w.pack->zones[0]->edge_percent = 5;
    world_open(&w, 2);
    world_locate(&w, 0, 40.4);
    world_input(&w, 10, ACT(ONSITE_REQUESTED));
    (void)world_story(&w, 20);
    ck_assert(w.fold.outputs[0]->promised->basis->borderline);
    ck_assert_str_eq(w.fold.outputs[0]->promised->basis->other_zone, "zone 2");
    for (size_t i = 0; i < w.input_count; i++)
        w.inputs[i]->is_stated = w.inputs[i]->act == ACT(LOCATED);
    (void)world_story(&w, 20);
    ck_assert(!w.fold.outputs[0]->promised->basis->borderline);
    world_done(&w);
}
END_TEST

CHECK_MAIN("sla_zone", near_the_edge_the_ring_beyond_is_named,
           what_the_contract_states_and_a_table_without_an_edge_leave_no_doubt,
           a_region_wins_over_the_distance_and_needs_none,
           a_promise_names_the_region_that_decided_before_the_site_is_located,
           an_excluded_area_is_promised_nothing_and_says_so_when_somebody_is_asked_there,
           an_area_may_be_excluded_at_some_levels_only, levels_may_be_sent_to_different_tables,
           a_promise_at_the_edge_says_so)
