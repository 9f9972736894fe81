/* callout act NUMBER ACT: says what happened to a case, or decides something about it. */
#include "cli.h"

#include "act_consent.h"

#include <string.h>
#include <strings.h>

#include "co_buf.h"
#include "co_json.h"
#include "co_text.h"
#include "co_time.h"

const struct cli_option cmd_act_options[] = {
    { "as", 0, "ROLE", "in whose name: customer, engineer, pm, director ..." },
    { "by", 0, "PERSON", "who did it: key of a person" },
    { "at", 0, "TIME", "when it happened [now]" },
    { "note", 0, "TEXT", "a remark" },
    { "name", 0, "NAME",
      "the condition (condition_set, condition_cleared), the step (step_done, step_accepted ...), "
      "the contract (approve), the engineer "
      "(name_engineer; called_back: whom it is about), the case he is needed for (recall), who or "
      "what is taken (book, unbook), the lot of man-days (deduct_from, allow_overdraft), or the "
      "key "
      "of the consent (consent_..., session_...)" },
    { "slot", 0, "SLOT", "which slot of the policy (book, unbook)" },
    { "systems", 0, "LIST", "what may be entered, with commas (consent_..., session_started)" },
    { "persons", 0, "LIST",
      "who may enter: keys of persons, with commas (consent_...) [whoever works on it]" },
    { "from", 0, "TIME",
      "from when on (consent_...) [now], or when it takes place now (reschedule)" },
    { "until", 0, "TIME", "until when, exclusive (consent_...; reschedule) [a point in time]" },
    { "operate", 0, NULL, "may change things, too (consent_...) [look and collect data only]" },
    { "severity", 0, "N", "the level (set_severity)" },
    { "agreed", 0, "TIME",
      "the arrival both sides agreed on (agree; without it: the one proposed last), that one side "
      "proposes (propose_time), or when hardware comes (hardware_expected)" },
    { "document", 0, "FILE",
      "what is handed over (step_done): a file that is here, or the name of one elsewhere" },
    { "revision", 0, "VERSION", "its version" },
    { "uri", 0, "ADDRESS", "where it is kept" },
    { "sha256", 0, "HASH", "its hash [of the file]" },
    { "solved", 0, "ANSWER", "what the customer said (called_back): yes, partly or no" },
    { "rating", 0, "N", "how he found the engineer (called_back): 1 worst to 5 best" },
    { "time", 0, "LENGTH",
      "how long somebody worked (worked), -2h takes so much back, or how far a lot may go below "
      "zero (allow_overdraft); in hours and minutes" },
    { "offer", 0, "N", "which offer (accept, decline) [the open one]" },
    { "key", 0, "KEY", "our key of this command; the same key again has one effect [random]" },
    { "wait", 'w', "TIME", "wait up to so long for the verdict, at most 10s [2s]" },
    { NULL, 0, NULL, NULL },
};

enum {
    WAIT_MAX_MS = 10000,
    SEVERITY_MAX = 9,
    RATING_MAX = 5,
    MINUTES_MAX = 60000,
    ACTS_MAX = 128,
    NAMES_LIMIT = 4096
};

/* How people say it. */
struct alias {
    const char *name;
    Callout__V1__Act act;
};

static const struct alias aliases[] = {
    { "contact", CALLOUT__V1__ACT__ACT_CONTACTED },
    { "accept-case", CALLOUT__V1__ACT__ACT_CASE_ACCEPTED },
    { "expert", CALLOUT__V1__ACT__ACT_EXPERT_JOINED },
    { "start-process", CALLOUT__V1__ACT__ACT_PROCESS_STARTED },
    { "vendor", CALLOUT__V1__ACT__ACT_VENDOR_JOINED },
    { "give-up", CALLOUT__V1__ACT__ACT_REMOTE_GAVE_UP },
    { "request-onsite", CALLOUT__V1__ACT__ACT_ONSITE_REQUESTED },
    { "leave", CALLOUT__V1__ACT__ACT_UNDERWAY },
    { "arrive", CALLOUT__V1__ACT__ACT_ARRIVED },
    { "investigate", CALLOUT__V1__ACT__ACT_INVESTIGATED },
    { "finding", CALLOUT__V1__ACT__ACT_FINDING_GIVEN },
    { "recommend", CALLOUT__V1__ACT__ACT_RECOMMENDED },
    { "consult", CALLOUT__V1__ACT__ACT_CONSULTED },
    { "restore", CALLOUT__V1__ACT__ACT_RESTORED },
    { "relapse", CALLOUT__V1__ACT__ACT_RELAPSED },
    { "wait-customer", CALLOUT__V1__ACT__ACT_WAITING_CUSTOMER },
    { "wait-vendor", CALLOUT__V1__ACT__ACT_WAITING_VENDOR },
    { "set-condition", CALLOUT__V1__ACT__ACT_CONDITION_SET },
    { "clear-condition", CALLOUT__V1__ACT__ACT_CONDITION_CLEARED },
    { "severity", CALLOUT__V1__ACT__ACT_SET_SEVERITY },
    { "withdraw", CALLOUT__V1__ACT__ACT_CANCEL },
    { "ack", CALLOUT__V1__ACT__ACT_ACKNOWLEDGED },
    { "confirm", CALLOUT__V1__ACT__ACT_CONFIRM_ORDER },
    { "name-engineer", CALLOUT__V1__ACT__ACT_NAME_ENGINEER },
    { "hand-up", CALLOUT__V1__ACT__ACT_HANDED_UP },
    { "propose-time", CALLOUT__V1__ACT__ACT_PROPOSE_TIME },
    { "reject-time", CALLOUT__V1__ACT__ACT_REJECT_TIME },
    { "answer", CALLOUT__V1__ACT__ACT_ANSWER_GIVEN },
    { "call-back", CALLOUT__V1__ACT__ACT_CALLED_BACK },
    { "expect-hardware", CALLOUT__V1__ACT__ACT_HARDWARE_EXPECTED },
};

/* Callout makes these itself; notices are sent again with callout notice resend. */
static bool is_sendable(Callout__V1__Act act)
{
    return act != CALLOUT__V1__ACT__ACT_NONE && act != CALLOUT__V1__ACT__ACT_REPORTED &&
           (act < CALLOUT__V1__ACT__ACT_EXCLUDED || act > CALLOUT__V1__ACT__ACT_ENTITLED) &&
           act != CALLOUT__V1__ACT__ACT_RESEND_NOTICE;
}

static bool find_act(const char *name, Callout__V1__Act *ret_act)
{
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
        if (strcasecmp(aliases[i].name, name) == 0) {
            *ret_act = aliases[i].act;
            return true;
        }
    int value = 0;
    if (co_json_enum_value(&callout__v1__act__descriptor, name, &value) != CO_OK)
        return false;
    *ret_act = (Callout__V1__Act)value;
    return is_sendable(*ret_act);
}

static const char *alias_names(struct cli *cli)
{
    const char *all = "";
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
        all = cli_format(cli, "%s%s%s", all, i == 0 ? "" : ", ", aliases[i].name);
    return all;
}

static int fail_act(struct cli *cli, const char *name)
{
    const char *names[ACTS_MAX];
    size_t n = 0;
    struct co_buf all;
    co_buf_init(&all, NAMES_LIMIT);
    for (unsigned i = 0; i < callout__v1__act__descriptor.n_values && n < ACTS_MAX; i++) {
        Callout__V1__Act act = (Callout__V1__Act)callout__v1__act__descriptor.values[i].value;
        if (!is_sendable(act))
            continue;
        names[n] = cli_act(cli, act);
        (void)co_buf_printf(&all, "%s%s", n == 0 ? "" : ", ", names[n]);
        n++;
    }
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]) && n < ACTS_MAX; i++)
        names[n++] = aliases[i].name;
    const char *nearest = co_text_nearest(name, names, n);
    (void)cli_usage(cli, "there is no act '%s'%s%s%s", name,
                    nearest == NULL ? "" : "; did you mean '", nearest == NULL ? "" : nearest,
                    nearest == NULL ? "" : "'?");
    cli_note(cli, "  allowed: %s", co_buf_text(&all));
    cli_note(cli, "  or short: %s", alias_names(cli));
    co_buf_done(&all);
    return CLI_USAGE;
}

static bool read_role(struct cli *cli, Callout__V1__Role *ret_role)
{
    const char *text = cli_value(cli, "as");
    int value = 0;
    if (text == NULL)
        return true;
    if (co_json_enum_value(&callout__v1__role__descriptor, text, &value) == CO_OK && value != 0) {
        *ret_role = (Callout__V1__Role)value;
        return true;
    }
    (void)cli_usage(
        cli,
        "--as %s: allowed are customer, engineer, support, expert, director, pm, vendor, desk, "
        "service_manager, sales, business_representative, lecturer, developer",
        text);
    return false;
}

static bool read_solved(struct cli *cli, Callout__V1__Solved *ret_solved)
{
    const char *text = cli_value(cli, "solved");
    int value = 0;
    if (text == NULL)
        return true;
    if (co_json_enum_value(&callout__v1__solved__descriptor, text, &value) == CO_OK && value != 0) {
        *ret_solved = (Callout__V1__Solved)value;
        return true;
    }
    (void)cli_usage(cli, "--solved %s: allowed are yes, partly and no", text);
    return false;
}

/* The date that a case is about; consents read theirs themselves. */
static bool read_date(struct cli *cli, Callout__V1__Command *c)
{
    return c->act != CALLOUT__V1__ACT__ACT_RESCHEDULE ||
           (cli_read_time(cli, "from", &c->from_us) && cli_read_time(cli, "until", &c->until_us));
}

/* A day is not 24 hours here, and how long it is stands in the contract. */
static bool read_minutes(struct cli *cli, int32_t *ret_minutes)
{
    const char *text = cli_value(cli, "time");
    int64_t us = 0;
    if (text == NULL)
        return true;
    bool is_back = text[0] == '-';
    if (strchr(text, 'd') != NULL || co_duration_parse(text + is_back, &us) != CO_OK || us < 0 ||
        us % CO_MINUTE_US != 0 || us / CO_MINUTE_US > MINUTES_MAX) {
        (void)cli_usage(cli,
                        "--time %s: whole minutes are wanted, for example 3h30m or -45m, at most "
                        "1000h",
                        text);
        return false;
    }
    *ret_minutes = (int32_t)(us / CO_MINUTE_US) * (is_back ? -1 : 1);
    return true;
}

static bool read_command(struct cli *cli, Callout__V1__Command *c)
{
    int64_t wait_us = 0;
    uint32_t offer = 0;
    if (!read_role(cli, &c->role) || !cli_read_time(cli, "at", &c->occurred_us) ||
        !cli_read_time(cli, "agreed", &c->agreed_us) || !read_date(cli, c) ||
        !cli_read_count(cli, "severity", SEVERITY_MAX, &c->severity) ||
        !cli_read_document(cli, &c->document) || !read_solved(cli, &c->solved) ||
        !read_minutes(cli, &c->minutes) || !cli_read_count(cli, "rating", RATING_MAX, &c->rating) ||
        !cli_read_count(cli, "offer", UINT32_MAX, &offer) ||
        !cli_read_length(cli, "wait", &wait_us))
        return false;
    if (wait_us < 0 || wait_us > WAIT_MAX_MS * CO_MILLISECOND_US) {
        (void)cli_usage(cli, "--wait: at most 10s");
        return false;
    }
    c->wait_ms = (uint32_t)(wait_us / CO_MILLISECOND_US);
    c->order_generation = offer;
    c->number = cli_text(cli, cli->args->word[0]);
    c->person = cli_text(cli, cli_value(cli, "by"));
    c->name = cli_text(cli, cli_value(cli, "name"));
    c->slot = cli_text(cli, cli_value(cli, "slot"));
    c->note = cli_text(cli, cli_value(cli, "note"));
    c->key = cli_has(cli, "key") ? cli_text(cli, cli_value(cli, "key")) : cli_new_key(cli);
    return true;
}

int cli_verdict(struct cli *cli, const char *number, const char *what,
                const Callout__V1__Reply *reply)
{
    const Callout__V1__Verdict *v =
        reply->body_case == CALLOUT__V1__REPLY__BODY_VERDICT ? reply->verdict : NULL;
    bool is_pending = reply->code == CALLOUT__V1__CODE__CODE_PENDING;
    bool is_applied = !is_pending && v != NULL && v->applied;
    int code = is_pending ? CLI_UNAVAILABLE : is_applied ? CLI_OK : CLI_REFUSED;
    if (cli->is_json) {
        (void)cli_print_json(cli, &reply->base, false);
        return code;
    }
    if (is_pending)
        return cli_fail(cli, code, "taken, but there is no verdict yet: callout show %s", number);
    if (v == NULL)
        return cli_fail(cli, CLI_FAILED, "%s answers a command with something else", cli->endpoint);
    if (!is_applied) {
        (void)cli_fail(cli, code, "refused: %s", v->reason);
        if (v->n_possible > 0)
            cli_note(cli, "  possible now: %s", cli_acts(cli, v->possible, v->n_possible));
        return code;
    }
    (void)fprintf(cli->out, "%s: %s\n", number, what);
    if (v->n_missing > 0)
        (void)fprintf(cli->out, "  please report too: %s\n",
                      cli_acts(cli, v->missing, v->n_missing));
    return CLI_OK;
}

/* What an act is nothing without, in the words of the command line. */
static const struct {
    Callout__V1__Act act;
    const char *option, *value;
} needs[] = {
    { CALLOUT__V1__ACT__ACT_CONFIRM_ORDER, "as", "pm" },
    { CALLOUT__V1__ACT__ACT_RECALL, "as", "pm" },
    { CALLOUT__V1__ACT__ACT_NAME_ENGINEER, "name", "ENGINEER" },
    { CALLOUT__V1__ACT__ACT_NAME_ENGINEER, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_PROPOSE_TIME, "agreed", "TIME" },
    { CALLOUT__V1__ACT__ACT_PROPOSE_TIME, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_REJECT_TIME, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_HARDWARE_EXPECTED, "agreed", "TIME" },
    { CALLOUT__V1__ACT__ACT_RESCHEDULE, "from", "TIME" },
    { CALLOUT__V1__ACT__ACT_BOOK, "slot", "SLOT" },
    { CALLOUT__V1__ACT__ACT_BOOK, "name", "KEY" },
    { CALLOUT__V1__ACT__ACT_BOOK, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_UNBOOK, "slot", "SLOT" },
    { CALLOUT__V1__ACT__ACT_UNBOOK, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_SET_SEVERITY, "severity", "N" },
    { CALLOUT__V1__ACT__ACT_CALLED_BACK, "solved", "ANSWER" },
    { CALLOUT__V1__ACT__ACT_CALLED_BACK, "as", "pm" },
    { CALLOUT__V1__ACT__ACT_SIGN, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_WAIVE, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_CONDITION_SET, "name", "NAME" },
    { CALLOUT__V1__ACT__ACT_CONDITION_CLEARED, "name", "NAME" },
    { CALLOUT__V1__ACT__ACT_STEP_OPENED, "name", "STEP" },
    { CALLOUT__V1__ACT__ACT_STEP_DONE, "name", "STEP" },
    { CALLOUT__V1__ACT__ACT_STEP_DONE, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_STEP_ACCEPTED, "name", "STEP" },
    { CALLOUT__V1__ACT__ACT_STEP_ACCEPTED, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_STEP_RETURNED, "name", "STEP" },
    { CALLOUT__V1__ACT__ACT_STEP_RETURNED, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_STEP_SKIPPED, "name", "STEP" },
    { CALLOUT__V1__ACT__ACT_STEP_SKIPPED, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_CONSENT_ASKED, "name", "KEY" },
    { CALLOUT__V1__ACT__ACT_CONSENT_GIVEN, "name", "KEY" },
    { CALLOUT__V1__ACT__ACT_CONSENT_GIVEN, "as", "customer" },
    { CALLOUT__V1__ACT__ACT_CONSENT_GIVEN, "by", "PERSON" },
    { CALLOUT__V1__ACT__ACT_CONSENT_CHANGED, "name", "KEY" },
    { CALLOUT__V1__ACT__ACT_CONSENT_CHANGED, "as", "customer" },
    { CALLOUT__V1__ACT__ACT_CONSENT_CHANGED, "by", "PERSON" },
    { CALLOUT__V1__ACT__ACT_CONSENT_WITHDRAWN, "name", "KEY" },
    { CALLOUT__V1__ACT__ACT_CONSENT_WITHDRAWN, "as", "customer" },
    { CALLOUT__V1__ACT__ACT_CONSENT_WITHDRAWN, "by", "PERSON" },
    { CALLOUT__V1__ACT__ACT_CONSENT_REFUSED, "name", "KEY" },
    { CALLOUT__V1__ACT__ACT_CONSENT_NOBODY, "name", "KEY" },
    { CALLOUT__V1__ACT__ACT_CONSENT_SILENT, "name", "KEY" },
    { CALLOUT__V1__ACT__ACT_SESSION_STARTED, "name", "KEY" },
    { CALLOUT__V1__ACT__ACT_SESSION_STARTED, "by", "PERSON" },
    { CALLOUT__V1__ACT__ACT_SESSION_ENDED, "name", "KEY" },
    { CALLOUT__V1__ACT__ACT_SESSION_ENDED, "by", "PERSON" },
    { CALLOUT__V1__ACT__ACT_WORKED, "time", "LENGTH" },
    { CALLOUT__V1__ACT__ACT_WORKED, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_WORKED, "by", "PERSON" },
    { CALLOUT__V1__ACT__ACT_DEDUCT_FROM, "name", "LOT" },
    { CALLOUT__V1__ACT__ACT_DEDUCT_FROM, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_ALLOW_OVERDRAFT, "name", "LOT" },
    { CALLOUT__V1__ACT__ACT_ALLOW_OVERDRAFT, "time", "LENGTH" },
    { CALLOUT__V1__ACT__ACT_ALLOW_OVERDRAFT, "as", "ROLE" },
    { CALLOUT__V1__ACT__ACT_ALLOW_OVERDRAFT, "by", "PERSON" },
};

static int check_needs(struct cli *cli, Callout__V1__Act act)
{
    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
        if (needs[i].act == act && !cli_has(cli, needs[i].option))
            return cli_usage(cli, "%s: --%s %s is needed", cli->args->word[1], needs[i].option,
                             needs[i].value);
    return CLI_OK;
}

int cli_command(struct cli *cli, Callout__V1__Command *command)
{
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    request.body_case = CALLOUT__V1__REQUEST__BODY_COMMAND;
    request.command = command;
    Callout__V1__Reply *reply = NULL;
    int code = cli_call(cli, &request, (int)command->wait_ms, &reply);
    if (code == CLI_UNAVAILABLE)
        cli_note(cli, "  whether it was taken is not known; the same again with --key %s is safe",
                 command->key);
    return code == CLI_OK ? cli_verdict(cli, command->number, cli_act(cli, command->act), reply)
                          : code;
}

int cmd_act(struct cli *cli)
{
    Callout__V1__Command command = CALLOUT__V1__COMMAND__INIT;
    if (!find_act(cli->args->word[1], &command.act))
        return fail_act(cli, cli->args->word[1]);
    if (check_needs(cli, command.act) != CLI_OK)
        return CLI_USAGE;
    if (!read_command(cli, &command) || act_consent_read(cli, &command) != CLI_OK)
        return CLI_USAGE;
    return cli_command(cli, &command);
}
