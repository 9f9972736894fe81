#include "co_json.h"

#include <string.h>

#include "callout/v1/audit.pb-c.h"
#include "callout/v1/intake.pb-c.h"
#include "callout/v1/sla_state.pb-c.h"
#include "check_main.h"

static char title[] = "阵列离线", key[] = "k";

static json_t *field(json_t *json, const char *name)
{
    json_t *value = json_object_get(json, name);
    ck_assert_msg(value != NULL, "no field %s", name);
    return value;
}

START_TEST(every_field_has_its_name_and_default)
{
    Callout__V1__CaseView view = CALLOUT__V1__CASE_VIEW__INIT;
    view.title = title;
    json_t *json = co_json_of_message(&view.base);
    ck_assert_str_eq(json_string_value(field(json, "title")), title);
    ck_assert_int_eq(json_integer_value(field(json, "severity")), 0);
    ck_assert(json_is_null(field(json, "located")));
    ck_assert_uint_eq(json_array_size(field(json, "clocks")), 0);
    json_decref(json);
}
END_TEST

START_TEST(times_have_a_number_and_a_text)
{
    Callout__V1__Met met = CALLOUT__V1__MET__INIT;
    met.met_us = INT64_C(1771291800000000);
    met.late_us = INT64_C(5400000000);
    json_t *json = co_json_of_message(&met.base);
    ck_assert_int_eq(json_integer_value(field(json, "met_us")), met.met_us);
    ck_assert_str_eq(json_string_value(field(json, "met")), "2026-02-17T01:30:00Z");
    ck_assert_str_eq(json_string_value(field(json, "late")), "1h30m");
    json_decref(json);
    met.met_us = 0;
    json = co_json_of_message(&met.base);
    ck_assert(json_is_null(field(json, "met")));
    json_decref(json);
}
END_TEST

START_TEST(lengths_of_reports_are_no_dates_of_1970)
{
    Callout__V1__TimePart part = CALLOUT__V1__TIME_PART__INIT;
    Callout__V1__TimerLateness lateness = CALLOUT__V1__TIMER_LATENESS__INIT;
    part.length_us = INT64_C(5400000000);
    lateness.p99_us = 26508;
    json_t *json = co_json_of_message(&part.base);
    ck_assert_str_eq(json_string_value(field(json, "length")), "1h30m");
    json_decref(json);
    json = co_json_of_message(&lateness.base);
    ck_assert_str_eq(json_string_value(field(json, "p99")), "26ms508us");
    json_decref(json);
}
END_TEST

START_TEST(enums_are_words_and_oneofs_show_what_is_set)
{
    Callout__V1__CommandApplied applied = CALLOUT__V1__COMMAND_APPLIED__INIT;
    Callout__V1__Act missing[] = { CALLOUT__V1__ACT__ACT_ONSITE_REQUESTED, (Callout__V1__Act)999 };
    applied.act = CALLOUT__V1__ACT__ACT_ARRIVED;
    applied.n_missing = 2;
    applied.missing = missing;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    event.body_case = CALLOUT__V1__EVENT__BODY_COMMAND_APPLIED;
    event.command_applied = &applied;
    json_t *json = co_json_of_message(&event.base);
    ck_assert_uint_eq(json_object_size(json), 2);
    json_t *body = field(json, "command_applied");
    ck_assert_str_eq(json_string_value(field(body, "act")), "arrived");
    ck_assert_str_eq(json_string_value(json_array_get(field(body, "missing"), 0)),
                     "onsite_requested");
    ck_assert_str_eq(json_string_value(json_array_get(field(body, "missing"), 1)), "unknown_999");
    json_decref(json);
}
END_TEST

START_TEST(bytes_are_hex)
{
    uint8_t bytes[] = { 0x00, 0xff, 0x1a };
    Callout__V1__QueryResult result = CALLOUT__V1__QUERY_RESULT__INIT;
    result.next = (ProtobufCBinaryData){ .len = 3, .data = bytes };
    json_t *json = co_json_of_message(&result.base);
    ck_assert_str_eq(json_string_value(field(json, "next")), "00ff1a");
    json_decref(json);
}
END_TEST

static struct co_json_fault fault;
static struct co_arena *arena;
static Callout__V1__SubmitTicket ticket;

static enum co_err read_ticket(const char *text)
{
    json_t *json = json_loads(text, 0, NULL);
    ck_assert_ptr_nonnull(json);
    callout__v1__submit_ticket__init(&ticket);
    fault = (struct co_json_fault){ .field = "" };
    enum co_err err = co_json_to_message(json, arena, &ticket.base, &fault);
    json_decref(json);
    return err;
}

START_TEST(a_ticket_is_read)
{
    arena = co_arena_new(1 << 20);
    ck_assert_int_eq(
        read_ticket(
            "{\"key\": \"k\", \"traits\": [\"a\", \"b\"], \"stated_severity\": 2, \"onsite\": true,"
            " \"occurred\": \"2026-02-17T09:30:00+08:00\","
            " \"position\": {\"latitude\": 39.9, \"longitude\": 116, \"datum\": \"gcj02\"},"
            " \"attachments\": [{\"name\": \"log\", \"sha256\": \"00fF\"}]}"),
        CO_OK);
    ck_assert_str_eq(ticket.key, key);
    ck_assert_uint_eq(ticket.n_traits, 2);
    ck_assert_str_eq(ticket.traits[1], "b");
    ck_assert_int_eq(ticket.occurred_us, INT64_C(1771291800000000));
    ck_assert(ticket.onsite);
    ck_assert_int_eq(ticket.position->datum, CALLOUT__V1__DATUM__DATUM_GCJ02);
    ck_assert(ticket.position->longitude == 116);
    ck_assert_uint_eq(ticket.attachments[0]->sha256.len, 2);
    ck_assert_uint_eq(ticket.attachments[0]->sha256.data[1], 0xff);
    ck_assert_str_eq(ticket.title, "");
    co_arena_free(arena);
}
END_TEST

START_TEST(a_fault_says_where_and_what)
{
    static const struct {
        const char *text, *field, *says;
    } cases[] = {
        { "[]", "", "object" },
        { "{\"titel\": \"x\"}", "titel", "did you mean 'title'" },
        { "{\"title\": 7}", "title", "text" },
        { "{\"stated_severity\": -1}", "stated_severity", "range" },
        { "{\"stated_severity\": 4294967296}", "stated_severity", "range" },
        { "{\"traits\": \"a\"}", "traits", "list" },
        { "{\"occurred\": \"today\"}", "occurred", "2026-02-17T" },
        { "{\"position\": {\"datum\": \"mars\"}}", "position.datum", "mars" },
        { "{\"position\": {\"latitude\": \"n\"}}", "position.latitude", "number" },
        { "{\"onsite\": 1}", "onsite", "true or false" },
        { "{\"attachments\": [{\"sha256\": \"0g\"}]}", "attachments.sha256", "hex" },
        { "{\"attachments\": [{\"sha256\": \"0\"}]}", "attachments.sha256", "hex" },
    };
    arena = co_arena_new(1 << 20);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_int_eq(read_ticket(cases[i].text), CO_EINPUT);
        ck_assert_str_eq(fault.field, cases[i].field);
        ck_assert_msg(strstr(fault.text, cases[i].says) != NULL, "%s: %s", cases[i].text,
                      fault.text);
    }
    co_arena_free(arena);
}
END_TEST

START_TEST(names_of_acts_are_found_in_either_spelling)
{
    int act = 0;
    ck_assert_int_eq(co_json_enum_value(&callout__v1__act__descriptor, "onsite_requested", &act),
                     CO_OK);
    ck_assert_int_eq(act, CALLOUT__V1__ACT__ACT_ONSITE_REQUESTED);
    ck_assert_int_eq(co_json_enum_value(&callout__v1__act__descriptor, "Onsite-Requested", &act),
                     CO_OK);
    ck_assert_int_eq(co_json_enum_value(&callout__v1__act__descriptor, "act_arrived", &act),
                     CO_EINPUT);
}
END_TEST

CHECK_MAIN("json", every_field_has_its_name_and_default, times_have_a_number_and_a_text,
           lengths_of_reports_are_no_dates_of_1970, enums_are_words_and_oneofs_show_what_is_set,
           bytes_are_hex, a_ticket_is_read, a_fault_says_where_and_what,
           names_of_acts_are_found_in_either_spelling)
