#include "co_keys.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "co_buf.h"
#include "co_text.h"

enum { FILE_LIMIT = 4096 };

enum co_err co_keys_generate(struct co_keys *ret_keys)
{
    struct co_keys made;
    if (zmq_curve_keypair(made.public_text, made.secret_text) != 0)
        return CO_EDOWN;
    *ret_keys = made;
    co_keys_wipe(&made);
    return CO_OK;
}

void co_keys_wipe(struct co_keys *keys)
{
    sodium_memzero(keys, sizeof(*keys));
}

enum co_err co_keys_decode(const char *text, uint8_t ret_key[static CO_KEY_BYTES])
{
    uint8_t key[CO_KEY_BYTES];
    /* libzmq 4.3.4 looks up any byte of the text in a table of 96: only what is in it may reach it
     */
    static const char alphabet[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   ".-:+=^!/*?&<>()[]{}@%$#";
    if (strlen(text) != CO_KEY_TEXT - 1 || strspn(text, alphabet) != CO_KEY_TEXT - 1)
        return CO_EINPUT;
    if (zmq_z85_decode(key, text) == NULL)
        return CO_EINPUT;
    memcpy(ret_key, key, sizeof(key));
    sodium_memzero(key, sizeof(key));
    return CO_OK;
}

void co_keys_encode(const uint8_t key[static CO_KEY_BYTES], char ret_text[static CO_KEY_TEXT])
{
    zmq_z85_encode(ret_text, key, CO_KEY_BYTES);
}

/* Creates `path`, which must not exist, with that text and exactly that mode. */
static enum co_err write_file(const char *path, mode_t mode, const struct co_buf *text,
                              struct co_why *why)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0 && errno == EEXIST) {
        co_why_set(why, "%s exists; a key is never overwritten, move it away first", path);
        return CO_ECONFLICT;
    }
    if (fd < 0) {
        co_why_set(why, "cannot create %s: %s", path, strerror(errno));
        return CO_EDOWN;
    }
    ssize_t written = write(fd, text->data, text->len);
    bool is_ok = written == (ssize_t)text->len && fchmod(fd, mode) == 0 && fsync(fd) == 0;
    int saved = errno;
    if (close(fd) == 0 && is_ok)
        return CO_OK;
    co_why_set(why, "cannot write %s: %s", path, strerror(is_ok ? errno : saved));
    unlink(path);
    return CO_EDOWN;
}

/* A comment of one line: what is not printable ASCII or UTF-8 becomes a blank. */
static void comment_name(char *to, size_t cap, const char *name)
{
    co_text_copy(to, cap, name);
    for (char *c = to; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
}

enum co_err co_keys_write(const struct co_keys *keys, const char *stem, const char *name,
                          struct co_why *why)
{
    char key_path[PATH_MAX];
    char pub_path[PATH_MAX];
    if (snprintf(key_path, sizeof(key_path), "%s.key", stem) >= (int)sizeof(key_path) ||
        snprintf(pub_path, sizeof(pub_path), "%s.pub", stem) >= (int)sizeof(pub_path)) {
        co_why_set(why, "the path of the key is longer than %d bytes", PATH_MAX);
        return CO_EDOWN;
    }
    char who[128];
    comment_name(who, sizeof(who), name);

    struct co_buf secret;
    struct co_buf public;
    co_buf_init(&secret, FILE_LIMIT);
    co_buf_init(&public, FILE_LIMIT);
    co_buf_printf(&secret,
                  "# Callout key pair of %s. Secret: whoever holds it can act as %s.\n"
                  "public = %s\nsecret = %s\n",
                  who, who, keys->public_text, keys->secret_text);
    co_buf_printf(&public, "# Callout public key of %s. Not secret.\npublic = %s\n", who,
                  keys->public_text);
    enum co_err err = secret.err != CO_OK ? secret.err : public.err;
    if (err != CO_OK)
        co_why_set(why, "%s: %s", stem, co_err_name(err));
    if (err == CO_OK)
        err = write_file(key_path, 0600, &secret, why);
    if (err == CO_OK) {
        err = write_file(pub_path, 0644, &public, why);
        if (err != CO_OK)
            unlink(key_path);
    }
    if (secret.data != NULL)
        sodium_memzero(secret.data, secret.len);
    co_buf_done(&secret);
    co_buf_done(&public);
    return err;
}

static bool is_too_open(const struct stat *st)
{
    mode_t allowed = st->st_uid == 0 ? 0740 : 0700;
    return (st->st_mode & 0777 & ~allowed) != 0;
}

/* Reads a small regular file as a string into text[FILE_LIMIT]. */
static enum co_err read_file(const char *path, bool is_secret, char *text, struct co_why *why)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0) {
        co_why_set(why, "cannot read %s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return CO_EDOWN;
    }
    enum co_err err = CO_EINPUT;
    ssize_t len = 0;
    if (!S_ISREG(st.st_mode)) {
        co_why_set(why, "%s is not a file", path);
    } else if (is_secret && is_too_open(&st)) {
        co_why_set(why, "%s holds a secret but others may read it (mode %04o): chmod 600 %s", path,
                   (unsigned)(st.st_mode & 07777), path);
    } else if ((len = read(fd, text, FILE_LIMIT - 1)) < 0) {
        co_why_set(why, "cannot read %s: %s", path, strerror(errno));
        err = CO_EDOWN;
    } else {
        text[len] = '\0';
        err = CO_OK;
    }
    close(fd);
    return err;
}

/* Finds the line "NAME = VALUE" with 40 characters of Z85; false when there is none. */
static bool find_key(const char *text, const char *name, char ret_key[static CO_KEY_TEXT])
{
    size_t name_len = strlen(name);
    for (const char *line = text; line != NULL && *line != '\0';) {
        const char *end = strchr(line, '\n');
        size_t len = end != NULL ? (size_t)(end - line) : strlen(line);
        size_t skip = name_len + strlen(" = ");
        if (len > skip && strncmp(line, name, name_len) == 0 &&
            strncmp(line + name_len, " = ", 3) == 0) {
            while (len > skip && strchr(" \t\r", line[len - 1]) != NULL)
                len--;
            char value[CO_KEY_TEXT] = "";
            uint8_t bytes[CO_KEY_BYTES];
            if (len - skip == CO_KEY_TEXT - 1)
                memcpy(value, line + skip, CO_KEY_TEXT - 1);
            bool is_key = co_keys_decode(value, bytes) == CO_OK;
            if (is_key)
                memcpy(ret_key, value, CO_KEY_TEXT);
            sodium_memzero(value, sizeof(value));
            sodium_memzero(bytes, sizeof(bytes));
            return is_key;
        }
        line = end != NULL ? end + 1 : NULL;
    }
    return false;
}

enum co_err co_keys_read(const char *path, struct co_keys *ret_keys, struct co_why *why)
{
    char text[FILE_LIMIT];
    struct co_keys keys = { "", "" };
    char derived[CO_KEY_TEXT];
    enum co_err err = read_file(path, true, text, why);
    if (err != CO_OK)
        return err;
    if (!find_key(text, "public", keys.public_text) ||
        !find_key(text, "secret", keys.secret_text)) {
        co_why_set(why,
                   "%s needs a line \"public = \" and a line \"secret = \", each with 40 "
                   "characters of Z85",
                   path);
        err = CO_EINPUT;
    } else if (zmq_curve_public(derived, keys.secret_text) != 0 ||
               strcmp(derived, keys.public_text) != 0) {
        co_why_set(why, "the public and the secret key in %s do not belong together", path);
        err = CO_EINPUT;
    } else {
        *ret_keys = keys;
    }
    sodium_memzero(text, sizeof(text));
    co_keys_wipe(&keys);
    return err;
}

enum co_err co_keys_read_public(const char *path, char ret_public[static CO_KEY_TEXT],
                                struct co_why *why)
{
    char text[FILE_LIMIT];
    enum co_err err = read_file(path, false, text, why);
    if (err == CO_OK && !find_key(text, "public", ret_public)) {
        co_why_set(why, "%s needs a line \"public = \" with 40 characters of Z85", path);
        err = CO_EINPUT;
    }
    sodium_memzero(text, sizeof(text));
    return err;
}
