/* report_by.h - what a report is made by: the keys that --by names. */
#pragma once

#include "cli.h"
#include "report_sum.h"

struct report_by {
    size_t key[REPORT_BY_MAX]; /* places in the report's names, each once, in the order asked for */
    size_t count;
};

/* Reads --by, `otherwise` where it is not given. `names`: what this report can be made by. False: a
 * name is none of them; the user has been told. */
bool report_by_read(struct cli *cli, const char *otherwise, const char *const names[REPORT_BY_MAX],
                    struct report_by *ret_by);
