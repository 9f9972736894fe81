/* Gives a session up whose first statement is in the air. A backend that waits for a synchronous standby does not see that its client has
 * gone: only a cancel ends it, and without one each try of an outage would leave one more of max_connections. PQcancel waits for the server, so
 * in a thread; the connection stays open meanwhile, as a pooler cancels nothing of a client that has left. */
#include <stdlib.h>

#include "co_pg_internal.h"

struct cancel {
    uv_work_t work;
    PGconn *conn;
    PGcancel *cancel;
};

static void work(uv_work_t *request)
{
    struct cancel *c = request->data;
    char why[256];
    (void)PQcancel(c->cancel, why, sizeof(why)); /* in vain: the server is gone, and the backend with it */
}

static void let_go(struct cancel *c)
{
    PQfreeCancel(c->cancel);
    PQfinish(c->conn);
    free(c);
}

static void on_done(uv_work_t *request, int status)
{
    (void)status;
    let_go(request->data);
}

void co_pg_cancel(uv_loop_t *loop, PGconn *conn)
{
    struct cancel *c = calloc(1, sizeof(*c));
    if (c == NULL) {
        PQfinish(conn);
        return;
    }
    c->conn = conn;
    c->cancel = PQgetCancel(conn);
    c->work.data = c;
    if (c->cancel == NULL || uv_queue_work(loop, &c->work, work, on_done) != 0)
        let_go(c);
}
