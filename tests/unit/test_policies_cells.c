/* Each cell of the tables that the packs are made from, with the place in its source: A is the
 * storage after-sales description, B that of OS support, C that of the senior Ceph experts. What is
 * ours is marked so.
 */
#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "co_yaml.h"
#include "co_yaml_target.h"

static struct co_yaml *y;
static const Callout__V1__Registry *all;

static void load_packs(void)
{
    y = co_yaml_new(NULL);
    co_yaml_load(y, CALLOUT_SOURCE_DIR "/policies");
    ck_assert_int_eq(co_yaml_finish(y, &all), CO_OK);
}

static void done(void)
{
    co_yaml_free(y);
}

static const Callout__V1__PolicyPack *pack_of(const char *name)
{
    for (size_t i = 0; i < all->n_objects; i++)
        if (strcmp(all->objects[i]->policy->name, name) == 0)
            return all->objects[i]->policy;
    ck_abort_msg("no pack %s", name);
    return NULL;
}

static const Callout__V1__Milestone *milestone_of(const char *pack, const char *name)
{
    const Callout__V1__PolicyPack *p = pack_of(pack);
    for (size_t i = 0; i < p->n_milestones; i++)
        if (strcmp(p->milestones[i]->name, name) == 0)
            return p->milestones[i];
    ck_abort_msg("no milestone %s in %s", name, pack);
    return NULL;
}

/* What is written for the level; "none" where nothing is. */
static const char *written(Callout__V1__Target *const *list, size_t count, uint32_t level,
                           char text[static 128])
{
    snprintf(text, 128, "none");
    for (size_t i = 0; i < count; i++)
        if (list[i]->severity == level)
            ck_assert(co_yaml_target_format(list[i], text, 128));
    return text;
}

static const char storage[] = "storage-after-sales", project[] = "storage-project",
                  os[] = "os-support", ceph[] = "ceph-expert";

/* -- times by level */

static const struct {
    const char *source;
    const char *pack;
    const char *milestone;
    const char *level[4];
} times[] = {
    /* A 3.2: columns of the table of remote response */
    { "A 3.2, our remote engineers", storage, "response", { "30m", "30m", "30m", "15m" } },
    { "A 3.2, the manufacturer's remote engineers",
      storage,
      "vendor_response",
      { "30m", "30m", "30m", "none" } },
    { "A 3.2, technical expert", storage, "expert", { "1h", "1h", "1h", "1h" } },
    { "A 3.2, assess and plan: at once by the process, the senior engineers, the director",
      storage,
      "process_start",
      { "30m", "30m", "1h", "none" } },
    { "ours: remote work is the expert's limit and 1 h, 2 h, 2 h",
      storage,
      "remote",
      { "2h", "3h", "3h", "none" } },
    { "A 3.2, arrival by distance; ours: level 4 has no row",
      storage,
      "arrival",
      { "zone journey", "zone journey", "zone journey", "agreed" } },
    { "ours: agreeing on a time, where one is agreed",
      storage,
      "agreement",
      { "zone agreement", "zone agreement", "zone agreement", "1d" } },
    { "A 2, called back; ours: within 4 working hours",
      storage,
      "call_back",
      { "working 4h", "working 4h", "working 4h", "working 4h" } },
    { "A 3.2, restored on site", storage, "restore", { "3h", "3h", "2h", "none" } },
    { "A 3.2, the same from afar", storage, "restore_remote", { "3h", "3h", "2h", "none" } },
    { "A 3.2, hardware ready is agreed",
      storage,
      "hardware",
      { "agreed", "agreed", "agreed", "agreed" } },
    { "A 3.2, the fault report goes back at once: no figure but the contract's",
      storage,
      "fault_report",
      { "contract", "contract", "contract", "none" } },
    { "A 3.1, key business down for an hour",
      storage,
      "business_outage",
      { "none", "1h", "1h", "1h" } },
    /* A 3.3: beside the levels, the same at each */
    { "A 3.3, response from the report", project, "project_response", { "2h", "2h", "2h", "2h" } },
    { "A 3.3, on site in the province", project, "project_arrival", { "1d", "1d", "1d", "1d" } },
    { "A 3.3, handled", project, "project_handled", { "2h", "2h", "2h", "2h" } },
    { "A 3.3, not mended: replaced",
      project,
      "project_mended",
      { "2 days", "2 days", "2 days", "2 days" } },
    { "A 3.3 a, the manufacturer's top team", project, "minor_mended", { "2d", "2d", "2d", "2d" } },
    { "A 3.3 a (1), 5 working days",
      project,
      "minor_last",
      { "5 working days", "5 working days", "5 working days", "5 working days" } },
    { "A 3.2 holds under 3.3 too", project, "response", { "30m", "30m", "30m", "15m" } },
    { "A 3.2 holds under 3.3 too", project, "restore", { "3h", "3h", "2h", "none" } },
    /* B 3 */
    { "B 3, acceptance to first contact",
      os,
      "first_contact",
      { "30m", "1h", "2h", "next business day" } },
    { "ours: limit of acceptance", os, "acceptance", { "15m", "15m", "15m", "15m" } },
    { "B promises no solution",
      os,
      "solution",
      { "contract", "contract", "contract", "contract" } },
    /* C has no minutes: the contract's, else (ours) those of A 1, 2 and 4 */
    { "C, else A 3.2 response at 1, 2, 4",
      ceph,
      "response",
      { "contract else 30m", "contract else 30m", "contract else 15m", "none" } },
    { "C, else A 3.2 expert at 1, 2, 4",
      ceph,
      "expert",
      { "contract else 1h", "contract else 1h", "contract else 1h", "none" } },
    { "C, else A 3.2 plan at 1, 2, 4",
      ceph,
      "process_start",
      { "contract else 30m", "contract else 30m", "contract", "none" } },
    { "C, else A 3.2 arrival at 1, 2, 4",
      ceph,
      "arrival",
      { "contract else zone journey", "contract else zone journey", "contract else agreed",
        "none" } },
    { "ours: limit of agreeing on the arrival",
      ceph,
      "agreement",
      { "zone agreement", "zone agreement", "contract else 1d", "none" } },
    { "C, else A 3.2 restored at 1, 2, 4",
      ceph,
      "restore",
      { "contract else 3h", "contract else 3h", "contract", "none" } },
};

START_TEST(each_time_is_that_of_its_source_at_each_level)
{
    char text[128];
    load_packs();
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
        const Callout__V1__Milestone *m = milestone_of(times[i].pack, times[i].milestone);
        for (uint32_t level = 1; level <= 4; level++) {
            const char *is = written(m->targets, m->n_targets, level, text);
            ck_assert_msg(strcmp(is, times[i].level[level - 1]) == 0, "%s, level %u: %s",
                          times[i].source, level, is);
        }
    }
    done();
}
END_TEST

/* -- A 3.2: the table of arrival, C by our rule the same */

static const struct {
    const char *source;
    uint32_t upto_km;
    const char *level[3];
} rings[] = {
    { "A 3.2, zone 1, 0-40 km", 40, { "2h", "3h", "4h" } },
    { "A 3.2, zone 2, 41-80 km", 80, { "4h", "5h", "5h" } },
    { "A 3.2, zone 3, 81-160 km", 160, { "6h", "6h", "6h" } },
    { "A 3.2, zone 4, 161-240 km", 240, { "10h", "10h", "10h" } },
    { "A 3.2, zone 5, 241-320 km", 320, { "12h", "12h", "12h" } },
    { "A 3.2, zone 6, 321-480 km", 480, { "working day 2", "working day 2", "working day 2" } },
    { "A 3.2, beyond 1, 481-750 km", 750, { "working day 3", "working day 3", "working day 3" } },
    { "A 3.2, beyond 2, 751-1500 km", 1500, { "working day 3", "working day 3", "working day 3" } },
    { "A 3.2, beyond 3, over 1500 km", 0, { "agreed", "agreed", "agreed" } },
};

static const Callout__V1__ZoneTable *table_of(const Callout__V1__PolicyPack *p, const char *name)
{
    for (size_t i = 0; i < p->n_zones; i++)
        if (strcmp(p->zones[i]->name, name) == 0)
            return p->zones[i];
    ck_abort_msg("no table %s", name);
}

/* Ours: agreeing has a limit exactly where the table of arrival says that the time is agreed. */
static void check_agreement(const char *pack, uint32_t levels)
{
    const Callout__V1__PolicyPack *p = pack_of(pack);
    const Callout__V1__ZoneTable *arrival = table_of(p, "journey"), *z = table_of(p, "agreement");
    size_t near = arrival->n_rings - 1;
    ck_assert_uint_eq(z->n_rings, 2);
    ck_assert_uint_eq(z->rings[0]->upto_km, arrival->rings[near - 1]->upto_km);
    for (uint32_t level = 1; level <= levels; level++) {
        char text[128];
        ck_assert_str_eq(written(z->rings[0]->targets, z->rings[0]->n_targets, level, text),
                         "none");
        ck_assert_str_ne(written(z->rings[1]->targets, z->rings[1]->n_targets, level, text),
                         "none");
    }
}

static void check_rings(const char *pack, uint32_t levels)
{
    char text[128];
    const Callout__V1__PolicyPack *p = pack_of(pack);
    const Callout__V1__ZoneTable *z = table_of(p, "journey");
    ck_assert(!z->truncate);
    ck_assert_uint_eq(z->n_rings, sizeof(rings) / sizeof(rings[0]));
    for (size_t r = 0; r < z->n_rings; r++) {
        ck_assert_uint_eq(z->rings[r]->upto_km, rings[r].upto_km);
        for (uint32_t level = 1; level <= levels; level++) {
            const char *is = written(z->rings[r]->targets, z->rings[r]->n_targets, level, text);
            ck_assert_msg(strcmp(is, rings[r].level[level - 1]) == 0, "%s, level %u: %s",
                          rings[r].source, level, is);
        }
    }
}

START_TEST(each_arrival_is_that_of_its_zone_and_level)
{
    load_packs();
    check_rings(storage, 3);
    check_rings(project, 3);
    check_rings(ceph, 2);
    check_agreement(storage, 3);
    check_agreement(project, 3);
    ck_assert(milestone_of(storage, "arrival")->is_arrival);
    ck_assert_uint_eq(pack_of(os)->n_zones, 0); /* B: from afar only */
    ck_assert_ptr_null(pack_of(os)->dispatch);
    done();
}
END_TEST

/* -- traits */

static const struct {
    const char *source;
    const char *pack;
    uint32_t level;
    const char *trait;
} traits[] = {
    { "A 3.1, data damaged", storage, 1, "data_damaged" },
    { "A 3.1, indefinite hang", storage, 1, "system_hung" },
    { "A 3.1, key business down 1 h or more", storage, 1, "key_business_down_1h" },
    { "A 3.1, still failing after a restart", storage, 1, "crashed_after_restart" },
    { "A 3.1, severely degraded", storage, 2, "badly_degraded" },
    { "A 3.1, may bring the service down", storage, 2, "outage_threatens" },
    { "A 3.1, business down, less than 1 h", storage, 2, "business_down" },
    { "A 3.1, no alternative", storage, 2, "no_alternative" },
    { "A 3.1, partly degraded", storage, 3, "partly_degraded" },
    { "A 3.1, no alternative", storage, 3, "no_alternative_minor" },
    { "A 3.1, logs full", storage, 4, "log_full" },
    { "A 3.1, backup abnormal", storage, 4, "backup_abnormal" },
    { "A 3.1, space", storage, 4, "space_needed" },
    { "A 3.1, everyday questions", storage, 4, "question" },
    { "A 3.3 has the levels of 3.1", project, 1, "data_damaged" },
    { "A 3.3 has the levels of 3.1", project, 4, "question" },
    { "B 3 note 1, P1: interruption found by end users", os, 1, "service_interrupted" },
    { "B 3 note 1, P1: broken network function", os, 1, "network_broken" },
    { "B 3 note 1, P1: serious effect", os, 1, "serious_effect" },
    { "B 3 note 1, P2: risk of interruption", os, 2, "interruption_threatens" },
    { "B 3 note 1, P2: operations unavailable", os, 2, "operations_unavailable" },
    { "B 3 note 1, P2: significant effect", os, 2, "significant_effect" },
    { "B 3 note 1, P3: works with limits", os, 3, "function_limited" },
    { "B 3 note 1, P4: functions", os, 4, "question_function" },
    { "B 3 note 1, P4: specifications", os, 4, "question_specification" },
    { "B 3 note 1, P4: operation", os, 4, "question_operation" },
    { "B 3 note 1, P4: configuration", os, 4, "question_configuration" },
    { "C, major: platform down", ceph, 1, "platform_down" },
    { "C, major: monitors lost for good", ceph, 1, "monitors_lost" },
    { "C, major: inconsistent data", ceph, 1, "data_inconsistent" },
    { "C, major: lost data", ceph, 1, "data_lost" },
    { "C, urgent: PG stuck", ceph, 2, "pg_stuck" },
    { "C, urgent: PG inactive", ceph, 2, "pg_inactive" },
    { "C, urgent: PG stale", ceph, 2, "pg_stale" },
    { "C, urgent: PG unclean", ceph, 2, "pg_unclean" },
    { "C, urgent: PG peered", ceph, 2, "pg_peered" },
    { "C, urgent: many OSDs with effect", ceph, 2, "many_osds_down" },
    { "ours: few OSDs with effect", ceph, 2, "few_osds_with_effect" },
    { "C, urgent: no quorum", ceph, 2, "no_quorum" },
    { "C, routine: OSD without effect", ceph, 3, "osd_down_no_effect" },
    { "C, routine: pool near its threshold", ceph, 3, "pool_near_full" },
    { "C, routine: OSD near its threshold", ceph, 3, "osd_near_full" },
    { "C, routine: monitors down in quorum", ceph, 3, "monitor_down" },
    { "C, routine: commands unanswered", ceph, 3, "command_unanswered" },
    { "C, routine: any alarm", ceph, 3, "alarm" },
};

static const struct {
    const char *source;
    const char *pack;
    uint32_t level;
    const char *zh;
} names[] = {
    { "A 3.2", storage, 1, "重大故障" },
    { "A 3.2", storage, 2, "严重故障" },
    { "A 3.2", storage, 3, "重要故障" },
    { "A 3.2", storage, 4, "日常故障" },
    { "B 3", os, 1, "P1" },
    { "B 3", os, 2, "P2" },
    { "B 3", os, 3, "P3" },
    { "B 3", os, 4, "P4" },
    { "C", ceph, 1, "重大事故" },
    { "C", ceph, 2, "紧急故障" },
    { "C", ceph, 3, "日常问题" },
};

START_TEST(each_trait_stands_at_the_level_of_its_source)
{
    load_packs();
    for (size_t i = 0; i < sizeof(traits) / sizeof(traits[0]); i++) {
        const Callout__V1__SeverityLevel *s =
            pack_of(traits[i].pack)->severities[traits[i].level - 1];
        bool is_there = false;
        for (size_t t = 0; t < s->n_traits; t++)
            is_there = is_there || strcmp(s->traits[t]->key, traits[i].trait) == 0;
        ck_assert_msg(is_there, "%s: %s", traits[i].source, traits[i].trait);
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        ck_assert_str_eq(pack_of(names[i].pack)->severities[names[i].level - 1]->name->zh,
                         names[i].zh);
    done();
}
END_TEST

/* -- what follows when a time is missed */

#define ACTION(name) CALLOUT__V1__ACTION_KIND__ACTION_##name

static const struct {
    const char *source;
    const char *pack;
    const char *milestone;
    uint32_t level;
    int kind;
    const char *what;
} missed[] = {
    { "A 3.2, level 1: standby or substitute", storage, "restore", 1, ACTION(PROPOSE),
      "substitute_environment" },
    { "ours: with a hardware fault the same", storage, "restore_remote", 1, ACTION(PROPOSE),
      "substitute_environment" },
    { "A 3.2, level 2: raised", storage, "restore", 2, ACTION(RAISE), "" },
    { "A 3.2, level 3: raised", storage, "restore", 3, ACTION(RAISE), "" },
    { "A 3.2, level 2 from afar", storage, "restore_remote", 2, ACTION(RAISE), "" },
    { "A 3.2, level 3 from afar", storage, "restore_remote", 3, ACTION(RAISE), "" },
    { "A 3.1, an hour makes it level 1", storage, "business_outage", 2, ACTION(RAISE_TO), "" },
    { "ours: remote work that takes too long", storage, "remote", 1, ACTION(ACT), "" },
    { "A 3.3, replaced unconditionally", project, "project_mended", 1, ACTION(PROPOSE),
      "replacement" },
    { "A 3.3, at each level", project, "project_mended", 4, ACTION(PROPOSE), "replacement" },
    { "A 3.3 a, top team", project, "minor_mended", 2, ACTION(TELL), "vendor_top_team" },
    { "ours: the director's case", project, "minor_last", 3, ACTION(TELL), "director_case" },
    { "A 3.2 under 3.3", project, "restore", 2, ACTION(RAISE), "" },
};

static bool is_at(const Callout__V1__Action *a, uint32_t level)
{
    for (size_t i = 0; i < a->n_severities; i++)
        if (a->severities[i] == level)
            return true;
    return a->n_severities == 0;
}

START_TEST(what_follows_a_missed_time_is_that_of_the_source)
{
    load_packs();
    for (size_t i = 0; i < sizeof(missed) / sizeof(missed[0]); i++) {
        const Callout__V1__Milestone *m = milestone_of(missed[i].pack, missed[i].milestone);
        size_t at_level = 0;
        for (size_t a = 0; a < m->n_on_breach; a++) {
            bool is_step = m->on_breach[a]->kind == ACTION(STEP); /* beside what the source says */
            if (is_step || !is_at(m->on_breach[a], missed[i].level))
                continue;
            at_level++;
            ck_assert_msg((int)m->on_breach[a]->kind == missed[i].kind &&
                              strcmp(m->on_breach[a]->what, missed[i].what) == 0,
                          "%s", missed[i].source);
        }
        ck_assert_msg(at_level == 1, "%s: %zu actions", missed[i].source, at_level);
    }
    done();
}
END_TEST

static bool is_listed(char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], name) == 0)
            return true;
    return false;
}

START_TEST(the_project_commits_itself_only_where_its_conditions_hold)
{
    load_packs();
    const Callout__V1__Milestone *m = milestone_of(project, "project_arrival");
    ck_assert(is_listed(m->only_conditions, m->n_only_conditions, "inside_province"));
    m = milestone_of(project, "project_mended");
    ck_assert(is_listed(m->only_conditions, m->n_only_conditions, "delivered_equipment"));
    ck_assert(is_listed(m->unless_conditions, m->n_unless_conditions, "minor_fault"));
    m = milestone_of(project, "minor_mended");
    ck_assert(is_listed(m->only_conditions, m->n_only_conditions, "minor_fault"));
    done();
}
END_TEST

START_TEST(only_the_os_pack_stops_clocks_for_the_causes_of_its_source)
{
    static const char *const causes[] = { "force_majeure", "social_disorder", "supply_failure" };
    load_packs();
    const Callout__V1__PolicyPack *p = pack_of(os);
    ck_assert_uint_eq(p->n_excluded, 3);
    for (size_t i = 0; i < 3; i++)
        ck_assert_str_eq(p->excluded[i]->key, causes[i]);
    ck_assert_uint_eq(pack_of(storage)->n_excluded, 0);
    ck_assert_uint_eq(pack_of(project)->n_excluded, 0);
    done();
}
END_TEST

START_TEST(each_text_is_in_both_languages)
{
    load_packs();
    for (size_t i = 0; i < all->n_objects; i++) {
        const Callout__V1__PolicyPack *p = all->objects[i]->policy;
        ck_assert(p->title->zh[0] != '\0' && p->title->en[0] != '\0');
        for (size_t k = 0; k < p->n_severities; k++)
            for (size_t t = 0; t < p->severities[k]->n_traits; t++) {
                const Callout__V1__Text *title = p->severities[k]->traits[t]->title;
                ck_assert(title->zh[0] != '\0' && title->en[0] != '\0');
            }
        for (size_t k = 0; k < p->n_conditions; k++)
            ck_assert(p->conditions[k]->title->zh[0] != '\0' &&
                      p->conditions[k]->title->en[0] != '\0');
        for (size_t k = 0; k < p->n_milestones; k++)
            ck_assert(p->milestones[k]->title->zh[0] != '\0' &&
                      p->milestones[k]->title->en[0] != '\0');
        for (size_t k = 0; k < p->n_notices; k++)
            ck_assert(p->notices[k]->subject->zh[0] != '\0' && p->notices[k]->body->en[0] != '\0' &&
                      p->notices[k]->subject->en[0] != '\0' && p->notices[k]->body->zh[0] != '\0');
    }
    done();
}
END_TEST

CHECK_MAIN("policies_cells", each_time_is_that_of_its_source_at_each_level,
           each_arrival_is_that_of_its_zone_and_level, each_trait_stands_at_the_level_of_its_source,
           what_follows_a_missed_time_is_that_of_the_source,
           the_project_commits_itself_only_where_its_conditions_hold,
           only_the_os_pack_stops_clocks_for_the_causes_of_its_source,
           each_text_is_in_both_languages)
