/* Why somebody was not asked: in words, for programs, and how far he was from it. */
#include "dispatch_choice.h"

#include <string.h>

#include "co_assert.h"

static const struct {
    const char *name;
    unsigned far; /* see dispatch_why_far() */
    const char *text;
} rows[DISPATCH_WHYS] = {
    [DISPATCH_PICKED] = { "asked", 0, "he was asked" },
    [DISPATCH_PRODUCT] = { "product", 3, "he does not work on this product" },
    [DISPATCH_SKILL] = { "level", 3, "his level is below what this severity needs" },
    [DISPATCH_UNQUALIFIED] = { "qualification", 3,
                               "he lacks a qualification that this severity needs" },
    [DISPATCH_DECLINED] = { "declined", 2, "he declined this case" },
    [DISPATCH_SILENT] = { "silent", 2, "he was asked and did not answer in time" },
    [DISPATCH_RECALLED] = { "recalled", 2, "he was taken off this case" },
    [DISPATCH_UNSOLVED] = { "unsolved", 2, "his visit did not solve it" },
    [DISPATCH_BOOKED] = { "booked", 1, "he is booked for another case" },
    [DISPATCH_OFF_DUTY] = { "off_duty", 1, "he is not on duty" },
    [DISPATCH_BUSY] = { "busy", 1, "all his visits at the same time are taken" },
    [DISPATCH_DAY_FULL] = { "day_full", 1, "he has taken as many visits in a day as he may" },
    [DISPATCH_EVENT] = { "event_duty", 0, "somebody is on event duty at this site" },
    [DISPATCH_LATER] = { "later", 0, "he would be later past the deadline" },
    [DISPATCH_FIT] = { "fit", 0, "somebody's level fits better" },
    [DISPATCH_FARTHER] = { "farther", 0, "somebody has a shorter journey" },
    [DISPATCH_LOADED] = { "loaded", 0, "somebody has less to do" },
    [DISPATCH_UNFAIR] = { "unfair", 0, "somebody had fewer visits lately" },
    [DISPATCH_TIE] = { "tie", 0, "all else equal, somebody comes first by key" },
};

const char *dispatch_why_text(enum dispatch_why why)
{
    co_assert(why < DISPATCH_WHYS);
    return rows[why].text;
}

const char *dispatch_why_name(enum dispatch_why why)
{
    co_assert(why < DISPATCH_WHYS);
    return rows[why].name;
}

enum dispatch_why dispatch_why_of(const char *name)
{
    enum dispatch_why why = 0;
    while (why < DISPATCH_WHYS && strcmp(rows[why].name, name) != 0)
        why++;
    return why;
}

unsigned dispatch_why_far(enum dispatch_why why)
{
    co_assert(why < DISPATCH_WHYS);
    return rows[why].far;
}

int dispatch_miss_compare(const struct dispatch_miss *x, const struct dispatch_miss *y)
{
    unsigned fx = dispatch_why_far(x->why), fy = dispatch_why_far(y->why);
    if (fx != fy)
        return fx < fy ? -1 : 1;
    if (x->candidate->travel_us != y->candidate->travel_us)
        return x->candidate->travel_us < y->candidate->travel_us ? -1 : 1;
    return strcmp(x->candidate->engineer, y->candidate->engineer);
}
