#include "co_sms_form.h"

#include <stdbool.h>
#include <string.h>

#include "co_buf.h"

enum { TEXT_BYTES = 16 * 1024 };

const char co_sms_form_usual[] = "{\"phone\": \"{phone}\", \"template\": \"{template}\", \"key\": "
                                 "\"{key}\", \"params\": {\"number\": \"{number}\", \"subject\": "
                                 "\"{subject}\"}}";

static const char *value_of(const struct co_sms_fields *f, const char *name, size_t len)
{
    const struct {
        const char *name, *value;
    } rows[] = { { "phone", f->phone },   { "template", f->template_id },
                 { "number", f->number }, { "subject", f->subject },
                 { "text", f->body },     { "key", f->key } };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strlen(rows[i].name) == len && memcmp(rows[i].name, name, len) == 0)
            return rows[i].value;
    return NULL;
}

/* False: a field that there is not. */
static bool fill_text(const char *text, const struct co_sms_fields *f, struct co_buf *to)
{
    while (*text != '\0') {
        size_t plain = strcspn(text, "{");
        (void)co_buf_append(to, text, plain);
        text += plain;
        if (*text == '\0')
            break;
        size_t len = strcspn(text + 1, "}");
        const char *value = text[1 + len] == '}' ? value_of(f, text + 1, len) : NULL;
        if (value == NULL)
            return false;
        (void)co_buf_append_text(to, value);
        text += len + 2;
    }
    return to->err == CO_OK;
}

static json_t *fill(const json_t *form, const struct co_sms_fields *f);

static json_t *fill_string(const json_t *form, const struct co_sms_fields *f)
{
    struct co_buf text;
    co_buf_init(&text, TEXT_BYTES);
    json_t *filled =
        fill_text(json_string_value(form), f, &text) ? json_string(co_buf_text(&text)) : NULL;
    co_buf_done(&text);
    return filled;
}

static json_t *fill_array(const json_t *form, const struct co_sms_fields *f)
{
    json_t *filled = json_array();
    for (size_t i = 0; filled != NULL && i < json_array_size(form); i++)
        if (json_array_append_new(filled, fill(json_array_get(form, i), f)) != 0) {
            json_decref(filled);
            return NULL;
        }
    return filled;
}

static json_t *fill_object(const json_t *form, const struct co_sms_fields *f)
{
    json_t *filled = json_object();
    json_t *unread = (json_t *)(uintptr_t)form; /* jansson's iterators take no const */
    for (void *i = json_object_iter(unread); filled != NULL && i != NULL;
         i = json_object_iter_next(unread, i))
        if (json_object_set_new(filled, json_object_iter_key(i),
                                fill(json_object_iter_value(i), f)) != 0) {
            json_decref(filled);
            return NULL;
        }
    return filled;
}

static json_t *fill(const json_t *form, const struct co_sms_fields *f)
{
    if (json_is_string(form))
        return fill_string(form, f);
    if (json_is_array(form))
        return fill_array(form, f);
    return json_is_object(form) ? fill_object(form, f) : json_deep_copy(form);
}

json_t *co_sms_form_fill(const char *form, const struct co_sms_fields *fields)
{
    json_error_t error;
    json_t *read = json_loads(form, JSON_REJECT_DUPLICATES, &error);
    json_t *filled = json_is_object(read) ? fill(read, fields) : NULL;
    json_decref(read);
    return filled;
}
