/* notify_forms.h - the forms in which a notice is written down when it is planned: subject and
 * body, and what a rule has beside them, for channels that can show more, or less.
 *
 * Pure. All are written at once, in the reader's languages: whichever channel the notice goes by,
 * now or later, says the same at every attempt.
 */
#pragma once

#include "notify_tell.h"
#include "notify_text.h"

enum notify_form {
    NOTIFY_FORM_SUBJECT,
    NOTIFY_FORM_BODY,
    NOTIFY_FORM_HTML,     /* the body, for mail */
    NOTIFY_FORM_MARKDOWN, /* all of the message, for robots */
    NOTIFY_FORM_BRIEF,    /* one line, for text messages and pagers */
    NOTIFY_FORMS
};

/* "" where there is none in that form. */
struct notify_templates {
    const char *text[NOTIFY_FORMS][NOTIFY_LANGUAGES];
};

struct notify_templates notify_templates_of_rule(const Callout__V1__NoticeRule *rule);
struct notify_templates notify_templates_of_house(enum notify_house which); /* subject and body */

/* Writes the forms of the notice, NULL where there is none. How it is answered stands behind each
 * that does not say where. HTML that would be too long is left out: cut anywhere it may be
 * anything. */
void notify_forms_write(struct notify_case *c, const struct notify_occasion *o,
                        const struct notify_templates *t, const Callout__V1__Person *person,
                        struct notify_notice *n);
