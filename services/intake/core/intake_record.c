#include "intake_record.h"

#include <stdio.h>
#include <string.h>

#include "callout/v1/intake_text.pb-c.h"
#include "co_assert.h"
#include "co_entitle.h"
#include "co_number.h"
#include "co_position.h"
#include "co_trace.h"

enum { RANK_COMMAND = 0, RANK_UNSTATED = 100 };

static bool pack(struct co_arena *arena, const ProtobufCMessage *message, struct intake_packed *ret)
{
    size_t len = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = co_arena_alloc(arena, len);
    if (bytes == NULL)
        return false;
    (void)protobuf_c_message_pack(message, bytes);
    *ret = (struct intake_packed){ bytes, len };
    return true;
}

static bool hash(const struct intake_maker *maker, const ProtobufCMessage *message, struct intake_record *ret)
{
    struct intake_packed canonical;
    if (!pack(maker->arena, message, &canonical))
        return false;
    maker->hash(canonical.data, canonical.len, ret->hash);
    return true;
}

static void drop_unknown_fields(ProtobufCMessage *m)
{
    m->n_unknown_fields = 0;
    m->unknown_fields = NULL;
}

int64_t intake_command_case(const Callout__V1__Command *command)
{
    int64_t id = 0;
    enum co_err err = co_number_parse(command->number, &id);
    co_assert(err == CO_OK); /* checked before */
    return id;
}

/* The span that the record is made in; "" where the request has no trace that may be followed. */
static char *trace_of(const struct intake_maker *maker, const Callout__V1__Request *request, char ret[static CO_TRACE_TEXT])
{
    (void)co_trace_child(request->traceparent, "intake", maker->id, maker->now_us, ret);
    return ret;
}

/* The fields of the command that make its content. */
static bool hash_command(const struct intake_maker *maker, const Callout__V1__Command *c, int64_t case_id,
                         struct intake_record *ret)
{
    char number[CO_NUMBER_TEXT];
    Callout__V1__Command content = *c;
    co_number_format(case_id, number);
    drop_unknown_fields(&content.base);
    if (content.notice != NULL)
        drop_unknown_fields(&content.notice->base);
    if (content.document != NULL)
        drop_unknown_fields(&content.document->base);
    if (content.consent != NULL)
        drop_unknown_fields(&content.consent->base);
    content.number = number;
    content.wait_ms = 0;
    return hash(maker, &content.base, ret);
}

/* A consent without a beginning holds from when it is said. */
static Callout__V1__Consent *since_when(Callout__V1__Consent *said, int64_t occurred_us, Callout__V1__Consent *copy)
{
    if (said->until_us == 0 || said->from_us != 0)
        return said;
    *copy = *said;
    copy->from_us = occurred_us;
    return copy;
}

static bool pack_command(const struct intake_maker *maker, const Callout__V1__Request *request,
                         struct intake_record *ret)
{
    const Callout__V1__Command *c = request->command;
    Callout__V1__CommandReceived received = CALLOUT__V1__COMMAND_RECEIVED__INIT;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    char trace[CO_TRACE_TEXT];
    Callout__V1__Consent since;
    received.source = co_arena_strdup(maker->arena, maker->source);
    if (received.source == NULL)
        return false;
    received.key = c->key;
    received.act = c->act;
    received.occurred_us = c->occurred_us == 0 ? maker->now_us : c->occurred_us;
    received.role = c->role;
    received.person = c->person;
    received.name = c->name;
    received.severity = c->severity;
    received.agreed_us = c->agreed_us;
    received.order_generation = c->order_generation;
    received.slot = c->slot;
    received.from_us = c->from_us;
    received.until_us = c->until_us;
    received.command_id = (uint64_t)maker->id;
    received.has_note = c->note[0] != '\0';
    received.solved = c->solved;
    received.rating = c->rating;
    received.notice = c->notice;
    received.document = c->document;
    received.minutes = c->minutes;
    received.consent = c->consent != NULL ? since_when(c->consent, received.occurred_us, &since) : NULL;
    received.registry_version = co_registry_version(maker->registry);
    event.traceparent = trace_of(maker, request, trace);
    event.body_case = CALLOUT__V1__EVENT__BODY_COMMAND_RECEIVED;
    event.command_received = &received;
    ret->entry_kind = (int)event.body_case;
    return pack(maker->arena, &event.base, &ret->event);
}

/* A kind of its own, so that nobody but notify looks at it. */
static bool pack_resend(const struct intake_maker *maker, const Callout__V1__Request *request,
                        struct intake_record *ret)
{
    const Callout__V1__Command *c = request->command;
    Callout__V1__NoticeResendAsked asked = CALLOUT__V1__NOTICE_RESEND_ASKED__INIT;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    char trace[CO_TRACE_TEXT];
    asked.source = co_arena_strdup(maker->arena, maker->source);
    if (asked.source == NULL)
        return false;
    asked.key = c->key;
    asked.notice = c->notice;
    asked.channel = c->name;
    asked.person = c->person;
    asked.occurred_us = c->occurred_us == 0 ? maker->now_us : c->occurred_us;
    asked.command_id = (uint64_t)maker->id;
    asked.has_note = c->note[0] != '\0';
    asked.registry_version = co_registry_version(maker->registry);
    event.traceparent = trace_of(maker, request, trace);
    event.body_case = CALLOUT__V1__EVENT__BODY_NOTICE_RESEND_ASKED;
    event.notice_resend_asked = &asked;
    ret->entry_kind = (int)event.body_case;
    return pack(maker->arena, &event.base, &ret->event);
}

enum co_err intake_record_command(const struct intake_maker *maker, const Callout__V1__Request *request,
                                  struct intake_record *ret_record)
{
    const Callout__V1__Command *c = request->command;
    Callout__V1__FreeText text = CALLOUT__V1__FREE_TEXT__INIT;
    int64_t case_id = intake_command_case(c);
    struct intake_record r = { .kind = INTAKE_COMMAND_KIND, .case_id = case_id, .id = maker->id,
                               .source = maker->source, .key = c->key, .rank = RANK_COMMAND };
    text.note = c->note;
    bool is_resend = c->act == CALLOUT__V1__ACT__ACT_RESEND_NOTICE;
    if (!hash_command(maker, c, case_id, &r) || !(is_resend ? pack_resend : pack_command)(maker, request, &r))
        return CO_ENOMEM;
    if (c->note[0] != '\0' && !pack(maker->arena, &text.base, &r.text))
        return CO_ENOMEM;
    *ret_record = r;
    return CO_OK;
}

enum co_err intake_record_answer(const struct intake_maker *maker, const Callout__V1__Request *request,
                                 const char *mark, struct intake_record *ret_record)
{
    Callout__V1__Command *c = request->command;
    size_t size = strlen(maker->source) + 1 + strlen(c->key) + 1;
    char *passed_on = co_arena_alloc(maker->arena, size);
    char *name = c->name;
    if (passed_on == NULL)
        return CO_ENOMEM;
    (void)snprintf(passed_on, size, "%s %s", maker->source, c->key);
    struct intake_record hashed = { .kind = INTAKE_COMMAND_KIND };
    c->name = passed_on;
    bool is_hashed = hash_command(maker, c, intake_command_case(c), &hashed);
    c->name = name;
    if (!is_hashed || intake_record_command(maker, request, ret_record) != CO_OK)
        return CO_ENOMEM;
    memcpy(ret_record->hash, hashed.hash, sizeof(hashed.hash));
    ret_record->source = INTAKE_ANSWER_SOURCE;
    ret_record->key = mark;
    return CO_OK;
}

/* The fields of the ticket that make its content, as they were sent. */
static bool hash_ticket(const struct intake_maker *maker, const Callout__V1__SubmitTicket *t, char *source,
                        struct intake_record *ret)
{
    Callout__V1__SubmitTicket content = *t;
    drop_unknown_fields(&content.base);
    if (content.position != NULL)
        drop_unknown_fields(&content.position->base);
    for (size_t i = 0; i < content.n_attachments; i++)
        drop_unknown_fields(&content.attachments[i]->base);
    content.source = source;
    content.wait_ms = 0;
    return hash(maker, &content.base, ret);
}

/* Copies of what the registry does not have, with names that outlive the registry. */
static bool find_unknown(const struct intake_maker *maker, const Callout__V1__SubmitTicket *t, int64_t at_us,
                         struct intake_record *ret)
{
    struct co_arena *a = maker->arena;
    struct co_unknown found[CO_UNKNOWN_FIELDS];
    const struct co_entitle_ask ask = { .customer = t->customer, .contract = t->contract, .site = t->site,
                                        .product = t->product, .version = t->version, .at_us = at_us, .offering = t->offering };
    size_t n = co_entitle_unknown(maker->registry, &ask, found);
    ret->unknown = co_arena_alloc(a, n * sizeof(ret->unknown[0]));
    bool is_whole = ret->unknown != NULL;
    for (size_t i = 0; is_whole && i < n; i++) {
        Callout__V1__Unknown *u = co_arena_alloc(a, sizeof(*u));
        char **names = co_arena_alloc(a, CO_UNKNOWN_NEAREST * sizeof(char *));
        if (u == NULL || names == NULL)
            return false;
        callout__v1__unknown__init(u);
        u->field = co_arena_strdup(a, found[i].field);
        u->value = co_arena_strdup(a, found[i].value);
        u->nearest = names;
        u->n_nearest = found[i].nearest_count;
        is_whole = u->field != NULL && u->value != NULL;
        for (size_t k = 0; k < found[i].nearest_count; k++) {
            names[k] = co_arena_strdup(a, found[i].nearest[k]);
            is_whole = is_whole && names[k] != NULL;
        }
        ret->unknown[i] = u;
    }
    ret->unknown_count = n;
    return is_whole;
}

static bool pack_ticket(const struct intake_maker *maker, const Callout__V1__Request *request, char *source,
                        int64_t occurred_us, struct intake_record *ret)
{
    const Callout__V1__SubmitTicket *t = request->submit;
    Callout__V1__TicketSubmitted submitted = CALLOUT__V1__TICKET_SUBMITTED__INIT;
    Callout__V1__Position position = CALLOUT__V1__POSITION__INIT;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    char trace[CO_TRACE_TEXT];
    struct co_point at;
    submitted.source = source;
    submitted.key = t->key;
    submitted.customer = t->customer;
    submitted.contract = t->contract;
    submitted.site = t->site;
    submitted.product = t->product;
    submitted.version = t->version;
    submitted.offering = t->offering;
    submitted.dated_us = t->dated_us;
    submitted.dated_until_us = t->dated_until_us;
    submitted.target = t->target;
    submitted.origin = maker->origin;
    submitted.traits = t->traits;
    submitted.n_traits = t->n_traits;
    submitted.conditions = t->conditions;
    submitted.n_conditions = t->n_conditions;
    submitted.stated_severity = t->stated_severity;
    submitted.occurred_us = occurred_us;
    submitted.onsite = t->onsite;
    submitted.registry_version = co_registry_version(maker->registry);
    submitted.content_hash = (ProtobufCBinaryData){ INTAKE_HASH_BYTES, ret->hash };
    submitted.unknown = ret->unknown;
    submitted.n_unknown = ret->unknown_count;
    if (co_position_wgs84(t->position, &at)) {
        position.latitude = at.lat_deg;
        position.longitude = at.lon_deg;
        submitted.position = &position;
    }
    event.traceparent = trace_of(maker, request, trace);
    event.body_case = CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED;
    event.ticket_submitted = &submitted;
    ret->entry_kind = (int)event.body_case;
    return pack(maker->arena, &event.base, &ret->event);
}

/* After hashing: the attachments have lost their unknown fields there. */
static bool pack_text(const struct intake_maker *maker, const Callout__V1__SubmitTicket *t, struct intake_record *ret)
{
    Callout__V1__FreeText text = CALLOUT__V1__FREE_TEXT__INIT;
    text.description = t->description;
    text.contact_name = t->contact_name;
    text.contact_phone = t->contact_phone;
    text.contact_email = t->contact_email;
    text.attachments = t->attachments;
    text.n_attachments = t->n_attachments;
    return pack(maker->arena, &text.base, &ret->text);
}

static enum co_err refuse_source(const struct intake_maker *maker, struct intake_complaint *c)
{
    intake_complain(c, maker->arena, CALLOUT__V1__CODE__CODE_FORBIDDEN, "submit.source",
                    "tickets can be posted in the sender's own name only");
    intake_allow(c, "%s", maker->source);
    return CO_EINPUT;
}

/* The pack that is asked for, or that of the contract that is named, wants to know when it takes place. */
static bool lacks_date(const struct intake_maker *maker, const Callout__V1__SubmitTicket *t)
{
    const Callout__V1__Contract *c = co_registry_contract(maker->registry, t->contract);
    const char *key = t->offering[0] != '\0' ? t->offering : c != NULL ? c->policy : "";
    const Callout__V1__PolicyPack *p = co_registry_policy(maker->registry, key);
    return t->dated_us == 0 && p != NULL && p->dated;
}

static enum co_err refuse_undated(const struct intake_maker *maker, struct intake_complaint *c)
{
    intake_complain(c, maker->arena, CALLOUT__V1__CODE__CODE_REFUSED, "submit.dated_us",
                    "this offering is about something that takes place at a time: say when");
    intake_allow(c, "when it takes place or begins, in microseconds since 1970, UTC");
    return CO_EINPUT;
}

static enum co_err refuse_unknown(const struct intake_maker *maker, const Callout__V1__Unknown *u,
                                  struct intake_complaint *c)
{
    char field[32] = "submit.";
    strncat(field, u->field, sizeof(field) - strlen(field) - 1);
    intake_complain(c, maker->arena, CALLOUT__V1__CODE__CODE_REFUSED, field,
                    "the %s is not known here, and tickets of %s are not held for a decision", u->field, maker->source);
    for (size_t i = 0; i < u->n_nearest; i++)
        intake_allow(c, "%s", u->nearest[i]);
    return CO_EINPUT;
}

enum co_err intake_record_ticket(const struct intake_maker *maker, const Callout__V1__Request *request,
                                 struct intake_record *ret_record, struct intake_complaint *ret_complaint)
{
    const Callout__V1__SubmitTicket *t = request->submit;
    int64_t occurred_us = t->occurred_us == 0 ? maker->now_us : t->occurred_us;
    if (t->source[0] != '\0' && strcmp(t->source, maker->source) != 0)
        return refuse_source(maker, ret_complaint);
    if (lacks_date(maker, t))
        return refuse_undated(maker, ret_complaint);
    struct intake_record r = { .kind = INTAKE_TICKET, .case_id = maker->id, .id = maker->id, .source = maker->source,
                               .key = t->key, .title = t->title,
                               .rank = t->stated_severity == 0 ? RANK_UNSTATED : t->stated_severity };
    char *source = co_arena_strdup(maker->arena, maker->source);
    if (source == NULL || !find_unknown(maker, t, occurred_us, &r))
        return CO_ENOMEM;
    if (r.unknown_count > 0 && maker->is_strict)
        return refuse_unknown(maker, r.unknown[0], ret_complaint);
    if (!hash_ticket(maker, t, source, &r) || !pack_ticket(maker, request, source, occurred_us, &r) ||
        !pack_text(maker, t, &r))
        return CO_ENOMEM;
    *ret_record = r;
    return CO_OK;
}
