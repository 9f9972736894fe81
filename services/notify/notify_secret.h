/* notify_secret.h - secrets of channels: small text files in one directory.
 *
 * Read again at each use, so a replaced file holds from the next notice on. Never logged.
 */
#pragma once

#include <stddef.h>

#include "co_err.h"

#define NOTIFY_SECRET_BYTES 4096

/* Reads the file `name` of the directory into `to`, without the line ends at its end. The caller
 * wipes it with sodium_memzero(). CO_EINPUT: the name is not one of a plain file (letters, digits,
 * ". _ -", no "." first), or the file is missing, unreadable, empty, too long or not text. */
CO_MUST_CHECK enum co_err notify_secret_read(const char *dir, const char *name,
                                             char to[static NOTIFY_SECRET_BYTES]);
