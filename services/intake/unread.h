/* unread.h - how much a client has not read yet: bytes of long answers that libzmq still holds for it.
 *
 * libzmq's limits count messages, and a page of entries may have megabytes. Counted up by the loop, down by libzmq's threads; lives as
 * long as its client or its last message. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <zmq.h>

#include "co_err.h"

enum { INTAKE_UNREAD_FROM = 4096, INTAKE_UNREAD_LIMIT = 64 << 20 }; /* bytes: of one answer to count at all, of a client */

struct intake_unread;

struct intake_unread *intake_unread_new(void);   /* NULL: out of memory */
void intake_unread_drop(struct intake_unread *u); /* NULL is allowed */

/* Has it so much to read that it gets nothing long before it does? NULL: no. */
bool intake_unread_is_full(const struct intake_unread *u);

/* A message of `len` bytes, counted until libzmq is through with it. False: out of memory. */
CO_MUST_CHECK bool intake_unread_message(struct intake_unread *u, zmq_msg_t *ret_message, size_t len);
