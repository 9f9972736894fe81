/* intake_wire.h - looks at a packed message before it is unpacked.
 *
 * Pure. protobuf-c takes strings that are not UTF-8, and cuts a string at its first NUL without a
 * word; PostgreSQL refuses both. The packed bytes still have all of it, so they are looked at. What
 * the schema does not know is passed over: unpacking keeps it aside, and nothing forwards it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "co_err.h"
#include "intake_complaint.h"

#define INTAKE_WIRE_DEPTH 12 /* messages in messages; our schema has fewer */

/* CO_EINPUT: a length runs over the end, a string is not UTF-8 or contains NUL, or messages are
 * nested too deep; the complaint names the field ("submit.traits[3]"). */
CO_MUST_CHECK enum co_err intake_wire_check(struct co_arena *arena,
                                            const ProtobufCMessageDescriptor *desc,
                                            const uint8_t *bytes, size_t len,
                                            struct intake_complaint *ret_complaint);
