/* co_json.h - any message of ours as JSON and back, by its descriptor.
 *
 * Pure. The form, for every message:
 *   - names as in the proto file; a field without a value has its default; an absent message is
 *     null; an empty list is []; of a oneof only the member that is set appears
 *   - enum members in lower case without the prefix that all members share: "onsite_requested"
 *   - a field x_us keeps its number and gets a companion x: RFC 3339 in UTC for a point in time
 *     (null for 0, "not given"), "1h30m" for a length
 *   - bytes in hex; 64-bit numbers as numbers (ours stay below 2^53)
 */
#pragma once

#include <jansson.h>
#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

#include "co_arena.h"
#include "co_err.h"

#define CO_JSON_NAME 64

/* NULL is out of memory (or a text that is not UTF-8). The caller owns the result. */
json_t *co_json_of_message(const ProtobufCMessage *message);

/* The name of an enum member as above; "unknown_7" for a number it does not have. */
void co_json_enum_name(const ProtobufCEnumDescriptor *type, int value,
                       char name[static CO_JSON_NAME]);

/* The value of such a name; upper case and '-' for '_' are allowed. CO_EINPUT: no such name. */
CO_MUST_CHECK enum co_err co_json_enum_value(const ProtobufCEnumDescriptor *type, const char *name,
                                             int *ret_value);

/* What was wrong: the path of the field, and a sentence. */
struct co_json_fault {
    char field[128];
    char text[256];
};

/* Fills `message`, which is initialised and of a type without oneof, from an object; lists and
 * texts are in the arena. Time fields may be given as x_us or as text in x. CO_EINPUT: see `fault`;
 * unknown names are faults, with the nearest. CO_ENOMEM. The message is then partly filled. */
CO_MUST_CHECK enum co_err co_json_to_message(const json_t *json, struct co_arena *arena,
                                             ProtobufCMessage *message,
                                             struct co_json_fault *fault);
