/* The mapping and the registry of samples/replay fit each other, the pack and the calendars. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check_main.h"
#include "co_registry_check.h"
#include "co_replay_plan.h"
#include "co_yaml.h"

static struct co_yaml *y, *files;
static struct co_registry *registry;
static const Callout__V1__Registry *all;
static const Callout__V1__ReplayMapping *map;
static char keys[64], key_file[128];

static void make_key(void)
{
    snprintf(keys, sizeof(keys), "/tmp/callout-keys-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(keys));
    snprintf(key_file, sizeof(key_file), "%s/sample.pub", keys);
    FILE *f = fopen(key_file, "w");
    ck_assert_ptr_nonnull(f);
    fputs("public = rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\n", f);
    fclose(f);
}

static void load_shipped(void)
{
    static const char *const paths[] = { CALLOUT_SOURCE_DIR "/calendars",
                                         CALLOUT_SOURCE_DIR "/policies",
                                         CALLOUT_SOURCE_DIR "/samples/replay/registry" };
    const ProtobufCMessage *m = NULL;
    make_key();
    y = co_yaml_new(NULL);
    ck_assert_int_eq(co_yaml_load_message(y, CALLOUT_SOURCE_DIR "/samples/replay/volvo-vinst.yaml",
                                          &callout__v1__replay_mapping__descriptor, &m),
                     CO_OK);
    map = (const Callout__V1__ReplayMapping *)(const void *)m;
    files = co_yaml_new(keys);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        ck_assert_int_eq(co_yaml_load(files, paths[i]), CO_OK);
    ck_assert_int_eq(co_yaml_finish(files, &all), CO_OK);
    registry = co_registry_new(1000);
    for (size_t i = 0; i < all->n_objects; i++)
        ck_assert_int_eq(co_registry_put_message(registry, all->objects[i], 1), CO_OK);
}

static void done(void)
{
    unlink(key_file);
    rmdir(keys);
    co_registry_free(registry);
    co_yaml_free(files);
    co_yaml_free(y);
}

START_TEST(the_registry_of_the_replay_has_no_problems)
{
    struct co_problems *problems = co_registry_check(registry);
    for (size_t i = 0; i < co_problems_count(problems); i++)
        printf("%s: %s\n", co_problems_at(problems, i)->key, co_problems_at(problems, i)->message);
    ck_assert_uint_eq(co_problems_count(problems), 0);
    co_problems_free(problems);
}
END_TEST

START_TEST(every_place_of_the_mapping_is_a_site_of_its_customer)
{
    ck_assert_ptr_null(co_replay_mapping_problem(map));
    ck_assert_uint_gt(map->n_places, 0);
    for (size_t i = 0; i < map->n_places; i++)
        for (size_t j = 0; j < map->places[i]->n_sites; j++) {
            const Callout__V1__ReplaySite *s = map->places[i]->sites[j];
            const Callout__V1__Site *site = co_registry_site(registry, s->site);
            ck_assert_ptr_nonnull(site);
            ck_assert_str_eq(site->customer, s->customer);
        }
}
END_TEST

START_TEST(impacts_stand_for_levels_of_the_pack)
{
    const Callout__V1__PolicyPack *pack = co_registry_policy(registry, "storage-after-sales");
    ck_assert_ptr_nonnull(pack);
    for (size_t i = 0; i < map->n_impacts; i++) {
        bool is_level = false;
        for (size_t j = 0; j < pack->n_severities; j++)
            is_level = is_level || pack->severities[j]->level == map->impacts[i]->severity;
        ck_assert(is_level);
    }
}
END_TEST

CHECK_MAIN_WITH("replay_shipped", load_shipped, done, the_registry_of_the_replay_has_no_problems,
                every_place_of_the_mapping_is_a_site_of_its_customer,
                impacts_stand_for_levels_of_the_pack)
