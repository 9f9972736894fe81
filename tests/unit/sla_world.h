/* sla_world.h - a small world for the tests of the sla core: a policy pack made piece by piece, a
 * calendar, inputs in virtual time, and the outputs as text.
 *
 * Times are given in minutes after T0, Monday 2026-03-02 09:00 in Beijing; people work Monday to
 * Friday, 09:00 to 18:00. All memory is the world's. Failures of memory end the test.
 */
#pragma once

#include "sla_fold.h"

#define ACT(name) CALLOUT__V1__ACT__ACT_##name
#define ROLE(name) CALLOUT__V1__ROLE__ROLE_##name
#define TARGET(name) CALLOUT__V1__TARGET_KIND__TARGET_##name
#define ACTION(name) CALLOUT__V1__ACTION_KIND__ACTION_##name
#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

#define MINUTE INT64_C(60000000)
#define HOUR (60 * MINUTE)
#define T0 INT64_C(1772413200000000)

struct world {
    struct co_arena *arena;
    struct co_calendar *calendar;           /* of the site: "cn" */
    struct co_calendar *later;              /* its next version, or NULL: world_later() */
    struct sla_named_calendar site;         /* calendar NULL: "cn" */
    const struct sla_named_calendar *named; /* that milestones name */
    size_t named_count;
    Callout__V1__PolicyPack *pack; /* 4 levels, 4 is the default */
    Callout__V1__CaseOpened *opened;
    Callout__V1__SlaInput *inputs[2000];
    size_t input_count;
    Callout__V1__Exclusion **exclusions;
    size_t exclusion_count;
    struct sla_fold fold;
    uint64_t seq;
};

/* What the case counts with: the calendar of the site, and those that milestones name. */
static inline struct sla_calendars world_calendars(const struct world *w)
{
    struct sla_named_calendar own = { "cn", w->calendar };
    return (struct sla_calendars){ .site = w->site.calendar != NULL ? w->site : own,
                                   .named = w->named,
                                   .named_count = w->named_count };
}

void world_init(struct world *w);
void world_done(struct world *w);
/* A next version of the calendar: Tuesday 2026-03-03 is a holiday after all, and Wednesdays close
 * at 15:00. The pins of a case that counts with it. */
Callout__V1__CalendarRebased *world_later(struct world *w, struct co_arena *arena);

void *world_message(struct world *w, const ProtobufCMessageDescriptor *type);
char *world_text(struct world *w, const char *text);

/* -- the pack. Lists end with ACT_NONE or NULL. */
Callout__V1__Milestone *world_milestone(struct world *w, const char *name, Callout__V1__Act start,
                                        Callout__V1__Act stop);
void world_start(struct world *w, Callout__V1__Milestone *m, Callout__V1__Act act);
void world_start_unless_cancelled(struct world *w, Callout__V1__Milestone *m, Callout__V1__Act a);
void world_cancel(struct world *w, Callout__V1__Milestone *m, Callout__V1__Act act);
void world_pause(struct world *w, Callout__V1__Milestone *m, Callout__V1__Act pause,
                 Callout__V1__Act resume);
void world_suspend(struct world *w, Callout__V1__Milestone *m, Callout__V1__Act suspend,
                   Callout__V1__Act restart);
void world_by_condition(struct world *w, Callout__V1__Milestone *m, const char *condition);
void world_target(struct world *w, Callout__V1__Milestone *m, uint32_t severity,
                  Callout__V1__TargetKind kind, int64_t amount);
/* The target of a level is left to the contract. */
void world_from_contract(struct world *w, Callout__V1__Milestone *m, uint32_t severity,
                         Callout__V1__TargetKind kind, int64_t amount);
/* The contract's figure for a milestone and level. */
void world_figure(struct world *w, const char *milestone, uint32_t severity,
                  Callout__V1__TargetKind kind, int64_t amount);
void world_agree(struct world *w, Callout__V1__Milestone *m, Callout__V1__Act act);
/* Running minutes for levels 1 to 4; 0: no target. */
void world_minutes(struct world *w, Callout__V1__Milestone *m, int64_t a, int64_t b, int64_t c,
                   int64_t d);
void world_warn(struct world *w, Callout__V1__Milestone *m, uint32_t percent, int64_t before_us);
Callout__V1__Action *world_on_breach(struct world *w, Callout__V1__Milestone *m,
                                     Callout__V1__ActionKind kind);
Callout__V1__Action *world_on_warning(struct world *w, Callout__V1__Milestone *m,
                                      Callout__V1__ActionKind kind);
/* At the last warning that was added. */
Callout__V1__Action *world_at_warning(struct world *w, Callout__V1__Milestone *m,
                                      Callout__V1__ActionKind kind);
void world_only_at(struct world *w, Callout__V1__Action *a, uint32_t severity);
/* A step of the ladder, so long after the breach. */
void world_ladder(struct world *w, Callout__V1__Milestone *m, int64_t after_us);
void world_condition(struct world *w, const char *key);
void world_bar(struct world *w, uint32_t from, uint32_t to, const char *a, const char *b);
void world_signer(struct world *w, Callout__V1__Role role);
void world_waiver(struct world *w, Callout__V1__Role role);
/* The rings of A up to 40, 81 and beyond, with level 1 and 2: 120 / 180, 240 / 300 minutes, then
 * agreed. */
void world_zones(struct world *w);
/* Exclusions of that cause count. */
void world_excluded(struct world *w, const char *cause);
void world_only(struct world *w, Callout__V1__Milestone *m, const char *condition);
void world_unless(struct world *w, Callout__V1__Milestone *m, const char *condition);
void world_pause_by(struct world *w, Callout__V1__Milestone *m, const char *condition);
Callout__V1__Milestone *world_arrival(struct world *w); /* with those zones */

/* A step of that role, after the one of the key `after` (NULL: none). */
Callout__V1__Step *world_step(struct world *w, const char *key, Callout__V1__Role responsible,
                              const char *after);
void world_accepted_by(struct world *w, Callout__V1__Step *s, Callout__V1__Role role);
void world_opened_by(struct world *w, Callout__V1__Step *s, Callout__V1__Act act);
void world_done_by(struct world *w, Callout__V1__Step *s, Callout__V1__Act act);
void world_needed_only(struct world *w, Callout__V1__Step *s, const char *condition);
void world_finishes(struct world *w, const char *step);
void world_start_step(struct world *w, Callout__V1__Milestone *m, const char *step);
void world_stop_step(struct world *w, Callout__V1__Milestone *m, const char *step);
void world_pause_step(struct world *w, Callout__V1__Milestone *m, const char *step);

/* -- the case */
Callout__V1__SlaInput *world_input(struct world *w, int64_t minute, Callout__V1__Act act);
/* Opens at minute 0: reported and entitled. */
void world_open(struct world *w, uint32_t severity);
Callout__V1__SlaInput *world_set(struct world *w, int64_t minute, const char *condition);
Callout__V1__SlaInput *world_clear(struct world *w, int64_t minute, const char *condition);
Callout__V1__SlaInput *world_by(struct world *w, int64_t minute, Callout__V1__Act act,
                                Callout__V1__Role role);
/* An act of a step. */
Callout__V1__SlaInput *world_step_act(struct world *w, int64_t minute, Callout__V1__Act act,
                                      const char *step, Callout__V1__Role role);
void world_level(struct world *w, int64_t minute, uint32_t severity);
/* An exclusion from that minute until the other; 0: not over. */
Callout__V1__Exclusion *world_exclusion(struct world *w, const char *key, const char *cause,
                                        int64_t from, int64_t until);
/* It is declared, or changed; withdrawn. */
void world_declare(struct world *w, Callout__V1__Exclusion *exclusion);
void world_take_back(struct world *w, Callout__V1__Exclusion *exclusion);
void world_locate(struct world *w, int64_t minute, double km);

struct sla_fold_input world_fold_input(struct world *w, int64_t minute);
/* Folds up to that minute and tells the outputs, one per line. */
const char *world_story(struct world *w, int64_t minute);
/* The same for any events. */
const char *world_tell(struct world *w, Callout__V1__Event *const *events, size_t count);
