/* notify_send_driver.c - sends what it is told, for tests of the senders against real servers.
 *
 * Arguments: NAME=VALUE options of notify_send (secrets_dir, ca_file, allow_private, connect_ms,
 * webhook_ms, smtp_talk_ms, smtp_final_ms, smtp_kept_ms, aside_first_ms, aside_last_ms). Standard
 * input: one JSON object per message (tag, kind, url, from, to, secret_file, key, subject, body,
 * html, markdown, brief, obligation, phone, template_id, form, severity; after_ms: it and those
 * behind it are started that long after the outcomes of all before it). The tag "forbidden" may not
 * be sent, "once" may be begun a single time. Standard output: one JSON object per outcome, then
 * {"stall_ms": the longest time the loop stood still, "noise_ms": the longest time that a thread
 * with nothing else to do stood still meanwhile, because the machine was busy, "changes": what the
 * sender said of servers: [change, channel, server, failures in a row]}.
 */
#include <jansson.h>
#include <signal.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "notify_channel.h"

struct driver {
    struct notify_send *sender;
    uv_timer_t pulse;
    uint64_t last_pulse_ns;
    uint64_t stall_ns;
    uint64_t noise_ns;
    atomic_bool is_over;
    json_t *messages;    /* keeps the texts and tags */
    json_t *changes;     /* of servers */
    size_t started;      /* so many of them */
    uint64_t settled_ns; /* when the last of these was; 0: not yet */
};

enum { PULSE_MS = 10 };

static int64_t wall_us(void *arg)
{
    struct timespec now;
    (void)arg;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool may_send(void *arg, void *tag, struct notify_outcome *ret_why)
{
    static unsigned asked;
    (void)arg;
    (void)ret_why;
    return strcmp(tag, "forbidden") != 0 && (strcmp(tag, "once") != 0 || asked++ == 0);
}

static void on_done(void *arg, void *tag, const struct notify_outcome *o)
{
    static const char *const names[NOTIFY_INPUTS] = {
        [NOTIFY_TAKEN] = "taken", [NOTIFY_REFUSED] = "refused", [NOTIFY_LATER] = "later",
        [NOTIFY_DOUBT] = "doubt", [NOTIFY_CROWDED] = "crowded", [NOTIFY_ASIDE] = "aside",
    };
    json_t *line =
        json_pack("{s:s, s:s, s:s, s:I}", "tag", tag, "outcome",
                  o == NULL ? "dropped" : names[o->input], "detail", o == NULL ? "" : o->detail,
                  "retry_after_us", (json_int_t)(o == NULL ? 0 : o->retry_after_us));
    (void)arg;
    (void)json_dumpf(line, stdout, JSON_COMPACT);
    (void)puts("");
    (void)fflush(stdout);
    json_decref(line);
}

static void on_changed(void *arg, const struct notify_server *server,
                       enum notify_circuit_change change)
{
    static const char *const names[] = {
        [NOTIFY_CIRCUIT_ASIDE] = "aside",
        [NOTIFY_CIRCUIT_LONGER] = "longer",
        [NOTIFY_CIRCUIT_BACK] = "back",
    };
    const struct driver *d = arg;
    (void)json_array_append_new(d->changes,
                                json_pack("[s, s, s, i]", names[change], server->channel,
                                          server->server, (int)server->failures));
}

static const char *text(const json_t *message, const char *name, const char *otherwise)
{
    const char *value = json_string_value(json_object_get(message, name));
    return value == NULL ? otherwise : value;
}

static Callout__V1__ChannelKind kind_of(const char *name)
{
    for (int kind = 1; kind < NOTIFY_CHANNEL_KINDS; kind++)
        if (strcmp(notify_channel_find((Callout__V1__ChannelKind)kind)->name, name) == 0)
            return (Callout__V1__ChannelKind)kind;
    abort();
}

static void start(struct driver *d, const json_t *message)
{
    struct notify_message m = {
        .kind = kind_of(text(message, "kind", "webhook")),
        .channel = text(message, "channel", "hook"),
        .url = text(message, "url", ""),
        .from = text(message, "from", "callout@example.com"),
        .to = text(message, "to", "wang@example.org"),
        .secret_file = text(message, "secret_file", ""),
        .person = "wang",
        .name = "王伟",
        .key = text(message, "key", "C-180D.opened-g1-pm.0-a"),
        .number = "C-180D",
        .obligation = text(message, "obligation", "opened"),
        .slot = "pm/0",
        .subject = text(message, "subject", "案件 C-180D"),
        .body = text(message, "body", "第一行\n.\n..第三行\n"),
        .html = text(message, "html", ""),
        .markdown = text(message, "markdown", ""),
        .brief = text(message, "brief", ""),
        .trace = text(message, "trace", ""),
        .phone = text(message, "phone", ""),
        .template_id = text(message, "template_id", ""),
        .form = text(message, "form", ""),
        .severity = (uint32_t)json_integer_value(json_object_get(message, "severity")),
        .generation = 1,
        .planned_us = INT64_C(1771291800000000),
    };
    static char tags[4096][64];
    static size_t used;
    if (used == 4096)
        abort();
    (void)snprintf(tags[used], sizeof(tags[0]), "%s", text(message, "tag", ""));
    if (notify_send_start(d->sender, &m, tags[used++]) != CO_OK)
        abort();
}

static const json_t *next_message(const struct driver *d)
{
    return json_array_get(d->messages, d->started);
}

/* Up to the next one that waits for these. */
static void start_some(struct driver *d)
{
    const json_t *message = next_message(d);
    d->settled_ns = 0;
    do {
        start(d, message);
        d->started++;
        message = next_message(d);
    } while (message != NULL && json_object_get(message, "after_ms") == NULL);
}

static void listen_for_noise(void *arg)
{
    struct driver *d = arg;
    const struct timespec pulse = { .tv_nsec = PULSE_MS * 1000000 };
    while (!atomic_load(&d->is_over)) {
        uint64_t before_ns = uv_hrtime();
        (void)nanosleep(&pulse, NULL);
        uint64_t took_ns = uv_hrtime() - before_ns;
        d->noise_ns = took_ns > d->noise_ns ? took_ns : d->noise_ns;
    }
}

static void on_pulse(uv_timer_t *timer)
{
    struct driver *d = timer->data;
    uint64_t now = uv_hrtime();
    if (now - d->last_pulse_ns > d->stall_ns)
        d->stall_ns = now - d->last_pulse_ns;
    d->last_pulse_ns = now;
    if (notify_send_count(d->sender) > 0)
        return;
    if (d->settled_ns == 0)
        d->settled_ns = now;
    const json_t *message = next_message(d);
    if (message == NULL) {
        notify_send_close(d->sender);
        uv_close((uv_handle_t *)timer, NULL);
        return;
    }
    json_int_t after_ms = json_integer_value(json_object_get(message, "after_ms"));
    if (now - d->settled_ns >= (uint64_t)after_ms * 1000000)
        start_some(d);
}

static void set_option(struct notify_send_options *o, char *argument)
{
    char *value = strchr(argument, '=');
    if (value == NULL)
        abort();
    *value++ = '\0';
    uint32_t number = (uint32_t)strtoul(value, NULL, 10);
    if (strcmp(argument, "secrets_dir") == 0)
        o->secrets_dir = value;
    else if (strcmp(argument, "ca_file") == 0)
        o->ca_file = value;
    else if (strcmp(argument, "allow_private") == 0)
        o->allow_private = number != 0;
    else if (strcmp(argument, "connect_ms") == 0)
        o->connect_ms = number;
    else if (strcmp(argument, "webhook_ms") == 0)
        o->webhook_ms = number;
    else if (strcmp(argument, "smtp_talk_ms") == 0)
        o->smtp_talk_ms = number;
    else if (strcmp(argument, "smtp_final_ms") == 0)
        o->smtp_final_ms = number;
    else if (strcmp(argument, "smtp_kept_ms") == 0)
        o->smtp_kept_ms = number;
    else if (strcmp(argument, "aside_first_ms") == 0)
        o->aside_first_ms = number;
    else if (strcmp(argument, "aside_last_ms") == 0)
        o->aside_last_ms = number;
    else
        abort();
}

int main(int argc, char **argv)
{
    struct driver d = { .messages = json_array(), .changes = json_array() };
    struct notify_send_options options = { .allow_private = false };
    struct notify_send_hooks hooks = { may_send, on_done, on_changed, wall_us, &d };
    uv_loop_t loop;
    (void)signal(SIGPIPE, SIG_IGN);
    for (int i = 1; i < argc; i++)
        set_option(&options, argv[i]);
    if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
        uv_loop_init(&loop) != 0)
        return 1;
    d.sender = notify_send_new(&loop, &options, &hooks);

    json_t *message;
    json_error_t error;
    while ((message = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, &error)) != NULL)
        (void)json_array_append_new(d.messages, message);
    if (next_message(&d) != NULL)
        start_some(&d);
    (void)uv_timer_init(&loop, &d.pulse);
    d.pulse.data = &d;
    d.last_pulse_ns = uv_hrtime();
    (void)uv_timer_start(&d.pulse, on_pulse, PULSE_MS, PULSE_MS);
    uv_thread_t listener;
    if (uv_thread_create(&listener, listen_for_noise, &d) != 0)
        return 1;
    (void)uv_run(&loop, UV_RUN_DEFAULT);
    atomic_store(&d.is_over, true);
    (void)uv_thread_join(&listener);
    json_t *last = json_pack("{s:I, s:I, s:o}", "stall_ms", (json_int_t)(d.stall_ns / 1000000),
                             "noise_ms", (json_int_t)(d.noise_ns / 1000000), "changes", d.changes);
    (void)json_dumpf(last, stdout, JSON_COMPACT);
    json_decref(last);
    json_decref(d.messages);
    curl_global_cleanup();
    return uv_loop_close(&loop) == 0 ? 0 : 1;
}
