/* The packs, calendars and samples that are shipped: they load, and say what the sources promise.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"
#include "co_geo.h"
#include "co_offering.h"
#include "co_registry_check.h"
#include "co_time.h"
#include "co_yaml.h"
#include "co_zone.h"

static struct co_yaml *y;
static const Callout__V1__Registry *all;
static struct co_registry *registry;
static const Callout__V1__PolicyPack *pack;
static char keys[64];

static void make_key(const char *name)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/%s", keys, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs("public = rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\n", f);
    fclose(f);
}

static void load_shipped(void)
{
    snprintf(keys, sizeof(keys), "/tmp/callout-keys-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(keys));
    make_key("sample.pub");
    y = co_yaml_new(keys);
    co_yaml_load(y, CALLOUT_SOURCE_DIR "/calendars");
    co_yaml_load(y, CALLOUT_SOURCE_DIR "/policies");
    co_yaml_load(y, CALLOUT_SOURCE_DIR "/samples/registry");
    enum co_err err = co_yaml_finish(y, &all);
    for (size_t i = 0; i < co_yaml_problem_count(y); i++) {
        const struct co_yaml_problem *p = co_yaml_problem_at(y, i);
        printf("%s:%u: %s: %s (%s)\n", p->file, p->line, p->key, p->message, p->allowed);
    }
    ck_assert_int_eq(err, CO_OK);
    registry = co_registry_new(1000);
    for (size_t i = 0; i < all->n_objects; i++)
        ck_assert_int_eq(co_registry_put_message(registry, all->objects[i], 1), CO_OK);
    pack = co_registry_policy(registry, "storage-after-sales");
    ck_assert_ptr_nonnull(pack);
}

static void done(void)
{
    char path[256];
    snprintf(path, sizeof(path), "%s/sample.pub", keys);
    unlink(path);
    rmdir(keys);
    co_registry_free(registry);
    co_yaml_free(y);
}

static const Callout__V1__Milestone *milestone(const char *name)
{
    for (size_t i = 0; i < pack->n_milestones; i++)
        if (strcmp(pack->milestones[i]->name, name) == 0)
            return pack->milestones[i];
    ck_abort_msg("no milestone %s", name);
    return NULL;
}

START_TEST(a_missed_restore_raises_levels_2_and_3_and_at_level_1_asks_for_another_environment)
{
    load_shipped();
    static const char *const names[] = { "restore", "restore_remote" };
    for (size_t i = 0; i < 2; i++) {
        const Callout__V1__Milestone *m = milestone(names[i]);
        ck_assert_uint_eq(m->n_on_breach, 2);
        ck_assert_int_eq(m->on_breach[0]->kind, CALLOUT__V1__ACTION_KIND__ACTION_PROPOSE);
        ck_assert_str_eq(m->on_breach[0]->what, "substitute_environment");
        ck_assert_uint_eq(m->on_breach[0]->n_severities, 1);
        ck_assert_uint_eq(m->on_breach[0]->severities[0], 1);
        ck_assert_int_eq(m->on_breach[1]->kind, CALLOUT__V1__ACTION_KIND__ACTION_RAISE);
        ck_assert_uint_eq(m->on_breach[1]->n_severities, 2);
        ck_assert_uint_eq(m->on_breach[1]->severities[0], 2);
        ck_assert_uint_eq(m->on_breach[1]->severities[1], 3);
    }
    ck_assert_uint_eq(pack->n_bars, 4);
    ck_assert_uint_eq(pack->n_waivers, 2);
    ck_assert_uint_eq(pack->n_signers, 2);
    done();
}
END_TEST

START_TEST(nothing_that_is_shipped_has_a_problem)
{
    load_shipped();
    struct co_problems *problems = co_registry_check(registry);
    for (size_t i = 0; i < co_problems_count(problems); i++) {
        const struct co_problem *p = co_problems_at(problems, i);
        printf("%s %s: %s: %s (%s)\n", co_kind_name(p->kind), p->key, p->path, p->message,
               p->allowed);
    }
    ck_assert_uint_eq(co_problems_count(problems), 0);
    co_problems_free(problems);
    done();
}
END_TEST

START_TEST(each_pack_is_used_by_a_contract_of_the_samples)
{
    load_shipped();
    ck_assert_uint_eq(co_registry_count(registry, CO_KIND_POLICY), 14);
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_POLICY); i++) {
        const char *name = co_registry_at(registry, CO_KIND_POLICY, i)->key;
        bool is_used = false;
        for (uint32_t k = 0; k < co_registry_count(registry, CO_KIND_CONTRACT); k++)
            is_used = is_used ||
                      co_offering_is_of(
                          co_registry_at(registry, CO_KIND_CONTRACT, k)->message->contract, name);
        ck_assert_msg(is_used, "%s", name);
    }
    done();
}
END_TEST

START_TEST(the_samples_have_an_engineer_for_everybody_and_a_contract_that_is_over)
{
    load_shipped();
    int64_t today_us = 0;
    uint32_t over = 0;
    ck_assert_int_eq(co_time_parse("2026-11-22T00:00:00Z", &today_us, NULL), CO_OK);
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_CONTRACT); i++)
        over +=
            co_registry_at(registry, CO_KIND_CONTRACT, i)->message->contract->until_us < today_us;
    ck_assert_uint_eq(over, 1);
    ck_assert_uint_eq(co_registry_count(registry, CO_KIND_OFFICE), 6);
    ck_assert_uint_ge(co_registry_count(registry, CO_KIND_ENGINEER), 20);
    ck_assert_uint_ge(co_registry_count(registry, CO_KIND_SITE), 12);
    ck_assert_str_eq(co_registry_client(registry, "sample")->public_key,
                     "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7");
    done();
}
END_TEST

/* By the contract's figure, else estimated from the nearest office: 2.4 km + 1.2 * great circle. */
static double journey_km(const Callout__V1__Site *site)
{
    double best = 1e9;
    struct co_point at = { site->position->latitude, site->position->longitude };
    at = co_geo_to_wgs84(at, (enum co_datum)site->position->datum);
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_OFFICE); i++) {
        const Callout__V1__Office *o = co_registry_at(registry, CO_KIND_OFFICE, i)->message->office;
        struct co_point from = { o->position->latitude, o->position->longitude };
        bool is_own = o->road_factor > 0;
        struct co_road_estimate e = { is_own ? o->road_fixed_km : 2.4,
                                      is_own ? o->road_factor : 1.2 };
        double km = co_zone_estimate_km(e, co_geo_km(from, at));
        best = km < best ? km : best;
    }
    return site->n_distances > 0 ? site->distances[0]->km : best;
}

START_TEST(the_sample_sites_lie_in_every_ring)
{
    load_shipped();
    const Callout__V1__ZoneTable *z = pack->zones[0];
    bool is_met[9] = { false };
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_SITE); i++) {
        double km = journey_km(co_registry_at(registry, CO_KIND_SITE, i)->message->site);
        size_t ring = 0;
        while (z->rings[ring]->upto_km != 0 && km > z->rings[ring]->upto_km)
            ring++;
        is_met[ring] = true;
    }
    for (size_t i = 0; i < 9; i++)
        ck_assert_msg(is_met[i], "no site in %s", z->rings[i]->name);
    done();
}
END_TEST

START_TEST(the_export_of_what_is_shipped_is_loaded_as_the_same)
{
    char dir[] = "/tmp/callout-export-XXXXXX";
    char command[128];
    struct co_why why;
    load_shipped();
    ck_assert_ptr_nonnull(mkdtemp(dir));
    ck_assert_int_eq(co_yaml_export(all, dir, &why), CO_OK);
    struct co_yaml *again = co_yaml_new(NULL);
    const Callout__V1__Registry *other = NULL;
    co_yaml_load(again, dir);
    ck_assert_int_eq(co_yaml_finish(again, &other), CO_OK);
    ck_assert_uint_eq(other->n_objects, all->n_objects);
    for (size_t i = 0; i < other->n_objects; i++) {
        static uint8_t bytes[CO_OBJECT_LIMIT_BYTES];
        const char *key = co_object_key_of(other->objects[i]);
        size_t len = callout__v1__registry_object__pack(other->objects[i], bytes);
        const struct co_object *o =
            co_registry_get(registry, (enum co_kind)other->objects[i]->object_case, key);
        ck_assert_uint_eq(o->len, len);
        ck_assert_mem_eq(o->bytes, bytes, len);
    }
    co_yaml_free(again);
    snprintf(command, sizeof(command), "rm -r %s", dir);
    ck_assert_int_eq(system(command), 0);
    done();
}
END_TEST

static bool says(const Callout__V1__Text *text, const char *what)
{
    return strstr(text->zh, what) != NULL && strstr(text->en, what) != NULL;
}

/* What is corrected may be a change of severity, which has no milestone. */
static void check_rule(const char *name, size_t n, const Callout__V1__NoticeRule *r)
{
    if (r->on == CALLOUT__V1__NOTICE_ON__NOTICE_ON_WITHDRAWN)
        ck_assert_msg(says(r->subject, "{told}") && says(r->body, "{told}") &&
                          !says(r->subject, "{milestone}"),
                      "%s: notices[%zu]", name, n);
    if (r->on == CALLOUT__V1__NOTICE_ON__NOTICE_ON_WARNED ||
        r->on == CALLOUT__V1__NOTICE_ON__NOTICE_ON_BREACHED)
        ck_assert_msg(says(r->body, "{announced_late}") &&
                          (r->html == NULL || says(r->html, "{announced_late}")) &&
                          (r->brief == NULL || says(r->brief, "{announced_late}")),
                      "%s: notices[%zu]", name, n);
}

START_TEST(a_correction_says_what_was_told_and_what_may_come_late_says_so)
{
    load_shipped();
    for (uint32_t i = 0; i < co_registry_count(registry, CO_KIND_POLICY); i++) {
        const Callout__V1__PolicyPack *p =
            co_registry_at(registry, CO_KIND_POLICY, i)->message->policy;
        for (size_t n = 0; n < p->n_notices; n++)
            check_rule(p->name, n, p->notices[n]);
    }
    done();
}
END_TEST

CHECK_MAIN("policies", each_pack_is_used_by_a_contract_of_the_samples,
           a_missed_restore_raises_levels_2_and_3_and_at_level_1_asks_for_another_environment,
           nothing_that_is_shipped_has_a_problem,
           the_samples_have_an_engineer_for_everybody_and_a_contract_that_is_over,
           the_sample_sites_lie_in_every_ring, the_export_of_what_is_shipped_is_loaded_as_the_same,
           a_correction_says_what_was_told_and_what_may_come_late_says_so)
