/* fake_intake.h - a ROUTER with CURVE and ZAP in a thread, whose answers a test writes. */
#pragma once

#include <stdbool.h>

#include "callout/v1/intake.pb-c.h"
#include "co_keys.h"

struct fake_intake;

/* Fills the reply to the n-th request (from 1); request_id and an empty reply of CODE_OK are there.
 * False: no answer. Runs in the thread of the fake; what the reply points to must live until the
 * next call. */
typedef bool fake_answer(void *arg, unsigned n, const Callout__V1__Request *request,
                         Callout__V1__Reply *reply);

/* Listens on a free port of 127.0.0.1. `allowed`: the only key let in, NULL: every key. */
struct fake_intake *fake_intake_start(const struct co_keys *server, const char *allowed,
                                      fake_answer *answer, void *arg);

/* One that commands of `callout` run in this process will ask: makes a directory of the template `dir` (mkdtemp),
 * writes the client's key into it, and sets the environment that they read. */
struct fake_intake *fake_intake_for_commands(char *dir, fake_answer *says);
const char *fake_intake_endpoint(const struct fake_intake *f);

/* Closes all connections and listens again at the same place. */
void fake_intake_restart(struct fake_intake *f);
void fake_intake_stop(struct fake_intake *f);
