/* notify_gone.h - addresses that are gone for good (HTTP 410): nothing is sent there until the
 * registry's entry that they stand in changes.
 *
 * In memory; notify_rows.h brings what stands in the database. Nothing is taken out: what an entry
 * of before says does not hold any more. An address is known by its SHA-256, as it may be a secret.
 */
#pragma once

#include "co_registry.h"
#include "notify_people.h"

enum { NOTIFY_GONE_TEXT = 65 };

/* An address, and the registry's entry that it stands in. One block of memory; the caller frees
 * it. */
struct notify_gone_address {
    char address[NOTIFY_GONE_TEXT]; /* SHA-256 in hexadecimal */
    enum co_kind kind;              /* a person or a channel */
    uint64_t since;                 /* the version of the registry that brought the entry */
    char key[];
};

/* NULL: out of memory. */
struct notify_gone_address *notify_gone_address_new(const char *address, enum co_kind kind,
                                                    const char *key, uint64_t since);

/* Of the way to a person: his own address, or the channel's. NULL: out of memory, or neither is in
 * the registry. */
struct notify_gone_address *notify_gone_address_of(const struct co_registry *r, const char *person,
                                                   const char *channel, const char *url);

struct notify_gone;

/* NULL: out of memory. */
struct notify_gone *notify_gone_new(uint64_t seed);

/* NULL is allowed. */
void notify_gone_free(struct notify_gone *g);

/* Copies it in. False: it was there as it is; or out of memory, or far too many are. */
bool notify_gone_put(struct notify_gone *g, const struct notify_gone_address *a);

/* `address` is its SHA-256, or with notify_gone_has_url() itself. */
bool notify_gone_has(const struct notify_gone *g, const struct co_registry *r, const char *address);
bool notify_gone_has_url(const struct notify_gone *g, const struct co_registry *r, const char *url);
