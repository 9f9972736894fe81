#include "cut.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "clients.h"

enum { ENDPOINTS = 2, FDS_FIRST = 256, FDS_MAX = 1 << 20, ROUTE_BYTES = 5 };

struct connection {
    ino_t inode;
    uint32_t route;              /* as libzmq numbers it */
    const struct intake_key *key; /* NULL: not known */
};

struct place {
    in_port_t port; /* network order; 0: not TCP */
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

struct intake_cut {
    struct place places[ENDPOINTS];
    size_t place_count;
    struct connection *by_fd;
    size_t fd_count;
};

struct intake_cut *intake_cut_new(void)
{
    return calloc(1, sizeof(struct intake_cut));
}

void intake_cut_free(struct intake_cut *cut)
{
    if (cut == NULL)
        return;
    free(cut->by_fd);
    free(cut);
}

void intake_cut_add_endpoint(struct intake_cut *cut, const char *endpoint)
{
    struct place *place = &cut->places[cut->place_count];
    const char *colon = strrchr(endpoint, ':');
    if (cut->place_count == ENDPOINTS || colon == NULL)
        return;
    if (strncmp(endpoint, "tcp://", 6) == 0)
        place->port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
    else if (strncmp(endpoint, "ipc://", 6) == 0 && strlen(endpoint + 6) < sizeof(place->path))
        memcpy(place->path, endpoint + 6, strlen(endpoint + 6) + 1);
    cut->place_count++;
}

/* ---- whose is it ---- */

static bool has_room(struct intake_cut *cut, size_t fd)
{
    size_t count = cut->fd_count == 0 ? FDS_FIRST : cut->fd_count;
    while (count <= fd)
        count *= 2;
    if (fd < cut->fd_count)
        return true;
    struct connection *grown = fd >= FDS_MAX ? NULL : realloc(cut->by_fd, count * sizeof(*grown));
    if (grown == NULL)
        return false; /* not known, then */
    memset(grown + cut->fd_count, 0, (count - cut->fd_count) * sizeof(*grown));
    cut->by_fd = grown;
    cut->fd_count = count;
    return true;
}

void intake_cut_note(struct intake_cut *cut, zmq_msg_t *frames, size_t count, const struct intake_key *key)
{
    uint32_t route;
    struct stat file;
    int fd = zmq_msg_get(&frames[count - 1], ZMQ_SRCFD);
    if (fd < 0 || zmq_msg_size(&frames[0]) != ROUTE_BYTES || !has_room(cut, (size_t)fd))
        return;
    memcpy(&route, (const char *)zmq_msg_data(&frames[0]) + 1, sizeof(route));
    struct connection *c = &cut->by_fd[fd];
    if (c->inode != 0 && c->route == route && c->key == key)
        return;
    if (fstat(fd, &file) == 0)
        *c = (struct connection){ file.st_ino, route, key };
}

/* ---- the end ---- */

static bool is_at(const struct place *place, const struct sockaddr_storage *own)
{
    union {
        const struct sockaddr_storage *any;
        const struct sockaddr_in *in;
        const struct sockaddr_in6 *in6;
        const struct sockaddr_un *un;
    } at = { .any = own };
    if (own->ss_family == AF_INET)
        return place->port != 0 && at.in->sin_port == place->port;
    if (own->ss_family == AF_INET6)
        return place->port != 0 && at.in6->sin6_port == place->port;
    return own->ss_family == AF_UNIX && place->path[0] != '\0' && strcmp(at.un->sun_path, place->path) == 0;
}

/* A connection that the door took, not the door itself, nor anything else. */
static bool is_of_door(const struct intake_cut *cut, int fd)
{
    struct sockaddr_storage own = { 0 }, other;
    socklen_t own_len = sizeof(own) - 1, other_len = sizeof(other);
    if (getsockname(fd, (struct sockaddr *)&own, &own_len) != 0 || getpeername(fd, (struct sockaddr *)&other, &other_len) != 0)
        return false;
    for (size_t i = 0; i < cut->place_count; i++)
        if (is_at(&cut->places[i], &own))
            return true;
    return false;
}

static bool is_allowed(const struct intake_cut *cut, int fd)
{
    struct stat file;
    const struct connection *c = (size_t)fd < cut->fd_count ? &cut->by_fd[fd] : NULL;
    bool is_known = c != NULL && c->key != NULL && fstat(fd, &file) == 0 && file.st_ino == c->inode;
    return is_known && c->key->client != NULL;
}

int intake_cut_end(struct intake_cut *cut)
{
    int ended = 0;
    DIR *fds = opendir("/proc/self/fd");
    if (fds == NULL)
        return -1;
    for (const struct dirent *entry = readdir(fds); entry != NULL; entry = readdir(fds)) {
        char *end;
        long fd = strtol(entry->d_name, &end, 10);
        bool is_fd = *end == '\0' && end != entry->d_name;
        if (is_fd && is_of_door(cut, (int)fd) && !is_allowed(cut, (int)fd))
            ended += shutdown((int)fd, SHUT_RDWR) == 0;
    }
    (void)closedir(fds);
    return ended;
}
