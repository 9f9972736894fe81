/* certificate_impl.h - what the files of certificate share; nobody else includes it. */
#pragma once

#include <stdbool.h>

#include "certificate.h"

/* What is signed: this, then the packed message. */
#define CERTIFICATE_PREFIX "callout-certificate-1\n"

/* The bytes that are signed, in the arena; NULL: no memory. */
uint8_t *certificate_signed_bytes(const uint8_t *content, size_t len, struct co_arena *arena,
                                  size_t *ret_len);

struct certificate_checker {
    struct co_arena *arena;
    Callout__V1__Verification *result;
    Callout__V1__Certificate *certificate; /* NULL as long as it was not read */
    const json_t *readable;
    enum co_err err; /* CO_ENOMEM sticks */
};

/* Appends a finding; more than CERTIFICATE_FINDINGS_MAX are not kept. */
void certificate_found(struct certificate_checker *c, const char *what, const char *field,
                       const char *format, ...) __attribute__((format(printf, 4, 5)));

/* -- certificate_read.c: from the text to the message. False: no message, and a finding. */
bool certificate_read(struct certificate_checker *c, const json_t *root, const uint8_t *known);

/* -- certificate_bounds.c: values that nothing of ours has. False: a finding. */
bool certificate_is_bounded(struct certificate_checker *c, const ProtobufCMessage *message);

/* -- certificate_compare.c: a finding for each place where they differ */
void certificate_compare_json(struct certificate_checker *c, const json_t *read,
                              const json_t *meant);
void certificate_compare(struct certificate_checker *c, const ProtobufCMessage *stated,
                         const ProtobufCMessage *computed, const char *path);

/* -- certificate_refold.c: computes the case anew and compares */
void certificate_refold(struct certificate_checker *c);
