#include "co_zsock.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "loop_fixture.h"

static struct co_why why;

/* What a receiving socket saw. */
struct seen {
    struct co_zsock *z;
    uint64_t count;
    uint64_t wanted;
    uint64_t in_order; /* messages that carried the number expected next */
    size_t frames;     /* of the last message */
    char text[64];     /* its last frame */
    uint64_t before;   /* count at the last turn */
    uint64_t refused;
    size_t refused_frames; /* of the last refused message */
    uint64_t refused_bytes;
    char refused_text[64]; /* its first frame */
    bool is_closed;
};

static bool is_true(void *flag)
{
    return *(bool *)flag;
}

static bool has_all(void *ctx)
{
    const struct seen *seen = ctx;
    return seen->count >= seen->wanted;
}

static bool has_refused(void *ctx)
{
    const struct seen *seen = ctx;
    return seen->refused > 0;
}

static void see(void *ctx, struct co_zsock *z, zmq_msg_t *frames, size_t count)
{
    struct seen *seen = ctx;
    uint64_t number;
    zmq_msg_t *last = &frames[count - 1];
    size_t len = zmq_msg_size(last);
    (void)z;
    if (len == sizeof(number)) {
        memcpy(&number, zmq_msg_data(last), sizeof(number));
        seen->in_order += number == seen->count;
    }
    snprintf(seen->text, sizeof(seen->text), "%.*s", (int)len, (const char *)zmq_msg_data(last));
    seen->frames = count;
    seen->count++;
}

static void see_refused(void *ctx, struct co_zsock *z, const struct co_zsock_refused *refused)
{
    struct seen *seen = ctx;
    (void)z;
    seen->refused++;
    seen->refused_frames = refused->frame_count;
    seen->refused_bytes = refused->bytes;
    ck_assert_uint_ge(refused->kept, 1);
    snprintf(seen->refused_text, sizeof(seen->refused_text), "%.*s",
             (int)zmq_msg_size(&refused->frames[0]),
             (const char *)zmq_msg_data(&refused->frames[0]));
}

static void closed(void *ctx)
{
    struct seen *seen = ctx;
    seen->is_closed = true;
}

static struct co_zsock *opened(struct co_zsock_options options)
{
    struct co_zsock *z = NULL;
    ck_assert_msg(co_zsock_open(&loop, zmq, &options, &z, &why) == CO_OK, "%s", why.text);
    return z;
}

static struct co_zsock *listening(int type, struct seen *seen)
{
    struct co_zsock_options options = co_zsock_options(type, seen, see);
    options.on_refused = see_refused;
    seen->z = opened(options);
    ck_assert_msg(co_zsock_bind(seen->z, "tcp://127.0.0.1:0", &why) == CO_OK, "%s", why.text);
    return seen->z;
}

/* A plain blocking libzmq client, as a foreign system would be. */
static void *client(int type, const char *endpoint)
{
    void *socket = zmq_socket(zmq, type);
    ck_assert_ptr_nonnull(socket);
    ck_assert_int_eq(zmq_setsockopt(socket, ZMQ_LINGER, &(int){ 0 }, sizeof(int)), 0);
    ck_assert_int_eq(zmq_connect(socket, endpoint), 0);
    return socket;
}

static void send_number(void *socket, uint64_t number)
{
    ck_assert_int_eq(zmq_send(socket, "head", 4, ZMQ_SNDMORE), 4);
    ck_assert_int_eq(zmq_send(socket, &number, sizeof(number), 0), (int)sizeof(number));
}

enum { MANY = 10000 };

static void *send_many(void *endpoint)
{
    void *socket = client(ZMQ_PUSH, endpoint);
    zmq_setsockopt(socket, ZMQ_LINGER, &(int){ -1 }, sizeof(int));
    for (uint64_t i = 0; i < MANY; i++)
        send_number(socket, i);
    zmq_close(socket);
    return NULL;
}

START_TEST(ten_thousand_messages_of_a_fast_sender_all_arrive_in_order)
{
    open_loop();
    struct seen seen = { .wanted = MANY };
    struct co_zsock *z = listening(ZMQ_PULL, &seen);
    char endpoint[CO_ZSOCK_ENDPOINT];
    strcpy(endpoint, co_zsock_endpoint(z));
    pthread_t thread;
    ck_assert_int_eq(pthread_create(&thread, NULL, send_many, endpoint), 0);
    run_until(has_all, &seen, "10,000 messages");
    pthread_join(thread, NULL);
    ck_assert_uint_eq(seen.in_order, MANY);
    ck_assert_uint_eq(seen.frames, 2);
    ck_assert_uint_eq(co_zsock_counts(z).received, MANY);
    co_zsock_close(z, closed, &seen);
    close_loop();
    ck_assert(seen.is_closed);
}
END_TEST

START_TEST(a_burst_larger_than_a_turn_needs_no_further_event)
{
    open_loop();
    struct seen seen = { .wanted = 10 * CO_ZSOCK_TURN };
    struct co_zsock *z = listening(ZMQ_PULL, &seen);
    void *socket = client(ZMQ_PUSH, co_zsock_endpoint(z));
    for (uint64_t i = 0; i < seen.wanted; i++)
        send_number(socket, i);
    run_until(has_all, &seen, "the whole burst");
    ck_assert_uint_eq(seen.in_order, seen.wanted);
    zmq_close(socket);
    co_zsock_close(z, NULL, NULL);
    close_loop();
}
END_TEST

static void watch_turn(uv_check_t *check)
{
    struct seen *seen = check->data;
    ck_assert_uint_le(seen->count - seen->before, CO_ZSOCK_TURN);
    seen->before = seen->count;
}

START_TEST(a_turn_takes_no_more_than_its_share)
{
    open_loop();
    struct seen seen = { .wanted = 5 * CO_ZSOCK_TURN };
    struct co_zsock *z = listening(ZMQ_PULL, &seen);
    uv_check_t watch;
    uv_check_init(&loop, &watch);
    watch.data = &seen;
    uv_check_start(&watch, watch_turn);
    void *socket = client(ZMQ_PUSH, co_zsock_endpoint(z));
    for (uint64_t i = 0; i < seen.wanted; i++)
        send_number(socket, i);
    run_until(has_all, &seen, "the whole burst");
    uv_close((uv_handle_t *)&watch, NULL);
    zmq_close(socket);
    co_zsock_close(z, NULL, NULL);
    close_loop();
}
END_TEST

static void echo(void *ctx, struct co_zsock *z, zmq_msg_t *frames, size_t count)
{
    see(ctx, z, frames, count);
    ck_assert_int_eq(co_zsock_send_messages(z, frames, count), CO_OK);
    for (size_t i = 0; i < count; i++)
        zmq_msg_init(&frames[i]);
}

static void next_number(void *ctx, struct co_zsock *z, zmq_msg_t *frames, size_t count)
{
    struct seen *seen = ctx;
    see(ctx, z, frames, count);
    if (seen->count < seen->wanted)
        ck_assert_int_eq(
            co_zsock_send(z, &(struct co_frame){ &seen->count, sizeof(seen->count) }, 1), CO_OK);
}

static bool can_send_first(void *ctx)
{
    struct seen *seen = ctx;
    return co_zsock_send(seen->z, &(struct co_frame){ &seen->count, sizeof(seen->count) }, 1) ==
           CO_OK;
}

/* Each send may swallow the edge of a message that came in the meantime. */
START_TEST(an_answer_that_arrives_during_a_send_is_not_forgotten)
{
    open_loop();
    struct seen server = { .wanted = 3000 };
    struct seen asker = { .wanted = 3000 };
    server.z = opened(co_zsock_options(ZMQ_ROUTER, &server, echo));
    ck_assert_int_eq(co_zsock_bind(server.z, "tcp://127.0.0.1:*", &why), CO_OK);
    asker.z = opened(co_zsock_options(ZMQ_DEALER, &asker, next_number));
    ck_assert_int_eq(co_zsock_connect(asker.z, co_zsock_endpoint(server.z), &why), CO_OK);
    run_until(can_send_first, &asker, "a connection");
    run_until(has_all, &asker, "3,000 answers");
    ck_assert_uint_eq(asker.in_order, 3000);
    ck_assert_uint_eq(co_zsock_counts(server.z).sent, 3000);
    co_zsock_close(asker.z, NULL, NULL);
    co_zsock_close(server.z, NULL, NULL);
    close_loop();
}
END_TEST

static void *late_peer;

/* Runs after the socket's own prepare phase. The message is signalled, then libzmq takes the signal
 * away inside our send (it looks for signals there when it has not for a millisecond). */
static void message_then_send(uv_prepare_t *prepare)
{
    struct seen *seen = prepare->data;
    uv_prepare_stop(prepare);
    ck_assert_int_eq(zmq_send(late_peer, "late", 4, 0), 4);
    for (uint64_t end = uv_hrtime() + 20000000; uv_hrtime() < end;)
        continue;
    ck_assert_int_eq(co_zsock_send(seen->z, &(struct co_frame){ "x", 1 }, 1), CO_OK);
}

START_TEST(a_message_whose_signal_a_send_has_swallowed_does_not_wait_for_the_next)
{
    open_loop();
    struct seen seen = { .wanted = 1 };
    uv_prepare_t late; /* started first: libuv runs the youngest first */
    uv_prepare_init(&loop, &late);
    late.data = &seen;
    uv_prepare_start(&late, message_then_send);
    seen.z = opened(co_zsock_options(ZMQ_PAIR, &seen, see));
    ck_assert_int_eq(co_zsock_bind(seen.z, "inproc://late", &why), CO_OK);
    late_peer = client(ZMQ_PAIR, "inproc://late");
    run_until(has_all, &seen, "the message");
    ck_assert_str_eq(seen.text, "late");
    uv_close((uv_handle_t *)&late, NULL);
    zmq_close(late_peer);
    co_zsock_close(seen.z, NULL, NULL);
    close_loop();
}
END_TEST

START_TEST(what_came_while_paused_is_handed_out_after)
{
    open_loop();
    struct seen seen = { .wanted = 500 };
    struct seen other = { .wanted = 1 };
    struct co_zsock *z = listening(ZMQ_PULL, &seen);
    struct co_zsock *running = listening(ZMQ_PULL, &other);
    void *socket = client(ZMQ_PUSH, co_zsock_endpoint(z));
    co_zsock_pause(z);
    for (uint64_t i = 0; i < seen.wanted; i++)
        send_number(socket, i);
    void *second = client(ZMQ_PUSH, co_zsock_endpoint(running));
    send_number(second, 0);
    run_until(has_all, &other, "a message on the other socket");
    ck_assert_uint_eq(seen.count, 0);
    co_zsock_resume(z);
    run_until(has_all, &seen, "what waited");
    ck_assert_uint_eq(seen.in_order, 500);
    zmq_close(socket);
    zmq_close(second);
    co_zsock_close(z, NULL, NULL);
    co_zsock_close(running, NULL, NULL);
    close_loop();
}
END_TEST

static bool is_over(void *ctx)
{
    return *(const bool *)ctx;
}

/* Turns of the loop in 300 ms. */
static int turns_while_quiet(void)
{
    uv_timer_t timer;
    bool over = false;
    int turns = 0;
    uv_timer_init(&loop, &timer);
    timer.data = &over;
    uv_timer_start(&timer, give_up, 300, 0);
    for (; !is_over(&over); turns++)
        uv_run(&loop, UV_RUN_ONCE);
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(&loop, UV_RUN_NOWAIT);
    return turns;
}

START_TEST(sockets_that_nobody_reads_let_the_loop_sleep)
{
    open_loop();
    struct seen seen = { .wanted = 1 };
    struct co_zsock *paused = listening(ZMQ_PULL, &seen);
    struct co_zsock_options o = co_zsock_options(ZMQ_XPUB, NULL, NULL);
    struct co_zsock *pub = NULL;
    ck_assert_int_eq(co_zsock_open(&loop, zmq, &o, &pub, &why), CO_OK);
    ck_assert_int_eq(co_zsock_bind(pub, "tcp://127.0.0.1:*", &why), CO_OK);
    void *socket = client(ZMQ_PUSH, co_zsock_endpoint(paused));
    void *sub = client(ZMQ_SUB, co_zsock_endpoint(pub));
    co_zsock_pause(paused);
    ck_assert_int_eq(zmq_setsockopt(sub, ZMQ_SUBSCRIBE, "", 0), 0);
    for (uint64_t i = 0; i < 10; i++)
        send_number(socket, i);
    ck_assert_int_lt(turns_while_quiet(), 100);
    zmq_close(socket);
    zmq_close(sub);
    co_zsock_close(paused, NULL, NULL);
    co_zsock_close(pub, NULL, NULL);
    close_loop();
}
END_TEST

START_TEST(a_message_of_too_many_frames_is_refused_whole_and_the_next_is_taken)
{
    open_loop();
    struct seen seen = { .wanted = 1 };
    struct co_zsock *z = listening(ZMQ_PULL, &seen);
    void *socket = client(ZMQ_PUSH, co_zsock_endpoint(z));
    ck_assert_int_eq(zmq_send(socket, "first", 5, ZMQ_SNDMORE), 5);
    for (int i = 0; i < 100; i++)
        ck_assert_int_eq(zmq_send(socket, "x", 1, ZMQ_SNDMORE), 1);
    ck_assert_int_eq(zmq_send(socket, "last", 4, 0), 4);
    ck_assert_int_eq(zmq_send(socket, "good", 4, 0), 4);
    run_until(has_refused, &seen, "a refusal");
    ck_assert_uint_eq(seen.refused_frames, 102);
    ck_assert_uint_eq(seen.refused_bytes, 109);
    ck_assert_str_eq(seen.refused_text, "first");
    run_until(has_all, &seen, "the good message");
    ck_assert_str_eq(seen.text, "good");
    ck_assert_uint_eq(co_zsock_counts(z).refused, 1);
    ck_assert_uint_eq(co_zsock_counts(z).received, 1);
    zmq_close(socket);
    co_zsock_close(z, NULL, NULL);
    close_loop();
}
END_TEST

START_TEST(as_many_frames_and_bytes_as_allowed_are_taken_and_one_byte_more_is_not)
{
    open_loop();
    static char block[1 << 18];
    struct seen seen = { .wanted = 1 };
    struct co_zsock *z = listening(ZMQ_PULL, &seen);
    void *socket = client(ZMQ_PUSH, co_zsock_endpoint(z));
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 8; i++)
            zmq_send(socket, block, i < 4 ? sizeof(block) : (size_t)(round == 1 && i == 7),
                     i < 7 ? ZMQ_SNDMORE : 0);
    run_until(has_refused, &seen, "a refusal");
    ck_assert_uint_eq(seen.count, 1);
    ck_assert_uint_eq(seen.refused_frames, 8);
    ck_assert_uint_eq(seen.refused_bytes, (1 << 20) + 1);
    zmq_close(socket);
    co_zsock_close(z, NULL, NULL);
    close_loop();
}
END_TEST

/* Watches a socket's libzmq events in the loop. */
static struct co_zsock *monitor(struct co_zsock *z, int events, struct seen *seen)
{
    ck_assert_int_eq(zmq_socket_monitor(co_zsock_raw(z), "inproc://monitor", events), 0);
    struct co_zsock *m = opened(co_zsock_options(ZMQ_PAIR, seen, see));
    ck_assert_int_eq(co_zsock_connect(m, "inproc://monitor", &why), CO_OK);
    return m;
}

static void close_monitor(struct co_zsock *z, struct co_zsock *m)
{
    zmq_socket_monitor(co_zsock_raw(z), NULL, 0);
    co_zsock_close(m, NULL, NULL);
}

START_TEST(a_frame_over_the_limit_ends_the_connection_of_that_peer_only)
{
    open_loop();
    static char big[(1 << 20) + 1];
    struct seen seen = { .wanted = 1 };
    struct seen events = { .wanted = 1 };
    struct co_zsock *z = listening(ZMQ_PULL, &seen);
    struct co_zsock *m = monitor(z, ZMQ_EVENT_DISCONNECTED, &events);
    void *bad = client(ZMQ_PUSH, co_zsock_endpoint(z));
    void *good = client(ZMQ_PUSH, co_zsock_endpoint(z));
    ck_assert_int_eq(zmq_send(bad, big, sizeof(big), 0), (int)sizeof(big));
    run_until(has_all, &events, "the end of the connection");
    ck_assert_uint_eq(seen.count, 0);
    ck_assert_int_eq(zmq_send(good, "good", 4, 0), 4);
    run_until(has_all, &seen, "the other peer's message");
    ck_assert_str_eq(seen.text, "good");
    zmq_close(bad);
    zmq_close(good);
    close_monitor(z, m);
    co_zsock_close(z, NULL, NULL);
    close_loop();
}
END_TEST

START_TEST(sending_to_nobody_says_full_and_never_waits)
{
    open_loop();
    struct seen seen = { 0 };
    struct co_zsock *router = listening(ZMQ_ROUTER, &seen);
    struct co_zsock *dealer = opened(co_zsock_options(ZMQ_DEALER, &seen, see));
    const struct co_frame frames[] = { { "peer", 4 }, { NULL, 0 }, { "text", 4 } };
    ck_assert_int_eq(co_zsock_send(router, frames, 3), CO_EFULL);
    ck_assert_int_eq(co_zsock_send(dealer, frames, 3), CO_EFULL);
    ck_assert_uint_eq(co_zsock_counts(router).full, 1);
    ck_assert_uint_eq(co_zsock_counts(router).sent, 0);
    co_zsock_close(router, NULL, NULL);
    co_zsock_close(dealer, NULL, NULL);
    close_loop();
}
END_TEST

START_TEST(a_peer_that_does_not_read_makes_the_sender_full_not_the_memory)
{
    open_loop();
    static char block[100000];
    struct seen seen = { 0 };
    struct co_zsock *push = listening(ZMQ_PUSH, &seen);
    void *socket = client(ZMQ_PULL, co_zsock_endpoint(push));
    seen.z = push;
    run_until(can_send_first, &seen, "a connection");
    int sent = 0;
    while (co_zsock_send(push, &(struct co_frame){ block, sizeof(block) }, 1) == CO_OK)
        ck_assert_int_lt(++sent, 10000);
    ck_assert_int_ge(sent, 999);
    zmq_close(socket);
    co_zsock_close(push, NULL, NULL);
    close_loop();
}
END_TEST

static void close_at_once(void *ctx, struct co_zsock *z, zmq_msg_t *frames, size_t count)
{
    struct seen *seen = ctx;
    see(ctx, z, frames, count);
    co_zsock_close(z, closed, seen);
    ck_assert_int_eq(co_zsock_send(z, &(struct co_frame){ "x", 1 }, 1), CO_EDOWN);
}

START_TEST(a_socket_can_be_closed_by_its_own_callback)
{
    open_loop();
    struct seen seen = { 0 };
    struct co_zsock *z = opened(co_zsock_options(ZMQ_PULL, &seen, close_at_once));
    ck_assert_int_eq(co_zsock_bind(z, "tcp://127.0.0.1:0", &why), CO_OK);
    void *socket = client(ZMQ_PUSH, co_zsock_endpoint(z));
    for (uint64_t i = 0; i < 10; i++)
        send_number(socket, i);
    run_until(is_true, &seen.is_closed, "the close");
    ck_assert_uint_eq(seen.count, 1);
    zmq_close(socket);
    close_loop();
}
END_TEST

START_TEST(the_endpoint_tells_the_port_and_a_taken_one_is_an_error)
{
    open_loop();
    struct seen seen = { 0 };
    struct co_zsock *z = listening(ZMQ_PULL, &seen);
    struct co_zsock *other = opened(co_zsock_options(ZMQ_PULL, &seen, see));
    int port = 0;
    ck_assert_int_eq(sscanf(co_zsock_endpoint(z), "tcp://127.0.0.1:%d", &port), 1);
    ck_assert_int_gt(port, 0);
    ck_assert_str_eq(co_zsock_endpoint(other), "");
    ck_assert_int_eq(co_zsock_bind(other, co_zsock_endpoint(z), &why), CO_EDOWN);
    ck_assert_ptr_nonnull(strstr(why.text, co_zsock_endpoint(z)));
    ck_assert_int_eq(co_zsock_bind(other, "nonsense", &why), CO_EINPUT);
    ck_assert_int_eq(co_zsock_bind(other, "carrier://pigeon", &why), CO_EINPUT);
    ck_assert_int_eq(co_zsock_connect(other, "tcp://127.0.0.1", &why), CO_EINPUT);
    co_zsock_close(z, NULL, NULL);
    co_zsock_close(other, NULL, NULL);
    close_loop();
}
END_TEST

START_TEST(a_server_with_keys_but_without_a_domain_is_not_opened)
{
    open_loop();
    struct co_keys keys;
    struct co_zsock *z = NULL;
    ck_assert_int_eq(co_keys_generate(&keys), CO_OK);
    struct co_zsock_options options = co_zsock_options(ZMQ_ROUTER, NULL, see);
    options.keys = &keys;
    ck_assert_int_eq(co_zsock_open(&loop, zmq, &options, &z, &why), CO_EINPUT);
    options.zap_domain = "";
    ck_assert_int_eq(co_zsock_open(&loop, zmq, &options, &z, &why), CO_EINPUT);
    options.zap_domain = "intake";
    options.keys = NULL;
    ck_assert_int_eq(co_zsock_open(&loop, zmq, &options, &z, &why), CO_EINPUT);
    options = co_zsock_options(ZMQ_DEALER, NULL, see);
    options.keys = &keys;
    options.server_key = "not a key";
    ck_assert_int_eq(co_zsock_open(&loop, zmq, &options, &z, &why), CO_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "server_key"));
    close_loop();
}
END_TEST

START_TEST(a_topic_is_subscribed_and_unsubscribed)
{
    open_loop();
    struct seen seen = { .wanted = 1 };
    struct co_zsock *publisher = opened(co_zsock_options(ZMQ_XPUB, &seen, see));
    ck_assert_int_eq(co_zsock_bind(publisher, "tcp://127.0.0.1:0", &why), CO_OK);
    struct seen got = { .wanted = 1 };
    struct co_zsock *z = opened(co_zsock_options(ZMQ_SUB, &got, see));
    ck_assert_int_eq(co_zsock_subscribe(z, "\x07", 1), CO_OK);
    ck_assert_int_eq(co_zsock_connect(z, co_zsock_endpoint(publisher), &why), CO_OK);
    run_until(has_all, &seen, "the subscription");
    const struct co_frame other[] = { { "\x08", 1 }, { "other", 5 } };
    const struct co_frame ours[] = { { "\x07", 1 }, { "ours", 4 } };
    ck_assert_int_eq(co_zsock_send(publisher, other, 2), CO_OK);
    ck_assert_int_eq(co_zsock_send(publisher, ours, 2), CO_OK);
    run_until(has_all, &got, "the entry of our lane");
    ck_assert_str_eq(got.text, "ours");
    seen.wanted = 2;
    ck_assert_int_eq(co_zsock_unsubscribe(z, "\x07", 1), CO_OK);
    run_until(has_all, &seen, "the end of the subscription");
    co_zsock_close(z, NULL, NULL);
    co_zsock_close(publisher, NULL, NULL);
    close_loop();
}
END_TEST

CHECK_MAIN("co_zsock", ten_thousand_messages_of_a_fast_sender_all_arrive_in_order,
           a_burst_larger_than_a_turn_needs_no_further_event, a_turn_takes_no_more_than_its_share,
           an_answer_that_arrives_during_a_send_is_not_forgotten,
           a_message_whose_signal_a_send_has_swallowed_does_not_wait_for_the_next,
           what_came_while_paused_is_handed_out_after, sockets_that_nobody_reads_let_the_loop_sleep,
           a_message_of_too_many_frames_is_refused_whole_and_the_next_is_taken,
           as_many_frames_and_bytes_as_allowed_are_taken_and_one_byte_more_is_not,
           a_frame_over_the_limit_ends_the_connection_of_that_peer_only,
           sending_to_nobody_says_full_and_never_waits,
           a_peer_that_does_not_read_makes_the_sender_full_not_the_memory,
           a_socket_can_be_closed_by_its_own_callback,
           the_endpoint_tells_the_port_and_a_taken_one_is_an_error,
           a_server_with_keys_but_without_a_domain_is_not_opened,
           a_topic_is_subscribed_and_unsubscribed)
