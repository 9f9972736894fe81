#include "intake_check.h"

#include <math.h>
#include <stdio.h>

#include "intake_help.h"

START_TEST(a_ticket_needs_a_key_and_a_title_and_nothing_else)
{
    is_fine();
    ticket.key = characters(0);
    is_wrong("submit.key", "1..128 characters");
    tear_down();
    set_up();
    ticket.title = characters(0);
    is_wrong("submit.title", "1..200 characters");
}
END_TEST

/* Texts of a ticket and how many characters they may have. */
static const struct {
    const char *field;
    size_t at;
    size_t max;
    const char *allowed;
} texts[] = {
    { "submit.key", offsetof(Callout__V1__SubmitTicket, key), 128, "1..128 characters" },
    { "submit.customer", offsetof(Callout__V1__SubmitTicket, customer), 64, "0..64 characters" },
    { "submit.contract", offsetof(Callout__V1__SubmitTicket, contract), 64, "0..64 characters" },
    { "submit.site", offsetof(Callout__V1__SubmitTicket, site), 64, "0..64 characters" },
    { "submit.version", offsetof(Callout__V1__SubmitTicket, version), 64, "0..64 characters" },
    { "submit.product", offsetof(Callout__V1__SubmitTicket, product), 64, "0..64 characters" },
    { "submit.title", offsetof(Callout__V1__SubmitTicket, title), 200, "1..200 characters" },
    { "submit.description", offsetof(Callout__V1__SubmitTicket, description), 16000,
      "0..16000 characters" },
    { "submit.contact_name", offsetof(Callout__V1__SubmitTicket, contact_name), 200,
      "0..200 characters" },
    { "submit.contact_phone", offsetof(Callout__V1__SubmitTicket, contact_phone), 64,
      "0..64 characters" },
    { "submit.contact_email", offsetof(Callout__V1__SubmitTicket, contact_email), 254,
      "0..254 characters" },
};

START_TEST(lengths_are_counted_in_characters)
{
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        tear_down();
        set_up();
        char **text = (char **)((char *)&ticket + texts[i].at);
        *text = characters(texts[i].max);
        is_fine();
        *text = characters(texts[i].max + 1);
        is_wrong(texts[i].field, texts[i].allowed);
    }
}
END_TEST

START_TEST(lists_are_limited_in_count_and_length)
{
    char *list[33];
    for (size_t i = 0; i < 33; i++)
        list[i] = characters(64);
    ticket.traits = ticket.conditions = list;
    ticket.n_traits = ticket.n_conditions = 32;
    is_fine();
    ticket.n_traits = 33;
    is_wrong("submit.traits", "at most 32 values");
    ticket.n_traits = 0;
    list[3] = characters(65);
    is_wrong("submit.conditions", "1..64 characters each");
    list[3] = characters(0);
    is_wrong("submit.conditions", "1..64 characters each");
}
END_TEST

START_TEST(a_ticket_may_have_happened_from_a_year_ago_until_five_minutes_ahead)
{
    ticket.occurred_us = HELP_NOW_US - INTAKE_BACK_US;
    is_fine();
    ticket.occurred_us = HELP_NOW_US + INTAKE_AHEAD_US;
    is_fine();
    ticket.occurred_us++;
    is_wrong("submit.occurred_us", "1738464000000000..1770000300000000");
    ticket.occurred_us = HELP_NOW_US - INTAKE_BACK_US - 1;
    is_wrong("submit.occurred_us", "1738464000000000..1770000300000000");
    ticket.occurred_us = INT64_MIN;
    is_wrong("submit.occurred_us", "1738464000000000..1770000300000000");
}
END_TEST

START_TEST(a_position_is_finite_and_on_earth)
{
    Callout__V1__Position p = CALLOUT__V1__POSITION__INIT;
    ticket.position = &p;
    p.latitude = -90;
    p.longitude = 180;
    is_fine();
    p.latitude = 90.000001;
    is_wrong("submit.position.latitude", "-90..90 degrees");
    p.latitude = (double)NAN;
    is_wrong("submit.position.latitude", "-90..90 degrees");
    p.latitude = 0;
    p.longitude = -(double)INFINITY;
    is_wrong("submit.position.longitude", "-180..180 degrees");
    p.longitude = 0;
    p.datum = (Callout__V1__Datum)3;
    is_wrong("submit.position.datum", "wgs84, gcj02, bd09");
}
END_TEST

START_TEST(attachments_are_references_with_a_hash)
{
    uint8_t sum[33] = { 0 };
    Callout__V1__Attachment a = CALLOUT__V1__ATTACHMENT__INIT;
    Callout__V1__Attachment *list[33];
    for (size_t i = 0; i < 33; i++)
        list[i] = &a;
    a.uri = characters(2000);
    a.sha256 = (ProtobufCBinaryData){ 32, sum };
    ticket.attachments = list;
    ticket.n_attachments = 32;
    is_fine();
    ticket.n_attachments = 33;
    is_wrong("submit.attachments", "at most 32 values");
    ticket.n_attachments = 1;
    a.sha256.len = 33;
    is_wrong("submit.attachments.sha256", "32 bytes");
    a.uri = characters(0);
    is_wrong("submit.attachments.uri", "1..2000 characters");
    a.name = characters(201);
    is_wrong("submit.attachments.name", "0..200 characters");
}
END_TEST

START_TEST(numbers_have_limits)
{
    ticket.stated_severity = 9;
    ticket.wait_ms = 10000;
    is_fine();
    ticket.wait_ms = 10001;
    is_wrong("submit.wait_ms", "0..10000");
    ticket.stated_severity = 10;
    is_wrong("submit.stated_severity", "0..9");
}
END_TEST

START_TEST(clients_may_send_facts_and_decisions_but_not_what_callout_makes)
{
    static const int made_here[] = { CALLOUT__V1__ACT__ACT_NONE,
                                     CALLOUT__V1__ACT__ACT_REPORTED,
                                     CALLOUT__V1__ACT__ACT_LOCATED,
                                     CALLOUT__V1__ACT__ACT_CLOSED,
                                     CALLOUT__V1__ACT__ACT_ENTITLED,
                                     CALLOUT__V1__ACT__ACT_EXCLUDED,
                                     CALLOUT__V1__ACT__ACT_EXCLUSION_ENDED,
                                     36,
                                     39,
                                     55,
                                     1000,
                                     -1 };
    use_command(CALLOUT__V1__ACT__ACT_UNDERWAY);
    is_fine();
    for (size_t i = 0; i < sizeof(made_here) / sizeof(made_here[0]); i++) {
        command.act = (Callout__V1__Act)made_here[i];
        is_wrong("command.act", "case_accepted");
    }
    ck_assert_uint_eq(complaint.allowed_count, 64);
    ck_assert_str_eq(complaint.allowed[48], "resend_notice");
}
END_TEST

START_TEST(an_act_that_says_something_needs_to_be_told_what)
{
    use_command(CALLOUT__V1__ACT__ACT_CONDITION_SET);
    is_wrong("command.name", "1..64 characters");
    use_command(CALLOUT__V1__ACT__ACT_CONDITION_CLEARED);
    is_wrong("command.name", "1..64 characters");
    command.name = characters(64);
    is_fine();
    use_command(CALLOUT__V1__ACT__ACT_SET_SEVERITY);
    is_wrong("command.severity", "1..9");
    command.severity = 2;
    is_fine();
    use_command(CALLOUT__V1__ACT__ACT_NOTE);
    is_wrong("command.note", "1..16000 characters");
    use_command(CALLOUT__V1__ACT__ACT_AGREE);
    is_fine(); /* to what was proposed */
    command.agreed_us = 1;
    is_wrong("command.agreed_us", "1738464000000000..2085360000000000");
    command.agreed_us = HELP_NOW_US + CO_DAY_US;
    is_fine();
    use_command(CALLOUT__V1__ACT__ACT_PROPOSE_TIME);
    is_wrong("command.role", "customer");
    command.role = CALLOUT__V1__ROLE__ROLE_CUSTOMER;
    command.agreed_us = 0;
    is_wrong("command.agreed_us", "1738464000000000..2085360000000000");
    command.agreed_us = HELP_NOW_US + CO_DAY_US;
    is_fine();
    use_command(CALLOUT__V1__ACT__ACT_REJECT_TIME);
    command.role = CALLOUT__V1__ROLE__ROLE_VENDOR;
    is_wrong("command.role", "customer");
    use_command(CALLOUT__V1__ACT__ACT_HARDWARE_EXPECTED);
    command.agreed_us = 0;
    is_wrong("command.agreed_us", "1738464000000000..2085360000000000");
    command.agreed_us = HELP_NOW_US + CO_DAY_US;
    is_fine();
    use_command(CALLOUT__V1__ACT__ACT_ACKNOWLEDGED);
    is_fine();
}
END_TEST

START_TEST(who_calls_back_is_the_project_manager_and_says_what_the_customer_said)
{
    use_command(CALLOUT__V1__ACT__ACT_CALLED_BACK);
    command.role = CALLOUT__V1__ROLE__ROLE_PM;
    is_wrong("command.solved", "yes");
    command.solved = (Callout__V1__Solved)4;
    is_wrong("command.solved", "none");
    command.solved = CALLOUT__V1__SOLVED__SOLVED_PARTLY;
    is_fine();
    command.rating = 6;
    is_wrong("command.rating", "0..5");
    command.rating = 5;
    is_fine();
    command.role = CALLOUT__V1__ROLE__ROLE_ENGINEER;
    is_wrong("command.role", "pm");
    use_command(CALLOUT__V1__ACT__ACT_ANSWER_GIVEN);
    is_fine();
}
END_TEST

START_TEST(who_signs_and_who_waives_is_fixed)
{
    use_command(CALLOUT__V1__ACT__ACT_SIGN);
    is_wrong("command.role", "customer");
    command.role = CALLOUT__V1__ROLE__ROLE_PM;
    is_fine();
    use_command(CALLOUT__V1__ACT__ACT_WAIVE);
    is_wrong("command.role", "customer");
    ck_assert_str_eq(complaint.allowed[1], "director");
    command.role = CALLOUT__V1__ROLE__ROLE_DIRECTOR;
    is_fine();
    use_command(CALLOUT__V1__ACT__ACT_ARRIVED);
    command.role = (Callout__V1__Role)99;
    is_wrong("command.role", "none");
}
END_TEST

START_TEST(a_consent_says_who_may_enter_what_until_when)
{
    static char key[] = "db", bad[] = "The DB", db1[] = "db1", ops[] = "ops", *systems[] = { db1 };
    Callout__V1__Consent consent = CALLOUT__V1__CONSENT__INIT;
    use_command(CALLOUT__V1__ACT__ACT_CONSENT_ASKED);
    is_wrong("command.consent", "key, systems, from_us, until_us");
    command.consent = &consent;
    is_wrong("command.consent.key", "1..64 characters");
    consent.key = bad;
    consent.from_us = consent.until_us = HELP_NOW_US;
    is_wrong("command.consent.key", "1..64 characters of a-z 0-9 . _ -");
    consent.key = key;
    is_wrong("command.consent.systems", "1..32 systems of 1..200 characters each");
    consent.systems = systems;
    consent.n_systems = 1;
    is_wrong("command.consent.until_us", "a time after from_us: the end is exclusive");
    consent.until_us++;
    is_fine();
    command.name = ops;
    is_wrong("command.name", "db");
    use_command(CALLOUT__V1__ACT__ACT_NOTE);
    command.consent = &consent;
    is_wrong("command.consent", "consent_asked, consent_given, consent_changed, session_started");
}
END_TEST

START_TEST(the_customer_consents_by_name_and_whoever_enters_says_by_which_consent)
{
    static char key[] = "db", ops[] = "ops";
    use_command(CALLOUT__V1__ACT__ACT_CONSENT_GIVEN);
    is_wrong("command.name", "1..64 characters");
    command.name = key;
    is_wrong("command.role", "customer");
    command.role = CALLOUT__V1__ROLE__ROLE_CUSTOMER;
    is_wrong("command.person", "1..64 characters");
    command.person = ops;
    is_fine();
    Callout__V1__Consent consent = CALLOUT__V1__CONSENT__INIT;
    use_command(CALLOUT__V1__ACT__ACT_SESSION_STARTED);
    command.name = key;
    command.person = ops;
    is_fine();
    command.consent = &consent;
    consent.operate = true;
    is_wrong("command.consent", "systems");
}
END_TEST

START_TEST(sending_a_notice_again_needs_its_whole_name)
{
    static char obligation[] = "breached/response/1", slot[] = "pm/0", empty[] = "";
    Callout__V1__NoticeName name = CALLOUT__V1__NOTICE_NAME__INIT;
    use_command(CALLOUT__V1__ACT__ACT_RESEND_NOTICE);
    ck_assert_int_eq(check(), CO_EINPUT);
    ck_assert_str_eq(complaint.field, "command.notice");
    command.notice = &name;
    name.slot = slot;
    is_wrong("command.notice.obligation", "1..223 characters");
    name.obligation = obligation;
    name.slot = empty;
    is_wrong("command.notice.slot", "1..31 characters");
    name.slot = slot;
    is_fine();
}
END_TEST

START_TEST(notices_are_asked_for_by_states_that_there_are)
{
    Callout__V1__NoticeState states[] = { CALLOUT__V1__NOTICE_STATE__NOTICE_FAILED,
                                          (Callout__V1__NoticeState)99 };
    Callout__V1__NoticeFilter filter = CALLOUT__V1__NOTICE_FILTER__INIT;
    use_query(CALLOUT__V1__WHAT__WHAT_NOTICES);
    is_fine();
    query.notices = &filter;
    filter.states = states;
    filter.n_states = 1;
    is_fine();
    filter.n_states = 2;
    is_wrong("query.notices.states", "0 (NOTICE_PLANNED)");
    use_query(CALLOUT__V1__WHAT__WHAT_NOTICE);
    ck_assert_int_eq(check(), CO_EINPUT);
}
END_TEST

START_TEST(a_case_number_is_checked_by_its_check_character_and_its_lane)
{
    char number[CO_NUMBER_TEXT];
    use_command(CALLOUT__V1__ACT__ACT_ARRIVED);
    command.number = number;
    strcpy(number, "C-180E");
    is_wrong("command.number", "a number as given in the reply to a submit, for example C-180D");
    co_number_format(co_number_id(7, 16), number);
    ck_assert_int_eq(check(), CO_EINPUT);
    ck_assert_int_eq(complaint.code, CALLOUT__V1__CODE__CODE_NOT_FOUND);
    co_number_format(co_number_id(7, 15), number);
    is_fine();
}
END_TEST

START_TEST(a_query_says_what_it_wants)
{
    static char number[] = HELP_NUMBER;
    use_query(CALLOUT__V1__WHAT__WHAT_NONE);
    is_wrong("query.what", "case");
    use_query((Callout__V1__What)99);
    is_wrong("query.what", "case");
    use_query(CALLOUT__V1__WHAT__WHAT_CASE);
    is_wrong("query.number", "a number as given in the reply to a submit, for example C-180D");
    query.number = number;
    is_fine();
    use_query(CALLOUT__V1__WHAT__WHAT_COMMAND);
    is_wrong("query.command_id", "");
    use_query(CALLOUT__V1__WHAT__WHAT_ENTRIES);
    query.limit = 1001;
    is_wrong("query.limit", "0..1000");
    query.limit = 1000;
    query.wait_ms = 30001;
    is_wrong("query.wait_ms", "0..30000");
    query.wait_ms = 30000;
    query.after.len = 4097;
    is_wrong("query.after", "at most 4096 bytes");
}
END_TEST

START_TEST(a_version_of_an_object_is_named_as_a_case_pins_it)
{
    static char policy[] = "policy", person[] = "person", key[] = "storage";
    use_query(CALLOUT__V1__WHAT__WHAT_OBJECT);
    is_wrong("query.kind", "policy");
    query.kind = person; /* never as it was */
    is_wrong("query.kind", "policy");
    query.kind = policy;
    is_wrong("query.key", "1..64 characters");
    query.key = key;
    is_wrong("query.since", "");
    query.since = 1;
    is_fine();
    query.key = characters(65);
    is_wrong("query.key", "0..64 characters");
}
END_TEST

START_TEST(an_apply_has_a_name_and_counts_its_parts)
{
    request.body_case = CALLOUT__V1__REQUEST__BODY_APPLY;
    request.apply = &apply;
    is_fine();
    apply.part = 0;
    is_wrong("apply.part", "1..4294967295");
    apply.change_id = characters(65);
    is_wrong("apply.change_id", "1..64 characters");
}
END_TEST

START_TEST(parked_cases_are_listed_all_and_handled_one_by_one)
{
    static char bad[] = "burn", drop[] = "drop", number[] = HELP_NUMBER, service[] = "sla";
    request.body_case = CALLOUT__V1__REQUEST__BODY_PARKED;
    request.parked = &parked;
    is_fine();
    parked.verb = bad;
    is_wrong("parked.verb", "list");
    parked.verb = drop;
    is_wrong("parked.service", "1..64 characters");
    parked.service = service;
    is_wrong("parked.number", "a number as given in the reply to a submit, for example C-180D");
    parked.number = number;
    is_fine();
}
END_TEST

START_TEST(a_request_without_a_body_is_told_what_there_is)
{
    request.body_case = CALLOUT__V1__REQUEST__BODY__NOT_SET;
    is_wrong("body", "submit");
    ck_assert_uint_eq(complaint.allowed_count, 7);
    use_ticket();
    request.request_id = characters(65);
    is_wrong("request_id", "0..64 characters");
}
END_TEST

START_TEST(a_ping_asks_for_nothing)
{
    Callout__V1__Ping ping = CALLOUT__V1__PING__INIT;
    request.body_case = CALLOUT__V1__REQUEST__BODY_PING;
    request.ping = &ping;
    is_fine();
}
END_TEST

CHECK_MAIN_WITH(
    "intake_check", set_up, tear_down, a_ticket_needs_a_key_and_a_title_and_nothing_else,
    lengths_are_counted_in_characters, lists_are_limited_in_count_and_length,
    a_ticket_may_have_happened_from_a_year_ago_until_five_minutes_ahead,
    a_position_is_finite_and_on_earth, attachments_are_references_with_a_hash, numbers_have_limits,
    clients_may_send_facts_and_decisions_but_not_what_callout_makes,
    an_act_that_says_something_needs_to_be_told_what,
    who_calls_back_is_the_project_manager_and_says_what_the_customer_said,
    who_signs_and_who_waives_is_fixed, a_consent_says_who_may_enter_what_until_when,
    the_customer_consents_by_name_and_whoever_enters_says_by_which_consent,
    sending_a_notice_again_needs_its_whole_name, notices_are_asked_for_by_states_that_there_are,
    a_case_number_is_checked_by_its_check_character_and_its_lane, a_query_says_what_it_wants,
    a_version_of_an_object_is_named_as_a_case_pins_it, an_apply_has_a_name_and_counts_its_parts,
    parked_cases_are_listed_all_and_handled_one_by_one,
    a_request_without_a_body_is_told_what_there_is, a_ping_asks_for_nothing)
