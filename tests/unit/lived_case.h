/* lived_case.h - the journal of a case under the storage pack of policies/, made by the sla core as
 * the service makes it: reported on 2026-09-30 11:00 in Beijing, the day before a week of holidays,
 * at level 3, with a journey of two working days. Somebody waits for the customer for half an hour,
 * there is a flood for ten minutes, then the level becomes 2. For the tests of what is computed from journals.
 */
#pragma once

#include "callout/v1/registry.pb-c.h"
#include "co_yaml.h"
#include "refold.h"
#include "sla_case.h"

#define LIVED_REPORTED INT64_C(1790737200000000) /* 2026-09-30 11:00 in Beijing */
#define LIVED_MINUTE INT64_C(60000000)
#define LIVED_ENTRIES 200

struct lived_case {
    struct co_arena *arena;
    struct co_yaml *yaml;
    Callout__V1__PolicyPack *policy; /* may be changed before lived_case_live() */
    Callout__V1__Calendar *calendar;
    Callout__V1__CaseOpened *opened; /* its pins are set, and may be changed too */
    struct sla_journal_entry entry[LIVED_ENTRIES];
    int64_t taken_us[LIVED_ENTRIES];
    size_t count;
    struct sla_case c;
};

/* `source`: the root of the source tree. */
void lived_case_init(struct lived_case *l, const char *source);
void lived_case_done(struct lived_case *l);

/* Lives it up to two hours after the report. */
void lived_case_live(struct lived_case *l);

/* The next entry, as if the journal had taken it `minute` after the report. */
void lived_case_note(struct lived_case *l, int64_t minute, Callout__V1__Event__BodyCase kind,
                     void *body);
void *lived_case_message(struct lived_case *l, const ProtobufCMessageDescriptor *type);
char *lived_case_text(struct lived_case *l, const char *text);

/* Computed anew, with the texts put in; refold_done() in the end. */
void lived_case_refold(struct lived_case *l, struct refold *ret);

/* The newest generation of a milestone. */
const Callout__V1__ClockAccount *lived_case_clock(const struct refold *r, const char *milestone);
