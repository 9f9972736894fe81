/* The client against a server that answers, is busy, restarts, knows other keys, or is not there.
 */
#include "co_client.h"

#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "check_main.h"
#include "fake_intake.h"

static struct co_keys server, ours, other;
static struct fake_intake *fake;
static struct co_client *client;
static struct co_why why;
static unsigned requests;

static void make_keys(void)
{
    ck_assert_int_eq(co_keys_generate(&server), CO_OK);
    ck_assert_int_eq(co_keys_generate(&ours), CO_OK);
    ck_assert_int_eq(co_keys_generate(&other), CO_OK);
    why.text[0] = '\0';
    requests = 0;
}

static void open_client(const char *endpoint, const struct co_keys *server_keys)
{
    struct co_client_options options = { .endpoint = endpoint,
                                         .server_key = server_keys->public_text,
                                         .keys = &ours,
                                         .connect_ms = 2500,
                                         .again_ms = 300 };
    ck_assert_int_eq(co_client_open(&options, &client, &why), CO_OK);
}

static void start(fake_answer *answer)
{
    make_keys();
    fake = fake_intake_start(&server, NULL, answer, NULL);
    open_client(fake_intake_endpoint(fake), &server);
}

static void end(void)
{
    co_client_close(client);
    fake_intake_stop(fake);
}

static enum co_err ping(Callout__V1__Reply **ret_reply)
{
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    Callout__V1__Ping body = CALLOUT__V1__PING__INIT;
    request.body_case = CALLOUT__V1__REQUEST__BODY_PING;
    request.ping = &body;
    return co_client_call(client, &request, 3000, ret_reply, &why);
}

static enum co_err drop_parked(int timeout_ms)
{
    static char drop[] = "drop";
    Callout__V1__Request request = CALLOUT__V1__REQUEST__INIT;
    Callout__V1__Parked body = CALLOUT__V1__PARKED__INIT;
    Callout__V1__Reply *reply = NULL;
    body.verb = drop;
    request.body_case = CALLOUT__V1__REQUEST__BODY_PARKED;
    request.parked = &body;
    return co_client_call(client, &request, timeout_ms, &reply, &why);
}

static bool pong(void *arg, unsigned n, const Callout__V1__Request *request,
                 Callout__V1__Reply *reply)
{
    static Callout__V1__Pong body;
    (void)arg;
    (void)request;
    callout__v1__pong__init(&body);
    body.now_us = n;
    reply->body_case = CALLOUT__V1__REPLY__BODY_PONG;
    reply->pong = &body;
    requests = n;
    return true;
}

START_TEST(a_request_is_answered)
{
    start(pong);
    Callout__V1__Reply *reply = NULL;
    for (int64_t i = 1; i <= 3; i++) {
        ck_assert_int_eq(ping(&reply), CO_OK);
        ck_assert_int_eq(reply->pong->now_us, i);
    }
    end();
}
END_TEST

static bool busy_twice(void *arg, unsigned n, const Callout__V1__Request *request,
                       Callout__V1__Reply *reply)
{
    static Callout__V1__Error error;
    if (n > 2)
        return pong(arg, n, request, reply);
    callout__v1__error__init(&error);
    error.retry_after_ms = 50;
    reply->code = n == 1 ? CALLOUT__V1__CODE__CODE_BUSY : CALLOUT__V1__CODE__CODE_UNAVAILABLE;
    reply->body_case = CALLOUT__V1__REPLY__BODY_ERROR;
    reply->error = &error;
    return true;
}

START_TEST(a_busy_server_is_asked_again)
{
    start(busy_twice);
    Callout__V1__Reply *reply = NULL;
    ck_assert_int_eq(ping(&reply), CO_OK);
    ck_assert_int_eq(reply->code, CALLOUT__V1__CODE__CODE_OK);
    ck_assert_uint_eq(requests, 3);
    end();
}
END_TEST

static bool always_busy(void *arg, unsigned n, const Callout__V1__Request *request,
                        Callout__V1__Reply *reply)
{
    (void)arg;
    (void)request;
    requests = n;
    reply->code = CALLOUT__V1__CODE__CODE_BUSY;
    return true;
}

START_TEST(a_server_that_stays_busy_is_reported_as_busy)
{
    start(always_busy);
    Callout__V1__Reply *reply = NULL;
    ck_assert_int_eq(ping(&reply), CO_OK);
    ck_assert_int_eq(reply->code, CALLOUT__V1__CODE__CODE_BUSY);
    ck_assert_uint_gt(requests, 2);
    end();
}
END_TEST

static bool silent_once(void *arg, unsigned n, const Callout__V1__Request *request,
                        Callout__V1__Reply *reply)
{
    (void)pong(arg, n, request, reply);
    return n > 1;
}

START_TEST(a_lost_answer_is_asked_for_again)
{
    start(silent_once);
    Callout__V1__Reply *reply = NULL;
    ck_assert_int_eq(ping(&reply), CO_OK);
    ck_assert_uint_ge(requests, 2);
    end();
}
END_TEST

START_TEST(what_may_not_be_done_twice_is_sent_once)
{
    start(silent_once);
    ck_assert_int_eq(drop_parked(1000), CO_EAGAIN);
    ck_assert_uint_eq(requests, 1);
    ck_assert_ptr_nonnull(strstr(why.text, "does not answer"));
    end();
}
END_TEST

START_TEST(a_restarted_server_is_found_again)
{
    start(pong);
    Callout__V1__Reply *reply = NULL;
    ck_assert_int_eq(ping(&reply), CO_OK);
    fake_intake_restart(fake);
    ck_assert_int_eq(ping(&reply), CO_OK);
    end();
}
END_TEST

START_TEST(nobody_there_is_said)
{
    make_keys();
    open_client("tcp://127.0.0.1:1", &server);
    Callout__V1__Reply *reply = NULL;
    ck_assert_int_eq(ping(&reply), CO_EDOWN);
    ck_assert_str_eq(why.text, "nobody listens at tcp://127.0.0.1:1");
    co_client_close(client);
}
END_TEST

START_TEST(a_key_that_is_not_allowed_is_said)
{
    make_keys();
    fake = fake_intake_start(&server, other.public_text, pong, NULL);
    open_client(fake_intake_endpoint(fake), &server);
    Callout__V1__Reply *reply = NULL;
    ck_assert_int_eq(ping(&reply), CO_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "does not allow our key"));
    ck_assert_uint_eq(requests, 0);
    end();
}
END_TEST

START_TEST(another_server_key_is_said)
{
    make_keys();
    fake = fake_intake_start(&server, NULL, pong, NULL);
    open_client(fake_intake_endpoint(fake), &other);
    Callout__V1__Reply *reply = NULL;
    ck_assert_int_eq(ping(&reply), CO_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "server key"));
    end();
}
END_TEST

START_TEST(a_bad_endpoint_or_key_is_refused_at_once)
{
    make_keys();
    struct co_client_options options = { .endpoint = "localhost",
                                         .server_key = server.public_text,
                                         .keys = &ours };
    ck_assert_int_eq(co_client_open(&options, &client, &why), CO_EINPUT);
    ck_assert_ptr_nonnull(strstr(why.text, "localhost"));
    options.endpoint = "tcp://127.0.0.1:1";
    options.server_key = "short";
    ck_assert_int_eq(co_client_open(&options, &client, &why), CO_EINPUT);
    co_client_close(NULL);
}
END_TEST

CHECK_MAIN("client", a_request_is_answered, a_busy_server_is_asked_again,
           a_server_that_stays_busy_is_reported_as_busy, a_lost_answer_is_asked_for_again,
           what_may_not_be_done_twice_is_sent_once, a_restarted_server_is_found_again,
           nobody_there_is_said, a_key_that_is_not_allowed_is_said, another_server_key_is_said,
           a_bad_endpoint_or_key_is_refused_at_once)
