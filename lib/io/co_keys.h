/* co_keys.h - CURVE key pairs on disk.
 *
 * A pair is two text files: NAME.key (mode 0600, public and secret half) and NAME.pub (mode 0644,
 * public half). Keys are written as Z85, 40 characters. Lines that begin with '#' are comments:
 *
 *     # Callout key pair of intake. Secret: whoever holds it can act as intake.
 *     public = rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7
 *     secret = JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6
 *
 * Blocking file calls: for start-up and tools only.
 */
#pragma once

#include <stdint.h>

#include "co_err.h"
#include "co_why.h"

#define CO_KEY_BYTES 32
#define CO_KEY_TEXT 41 /* Z85 and NUL */

struct co_keys {
    char public_text[CO_KEY_TEXT];
    char secret_text[CO_KEY_TEXT]; /* never logged; co_keys_wipe() when done */
};

/* Makes a new pair. CO_EDOWN: libzmq was built without CURVE. */
CO_MUST_CHECK enum co_err co_keys_generate(struct co_keys *ret_keys);

/* Overwrites the pair with zeros in a way the compiler cannot leave out. */
void co_keys_wipe(struct co_keys *keys);

/* Writes `stem`.key and `stem`.pub, flushed to disk; `name` goes into the comments (a line break in
 * it becomes a blank). CO_ECONFLICT: one of the files exists; nothing is overwritten. CO_EDOWN: a
 * file could not be written; neither is left behind. */
CO_MUST_CHECK enum co_err co_keys_write(const struct co_keys *keys, const char *stem,
                                        const char *name, struct co_why *why);

/* Reads a .key file. CO_EDOWN: cannot be read. CO_EINPUT: others may read it (allowed: 0600 or
 * less, and 0640 or less when root owns it, as mounted secrets are), it is not of this form, or its
 * two halves do not belong together. */
CO_MUST_CHECK enum co_err co_keys_read(const char *path, struct co_keys *ret_keys,
                                       struct co_why *why);

/* Reads the public half from a .pub file (or a .key file, whose permissions do not matter then).
 * CO_EDOWN, CO_EINPUT as above. */
CO_MUST_CHECK enum co_err co_keys_read_public(const char *path, char ret_public[static CO_KEY_TEXT],
                                              struct co_why *why);

/* Between text and bytes. CO_EINPUT: not 40 characters of Z85. */
CO_MUST_CHECK enum co_err co_keys_decode(const char *text, uint8_t ret_key[static CO_KEY_BYTES]);
void co_keys_encode(const uint8_t key[static CO_KEY_BYTES], char ret_text[static CO_KEY_TEXT]);
