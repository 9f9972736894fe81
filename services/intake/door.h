/* door.h - the intake socket: takes requests in, checks them, hands them on, sends replies. */
#pragma once

#include <stdbool.h>
#include <zmq.h>

#include "callout/v1/intake.pb-c.h"
#include "co_err.h"
#include "co_zap.h"
#include "intake.h"

struct intake_client;

/* Reads the server's key pair and makes the socket; it does not listen yet. NULL: cannot (logged). */
struct intake_door *intake_door_new(struct intake *in);

/* Listens, if it does not yet: called when the registry, and with it the clients' keys, is there. Serves once it is
 * proved that an unknown key is refused; ends the daemon if not. */
void intake_door_listen(struct intake_door *door);
/* Appends why it does not serve; nothing where it does. */
void intake_door_not_ready(const struct intake_door *door, struct co_buf *reasons);

/* So many keys were taken from clients: ends the connections that were opened with them, and those that never sent anything, of whom it is
 * not known. */
void intake_door_end_revoked(struct intake_door *door, uint32_t keys);

/* Takes no more requests; replies still go out. */
void intake_door_shut(struct intake_door *door);
/* Closes the socket; what was replied still goes out. Replies after this are dropped. */
void intake_door_close(struct intake_door *door);
void intake_door_free(struct intake_door *door); /* NULL is allowed; the loop has run to its end */

/* The user id for a client, NULL refuses. */
const char *intake_door_allow(struct intake_door *door, const struct co_zap_client *client);

/* Sends a reply to the client (NULL: not known) after the frames of its request, which are closed. Nobody there, or a long one to who
 * does not read: counted. */
void intake_door_send(struct intake_door *door, const struct intake_client *client, zmq_msg_t *route, size_t route_count,
                      Callout__V1__Reply *reply);
/* Sends none: who asked must not have it any more. Closes the frames, counts. */
void intake_door_withhold(struct intake_door *door, zmq_msg_t *route, size_t route_count);
