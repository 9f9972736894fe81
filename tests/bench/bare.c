/* The bare database: the rows of tickets into intake's tables, in arrays of 100, over two connections, with nothing else.
 * usage: bare --url URL --targets FILE --seconds N. Prints rate=N. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uv.h>

#include "bench_bare_sql.h"
#include "callout/v1/event.pb-c.h"
#include "callout/v1/intake_text.pb-c.h"
#include "co_arena.h"
#include "co_batch.h"
#include "co_clock.h"
#include "co_log.h"
#include "co_pg.h"
#include "load.h"

enum { CONNECTIONS = 2, GROUP = 100, LANES = 16, HASH_BYTES = 32, ARENA_BYTES = 16 << 20 };

struct bare;

struct lane_writer {
    struct bare *bare;
    struct co_pg *pg;
    struct co_batch *batch;
    struct co_arena *arena;
};

struct bare {
    struct lane_writer writer[CONNECTIONS];
    struct load_tickets *tickets;
    uint64_t next;
    uint64_t taken;
    int64_t start_us, until_us, last_us;
};

void load_die(const char *format, ...)
{
    (void)fprintf(stderr, "bare: %s\n", format);
    exit(1);
}

static struct co_bytes pack(struct co_arena *arena, const ProtobufCMessage *message)
{
    size_t len = protobuf_c_message_get_packed_size(message);
    uint8_t *data = co_arena_alloc(arena, len);
    if (data == NULL)
        load_die("out of memory");
    (void)protobuf_c_message_pack(message, data);
    return (struct co_bytes){ data, len };
}

static struct co_bytes pack_event(struct co_arena *arena, const Callout__V1__SubmitTicket *t, uint8_t *hash)
{
    Callout__V1__TicketSubmitted submitted = CALLOUT__V1__TICKET_SUBMITTED__INIT;
    Callout__V1__Event event = CALLOUT__V1__EVENT__INIT;
    char source[] = "sample";
    submitted.source = source;
    submitted.key = t->key;
    submitted.customer = t->customer;
    submitted.contract = t->contract;
    submitted.site = t->site;
    submitted.product = t->product;
    submitted.stated_severity = t->stated_severity;
    submitted.occurred_us = 1790000000000000 + co_mono_us();
    submitted.onsite = t->onsite;
    submitted.registry_version = 1;
    submitted.content_hash = (ProtobufCBinaryData){ HASH_BYTES, hash };
    event.body_case = CALLOUT__V1__EVENT__BODY_TICKET_SUBMITTED;
    event.ticket_submitted = &submitted;
    return pack(arena, &event.base);
}

static struct co_bytes pack_text(struct co_arena *arena, const Callout__V1__SubmitTicket *t)
{
    Callout__V1__FreeText text = CALLOUT__V1__FREE_TEXT__INIT;
    text.description = t->description;
    text.contact_name = t->contact_name;
    text.contact_phone = t->contact_phone;
    text.contact_email = t->contact_email;
    return pack(arena, &text.base);
}

static void on_done(void *arg, const struct co_pg_outcome *outcome);

static void write_group(struct lane_writer *w)
{
    struct bare *b = w->bare;
    const char *keys[GROUP], *titles[GROUP];
    struct co_bytes hashes[GROUP], texts[GROUP], bodies[GROUP];
    co_batch_clear(w->batch);
    co_arena_reset(w->arena);
    for (size_t i = 0; i < GROUP; i++) {
        Callout__V1__SubmitTicket ticket;
        load_ticket(b->tickets, b->next + i, &ticket);
        uint8_t *hash = co_arena_alloc(w->arena, HASH_BYTES);
        keys[i] = co_arena_strdup(w->arena, ticket.key);
        titles[i] = co_arena_strdup(w->arena, ticket.title);
        if (hash == NULL || keys[i] == NULL || titles[i] == NULL)
            load_die("out of memory");
        memset(hash, (int)(b->next + i), HASH_BYTES);
        hashes[i] = (struct co_bytes){ hash, HASH_BYTES };
        texts[i] = pack_text(w->arena, &ticket);
        bodies[i] = pack_event(w->arena, &ticket, hash);
    }
    (void)co_batch_add(w->batch, &bench_bare_sql[bench_bare_sql_take_bare]);
    co_batch_int2(w->batch, (int)(b->next / GROUP % LANES));
    co_batch_text(w->batch, "sample");
    co_batch_texts(w->batch, keys, GROUP);
    co_batch_byteas(w->batch, hashes, GROUP);
    co_batch_texts(w->batch, titles, GROUP);
    co_batch_byteas(w->batch, texts, GROUP);
    co_batch_byteas(w->batch, bodies, GROUP);
    co_batch_int8(w->batch, (int64_t)b->next);
    b->next += GROUP;
    co_pg_run(w->pg, w->batch, CO_PG_BEGIN | CO_PG_COMMIT, on_done, w);
}

static void on_done(void *arg, const struct co_pg_outcome *outcome)
{
    struct lane_writer *w = arg;
    struct bare *b = w->bare;
    if (outcome->err != CO_OK) {
        (void)fprintf(stderr, "bare: %s %s\n", outcome->sqlstate, outcome->message);
        exit(1);
    }
    b->taken += GROUP;
    b->last_us = co_mono_us();
    if (b->last_us < b->until_us)
        write_group(w);
    else
        co_pg_close(&w->pg);
}

static void on_up(void *arg)
{
    struct lane_writer *w = arg;
    write_group(w);
}

int main(int argc, char **argv)
{
    struct load_options o = { .name = "bare" };
    const char *url = NULL;
    int64_t seconds = 5;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--url") == 0)
            url = argv[i + 1];
        else if (strcmp(argv[i], "--targets") == 0)
            o.targets = argv[i + 1];
        else if (strcmp(argv[i], "--seconds") == 0)
            seconds = strtoll(argv[i + 1], NULL, 10);
    }
    if (url == NULL || o.targets == NULL)
        load_die("usage: bare --url URL --targets FILE --seconds N");
    uv_loop_t loop;
    struct co_log_options log = { .service = "bare", .instance = "bare", .level = CO_LOG_WARN, .fd = STDERR_FILENO };
    struct co_log *to = co_log_new(&log);
    struct bare b = { .tickets = load_tickets_new(&o) };
    (void)uv_loop_init(&loop);
    b.start_us = co_mono_us();
    b.until_us = b.start_us + seconds * 1000000;
    for (size_t i = 0; i < CONNECTIONS; i++) {
        struct lane_writer *w = &b.writer[i];
        *w = (struct lane_writer){ .bare = &b, .batch = co_batch_new(ARENA_BYTES), .arena = co_arena_new(ARENA_BYTES) };
        struct co_pg_options pg = { .loop = &loop, .log = to, .url = url, .application = "bare", .on_up = on_up, .arg = w };
        w->pg = co_pg_open(&pg);
        if (w->batch == NULL || w->arena == NULL || w->pg == NULL)
            load_die("out of memory");
    }
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    (void)printf("rate=%.0f\n", (double)b.taken * 1e6 / (double)(b.last_us - b.start_us));
    for (size_t i = 0; i < CONNECTIONS; i++) {
        co_batch_free(b.writer[i].batch);
        co_arena_free(b.writer[i].arena);
    }
    load_tickets_free(b.tickets);
    (void)uv_loop_close(&loop);
    co_log_free(to);
    return 0;
}
