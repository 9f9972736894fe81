/* sla_target.h - which target holds, and when it is due. Pure.
 *
 * Targets of time go on where they stood. Of targets of days, a day does not count while whose
 * closing the clock stands: from before it until then or longer. So whole days of standing move the
 * due time by as many days that count. An agreed time never moves, and a dated one only with its
 * date.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/event.pb-c.h"
#include "callout/v1/policy.pb-c.h"
#include "co_calendar.h"
#include "sla_zone.h"

/* A target after the zone table was looked at. */
struct sla_goal {
    Callout__V1__TargetKind kind; /* TARGET_NONE: no promise; TARGET_ZONE: not located yet */
    int64_t amount;
    int64_t date_us;    /* that a dated target counts from; 0: not known, or another target */
    uint32_t severity;  /* level whose target this is */
    char *zone;         /* name of the zone, or NULL; borrowed from the pack */
    char *region;       /* that decided, or NULL; the same */
    char *other_zone;   /* beyond the edge near by, or NULL; the same */
    char *table;        /* zone table that the target is looked up in, or NULL */
    bool from_contract; /* a figure of the contract, not of the pack */
    const Callout__V1__Milestone *rules; /* of counting days; NULL for TARGET_NONE */
    bool lacks_data;                     /* set by sla_goal_due() */
    bool is_same_day;                    /* set by it too: the end of the day came first */
};

/* Why a clock stands. why NULL: it does not. */
struct sla_reason {
    const char *why;  /* "act", "condition", "exclusion" */
    const char *name; /* of the act in lower case, "waiting_customer"; key of the condition, or of
                         the exclusion */
};

/* A time when a clock stood, for one reason: of several in force the one that came first. */
struct sla_pause {
    int64_t from_us;
    int64_t until_us; /* INT64_MAX: it lasts; only the last one */
    struct sla_reason reason;
};

/* Rising; they touch where one reason took over from another. */
struct sla_pauses {
    struct sla_pause *pause;
    size_t count;
    size_t cap;
};

/* Whether the clock stands when a day closes at `us`: in the last moment before. A pause that lasts
 * is taken as if it ended at once. */
bool sla_pauses_stand_at(const struct sla_pauses *pauses, int64_t us);

/* When what a case is about takes place. */
struct sla_date {
    int64_t from_us;  /* 0: not known */
    int64_t until_us; /* exclusive; 0: a point in time */
};

/* What targets of one case depend on. */
struct sla_terms {
    const Callout__V1__PolicyPack *policy;
    const Callout__V1__CaseOpened *opened; /* has the contract's figures; NULL: none */
    struct sla_place place;
    struct sla_date date;
};

/* The target of a milestone at a level. Where the pack leaves it to the contract, also within a
 * zone table, the contract's figure for milestone and level wins; without one what stands in the
 * pack holds. */
struct sla_goal sla_goal_find(const struct sla_terms *terms,
                              const Callout__V1__Milestone *milestone, uint32_t severity);

/* "running" ... as in TargetBasis.kind; "" for TARGET_NONE and TARGET_ZONE. */
const char *sla_goal_name(const struct sla_goal *goal);
bool sla_goal_is_pausable(const struct sla_goal *goal); /* all but agreed and dated times */
bool sla_goal_is_dated(const struct sla_goal *goal);
bool sla_goal_is_time(const struct sla_goal *goal); /* counted in microseconds, not days */
bool sla_goal_uses_calendar(const struct sla_goal *goal);

/* The rule of counting N working days. */
struct co_nth_day sla_goal_nth_day(const struct sla_goal *goal, int32_t n);

/* When the goal is due, 0 when that is not known: not located, not agreed (agreed_us 0), no date,
 * or outside of what the calendar covers (lacks_data is then set). While the clock stands: when it
 * would be, had it gone on at once. */
int64_t sla_goal_due(struct sla_goal *goal, const struct co_calendar *calendar, int64_t start_us,
                     const struct sla_pauses *pauses, int64_t agreed_us);

/* When `percent` of the way from start to due is gone, times when it stood left out: of the amount
 * for targets of time, else of the time in between. 0: not known. */
int64_t sla_goal_part(const struct sla_goal *goal, const struct co_calendar *calendar,
                      int64_t start_us, const struct sla_pauses *pauses, int64_t due_us,
                      uint32_t percent);

/* What counts between two times for a goal of time: running or working time. 0 where the calendar
 * does not cover it. */
int64_t sla_goal_counted(const struct sla_goal *goal, const struct co_calendar *calendar,
                         int64_t from_us, int64_t to_us);
