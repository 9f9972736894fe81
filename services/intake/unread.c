#include "unread.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

struct intake_unread {
    atomic_size_t bytes;
    atomic_size_t users; /* the client and each message */
};

struct block {
    struct intake_unread *unread;
    size_t len;
    uint8_t bytes[];
};

struct intake_unread *intake_unread_new(void)
{
    struct intake_unread *u = calloc(1, sizeof(*u));
    if (u != NULL)
        atomic_init(&u->users, 1);
    return u;
}

void intake_unread_drop(struct intake_unread *u)
{
    if (u != NULL && atomic_fetch_sub(&u->users, 1) == 1)
        free(u);
}

bool intake_unread_is_full(const struct intake_unread *u)
{
    return u != NULL && atomic_load(&u->bytes) > INTAKE_UNREAD_LIMIT;
}

/* In a thread of libzmq. */
static void on_gone(void *data, void *hint)
{
    struct block *b = hint;
    (void)data;
    (void)atomic_fetch_sub(&b->unread->bytes, b->len);
    intake_unread_drop(b->unread);
    free(b);
}

bool intake_unread_message(struct intake_unread *u, zmq_msg_t *ret_message, size_t len)
{
    struct block *b = malloc(sizeof(*b) + len);
    if (b == NULL)
        return false;
    b->unread = u;
    b->len = len;
    if (zmq_msg_init_data(ret_message, b->bytes, len, on_gone, b) != 0) {
        free(b);
        return false;
    }
    (void)atomic_fetch_add(&u->users, 1);
    (void)atomic_fetch_add(&u->bytes, len);
    return true;
}
