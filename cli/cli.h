/* cli.h - what every command of `callout` has at hand. One struct cli per process, one thread.
 *
 * A command is a row of cli_commands[] (cli_commands.c): its name, its options, and a function that
 * returns the exit code. Answers go to `out`, everything else to `err`.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "callout/v1/intake.pb-c.h"
#include "co_arena.h"
#include "co_client.h"
#include "co_err.h"
#include "co_why.h"

/* Exit codes, shown by --help. */
enum cli_exit {
    CLI_OK = 0,
    CLI_FAILED = 1,      /* anything that is none of the following */
    CLI_USAGE = 2,       /* the command line is wrong */
    CLI_REFUSED = 3,     /* invalid, forbidden, or refused by the case */
    CLI_NOT_FOUND = 4,   /* no such case, object or file */
    CLI_CONFLICT = 5,    /* same key, other content; or changed meanwhile */
    CLI_UNAVAILABLE = 6, /* nobody there, busy, or no answer in time */
};

struct cli_option {
    const char *name;  /* without "--"; NULL ends a list */
    char letter;       /* 0: none */
    const char *value; /* what stands for the value in the help; NULL: the option takes none */
    const char *help;
};

enum { CLI_GIVEN_MAX = 256 };

/* The command line, taken apart; texts are those of argv. */
struct cli_args {
    const struct cli_option *option[CLI_GIVEN_MAX];
    const char *value[CLI_GIVEN_MAX];
    size_t given;
    const char *word[CLI_GIVEN_MAX]; /* what is no option */
    size_t words;
};

enum cli_language { CLI_EN, CLI_ZH };

struct co_yaml;

struct cli {
    FILE *out;
    FILE *err;
    bool is_terminal; /* of `out` */
    unsigned columns; /* of the terminal; 0: unlimited */
    bool is_json;
    enum cli_language language;
    int timeout_ms;
    const struct cli_args *args;
    struct co_arena *arena;      /* for as long as the command runs */
    struct co_client *client;    /* made by the first cli_call() */
    Callout__V1__Code last_code; /* of the last reply that cli_call() got; CODE_OK: of none, too */
    const struct co_yaml *files; /* being applied: where problems stand; NULL: none */
    char endpoint[256];          /* settings; empty: not given */
    char server_key[CO_KEY_TEXT];
    char key_file[1024];
    char signing_key_file[1024];
    char database_url[1024];
    char client_name[CO_KEY_TEXT + 64];
};

struct cli_command {
    const char *name;
    const char *words;                /* "NUMBER ACT" */
    const char *summary;              /* one line */
    const char *help;                 /* more, may be NULL; ends with a line break */
    const struct cli_option *options; /* its own; may be NULL */
    size_t words_min, words_max;
    int (*run)(struct cli *cli);
};

extern const struct cli_command cli_commands[]; /* ends with name NULL */
extern const struct cli_option cli_shared_options[];

/* cli_args.c */

/* Takes argv apart, from `from` on; options of the command and shared ones, in any place, also as
 * --name=value and -ovalue; "--" ends them. CO_EINPUT: why says what is wrong and what was meant.
 */
CO_MUST_CHECK enum co_err cli_args_read(struct cli_args *ret_args, const struct cli_option *own,
                                        const struct cli_option *shared, int argc, char **argv,
                                        struct co_why *why);
bool cli_has(const struct cli *cli, const char *option);
const char *cli_value(const struct cli *cli,
                      const char *option); /* the last one given; NULL: not given */
const char *cli_value_or(const struct cli *cli, const char *option, const char *otherwise);

/* All values of an option that may be repeated, as texts of the arena's; *ret_n says how many. */
char **cli_values(struct cli *cli, const char *option, size_t *ret_n);

/* For fields of messages, whose texts are not const: a copy in the arena; "" for NULL. */
char *cli_text(struct cli *cli, const char *text);

/* Typed values; false: said on `err` what is allowed. The result is untouched when not given. */
CO_MUST_CHECK bool cli_read_count(struct cli *cli, const char *option, uint32_t max, uint32_t *ret);
CO_MUST_CHECK bool cli_read_time(struct cli *cli, const char *option, int64_t *ret_us);
CO_MUST_CHECK bool cli_read_length(struct cli *cli, const char *option, int64_t *ret_us);

/* A moment as people write it: RFC 3339, "2026-02-17 09:30[:00]" here, "2026-02-17" for its
 * midnight here, "09:30" today, "now", "-20m", "+2h". */
CO_MUST_CHECK enum co_err cli_time_parse(const char *text, int64_t now_us, int64_t *ret_us);

/* cli_settings.c: from options, the environment, the settings file, built-in values, in that order.
 */
CO_MUST_CHECK bool cli_settings_read(struct cli *cli);

/* cli_help.c */
void cli_help(FILE *to);
void cli_help_command(FILE *to, const struct cli_command *command);

/* cli_say.c */
int cli_usage(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
int cli_fail(struct cli *cli, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void cli_note(struct cli *cli, const char *format, ...) __attribute__((format(printf, 2, 3)));
int cli_exit_of(enum co_err err);
void cli_yaml_problems(struct cli *cli, const struct co_yaml *yaml); /* a line for each */

/* Looks at the policy packs of files for mistakes that need nothing from elsewhere, and says each
 * with its file and line. Returns how many there are; 0 also when memory is out: the daemon checks
 * everything again. */
size_t cli_pack_problems(struct cli *cli, const struct co_yaml *yaml,
                         const Callout__V1__Registry *registry);

/* A line on `err` that says what is going on; shown from two seconds on, at most once a second on
 * a terminal, in place, and each 15 seconds elsewhere. `since_ms` 0 starts the clock. */
struct cli_progress {
    int64_t start_ms;
    int64_t shown_ms;
    bool is_shown;
};
void cli_progress(struct cli *cli, struct cli_progress *p, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same behind a bar and the share of `all` that is done. */
void cli_progress_bar(struct cli *cli, struct cli_progress *p, size_t done, size_t all,
                      const char *format, ...) __attribute__((format(printf, 5, 6)));
void cli_progress_end(struct cli *cli, struct cli_progress *p);

int64_t cli_now_us(void);
int64_t cli_mono_ms(void);

/* cli_call.c */

/* Asks intake. Returns CLI_OK with the reply when its code is CODE_OK (or CODE_PENDING); else says
 * on `err` what went wrong, what is allowed, and returns the exit code. The reply lives until the
 * next call. `wait_ms` is added to the time the user gives. */
CO_MUST_CHECK int cli_call(struct cli *cli, Callout__V1__Request *request, int wait_ms,
                           Callout__V1__Reply **ret_reply);
CO_MUST_CHECK int cli_query(struct cli *cli, Callout__V1__Query *query,
                            Callout__V1__QueryResult **ret_result);
/* Domain time, as intake knows it. */
CO_MUST_CHECK int cli_domain_now(struct cli *cli, int64_t *ret_us);

/* Where the next page of a query begins, in memory that outlives the reply and the arena. */
struct cli_cursor {
    uint8_t bytes[256];
    size_t len;
};

/* Moves on to the page after `page`; false: there is none. */
CO_MUST_CHECK bool cli_cursor_move(struct cli_cursor *cursor, Callout__V1__Query *query,
                                   const Callout__V1__QueryResult *page);

/* Calls `each` for all journal entries of a case that are there now, in their order. */
CO_MUST_CHECK int
cli_entries(struct cli *cli, const char *number,
            void (*each)(struct cli *cli, const Callout__V1__EntryRow *row, void *arg), void *arg);

/* Prints a message as JSON: whole, and its end flushed. */
int cli_print_json(struct cli *cli, const ProtobufCMessage *message, bool is_line);

/* A new key for a request that the user gave none: "cli-" and 128 random bits. */
char *cli_new_key(struct cli *cli);

/* Says what became of a command on the case `number`: "NUMBER: WHAT", or why it was refused. */
/* --document, --revision, --uri, --sha256; false: usage was said. NULL: none of them is given. */
bool cli_read_document(struct cli *cli, Callout__V1__Document **ret_document);
int cli_verdict(struct cli *cli, const char *number, const char *what,
                const Callout__V1__Reply *reply);

/* cli_words.c: how things are written for people. All texts live in the arena. */
/* Sends a command and says what became of it. Returns the exit code. */
int cli_command(struct cli *cli, Callout__V1__Command *command);

const char *cli_when(struct cli *cli, int64_t us); /* local time; "" for 0 */
const char *cli_dates(struct cli *cli, int64_t from_us,
                      int64_t until_us); /* a span, or a point in time; "" for 0 */
const char *cli_when_at(struct cli *cli, int64_t us,
                        int32_t offset_s); /* of another zone, to the minute */
const char *cli_zone(struct cli *cli);     /* "CST, UTC+08:00" */
const char *cli_left(struct cli *cli, int64_t due_us, int64_t now_us); /* "in 1 h 20 min" */
const char *cli_length(struct cli *cli, int64_t us);
/* Between two times as they are shown: in whole seconds. */
const char *cli_length_between(struct cli *cli, int64_t from_us, int64_t until_us);
const char *cli_km(struct cli *cli, double km);
/* "54 km from beijing by road (estimate 49 km; 39 km in a straight line)". */
const char *cli_distance(struct cli *cli, const Callout__V1__SiteLocated *located);
const char *cli_title(struct cli *cli, const Callout__V1__Text *text, const char *otherwise);
const char *cli_act(struct cli *cli, Callout__V1__Act act);
const char *cli_acts(struct cli *cli, const Callout__V1__Act *acts, size_t n); /* "a, b, c" */
const char *
cli_solved(Callout__V1__Solved solved); /* "solved", "partly solved" ...; "": not said */
const char *cli_role(struct cli *cli, Callout__V1__Role role);
const char *cli_roles(struct cli *cli, const Callout__V1__Role *roles, size_t n); /* "a, b, c" */
const char *cli_notice_state(struct cli *cli, Callout__V1__NoticeState state);
/* "li", "li for chen" */
const char *cli_notice_reader(struct cli *cli, const Callout__V1__NoticeView *notice);
const char *cli_basis(struct cli *cli, const Callout__V1__TargetBasis *basis);
/* An excluded area: "by ferry (islands)". */
const char *cli_area(struct cli *cli, const Callout__V1__NotServed *n);
const char *cli_why(struct cli *cli, const Callout__V1__Why *why);
/* To follow the name of the contract: ": it lists the site; a, b would fit too"; "": not known. */
const char *cli_entitled(struct cli *cli, const Callout__V1__Entitled *e);
/* "expired k (the service period is over): pm decides" */
const char *cli_held(struct cli *cli, const Callout__V1__CaseHeld *h);
const char *cli_join(struct cli *cli, char *const *texts, size_t n);
const char *cli_format(struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* cli_event.c: one line about a journal entry; the name of its kind in `ret_kind`. */
const char *cli_event(struct cli *cli, const Callout__V1__Event *event, const char **ret_kind);

/* ", announced late by 3 min" where the journal took at `at_us` what was to happen by itself at
 * least CLI_LATE_US before; else "". */
#define CLI_LATE_US INT64_C(2000000)
const char *cli_event_late(struct cli *cli, const Callout__V1__Event *event, int64_t at_us);

/* cli_view.c: a case for people. */
void cli_show_view(struct cli *cli, const Callout__V1__CaseView *view);

/* The commands, one file each (or a small group). */
int cmd_submit(struct cli *cli);
int cmd_show(struct cli *cli);
int cmd_list(struct cli *cli);
int cmd_watch(struct cli *cli);
int cmd_act(struct cli *cli);
int cmd_apply(struct cli *cli);
int cmd_exclude(struct cli *cli);
int cmd_export(struct cli *cli);
int cmd_calendar(struct cli *cli);
int cmd_policy(struct cli *cli);
int cmd_roster(struct cli *cli);
int cmd_plan(struct cli *cli);
int cmd_lot(struct cli *cli);
int cmd_advisory(struct cli *cli);
int cmd_reroute(struct cli *cli);
int cmd_people(struct cli *cli);
int cmd_zone(struct cli *cli);
int cmd_whynot(struct cli *cli);
int cmd_explain(struct cli *cli);
int cmd_parked(struct cli *cli);
int cmd_notice(struct cli *cli);
int cmd_status(struct cli *cli);
int cmd_check(struct cli *cli);
int cmd_trace(struct cli *cli);
int cmd_keygen(struct cli *cli);
int cmd_migrate(struct cli *cli);
int cmd_maintain(struct cli *cli);
int cmd_archive(struct cli *cli);
int cmd_erase(struct cli *cli);
int cmd_env(struct cli *cli);
int cmd_replay(struct cli *cli);
int cmd_audit(struct cli *cli);
int cmd_certificate(struct cli *cli);
int cmd_verify(struct cli *cli);
int cmd_simulate(struct cli *cli);
int cmd_report(struct cli *cli);
int cmd_answer(struct cli *cli);

extern const struct cli_option cmd_submit_options[], cmd_list_options[], cmd_watch_options[],
    cmd_act_options[], cmd_apply_options[], cmd_export_options[], cmd_migrate_options[],
    cmd_maintain_options[], cmd_env_options[], cmd_replay_options[], cmd_audit_options[],
    cmd_calendar_options[], cmd_keygen_options[], cmd_certificate_options[], cmd_verify_options[],
    cmd_policy_options[], cmd_roster_options[], cmd_reroute_options[], cmd_people_options[],
    cmd_zone_options[], cmd_whynot_options[], cmd_exclude_options[], cmd_simulate_options[],
    cmd_report_options[], cmd_notice_options[], cmd_answer_options[], cmd_plan_options[],
    cmd_lot_options[], cmd_check_options[], cmd_archive_options[], cmd_erase_options[],
    cmd_explain_options[];
