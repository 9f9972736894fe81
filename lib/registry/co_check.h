/* co_check.h - what the files of co_registry_check share. Nobody else includes it. */
#pragma once

#include <stdbool.h>

#include "co_arena.h"
#include "co_registry_check.h"

#define CO_CHECK_PATH 256
#define CO_CHECK_ENUM_NAME 64
#define CO_CHECK_NAMES 256 /* of a pack that are looked at for one word */

struct co_check {
    const struct co_registry *registry;
    const struct co_object *object; /* the one being checked */
    struct co_arena *arena;
    struct co_strmap *client_keys; /* to whose they are; as far as the walk has come */
    struct co_problem *problem; /* CO_PROBLEMS_MAX */
    size_t count;
    bool is_out_of_memory;
    bool is_reference; /* what is said now is of an object that is not in the registry */
    char path[CO_CHECK_PATH];
    size_t path_len;
};

/* The path below the object: returns what check_pop() wants. */
size_t check_push(struct co_check *c, const char *name);
size_t check_push_index(struct co_check *c, const char *name, size_t i);
void check_pop(struct co_check *c, size_t mark);

/* Says what is wrong at the path, or at a field below it. */
void check_say(struct co_check *c, const char *field, const char *allowed, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A key: 1..64 of a-z 0-9 . _ - */
void check_key(struct co_check *c, const char *field, const char *key);
/* A name in a pack: 1..64 of a-z 0-9 _, a letter first. */
void check_name(struct co_check *c, const char *field, const char *name);
/* At least one language. */
void check_text(struct co_check *c, const char *field, const Callout__V1__Text *text);
/* A key of that kind; "" is fine unless it is required. */
void check_ref(struct co_check *c, const char *field, enum co_kind kind, const char *key,
               bool is_required);
/* Keys of that kind. */
void check_refs(struct co_check *c, const char *field, enum co_kind kind, char *const *keys,
                size_t count);
/* One of the names. */
bool check_word(struct co_check *c, const char *field, const char *word, const char *const *names,
                size_t count);
/* low..high, both included. */
void check_range(struct co_check *c, const char *field, double x, double low, double high);
/* As it is written in files; "?" when there is none. */
void check_enum_name(const ProtobufCEnumDescriptor *d, int value,
                     char name[static CO_CHECK_ENUM_NAME]);
/* A known value other than 0. */
void check_enum(struct co_check *c, const char *field, const ProtobufCEnumDescriptor *d, int value);
void check_roles(struct co_check *c, const char *field, const Callout__V1__Role *roles,
                 size_t count);
/* Acts that a case remembers. */
void check_acts(struct co_check *c, const char *field, const Callout__V1__Act *acts, size_t count);
/* The field "roles": at least one. */
void check_some_roles(struct co_check *c, const Callout__V1__Role *roles, size_t count);

/* the kinds */
void check_customer(struct co_check *c, const Callout__V1__Customer *x);
void check_site(struct co_check *c, const Callout__V1__Site *x);
void check_person(struct co_check *c, const Callout__V1__Person *x);
void check_office(struct co_check *c, const Callout__V1__Office *x);
void check_engineer(struct co_check *c, const Callout__V1__Engineer *x);
void check_product(struct co_check *c, const Callout__V1__Product *x);
void check_contract(struct co_check *c, const Callout__V1__Contract *x);
void check_calendar(struct co_check *c, const Callout__V1__Calendar *x);
void check_policy(struct co_check *c, const Callout__V1__PolicyPack *x);
void check_sessions(struct co_check *c, const Callout__V1__PolicyPack *x);
/* A state of ConsentChanged. */
void check_consent_state(struct co_check *c, const char *field, const char *what);
void check_channel(struct co_check *c, const Callout__V1__Channel *x);
void check_client(struct co_check *c, const Callout__V1__Client *x);
void check_desk(struct co_check *c, const Callout__V1__Desk *x);
void check_exclusion(struct co_check *c, const Callout__V1__Exclusion *x);
void check_roster(struct co_check *c, const Callout__V1__Roster *x);
void check_area(struct co_check *c, const Callout__V1__Area *x);
void check_plan(struct co_check *c, const Callout__V1__Plan *x);
void check_resource(struct co_check *c, const Callout__V1__Resource *x);
void check_advisory(struct co_check *c, const Callout__V1__Advisory *x);
/* The field "position". */
void check_position(struct co_check *c, const Callout__V1__Position *p);
/* A position in the boxes of those of its areas that have one. */
void check_is_in_areas(struct co_check *c, const Callout__V1__Position *p, char *const *regions,
                       size_t count);

void check_contract_lots(struct co_check *c, const Callout__V1__Contract *x);

/* parts of a pack */
void check_pack_steps(struct co_check *c, const Callout__V1__PolicyPack *x);
void check_staff(struct co_check *c, const Callout__V1__PolicyPack *x);
void check_step_name(struct co_check *c, const char *field, const Callout__V1__PolicyPack *x,
                     const char *name);
/* Keys of steps of the pack. */
void check_step_names(struct co_check *c, const char *field, const Callout__V1__PolicyPack *x,
                      char *const *names, size_t count);
void check_milestones(struct co_check *c, const Callout__V1__PolicyPack *x);
void check_zones(struct co_check *c, const Callout__V1__PolicyPack *x);
void check_targets(struct co_check *c, const Callout__V1__PolicyPack *x,
                   Callout__V1__Target *const *targets, size_t count, bool is_ring);
/* A target that stands in a contract. */
void check_figure(struct co_check *c, const Callout__V1__PolicyPack *x,
                  const Callout__V1__Target *t);
/* NULL: there is none. */
const Callout__V1__ZoneTable *check_find_zones(const Callout__V1__PolicyPack *x, const char *name);
size_t check_milestone_names(const Callout__V1__PolicyPack *x,
                             const char *names[static CO_CHECK_NAMES]);
void check_actions(struct co_check *c, const char *field, const Callout__V1__PolicyPack *x,
                   const Callout__V1__Milestone *m, Callout__V1__Action *const *actions,
                   size_t count);
void check_warnings(struct co_check *c, const Callout__V1__PolicyPack *x,
                    const Callout__V1__Milestone *m);
/* Steps that rise, counted from `since` ("the breach"); their roles are checked by the caller. */
void check_steps(struct co_check *c, const char *field, Callout__V1__EscalationStep *const *steps,
                 size_t count, const char *since);
void check_ladder(struct co_check *c, const Callout__V1__PolicyPack *x,
                  const Callout__V1__Milestone *m);
/* The templates of a notice on `on`, in each language. NULL is allowed. */
void check_templates(struct co_check *c, const char *field, Callout__V1__NoticeOn on,
                     const Callout__V1__Text *text);
/* What a rule has beside its body: HTML, markdown, a line. */
void check_notice_forms(struct co_check *c, const Callout__V1__NoticeRule *r);
void check_notices(struct co_check *c, const Callout__V1__PolicyPack *x);
void check_severities(struct co_check *c, const char *field, const Callout__V1__PolicyPack *x,
                      const uint32_t *severities, size_t count);
void check_conditions(struct co_check *c, const char *field, const Callout__V1__PolicyPack *x,
                      char *const *names, size_t count);

/* parts of sites, contracts and exclusions */
void check_site_conditions(struct co_check *c, const Callout__V1__Site *x);
void check_site_installed(struct co_check *c, const Callout__V1__Site *x);
/* The keys of the versions of a product, for "did you mean". */
size_t check_version_keys(const Callout__V1__Product *p, const char *keys[static CO_CHECK_NAMES]);
/* The field "versions": versions of the product, each once. */
void check_version_list(struct co_check *c, const Callout__V1__Product *p, char *const *versions,
                        size_t n);
void check_contract_versions(struct co_check *c, const Callout__V1__Contract *x);
void check_contract_figures(struct co_check *c, const Callout__V1__Contract *x);
void check_contract_renewal(struct co_check *c, const Callout__V1__Contract *x);
void check_contract_liability(struct co_check *c, const Callout__V1__Contract *x);
/* A cause of exclusions: some pack has it. */
void check_cause(struct co_check *c, const char *field, const char *cause);
