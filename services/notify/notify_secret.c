#include "notify_secret.h"

#include <fcntl.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool is_plain_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strlen(name) <= 128 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
               strlen(name);
}

static ssize_t read_all(int fd, char *to, size_t cap)
{
    size_t len = 0;
    ssize_t got = 1;
    while (len < cap && (got = read(fd, to + len, cap - len)) > 0)
        len += (size_t)got;
    return got < 0 ? -1 : (ssize_t)len;
}

enum co_err notify_secret_read(const char *dir, const char *name,
                               char to[static NOTIFY_SECRET_BYTES])
{
    char path[1024];
    if (!is_plain_name(name) ||
        (size_t)snprintf(path, sizeof(path), "%s/%s", dir, name) >= sizeof(path))
        return CO_EINPUT;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return CO_EINPUT;
    ssize_t got = read_all(fd, to, NOTIFY_SECRET_BYTES);
    (void)close(fd);
    if (got <= 0 || got == NOTIFY_SECRET_BYTES || memchr(to, '\0', (size_t)got) != NULL) {
        sodium_memzero(to, NOTIFY_SECRET_BYTES);
        return CO_EINPUT;
    }
    to[got] = '\0';
    for (size_t len = (size_t)got; len > 0 && (to[len - 1] == '\n' || to[len - 1] == '\r'); len--)
        to[len - 1] = '\0';
    return to[0] != '\0' ? CO_OK : CO_EINPUT;
}
