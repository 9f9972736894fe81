#include <string.h>

#include "co_config_internal.h"

enum { INDENT = 6, WIDTH = 80 };

/* Words of `text`, in lines of at most WIDTH columns (our texts are ASCII), each indented. */
static void put_wrapped(struct co_buf *out, const char *text)
{
    size_t column = 0;
    while (*text != '\0') {
        size_t word = strcspn(text, " ");
        if (column > 0 && column + 1 + word > WIDTH) {
            co_buf_append_text(out, "\n");
            column = 0;
        }
        if (column == 0) {
            co_buf_printf(out, "%*s", INDENT, "");
            column = INDENT;
        } else {
            co_buf_append_text(out, " ");
            column++;
        }
        co_buf_append(out, text, word);
        column += word;
        text += word;
        text += strspn(text, " ");
    }
    co_buf_append_text(out, "\n");
}

static void put_flag(struct co_buf *out, const struct co_option *o)
{
    if (o->type == CO_OPTION_BOOL)
        co_buf_printf(out, "  --[no-]%s\n", o->name);
    else if (o->type == CO_OPTION_SECRET)
        co_buf_printf(out, "  --%s-file FILE\n", o->name);
    else
        co_buf_printf(out, "  --%s %s\n", o->name, co_config_placeholder(o));
}

/* "Default 3s. Allowed: 500ms to 1m. CALLOUT_LEASE_TTL" */
static void put_facts(struct co_buf *out, const struct co_option *o)
{
    char env[CO_CONFIG_NAME];
    struct co_buf facts;
    co_buf_init(&facts, 4096);
    if (o->is_required)
        co_buf_append_text(&facts, "Required. ");
    else if (o->value != NULL && o->value[0] != '\0')
        co_buf_printf(&facts, "Default %s. ", o->value);
    if (o->type != CO_OPTION_BOOL &&
        (o->choices != NULL || o->min != 0 || o->max != 0 || o->type == CO_OPTION_ENDPOINT)) {
        co_buf_append_text(&facts, "Allowed: ");
        co_config_allowed(o, &facts);
        co_buf_append_text(&facts, ". ");
    }
    co_config_env_name(o->name, "", env);
    co_buf_append_text(&facts, env);
    if (o->type == CO_OPTION_SECRET)
        co_buf_printf(&facts, " or %s_FILE", env);
    put_wrapped(out, co_buf_text(&facts));
    co_buf_done(&facts);
}

void co_config_help(const struct co_program *program, struct co_buf *out)
{
    co_buf_printf(out, "Usage: %s [OPTION...]%s%s\n\n%s\n\n", program->name,
                  program->arguments != NULL ? " " : "",
                  program->arguments != NULL ? program->arguments : "", program->summary);
    co_buf_append_text(out, "An option can stand in a file (name = value), in the environment and "
                            "as a flag;\nthe flag counts before the environment, the environment "
                            "before the file.\n\n"
                            "General\n"
                            "  --config FILE\n      Options in a file. CALLOUT_CONFIG\n"
                            "  --check-config\n      Check all options, change nothing, exit.\n"
                            "  --help\n  --version\n");
    for (size_t t = 0; t < program->table_count; t++) {
        const struct co_option_table *table = &program->tables[t];
        co_buf_printf(out, "\n%s\n", table->group);
        for (size_t i = 0; i < table->count; i++) {
            put_flag(out, &table->options[i]);
            put_wrapped(out, table->options[i].help);
            put_facts(out, &table->options[i]);
        }
    }
}

static void put_origin(const struct co_setting *s, struct co_buf *out)
{
    if (s->source == CO_FROM_DEFAULT)
        co_buf_append_text(out, "# default\n");
    else
        co_buf_printf(out, "# %s\n", s->where);
}

/* The origin comes first, as a comment of its own line, because a value may contain '#'. */
enum co_err co_config_show(const struct co_config *c, struct co_buf *out)
{
    for (size_t i = 0; i < c->count; i++) {
        const struct co_setting *s = &c->settings[i];
        put_origin(s, out);
        bool is_none = s->text == NULL || s->text[0] == '\0';
        if (is_none)
            co_buf_printf(out, "# %s is not set\n", s->option->name);
        else if (s->option->type == CO_OPTION_SECRET)
            co_buf_printf(out, "# %s is set\n", s->option->name);
        else
            co_buf_printf(out, "%s = \"%s\"\n", s->option->name, s->text);
    }
    return out->err;
}
