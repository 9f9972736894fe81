#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "co_assert.h"
#include "co_config_internal.h"
#include "co_text.h"
#include "co_time.h"

enum { TEXT_LIMIT = 4096, IPC_PATH_LIMIT = 107 };

union value {
    const char *text;
    int64_t number;
    bool is_on;
};

static bool has_bounds(const struct co_option *o)
{
    return o->min != 0 || o->max != 0;
}

static void put_duration(struct co_buf *out, int64_t ms)
{
    char text[CO_DURATION_TEXT];
    co_duration_format(ms * CO_MILLISECOND_US, text);
    co_buf_append_text(out, text);
}

/* ---- what is allowed ---- */

static void allow_text(const struct co_option *o, struct co_buf *out)
{
    if (o->choices == NULL) {
        co_buf_printf(out, "text of at most %d bytes", o->max > 0 ? (int)o->max : TEXT_LIMIT);
        return;
    }
    for (const char *c = o->choices; *c != '\0'; c++)
        co_buf_append_text(out, *c == ' ' ? ", " : (const char[]){ *c, '\0' });
}

static void allow_int(const struct co_option *o, struct co_buf *out)
{
    if (has_bounds(o))
        co_buf_printf(out, "%lld to %lld", (long long)o->min, (long long)o->max);
    else
        co_buf_append_text(out, "a whole number");
}

static void allow_duration(const struct co_option *o, struct co_buf *out)
{
    if (!has_bounds(o)) {
        co_buf_append_text(out, "a length of time such as 500ms, 3s, 1h30m");
        return;
    }
    put_duration(out, o->min);
    co_buf_append_text(out, " to ");
    put_duration(out, o->max);
}

static void allow_bool(const struct co_option *o, struct co_buf *out)
{
    (void)o;
    co_buf_append_text(out, "true, false");
}

static void allow_endpoint(const struct co_option *o, struct co_buf *out)
{
    (void)o;
    co_buf_append_text(out, "tcp://HOST:PORT, ipc://PATH, inproc://NAME");
}

static void allow_address(const struct co_option *o, struct co_buf *out)
{
    (void)o;
    co_buf_append_text(out, "HOST:PORT");
}

static void allow_file(const struct co_option *o, struct co_buf *out)
{
    (void)o;
    co_buf_append_text(out, "a file that can be read");
}

/* ---- reading ---- */

static bool is_choice(const char *choices, const char *text)
{
    size_t len = strlen(text);
    for (const char *c = choices; *c != '\0'; c += strspn(c, " ")) {
        size_t word = strcspn(c, " ");
        if (word == len && memcmp(c, text, len) == 0)
            return true;
        c += word;
    }
    return false;
}

static bool parse_text(const struct co_option *o, const char *text, union value *v)
{
    size_t limit = o->max > 0 ? (size_t)o->max : TEXT_LIMIT;
    v->text = text;
    return strlen(text) <= limit && co_text_is_valid(text, strlen(text)) &&
           (o->choices == NULL || is_choice(o->choices, text));
}

static bool is_within(const struct co_option *o, int64_t number)
{
    return !has_bounds(o) || (number >= o->min && number <= o->max);
}

static bool parse_int(const struct co_option *o, const char *text, union value *v)
{
    char *end;
    errno = 0;
    long long number = strtoll(text, &end, 10);
    v->number = number;
    return (isdigit((unsigned char)text[0]) || text[0] == '-') && *end == '\0' && errno == 0 &&
           is_within(o, number);
}

static bool parse_duration(const struct co_option *o, const char *text, union value *v)
{
    int64_t us;
    if (co_duration_parse(text, &us) != CO_OK || us % CO_MILLISECOND_US != 0)
        return false;
    v->number = us / CO_MILLISECOND_US;
    return is_within(o, v->number);
}

static bool parse_bool(const struct co_option *o, const char *text, union value *v)
{
    static const char *const words[] = { "false", "true", "no", "yes", "off", "on", "0", "1" };
    (void)o;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(text, words[i]) == 0) {
            v->is_on = i % 2 == 1;
            return true;
        }
    }
    return false;
}

/* "0".."65535", or "*" where the system may choose. */
static bool is_port(const char *text, bool may_be_any)
{
    if (may_be_any && strcmp(text, "*") == 0)
        return true;
    size_t digits = strspn(text, "0123456789");
    return digits >= 1 && digits <= 5 && text[digits] == '\0' && atoi(text) <= 65535;
}

/* HOST:PORT; the host must not be empty nor contain what an address cannot. */
static bool is_host_port(const char *text, bool may_be_any)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || colon == text || !is_port(colon + 1, may_be_any))
        return false;
    size_t host = (size_t)(colon - text);
    if (text[0] == '[')
        return host > 2 && text[host - 1] == ']' &&
               strspn(text + 1, "0123456789abcdefABCDEF:.") == host - 2;
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    return strspn(text, letters) == host || (may_be_any && host == 1 && text[0] == '*');
}

static bool parse_address(const struct co_option *o, const char *text, union value *v)
{
    (void)o;
    v->text = text;
    return is_host_port(text, false);
}

static bool parse_endpoint(const struct co_option *o, const char *text, union value *v)
{
    static const char tcp[] = "tcp://";
    static const char ipc[] = "ipc://";
    static const char inproc[] = "inproc://";
    (void)o;
    v->text = text;
    if (strncmp(text, tcp, strlen(tcp)) == 0)
        return is_host_port(text + strlen(tcp), true);
    if (strncmp(text, ipc, strlen(ipc)) == 0) {
        size_t len = strlen(text + strlen(ipc));
        return len > 0 && len <= IPC_PATH_LIMIT;
    }
    return strncmp(text, inproc, strlen(inproc)) == 0 && text[strlen(inproc)] != '\0';
}

static bool parse_file(const struct co_option *o, const char *text, union value *v)
{
    (void)o;
    v->text = text;
    return access(text, R_OK) == 0;
}

struct type {
    const char *placeholder;
    const char *is_not; /* "is not ..." */
    void (*allow)(const struct co_option *o, struct co_buf *out);
    bool (*parse)(const struct co_option *o, const char *text, union value *v);
};

static const struct type types[CO_OPTION_TYPES] = {
    [CO_OPTION_TEXT] = { "TEXT", "is not allowed", allow_text, parse_text },
    [CO_OPTION_INT] = { "NUMBER", "is not such a number", allow_int, parse_int },
    [CO_OPTION_DURATION] = { "TIME", "is not such a length of time", allow_duration,
                             parse_duration },
    [CO_OPTION_BOOL] = { "", "is neither true nor false", allow_bool, parse_bool },
    [CO_OPTION_ENDPOINT] = { "ENDPOINT", "is not an endpoint", allow_endpoint, parse_endpoint },
    [CO_OPTION_ADDRESS] = { "ADDRESS", "is not an address", allow_address, parse_address },
    [CO_OPTION_FILE] = { "FILE", "cannot be read", allow_file, parse_file },
    [CO_OPTION_SECRET] = { "TEXT", "is not allowed", allow_text, parse_text },
};

const char *co_config_placeholder(const struct co_option *option)
{
    return option->type == CO_OPTION_INT && option->unit != NULL ? option->unit
                                                                 : types[option->type].placeholder;
}

void co_config_allowed(const struct co_option *option, struct co_buf *out)
{
    types[option->type].allow(option, out);
    if (option->type == CO_OPTION_INT && option->unit != NULL)
        co_buf_printf(out, " %s", option->unit);
}

static void store(const struct co_option *o, union value v, void *into)
{
    char *at = (char *)into + o->offset;
    if (o->type == CO_OPTION_INT || o->type == CO_OPTION_DURATION)
        memcpy(at, &v.number, sizeof(v.number));
    else if (o->type == CO_OPTION_BOOL)
        memcpy(at, &v.is_on, sizeof(v.is_on));
    else
        memcpy(at, &v.text, sizeof(v.text));
}

static void explain(const struct co_option *o, const char *text, struct co_buf *problem)
{
    if (o->type == CO_OPTION_SECRET)
        co_buf_append_text(problem, "the secret");
    else
        co_buf_printf(problem, "\"%.*s\"", (int)co_text_clip(text, 200), text);
    co_buf_printf(problem, " %s; allowed: ", types[o->type].is_not);
    co_config_allowed(o, problem);
}

bool co_config_store(const struct co_setting *setting, void *into, struct co_buf *problem)
{
    const struct co_option *o = setting->option;
    union value v = { .number = 0 };
    co_assert(o->type < CO_OPTION_TYPES);
    bool is_text =
        o->type != CO_OPTION_INT && o->type != CO_OPTION_DURATION && o->type != CO_OPTION_BOOL;
    bool is_none = setting->text == NULL || (is_text && setting->text[0] == '\0');
    if (is_none && o->is_required) {
        char env[CO_CONFIG_NAME];
        co_config_env_name(o->name, "", env);
        co_buf_printf(problem, "is required: set %s, or %s in the file%s%s", env, o->name,
                      o->type == CO_OPTION_SECRET ? "" : ", or --",
                      o->type == CO_OPTION_SECRET ? "" : o->name);
        return false;
    }
    if (is_none && is_text)
        v.text = NULL;
    else if (is_none && o->type == CO_OPTION_BOOL)
        v.is_on = false;
    else if (!is_none && !types[o->type].parse(o, setting->text, &v)) {
        explain(o, setting->text, problem);
        return false;
    }
    if (into != NULL)
        store(o, v, into);
    return true;
}
