/* loop_fixture.h - a loop and a ZeroMQ context per test, and waiting for a condition with a limit.
 */
#pragma once

#include <check.h>
#include <stdbool.h>
#include <uv.h>
#include <zmq.h>

enum { PATIENCE_MS = 30000 };

static uv_loop_t loop;
static void *zmq;

static void open_loop(void)
{
    ck_assert_int_eq(uv_loop_init(&loop), 0);
    zmq = zmq_ctx_new();
    ck_assert_ptr_nonnull(zmq);
}

static void give_up(uv_timer_t *timer)
{
    bool *is_over = timer->data;
    *is_over = true;
    uv_stop(timer->loop);
}

static void nothing(uv_handle_t *handle)
{
    (void)handle;
}

/* Runs the loop until is_met(ctx); fails the test, saying `what`, after PATIENCE_MS. */
static void run_until(bool (*is_met)(void *ctx), void *ctx, const char *what)
{
    static uv_timer_t timer; /* closed in a later turn than this call may see */
    bool is_over = false;
    uv_timer_init(&loop, &timer);
    timer.data = &is_over;
    uv_timer_start(&timer, give_up, PATIENCE_MS, 0);
    while (!is_met(ctx) && !is_over)
        uv_run(&loop, UV_RUN_ONCE);
    ck_assert_msg(!is_over, "waited %d ms for: %s", PATIENCE_MS, what);
    uv_close((uv_handle_t *)&timer, nothing);
    uv_run(&loop, UV_RUN_NOWAIT);
}

/* Everything must have been closed: runs the loop to its end. */
static void close_loop(void)
{
    uv_run(&loop, UV_RUN_DEFAULT);
    ck_assert_int_eq(uv_loop_close(&loop), 0);
    ck_assert_int_eq(zmq_ctx_term(zmq), 0);
}
