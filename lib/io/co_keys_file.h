/* co_keys_file.h - the text files that key pairs of both kinds are kept in; for co_keys.c and
 * co_sign.c. Blocking file calls. */
#pragma once

#include <stdbool.h>

#include "co_buf.h"
#include "co_err.h"
#include "co_keys.h"
#include "co_why.h"

#define CO_KEYS_FILE_LIMIT 4096
#define CO_KEYS_NAME 128

/* What is not printable becomes a blank: `name` goes into a comment of one line. */
void co_keys_file_name(char to[static CO_KEYS_NAME], const char *name);

/* Creates `stem`.key (0600) and `stem`.pub (0644), flushed. CO_ECONFLICT: one of them exists.
 * CO_EDOWN: cannot be written; neither is left behind. CO_ENOMEM, CO_EFULL: what a text says. */
CO_MUST_CHECK enum co_err co_keys_file_write(const char *stem, const struct co_buf *secret,
                                             const struct co_buf *public, struct co_why *why);

/* Reads a small regular file as a string. CO_EDOWN: cannot be read. CO_EINPUT: not a file, or, of a
 * secret, others may read it. */
CO_MUST_CHECK enum co_err co_keys_file_read(const char *path, bool is_secret,
                                            char text[static CO_KEYS_FILE_LIMIT],
                                            struct co_why *why);

/* Finds the line "NAME = VALUE" with 40 characters of Z85; false when there is none. */
CO_MUST_CHECK bool co_keys_file_find(const char *text, const char *name,
                                     char ret_key[static CO_KEY_TEXT]);
