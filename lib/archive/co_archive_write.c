#include "co_archive_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct co_archive_writer {
    FILE *file;
    char *path;
    char *beside; /* the name while it is written */
    uint8_t *raw; /* the block being filled */
    size_t len, cap;
    uint8_t *packed;
    size_t packed_cap;
    char type;
    int error; /* errno of the first failure */
    struct co_archive_manifest counted;
    crypto_generichash_state digest;
};

void co_archive_hash(const uint8_t lengths[static CO_ARCHIVE_LENGTHS], const void *packed,
                     size_t len, uint8_t ret_hash[static CO_ARCHIVE_HASH])
{
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, CO_ARCHIVE_HASH);
    (void)crypto_generichash_update(&state, lengths, CO_ARCHIVE_LENGTHS);
    (void)crypto_generichash_update(&state, packed, len);
    (void)crypto_generichash_final(&state, ret_hash, CO_ARCHIVE_HASH);
}

size_t co_archive_manifest_text(const struct co_archive_manifest *m,
                                char text[static CO_ARCHIVE_MANIFEST])
{
    char key[2 * CO_SIGN_PUBLIC_BYTES + 1] = "";
    if (m->is_signed)
        (void)sodium_bin2hex(key, sizeof(key), m->public_key, sizeof(m->public_key));
    int n = snprintf(text, CO_ARCHIVE_MANIFEST,
                     "callout_archive 1\nlow %lld\nhigh %lld\nmade_us %lld\nentries %lld\n"
                     "inside %lld\ncases %lld\nobjects %lld\ndigest %s\npublic_key %s\n",
                     (long long)m->low, (long long)m->high, (long long)m->made_us,
                     (long long)m->entries, (long long)m->inside, (long long)m->cases,
                     (long long)m->objects, m->digest, m->is_signed ? key : "-");
    return (size_t)n;
}

static bool grow(uint8_t **bytes, size_t *cap, size_t wanted)
{
    if (wanted <= *cap)
        return true;
    size_t size = wanted + wanted / 2;
    uint8_t *grown = realloc(*bytes, size);
    if (grown == NULL)
        return false;
    *bytes = grown;
    *cap = size;
    return true;
}

static void write_bytes(struct co_archive_writer *w, const void *bytes, size_t len)
{
    if (w->error == 0 && fwrite(bytes, 1, len, w->file) != len)
        w->error = errno != 0 ? errno : EIO;
}

static enum co_err put_block(struct co_archive_writer *w, char type, const void *raw, size_t len)
{
    uint8_t head[CO_ARCHIVE_HEAD] = { (uint8_t)type };
    uLongf packed = compressBound((uLong)len);
    if (!grow(&w->packed, &w->packed_cap, packed) ||
        compress2(w->packed, &packed, raw, (uLong)len, Z_DEFAULT_COMPRESSION) != Z_OK)
        return CO_ENOMEM;
    co_archive_put(head + 1, len, 4);
    co_archive_put(head + 5, packed, 4);
    co_archive_hash(head, w->packed, packed, head + CO_ARCHIVE_LENGTHS);
    write_bytes(w, head, sizeof(head));
    write_bytes(w, w->packed, packed);
    return w->error == 0 ? CO_OK : CO_EDOWN;
}

static enum co_err end_block(struct co_archive_writer *w)
{
    if (w->len == 0)
        return CO_OK;
    (void)crypto_generichash_update(&w->digest, w->raw, w->len);
    enum co_err err = put_block(w, w->type, w->raw, w->len);
    w->len = 0;
    return err;
}

/* Room for a record in a block of its type; NULL: *err says why. */
static uint8_t *begin_record(struct co_archive_writer *w, char type, size_t len, enum co_err *err)
{
    *err = CO_OK;
    if (w->len > 0 && (w->type != type || w->len >= CO_ARCHIVE_BLOCK))
        *err = end_block(w);
    if (*err == CO_OK && !grow(&w->raw, &w->cap, w->len + len))
        *err = CO_ENOMEM;
    if (*err != CO_OK)
        return NULL;
    w->type = type;
    uint8_t *at = w->raw + w->len;
    w->len += len;
    return at;
}

static void put_body(uint8_t *at, struct co_bytes body)
{
    co_archive_put(at, body.len, 4);
    if (body.len > 0)
        memcpy(at + 4, body.data, body.len);
}

enum co_err co_archive_put_entry(struct co_archive_writer *w, const struct co_archive_entry *e)
{
    enum co_err err;
    uint8_t *at = begin_record(w, 'E', CO_ARCHIVE_ENTRY + e->body.len, &err);
    if (at == NULL)
        return err;
    co_archive_put(at, (uint64_t)e->lane, 2);
    co_archive_put(at + 2, (uint64_t)e->seq, 8);
    co_archive_put(at + 10, (uint64_t)e->at_us, 8);
    co_archive_put(at + 18, (uint64_t)e->case_id, 8);
    co_archive_put(at + 26, (uint64_t)e->kind, 2);
    put_body(at + 28, e->body);
    w->counted.entries++;
    return CO_OK;
}

enum co_err co_archive_put_object(struct co_archive_writer *w, const struct co_archive_object *o)
{
    enum co_err err;
    uint8_t *at = begin_record(w, 'O', CO_ARCHIVE_OBJECT + o->key_len + o->body.len, &err);
    if (at == NULL)
        return err;
    co_archive_put(at, (uint64_t)o->kind, 2);
    co_archive_put(at + 2, (uint64_t)o->since, 8);
    co_archive_put(at + 10, (uint64_t)o->until, 8);
    co_archive_put(at + 18, o->key_len, 2);
    memcpy(at + 20, o->key, o->key_len);
    put_body(at + 20 + o->key_len, o->body);
    w->counted.objects++;
    return CO_OK;
}

static void free_writer(struct co_archive_writer *w)
{
    free(w->path);
    free(w->beside);
    free(w->raw);
    free(w->packed);
    free(w);
}

enum co_err co_archive_create(const char *path, struct co_archive_writer **ret, struct co_why *why)
{
    static const char suffix[] = ".XXXXXX";
    struct co_archive_writer *w = calloc(1, sizeof(*w));
    size_t len = strlen(path);
    if (w == NULL || (w->path = strdup(path)) == NULL ||
        (w->beside = calloc(1, len + sizeof(suffix))) == NULL) {
        if (w != NULL)
            free_writer(w);
        return CO_ENOMEM;
    }
    (void)snprintf(w->beside, len + sizeof(suffix), "%s%s", path, suffix);
    int fd = sodium_init() < 0 ? -1 : mkstemp(w->beside);
    if (fd < 0 || (w->file = fdopen(fd, "wb")) == NULL) {
        co_why_set(why, "%s cannot be written: %s", path, strerror(errno));
        if (fd >= 0) {
            (void)close(fd);
            (void)unlink(w->beside);
        }
        free_writer(w);
        return CO_EDOWN;
    }
    (void)crypto_generichash_init(&w->digest, NULL, 0, CO_ARCHIVE_HASH);
    write_bytes(w, CO_ARCHIVE_MAGIC, CO_ARCHIVE_MAGIC_BYTES);
    *ret = w;
    return CO_OK;
}

void co_archive_abandon(struct co_archive_writer **w_p)
{
    struct co_archive_writer *w = *w_p;
    *w_p = NULL;
    if (w == NULL)
        return;
    if (w->file != NULL)
        (void)fclose(w->file);
    (void)unlink(w->beside);
    free_writer(w);
}

/* The name of a file lives in its directory. */
static bool flush_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *dir = slash == NULL ? strdup(".") : strndup(path, (size_t)(slash - path) + 1);
    int fd = dir == NULL ? -1 : open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_flushed = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    free(dir);
    return is_flushed;
}

static bool name_file(struct co_archive_writer *w)
{
    bool is_written =
        fflush(w->file) == 0 && fchmod(fileno(w->file), 0440) == 0 && fsync(fileno(w->file)) == 0;
    is_written = fclose(w->file) == 0 && is_written;
    w->file = NULL;
    return is_written && rename(w->beside, w->path) == 0 && flush_directory(w->path);
}

static enum co_err put_end(struct co_archive_writer *w, struct co_archive_manifest *m,
                           const struct co_sign_keys *keys)
{
    uint8_t hash[CO_ARCHIVE_HASH], signature[CO_SIGN_BYTES];
    char bytes[sizeof(CO_ARCHIVE_SIGNED) + CO_ARCHIVE_MANIFEST] = CO_ARCHIVE_SIGNED;
    char *text = bytes + sizeof(CO_ARCHIVE_SIGNED) - 1;
    enum co_err err = end_block(w);
    if (err != CO_OK)
        return err;
    (void)crypto_generichash_final(&w->digest, hash, sizeof(hash));
    (void)sodium_bin2hex(m->digest, sizeof(m->digest), hash, sizeof(hash));
    m->entries = w->counted.entries;
    m->objects = w->counted.objects;
    m->is_signed = keys != NULL;
    if (keys != NULL)
        memcpy(m->public_key, keys->public_key, sizeof(m->public_key));
    size_t len = co_archive_manifest_text(m, text);
    err = put_block(w, 'M', text, len);
    if (err != CO_OK || keys == NULL)
        return err;
    co_sign_make(keys, bytes, sizeof(CO_ARCHIVE_SIGNED) - 1 + len, signature);
    return put_block(w, 'S', signature, sizeof(signature));
}

enum co_err co_archive_finish(struct co_archive_writer **w_p, struct co_archive_manifest *m,
                              const struct co_sign_keys *keys, struct co_why *why)
{
    struct co_archive_writer *w = *w_p;
    enum co_err err = put_end(w, m, keys);
    errno = w->error;
    if (err == CO_OK && !name_file(w))
        err = CO_EDOWN;
    if (err == CO_EDOWN)
        co_why_set(why, "%s cannot be written: %s", w->path, strerror(errno));
    if (err == CO_OK) {
        free_writer(w);
        *w_p = NULL;
    } else {
        co_archive_abandon(w_p);
    }
    return err;
}
