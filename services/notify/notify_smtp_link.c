#include "notify_smtp_link.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "notify_secret.h"

enum {
    SOCKETS = 4,
    KEY_BYTES = 32,
    KEPT_MAX = 64,
    KEPT_PER_SERVER = 8,
    MAILS_MAX = 100,
    REFUSALS_MAX = 5, /* of recipients, in a row: servers slow down whoever errs more often */
    REPLY_TO_EHLO = 2,
    CODE_BAD = 400,
    CODE_NEVER = 500,
};

struct notify_links {
    uv_loop_t *loop;
    struct co_curl *curl;
    const struct notify_send_options *options;
    uv_timer_t timer; /* runs while some are kept */
    size_t kept_count;
    struct notify_link *kept[KEPT_MAX]; /* the longest kept first */
};

/* Lives until its poll handle is closed. */
struct notify_link {
    struct notify_links *home;
    CURL *easy;
    curl_socket_t sockets[SOCKETS]; /* open ones of this transfer */
    unsigned socket_count;
    char answer[NOTIFY_SMTP_REPLY_TEXT]; /* while curl speaks: the last reply */
    unsigned replies;
    uv_poll_t poll;
    bool is_polling;
    int events;
    void (*ready)(void *arg); /* NULL: it is kept */
    void *arg;
    enum notify_smtp_line line;
    unsigned mails;
    unsigned refusals; /* in a row */
    uint64_t kept_until_ms;
    unsigned char key[KEY_BYTES]; /* of whom it is for, and as whom */
    char url[];
};

/* ---- sockets ---- */

static curl_socket_t open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct notify_link *link = arg;
    (void)purpose;
    if (link->socket_count == SOCKETS)
        return CURL_SOCKET_BAD;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (fd >= 0)
        link->sockets[link->socket_count++] = fd;
    return fd;
}

static int close_socket(void *arg, curl_socket_t fd)
{
    struct notify_link *link = arg;
    for (unsigned i = 0; i < link->socket_count; i++)
        if (link->sockets[i] == fd) {
            link->sockets[i] = link->sockets[--link->socket_count];
            break;
        }
    return close(fd);
}

static void cut(struct notify_link *link)
{
    for (unsigned i = 0; i < link->socket_count; i++)
        (void)shutdown(link->sockets[i], SHUT_RDWR);
}

static void on_poll_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void drop(struct notify_link *link)
{
    cut(link);
    if (link->is_polling) /* before the descriptor goes */
        uv_close((uv_handle_t *)&link->poll, on_poll_closed);
    co_curl_remove(link->home->curl, link->easy);
    curl_easy_cleanup(link->easy);
    if (!link->is_polling)
        free(link);
}

static void say_goodbye(struct notify_link *link)
{
    size_t sent;
    (void)curl_easy_send(link->easy, "QUIT\r\n", 6, &sent);
    drop(link);
}

/* ---- those that are kept ---- */

static void remove_kept(struct notify_links *l, size_t i)
{
    l->kept_count--;
    memmove(&l->kept[i], &l->kept[i + 1], (l->kept_count - i) * sizeof(l->kept[0]));
    if (l->kept_count == 0)
        (void)uv_timer_stop(&l->timer);
}

static void drop_kept(struct notify_link *link)
{
    struct notify_links *l = link->home;
    size_t i = 0;
    while (l->kept[i] != link)
        i++;
    remove_kept(l, i);
    drop(link);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct notify_link *link = poll->data;
    (void)events;
    if (status < 0)
        link->events = 0; /* libuv has stopped it */
    if (link->ready == NULL)
        drop_kept(link);
    else
        link->ready(link->arg);
}

static void end_kept(struct notify_links *l, size_t i)
{
    struct notify_link *link = l->kept[i];
    remove_kept(l, i);
    say_goodbye(link);
}

static void on_time(uv_timer_t *timer)
{
    struct notify_links *l = timer->data;
    uint64_t now_ms = uv_now(l->loop);
    while (l->kept_count > 0 && l->kept[0]->kept_until_ms <= now_ms)
        end_kept(l, 0);
    if (l->kept_count > 0)
        (void)uv_timer_start(timer, on_time, l->kept[0]->kept_until_ms - now_ms, 0);
}

/* For one more at that server. */
static void make_room(struct notify_links *l, const char *url)
{
    size_t same = 0;
    size_t oldest = 0;
    for (size_t i = l->kept_count; i > 0; i--)
        if (strcmp(l->kept[i - 1]->url, url) == 0) {
            same++;
            oldest = i - 1;
        }
    if (same >= KEPT_PER_SERVER)
        end_kept(l, oldest);
    else if (l->kept_count == KEPT_MAX)
        end_kept(l, 0);
}

static void keep(struct notify_link *link)
{
    struct notify_links *l = link->home;
    make_room(l, link->url);
    link->kept_until_ms = uv_now(l->loop) + l->options->smtp_kept_ms;
    l->kept[l->kept_count++] = link;
    if (!uv_is_active((uv_handle_t *)&l->timer))
        (void)uv_timer_start(&l->timer, on_time, l->options->smtp_kept_ms, 0);
}

/* Has the server nothing to say? Also reads what curl has read ahead, which no poll tells of. */
static bool is_quiet(struct notify_link *link)
{
    char byte;
    size_t got;
    return curl_easy_recv(link->easy, &byte, 1, &got) == CURLE_AGAIN;
}

/* The one used last, so that those not needed any more grow old. */
static struct notify_link *take(struct notify_links *l, const unsigned char key[static KEY_BYTES])
{
    for (size_t i = l->kept_count; i > 0; i--) {
        struct notify_link *link = l->kept[i - 1];
        if (memcmp(link->key, key, KEY_BYTES) != 0)
            continue;
        remove_kept(l, i - 1);
        if (is_quiet(link))
            return link;
        drop(link);
    }
    return NULL;
}

/* ---- new ones ---- */

/* A bad reply ends it; but a server that does not know EHLO may still know HELO. */
static size_t on_reply(char *line, size_t size, size_t count, void *arg)
{
    struct notify_link *link = arg;
    size_t len = size * count;
    size_t keep_len = len < sizeof(link->answer) ? len : sizeof(link->answer) - 1;
    memcpy(link->answer, line, keep_len);
    link->answer[keep_len] = '\0';
    link->answer[strcspn(link->answer, "\r\n")] = '\0';
    int code = notify_smtp_code(link->answer);
    if (code == 0 || link->answer[3] == '-')
        return len;
    link->replies++;
    if (code >= CODE_BAD && !(link->replies == REPLY_TO_EHLO && code >= CODE_NEVER))
        cut(link);
    return len;
}

static bool set_transfer(struct notify_link *link, const struct notify_link_to *to,
                         const char *secret, void *arg)
{
    CURL *easy = link->easy;
    const struct notify_send_options *options = link->home->options;
    bool is_secret = to->secret_file[0] != '\0'; /* only ever sent under TLS */
    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, arg);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_PROXY, "");
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    (void)curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, link);
    (void)curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
    (void)curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, link);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_reply);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, link);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_ms);
    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)options->smtp_talk_ms);
    (void)curl_easy_setopt(easy, CURLOPT_USE_SSL,
                           (long)(is_secret ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (options->ca_file != NULL)
        (void)curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file);
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_URL, to->url) == CURLE_OK &&
           (!is_secret || curl_easy_setopt(easy, CURLOPT_USERPWD, secret) == CURLE_OK);
}

static struct notify_link *open_link(struct notify_links *l, const struct notify_link_to *to,
                                     const char *secret, void *arg)
{
    size_t url_size = strlen(to->url) + 1;
    struct notify_link *link = calloc(1, sizeof(*link) + url_size);
    if (link == NULL)
        return NULL;
    link->home = l;
    link->line = NOTIFY_SMTP_FRESH;
    memcpy(link->url, to->url, url_size);
    link->easy = curl_easy_init();
    if (link->easy != NULL && set_transfer(link, to, secret, arg) &&
        co_curl_add(l->curl, link->easy) == CO_OK)
        return link;
    curl_easy_cleanup(link->easy);
    free(link);
    return NULL;
}

/* The secret is "USER:PASSWORD". */
static bool read_secret(const char *dir, const char *file, char secret[static NOTIFY_SECRET_BYTES])
{
    secret[0] = '\0';
    if (file[0] == '\0')
        return true;
    return dir != NULL && notify_secret_read(dir, file, secret) == CO_OK &&
           strchr(secret, ':') != NULL;
}

static void make_key(const struct notify_link_to *to, const char *secret,
                     unsigned char ret_key[static KEY_BYTES])
{
    const char *const texts[] = { to->url, to->secret_file, secret };
    crypto_generichash_state state;
    (void)crypto_generichash_init(&state, NULL, 0, KEY_BYTES);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) /* each with the NUL at its end */
        (void)crypto_generichash_update(&state, (const unsigned char *)texts[i],
                                        strlen(texts[i]) + 1);
    (void)crypto_generichash_final(&state, ret_key, KEY_BYTES);
    sodium_memzero(&state, sizeof(state));
}

/* ---- the outside ---- */

struct notify_links *notify_links_new(uv_loop_t *loop, struct co_curl *curl,
                                      const struct notify_send_options *options)
{
    struct notify_links *l = calloc(1, sizeof(*l));
    if (l == NULL)
        return NULL;
    l->loop = loop;
    l->curl = curl;
    l->options = options;
    (void)uv_timer_init(loop, &l->timer);
    l->timer.data = l;
    return l;
}

static void on_timer_closed(uv_handle_t *handle)
{
    free(handle->data);
}

void notify_links_close(struct notify_links *l)
{
    while (l->kept_count > 0)
        end_kept(l, 0);
    uv_close((uv_handle_t *)&l->timer, on_timer_closed);
}

enum co_err notify_links_lend(struct notify_links *l, const struct notify_link_to *to,
                              bool is_fresh, void *arg, struct notify_link **ret_link)
{
    char secret[NOTIFY_SECRET_BYTES];
    unsigned char key[KEY_BYTES];
    struct notify_link *link = NULL;
    bool is_readable = read_secret(l->options->secrets_dir, to->secret_file, secret);
    if (is_readable) {
        make_key(to, secret, key);
        link = is_fresh ? NULL : take(l, key);
        if (link == NULL && (link = open_link(l, to, secret, arg)) != NULL)
            memcpy(link->key, key, KEY_BYTES);
    }
    sodium_memzero(secret, sizeof(secret));
    if (link == NULL)
        return is_readable ? CO_ENOMEM : CO_EINPUT;
    *ret_link = link;
    return CO_OK;
}

enum notify_smtp_line notify_link_line(const struct notify_link *link)
{
    return link->line;
}

const char *notify_link_answer(const struct notify_link *link)
{
    return link->answer;
}

bool notify_link_begin(struct notify_link *link)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    (void)curl_easy_getinfo(link->easy, CURLINFO_ACTIVESOCKET, &fd);
    link->is_polling =
        fd != CURL_SOCKET_BAD && uv_poll_init_socket(link->home->loop, &link->poll, fd) == 0;
    link->poll.data = link;
    return link->is_polling;
}

bool notify_link_watch(struct notify_link *link, bool is_writing, void (*ready)(void *arg),
                       void *arg)
{
    int events = UV_READABLE | (is_writing ? UV_WRITABLE : 0);
    link->ready = ready;
    link->arg = arg;
    if (link->events == events)
        return true;
    link->events = events;
    return uv_poll_start(&link->poll, events, on_ready) == 0;
}

CURLcode notify_link_send(struct notify_link *link, const void *bytes, size_t len, size_t *ret_sent)
{
    return curl_easy_send(link->easy, bytes, len, ret_sent);
}

CURLcode notify_link_recv(struct notify_link *link, void *bytes, size_t cap, size_t *ret_got)
{
    return curl_easy_recv(link->easy, bytes, cap, ret_got);
}

void notify_link_give_back(struct notify_link *link, enum notify_smtp_line line)
{
    link->line = line;
    link->mails++;
    link->refusals = line == NOTIFY_SMTP_UNDONE ? link->refusals + 1 : 0;
    bool is_worn = link->mails >= MAILS_MAX || link->refusals >= REFUSALS_MAX;
    if (line == NOTIFY_SMTP_FRESH || line == NOTIFY_SMTP_ADRIFT)
        drop(link);
    else if (line == NOTIFY_SMTP_SPENT || is_worn || !notify_link_watch(link, false, NULL, NULL))
        say_goodbye(link);
    else
        keep(link);
}
