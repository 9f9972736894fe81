/* notify_rows.h - what a notify process keeps in the database beside the lanes: which servers it
 * has set aside, for people to see, and what addresses any process found gone.
 *
 * Over the control connection, at its beats; what could not be written is written at a later one.
 */
#pragma once

#include "notify.h"

struct notify_rows;

/* NULL: out of memory. */
struct notify_rows *notify_rows_new(void);

/* NULL is allowed. The control connection is closed by then. */
void notify_rows_free(struct notify_rows *r);

/* Twice a second: writes and reads what is to be. */
void notify_rows_beat(struct notify_service *s);

/* The servers set aside are not those of before. */
void notify_rows_changed(struct notify_rows *r);

/* Are the addresses known that are gone? Nothing is sent before. */
bool notify_rows_is_loaded(const struct notify_rows *r);

/* What the sender tells; arg is the service. */
void notify_rows_on_server(void *arg, const struct notify_server *server,
                           enum notify_circuit_change change);
