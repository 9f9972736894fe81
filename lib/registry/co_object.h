/* co_object.h - one object of the registry: a customer, a site, a policy pack ...
 *
 * Pure. An object is immutable and lives in one block of memory: its canonical bytes and the
 * message unpacked from them. Canonical means packed by us from what was understood, without
 * unknown fields, so two objects are the same exactly when their bytes are.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "callout/v1/registry.pb-c.h"
#include "co_arena.h"
#include "co_err.h"

/* The numbers are those of the members of RegistryObject. */
enum co_kind {
    CO_KIND_NONE,
    CO_KIND_CUSTOMER,
    CO_KIND_SITE,
    CO_KIND_PERSON,
    CO_KIND_OFFICE,
    CO_KIND_ENGINEER,
    CO_KIND_PRODUCT,
    CO_KIND_CONTRACT,
    CO_KIND_CALENDAR,
    CO_KIND_POLICY,
    CO_KIND_CHANNEL,
    CO_KIND_CLIENT,
    CO_KIND_DESK,
    CO_KIND_EXCLUSION,
    CO_KIND_ROSTER,
    CO_KIND_AREA,
    CO_KIND_PLAN,
    CO_KIND_ADVISORY,
    CO_KIND_COMPATIBILITY,
    CO_KIND_RESOURCE,
    CO_KINDS
};

#define CO_OBJECT_LIMIT_BYTES ((size_t)256 * 1024)               /* packed */
#define CO_OBJECT_UNPACKED_LIMIT_BYTES ((size_t)8 * 1024 * 1024) /* heap while unpacking */

struct co_object {
    enum co_kind kind;
    char *key;      /* in `message`; not const only because messages that borrow it want it so */
    uint64_t since; /* the registry version that brought this text of it */
    const uint8_t *bytes;
    size_t len;
    size_t size; /* of the whole block, in bytes */
    const Callout__V1__RegistryObject *message;
};

/* "customer", "site" ... and back; CO_KIND_NONE for any other text. */
const char *co_kind_name(enum co_kind kind);
enum co_kind co_kind_parse(const char *name);

/* The inner message of an object (a Callout__V1__Site ...), and its key. NULL: no member is set. */
const ProtobufCMessage *co_object_body(const Callout__V1__RegistryObject *message);
char *co_object_key_of(const Callout__V1__RegistryObject *message);

/* Makes an object from packed bytes. `scratch` is reset and used, and holds nothing afterwards
 * that matters; its cap bounds what hostile bytes can take. The caller frees the result.
 * CO_EINPUT: too long, does not unpack within the cap, no member set, a string that is not UTF-8.
 * CO_ENOMEM. */
CO_MUST_CHECK enum co_err co_object_new(struct co_arena *scratch, const uint8_t *bytes, size_t len,
                                        uint64_t since, struct co_object **ret_object);

/* The same from a message, which is only read. */
CO_MUST_CHECK enum co_err co_object_new_message(struct co_arena *scratch,
                                                const Callout__V1__RegistryObject *message,
                                                uint64_t since, struct co_object **ret_object);

/* NULL is allowed. */
void co_object_free(struct co_object *o);
