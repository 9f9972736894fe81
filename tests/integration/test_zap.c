#include "co_zap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "co_zsock.h"
#include "loop_fixture.h"

static struct co_why why;

/* A server with a handler whose answer the test chooses. */
struct house {
    struct co_keys server;
    struct co_keys friend;
    const char *user_of_friend; /* NULL: refused */
    const char *user_of_others;
    char domain[CO_ZAP_TEXT];
    char address[CO_ZAP_TEXT];
    struct co_zap *zap;
    struct co_zsock *z;
    uint64_t received;
    char user[CO_ZAP_TEXT];
    char text[64];
    enum co_zap_proof proof;
    bool is_proved;
    uint64_t events;
};

static const char *allow(void *ctx, const struct co_zap_client *client)
{
    struct house *house = ctx;
    char text[CO_KEY_TEXT];
    co_keys_encode(client->key, text);
    snprintf(house->domain, sizeof(house->domain), "%s", client->domain);
    snprintf(house->address, sizeof(house->address), "%s", client->address);
    bool is_friend = strcmp(text, house->friend.public_text) == 0 ||
                     strcmp(text, house->server.public_text) == 0;
    return is_friend ? house->user_of_friend : house->user_of_others;
}

static void on_message(void *ctx, struct co_zsock *z, zmq_msg_t *frames, size_t count)
{
    struct house *house = ctx;
    const char *user = co_zsock_user(frames, count);
    (void)z;
    house->received++;
    snprintf(house->user, sizeof(house->user), "%s", user != NULL ? user : "nobody");
    snprintf(house->text, sizeof(house->text), "%.*s", (int)zmq_msg_size(&frames[count - 1]),
             (const char *)zmq_msg_data(&frames[count - 1]));
}

static void open_house(struct house *house, bool has_zap)
{
    open_loop();
    *house = (struct house){ .user_of_friend = "customer-7" };
    ck_assert_int_eq(co_keys_generate(&house->server), CO_OK);
    ck_assert_int_eq(co_keys_generate(&house->friend), CO_OK);
    if (has_zap)
        ck_assert_int_eq(co_zap_open(&loop, zmq, allow, house, &house->zap, &why), CO_OK);
    struct co_zsock_options options = co_zsock_options(ZMQ_ROUTER, house, on_message);
    options.keys = &house->server;
    options.zap_domain = "intake";
    ck_assert_int_eq(co_zsock_open(&loop, zmq, &options, &house->z, &why), CO_OK);
    ck_assert_int_eq(co_zsock_bind(house->z, "tcp://127.0.0.1:0", &why), CO_OK);
}

static void close_house(struct house *house)
{
    co_zsock_close(house->z, NULL, NULL);
    co_zap_close(house->zap, NULL, NULL);
    close_loop();
}

/* A foreign client; without keys it speaks plain ZMTP. */
static void *client(const struct house *house, const struct co_keys *keys, const char *server_key)
{
    void *socket = zmq_socket(zmq, ZMQ_DEALER);
    zmq_setsockopt(socket, ZMQ_LINGER, &(int){ 0 }, sizeof(int));
    if (keys != NULL) {
        zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server_key, CO_KEY_TEXT);
        zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, keys->public_text, CO_KEY_TEXT);
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys->secret_text, CO_KEY_TEXT);
    }
    ck_assert_int_eq(zmq_connect(socket, co_zsock_endpoint(house->z)), 0);
    ck_assert_int_eq(zmq_send(socket, "hello", 5, 0), 5);
    return socket;
}

static bool is_true(void *flag)
{
    return *(bool *)flag;
}

static bool has_message(void *ctx)
{
    return ((struct house *)ctx)->received > 0;
}

static bool has_event(void *ctx)
{
    return ((struct house *)ctx)->events > 0;
}

static bool has_refused(void *ctx)
{
    return co_zap_counts(((struct house *)ctx)->zap).refused > 0;
}

static void on_event(void *ctx, struct co_zsock *z, zmq_msg_t *frames, size_t count)
{
    (void)z;
    (void)frames;
    (void)count;
    ((struct house *)ctx)->events++;
}

START_TEST(a_known_key_gets_in_and_each_message_says_who)
{
    struct house house;
    open_house(&house, true);
    void *socket = client(&house, &house.friend, house.server.public_text);
    run_until(has_message, &house, "the message");
    ck_assert_str_eq(house.text, "hello");
    ck_assert_str_eq(house.user, "customer-7");
    ck_assert_str_eq(house.domain, "intake");
    ck_assert_str_eq(house.address, "127.0.0.1");
    ck_assert_uint_eq(co_zap_counts(house.zap).accepted, 1);
    zmq_close(socket);
    close_house(&house);
}
END_TEST

START_TEST(an_unknown_key_is_refused_and_nothing_of_it_arrives)
{
    struct house house;
    struct co_keys stranger;
    open_house(&house, true);
    ck_assert_int_eq(co_keys_generate(&stranger), CO_OK);
    void *bad = client(&house, &stranger, house.server.public_text);
    run_until(has_refused, &house, "a refusal");
    void *good = client(&house, &house.friend, house.server.public_text);
    run_until(has_message, &house, "the friend's message");
    ck_assert_uint_eq(house.received, 1);
    ck_assert_str_eq(house.user, "customer-7");
    zmq_close(bad);
    zmq_close(good);
    close_house(&house);
}
END_TEST

/* Neither of these gets as far as the handler: the handshake itself fails. */
static void refused_by_handshake(bool has_keys)
{
    struct house house;
    struct co_keys other;
    open_house(&house, true);
    ck_assert_int_eq(co_keys_generate(&other), CO_OK);
    int failed = ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                 ZMQ_EVENT_DISCONNECTED;
    ck_assert_int_eq(zmq_socket_monitor(co_zsock_raw(house.z), "inproc://monitor", failed), 0);
    struct co_zsock *m = NULL;
    struct co_zsock_options options = co_zsock_options(ZMQ_PAIR, &house, on_event);
    ck_assert_int_eq(co_zsock_open(&loop, zmq, &options, &m, &why), CO_OK);
    ck_assert_int_eq(co_zsock_connect(m, "inproc://monitor", &why), CO_OK);
    void *bad = client(&house, has_keys ? &house.friend : NULL, other.public_text);
    run_until(has_event, &house, "a failed handshake");
    ck_assert_uint_eq(house.received, 0);
    ck_assert_uint_eq(co_zap_counts(house.zap).accepted, 0);
    zmq_close(bad);
    zmq_socket_monitor(co_zsock_raw(house.z), NULL, 0);
    co_zsock_close(m, NULL, NULL);
    close_house(&house);
}

START_TEST(plain_text_is_refused)
{
    refused_by_handshake(false);
}
END_TEST

START_TEST(a_client_that_expects_another_server_is_refused)
{
    refused_by_handshake(true);
}
END_TEST

START_TEST(a_user_id_that_is_none_refuses)
{
    static char too_long[CO_ZAP_TEXT + 1];
    memset(too_long, 'x', CO_ZAP_TEXT);
    const char *const bad[] = { "", "two\nlines", "\xff", too_long };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct house house;
        open_house(&house, true);
        house.user_of_friend = bad[i];
        void *socket = client(&house, &house.friend, house.server.public_text);
        run_until(has_refused, &house, "a refusal");
        ck_assert_uint_eq(house.received, 0);
        zmq_close(socket);
        close_house(&house);
    }
}
END_TEST

static bool has_malformed(void *ctx)
{
    return co_zap_counts(((struct house *)ctx)->zap).malformed >= 5;
}

START_TEST(requests_that_are_none_are_counted_and_do_no_harm)
{
    struct house house;
    open_house(&house, true);
    void *socket = zmq_socket(zmq, ZMQ_DEALER);
    zmq_setsockopt(socket, ZMQ_LINGER, &(int){ 0 }, sizeof(int));
    ck_assert_int_eq(zmq_connect(socket, "inproc://zeromq.zap.01"), 0);
    static const char *const junk[][9] = {
        { "" },
        { "", "1.0" },
        { "", "2.0", "1", "d", "a", "i", "CURVE", "k" },
        { "x", "1.0", "1", "d", "a", "i", "CURVE", "k" },
    };
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 9 && junk[i][k] != NULL; k++)
            zmq_send(socket, junk[i][k], strlen(junk[i][k]),
                     k < 8 && junk[i][k + 1] != NULL ? ZMQ_SNDMORE : 0);
    for (int i = 0; i < 1000; i++)
        zmq_send(socket, "x", 1, i < 999 ? ZMQ_SNDMORE : 0);
    run_until(has_malformed, &house, "five bad requests");

    static const char *const refused[] = { "", "1.0", "7", "d", "a", "i", "CURVE", "short" };
    for (size_t k = 0; k < 8; k++)
        zmq_send(socket, refused[k], strlen(refused[k]), k < 7 ? ZMQ_SNDMORE : 0);
    run_until(has_refused, &house, "a refusal");
    static const char *const answer[] = { "", "1.0", "7", "400" };
    char got[64];
    for (size_t k = 0; k < 4; k++) {
        int len = zmq_recv(socket, got, sizeof(got), 0);
        ck_assert_int_eq(len, (int)strlen(answer[k]));
        ck_assert_mem_eq(got, answer[k], (size_t)len);
    }
    zmq_close(socket);
    close_house(&house);
}
END_TEST

START_TEST(a_second_handler_in_a_context_is_an_error)
{
    struct house house;
    struct co_zap *second = NULL;
    open_house(&house, true);
    ck_assert_int_eq(co_zap_open(&loop, zmq, allow, &house, &second, &why), CO_EDOWN);
    ck_assert_ptr_null(second);
    close_house(&house);
}
END_TEST

static void on_proof(void *ctx, enum co_zap_proof proof)
{
    struct house *house = ctx;
    house->proof = proof;
    house->is_proved = true;
}

static enum co_zap_proof prove(struct house *house, int64_t timeout_ms)
{
    struct co_zap_check check = { .endpoint = co_zsock_endpoint(house->z),
                                  .server_key = house->server.public_text,
                                  .own = &house->server,
                                  .timeout_ms = timeout_ms,
                                  .on_done = on_proof,
                                  .ctx = house };
    ck_assert_msg(co_zap_prove(&loop, zmq, &check, &why) == CO_OK, "%s", why.text);
    run_until(is_true, &house->is_proved, "the proof");
    return house->proof;
}

START_TEST(the_proof_holds_for_a_handler_that_decides)
{
    struct house house;
    open_house(&house, true);
    ck_assert_int_eq(prove(&house, PATIENCE_MS), CO_ZAP_PROVED);
    close_house(&house);
}
END_TEST

START_TEST(the_proof_finds_a_handler_that_accepts_anybody)
{
    struct house house;
    open_house(&house, true);
    house.user_of_others = "anybody";
    ck_assert_int_eq(prove(&house, PATIENCE_MS), CO_ZAP_ACCEPTS_ANYBODY);
    close_house(&house);
}
END_TEST

START_TEST(the_proof_finds_a_handler_that_refuses_ourselves)
{
    struct house house;
    open_house(&house, true);
    house.user_of_friend = NULL;
    ck_assert_int_eq(prove(&house, PATIENCE_MS), CO_ZAP_REFUSES_US);
    close_house(&house);
}
END_TEST

START_TEST(without_a_handler_nobody_gets_in)
{
    struct house house;
    open_house(&house, false);
    void *socket = client(&house, &house.friend, house.server.public_text);
    ck_assert_int_eq(prove(&house, 1500), CO_ZAP_UNDECIDED);
    ck_assert_uint_eq(house.received, 0);
    zmq_close(socket);
    close_house(&house);
}
END_TEST

START_TEST(a_proof_that_cannot_start_says_why)
{
    struct house house;
    open_house(&house, true);
    struct co_zap_check check = { .endpoint = "nonsense",
                                  .server_key = house.server.public_text,
                                  .own = &house.server,
                                  .timeout_ms = 1000,
                                  .on_done = on_proof,
                                  .ctx = &house };
    ck_assert_int_eq(co_zap_prove(&loop, zmq, &check, &why), CO_EINPUT);
    close_house(&house);
    ck_assert(!house.is_proved);
}
END_TEST

CHECK_MAIN("co_zap", a_known_key_gets_in_and_each_message_says_who,
           an_unknown_key_is_refused_and_nothing_of_it_arrives, plain_text_is_refused,
           a_client_that_expects_another_server_is_refused, a_user_id_that_is_none_refuses,
           requests_that_are_none_are_counted_and_do_no_harm,
           a_second_handler_in_a_context_is_an_error, the_proof_holds_for_a_handler_that_decides,
           the_proof_finds_a_handler_that_accepts_anybody,
           the_proof_finds_a_handler_that_refuses_ourselves, without_a_handler_nobody_gets_in,
           a_proof_that_cannot_start_says_why)
