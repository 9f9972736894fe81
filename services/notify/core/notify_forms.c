#include "notify_forms.h"

#include <string.h>

#include "notify_answer_codes.h"
#include "notify_fields.h"

/* How a form is written. */
static const struct form {
    size_t limit_bytes;
    const char *between; /* two languages; NULL: only the first is written */
    const char *answer;  /* template: how it is answered, behind it; NULL: not there */
    enum notify_escape escape;
    bool is_line;
    bool is_whole; /* is left out rather than cut */
} forms[NOTIFY_FORMS] = {
    [NOTIFY_FORM_SUBJECT] = { .limit_bytes = NOTIFY_SUBJECT_BYTES,
                              .between = " / ",
                              .is_line = true },
    [NOTIFY_FORM_BODY] = { .limit_bytes = NOTIFY_BODY_BYTES,
                           .between = "\n\n",
                           .answer = "\n{answer}" },
    [NOTIFY_FORM_HTML] = { .escape = NOTIFY_ESCAPE_HTML,
                           .limit_bytes = NOTIFY_HTML_BYTES,
                           .between = "\n<hr>\n",
                           .answer = "\n<p>{answer}</p>",
                           .is_whole = true },
    [NOTIFY_FORM_MARKDOWN] = { .escape = NOTIFY_ESCAPE_MARKDOWN,
                               .limit_bytes = NOTIFY_BODY_BYTES,
                               .between = "\n\n",
                               .answer = "\n\n{answer}" },
    [NOTIFY_FORM_BRIEF] = { .limit_bytes = NOTIFY_BRIEF_BYTES,
                            .answer = " {answer}",
                            .is_line = true },
};

/* ---- templates ---- */

struct notify_templates notify_templates_of_rule(const Callout__V1__NoticeRule *rule)
{
    const Callout__V1__Text *const texts[NOTIFY_FORMS] = {
        [NOTIFY_FORM_SUBJECT] = rule->subject, [NOTIFY_FORM_BODY] = rule->body,
        [NOTIFY_FORM_HTML] = rule->html,       [NOTIFY_FORM_MARKDOWN] = rule->markdown,
        [NOTIFY_FORM_BRIEF] = rule->brief,
    };
    struct notify_templates t;
    for (int form = 0; form < NOTIFY_FORMS; form++)
        for (int i = 0; i < NOTIFY_LANGUAGES; i++)
            t.text[form][i] = notify_text_pick(texts[form], (enum notify_language)i);
    return t;
}

struct notify_templates notify_templates_of_house(enum notify_house which)
{
    struct notify_templates t;
    for (int form = 0; form < NOTIFY_FORMS; form++)
        for (int i = 0; i < NOTIFY_LANGUAGES; i++)
            t.text[form][i] = "";
    for (int i = 0; i < NOTIFY_LANGUAGES; i++) {
        t.text[NOTIFY_FORM_SUBJECT][i] = notify_words_subject(which, (enum notify_language)i);
        t.text[NOTIFY_FORM_BODY][i] = notify_words_body(which, (enum notify_language)i);
    }
    return t;
}

/* ---- one form ---- */

/* What a reader of one language is told. */
struct reading {
    enum notify_language language;
    bool is_answered;
    struct notify_field fields[NOTIFY_FIELDS];
};

/* NULL: it would be cut and may not be, or memory was out. */
static char *fill(struct notify_case *c, const struct form *f, const char *template,
                  const struct reading *r, size_t limit_bytes)
{
    struct notify_fill what = { r->fields, NOTIFY_FIELDS, f->escape };
    struct co_buf text;
    co_buf_init(&text, limit_bytes);
    enum co_err err = notify_text_fill(template, &what, &text);
    if (err == CO_ENOMEM)
        c->err = CO_ENOMEM;
    bool is_good = err == CO_OK || (err == CO_EFULL && !f->is_whole);
    char *copy = is_good ? notify_case_text(c, "%s", co_buf_text(&text)) : NULL;
    co_buf_done(&text);
    return copy;
}

/* How it is answered is never cut off. */
static char *fill_answered(struct notify_case *c, const struct form *f, const char *template,
                           const struct reading *r, size_t limit_bytes)
{
    char *text = fill(c, f, template, r, limit_bytes);
    bool is_said = strstr(template, "{answer}") != NULL;
    if (text == NULL || f->answer == NULL || !r->is_answered || is_said)
        return text;
    const char *answer = fill(c, f, f->answer, r, NOTIFY_HTML_BYTES);
    return answer == NULL ? NULL : notify_case_text(c, "%s%s", text, answer);
}

static void make_line(char *text)
{
    notify_text_clean(text);
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ')
        len--;
    text[len] = '\0';
}

/* One language after the other; once, where the second has no words of its own. NULL: there is no
 * such form. */
static const char *write_form(struct notify_case *c, const struct form *f,
                              const char *const templates[static NOTIFY_LANGUAGES],
                              const struct reading *readings, size_t count)
{
    const char *first = templates[readings[0].language];
    bool is_double =
        count == 2 && f->between != NULL && strcmp(first, templates[readings[1].language]) != 0;
    size_t limit_bytes = is_double ? (f->limit_bytes - strlen(f->between)) / 2 : f->limit_bytes;
    char *text = fill_answered(c, f, first, &readings[0], limit_bytes);
    if (text != NULL && is_double) {
        const char *second =
            fill_answered(c, f, templates[readings[1].language], &readings[1], limit_bytes);
        text = second == NULL ? NULL : notify_case_text(c, "%s%s%s", text, f->between, second);
    }
    if (text != NULL && f->is_line)
        make_line(text);
    return text;
}

/* ---- {told} ---- */

/* The subject of what nobody has answered, as this reader would have been told it. */
static const char *write_asked(struct notify_case *c, const struct notify_occasion *o,
                               const struct notify_reader *reader)
{
    struct notify_templates t = notify_templates_of_rule(o->asks);
    struct reading r = { .language = reader->language };
    notify_fields_fill(c, o->asked, *reader, r.fields);
    const char *text =
        write_form(c, &forms[NOTIFY_FORM_SUBJECT], t.text[NOTIFY_FORM_SUBJECT], &r, 1);
    return text != NULL && text[0] != '\0' ? text : o->asked->obligation;
}

static const char *told_of(struct notify_case *c, const struct notify_occasion *o,
                           const struct notify_reader *reader)
{
    if (o->asked != NULL)
        return write_asked(c, o, reader);
    return o->told_by != NULL ? o->told_by->subject : o->told;
}

/* ---- all ---- */

static size_t read_fields(struct notify_case *c, const struct notify_occasion *o,
                          const Callout__V1__Person *person, const struct notify_notice *n,
                          struct reading ret_readings[static NOTIFY_LANGUAGES])
{
    enum notify_language languages[NOTIFY_LANGUAGES];
    size_t count = notify_languages_of(person->language, languages);
    for (size_t i = 0; i < count; i++) {
        struct reading *r = &ret_readings[i];
        struct notify_reader reader = notify_fields_reader(c, person);
        reader.language = r->language = languages[i];
        reader.told = told_of(c, o, &reader);
        reader.answer = notify_answer_codes_text(c, n, r->language);
        r->is_answered = reader.answer[0] != '\0';
        notify_fields_fill(c, o, reader, r->fields);
    }
    return count;
}

void notify_forms_write(struct notify_case *c, const struct notify_occasion *o,
                        const struct notify_templates *t, const Callout__V1__Person *person,
                        struct notify_notice *n)
{
    struct reading readings[NOTIFY_LANGUAGES] = { { .language = NOTIFY_ZH } };
    size_t count = read_fields(c, o, person, n, readings);
    const char **const to[NOTIFY_FORMS] = {
        [NOTIFY_FORM_SUBJECT] = &n->subject, [NOTIFY_FORM_BODY] = &n->body,
        [NOTIFY_FORM_HTML] = &n->html,       [NOTIFY_FORM_MARKDOWN] = &n->markdown,
        [NOTIFY_FORM_BRIEF] = &n->brief,
    };
    for (int form = 0; form < NOTIFY_FORMS; form++) {
        const char *const *templates = t->text[form];
        bool is_needed = form == NOTIFY_FORM_SUBJECT || form == NOTIFY_FORM_BODY;
        bool is_there = templates[readings[0].language][0] != '\0';
        const char *text =
            is_there ? write_form(c, &forms[form], templates, readings, count) : NULL;
        *to[form] = text == NULL && is_needed ? "" : text;
    }
}
