#include "co_keys_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "co_text.h"

void co_keys_file_name(char to[static CO_KEYS_NAME], const char *name)
{
    co_text_copy(to, CO_KEYS_NAME, name);
    for (char *c = to; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = ' ';
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

enum co_err co_keys_file_write(const char *stem, const struct co_buf *secret,
                               const struct co_buf *public, struct co_why *why)
{
    char key_path[PATH_MAX];
    char pub_path[PATH_MAX];
    if (snprintf(key_path, sizeof(key_path), "%s.key", stem) >= (int)sizeof(key_path) ||
        snprintf(pub_path, sizeof(pub_path), "%s.pub", stem) >= (int)sizeof(pub_path)) {
        co_why_set(why, "the path of the key is longer than %d bytes", PATH_MAX);
        return CO_EDOWN;
    }
    enum co_err err = secret->err != CO_OK ? secret->err : public->err;
    if (err != CO_OK) {
        co_why_set(why, "%s: %s", stem, co_err_name(err));
        return err;
    }
    err = write_file(key_path, 0600, secret, why);
    if (err != CO_OK)
        return err;
    err = write_file(pub_path, 0644, public, why);
    if (err != CO_OK)
        unlink(key_path);
    return err;
}

static bool is_too_open(const struct stat *st)
{
    mode_t allowed = st->st_uid == 0 ? 0740 : 0700;
    return (st->st_mode & 0777 & ~allowed) != 0;
}

enum co_err co_keys_file_read(const char *path, bool is_secret,
                              char text[static CO_KEYS_FILE_LIMIT], struct co_why *why)
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
    } else if ((len = read(fd, text, CO_KEYS_FILE_LIMIT - 1)) < 0) {
        co_why_set(why, "cannot read %s: %s", path, strerror(errno));
        err = CO_EDOWN;
    } else {
        text[len] = '\0';
        err = CO_OK;
    }
    close(fd);
    return err;
}

bool co_keys_file_find(const char *text, const char *name, char ret_key[static CO_KEY_TEXT])
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
