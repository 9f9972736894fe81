/* intake_record.h - what is kept of a ticket or a command: the journal's event, the erasable text, the receipt.
 *
 * Pure. A record lives in the arena it was made in and borrows from the request. The content hash is
 * taken over the request as we pack it ourselves: without fields that we do not know, without how
 * long the sender waits, with the source spelled out; so the same content has the same hash, whoever
 * packed it, however often it is sent.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/intake.pb-c.h"
#include "co_arena.h"
#include "co_err.h"
#include "co_registry.h"
#include "intake_complaint.h"

#define INTAKE_HASH_BYTES 32

/* SHA-256. */
typedef void intake_hash_fn(const void *bytes, size_t len, uint8_t ret_hash[static INTAKE_HASH_BYTES]);

/* As the receipts have it. */
enum intake_kind { INTAKE_TICKET = 1, INTAKE_COMMAND_KIND = 2 };

/* What a record is made from, besides the request. */
struct intake_maker {
    struct co_arena *arena;
    const struct co_registry *registry;
    const char *source; /* client key of the sender */
    bool is_strict;     /* the sender's tickets are refused where a reference is unknown */
    int64_t now_us;     /* domain time */
    int64_t id;         /* of the new case or command */
    intake_hash_fn *hash;
    Callout__V1__Origin *origin; /* NULL: the sender's own ticket */
};

struct intake_packed {
    const uint8_t *data;
    size_t len; /* 0: none */
};

struct intake_record {
    enum intake_kind kind;
    int64_t case_id;
    int64_t id; /* of the case, or of the command */
    const char *source;
    const char *key;
    const char *title; /* NULL: a command */
    uint8_t hash[INTAKE_HASH_BYTES];
    unsigned rank; /* 0 goes first: commands; tickets by the stated severity, those that state none last */
    int entry_kind; /* of the event */
    struct intake_packed event;
    struct intake_packed text; /* FreeText */
    Callout__V1__Unknown **unknown;
    size_t unknown_count;
};

/* Makes the record of a submit that was found well-formed. CO_EINPUT: refused, the complaint says why (another
 * source than the sender: CODE_FORBIDDEN; no date where the pack needs one, unknown references of a strict one: CODE_REFUSED).
 * CO_ENOMEM: the arena is at its cap. */
CO_MUST_CHECK enum co_err intake_record_ticket(const struct intake_maker *maker, const Callout__V1__Request *request,
                                               struct intake_record *ret_record,
                                               struct intake_complaint *ret_complaint);

/* The same for a command. Only CO_ENOMEM. */
CO_MUST_CHECK enum co_err intake_record_command(const struct intake_maker *maker, const Callout__V1__Request *request,
                                                struct intake_record *ret_record);

/* The same for an answer by a code: `mark` is what is kept as used, and whoever passes a code on again, under another key
 * or as another client, has another content: it was answered. */
#define INTAKE_ANSWER_SOURCE "*answer" /* no key of a client */
CO_MUST_CHECK enum co_err intake_record_answer(const struct intake_maker *maker, const Callout__V1__Request *request,
                                               const char *mark, struct intake_record *ret_record);

/* The case that a well-formed command is about. */
int64_t intake_command_case(const Callout__V1__Command *command);
