#include "notify_instead.h"

/* Around the name of the one who is stood in for. */
static const struct {
    const char *behind, *behind_end; /* the subject */
    const char *above, *above_end;   /* the body */
} words[NOTIFY_LANGUAGES] = {
    [NOTIFY_ZH] = { "（代 ", "）", "您代 ", " 收到此通知。" },
    [NOTIFY_EN] = { " (for ", ")", "You are told this for ", "." },
};

/* The text in an arena; `old` where it is longer than allowed. */
static const char *within(struct notify_case *c, struct co_buf *b, const char *old)
{
    const char *text = b->err == CO_OK ? notify_case_keep(c, co_buf_text(b)) : old;
    co_buf_done(b);
    return text;
}

void notify_instead_mark(struct notify_case *c, struct notify_notice *n,
                         const Callout__V1__Person *stands_for, enum notify_language language)
{
    char *name = notify_case_text(c, "%s", stands_for->name);
    struct co_buf subject, body;
    if (name == NULL)
        return;
    notify_text_clean(name);
    co_buf_init(&subject, NOTIFY_SUBJECT_BYTES);
    (void)co_buf_printf(&subject, "%s%s%s%s", n->subject, words[language].behind, name,
                        words[language].behind_end);
    n->subject = within(c, &subject, n->subject);
    co_buf_init(&body, NOTIFY_BODY_BYTES);
    (void)co_buf_printf(&body, "%s%s%s\n%s", words[language].above, name, words[language].above_end,
                        n->body);
    n->body = within(c, &body, n->body);
    n->html = n->markdown = n->brief = NULL; /* the plain one is what says it */
}
