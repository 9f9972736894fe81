/* suite_check.h - how the suite is, as monitoring plug-ins say it: measures of a Status, thresholds, one line.
 *
 * Pure. Thresholds are ranges as the Monitoring Plugins' guidelines have them: "10" is bad below 0 or above 10, "10:" below 10,
 * "~:10" above 10, "10:20" outside of both, "@10:20" inside of them, ends included.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/intake.pb-c.h"
#include "co_buf.h"

/* Exit codes of a plug-in, too. */
enum check_state { CHECK_OK, CHECK_WARNING, CHECK_CRITICAL, CHECK_UNKNOWN, CHECK_STATES };
const char *suite_check_state_name(enum check_state state); /* "OK" ... */

struct check_range {
    double low, high; /* may be infinite */
    bool is_inside;   /* bad is what lies within */
};

/* False: not a range, or its low end is above its high end. */
bool suite_check_range_parse(const char *text, struct check_range *ret);
bool suite_check_range_is_bad(const struct check_range *range, double value);

enum check_measure {
    CHECK_WITHOUT_PROCESS,
    CHECK_LANES,
    CHECK_LAG,
    CHECK_ENTRIES,
    CHECK_TIMERS,
    CHECK_PARKED,
    CHECK_DEAD,
    CHECK_ASIDE,
    CHECK_GONE,
    CHECK_ROOM,
    CHECK_HOLIDAYS,
    CHECK_TIME,
    CHECK_MEASURES
};

struct check_threshold {
    const char *text; /* "": none; borrowed */
    struct check_range range;
};

struct check {
    double value[CHECK_MEASURES];
    struct check_threshold warning[CHECK_MEASURES], critical[CHECK_MEASURES];
};

/* The thresholds that hold where nobody says otherwise. */
void suite_check_init(struct check *c);

/* "parked=5", or "parked=" for none. NULL, else what is wrong, a static text. */
const char *suite_check_set(struct check *c, bool is_critical, const char *words);

const char *suite_check_measure_name(enum check_measure m);

/* Takes the values out of a status that took so long to get. */
void suite_check_look(struct check *c, const Callout__V1__Status *status, int64_t took_us);

/* The worst of all measures. Appends "CALLOUT STATE - what is bad, or how it is | measures", without a line break. */
enum check_state suite_check_say(const struct check *c, const Callout__V1__Status *status, struct co_buf *out);
