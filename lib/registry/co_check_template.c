/* Templates of notices: the fields that there are, and when each can be known. */
#include <stdio.h>
#include <string.h>

#include "co_buf.h"
#include "co_check.h"

#define ON(name) (UINT32_C(1) << CALLOUT__V1__NOTICE_ON__NOTICE_ON_##name)
#define ALWAYS UINT32_MAX
/* what is about a milestone */
#define MILESTONE                                                                                  \
    (ON(PROMISED) | ON(WARNED) | ON(BREACHED) | ON(PROPOSED) | ON(TOLD) | ON(ESCALATED) |          \
     ON(AT_RISK) | ON(WITHDRAWN) | ON(UNANSWERED))
/* what has a time by which something is to be done */
#define DUE (MILESTONE | ON(OFFERED) | ON(ASSIGNED) | ON(NOBODY_LEFT) | ON(DRAFTED))
/* what is told of a case that runs */
#define RUNNING (ALWAYS & ~(ON(OPENED) | ON(HELD)))

/* `on`: what the notice may be on for the field to be known; where it cannot be, it would show as
 * "?" for ever. */
static const struct {
    const char *name;
    uint32_t on;
} rows[] = {
    { "number", ALWAYS },
    { "title", ALWAYS },
    { "severity", ALWAYS },
    { "severity_name", ALWAYS },
    { "customer", ALWAYS },
    { "site", ALWAYS },
    { "office", ALWAYS },
    { "km", ALWAYS },
    { "announced_late", ALWAYS },
    { "answer", ALWAYS },
    { "milestone", MILESTONE | ON(NOT_SERVED) },
    { "due", DUE },
    { "due_in", DUE },
    { "remaining", DUE },
    { "late", DUE },
    { "engineer", RUNNING },
    { "arrive_by", RUNNING },
    { "arrive_in", RUNNING },
    { "zone", ON(PROMISED) | ON(NOT_SERVED) },
    { "accept_by", ON(OFFERED) },
    { "accept_in", ON(OFFERED) },
    { "from", ON(SEVERITY_CHANGED) },
    { "to", ON(SEVERITY_CHANGED) },
    { "reason",
      ON(HELD) | ON(SEVERITY_CHANGED) | ON(NOBODY_LEFT) | ON(AT_RISK) | ON(NOBODY_TO_BOOK) },
    { "told", ON(WITHDRAWN) | ON(UNANSWERED) },
    { "was", ON(PROMISED) | ON(WITHDRAWN) },
    { "step", ON(ESCALATED) | ON(UNANSWERED) | ON(REMINDED) },
    { "duty", ON(STEP_OPENED) | ON(STEP_HANDED_OVER) | ON(STEP_DONE) },
    { "document", ON(STEP_HANDED_OVER) | ON(STEP_DONE) },
    { "what", MILESTONE | ON(NOT_SERVED) | ON(NOBODY_LEFT) | ON(ACT) | ON(CONSENT) },
    { "by", ON(ACT) | ON(REMINDED) | ON(CONSENT) },
    { "left", ON(LOT_LOW) },
    { "missing", ON(LOT_LOW) },
    { "systems", ON(CONSENT) },
    { "persons", ON(CONSENT) },
    { "valid_from", ON(CONSENT) | ON(BOOKED) },
    { "valid_until", ON(CONSENT) | ON(BOOKED) },
    { "slot", ON(BOOKED) | ON(NOBODY_TO_BOOK) },
    { "booked", ON(BOOKED) | ON(NOBODY_TO_BOOK) },
    { "fix_plan", ALWAYS & ~ON(HELD) },
    { "workaround", ALWAYS & ~ON(HELD) },
    { "references", ALWAYS & ~ON(HELD) },
    { "concerned", ALWAYS & ~ON(HELD) },
};
#define FIELDS (sizeof(rows) / sizeof(rows[0]))

const char *co_notice_field(size_t i)
{
    return i < FIELDS ? rows[i].name : NULL;
}

/* "on: opened, on: held" */
static void add_occasions(struct co_buf *b, uint32_t on)
{
    const ProtobufCEnumDescriptor *d = &callout__v1__notice_on__descriptor;
    char name[CO_CHECK_ENUM_NAME];
    for (unsigned i = 0; i < d->n_values; i++) {
        int value = d->values[i].value;
        if (value == 0 || (on >> value & 1) == 0)
            continue;
        check_enum_name(d, value, name);
        co_buf_printf(b, "%son: %s", b->len == 0 ? "" : ", ", name);
    }
}

static void check_is_known(struct co_check *c, size_t row, Callout__V1__NoticeOn on)
{
    char name[CO_CHECK_ENUM_NAME];
    struct co_buf allowed;
    /* That `on` is missing, or a number without a name, is said of `on`. */
    bool is_told =
        on == CALLOUT__V1__NOTICE_ON__NOTICE_ON_NONE ||
        protobuf_c_enum_descriptor_get_value(&callout__v1__notice_on__descriptor, (int)on) == NULL;
    if (is_told || (rows[row].on >> (unsigned)on & 1) != 0)
        return;
    co_buf_init(&allowed, 4096);
    add_occasions(&allowed, rows[row].on);
    check_enum_name(&callout__v1__notice_on__descriptor, (int)on, name);
    check_say(c, "", co_buf_text(&allowed), "{%s} is never known with \"on: %s\"", rows[row].name,
              name);
    co_buf_done(&allowed);
}

static void check_field(struct co_check *c, Callout__V1__NoticeOn on, const char *name)
{
    const char *names[FIELDS];
    for (size_t i = 0; i < FIELDS; i++)
        names[i] = rows[i].name;
    if (!check_word(c, "", name, names, FIELDS))
        return;
    for (size_t i = 0; i < FIELDS; i++)
        if (strcmp(rows[i].name, name) == 0)
            check_is_known(c, i, on);
}

/* "{number}" is a field, "{{" and "}}" are braces. */
static void check_template(struct co_check *c, Callout__V1__NoticeOn on, const char *language,
                           const char *text)
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
        check_field(c, on, name);
        p = end;
    }
    check_pop(c, mark);
}

void check_templates(struct co_check *c, const char *field, Callout__V1__NoticeOn on,
                     const Callout__V1__Text *text)
{
    if (text == NULL)
        return;
    size_t mark = check_push(c, field);
    check_template(c, on, "zh", text->zh);
    check_template(c, on, "en", text->en);
    check_pop(c, mark);
}
