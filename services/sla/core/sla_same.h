/* sla_same.h - whether two messages say the same. Pure. */
#pragma once

#include <stdbool.h>

#include <protobuf-c/protobuf-c.h>

/* Both of the same type, without repeated and oneof fields. NULL is the same only as NULL;
 * unknown fields do not count. */
bool sla_same(const ProtobufCMessage *a, const ProtobufCMessage *b);
