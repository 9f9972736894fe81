#include "co_config.h"

#include <ctype.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "co_assert.h"
#include "co_config_internal.h"
#include "co_text.h"

enum { OUTPUT_LIMIT = 1 << 20, WARNINGS_MAX = 64 };

static const char file_tail[] = "-file";

void co_config_env_name(const char *name, const char *tail, char to[static CO_CONFIG_NAME])
{
    int len = snprintf(to, CO_CONFIG_NAME, "%s%s%s", CO_CONFIG_ENV, name, tail);
    co_assert(len < CO_CONFIG_NAME);
    for (char *c = to; *c != '\0'; c++)
        *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
}

/* Takes a formatted line into `errors`, controls made visible so that no value starts a line. */
void co_config_error(struct co_config *c, const char *format, ...)
{
    char line[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    for (char *p = line; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7f)
            *p = '?';
    co_buf_printf(&c->errors, "%s: %s\n", c->program->name, line);
}

void co_config_warn(struct co_config *c, const char *text)
{
    if (c->warning_count == WARNINGS_MAX)
        return;
    char *copy = strdup(text);
    if (copy != NULL)
        c->warnings[c->warning_count++] = copy;
}

static bool ends_in_file(const char *name, size_t option_len)
{
    return strcmp(name + option_len, file_tail) == 0;
}

struct co_setting *co_config_find(struct co_config *c, const char *name, bool *ret_is_file)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct co_option *o = c->settings[i].option;
        size_t len = strlen(o->name);
        *ret_is_file = false;
        if (strcmp(o->name, name) == 0)
            return &c->settings[i];
        *ret_is_file = true;
        if (o->type == CO_OPTION_SECRET && strncmp(o->name, name, len) == 0 &&
            ends_in_file(name, len))
            return &c->settings[i];
    }
    return NULL;
}

void co_config_put_nearest(struct co_config *c, const char *name, struct co_buf *out)
{
    const char **names = calloc(c->count + 4, sizeof(*names));
    if (names == NULL)
        return;
    for (size_t i = 0; i < c->count; i++)
        names[i] = c->settings[i].option->name;
    names[c->count] = "config";
    names[c->count + 1] = "check-config";
    names[c->count + 2] = "help";
    names[c->count + 3] = "version";
    const char *near = co_text_nearest(name, names, c->count + 4);
    if (near != NULL)
        co_buf_printf(out, "; did you mean \"%s\"?", near);
    free(names);
}

void co_config_unknown(struct co_config *c, const char *where, const char *name)
{
    struct co_buf hint;
    co_buf_init(&hint, 512);
    co_config_put_nearest(c, name, &hint);
    co_config_error(c, "%s: unknown option%s", where, co_buf_text(&hint));
    co_buf_done(&hint);
}

void co_config_give(struct co_config *c, struct co_setting *s, enum co_config_source source,
                    bool is_file, const char *text, const char *where)
{
    if (s->source == source && s->option->type == CO_OPTION_SECRET && s->is_file != is_file) {
        co_config_error(c, "%s: %s was given too; give one of them", where, s->where);
        return;
    }
    if (s->source == source && source == CO_FROM_FILE) {
        co_config_error(c, "%s: the same option as in %s", where, s->where);
        return;
    }
    if (s->source > source)
        return;
    char *copy = strdup(text);
    if (copy == NULL) {
        co_config_error(c, "%s: no memory", where);
        return;
    }
    free(s->text);
    s->text = copy;
    s->source = source;
    s->is_file = is_file;
    snprintf(s->where, sizeof(s->where), "%s", where);
}

void co_config_set_file(struct co_config *c, const char *path)
{
    free(c->file);
    c->file = strdup(path);
    if (c->file == NULL)
        co_config_error(c, "no memory");
}

static struct co_config *config_new(const struct co_program *program, int argc)
{
    struct co_config *c = calloc(1, sizeof(*c));
    if (c == NULL)
        return NULL;
    c->program = program;
    co_buf_init(&c->output, OUTPUT_LIMIT);
    co_buf_init(&c->errors, OUTPUT_LIMIT);
    for (size_t t = 0; t < program->table_count; t++)
        c->count += program->tables[t].count;
    c->settings = calloc(c->count + 1, sizeof(*c->settings));
    c->warnings = calloc(WARNINGS_MAX, sizeof(*c->warnings));
    c->arguments = calloc((size_t)argc + 1, sizeof(*c->arguments));
    if (c->settings == NULL || c->warnings == NULL || c->arguments == NULL) {
        c->count = 0;
        co_config_free(c);
        return NULL;
    }
    return c;
}

/* A row is our own: no name twice, no secret in the program, a default that is allowed. */
static void check_row(const struct co_config *c, size_t n, const struct co_setting *s)
{
    struct co_buf problem;
    co_buf_init(&problem, 1024);
    for (size_t i = 0; i < n; i++)
        co_assert(strcmp(c->settings[i].option->name, s->option->name) != 0);
    co_assert(s->option->type != CO_OPTION_SECRET || s->option->value == NULL);
    co_assert(s->option->type == CO_OPTION_FILE || s->text == NULL ||
              co_config_store(s, NULL, &problem));
    co_buf_done(&problem);
}

/* Makes a setting of each row. False: out of memory. */
static bool take_tables(struct co_config *c)
{
    size_t n = 0;
    for (size_t t = 0; t < c->program->table_count; t++) {
        const struct co_option_table *table = &c->program->tables[t];
        for (size_t i = 0; i < table->count; i++, n++) {
            const struct co_option *o = &table->options[i];
            struct co_setting *s = &c->settings[n];
            *s = (struct co_setting){ .option = o, .table = table };
            s->text = o->value != NULL ? strdup(o->value) : NULL;
            if (o->value != NULL && s->text == NULL)
                return false;
            snprintf(s->where, sizeof(s->where), "%s%s", o->type == CO_OPTION_SECRET ? "" : "--",
                     o->name);
            check_row(c, n, s);
        }
    }
    return true;
}

static void check(struct co_config *c, struct co_setting *s)
{
    struct co_buf problem;
    co_buf_init(&problem, 2048);
    co_config_read_secret(c, s);
    if (!co_config_store(s, NULL, &problem))
        co_config_error(c, "%s: %s", s->where, co_buf_text(&problem));
    co_buf_done(&problem);
}

static void store_all(struct co_config *c)
{
    struct co_buf problem;
    co_buf_init(&problem, 2048);
    for (size_t i = 0; i < c->count; i++) {
        bool is_stored = co_config_store(&c->settings[i], c->settings[i].table->into, &problem);
        (void)is_stored; /* checked before; a file that vanished in between is noticed when used */
    }
    co_buf_done(&problem);
}

static enum co_config_next conclude(struct co_config *c)
{
    if (c->wants_help)
        co_config_help(c->program, &c->output);
    else if (c->wants_version)
        co_buf_printf(&c->output, "%s %s\n", c->program->name, c->program->version);
    if (c->wants_help || c->wants_version)
        return CO_CONFIG_DONE;
    if (c->file != NULL)
        co_config_read_file(c);
    for (size_t i = 0; i < c->count; i++)
        check(c, &c->settings[i]);
    if (c->errors.len > 0 || c->errors.err != CO_OK)
        return CO_CONFIG_WRONG;
    store_all(c);
    return c->wants_check ? CO_CONFIG_CHECK : CO_CONFIG_RUN;
}

enum co_config_next co_config_read(const struct co_program *program, int argc, char *const argv[],
                                   char *const environment[], struct co_config **ret_config)
{
    struct co_config *c = config_new(program, argc);
    if (c != NULL && !take_tables(c)) {
        co_config_free(c);
        c = NULL;
    }
    *ret_config = c;
    if (c == NULL)
        return CO_CONFIG_WRONG;
    co_config_read_flags(c, argc, argv);
    co_config_read_environment(c, environment);
    enum co_config_next next = conclude(c);
    c->program = NULL; /* the caller's, for this call only */
    return next;
}

static void clear_pg_variables(void)
{
    for (size_t i = 0; environ[i] != NULL;) {
        char name[128];
        size_t len = strcspn(environ[i], "=");
        bool is_pg = strncmp(environ[i], "PG", 2) == 0 && len < sizeof(name);
        if (!is_pg) {
            i++;
            continue;
        }
        memcpy(name, environ[i], len);
        name[len] = '\0';
        unsetenv(name); /* moves the others up */
    }
}

enum co_config_next co_config_load(const struct co_program *program, int argc, char *const argv[],
                                   struct co_config **ret_config)
{
    clear_pg_variables();
    enum co_config_next next = co_config_read(program, argc, argv, environ, ret_config);
    if (*ret_config == NULL) {
        fprintf(stderr, "%s: no memory\n", program->name);
        return next;
    }
    fputs(co_config_output(*ret_config), stdout);
    if (next == CO_CONFIG_WRONG)
        fputs(co_config_errors(*ret_config), stderr);
    return next;
}

static bool is_same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

void co_config_changes(const struct co_config *before, const struct co_config *now, const char *except, struct co_buf *names)
{
    co_assert(before->count == now->count);
    for (size_t i = 0; i < now->count; i++) {
        const struct co_setting *s = &now->settings[i];
        if (strcmp(s->option->name, except) != 0 && !is_same_text(before->settings[i].text, s->text))
            (void)co_buf_printf(names, "%s%s", names->len > 0 ? " " : "", s->option->name);
    }
}

void co_config_free(struct co_config *c)
{
    if (c == NULL)
        return;
    for (size_t i = 0; i < c->count; i++) {
        if (c->settings[i].text != NULL)
            sodium_memzero(c->settings[i].text, strlen(c->settings[i].text));
        free(c->settings[i].text);
    }
    for (size_t i = 0; c->warnings != NULL && i < c->warning_count; i++)
        free(c->warnings[i]);
    free(c->settings);
    free(c->warnings);
    free(c->arguments);
    free(c->file);
    co_buf_done(&c->output);
    co_buf_done(&c->errors);
    free(c);
}

const char *co_config_output(const struct co_config *c)
{
    return co_buf_text(&c->output);
}

const char *co_config_errors(const struct co_config *c)
{
    return co_buf_text(&c->errors);
}

size_t co_config_warning_count(const struct co_config *c)
{
    return c->warning_count;
}

const char *co_config_warning(const struct co_config *c, size_t i)
{
    co_assert(i < c->warning_count);
    return c->warnings[i];
}

size_t co_config_argument_count(const struct co_config *c)
{
    return c->argument_count;
}

const char *co_config_argument(const struct co_config *c, size_t i)
{
    co_assert(i < c->argument_count);
    return c->arguments[i];
}
