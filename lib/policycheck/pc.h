/* pc.h - what the files of co_policycheck share. Nobody else includes it. */
#pragma once

#include <string.h>

#include "co_arena.h"
#include "co_calendar.h"
#include "co_pack.h"
#include "co_policycheck.h"

#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name
#define TARGET(name) CALLOUT__V1__TARGET_KIND__TARGET_##name
#define ACTION(name) CALLOUT__V1__ACTION_KIND__ACTION_##name
#define ON(name) CALLOUT__V1__NOTICE_ON__NOTICE_ON_##name

enum { PC_LEVELS_MAX = 32, PC_PATH = 128 };

struct pc_calendar {
    const Callout__V1__Calendar *calendar;
    struct co_calendar *compiled;
};

/* A pack with what holds under it in the span. */
struct pc_pack {
    const Callout__V1__PolicyPack *pack;
    const Callout__V1__Contract **contracts;
    size_t contract_count;
};

struct pc {
    const struct co_policycheck_ask *ask;
    const struct co_registry *registry;
    struct co_arena *arena;
    const char *check;             /* that runs now */
    struct pc_calendar *calendars; /* in the order of the registry */
    size_t calendar_count;
    struct pc_pack *packs; /* in the order of the registry */
    size_t pack_count;
    const Callout__V1__Site **sites; /* by customer */
    size_t site_count;
    struct co_finding *findings;
    size_t count;
    size_t cap;
    bool is_out_of_memory;
};

/* Where a finding is, and when it shows; example_us 0: the start of the span. */
struct pc_place {
    enum co_kind kind;
    const char *key;
    const char *path;
    int64_t example_us;
};

void pc_say(struct pc *p, enum co_finding_level level, struct pc_place place, const char *format,
            ...) __attribute__((format(printf, 4, 5)));

/* A place in a pack: "milestones[2].on_breach[0]". */
struct pc_place pc_in_pack(struct pc *p, const Callout__V1__PolicyPack *pack, const char *format,
                           ...) __attribute__((format(printf, 3, 4)));

char *pc_text(struct pc *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void *pc_alloc(struct pc *p, size_t size);

/* "pm", "service_manager" ... in the arena. */
const char *pc_role(struct pc *p, Callout__V1__Role role);

/* NULL: unknown, or it does not compile. */
const struct pc_calendar *pc_find_calendar(const struct pc *p, const char *key);

/* ---- packs, pc_pack.c */

/* Sorts contracts by pack and sites by customer; false: out of memory. */
bool pc_index(struct pc *p);

/* The sites of a customer: ret_first[0..count). */
size_t pc_sites(const struct pc *p, const char *customer,
                const Callout__V1__Site *const **ret_first);

/* Does the contract cover this site of its customer? */
bool pc_is_covered(const Callout__V1__Contract *c, const Callout__V1__Site *site);

/* Calls `each` for the contracts under the pack that hold at some time of the span. */
void pc_contracts(struct pc *p, const Callout__V1__PolicyPack *pack,
                  void (*each)(struct pc *p, const Callout__V1__Contract *contract, void *arg),
                  void *arg);

/* The levels at which the milestone is promised, or may be by a contract: a bit level - 1 each. */
uint32_t pc_promised(const Callout__V1__Milestone *m);

/* Is the level among them; an empty list has all. */
bool pc_has_level(const uint32_t *list, size_t count, uint32_t level);
uint32_t pc_levels(const uint32_t *list, size_t count); /* as bits; an empty list: all */
bool pc_has_act(const Callout__V1__Act *list, size_t count, Callout__V1__Act act);
bool pc_has_word(char *const *list, size_t count, const char *word);
bool pc_has_role(const Callout__V1__Role *list, size_t count, Callout__V1__Role role);

/* Calls `each` for every action of the milestone with its place in the pack. */
struct pc_action {
    const Callout__V1__Action *action;
    const char *path;
    bool is_breach; /* else of a warning */
};
void pc_actions(struct pc *p, const Callout__V1__PolicyPack *pack, size_t milestone,
                void (*each)(struct pc *p, const struct pc_action *a, void *arg), void *arg);

/* ---- the checks */
void pc_check_steps(struct pc *p, const Callout__V1__PolicyPack *pack);
void pc_check_actions(struct pc *p, const Callout__V1__PolicyPack *pack);
void pc_check_notices(struct pc *p, const Callout__V1__PolicyPack *pack);
void pc_check_warnings(struct pc *p, const Callout__V1__PolicyPack *pack);
void pc_check_severities(struct pc *p, const Callout__V1__PolicyPack *pack);
void pc_check_loops(struct pc *p, const Callout__V1__PolicyPack *pack);
void pc_check_roles(struct pc *p, const Callout__V1__PolicyPack *pack);
void pc_check_staff(struct pc *p, const Callout__V1__PolicyPack *pack);
void pc_check_contracts(struct pc *p);
void pc_check_years(struct pc *p);
void pc_check_regions(struct pc *p);
void pc_check_places(struct pc *p);
