/* Rules of notices and the templates in them. */
#include <stdio.h>
#include <string.h>

#include "co_check.h"

static const char *const fields[] = {
    "number",    "title",     "severity",  "severity_name", "customer", "site",
    "milestone", "due",       "late",      "engineer",      "office",   "km",
    "zone",      "accept_by", "arrive_by", "from",          "to",       "reason",
    "remaining", "told",      "was",       "step",          "what",     "announced_late",
};
#define FIELDS (sizeof(fields) / sizeof(fields[0]))

const char *const *co_notice_fields(size_t *ret_count)
{
    *ret_count = FIELDS;
    return fields;
}

/* "{number}" is a field, "{{" and "}}" are braces. */
static void check_template(struct co_check *c, const char *language, const char *text)
{
    size_t mark = check_push(c, language);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p != '{' && *p != '}')
            continue;
        if (p[1] == *p) {
            p++;
            continue;
        }
        const char *end = *p == '{' ? strpbrk(p + 1, "{}") : NULL;
        if (end == NULL || *end != '}') {
            check_say(c, "", "{field}; {{ and }} for braces themselves", "a brace stands alone");
            break;
        }
        char name[64];
        snprintf(name, sizeof(name), "%.*s", (int)(end - p - 1), p + 1);
        check_word(c, "", name, fields, FIELDS);
        p = end;
    }
    check_pop(c, mark);
}

static void check_words(struct co_check *c, const char *field, const Callout__V1__Text *text)
{
    check_text(c, field, text);
    if (text == NULL)
        return;
    size_t mark = check_push(c, field);
    check_template(c, "zh", text->zh);
    check_template(c, "en", text->en);
    check_pop(c, mark);
}

void check_notices(struct co_check *c, const Callout__V1__PolicyPack *x)
{
    const char *names[256];
    size_t n = 0;
    for (; n < x->n_milestones && n < 256; n++)
        names[n] = x->milestones[n]->name;
    for (size_t i = 0; i < x->n_notices; i++) {
        const Callout__V1__NoticeRule *r = x->notices[i];
        size_t mark = check_push_index(c, "notices", i);
        check_enum(c, "on", &callout__v1__notice_on__descriptor, (int)r->on);
        if (r->milestone[0] != '\0')
            check_word(c, "milestone", r->milestone, names, n);
        if (r->n_roles == 0)
            check_say(c, "roles", "", "at least one is needed");
        check_roles(c, "roles", r->roles, r->n_roles);
        check_severities(c, "severities", x, r->severities, r->n_severities);
        check_words(c, "subject", r->subject);
        check_words(c, "body", r->body);
        check_pop(c, mark);
    }
}
