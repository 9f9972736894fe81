#include "co_archive_impl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

struct reading {
    FILE *file;
    const char *path;
    const struct co_archive_reader *reader;
    struct co_archive_manifest *manifest; /* as the file says */
    struct co_why *why;
    crypto_generichash_state *digest; /* of what was read of entries and texts */
    uint8_t *raw, *packed;
    size_t raw_cap, packed_cap;
    size_t len; /* of raw */
    int64_t entries, objects;
    uint64_t done, all;
    size_t text_len;
    char text[CO_ARCHIVE_MANIFEST]; /* the manifest, as it was signed */
    char type;
    bool is_ended, is_signed;
};

static enum co_err damaged(const struct reading *r, const char *what)
{
    co_why_set(r->why, "%s is no whole archive: %s, in the block before byte %llu", r->path, what,
               (unsigned long long)r->done);
    return CO_EINPUT;
}

static bool need(uint8_t **bytes, size_t *cap, size_t wanted)
{
    if (wanted <= *cap)
        return true;
    uint8_t *grown = realloc(*bytes, wanted);
    if (grown == NULL)
        return false;
    *bytes = grown;
    *cap = wanted;
    return true;
}

/* -- records */

static enum co_err take_entry(struct reading *r, size_t *at)
{
    const uint8_t *p = r->raw + *at;
    if (r->len - *at < CO_ARCHIVE_ENTRY)
        return damaged(r, "an entry is cut off");
    size_t len = (size_t)co_archive_get(p + 28, 4);
    if (len > r->len - *at - CO_ARCHIVE_ENTRY)
        return damaged(r, "an entry is cut off");
    struct co_archive_entry e = { .lane = (int)co_archive_get(p, 2),
                                  .seq = (int64_t)co_archive_get(p + 2, 8),
                                  .at_us = (int64_t)co_archive_get(p + 10, 8),
                                  .case_id = (int64_t)co_archive_get(p + 18, 8),
                                  .kind = (int)co_archive_get(p + 26, 2),
                                  .body = { p + CO_ARCHIVE_ENTRY, len } };
    if (e.lane > 255 || e.seq < 0 || e.case_id < 0)
        return damaged(r, "an entry is none of ours");
    *at += CO_ARCHIVE_ENTRY + len;
    r->entries++;
    return r->reader->entry == NULL ? CO_OK : r->reader->entry(r->reader->arg, &e);
}

static enum co_err take_object(struct reading *r, size_t *at)
{
    const uint8_t *p = r->raw + *at;
    size_t left = r->len - *at;
    if (left < CO_ARCHIVE_OBJECT)
        return damaged(r, "a registry text is cut off");
    size_t key_len = (size_t)co_archive_get(p + 18, 2);
    if (key_len > CO_ARCHIVE_KEY_MAX || key_len > left - CO_ARCHIVE_OBJECT)
        return damaged(r, "a registry text is cut off");
    size_t len = (size_t)co_archive_get(p + 20 + key_len, 4);
    if (len > left - CO_ARCHIVE_OBJECT - key_len)
        return damaged(r, "a registry text is cut off");
    struct co_archive_object o = { .kind = (int)co_archive_get(p, 2),
                                   .since = (int64_t)co_archive_get(p + 2, 8),
                                   .until = (int64_t)co_archive_get(p + 10, 8),
                                   .key = (const char *)p + 20,
                                   .key_len = key_len,
                                   .body = { p + CO_ARCHIVE_OBJECT + key_len, len } };
    *at += CO_ARCHIVE_OBJECT + key_len + len;
    r->objects++;
    return r->reader->object == NULL ? CO_OK : r->reader->object(r->reader->arg, &o);
}

static enum co_err take_records(struct reading *r)
{
    enum co_err err = CO_OK;
    if (r->is_ended)
        return damaged(r, "something follows its end");
    (void)crypto_generichash_update(r->digest, r->raw, r->len);
    for (size_t at = 0; err == CO_OK && at < r->len;)
        err = r->type == 'E' ? take_entry(r, &at) : take_object(r, &at);
    return err;
}

/* -- its end */

static enum co_err check_counts(struct reading *r)
{
    uint8_t hash[CO_ARCHIVE_HASH];
    char hex[CO_ARCHIVE_DIGEST_TEXT];
    (void)crypto_generichash_final(r->digest, hash, sizeof(hash));
    (void)sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
    const struct co_archive_manifest *m = r->manifest;
    if (m->entries != r->entries || m->objects != r->objects || strcmp(m->digest, hex) != 0)
        return damaged(r, "blocks are missing, or are not those of its manifest");
    return CO_OK;
}

static enum co_err take_manifest(struct reading *r)
{
    char key[2 * CO_SIGN_PUBLIC_BYTES + 1] = "";
    char again[CO_ARCHIVE_MANIFEST];
    long long low, high, made, entries, inside, cases, objects;
    struct co_archive_manifest *m = r->manifest;
    if (r->is_ended || r->len >= sizeof(r->text))
        return damaged(r, "its manifest cannot be read");
    memcpy(r->text, r->raw, r->len);
    r->text[r->len] = '\0';
    r->text_len = r->len;
    if (sscanf(r->text,
               "callout_archive 1 low %lld high %lld made_us %lld entries %lld inside %lld cases "
               "%lld objects %lld digest %64s public_key %64s",
               &low, &high, &made, &entries, &inside, &cases, &objects, m->digest, key) != 9)
        return damaged(r, "its manifest is of another format");
    m->low = low;
    m->high = high;
    m->made_us = made;
    m->entries = entries;
    m->inside = inside;
    m->cases = cases;
    m->objects = objects;
    m->is_signed = strcmp(key, "-") != 0;
    if (m->is_signed && sodium_hex2bin(m->public_key, sizeof(m->public_key), key, strlen(key), NULL,
                                       NULL, NULL) != 0)
        return damaged(r, "its manifest cannot be read");
    /* What was read is all that it says. */
    if (co_archive_manifest_text(m, again) != r->len || memcmp(again, r->text, r->len) != 0)
        return damaged(r, "its manifest is of another format");
    r->is_ended = true;
    return check_counts(r);
}

static enum co_err take_signature(struct reading *r)
{
    char bytes[sizeof(CO_ARCHIVE_SIGNED) + CO_ARCHIVE_MANIFEST] = CO_ARCHIVE_SIGNED;
    memcpy(bytes + sizeof(CO_ARCHIVE_SIGNED) - 1, r->text, r->text_len);
    if (!r->is_ended || r->is_signed || !r->manifest->is_signed || r->len != CO_SIGN_BYTES ||
        !co_sign_holds(r->manifest->public_key, bytes, sizeof(CO_ARCHIVE_SIGNED) - 1 + r->text_len,
                       r->raw))
        return damaged(r, "its signature does not hold");
    r->is_signed = true;
    return CO_OK;
}

/* -- blocks */

/* False in *ret_is_there: the file is at its end. */
static enum co_err read_block(struct reading *r, bool *ret_is_there)
{
    uint8_t head[CO_ARCHIVE_HEAD], hash[CO_ARCHIVE_HASH];
    size_t got = fread(head, 1, sizeof(head), r->file);
    *ret_is_there = got > 0;
    if (got == 0 && !ferror(r->file))
        return CO_OK;
    if (got != sizeof(head))
        return damaged(r, "it is cut off");
    size_t len = (size_t)co_archive_get(head + 1, 4), packed = (size_t)co_archive_get(head + 5, 4);
    r->done += sizeof(head);
    if (len == 0 || len > CO_ARCHIVE_BLOCK_MAX || packed > CO_ARCHIVE_BLOCK_MAX)
        return damaged(r, "a length that none has");
    if (!need(&r->raw, &r->raw_cap, len) || !need(&r->packed, &r->packed_cap, packed + 1))
        return CO_ENOMEM;
    if (fread(r->packed, 1, packed, r->file) != packed)
        return damaged(r, "it is cut off");
    r->done += packed;
    co_archive_hash(head, r->packed, packed, hash);
    if (sodium_memcmp(hash, head + CO_ARCHIVE_LENGTHS, sizeof(hash)) != 0)
        return damaged(r, "its hash is another one");
    uLongf unpacked = (uLongf)len;
    if (uncompress(r->raw, &unpacked, r->packed, (uLong)packed) != Z_OK || unpacked != len)
        return damaged(r, "it cannot be unpacked");
    r->len = len;
    r->type = (char)head[0];
    return CO_OK;
}

static enum co_err take_block(struct reading *r)
{
    switch (r->type) {
    case 'E':
    case 'O':
        return take_records(r);
    case 'M':
        return take_manifest(r);
    case 'S':
        return take_signature(r);
    default:
        return damaged(r, "a kind of block that this release does not know");
    }
}

static enum co_err read_all(struct reading *r)
{
    char magic[CO_ARCHIVE_MAGIC_BYTES];
    bool is_there = true;
    if (fread(magic, 1, sizeof(magic), r->file) != sizeof(magic) ||
        memcmp(magic, CO_ARCHIVE_MAGIC, sizeof(magic)) != 0)
        return damaged(r, "it does not begin as one");
    r->done = sizeof(magic);
    enum co_err err = CO_OK;
    while (err == CO_OK && is_there) {
        err = read_block(r, &is_there);
        if (err == CO_OK && is_there)
            err = take_block(r);
        if (r->reader->progress != NULL)
            r->reader->progress(r->reader->arg, r->done, r->all);
    }
    if (err == CO_OK && !r->is_ended)
        err = damaged(r, "it has no end");
    if (err == CO_OK && r->manifest->is_signed != r->is_signed)
        err = damaged(r, "its signature is missing");
    return err;
}

enum co_err co_archive_read(const char *path, const struct co_archive_reader *reader,
                            struct co_archive_manifest *ret_manifest, struct co_why *why)
{
    struct stat st = { 0 };
    crypto_generichash_state digest;
    struct reading r = {
        .path = path, .reader = reader, .manifest = ret_manifest, .why = why, .digest = &digest
    };
    *ret_manifest = (struct co_archive_manifest){ 0 };
    r.file = sodium_init() < 0 ? NULL : fopen(path, "rbe");
    if (r.file == NULL || fstat(fileno(r.file), &st) != 0) {
        co_why_set(why, "%s cannot be read: %s", path, strerror(errno));
        if (r.file != NULL)
            (void)fclose(r.file);
        return CO_EDOWN;
    }
    r.all = (uint64_t)st.st_size;
    (void)crypto_generichash_init(&digest, NULL, 0, CO_ARCHIVE_HASH);
    enum co_err err = read_all(&r);
    (void)fclose(r.file);
    free(r.raw);
    free(r.packed);
    return err;
}
