/* A mail server and webhook receivers that take everything at once and only write down what came,
 * one line each: "mail MESSAGE-ID TIME" or "hook WEBHOOK-ID TIME", in us since the Unix epoch. For
 * benches and fault tests, where scripts/sink would be the bottleneck. usage: drain FILE SMTP_PORT
 * HTTP_PORT [HOSTS [HANGING [LOSING [ADDRESS]]]]. Mail at ADDRESS (127.0.0.1), webhooks there and
 * at the following, HOSTS (1) in all; the last HANGING (0) of these take a request, never answer it
 * and write nothing down. Of LOSING mails (0: none) the last is taken and written down with
 * "unanswered" behind it, and its connection dropped before the answer. Ends on SIGTERM. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <uv.h>

enum { LINE_MAX_BYTES = 4096, READ_BYTES = 65536, ID_MAX = 400, HOSTS_MAX = 250 };

enum stage {
    COMMANDS,
    HEADERS,
    BODY
}; /* BODY of a mail ends with a line ".", of a webhook by its length */

/* One address that is listened at. */
struct host {
    uv_tcp_t tcp;
    bool is_mail;
    bool is_hanging;
};

struct guest {
    uv_tcp_t tcp;
    bool is_mail;
    bool is_hanging;
    enum stage stage;
    char line[LINE_MAX_BYTES];
    size_t line_len; /* what is over LINE_MAX_BYTES is not kept */
    size_t body_left;
    char id[ID_MAX];
};

static FILE *out;
static unsigned losing, mails;
static const char *first_address = "127.0.0.1";

static void ended(const char *why)
{
    (void)fprintf(stderr, "drain: %s\n", why);
    exit(1);
}

static void on_written(uv_write_t *request, int status)
{
    (void)status;
    free(request);
}

static void on_closed(uv_handle_t *handle)
{
    free(handle->data);
}

static void say(struct guest *g, const char *text)
{
    uv_write_t *request = malloc(sizeof(*request));
    uv_buf_t buf = uv_buf_init((char *)(uintptr_t)text, (unsigned)strlen(text));
    if (request == NULL)
        ended("out of memory");
    if (uv_write(request, (uv_stream_t *)&g->tcp, &buf, 1, on_written) != 0)
        free(request);
}

static void note(struct guest *g, const char *tail)
{
    uv_timeval64_t now;
    (void)uv_gettimeofday(&now);
    if (fprintf(out, "%s %s %" PRId64 "%s\n", g->is_mail ? "mail" : "hook", g->id,
                now.tv_sec * 1000000 + now.tv_usec, tail) < 0 ||
        fflush(out) != 0)
        ended("the file cannot be written");
    g->id[0] = '\0';
}

static bool begins(const char *line, const char *word)
{
    return strncasecmp(line, word, strlen(word)) == 0;
}

static void keep_id(struct guest *g, const char *value)
{
    while (*value == ' ')
        value++;
    (void)snprintf(g->id, sizeof(g->id), "%s", value);
}

static void mail_command(struct guest *g, const char *line)
{
    if (begins(line, "EHLO"))
        say(g, "250-drain\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n");
    else if (begins(line, "DATA")) {
        g->stage = HEADERS;
        say(g, "354 go on\r\n");
    } else if (begins(line, "QUIT"))
        say(g, "221 bye\r\n");
    else
        say(g, "250 fine\r\n");
}

static void end_mail(struct guest *g)
{
    bool is_lost = losing > 0 && ++mails % losing == 0;
    note(g, is_lost ? " unanswered" : "");
    g->stage = COMMANDS;
    if (is_lost)
        uv_close((uv_handle_t *)&g->tcp, on_closed);
    else
        say(g, "250 taken\r\n");
}

static void mail_line(struct guest *g, const char *line)
{
    if (g->stage == COMMANDS) {
        mail_command(g, line);
    } else if (strcmp(line, ".") == 0) {
        end_mail(g);
    } else if (g->stage == HEADERS) {
        if (begins(line, "Message-ID:"))
            keep_id(g, line + strlen("Message-ID:"));
        if (line[0] == '\0')
            g->stage = BODY;
    }
}

static void end_hook(struct guest *g)
{
    g->stage = COMMANDS;
    if (g->is_hanging)
        return;
    note(g, "");
    say(g, "HTTP/1.1 204 No Content\r\n\r\n");
}

static void hook_line(struct guest *g, const char *line)
{
    if (g->stage == COMMANDS) {
        g->stage = HEADERS;
        g->body_left = 0;
    } else if (begins(line, "content-length:")) {
        g->body_left = strtoul(line + strlen("content-length:"), NULL, 10);
    } else if (begins(line, "webhook-id:")) {
        keep_id(g, line + strlen("webhook-id:"));
    } else if (line[0] == '\0' && g->body_left == 0) {
        end_hook(g);
    } else if (line[0] == '\0') {
        g->stage = BODY;
    }
}

static void take_line(struct guest *g)
{
    if (g->line_len > 0 && g->line[g->line_len - 1] == '\r')
        g->line_len--;
    g->line[g->line_len] = '\0';
    g->line_len = 0;
    if (g->is_mail)
        mail_line(g, g->line);
    else
        hook_line(g, g->line);
}

static void take(struct guest *g, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count && !uv_is_closing((const uv_handle_t *)&g->tcp); i++) {
        if (!g->is_mail && g->stage == BODY) {
            size_t part = count - i < g->body_left ? count - i : g->body_left;
            g->body_left -= part;
            i += part - 1;
            if (g->body_left == 0)
                end_hook(g);
        } else if (bytes[i] == '\n') {
            take_line(g);
        } else if (g->line_len < LINE_MAX_BYTES - 1) {
            g->line[g->line_len++] = bytes[i];
        }
    }
}

static void on_room(uv_handle_t *handle, size_t wanted, uv_buf_t *buf)
{
    static char room[READ_BYTES];
    (void)handle;
    (void)wanted;
    *buf = uv_buf_init(room, sizeof(room));
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buf)
{
    struct guest *g = stream->data;
    if (count > 0)
        take(g, buf->base, (size_t)count);
    else if (count < 0 && !uv_is_closing((uv_handle_t *)stream))
        uv_close((uv_handle_t *)stream, on_closed);
}

static void on_guest(uv_stream_t *server, int status)
{
    const struct host *host = server->data;
    struct guest *g = calloc(1, sizeof(*g));
    if (status != 0 || g == NULL)
        ended("a connection cannot be taken");
    g->is_mail = host->is_mail;
    g->is_hanging = host->is_hanging;
    (void)uv_tcp_init(server->loop, &g->tcp);
    g->tcp.data = g;
    if (uv_accept(server, (uv_stream_t *)&g->tcp) != 0 ||
        uv_read_start((uv_stream_t *)&g->tcp, on_room, on_read) != 0) {
        uv_close((uv_handle_t *)&g->tcp, on_closed);
        return;
    }
    (void)uv_tcp_nodelay(&g->tcp, 1);
    if (g->is_mail)
        say(g, "220 drain\r\n");
}

/* At the address that is `further` after the first. */
static void listen_at(uv_loop_t *loop, struct host *host, uint32_t further, const char *port)
{
    struct sockaddr_in address;
    if (uv_ip4_addr(first_address, atoi(port), &address) != 0)
        ended("not an address");
    address.sin_addr.s_addr = htonl(ntohl(address.sin_addr.s_addr) + further);
    (void)uv_tcp_init(loop, &host->tcp);
    host->tcp.data = host;
    if (uv_tcp_bind(&host->tcp, (const struct sockaddr *)&address, 0) != 0 ||
        uv_listen((uv_stream_t *)&host->tcp, 128, on_guest) != 0)
        ended("cannot listen");
}

int main(int argc, char **argv)
{
    static struct host mail = { .is_mail = true }, hooks[HOSTS_MAX];
    uv_loop_t loop;
    int count = argc > 4 ? atoi(argv[4]) : 1;
    int hanging = argc > 5 ? atoi(argv[5]) : 0;
    int lost = argc > 6 ? atoi(argv[6]) : 0;
    if (argc < 4 || argc > 8 || count < 1 || count > HOSTS_MAX || hanging < 0 || hanging > count ||
        lost < 0)
        ended("usage: drain FILE SMTP_PORT HTTP_PORT [HOSTS [HANGING [LOSING [ADDRESS]]]]");
    losing = (unsigned)lost;
    first_address = argc > 7 ? argv[7] : first_address;
    out = fopen(argv[1], "ae");
    if (out == NULL)
        ended("cannot write the file");
    (void)uv_loop_init(&loop);
    listen_at(&loop, &mail, 0, argv[2]);
    for (int i = 0; i < count; i++) {
        hooks[i].is_hanging = i >= count - hanging;
        listen_at(&loop, &hooks[i], (uint32_t)i, argv[3]);
    }
    return uv_run(&loop, UV_RUN_DEFAULT);
}
