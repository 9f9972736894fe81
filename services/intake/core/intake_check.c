#include "intake_check.h"

#include <string.h>

#include "intake_rule.h"

enum { REQUEST_ID_MAX = 64, KEY_MAX = 128, NAME_MAX_CHARS = 64, TITLE_MAX = 200, TEXT_MAX = 16000,
       LIST_MAX = 32, SEVERITY_MAX = 9, RATING_MAX = 5, MINUTES_MAX = 60000, WAIT_MAX_MS = 10000, WATCH_MAX_MS = 30000, PAGE_MAX = 1000, CURSOR_MAX = 4096,
       NUMBER_TEXT_MAX = 64 };

#define LENGTH(table) (sizeof(table) / sizeof((table)[0]))
#define AT(type, member) .at = offsetof(Callout__V1__##type, member)
#define LIST(type, member) AT(type, member), .count_at = offsetof(Callout__V1__##type, n_##member)

static const struct intake_rule request_rules[] = {
    { "request_id", intake_rule_text, AT(Request, request_id), .max = REQUEST_ID_MAX },
};

static const struct intake_rule submit_rules[] = {
    { "submit.key", intake_rule_text, AT(SubmitTicket, key), .min = 1, .max = KEY_MAX },
    { "submit.customer", intake_rule_text, AT(SubmitTicket, customer), .max = NAME_MAX_CHARS },
    { "submit.contract", intake_rule_text, AT(SubmitTicket, contract), .max = NAME_MAX_CHARS },
    { "submit.site", intake_rule_text, AT(SubmitTicket, site), .max = NAME_MAX_CHARS },
    { "submit.product", intake_rule_text, AT(SubmitTicket, product), .max = NAME_MAX_CHARS },
    { "submit.version", intake_rule_text, AT(SubmitTicket, version), .max = NAME_MAX_CHARS },
    { "submit.offering", intake_rule_text, AT(SubmitTicket, offering), .max = NAME_MAX_CHARS },
    { "submit.target", intake_rule_text, AT(SubmitTicket, target), .max = NAME_MAX_CHARS },
    { "submit.dated_us", intake_rule_agreed_if_any, AT(SubmitTicket, dated_us) },
    { "submit.dated_until_us", intake_rule_agreed_if_any, AT(SubmitTicket, dated_until_us) },
    { "submit.title", intake_rule_text, AT(SubmitTicket, title), .min = 1, .max = TITLE_MAX },
    { "submit.description", intake_rule_text, AT(SubmitTicket, description), .max = TEXT_MAX },
    { "submit.traits", intake_rule_texts, LIST(SubmitTicket, traits), .min = 1, .max = NAME_MAX_CHARS, .count_max = LIST_MAX },
    { "submit.conditions", intake_rule_texts, LIST(SubmitTicket, conditions), .min = 1, .max = NAME_MAX_CHARS,
      .count_max = LIST_MAX },
    { "submit.stated_severity", intake_rule_count, AT(SubmitTicket, stated_severity), .max = SEVERITY_MAX },
    { "submit.occurred_us", intake_rule_occurred, AT(SubmitTicket, occurred_us) },
    { "submit.contact_name", intake_rule_text, AT(SubmitTicket, contact_name), .max = 200 },
    { "submit.contact_phone", intake_rule_text, AT(SubmitTicket, contact_phone), .max = 64 },
    { "submit.contact_email", intake_rule_text, AT(SubmitTicket, contact_email), .max = 254 },
    { "submit.position", intake_rule_position, AT(SubmitTicket, position) },
    { "submit.attachments", intake_rule_attachments, LIST(SubmitTicket, attachments), .count_max = LIST_MAX },
    { "submit.wait_ms", intake_rule_count, AT(SubmitTicket, wait_ms), .max = WAIT_MAX_MS },
    { "submit.source", intake_rule_text, AT(SubmitTicket, source), .max = NAME_MAX_CHARS },
};

/* What clients may say; the others Callout makes itself. */
static const int acts[] = {
    CALLOUT__V1__ACT__ACT_CASE_ACCEPTED,    CALLOUT__V1__ACT__ACT_CONTACTED,
    CALLOUT__V1__ACT__ACT_EXPERT_JOINED,    CALLOUT__V1__ACT__ACT_PROCESS_STARTED,
    CALLOUT__V1__ACT__ACT_VENDOR_JOINED,    CALLOUT__V1__ACT__ACT_REMOTE_GAVE_UP,
    CALLOUT__V1__ACT__ACT_ONSITE_REQUESTED, CALLOUT__V1__ACT__ACT_UNDERWAY,
    CALLOUT__V1__ACT__ACT_ARRIVED,          CALLOUT__V1__ACT__ACT_INVESTIGATED,
    CALLOUT__V1__ACT__ACT_FINDING_GIVEN,    CALLOUT__V1__ACT__ACT_RECOMMENDED,
    CALLOUT__V1__ACT__ACT_CONSULTED,        CALLOUT__V1__ACT__ACT_HARDWARE_FAULT,
    CALLOUT__V1__ACT__ACT_HARDWARE_READY,   CALLOUT__V1__ACT__ACT_RESTORED,
    CALLOUT__V1__ACT__ACT_WAITING_CUSTOMER, CALLOUT__V1__ACT__ACT_CUSTOMER_ANSWERED,
    CALLOUT__V1__ACT__ACT_WAITING_VENDOR,   CALLOUT__V1__ACT__ACT_VENDOR_ANSWERED,
    CALLOUT__V1__ACT__ACT_CONDITION_SET,    CALLOUT__V1__ACT__ACT_CONDITION_CLEARED,
    CALLOUT__V1__ACT__ACT_NOTE,             CALLOUT__V1__ACT__ACT_RELAPSED,
    CALLOUT__V1__ACT__ACT_ACKNOWLEDGED,     CALLOUT__V1__ACT__ACT_HARDWARE_EXPECTED,
    CALLOUT__V1__ACT__ACT_SUBSTITUTE_READY, CALLOUT__V1__ACT__ACT_FIX_PLANNED,
    CALLOUT__V1__ACT__ACT_FIXED,            CALLOUT__V1__ACT__ACT_REPLACED,
    CALLOUT__V1__ACT__ACT_HANDED_UP,        CALLOUT__V1__ACT__ACT_ANSWER_GIVEN,
    CALLOUT__V1__ACT__ACT_CALLED_BACK,      CALLOUT__V1__ACT__ACT_CALL_ME_BACK,
    CALLOUT__V1__ACT__ACT_ACCEPT,           CALLOUT__V1__ACT__ACT_DECLINE,
    CALLOUT__V1__ACT__ACT_SIGN,             CALLOUT__V1__ACT__ACT_WAIVE,
    CALLOUT__V1__ACT__ACT_CANCEL,           CALLOUT__V1__ACT__ACT_SET_SEVERITY,
    CALLOUT__V1__ACT__ACT_APPROVE,          CALLOUT__V1__ACT__ACT_AGREE,
    CALLOUT__V1__ACT__ACT_CONFIRM_ORDER,    CALLOUT__V1__ACT__ACT_NAME_ENGINEER,
    CALLOUT__V1__ACT__ACT_RECALL,           CALLOUT__V1__ACT__ACT_PROPOSE_TIME,
    CALLOUT__V1__ACT__ACT_REJECT_TIME,      CALLOUT__V1__ACT__ACT_ARCHIVE,
    CALLOUT__V1__ACT__ACT_RESEND_NOTICE,    CALLOUT__V1__ACT__ACT_STEP_OPENED,
    CALLOUT__V1__ACT__ACT_STEP_DONE,        CALLOUT__V1__ACT__ACT_STEP_ACCEPTED,
    CALLOUT__V1__ACT__ACT_STEP_RETURNED,    CALLOUT__V1__ACT__ACT_STEP_SKIPPED,
    CALLOUT__V1__ACT__ACT_CONSENT_ASKED,    CALLOUT__V1__ACT__ACT_CONSENT_GIVEN,
    CALLOUT__V1__ACT__ACT_CONSENT_CHANGED,  CALLOUT__V1__ACT__ACT_CONSENT_WITHDRAWN,
    CALLOUT__V1__ACT__ACT_CONSENT_REFUSED,  CALLOUT__V1__ACT__ACT_CONSENT_NOBODY,
    CALLOUT__V1__ACT__ACT_CONSENT_SILENT,   CALLOUT__V1__ACT__ACT_SESSION_STARTED,
    CALLOUT__V1__ACT__ACT_SESSION_ENDED,
    CALLOUT__V1__ACT__ACT_RESCHEDULE,       CALLOUT__V1__ACT__ACT_BOOK,
    CALLOUT__V1__ACT__ACT_UNBOOK,
    CALLOUT__V1__ACT__ACT_RESCHEDULE,       CALLOUT__V1__ACT__ACT_WORKED,
    CALLOUT__V1__ACT__ACT_DEDUCT_FROM,      CALLOUT__V1__ACT__ACT_ALLOW_OVERDRAFT,
};
static const struct intake_values client_acts = { &callout__v1__act__descriptor, acts, LENGTH(acts) };

static const struct intake_rule command_rules[] = {
    { "command.key", intake_rule_text, AT(Command, key), .min = 1, .max = KEY_MAX },
    { "command.number", intake_rule_number, AT(Command, number), .min = 1 },
    { "command.act", intake_rule_value, AT(Command, act), .extra = &client_acts },
    { "command.occurred_us", intake_rule_occurred, AT(Command, occurred_us) },
    { "command.role", intake_rule_enum, AT(Command, role), .extra = &callout__v1__role__descriptor },
    { "command.person", intake_rule_text, AT(Command, person), .max = NAME_MAX_CHARS },
    { "command.name", intake_rule_text, AT(Command, name), .max = NAME_MAX_CHARS },
    { "command.severity", intake_rule_count, AT(Command, severity), .max = SEVERITY_MAX },
    { "command.note", intake_rule_text, AT(Command, note), .max = TEXT_MAX },
    { "command.wait_ms", intake_rule_count, AT(Command, wait_ms), .max = WAIT_MAX_MS },
    { "command.solved", intake_rule_enum, AT(Command, solved), .extra = &callout__v1__solved__descriptor },
    { "command.document", intake_rule_document, AT(Command, document) },
    { "command.rating", intake_rule_count, AT(Command, rating), .max = RATING_MAX },
    { "command.slot", intake_rule_text, AT(Command, slot), .max = NAME_MAX_CHARS },
    { "command.consent", intake_rule_consent_use, AT(Command, consent) },
};

static const int sign_roles[] = { CALLOUT__V1__ROLE__ROLE_CUSTOMER, CALLOUT__V1__ROLE__ROLE_PM };
static const int waive_roles[] = { CALLOUT__V1__ROLE__ROLE_CUSTOMER, CALLOUT__V1__ROLE__ROLE_DIRECTOR };
static const struct intake_values who_signs = { &callout__v1__role__descriptor, sign_roles, LENGTH(sign_roles) };
static const struct intake_values who_waives = { &callout__v1__role__descriptor, waive_roles, LENGTH(waive_roles) };

/* The project manager leads the work order; the technical department says too who goes (DOMAIN section 6). */
static const int lead_roles[] = { CALLOUT__V1__ROLE__ROLE_PM };
static const int name_roles[] = { CALLOUT__V1__ROLE__ROLE_PM, CALLOUT__V1__ROLE__ROLE_DIRECTOR };
static const int book_roles[] = { CALLOUT__V1__ROLE__ROLE_PM, CALLOUT__V1__ROLE__ROLE_DIRECTOR,
                                  CALLOUT__V1__ROLE__ROLE_SERVICE_MANAGER, CALLOUT__V1__ROLE__ROLE_DESK };
static const struct intake_values who_leads = { &callout__v1__role__descriptor, lead_roles, LENGTH(lead_roles) };
static const struct intake_values who_books = { &callout__v1__role__descriptor, book_roles, LENGTH(book_roles) };
static const struct intake_values who_names = { &callout__v1__role__descriptor, name_roles, LENGTH(name_roles) };

/* Who agrees on times: the customer, or somebody of ours. */
static const int agreeing_roles[] = { CALLOUT__V1__ROLE__ROLE_CUSTOMER, CALLOUT__V1__ROLE__ROLE_PM,
                                      CALLOUT__V1__ROLE__ROLE_ENGINEER, CALLOUT__V1__ROLE__ROLE_SUPPORT,
                                      CALLOUT__V1__ROLE__ROLE_DIRECTOR, CALLOUT__V1__ROLE__ROLE_DESK,
                                      CALLOUT__V1__ROLE__ROLE_SERVICE_MANAGER };
static const struct intake_values either_side = { &callout__v1__role__descriptor, agreeing_roles, LENGTH(agreeing_roles) };

/* Only the customer lets anybody in. */
static const int customer_role[] = { CALLOUT__V1__ROLE__ROLE_CUSTOMER };
static const struct intake_values who_consents = { &callout__v1__role__descriptor, customer_role, LENGTH(customer_role) };

/* Who works, or reports it: anybody of ours. Who decides about man-days: those who answer for them (DOMAIN section 9: an overdraft
 * has a name). */
static const int working_roles[] = { CALLOUT__V1__ROLE__ROLE_ENGINEER, CALLOUT__V1__ROLE__ROLE_SUPPORT,
                                     CALLOUT__V1__ROLE__ROLE_EXPERT,   CALLOUT__V1__ROLE__ROLE_DEVELOPER,
                                     CALLOUT__V1__ROLE__ROLE_PM,       CALLOUT__V1__ROLE__ROLE_DIRECTOR,
                                     CALLOUT__V1__ROLE__ROLE_DESK,     CALLOUT__V1__ROLE__ROLE_SERVICE_MANAGER,
                                     CALLOUT__V1__ROLE__ROLE_LECTURER };
static const int budget_roles[] = { CALLOUT__V1__ROLE__ROLE_PM, CALLOUT__V1__ROLE__ROLE_DIRECTOR,
                                    CALLOUT__V1__ROLE__ROLE_SERVICE_MANAGER, CALLOUT__V1__ROLE__ROLE_SALES };
static const struct intake_values who_works = { &callout__v1__role__descriptor, working_roles, LENGTH(working_roles) };
static const struct intake_values who_pays = { &callout__v1__role__descriptor, budget_roles, LENGTH(budget_roles) };

static const int said[] = { CALLOUT__V1__SOLVED__SOLVED_YES, CALLOUT__V1__SOLVED__SOLVED_PARTLY,
                            CALLOUT__V1__SOLVED__SOLVED_NO };
static const struct intake_values solved_or_not = { &callout__v1__solved__descriptor, said, LENGTH(said) };

static const char *const command_notice[] = { "command.notice.obligation", "command.notice.slot" };
static const char *const query_notice[] = { "query.notice.obligation", "query.notice.slot" };

/* What an act needs besides. */
static const struct act_rule {
    Callout__V1__Act act;
    struct intake_rule rule;
} act_rules[] = {
    { CALLOUT__V1__ACT__ACT_CONDITION_SET,
      { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_CONDITION_CLEARED,
      { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_SIGN, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_signs } },
    { CALLOUT__V1__ACT__ACT_WAIVE, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_waives } },
    { CALLOUT__V1__ACT__ACT_SET_SEVERITY,
      { "command.severity", intake_rule_count, AT(Command, severity), .min = 1, .max = SEVERITY_MAX } },
    { CALLOUT__V1__ACT__ACT_RESCHEDULE, { "command.from_us", intake_rule_agreed, AT(Command, from_us) } },
    { CALLOUT__V1__ACT__ACT_RESCHEDULE, { "command.until_us", intake_rule_agreed_if_any, AT(Command, until_us) } },
    { CALLOUT__V1__ACT__ACT_BOOK, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_books } },
    { CALLOUT__V1__ACT__ACT_BOOK, { "command.slot", intake_rule_text, AT(Command, slot), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_BOOK, { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_UNBOOK, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_books } },
    { CALLOUT__V1__ACT__ACT_UNBOOK, { "command.slot", intake_rule_text, AT(Command, slot), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_AGREE, { "command.agreed_us", intake_rule_agreed_if_any, AT(Command, agreed_us) } },
    { CALLOUT__V1__ACT__ACT_PROPOSE_TIME, { "command.agreed_us", intake_rule_agreed, AT(Command, agreed_us) } },
    { CALLOUT__V1__ACT__ACT_PROPOSE_TIME, { "command.role", intake_rule_value, AT(Command, role), .extra = &either_side } },
    { CALLOUT__V1__ACT__ACT_REJECT_TIME, { "command.role", intake_rule_value, AT(Command, role), .extra = &either_side } },
    { CALLOUT__V1__ACT__ACT_HARDWARE_EXPECTED, { "command.agreed_us", intake_rule_agreed, AT(Command, agreed_us) } },
    { CALLOUT__V1__ACT__ACT_CONFIRM_ORDER, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_leads } },
    { CALLOUT__V1__ACT__ACT_RECALL, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_leads } },
    { CALLOUT__V1__ACT__ACT_NAME_ENGINEER, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_names } },
    { CALLOUT__V1__ACT__ACT_NAME_ENGINEER,
      { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_CALLED_BACK, { "command.solved", intake_rule_value, AT(Command, solved), .extra = &solved_or_not } },
    { CALLOUT__V1__ACT__ACT_CALLED_BACK, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_leads } },
    { CALLOUT__V1__ACT__ACT_RESEND_NOTICE, { "command.notice", intake_rule_notice, AT(Command, notice), .min = 1, .extra = command_notice } },
    { CALLOUT__V1__ACT__ACT_STEP_OPENED,
      { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_STEP_DONE,
      { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_STEP_ACCEPTED,
      { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_STEP_RETURNED,
      { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_STEP_SKIPPED,
      { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_CONSENT_ASKED, { "command.consent", intake_rule_consent, AT(Command, consent), .min = 1 } },
    { CALLOUT__V1__ACT__ACT_CONSENT_GIVEN, { "command.consent", intake_rule_consent, AT(Command, consent) } },
    { CALLOUT__V1__ACT__ACT_CONSENT_GIVEN, { "command.name", intake_rule_consent_key, AT(Command, name) } },
    { CALLOUT__V1__ACT__ACT_CONSENT_GIVEN, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_consents } },
    { CALLOUT__V1__ACT__ACT_CONSENT_GIVEN, { "command.person", intake_rule_text, AT(Command, person), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_CONSENT_CHANGED, { "command.consent", intake_rule_consent, AT(Command, consent), .min = 1 } },
    { CALLOUT__V1__ACT__ACT_CONSENT_CHANGED, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_consents } },
    { CALLOUT__V1__ACT__ACT_CONSENT_CHANGED, { "command.person", intake_rule_text, AT(Command, person), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_CONSENT_WITHDRAWN, { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_CONSENT_WITHDRAWN, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_consents } },
    { CALLOUT__V1__ACT__ACT_CONSENT_WITHDRAWN, { "command.person", intake_rule_text, AT(Command, person), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_CONSENT_REFUSED, { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_CONSENT_NOBODY, { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_CONSENT_SILENT, { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_SESSION_STARTED, { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_SESSION_STARTED, { "command.person", intake_rule_text, AT(Command, person), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_SESSION_STARTED, { "command.consent.systems", intake_rule_entered, AT(Command, consent) } },
    { CALLOUT__V1__ACT__ACT_SESSION_ENDED, { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_SESSION_ENDED, { "command.person", intake_rule_text, AT(Command, person), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_WORKED, { "command.minutes", intake_rule_minutes, AT(Command, minutes), .max = MINUTES_MAX } },
    { CALLOUT__V1__ACT__ACT_WORKED, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_works } },
    { CALLOUT__V1__ACT__ACT_WORKED, { "command.person", intake_rule_text, AT(Command, person), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_DEDUCT_FROM, { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_DEDUCT_FROM, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_pays } },
    { CALLOUT__V1__ACT__ACT_ALLOW_OVERDRAFT, { "command.name", intake_rule_text, AT(Command, name), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_ALLOW_OVERDRAFT, { "command.minutes", intake_rule_minutes, AT(Command, minutes), .min = 1, .max = MINUTES_MAX } },
    { CALLOUT__V1__ACT__ACT_ALLOW_OVERDRAFT, { "command.role", intake_rule_value, AT(Command, role), .extra = &who_pays } },
    { CALLOUT__V1__ACT__ACT_ALLOW_OVERDRAFT, { "command.person", intake_rule_text, AT(Command, person), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__ACT__ACT_NOTE,
      { "command.note", intake_rule_text, AT(Command, note), .min = 1, .max = TEXT_MAX } },
};

static const int whats[] = {
    CALLOUT__V1__WHAT__WHAT_CASE,    CALLOUT__V1__WHAT__WHAT_CASES,    CALLOUT__V1__WHAT__WHAT_ENTRIES,
    CALLOUT__V1__WHAT__WHAT_COMMAND, CALLOUT__V1__WHAT__WHAT_REGISTRY, CALLOUT__V1__WHAT__WHAT_STATUS,
    CALLOUT__V1__WHAT__WHAT_OBJECT,  CALLOUT__V1__WHAT__WHAT_STATES,   CALLOUT__V1__WHAT__WHAT_ORDER,
    CALLOUT__V1__WHAT__WHAT_CLAIMS,  CALLOUT__V1__WHAT__WHAT_CHOICES,
    CALLOUT__V1__WHAT__WHAT_NOTICES,  CALLOUT__V1__WHAT__WHAT_NOTICE,
    CALLOUT__V1__WHAT__WHAT_OPENED,  CALLOUT__V1__WHAT__WHAT_LOTS,  CALLOUT__V1__WHAT__WHAT_POSTINGS,
};
static const struct intake_values known_whats = { &callout__v1__what__descriptor, whats, LENGTH(whats) };

static const struct intake_rule query_rules[] = {
    { "query.what", intake_rule_value, AT(Query, what), .extra = &known_whats },
    { "query.number", intake_rule_text, AT(Query, number), .max = NUMBER_TEXT_MAX },
    { "query.after", intake_rule_bytes, AT(Query, after), .max = CURSOR_MAX },
    { "query.limit", intake_rule_count, AT(Query, limit), .max = PAGE_MAX },
    { "query.wait_ms", intake_rule_count, AT(Query, wait_ms), .max = WATCH_MAX_MS },
    { "query.customer", intake_rule_text, AT(Query, customer), .max = NAME_MAX_CHARS },
    { "query.kind", intake_rule_text, AT(Query, kind), .max = NAME_MAX_CHARS },
    { "query.key", intake_rule_text, AT(Query, key), .max = NAME_MAX_CHARS },
};

/* What a case pins. Persons and their addresses are asked for as they are, never as they were. */
static const char *const pinned_kinds[] = { "policy", "calendar", "contract", NULL };

static const struct what_rule {
    Callout__V1__What what;
    struct intake_rule rule;
} what_rules[] = {
    { CALLOUT__V1__WHAT__WHAT_CASE, { "query.number", intake_rule_number, AT(Query, number), .min = 1 } },
    { CALLOUT__V1__WHAT__WHAT_ORDER, { "query.number", intake_rule_number, AT(Query, number), .min = 1 } },
    { CALLOUT__V1__WHAT__WHAT_CHOICES, { "query.number", intake_rule_number, AT(Query, number), .min = 1 } },
    { CALLOUT__V1__WHAT__WHAT_ENTRIES, { "query.number", intake_rule_number, AT(Query, number) } },
    { CALLOUT__V1__WHAT__WHAT_COMMAND, { "query.number", intake_rule_number, AT(Query, number), .min = 1 } },
    { CALLOUT__V1__WHAT__WHAT_COMMAND, { "query.command_id", intake_rule_given, AT(Query, command_id) } },
    { CALLOUT__V1__WHAT__WHAT_NOTICES, { "query.number", intake_rule_number, AT(Query, number) } },
    { CALLOUT__V1__WHAT__WHAT_NOTICES, { "query.notices", intake_rule_notices, AT(Query, notices) } },
    { CALLOUT__V1__WHAT__WHAT_NOTICE, { "query.number", intake_rule_number, AT(Query, number), .min = 1 } },
    { CALLOUT__V1__WHAT__WHAT_NOTICE, { "query.notice", intake_rule_notice, AT(Query, notice), .min = 1, .extra = query_notice } },
    { CALLOUT__V1__WHAT__WHAT_OBJECT, { "query.kind", intake_rule_word, AT(Query, kind), .extra = pinned_kinds } },
    { CALLOUT__V1__WHAT__WHAT_OBJECT, { "query.key", intake_rule_text, AT(Query, key), .min = 1, .max = NAME_MAX_CHARS } },
    { CALLOUT__V1__WHAT__WHAT_OPENED,
      { "query.keys", intake_rule_texts, LIST(Query, keys), .min = 1, .max = KEY_MAX, .count_max = PAGE_MAX } },
    { CALLOUT__V1__WHAT__WHAT_OBJECT, { "query.since", intake_rule_given, AT(Query, since) } },
};

static const struct intake_rule apply_rules[] = {
    { "apply.change_id", intake_rule_text, AT(Apply, change_id), .min = 1, .max = NAME_MAX_CHARS },
    { "apply.part", intake_rule_count, AT(Apply, part), .min = 1, .max = UINT32_MAX },
};

static const struct intake_rule answer_rules[] = {
    { "answer.key", intake_rule_text, AT(Answer, key), .min = 1, .max = KEY_MAX },
    { "answer.code", intake_rule_text, AT(Answer, code), .min = 1, .max = NAME_MAX_CHARS },
    { "answer.occurred_us", intake_rule_occurred, AT(Answer, occurred_us) },
    { "answer.note", intake_rule_text, AT(Answer, note), .max = TEXT_MAX },
    { "answer.wait_ms", intake_rule_count, AT(Answer, wait_ms), .max = WAIT_MAX_MS },
};

static const char *const verbs[] = { "list", "replay", "drop", NULL };

static const struct intake_rule parked_rules[] = {
    { "parked.verb", intake_rule_word, AT(Parked, verb), .extra = verbs },
    { "parked.service", intake_rule_text, AT(Parked, service), .max = NAME_MAX_CHARS },
    { "parked.number", intake_rule_number, AT(Parked, number) },
};

/* What replay and drop need besides. */
static const struct intake_rule parked_one_rules[] = {
    { "parked.service", intake_rule_text, AT(Parked, service), .min = 1, .max = NAME_MAX_CHARS },
    { "parked.number", intake_rule_number, AT(Parked, number), .min = 1 },
};

static bool all_hold(const struct intake_check_options *o, const struct intake_rule *rules, size_t n,
                     const void *message, struct intake_complaint *c)
{
    for (size_t i = 0; i < n; i++)
        if (!rules[i].holds(o, &rules[i], message, c))
            return false;
    return true;
}

static bool check_submit(const struct intake_check_options *o, const Callout__V1__Request *r, struct intake_complaint *c)
{
    const Callout__V1__SubmitTicket *t = r->submit;
    if (!all_hold(o, submit_rules, LENGTH(submit_rules), t, c))
        return false;
    if (t->dated_until_us == 0 || (t->dated_us != 0 && t->dated_until_us > t->dated_us))
        return true;
    intake_complain(c, o->arena, CALLOUT__V1__CODE__CODE_INVALID, "submit.dated_until_us",
                    t->dated_us == 0 ? "is an end without submit.dated_us" : "does not lie after submit.dated_us");
    intake_allow(c, "0, or more than submit.dated_us");
    return false;
}

static bool check_command(const struct intake_check_options *o, const Callout__V1__Request *r, struct intake_complaint *c)
{
    if (!all_hold(o, command_rules, LENGTH(command_rules), r->command, c))
        return false;
    for (size_t i = 0; i < LENGTH(act_rules); i++)
        if (act_rules[i].act == r->command->act && !all_hold(o, &act_rules[i].rule, 1, r->command, c))
            return false;
    return true;
}

static bool check_query(const struct intake_check_options *o, const Callout__V1__Request *r, struct intake_complaint *c)
{
    if (!all_hold(o, query_rules, LENGTH(query_rules), r->query, c))
        return false;
    for (size_t i = 0; i < LENGTH(what_rules); i++)
        if (what_rules[i].what == r->query->what && !all_hold(o, &what_rules[i].rule, 1, r->query, c))
            return false;
    return true;
}

static bool check_answer(const struct intake_check_options *o, const Callout__V1__Request *r, struct intake_complaint *c)
{
    return all_hold(o, answer_rules, LENGTH(answer_rules), r->answer, c);
}

static bool check_apply(const struct intake_check_options *o, const Callout__V1__Request *r, struct intake_complaint *c)
{
    return all_hold(o, apply_rules, LENGTH(apply_rules), r->apply, c);
}

static bool check_parked(const struct intake_check_options *o, const Callout__V1__Request *r, struct intake_complaint *c)
{
    return all_hold(o, parked_rules, LENGTH(parked_rules), r->parked, c) &&
           (strcmp(r->parked->verb, "list") == 0 ||
            all_hold(o, parked_one_rules, LENGTH(parked_one_rules), r->parked, c));
}

static const struct body_check {
    Callout__V1__Request__BodyCase body;
    const char *name;
    bool (*check)(const struct intake_check_options *o, const Callout__V1__Request *r, struct intake_complaint *c);
} bodies[] = {
    { CALLOUT__V1__REQUEST__BODY_SUBMIT, "submit", check_submit },
    { CALLOUT__V1__REQUEST__BODY_COMMAND, "command", check_command },
    { CALLOUT__V1__REQUEST__BODY_QUERY, "query", check_query },
    { CALLOUT__V1__REQUEST__BODY_APPLY, "apply", check_apply },
    { CALLOUT__V1__REQUEST__BODY_PING, "ping", NULL },
    { CALLOUT__V1__REQUEST__BODY_PARKED, "parked", check_parked },
    { CALLOUT__V1__REQUEST__BODY_ANSWER, "answer", check_answer },
};

enum co_err intake_check(const struct intake_check_options *options, const Callout__V1__Request *request,
                         struct intake_complaint *ret_complaint)
{
    if (!all_hold(options, request_rules, LENGTH(request_rules), request, ret_complaint))
        return CO_EINPUT;
    for (size_t i = 0; i < LENGTH(bodies); i++) {
        if (bodies[i].body != request->body_case)
            continue;
        bool is_fine = bodies[i].check == NULL || bodies[i].check(options, request, ret_complaint);
        return is_fine ? CO_OK : CO_EINPUT;
    }
    intake_complain(ret_complaint, options->arena, CALLOUT__V1__CODE__CODE_INVALID, "body",
                    "the request asks for nothing that is known here");
    for (size_t i = 0; i < LENGTH(bodies); i++)
        intake_allow(ret_complaint, "%s", bodies[i].name);
    return CO_EINPUT;
}
