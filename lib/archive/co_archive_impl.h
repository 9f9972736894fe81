/* co_archive_impl.h - what writing and reading share. Nobody else includes it. */
#pragma once

#include <sodium.h>

#include "co_archive.h"

#define CO_ARCHIVE_MAGIC "COARCH1\n"
#define CO_ARCHIVE_SIGNED "callout-archive-1\n"

enum {
    CO_ARCHIVE_MAGIC_BYTES = 8,
    CO_ARCHIVE_LENGTHS = 9, /* type and both lengths */
    CO_ARCHIVE_HASH = 32,
    CO_ARCHIVE_HEAD = CO_ARCHIVE_LENGTHS + CO_ARCHIVE_HASH,
    CO_ARCHIVE_BLOCK = 1 << 20,      /* a block ends with the record that reaches it */
    CO_ARCHIVE_BLOCK_MAX = 64 << 20, /* more is refused when it is read */
    CO_ARCHIVE_ENTRY = 32,           /* a record without what varies */
    CO_ARCHIVE_OBJECT = 24,
    CO_ARCHIVE_MANIFEST = 1024,
    CO_ARCHIVE_KEY_MAX = 1024,
};

/* BLAKE2b-256 of a block, over its head up to the hash, and its packed bytes. */
void co_archive_hash(const uint8_t lengths[static CO_ARCHIVE_LENGTHS], const void *packed,
                     size_t len, uint8_t ret_hash[static CO_ARCHIVE_HASH]);

/* The text of a manifest, but for the signature. Returns its length. */
size_t co_archive_manifest_text(const struct co_archive_manifest *m,
                                char text[static CO_ARCHIVE_MANIFEST]);

static inline void co_archive_put(uint8_t *to, uint64_t x, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to[i] = (uint8_t)(x >> (8 * (bytes - 1 - i)));
}

static inline uint64_t co_archive_get(const uint8_t *from, unsigned bytes)
{
    uint64_t x = 0;
    for (unsigned i = 0; i < bytes; i++)
        x = x << 8 | from[i];
    return x;
}
