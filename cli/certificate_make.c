#include "certificate_impl.h"

#include <sodium.h>
#include <string.h>

#include "co_json.h"
#include "sla_events.h"

#define BODY(name) CALLOUT__V1__EVENT__BODY_##name

/* What the fold reads, and what sla announced. Who was told by which channel is not part of it. */
static const Callout__V1__Event__BodyCase kinds[] = {
    BODY(TICKET_SUBMITTED), BODY(COMMAND_RECEIVED), BODY(COMMAND_APPLIED),
    BODY(CASE_OPENED),      BODY(CASE_HELD),        BODY(SITE_LOCATED),
    BODY(CALENDAR_REBASED), BODY(EXCLUDED),         BODY(PROMISED),
    BODY(WARNED),           BODY(BREACHED),         BODY(MET),
    BODY(STOPPED),          BODY(SEVERITY_CHANGED), BODY(ACTED),
    BODY(WITHDRAWN),        BODY(ESCALATED),        BODY(CASE_CLOSED),
    BODY(NOT_SERVED),       BODY(STEP_OPENED),      BODY(STEP_DONE),
    BODY(CONSENT_CHANGED),  BODY(SESSION_CHANGED),  BODY(STEP_HANDED_OVER),
    BODY(ACT_MADE),
};

static bool is_wanted(const Callout__V1__Event *e)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (kinds[i] == e->body_case)
            return true;
    return false;
}

static enum co_err put_entries(const struct refold *r, Callout__V1__Certificate *c)
{
    c->entries = co_arena_alloc(r->arena, (r->entry_count + 1) * sizeof(c->entries[0]));
    if (c->entries == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < r->entry_count; i++) {
        if (!is_wanted(r->entries[i].event))
            continue;
        Callout__V1__CertifiedEntry *e =
            sla_message_new(r->arena, &callout__v1__certified_entry__descriptor);
        if (e == NULL)
            return CO_ENOMEM;
        e->seq = r->entries[i].seq;
        e->at_us = r->taken_us[i];
        e->event = r->entries[i].event;
        c->entries[c->n_entries++] = e;
    }
    return CO_OK;
}

static enum co_err put_calendars(const struct refold *r, Callout__V1__Certificate *c)
{
    c->calendars = co_arena_alloc(r->arena, (r->calendar_count + 1) * sizeof(c->calendars[0]));
    if (c->calendars == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < r->calendar_count; i++) {
        Callout__V1__CertifiedCalendar *to =
            sla_message_new(r->arena, &callout__v1__certified_calendar__descriptor);
        if (to == NULL)
            return CO_ENOMEM;
        to->pin = r->calendars[i].pin;
        to->text = (Callout__V1__Calendar *)(uintptr_t)r->calendars[i].text;
        c->calendars[c->n_calendars++] = to;
    }
    return CO_OK;
}

enum co_err certificate_of(const struct refold *r, Callout__V1__Certificate **ret)
{
    Callout__V1__Certificate *c = sla_message_new(r->arena, &callout__v1__certificate__descriptor);
    if (c == NULL)
        return CO_ENOMEM;
    c->format = CERTIFICATE_FORMAT;
    c->number = r->explanation->number;
    c->as_of_us = r->now_us;
    c->engine = SLA_ENGINE_VERSION;
    c->policy = r->state->opened->policy;
    c->policy_text = (Callout__V1__PolicyPack *)(uintptr_t)r->policy;
    c->explanation = r->explanation;
    enum co_err err = put_entries(r, c);
    if (err == CO_OK)
        err = put_calendars(r, c);
    if (err == CO_OK)
        *ret = c;
    return err;
}

uint8_t *certificate_signed_bytes(const uint8_t *content, size_t len, struct co_arena *arena,
                                  size_t *ret_len)
{
    const size_t prefix = sizeof(CERTIFICATE_PREFIX) - 1;
    uint8_t *bytes = co_arena_alloc(arena, prefix + len);
    if (bytes == NULL)
        return NULL;
    memcpy(bytes, CERTIFICATE_PREFIX, prefix);
    memcpy(bytes + prefix, content, len);
    *ret_len = prefix + len;
    return bytes;
}

/* NULL: no memory. */
static json_t *base64(const uint8_t *bytes, size_t len, struct co_arena *arena)
{
    size_t size = sodium_base64_ENCODED_LEN(len, sodium_base64_VARIANT_ORIGINAL);
    char *text = co_arena_alloc(arena, size);
    if (text == NULL)
        return NULL;
    (void)sodium_bin2base64(text, size, bytes, len, sodium_base64_VARIANT_ORIGINAL);
    return json_string(text);
}

static json_t *document(const Callout__V1__Certificate *c, const struct co_sign_keys *keys,
                        struct co_arena *arena)
{
    uint8_t signature[CO_SIGN_BYTES];
    size_t len = callout__v1__certificate__get_packed_size(c), signed_len = 0;
    uint8_t *content = co_arena_alloc(arena, len + 1);
    if (content == NULL)
        return NULL;
    (void)callout__v1__certificate__pack(c, content);
    uint8_t *bytes = certificate_signed_bytes(content, len, arena, &signed_len);
    if (bytes == NULL)
        return NULL;
    co_sign_make(keys, bytes, signed_len, signature);
    return json_pack("{s:i, s:o*, s:{s:o*, s:o*}}", "callout_certificate", (int)CERTIFICATE_FORMAT,
                     "certificate", co_json_of_message(&c->base), "signed", "signature",
                     base64(signature, sizeof(signature), arena), "content",
                     base64(content, len, arena));
}

static size_t count_bytes(const json_t *json)
{
    return json_dumpb(json, NULL, 0, JSON_INDENT(2));
}

enum co_err certificate_sign(Callout__V1__Certificate *c, const struct co_sign_keys *keys,
                             struct co_arena *arena, json_t **ret)
{
    c->public_key.len = sizeof(keys->public_key);
    c->public_key.data = co_arena_memdup(arena, keys->public_key, sizeof(keys->public_key));
    json_t *json = c->public_key.data != NULL ? document(c, keys, arena) : NULL;
    const json_t *is_signed = json_object_get(json, "signed");
    bool is_whole = json_object_get(json, "certificate") != NULL &&
                    json_object_get(is_signed, "signature") != NULL &&
                    json_object_get(is_signed, "content") != NULL;
    bool fits = is_whole && count_bytes(json) < CERTIFICATE_FILE_LIMIT;
    if (fits) {
        *ret = json;
        return CO_OK;
    }
    json_decref(json);
    return is_whole ? CO_EFULL : CO_ENOMEM;
}
