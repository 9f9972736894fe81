/* certificate.h - certificates: how a case came to its promises, to be checked by anybody
 * (docs/certificate.md). Pure: no files, no clock, nobody is asked.
 *
 * A certificate is a JSON document. What is signed is a packed Certificate message in it, in
 * base64; everything else in the document is the same message for people to read.
 */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "callout/v1/certificate.pb-c.h"
#include "co_arena.h"
#include "co_err.h"
#include "co_sign.h"
#include "refold.h"

#define CERTIFICATE_FORMAT 1u
#define CERTIFICATE_FILE_LIMIT ((size_t)16 << 20)    /* bytes of a document */
#define CERTIFICATE_MEMORY_LIMIT ((size_t)256 << 20) /* what checking one may take */
#define CERTIFICATE_FINDINGS_MAX 100u

/* What a case that was computed (refold_run()) is certified with, but for the public key. In r's
 * arena; borrows from it. CO_ENOMEM. */
CO_MUST_CHECK enum co_err certificate_of(const struct refold *r, Callout__V1__Certificate **ret);

/* Signs: puts the public key in and makes the document; the caller owns *ret. CO_ENOMEM. CO_EFULL:
 * it would be longer than CERTIFICATE_FILE_LIMIT. */
CO_MUST_CHECK enum co_err certificate_sign(Callout__V1__Certificate *c,
                                           const struct co_sign_keys *keys, struct co_arena *arena,
                                           json_t **ret);

/* Checks a document, whatever it is: who signed it, whether the readable part says what was signed,
 * and whether what was promised and announced follows from its inputs. `known` is the key that must
 * have signed; NULL: any. The result and *ret_certificate (NULL where it cannot be read) are the
 * arena's, of CERTIFICATE_MEMORY_LIMIT. CO_ENOMEM: not even that could be said. */
CO_MUST_CHECK enum co_err certificate_check(const char *text, size_t len, const uint8_t *known,
                                            struct co_arena *arena, Callout__V1__Verification **ret,
                                            Callout__V1__Certificate **ret_certificate);
