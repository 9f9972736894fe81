/* co_sms_form.h - what is posted to an SMS gateway. Pure but for jansson's memory. */
#pragma once

#include <jansson.h>

/* What {fields} of a form stand for. */
struct co_sms_fields {
    const char *phone, *template_id, *number, *subject, *body, *key;
};

/* What is posted where a channel has no form of its own. */
extern const char co_sms_form_usual[];

/* The form, JSON, with {phone} {template} {number} {subject} {text} {key} in its texts filled in.
 * NULL: it is no JSON object, a text has a field that there is not, or out of memory. */
json_t *co_sms_form_fill(const char *form, const struct co_sms_fields *fields);
