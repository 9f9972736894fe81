/* `callout explain` against a server whose answers are written here: a case that goes over a public
 * holiday, computed from its journal and the versions it names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check_main.h"
#include "cli.h"
#include "cli_run.h"
#include "co_keys.h"
#include "co_time.h"
#include "co_why.h"
#include "co_yaml.h"
#include "fake_intake.h"

#define REPORTED INT64_C(1790737200000000) /* 2026-09-30 11:00 in Beijing */
#define DUE INT64_C(1791453600000000)      /* 2026-10-08 18:00 */

static char number[] = "C-180D", key_policy[] = "storage-after-sales", key_calendar[] = "cn-office",
            arrival[] = "arrival", state[] = "open";

static struct fake_intake *fake;
static struct co_yaml *yaml;
static Callout__V1__RegistryObject *policy, *calendar;
static char dir[] = "/tmp/callout-test-XXXXXX";
static char *text;
static int64_t announced_us;
static uint32_t engine;
static bool is_held, has_versions;
static char held_reason[] = "expired", held_value[] = "acme-2023";

/* -- the server */

enum { ROWS = 4 };
static Callout__V1__EntryRow row[ROWS];
static Callout__V1__EntryRow *rows[ROWS];
static Callout__V1__Event event[ROWS];

static void put_row(size_t i, Callout__V1__Event__BodyCase kind, void *body)
{
    callout__v1__event__init(&event[i]);
    event[i].body_case = kind;
    event[i].promised = body; /* every member of the union is a pointer to a message */
    callout__v1__entry_row__init(&row[i]);
    row[i].seq = i + 1;
    row[i].at_us = REPORTED;
    row[i].event = &event[i];
    rows[i] = &row[i];
}

static void put_opened(void)
{
    static Callout__V1__CaseOpened opened;
    static Callout__V1__Pin pins[2];
    callout__v1__pin__init(&pins[0]);
    callout__v1__pin__init(&pins[1]);
    pins[0].key = key_policy;
    pins[1].key = key_calendar;
    pins[0].since = pins[1].since = 3;
    callout__v1__case_opened__init(&opened);
    opened.policy = &pins[0];
    opened.calendar = &pins[1];
    opened.engine = engine;
    opened.severity = 1;
    opened.reported_us = REPORTED;
    put_row(1, CALLOUT__V1__EVENT__BODY_CASE_OPENED, &opened);
}

static void put_entries(Callout__V1__QueryResult *result)
{
    static Callout__V1__TicketSubmitted ticket;
    static Callout__V1__SiteLocated located;
    static Callout__V1__Promised promised;
    static Callout__V1__CaseHeld held;
    callout__v1__ticket_submitted__init(&ticket);
    ticket.occurred_us = REPORTED;
    ticket.onsite = true;
    put_row(0, CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED, &ticket);
    callout__v1__case_held__init(&held);
    if (is_held)
        put_row(1, CALLOUT__V1__EVENT__BODY_CASE_HELD, &held);
    else
        put_opened();
    callout__v1__site_located__init(&located);
    located.km = 428.5;
    located.located_us = REPORTED;
    put_row(2, CALLOUT__V1__EVENT__BODY_SITE_LOCATED, &located);
    callout__v1__promised__init(&promised);
    promised.milestone = arrival;
    promised.generation = 1;
    promised.due_us = announced_us;
    put_row(3, CALLOUT__V1__EVENT__BODY_PROMISED, &promised);
    result->entries = rows;
    result->n_entries = is_held ? 2 : ROWS;
}

static void put_object(const Callout__V1__Query *q, Callout__V1__Reply *reply,
                       Callout__V1__QueryResult *result)
{
    static Callout__V1__RegistryObject *objects[1];
    static Callout__V1__Error error;
    bool is_policy = strcmp(q->kind, "policy") == 0 && strcmp(q->key, key_policy) == 0;
    bool is_calendar = strcmp(q->kind, "calendar") == 0 && strcmp(q->key, key_calendar) == 0;
    if (has_versions && q->since == 3 && (is_policy || is_calendar)) {
        objects[0] = is_policy ? policy : calendar;
        result->objects = objects;
        result->n_objects = 1;
        return;
    }
    callout__v1__error__init(&error);
    reply->code = CALLOUT__V1__CODE__CODE_NOT_FOUND;
    reply->body_case = CALLOUT__V1__REPLY__BODY_ERROR;
    reply->error = &error;
}

static bool answer(void *arg, unsigned n, const Callout__V1__Request *request,
                   Callout__V1__Reply *reply)
{
    static Callout__V1__QueryResult result;
    static Callout__V1__CaseView view;
    static Callout__V1__CaseHeld held;
    static Callout__V1__Pong pong;
    (void)arg;
    (void)n;
    if (request->body_case == CALLOUT__V1__REQUEST__BODY_PING) {
        callout__v1__pong__init(&pong);
        pong.now_us = REPORTED + CO_HOUR_US;
        reply->body_case = CALLOUT__V1__REPLY__BODY_PONG;
        reply->pong = &pong;
        return true;
    }
    callout__v1__query_result__init(&result);
    reply->body_case = CALLOUT__V1__REPLY__BODY_RESULT;
    reply->result = &result;
    callout__v1__case_view__init(&view);
    callout__v1__case_held__init(&held);
    held.reason = held_reason;
    held.value = held_value;
    held.role = CALLOUT__V1__ROLE__ROLE_PM;
    view.number = number;
    view.state = state;
    view.held = is_held ? &held : NULL;
    if (request->query->what == CALLOUT__V1__WHAT__WHAT_ENTRIES)
        put_entries(&result);
    else if (request->query->what == CALLOUT__V1__WHAT__WHAT_OBJECT)
        put_object(request->query, reply, &result);
    else
        result.view = &view;
    return true;
}

/* -- the command */

static void load_versions(void)
{
    const Callout__V1__Registry *registry = NULL;
    yaml = co_yaml_new(NULL);
    co_yaml_load(yaml, CALLOUT_SOURCE_DIR "/policies/storage-after-sales.yaml");
    co_yaml_load(yaml, CALLOUT_SOURCE_DIR "/calendars");
    ck_assert_int_eq(co_yaml_finish(yaml, &registry), CO_OK);
    for (size_t i = 0; i < registry->n_objects; i++) {
        Callout__V1__RegistryObject *o = registry->objects[i];
        if (o->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_POLICY)
            policy = o;
        else if (o->object_case == CALLOUT__V1__REGISTRY_OBJECT__OBJECT_CALENDAR &&
                 strcmp(o->calendar->key, "cn-office") == 0)
            calendar = o;
    }
}

static void begin(void)
{
    load_versions();
    announced_us = DUE;
    engine = 1;
    is_held = false;
    has_versions = true;
    fake = fake_intake_for_commands(dir, answer);
    (void)setenv("TZ", "CST-8", 1);
    tzset();
}

static void end(void)
{
    fake_intake_stop(fake);
    co_yaml_free(yaml);
    free(text);
    text = NULL;
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -r '%s'", dir);
    ck_assert_int_eq(system(command), 0);
}

static int explain(const char *option)
{
    static char program[] = "callout", explain[] = "explain";
    char given[64];
    size_t size;
    (void)snprintf(given, sizeof(given), "%s", option);
    char *argv[] = { program, explain, number, given, NULL };
    free(text);
    FILE *to = open_memstream(&text, &size);
    int code = cli_run(4, argv, to, to);
    (void)fclose(to);
    return code;
}

#define SAYS(what) ck_assert_msg(strstr(text, what) != NULL, "%s", text)

START_TEST(each_stretch_between_start_and_due_has_its_days_and_its_reason)
{
    begin();
    ck_assert_int_eq(explain("--lang=en"), CLI_OK);
    SAYS("policy     storage-after-sales as of registry version 3: 数据中心");
    SAYS("calendar   cn-office as of registry version 3, public holidays of 2023 to 2026\n");
    SAYS("  target     closing of working day 2, zone 6 (428.5 km), calendar cn-office; level 1 of "
         "milestone arrival, zone table journey\n"
         "  started    2026-09-30 11:00:00\n"
         "  due        2026-10-08 18:00:00\n");
    SAYS(
        "    from                 until                length  counts  days                 why\n"
        "    2026-09-30 11:00:00  2026-10-01 00:00:00     13h   1 day  2026-09-30           counts "
        "as a day\n"
        "    2026-10-01 00:00:00  2026-10-08 00:00:00      7d       -  2026-10-01 to 10-07  public "
        "holiday (国庆节)\n"
        "    2026-10-08 00:00:00  2026-10-08 18:00:00     18h   1 day  2026-10-08           counts "
        "as a day\n"
        "                                                      2 days                       of 2 "
        "days\n");
    end();
}
END_TEST

START_TEST(chinese_texts_stand_in_the_same_columns)
{
    begin();
    ck_assert_int_eq(explain("--lang=zh"), CLI_OK);
    SAYS("工程师到达现场 (arrival/1)\n");
    SAYS("    2026-10-01 00:00:00  2026-10-08 00:00:00      7d       -  2026-10-01 to 10-07  "
         "法定节假日 (国庆节)\n"
         "    2026-10-08 00:00:00  2026-10-08 18:00:00     18h   1 day  2026-10-08           "
         "计为一日\n");
    end();
}
END_TEST

START_TEST(a_program_gets_segments_that_touch_and_their_sum)
{
    begin();
    ck_assert_int_eq(explain("-ojson"), CLI_OK);
    SAYS("\"number\": \"C-180D\"");
    SAYS("\"why\": \"holiday\",\n          \"first_day\": \"2026-10-01\",\n"
         "          \"last_day\": \"2026-10-07\",\n          \"name\": \"国庆节\"");
    SAYS("\"target\": 2,\n      \"counted\": 2,\n      \"is_days\": true");
    end();
}
END_TEST

START_TEST(what_was_announced_otherwise_is_said)
{
    begin();
    ck_assert_int_eq(explain("--lang=en"), CLI_OK);
    ck_assert_ptr_null(strstr(text, "announced is another time"));
    SAYS("announced is nothing: sla is behind, or this is a fault)"); /* of the response */
    announced_us = DUE + CO_HOUR_US;
    ck_assert_int_eq(explain("--lang=en"), CLI_OK);
    SAYS("due        2026-10-08 18:00:00 (announced is another time: sla is behind");
    end();
}
END_TEST

START_TEST(a_held_case_is_promised_nothing_and_what_cannot_be_computed_is_said)
{
    begin();
    is_held = true;
    ck_assert_int_eq(explain("--lang=en"), CLI_OK);
    SAYS("nothing is promised: the case is held, expired acme-2023 (the service period is over): pm decides\n");
    ck_assert_int_eq(explain("-ojson"), CLI_OK);
    SAYS("\"clocks\": []");
    is_held = false;
    engine = 2;
    ck_assert_int_eq(explain("--lang=en"), CLI_FAILED);
    SAYS("the case is computed by engine 2");
    engine = 1;
    has_versions = false;
    ck_assert_int_eq(explain("--lang=en"), CLI_NOT_FOUND);
    end();
}
END_TEST

CHECK_MAIN("cli_explain", each_stretch_between_start_and_due_has_its_days_and_its_reason,
           chinese_texts_stand_in_the_same_columns,
           a_program_gets_segments_that_touch_and_their_sum, what_was_announced_otherwise_is_said,
           a_held_case_is_promised_nothing_and_what_cannot_be_computed_is_said)
