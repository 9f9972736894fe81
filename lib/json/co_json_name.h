/* co_json_name.h - which fields hold times, and how names are told. Nobody outside this library
 * includes it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "co_json.h"

enum co_json_time { CO_JSON_NO_TIME, CO_JSON_POINT, CO_JSON_LENGTH };

/* Of a field by its name; *ret_stem is the length of the name without "_us". */
enum co_json_time co_json_time_of(const ProtobufCFieldDescriptor *field, size_t *ret_stem);

/* The element `i` of a repeated field, or the value of any other (i = 0), as a pointer to it. */
const void *co_json_member(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
                           size_t i);

size_t co_json_element_size(const ProtobufCFieldDescriptor *field);
