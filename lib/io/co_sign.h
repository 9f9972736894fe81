/* co_sign.h - Ed25519 signatures, and the key pairs that make them, on disk.
 *
 * A pair is two text files like those of co_keys.h, with other names in them, so that the one kind
 * is never taken for the other:
 *
 *     # Callout signing key of acme. Secret: whoever holds it can sign as acme.
 *     signing-public = rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7
 *     signing-secret = JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6
 *
 * Both are Z85, 40 characters: the public key, and the seed that the secret key is made from (RFC
 * 8032). Blocking file calls: for start-up and tools only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_err.h"
#include "co_keys.h"
#include "co_why.h"

#define CO_SIGN_PUBLIC_BYTES 32
#define CO_SIGN_SECRET_BYTES 64
#define CO_SIGN_BYTES 64 /* of a signature */

struct co_sign_keys {
    uint8_t public_key[CO_SIGN_PUBLIC_BYTES];
    uint8_t secret_key[CO_SIGN_SECRET_BYTES]; /* never logged; co_sign_wipe() when done */
};

/* Makes a new pair. CO_EDOWN: no randomness, libsodium could not start. */
CO_MUST_CHECK enum co_err co_sign_generate(struct co_sign_keys *ret_keys);
void co_sign_wipe(struct co_sign_keys *keys);

/* As co_keys_write(), co_keys_read(), co_keys_read_public(). */
CO_MUST_CHECK enum co_err co_sign_write(const struct co_sign_keys *keys, const char *stem,
                                        const char *name, struct co_why *why);
CO_MUST_CHECK enum co_err co_sign_read(const char *path, struct co_sign_keys *ret_keys,
                                       struct co_why *why);
CO_MUST_CHECK enum co_err co_sign_read_public(const char *path,
                                              uint8_t ret_public[static CO_SIGN_PUBLIC_BYTES],
                                              struct co_why *why);

/* The signature of `len` bytes; the same for the same key and bytes. */
void co_sign_make(const struct co_sign_keys *keys, const void *bytes, size_t len,
                  uint8_t ret_signature[static CO_SIGN_BYTES]);
bool co_sign_holds(const uint8_t public_key[static CO_SIGN_PUBLIC_BYTES], const void *bytes,
                   size_t len, const uint8_t signature[static CO_SIGN_BYTES]);
