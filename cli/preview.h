/* preview.h - which due times of open cases a change of calendars or exclusions would move: found
 * before it is applied, by folding each open case as it is and as it would be. What sla then does
 * is the same: each case counts with the newest text of the calendars it names, and with the
 * exclusions declared for where it is.
 */
#pragma once

#include "cli_apply.h"
#include "sla_case.h"
#include "sla_wide.h"

/* -- what the change changes: preview_change.c */

struct preview_text {
    const char *key;
    const Callout__V1__Calendar *text;
    struct co_calendar *compiled; /* owned; NULL until it is wanted */
};

struct preview_change {
    struct preview_text *calendar; /* all calendars as they will be */
    size_t calendars;
    const char **changed; /* keys of those that will be other than now */
    size_t changed_count;
    Callout__V1__Exclusion **exclusion; /* all exclusions as they will be */
    size_t exclusions;
    bool has_exclusions; /* they change */
    const Callout__V1__Registry *files;
};

/* Reads what is in force and compares. Returns the exit code. */
CO_MUST_CHECK int preview_change_read(struct cli *cli, const struct cli_change *change,
                                      struct preview_change *ret);
void preview_change_done(struct preview_change *c);

/* The calendar of that key as it will be; NULL: it will be gone, or cannot be compiled. */
const struct co_calendar *preview_change_calendar(struct preview_change *c, const char *key);

/* The exclusions that will be declared for a case, in its arena. CO_ENOMEM. */
CO_MUST_CHECK enum co_err preview_change_exclusions(const struct preview_change *c,
                                                    const Callout__V1__CaseOpened *opened,
                                                    struct co_arena *arena,
                                                    struct sla_wide *ret_wide);

/* -- the versions that cases are under: preview_versions.c */

struct preview_versions;
struct preview_versions *preview_versions_new(struct cli *cli); /* NULL: no memory */
void preview_versions_free(struct preview_versions *v);         /* NULL is allowed */

/* The pack and the calendars of a case. Returns the exit code; *ret_policy NULL: they cannot be
 * used, which is no failure. */
CO_MUST_CHECK int preview_versions_find(struct preview_versions *v, struct co_arena *arena,
                                        const Callout__V1__SlaState *state,
                                        const Callout__V1__PolicyPack **ret_policy,
                                        struct sla_calendars *ret_calendars);

/* -- the whole: preview.c */

struct preview {
    Callout__V1__Moved **moved; /* due first; in the arena of the command */
    size_t count, cap;
    uint64_t open, cases, skipped; /* cases looked at, cases of which something moves, cases that
                                      could not be computed */
    struct preview_change change;
    bool is_needed; /* something that can move due times changes */
};

/* Looks at all open cases. Returns the exit code. */
CO_MUST_CHECK int preview_run(struct cli *cli, const struct cli_change *change,
                              struct preview *ret);
void preview_show(struct cli *cli, const struct preview *p); /* for people */
