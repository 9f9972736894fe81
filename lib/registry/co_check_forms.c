/* The forms of a notice beside its body: HTML for mail, markdown for robots, a line for text
 * messages. */
#include <string.h>

#include "co_check.h"
#include "co_html.h"

enum { HTML_BYTES = 10000, BRIEF_CHARACTERS = 300 };

static void check_html(struct co_check *c, const char *text)
{
    struct co_html_fault fault;
    size_t len = strlen(text);
    if (len > HTML_BYTES)
        check_say(c, "", "10000 bytes", "%zu bytes are too many", len);
    if (!co_html_check(text, &fault))
        check_say(c, "", fault.allowed, "line %u of it: %s", fault.line, fault.what);
}

/* Characters of the template's own, without its fields. */
static size_t own_characters(const char *text)
{
    size_t count = 0;
    while (*text != '\0') {
        const char *end = *text == '{' && text[1] != '{' ? strchr(text, '}') : NULL;
        if (end == NULL)
            count += ((unsigned char)*text & 0xc0) != 0x80 ? 1 : 0;
        text += end != NULL ? end - text + 1 : *text == '{' && text[1] == '{' ? 2 : 1;
    }
    return count;
}

static void check_brief(struct co_check *c, const char *text)
{
    size_t count = own_characters(text);
    if (count > BRIEF_CHARACTERS)
        check_say(c, "", "300 characters", "%zu characters without fields are too many", count);
}

/* Who reads the body in a language reads the other forms in it, too. */
static void check_language(struct co_check *c, const char *language, const char *body,
                           const char *form, void (*check)(struct co_check *c, const char *text))
{
    if (body[0] != '\0' && form[0] == '\0')
        check_say(c, language, "the languages of \"body\"", "is needed, as \"body\" has it");
    if (body[0] == '\0' && form[0] != '\0')
        check_say(c, language, "the languages of \"body\"", "\"body\" does not have it");
    size_t mark = check_push(c, language);
    if (check != NULL)
        check(c, form);
    check_pop(c, mark);
}

void check_notice_forms(struct co_check *c, const Callout__V1__NoticeRule *r)
{
    const struct {
        const char *name;
        const Callout__V1__Text *text;
        void (*check)(struct co_check *c, const char *text);
    } forms[] = { { "html", r->html, check_html },
                  { "markdown", r->markdown, NULL },
                  { "brief", r->brief, check_brief } };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        const Callout__V1__Text *text = forms[i].text;
        if (text == NULL || r->body == NULL)
            continue;
        size_t mark = check_push(c, forms[i].name);
        check_language(c, "zh", r->body->zh, text->zh, forms[i].check);
        check_language(c, "en", r->body->en, text->en, forms[i].check);
        check_pop(c, mark);
        check_templates(c, forms[i].name, r->on, text);
    }
}
