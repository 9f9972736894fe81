/* `callout` against a server whose answers are written here: what is sent, what is shown, and the
 * exit code. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check_main.h"
#include "cli.h"
#include "cli_run.h"
#include "co_keys.h"
#include "co_why.h"
#include "fake_intake.h"

static struct fake_intake *fake;
static char dir[] = "/tmp/callout-test-XXXXXX";
static char yaml_file[64];
static char *text;
static size_t size;

/* What the last requests said, written by the thread of the fake. */
static char seen[4096];
static unsigned parts;

static char number[] = "C-180D", long_case[] = "C-2KW7", unknown_field[] = "site",
            unknown_value[] = "acme-dc9", near[] = "acme-dc1", message[] = "the case is closed",
            allowed_0[] = "note", field_0[] = "submit.title", state[] = "open", customer[] = "acme",
            title_0[] = "阵列离线", how[] = "added", kind[] = "customer";

static void note(const char *what)
{
    size_t len = strlen(seen);
    (void)snprintf(seen + len, sizeof(seen) - len, "%s;", what);
}

static void put_error(Callout__V1__Reply *reply, Callout__V1__Code code, char *field)
{
    static Callout__V1__Error error;
    static char *allowed[] = { allowed_0 };
    callout__v1__error__init(&error);
    error.message = message;
    error.field = field;
    error.n_allowed = 1;
    error.allowed = allowed;
    reply->code = code;
    reply->body_case = CALLOUT__V1__REPLY__BODY_ERROR;
    reply->error = &error;
}

static void on_submit(const Callout__V1__SubmitTicket *ticket, Callout__V1__Reply *reply)
{
    static Callout__V1__Submitted submitted;
    static Callout__V1__Unknown unknown;
    static Callout__V1__Unknown *unknowns[] = { &unknown };
    static char *nearest[] = { near };
    if (strcmp(ticket->title, "conflict") == 0) {
        put_error(reply, CALLOUT__V1__CODE__CODE_CONFLICT, field_0);
        return;
    }
    note(ticket->title);
    note(ticket->customer);
    note(ticket->n_traits == 2 ? ticket->traits[1] : "");
    note(ticket->onsite ? "onsite" : "");
    note(ticket->key[0] != '\0' ? "has a key" : "");
    callout__v1__unknown__init(&unknown);
    unknown.field = unknown_field;
    unknown.value = unknown_value;
    unknown.n_nearest = 1;
    unknown.nearest = nearest;
    callout__v1__submitted__init(&submitted);
    submitted.number = number;
    submitted.n_unknown = 1;
    submitted.unknown = unknowns;
    reply->body_case = CALLOUT__V1__REPLY__BODY_SUBMITTED;
    reply->submitted = &submitted;
}

static void on_command(const Callout__V1__Command *command, Callout__V1__Reply *reply)
{
    static Callout__V1__Verdict verdict;
    static Callout__V1__Act acts[] = { CALLOUT__V1__ACT__ACT_UNDERWAY };
    callout__v1__verdict__init(&verdict);
    reply->body_case = CALLOUT__V1__REPLY__BODY_VERDICT;
    reply->verdict = &verdict;
    verdict.applied = command->act == CALLOUT__V1__ACT__ACT_ARRIVED;
    verdict.reason = message;
    verdict.missing = acts;
    verdict.possible = acts;
    if (verdict.applied)
        verdict.n_missing = 1;
    else
        verdict.n_possible = 1;
    if (command->act == CALLOUT__V1__ACT__ACT_SIGN)
        reply->code = CALLOUT__V1__CODE__CODE_PENDING;
    else if (!verdict.applied)
        reply->code = CALLOUT__V1__CODE__CODE_REFUSED;
    note(command->person);
}

/* Two pages of cases; no case of that number; an empty journal. */
static void on_query(const Callout__V1__Query *query, Callout__V1__Reply *reply)
{
    static Callout__V1__QueryResult result;
    static Callout__V1__CaseRow row;
    static Callout__V1__CaseRow *rows[] = { &row };
    static uint8_t next[] = { 1, 2, 3 };
    static Callout__V1__CaseView cut_view;
    callout__v1__case_view__init(&cut_view);
    cut_view.number = long_case;
    cut_view.state = state;
    cut_view.last_seq = 20017;
    cut_view.is_cut = true;
    callout__v1__query_result__init(&result);
    reply->body_case = CALLOUT__V1__REPLY__BODY_RESULT;
    reply->result = &result;
    if (query->what == CALLOUT__V1__WHAT__WHAT_CASE && strcmp(query->number, long_case) == 0)
        result.view = &cut_view;
    else if (query->what == CALLOUT__V1__WHAT__WHAT_CASE)
        put_error(reply, CALLOUT__V1__CODE__CODE_NOT_FOUND, query->number);
    if (query->what != CALLOUT__V1__WHAT__WHAT_CASES || query->customer[0] != '\0')
        return;
    callout__v1__case_row__init(&row);
    row.number = number;
    row.state = state;
    row.customer = customer;
    row.title = title_0;
    result.n_rows = 1;
    result.rows = rows;
    if (query->after.len == 0)
        result.next = (ProtobufCBinaryData){ .len = sizeof(next), .data = next };
    note(query->after.len == 3 && query->after.data[2] == 3 ? "second page" : "first page");
}

static void on_apply(const Callout__V1__Apply *apply, Callout__V1__Reply *reply)
{
    static Callout__V1__ApplyResult result;
    static Callout__V1__Change change;
    static Callout__V1__Change *changes[] = { &change };
    callout__v1__change__init(&change);
    change.how = how;
    change.kind = kind;
    change.key = customer;
    callout__v1__apply_result__init(&result);
    result.n_changes = 1;
    result.changes = changes;
    result.added = 1;
    result.version = apply->dry_run ? 1 : 2;
    reply->body_case = CALLOUT__V1__REPLY__BODY_APPLIED;
    reply->applied = &result;
    note(apply->dry_run ? "dry" : "real");
    parts++;
}

static void on_ping(Callout__V1__Reply *reply)
{
    static Callout__V1__Pong pong;
    callout__v1__pong__init(&pong);
    pong.now_us = 1;
    reply->body_case = CALLOUT__V1__REPLY__BODY_PONG;
    reply->pong = &pong;
}

static bool answer(void *arg, unsigned n, const Callout__V1__Request *request,
                   Callout__V1__Reply *reply)
{
    (void)arg;
    (void)n;
    if (request->body_case == CALLOUT__V1__REQUEST__BODY_SUBMIT)
        on_submit(request->submit, reply);
    if (request->body_case == CALLOUT__V1__REQUEST__BODY_COMMAND)
        on_command(request->command, reply);
    if (request->body_case == CALLOUT__V1__REQUEST__BODY_QUERY)
        on_query(request->query, reply);
    if (request->body_case == CALLOUT__V1__REQUEST__BODY_APPLY)
        on_apply(request->apply, reply);
    if (request->body_case == CALLOUT__V1__REQUEST__BODY_PING)
        on_ping(reply);
    return true;
}

static void begin(void)
{
    fake = fake_intake_for_commands(dir, answer);
    (void)snprintf(yaml_file, sizeof(yaml_file), "%s/r.yaml", dir);
    seen[0] = '\0';
}

static void end(void)
{
    fake_intake_stop(fake);
    free(text);
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -r '%s'", dir);
    ck_assert_int_eq(system(command), 0);
}

/* Runs the words; `text` is then all that was written. */
static int run_words(char **argv)
{
    int n = 0;
    while (argv[n] != NULL)
        n++;
    free(text);
    FILE *to = open_memstream(&text, &size);
    int code = cli_run(n, argv, to, to);
    (void)fclose(to);
    return code;
}

#define RUN(...) run_words((char *[]){ program, __VA_ARGS__, NULL })

static char program[] = "callout", submit[] = "submit", act[] = "act", arrive[] = "arrive",
            decline[] = "decline", sign[] = "sign", by[] = "--by", wang[] = "wang", show[] = "show",
            list[] = "list", json[] = "-ojson", title[] = "--title=阵列离线",
            who[] = "--customer=acme", trait_a[] = "--trait=a", trait_b[] = "--trait=b",
            onsite[] = "--onsite", conflict[] = "--title=conflict", other[] = "--customer=other",
            apply[] = "apply", file[] = "-f", yes[] = "--yes", explain[] = "explain",
            no_such[] = "/nowhere", as_customer[] = "--as=customer";

#define SAYS(what) ck_assert_msg(strstr(text, what) != NULL, "%s", text)

START_TEST(a_ticket_is_sent_and_its_number_shown)
{
    begin();
    ck_assert_int_eq(RUN(submit, title, who, trait_a, trait_b, onsite), CLI_OK);
    ck_assert_str_eq(seen, "阵列离线;acme;b;onsite;has a key;");
    ck_assert_str_eq(text,
                     "C-180D\n  held: site 'acme-dc9' is not known; known and alike: acme-dc1\n");
    ck_assert_int_eq(RUN(submit, title, json), CLI_OK);
    SAYS("\"number\": \"C-180D\"");
    end();
}
END_TEST

START_TEST(each_kind_of_failure_has_its_exit_code)
{
    begin();
    ck_assert_int_eq(RUN(submit, conflict), CLI_CONFLICT);
    SAYS("conflict: the case is closed (submit.title)\n  allowed: note\n");
    ck_assert_int_eq(RUN(show, number), CLI_NOT_FOUND);
    ck_assert_int_eq(RUN(explain, number), CLI_NOT_FOUND);
    ck_assert_int_eq(RUN(act, number, decline), CLI_REFUSED);
    SAYS("refused: the case is closed\n  possible now: underway\n");
    ck_assert_int_eq(RUN(act, number, sign, as_customer), CLI_UNAVAILABLE);
    (void)setenv("CALLOUT_ENDPOINT", "tcp://127.0.0.1:1", 1);
    ck_assert_int_eq(RUN(show, number), CLI_UNAVAILABLE);
    SAYS("nobody listens at tcp://127.0.0.1:1");
    ck_assert_int_eq(RUN(submit), CLI_USAGE);
    end();
}
END_TEST

START_TEST(a_case_that_is_not_shown_whole_says_so)
{
    begin();
    ck_assert_int_eq(RUN(show, long_case), CLI_OK);
    SAYS("C-2KW7  open\n");
    SAYS("as it stood at entry 20017; callout watch C-2KW7 tells the rest\n");
    ck_assert_int_eq(RUN(show, long_case, json), CLI_OK);
    SAYS("\"is_cut\": true");
    end();
}
END_TEST

START_TEST(an_applied_act_shows_what_is_still_to_be_reported)
{
    begin();
    ck_assert_int_eq(RUN(act, number, arrive, by, wang), CLI_OK);
    ck_assert_str_eq(seen, "wang;");
    ck_assert_str_eq(text, "C-180D: arrived\n  please report too: underway\n");
    end();
}
END_TEST

START_TEST(a_list_goes_over_pages_and_says_when_it_is_empty)
{
    begin();
    ck_assert_int_eq(RUN(list), CLI_OK);
    ck_assert_str_eq(seen, "first page;second page;");
    SAYS("C-180D  open   acme      阵列离线");
    ck_assert_int_eq(RUN(list, other), CLI_OK);
    SAYS("no cases like that; post one with");
    end();
}
END_TEST

START_TEST(files_are_compared_first_and_applied_then)
{
    begin();
    FILE *to = fopen(yaml_file, "we");
    ck_assert_ptr_nonnull(to);
    (void)fputs("customers:\n  acme:\n    name: { en: Acme }\n", to);
    (void)fclose(to);
    ck_assert_int_eq(RUN(apply, file, yaml_file, yes), CLI_OK);
    ck_assert_str_eq(seen, "dry;real;");
    SAYS("added  customer  acme\n1 added, 0 changed, 0 removed, 0 unchanged\napplied: registry "
         "version 2\n");
    ck_assert_int_eq(RUN(apply, file, no_such, yes), CLI_NOT_FOUND);
    ck_assert_int_eq(RUN(apply), CLI_USAGE);
    end();
}
END_TEST

START_TEST(a_large_registry_goes_in_parts)
{
    begin();
    FILE *to = fopen(yaml_file, "we");
    ck_assert_ptr_nonnull(to);
    (void)fputs("customers:\n", to);
    for (int i = 0; i < 20000; i++)
        (void)fprintf(to,
                      "  customer-%d:\n    name: { en: A customer with a rather long name and the "
                      "number %d }\n",
                      i, i);
    (void)fclose(to);
    ck_assert_int_eq(RUN(apply, file, yaml_file, yes), CLI_OK);
    ck_assert_uint_ge(parts, 6); /* 20,000 of 75 bytes: 3 parts, twice */
    end();
}
END_TEST

START_TEST(what_people_say_often_has_a_short_name)
{
    begin();
    static char ack[] = "ack", expect[] = "expect-hardware", nonsense[] = "nonsense",
                agreed[] = "--agreed=now";
    ck_assert_int_eq(RUN(act, number, ack), CLI_REFUSED); /* by the fake: it was sent */
    ck_assert_int_eq(RUN(act, number, expect, agreed), CLI_REFUSED);
    ck_assert_int_eq(RUN(act, number, nonsense), CLI_USAGE);
    SAYS("expect-hardware");
    ck_assert_str_eq(seen, ";;");
    end();
}
END_TEST

START_TEST(what_an_act_needs_is_asked_for_in_the_words_of_the_command_line)
{
    begin();
    static char propose[] = "propose-time", waive[] = "waive", severity[] = "severity",
                set[] = "set-condition";
    ck_assert_int_eq(RUN(act, number, propose), CLI_USAGE);
    SAYS("propose-time: --agreed TIME is needed");
    ck_assert_int_eq(RUN(act, number, waive), CLI_USAGE);
    SAYS("waive: --as ROLE is needed");
    ck_assert_int_eq(RUN(act, number, severity), CLI_USAGE);
    SAYS("severity: --severity N is needed");
    ck_assert_int_eq(RUN(act, number, set), CLI_USAGE);
    SAYS("set-condition: --name NAME is needed");
    ck_assert_str_eq(seen, "");
    end();
}
END_TEST

START_TEST(a_span_that_ends_before_it_begins_is_refused)
{
    begin();
    static char simulate[] = "simulate", report[] = "report", policy[] = "--policy=/nowhere",
                from[] = "--from=now", to[] = "--to=-1h";
    ck_assert_int_eq(RUN(simulate, policy, from, to), CLI_USAGE);
    SAYS("--from is not before --to");
    ck_assert_int_eq(RUN(report, from, to), CLI_USAGE);
    SAYS("--from is not before --to");
    end();
}
END_TEST

CHECK_MAIN("cli_calls", a_ticket_is_sent_and_its_number_shown,
           each_kind_of_failure_has_its_exit_code, a_case_that_is_not_shown_whole_says_so,
           an_applied_act_shows_what_is_still_to_be_reported,
           a_list_goes_over_pages_and_says_when_it_is_empty,
           files_are_compared_first_and_applied_then, a_large_registry_goes_in_parts,
           what_people_say_often_has_a_short_name,
           what_an_act_needs_is_asked_for_in_the_words_of_the_command_line,
           a_span_that_ends_before_it_begins_is_refused)
