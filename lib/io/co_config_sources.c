#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "co_config_internal.h"

enum { FILE_LIMIT = 1 << 18, SECRET_LIMIT = 4096 };

static const char env_prefix[] = CO_CONFIG_ENV;

/* ---- environment ---- */

/* These are read elsewhere. */
static bool is_other_variable(const char *name)
{
    return strcmp(name, "CALLOUT_FAULT") == 0 || strcmp(name, "CALLOUT_FAULT_SEED") == 0 ||
           strncmp(name, "CALLOUT_TEST_", strlen("CALLOUT_TEST_")) == 0;
}

static void unknown_variable(struct co_config *c, const char *name, const char *option)
{
    char text[512];
    struct co_buf hint;
    co_buf_init(&hint, 512);
    co_config_put_nearest(c, option, &hint);
    snprintf(text, sizeof(text), "%s: not an option of %s%s", name, c->program->name,
             co_buf_text(&hint));
    co_buf_done(&hint);
    co_config_warn(c, text);
}

static void read_variable(struct co_config *c, const char *name, const char *value)
{
    char option[CO_CONFIG_NAME];
    size_t i = 0;
    for (; name[strlen(env_prefix) + i] != '\0'; i++) {
        char letter = name[strlen(env_prefix) + i];
        option[i] = letter == '_' ? '-' : (char)tolower((unsigned char)letter);
    }
    option[i] = '\0';
    bool is_file;
    struct co_setting *s = co_config_find(c, option, &is_file);
    if (is_other_variable(name) || value[0] == '\0')
        return;
    if (strcmp(option, "config") == 0 && c->file == NULL)
        co_config_set_file(c, value);
    else if (s != NULL)
        co_config_give(c, s, CO_FROM_ENVIRONMENT, is_file, value, name);
    else if (strcmp(option, "config") != 0)
        unknown_variable(c, name, option);
}

void co_config_read_environment(struct co_config *c, char *const environment[])
{
    for (char *const *e = environment; *e != NULL; e++) {
        char name[CO_CONFIG_NAME];
        const char *equals = strchr(*e, '=');
        if (equals == NULL || strncmp(*e, env_prefix, strlen(env_prefix)) != 0 ||
            (size_t)(equals - *e) >= sizeof(name))
            continue;
        memcpy(name, *e, (size_t)(equals - *e));
        name[equals - *e] = '\0';
        read_variable(c, name, equals + 1);
    }
}

/* ---- files ---- */

/* The whole file as a string for the caller to free; NULL: `why_not` says why. */
static char *read_whole(const char *path, size_t limit, const char **why_not)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    char *text = NULL;
    *why_not = "is not a file";
    if (fd < 0 || fstat(fd, &st) != 0) {
        *why_not = strerror(errno);
    } else if (S_ISREG(st.st_mode) && (text = calloc(1, limit + 2)) != NULL) {
        ssize_t len = read(fd, text, limit + 1);
        *why_not = len < 0                      ? strerror(errno)
                   : (size_t)len > limit        ? "is too long"
                   : strlen(text) < (size_t)len ? "contains a NUL byte"
                                                : NULL;
    }
    if (fd >= 0)
        close(fd);
    if (*why_not != NULL && text != NULL) {
        sodium_memzero(text, limit + 2);
        free(text);
        text = NULL;
    }
    return text;
}

static char *trimmed(char *s)
{
    while (isspace((unsigned char)*s))
        s++;
    char *end = s + strlen(s);
    while (end > s && isspace((unsigned char)end[-1]))
        end--;
    *end = '\0';
    return s;
}

static char *unquoted(char *value)
{
    size_t len = strlen(value);
    if (len < 2 || value[0] != '"' || value[len - 1] != '"')
        return value;
    value[len - 1] = '\0';
    return value + 1;
}

static void read_line(struct co_config *c, char *line, unsigned number)
{
    char where[CO_CONFIG_WHERE];
    char *name = trimmed(line);
    if (name[0] == '\0' || name[0] == '#')
        return;
    char *equals = strchr(name, '=');
    if (equals == NULL) {
        co_config_error(c, "%s:%u: a line is \"name = value\"", c->file, number);
        return;
    }
    *equals = '\0';
    name = trimmed(name);
    snprintf(where, sizeof(where), "%s:%u: %s", c->file, number, name);
    bool is_file;
    struct co_setting *s = co_config_find(c, name, &is_file);
    if (s == NULL)
        co_config_unknown(c, where, name);
    else
        co_config_give(c, s, CO_FROM_FILE, is_file, unquoted(trimmed(equals + 1)), where);
}

void co_config_read_file(struct co_config *c)
{
    const char *why_not;
    char *text = read_whole(c->file, FILE_LIMIT, &why_not);
    if (text == NULL) {
        co_config_error(c, "--config: %s: %s", c->file, why_not);
        return;
    }
    unsigned number = 1;
    for (char *line = text; line != NULL; number++) {
        char *next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        read_line(c, line, number);
        line = next;
    }
    sodium_memzero(text, FILE_LIMIT + 2);
    free(text);
}

void co_config_read_secret(struct co_config *c, struct co_setting *s)
{
    const char *why_not;
    if (!s->is_file || s->text == NULL)
        return;
    char *secret = read_whole(s->text, SECRET_LIMIT, &why_not);
    if (secret == NULL) {
        co_config_error(c, "%s: %s: %s", s->where, s->text, why_not);
        return;
    }
    secret[strcspn(secret, "\r\n")] = '\0';
    if (secret[0] == '\0')
        co_config_error(c, "%s: %s: the first line is empty", s->where, s->text);
    free(s->text);
    s->text = secret;
}
