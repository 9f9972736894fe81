/* co_archive.h - archive files: entries of the journal and the registry texts that they name.
 *
 * A file is "COARCH1\n" and blocks. A block is a head of 41 bytes and its packed bytes (RFC 1950,
 * zlib); numbers are big-endian, as everywhere in the file:
 *
 *     type 1 | bytes unpacked 4 | bytes packed 4 | BLAKE2b-256 of type, both lengths and packed 32
 *
 *     'O'  registry texts: kind 2 | since 8 | until 8 (0: in force) | key length 2 | key | length 4
 * | packed RegistryObject 'E'  entries: lane 2 | seq 8 | at 8 (Unix microseconds) | case 8 | kind 2
 * | length 4 | packed Event; of each lane those of no case first, then case by case, rising by seq
 *     'M'  once, behind these: the manifest, text of lines "name value"
 *     'S'  perhaps, last: Ed25519 over "callout-archive-1\n" and the manifest, 64 bytes
 *
 * The manifest says what must have been read: counts, and the BLAKE2b-256 of all unpacked bytes of
 * O and E blocks. Nothing follows M or S. Memory is bounded by one block, in both directions.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "co_batch.h"
#include "co_err.h"
#include "co_sign.h"
#include "co_why.h"

#define CO_ARCHIVE_DIGEST_TEXT 65

struct co_archive_entry {
    int lane;
    int64_t seq;
    int64_t at_us;
    int64_t case_id; /* 0: of no case */
    int kind;
    struct co_bytes body;
};

struct co_archive_object {
    int kind;
    int64_t since;
    int64_t until; /* 0: in force when the file was made */
    const char *key;
    size_t key_len;
    struct co_bytes body;
};

/* What the file is of, and what is in it. */
struct co_archive_manifest {
    int64_t low, high; /* numbers of the partition, high exclusive */
    int64_t made_us;   /* domain time */
    int64_t entries;   /* in the file: of the partition, and of its cases elsewhere */
    int64_t inside;    /* of these, those of the partition */
    int64_t cases;
    int64_t objects;
    char digest[CO_ARCHIVE_DIGEST_TEXT];
    bool is_signed;
    uint8_t public_key[CO_SIGN_PUBLIC_BYTES]; /* of who signed; only where is_signed */
};

struct co_archive_writer;

/* Begins a file beside `path`. CO_EDOWN: it cannot be written, `why` says so; CO_ENOMEM. */
CO_MUST_CHECK enum co_err co_archive_create(const char *path, struct co_archive_writer **ret,
                                            struct co_why *why);
CO_MUST_CHECK enum co_err co_archive_put_entry(struct co_archive_writer *w,
                                               const struct co_archive_entry *e);
CO_MUST_CHECK enum co_err co_archive_put_object(struct co_archive_writer *w,
                                                const struct co_archive_object *o);

/* Writes the end, flushes it to the disk and gives the file its name; in *m: low, high, made_us and
 * cases are the caller's, the rest is filled in. `keys` NULL: unsigned. The writer is gone,
 * whatever comes of it. */
CO_MUST_CHECK enum co_err co_archive_finish(struct co_archive_writer **w_p,
                                            struct co_archive_manifest *m,
                                            const struct co_sign_keys *keys, struct co_why *why);
void co_archive_abandon(struct co_archive_writer **w_p); /* removes what was written */

struct co_archive_reader {
    /* What is read; NULL: not wanted. The bytes live until it returns. Anything but CO_OK ends the
     * reading with it. */
    enum co_err (*entry)(void *arg, const struct co_archive_entry *e);
    enum co_err (*object)(void *arg, const struct co_archive_object *o);
    void (*progress)(void *arg, uint64_t done, uint64_t all); /* bytes; NULL: nobody looks */
    void *arg;
};

/* Reads and checks all of it: blocks, counts, digest, signature. CO_EINPUT: it is no archive, or
 * damaged: `why` says where; what came before was handed over. CO_EDOWN: it cannot be read;
 * CO_ENOMEM. */
CO_MUST_CHECK enum co_err co_archive_read(const char *path, const struct co_archive_reader *reader,
                                          struct co_archive_manifest *ret_manifest,
                                          struct co_why *why);
