#include "intake_advisory.h"

#include "co_buf.h"

/* With texts and references as long as they may be this stays within the 16,000 characters of a description. */
enum { TEXT_BYTES = 64000 };

enum language { ZH, EN, LANGUAGES };

static const struct {
    const char *fix_plan, *workaround, *concerns;
} words[LANGUAGES] = {
    { "修复方案：", "规避措施：", "涉及：" },
    { "Fix plan: ", "Workaround: ", "Concerns: " },
};

static const char *in(const Callout__V1__Text *text, enum language language)
{
    return text == NULL ? "" : language == ZH ? text->zh : text->en;
}

static void add_line(struct co_buf *to, const char *label, const char *text)
{
    if (text[0] != '\0')
        (void)co_buf_printf(to, "%s%s\n", label, text);
}

char *intake_advisory_text(const struct co_registry *r, const Callout__V1__Advisory *advisory, const Callout__V1__Contract *contract,
                           int64_t at_us, struct co_arena *arena)
{
    struct co_buf to;
    co_buf_init(&to, TEXT_BYTES);
    for (enum language i = ZH; i < LANGUAGES; i++) {
        const char *fix_plan = in(advisory->fix_plan, i), *workaround = in(advisory->workaround, i);
        if (fix_plan[0] == '\0' && workaround[0] == '\0')
            continue;
        (void)co_buf_append_text(&to, to.len > 0 ? "\n" : "");
        add_line(&to, words[i].fix_plan, fix_plan);
        add_line(&to, words[i].workaround, workaround);
        (void)co_buf_append_text(&to, words[i].concerns);
        co_advisory_list_places(r, advisory, contract, at_us, i == ZH, &to);
        (void)co_buf_append_text(&to, "\n");
    }
    for (size_t i = 0; i < advisory->n_references; i++)
        (void)co_buf_printf(&to, "%s%s", i == 0 ? "\n" : " ", advisory->references[i]);
    char *text = to.err == CO_OK ? co_arena_strdup(arena, co_buf_text(&to)) : NULL;
    co_buf_done(&to);
    return text;
}
