/* Certificates: one that is as it was made holds, whatever is changed in it is found, and nothing
 * that somebody sends can do more than that. */
#include "certificate.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "co_pbarena.h"
#include "co_rand.h"
#include "lived_case.h"

static struct lived_case l;
static struct refold r;
static struct co_sign_keys keys, other;
static struct co_arena *arena; /* of a check */
static Callout__V1__Certificate *certificate;
static Callout__V1__Verification *v;

static void begin(void)
{
    lived_case_init(&l, CALLOUT_SOURCE_DIR);
    lived_case_live(&l);
    lived_case_refold(&l, &r);
    r.explanation->number = lived_case_text(&l, "C-180D");
    ck_assert_int_eq(certificate_of(&r, &certificate), CO_OK);
    ck_assert_int_eq(co_sign_generate(&keys), CO_OK);
    ck_assert_int_eq(co_sign_generate(&other), CO_OK);
    arena = co_arena_new(CERTIFICATE_MEMORY_LIMIT);
    ck_assert_ptr_nonnull(arena);
}

static void end(void)
{
    co_arena_free(arena);
    refold_done(&r);
    lived_case_done(&l);
}

static json_t *sign(const struct co_sign_keys *by)
{
    json_t *json = NULL;
    ck_assert_int_eq(certificate_sign(certificate, by, l.arena, &json), CO_OK);
    return json;
}

static void check_text(const char *text, size_t len, const struct co_sign_keys *by)
{
    Callout__V1__Certificate *read = NULL;
    co_arena_reset(arena);
    v = NULL;
    ck_assert_int_eq(
        certificate_check(text, len, by != NULL ? by->public_key : NULL, arena, &v, &read), CO_OK);
    ck_assert_int_eq(v->holds, v->n_findings == 0);
}

/* Takes the document. */
static void check_json(json_t *json, const struct co_sign_keys *by)
{
    char *text = json_dumps(json, JSON_INDENT(2));
    ck_assert_ptr_nonnull(text);
    check_text(text, strlen(text), by);
    free(text);
    json_decref(json);
}

/* Signed anew by whoever changed it. */
static void check_resigned(void)
{
    check_json(sign(&keys), &keys);
}

static bool found(const char *what, const char *field)
{
    for (size_t i = 0; i < v->n_findings; i++)
        if (strcmp(v->findings[i]->what, what) == 0 &&
            (field == NULL || strcmp(v->findings[i]->field, field) == 0))
            return true;
    return false;
}

/* What is there instead, for messages of tests. */
static const char *first(void)
{
    static char text[1024];
    const Callout__V1__Finding *f = v->n_findings > 0 ? v->findings[0] : NULL;
    (void)snprintf(text, sizeof(text), "of %zu the first is %s %s: %s", v->n_findings,
                   f != NULL ? f->what : "", f != NULL ? f->field : "", f != NULL ? f->text : "");
    return text;
}

#define FOUND(w, at_field) ck_assert_msg(found(w, at_field), "no %s %s; %s", w, at_field, first())

START_TEST(a_certificate_as_it_was_made_holds)
{
    begin();
    check_json(sign(&keys), &keys);
    ck_assert_msg(v->holds, "%s %s: %s", v->findings[0]->what, v->findings[0]->field,
                  v->findings[0]->text);
    ck_assert(v->is_signed && v->is_key_known);
    ck_assert_str_eq(v->number, "C-180D");
    char key[CO_KEY_TEXT];
    co_keys_encode(keys.public_key, key);
    ck_assert_str_eq(v->public_key, key);
    end();
}
END_TEST

START_TEST(without_a_key_it_holds_and_the_key_is_not_known)
{
    begin();
    check_json(sign(&keys), NULL);
    ck_assert(v->holds && v->is_signed && !v->is_key_known);
    end();
}
END_TEST

START_TEST(another_key_than_the_given_one_is_found)
{
    begin();
    check_json(sign(&other), &keys);
    ck_assert(!v->holds && v->is_signed && !v->is_key_known);
    FOUND("key", "public_key");
    end();
}
END_TEST

/* -- edits of the document */

static json_t *at(json_t *json, const char *path)
{
    char copy[256];
    (void)snprintf(copy, sizeof(copy), "%s", path);
    char *rest = NULL;
    for (char *step = strtok_r(copy, ".", &rest); step != NULL && json != NULL;
         step = strtok_r(NULL, ".", &rest))
        json = json_is_array(json) ? json_array_get(json, (size_t)atoi(step))
                                   : json_object_get(json, step);
    return json;
}

static const struct {
    const char *object, *key, *field;
} edits[] = {
    { "certificate", "number", "number" },
    { "certificate", "as_of", "as_of" },
    { "certificate", "public_key", "public_key" },
    { "certificate.explanation.clocks.0", "due_us", "explanation.clocks[0].due_us" },
    { "certificate.explanation.clocks.0", "due", "explanation.clocks[0].due" },
    { "certificate.explanation.clocks.0.segments.0", "until_us",
      "explanation.clocks[0].segments[0].until_us" },
    { "certificate.entries.0.event.ticket_submitted", "occurred_us",
      "entries[0].event.ticket_submitted.occurred_us" },
    { "certificate.calendars.0.text.exceptions.7", "day", "calendars[0].text.exceptions[7].day" },
    { "certificate.policy_text.milestones.0.targets.0", "amount",
      "policy_text.milestones[0].targets[0].amount" },
};

START_TEST(each_edit_of_the_readable_part_is_found)
{
    begin();
    for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
        json_t *json = sign(&keys), *object = at(json, edits[i].object);
        json_t *was = json_object_get(object, edits[i].key);
        ck_assert_msg(was != NULL, "%s has no %s", edits[i].object, edits[i].key);
        json_t *is =
            json_is_string(was) ? json_string("edited") : json_integer(json_integer_value(was) + 1);
        ck_assert_int_eq(json_object_set_new(object, edits[i].key, is), 0);
        check_json(json, &keys);
        FOUND("readable", edits[i].field);
        ck_assert_uint_eq(v->n_findings, 1);
    }
    json_t *json = sign(&keys);
    ck_assert_int_eq(json_object_set_new(at(json, "certificate"), "promise", json_true()), 0);
    check_json(json, &keys);
    FOUND("readable", "promise");
    json = sign(&keys);
    ck_assert_int_eq(json_array_remove(at(json, "certificate.explanation.clocks"), 0), 0);
    check_json(json, &keys);
    FOUND("readable", "explanation.clocks");
    json = sign(&keys);
    ck_assert_int_eq(json_object_del(json, "certificate"), 0);
    check_json(json, &keys);
    FOUND("readable", "");
    end();
}
END_TEST

START_TEST(a_changed_signature_or_content_is_found)
{
    begin();
    static const char *const parts[] = { "signature", "content" };
    for (size_t i = 0; i < 2; i++) {
        json_t *json = sign(&keys);
        char *text = strdup(json_string_value(
            at(json, parts[i][0] == 's' ? "signed.signature" : "signed.content")));
        size_t place = parts[i][0] == 's' ? 10 : strlen(text) - 40;
        text[place] = text[place] == 'A' ? 'B' : 'A';
        ck_assert_int_eq(json_object_set_new(at(json, "signed"), parts[i], json_string(text)), 0);
        check_json(json, &keys);
        ck_assert(!v->holds);
        ck_assert(found("signature", "") || found("format", NULL));
        free(text);
    }
    end();
}
END_TEST

/* -- edits by somebody who signs again */

static Callout__V1__Event *find_event(Callout__V1__Event__BodyCase kind)
{
    for (size_t i = 0; i < certificate->n_entries; i++)
        if (certificate->entries[i]->event->body_case == kind)
            return certificate->entries[i]->event;
    ck_abort_msg("there is no such entry");
}

START_TEST(a_due_time_that_does_not_follow_is_found)
{
    begin();
    certificate->explanation->clocks[0]->due_us += LIVED_MINUTE;
    check_resigned();
    FOUND("computed", "explanation.clocks[0].due_us");
    ck_assert_uint_eq(v->n_findings, 1);
    ck_assert_ptr_nonnull(strstr(v->findings[0]->text, "stated is \"2026-09-30T03:31:00Z\""));
    end();
}
END_TEST

START_TEST(an_input_that_was_changed_is_found)
{
    begin();
    for (size_t i = 0; i < certificate->n_entries; i++) {
        Callout__V1__Event *e = certificate->entries[i]->event;
        if (e->body_case == CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED &&
            e->command_received->act == CALLOUT__V1__ACT__ACT_CUSTOMER_ANSWERED)
            e->command_received->occurred_us += LIVED_MINUTE;
    }
    check_resigned();
    FOUND("announced", "promised");
    ck_assert(found("computed", NULL));
    end();
}
END_TEST

START_TEST(a_calendar_day_that_was_changed_is_found)
{
    begin();
    Callout__V1__Calendar *text = certificate->calendars[0]->text;
    for (size_t i = 0; i < text->n_exceptions; i++)
        if (text->exceptions[i]->day == 20734) /* 2026-10-08: no longer worked */
            ck_abort_msg("it is an exception already");
    for (size_t i = 0; i < text->n_exceptions; i++)
        if (text->exceptions[i]->day == 20733) { /* 2026-10-07: a holiday no more */
            memmove(&text->exceptions[i], &text->exceptions[i + 1],
                    (text->n_exceptions - i - 1) * sizeof(text->exceptions[0]));
            text->n_exceptions--;
            break;
        }
    check_resigned();
    FOUND("announced", "promised");
    ck_assert(found("computed", NULL));
    end();
}
END_TEST

START_TEST(a_promise_that_was_announced_otherwise_is_found)
{
    begin();
    find_event(CALLOUT__V1__EVENT__BODY_BREACHED)->breached->due_us += LIVED_MINUTE;
    check_resigned();
    FOUND("announced", "breached");
    end();
    begin();
    certificate->n_entries--; /* the last thing that was announced */
    check_resigned();
    ck_assert(found("announced", NULL));
    end();
    begin();
    Callout__V1__CertifiedEntry twice = *certificate->entries[certificate->n_entries - 1];
    for (size_t i = 0; i < certificate->n_entries; i++)
        if (certificate->entries[i]->event->body_case == CALLOUT__V1__EVENT__BODY_BREACHED)
            twice.event = certificate->entries[i]->event;
    twice.seq = 1000;
    certificate->entries[certificate->n_entries++] = &twice; /* there is room for one */
    check_resigned();
    FOUND("announced", "breached");
    end();
}
END_TEST

START_TEST(other_texts_than_those_of_the_entries_are_found)
{
    begin();
    certificate->policy = co_arena_memdup(l.arena, certificate->policy, sizeof(Callout__V1__Pin));
    certificate->policy->since = 4;
    check_resigned();
    FOUND("version", "policy");
    certificate->policy->since = 3;
    certificate->n_calendars = 0;
    check_resigned();
    FOUND("version", "calendars");
    certificate->n_calendars = 1;
    certificate->policy_text->milestones[0]->targets[0]->severity = 77;
    check_resigned();
    FOUND("version", "milestones[0].targets[0].severity");
    end();
}
END_TEST

START_TEST(another_engine_or_format_is_said_so)
{
    begin();
    certificate->engine = 99;
    check_resigned();
    FOUND("release", "engine");
    ck_assert_uint_eq(v->n_findings, 1);
    ck_assert_ptr_nonnull(strstr(v->findings[0]->text, "computed by engine 99"));
    json_t *json = sign(&keys);
    ck_assert_int_eq(json_object_set_new(json, "callout_certificate", json_integer(2)), 0);
    check_json(json, &keys);
    FOUND("release", "");
    ck_assert_ptr_nonnull(strstr(v->findings[0]->text, "the format is 2"));
    end();
}
END_TEST

/* -- whatever somebody sends */

START_TEST(what_is_no_certificate_is_refused_in_words)
{
    static const struct {
        const char *text, *says;
    } files[] = {
        { "", "not JSON" },
        { "\x7f"
          "ELF",
          "not JSON" },
        { "{", "not JSON" },
        { "[]", "no certificate of Callout" },
        { "{}", "no certificate of Callout" },
        { "{\"callout_certificate\": \"1\"}", "no certificate of Callout" },
        { "{\"callout_certificate\": 1, \"callout_certificate\": 1}", "not JSON" },
        { "{\"callout_certificate\": 1}", "no text \"signed.signature\"" },
        { "{\"callout_certificate\": 1, \"signed\": {\"signature\": \"\", \"content\": \"=\"}}",
          "not base64" },
        { "{\"callout_certificate\": 1, \"signed\": {\"signature\": \"\", \"content\": \"\"}}",
          "does not say who signed" },
        { "{\"callout_certificate\": 1, \"signed\": {\"signature\": \"\", \"content\": \"/w==\"}}",
          "not a certificate of this format" },
    };
    arena = co_arena_new(CERTIFICATE_MEMORY_LIMIT);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        check_text(files[i].text, strlen(files[i].text), NULL);
        ck_assert_uint_ge(v->n_findings, 1);
        ck_assert_msg(strstr(v->findings[0]->text, files[i].says) != NULL, "%zu: %s", i,
                      v->findings[0]->text);
    }
    co_arena_free(arena);
}
END_TEST

START_TEST(what_is_too_large_or_too_deep_is_refused)
{
    size_t len = CERTIFICATE_FILE_LIMIT + 1;
    char *text = malloc(len);
    ck_assert_ptr_nonnull(text);
    arena = co_arena_new(CERTIFICATE_MEMORY_LIMIT);
    memset(text, ' ', len);
    check_text(text, len, NULL);
    FOUND("file", "");
    memset(text, '[', len);
    check_text(text, 100000, NULL);
    ck_assert_ptr_nonnull(strstr(v->findings[0]->text, "not JSON"));
    check_text(text, len - 1, NULL);
    ck_assert_ptr_nonnull(strstr(v->findings[0]->text, "larger than any certificate"));
    memset(text, ',', len);
    check_text(text, len - 1, NULL);
    ck_assert_ptr_nonnull(strstr(v->findings[0]->text, "larger than any certificate"));
    co_arena_free(arena);
    free(text);
}
END_TEST

START_TEST(a_document_that_is_cut_or_scratched_anywhere_does_not_hold)
{
    struct co_rand rand;
    begin();
    json_t *json = sign(&keys);
    char *text = json_dumps(json, JSON_INDENT(2));
    size_t len = strlen(text);
    co_rand_init(&rand, 11);
    for (int i = 0; i < 100; i++) {
        check_text(text, (size_t)co_rand_below(&rand, len), &keys);
        ck_assert(!v->holds);
    }
    for (int i = 0; i < 200; i++) {
        size_t place = (size_t)co_rand_below(&rand, len);
        char was = text[place];
        text[place] = (char)(was ^ (1 << co_rand_below(&rand, 7)));
        check_text(text, len, &keys);
        bool is_blank = was == ' ' || was == '\n'; /* between values they mean nothing */
        ck_assert_msg(!v->holds || is_blank, "%zu: %c to %c", place, was, text[place]);
        text[place] = was;
    }
    free(text);
    json_decref(json);
    end();
}
END_TEST

/* Bytes of a content, signed by whoever changed them. */
static void check_content(const uint8_t *content, size_t len)
{
    static const char prefix[] = "callout-certificate-1\n";
    uint8_t signature[CO_SIGN_BYTES];
    uint8_t *bytes = malloc(sizeof(prefix) - 1 + len);
    memcpy(bytes, prefix, sizeof(prefix) - 1);
    memcpy(bytes + sizeof(prefix) - 1, content, len);
    co_sign_make(&keys, bytes, sizeof(prefix) - 1 + len, signature);
    size_t cap = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_ORIGINAL);
    char *text = malloc(cap), sign_text[CO_SIGN_BYTES * 2];
    (void)sodium_bin2base64(text, cap, content, len, sodium_base64_VARIANT_ORIGINAL);
    (void)sodium_bin2base64(sign_text, sizeof(sign_text), signature, sizeof(signature),
                            sodium_base64_VARIANT_ORIGINAL);
    check_json(json_pack("{s:i, s:{}, s:{s:s, s:s}}", "callout_certificate", 1, "certificate",
                         "signed", "signature", sign_text, "content", text),
               NULL);
    free(text);
    free(bytes);
}

START_TEST(scratched_content_that_is_signed_again_only_makes_findings)
{
    struct co_rand rand;
    begin();
    json_decref(sign(&keys)); /* puts the key in */
    size_t len = callout__v1__certificate__get_packed_size(certificate);
    uint8_t *content = malloc(len);
    (void)callout__v1__certificate__pack(certificate, content);
    check_content(content, len);
    ck_assert(v->is_signed);
    co_rand_init(&rand, 12);
    for (int i = 0; i < 400; i++) {
        size_t place = (size_t)co_rand_below(&rand, len);
        uint8_t was = content[place];
        content[place] = (uint8_t)co_rand_below(&rand, 256);
        check_content(content, i % 10 == 0 ? place : len);
        content[place] = was;
    }
    free(content);
    end();
}
END_TEST

/* Something anywhere in a message becomes something that nobody would write. */
static void scratch(struct co_rand *rand, ProtobufCMessage *m)
{
    static const int64_t numbers[] = {
        0, 1, -1, INT64_MAX, INT64_MIN, 4000000000, 1790737200000000
    };
    const ProtobufCFieldDescriptor *f =
        &m->descriptor->fields[co_rand_below(rand, m->descriptor->n_fields)];
    char *place = (char *)m + f->offset;
    size_t *n = (size_t *)(void *)((char *)m + f->quantifier_offset);
    bool is_list = f->label == PROTOBUF_C_LABEL_REPEATED;
    bool is_set = (f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0 || *(uint32_t *)(void *)n == f->id;
    if (!is_set || (is_list && *n == 0))
        return;
    if (is_list && co_rand_below(rand, 8) == 0) {
        *n -= 1;
        return;
    }
    if (is_list) {
        char *elements;
        memcpy(&elements, place, sizeof(elements));
        place = elements;
    }
    size_t i = is_list ? (size_t)co_rand_below(rand, *n) : 0;
    int64_t x = numbers[co_rand_below(rand, sizeof(numbers) / sizeof(numbers[0]))];
    ProtobufCMessage *inner = NULL;
    switch ((int)f->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        memcpy(&inner, place + i * sizeof(inner), sizeof(inner));
        if (inner != NULL && co_rand_below(rand, 12) == 0 && !is_list)
            memset(place, 0, sizeof(inner));
        else if (inner != NULL)
            scratch(rand, inner);
        break;
    case PROTOBUF_C_TYPE_STRING: {
        char *text = lived_case_text(&l, x == 0 ? "" : x == 1 ? "\xff" : "arrival");
        memcpy(place + i * sizeof(text), &text, sizeof(text));
        break;
    }
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        memcpy(place + i * 8, &x, 8);
        break;
    case PROTOBUF_C_TYPE_DOUBLE: {
        double d = x == -1 ? -1e300 : (double)x * 1e290;
        memcpy(place + i * 8, &d, 8);
        break;
    }
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_ENUM:
        memcpy(place + i * 4, &x, 4);
        break;
    default:
        break;
    }
}

START_TEST(values_that_nobody_would_write_only_make_findings)
{
    struct co_rand rand;
    begin();
    json_decref(sign(&keys));
    size_t len = callout__v1__certificate__get_packed_size(certificate);
    uint8_t *content = malloc(len);
    (void)callout__v1__certificate__pack(certificate, content);
    co_rand_init(&rand, 13);
    struct co_arena *copy = co_arena_new((size_t)64 << 20);
    for (int i = 0; i < 600; i++) {
        co_arena_reset(copy);
        ProtobufCAllocator allocator = co_pbarena(copy);
        ProtobufCMessage *m = protobuf_c_message_unpack(&callout__v1__certificate__descriptor,
                                                        &allocator, len, content);
        for (uint64_t n = 1 + co_rand_below(&rand, 3); n > 0; n--)
            scratch(&rand, m);
        size_t size = protobuf_c_message_get_packed_size(m);
        uint8_t *bytes = malloc(size + 1);
        (void)protobuf_c_message_pack(m, bytes);
        check_content(bytes, size);
        free(bytes);
    }
    co_arena_free(copy);
    free(content);
    end();
}
END_TEST

CHECK_MAIN("certificate", a_certificate_as_it_was_made_holds,
           without_a_key_it_holds_and_the_key_is_not_known, another_key_than_the_given_one_is_found,
           each_edit_of_the_readable_part_is_found, a_changed_signature_or_content_is_found,
           a_due_time_that_does_not_follow_is_found, an_input_that_was_changed_is_found,
           a_calendar_day_that_was_changed_is_found,
           a_promise_that_was_announced_otherwise_is_found,
           other_texts_than_those_of_the_entries_are_found, another_engine_or_format_is_said_so,
           what_is_no_certificate_is_refused_in_words, what_is_too_large_or_too_deep_is_refused,
           a_document_that_is_cut_or_scratched_anywhere_does_not_hold,
           scratched_content_that_is_signed_again_only_makes_findings,
           values_that_nobody_would_write_only_make_findings)
