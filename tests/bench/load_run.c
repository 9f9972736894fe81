/* The loop: slots that hold one ticket each, from its first try to its last word. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "co_clock.h"
#include "load.h"
#include "load_link.h"

enum { RECEIVE_TURN = 128, LOOK_US = 10000, SECOND_US = 1000000, NUMBER_MAX = 32 };

enum state { FREE, WAITING, SENT }; /* WAITING: to be sent when its time has come and the socket takes it */

struct slot {
    enum state state;
    bool is_command; /* of the ticket that was answered before */
    bool is_noted;   /* as tried, in the ledger */
    uint64_t serial;
    int64_t due_us;   /* WAITING: send then. SENT: send again then */
    int64_t offered_us; /* when it should have been sent first */
    unsigned tries;
    char number[NUMBER_MAX];
};

struct run {
    const struct load_options *o;
    struct load_figures *f;
    struct load_tickets *tickets;
    struct load_ledger *ledger;
    struct load_link link;
    struct slot *slot;
    size_t slots;
    size_t *free_slot; /* a stack */
    size_t free_count;
    uint64_t next_serial;
    int64_t start_us, count_from_us, count_until_us, next_offer_us, next_look_us, last_counted_us;
    bool is_ending;
};

volatile sig_atomic_t load_is_stopped;

/* request_id: slot, ticket or command, serial. A late answer to an earlier try is an answer. */
static void name_request(const struct slot *s, size_t index, char *ret_id, size_t size)
{
    (void)snprintf(ret_id, size, "%zx.%d.%" PRIx64, index, s->is_command ? 1 : 0, s->serial);
}

static struct slot *find_slot(struct run *r, const char *id)
{
    size_t index = 0;
    int is_command = 0;
    uint64_t serial = 0;
    if (sscanf(id, "%zx.%d.%" SCNx64, &index, &is_command, &serial) != 3 || index >= r->slots)
        return NULL;
    struct slot *s = &r->slot[index];
    bool is_it = s->state != FREE && s->serial == serial && s->is_command == (is_command == 1);
    return is_it ? s : NULL;
}

static void free_slot(struct run *r, struct slot *s)
{
    s->state = FREE;
    r->free_slot[r->free_count++] = (size_t)(s - r->slot);
}

static const char *key_of(struct run *r, const struct slot *s)
{
    static char key[128];
    (void)snprintf(key, sizeof(key), "%s%s-%" PRIu64, s->is_command ? "c/" : "", r->o->name, s->serial);
    return key;
}

/* Sends the slot's request if its socket takes it now. */
static void send_slot(struct run *r, struct slot *s, int64_t now_us)
{
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    Callout__V1__SubmitTicket ticket;
    Callout__V1__Command command;
    char id[48];
    zmq_msg_t message;
    size_t index = (size_t)(s - r->slot);

    name_request(s, index, id, sizeof(id));
    request.request_id = id;
    if (s->is_command) {
        load_command(r->tickets, s->serial, s->number, &command);
        request.body_case = CALLOUT__V1__REQUEST__BODY_COMMAND;
        request.command = &command;
    } else {
        load_ticket(r->tickets, s->serial, &ticket);
        request.body_case = CALLOUT__V1__REQUEST__BODY_SUBMIT;
        request.submit = &ticket;
    }
    size_t size = callout__v1__request__get_packed_size(&request);
    if (zmq_msg_init_size(&message, size) != 0)
        load_die("out of memory");
    (void)callout__v1__request__pack(&request, zmq_msg_data(&message));
    if (!s->is_noted)
        load_ledger_note(r->ledger, "try", key_of(r, s), NULL, 0);
    s->is_noted = true;
    if (!load_link_send(&r->link, index % r->link.count, &message)) {
        s->state = WAITING;
        s->due_us = now_us + LOOK_US;
        return;
    }
    if (s->tries++ == 0 && !s->is_command)
        r->f->bytes += size;
    s->state = SENT;
    s->due_us = now_us + r->o->again_ms * 1000;
}

static bool wants_more(const struct run *r, int64_t now_us)
{
    if (r->is_ending || load_is_stopped != 0)
        return false;
    if (r->o->count > 0 && r->next_serial >= (uint64_t)r->o->count)
        return false;
    return r->o->seconds == 0 || now_us < r->count_until_us;
}

static void begin_one(struct run *r, int64_t offered_us, int64_t now_us)
{
    struct slot *s = &r->slot[r->free_slot[--r->free_count]];
    *s = (struct slot){ .serial = r->next_serial++, .offered_us = offered_us };
    send_slot(r, s, now_us);
}

/* Closed loop: whoever is free begins. Open loop: as many as should have begun by now. */
static void begin_some(struct run *r, int64_t now_us)
{
    while (r->free_count > 0 && wants_more(r, now_us)) {
        if (r->o->rate == 0) {
            begin_one(r, now_us, now_us);
            continue;
        }
        if (r->next_offer_us > now_us)
            return;
        begin_one(r, r->next_offer_us, now_us);
        r->next_offer_us = r->start_us + (int64_t)((double)r->next_serial * 1e6 / (double)r->o->rate);
    }
}

/* What is due is sent again; what is beyond patience gets its word in the ledger. */
static void look_at_slots(struct run *r, int64_t now_us)
{
    for (size_t i = 0; i < r->slots; i++) {
        struct slot *s = &r->slot[i];
        if (s->state == FREE || s->due_us > now_us)
            continue;
        if (now_us - s->offered_us > r->o->patience * SECOND_US) {
            load_ledger_note(r->ledger, "unknown", key_of(r, s), NULL, 0);
            r->f->unknown++;
            free_slot(r, s);
            continue;
        }
        if (s->state == SENT)
            r->f->silent++;
        send_slot(r, s, now_us);
    }
    load_ledger_flush(r->ledger);
}

static void answered(struct run *r, struct slot *s, const Callout__V1__Submitted *submitted, int64_t now_us)
{
    load_ledger_note(r->ledger, "ack", key_of(r, s), submitted->number, submitted->case_id);
    r->f->acked++;
    if (submitted->duplicate && s->tries == 1)
        r->f->strange++;
    if (now_us >= r->count_from_us && (r->o->seconds == 0 || now_us < r->count_until_us)) {
        load_figures_latency(r->f, now_us - s->offered_us);
        r->last_counted_us = now_us;
    }
    if (!load_wants_command(r->tickets, s->serial)) {
        free_slot(r, s);
        return;
    }
    s->is_command = true;
    s->is_noted = false;
    s->tries = 0;
    s->offered_us = now_us;
    (void)snprintf(s->number, sizeof(s->number), "%s", submitted->number);
    send_slot(r, s, now_us);
}

static void command_answered(struct run *r, struct slot *s, const Callout__V1__Reply *reply)
{
    load_ledger_note(r->ledger, "ack", key_of(r, s), s->number, reply->verdict->command_id);
    r->f->commands++;
    r->f->pending += reply->code == CALLOUT__V1__CODE__CODE_PENDING;
    free_slot(r, s);
}

static void refused(struct run *r, struct slot *s, const Callout__V1__Reply *reply)
{
    const ProtobufCEnumValue *code = protobuf_c_enum_descriptor_get_value(&callout__v1__code__descriptor, (int)reply->code);
    load_ledger_note(r->ledger, "refuse", key_of(r, s), code != NULL ? code->name : "?", 0);
    if (r->f->refused++ < 5)
        (void)fprintf(stderr, "load: %s refused: %s %s\n", key_of(r, s), code != NULL ? code->name : "?",
                      reply->body_case == CALLOUT__V1__REPLY__BODY_ERROR ? reply->error->message : "");
    free_slot(r, s);
}

static void repeat_later(struct run *r, struct slot *s, const Callout__V1__Reply *reply, int64_t now_us)
{
    int64_t wait_us = reply->body_case == CALLOUT__V1__REPLY__BODY_ERROR ? (int64_t)reply->error->retry_after_ms * 1000 : 0;
    s->state = WAITING;
    s->due_us = now_us + (wait_us > LOOK_US ? wait_us : LOOK_US);
    if (reply->code == CALLOUT__V1__CODE__CODE_BUSY)
        r->f->busy++;
    else
        r->f->unavailable++;
}

static void take_reply(struct run *r, const Callout__V1__Reply *reply, int64_t now_us)
{
    struct slot *s = find_slot(r, reply->request_id);
    if (s == NULL)
        return; /* the second answer to a repeat */
    if (reply->code == CALLOUT__V1__CODE__CODE_BUSY || reply->code == CALLOUT__V1__CODE__CODE_UNAVAILABLE)
        repeat_later(r, s, reply, now_us);
    else if (s->is_command && reply->body_case == CALLOUT__V1__REPLY__BODY_VERDICT)
        command_answered(r, s, reply);
    else if (!s->is_command && reply->code == CALLOUT__V1__CODE__CODE_OK && reply->body_case == CALLOUT__V1__REPLY__BODY_SUBMITTED)
        answered(r, s, reply->submitted, now_us);
    else
        refused(r, s, reply);
}

/* False: nothing there. */
static bool receive_one(struct run *r, size_t connection, int64_t now_us)
{
    zmq_msg_t message;
    if (!load_link_receive(&r->link, connection, &message))
        return false;
    Callout__V1__Reply *reply = callout__v1__reply__unpack(NULL, zmq_msg_size(&message), zmq_msg_data(&message));
    if (reply == NULL)
        load_die("an answer of %zu bytes cannot be read", zmq_msg_size(&message));
    take_reply(r, reply, now_us);
    callout__v1__reply__free_unpacked(reply, NULL);
    (void)zmq_msg_close(&message);
    return true;
}

static bool receive_some(struct run *r)
{
    bool is_any = false;
    for (size_t i = 0; i < r->link.count; i++) {
        int64_t now_us = r->link.is_due[i] ? co_mono_us() : 0;
        for (int n = 0; n < RECEIVE_TURN && receive_one(r, i, now_us); n++)
            is_any = true;
    }
    return is_any;
}

/* Sleeps until an answer, the next offer, or the next look. */
static void sleep_until_something(struct run *r, int64_t now_us)
{
    int64_t until_us = r->next_look_us;
    if (r->o->rate > 0 && r->free_count > 0 && wants_more(r, now_us) && r->next_offer_us < until_us)
        until_us = r->next_offer_us;
    load_link_sleep(&r->link, until_us - now_us);
}

static void show_progress(struct run *r, int64_t now_us)
{
    static int64_t next_us;
    if (r->o->progress == 0 || now_us < next_us)
        return;
    next_us = now_us + SECOND_US;
    (void)fprintf(stderr, "%6.1f s  %" PRIu64 " acknowledged, %zu in the air\n", (double)(now_us - r->start_us) / 1e6,
                  r->f->acked, r->slots - r->free_count);
}

static void run_loop(struct run *r)
{
    for (;;) {
        int64_t now_us = co_mono_us();
        begin_some(r, now_us);
        if (now_us >= r->next_look_us) {
            look_at_slots(r, now_us);
            show_progress(r, now_us);
            r->next_look_us = now_us + LOOK_US;
        }
        if (!wants_more(r, now_us) && r->free_count == r->slots)
            return;
        if (!receive_some(r))
            sleep_until_something(r, co_mono_us());
    }
}

double load_run(const struct load_options *o, struct load_figures *f)
{
    struct run r = { .o = o, .f = f, .slots = (size_t)(o->connections * o->window) };
    r.tickets = load_tickets_new(o);
    r.ledger = load_ledger_open(o->ledger);
    r.slot = calloc(r.slots, sizeof(*r.slot));
    r.free_slot = calloc(r.slots, sizeof(*r.free_slot));
    if (r.slot == NULL || r.free_slot == NULL)
        load_die("out of memory");
    for (size_t i = r.slots; i > 0; i--)
        r.free_slot[r.free_count++] = i - 1;
    (void)prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);
    load_link_open(&r.link, o);
    r.start_us = r.next_offer_us = co_mono_us();
    r.count_from_us = r.start_us + o->warm * SECOND_US;
    r.count_until_us = r.count_from_us + o->seconds * SECOND_US;
    run_loop(&r);
    load_ledger_close(r.ledger);
    load_link_close(&r.link);
    load_tickets_free(r.tickets);
    free(r.slot);
    free(r.free_slot);
    int64_t until_us = o->seconds > 0 && r.last_counted_us + SECOND_US > r.count_until_us ? r.count_until_us : r.last_counted_us;
    return (double)(until_us - r.count_from_us) / 1e6;
}
