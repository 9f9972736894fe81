/* intake_complaint.h - what is wrong with a request: where, why, and what would be taken.
 *
 * Pure. Texts live in the arena that was given, or are constants. Where the arena is at its cap the
 * complaint stays, with less text.
 */
#pragma once

#include <stddef.h>

#include "callout/v1/intake.pb-c.h"
#include "co_arena.h"

#define INTAKE_ALLOWED_MAX 64

struct intake_complaint {
    struct co_arena *arena; /* borrowed */
    Callout__V1__Code code;
    char *field;   /* path in the request: "submit.occurred_us"; "" for the whole */
    char *message; /* an English sentence */
    char *allowed[INTAKE_ALLOWED_MAX];
    size_t allowed_count;
};

/* Starts one; forgets what was there. */
void intake_complain(struct intake_complaint *c, struct co_arena *arena, Callout__V1__Code code,
                     const char *field, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Adds something that would be taken; beyond INTAKE_ALLOWED_MAX nothing is added. */
void intake_allow(struct intake_complaint *c, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The complaint as the reply has it; borrows the texts. */
void intake_complaint_error(struct intake_complaint *c, Callout__V1__Error *ret_error);

/* "case_accepted" of ACT_CASE_ACCEPTED: the name of an enum's value without the enum's prefix, in
 * lower case; the number where it has no name. In the arena; "" when that is at its cap. */
char *intake_enum_name(struct co_arena *arena, const ProtobufCEnumDescriptor *desc, int value);
